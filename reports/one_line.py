"""Text of unknown origin as one line that no terminal, page or pipeline acts on."""

from __future__ import annotations

import re

LONGEST = 2000

_BREAKS = re.compile(r"[\t\n\v\f\r\x1c-\x1e\x85\u2028\u2029]+")
_UNSEEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
_UNWRITABLE = re.compile(r"[\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
"""No file in UTF-8, or no XML, can hold these; names of files can."""
COMMAND = re.compile(r"##(?=\w*\[)")
"""How build servers mark commands in their logs, wherever in a line: `##[...]`, `##vso[...]`."""


def one_line(text: str, limit: int = LONGEST) -> str:
    """Without line breaks, control characters, terminal escapes, invisible marks and commands.

    At most `limit` characters; an ellipsis marks the cut.
    """
    text = _UNSEEN.sub("", _BREAKS.sub(" ", text)).strip()
    text = COMMAND.sub("# #", _UNWRITABLE.sub("\ufffd", text))
    return text if len(text) <= limit else text[: limit - 1] + "…"
