"""What OpenSSH's server is told: `sshd -T`, sshd_config, its included files and Match blocks.

Of several lines with one keyword the first counts. `sshd -T` computes what holds outside of Match
blocks, with all files included; what a Match block loosens stands in the files only. So a
favourable value is told only where every file was seen, and the weakest value that any login can
meet is the one that is told. A keyword that stands nowhere is Unknown with the default of
sshd_config(5).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from inventory.text import Text
from rules.facts import Citation, Fact, Known, Unknown
from scanner.evidence import printable
from scanner.platforms.documented_default import not_shown
from scanner.platforms.linux_sections import Host, Section

MANUAL = Text(vi="tài liệu sshd_config(5)", en="the manual sshd_config(5)")
_LISTS = frozenset(
    {
        *("allowusers", "denyusers", "allowgroups", "denygroups", "port", "listenaddress"),
        *("hostkey", "hostcertificate"),
    }
)
"""Keywords of which every line counts."""
_SAME = {
    "challengeresponseauthentication": "kbdinteractiveauthentication",
    "skeyauthentication": "kbdinteractiveauthentication",
}
MAX_DEPTH = 16
"""The server's own limit for includes."""


@dataclass(frozen=True, slots=True)
class Setting:
    value: str
    citation: Citation


@dataclass
class Sshd:
    """What every login meets, and what only those of a Match block meet; keywords in lower case."""

    common: dict[str, list[Setting]] = field(default_factory=dict)
    matched: dict[str, list[Setting]] = field(default_factory=dict)
    whole: bool = True
    """Every file was seen to its end, so that no Match block is unknown."""
    computed: bool = False
    """`sshd -T` said what holds, so that nothing else can come before."""
    why_not_whole: tuple[Citation, ...] = ()

    def one(self, keyword: str) -> Setting | None:
        """What holds outside of Match blocks, where it is told for certain."""
        return next(iter(self.common.get(keyword, ())), None)

    def doubt(self, citation: Citation) -> None:
        self.whole = False
        self.why_not_whole = (*self.why_not_whole, citation)


_LINE = re.compile(r"(?P<word>[A-Za-z][A-Za-z0-9]*)(?:[ \t]*=[ \t]*|[ \t]+)(?P<value>.*)")


def sshd_of(host: Host) -> Sshd | None:
    """None where nothing of the server's configuration was handed in."""
    computed = [s for s in host.of("sshd -T") if s.whole and not _failed(s)]
    files = host.of("sshd")
    if not computed and not files:
        return None
    found = Sshd()
    for section in computed[:1]:
        found.computed = True
        for number, line in section.active:
            if match := _LINE.fullmatch(line):
                _take(found.common, match["word"].lower(), match["value"], section.cite(number))
    mains = [s for s in files if "sshd_config.d" not in s.path]
    if not mains:
        found.whole = False
    for main in mains[:1] or files:
        _Walk(host, found).file(main)
    return found


def _failed(section: Section) -> bool:
    """The server said why it cannot tell, instead of its settings."""
    return not any(line.startswith("authorizedkeysfile ") for _, line in section.active)


def _take(into: dict[str, list[Setting]], word: str, value: str, citation: Citation) -> None:
    word = _SAME.get(word, word)
    given = into.setdefault(word, [])
    if not given or word in _LISTS:
        given.append(Setting(value.strip().strip('"'), citation))


class _Walk:
    """Reads files in the order of the server."""

    def __init__(self, host: Host, found: Sshd) -> None:
        self._host = host
        self._found = found
        self._open = False
        """An include that was not seen stands before: it may have said anything first."""

    def file(self, section: Section, conditional: bool = False, depth: int = 0) -> None:
        inside = conditional
        if not section.whole:
            self._found.doubt(section.cite())
        for number, line in section.active:
            match = _LINE.fullmatch(line)
            word = match["word"].lower() if match else ""
            if match is None:
                self._found.doubt(section.cite(number))
                self._open = True
            elif word == "match":
                inside = conditional or match["value"].strip().lower() != "all"
            elif word == "include":
                self._include(section, number, match["value"], inside, depth)
            elif inside:
                _append(self._found.matched, word, match["value"], section.cite(number))
            elif not self._found.computed and not (self._open and word not in self._found.common):
                _take(self._found.common, word, match["value"], section.cite(number))

    def _include(self, section: Section, number: int, value: str, inside: bool, depth: int) -> None:
        for raw in value.split():
            pattern = raw.strip('"')
            pattern = pattern if pattern.startswith("/") else f"/etc/ssh/{pattern}"
            found = [s for s in self._host.of("sshd") if fnmatchcase(s.path, pattern)]
            if depth >= MAX_DEPTH or (not found and pattern not in self._host.absent):
                self._found.doubt(section.cite(number))
                self._open = self._open or not inside
                continue
            for one in sorted(found, key=lambda s: s.path):
                self.file(one, inside, depth + 1)


def _append(into: dict[str, list[Setting]], word: str, value: str, citation: Citation) -> None:
    into.setdefault(_SAME.get(word, word), []).append(Setting(value.strip().strip('"'), citation))


# --- settings --------------------------------------------------------------------------------

UNSEEN = Text(
    vi="{keyword} chung là “{value}”, nhưng khối Match hoặc tệp Include chưa đọc có thể nới lỏng; "
    "hãy đưa thêm sshd_config và mọi tệp mà nó gồm",
    en="{keyword} is `{value}` in general, and a Match block or an included file that was not read "
    "may loosen it; hand in sshd_config with every file that it includes",
)
_BEHIND_INCLUDE = Text(
    vi="sshd_config gồm các tệp chưa được đọc, có thể đặt {keyword} trước; hãy đưa thêm kết quả "
    "của lệnh sshd -T",
    en="sshd_config includes files that were not read and may set {keyword} first; hand in what "
    "sshd -T prints as well",
)
_NOT_UNDERSTOOD = Text(
    vi="không hiểu giá trị “{value}” của {keyword}", en="`{value}` of {keyword} is not understood"
)


def weakest(sshd: Sshd, keyword: str, order: Mapping[str, int], default: str) -> Fact[str]:
    """The value with the lowest rank of `order` among those that some login meets."""
    key = keyword.lower()
    told = sshd.common.get(key, [])[:1]
    every = [*told, *sshd.matched.get(key, ())]
    for setting in every:
        if setting.value.lower() not in order:
            value = printable(setting.value, 40)
            return Unknown(
                _NOT_UNDERSTOOD.format(value=value, keyword=keyword), (setting.citation,)
            )
    lowest = min(every, key=lambda s: order[s.value.lower()], default=None)
    if lowest is not None and order[lowest.value.lower()] == min(order.values()):
        return Known(lowest.value.lower(), (lowest.citation,))
    if not told:
        if sshd.why_not_whole and not sshd.computed:
            return Unknown(_BEHIND_INCLUDE.format(keyword=keyword), sshd.why_not_whole)
        return not_shown(f"{keyword} {default}", MANUAL)
    if lowest is None or not sshd.whole:
        return Unknown(UNSEEN.format(keyword=keyword, value=told[0].value), (told[0].citation,))
    return Known(lowest.value.lower(), (lowest.citation,))
