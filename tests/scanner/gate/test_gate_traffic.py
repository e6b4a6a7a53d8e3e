"""What two versions of a router's access list tell about the conferencing network."""

from __future__ import annotations

import json
import subprocess
from datetime import UTC, datetime
from ipaddress import ip_address, ip_network
from pathlib import Path

from inventory.model import Device, Inventory, Organisation, Site, Zone
from inventory.text import Text
from rules.facts import Unknown
from scanner.cli.gate_formats import FORMATS
from scanner.cli.gate_text import as_text
from scanner.evidence import Document
from scanner.family_of_files import recognise
from scanner.gate.devices import ReadDevice
from scanner.gate.idle_notes import MOST_RULES, idle_notes
from scanner.gate.model import GateRequest
from scanner.gate.run import run_gate
from scanner.gate.traffic import (
    DeviceTraffic,
    compared_filters,
    conferencing_traffic,
    traffic_changes,
)
from scanner.gate.traffic_words import lines_of, plain

NOW = datetime(2026, 11, 24, tzinfo=UTC)
ROUTER = """version 15.2
hostname r1
interface GigabitEthernet0/0
 ip address 10.67.0.1 255.255.0.0
 ip access-group VAO out
ip access-list extended VAO
 permit tcp 10.0.0.0 0.255.255.255 10.67.0.0 0.0.255.255 eq 1720
{more} deny ip any any
end
"""
WEB = " permit tcp any 10.67.1.0 0.0.0.255 eq 443\n"
ELSEWHERE = " permit tcp host 192.168.1.1 192.168.9.0 0.0.0.255 eq 443\n"


def version(more: str, name: str = "r1") -> ReadDevice:
    document = Document(ROUTER.format(more=more).encode(), f"{name}.cfg", "O", NOW)
    return ReadDevice(name, True, recognise([document]), (document,))


def network() -> Inventory:
    return Inventory(
        organisation=Organisation(name="Sở", province="Tỉnh"),
        sites=(Site(id="s", name="S", level="province"),),
        zones=(
            Zone(id="hnth", kind="hnth", prefixes=(ip_network("10.67.0.0/16"),)),
            Zone(id="outside", kind="outside", prefixes=(ip_network("0.0.0.0/0"),)),
        ),
        devices=(Device(id="mcu", kind="mcu", site="s", address=ip_address("10.99.0.5")),),
    )


def told(old: str, new: str, inventory: Inventory | None = None) -> tuple[DeviceTraffic, ...]:
    return traffic_changes([version(old)], [version(new)], inventory)


def test_a_new_line_names_what_it_permits_and_what_decided_before() -> None:
    (router,) = told("", WEB)
    assert [text.en for text in lines_of(router)] == [
        "newly permitted: tcp 0.0.0.0/0 → 10.67.1.0/24 port 443, to GigabitEthernet0/0",
        "  now: r1.cfg:8: permit tcp any 10.67.1.0 0.0.0.255 eq 443"
        " (for instance tcp 0.0.0.0 → 10.67.1.0:443)",
        "  before: r1.cfg:8: deny ip any any",
    ]
    assert next(lines_of(router)).vi.startswith("mới cho qua: tcp")


def test_a_line_that_is_gone_names_what_is_blocked_as_values_for_programs() -> None:
    (router,) = told(WEB, "")
    (change,) = plain(router)["changes"]
    assert (change["kind"], change["certain"]) == ("blocked", True)
    assert change["line"] == {"file": "r1.cfg", "line": 8, "text": "deny ip any any"}
    assert [line["line"] for line in change["before"]] == [8]
    assert change["witness"]["from"] is None
    assert (change["witness"]["dst"], change["witness"]["dport"]) == ("10.67.1.0", 443)


def test_with_an_inventory_only_the_conferencing_network_counts() -> None:
    assert told("", ELSEWHERE) != ()
    assert told("", ELSEWHERE, network()) == ()
    assert told("", WEB, network()) != ()
    assert told("", " permit udp any host 10.99.0.5\n", network()) != ()


def test_nothing_is_told_where_nothing_differs() -> None:
    assert told(WEB, WEB) == ()
    assert told(WEB, " remark web\n" + WEB) == ()
    assert traffic_changes([version("", "other")], [version(WEB)]) == ()


def test_a_version_without_a_filter_leaves_it_open() -> None:
    facts = version(WEB).understood.reading.facts
    missing = {"filters": Unknown(Text(vi="không có", en="none"))}
    assert compared_filters("r1", missing, facts).open == (
        "the earlier version holds no filter that is read",
    )
    assert compared_filters("r1", facts, missing).open == (
        "the present version holds no filter that is read",
    )
    assert compared_filters("r1", missing, missing) == DeviceTraffic("r1")


def test_packets_of_the_conferencing_network_are_asked_about_once() -> None:
    out, into = conferencing_traffic(network())
    assert out.source is not None
    assert into.source is not None
    assert not any(value in into.source for value, _ in out.source.intervals)
    assert into.destination == out.source


def test_many_lines_are_counted() -> None:
    more = "".join(f" permit tcp any host 10.67.2.{n} eq 443\n" for n in range(2, 40, 2))
    (router,) = told("", more)
    assert len(plain(router)["changes"]) == 19
    assert list(lines_of(router))[-1].en == "… and 9 more deciding lines"


def git(folder: Path, *words: str) -> None:
    own = ("-c", "user.name=t", "-c", "user.email=t@t", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *own, *words], cwd=folder, check=True, capture_output=True)


def test_the_gate_tells_what_a_change_does_and_which_lines_do_nothing(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    config = tmp_path / "r1.cfg"
    config.write_text(ROUTER.format(more=""), encoding="utf-8")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "first")
    config.write_text(ROUTER.format(more=WEB + WEB), encoding="utf-8")
    asked = GateRequest((tmp_path,), NOW, root=tmp_path, shown_from=tmp_path, since="HEAD")
    result = run_gate(asked)
    (router,) = result.traffic
    assert [change.new.line for change in router.changes] == [8]
    text = as_text(result, "en")
    assert "Traffic through r1:\n  newly permitted: tcp 0.0.0.0/0 → 10.67.1.0/24" in text
    assert "    before: r1.cfg:8: deny ip any any" in text
    assert any("r1.cfg:9" in note.en and "never used" in note.en for note in result.notes)
    (written,) = json.loads(FORMATS["json"](result, "en"))["gate"]["traffic"]
    assert written["changes"][0]["witness"]["from"] is None
    for name in ("sarif", "junit", "github", "markdown"):
        assert "newly permitted: tcp" in FORMATS[name](result, "en"), name


def test_a_filter_of_too_many_lines_is_not_searched_for_idle_ones() -> None:
    router = version("".join(f" deny udp any any eq {n}\n" for n in range(1, MOST_RULES + 2)))
    (note,) = idle_notes([router])
    assert note.en.startswith("r1: lines without effect not looked for")
