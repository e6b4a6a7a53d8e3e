"""What can go wrong with the database, in words that a person can act on."""

from __future__ import annotations

import os

from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from inventory.text import Text


class StoreError(Exception):
    """The database could not do what was asked. `text` says what was tried and what to do."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


class NoSuchRun(StoreError):
    """A run was named that the database does not hold."""


# Primary result codes of SQLite (https://www.sqlite.org/rescode.html).
_BUSY, _LOCKED, _READONLY, _IOERR, _CORRUPT, _FULL, _CANTOPEN, _NOTADB = 5, 6, 8, 10, 11, 13, 14, 26

_BY_CODE: dict[int, Text] = {
    _FULL: Text(
        vi="Không ghi được vào cơ sở dữ liệu {where}: đĩa đã đầy. Những thiết bị đã ghi xong vẫn "
        "còn nguyên; hãy giải phóng dung lượng rồi chạy tiếp với --resume.",
        en="Cannot write to the database {where}: the disk is full. Devices saved so far are kept; "
        "free some space and continue with --resume.",
    ),
    _IOERR: Text(
        vi="Không đọc hoặc ghi được cơ sở dữ liệu {where}: lỗi vào/ra hoặc vượt giới hạn dung "
        "lượng. Hãy kiểm tra ổ đĩa và giới hạn kích thước tệp (ulimit -f) rồi chạy tiếp với "
        "--resume.",
        en="Cannot read or write the database {where}: input/output error or a size limit. Check "
        "the disk and the file size limit (ulimit -f), then continue with --resume.",
    ),
    _READONLY: Text(
        vi="Cơ sở dữ liệu {where} chỉ cho đọc. Hãy cấp quyền ghi cho tệp và thư mục chứa nó, hoặc "
        "chép tệp sang nơi ghi được và chỉ tới đó bằng --database.",
        en="The database {where} is read-only. Grant write permission on the file and its folder, "
        "or copy it to a place that can be written and name that with --database.",
    ),
    _CANTOPEN: Text(
        vi="Không mở được cơ sở dữ liệu {where}: thư mục không tồn tại hoặc không có quyền. Hãy "
        "tạo thư mục hoặc chọn tệp khác bằng --database.",
        en="Cannot open the database {where}: its folder does not exist or may not be used. Create "
        "the folder or choose another file with --database.",
    ),
    _NOTADB: Text(
        vi="Tệp {where} không phải là cơ sở dữ liệu của hnth và được giữ nguyên. Hãy chọn tệp khác "
        "bằng --database.",
        en="The file {where} is not a database of hnth; it was left as it is. Choose another file "
        "with --database.",
    ),
    _CORRUPT: Text(
        vi="Cơ sở dữ liệu {where} bị hỏng. Hãy khôi phục từ bản sao lưu hoặc chọn tệp mới bằng "
        "--database.",
        en="The database {where} is damaged. Restore it from a backup or choose a new file with "
        "--database.",
    ),
    _BUSY: Text(
        vi="Cơ sở dữ liệu {where} đang bị một chương trình khác giữ. Hãy đợi chương trình đó xong "
        "rồi thử lại.",
        en="The database {where} is held by another program. Wait until it has finished and try "
        "again.",
    ),
}
_BY_CODE[_LOCKED] = _BY_CODE[_BUSY]

_OTHER = Text(
    vi="Cơ sở dữ liệu {where} từ chối thao tác ({kind}). Hãy kiểm tra địa chỉ --database và quyền "
    "truy nhập.",
    en="The database {where} refused the operation ({kind}). Check the --database address and the "
    "permissions.",
)


def shown(url: URL) -> str:
    """The database as a person names it: the file, or the URL without its password."""
    if url.get_backend_name() == "sqlite" and url.database:
        return url.database
    return url.render_as_string(hide_password=True)


def explain(error: DBAPIError, url: URL) -> StoreError:
    """The error as something to act on; the statement and its values are left out."""
    code = getattr(error.orig, "sqlite_errorcode", None)
    primary = code & 0xFF if isinstance(code, int) else None
    if primary == _CANTOPEN and url.database and os.path.exists(url.database):
        # The file is there; its write-ahead log cannot be made beside it.
        primary = _READONLY
    if primary in _BY_CODE:
        return StoreError(_BY_CODE[primary].format(where=shown(url)))
    kind = getattr(error.orig, "sqlite_errorname", None) or type(error.orig).__name__
    return StoreError(_OTHER.format(where=shown(url), kind=kind))
