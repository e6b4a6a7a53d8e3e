"""A secret is found by reference, guarded by its file mode, and shows itself to nobody."""

from __future__ import annotations

import copy
import json
import logging
import os
import pickle
import traceback
from pathlib import Path

import pytest

from inventory.secrets import Secret, SecretError, resolve

PLANTED = "Pl@nted-9f2c"


def secret_file(folder: Path, content: str | bytes = PLANTED + "\n", mode: int = 0o600) -> Path:
    path = folder / "secret"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    path.chmod(mode)
    return path


def test_an_environment_variable_is_taken_whole(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HNTH_TEST_SECRET", PLANTED)
    assert resolve("env:HNTH_TEST_SECRET", tmp_path).reveal() == PLANTED


FILES = {
    "first line": (f"{PLANTED}\nsecond\n", PLANTED),
    "no line end": (PLANTED, PLANTED),
    "Windows line end": (f"{PLANTED}\r\n", PLANTED),
    "spaces belong to it": (f" {PLANTED} \n", f" {PLANTED} "),
    "byte-order mark does not": (b"\xef\xbb\xbf" + PLANTED.encode(), PLANTED),
    "Vietnamese letters": ("Mậtkhẩu1!\n", "Mậtkhẩu1!"),
    "private key": (
        "-----BEGIN KEY-----\nAAAA\n-----END KEY-----\n",
        "-----BEGIN KEY-----\nAAAA\n-----END KEY-----\n",
    ),
}


@pytest.mark.parametrize(("content", "expected"), FILES.values(), ids=FILES.keys())
def test_a_file_gives_its_first_line_or_the_whole_key(
    tmp_path: Path, content: str | bytes, expected: str
) -> None:
    secret_file(tmp_path, content)
    assert resolve("file:secret", tmp_path).reveal() == expected


def test_an_absolute_path_does_not_start_at_the_inventory(tmp_path: Path) -> None:
    path = secret_file(tmp_path)
    assert resolve(f"file:{path}", Path("/nowhere")).reveal() == PLANTED


@pytest.mark.parametrize("mode", [0o600, 0o400])
def test_a_file_that_only_its_owner_reads_is_accepted(tmp_path: Path, mode: int) -> None:
    secret_file(tmp_path, mode=mode)
    assert resolve("file:secret", tmp_path).reveal() == PLANTED


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o601, 0o666])
def test_a_file_that_others_may_touch_is_refused(tmp_path: Path, mode: int) -> None:
    path = secret_file(tmp_path, mode=mode)
    with pytest.raises(SecretError) as caught:
        resolve("file:secret", tmp_path)
    assert f"chmod 600 {path}" in caught.value.reason.en
    assert f"chmod 600 {path}" in caught.value.reason.vi


def refusals(folder: Path) -> dict[str, str]:
    secret_file(folder, b"\xff" + PLANTED.encode())
    (folder / "empty").touch(0o600)
    (folder / "large").write_text(PLANTED * 10_000)
    (folder / "large").chmod(0o600)
    (folder / "blank").write_text(f"\n{PLANTED}\n")
    (folder / "blank").chmod(0o600)
    os.mkfifo(folder / "pipe", 0o600)
    return {
        "file:secret": "is not UTF-8",
        "file:empty": "is empty; write the secret there",
        "file:blank": "is empty; write the secret there",
        "file:large": "larger than 64 KB",
        "file:absent": "no such file or folder",
        "file:pipe": "is not a plain file",
        "file:.": "it is a folder",
        "env:HNTH_NOT_SET": "is not set or empty",
        "file:": "not of the form",
        "env:": "not of the form",
        "file:a\0b": "not of the form",
        PLANTED: "not of the form",
        f"vualt:{PLANTED}": "not of the form",
        f"vault:{PLANTED}": "is not open",
    }


def test_what_cannot_be_had_says_why_and_shows_nothing(tmp_path: Path) -> None:
    for reference, message in refusals(tmp_path).items():
        with pytest.raises(SecretError) as caught:
            resolve(reference, tmp_path)
        error = caught.value
        assert message in error.reason.en, reference
        shown = error.reason.vi + repr(error) + "".join(traceback.format_exception(error))
        assert PLANTED not in shown
        assert not isinstance(error.__context__, UnicodeDecodeError)


def test_a_secret_shows_itself_to_nobody(caplog: pytest.LogCaptureFixture) -> None:
    secret = Secret(PLANTED)
    logging.getLogger("test").warning("%s %r", secret, secret)
    shown = [
        repr(secret),
        str(secret),
        f"{secret} {secret!r} {secret:>20}",
        repr([secret]),
        repr({"a": secret}),
        caplog.text,
    ]
    assert PLANTED not in "".join(shown)
    assert copy.deepcopy(secret).reveal() == copy.copy(secret).reveal() == PLANTED


def test_a_secret_is_not_written_anywhere() -> None:
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        with pytest.raises(TypeError, match="never written"):
            pickle.dumps(Secret(PLANTED), protocol)
    with pytest.raises(TypeError):
        json.dumps(Secret(PLANTED))
    with pytest.raises(TypeError):
        vars(Secret(PLANTED))
