"""`hnth check ADDRESS` against devices of the province: recognised, read, judged, on one screen."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from lab.folders import Folders
from lab.situation import AUDIT_USER
from tests.end_to_end.conftest import Outcome, Scanner

FEW = ("--ports", "1-1000")
CODEC, MCU, HUAWEI = "10.67.101.10", "10.67.10.10", "10.67.103.10"


def check(scanner: Scanner, address: str, *options: str, password: str = "") -> Outcome:
    return scanner.hnth(command(scanner, address, *options), {"CODEC_PASSWORD": password})


def command(scanner: Scanner, address: str, *options: str) -> list[str]:
    return [
        *(sys.executable, "-m", "scanner", "--lang", "en", "check", address),
        *("--database", str(scanner.folder / "check.db"), "--ports", "1-6000"),
        *("--rate", "100000", *options),
    ]


def journals(scanner: Scanner) -> str:
    return "".join(p.read_text() for p in sorted((scanner.folder / "check.journal").iterdir()))


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
    assert "✓ D11.1-d" in done.output  # a codec has no FTP server, and so no setting of one
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
    assert f"login {AUDIT_USER}" not in journals(scanner)


def test_a_device_in_a_call_is_left_alone_and_nothing_is_concluded(scanner: Scanner) -> None:
    scanner.province.become(["vcs-in-call"])
    secret = password_of(scanner, "vcs-chau-phu")
    done = check(scanner, CODEC, *login(scanner), password=secret)
    assert done.status == 3, done.said
    assert "Not read completely: the device is in a call" in " ".join(done.output.split())
    assert "Nothing can be concluded yet" in done.output
    assert "1-6000" not in journals(scanner)


def test_a_refused_password_is_sent_once_however_long_the_watch(scanner: Scanner) -> None:
    scanner.province.become(["telnet-open"])
    watch = (*FEW, "--watch", "--every", "1")
    done = check(scanner, CODEC, *login(scanner), *watch, password="Khong-dung.khoa8")
    assert done.status == 1, done.said
    assert "not tried again" in done.said
    assert journals(scanner).count(f"login {AUDIT_USER}") == 1


def test_a_watch_sees_a_fix_and_ctrl_c_ends_it(scanner: Scanner, tmp_path: Path) -> None:
    scanner.province.become(["telnet-open", "auto-answer"])
    environment = {**os.environ, "CODEC_PASSWORD": password_of(scanner, "vcs-chau-phu")}
    watch = command(scanner, CODEC, *login(scanner), *FEW, "--watch", "--every", "1")
    said = tmp_path / "said"
    with said.open("wb") as file:
        running = scanner.province.popen(
            "may-quet", watch, environment=environment, stdout=file.fileno(), stderr=file.fileno()
        )
    with running:
        until(said, "The evidence:")
        scanner.province.clear("telnet-open")
        until(said, "✓ D11.1-d: mended")
        running.signal(signal.SIGINT)
        asked = time.monotonic()
        assert running.wait(30) == 130
        assert time.monotonic() - asked < 10
    seen = said.read_text()
    assert "✗ D11.1-d" in seen.partition("mended")[0]
    assert "✗ D11.1-b: " in seen.partition("The evidence:")[2]
    assert "Traceback" not in seen


def until(file: Path, word: str) -> None:
    deadline = time.monotonic() + 60
    while word not in file.read_text(errors="replace"):
        assert time.monotonic() < deadline
        time.sleep(0.05)


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
    report = [
        *(sys.executable, "-m", "scanner", "report", "-d", str(scanner.folder / "check.db")),
        *("-o", str(target)),
    ]
    assert scanner.hnth(report, dict(os.environ)).status == 0
    assert "10.67.103.10" in target.read_text(encoding="utf-8")
