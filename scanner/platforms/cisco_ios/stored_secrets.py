"""How the configuration keeps its passwords: by the type number that survives their removal.

Type numbers: 0 or none plain text; 7 the Vigenère encoding that anybody turns back, 6 AES under a
key of the device; 4 and 8 SHA-256, 5 MD5, 9 scrypt, which are hashes. A community of SNMP is always
plain. Source: Cisco IOS Security Configuration Guide, "Configuring Security with Passwords".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Literal

from rules.facts import Fact, StoredSecret
from scanner.evidence import printable
from scanner.platforms.cisco_ios.configuration import Configuration
from scanner.platforms.netconfig.indented import Line
from scanner.platforms.netconfig.kept_secrets import Kept, as_fact, kept_in

Form = Literal["plain", "reversible", "hash"]
_Kept = tuple[StoredSecret, int, str]
_TYPES: dict[str, tuple[Form, str]] = {
    "0": ("plain", "type 0"),
    "4": ("hash", "type 4 (SHA-256 without salt)"),
    "5": ("hash", "type 5 (MD5)"),
    "6": ("reversible", "type 6 (AES)"),
    "7": ("reversible", "type 7 (Vigenère)"),
    "8": ("hash", "type 8 (PBKDF2-SHA-256)"),
    "9": ("hash", "type 9 (scrypt)"),
}
_WORDS = ("secret", "password")
_SERVER = re.compile(r"(?P<account>(?:radius|tacacs) server \S+|\S.{0,63})")
_SERVER_KEYS = tuple(
    Kept(re.compile(rf"{line} key {number}<redacted>"), *_TYPES[kind], account)
    for number, kind in (("", "0"), ("0 ", "0"), ("6 ", "6"), ("7 ", "7"))
    for line, account in (
        ("", ""),
        (r"(?P<account>(?:radius|tacacs)-server)(?: host \S+)?", ""),
    )
)
"""Keys of RADIUS and TACACS+ servers, in the block of the server or in one line."""


def stored_secrets(config: Configuration) -> dict[str, Fact[Any]]:
    """Each account with each form that a password of it has, once, in the order of the lines."""
    return {} if config.is_cut else as_fact(config.document, _all(config))


def _all(config: Configuration) -> Iterator[_Kept]:
    """Each with the number of its line and what the line says up to the secret."""
    for line in config.starting("enable"):
        yield from _kept(line, "enable", 1)
    for line in config.starting("username"):
        yield from _kept(line, printable("".join(line.words[1:2]), 64), 2)
    for block in config.starting("line"):
        for line in block.below:
            yield from _kept(line, printable(block.text, 64), 0)
    yield from kept_in(config.document, _SERVER_KEYS, _SERVER)
    for line in config.starting("snmp-server", "community"):
        if len(line.words) > 2:
            yield StoredSecret("snmp", "plain", "community"), line.number, "snmp-server community"


def _kept(line: Line, account: str, begin: int) -> Iterator[_Kept]:
    """The password behind the first words of the line, when its type is known."""
    words = line.words
    place = next((at for at in range(begin, len(words)) if words[at] in _WORDS), None)
    if place is None:
        return
    if words[place + 1 : place + 2] == ["level"]:
        place += 2
    behind = words[place + 1 :]
    if len(behind) == 1:
        secret = StoredSecret(account, "plain", "no type")
        yield secret, line.number, " ".join(words[: place + 1])
    elif len(behind) == 2 and behind[0] in _TYPES:
        secret = StoredSecret(account, *_TYPES[behind[0]])
        yield secret, line.number, " ".join(words[: place + 2])
