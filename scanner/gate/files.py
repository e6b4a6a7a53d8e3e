"""Which files there are: named ones and those in folders, sorted, none outside the root.

Nothing is opened here. A file that is left out is listed with its reason.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from inventory.text import Text
from scanner.gate.model import FileStatus
from scanner.gate.names import is_plainly_something_else, looks_like_a_configuration
from scanner.saved_files import shown


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file to be read. `file` is its name as shown."""

    path: Path
    file: str
    named: bool
    inside: str
    """Relative to the root, with slashes: what mappings are compared with."""


@dataclass(frozen=True, slots=True)
class Found:
    """Both sorted by name; no file twice."""

    candidates: tuple[Candidate, ...]
    left_out: tuple[FileStatus, ...]


def repository_of(folder: Path) -> Path | None:
    """The top of the git repository that the folder lies in."""
    for parent in (folder, *folder.parents):
        if (parent / ".git").exists():
            return parent
    return None


class Walk:
    """Collects the files below some paths; lives for one run of the gate."""

    def __init__(self, root: Path | None, shown_from: Path, own: Iterable[Path] = ()) -> None:
        """`own` are left out wherever they lie, even where they are named."""
        self._root = root.resolve() if root is not None else None
        self._shown_from = shown_from
        self._own = frozenset(Path(os.path.realpath(path)) for path in own)
        self._found: dict[Path, Candidate] = {}
        self._left_out: dict[str, FileStatus] = {}

    def files(self, paths: Iterable[Path]) -> Found:
        """Every file that is named, or lies in a folder that is named."""
        for path in paths:
            self._take(path)
        return Found(
            tuple(sorted(self._found.values(), key=lambda c: c.file)),
            tuple(sorted(self._left_out.values(), key=lambda s: s.file)),
        )

    def is_own(self, real: Path) -> bool:
        """The program itself reads or writes this file. No link may be in its name."""
        return real in self._own

    def name(self, path: Path) -> str:
        """The file as it is shown: relative to the folder that the user stands in, if below."""
        absolute = Path(os.path.abspath(path))
        if absolute.is_relative_to(self._shown_from):
            absolute = absolute.relative_to(self._shown_from)
        return shown(absolute)

    def _take(self, path: Path) -> None:
        try:
            real = path.resolve(strict=True)
            is_folder = stat.S_ISDIR(real.stat().st_mode)
        except (OSError, RuntimeError, ValueError) as error:
            self._leave(path, _unreachable(error), named=True)
            return
        if self._root is not None and not real.is_relative_to(self._root):
            self._leave(path, _OUTSIDE.format(root=shown(self._root)), named=True)
        elif is_folder:
            for file in self._below(path, self._root or real, frozenset({real})):
                self._add(file, self._root or real, named=False)
        else:
            self._add(path, self._root or real.parent, named=True)

    def _below(self, folder: Path, root: Path, seen: frozenset[Path]) -> Iterator[Path]:
        """Files in the folder and the folders in it. Links are followed, but not round and round,
        and not out of the root.
        """
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError as error:
            self._leave(folder, _unreachable(error), matters=True)
            return
        for entry in entries:
            if entry.name.startswith("."):
                continue
            path = Path(entry.path)
            if not entry.is_symlink():
                if entry.is_dir(follow_symlinks=False):
                    yield from self._below(path, root, seen | {path.resolve()})
                else:
                    yield path
                continue
            target = self._behind_link(path, root)
            if target is None:
                continue
            if not target.is_dir():
                yield path
            elif target in seen:
                self._leave(path, _LOOP)
            else:
                yield from self._below(path, root, seen | {target})

    def _behind_link(self, path: Path, root: Path) -> Path | None:
        try:
            target = path.resolve(strict=True)
        except (OSError, RuntimeError) as error:
            self._leave(path, _unreachable(error), matters=looks_like_a_configuration(path))
            return None
        if not target.is_relative_to(root):
            why = _LEADS_OUT.format(root=shown(root))
            self._leave(path, why, matters=not is_plainly_something_else(path))
            return None
        return target

    def _add(self, path: Path, root: Path, *, named: bool) -> None:
        real = path.resolve()
        earlier = self._found.get(real)
        if earlier is not None and (earlier.named or not named):
            return
        why = _OURS if self.is_own(real) else None
        if not named and is_plainly_something_else(path):
            why = why or _NO_CONFIGURATION
        if why is not None:
            name = self.name(path)
            self._left_out[name] = FileStatus(name, "not a configuration", why)
            return
        absolute = Path(os.path.abspath(path))
        inside = absolute.relative_to(root) if absolute.is_relative_to(root) else real
        self._left_out.pop(self.name(path), None)
        self._found[real] = Candidate(path, self.name(path), named, inside.as_posix())

    def _leave(self, path: Path, why: Text, *, named: bool = False, matters: bool = False) -> None:
        name = self.name(path)
        self._left_out[name] = FileStatus(
            name, "not taken", why, named=named, matters=named or matters
        )


def _unreachable(error: Exception) -> Text:
    if isinstance(error, FileNotFoundError):
        return _MISSING
    why = getattr(error, "strerror", None) or "symbolic link"
    return Text(
        vi=f"không đọc được ({why}); hãy kiểm tra quyền và liên kết của tệp",
        en=f"cannot be read ({why}); check its permissions and links",
    )


_MISSING = Text(
    vi="không có tệp hoặc thư mục này; hãy kiểm tra lại đường dẫn",
    en="there is no such file or folder; check the path",
)
_OUTSIDE = Text(
    vi="nằm ngoài {root}; không đọc. Hãy chạy trong thư mục của tệp, hoặc nêu --root",
    en="lies outside {root} and is not read; run in the folder of the file, or name --root",
)
_LEADS_OUT = Text(
    vi="liên kết dẫn ra ngoài {root}; không đọc",
    en="is a link that leads out of {root}; not read",
)
_LOOP = Text(
    vi="liên kết quay lại thư mục đang xét; không đọc lại",
    en="is a link back to a folder that is being read; not read again",
)
_OURS = Text(
    vi="là tệp kết quả, tệp chấp nhận tạm thời hoặc tệp thiết lập của lần chạy này",
    en="is a result, the baseline or the settings of this very run",
)
_NO_CONFIGURATION = Text(
    vi="theo tên tệp thì không phải là cấu hình thiết bị",
    en="by its name it is no configuration of a device",
)
