"""The forms in which the gate says what it found. A new one is one more line in `FORMATS`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from inventory.text import Text

if TYPE_CHECKING:
    from scanner.gate.model import GateResult


class WrongFormat(ValueError):
    """A value of --format cannot be used. `reason` says which can."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Wanted:
    """One form and where it goes; None is standard output."""

    name: str
    file: Path | None


def wanted(values: Sequence[str]) -> tuple[Wanted, ...]:
    """What `FORMAT` and `FORMAT=FILE` ask for; text where nothing is asked.

    Raises `WrongFormat`: for an unknown form, and when two would go to standard output.
    """
    found = []
    for value in values or ("text",):
        name, _, file = value.partition("=")
        if name not in FORMATS:
            raise WrongFormat(_UNKNOWN.format(name=name, names=", ".join(FORMATS)))
        found.append(Wanted(name, Path(file) if file else None))
    if sum(one.file is None for one in found) > 1:
        raise WrongFormat(_TWO)
    return tuple(found)


def _text(result: GateResult, lang: str) -> str:
    from scanner.cli.gate_text import as_text  # noqa: PLC0415 - each form loads what it needs

    return as_text(result, lang)


def _json(result: GateResult, _lang: str) -> str:
    from reports.json_findings import render_gate  # noqa: PLC0415
    from scanner.cli.gate_report import gate_part, report_of  # noqa: PLC0415
    from scanner.cli.json_text import json_text  # noqa: PLC0415

    return json_text(render_gate(report_of(result), gate_part(result))) + "\n"


def _sarif(result: GateResult, lang: str) -> str:
    from reports.sarif import render  # noqa: PLC0415
    from scanner.cli.gate_found import found_of  # noqa: PLC0415

    return render(found_of(result), lang)


def _junit(result: GateResult, lang: str) -> str:
    from reports.junit import render  # noqa: PLC0415
    from scanner.cli.gate_found import found_of  # noqa: PLC0415

    return render(found_of(result), lang)


def _gitlab(result: GateResult, lang: str) -> str:
    from reports.gitlab import render  # noqa: PLC0415
    from scanner.cli.gate_found import found_of  # noqa: PLC0415

    return render(found_of(result), lang)


def _github(result: GateResult, lang: str) -> str:
    from reports.github import render  # noqa: PLC0415
    from scanner.cli.gate_found import found_of  # noqa: PLC0415

    return render(found_of(result), lang)


def _markdown(result: GateResult, lang: str) -> str:
    from reports.markdown import render  # noqa: PLC0415
    from scanner.cli.gate_found import found_of  # noqa: PLC0415

    return render(found_of(result), lang)


FORMATS: dict[str, Callable[[GateResult, str], str]] = {
    "text": _text,
    "json": _json,
    "sarif": _sarif,
    "junit": _junit,
    "gitlab": _gitlab,
    "github": _github,
    "markdown": _markdown,
}
"""Name: result and language to the text that is written."""


_UNKNOWN = Text(
    vi="không có định dạng “{name}”; chọn một trong: {names}",
    en="there is no format “{name}”; choose one of: {names}",
)
_TWO = Text(
    vi="chỉ một định dạng được in ra màn hình; hãy ghi các định dạng khác vào tệp: "
    "--format json=kết-quả.json",
    en="only one format can go to standard output; write the others to files: "
    "--format json=result.json",
)
