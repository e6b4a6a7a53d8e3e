"""What an HDX system says, as settings with their lines: settings CSV, API answers, greeting.

The three say the same things with different words, so all of them end up under the key that the
CSV uses. The last line of a text without line end may have been cut off and counts only when its
own form shows that it is whole.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from rules.facts import Citation
from rules.network_facts import UnreadLine
from scanner.evidence import Document, printable
from scanner.platforms.xml_elements import elements

PASSWORD_RULES = (
    *("minlength", "numbercount", "lowercasecount", "uppercasecount", "specialcharcount"),
    *("reusecount", "maxage"),
)
"""What the settings about passwords ask for; each exists for every kind of password."""

SETTINGS = frozenset(
    {"answersinglecall", "answermultipointcall", "audioinputmute", "autoanswer", "buildmodel"}
    | {"buildnumber", "configuredipaddress", "dhcp_flg", "encryptionenable", "gatekeeperenable"}
    | {"gkipaddress", "incall", "iph323enable", "maxrxbandwidth", "maxtxbandwidth", "model"}
    | {"productversion", "projectcodename", "serialnumber", "sessionsenabled", "sipenable"}
    | {"snmpcommunity", "snmpenabled", "softwarearchitecture", "subnetmask", "timeserver"}
    | {"farcontrolnearcamera", "timeserverurl", "docanyonupgrade", "rabbiteyestatus", "tosfield"}
    | {"telnetenabled", "webenabled", "ftpenabled", "remotesyslogenabled", "lockoutattemptsadmin"}
    | {f"pw{what}{whose}" for what in PASSWORD_RULES for whose in ("room", "remote")}
)
"""Keys by which a settings file is known, among them every one that is read."""

_SECRETS = re.compile(r"(?i)community|passw|pwd|secret|userid|swkey|enabled?,k[x0-9a-z]{3}-")

_CSV = re.compile(r'"?([A-Za-z0-9_.\-]{1,64})"?[ \t]{0,8},(.*)')
_CELL = re.compile(r'[ \t]*(?:"(?:[^"]|"")*"|[^",]*)[ \t]*')
"""One value: a mark or a comma outside quotes shows that two lines became one."""
_ANSWERS = {
    "version": "version",
    "serialnum": "serialnumber",
    "autoanswer": "answersinglecall",
    "mpautoanswer": "answermultipointcall",
    "encryption": "encryptionenable",
    "ntpmode": "timeserver",
    "ntpserver": "timeserverurl",
    "enablesnmp": "snmpenabled",
    "snmpcommunity": "snmpcommunity",
    "farcontrolnearcamera": "farcontrolnearcamera",
    "sessionsenabled": "sessionsenabled",
    "allowlistenabled": "allowlistenabled",
}
"""Words of the command line API and the setting they are about."""

_SAID = r'("[^"]*"|[^"\s][^"]*)'
_ANSWER = re.compile(rf"([A-Za-z]{{3,24}})(?:[ \t]{{0,40}}[:=][ \t]{{0,40}}|[ \t]{{1,40}}){_SAID}")
_SYSTEM_SETTING = re.compile(rf"systemsetting[ \t]+([a-z0-9_]{{1,64}})[ \t]+{_SAID}")
_GREETING = {
    "model": "model",
    "serial number": "serialnumber",
    "software version": "version",
    "h323 enabled": "iph323enable",
    "snmp enabled": "snmpenabled",
}
_GREETING_LINE = re.compile(r"([A-Z][A-Za-z0-9 ]{2,30}?)[ \t]{0,4}:[ \t]+" + _SAID)


@dataclass(frozen=True, slots=True)
class Setting:
    value: str
    citation: Citation


@dataclass
class Said:
    """What one document says, read once."""

    settings: dict[str, Setting] = field(default_factory=dict)
    """By lower-case key; a key that is given twice with different values is not here."""
    contradicted: dict[str, tuple[Citation, ...]] = field(default_factory=dict)
    """Where those stand that are given with different values: the first two of them."""
    is_file: bool = False
    """It is a settings file, so that a key that is not here can be said to be missing."""
    unread: list[UnreadLine] = field(default_factory=list)

    def add(self, key: str, value: str, citation: Citation) -> None:
        known = self.settings.get(key)
        if known is not None and known.value != value:
            self.contradicted[key] = (known.citation, citation)
            del self.settings[key]
        elif known is None and key not in self.contradicted:
            self.settings[key] = Setting(value, citation)


def read_settings(document: Document) -> Said:
    """Settings of a CSV file, else of API answers as text or XML; never raises."""
    lines = _logical_lines(document)
    said = Said()
    pairs = [(number, _csv(line)) for number, line in lines]
    keys = {pair[0] for _, pair in pairs if pair and pair[0] in SETTINGS}
    if len(keys) >= 2:
        said.is_file = True
        _from_file(said, document, lines[:-1] if lines[-1][0] == len(document.lines) else lines)
    else:
        _from_answers(said, document, lines)
    return said


def _from_file(said: Said, document: Document, lines: list[tuple[int, str]]) -> None:
    for number, line in lines:
        pair = _csv(line)
        if pair is not None:
            said.add(*pair, _cite(document, number, line))
        elif line:
            text = printable(line)
            said.unread.append(UnreadLine(number, text, "not a line of a settings file"))


def _from_answers(said: Said, document: Document, lines: list[tuple[int, str]]) -> None:
    for number, line in lines:
        last = number == len(document.lines) and not is_xml(document)
        pair = _answered(line)
        if pair is not None and not (last and not line.endswith('"')):
            said.add(*pair, _cite(document, number, line))


def _csv(line: str) -> tuple[str, str] | None:
    match = _CSV.fullmatch(line)
    if match is None or not _CELL.fullmatch(match[2]):
        return None
    return match[1].lower(), _unquoted(match[2])


def _answered(line: str) -> tuple[str, str] | None:
    """The setting that an answer or a line of the greeting tells; None for echoes and errors."""
    setting = _SYSTEM_SETTING.fullmatch(line)
    if setting:
        return None if setting[1] in {"get", "set"} else (setting[1], _unquoted(setting[2]))
    answer = _ANSWER.fullmatch(line)
    if answer and answer[1].lower() in _ANSWERS:
        value = _unquoted(answer[2])
        return None if value in {"get", ""} else (_ANSWERS[answer[1].lower()], value)
    greeting = _GREETING_LINE.fullmatch(line)
    if greeting and greeting[1].lower() in _GREETING:
        return _GREETING[greeting[1].lower()], _unquoted(greeting[2])
    return None


def _unquoted(value: str) -> str:
    value = value.strip()
    if len(value) >= 2 and value[0] == value[-1] == '"':
        value = value[1:-1].replace('""', '"').strip()
    return value


def _cite(document: Document, number: int, line: str) -> Citation:
    """The line; what may be a secret is left out of it."""
    if _SECRETS.search(line):
        line = re.split(r"[, \t]", line, maxsplit=1)[0] + " <redacted>"
    return document.cite(number, line)


def is_xml(document: Document) -> bool:
    return document.text[:200].lstrip("\ufeff \t\r\n").startswith("<")


# --- lines -----------------------------------------------------------------------------------


def _logical_lines(document: Document) -> list[tuple[int, str]]:
    """Lines with their numbers, without white space at their ends; of XML, those of results."""
    if is_xml(document):
        return list(_result_lines(document)) or [(1, "")]
    # over SSH a prompt stands before what was typed and sometimes before the answer
    lines = [line.strip("\ufeff\x00 \t\r").removeprefix("-> ") for line in document.lines]
    return list(enumerate(lines, start=1))


def answer_lines(document: Document) -> list[tuple[int, str]]:
    """As the settings are read from: the lines of a text or of the results in an XML answer."""
    return _logical_lines(document)


def _result_lines(document: Document) -> Iterator[tuple[int, str]]:
    """The text of every `result` that was closed, under a command that succeeded."""
    succeeded = False
    for element in elements(document).found:
        name = element.path[-1].name
        if name == "command":
            succeeded = element.attributes.get("status") == "success"
        elif name == "result" and succeeded:
            yield from _inside(document, element.line, element.text)


def _inside(document: Document, first: int, text: str) -> Iterator[tuple[int, str]]:
    """One pair for each line between the tags; the squeezed text where they share one line."""
    line = document.lines[first - 1]
    opened = line.rfind("<result")
    if opened < 0 or "</result" in line:
        yield first, text
        return
    for number in range(first, len(document.lines) + 1):
        part = document.lines[number - 1]
        part = part[opened:].partition(">")[2] if number == first else part
        content, closed, _ = part.partition("</result")
        yield number, html.unescape(content).strip()
        if closed:
            return
