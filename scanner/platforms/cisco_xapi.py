"""The answers of Cisco codecs as settings: one path, one value, the line it stands on.

Two spellings of the same tree are read: the lines of the command line (`*c xConfiguration A B: v`,
`*s A B: v`, `*r ...Result A 1 B: v`, and `xConfiguration A B: v` of saved files) and the XML of the
web interface, of exported files and of a command line in XML mode (`<Configuration>`, `<Status>`,
`<Command>`). Paths are compared in lower case, array items are numbers in the path:
`network 1 ipv4 address`. What old releases number and newer ones do not (`Conference 1`, and in XML
every element) has no number here.
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
from scanner.platforms.part_of_document import original, part
from scanner.platforms.xml_elements import Element, elements

Tree = Literal["c", "s", "r"]
"""Configuration, status, result of a command."""

MAX_SETTINGS = 20_000
"""A codec has some hundreds; an answer with more is not one."""
MAX_UNREAD = 20

T = TypeVar("T")

_LINE = re.compile(
    r"(?:(?:\*c )?(?i:xConfiguration)|\*(?P<kind>[sr])) (?P<path>[^:]{1,300}):(?P<value>.*)"
)
_GREETING = re.compile(
    r"\s{0,8}(?P<product>(?:Cisco|TANDBERG) Codec) Release "
    r"(?P<release>[A-Za-z]{1,8}[0-9][\w.]{0,80}(?: (?i:prealpha|alpha|beta|rc)\d{0,4})?)"
    r"(?:[ (,].{0,200})?"
)
_CODEC = re.compile(r"(?i)(?:cisco|tandberg) .{0,40}\bcodec\b.{0,40}")
_NUMBERED = frozenset(
    {("", "network"), ("", "call"), ("ntp", "server"), ("dns", "server"), ("snmp", "host")}
    | {("userlistresult", "user"), ("user", "roles"), ("diagnostics", "message")}
)
"""Arrays, each below its parent: the number 1 of any other element says nothing."""
RELEASE = "@release"
"""Path, in the tree of the status, of the software that a document's head names."""
_QUOTED = re.compile(r'"(?:\\.|[^"\\])*+"|"[^"]*"')
"""With `\\"` inside; a backslash that escapes nothing is one."""
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
        """Different values are given."""
        several = self.found.get((key[0], key[1].lower()), ())
        return len({setting.value for setting in several}) > 1

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
        xml = _xml_in(document)
        if xml is not None:
            _read_xml(xml, settings)
        else:
            _read_lines(document, settings)
    return settings


# --- lines of the command line -----------------------------------------------------------------


def _read_lines(document: Document, settings: Settings) -> None:
    # text after the last line end was cut off in the middle: `15` may have been `150`
    lines = document.lines[:-1]
    count = 0
    starts = ("*c ", "*s ", "*r ")
    # below a prompt such a line is a command, in a saved file it is a setting
    is_session = any(line.startswith((*starts, "** end", "OK")) for line in lines)
    for number, line in enumerate(lines, 1):
        greeting = _GREETING.fullmatch(line)
        if greeting:
            settings.add(Setting("s", RELEASE, greeting["release"], document, number))
        is_setting = line[:15].lower() == "xconfiguration " and ":" in line
        if not line.startswith(starts) and (is_session or not is_setting):
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
        if not _QUOTED.fullmatch(value):
            return None
        value = value[1:-1].replace('\\"', '"')
    elif '"' in value:
        return None
    path = " ".join(match["path"].lower().split()).replace("conference 1 ", "conference ", 1)
    tree: Tree = "c" if match["kind"] is None else "s" if match["kind"] == "s" else "r"
    return Setting(tree, path, value, document, number)


def _report(settings: Settings, document: Document, line: int, why: str) -> None:
    if len(settings.unread) < MAX_UNREAD:
        text = printable(document.lines[line - 1]) if line <= len(document.lines) else ""
        settings.unread.append((document, UnreadLine(line, text, why)))


_XML_STARTS = re.compile(r"\s{0,80}<(?:\?xml|XmlDoc|Status|Configuration|Command)\b")


def _xml_in(document: Document) -> Document | None:
    """The document, or what of a session in XML mode is XML; None when nothing is."""
    if document.text[:4000].lstrip("\ufeff \t\r\n").startswith("<"):
        return document
    lines = document.lines
    starts = (n for n, line in enumerate(lines[:20], 1) if _XML_STARTS.match(line))
    start = next(starts, None)
    if start is None or any(line.startswith("*") for line in lines[:start]):
        return None
    end = next((n for n in range(len(lines), start, -1) if ">" in lines[n - 1]), start)
    return part(document, {n: lines[n - 1] for n in range(start, end + 1)})


# --- XML -----------------------------------------------------------------------------------------


def _read_xml(document: Document, settings: Settings) -> None:
    read = elements(document)
    whole = original(document)
    trees = {step.name.lower() for element in read.found for step in element.path[:2]}
    tree = next((_ROOTS[root] for root in _ROOTS if root in trees), None)
    head = next((e for e in read.found[::-1] if e.attributes.get("product")), None)
    if head is not None and not _CODEC.fullmatch(head.attributes["product"]):
        tree = None
    elif head is not None and head.attributes.get("version"):
        settings.add(Setting("s", RELEASE, head.attributes["version"], whole, head.line))
    why = read.error or ("" if tree else "XML of something else than a codec")
    if why:
        _report(settings, whole, read.line, why)
    settings.whole[id(whole)] = not why
    for element in read.found if tree else ():
        path = _path(element)
        status = element.attributes.get("status", "").lower()
        if status and element.path[-1].name.endswith("Result"):
            path += f" (status={status})"
        elif not element.is_leaf:
            continue
        if path:
            settings.add(Setting(tree or "c", path, element.text, whole, element.line))


def _path(element: Element) -> str:
    parts: list[str] = []
    parent = ""
    for name, item in element.path:
        word = name.lower()
        if word in _WRAPPERS and not parts:
            continue
        has_number = item.isdecimal() and len(item) < 6
        if has_number and (item != "1" or (parent, word) in _NUMBERED):
            parts.append(f"{word} {item}")
        else:
            parts.append(word)
        parent = word
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
