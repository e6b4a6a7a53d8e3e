"""What happens to documents on their way, and what an attacker puts into them, as functions.

Each takes the content, a source of chance and a number of places, and yields damaged contents
with a word for the place, so that a failure can be seen again.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence

from scanner.evidence import MAX_BYTES

REPEATED_TO = 50 * 1024 * 1024

Damaged = Iterator[tuple[str, bytes]]
Damage = Callable[[bytes, random.Random, int], Damaged]

_STRUCTURE = re.compile(rb"""["'<>{}\[\]:,=;\\\n]|(?<=<)/|/(?=>)""")
_NOISE = b"\"'<>{}[]:,=;/\\\n\r\t \x00\x7f\xff%&?@|~"
"""Without `#`: what stands behind it is a comment in some languages, and rightly gone."""
_KEY = re.compile(
    rb"""([A-Za-z_][A-Za-z_.\[\]]{2,60})\d{0,3}["']?[ \t]*[:=]|</?([A-Za-z_]{3,60})"""
)


def cut(content: bytes, chance: random.Random, places: int) -> Damaged:
    """The content as it is when the connection breaks: also inside a value, and at a line's end.

    At every place where there are no more than `places`, else at so many different ones.
    """
    ends = {0, len(content) - 1, content.rfind(b"\n", 0, -1) + 1}
    if len(content) <= places:
        ends = set(range(len(content)))
    while len(ends) < min(places, len(content)):
        ends.add(chance.randrange(len(content)))
    yield from ((f"at byte {end}", content[:end]) for end in sorted(ends))


def garbled(content: bytes, chance: random.Random, places: int) -> Damaged:
    """Marks of the structure and letters of keys replaced; never the inside of a value.

    A digit that was changed inside a value would be another value, which nobody can notice.
    """
    marks = [match.start() for match in _STRUCTURE.finditer(content)]
    names = [match.span(match.lastindex or 0) for match in _KEY.finditer(content)]
    for turn in range(places):
        broken = bytearray(content)
        at = 0
        if turn % 2 and names:
            at = chance.randrange(*chance.choice(names))
            broken[at] ^= 1 << chance.randrange(8)
        elif marks:
            at = chance.choice(marks)
            broken[at] = chance.choice(_NOISE)
        yield f"byte {at}: {bytes(broken[at : at + 1])!r}", bytes(broken)


def scrambled(content: bytes, chance: random.Random, places: int) -> Damaged:
    """Any bytes anywhere; what is told then may be wrong, and nothing else may happen."""
    for turn in range(places if content else 0):
        broken = bytearray(content)
        for _ in range(chance.randrange(1, 20)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        yield f"time {turn}", bytes(broken)


def swapped(content: bytes, chance: random.Random, places: int) -> Damaged:
    """Two neighbouring lines change places."""
    lines = content.split(b"\n")
    for at in _some(len(lines) - 2, chance, places):
        yield (
            f"line {at + 1}",
            b"\n".join([*lines[:at], lines[at + 1], lines[at], *lines[at + 2 :]]),
        )


def dropped(content: bytes, chance: random.Random, places: int) -> Damaged:
    """One line is missing."""
    lines = content.split(b"\n")
    for at in _some(len(lines) if len(lines) > 2 else 0, chance, places):
        yield f"line {at + 1}", b"\n".join([*lines[:at], *lines[at + 1 :]])


def doubled(content: bytes, chance: random.Random, places: int) -> Damaged:
    """Everything twice, and one line twice."""
    yield "everything", content * 2
    lines = content.split(b"\n")
    for at in _some(len(lines) - 1, chance, places):
        yield f"line {at + 1}", b"\n".join([*lines[:at], lines[at], *lines[at:]])


def contradicted(content: bytes, chance: random.Random, places: int) -> Damaged:
    """One line twice, the second time with another value; before or after the first."""
    for at, lines, other in _other_lines(content, chance, places):
        pair = [lines[at], other][:: chance.choice((1, -1))]
        yield f"line {at + 1}: {other}", "\n".join([*lines[:at], *pair, *lines[at + 1 :]]).encode()


def changed(content: bytes, chance: random.Random, places: int) -> Damaged:
    """One line with another value."""
    for at, lines, other in _other_lines(content, chance, places):
        yield f"line {at + 1}: {other}", "\n".join([*lines[:at], other, *lines[at + 1 :]]).encode()


def _other_lines(
    content: bytes, chance: random.Random, places: int
) -> Iterator[tuple[int, list[str], str]]:
    lines = content.decode("utf-8", errors="replace").split("\n")
    told = [at for at, line in enumerate(lines) if _FIELD.search(line)]
    for at in (told[n] for n in _some(len(told), chance, places)):
        start, end = [match.span() for match in _FIELD.finditer(lines[at])][-1]
        yield at, lines, lines[at][:start] + another(lines[at][start:end]) + lines[at][end:]


_OPPOSITES = (
    *(("on", "off"), ("true", "false"), ("yes", "no"), ("enabled", "disabled")),
    *(("enable", "disable"), ("required", "off"), ("1", "0")),
)


def another(value: str) -> str:
    """A value of the same kind that says something else."""
    word = value.strip(' "\t\r,;')
    for one, other in (*_OPPOSITES, *((b, a) for a, b in _OPPOSITES)):
        if word.lower() == one:
            new = other.title() if word.istitle() else other.upper() if word.isupper() else other
            return value.replace(word, new, 1)
    if re.search(r"\d", word):
        return re.sub(r"\d(?=\D*$)", lambda digit: str((int(digit[0]) + 1) % 10), value)
    return value.replace(word, word + "x", 1) if word else value + "x"


def repeated(content: bytes) -> bytes:
    """50 MB of the same."""
    return (content * (REPEATED_TO // max(1, len(content)) + 1))[:REPEATED_TO]


def bounded(content: bytes) -> bytes:
    """What a collector keeps of it."""
    return content[:MAX_BYTES]


# --- the same text in another spelling: nothing may get lost ---------------------------------


def windows(content: bytes, chance: random.Random, places: int) -> Damaged:
    yield "CR LF", content.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def marked(content: bytes, chance: random.Random, places: int) -> Damaged:
    yield "byte order mark", b"\xef\xbb\xbf" + content


# --- hostile content -------------------------------------------------------------------------

ESCAPES = "\x1b[2J\x1b]0;hnth\x07\u202e\x9b31m"
HTML = "<script>alert(1)</script><b>"
ENTITY = "&e9;"
BOMB = "<!DOCTYPE bomb [<!ENTITY e0 'hnth'>{}]>".format(
    "".join(f"<!ENTITY e{n} '{f'&e{n - 1};' * 10}'>" for n in range(1, 10))
)
LAUGHS = f"{BOMB}<bomb>{ENTITY}</bomb>"
_FIELD = re.compile(
    r"""(?<=>)[^<>\n]+(?=<)|(?<=")[^"\n]*(?="[\s,}\]>/?]|"$)|(?<=[:=,])[^\n"'<>{}\[\]]+$""", re.M
)
_FORMS = ("{bad}", "{value}{bad}", "{bad}{value}")


def hostile(content: bytes, chance: random.Random, places: int) -> Damaged:
    """Escapes, HTML and entities in, before and after the value of every field, and of one."""
    text = content.decode("utf-8", errors="replace")
    spans = [match.span() for match in _FIELD.finditer(text)]
    for planted in _spellings(text):
        for form in _FORMS:
            yield f"every field: {planted!r:.40}", _planted(text, spans, form, planted).encode()
    for n in _some(len(spans), chance, places):
        planted, form = chance.choice(_spellings(text)), chance.choice(_FORMS)
        where = f"field {text[slice(*spans[n])]!r} at {spans[n][0]}: {planted!r:.40}"
        yield where, _planted(text, [spans[n]], form, planted).encode()
    for line in (ESCAPES, HTML, BOMB, LAUGHS):
        yield f"nothing but {line!r:.40}", f"{line}\n".encode() * 50
    yield "entities declared first", (BOMB + _planted(text, spans, "{bad}", ENTITY)).encode()
    declaration = re.match(r"\s*<\?xml[^>]*\?>", text)
    if declaration:
        end = declaration.end()
        laughing = text[:end] + BOMB + _planted(text, spans, "{bad}", ENTITY)[end:]
        yield "entities declared in the prolog", laughing.encode()


def _spellings(text: str) -> tuple[str, ...]:
    """As they come, and escaped so that the document stays whole."""
    if text.lstrip("\ufeff \t\r\n").startswith("<"):
        return ESCAPES, HTML, "&lt;script&gt;&#x202e;&#x9b;31m", ENTITY, LAUGHS
    return ESCAPES, HTML, r"\u001b[2J\u202e\ud800\u0000", ENTITY, LAUGHS


def _planted(text: str, spans: Sequence[tuple[int, int]], form: str, bad: str) -> str:
    pieces, done = [], 0
    for start, end in spans:
        pieces += [text[done:start], form.format(value=text[start:end], bad=bad)]
        done = end
    return "".join([*pieces, text[done:]])


def _some(all_of_them: int, chance: random.Random, places: int) -> Sequence[int]:
    """Numbers below `all_of_them`: all of them, or as many as there are places."""
    numbers = range(max(0, all_of_them))
    return numbers if len(numbers) <= places else sorted(chance.sample(numbers, places))
