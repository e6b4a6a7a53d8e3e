"""The answer to `nft -j list ruleset`, written out as the listing that it stands for.

Each line is one rule, in the order of the answer. libnftables-json(5) of 1.0.6.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from scanner.evidence import printable


def text_of(answer: str) -> list[str] | None:
    """The lines of the listing; None when the answer is none of nft."""
    try:
        content = json.loads(answer)
    except (ValueError, RecursionError):
        return None
    items = content.get("nftables") if isinstance(content, dict) else None
    if not isinstance(items, list):
        return None
    try:
        return _listing([item for item in items if isinstance(item, dict)])
    except _MALFORMED:
        return None


def _listing(items: Iterable[Mapping[str, Any]]) -> list[str]:
    tables: list[str] = []
    chains: list[str] = []
    rules: list[str] = []
    for item in items:
        ((kind, body),) = item.items()
        if kind == "metainfo":
            continue
        at = f"{_word(body['family'])} {_word(body.get('table', body.get('name')))}"
        if kind == "table":
            flags = _flags(body.get("flags"))
            tables.append(f"table {at} {{ flags {flags} ; }}" if flags else f"table {at} {{ }}")
        elif kind == "chain":
            chains.append(f"chain {at} {_word(body['name'])} {{ {_head(body)} }}")
        elif kind in {"set", "map"}:
            chains.append(f"set {at} {_word(body['name'])} {{ {_set(body)} }}")
        elif kind == "rule":
            rules.append(f"add rule {at} {_word(body['chain'])} {_rule(body['expr'])}")
        elif kind not in _HARMLESS:
            rules.append(f"{_word(kind)} {at}")
    return [*tables, *chains, *rules]


_MALFORMED: Final = (AttributeError, KeyError, TypeError, ValueError, IndexError, RecursionError)


def _rule(parts: Iterable[Any]) -> str:
    """The rule, as far as its words are known; the reader takes the others for what they are."""
    said = []
    for part in parts:
        try:
            said.append(_statement(part))
        except _MALFORMED:
            said.append("json-unread")
    return " ".join(said)


_HARMLESS: Final = frozenset(
    {"flowtable", "counter", "quota", "limit", "ct helper", "ct timeout", "ct expectation",
     "synproxy", "secmark"}
)  # fmt: skip


def _word(value: Any) -> str:
    """A name as one word. Raises ValueError where it cannot be one."""
    text = str(value)
    if not text or not text.isprintable() or any(mark in text for mark in " \t\n{};,\"'#"):
        raise ValueError(text)
    return text


def _flags(value: Any) -> str:
    if value is None:
        return ""
    return " , ".join(_word(one) for one in (value if isinstance(value, list) else [value]))


def _head(body: Mapping[str, Any]) -> str:
    if "hook" not in body:
        return ""
    devices = body.get("dev", [])
    device = " ".join(["device", *([devices] if isinstance(devices, str) else devices)])
    at = f" {device}" if devices else ""
    head = f"type {_word(body['type'])} hook {_word(body['hook'])}{at} priority {int(body['prio'])}"
    return f"{head} ; policy {_word(body.get('policy', 'accept'))} ;"


def _set(body: Mapping[str, Any]) -> str:
    parts = [f"flags {_flags(body['flags'])} ;"] if body.get("flags") else []
    if "timeout" in body:
        parts.append("timeout 1s ;")
    if body.get("elem"):
        parts.append(f"elements = {{ {_listed(body['elem'])} }} ;")
    return " ".join(parts)


def _listed(several: Iterable[Any]) -> str:
    return " , ".join(_element(one) for one in several)


def _element(one: Any) -> str:
    """`key`, or `key : verdict` of a map."""
    if isinstance(one, list):
        return f"{_value(one[0])} : {_statement(one[1]) if _is_verdict(one[1]) else _value(one[1])}"
    return _value(one)


def _is_verdict(one: Any) -> bool:
    return isinstance(one, dict) and bool(one.keys() & _VERDICTS)


_VERDICTS: Final = frozenset({"accept", "drop", "continue", "return", "jump", "goto"})


def _value(one: Any) -> str:
    if isinstance(one, str):
        text = printable(one)
        plain = text and " " not in text and '"' not in text
        return text if plain else '"' + text.replace('"', "") + '"'
    if isinstance(one, bool | int):
        return str(int(one))
    ((kind, body),) = one.items()
    maker = _VALUES.get(kind)
    return maker(body) if maker is not None else _key(kind, body)


def _timed(body: Mapping[str, Any]) -> str:
    return _value(body["val"]) + (" timeout 1s" if "timeout" in body or "expires" in body else "")


_VALUES: Final[Mapping[str, Callable[[Any], str]]] = {
    "prefix": lambda body: f"{_value(body['addr'])}/{int(body['len'])}",
    "range": lambda body: f"{_value(body[0])}-{_value(body[1])}",
    "concat": lambda body: " . ".join(_value(part) for part in body),
    "set": lambda body: f"{{ {_listed(body if isinstance(body, list) else [body])} }}",
    "elem": _timed,
    "|": lambda body: "(" + " | ".join(_value(part) for part in body) + ")",
}


def _key(kind: str, body: Any) -> str:
    if kind == "payload":
        if "protocol" in body:
            return f"{_word(body['protocol'])} {_word(body['field'])}"
        return "@" + ",".join(str(body[part]) for part in ("base", "offset", "len"))
    if kind == "meta":
        key = _word(body["key"])
        return key if key in {"iif", "oif", "iifname", "oifname"} else f"meta {key}"
    if kind == "ct":
        way = f"{_word(body['dir'])} " if "dir" in body else ""
        return f"ct {way}{body['key']}"
    if kind == "fib":
        flags = body.get("flags", [])
        listed = [flags] if isinstance(flags, str) else flags
        return f"fib {' . '.join(map(_word, listed))} {_word(body['result'])}"
    return f"json-{_word(kind).replace(' ', '-')}"


def _statement(one: Any) -> str:
    if isinstance(one, str):
        return _word(one)
    ((kind, body),) = one.items()
    maker = _STATEMENTS.get(kind)
    if maker is not None:
        return maker(body)
    return kind if kind in _BARE else f"json-{_word(kind).replace(' ', '-')}"


_BARE: Final = frozenset(
    {"accept", "drop", "continue", "return", "notrack", "masquerade", "redirect",
     "reject", "queue", "tproxy", "counter", "log"}
)  # fmt: skip
"""Statements of which the name says enough."""


def _match(body: Mapping[str, Any]) -> str:
    operator, left, right = body["op"], body["left"], body["right"]
    if operator not in {"in", "!", "==", "!=", "<", ">", "<=", ">="}:
        raise ValueError(operator)
    parts = []
    if isinstance(left, dict) and "&" in left:
        left, by = left["&"]
        several = by if isinstance(by, list) else [by]
        parts = ["& (", " | ".join(_value(part) for part in several), ")"]
    if operator != "in":
        parts.append(operator)
    listed = right if isinstance(right, list) else [right]
    return " ".join([_value(left), *parts, " , ".join(_value(part) for part in listed)])


def _translation(kind: str) -> Callable[[Any], str]:
    """Words for one address or port; the name alone where it is one of several."""

    def written(body: Any) -> str:
        if not isinstance(body, dict):
            return kind
        address, port = body.get("addr", ""), body.get("port")
        prefix = ""
        if isinstance(address, dict) and "prefix" in address and body.get("type_flags") == "prefix":
            prefix, address = "prefix ", _value(address)
        if not isinstance(address, str) or not isinstance(port, int | None):
            return kind
        address = _word(address)
        if port is not None:
            address = f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
        family = f"{_word(body['family'])} " if "family" in body else ""
        return f"{kind} {family}{prefix}to {address}"

    return written


_STATEMENTS: Final[Mapping[str, Callable[[Any], str]]] = {
    "match": _match,
    "dnat": _translation("dnat"),
    "snat": _translation("snat"),
    "jump": lambda body: f"jump {_word(body['target'])}",
    "goto": lambda body: f"goto {_word(body['target'])}",
    "vmap": lambda body: f"{_value(body['key'])} vmap {_value(body['data'])}",
    "mangle": lambda body: f"{_value(body['key'])} set 0",
    "set": lambda body: (
        f"{_word(body.get('op', 'add'))} {_word(body['set'])} {{ {_value(body['elem'])} }}"
    ),
    "limit": lambda body: "limit rate 1/second",
    "quota": lambda body: "quota 1 bytes",
    "flow": lambda body: f"flow add {_word(body['flowtable'])}",
}
