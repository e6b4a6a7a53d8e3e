"""What a device says of itself to anybody, and whose words they are: one `Sign` for each.

A family module lists its signs in `Platform.signs`; `scanner.recognise` compares banners with them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from scanner.evidence import printable

Kind = Literal[
    "certificate",
    "favicon-md5",
    "greeting",
    "html-title",
    "http-realm",
    "http-server",
    "sip",
    "snmp-description",
    "snmp-object-id",
]
"""`certificate` is its subject (RFC 4514); `greeting` is what SSH, FTP, telnet or a programming
interface says first; `sip` is a Server or User-Agent header."""


@dataclass(frozen=True)
class Sign:
    """Words that only devices of one family say.

    Holds when `says` is found in a banner of one of its `kinds`, in any case; runs of white space
    in the banner count as one space. Of the signs of a family that hold, the first one counts, so
    a shorter form stands behind a longer one.
    """

    kinds: tuple[Kind, ...]
    says: str
    """Regular expression; its groups `model` and `version` are those of the device."""
    because: str
    """Where the words are from."""
    model: str = "{model}"
    """The model, put together from the groups of `says`."""
    asked: str = "GET /"
    """For what a web interface says: the request without a login (`METHOD path`) it says it to."""

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(self.says, re.IGNORECASE | re.ASCII)

    def model_in(self, found: re.Match[str]) -> str | None:
        """The model that a match of the pattern names, if it names one."""
        groups = {name: value or "" for name, value in found.groupdict().items()}
        model = self.model.format_map({"model": "", **groups})
        return printable(" ".join(model.split()), 80) or None
