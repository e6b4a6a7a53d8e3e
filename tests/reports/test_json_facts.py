"""Facts as JSON: the promised shape, and true to the schema."""

from __future__ import annotations

import json
from ipaddress import ip_address, ip_interface, ip_network
from typing import Any

import pytest

from inventory.text import Text
from reports.json_facts import NotRead, render, schema
from rules.facts import FACT_TYPES, Citation, DeviceAccount, Known, SyslogTarget, Unknown
from rules.network_facts import Interface, Route

SCHEMA = schema()
WHY = Unknown(Text(vi="thiết bị không cho biết", en="not told"))
CITED = (Citation("O", "a.xml", 7, "x"), Citation("O", "b.xml", 9, "y"))


def strays(value: Any, rule: dict[str, Any]) -> str | None:
    """The first thing that the schema does not allow; enough of JSON Schema for ours."""
    if "$ref" in rule:
        rule = SCHEMA["$defs"][rule["$ref"].rsplit("/", 1)[1]]
    if "anyOf" in rule:
        tried = [strays(value, one) for one in rule["anyOf"]]
        return None if None in tried else f"none of anyOf: {tried}"
    if value not in rule.get("enum", [value]) or rule.get("const", value) != value:
        return f"{value!r} is not listed"
    if not _is_a(value, rule.get("type")):
        return f"{value!r} is no {rule.get('type')}"
    if isinstance(value, list):
        return next(filter(None, (strays(item, rule.get("items", {})) for item in value)), None)
    return _strays_in_fields(value, rule) if isinstance(value, dict) else None


def _strays_in_fields(value: dict[str, Any], rule: dict[str, Any]) -> str | None:
    fields = rule.get("properties", {})
    if missing := set(rule.get("required", ())) - value.keys():
        return f"missing {missing}"
    if rule.get("additionalProperties") is False and value.keys() - fields.keys():
        return f"extra {value.keys() - fields.keys()}"
    found = (strays(item, fields.get(name, {})) for name, item in value.items())
    return next(filter(None, found), None)


def _is_a(value: Any, kind: str | None) -> bool:
    kinds = {
        "null": type(None),
        "string": str,
        "boolean": bool,
        "integer": int,
        "number": (int, float),
        "array": list,
        "object": dict,
    }
    counted = kind not in ("integer", "number") or not isinstance(value, bool)
    return kind is None or (isinstance(value, kinds[kind]) and counted)


VALUES = {
    "identity.model": ("Room 12", "Room 12"),
    "service.telnet.enabled": (False, False),
    "management.allowlist": ((ip_network("192.0.2.0/24"),), ["192.0.2.0/24"]),
    "call.encryption": ("required", "required"),
    "snmp.versions": (("v2c", "v3"), ["v2c", "v3"]),
    "accounts": (
        (DeviceAccount("admin", role="admin", enabled=True),),
        [
            {
                "name": "admin",
                "role": "admin",
                "administrator": None,
                "enabled": True,
                "changed": None,
                "allowed_hosts": [],
                "password_set": None,
            }
        ],
    ),
    "syslog.targets": (
        (SyslogTarget("192.0.2.9", 514, "udp"),),
        [{"address": "192.0.2.9", "port": 514, "protocol": "udp"}],
    ),
    "interfaces": (
        (Interface("lan", (ip_interface("192.0.2.1/24"),), up=True),),
        [{"name": "lan", "addresses": ["192.0.2.1/24"], "vlan": None, "vrf": None, "up": True}],
    ),
    "routes": (
        (Route(ip_network("0.0.0.0/0"), ip_address("192.0.2.254"), "lan"),),
        [
            {
                "destination": "0.0.0.0/0",
                "via": "192.0.2.254",
                "interface": "lan",
                "metric": 0,
                "table": "main",
            }
        ],
    ),
}


@pytest.mark.parametrize(("name", "case"), VALUES.items(), ids=VALUES.keys())
def test_a_value_is_plain_json_with_the_first_line_that_proves_it(name: str, case: Any) -> None:
    value, written = case
    document = render("x", {name: Known(value, CITED)}, (), "en")
    assert document["facts"] == {name: {"value": written, "file": "a.xml", "line": 7}}
    assert json.loads(json.dumps(document, allow_nan=False)) == document
    assert strays(document, SCHEMA) is None


def test_any_address_is_an_empty_list() -> None:
    facts = render("x", {"management.allowlist": Known((), CITED)}, (), "en")["facts"]
    assert facts["management.allowlist"]["value"] == []


def test_a_reason_is_in_the_language_asked_for_and_no_value_stands_beside_it() -> None:
    for lang, said in (("vi", "thiết bị không cho biết"), ("en", "not told")):
        document = render("x", {"call.active": WHY}, (), lang)
        assert document["facts"] == {"call.active": {"unknown": said}}
        assert strays(document, SCHEMA) is None


def test_a_value_without_a_line_says_null() -> None:
    whole = (Citation("O", "a.xml", None, ""),)
    facts = {"call.active": Known(0), "identity.vendor": Known("x", whole)}
    document = render("x", facts, (), "en")
    assert document["facts"]["call.active"] == {"value": 0, "file": None, "line": None}
    assert document["facts"]["identity.vendor"]["file"] == "a.xml"
    assert strays(document, SCHEMA) is None


def test_facts_are_sorted_and_what_was_not_read_keeps_its_order() -> None:
    left = (NotRead("b", 2, "x", "why"), NotRead("a", None, "", "why"))
    document = render("x", {"ntp.servers": WHY, "accounts": WHY}, left, "en")
    assert list(document) == ["platform", "facts", "unread"]
    assert list(document["facts"]) == ["accounts", "ntp.servers"]
    assert document["unread"] == [
        {"file": "b", "line": 2, "text": "x", "why": "why"},
        {"file": "a", "line": None, "text": "", "why": "why"},
    ]
    assert strays(document, SCHEMA) is None


def test_the_schema_knows_every_fact_and_no_other() -> None:
    assert set(SCHEMA["properties"]["facts"]["properties"]) == set(FACT_TYPES)
    json.dumps(SCHEMA)


WRONG: dict[str, Any] = {
    "a fact nobody knows": {"identity.colour": {"unknown": "x"}},
    "a value and a reason": {"call.active": {"value": 1, "unknown": "x"}},
    "a text for a number": {"call.active": {"value": "1", "file": None, "line": None}},
    "a word that is not listed": {"call.encryption": {"value": "some", "file": None, "line": None}},
    "no line": {"call.active": {"value": 1, "file": None}},
}


@pytest.mark.parametrize("facts", WRONG.values(), ids=WRONG.keys())
def test_the_schema_refuses(facts: Any) -> None:
    assert strays({"platform": "x", "facts": facts, "unread": []}, SCHEMA)
