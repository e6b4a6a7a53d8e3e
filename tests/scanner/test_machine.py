"""The real machine answers without harm, whatever is asked."""

from __future__ import annotations

import sys

import pytest

from scanner.machine import ThisMachine

VERSIONS = {
    "nmap": ("Nmap version 7.93 ( https://nmap.org )", "7.93"),
    "sshd": ("unknown option -- V\nOpenSSH_9.2p1 Debian-2, OpenSSL 3.0.19 27 Jan 2026", "9.2p1"),
    "chromium behind a noisy script": (
        "/usr/bin/chromium: 9: [: 25276502016: unexpected operator\nChromium 156.0.8078.79 built",
        "156.0.8078.79",
    ),
    "no version at all": ("usage: newuidmap <pid> <uid> <loweruid> <count>", ""),
}


@pytest.mark.parametrize(("printed", "version"), VERSIONS.values(), ids=VERSIONS.keys())
def test_the_version_is_found_in_what_is_printed(printed: str, version: str) -> None:
    script = "import sys; print(sys.argv[1], file=sys.stderr)"
    assert ThisMachine().version((sys.executable, "-c", script, printed)) == version


def test_a_program_that_is_absent_has_no_version_and_no_path() -> None:
    machine = ThisMachine()
    assert machine.path_of("no-such-program-anywhere") is None
    assert machine.version(("no-such-program-anywhere", "--version")) == ""
    assert machine.attempt(("no-such-program-anywhere",)) is not None


def test_an_attempt_gives_the_last_line_of_the_complaint() -> None:
    script = "import sys; sys.exit('first line\\nOperation not permitted')"
    machine = ThisMachine()
    assert machine.attempt((sys.executable, "-c", script)) == "Operation not permitted"
    assert machine.attempt((sys.executable, "-c", "")) is None


def test_a_silent_failure_still_says_which_program_failed() -> None:
    complaint = ThisMachine().attempt((sys.executable, "-c", "raise SystemExit(3)"))
    assert complaint == f"{sys.executable}: 3"


def test_an_absent_kernel_setting_is_none() -> None:
    machine = ThisMachine()
    assert machine.setting("kernel.no_such_setting") is None
    assert machine.setting("kernel.ostype") == "Linux"
