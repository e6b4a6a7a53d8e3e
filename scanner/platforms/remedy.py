"""How a setting is put right on a family's devices: what is typed, or where in a menu it is.

A family declares one `Remedy` for each fact that a rule can find wrong. Commands are templates;
the values that depend on the place stand in them as `{name}`, and `PLACEHOLDERS` lists them.
Nothing here is ever sent to a device: it is printed for the person who does it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from inventory.text import Text

PLACEHOLDERS: dict[str, Text] = {
    "prefix": Text(
        vi="mạng được phép quản trị, ví dụ 192.0.2.0/28",
        en="network that may administer, e.g. 192.0.2.0/28",
    ),
    "inet_prefix": Text(vi="mạng IPv4 được phép quản trị", en="IPv4 network that may administer"),
    "network": Text(vi="địa chỉ mạng được phép quản trị", en="address of the network that manages"),
    "mask": Text(vi="mặt nạ của mạng đó", en="mask of that network"),
    "wildcard": Text(vi="mặt nạ đảo của mạng đó", en="wildcard mask of that network"),
    "prefixes": Text(
        vi="các mạng được phép quản trị, cách nhau bằng dấu phẩy",
        en="networks that may administer, with commas between them",
    ),
    "words": Text(
        vi="các mạng được phép quản trị, cách nhau bằng dấu cách",
        en="networks that may administer, with spaces between them",
    ),
    "ntp": Text(vi="địa chỉ máy chủ thời gian", en="address of the time server"),
    "syslog": Text(vi="địa chỉ máy chủ nhật ký", en="address of the log server"),
    "account": Text(vi="tên tài khoản", en="name of the account"),
    "secret": Text(vi="mật khẩu mới", en="the new password"),
    "key": Text(vi="khóa SNMPv3, ít nhất 12 ký tự", en="SNMPv3 key of 12 characters or more"),
    "interface": Text(vi="tên giao diện mạng", en="name of the interface"),
    "segment": Text(vi="mạng của phân hệ HNTH", en="prefix of the conferencing segment"),
    "segment_address": Text(
        vi="địa chỉ mạng của phân hệ HNTH", en="network address of the conferencing segment"
    ),
    "segment_mask": Text(vi="mặt nạ của phân hệ HNTH", en="mask of the conferencing segment"),
    "inside": Text(vi="vùng HNTH trên thiết bị", en="zone of the conferencing segment"),
    "outside": Text(vi="vùng bên ngoài trên thiết bị", en="zone of the other side"),
    "peer": Text(vi="địa chỉ được phép kết nối", en="address that may connect"),
    "port": Text(vi="cổng dịch vụ", en="port of the service"),
    "file": Text(vi="tên tệp", en="name of the file"),
    "certificate": Text(
        vi="tên chứng thư số đã nạp trên thiết bị",
        en="name of the certificate that the device holds",
    ),
}
"""What a command may leave open. `prefix`, `inet_prefix`, `network`, `mask` and `wildcard` repeat
their line for every network of the list, and `{n}` counts the lines from 1; all of them but
`prefix` take IPv4 only. `secret` and `key` are never filled in."""

How = Literal["commands", "menu", "tool", "none"]


@dataclass(frozen=True, slots=True)
class Remedy:
    """One setting: how it becomes what is asked for, and how that is seen afterwards."""

    fact: str
    how: How
    commands: tuple[str, ...] = ()
    """In the order in which they are typed; not empty exactly when `how` is `commands`."""
    where: Text | None = None
    """The menu path, the tool, or why there is no way; None when the commands say it all."""
    verify: tuple[str, ...] = ()
    """Read-only commands that show the setting."""
    note: Text | None = None
    """What else happens: a restart, a session that ends."""
    source: str = ""
    """The document that describes it."""
    releases: str = ""
    """Releases that take it, where others do not."""


@dataclass(frozen=True, slots=True)
class Remedies:
    """All remedies of a family and how its command line is entered and left."""

    entries: tuple[Remedy, ...]
    comment: str = "#"
    """What begins a line that the device passes over, or refuses."""
    comments_pass: bool = True
    """The device passes over such lines; False: it would answer with an error."""
    loaded: bool = False
    """The commands are lines of one file that the device loads, `enter` and `leave` its ends."""
    enter: tuple[str, ...] = ()
    leave: tuple[str, ...] = ()
    """Also makes the change last over a restart."""
    by_fact: dict[str, Remedy] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        table = {entry.fact: entry for entry in self.entries}
        if len(table) != len(self.entries):
            raise ValueError("a fact has two remedies")
        object.__setattr__(self, "by_fact", table)


def typed(
    facts: str | tuple[str, ...],
    commands: str,
    verify: str = "",
    source: str = "",
    releases: str = "",
    *,
    vi: str = "",
    en: str = "",
) -> tuple[Remedy, ...]:
    """Commands, one a line, that set the facts; the note is given in both languages."""
    note = Text(vi=vi, en=en) if en else None
    return tuple(
        Remedy(fact, "commands", _lines(commands), None, _lines(verify), note, source, releases)
        for fact in _names(facts)
    )


def menu(
    facts: str | tuple[str, ...], vi: str, en: str, source: str = "", verify: str = ""
) -> tuple[Remedy, ...]:
    """The place in the web interface or on the screen of the device."""
    return _told("menu", facts, Text(vi=vi, en=en), source, verify)


def with_tool(
    facts: str | tuple[str, ...], vi: str, en: str, source: str = "", verify: str = ""
) -> tuple[Remedy, ...]:
    """Done with a program or a service of the vendor, or on another device."""
    return _told("tool", facts, Text(vi=vi, en=en), source, verify)


def impossible(facts: str | tuple[str, ...], vi: str, en: str) -> tuple[Remedy, ...]:
    """No public document tells a way on this family; the text says why and what to do instead."""
    return _told("none", facts, Text(vi=vi, en=en), "", "")


def _told(
    how: How, facts: str | tuple[str, ...], where: Text, source: str, verify: str
) -> tuple[Remedy, ...]:
    return tuple(
        Remedy(fact, how, where=where, verify=_lines(verify), source=source)
        for fact in _names(facts)
    )


def _names(facts: str | tuple[str, ...]) -> tuple[str, ...]:
    return (facts,) if isinstance(facts, str) else facts


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line for line in text.split("\n") if line.strip())
