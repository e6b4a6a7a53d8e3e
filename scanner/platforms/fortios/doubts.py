"""Why a setting of a FortiGate is not taken at its word."""

from __future__ import annotations

from inventory.text import Text
from rules.facts import Unknown
from scanner.evidence import Document
from scanner.platforms.fortios.tree import Setting

BY = Text(
    vi="tài liệu tham chiếu lệnh FortiOS của Fortinet",
    en="Fortinet's FortiOS CLI Reference",
)
CONTRADICTED = Text(
    vi="thiết lập `{key}` có hai giá trị khác nhau trong cùng một tệp",
    en="the setting `{key}` has two different values in the same file",
)
NOT_UNDERSTOOD = Text(
    vi="không hiểu giá trị của `{key}`",
    en="the value of `{key}` is not understood",
)


def doubt_of(document: Document, key: str, setting: Setting) -> Unknown | None:
    """Why a setting is not taken at its word; None when it is."""
    if setting.contradicted:
        return Unknown(CONTRADICTED.format(key=key), (document.cite(setting.line),))
    if setting.damaged:
        return Unknown(NOT_UNDERSTOOD.format(key=key), (document.cite(setting.line),))
    return None
