"""What is asked of a FortiGate over SSH: commands that only show, and none that changes."""

from __future__ import annotations

import re
from collections.abc import Generator
from dataclasses import replace

from scanner.evidence import Document
from scanner.platforms.fortios.live_tables import COMMANDS as LIVE_TABLES
from scanner.platforms.model import Access

COMMANDS = ("get system status", "show full-configuration", *LIVE_TABLES)

_SECRET_LINES = re.compile(
    r"^([ \t]*set (?:\S*(?:passwd|password|passphrase|psksecret|secret|key|token|pin|community)"
    r"|auth-pwd|priv-pwd|auth-password-l[12]|md5-keys|ppk-secret|(?:dns)?sec-?key) )"
    r"(?:ENC )?\S[^\r\n]*$",
    re.MULTILINE,
)
_KEY_BLOCK = re.compile(
    r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----.*?-----END [A-Z0-9 ]*PRIVATE KEY-----", re.DOTALL
)
_CIPHERTEXT = re.compile(r"\bENC [A-Za-z0-9+/=]{8,}")
_COMMUNITIES = re.compile(r"(?s)(?<=config system snmp community\n).*?\n(?=[ \t]*end\b)")
_COMMUNITY = re.compile(r'(?m)^([ \t]*set name )(?!"?(?:public|private)"?\s*$)\S.*$')


def collect(access: Access) -> Generator[Document, None, None]:
    """Release, configuration, tables; keys and ciphertexts are taken out before they are kept."""
    with access.shell("fortinet") as line:
        for command in COMMANDS:
            yield without_secrets(line.run(command))


def without_secrets(document: Document) -> Document:
    """The same lines; what could be a password, a key or an SNMP community is `<redacted>`."""
    text = document.content.decode("utf-8", errors="surrogateescape")
    text = _KEY_BLOCK.sub(lambda block: "<redacted>" + "\n" * block[0].count("\n"), text)
    text = _SECRET_LINES.sub(r"\1ENC <redacted>", text)
    text = _CIPHERTEXT.sub("ENC <redacted>", text)
    text = _COMMUNITIES.sub(lambda part: _COMMUNITY.sub(r"\1<redacted>", part[0]), text)
    return replace(document, content=text.encode("utf-8", errors="surrogateescape"))
