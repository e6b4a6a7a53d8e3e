"""`hnth rules`: the requirements, how each is judged, and what to do when one is not met."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

import typer

from inventory.text import Text
from rules.model import SEVERITY_NAMES, Rule
from rules.needs import needs_of
from rules.registry import rules as all_rules
from rules.requirements import REQUIREMENTS, Requirement
from scanner.cli.completion import requirements
from scanner.cli.json_text import json_text
from scanner.cli.speech import give_up, language

AUTOMATED = Text(vi="tự động", en="automated")
BY_HAND = Text(vi="chưa tự động", en="not yet automated")


@dataclass(frozen=True, slots=True)
class Explained:
    """One requirement with the rule that judges it; None where a person has to."""

    requirement: Requirement
    rule: Rule | None

    @property
    def state(self) -> Text:
        return AUTOMATED if self.rule else BY_HAND

    @property
    def facts(self) -> tuple[str, ...]:
        """Names of the facts that the rule asks for in its signature."""
        return tuple(n.fact for n in needs_of(self.rule.check) if n.fact) if self.rule else ()


def rules(
    requirement: Annotated[
        str | None,
        typer.Argument(
            metavar="[ID]",
            autocompletion=requirements,
            help="e.g. D10.1-b, or baselines; none: all.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """List the requirements, or explain one: its words, its severity, its remedy.

    Example: hnth rules D10.1-b
    """
    by_id = {rule.id: rule for rule in all_rules()}
    data: Any
    if requirement == "baselines":
        from scanner.cli.baseline_list import baseline_data, baseline_lines  # noqa: PLC0415

        data, lines = baseline_data(), baseline_lines(language())
    elif requirement is None:
        explained = [Explained(item, by_id.get(item.id)) for item in REQUIREMENTS.values()]
        data = [as_data(item) for item in explained]
        lines = [_line(item, language()) for item in explained]
    else:
        name = _known(requirement)
        one = Explained(REQUIREMENTS[name], by_id.get(name))
        data, lines = as_data(one), as_lines(one, language())
    text = json_text(data) if as_json else "\n".join(lines)
    typer.echo(text)


def _known(name: str) -> str:
    """The id as it is written in the Regulation's order; ends the command when there is none."""
    for known in REQUIREMENTS:
        if known.lower() == name.strip().lower():
            return known
    raise give_up(
        Text(
            vi=f"không có yêu cầu {name!r}; gõ `hnth rules` để xem danh sách",
            en=f"there is no requirement {name!r}; `hnth rules` lists them",
        )
    )


def as_data(item: Explained) -> dict[str, Any]:
    """The requirement for machines."""
    wanted = item.requirement
    return {
        "id": wanted.id,
        "clause": _pair(wanted.label),
        "title": _pair(wanted.title),
        "quote": wanted.quote,
        "severity": wanted.severity,
        "subject": wanted.subject,
        "automated": item.rule is not None,
        "kinds": sorted(item.rule.kinds) if item.rule else [],
        "facts": list(item.facts),
        "remedy": _pair(wanted.remedy),
        "reasons": {"vi": list(wanted.reasons.values()), "en": list(wanted.reasons)},
    }


def _pair(text: Text) -> dict[str, str]:
    return {"vi": text.vi, "en": text.en}


def _line(item: Explained, lang: str) -> str:
    wanted = item.requirement
    mark = "*" if item.rule else " "
    return f"{mark} {wanted.id:<9} {wanted.severity}  {wanted.title.in_language(lang)}"


def as_lines(item: Explained, lang: str) -> list[str]:
    """The requirement for people: heading, quoted words, how it is judged, what to do."""
    wanted = item.requirement
    severity = f"{wanted.severity} {SEVERITY_NAMES[wanted.severity].in_language(lang)}"
    labels = (
        ("Trích", "Mức độ", "Kiểm tra", "Dữ kiện cần", "Khắc phục")
        if lang == "vi"
        else ("Quoted", "Severity", "Judged", "Facts needed", "Remedy")
    )
    values = (
        f"“{wanted.quote}”",
        severity,
        item.state.in_language(lang),
        ", ".join(item.facts),
        wanted.remedy.in_language(lang),
    )
    width = max(len(label) for label in labels)
    heading = f"{wanted.id}  {wanted.title.in_language(lang)} ({wanted.label.in_language(lang)})"
    rows = (f"  {k:<{width}}  {v}" for k, v in zip(labels, values, strict=True) if v)
    return [heading, *rows, *_reasons(wanted, lang)]


def _reasons(wanted: Requirement, lang: str) -> list[str]:
    templates = wanted.reasons.values() if lang == "vi" else wanted.reasons.keys()
    if not templates:
        return []
    title = "Các lý do có thể nêu:" if lang == "vi" else "Reasons it may give:"
    return [f"  {title}", *(f"    - {template}" for template in templates)]
