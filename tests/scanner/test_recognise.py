"""Banners to family, model and version: what each says, and which say nothing."""

from __future__ import annotations

import json
import random
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import pytest

from scanner.evidence import Document
from scanner.platforms import all_platforms, find
from scanner.platforms.signs import Kind
from scanner.recognise import Banner, agreed, banners_of, recognise
from tests.scanner.platforms.conformance import own_visits
from tests.scanner.recognise_examples import EXPRESSWAY, MCU, SAID, XAPI


@pytest.mark.parametrize(
    ("kind", "text", "family", "model", "version"),
    SAID,
    ids=[f"{row[0]}: {row[1]}" for row in SAID],
)
def test_a_banner_names_family_model_and_version(
    kind: Kind, text: str, family: str, model: str | None, version: str | None
) -> None:
    seen = recognise(Banner(kind, text))
    assert seen is not None
    assert (seen.family, seen.model, seen.version) == (family, model, version)
    assert seen.banner.text == text


SILENT: list[tuple[Kind, str]] = [
    ("greeting", "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3"),
    ("greeting", "220 (vsFTPd 3.0.3)"),
    ("greeting", "Welcome to Microsoft Telnet Service"),
    ("greeting", "Polycom Command Shell"),  # HDX and Group have it alike
    ("greeting", "Hi, my name is : x\r\nHere is what I know about myself:\r\nModel: VSX 7000"),
    ("greeting", "Welcome to ViewStation\n\nPassword:"),
    ("greeting", "Welcome to the Cisco TelePresence IP GW 3510, version 2.0(3.32)"),
    ("snmp-description", "Linux host 6.1.0-18-amd64 #1 SMP x86_64"),
    ("snmp-description", "Cisco TelePresence Conductor"),
    ("snmp-description", "HUAWEI AR1220 Huawei Versatile Routing Platform V200R010C10"),
    ("snmp-description", "ZTE ZXV10 W300"),  # a home router
    ("snmp-description", "Acanothus 2"),
    ("snmp-object-id", "1.3.6.1.4.1.8072.3.2.10"),
    ("snmp-object-id", "1.3.6.1.4.1.5596.1500.1"),
    ("snmp-object-id", "1.3.6.1.4.1.9.1.1208"),
    ("sip", "TANDBERG/4353 (XC2.2.1-b2bua-1.0)"),
    ("sip", "TANDBERG/777 (9.9)"),
    ("sip", "Yealink SIP-T46S 66.84.0.15"),
    ("sip", "Yealink VCDesktop 1.28.0.11"),
    ("sip", "Grandstream GXP2160 1.0.9.108"),
    ("sip", "PolycomVVX-VVX_1500-UA/3.3.3.0072"),
    ("sip", "Asterisk PBX 18.10.0"),
    ("sip", "Avaya-SM/7.1.3.0"),
    ("sip", ""),
    ("http-server", "Apache"),
    ("http-server", "Allegro-Software-RomPager/4.10"),
    ("http-realm", "router"),
    ("html-title", "Login"),
    ("certificate", "CN=localhost"),
    ("certificate", "CN=TANDBERG,O=Another"),
    ("certificate", "CN=www.lifesize.com.example"),
    ("favicon-md5", "d41d8cd98f00b204e9800998ecf8427e"),
]


@pytest.mark.parametrize(("kind", "text"), SILENT)
def test_what_could_be_another_device_names_none(kind: Kind, text: str) -> None:
    assert recognise(Banner(kind, text)) is None


def test_a_banner_of_another_kind_says_nothing() -> None:
    for kind in get_args(Kind):
        if kind != "sip":
            assert recognise(Banner(kind, "Yealink VC800 63.345.0.40")) is None


def test_every_sign_is_hit_by_an_example() -> None:
    """In the table above, or among the samples of its family (docs/adding-a-family.md)."""
    said = [Banner(kind, text) for kind, text, *_ in SAID]
    for family in all_platforms():
        for visit in own_visits(family.name):
            said += banners_of(visit.documents)
    hit = {(seen.family, seen.because) for banner in said if (seen := recognise(banner))}
    signs = {(family.name, sign.because) for family in all_platforms() for sign in family.signs}
    assert signs - hit == set()


def test_a_family_that_is_not_read_is_recognised_all_the_same() -> None:
    silent = {p.name for p in all_platforms() if p.not_read is not None}
    assert silent
    assert all(find(name).signs for name in silent)


# --- several banners of one device -------------------------------------------------------------


def document(source: str, *lines: str) -> Document:
    content = "\n".join((source, *lines)).encode()
    return Document(content, source, "P", datetime(2026, 1, 5, tzinfo=UTC), "may-quet")


def test_banners_of_one_device_are_put_together_with_their_lines() -> None:
    documents = [
        document("tls 10.67.101.10:443", "port 443", "subject CN=TANDBERG,O=TANDBERG ASA"),
        document(
            "snmp v2c get sysDescr 10.67.101.10:161",
            "sysDescr: Cisco Codec SoftW: ce9.15.0.1.aa MCU: Cisco Webex Room Kit Date: x",
            "sysObjectID: 1.3.6.1.4.1.5596.150.6.4.1",
            "sysName: Server: CE_C",
        ),
        document(
            "sip OPTIONS tcp x",
            "SIP/2.0 200 OK",
            "Server: TANDBERG/529 (ce9.15.0.1.aa) Cisco-RoomKit",
        ),
        document("xStatus", "User-Agent: Yealink VC800 63.345.0.40"),
    ]
    identity = agreed(banners_of(documents))
    assert identity is not None
    assert (identity.family, identity.model, identity.version) == (
        XAPI,
        "Room Kit",
        "ce9.15.0.1.aa",
    )
    where = [(e.banner.seen.source.split()[0], e.banner.seen.line) for e in identity.evidence]
    assert where == [("tls", 3), ("snmp", 2), ("snmp", 3), ("sip", 3)]


def test_banners_that_name_two_families_agree_on_none() -> None:
    assert agreed([Banner("http-server", "CE_E"), Banner("http-realm", "acano")]) is None
    assert agreed([Banner("http-server", "Apache")]) is None


def test_versions_that_differ_are_not_chosen_from() -> None:
    identity = agreed(
        [Banner("sip", "TANDBERG/4137 (X8.1)"), Banner("sip", "TANDBERG/4137 (X8.2)")]
    )
    assert identity is not None
    assert (identity.family, identity.version) == (EXPRESSWAY, None)


# --- hostile banners ---------------------------------------------------------------------------


def test_no_banner_takes_long() -> None:
    pieces = [text for _, text, *_ in SAID] + [
        "\x1b]0;x\x07",
        "A",
        " ",
        "(",
        "Model: ",
        "\x00",
        "ệ",
    ]
    chance = random.Random(2456)
    started = time.process_time()
    for _ in range(300):
        text = "".join(chance.choices(pieces, k=40))
        repeated = chance.choice(pieces) * 3000
        for kind in get_args(Kind):
            for banner in (text, repeated):
                if (seen := recognise(Banner(kind, banner))) is not None:
                    assert (seen.model or "x").isprintable()
    assert time.process_time() - started < 20


@pytest.mark.parametrize("extra", ["\x1b[31m", "<script>alert(1)</script>", "\u202e"])
def test_a_model_never_carries_what_steers_a_terminal(extra: str) -> None:
    seen = recognise(Banner("sip", f"Yealink VC800 63.345.0.40{extra}"))
    assert seen is None or (seen.model, seen.version) in {("VC800", "63.345.0.40"), ("VC800", None)}


# --- public banners ----------------------------------------------------------------------------

KINDS: dict[str, Kind] = {
    "FTP 220 banner text": "greeting",
    "HTML title": "html-title",
    "HTTP Server header": "http-server",
    "SIP Server header": "sip",
    "SIP User-Agent header": "sip",
    "X.509 subject": "certificate",
    "favicon MD5": "favicon-md5",
    "snmp sysDescr": "snmp-description",
    "telnet banner": "greeting",
}
NOT_ASKED = {"DHCP vendor class", "H.323 vendor:product:version"}
"""Kinds that no collector brings."""

NO_FAMILY_OF_OURS = (
    "Cisco TelePresence Conductor",
    "Cisco TelePresence Supervisor",
    "TANDBERG MPS-MCU",
    "TANDBERG/4353 (XC",  # Conductor
    "Welcome to the Cisco TelePresence AM GW",
    "Welcome to the Cisco TelePresence IP GW",
    "Polycom Command Shell",
    "Welcome to ViewStation",
    "Polycom DMA",
    "CN=EagleEyeDirector",
)

PUBLIC_FAMILIES = (
    # beginning of the banner -> family; the first that fits counts
    (("Cisco Codec", "TANDBERG Codec", "SNMP:", "TANDBERG/5", "CN=TANDBERG"), XAPI),
    (("TANDBERG/4137", "CE_"), EXPRESSWAY),
    (("Cisco TelePresence MCU", "Cisco TelePresence HD MCU", "a2e9"), MCU),
    (("Welcome to the Cisco TelePresence MCU", "Welcome to the Telepresence Server"), MCU),
    (("Polycom HDX", "PolycomHDX"), "polycom-hdx"),
    (("PolycomRealPresenceGroup",), "polycom-group"),
    (("Welcome to Polycom RMX",), "polycom-rmx"),
    (("400 - Bad Request  Lifesize", "ed61", "CN=lifesize", "CN=A_LifeSize"), "lifesize"),
)


def _squeezed(text: str) -> str:
    return "".join(character for character in text.lower() if character.isalnum())


@pytest.mark.corpus
def test_public_banners_give_their_family_version_and_model(shared: Path) -> None:
    listed = json.loads(
        (shared / "devices/fingerprints/recog_banners.json").read_text(encoding="utf-8")
    )
    assert len(listed) >= 50
    for line in listed:
        text = line["banner"]
        if line["kind"] in NOT_ASKED:
            continue
        seen = recognise(Banner(KINDS[line["kind"]], text))
        if text.startswith(NO_FAMILY_OF_OURS):
            assert seen is None, text
            continue
        family = next(name for begins, name in PUBLIC_FAMILIES if text.startswith(begins))
        assert seen is not None, text
        assert seen.family == family, text
        fields = line["recog_fields"]
        version = fields.get("os.version") or fields.get("hw.version")
        if version and version not in {"X7.3.7.01c84fd", "2.3(1.31)", "2.3.1.31"}:
            # those three are in no form of a codec's versions
            assert seen.version == version, text
        if seen.model is not None:
            assert _squeezed(seen.model) in _squeezed(text)
        number = fields.get("hw.model") or ""
        if family in {MCU, "polycom-hdx", "polycom-group"} and number:
            assert number in (seen.model or ""), text


@pytest.mark.corpus
def test_public_user_agents_give_model_and_version(shared: Path) -> None:
    path = shared / "devices/fingerprints/sip_user_agents_extra.txt"
    seen = [recognise(Banner("sip", line)) for line in path.read_text().splitlines() if line]
    assert [(s.family, s.model, s.version) for s in seen if s] == [
        ("yealink", "VC400", "30.23.0.20"),
        ("yealink", "VC400", "30.10.0.27"),
        ("aver", "EVC130", "00.01.12.81"),
    ]
