"""Secrets in the configurations of network devices do not come out, and nothing else goes."""

from __future__ import annotations

import time

import pytest

from scanner.collect.redact import MARKER, redact

PLANTED = "Tr0ng-kho9"

COMMANDS = [
    # FortiOS
    "        set password ENC {}",
    '        set passwd "{}"',
    "        set psksecret ENC {}",
    "        set auth-pwd {}",
    "        set key {}",
    "        set private-key {}",
    # IOS and ASA
    "enable secret 5 {}",
    "enable password {}",
    "username kt privilege 15 password 7 {}",
    "username kt password {} encrypted privilege 15",
    "snmp-server community {} RO 10",
    "snmp-server user kt nhom v3 auth sha {} priv aes 128 other",
    "snmp-server user kt nhom v3 auth sha other priv aes 128 {}",
    "snmp-server host 10.0.0.1 version 2c {}",
    " key 7 {}",
    " server-private 10.0.0.1 key 7 {}",
    "aaa-server TACACS (inside) host 10.0.0.1 key {}",
    "tacacs-server key 7 {}",
    "tacacs server T\n address ipv4 10.0.0.1\n key {}",
    "radius server R\n key 7 {}",
    "aaa-server AAA (inside) host 10.0.0.1\n timeout 5\n key {}",
    "ntp authentication-key 1 md5 {} 7",
    " ip ospf message-digest-key 1 md5 7 {}",
    " standby 1 authentication text {}",
    " ppp chap password 0 {}",
    "passwd {} encrypted",
    " ikev1 pre-shared-key {}",
    # VRP
    "super password level 3 cipher {}",
    "super password {}",
    " set authentication password cipher {}",
    " local-user kt password cipher {}",
    " local-user kt password irreversible-cipher {}",
    " set authentication password cipher {}",
    "snmp-agent community read cipher {}",
    "snmp-agent usm-user v3 kt authentication-mode sha cipher {}",
    " radius-server shared-key cipher {}",
    # Junos
    'set system root-authentication encrypted-password "{}"',
    '    secret "{}"; ## SECRET-DATA',
    "set security ike policy p pre-shared-key ascii-text {}",
    "set snmp community {} authorization read-only",
    "    community {} {{",
    "set deviceconfig system snmp-setting access-setting version v2c snmp-community-string {}",
    # RouterOS
    "add name=kt password={}",
    "set secret={}",
    "add wpa2-pre-shared-key={} name=x",
    # pfSense, PAN-OS
    "  <phash>{}</phash>",
    "  <prv>{}</prv>",
    "  <pre-shared-key>{}</pre-shared-key>",
    "  <rocommunity>{}</rocommunity>",
    "  <shared_key>{}</shared_key>",
    "  <key>-AQ=={}</key>",
]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_planted_secret_does_not_come_out(command: str) -> None:
    for secret in (PLANTED, f"{PLANTED}{'x' * 60}=="):
        text = f"hostname r1\n{command.format(secret)}\nlast line\n"
        clean = redact(text.encode(), ())
        assert PLANTED.encode() not in clean
        assert clean.count(b"\n") == text.count("\n")
        assert clean.startswith(b"hostname r1\n")
        assert clean.endswith(b"last line\n")


def fortinet(*communities: str) -> bytes:
    entry = '    edit {}\n        set name "{}"\n        config hosts\n        end\n    next\n'
    entries = "".join(entry.format(n, name) for n, name in enumerate(communities))
    return f"config system snmp community\n{entries}end\n".encode()


def test_fortinet_communities_are_taken_out_and_a_vendors_default_stays() -> None:
    clean = redact(fortinet(PLANTED, "public", f"{PLANTED}2"), ())
    assert PLANTED.encode() not in clean
    assert b'set name "public"' in clean
    address = f'config firewall address\n    edit "x"\n        set name "{PLANTED}"\n'
    assert PLANTED.encode() in redact(address.encode(), ())


def test_communities_of_routeros_are_taken_out() -> None:
    text = (
        "/snmp community\n"
        f"set [ find default=yes ] addresses=10.0.0.0/8 name={PLANTED}\n"
        f'add name="{PLANTED}2" security=private\n/ip address\nadd name=lan\n'
    )
    clean = redact(text.encode(), ())
    assert clean.count(b"\n") == 5
    assert PLANTED.encode() not in clean
    assert b"add name=lan" in clean
    one = redact(f"/snmp community add name={PLANTED} addresses=::/0\n".encode(), ())
    assert PLANTED.encode() not in one
    assert b"name=public" in redact(b"/snmp community\nset [ find ] name=public\n", ())


@pytest.mark.parametrize(
    "line",
    [
        "snmp-server community public RO",
        "<rocommunity>public</rocommunity>",
        "<KEY>MIN_PASSWORD_LENGTH</KEY>",
        "set snmp community public authorization read-only",
        "    community KHACH members 65000:1;",
        "key chain EIGRP",
        " key 1",
        "ssh server cipher aes256_ctr",
        "ssl cipher tlsv1.2 custom AES256-SHA",
        "access-list 10 permit host 10.0.0.1 log",
        "        set password-policy disable",
        "set security policies from-zone a to-zone b policy key match application any",
        " ip address 10.0.0.1 255.255.255.0",
        "snmp-server host 10.0.0.1",
        "set system login password minimum-length 12",
    ],
)
def test_what_is_no_secret_stays(line: str) -> None:
    assert redact(f"x\n{line}\n".encode(), ()) == f"x\n{line}\n".encode()


def test_long_lines_take_no_long_time() -> None:
    begun = time.process_time()
    for word in (b"set ", b"key ", b" auth ", b"cipher ", b"snmp-server user ", b"secret "):
        redact(word * 40_000 + b"\n" + b"a " * 40_000 + word, ())
    assert time.process_time() - begun < 20
    assert MARKER in redact(b"enable secret 5 abc\n", ())
