"""Parts of a rule that have a grammar of their own: limits, fib, flow, xt, options, sets.

Each function takes its part from the cursor. All may raise NotUnderstood.
"""

from __future__ import annotations

from typing import Final

from rules.packets.sets import Names
from scanner.platforms.netconfig.conditions import ALWAYS, Condition, box, doubtful
from scanner.platforms.nftables import selectors as s
from scanner.platforms.nftables.chains import Goal, Verb
from scanner.platforms.nftables.cursor import Cursor
from scanner.platforms.nftables.translation import goal_of
from scanner.platforms.nftables.verdicts import ENDS
from scanner.platforms.nftables.words import plain

_XT_GO_ON: Final = frozenset(
    {
        "LOG", "NFLOG", "MARK", "CONNMARK", "TCPMSS", "CLASSIFY", "DSCP", "TOS", "AUDIT",
        "CHECKSUM", "TRACE", "SET", "TEE", "SECMARK", "CONNSECMARK", "ULOG", "TTL", "HL",
    }
)  # fmt: skip
_LIMIT_WORDS: Final = frozenset(
    {
        "rate", "over", "until", "burst", "packets", "bytes", "kbytes", "mbytes", "name", "used",
        "bytes/second", "kbytes/second", "mbytes/second", "count",
    }
)  # fmt: skip
_GOAL_FLAGS: Final = frozenset({"random", "fully-random", "persistent"})
ENDS_OF_SET: Final = ENDS | {"counter", "comment", "log", "notrack"}


def limit(words: Cursor) -> str:
    """`limit rate over 10/second burst 5 packets`, `quota 10 mbytes`: the words of it."""
    start = words.at
    words.take()
    while words.peek() and (
        words.peek() in _LIMIT_WORDS or words.peek()[0].isdigit() or words.peek() == '"'
    ):
        if words.take() == "name":
            words.at += 1
    return " ".join(words.words[start : words.at])


def goal(words: Cursor) -> Goal | None:
    """`ip to 10.0.0.5:8443`, `ip prefix to 10.2.0.0/16`: what a translation puts in."""
    version = {"ip": 4, "ip6": 6}.get(words.peek())
    words.at += version is not None
    prefix = words.accept("prefix")
    if not words.accept("to") or not words.peek():
        return None
    written = plain(words.take())
    while words.peek() and words.peek() in _GOAL_FLAGS:
        words.at += 1
    if words.accept("comment"):
        words.at += 1
    return None if words.peek() else goal_of(written, version, prefix=prefix)


def fib(words: Cursor) -> Condition:
    """`fib daddr type local`, `fib saddr . iif oif missing`: what the routes say is not known."""
    start = words.at
    words.take()
    while words.peek() and words.peek() not in {"oif", "oifname", "type", "check"}:
        words.take()
    words.take()
    if words.peek() not in {"exists", "missing"}:
        words.operator()
        words.values()
    else:
        words.take()
    return doubtful(" ".join(map(plain, words.words[start : words.at])))


def flow(words: Cursor) -> Condition:
    """Packets that may go by the forward chains: the later ones of a flow that is offloaded."""
    while words.peek() and not words.take().startswith("@"):
        pass
    return doubtful("flow add", box(state=Names(frozenset({"established"}))).may)


def xt(words: Cursor) -> Condition | Verb:
    """A part made by iptables-nft that nft cannot list: its name is all there is."""
    words.take()
    kind = words.take()
    name = plain(words.take()) if kind in {"match", "target"} else kind.removeprefix("xt_")
    if name == "comment" or name in _XT_GO_ON:
        return ALWAYS
    if kind == "match" or (kind.startswith("xt_") and name == name.lower()):
        return doubtful(f"xt {name}")
    return "deny" if name == "REJECT" else "unknown"


def tcp_option(words: Cursor) -> Condition:
    """`tcp option maxseg size set rt mtu` changes nothing that is looked at."""
    start = words.at
    while words.peek() and words.peek() not in ENDS and words.peek() != "set":
        words.take()
    if words.accept("set"):
        set_to(words)
        return ALWAYS
    return doubtful(" ".join(words.words[start : words.at]), s.TCP_ONLY.may)


def set_to(words: Cursor) -> None:
    """What stands behind `set`: the value that a field or a mark gets."""
    while words.peek() and words.peek() not in ENDS_OF_SET:
        if words.accept("{"):
            while words.take() != "}":
                pass
        else:
            words.at += 1


def dup(words: Cursor) -> Condition:
    """A copy is sent elsewhere; the packet goes on."""
    words.take()
    while words.peek() and words.peek() not in ENDS:
        words.take()
    return ALWAYS


def add(words: Cursor) -> Condition:
    """`add @set { ip saddr }` decides nothing; `meter` and old spellings may hold a limit."""
    start = words.at
    while words.peek() and words.peek() != "{":
        words.take()
    if "limit" in words.braces() or "count" in words.words[start : words.at]:
        return doubtful(" ".join(words.words[start : words.at])[:120])
    return ALWAYS
