"""What an entry of a baseline can demand of a fact: the operators, and the facts each can ask."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args, get_origin

from rules.certificates import in_validity, issued_by_known
from rules.crypto_profile import Judgement, by_profile
from rules.facts import FACT_TYPES

PROFILED: dict[str, Callable[[Any, datetime], Judgement]] = {
    "profile": lambda shown, _: by_profile(shown),
    "in_validity": in_validity,
    "issued_by_known": issued_by_known,
}
"""The operators that ask the profile of cryptography, which also says what decides."""

ValueKind = Literal["boolean", "number", "word", "words", "version"]

Judge = Callable[[Any, Any, datetime], bool | None]
"""Actual value, wanted value, moment of the judgement: met, not met, cannot be told."""


@dataclass(frozen=True, slots=True)
class Operator:
    judge: Judge
    takes_value: bool = True
    only_for: frozenset[str] = frozenset()
    """Names of the facts it can ask; empty: every fact whose values are of the wanted kind."""
    kinds: frozenset[ValueKind] = frozenset()
    """Of values it compares with; empty where it takes none."""


def _with_password(accounts: Any, _: Any, __: datetime) -> bool | None:
    """No account that can log in is without a password; None while nobody says so of all."""
    usable = [account for account in accounts if account.enabled is not False]
    if any(account.password_set is False for account in usable):
        return False
    return True if usable and all(account.password_set for account in usable) else None


def _tls_floor(actual: Any, wanted: Any, _: datetime) -> bool | None:
    """`TLSv1.2` and `1.2` are the same; None for a word that is no version."""
    floor = _tls(str(actual))
    return None if floor is None else floor >= (_tls(str(wanted)) or (0, 0))


_TLS = re.compile(r"(?:tls|ssl)?[ _-]?v?(\d)(?:[._](\d))?", re.I | re.A)


def _tls(version: str) -> tuple[int, int] | None:
    """SSL stands below every TLS."""
    match = _TLS.fullmatch(version.strip())
    if match is None:
        return None
    major, minor = int(match[1]), int(match[2] or 0)
    return (0, major) if version.strip().lower().startswith("ssl") else (major, minor)


OPERATORS: dict[str, Operator] = {
    "is": Operator(
        lambda actual, wanted, _: bool(actual == wanted),
        kinds=frozenset({"boolean", "number", "word"}),
    ),
    "is_not": Operator(
        lambda actual, wanted, _: bool(actual != wanted),
        kinds=frozenset({"boolean", "number", "word"}),
    ),
    "at_least": Operator(
        lambda actual, wanted, _: bool(actual >= wanted), kinds=frozenset({"number"})
    ),
    "within": Operator(
        lambda actual, wanted, _: bool(1 <= actual <= wanted), kinds=frozenset({"number"})
    ),
    "only": Operator(
        lambda actual, wanted, _: all(item.lower() in wanted for item in actual),
        kinds=frozenset({"words"}),
    ),
    "tls_at_least": Operator(
        _tls_floor,
        only_for=frozenset({"tls.min_version", "sip.tls_min_version"}),
        kinds=frozenset({"version"}),
    ),
    "not_empty": Operator(lambda actual, _, __: bool(actual), takes_value=False),
    "addresses": Operator(
        lambda actual, _, __: bool(actual) and all(p.prefixlen > 0 for p in actual),
        takes_value=False,
        only_for=frozenset({"management.allowlist"}),
    ),
    "encrypted": Operator(
        lambda actual, _, __: (
            None
            if any(target.protocol is None for target in actual) or not actual
            else all(target.protocol == "tls" for target in actual)
        ),
        takes_value=False,
        only_for=frozenset({"syslog.targets"}),
    ),
    "empty": Operator(
        lambda actual, _, __: not actual, takes_value=False, only_for=frozenset({"accounts.unused"})
    ),
    "with_password": Operator(_with_password, takes_value=False, only_for=frozenset({"accounts"})),
    "profile": Operator(
        lambda actual, _, now: PROFILED["profile"](actual, now).met,
        takes_value=False,
        only_for=frozenset({"tls.algorithms", "ssh.algorithms", "tls.certificates"}),
    ),
    "in_validity": Operator(
        lambda actual, _, now: PROFILED["in_validity"](actual, now).met,
        takes_value=False,
        only_for=frozenset({"tls.certificates"}),
    ),
    "issued_by_known": Operator(
        lambda actual, _, now: PROFILED["issued_by_known"](actual, now).met,
        takes_value=False,
        only_for=frozenset({"tls.certificates"}),
    ),
}


def value_kind(fact: str, operator: str) -> ValueKind | None:
    """The kind of value that the operator compares this fact with; None when it takes none.

    KeyError for an unknown fact or operator, ValueError where the two do not go together.
    """
    asked, rule = FACT_TYPES[fact], OPERATORS[operator]
    if rule.only_for and fact not in rule.only_for:
        raise ValueError(f"{operator!r} does not ask {fact!r}")
    if not rule.takes_value:
        if not rule.only_for and get_origin(asked) is not tuple:
            raise ValueError(f"{operator!r} needs a fact that is a list; {fact!r} is none")
        return None
    kind: ValueKind | None = "version" if rule.only_for else _KINDS.get(asked)
    if get_origin(asked) is Literal:
        kind = "word"
    if kind is None or kind not in rule.kinds:
        raise ValueError(f"{operator!r} does not ask {fact!r}")
    return kind


def choices(fact: str) -> tuple[str, ...]:
    """The words that the value of a fact is one of; () where they are not laid down."""
    asked = FACT_TYPES[fact]
    return tuple(get_args(asked)) if get_origin(asked) is Literal else ()


_KINDS: dict[Any, ValueKind] = {
    bool: "boolean",
    int: "number",
    str: "word",
    tuple[str, ...]: "words",
}
