"""How configurations of firewalls and routers keep passwords, told after the passwords are gone.

Expected values: the vendors' command references that each family's module names.
"""

from __future__ import annotations

from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import pytest

from rules.facts import Known
from scanner.collect.redact import redact
from scanner.evidence import Document
from scanner.platforms import find

PLANTED = "Kh0ngDoan-4711"
NOW = datetime(2026, 11, 23, tzinfo=UTC)
IOS = (
    "version 15.7\nhostname r1\nboot-start-marker\nboot-end-marker\nenable secret 9 x\n"
    "snmp-server contact nobody\nno ip http server\n"
)
SAMPLES = Path(__file__).parent / "samples"

# family, lines, and (account, form, algorithm) of each secret
ROWS: list[tuple[str, str, list[tuple[str, str, str]]]] = [
    ("cisco_asa", "enable password {} encrypted", [("enable", "hash", "encrypted (MD5)")]),
    ("cisco_asa", "enable password {} pbkdf2", [("enable", "hash", "pbkdf2")]),
    ("cisco_asa", "passwd {} encrypted", [("passwd", "hash", "encrypted (MD5)")]),
    (
        "cisco_asa",
        "username kt password {} nt-encrypted privilege 15",
        [("kt", "hash", "nt-encrypted (MD4, without salt)")],
    ),
    ("cisco_asa", "snmp-server community {}", [("snmp", "plain", "community")]),
    (
        "cisco_asa",
        "aaa-server AAA (inside) host 10.0.0.1\n key {}",
        [("aaa-server AAA", "plain", "key")],
    ),
    ("cisco_asa", "aaa-server AAA (inside) host 10.0.0.1\n key *****", []),
    ("cisco_asa", "username kt nopassword privilege 15", []),
    ("cisco_asa", "password-policy minimum-length 12", []),
    (
        "huawei_vrp",
        "aaa\n local-user kt password irreversible-cipher {}",
        [("kt", "hash", "irreversible-cipher")],
    ),
    ("huawei_vrp", " local-user kt password cipher {}", [("kt", "reversible", "cipher")]),
    ("huawei_vrp", " local-user kt password simple {}", [("kt", "plain", "simple")]),
    ("huawei_vrp", "super password level 3 cipher {}", [("super", "reversible", "cipher")]),
    (
        "huawei_vrp",
        "user-interface vty 0 4\n set authentication password cipher {}",
        [("user-interface vty 0 4", "reversible", "cipher")],
    ),
    ("huawei_vrp", "snmp-agent community read cipher {}", [("snmp", "reversible", "cipher")]),
    ("huawei_vrp", "snmp-agent community write {}", [("snmp", "plain", "community")]),
    ("huawei_vrp", " local-user kt service-type ssh", []),
    (
        "juniper_srx",
        "system {{\n  login {{\n    user kt {{\n      authentication {{\n"
        '        encrypted-password "{}";\n',
        [("kt", "hash", "encrypted-password")],
    ),
    (
        "juniper_srx",
        'system {{\n  radius-server {{\n    10.0.0.1 {{\n      secret "{}";\n',
        [("10.0.0.1", "reversible", "secret ($9$)")],
    ),
    (
        "juniper_srx",
        'set system root-authentication encrypted-password "{}"',
        [("root", "hash", "encrypted-password")],
    ),
    (
        "juniper_srx",
        'set system login user kt authentication encrypted-password "{}"',
        [("kt", "hash", "encrypted-password")],
    ),
    ("juniper_srx", "snmp {{\n    community {} {{\n", [("snmp", "plain", "community")]),
    ("juniper_srx", "policy-options {{\n    community khach members 65000:1;\n", []),
    (
        "fortios",
        'config system admin\n    edit "kt"\n        set password ENC {}\n    next\nend',
        [("kt", "hash", "ENC")],
    ),
    (
        "fortios",
        'config user local\n    edit "nv"\n        set passwd ENC {}\n    next\nend',
        [("user local nv", "reversible", "ENC")],
    ),
    (
        "fortios",
        'config vpn ipsec phase1-interface\n    edit "hub"\n        set psksecret ENC {}\n',
        [("vpn ipsec phase1-interface hub", "reversible", "ENC")],
    ),
    (
        "fortios",
        'config system snmp community\n    edit 1\n        set name "{}"\n    next\nend',
        [("snmp", "plain", "community")],
    ),
    ("fortios", 'config system admin\n    edit "kt"\n        set accprofile "x"\n', []),
    (
        "mikrotik_routeros",
        "/ppp secret\nadd name=kt password={} service=pptp",
        [("ppp secret", "plain", "export")],
    ),
    ("mikrotik_routeros", "/snmp community\nadd name={}", [("snmp", "plain", "community")]),
    ("mikrotik_routeros", "/user\nadd name=kt group=full", []),
    (
        "paloalto",
        '<entry name="kt">\n  <phash>{}</phash>\n</entry>',
        [("kt", "hash", "phash")],
    ),
    ("paloalto", "set mgt-config users kt phash $5$ab${}", [("kt", "hash", "phash")]),
    (
        "paloalto",
        "<snmp-community-string>{}</snmp-community-string>",
        [("snmp", *("plain", "community"))],
    ),
    (
        "pfsense",
        "<user>\n<name>kt</name>\n<bcrypt-hash>{}</bcrypt-hash>\n</user>",
        [("kt", "hash", "bcrypt")],
    ),
    ("pfsense", "<name>kt</name>\n<md5-hash>{}</md5-hash>", [("kt", "hash", "MD5")]),
    ("pfsense", "<rocommunity>{}</rocommunity>", [("snmp", "plain", "community")]),
    (
        "cisco_ios",
        "tacacs server T\n address ipv4 10.0.0.1\n key 7 {}",
        [("tacacs server T", "reversible", "type 7 (Vigenère)")],
    ),
    ("cisco_ios", "radius server R\n key {}", [("radius server R", "plain", "type 0")]),
    (
        "cisco_ios",
        "radius-server host 10.0.0.1 key 7 {}",
        [("radius-server", "reversible", "type 7 (Vigenère)")],
    ),
    ("cisco_ios", "key chain K\n key 1\n  key-string {}", []),
]


def redacted(text: str) -> Document:
    document = Document(redact(text.encode(), ()), "x.cfg", "O", NOW)
    assert PLANTED not in document.text
    return document


def stored(family: str, lines: str) -> list[tuple[str, str, str]]:
    document = redacted(lines.format(PLANTED) + "\n")
    if family == "cisco_ios":
        text = f"{IOS}{document.text}end\n"
        facts = find("cisco-ios").read([redacted(text)]).facts
    else:
        module = import_module(f"scanner.platforms.{family}.stored_secrets")
        facts = module.stored_secrets(document)
    fact = facts.get("credentials.storage")
    if not isinstance(fact, Known):
        return []
    assert "redacted" not in repr(fact)
    kept = [(one.account, one.form, one.algorithm) for one in fact.value]
    return [one for one in kept if one[0] != "enable" or family != "cisco_ios"]


@pytest.mark.parametrize(("family", "lines", "expected"), ROWS, ids=[*map(str, range(len(ROWS)))])
def test_the_form_is_told(family: str, lines: str, expected: list[tuple[str, str, str]]) -> None:
    assert stored(family, lines) == expected


@pytest.mark.parametrize("family", ["fortios", "huawei-vrp", "juniper-srx", "pfsense"])
def test_a_whole_configuration_tells_it(family: str) -> None:
    """The readers ask their tables; the samples of these families keep at least one password."""
    told = set()
    for path in (SAMPLES / family).rglob("*"):
        if path.is_file():
            document = Document(redact(path.read_bytes(), ()), path.name, "O", NOW)
            fact = find(family).read([document]).facts.get("credentials.storage")
            told.add(isinstance(fact, Known) and bool(fact.citations))
    assert True in told
