"""Secrets in the configurations of firewalls, routers and switches: the commands that hold them.

Every pattern keeps the command and takes the rest of the line's secret word out, so that lines and
their numbers stay. Sources: the vendors' command references; what a device shows masked stays.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

_WORD = rb"(\"[^\"\r\n]*\"|[^\s\"<][^\s]*)"
_LINE = rb"(?m)^([ \t]*(?:[^\r\n]{0,160}?[ \t])??"

_PATTERNS: Final[tuple[tuple[bytes, re.Pattern[bytes]], ...]] = tuple(
    (word, re.compile(_LINE + command + rb"[ \t]+)" + _WORD, re.IGNORECASE))
    for word, command in (
        # FortiOS: config ... / set KEY [ENC] VALUE
        (
            b"set ",
            rb"set[ \t]+(?:[a-z0-9-]*(?:passw(?:or)?d|passphrase|psksecret|secret|-pwd)|key|psk"
            rb"|private-key|ddns-key|sso-password|token|md5-key[ \t]+\d+)(?:[ \t]+ENC)?",
        ),
        # IOS, ASA: keys of AAA servers, routing protocols, NTP, tunnels
        (b"key ", rb"(?:server[ \t]+\S+[ \t]+)?key(?:[ \t]+(?:[05-9]|ascii-text|hexadecimal))"),
        (
            b" key ",
            rb"(?:aaa-server|radius-server|tacacs-server)[^\r\n]{0,120}?[ \t]key"
            rb"(?:[ \t]+\d(?=[ \t]))?+",
        ),
        (
            b"md5 ",
            rb"(?:authentication-key|message-digest-key|digest-key)[ \t]+\d+[ \t]+md5"
            rb"(?:[ \t]+\d)?",
        ),
        (
            b"authentication ",
            rb"(?:authentication|chap|pap|l2tp[ \t]+tunnel)[ \t]+"
            rb"(?:password|text|key)"
            rb"(?:[ \t]+(?:\d|irreversible-cipher|cipher|simple)(?=[ \t]))?+",
        ),
        (b"passwd ", rb"passwd(?:[ \t]+(?:\d|ENC)(?=[ \t]))?+"),
        # SNMP v3 users: both passphrases stand in one line
        (
            b" auth ",
            rb"snmp-server[ \t]+user[^\r\n]{0,120}?[ \t]auth[ \t]+(?:md5|sha(?:[ \t]+\d+)?)",
        ),
        (
            b" priv ",
            rb"snmp-server[ \t]+user[^\r\n]{0,240}?[ \t]priv[ \t]+"
            rb"(?:3?des|aes)(?:[ \t]+\d+)?",
        ),
        (
            b"snmp-server host ",
            rb"snmp-server[ \t]+host[ \t]+\S+(?:[ \t]+(?:traps|informs))?"
            rb"(?:[ \t]+version[ \t]+(?:1|2c))?",
        ),
        # VRP
        (
            b"cipher ",
            rb"[a-z-]*(?:password|key|secret|read|write|mode[ \t]+\S+(?:[ \t]+\d+)?)"
            rb"[ \t]+(?:irreversible-)?cipher",
        ),
        (b"simple ", rb"(?:password|key|secret|community[ \t]+(?:read|write))[ \t]+simple"),
        (
            b"super password ",
            rb"super[ \t]+password(?:[ \t]+level[ \t]+\d+)?+"
            rb"(?:[ \t]+(?:irreversible-cipher|cipher|simple|hash)(?=[ \t]))?+",
        ),
        # Junos, PAN-OS
        (b"community ", rb"snmp[ \t]+community"),
        (b"snmp-community-string ", rb"snmp-community-string"),
        (b"-password ", rb"(?:encrypted|plain-text|simple|chap|pap)-password(?:-value)?"),
        (b"secret ", rb"(?:chap-|radius-)?secret(?=[ \t]+\")"),
    )
)

_ELEMENTS: Final = re.compile(
    rb"(<(phash|prv|psk|tls|shared_key|static-key|bindpw|ldap_bindpw|wpa_psk"
    rb"|md5-hash|sha512-hash|bcrypt-hash|encryption_password|pre-shared-key|privatekey"
    rb"|rocommunity|trapstring|snmp-community-string)(?:[ \t][^<>]{0,100})?>)([^<\r\n]+)",
    re.IGNORECASE,
)
"""Elements of pfSense, OPNsense and PAN-OS files."""
_PAN_KEY: Final = re.compile(rb"(<key>)(-A[A-Z]==[^<\r\n]+)")
"""A `<key>` may be any name; encrypted with the master key of PAN-OS it begins like this."""
_COMMUNITY_ELEMENTS: Final = frozenset({b"rocommunity", b"snmp-community-string"})

_JUNOS_COMMUNITY: Final = re.compile(rb"(?m)^([ \t]+community[ \t]+)([^\s{]+)(?=[ \t]*\{)")
_SECTIONS: Final = (
    (
        b"/snmp community",
        re.compile(rb"(?m)^/snmp community[^\r\n]*(?:\r?\n(?!/)[^\r\n]*)*"),
        re.compile(rb"(\bname=)(\"[^\"\r\n]*\"|[^\s\"<]\S*)"),
    ),
    (
        b"config system snmp community",
        re.compile(
            rb"(?m)^[ \t]*config system snmp community"
            rb"(?:\r?\n(?![ \t]*config (?!hosts))[^\r\n]*)*"
        ),
        re.compile(rb"(?m)(^[ \t]*set name[ \t]+)(\"[^\"\r\n]*\"|[^\s\"<]\S*)"),
    ),
)
"""RouterOS and FortiOS name a community like anything else: only the section tells. Of each the
word to look for, the section, and the secret in it."""


_SERVER: Final = re.compile(
    rb"(?m)^(?:(?:radius|tacacs)[ \t]+server|aaa-server)[ \t][^\r\n]*(?:\r?\n[ \t]+[^\r\n]*)+"
)
_SERVER_KEY: Final = re.compile(rb"(?m)(^[ \t]+key[ \t]+)([^\s<][^\r\n]*)")
"""Below such a server a word alone is a key; below `key chain` it is a number."""


def network_secrets(
    content: bytes, replaced: Callable[[bytes, bytes], bytes], marker_in_xml: bytes
) -> bytes:
    """The content without the secrets of network configurations.

    `replaced` gets what stands before a secret and the secret, and gives both as they shall stand.
    """
    lowered = content.lower()
    for word, pattern in _PATTERNS:
        if word in lowered:
            content = pattern.sub(lambda found: replaced(found[1], found[2]), content)
    if b"</" in content:
        content = _ELEMENTS.sub(lambda found: _element(found, marker_in_xml), content)
        content = _PAN_KEY.sub(lambda found: found[1] + marker_in_xml, content)
    if b"community " in lowered:
        content = _JUNOS_COMMUNITY.sub(lambda found: replaced(found[1], found[2]), content)
    if b" key " in lowered:
        content = _SERVER.sub(
            lambda server: _SERVER_KEY.sub(
                lambda key: key[0] if b"<redacted>" in key[2] else replaced(key[1], key[2]),
                server[0],
            ),
            content,
        )
    for word, section, secret in _SECTIONS:
        if word in lowered:

            def hidden(found: re.Match[bytes]) -> bytes:
                return replaced(b"community " + found[1], found[2]).removeprefix(b"community ")

            def inside(found: re.Match[bytes], secret: re.Pattern[bytes] = secret) -> bytes:
                return secret.sub(hidden, found[0])

            content = section.sub(inside, content)
    return content


def _element(found: re.Match[bytes], marker: bytes) -> bytes:
    known = found[3].strip().lower() in {b"public", b"private"}
    if (known and found[2].lower() in _COMMUNITY_ELEMENTS) or found[3].strip().startswith(marker):
        return found[0]
    return found[1] + marker
