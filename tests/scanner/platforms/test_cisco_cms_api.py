"""Cisco Meeting Server, REST API: answers to facts; damaged and hostile answers to unknowns."""

import random
from datetime import UTC, datetime

import pytest

from rules.facts import Known, Unknown
from scanner.evidence import Document
from scanner.platforms.cisco_cms import read
from scanner.platforms.cisco_cms_api import profile_ids, rule_ids

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def document(source, content, evidence_class="C"):
    content = content.encode() if isinstance(content, str) else content
    return Document(content, source, evidence_class, NOW)


def fact(name, *documents):
    return read(documents).facts.get(name, Unknown(None))


def value(found):
    return found.value if isinstance(found, Known) else "unknown"


@pytest.mark.corpus
def test_the_call_list_of_a_server_in_a_meeting(shared):
    content = (shared / "devices/cisco-cms/api-v1-test-doubles/calls.xml").read_bytes()
    active = fact("call.active", document("GET /api/v1/calls", content))
    assert active.value == 1
    assert active.citations[0].line == 1


@pytest.mark.corpus
def test_other_answers_of_the_api_say_nothing(shared):
    folder = shared / "devices/cisco-cms/api-v1-test-doubles"
    for name in ("system_alarms.xml", "ldapServers.xml", "callBridges.xml"):
        seen = document(f"GET /{name}", (folder / name).read_bytes())
        assert value(fact("call.active", seen)) == "unknown"
        assert read([seen]).unread


PROFILE = "5b1c7f0e-6a55-4f5e-9f0a-2c4b8d3e7a10"
OTHER = "11111111-2222-3333-4444-555555555555"


def status(version="3.9", legs="0"):
    return document(
        "GET /api/v1/system/status",
        f'<?xml version="1.0"?>\n<status>\n<softwareVersion>{version}</softwareVersion>\n'
        f"<callLegsActive>{legs}</callLegsActive>\n</status>\n",
    )


def calls(total):
    return document("GET /api/v1/calls", f'<calls total="{total}"></calls>\n')


def leg(encryption="", state=""):
    return document(
        f"GET /api/v1/callLegs/{OTHER}",
        f"<callLeg id='{OTHER}'><configuration><sipMediaEncryption>{encryption}"
        f"</sipMediaEncryption></configuration>\n<status><state>{state}</state></status></callLeg>",
    )


def profiles(*ids, total=None):
    own = document(
        "GET /api/v1/system/profiles",
        f"<profiles><callLegProfile>{ids[0]}</callLegProfile></profiles>\n",
    )
    items = "".join(f'<callLegProfile id="{i}"><name>x</name></callLegProfile>' for i in ids)
    count = len(ids) if total is None else total
    text = f'<callLegProfiles total="{count}">{items}</callLegProfiles>\n'
    return own, document("GET /api/v1/callLegProfiles", text)


def profile(identity, encryption):
    setting = f"<sipMediaEncryption>{encryption}</sipMediaEncryption>" if encryption else ""
    return document(
        f"GET /api/v1/callLegProfiles/{identity}",
        f'<callLegProfile id="{identity}">\n{setting}<x>1</x></callLegProfile>\n',
    )


def test_the_status_names_the_product_and_its_version():
    facts = read([status("3.9")]).facts
    assert facts["software.version"].value == "3.9"
    assert facts["software.version"].citations[0].line == 3
    assert facts["identity.model"].value == "Cisco Meeting Server"


CALLS = [
    ((status(legs="0"), calls(0)), 0),
    ((status(legs="3"), calls(1)), 3),
    ((status(legs="0"), calls(1)), 1),
    ((status(legs="0"),), 0),
    ((status(legs="0"), document("GET /api/v1/calls", "<calls ")), "unknown"),
    ((calls(0),), "unknown"),
    ((document("call", '<call id="1"><numCallLegs>2</numCallLegs></call>\n'),), 2),
    ((document("call", '<call id="1"><numCallLegs>0</numCallLegs></call>\n'),), "unknown"),
    ((leg(state="connected"),), 1),
    ((leg(state="asleep"),), "unknown"),
    ((status(legs="many"), calls(0)), "unknown"),
    ((calls(""),), "unknown"),
    ((), "unknown"),
]


@pytest.mark.parametrize(("documents", "expected"), CALLS)
def test_no_call_is_known_only_when_nothing_tells_of_one(documents, expected):
    assert value(fact("call.active", *documents)) == expected


ENCRYPTION = [
    ((*profiles(PROFILE), profile(PROFILE, "required")), "required"),
    ((*profiles(PROFILE), profile(PROFILE, "optional")), "best-effort"),
    ((*profiles(PROFILE), profile(PROFILE, "prohibited")), "off"),
    ((*profiles(PROFILE), profile(PROFILE, "")), "unknown"),
    ((*profiles(PROFILE), profile(PROFILE, "sometimes")), "unknown"),
    ((*profiles(PROFILE),), "unknown"),
    (
        (*profiles(PROFILE, OTHER), profile(PROFILE, "required"), profile(OTHER, "optional")),
        "best-effort",
    ),
    ((*profiles(PROFILE, OTHER), profile(PROFILE, "required"), profile(OTHER, "")), "required"),
    ((*profiles(PROFILE, OTHER), profile(PROFILE, "required")), "unknown"),
    ((*profiles(PROFILE, total=30), profile(PROFILE, "required")), "unknown"),
    ((*profiles(PROFILE, OTHER, total=30), profile(OTHER, "prohibited")), "off"),
    ((*profiles(OTHER), profile(PROFILE, "required")), "unknown"),
    ((leg("optional"),), "best-effort"),
    ((leg("prohibited"), leg("optional")), "off"),
    ((leg("required"),), "unknown"),
    ((*profiles(PROFILE), profile(PROFILE, "required"), leg("optional")), "required"),
]


@pytest.mark.parametrize(("documents", "expected"), ENCRYPTION)
def test_media_encryption_is_that_of_the_weakest_profile(documents, expected):
    assert value(fact("call.encryption", *documents)) == expected


def rules(*ids, total=None):
    items = "".join(
        f'<outboundDialPlanRule id="{i}"><domain>x</domain></outboundDialPlanRule>' for i in ids
    )
    count = len(ids) if total is None else total
    text = f'<outboundDialPlanRules total="{count}">{items}</outboundDialPlanRules>\n'
    return document("GET /api/v1/outboundDialPlanRules", text)


def rule(name, said):
    return document(
        f"GET /api/v1/outboundDialPlanRules/{name}",
        f'<outboundDialPlanRule id="{name}"><domain>x</domain>\n'
        f"<sipControlEncryption>{said}</sipControlEncryption></outboundDialPlanRule>\n",
    )


SIGNALLING = [
    ((), "unknown"),
    ((rules(),), "best-effort"),
    ((rules(PROFILE), rule(PROFILE, "encrypted")), "best-effort"),
    ((rules(PROFILE), rule(PROFILE, "auto")), "best-effort"),
    ((rules(PROFILE), rule(PROFILE, "unencrypted")), "off"),
    ((rules(PROFILE), rule(PROFILE, "")), "unknown"),
    ((rules(PROFILE), rule(PROFILE, "maybe")), "unknown"),
    ((rules(PROFILE),), "unknown"),
    ((rules(PROFILE, OTHER), rule(PROFILE, "encrypted")), "unknown"),
    ((rules(PROFILE, OTHER), rule(OTHER, "unencrypted")), "off"),
    ((rules(PROFILE, total=25), rule(PROFILE, "encrypted")), "unknown"),
    ((rules(total="many"),), "unknown"),
    ((rule(PROFILE, "encrypted"),), "unknown"),
    ((rules(PROFILE), rule(PROFILE, "encrypted"), rule(PROFILE, "unencrypted")), "off"),
]


@pytest.mark.parametrize(("documents", "expected"), SIGNALLING)
def test_signalling_is_that_of_the_weakest_rule_for_outgoing_calls(documents, expected):
    assert value(fact("sip.encryption", *documents)) == expected


def test_rule_ids_are_ids_and_nothing_else():
    assert rule_ids([rules(PROFILE, "../../system/database", OTHER)]) == (PROFILE, OTHER)


def test_profile_ids_are_ids_and_nothing_else():
    wild = "../../system/database"
    assert profile_ids(profiles(PROFILE, OTHER, wild)) == (PROFILE, OTHER)


# --- damaged and hostile -------------------------------------------------------------------------

WHOLE = [
    status("3.13", "10"),
    calls(10),
    *profiles(PROFILE),
    profile(PROFILE, "required"),
]


@pytest.mark.parametrize("broken", range(len(WHOLE)))
def test_a_truncated_answer_gives_the_same_fact_or_unknown(broken):
    whole = read(WHOLE).facts
    content = WHOLE[broken].content
    chance = random.Random(broken)
    for cut in sorted({chance.randrange(1, len(content)) for _ in range(200)}):
        seen = list(WHOLE)
        seen[broken] = document(WHOLE[broken].source, content[:cut])
        for name, found in read(seen).facts.items():
            if isinstance(found, Known):
                assert found.value == value(whole[name]), (cut, name)


HOSTILE = [
    b"\x00" * 1000,
    b"\xff\xfe\x00",
    b"<" * 10_000,
    b"<status>" * 5000,
    b'<!DOCTYPE a [<!ENTITY b "9">]><status><softwareVersion>&b;</softwareVersion></status>',
    b"<status><softwareVersion>3.9\x1b[31m</softwareVersion></status>",
    b"<status><softwareVersion>&lt;script&gt;</softwareVersion></status>",
    b"<calls total='999999999999999999999'/>",
    b": : :\n" * 10_000,
    b"A" * 300_000 + b"\n",
    b"Enabled" + b" " * 100_000 + b"\n",
    "Enabled : \u202etrue\n".encode(),
]


@pytest.mark.parametrize("content", HOSTILE)
def test_hostile_answers_are_unknown_and_never_raise(content):
    facts = read([document("GET /api/v1/calls", content)]).facts
    assert not [name for name, found in facts.items() if isinstance(found, Known)]
