"""Who may log in over SSH, how, from where, and when an idle channel is closed."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from ipaddress import ip_network
from typing import Any

from inventory.text import Text
from rules.facts import Fact, Known, Unknown
from rules.network_facts import Prefix
from scanner.evidence import printable
from scanner.platforms.documented_default import not_shown
from scanner.platforms.linux_sshd import MANUAL, UNSEEN, Sshd, weakest

_ROOT = {
    "yes": 0,
    "prohibit-password": 1,
    "without-password": 1,
    "forced-commands-only": 2,
    "no": 3,
}
_ROOT_WORDS = {
    "yes": "any",
    "prohibit-password": "key",
    "without-password": "key",
    "forced-commands-only": "forced-command",
    "no": "no",
}
_SWITCH = {"yes": 0, "no": 1}


def ssh_facts(sshd: Sshd) -> dict[str, Fact[Any]]:
    """`ssh.*`, each with the weakest value that a login can meet."""
    root = weakest(sshd, "PermitRootLogin", _ROOT, "prohibit-password")
    empty = weakest(sshd, "PermitEmptyPasswords", _SWITCH, "no")
    return {
        "ssh.root_login": _in_words(root),
        "ssh.password_login": _password_login(sshd),
        "ssh.empty_passwords": _as_bool(empty),
    }


def _in_words(fact: Fact[str]) -> Fact[str]:
    return Known(_ROOT_WORDS[fact.value], fact.citations) if isinstance(fact, Known) else fact


def _as_bool(fact: Fact[str]) -> Fact[bool]:
    return Known(fact.value == "yes", fact.citations) if isinstance(fact, Known) else fact


def _password_login(sshd: Sshd) -> Fact[bool]:
    """By password itself, or by a dialogue in which PAM asks for it."""
    plain = _as_bool(weakest(sshd, "PasswordAuthentication", _SWITCH, "yes"))
    if isinstance(plain, Known) and plain.value:
        return plain
    dialogue = _as_bool(weakest(sshd, "KbdInteractiveAuthentication", _SWITCH, "yes"))
    pam = _as_bool(weakest(sshd, "UsePAM", _SWITCH, "no"))
    if isinstance(plain, Unknown):
        return plain
    if isinstance(dialogue, Known) and not dialogue.value:
        return Known(False, plain.citations + dialogue.citations)
    if isinstance(pam, Known) and not pam.value:
        return Known(False, plain.citations + pam.citations)
    if isinstance(dialogue, Known) and isinstance(pam, Known):
        return Known(True, dialogue.citations + pam.citations)
    return dialogue if isinstance(dialogue, Unknown) else pam


# --- where from ------------------------------------------------------------------------------

_NOT_ADDRESSES = Text(
    vi="AllowUsers có mẫu không giới hạn theo địa chỉ: {pattern}",
    en="a pattern of AllowUsers is not bound to addresses: {pattern}",
)


def allowed_sources(sshd: Sshd) -> Fact[tuple[Prefix, ...]]:
    """Addresses that AllowUsers binds every account to; () where it surely binds none."""
    given = sshd.common.get("allowusers", [])
    citations = tuple(dict.fromkeys(setting.citation for setting in given))
    if given and (sshd.matched.get("allowusers") or not sshd.whole):
        value = printable(given[0].value, 60)
        return Unknown(UNSEEN.format(keyword="AllowUsers", value=value), citations)
    found: dict[Prefix, None] = {}
    for pattern in (word for setting in given for word in setting.value.split()):
        _, at, place = pattern.rpartition("@")
        prefix = _prefix(place) if at and not pattern.startswith("!") else None
        if not at or place == "*":
            return Known((), citations)
        if prefix is None:
            shown = printable(pattern, 60)
            return Unknown(_NOT_ADDRESSES.format(pattern=shown), citations)
        found[prefix] = None
    if not given:
        return not_shown("AllowUsers: any", MANUAL)
    return Known(tuple(found), citations)


def _prefix(place: str) -> Prefix | None:
    """`10.0.0.0/8`, `10.0.0.5`, or `10.67.20.*`, where the star stands for whole octets."""
    octets = place.split(".")
    if place.endswith(".*") and 2 <= len(octets) <= 4 and "*" not in place[:-1]:
        known = octets[:-1]
        place = ".".join([*known, *["0"] * (4 - len(known))]) + f"/{8 * len(known)}"
    try:
        return ip_network(place)
    except ValueError:
        return None


def ports(sshd: Sshd | None) -> tuple[int, ...]:
    """TCP ports on which the server listens, where that is told; () otherwise."""
    given = sshd.common.get("port", []) if sshd else []
    if any(not re.fullmatch(r"[0-9]{1,5}", setting.value) for setting in given):
        return ()
    return tuple(dict.fromkeys(int(setting.value) for setting in given))


# --- idle channels ---------------------------------------------------------------------------

_SPAN = re.compile(r"(\d{1,9})([smhdw]?)", re.IGNORECASE)
_SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}


def seconds(span: str) -> int | None:
    """`90`, `5m`, `1h30m`."""
    if not re.fullmatch(rf"(?:{_SPAN.pattern}){{1,8}}", span, re.IGNORECASE):
        return None
    return sum(int(number) * _SECONDS[unit.lower()] for number, unit in _SPAN.findall(span))


def channel_timeout(sshd: Sshd) -> Fact[int]:
    """Seconds after which an idle shell is closed (ChannelTimeout); 0 where it surely is not.

    ClientAliveInterval is no such thing: it asks whether the client still answers, and an idle one
    does. A Match block that sets another time leaves it open.
    """
    setting = sshd.one("channeltimeout")
    if sshd.matched.get("channeltimeout") or (setting is not None and not sshd.whole):
        return not_shown("ChannelTimeout none", MANUAL)
    if setting is None:
        return not_shown("ChannelTimeout none", MANUAL)
    for pair in setting.value.split():
        kind, _, span = pair.partition("=")
        if fnmatchcase("session:shell", kind) and (idle := seconds(span)) is not None:
            return Known(idle, (setting.citation,))
    return not_shown("ChannelTimeout none", MANUAL)
