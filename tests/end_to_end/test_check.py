"""`hnth check ADDRESS` against devices of the province: recognised, read, judged, on one screen."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from lab.folders import Folders
from lab.situation import AUDIT_USER
from tests.end_to_end.conftest import Outcome, Scanner

CODEC, MCU, HUAWEI = "10.67.101.10", "10.67.10.10", "10.67.103.10"


def check(scanner: Scanner, address: str, *options: str, password: str = "") -> Outcome:
    command = [
        *(sys.executable, "-m", "scanner", "--lang", "en", "check", address),
        *("--database", str(scanner.folder / "check.db"), "--ports", "1-6000"),
        *("--rate", "100000", *options),
    ]
    return scanner.hnth(command, {"CODEC_PASSWORD": password})


def password_of(scanner: Scanner, device: str) -> str:
    folders = Folders(scanner.province.inventory.parent)
    return folders.password_file(device).read_text().strip()


def login(scanner: Scanner) -> tuple[str, ...]:
    return ("--user", AUDIT_USER, "--password-env", "CODEC_PASSWORD", "--accept-identity")


def test_a_device_is_recognised_read_and_judged(scanner: Scanner) -> None:
    secret = password_of(scanner, "vcs-chau-phu")
    done = check(scanner, CODEC, *login(scanner), password=secret)
    assert done.status == 3, done.said  # nothing wrong; what only the inventory knows is open
    assert "Cisco CE / RoomOS" in done.said
    assert "✓ D11.2-a" in done.output
    assert "? D11.1-c" in done.output  # not every port was asked
    assert "✗" not in done.output
    assert secret not in done.output + done.said


def test_a_fault_is_shown_first_with_what_to_do(scanner: Scanner) -> None:
    scanner.province.apply("telnet-open")
    record = scanner.folder / "bien-ban.html"
    secret = password_of(scanner, "vcs-chau-phu")
    done = check(scanner, CODEC, *login(scanner), "--record", str(record), password=secret)
    assert done.status == 1, done.said
    assert done.output.startswith("✗ D11.1-")
    page = record.read_text(encoding="utf-8")
    assert "Chưa đủ điều kiện đưa vào sử dụng" in page
    assert CODEC in page
    assert secret not in page
    assert "→" in done.output.partition("?")[0]


def test_without_an_account_the_ports_are_judged_and_the_rest_is_open(scanner: Scanner) -> None:
    done = check(scanner, MCU, "--json")
    assert done.status == 3, done.said
    assert "Cisco Meeting Server" in done.said
    assert done.verdicts("PASS") | done.verdicts("UND")
    assert not done.verdicts("FAIL")
    asked = {requirement for requirement, *_ in done.verdicts("UND")}
    assert "D10.1-f" in asked  # it asks for the access rights on the MCU itself
    assert all(name.startswith("D11.") for name in asked - {"D10.1-f"})


def test_a_pin_that_nobody_confirmed_means_no_login(scanner: Scanner) -> None:
    options = [option for option in login(scanner) if option != "--accept-identity"]
    done = check(scanner, CODEC, *options, password="Khong-duoc.gui8")
    assert done.status == 3
    assert "--host-key SHA256:" in done.said
    journal = "".join(p.read_text() for p in (scanner.folder / "check.journal").iterdir())
    assert f"login {AUDIT_USER}" not in journal


@pytest.mark.parametrize(
    ("options", "word", "status"),
    [
        ([CODEC, "--platform", "cisco-rumos"], "did you mean “cisco-roomos”", 2),
        (["10.67.101.0/24"], "is no IP address", 2),
        (["10.67.101.200"], "off or cannot be reached", 3),
        ([CODEC, "--user", "x", "--password-env", "NICHT_DA"], "NICHT_DA", 2),
        ([CODEC, "--user", "x"], "nobody to ask", 2),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    scanner: Scanner, options: list[str], word: str, status: int
) -> None:
    done = check(scanner, *options)
    assert done.status == status, done.said
    assert word in done.said
    assert "Traceback" not in done.said
    assert done.output == ""


def test_the_evidence_is_kept_and_can_be_reported(scanner: Scanner, tmp_path: Path) -> None:
    check(scanner, HUAWEI)
    target = tmp_path / "check.html"
    command = [
        *(sys.executable, "-m", "scanner", "report", "-d", str(scanner.folder / "check.db")),
        *("-o", str(target)),
    ]
    assert scanner.hnth(command, dict(os.environ)).status == 0
    assert "10.67.103.10" in target.read_text(encoding="utf-8")
