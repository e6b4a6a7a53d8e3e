"""The province is really there: packets, logins, records, and faults that can be felt."""

from __future__ import annotations

import re
import sys
import time
from pathlib import Path

import pytest

import lab

pytestmark = [pytest.mark.lab, pytest.mark.xdist_group("province")]

MCU, VCS, VCS_2, TE = "10.67.10.10", "10.67.101.10", "10.67.101.11", "10.67.103.10"


QUICKLY = ("--max-retries", "1", "--initial-rtt-timeout", "200ms", "--max-rtt-timeout", "400ms")


def states(province: lab.Lab, host: str, address: str, ports: str, *more: str) -> dict[str, str]:
    """What nmap on that host says of each port: `22/tcp` → `open`."""
    arguments = ["nmap", "-n", "-Pn", *QUICKLY, *more, "-p", ports, address]
    done = province.run(host, arguments, timeout_s=60)
    return dict(re.findall(r"(?m)^(\d+/\w+)\s+(\S+)", done.stdout.decode()))


def open_ports(province: lab.Lab, host: str, address: str, ports: str) -> set[str]:
    return {
        port for port, state in states(province, host, address, ports).items() if state == "open"
    }


def command_line(entry: Path) -> bytes:
    try:
        return (entry / "cmdline").read_bytes()
    except OSError:
        return b""


def login(province: lab.Lab, address: str, command: str) -> str:
    key = province.directory / "secrets" / "audit-key"
    options = ("StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "LogLevel=ERROR")
    words = [word for option in options for word in ("-o", option)]
    done = province.run("may-quet", ["ssh", "-i", str(key), *words, f"kiemtra@{address}", command])
    assert done.status == 0, done.stderr.decode()
    return done.stdout.decode()


REACHABLE = [
    ("may-quet", MCU, "22,445,5060,5061", {"22/tcp", "445/tcp", "5060/tcp", "5061/tcp"}),
    ("may-quet", VCS, "22,23,443", {"22/tcp", "443/tcp"}),
    ("may-quet", VCS_2, "22,443,1720", {"22/tcp", "443/tcp", "1720/tcp"}),
    ("may-quet", TE, "23,80,443", {"443/tcp"}),
    ("may-quet", "10.67.30.10", "22,514", {"22/tcp", "514/tcp"}),
    ("may-quet", "10.67.40.50", "22", {"22/tcp"}),
    ("may-quet", "203.0.113.50", "22", {"22/tcp"}),
    ("may-quan-tri", MCU, "22,445,5060", {"22/tcp", "445/tcp"}),
    ("may-quan-tri", VCS, "22,443,5060", {"22/tcp", "443/tcp"}),
    ("may-quan-tri", "172.16.0.11", "22", {"22/tcp"}),
    ("pc-van-phong", MCU, "22,443,445,5060,5061", set()),
    ("pc-van-phong", VCS, "22,443,5060", set()),
    ("pc-van-phong", "10.67.30.10", "22,514", set()),
    ("pc-chau-phu", VCS, "22,443,5060", set()),
    ("pc-chau-phu", MCU, "445,5060", set()),
    ("ben-ngoai", MCU, "22,445,5060", set()),
    ("ben-ngoai", VCS, "22,443,5060", set()),
    ("vcs-chau-phu", MCU, "22,445,5060,5061", {"5060/tcp", "5061/tcp"}),
    ("mcu-tinh", TE, "443,1720,5060", {"1720/tcp", "5060/tcp"}),
    ("vcs-thoai-son", VCS_2, "22,443,1720", {"1720/tcp"}),
]


@pytest.mark.parametrize(("host", "address", "ports", "expected"), REACHABLE)
def test_who_reaches_what(
    province: lab.Lab, host: str, address: str, ports: str, expected: set[str]
) -> None:
    assert open_ports(province, host, address, ports) == expected


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("10.67.20.1", "fw-tinh"),
        ("172.16.0.11", "r-chau-phu"),
        ("10.67.30.10", "log-tinh"),
        ("10.67.40.50", "pc-van-phong"),
        ("203.0.113.50", "ben-ngoai"),
    ],
)
def test_the_audit_user_logs_in_and_is_not_root(province: lab.Lab, address: str, name: str) -> None:
    assert login(province, address, "id -un; hostname").split() == ["kiemtra", name]


def test_the_audit_user_lists_the_filter_and_cannot_change_it(province: lab.Lab) -> None:
    assert "hook forward" in login(province, "10.67.20.1", "/usr/sbin/nft list ruleset")
    refused = login(province, "10.67.20.1", "echo x 2>/dev/null > /etc/ssh/sshd_config || echo no")
    assert refused.strip() == "no"


def test_another_key_is_refused(province: lab.Lab, tmp_path: object) -> None:
    key = province.directory / "lab" / "keys" / "log-tinh"
    words = ["-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null"]
    done = province.run("may-quet", ["ssh", "-i", str(key), *words, "kiemtra@10.67.20.1", "true"])
    assert done.status == 255
    assert b"Permission denied" in done.stderr


def test_records_arrive_through_rsyslog_and_are_sorted_by_severity(province: lab.Lab) -> None:
    for severity, word in (("info", "binh-thuong"), ("crit", "mat-goi")):
        sent = ["logger", "-n", "10.67.30.10", "-P", "514", "-d", "-p", f"local0.{severity}", word]
        assert province.run("vcs-chau-phu", sent).status == 0
    folder = "/var/log/hnth/vcs-chau-phu"
    # util-linux's logger takes the host name from the system: that of the box
    deadline = time.monotonic() + 5
    while "mat-goi" not in (found := login(province, "10.67.30.10", f"tail {folder}/*.log")):
        assert time.monotonic() < deadline, found
        time.sleep(0.1)
    assert "binh-thuong" in login(province, "10.67.30.10", f"cat {folder}/monitor.log")
    assert "mat-goi" not in login(province, "10.67.30.10", f"cat {folder}/monitor.log")


def test_gateways_know_their_neighbours_and_no_strangers(province: lab.Lab) -> None:
    table = login(province, "172.16.0.11", "ip neigh show dev hnth")
    assert set(re.findall(r"(?m)^(\S+) lladdr", table)) == {VCS, VCS_2}


def test_a_program_gets_its_input_folder_and_environment(province: lab.Lab) -> None:
    done = province.run(
        "may-quet",
        ["sh", "-c", 'pwd; echo "$WORD"; cat; exit 3'],
        folder=province.directory,
        environment={"WORD": "đạt"},
    )
    assert done.status == 3
    assert done.stdout.decode().splitlines() == [str(province.directory), "đạt"]


def test_a_program_that_is_given_up_ends(province: lab.Lab) -> None:
    mark = "wait-4242"
    waiting = [sys.executable, "-c", "import time; time.sleep(600)", mark]
    with province.popen("may-quet", waiting) as running, pytest.raises(TimeoutError):
        running.wait(timeout_s=0.2)
    deadline = time.monotonic() + 5
    while any(mark.encode() in words for words in map(command_line, Path("/proc").iterdir())):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_an_unknown_host_and_an_unknown_fault_are_errors(province: lab.Lab) -> None:
    with pytest.raises(lab.LabError, match="nowhere"):
        province.run("nowhere", ["true"])
    with pytest.raises(KeyError, match="no-such-fault"):
        province.apply("no-such-fault")
    assert province.run("may-quet", ["true"]).status == 0


@pytest.mark.parametrize(
    ("fault", "host", "address", "ports", "before", "during"),
    [
        ("management-from-office", "pc-van-phong", MCU, "22,80,445", set(), {"22/tcp", "445/tcp"}),
        ("management-from-outside", "ben-ngoai", MCU, "22,445", set(), {"445/tcp"}),
        (
            "firewall-permit-any",
            "ben-ngoai",
            MCU,
            "22,445,5060",
            set(),
            {"22/tcp", "445/tcp", "5060/tcp"},
        ),
        ("telnet-open", "may-quet", VCS, "22,23", {"22/tcp"}, {"22/tcp", "23/tcp"}),
        ("http-clear", "may-quet", "10.67.102.10", "80,443", {"443/tcp"}, {"80/tcp", "443/tcp"}),
        ("debug-port", "may-quet", VCS_2, "5555", set(), {"5555/tcp"}),
        ("vcs-in-office", "may-quet", "10.67.203.10", "443", set(), {"443/tcp"}),
        ("vcs-switched-off", "may-quet", TE, "443", {"443/tcp"}, set()),
        ("firewall-stateless", "may-quan-tri", MCU, "445", {"445/tcp"}, {"445/tcp"}),
        ("firewall-stateless", "mcu-tinh", VCS_2, "1720", {"1720/tcp"}, {"1720/tcp"}),
        ("firewall-stateless", "pc-van-phong", MCU, "445", set(), set()),
    ],
)
def test_a_fault_is_felt_and_goes_away(
    province: lab.Lab,
    fault: str,
    host: str,
    address: str,
    ports: str,
    before: set[str],
    during: set[str],
) -> None:
    assert open_ports(province, host, address, ports) == before
    province.apply(fault)
    try:
        assert open_ports(province, host, address, ports) == during
    finally:
        province.clear()
    assert open_ports(province, host, address, ports) == before


def test_snmp_is_a_real_agent_that_answers_to_public(province: lab.Lab) -> None:
    assert states(province, "may-quet", VCS_2, "161", "-sU") == {"161/udp": "closed"}
    province.apply("snmp-public")
    try:
        assert states(province, "may-quet", VCS_2, "161", "-sU") == {"161/udp": "open"}
        assert open_ports(province, "may-quet", VCS_2, "199,705") == set()
    finally:
        province.clear()


def test_the_foreign_host_comes_and_goes(province: lab.Lab) -> None:
    def seen() -> bool:
        return "10.67.101.77 lladdr" in login(province, "172.16.0.11", "ip neigh show dev hnth")

    assert not seen()
    province.apply("foreign-host")
    try:
        assert seen()
    finally:
        province.clear()
    assert not seen()


def test_the_route_around_the_state_network_is_in_the_table(province: lab.Lab) -> None:
    ask = "ip route get 10.67.10.10"
    assert "dev tslcd" in login(province, "172.16.0.11", ask)
    province.apply("route-around-tslcd")
    try:
        assert "via 203.0.113.1 dev internet" in login(province, "172.16.0.11", ask)
    finally:
        province.clear()
    assert "dev tslcd" in login(province, "172.16.0.11", ask)


def test_records_stop_and_retention_shrinks(province: lab.Lab) -> None:
    count = "find /var/log/hnth/{} -name 'monitor.log*' | wc -l"
    assert int(login(province, "10.67.30.10", count.format("mcu-tinh"))) >= 27
    province.apply("logs-stopped", "log-retention-90d")
    try:
        assert int(login(province, "10.67.30.10", count.format("mcu-tinh"))) >= 90
        silent = login(province, "10.67.30.10", "ls /var/log/hnth/vcs-vinh-trach")
        assert "monitor.log.14.gz" in silent
        assert "monitor.log.13.gz" not in silent
        settings = login(province, "10.67.30.10", "cat /etc/logrotate.d/hnth")
        assert re.search(r"daily\s+rotate 90\b", settings)
    finally:
        province.clear()
    settings = login(province, "10.67.30.10", "cat /etc/logrotate.d/hnth")
    assert re.search(r"weekly\s+rotate 27\b", settings)


def test_the_real_logrotate_reads_how_long_records_are_kept(province: lab.Lab) -> None:
    done = province.run("log-tinh", ["logrotate", "--debug", "/etc/logrotate.conf"])
    said = (done.stdout + done.stderr).decode()
    assert done.status == 0, said
    assert "/var/log/hnth/*/*.log" in said
    assert "weekly (27 rotations)" in said
