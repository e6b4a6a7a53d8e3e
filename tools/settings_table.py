"""The tables of `docs/settings.md`: every option, its key in hnth.toml and its variables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

TABLES = re.compile(
    r"(?P<mark><!-- generated: options -->\n).*?(?P<end><!-- end of generated -->)", re.DOTALL
)


def with_current_tables(text: str) -> str:
    """The page with the part between its marks written anew."""
    return TABLES.sub(lambda found: found["mark"] + tables() + found["end"], text)


def tables() -> str:
    """One table for each command that has options, in the order of their names."""
    import typer  # noqa: PLC0415 - help blocks are printed by another process

    from scanner import cli  # noqa: PLC0415
    from scanner.cli.settings import commands, name_variables, options  # noqa: PLC0415

    if not cli.app.registered_commands:
        cli._register()
    group: Any = typer.main.get_command(cli.app)
    name_variables(group)
    lines = [""]
    for path, command in commands(group):
        settable = options(command)
        if settable:
            lines += [*_heading(path), *(_row(*one) for one in settable.items()), ""]
    return "\n".join(lines) + "\n"


def _heading(path: tuple[str, ...]) -> Iterator[str]:
    yield f"### {' '.join(('hnth', *path))}"
    yield ""
    place = f"Key in `[{'.'.join(path)}]`" if path else "Key above all tables"
    yield f"| Option | {place} | Variables, the first that is set holds |"
    yield "|---|---|---|"


def _row(key: str, parameter: Any) -> str:
    declared = parameter.envvar
    named = [declared] if isinstance(declared, str) else declared
    variables = ", ".join(f"`{name}`" for name in named)
    names = ", ".join(f"`{name}`" for name in parameter.opts)
    return f"| {names} | `{key} = {_example(parameter)}` | {variables} |"


def _example(parameter: Any) -> str:
    """A switch that is set, a list, or the default, in the form that hnth.toml asks for."""
    if parameter.is_flag:
        return "true"
    if parameter.multiple or parameter.nargs != 1:
        return '["…", "…"]'
    if isinstance(parameter.default, int):
        return str(parameter.default)
    return f'"{parameter.default or "…"}"'
