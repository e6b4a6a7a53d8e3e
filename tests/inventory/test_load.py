"""A broken inventory is refused with line, expectation and suggestion; all problems at once."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from inventory.load import Loaded, load, loads
from inventory.problems import InventoryError

HEAD = """\
organisation: {name: Đơn vị, province: Tỉnh}
sites:
  - {id: tt, name: Trung tâm, level: province}
  - {id: xa, name: Xã, level: commune}
zones:
  - {id: hnth, kind: hnth, site: tt, prefixes: [10.0.1.0/24]}
  - {id: vp, kind: office, prefixes: [10.0.4.0/24]}
"""
DEVICES = """\
devices:
  - {id: mcu, kind: mcu, site: tt, address: 10.0.1.10}
  - {id: vcs, kind: vcs, site: tt, address: 10.0.1.11}
"""
GOOD = HEAD + DEVICES  # 10 lines: what a case appends begins on line 11

HIDDEN = "; what was written is not shown"
SECRET_KEY = (
    "there is no such key; secrets do not belong in this file, only where they are: "
    '"credential:" with "username" and "password: env:NAME" or "file:PATH"'
)
REFERENCE = (
    "secrets do not belong in this file; write env:NAME or file:PATH (a file with mode 0600)"
)


def problems(text: str) -> list[str]:
    with pytest.raises(InventoryError) as caught:
        loads(text, "i.yaml")
    return [problem.in_language("en") for problem in caught.value.problems]


def device(**keys: str) -> str:
    fields = {"id": "d", "kind": "vcs", "site": "tt", "address": "10.0.1.12", **keys}
    return GOOD + "  - {" + ", ".join(f"{k}: {v}" for k, v in fields.items()) + "}\n"


def appended(text: str) -> str:
    return GOOD + textwrap.dedent(text).lstrip("\n")


BROKEN = {
    "misspelt key": (
        "organisation: {nam: X, province: T}\n" + GOOD.split("\n", 1)[1],
        ['i.yaml:1: there is no key "nam" in "organisation"; did you mean "name"?'],
    ),
    "unknown key without a neighbour": (
        "organisation: {name: X, province: T, xyzzy: 1}\n" + GOOD.split("\n", 1)[1],
        [
            'i.yaml:1: there is no key "xyzzy" in "organisation"; the keys here are: '
            "in_use_since, name, operator, place, province, short_name, superior, system_level"
        ],
    ),
    "missing key": (
        "organisation: {name: X}\n" + GOOD.split("\n", 1)[1],
        ['i.yaml:1: the required key "province" is missing in "organisation"'],
    ),
    "required key without value": (
        "organisation:\n" + GOOD.split("\n", 1)[1],
        ['i.yaml:1: the required key "organisation" has no value'],
    ),
    "no devices": (HEAD, ['i.yaml:1: the required key "devices" is missing']),
    "empty list of devices": (
        HEAD + "devices: []\n",
        ["i.yaml:8: devices: needs at least 1 item(s), found a list"],
    ),
    "misspelt kind": (
        device(kind="vsc"),
        [
            "i.yaml:11: devices/d/kind: expected one of: mcu, vcs, firewall, router, switch, "
            'server, found "vsc"; did you mean "vcs"?'
        ],
    ),
    "bad id": (
        device(id="Máy_1"),
        [
            "i.yaml:11: devices/Máy_1/id: expected lower-case letters, digits and hyphens, at most "
            '63 characters, found "Máy_1"'
        ],
    ),
    "impossible address": (
        device(address="10.0.1.300"),
        [
            "i.yaml:11: devices/d/address: expected an IP address such as 10.0.0.10, "
            'found "10.0.1.300"'
        ],
    ),
    "address used twice": (
        device(address="10.0.1.11"),
        ['i.yaml:11: devices/d/address: the address 10.0.1.11 already belongs to the device "vcs"'],
    ),
    "id used twice": (
        device(id="vcs"),
        ['i.yaml:11: devices/vcs/id: the id "vcs" is used 2 times; ids are unique'],
    ),
    "unknown site": (
        device(site="t"),
        [
            'i.yaml:11: devices/d/site: there is no site with the id "t"; did you mean "tt"?',
        ],
    ),
    "port out of range": (
        device(ssh_port="65536"),
        ['i.yaml:11: devices/d/ssh_port: must be 65535 or less, found "65536"'],
    ),
    "not a number": (
        device(ssh_port="ssh"),
        ['i.yaml:11: devices/d/ssh_port: expected a whole number, found "ssh"'],
    ),
    "not a truth value": (
        device(monitored="maybe"),
        ['i.yaml:11: devices/d/monitored: expected true or false, found "maybe"'],
    ),
    "Vietnamese date": (
        device(commissioned="24/11/2026"),
        [
            "i.yaml:11: devices/d/commissioned: expected a day that exists, as year-month-day such "
            'as 2026-11-24, found "24/11/2026"; did you mean "2026-11-24"?'
        ],
    ),
    "day that does not exist": (
        device(commissioned="2026-02-29"),
        [
            "i.yaml:11: devices/d/commissioned: expected a day that exists, as year-month-day such "
            'as 2026-11-24, found "2026-02-29"'
        ],
    ),
    "bare digits are no date": (
        device(commissioned="20261124"),
        [
            "i.yaml:11: devices/d/commissioned: expected a day that exists, as year-month-day such "
            'as 2026-11-24, found "20261124"'
        ],
    ),
    "review is neither none nor a record": (
        device(hardening_review="nome"),
        [
            "i.yaml:11: devices/d/hardening_review: expected one of: none or a group of keys "
            'issued, number, signer, subject, valid_to, found "nome"; did you mean "none"?'
        ],
    ),
    "incomplete record": (
        device(hardening_review="{number: 1}"),
        ['i.yaml:11: the required key "issued" is missing in "devices/d/hardening_review"'],
    ),
    "host key of the wrong form": (
        device(host_key="'ssh-ed25519 AAAA'"),
        [
            "i.yaml:11: devices/d/host_key: expected an SSH key fingerprint, SHA256:... of 43 "
            "characters, as ssh-keygen -lf prints it"
        ],
    ),
    "certificate of the wrong form": (
        device(certificate="abc"),
        [
            "i.yaml:11: devices/d/certificate: expected the SHA-256 fingerprint of the "
            "certificate: 64 hexadecimal digits"
        ],
    ),
    "password in plain": (
        device(credential="{username: a, password: hunter2}"),
        [f"i.yaml:11: devices/d/credential/password: {REFERENCE}{HIDDEN}"],
    ),
    "credential as one word": (
        device(credential="hunter2"),
        [
            "i.yaml:11: devices/d/credential: expected a group of keys: password, private_key, "
            "snmp_authentication, snmp_authentication_key, snmp_community, snmp_privacy_key, "
            f"snmp_user, username{HIDDEN}"
        ],
    ),
    "password outside the credential": (
        device(password="hunter2"),
        [f'i.yaml:11: {SECRET_KEY} in "devices/d"'],
    ),
    "community": (
        device(snmp_community="hunter2"),
        [f'i.yaml:11: {SECRET_KEY} in "devices/d"'],
    ),
    "secret as a key": (
        device(credential="{username: a, hunter2}"),
        [f'i.yaml:11: {SECRET_KEY} in "devices/d/credential"'],
    ),
    "single value where a list is needed": (
        appended("allowlist: {management: 10.0.0.0/24}"),
        [
            "i.yaml:11: allowlist/management: expected a list: lines that begin with «- », or "
            '[a, b], found "10.0.0.0/24"'
        ],
    ),
    "host bits": (
        appended("allowlist: {management: [10.0.2.5/24]}"),
        [
            "i.yaml:11: allowlist/management/#1: expected a prefix such as 10.0.0.0/24, host bits "
            'zero, found "10.0.2.5/24"; did you mean 10.0.2.0/24?'
        ],
    ),
    "unknown end of a service": (
        appended(
            """
            allowlist:
              services:
                - id: s
                  sources: [hnt, 10.0.0.0/8]
                  destinations: [mcu]
                  protocol: udp
                  ports: [5060, 70000, 9-1]
            """
        ),
        [
            'i.yaml:14: allowlist/services/s/sources/#1: "hnt" is neither the id of a zone, nor of '
            'a device, nor a prefix; did you mean "hnth"?',
            "i.yaml:17: allowlist/services/s/ports/#2: expected a port or a range such as 5060 or "
            '"49152-65535", found "70000"',
            "i.yaml:17: allowlist/services/s/ports/#3: expected a port or a range such as 5060 or "
            '"49152-65535", found "9-1"',
        ],
    ),
    "ports forgotten": (
        appended(
            """
            allowlist:
              services:
                - {id: s, sources: [vp], destinations: [hnth], protocol: tcp}
                - {id: t, sources: [vp], destinations: [hnth], protocol: icmp, ports: [8]}
            """
        ),
        [
            'i.yaml:13: allowlist/services/s: the key "ports" is missing; write the permitted '
            "ports, 1-65535 for all of them",
            "i.yaml:14: allowlist/services/t/ports: icmp has no ports; remove this key",
        ],
    ),
    "vantage points": (
        appended(
            """
            vantage_points:
              - {id: a, zone: vp}
              - {id: b, zone: hnth}
              - {id: c, zone: vpn, via: ssh}
            """
        ),
        [
            'i.yaml:13: vantage_points/b: only one vantage point can be "via: local" (the host '
            "that runs hnth)",
            'i.yaml:14: vantage_points/c/zone: there is no zone with the id "vpn"; did you mean '
            '"vp"?',
            'i.yaml:14: vantage_points/c: a vantage point with "via: ssh" needs the key "address" '
            "to connect to",
            'i.yaml:14: vantage_points/c: a vantage point with "via: ssh" needs the key '
            '"credential" to log in',
        ],
    ),
    "periods": (
        appended(
            """
            approval:
              {number: 1, issued: 2026-01-01, signer: A,
               valid_from: 2026-02-01, valid_to: 2026-01-31}
            calendar:
              meetings:
                - {title: M, start: 2026-11-24 08:00, end: 2026-11-24 08:00, sites: [xx]}
                - {title: N, start: 24/11/2026 08:00, end: 2026-11-25}
            """
        ),
        [
            "i.yaml:13: approval/valid_to: ends on 2026-01-31, before it begins on 2026-02-01",
            'i.yaml:16: calendar/meetings/#1/sites/#1: there is no site with the id "xx"',
            "i.yaml:16: calendar/meetings/#1/end: a meeting must end after it begins",
            "i.yaml:17: calendar/meetings/#2/start: expected day and time such as 2026-11-24 08:00 "
            '(Vietnamese time), found "24/11/2026 08:00"; did you mean "2026-11-24 08:00"?',
            "i.yaml:17: calendar/meetings/#2/end: expected day and time such as 2026-11-24 08:00 "
            '(Vietnamese time), found "2026-11-25"',
        ],
    ),
    "scan settings": (
        appended("scan: {rate_kbps: 7, tcp_ports: 0-9, udp_ports: '53,x'}"),
        [
            'i.yaml:11: scan/rate_kbps: must be 8 or more, found "7"',
        ],
    ),
    "port lists": (
        appended("scan: {tcp_ports: 0-9, udp_ports: '53,x'}"),
        [
            "i.yaml:11: scan/tcp_ports: expected a list of ports such as 22,80,5060-5061, "
            'found "0-9"',
            "i.yaml:11: scan/udp_ports: expected a list of ports such as 22,80,5060-5061, "
            'found "53,x"',
        ],
    ),
    "readings": (
        appended("readings: {password_max_age: 6, anual: calendar_year, related_servers: [mcuu]}"),
        [
            "i.yaml:11: readings/password_max_age: expected a group of keys: unit, value, "
            'found "6"',
            'i.yaml:11: there is no key "anual" in "readings"; did you mean "annual"?',
        ],
    ),
    "unknown server in a reading": (
        appended("readings: {related_servers: [mcuu]}"),
        [
            'i.yaml:11: readings/related_servers/#1: there is no device with the id "mcuu"; did '
            'you mean "mcu"?'
        ],
    ),
}


@pytest.mark.parametrize(("text", "expected"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_inventory_says_where_and_what(text: str, expected: list[str]) -> None:
    found = problems(text)
    assert sorted(found) == sorted(expected)
    assert "hunter2" not in "".join(found)


def test_messages_are_vietnamese_too() -> None:
    with pytest.raises(InventoryError) as caught:
        loads(device(kind="vsc"), "i.yaml")
    assert caught.value.reason.vi == (
        "i.yaml:11: devices/d/kind: cần một trong: mcu, vcs, firewall, router, switch, server, "
        'đã ghi "vsc"; có phải là "vcs"?'
    )


def test_words_that_other_readers_of_yaml_turn_into_something_else_stay_words() -> None:
    loaded = loads(
        device(model="3.10", log_name="off", hardening_review="{number: 012, issued: 2026-01-01}")
        + "approval: {number: 1e3, issued: 2026-01-01, signer: no, valid_from: 2026-01-01,"
        " valid_to: 2026-12-31}\n"
    )
    made = loaded.inventory.device("d")
    assert (made.model, made.log_name) == ("3.10", "off")
    assert made.hardening_review != "none"
    assert made.hardening_review is not None
    assert made.hardening_review.number == "012"
    assert loaded.inventory.approval is not None
    assert (loaded.inventory.approval.number, loaded.inventory.approval.signer) == ("1e3", "no")


def test_truth_values_are_read_in_their_usual_spellings() -> None:
    for word, value in {"true": True, "no": False, "off": False, "yes": True}.items():
        assert loads(device(monitored=word)).inventory.device("d").monitored is value


def test_the_folder_of_the_file_and_its_text_are_remembered(tmp_path: Path) -> None:
    path = tmp_path / "inventory.yaml"
    path.write_text(GOOD, encoding="utf-8")
    loaded = load(path)
    assert (loaded.base, loaded.text) == (tmp_path, GOOD)
    assert loads(loaded.text, path) == Loaded(loaded.inventory, tmp_path, GOOD)


def test_an_optional_key_without_value_is_as_if_left_out() -> None:
    loaded = loads(GOOD + "scan:\nallowlist: ~\ncalendar: {meetings: null}\n")
    assert loaded.inventory == loads(GOOD).inventory


def test_a_misspelt_key_without_value_is_still_an_error() -> None:
    assert problems(GOOD + "calender:\n") == [
        'i.yaml:11: there is no key "calender"; did you mean "calendar"?'
    ]


def test_the_error_carries_nothing_of_what_was_written() -> None:
    with pytest.raises(InventoryError) as caught:
        loads(device(credential="{username: a, password: hunter2}"))
    assert caught.value.__context__ is None
    assert "hunter2" not in repr(caught.value) + caught.value.reason.vi
