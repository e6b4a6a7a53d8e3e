"""The signature that a publisher puts beside a file (`NAME.asc`), checked with GnuPG.

Only keys from the file that the operator names count; GnuPG runs in a home of its own that is gone
afterwards, starts no agent and asks no key server. A signature that cannot be checked is remembered
as such and is never taken for a good one.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from inventory.text import Text
from scanner.feeds.errors import FeedError

Why = Literal["no-keyring", "no-gpg", "no-key", "expired", "unsupported"]
"""Why a signature could not be checked."""

WHY: dict[Why, Text] = {
    "no-keyring": Text(
        vi="chưa nêu tệp khóa công khai (--keyring TỆP)", en="no keys were given (--keyring FILE)"
    ),
    "no-gpg": Text(
        vi="không chạy được gpg; hãy cài bằng: sudo apt-get install gnupg",
        en="gpg cannot be run; install it with: sudo apt-get install gnupg",
    ),
    "no-key": Text(
        vi="tệp khóa không có khóa đã ký", en="the key that signed is not among those given"
    ),
    "expired": Text(vi="chữ ký hoặc khóa đã hết hạn", en="the signature or its key has expired"),
    "unsupported": Text(
        vi="gpg không chấp nhận thuật toán của chữ ký",
        en="gpg does not accept the algorithm of the signature",
    ),
}

LARGEST = 1 << 20
TIMEOUT_S = 120
_OPTIONS = (
    "--no-options", "--batch", "--no-tty", "--no-autostart", "--disable-dirmngr",
    "--no-auto-key-retrieve", "--trust-model", "always", "--weak-digest", "SHA1",
    "--status-fd", "1",
)  # fmt: skip
_NO_PUBLIC_KEY = "9"
"""The reason that ERRSIG gives where the key is not there."""


@dataclass(frozen=True, slots=True)
class Signatures:
    """What became of the signatures in one import; a file without one counts as neither."""

    files: int
    good: int
    unchecked: int
    by: tuple[str, ...] = ()
    """Fingerprints of the keys of the good ones, sorted."""
    why: Why | None = None
    """Why the first of the unchecked ones was not."""

    def dump(self) -> str:
        return json.dumps([self.files, self.good, self.unchecked, self.by, self.why])

    @classmethod
    def load(cls, text: str) -> Signatures:
        """What `dump` wrote. Raises ValueError."""
        try:
            files, good, unchecked, by, why = json.loads(text)
            if why is not None and why not in get_args(Why):
                raise ValueError("no reason")
            return cls(int(files), int(good), int(unchecked), tuple(map(str, by)), why)
        except (TypeError, RecursionError):
            raise ValueError("the stored text tells of no signatures") from None


@dataclass(frozen=True, slots=True)
class Signed:
    """One signature: by whom, or why it was not checked."""

    by: str = ""
    why: Why | None = None


def summed(files: int, found: Iterable[Signed]) -> Signatures | None:
    """Those of one import; None where no file bears a signature."""
    several = tuple(found)
    if not several:
        return None
    by = sorted({one.by for one in several if one.why is None})
    unchecked = [one.why for one in several if one.why is not None]
    first = unchecked[0] if unchecked else None
    return Signatures(files, len(several) - len(unchecked), len(unchecked), tuple(by), first)


class Verifier:
    """Checks what lies beside a file. Use `verifying`."""

    def __init__(self, home: Path | None, why: Why = "no-keyring") -> None:
        self._home = home
        self._why = why

    def check(self, path: Path) -> Signed | None:
        """None where no signature lies beside the file. Raises FeedError where one is bad."""
        beside = path.with_name(f"{path.name}.asc")
        if not beside.is_file():
            return None
        if self._home is None:
            return Signed(why=self._why)
        if beside.stat().st_size > LARGEST:
            raise FeedError(_BAD.format(file=path, beside=beside.name))
        told = _gpg(self._home, "--verify", "--", str(beside.absolute()), str(path.absolute()))
        if told is None:
            return Signed(why="no-gpg")
        found = _judged(told)
        if found is None:
            raise FeedError(_BAD.format(file=path, beside=beside.name))
        return found


UNVERIFIED = Verifier(None)
"""Has no keys."""


@contextmanager
def verifying(keyring: Path | None) -> Iterator[Verifier]:
    """With the public keys in a file, armoured or not. Raises FeedError where it holds none."""
    if keyring is None:
        yield UNVERIFIED
        return
    if not keyring.is_file():
        raise FeedError(_NO_FILE.format(file=keyring))
    if shutil.which("gpg") is None:
        yield Verifier(None, "no-gpg")
        return
    with tempfile.TemporaryDirectory(prefix="hnth-gpg-", ignore_cleanup_errors=True) as home:
        told = _gpg(Path(home), "--import", "--", str(keyring.absolute()))
        if told is not None and not any(line[0] == "IMPORT_OK" for line in told):
            raise FeedError(_NO_KEYS.format(file=keyring))
        yield Verifier(None, "no-gpg") if told is None else Verifier(Path(home))


def _gpg(home: Path, *arguments: str) -> tuple[tuple[str, ...], ...] | None:
    """Its status lines, as words; None where it could not be run to its end."""
    environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "HOME": str(home)}
    try:
        done = subprocess.run(
            ("gpg", "--homedir", str(home), *_OPTIONS, *arguments),
            env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=TIMEOUT_S,
            check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return None
    lines = (line.split() for line in done.stdout.decode("utf-8", "replace").splitlines())
    return tuple(tuple(line[1:]) for line in lines if line[:1] == ["[GNUPG:]"] and line[1:])


def _judged(told: Iterable[tuple[str, ...]]) -> Signed | None:
    """None where a signature is wrong, its key was revoked, or there is no signature at all."""
    lines: dict[str, tuple[str, ...]] = {}
    for name, *rest in told:
        lines.setdefault(name, tuple(rest))
    if {"BADSIG", "REVKEYSIG", "UNEXPECTED"} & set(lines):
        return None
    if "GOODSIG" in lines and lines.get("VALIDSIG"):
        valid = lines["VALIDSIG"]
        return Signed(valid[9] if len(valid) > 9 else valid[0])  # the primary key's, where told
    if {"EXPSIG", "EXPKEYSIG"} & set(lines):
        return Signed(why="expired")
    if "ERRSIG" in lines:
        no_key = "NO_PUBKEY" in lines or lines["ERRSIG"][5:6] == (_NO_PUBLIC_KEY,)
        return Signed(why="no-key" if no_key else "unsupported")
    return None


_BAD = Text(
    vi="{file}: chữ ký {beside} bên cạnh không đúng với tệp này; không nhập. Hãy tải lại cả hai "
    "tệp từ nơi phát hành",
    en="{file}: the signature {beside} beside it is not good for it, and it was not taken; fetch "
    "both files again from the publisher",
)
_NO_FILE = Text(
    vi="{file}: không có tệp khóa này; hãy nêu tệp khóa công khai của nơi phát hành bằng --keyring",
    en="{file}: there is no such file of keys; name the public keys of the publishers by --keyring",
)
_NO_KEYS = Text(
    vi="{file}: không có khóa công khai OpenPGP nào; hãy lấy khóa từ nơi phát hành, hoặc xuất "
    "bằng: gpg --armor --export",
    en="{file}: it holds no public OpenPGP key; get the publisher's key, or write it with: "
    "gpg --armor --export",
)
