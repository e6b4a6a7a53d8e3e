"""A service that the product does not have is off where the device shows that it is the product."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from inventory.text import Text
from rules.facts import SERVICES, Citation, Fact, Known, Unknown
from scanner.evidence import Document
from scanner.platforms import all_platforms, find
from scanner.platforms.absent_services import with_absent_services
from scanner.platforms.model import Absent, Platform, Reading
from tests.scanner.platforms import conformance as kit

DECLARED = [platform for platform in all_platforms() if platform.without]
FTP, SSH, RELEASE = "service.ftp.enabled", "service.ssh.enabled", "software.version"
LINE = Citation("C", "xConfiguration", 7, "NetworkServices SSH Mode: On")
VERSION = Citation("C", "xStatus", 3, "Version: 11.5")
OPEN = Unknown(Text(vi="chưa rõ", en="open"))
LIST = Absent(("ftp",), "ACME ports", "acme.example", (SSH,), since="10.2", before="12")


def acme(*absent: Absent) -> Platform:
    """A family whose releases are ordered as those of the codecs are."""
    return replace(find("cisco-roomos"), without=absent or (LIST,))


def told(release: str = "11.5", **changed: Fact[Any]) -> Mapping[str, Fact[Any]]:
    facts: dict[str, Fact[Any]] = {
        SSH: Known(True, (LINE,)),
        RELEASE: Known(release, (VERSION,)),
    }
    return facts | {name.replace("_", "."): fact for name, fact in changed.items()}


def ftp(facts: Mapping[str, Fact[Any]], platform: Platform | None = None) -> Fact[Any] | None:
    return with_absent_services(platform or acme(), Reading(facts)).facts.get(FTP)


def test_the_document_and_the_lines_of_the_device_are_its_proof() -> None:
    document = Citation(
        "D", "vendor documentation: acme.example", text="ACME ports, lists no ftp service"
    )
    assert ftp(told()) == Known(False, (document, LINE, VERSION))


def test_without_a_release_in_the_list_the_release_is_no_matter() -> None:
    anywhere = acme(replace(LIST, since="", before=""))
    known = ftp({SSH: Known(False, (LINE,))}, anywhere)
    assert isinstance(known, Known)
    assert known.citations[1:] == (LINE,)


@pytest.mark.parametrize("release", ["10.2", "ce10.2.1", "11.99"])
def test_releases_that_the_list_speaks_of(release: str) -> None:
    assert isinstance(ftp(told(release)), Known)


@pytest.mark.parametrize("release", ["10.1", "9.15", "12", "12.0.1", "26.4", "tc7.3.1", "new"])
def test_other_releases_stay_open(release: str) -> None:
    assert ftp(told(release)) is None


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {RELEASE: Known("11.5", (VERSION,))},
        told(service_ssh_enabled=OPEN),
        told(service_ssh_enabled=Known(True)),
        told(software_version=OPEN),
        {SSH: Known(True, (LINE,))},
    ],
    ids=["nothing", "no setting", "setting unknown", "not cited", "no release", "release missing"],
)
def test_a_device_that_shows_nothing_stays_open(facts: Mapping[str, Fact[Any]]) -> None:
    assert ftp(facts) is None


def test_every_setting_of_the_list_must_be_shown() -> None:
    both = acme(replace(LIST, shown_by=(SSH, "service.snmp.enabled")))
    assert ftp(told(), both) is None
    assert isinstance(ftp(told(service_snmp_enabled=Known(False, (LINE,))), both), Known)


def test_a_list_that_names_no_setting_proves_nothing() -> None:
    assert ftp(told(), acme(replace(LIST, shown_by=()))) is None


@pytest.mark.parametrize("own", [Known(True, (LINE,)), Known(False, (LINE,)), OPEN])
def test_what_the_device_tells_itself_stays(own: Fact[bool]) -> None:
    assert ftp(told(service_ftp_enabled=own)) == own


def test_what_no_file_can_tell_is_told_by_the_list() -> None:
    own = replace(OPEN, in_no_file=True)
    assert isinstance(ftp(told(service_ftp_enabled=own)), Known)


# --- the families ----------------------------------------------------------------------------

NOW = datetime(2026, 1, 5, tzinfo=UTC)


def off(platform: str, *texts: str) -> set[str]:
    """Services that the family's list says are off, of documents with these contents."""
    documents = [
        Document(text.encode(), f"{n}.txt", "C", NOW, family=platform)
        for n, text in enumerate(texts)
    ]
    family = find(platform)
    facts = with_absent_services(family, family.read(documents)).facts
    return {
        name.split(".")[1]
        for name, fact in facts.items()
        if isinstance(fact, Known) and any(c.evidence_class == "D" for c in fact.citations)
    }


def codec(release: str, *more: str, end: str = "** end\n") -> str:
    services = ("SSH Mode: On", "HTTP Mode: HTTPS", "SNMP Mode: Off", *more)
    status = (
        f'*s SystemUnit ProductId: "Cisco Room Kit"\n*s SystemUnit Software Version: "{release}"'
    )
    lines = "\n".join(f"*c xConfiguration NetworkServices {line}" for line in services)
    return f"{status}\n** end\n{lines}\n{end}"


CODECS = [
    (codec("ce11.28.1.5.04b277ca762"), {"ftp", "tftp", "telnet"}),
    (codec("26.9.1"), {"ftp", "tftp", "telnet"}),
    (codec("ce9.15.17.4"), {"ftp", "tftp"}),
    (codec("ce11.5.2.4", "Telnet Mode: Off"), {"ftp", "tftp"}),
    (codec("ce11.5.2.4", "Telnet Mode: Maybe"), {"ftp", "tftp"}),
    (codec("ce11.5.2.4", end=""), {"ftp", "tftp"}),
    (codec("ce9.6.1"), set()),
    (codec("tc7.3.1"), set()),
    (codec("27.1"), set()),
    (codec("ce11.5.2.4").replace("HTTP Mode: HTTPS", "HTTP Mode: Perhaps"), set()),
    (codec("ce11.5.2.4").replace("*c xConfiguration NetworkServices SNMP Mode: Off\n", ""), set()),
]


@pytest.mark.parametrize(("text", "expected"), CODECS)
def test_codecs(text: str, expected: set[str]) -> None:
    assert off("cisco-roomos", text) == expected


def mcu(*names: str) -> str:
    services = "".join(
        "<value><struct><member><name>name</name>\n"
        f"<value><string>{name}</string></value></member>\n"
        "<member><name>enabled</name>\n<value><boolean>0</boolean></value></member>"
        "</struct></value>\n"
        for name in names
    )
    return (
        "<?xml version='1.0'?>\n<methodResponse><params><param><value><struct><member>"
        "<name>ports</name><value><array><data><value><struct>\n"
        "<member><name>port</name><value><string>A</string></value></member>"
        "<member><name>services</name>\n<value><array><data>"
        f"{services}</data></array></value></member></struct></value></data></array></value>"
        "</member></struct></value></param></params></methodResponse>\n"
    )


SYSTEM = (
    "<system>\n<manufacturer>Cisco</manufacturer>\n<model>Cisco TelePresence MCU 4510</model>\n"
    "<softwareVersion>4.5(1.89)</softwareVersion>\n</system>\n"
)
LISTED = ("http", "https", "ftp", "h225", "snmp", "sip_tcp", "sip_udp", "sips_tcp")


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ((SYSTEM, mcu(*LISTED)), {"telnet", "tftp", "upnp"}),
        ((SYSTEM, mcu(*LISTED, "rtsp", "mms")), {"telnet", "tftp", "upnp"}),
        ((SYSTEM, mcu(*LISTED, "telnet")), set()),
        ((SYSTEM, mcu(*LISTED, "webconsole")), set()),
        ((SYSTEM, mcu("http", "https", "snmp")), set()),
        ((SYSTEM,), set()),
    ],
)
def test_conference_units(texts: tuple[str, ...], expected: set[str]) -> None:
    assert off("cisco-mcu", *texts) == expected


@pytest.mark.parametrize("platform", DECLARED, ids=lambda p: p.name)
def test_a_list_names_its_source_and_services_that_the_device_cannot_tell(
    platform: Platform,
) -> None:
    for absent in platform.without:
        assert absent.title
        assert absent.source
        assert absent.shown_by
        assert set(absent.services) <= set(SERVICES)
        assert len(f"{absent.title}, lists no telnet service") <= 200
        for end in filter(None, (absent.since, absent.before)):
            assert platform.version_key(end) is not None


SAMPLED = [p for p in DECLARED if p.name != "cisco-mcu"]
"""The sample of the conference unit holds no list of services; its table stands above."""


@pytest.mark.parametrize("platform", SAMPLED, ids=lambda p: p.name)
def test_our_own_device_confirms_the_list_and_a_part_of_it_says_no_more(
    platform: Platform,
) -> None:
    listed = {name for absent in platform.without for name in absent.services}
    whole: set[str] = set()
    for visit in kit.own_visits(platform.name):
        texts = [d.text for sample in visit.one_by_one() for d in sample.documents()]
        said = off(platform.name, *texts)
        whole |= said
        for part in range(1, 10):
            cut = [text[: len(text) * part // 10] for text in texts]
            assert off(platform.name, *cut) <= said
    assert whole
    assert whole <= listed
