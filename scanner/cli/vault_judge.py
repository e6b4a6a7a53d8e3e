"""`hnth vault judge`: what is wrong with a password, without keeping or repeating it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from inventory.text import Text
from scanner.cli.json_text import print_json
from scanner.cli.speech import give_up, language, say

if TYPE_CHECKING:
    from inventory.readings import Readings
    from rules.password_quality import Context, Judgement

FAILED, UNDECIDED = 1, 3
WORDS_OF = ("account", "host", "site", "unit", "vendor", "model", "contact", "phone", "address")
LONGEST_LINE = 65_536
"""Bytes; a line beyond it is no password."""


def judge_command(
    batch: Annotated[
        bool, typer.Option("--batch", help="One password a line from standard input.")
    ] = False,
    context: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KEY=VALUE",
            help=f"Words it must not hold: {', '.join(WORDS_OF)}; or accepts=digits. Repeatable.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Judge passwords by D11.2-b to -h and name the kind of what is wrong; keep nothing.

    D11.2-g compares the lines of one batch. Exit 1 when one fails, 3 when a person has to decide.

    Example: hnth vault judge --context account=kiemtra --context site=vinh-trach
    """
    around = _context(context or [])
    given = list(_lines()) if batch else [_typed()]
    judgements = _judged(given, around)
    if as_json:
        print_json([_as_data(one) for one in judgements])
    else:
        for number, one in enumerate(judgements, start=1):
            _show(one, number if batch else None)
        _say_notes(judgements)
    overall = {str(one.overall) for one in judgements}
    if overall & {"FAIL", "UND"}:
        raise typer.Exit(FAILED if "FAIL" in overall else UNDECIDED)


def _context(pairs: list[str]) -> Context:
    from rules.password_quality import Context  # noqa: PLC0415 - word lists load slowly

    words: dict[str, tuple[str, ...]] = {}
    digits_only = False
    for pair in pairs:
        key, equals, value = pair.partition("=")
        key = key.strip().lower()
        if (key, value.strip().lower()) == ("accepts", "digits"):
            digits_only = True
        elif equals and key in WORDS_OF:
            words[key] = (*words.get(key, ()), value)
        else:
            raise give_up(_NO_CONTEXT.format(keys=", ".join(WORDS_OF)))
    return Context(**words, digits_only=digits_only)


def _typed() -> bytes:
    """One password: unseen at a terminal, else the first line of standard input."""
    if sys.stdin.isatty():
        asked: str = typer.prompt(_ASK.in_language(language()), hide_input=True, err=True)
        return asked.encode("utf-8", "surrogateescape")
    line = next(_lines(), None)
    if line is None:
        raise give_up(_NOTHING)
    return line


def _lines() -> Iterator[bytes]:
    """Every line without its end, empty ones too; blanks belong to the password."""
    first = True
    while line := sys.stdin.buffer.readline(LONGEST_LINE):
        if len(line) >= LONGEST_LINE and not line.endswith(b"\n"):
            raise give_up(_TOO_LONG)
        if first:
            line, first = line.removeprefix(b"\xef\xbb\xbf"), False
        yield line.removesuffix(b"\n").removesuffix(b"\r")


def _judged(given: list[bytes], context: Context) -> list[Judgement]:
    """The judgements in order, D11.2-g judged among them."""
    import secrets  # noqa: PLC0415

    from rules.password_quality import digest, judge, unique  # noqa: PLC0415
    from rules.password_quality.reasons import COMPARED_HERE, ONE_ACCOUNT  # noqa: PLC0415
    from rules.password_quality.uniqueness import with_uniqueness  # noqa: PLC0415

    key = secrets.token_bytes(32)  # of this call only: nothing can be compared afterwards
    texts = [_decoded(line, number) for number, line in enumerate(given, start=1)]
    readings = _readings()
    judgements = [judge(text, context, readings) for text in texts]
    outcomes = unique([digest(key, text) for text in texts])
    scope = COMPARED_HERE if len(texts) > 1 else ONE_ACCOUNT
    return [
        with_uniqueness(judgement, outcome, scope)
        for judgement, outcome in zip(judgements, outcomes, strict=True)
    ]


def _decoded(line: bytes, number: int) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        pass  # the error itself holds the password, so it must not be chained
    raise give_up(_NOT_UTF8.format(number=number))


def _readings() -> Readings:
    from inventory.readings import Readings  # noqa: PLC0415

    return Readings()


def _as_data(judgement: Judgement) -> dict[str, Any]:
    lang = language()
    return {
        "overall": str(judgement.overall),
        "verdicts": {item: str(outcome) for item, outcome in judgement.verdicts.items()},
        "why": [f"{r.requirement}: {r.text.in_language(lang)}" for r in judgement.reasons],
        "notes": [note.in_language(lang) for note in judgement.notes],
        "vocabulary": judgement.vocabulary,
    }


def _show(judgement: Judgement, number: int | None) -> None:
    from rules.model import OUTCOME_NAMES  # noqa: PLC0415
    from rules.password_quality.judgement import nothing_found  # noqa: PLC0415

    lang = language()
    said = OUTCOME_NAMES[judgement.overall].in_language(lang)
    typer.echo(said if number is None else f"{number}: {said}")
    for reason in judgement.reasons:
        outcome = OUTCOME_NAMES[judgement.verdicts[reason.requirement]].in_language(lang)
        typer.echo(f"  {reason.requirement}  {outcome}: {reason.text.in_language(lang)}")
    if str(judgement.verdicts["D11.2-h"]) == "PASS":
        typer.echo(f"  D11.2-h  {nothing_found(judgement).in_language(lang)}")


def _say_notes(judgements: list[Judgement]) -> None:
    """Every note once, beside the answers."""
    for note in dict.fromkeys(note for one in judgements for note in one.notes):
        say(f"Lưu ý: {note.vi}", f"Note: {note.en}")


_ASK = Text(vi="Mật khẩu cần xét", en="Password to judge")
_NOTHING = Text(
    vi="Không có mật khẩu nào ở đầu vào; hãy gõ mật khẩu hoặc đưa vào mỗi dòng một mật khẩu.",
    en="There is no password on standard input; type one or send one a line.",
)
_NO_CONTEXT = Text(
    vi="--context phải có dạng KHÓA=GIÁ TRỊ, với khóa là một trong: {keys}; hoặc accepts=digits.",
    en="--context takes KEY=VALUE where KEY is one of {keys}; or accepts=digits.",
)
_NOT_UTF8 = Text(
    vi="Dòng {number} không phải văn bản UTF-8; hãy lưu danh sách bằng bảng mã UTF-8.",
    en="Line {number} is no UTF-8 text; save the list as UTF-8.",
)
_TOO_LONG = Text(
    vi="Một dòng quá dài, không thể là mật khẩu; hãy kiểm tra lại đầu vào.",
    en="A line is too long to be a password; check the input.",
)
