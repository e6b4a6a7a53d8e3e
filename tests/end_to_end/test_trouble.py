"""Everything that can go wrong gives one clear message, its exit status, and loses nothing."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.end_to_end.conftest import FEWER_PORTS

pytestmark = [pytest.mark.lab, pytest.mark.timeout(300)]

ONE = ("--device", "vcs-chau-phu")


def changed_inventory(scanner, change, *, all_ports: bool = False) -> Path:
    """The province's inventory with a change, beside the original so that references hold."""
    original = scanner.province.inventory
    data = yaml.safe_load(original.read_text())
    if not all_ports:
        data["scan"]["tcp_ports"] = FEWER_PORTS
    change(data)
    copy = original.with_name("changed.yaml")
    copy.write_text(yaml.safe_dump(data, allow_unicode=True))
    return copy


def device(data, name: str):
    return next(d for d in data["devices"] if d["id"] == name)


def reasons(outcome, subject: str) -> str:
    return " ".join(
        f["reason"]["en"]
        for f in outcome.document["findings"]
        if f["subject"]["id"] == subject and f["verdict"] == "UND"
    )


def clean(outcome) -> None:
    assert "Traceback" not in outcome.said


def test_a_misspelt_key_names_file_line_and_suggestion(scanner) -> None:
    path = changed_inventory(scanner, lambda data: device(data, "mcu-tinh").update(adress="x"))
    outcome = scanner.scan(inventory=path)
    assert outcome.status == 2
    assert "changed.yaml:" in outcome.said
    assert "address" in outcome.said
    assert not scanner.database.exists()
    clean(outcome)


def test_missing_inventory(scanner) -> None:
    outcome = scanner.scan(inventory=scanner.folder / "none.yaml")
    assert outcome.status == 2
    assert "none.yaml" in outcome.said
    clean(outcome)


def test_missing_nmap(scanner) -> None:
    hidden = 'mount --bind /dev/null "$(command -v nmap)" && exec "$@"'
    outcome = scanner.hnth(
        ["unshare", "--mount", "sh", "-c", hidden, "sh", *scanner.arguments(*ONE)]
    )
    assert outcome.status == 2
    assert "apt-get install nmap" in outcome.said
    assert not scanner.database.exists()
    clean(outcome)


def test_no_approval_no_scan(scanner) -> None:
    path = changed_inventory(scanner, lambda data: data.pop("approval"))
    outcome = scanner.scan(inventory=path)
    assert outcome.status == 2
    assert "approval" in outcome.said
    clean(outcome)


def test_wrong_password_leaves_open_what_it_hides(scanner) -> None:
    secret = scanner.province.folders.secrets / "wrong"
    secret.write_text("Wrong-Password-1\n")
    secret.chmod(0o600)
    path = changed_inventory(
        scanner,
        lambda data: device(data, "vcs-chau-phu")["credential"].update(password=f"file:{secret}"),
        all_ports=True,
    )
    outcome = scanner.scan(*ONE, inventory=path)
    assert outcome.status in (1, 3)
    assert "did not accept the login" in reasons(outcome, "vcs-chau-phu")
    assert ("D11.1-c", "device", "vcs-chau-phu") in outcome.verdicts("PASS")
    assert ("D11.1-b", "device", "vcs-chau-phu") in outcome.verdicts("UND")
    clean(outcome)


def test_changed_host_key_stops_the_login(scanner) -> None:
    other = "SHA256:" + "A" * 43
    path = changed_inventory(
        scanner, lambda data: device(data, "vcs-chau-phu").update(host_key=other)
    )
    outcome = scanner.scan(*ONE, inventory=path)
    assert "has changed" in reasons(outcome, "vcs-chau-phu")
    journal = next((scanner.folder / "hnth.journal").iterdir()).read_text()
    assert "login" not in [w for w in journal.split() if w == '"login']
    clean(outcome)


def test_secret_file_open_to_others(scanner) -> None:
    secret = scanner.province.folders.secrets / "open"
    secret.write_text("Some-Password-1\n")
    secret.chmod(0o644)
    path = changed_inventory(
        scanner,
        lambda data: device(data, "vcs-chau-phu")["credential"].update(password=f"file:{secret}"),
    )
    outcome = scanner.scan(*ONE, inventory=path)
    assert "chmod 600" in reasons(outcome, "vcs-chau-phu")
    assert "Some-Password-1" not in outcome.output + outcome.said
    clean(outcome)


def test_unreachable_target_is_never_a_failure(scanner) -> None:
    path = changed_inventory(
        scanner, lambda data: device(data, "vcs-chau-phu").update(address="10.67.101.200")
    )
    outcome = scanner.scan(*ONE, inventory=path)
    assert outcome.status == 3
    about = {
        f["verdict"]
        for f in outcome.document["findings"]
        if f["subject"]["id"].startswith("vcs-chau-phu")
        and f["subject"]["kind"] in ("device", "account")
        and "vcs-chau-phu-2" not in f["subject"]["id"]
        and f["requirement"].startswith("D11.1-")
    }
    assert "FAIL" not in about
    assert ("D11.1-c", "device", "vcs-chau-phu") in outcome.verdicts("UND")
    clean(outcome)


def test_a_full_disk_keeps_what_was_saved(scanner) -> None:
    small = scanner.folder / "small"
    small.mkdir()
    command = scanner.arguments(inventory=scanner.with_fewer_ports())
    command[command.index("--database") + 1] = str(small / "hnth.db")
    script = (
        f'mount -t tmpfs -o size=400k tmpfs {small} && {{ "$@"; status=$?; '
        f"cp {small}/hnth.db* {scanner.folder}/; exit $status; }}"
    )
    outcome = scanner.hnth(["unshare", "--mount", "sh", "-c", script, "sh", *command])
    assert outcome.status == 2, outcome.said
    assert "disk is full" in outcome.said
    clean(outcome)
    listed = subprocess.run(
        [sys.executable, "-m", "scanner", "runs", "--json", "--database", str(scanner.database)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert '"running"' in listed.stdout or '"interrupted"' in listed.stdout


def test_a_database_that_may_not_be_written(scanner) -> None:
    folder = scanner.folder
    script = f'mount --bind {folder} {folder} && mount -o remount,bind,ro {folder} && exec "$@"'
    outcome = scanner.hnth(["unshare", "--mount", "sh", "-c", script, "sh", *scanner.arguments()])
    assert outcome.status == 2
    assert "hnth.db" in outcome.said
    clean(outcome)


def test_udp_ports_without_the_privilege_stay_open_questions(scanner) -> None:
    command = ["setpriv", "--bounding-set", "-net_raw", *scanner.arguments(*ONE)]
    outcome = scanner.hnth(command)
    assert outcome.status == 3, outcome.said
    assert ("D11.1-c", "device", "vcs-chau-phu") in outcome.verdicts("UND")
    assert "CAP_NET_RAW" in reasons(outcome, "vcs-chau-phu")
    clean(outcome)


def test_a_device_in_a_call_is_left_alone(scanner) -> None:
    scanner.province.become(["vcs-in-call"])
    outcome = scanner.scan(*ONE)
    assert outcome.status == 3
    assert "call" in reasons(outcome, "vcs-chau-phu")
    journal = next((scanner.folder / "hnth.journal").iterdir()).read_text()
    assert "1-65535" not in journal
    assert "from pc-van-phong" not in journal
    clean(outcome)


def test_a_file_that_is_no_database(scanner) -> None:
    shutil.copy(scanner.province.inventory, scanner.database)
    outcome = scanner.scan(*ONE)
    assert outcome.status == 2
    assert scanner.database.read_text() == scanner.province.inventory.read_text()
    clean(outcome)


def test_nothing_in_scope(scanner) -> None:
    outcome = scanner.scan("--device", "khong-co")
    assert outcome.status == 2
    assert "No device matches" in outcome.said
    clean(outcome)
