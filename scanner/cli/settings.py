"""Options of every command from hnth.toml and from the environment, and where each came from.

The command line outranks the environment, which outranks hnth.toml, which outranks the default. The
keys of hnth.toml are the options: `fail_on` in the table `[gate]` is `hnth gate --fail-on`; a key
above all tables holds for every command that has the option.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from inventory.text import Text
from scanner.settings_file import Settings, WrongSettings

Path: TypeAlias = tuple[str, ...]

PREFIX = "HNTH"
NOT_SETTABLE = frozenset(
    {"help", "version", "show_config", "install_completion", "show_completion"}
)
ELSEWHERE: dict[Path, frozenset[str]] = {("gate",): frozenset({"files"})}
"""Keys that are no options; what reads them checks them."""
SECRETS = ("password", "passphrase", "secret", "community", "token", "private_key")


@dataclass(frozen=True, slots=True)
class Shown:
    """One option, its value, and where the value came from."""

    command: str
    key: str
    value: Any
    source: str
    """`command line`, the name of a variable, `file:line` of hnth.toml, or `default`."""


def commands(group: Any, above: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every command below a group by its words; groups themselves come before their commands."""
    yield above, group
    for name, command in sorted(getattr(group, "commands", {}).items()):
        yield from commands(command, (*above, name))


def options(command: Any) -> dict[str, Any]:
    """The options of one command that can be settled, by key."""
    found = {key_of(parameter): parameter for parameter in command.params}
    return {key: parameter for key, parameter in found.items() if key and key not in NOT_SETTABLE}


def key_of(parameter: Any) -> str:
    """`--fail-on` is `fail_on`; an argument has no key."""
    long = next((name for name in parameter.opts if name.startswith("--")), "")
    return long.removeprefix("--").replace("-", "_")


def variable(path: Path, key: str) -> str:
    """The environment variable of an option: HNTH_GATE_FAIL_ON."""
    return "_".join((PREFIX, *path, key)).replace("-", "_").upper()


def name_variables(group: Any) -> None:
    """Every option listens to its own variable first, then to one it shares with others."""
    for path, command in commands(group):
        for key, parameter in options(command).items():
            own = variable(path, key)
            declared = parameter.envvar
            named = [declared] if isinstance(declared, str) else list(declared or ())
            if own not in named:
                parameter.show_envvar = bool(named)
                parameter.envvar = [own, *named]


def defaults(group: Any, settings: Settings) -> dict[str, Any]:
    """What hnth.toml settles, in the nested form that the command line takes.

    Raises `WrongSettings` for a key that is no option and for a value that does not fit one.
    """
    table = dict(settings.table or {})
    tree = dict(commands(group))
    shared = {key: value for key, value in table.items() if not isinstance(value, dict)}
    _check_shared(shared, tree, settings)
    tables = dict(_tables(table, tree, settings))
    found: dict[str, Any] = {}
    for path, command in tree.items():
        known = options(command)
        given = {key: value for key, value in shared.items() if _plain(key) in known}
        given |= tables.get(path, {})
        place = found
        for name in path:
            place = place.setdefault(name, {})
        for key, value in given.items():
            parameter = known[_plain(key)]
            _check_value(parameter, value, settings, (*path, key) if key not in shared else (key,))
            place[parameter.name] = value
    return found


def _tables(
    table: Mapping[str, Any], tree: Mapping[Path, Any], settings: Settings, above: Path = ()
) -> Iterator[tuple[Path, dict[str, Any]]]:
    for name, value in table.items():
        if not isinstance(value, dict):
            continue
        path = (*above, name)
        if path not in tree:
            beside = [known[-1] for known in tree if known and known[:-1] == above]
            raise _unknown(path, beside, settings)
        own = {key: v for key, v in value.items() if not isinstance(v, dict)}
        known = options(tree[path])
        for key in list(own):
            if key in ELSEWHERE.get(path, ()):
                del own[key]
            elif _plain(key) not in known:
                raise _unknown((*path, key), list(known), settings)
        yield path, own
        yield from _tables(value, tree, settings, path)


def _check_shared(shared: Mapping[str, Any], tree: Mapping[Path, Any], settings: Settings) -> None:
    every = {key for command in tree.values() for key in options(command)}
    for key in shared:
        if _plain(key) not in every:
            raise _unknown((key,), sorted(every), settings)


def _check_value(parameter: Any, value: Any, settings: Settings, path: Path) -> None:
    values = value if isinstance(value, list) else [value]
    if getattr(parameter, "is_flag", False):
        fits, expected = isinstance(value, bool), _YES_OR_NO
    elif parameter.multiple or parameter.nargs != 1:
        fits, expected = isinstance(value, list) and all(map(_is_word, values)), _LIST
    else:
        fits, expected = _is_word(value), _WORD
    if not fits:
        raise WrongSettings(
            Text(
                vi=_MISFIT.vi.format(place=settings.place(*path), key=path[-1], what=expected.vi),
                en=_MISFIT.en.format(place=settings.place(*path), key=path[-1], what=expected.en),
            )
        )


def _is_word(value: Any) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool)


def _plain(key: str) -> str:
    return key.replace("-", "_")


def _unknown(path: Path, known: list[str], settings: Settings) -> WrongSettings:
    place, key = settings.place(*path), path[-1]
    if any(word in _plain(key).lower() for word in SECRETS):
        return WrongSettings(_SECRET.format(place=place, key=key))
    near = difflib.get_close_matches(_plain(key), known, n=1)
    return WrongSettings(
        Text(
            vi=_UNKNOWN.vi.format(place=place, key=key)
            + (f"; có phải là “{near[0]}”?" if near else "; xem: hnth --show-config"),
            en=_UNKNOWN.en.format(place=place, key=key)
            + (f"; did you mean “{near[0]}”?" if near else "; see: hnth --show-config"),
        )
    )


def shown(context: Any, words: list[str], settings: Settings) -> list[Shown]:
    """Every option of the command that the words name, or of all commands without any.

    `context` is that of the whole command line; what follows the command is read as it would be.
    """
    group = context.command
    if not words:
        return [
            one
            for path, command in commands(group)
            if not hasattr(command, "commands") or not path
            for one in _of_command(context, path, [], settings)
        ]
    path: list[str] = []
    command = group
    while words and words[0] in getattr(command, "commands", {}):
        path.append(words.pop(0))
        command = command.commands[path[-1]]
    return _of_command(context, tuple(path), words, settings)


def _of_command(context: Any, path: Path, words: list[str], settings: Settings) -> list[Shown]:
    command = context.command
    for number, name in enumerate(path):
        command = command.commands[name]
        rest = list(words) if number == len(path) - 1 else []
        context = command.make_context(name, rest, parent=context, resilient_parsing=True)
    return [
        Shown(
            " ".join(path),
            key,
            context.params.get(parameter.name),
            _source(context, parameter, path, key, settings),
        )
        for key, parameter in options(command).items()
    ]


def _source(context: Any, parameter: Any, path: Path, key: str, settings: Settings) -> str:
    source = context.get_parameter_source(parameter.name)
    name = getattr(source, "name", "DEFAULT")
    if name == "COMMANDLINE":
        return "command line"
    if name == "ENVIRONMENT":
        return next((v for v in parameter.envvar if os.environ.get(v)), variable(path, key))
    if name == "DEFAULT_MAP":
        table: Any = settings.table or {}
        for word in path:
            table = table.get(word, {})
        own = next((k for k in table if _plain(k) == key), None)
        shared = next((k for k in settings.table or {} if _plain(k) == key), key)
        return settings.place(*path, own) if own is not None else settings.place(shared)
    return "default"


_MISFIT = Text(
    vi="{place}: {key} phải là {what}; hãy sửa rồi chạy lại",
    en="{place}: {key} has to be {what}; correct it and run again",
)
_YES_OR_NO = Text(vi="true hoặc false", en="true or false")
_LIST = Text(vi='danh sách, ví dụ ["a", "b"]', en='a list, for instance ["a", "b"]')
_WORD = Text(vi="một chuỗi hoặc số", en="a text or a number")
_UNKNOWN = Text(
    vi="{place}: không có lựa chọn “{key}”",
    en="{place}: there is no option “{key}”",
)
_SECRET = Text(
    vi="{place}: “{key}”: mật khẩu và các bí mật khác không được để trong hnth.toml; hãy dùng hnth "
    "vault, rồi xóa dòng này",
    en="{place}: “{key}”: passwords and other secrets do not belong into hnth.toml; keep them with "
    "hnth vault and remove this line",
)
