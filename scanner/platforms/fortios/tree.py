"""A FortiOS configuration as a tree: sections of entries with settings, each with its line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from scanner.evidence import printable

ROOT = "root"
"""The VDOM of a device on which VDOMs are not enabled."""


@dataclass(slots=True)
class Setting:
    """The words of one `set` line; none for `unset`."""

    values: tuple[str, ...]
    line: int
    contradicted: bool = False
    """It was set twice with different words; the last ones hold."""
    damaged: bool = False
    """The line could not be cut into words."""

    @property
    def word(self) -> str:
        """The only word; empty when there are none or several."""
        return self.values[0] if len(self.values) == 1 else ""


@dataclass(slots=True)
class Entry:
    """What stands between `edit` and `next`, or directly in a section."""

    name: str
    line: int
    settings: dict[str, Setting] = field(default_factory=dict)
    sections: dict[str, Section] = field(default_factory=dict)

    def words(self, key: str) -> tuple[str, ...]:
        """The words of a setting; () when it is not there."""
        setting = self.settings.get(key)
        return setting.values if setting is not None else ()

    def word(self, key: str) -> str:
        setting = self.settings.get(key)
        return setting.word if setting is not None else ""

    def entries(self, path: str) -> Iterator[Entry]:
        """The entries of a section inside, in the order of the file."""
        section = self.sections.get(path)
        if section is not None:
            yield from section.entries.values()


@dataclass(slots=True)
class Section:
    """What stands between `config` and `end`."""

    path: str
    line: int
    own: Entry
    entries: dict[str, Entry] = field(default_factory=dict)
    whole: bool = True
    """It was closed, and every line of it stands where it may."""


@dataclass(slots=True)
class Odd:
    """A line that does not belong where it stands."""

    line: int
    text: str
    why: str
    matters: bool = False


@dataclass
class Configuration:
    """Everything one document says."""

    top: Entry
    lines: Sequence[str]
    model: tuple[str, int] | None = None
    version: tuple[str, int] | None = None
    """The release and the line that names it."""
    serial: tuple[str, int] | None = None
    first: int | None = None
    """The first line that shows whose file this is."""
    whole: bool = True
    """No section was left open at the end."""
    odd: list[Odd] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    """Lines that are not empty, by the section they stand in; "" for those outside."""

    def shown(self, line: int) -> str:
        """A line as it may be shown, without the values that could be secret."""
        text = self.lines[line - 1] if 1 <= line <= len(self.lines) else ""
        return printable(text)

    @property
    def common(self) -> Entry:
        """What holds for the device as a whole."""
        section = self.top.sections.get("global")
        return section.own if section is not None else self.top

    @property
    def vdoms(self) -> dict[str, Entry]:
        """The virtual firewalls by name; one called `root` where VDOMs are not enabled."""
        section = self.top.sections.get("vdom")
        if section is None or not section.entries:
            return {ROOT: self.top}
        return section.entries

    @property
    def has_vdoms(self) -> bool:
        return self.top.sections.get("vdom") is not None
