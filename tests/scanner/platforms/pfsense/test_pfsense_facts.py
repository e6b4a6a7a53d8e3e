"""pfSense and OPNsense: what a file tells beside its filters, and whose files are not theirs."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from rules.facts import Known, SyslogTarget, Unknown
from scanner.evidence import Document
from scanner.platforms import find
from scanner.platforms.pfsense import PLATFORM, read, version_key

SAMPLE = Path(__file__).parents[1] / "samples/pfsense/gate/config.xml"


def document(content: bytes, name: str = "config.xml") -> Document:
    return Document(content, name, "O", datetime.now(UTC))


def fact(name: str, text: str | None = None) -> object:
    content = SAMPLE.read_bytes() if text is None else text.encode()
    found = read([document(content)]).facts.get(name)
    return found.value if isinstance(found, Known) else found


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("identity.vendor", "Netgate"),
        ("service.https.enabled", True),
        ("service.http.enabled", False),
        ("service.ssh.enabled", True),
        ("ssh.password_login", False),
        ("service.snmp.enabled", True),
        ("snmp.default_community", True),
        ("management.idle_timeout_s", 600),
        ("ntp.servers", ("10.20.9.4", "10.20.9.6")),
        ("syslog.targets", (SyslogTarget("10.20.9.5", 5514, "udp"),)),
        ("vlans", (120,)),
    ],
)
def test_settings(name: str, value: object) -> None:
    assert fact(name) == value


@pytest.mark.parametrize(
    ("old", "new", "name", "value"),
    [
        ("<enable>enabled</enable>", "", "service.ssh.enabled", False),
        ("<protocol>https<", "<protocol>http<", "service.http.enabled", True),
        ("<rocommunity>public<", "<rocommunity>&lt;redacted&gt;<", "snmp.default_community", False),
        ("<snmpd>\n\t\t<enable></enable>", "<snmpd>", "service.snmp.enabled", False),
    ],
)
def test_switches_are_tags(old: str, new: str, name: str, value: object) -> None:
    text = SAMPLE.read_text()
    assert old in text
    assert fact(name, text.replace(old, new)) == value


def test_the_redirect_to_https_leaves_http_open() -> None:
    text = SAMPLE.read_text().replace("<disablehttpredirect></disablehttpredirect>", "")
    assert isinstance(fact("service.http.enabled", text), Unknown)


def test_accounts() -> None:
    found = fact("accounts")
    assert isinstance(found, tuple)
    assert [(a.name, a.administrator, a.enabled) for a in found] == [
        ("admin", True, True),
        ("watch", None, False),
    ]


def test_interfaces_routes_and_queues() -> None:
    interfaces, routes, classes = (fact(n) for n in ("interfaces", "routes", "qos.classes"))
    assert isinstance(interfaces, tuple)
    assert {i.name: i.vlan for i in interfaces} == {"wan": None, "lan": None, "opt1": 120}
    assert isinstance(routes, tuple)
    assert [(str(r.destination), r.interface) for r in routes] == [
        ("203.0.113.16/29", "wan"),
        ("10.20.10.0/24", "lan"),
        ("10.20.120.0/24", "opt1"),
        ("10.30.0.0/16", "opt1"),
        ("0.0.0.0/0", "wan"),
    ]
    assert isinstance(classes, tuple)
    conference, whole = classes
    assert (whole.interface, whole.keeps, whole.limit_kbps) == ("wan", False, 20_000)
    assert (conference.interface, conference.reserved_kbps) == ("wan", 4000)
    assert conference.matches


def test_a_scheduler_that_keeps_nothing() -> None:
    found = fact("qos.classes", SAMPLE.read_text().replace("CBQ", "PRIQ"))
    assert isinstance(found, tuple)
    assert found[0].reserved_kbps is None
    assert found[0].keeps is False


@pytest.mark.parametrize("end", [60, 1500, 3000])
def test_a_file_that_is_cut_off_tells_nothing(end: int) -> None:
    reading = read([document(SAMPLE.read_bytes()[:end])])
    assert not [f for f in reading.facts.values() if isinstance(f, Known)]
    assert reading.unread


@pytest.mark.parametrize(
    "content",
    [b"", b"<a/>", b"<pfsense/>", b"<pfsense>" * 99, b"<!DOCTYPE pfsense []><pfsense/>", b"\xff<"],
)
def test_nothing_is_made_of_anything_else(content: bytes) -> None:
    facts = read([document(content)]).facts
    assert not [fact for fact in facts.values() if isinstance(fact, Known)]


def test_entities_are_refused() -> None:
    text = SAMPLE.read_text().replace("<pfsense>", '<!DOCTYPE p [<!ENTITY a "b">]><pfsense>')
    assert fact("identity.vendor", text) is None


def test_releases_and_names() -> None:
    assert version_key("2.7.2-RELEASE") == version_key("2.7.2")
    assert version_key("latest") is None
    assert find("opnsense").name == PLATFORM.name


@pytest.mark.corpus
def test_every_file_of_the_corpus_is_read(shared: Path) -> None:
    lines = unread = 0
    for folder in ("pfsense", "opnsense"):
        for file in sorted((shared / "netconfigs" / folder).iterdir()):
            if file.name == "SOURCES.md":
                continue
            one = document(file.read_bytes(), file.name)
            assert isinstance(read([one]).facts["filters"], Known), file.name
            assert PLATFORM.coverage is not None
            covered = PLATFORM.coverage(one)
            lines += covered.read + covered.irrelevant + covered.unread
            unread += covered.unread
    assert unread / lines < 0.08  # <installedpackages> of pfSense


@pytest.mark.corpus
def test_files_of_other_vendors_are_not_theirs(shared: Path) -> None:
    for file in sorted((shared / "netconfigs").glob("*/*")):
        if file.parent.name not in {"pfsense", "opnsense"}:
            assert read([document(file.read_bytes(), file.name)]).facts == {}, file
