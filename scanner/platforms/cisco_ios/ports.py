"""Ports and ICMP messages as access lists and object groups write them."""

from __future__ import annotations

from rules.packets.fields import ALL_PORTS, ICMP, ICMP_V6, TCP, UDP
from rules.packets.sets import Numbers, numbers, without
from scanner.platforms.cisco_ios.cursor import Cursor, NotUnderstood
from scanner.platforms.netconfig.port_names import (
    ICMP_TYPES,
    ICMP_V6_TYPES,
    TCP_PORTS,
    UDP_PORTS,
)
from scanner.platforms.netconfig.services import only

OPERATORS = frozenset({"eq", "neq", "gt", "lt", "range"})


def port_number(word: str, protocol: int | None) -> int | None:
    """The number of a port by number or name; None when it is neither."""
    if word.isascii() and word.isdigit():
        return int(word) if len(word) <= 5 and int(word) <= 65535 else None
    tables = {TCP: (TCP_PORTS,), UDP: (UDP_PORTS,)}.get(protocol or 0, (TCP_PORTS, UDP_PORTS))
    return next((table[word] for table in tables if word in table), None)


def ports(words: Cursor, protocol: int | None) -> Numbers | None:
    """The condition on a port that stands here; None when there is none.

    After `eq` and `neq` stand up to ten ports. Raises NotUnderstood.
    """
    if words.word not in OPERATORS:
        return None
    operator = words.take()
    if operator == "range":
        low, high = _port(words, protocol), _port(words, protocol)
        return numbers([(min(low, high), max(low, high))])
    if operator == "gt":
        return numbers([(_port(words, protocol) + 1, 65535)])
    if operator == "lt":
        return numbers([(0, _port(words, protocol) - 1)])
    listed = [_port(words, protocol)]
    while (number := port_number(words.word, protocol)) is not None:
        words.take()
        listed.append(number)
    found = numbers((one, one) for one in listed)
    return found if operator == "eq" else without(ALL_PORTS, found)


def _port(words: Cursor, protocol: int | None) -> int:
    number = port_number(words.word, protocol)
    if number is None:
        raise NotUnderstood(words.word)
    words.take()
    return number


def icmp_message(words: Cursor, protocol: int) -> tuple[Numbers | None, Numbers | None]:
    """Type and code that stand here by name or number; None for any."""
    names = {ICMP: ICMP_TYPES, ICMP_V6: ICMP_V6_TYPES}[protocol]
    if words.word in names:
        kind, code = names[words.take()]
        return only(kind), None if code is None else only(code)
    kind_number = _byte(words)
    if kind_number is None:
        return None, None
    code_number = _byte(words)
    return only(kind_number), None if code_number is None else only(code_number)


def _byte(words: Cursor) -> int | None:
    if not (words.word.isascii() and words.word.isdigit() and len(words.word) <= 3):
        return None
    number = int(words.take())
    if number > 255:
        raise NotUnderstood(str(number))
    return number
