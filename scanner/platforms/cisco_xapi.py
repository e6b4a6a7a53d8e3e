"""The answers of Cisco codecs as settings: one path, one value, the line it stands on.

Two spellings of the same tree are read: the lines of the command line (`*c xConfiguration A B: v`,
`*s A B: v`, `*r ...Result A 1 B: v`) and the XML of the web interface and of exported files
(`<Configuration>`, `<Status>`, `<Command>`). Paths are compared in lower case, array items are
numbers in the path: `network 1 ipv4 address`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from inventory.text import Text
from rules.facts import Citation, Fact, Known, Unknown
from rules.network_facts import UnreadLine
from scanner.evidence import Document, printable
from scanner.platforms.xml_elements import Element, elements

Tree = Literal["c", "s", "r"]
"""Configuration, status, result of a command."""

MAX_SETTINGS = 20_000
"""A codec has some hundreds; an answer with more is not one."""
MAX_UNREAD = 20

T = TypeVar("T")

_LINE = re.compile(r"\*(?:c xConfiguration|(?P<kind>[sr])) (?P<path>[^:]{1,300}):(?P<value>.*)")
_ROOTS: Mapping[str, Tree] = {"configuration": "c", "status": "s", "command": "r"}
_WRAPPERS = frozenset({"xmldoc", *_ROOTS})


@dataclass(frozen=True, slots=True)
class Setting:
    tree: Tree
    path: str
    """Lower case words separated by one space."""
    value: str
    document: Document
    line: int

    def cite(self) -> Citation:
        return self.document.cite(self.line)


@dataclass
class Settings:
    """Everything understood from a set of documents, in the order in which it was captured."""

    found: dict[tuple[Tree, str], list[Setting]] = field(default_factory=dict)
    unread: list[tuple[Document, UnreadLine]] = field(default_factory=list)
    whole: dict[int, bool] = field(default_factory=dict)
    """By `id(document)`: it was read up to its end, so what is not in it is not on the device."""

    def __getitem__(self, key: tuple[Tree, str]) -> Setting | None:
        """The newest setting with this path; None when there is none."""
        several = self.found.get((key[0], key[1].lower()))
        return several[-1] if several else None

    def contradicts_itself(self, key: tuple[Tree, str]) -> bool:
        """Different values are given. Status may change between two documents, not in one."""
        several = self.found.get((key[0], key[1].lower()), ())
        values = {setting.value for setting in several}
        told = {(id(setting.document), setting.value) for setting in several}
        from_one = len({document for document, _ in told}) < len(told)
        return len(values) > 1 and (key[0] == "c" or from_one)

    def below(self, tree: Tree, prefix: str) -> list[Setting]:
        """Settings whose path begins with the words of `prefix`, in the order of the documents."""
        start = prefix.lower() + " "
        return [
            setting
            for (kind, path), several in self.found.items()
            if kind == tree and path.startswith(start)
            for setting in several[-1:]
        ]

    def is_whole(self, settings: Iterable[Setting]) -> bool:
        """Every document that these settings come from was read up to its end, and tells each of
        them once: two values for one member of a list mean that its structure was lost.
        """
        return all(
            self.whole.get(id(setting.document), False)
            and not self.contradicts_itself((setting.tree, setting.path))
            for setting in settings
        )

    def add(self, setting: Setting) -> None:
        self.found.setdefault((setting.tree, setting.path), []).append(setting)


def read_settings(documents: Sequence[Document]) -> Settings:
    """The settings of all documents. Never raises: what is not understood is in `unread`."""
    settings = Settings()
    for document in sorted(documents, key=lambda d: d.captured):
        if document.text.lstrip("\ufeff \t\r\n").startswith("<"):
            _read_xml(document, settings)
        else:
            _read_lines(document, settings)
    return settings


# --- lines of the command line -----------------------------------------------------------------


def _read_lines(document: Document, settings: Settings) -> None:
    # text after the last line end was cut off in the middle: `15` may have been `150`
    lines = document.lines[:-1]
    count = 0
    for number, line in enumerate(lines, 1):
        if not line.startswith(("*c ", "*s ", "*r ")):
            continue
        count += 1
        setting = _setting(line, document, number)
        if setting is None or count > MAX_SETTINGS:
            _report(settings, document, number, "not a setting in the form `path: value`")
        else:
            settings.add(setting)
    last = next((line.strip() for line in reversed(lines) if line.strip()), "")
    ended = last in {"** end", "OK"}
    settings.whole[id(document)] = ended and count <= MAX_SETTINGS
    if count == 0 and not ended and document.content.strip():
        _report(settings, document, 1, "no setting of a codec in this answer")


def _setting(line: str, document: Document, number: int) -> Setting | None:
    match = _LINE.fullmatch(line)
    if match is None:
        return None
    value = match["value"].strip()
    if value.startswith('"'):
        if len(value) < 2 or not value.endswith('"'):
            return None
        value = value[1:-1].replace('\\"', '"')
    elif '"' in value:
        return None
    path = " ".join(match["path"].lower().split())
    tree: Tree = "c" if match["kind"] is None else "s" if match["kind"] == "s" else "r"
    return Setting(tree, path, value, document, number)


def _report(settings: Settings, document: Document, line: int, why: str) -> None:
    if len(settings.unread) < MAX_UNREAD:
        text = printable(document.lines[line - 1]) if line <= len(document.lines) else ""
        settings.unread.append((document, UnreadLine(line, text, why)))


# --- XML -----------------------------------------------------------------------------------------


def _read_xml(document: Document, settings: Settings) -> None:
    read = elements(document)
    trees = {step.name.lower() for element in read.found for step in element.path[:2]}
    tree = next((_ROOTS[root] for root in _ROOTS if root in trees), None)
    why = read.error or ("" if tree else "XML of something else than a codec")
    if why:
        _report(settings, document, read.line, why)
    settings.whole[id(document)] = not why
    for element in read.found if tree else ():
        path = _path(element)
        status = element.attributes.get("status", "").lower()
        if status and element.path[-1].name.endswith("Result"):
            path += f" (status={status})"
        elif not element.is_leaf:
            continue
        if path:
            settings.add(Setting(tree or "c", path, element.text, document, element.line))


def _path(element: Element) -> str:
    parts: list[str] = []
    for name, item in element.path:
        word = name.lower()
        if word in _WRAPPERS and not parts:
            continue
        parts.append(f"{word} {item}" if item.isdecimal() and len(item) < 6 else word)
    return " ".join(parts)


# --- from settings to facts ----------------------------------------------------------------------


def missing(path: str) -> Unknown:
    return Unknown(
        Text(
            vi=f"thiết bị không đưa ra giá trị của “{path}”",
            en=f"the device gave no value for “{path}”",
        )
    )


def not_understood(setting: Setting) -> Unknown:
    shown = printable(setting.value, 40)
    return Unknown(
        Text(
            vi=f"không hiểu giá trị “{shown}” của “{setting.path}”",
            en=f"the value “{shown}” of “{setting.path}” is not understood",
        ),
        (setting.cite(),),
    )


def cut_off(path: str) -> Unknown:
    return Unknown(
        Text(
            vi=f"câu trả lời chứa “{path}” không đầy đủ",
            en=f"the answer that holds “{path}” is incomplete",
        )
    )


def are_numbered(settings: Iterable[Setting], word: str) -> bool:
    """The numbers after the word are 1, 2, 3, ... without a gap, or there are none."""
    pattern = re.compile(rf"(?:^| ){re.escape(word)} ([0-9]{{1,5}})(?: |$)")
    found = (pattern.search(setting.path) for setting in settings)
    numbers = {int(match[1]) for match in found if match}
    return numbers == set(range(1, len(numbers) + 1))


def value_of(settings: Settings, tree: Tree, path: str) -> Setting | Unknown:
    """The one setting with this path, or why there is none."""
    if settings.contradicts_itself((tree, path)):
        several = settings.found[tree, path.lower()]
        return Unknown(
            Text(
                vi=f"các tài liệu đưa ra giá trị khác nhau cho “{path}”",
                en=f"the documents give different values for “{path}”",
            ),
            tuple(setting.cite() for setting in several),
        )
    setting = settings[tree, path]
    return missing(path) if setting is None else setting


def choice(settings: Settings, tree: Tree, path: str, values: Mapping[str, T]) -> Fact[T]:
    """One of the words in `values`, in any case."""
    setting = value_of(settings, tree, path)
    if isinstance(setting, Unknown):
        return setting
    word = setting.value.lower()
    if word not in values:
        return not_understood(setting)
    return Known(values[word], (setting.cite(),))


def number(settings: Settings, tree: Tree, path: str, most: int, scale: int = 1) -> Fact[int]:
    """A whole number from 0 to `most`, multiplied by `scale`."""
    setting = value_of(settings, tree, path)
    if isinstance(setting, Unknown):
        return setting
    if not re.fullmatch(r"[0-9]{1,6}", setting.value) or int(setting.value) > most:
        return not_understood(setting)
    return Known(int(setting.value) * scale, (setting.cite(),))


def words(settings: Settings, tree: Tree, path: str, pattern: str) -> Fact[str]:
    """A text that the regular expression matches as a whole."""
    setting = value_of(settings, tree, path)
    if isinstance(setting, Unknown):
        return setting
    if not re.fullmatch(pattern, setting.value):
        return not_understood(setting)
    return Known(setting.value, (setting.cite(),))
