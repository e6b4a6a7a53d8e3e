"""What a shell may offer for a word that is half typed; where it is offered, a title with it."""

from __future__ import annotations

from collections.abc import Iterator

from scanner.cli.speech import language


def families(incomplete: str) -> Iterator[tuple[str, str]]:
    """Device families by name, each with its makers' name for it."""
    from scanner.platforms import all_platforms  # noqa: PLC0415 - only when a shell asks

    for platform in all_platforms():
        if platform.name.startswith(incomplete):
            yield platform.name, platform.title


def requirements(incomplete: str) -> Iterator[tuple[str, str]]:
    """Ids of requirements, in upper or lower case as they are begun."""
    from rules.requirements import REQUIREMENTS  # noqa: PLC0415 - only when a shell asks

    for name, item in REQUIREMENTS.items():
        if name.lower().startswith(incomplete.lower()):
            shown = incomplete + name[len(incomplete) :]
            yield shown, item.title.vi if language() == "vi" else item.title.en


def languages(incomplete: str) -> Iterator[tuple[str, str]]:
    """The two languages."""
    yield from _begun({"vi": "tiếng Việt", "en": "English"}, incomplete)


def severities(incomplete: str) -> Iterator[tuple[str, str]]:
    """From the gravest on."""
    vietnamese = dict(zip(_SEVERITIES, _SEVERITIES_VI, strict=True))
    yield from _begun(vietnamese if language() == "vi" else _SEVERITIES, incomplete)


def gate_formats(incomplete: str) -> Iterator[str]:
    """Formats of the gate's findings; behind `=` it is the shell that knows the files."""
    from scanner.cli.gate_formats import FORMATS  # noqa: PLC0415 - only when a shell asks

    yield from (name for name in FORMATS if name.startswith(incomplete))


def schemas(incomplete: str) -> Iterator[str]:
    """Names of the schemas that hnth prints."""
    from scanner.cli.schema import SCHEMAS  # noqa: PLC0415 - asks this module for names

    yield from (name for name in SCHEMAS if name.startswith(incomplete))


def _begun(table: dict[str, str], incomplete: str) -> Iterator[tuple[str, str]]:
    for word, title in table.items():
        if word.lower().startswith(incomplete.lower()):
            yield incomplete + word[len(incomplete) :], title


_SEVERITIES = {"S1": "critical", "S2": "high", "S3": "medium", "S4": "low"}
_SEVERITIES_VI = ("Nghiêm trọng", "Cao", "Trung bình", "Thấp")
