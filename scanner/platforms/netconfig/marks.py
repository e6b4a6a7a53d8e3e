"""Lines without characters that could steer a terminal: names out of them are shown to people."""

from __future__ import annotations

import re
from collections.abc import Sequence

_STEERS = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def without_marks(lines: Sequence[str]) -> Sequence[str]:
    """The same lines with U+FFFD for each such character; as many lines as before."""
    return [_STEERS.sub("\ufffd", line) if _STEERS.search(line) else line for line in lines]
