"""One revision of a git repository, read object by object: nothing is checked out, no hook runs."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from inventory.text import Text
from scanner.evidence import MAX_BYTES, printable

TIMEOUT_S = 60
MOST_FILES = 500_000
MOST_BYTES = 256 * 1024 * 1024
"""So much of the old state is read in all; a change of more is judged in parts."""

_HARMLESS = (
    "-c",
    "core.fsmonitor=false",
    "-c",
    "protocol.allow=never",
    "--no-pager",
    "--no-replace-objects",
)
"""Neither a program of the repository's settings nor the network is needed to read objects."""
_OF_ANOTHER_PLACE = frozenset(
    {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_NAMESPACE", "GIT_COMMON_DIR"}
)
_NAME = re.compile(r"(?!-)[^\x00-\x1f\x7f]+")
_FILE = ("100644", "100755")


class NoRevision(LookupError):
    """The revision cannot be read. `reason` says why and what to do."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason


@dataclass(frozen=True)
class Revision:
    """The files of one commit: name in the repository to the id of its content.

    Links and other repositories within are not among them.
    """

    repository: Path
    name: str
    """As it was asked for."""
    commit: str
    files: Mapping[str, str]

    @property
    def shown(self) -> str:
        return f"{self.name} ({self.commit[:12]})"

    def id_of(self, content: bytes) -> str:
        """The id that git gives to this content."""
        digest = hashlib.sha256 if len(self.commit) == 64 else hashlib.sha1
        return digest(b"blob %d\0" % len(content) + content).hexdigest()

    def holds(self, name: str, path: Path) -> bool:
        """The file has the content that the revision has under this name; not read when huge."""
        wanted = self.files.get(name)
        if wanted is None or path.is_symlink():
            return False
        try:
            # a pipe would be waited for without an end
            if not path.is_file() or path.stat().st_size > 8 * MAX_BYTES:
                return False
            content = path.read_bytes()
        except OSError:
            return False
        if self.id_of(content) == wanted:
            return True
        # git may keep lines ended by LF alone where the folder has CR and LF
        return b"\r\n" in content and self.id_of(content.replace(b"\r\n", b"\n")) == wanted

    def contents(self, names: Iterable[str]) -> dict[str, bytes]:
        """The files of these names; one beyond what is judged of a file is cut after that.

        Raises `NoRevision`.
        """
        wanted = [name for name in dict.fromkeys(names) if name in self.files]
        if not wanted:
            return {}
        ids = list(dict.fromkeys(self.files[name] for name in wanted))
        command = [*_git(self.repository), "cat-file", "--batch"]
        try:
            with subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=_environment(),
            ) as process:
                found = dict(zip(ids, _objects(process, ids), strict=True))
        except OSError as error:
            raise NoRevision(_NO_GIT.format(why=error.strerror)) from None
        return {name: found[self.files[name]] for name in wanted}


def revision_of(folder: Path, name: str) -> Revision:
    """The commit of this name in the repository that the folder lies in. Raises `NoRevision`."""
    if not _NAME.fullmatch(name):
        raise NoRevision(_NO_NAME.format(name=printable(name)))
    top = _answer(folder, "rev-parse", "--show-toplevel")
    if top is None:
        raise NoRevision(_NO_REPOSITORY.format(folder=folder))
    repository = Path(os.fsdecode(top.rstrip(b"\n")))
    wanted = f"{name}^{{commit}}"
    commit = _answer(repository, "rev-parse", "--verify", "--quiet", "--end-of-options", wanted)
    if commit is None:
        shallow = _answer(repository, "rev-parse", "--is-shallow-repository")
        partial = shallow is not None and shallow.strip() == b"true"
        raise NoRevision((_SHALLOW if partial else _UNKNOWN).format(name=printable(name)))
    found = commit.decode("ascii", "replace").strip()
    listed = _answer(repository, "ls-tree", "-r", "-z", "--full-tree", found)
    if listed is None:
        raise NoRevision(_INCOMPLETE.format(name=printable(name)))
    files = dict(_entries(listed))
    if len(files) > MOST_FILES:
        raise NoRevision(_TOO_MANY.format(name=printable(name)))
    return Revision(repository, printable(name), found, files)


def _entries(listed: bytes) -> Iterator[tuple[str, str]]:
    for row in listed.split(b"\0"):
        about, _, name = row.partition(b"\t")
        mode, _, rest = about.decode("ascii", "replace").partition(" ")
        if mode in _FILE:
            yield os.fsdecode(name), rest.partition(" ")[2].strip()


def _objects(process: subprocess.Popen[bytes], ids: Iterable[str]) -> Iterator[bytes]:
    """The contents in the order of the ids, asked for one by one so that no pipe fills up."""
    assert process.stdin is not None
    assert process.stdout is not None
    room = MOST_BYTES
    for wanted in ids:
        process.stdin.write(wanted.encode("ascii") + b"\n")
        process.stdin.flush()
        head = process.stdout.readline().split()
        if len(head) != 3 or head[1] != b"blob":
            process.kill()
            raise NoRevision(_INCOMPLETE.format(name=wanted[:12]))
        size = int(head[2])
        kept = min(size, MAX_BYTES + 1)
        room -= kept
        if room < 0:
            process.kill()
            raise NoRevision(_TOO_MUCH)
        content = process.stdout.read(kept)
        left = size - kept + 1  # and the line end after it
        while left > 0 and (skipped := process.stdout.read(min(left, 1 << 20))):
            left -= len(skipped)
        yield content


def _answer(folder: Path, *arguments: str) -> bytes | None:
    """What git says; None where it refuses. Raises `NoRevision` when there is no git."""
    try:
        done = subprocess.run(
            [*_git(folder), *arguments],
            capture_output=True,
            check=False,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            timeout=TIMEOUT_S,
        )
    except subprocess.TimeoutExpired:
        raise NoRevision(_NO_GIT.format(why=f"> {TIMEOUT_S} s")) from None
    except OSError as error:
        raise NoRevision(_NO_GIT.format(why=error.strerror)) from None
    return done.stdout if done.returncode == 0 else None


def _git(folder: Path) -> list[str]:
    return ["git", *_HARMLESS, "-C", str(folder)]


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in _OF_ANOTHER_PLACE}
    return {**kept, "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1"}


_NO_NAME = Text(
    vi="--since: “{name}” không phải là tên phiên bản git; ví dụ đúng: main, HEAD~1, v1.0",
    en="--since: “{name}” is not the name of a git revision; for instance: main, HEAD~1, v1.0",
)
_NO_REPOSITORY = Text(
    vi="--since: {folder} không nằm trong kho git mà chương trình được đọc; hãy chạy trong kho đó "
    "(xem: git -C {folder} status)",
    en="--since: {folder} lies in no git repository that may be read; run in the repository "
    "(see: git -C {folder} status)",
)
_UNKNOWN = Text(
    vi="--since: kho git không có phiên bản “{name}”; hãy kiểm tra tên (git log, git fetch)",
    en="--since: the repository has no revision “{name}”; check the name (git log, git fetch)",
)
_SHALLOW = Text(
    vi="--since: bản sao git này không đầy đủ (shallow) và không có “{name}”; hãy tải thêm: "
    "git fetch --unshallow, hoặc đặt fetch-depth: 0",
    en="--since: this clone is shallow and does not have “{name}”; fetch more: "
    "git fetch --unshallow, or set fetch-depth: 0",
)
_INCOMPLETE = Text(
    vi="--since: thiếu dữ liệu của “{name}” trong kho git; hãy tải đủ rồi chạy lại (git fsck)",
    en="--since: objects of “{name}” are missing in the repository; fetch them (git fsck)",
)
_TOO_MANY = Text(
    vi=f"--since: “{{name}}” có hơn {MOST_FILES} tệp; hãy dùng --baseline",
    en=f"--since: “{{name}}” has more than {MOST_FILES} files; use --baseline",
)
_TOO_MUCH = Text(
    vi=f"--since: thay đổi lớn hơn {MOST_BYTES // 1024 // 1024} MB; hãy xét từng thư mục",
    en=f"--since: more than {MOST_BYTES // 1024 // 1024} MB were changed; judge folder by folder",
)
_NO_GIT = Text(
    vi="--since: không chạy được git ({why}); hãy cài git rồi chạy lại",
    en="--since: git could not be run ({why}); install git and run again",
)
