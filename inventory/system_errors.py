"""What the operating system refused, in both languages."""

from __future__ import annotations

import errno
import os

from inventory.text import Text

_KNOWN = {
    errno.ENOENT: Text(vi="không có tệp hoặc thư mục này", en="no such file or folder"),
    errno.EACCES: Text(vi="không có quyền", en="permission denied"),
    errno.EPERM: Text(vi="không có quyền", en="permission denied"),
    errno.EISDIR: Text(vi="đây là thư mục", en="it is a folder"),
    errno.ENOTDIR: Text(vi="đường dẫn đi qua một tệp", en="the path leads through a file"),
    errno.EROFS: Text(vi="hệ thống tệp chỉ cho đọc", en="the file system is read-only"),
    errno.ENOSPC: Text(vi="đĩa đã đầy", en="the disk is full"),
    errno.ELOOP: Text(vi="liên kết vòng", en="links lead in a circle"),
}


def reason_of(error: OSError) -> Text:
    """Why it was refused, without names of files."""
    known = _KNOWN.get(error.errno or 0)
    if known is not None:
        return known
    words = os.strerror(error.errno or 0)
    return Text(vi=words, en=words)
