"""The answer to `nft -j list ruleset`, written out as the listing that it stands for.

Each line is one rule, in the order of the answer. libnftables-json(5) of 1.0.6.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final


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
    if not text or any(mark in text for mark in " \t\n{};,\"'#"):
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
        return (
            one if one and " " not in one and '"' not in one else '"' + one.replace('"', "") + '"'
        )
    if isinstance(one, bool | int):
        return str(int(one))
    ((kind, body),) = one.items()
    if kind == "prefix":
        return f"{_value(body['addr'])}/{int(body['len'])}"
    if kind == "range":
        return f"{_value(body[0])}-{_value(body[1])}"
    if kind == "concat":
        return " . ".join(_value(part) for part in body)
    if kind == "set":
        return f"{{ {_listed(body if isinstance(body, list) else [body])} }}"
    if kind == "elem":
        timed = " timeout 1s" if "timeout" in body or "expires" in body else ""
        return f"{_value(body['val'])}{timed}"
    if kind in {"|", "&", "<<", ">>", "^"}:
        return "(" + f" {kind} ".join(_value(part) for part in body) + ")"
    return _key(kind, body)


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
    if kind == "match":
        return _match(body)
    if kind in {"accept", "drop", "continue", "return", "notrack"}:
        return str(kind)
    if kind in {"jump", "goto"}:
        return f"{kind} {_word(body['target'])}"
    if kind == "vmap":
        return f"{_value(body['key'])} vmap {_value(body['data'])}"
    if kind == "mangle":
        return f"{_value(body['key'])} set 0"
    if kind == "set":
        return f"{_word(body.get('op', 'add'))} {_word(body['set'])} {{ {_value(body['elem'])} }}"
    if kind in {"dnat", "snat", "masquerade", "redirect", "reject", "queue", "tproxy"}:
        return str(kind)
    if kind in {"counter", "log"}:
        return str(kind)
    if kind == "limit":
        return "limit rate 1/second"
    if kind == "quota":
        return "quota 1 bytes"
    if kind == "flow":
        return f"flow add {_word(body['flowtable'])}"
    return f"json-{_word(kind).replace(' ', '-')}"


def _match(body: Mapping[str, Any]) -> str:
    operator = body["op"]
    left, right = body["left"], body["right"]
    mask = ""
    if isinstance(left, dict) and "&" in left:
        left, by = left["&"]
        several = " | ".join(_value(part) for part in by) if isinstance(by, list) else _value(by)
        mask = f" & ( {several} )" if isinstance(by, list) else f" & {several}"
    words = {"in": "", "!": "!", "==": "==", "!=": "!=", "<": "<", ">": ">", "<=": "<=", ">=": ">="}
    value = right
    if isinstance(right, list):
        listed = " , ".join(_value(part) for part in right)
    else:
        listed = _value(value)
    return " ".join(f"{_value(left)}{mask} {words[operator]} {listed}".split(" "))
