"""What lies beside a feed is checked: digests always, signatures with the keys that were named."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scanner.feeds import signatures as module
from scanner.feeds.errors import FeedError
from scanner.feeds.names import FeedNames
from scanner.feeds.signatures import Signatures, verifying
from scanner.feeds.storage import FeedStore, Import
from scanner.products import families
from tests.scanner.feeds.feed_documents import as_bytes, csaf, kev

NAMES = FeedNames(families())
NOW = datetime(2026, 11, 24, tzinfo=UTC)
needs_gpg = pytest.mark.skipif(shutil.which("gpg") is None, reason="GnuPG is not installed")


class Publisher:
    """Signs with a key of its own, in a home that goes with the test."""

    def __init__(self, home: Path) -> None:
        self.home = home
        home.mkdir(mode=0o700)

    def gpg(self, *arguments: str) -> bytes:
        command = ("gpg", "--homedir", str(self.home), "--batch", "--yes", *arguments)
        return subprocess.run(command, capture_output=True, check=True).stdout

    def make(self, name: str, expires: str = "never") -> str:
        """Fingerprint of a new key without a passphrase."""
        self.gpg("--passphrase", "", "--quick-generate-key", name, "ed25519", "sign", expires)
        listed = self.gpg("--with-colons", "--list-keys", name).decode().splitlines()
        return next(line.split(":")[9] for line in listed if line.startswith("fpr:"))

    def sign(self, path: Path, name: str, *how: str) -> Path:
        beside = path.with_name(f"{path.name}.asc")
        made = how or ("--detach-sign",)
        self.gpg("--local-user", name, "--armor", "--output", str(beside), *made, str(path))
        return beside

    def keys(self, path: Path, *names: str) -> Path:
        path.write_bytes(self.gpg("--armor", "--export", *names))
        return path


@pytest.fixture(scope="module")
def publisher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Publisher]:
    found = Publisher(tmp_path_factory.mktemp("p") / "h")
    for name in ("maker", "stranger"):
        found.make(f"{name}@example.org")
    yield found
    environment = {**os.environ, "GNUPGHOME": str(found.home)}
    subprocess.run(("gpgconf", "--kill", "all"), env=environment, check=False)


def advisory(folder: Path, name: str = "poly-1.json") -> Path:
    path = folder / name
    path.write_bytes(as_bytes(csaf([], {})))
    return path


def take(path: Path, keyring: Path | None = None) -> Signatures | None:
    with (
        verifying(keyring) as verifier,
        FeedStore.open(path.parent / "hnth-feeds.db", create=True) as store,
    ):
        (taken,) = store.take(path, NAMES, "tester", NOW, force=True, verifier=verifier)
        (state,) = store.states()
    assert state.newest.signatures == taken.signatures
    return taken.signatures


DIGESTS: dict[str, Callable[[bytes], str]] = {
    "alone": lambda c: hashlib.sha512(c).hexdigest(),
    "with the name": lambda c: f"{hashlib.sha512(c).hexdigest()}  poly-1.json\n",
    "of a binary file, in capitals": lambda c: f"{hashlib.sha512(c).hexdigest().upper()} *poly-1",
    "in BSD's form": lambda c: f"SHA512 (poly-1.json) = {hashlib.sha512(c).hexdigest()}\n",
}
NO_DIGESTS = {
    "of another file": hashlib.sha512(b"other").hexdigest(),
    "too short": hashlib.sha256(b"").hexdigest(),
    "none": "",
    "not in the first line": "\n\nno\n" + "0" * 128,
}


@pytest.mark.parametrize("written", DIGESTS.values(), ids=DIGESTS.keys())
def test_a_long_digest_beside_a_file_may_be_written_in_several_ways(
    tmp_path: Path, written: Callable[[bytes], str]
) -> None:
    path = advisory(tmp_path)
    path.with_name("poly-1.json.sha512").write_text(written(path.read_bytes()))
    assert take(path) is None


@pytest.mark.parametrize("wrong", NO_DIGESTS.values(), ids=NO_DIGESTS.keys())
def test_a_wrong_long_digest_refuses_the_file_although_the_short_one_is_right(
    tmp_path: Path, wrong: str
) -> None:
    path = advisory(tmp_path)
    path.with_name("poly-1.json.sha256").write_text(hashlib.sha256(path.read_bytes()).hexdigest())
    path.with_name("poly-1.json.sha512").write_text(wrong)
    with pytest.raises(FeedError, match=r"SHA-512 is not the one in poly-1\.json\.sha512"):
        take(path)
    assert not _anything_stored(tmp_path)


def _anything_stored(folder: Path) -> bool:
    with FeedStore.open(folder / "hnth-feeds.db") as store:
        return bool(store.states())


def test_a_file_of_a_folder_is_held_to_its_digest_too(tmp_path: Path) -> None:
    folder = tmp_path / "csaf"
    folder.mkdir()
    advisory(folder).with_name("poly-1.json.sha512").write_text("0" * 128)
    with pytest.raises(FeedError, match="SHA-512"):
        take(folder)


@needs_gpg
def test_a_good_signature_names_its_key(tmp_path: Path, publisher: Publisher) -> None:
    path = advisory(tmp_path)
    publisher.sign(path, "maker@example.org")
    keys = publisher.keys(tmp_path / "keys.asc")
    listed = publisher.gpg("--with-colons", "--list-keys", "maker@example.org").decode()
    by = next(line.split(":")[9] for line in listed.splitlines() if line.startswith("fpr:"))
    assert take(path, keys) == Signatures(1, 1, 0, (by,))


@needs_gpg
def test_keys_need_no_armour(tmp_path: Path, publisher: Publisher) -> None:
    path = advisory(tmp_path)
    publisher.sign(path, "maker@example.org")
    (tmp_path / "keys.gpg").write_bytes(publisher.gpg("--export"))
    taken = take(path, tmp_path / "keys.gpg")
    assert taken is not None
    assert taken.good == 1


@needs_gpg
def test_a_signature_that_is_not_the_files_refuses_it(tmp_path: Path, publisher: Publisher) -> None:
    path = advisory(tmp_path)
    beside = publisher.sign(path, "maker@example.org")
    keys = publisher.keys(tmp_path / "keys.asc")
    path.write_bytes(path.read_bytes() + b"\n")
    with pytest.raises(FeedError, match="not good for it"):
        take(path, keys)
    for wrong in ("", "no signature", keys.read_text(), "x" * (module.LARGEST + 1)):
        beside.write_text(wrong)
        with pytest.raises(FeedError, match="not good for it"):
            take(path, keys)
    assert not _anything_stored(tmp_path)


@needs_gpg
@pytest.mark.parametrize("how", ["--sign", "--clear-sign"])
def test_a_whole_signed_message_is_no_signature_of_the_file_beside_it(
    tmp_path: Path, publisher: Publisher, how: str
) -> None:
    path = advisory(tmp_path)
    publisher.sign(path, "maker@example.org", how)
    path.write_bytes(as_bytes(csaf([], {}, "CVE-2026-6666")))
    with pytest.raises(FeedError, match="not good for it"):
        take(path, publisher.keys(tmp_path / "keys.asc"))


@needs_gpg
def test_one_bad_signature_among_several_refuses(tmp_path: Path, publisher: Publisher) -> None:
    path = advisory(tmp_path)
    mine = publisher.gpg(
        "--local-user", "maker@example.org", "--detach-sign", "--output", "-", str(path)
    )
    other = tmp_path / "other"
    other.write_text("something else")
    theirs = publisher.gpg(
        "--local-user", "stranger@example.org", "--detach-sign", "--output", "-", str(other)
    )
    keys = publisher.keys(tmp_path / "keys.asc")
    for both in (mine + theirs, theirs + mine):
        path.with_name("poly-1.json.asc").write_bytes(both)
        with pytest.raises(FeedError, match="not good for it"):
            take(path, keys)


@needs_gpg
def test_the_key_of_somebody_else_checks_nothing(tmp_path: Path, publisher: Publisher) -> None:
    path = advisory(tmp_path)
    publisher.sign(path, "maker@example.org")
    keys = publisher.keys(tmp_path / "keys.asc", "stranger@example.org")
    assert take(path, keys) == Signatures(1, 0, 1, why="no-key")


def test_without_keys_a_signature_is_remembered_as_not_checked(tmp_path: Path) -> None:
    path = advisory(tmp_path)
    path.with_name("poly-1.json.asc").write_text("whatever")
    assert take(path) == Signatures(1, 0, 1, why="no-keyring")


def test_without_gpg_a_signature_is_remembered_as_not_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    path = advisory(tmp_path)
    path.with_name("poly-1.json.asc").write_text("whatever")
    keys = tmp_path / "keys.asc"
    keys.write_text("never opened")
    assert take(path, keys) == Signatures(1, 0, 1, why="no-gpg")


@needs_gpg
def test_a_folder_is_summed_up(tmp_path: Path, publisher: Publisher) -> None:
    folder = tmp_path / "csaf"
    folder.mkdir()
    for number, by in enumerate(("maker@example.org", "stranger@example.org", None)):
        path = advisory(folder, f"poly-{number}.json")
        if by is not None:
            publisher.sign(path, by)
    taken = take(folder, publisher.keys(tmp_path / "keys.asc", "maker@example.org"))
    assert taken is not None
    assert (taken.files, taken.good, taken.unchecked, taken.why) == (3, 1, 1, "no-key")
    assert len(taken.by) == 1


@needs_gpg
@pytest.mark.parametrize("content", ["", "no key at all"])
def test_a_file_without_keys_is_told(tmp_path: Path, content: str) -> None:
    (tmp_path / "keys.asc").write_text(content)
    with (
        pytest.raises(FeedError, match="no public OpenPGP key"),
        verifying(tmp_path / "keys.asc"),
    ):
        pass


def test_keys_that_are_not_there_are_told(tmp_path: Path) -> None:
    with pytest.raises(FeedError, match="--keyring"), verifying(tmp_path / "keys.asc"):
        pass


TOLD = {
    "revoked": ("GOODSIG K me\nREVKEYSIG K me\nVALIDSIG F", None),
    "expired": ("EXPKEYSIG K me\nVALIDSIG F", "expired"),
    "a weak digest": ("ERRSIG K 1 2 00 1 5 -", "unsupported"),
    "no key": ("ERRSIG K 1 8 00 1 9 -", "no-key"),
    "good in words only": ("GOODSIG K me", None),
}


@pytest.mark.parametrize(("told", "why"), TOLD.values(), ids=TOLD.keys())
def test_only_what_gpg_calls_good_and_valid_is_good(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: str, why: str | None
) -> None:
    lines = tuple(tuple(line.split()) for line in told.splitlines())
    monkeypatch.setattr(module, "_gpg", lambda *_: lines)
    path = advisory(tmp_path)
    path.with_name("poly-1.json.asc").write_text("")
    verifier = module.Verifier(tmp_path)
    if why is None:
        with pytest.raises(FeedError):
            verifier.check(path)
    else:
        found = verifier.check(path)
        assert found is not None
        assert found.why == why


def test_a_file_of_a_version_without_signatures_is_read_and_then_changed(tmp_path: Path) -> None:
    path = tmp_path / "hnth-feeds.db"
    _take_kev(tmp_path, path)
    with sqlite3.connect(path) as connection:
        connection.execute("ALTER TABLE imports DROP COLUMN signatures")
        connection.execute("PRAGMA user_version = 1")
    before = path.read_bytes()
    with FeedStore.open(path) as store:
        assert [state.newest.signatures for state in store.states()] == [None]
        assert len(list(store.stored())) == 1
    assert path.read_bytes() == before
    _take_kev(tmp_path, path)
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (2,)
        assert connection.execute("SELECT count(*) FROM imports").fetchone() == (2,)


def _take_kev(folder: Path, database: Path) -> tuple[Import, ...]:
    (folder / "kev.json").write_bytes(as_bytes(kev("CVE-2026-1001")))
    with FeedStore.open(database, create=True) as store:
        return store.take(folder / "kev.json", NAMES, "tester", NOW)


def test_garbled_signatures_are_told(tmp_path: Path) -> None:
    path = tmp_path / "hnth-feeds.db"
    _take_kev(tmp_path, path)
    for garbled in ("no list", "[1]", '[1, 1, 1, [], "else"]', "7"):
        with sqlite3.connect(path) as connection:
            connection.execute("UPDATE imports SET signatures = ?", (garbled,))
        with FeedStore.open(path) as store, pytest.raises(FeedError, match="damaged"):
            store.states()
