"""Secrets are taken out of what a device said before anybody keeps, parses or shows it.

Two passes. First the values of keys that hold secrets, whoever set them: passwords, keys, SNMP
communities, hashes, session cookies, private key blocks. Then every literal secret of the caller,
in plain form and in any mixture of JSON, XML, URL and base64 escapes. The number of lines never
changes, so that line numbers cite the same line as on the device.

What stays readable: the communities `public` and `private` (a vendor default is evidence, not a
secret), settings that only say whether something is there (`Password: none`), and masks (`***`).
"""

from __future__ import annotations

import base64
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from scanner.collect.redact_network import network_secrets

MARKER = b"<redacted>"
MARKER_IN_XML = b"&lt;redacted&gt;"
"""The same marker where the bare one would break the document."""

SHORT = 4
"""A secret with fewer characters is only taken out where it stands as a whole word."""

BASE64_CORE_MIN = 6
"""So many base64 digits must be the secret's own before a base64 word is taken out."""

_VENDOR_COMMUNITIES = frozenset({b"public", b"private"})

_KEY_WORDS = (
    *(b"password", b"passwd", b"passphrase", b"passcode", b"pwd", b"pin"),
    *(b"secret", b"psk", b"presharedkey", b"pre-shared-key", b"pre_shared_key"),
    *(b"privatekey", b"private-key", b"private_key", b"key-string", b"apikey", b"api_key"),
    *(b"community", b"communityname", b"communitystring", b"community-string"),
    *(b"session", b"sessionid", b"session_id", b"session-id", b"sid"),
    *(b"token", b"csrf", b"nonce", b"authkey", b"privkey", b" key"),
)
"""A key is secret when its name ends with one of these words, in any case."""

_WHOLE_KEYS = frozenset({b"pin", b"sid", b"session", b"pwd"})
"""Of these words only the whole name counts: `pin`, but not `spin`."""

_COUNTS = (b"rejectprevpassword",)
"""Names that end like a secret's and hold a number of passwords: Poly's password history."""

_HEADERS = re.compile(
    rb"(?im)^([ \t]*(?:proxy-)?authorization|[ \t]*(?:set-)?cookie|[ \t]*x-[a-z-]*token)"
    rb"([ \t]*:[ \t]*)(?!<redacted>|&lt;redacted&gt;)[^\r\n]+"
)
_PRIVATE_KEY = re.compile(
    rb"-----BEGIN ([A-Z0-9 ]*)PRIVATE KEY-----.*?(?:-----END \1PRIVATE KEY-----|\Z)", re.DOTALL
)
_HASH = re.compile(rb"\$(?:1|2[abxy]?|5|6|7|8|9|y|gy|sha1|apr1|1a|1c)\$[^\s:\"'<>,;&\\]+")
_HUAWEI_CIPHER = re.compile(rb"(%\^%#|%@%@|@%@%)[^\r\n]{1,600}?\1")
_COMMANDS = re.compile(
    rb"([ \t]*(?:[^\r\n]{0,80}?[ \t])??(?:"
    rb"snmp-server[ \t]+community|snmp-agent[ \t]+community(?:[ \t]+(?:read|write|cipher|simple))*+"
    rb"|snmpcommunity|r[ow]community6?|com2sec6?[ \t]+\S+[ \t]+\S+|createUser[ \t]+\S+[ \t]+\S+"
    rb"|(?:enable|username[ \t]+\S+|user[ \t]+\S+|neighbor[ \t]+\S+)(?:[ \t]+\S+){0,4}?"
    rb"[ \t]+(?:password|secret)(?:[ \t]+level[ \t]+\d{1,2})?+"
    rb"(?:[ \t]+(?:\d|cipher|irreversible-cipher|simple)(?=[ \t]))?+"
    rb"|(?:password|secret)[ \t]+(?:[0-9]|cipher|irreversible-cipher|simple)"
    rb"|(?:(?:tacacs|radius)-server[ \t]+key|crypto[ \t]+isakmp[ \t]+key|key-string)"
    rb"(?:[ \t]+\d(?=[ \t]))?+"
    rb"|pre-shared-key(?:[ \t]+(?:ascii-text|cipher|local|remote|\d)(?=[ \t]))*+"
    rb"|wpa-psk(?:[ \t]+ascii(?=[ \t]))?+(?:[ \t]+\d(?=[ \t]))?+"
    rb")[ \t]+)([^\s<][^\s]*)"
)
_COMMAND_WORDS = (
    *(b"community", b"com2sec", b"createuser", b"password", b"secret", b"-server key"),
    *(b"isakmp", b"key-string", b"pre-shared-key", b"wpa-psk"),
)
_TABLE_ROW = re.compile(
    rb"(?im)^([ \t\"]{0,8}[\w.-]{0,80}(?:password|passwd|passphrase|passcode|pwd|secret|psk|token"
    rb"|community(?:name|string)?|authkey|privkey)\"?[ \t]*,[ \t]*)\"?([^,\"\r\n]+)\"?"
)
"""A row of a `key,value` table, as some devices export their settings."""
MAX_COMMAND = 1000
"""Command lines are looked at up to this length."""

_SEPARATOR = re.compile(
    rb"(?P<closed>\\{0,7}[\"'])?(?:\[\d{1,4}\])?"
    rb"(?:[ \t]{0,64}(?P<sign>[:=]{1,2}>?)[ \t]{0,64}"
    rb"|(?P<xml>(?:[ \t\r\n][^<>]{0,400})?>)[ \t]{0,64})"
)
_OPEN_QUOTE = re.compile(rb"\\{0,7}[\"']")
_PLAIN_QUOTED = {
    b'"': re.compile(rb"(?:\\[^\r\n]|[^\"\\\r\n])*"),
    b"'": re.compile(rb"(?:\\[^\r\n]|[^'\\\r\n])*"),
}
_TO_STRING_END = re.compile(rb"(?:\\[^\r\n]|[^\"\\\r\n])*")
_TO_LINE_END = re.compile(rb"[^\r\n]*")
_TO_DELIMITER = re.compile(rb"(?![{\[])[^,}\]\s]*")
"""An object or a list is looked into, not taken out."""
_TO_TAG = re.compile(rb"<!\[CDATA\[.*?(?:\]\]>|\Z)|[^<]*", re.DOTALL)
_IN_TAG_NAME = re.compile(rb"<[\w:.-]{0,64}\Z")
_TO_PARAMETER_END = re.compile(rb"[^&\s\"'<>]*")

_SAYS_NOTHING = re.compile(
    rb"(?i)(?:true|false|null|none|on|off|yes|no|set|not set|unset|enabled?|disabled?|never"
    rb"|expired|REMOVED_SECURE_CONTENT|[*\xe2\x80\xa2]*|<redacted>|&lt;redacted&gt;)\s*"
)


def redact(content: bytes, secrets: Sequence[str]) -> bytes:
    """The content without secrets; every one replaced by `<redacted>`, line by line.

    Linear in the length of the content. Empty strings among `secrets` are ignored.
    """
    marker = MARKER_IN_XML if _begins_with(content, b"<") else MARKER
    content = _blocks(content, marker)
    content = _values_of_secret_keys(content, marker)
    for secret in _spellings(secrets):
        content = _without_literal(content, secret, marker)
        content = _without_base64(content, secret, marker)
    return content


def _begins_with(content: bytes, *starts: bytes) -> bool:
    return content[:256].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(starts)


def _keeping_lines(removed: bytes, marker: bytes) -> bytes:
    return marker + b"\n" * removed.count(b"\n")


def _blocks(content: bytes, marker: bytes) -> bytes:
    """Everything that is recognised by its own shape rather than by the name of a key."""

    def whole(match: re.Match[bytes]) -> bytes:
        return _keeping_lines(match[0], marker)

    def said(before: bytes, secret: bytes) -> bytes:
        bare = secret.strip(b'"')
        kept = bare in _VENDOR_COMMUNITIES and b"community" in before.lower()
        return before + (secret if kept or _SAYS_NOTHING.fullmatch(bare) else marker)

    def command(match: re.Match[bytes]) -> bytes:
        return said(match[1], match[2])

    content = _PRIVATE_KEY.sub(whole, content)
    content = _TABLE_ROW.sub(command, content)
    content = _HEADERS.sub(lambda match: match[1] + match[2] + marker, content)
    content = _HUAWEI_CIPHER.sub(whole, content)
    content = _in_command_lines(content, command)
    content = network_secrets(content, said, MARKER_IN_XML)
    return _HASH.sub(whole, content)


def _in_command_lines(content: bytes, replaced: Callable[[re.Match[bytes]], bytes]) -> bytes:
    """The content with `replaced` done to the command of every line that holds a command word."""
    pieces: list[bytes] = []
    done = 0
    for at, _ in _occurrences(content.lower(), _COMMAND_WORDS):
        if at < done:
            continue
        start = max(done, content.rfind(b"\n", max(0, at - MAX_COMMAND), at) + 1, at - MAX_COMMAND)
        command = _COMMANDS.match(content, start)
        if command is None:
            continue
        pieces += [content[done:start], replaced(command)]
        done = command.end()
    pieces.append(content[done:])
    return b"".join(pieces)


def _occurrences(lowered: bytes, words: Sequence[bytes]) -> list[tuple[int, int]]:
    """Start and end of every word, in order of their ends; of equal ends the longest word."""
    places: dict[int, int] = {}
    for word in words:
        at = lowered.find(word)
        while at >= 0:
            end = at + len(word)
            before = lowered[at - 1 : at] if at else b""
            if word not in _WHOLE_KEYS or not (before.isalnum() or before in {b"_", b"-"}):
                places[end] = min(at, places.get(end, at))
            at = lowered.find(word, end)
    return [(places[end], end) for end in sorted(places)]


def _values_of_secret_keys(content: bytes, marker: bytes) -> bytes:
    pieces: list[bytes] = []
    done = 0
    in_json = _begins_with(content, b"{", b"[")
    lowered = content.lower()
    for start, end in _occurrences(lowered, _KEY_WORDS):
        if start < done:
            continue
        found = _value(content, end, marker, in_json)
        if found is None:
            continue
        first, last, replacement = found
        value = content[first:last]
        community = content[start:end].lower().startswith(b"community")
        if _SAYS_NOTHING.fullmatch(value) or (community and value in _VENDOR_COMMUNITIES):
            continue
        if lowered.endswith(_COUNTS, 0, end) and re.fullmatch(rb"\d{1,3}", value):
            continue
        pieces += [content[done:first], replacement]
        done = last
    pieces.append(content[done:])
    return b"".join(pieces)


def _value(content: bytes, end: int, marker: bytes, in_json: bool) -> tuple[int, int, bytes] | None:
    """Where the value of the key that ends at `end` lies, and what to put there.

    In a JSON document a key without quotes stands inside a string, and so does its value.
    """
    separator = _SEPARATOR.match(content, end)
    if separator is None:
        return None
    first = separator.end()
    if in_json and separator["closed"] is None:
        return _trimmed(content, first, _TO_STRING_END, marker)
    if separator["xml"] is not None:
        opened = separator["closed"] or _IN_TAG_NAME.search(content[max(0, end - 65) : end])
        return _trimmed(content, first, _TO_TAG, marker) if opened else None
    quote = _OPEN_QUOTE.match(content, first)
    if quote is not None:
        return quote.end(), _closing_quote(content, quote.end(), quote[0]), marker
    if separator["closed"] is not None:
        mark = separator["closed"]
        return _trimmed(content, first, _TO_DELIMITER, mark + marker + mark)
    in_parameters = separator["sign"] == b"=" and _in_query(content, end)
    extent = _TO_PARAMETER_END if in_parameters else _TO_LINE_END
    return _trimmed(content, first, extent, marker)


def _in_query(content: bytes, end: int) -> bool:
    """The key stands in a URL's query or a form body: `?a=1&password=`."""
    line = content.rfind(b"\n", max(0, end - 400), end) + 1 or max(0, end - 400)
    return re.search(rb"[?&][\w.%-]*$", content[line:end]) is not None


def _closing_quote(content: bytes, first: int, quote: bytes) -> int:
    """The end of the quoted value: before its closing quote, else at the end of the line."""
    plain = _PLAIN_QUOTED.get(quote)
    if plain is not None:
        span = plain.match(content, first)
        return span.end() if span else first
    line_end = content.find(b"\n", first)
    line_end = len(content) if line_end < 0 else line_end
    at = content.find(quote, first, line_end)
    while at > first and content[at - 1 : at] == b"\\":
        # one backslash more: a quote inside the value
        at = content.find(quote, at + len(quote), line_end)
    return line_end if at < 0 else at


def _trimmed(
    content: bytes, first: int, extent: re.Pattern[bytes], replacement: bytes
) -> tuple[int, int, bytes] | None:
    span = extent.match(content, first)
    kept = span[0].rstrip() if span else b""
    if not kept.strip():
        return None
    return first, first + len(kept), _keeping_lines(kept, replacement)


# --- literal secrets -------------------------------------------------------------------------


def _spellings(secrets: Sequence[str]) -> list[str]:
    """The secrets, longest first, in both Unicode normal forms; long lines of keys on their own.

    Never `public` and `private`: taking them out would make a default community look like another.
    """
    spellings: set[str] = set()
    for secret in secrets:
        lines = [line.strip() for line in secret.splitlines()]
        for form in (secret, secret.strip(), *(line for line in lines if len(line) >= 16)):
            for normal in ("NFC", "NFD"):
                spellings.add(unicodedata.normalize(normal, form))
            spellings.add(form)
    spellings -= {word.decode() for word in _VENDOR_COMMUNITIES}
    return sorted((s for s in spellings if s.strip()), key=lambda s: (-len(s), s))


_ENTITIES = {"&": b"&amp;", "<": b"&lt;", ">": b"&gt;", '"': b"&quot;", "'": b"&apos;"}
_JSON_LETTERS = {"\n": b"n", "\r": b"r", "\t": b"t", "\b": b"b", "\f": b"f"}


MOST_ESCAPES = 16
"""JSON in JSON in JSON doubles the backslashes. Without a bound a device that answers nothing but
backslashes would keep the search busy for hours."""
ESCAPES = rb"\\{1,%d}" % MOST_ESCAPES


def _hex(number: int, width: int) -> bytes:
    """A pattern for the number in hexadecimal, either case."""
    return re.sub(
        rb"[a-f]", lambda m: b"[" + m[0] + m[0].upper() + b"]", f"{number:0{width}x}".encode()
    )


def _one_character(character: str) -> bytes:
    """A pattern for every way to write one character. The raw form is the first."""
    raw = character.encode("utf-8", errors="surrogatepass")
    code = ord(character)
    units = character.encode("utf-16-be", errors="surrogatepass")
    forms = [
        re.escape(raw),
        b"".join(
            ESCAPES + b"u" + _hex(int.from_bytes(units[i : i + 2], "big"), 4)
            for i in range(0, len(units), 2)
        ),
        rb"&#0*" + str(code).encode() + b";",
        rb"&#[xX]0*" + _hex(code, 1) + b";",
        b"".join(b"%" + _hex(byte, 2) for byte in raw),
    ]
    if character in _ENTITIES:
        forms += [_ENTITIES[character], b"&amp;" + _ENTITIES[character][1:]]
    if character in _JSON_LETTERS:
        forms.append(ESCAPES + _JSON_LETTERS[character])
    if character in "\"/'":
        forms.append(ESCAPES + re.escape(raw))
    if character == " ":
        forms.append(rb"\+")
    return b"(?:" + b"|".join(forms) + b")"


def _runs(secret: str) -> Iterator[tuple[str, int]]:
    """Backslashes in a row as one: escaped one by one they could be told apart in too many ways."""
    for character, group in groupby(secret):
        yield character, len(list(group))


def _without_literal(content: bytes, secret: str, marker: bytes) -> bytes:
    pattern = b"".join(
        rb"(?:\\{%d,%d}|(?:%s){%d})" % (n, (MOST_ESCAPES + 1) * n, _one_character("\\"), n)
        if character == "\\"
        else _one_character(character) * n
        for character, n in _runs(secret)
    )
    if len(secret) < SHORT:
        pattern = rb"(?<![\w%&\\])" + pattern + rb"(?!\w)"
    return re.sub(pattern, lambda match: _keeping_lines(match[0], marker), content)


_BASE64_WORD = re.compile(rb"[A-Za-z0-9+/_-]+={0,2}")


def _without_base64(content: bytes, secret: str, marker: bytes) -> bytes:
    """Base64 words that hold the secret anywhere, e.g. `user:secret` of basic authentication."""
    raw = secret.encode("utf-8", errors="surrogatepass")
    for shift in range(3):
        encoded = base64.b64encode(b"\0" * shift + raw)
        # digits that also hold bits of what stands before or after the secret are left out
        first = (shift * 8 + 5) // 6
        core = encoded[first : (shift + len(raw)) * 8 // 6]
        if len(core) < BASE64_CORE_MIN:
            continue
        for spelling in {core, core.replace(b"+", b"-").replace(b"/", b"_")}:
            content = _without_words_around(content, spelling, marker)
    return content


def _without_words_around(content: bytes, core: bytes, marker: bytes) -> bytes:
    if core not in content:
        return content
    return _BASE64_WORD.sub(lambda word: marker if core in word[0] else word[0], content)
