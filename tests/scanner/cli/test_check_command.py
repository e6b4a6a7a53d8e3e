"""What `hnth check` asks before a login, and how it puts one device into an inventory."""

from __future__ import annotations

import io
import sys
from dataclasses import replace
from ipaddress import ip_address
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from inventory.secrets import SecretError
from inventory.text import Text
from rules.model import Outcome, Subject
from rules.notice import Notice
from scanner.check.model import Software
from scanner.cli import _register, app
from scanner.cli import check_device as command
from scanner.cli.check_login import Given, login_of, pins_for
from scanner.cli.check_screen import print_screen
from scanner.cli.speech import choose_language
from scanner.engine.one_device import (
    DEVICE,
    TYPED,
    Address,
    Contact,
    Login,
    Pins,
    declaration,
    device_of,
    family,
    kind_of,
)
from scanner.platforms import find
from tests.scanner.check.build_check import NOW, finding, result

_register()

KEY, CERTIFICATE = "SHA256:" + "A" * 43, "ab" * 32
HERE = Address(ip_address("192.0.2.10"), 22, 8443)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def given(**changes: object) -> Given:
    values: dict[str, object] = {
        "user": "kiemtra",
        "password_env": None,
        "pins": Pins(),
        "accept_identity": False,
    }
    return Given(**{**values, **changes})  # type: ignore[arg-type]


def test_what_is_shown_becomes_a_pin_only_when_somebody_accepts_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shown = Pins(KEY, CERTIFICATE)
    assert pins_for(shown, given()) == Pins()
    assert pins_for(shown, given(accept_identity=True)) == shown
    monkeypatch.setattr(sys, "stdin", Terminal())
    for answer in (False, True):
        monkeypatch.setattr(typer, "confirm", lambda *_a, _answer=answer, **_k: _answer)
        assert pins_for(shown, given()) == (shown if answer else Pins())


def test_a_pin_that_was_given_is_never_replaced_by_what_is_shown() -> None:
    mine = Pins("SHA256:" + "B" * 43, None)
    accepted = pins_for(Pins(KEY, CERTIFICATE), given(pins=mine, accept_identity=True))
    assert accepted == Pins(mine.host_key, CERTIFICATE)
    assert pins_for(Pins(KEY, None), given(pins=mine)) == mine


def test_a_typed_password_stands_behind_a_reference_and_nowhere_else(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr(typer, "prompt", lambda *_a, **_k: "Bi-mat.cua-toi9")
    login, behind = login_of(given())
    assert login == Login("kiemtra", TYPED)
    assert behind(TYPED, Path()).reveal() == "Bi-mat.cua-toi9"
    with pytest.raises(SecretError):
        behind("env:HNTH_NO_SUCH_VARIABLE", Path())
    loaded = declaration(HERE, "cisco-roomos", "vcs", Pins(KEY), login, rate_kbps=64)
    assert "Bi-mat" not in loaded.text + repr(loaded) + "".join(capsys.readouterr())


def test_without_an_account_nobody_is_asked() -> None:
    assert login_of(given(user=None))[0] is None


def test_one_device_is_declared_and_nothing_else() -> None:
    loaded = declaration(HERE, None, "mcu", Pins(None, CERTIFICATE), None, rate_kbps=640)
    device = device_of(loaded.inventory)
    assert (device.id, str(device.address), device.kind) == (DEVICE, "192.0.2.10", "mcu")
    assert (device.ssh_port, device.https_port, device.certificate) == (22, 8443, CERTIFICATE)
    assert device.platform is None
    assert device.credential is None
    assert loaded.inventory.scan.rate_kbps == 640


def test_what_a_device_is_follows_from_its_family() -> None:
    assert kind_of(find("cisco-roomos")) == "vcs"
    assert kind_of(find("cisco-cms")) == "mcu"
    assert kind_of(find("linux")) == "server"
    assert kind_of(None) == "vcs"
    nothing = Contact(frozenset(), True, (), None)
    assert family(None, nothing) is None
    named = family("pexip", nothing)
    assert named is not None
    assert named.name == "pexip"


def test_the_screen_begins_with_what_is_wrong_and_what_to_do(
    capsys: pytest.CaptureFixture[str],
) -> None:
    choose_language("en")
    print_screen(
        result(
            finding("D11.2-a", Outcome.PASS),
            finding("D11.3-a", Outcome.UND),
            finding("D11.1-c", Outcome.FAIL),
            finding("D11.2-b", Outcome.FAIL, "ad\x1b[31mmin"),
            finding("D11.2-b", Outcome.FAIL, "other"),
            finding("D11.2-c", Outcome.FAIL, "*", severity="S1"),
            finding("D11.1-a", Outcome.UND),
            upon_signing=frozenset({"D11.1-a"}),
            software=Software("11.2", "11.9", False, ("CVE-2026-1",), 2, None, (), NOW.date()),
            problem=Text(vi="đang họp", en="in a call"),
        ),
        "check.db",
    )
    choose_language(None)
    lines = [line.strip() for line in capsys.readouterr().out.splitlines() if line.strip()]
    assert lines[0] == "✗ D11.2-c why"  # the worst; no name stands for all accounts
    assert lines[1] == "→ mend"
    assert lines[2].startswith("xConfiguration UserManagement PasswordPolicy")
    lines = [line for line in lines if "xConfig" not in line and "Minimum" not in line]
    assert lines[2].startswith("✗ D11.1-c")
    assert lines[4].startswith("✗ D11.2-b ad[31mmin, other: ")
    assert [line[:9] for line in lines[6:9]] == ["✎ D11.1-a", "? D11.3-a", "✓ D11.2-a"]
    rest = " ".join(lines[9:])
    assert "Release 11.2 · newest known: 11.9 · known vulnerabilities: CVE-2026-1 · 2" in rest
    assert "! Not read completely: in a call" in rest
    assert "Fail 4 · Cannot determine 2 · Pass 1 · Not applicable 0" in rest
    assert "May not go into use" in rest
    assert "hnth report -d check.db" in rest
    assert "\x1b" not in "".join(lines)


def test_observations_stand_below_the_verdicts_with_what_to_type(
    capsys: pytest.CaptureFixture[str],
) -> None:
    choose_language("en")
    one = result(finding("D11.2-a", Outcome.PASS), platform=find("cisco-ios"))
    said, remedy = Text(vi="x", en="asks for\x1b[2J 6"), Text(vi="y", en="ask for more")
    observed = Notice(
        *("weak-policy", "D11.2-b", Subject("device", DEVICE), "S3", said, remedy),
        device=DEVICE,
        fact="password_policy.min_length",
    )
    other = replace(observed, severity="S2", requirement="D11.2-g", fact=None)
    print_screen(replace(one, report=replace(one.report, notices=(observed, other))), None)
    choose_language(None)
    lines = [line.strip() for line in capsys.readouterr().out.splitlines() if line.strip()]
    assert lines[:6] == [
        "✓ D11.2-a why",
        "i D11.2-g asks for[2J 6",
        "→ ask for more",
        "i D11.2-b asks for[2J 6",
        "→ ask for more",
        "security passwords min-length 8",
    ]
    assert "Fail 0 · Cannot determine 0 · Pass 1 · Not applicable 0" in lines[6]


def test_requirements_with_one_answer_share_a_line_unless_they_fail(
    capsys: pytest.CaptureFixture[str],
) -> None:
    choose_language("en")
    both = ("admin", "other")
    print_screen(
        result(
            *(finding(f"D11.2-{c}", Outcome.UND, name) for c in "bcdef" for name in both),
            *(finding(f"D11.2-{c}", Outcome.UND, "admin") for c in "gi"),
            finding("D11.2-h", Outcome.UND, "admin", reason="another"),
            *(finding(f"D11.1-{c}", Outcome.FAIL) for c in "bc"),
            *(finding(f"D11.1-{c}", Outcome.PASS) for c in "de"),
        ),
        None,
    )
    choose_language(None)
    lines = [line.strip() for line in capsys.readouterr().out.splitlines()]
    assert [line for line in lines if line[:1] in tuple("✗?✓")] == [
        "✗ D11.1-b   why",
        "✗ D11.1-c   why",
        "? D11.2-b…f admin, other: why",
        "? D11.2-g,i admin: why",
        "? D11.2-h   admin: another",
        "✓ D11.1-d,e why",
    ]


def test_what_files_cannot_decide_is_named_and_not_listed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    choose_language("en")
    found = [finding(name, Outcome.UND) for name in ("D11.1-c", "D11.2-a")]
    print_screen(
        result(*found, finding("D11.1-d", Outcome.PASS), beyond_files=frozenset({"D11.1-c"})), None
    )
    choose_language(None)
    out = capsys.readouterr().out
    assert "? D11.1-c" not in out
    assert "check the device itself: D11.1-c" in out
    assert "? D11.2-a" in out
    assert "Nothing can be concluded yet" in out
    assert "hnth report" not in out


@pytest.mark.parametrize("address", ["10.67.10.0/24", "", "không có", "a" * 300, "10.67.10.300"])
def test_what_is_no_address_of_one_device_is_refused(
    address: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def no_name(*_args: object, **_more: object) -> object:
        raise OSError

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(command.socket, "getaddrinfo", no_name)
    done = CliRunner().invoke(app, ["--lang", "en", "check", address])
    assert done.exit_code == 2
    assert done.stdout == ""
    assert "give the address of one device" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_device_that_is_off_leaves_no_database_behind(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(command, "require_nmap", lambda: "7.93")
    off = Contact(frozenset(), False, (), None)
    monkeypatch.setattr(command.one_device, "meet", lambda *_args, **_more: off)
    done = CliRunner().invoke(app, ["--lang", "en", "check", "192.0.2.1"])
    assert done.exit_code == 3
    assert "the device is off" in done.stderr
    assert not (tmp_path / "hnth-check.db").exists()


def test_two_addresses_are_refused() -> None:
    done = CliRunner().invoke(app, ["--lang", "en", "check", "192.0.2.1", "192.0.2.2"])
    assert done.exit_code == 2
    assert "One device is checked at a time" in done.stderr
