"""What `hnth packet` tells of whole filters: lines without effect, what another version changes."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import typer

from inventory.text import Text
from scanner.cli.speech import language
from scanner.evidence import printable

if TYPE_CHECKING:
    from rules.packets.idle import Idle
    from rules.packets.policy import Rule
    from scanner.packet_questions import Filter

TOLD, UNTOLD = 0, 3


def show_idle_lines(filters: Filter, as_json: bool) -> int:
    """Prints the lines without effect; the exit status."""
    from rules.packets.idle import idle_lines  # noqa: PLC0415 - heavy parts load when needed
    from rules.packets.residual import TooComplex  # noqa: PLC0415

    try:
        idle = idle_lines(filters.policy)
    except TooComplex:
        _write({"lines": None, "why": "too complex"}, [_TOO_COMPLEX], as_json)
        return UNTOLD
    plain = {"lines": [_plain(filters, one) for one in idle], "why": None}
    _write(plain, [_spoken(filters, one) for one in idle] or [_NONE], as_json)
    return TOLD


def _plain(filters: Filter, idle: Idle) -> dict[str, Any]:
    because = [_line(filters, rule) for rule in idle.because]
    return {"kind": idle.kind, **_line(filters, idle.rule), "because": because}


def _line(filters: Filter, rule: Rule) -> dict[str, Any]:
    return {"file": rule.file or filters.file, "line": rule.line, "text": rule.text}


def _spoken(filters: Filter, idle: Idle) -> Text:
    line = f"{idle.rule.file or filters.file}:{idle.rule.line}: {printable(idle.rule.text)}"
    because = ", ".join(str(rule.line) for rule in idle.because)
    if idle.kind == "redundant":
        return _REDUNDANT.format(line=line)
    return (_SHADOWED if because else _NEVER).format(line=line, because=because)


def show_difference(old: Filter, new: Filter, as_json: bool) -> int:
    """Prints what the second version newly permits and blocks; the exit status."""
    from scanner.gate.traffic import compared_policies  # noqa: PLC0415
    from scanner.gate.traffic_words import lines_of, plain  # noqa: PLC0415

    found = compared_policies("", old.policy, new.policy, (old.file, new.file))
    _write(plain(found), list(lines_of(found)) or [_SAME], as_json)
    return UNTOLD if found.open or not all(one.certain for one in found.changes) else TOLD


def _write(plain: dict[str, Any], lines: list[Text], as_json: bool) -> None:
    if as_json or not sys.stdout.isatty():
        typer.echo(json.dumps(plain, ensure_ascii=False, indent=1))
        return
    for line in lines:
        typer.echo(line.in_language(language()))


_SAME = Text(
    vi="Hai phiên bản cho qua và chặn các gói tin như nhau.",
    en="Both versions permit and block the same packets.",
)
_NONE = Text(vi="Không có dòng nào thừa.", en="Every line has an effect.")
_SHADOWED = Text(
    vi="{line} – không bao giờ được dùng: các dòng trước đã quyết định ({because})",
    en="{line} – never used: earlier lines decide ({because})",
)
_NEVER = Text(vi="{line} – không bao giờ được dùng", en="{line} – never used")
_REDUNDANT = Text(
    vi="{line} – thừa: không có dòng này kết quả vẫn như vậy",
    en="{line} – redundant: without it everything would be the same",
)
_TOO_COMPLEX = Text(
    vi="Chưa xác định được: bộ lọc quá phức tạp.", en="Cannot tell: the filter is too complex."
)
