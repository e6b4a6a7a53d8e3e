"""Cisco codecs: documented defaults are reasons that name their release, and never values."""

from __future__ import annotations

import json

import pytest

from rules.facts import Unknown
from scanner.platforms.cisco_roomos import read
from scanner.platforms.cisco_roomos_defaults import DEFAULTS, KEYS, SCHEMAS
from tests.scanner.platforms.roomos_documents import TREE, document, lines, status, xml


def reason(release, key_left_out, configuration=TREE):
    tree = {path: value for path, value in configuration.items() if path != key_left_out}
    names = [name for name, key in KEYS.items() if key == key_left_out]
    facts = read([document(xml(tree, head=f'product="Cisco Codec" version="{release}"'))]).facts
    assert all(isinstance(facts[name], Unknown) for name in names)
    return facts[names[0]].reason


DOCUMENTED = [
    ("ce9.15.3.22.940f8cb2d63", "Security Session MaxFailedLogins", ": 0,", "9.15.17.4"),
    ("ce10.9.1.1.fb66b80147e", "Security Session MaxFailedLogins", ": 0,", "10.19.4.2"),
    ("ce26.4.1.2.aaaaaaaaaaa", "Security Session MaxFailedLogins", ": 5,", "26.4.1"),
    ("ce10.19.4.2", "NetworkServices HTTPS Server MinimumTLSVersion", ": TLSv1.1,", "10.19.4.2"),
    ("ce11.5.4.6", "NetworkServices HTTPS Server MinimumTLSVersion", ": TLSv1.2,", "11.27.2.0"),
    ("RoomOS 11.5.4.6 5bd0a4e", "Conference FarEndControl Mode", ": Auto,", "11.27.2.0"),
    ("ce9.12.4", "Conference FarEndControl Mode", ": On,", "9.15.17.4"),
    ("ce11.5.4.6", "Network 1 RemoteAccess Allow", ": empty (any address),", "11.27.2.0"),
    ("ce11.5.4.6", "Conference Encryption Mode", ": BestEffort,", "11.27.2.0"),
]


@pytest.mark.parametrize(("release", "key", "default", "schema"), DOCUMENTED)
def test_a_documented_default_is_a_reason_that_names_its_release(release, key, default, schema):
    told_why = reason(release, key)
    assert default in told_why.en
    assert f"vendor's schema of release {schema}" in told_why.en
    assert f"bản {schema}" in told_why.vi


@pytest.mark.parametrize("release", ["TC7.3.2.14ad7cc", "ce8.3.7", "ce27.1.1", "F9.1"])
def test_a_release_without_a_schema_has_no_documented_default(release):
    assert "schema" not in reason(release, "Conference Encryption Mode").en


@pytest.mark.parametrize(("release", "since"), [("ce9.9.1", True), ("ce9.10.0", False)])
def test_a_password_policy_came_with_a_release(release, since):
    told_why = reason(release, "UserManagement PasswordPolicy MaxLifetime")
    assert ("came with CE 9.10" in told_why.en) is since


def test_no_default_is_named_where_no_configuration_was_seen_or_its_release_is_unknown():
    for texts in ([status("ce11.5.4.6")], [lines({"NetworkServices SSH Mode": "On"})]):
        found = read([document(text) for text in texts]).facts["call.encryption"]
        assert isinstance(found, Unknown)
        assert "schema" not in found.reason.en


def test_a_value_that_is_not_understood_is_not_replaced_by_a_default():
    tree = {**TREE, "Conference Encryption Mode": "Sometimes"}
    found = read([document(xml(tree))]).facts["call.encryption"]
    assert "Sometimes" in found.reason.en


def test_the_table_of_defaults_is_complete():
    telnet = {"NetworkServices Telnet Mode"}
    assert set(KEYS.values()) == DEFAULTS.keys() | telnet
    assert all(defaults.keys() == SCHEMAS.keys() for defaults in DEFAULTS.values())


@pytest.mark.corpus
def test_the_table_of_defaults_says_what_the_schemas_say(shared):
    schema = json.loads(
        (shared / "devices/cisco-roomos/schema/security_settings.json").read_bytes()
    )
    releases = ("ce9.15.17.4", "10.19.4.2", "11.27.2.0", "26.4.1")
    for key, ours in DEFAULTS.items():
        path = key.replace("Network 1 ", "Network[1] ").replace("Server 1 ", "Server[1..3] ")
        said = None
        for release, generation in zip(releases, SCHEMAS, strict=True):
            given = schema[path][release]
            said = said if given == "as previous" else {entry["default"] for entry in given}
            wanted = ours[generation]
            if wanted.__class__ is str and len(said) == 1:
                assert wanted.removesuffix(" kbit/s") == next(iter(said)), (key, release)
            elif len(said) > 1:
                assert all(figure in wanted.en for figure in said), (key, release)
            else:
                assert said == {""}, (key, release)
