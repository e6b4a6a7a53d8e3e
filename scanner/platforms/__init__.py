"""One module per device family: evidence in, vendor-neutral facts out.

In: documents that `scanner.collect` fetched, or saved files. Out: facts with the lines that prove
them, or `Unknown` with the reason. Called by the engine through `find` and `all_platforms`.
A family is added by one module that defines `PLATFORM` (see `model`); no list is kept anywhere,
and no rule hears of it.
"""

from __future__ import annotations

import difflib
import importlib
import pkgutil
from functools import cache

from inventory.text import Text
from scanner.platforms.model import Platform
from scanner.platforms.snmp_walk import with_walks


class NoSuchPlatform(LookupError):
    """A family was named for which there is no module. `reason` says which there are."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason


def find(name: str) -> Platform:
    """The family called `name`, e.g. `cisco-roomos`, or known by it as an alias.

    Raises `NoSuchPlatform`, which suggests the nearest name.
    """
    module = name.replace("-", "_")
    platform = _defined_in(module) if module in _module_names() else None
    if platform is not None and platform.name == name:
        return platform
    other = next((p for p in all_platforms() if name in p.aliases), None)
    if other is None:
        raise NoSuchPlatform(_unknown_name(name))
    return other


@cache
def all_platforms() -> tuple[Platform, ...]:
    """Every family there is, sorted by name."""
    found = (_defined_in(module) for module in _module_names())
    return tuple(sorted((p for p in found if p is not None), key=lambda p: p.name))


@cache
def _module_names() -> tuple[str, ...]:
    return tuple(module.name for module in pkgutil.iter_modules(__path__))


@cache
def _defined_in(module: str) -> Platform | None:
    """The module's `PLATFORM`, which also knows itself in saved SNMP answers.

    None for a module that holds shared parsing and no family.
    """
    platform = getattr(importlib.import_module(f"{__name__}.{module}"), "PLATFORM", None)
    return with_walks(platform) if isinstance(platform, Platform) else None


def _unknown_name(name: str) -> Text:
    names = [platform.name for platform in all_platforms()]
    near = difflib.get_close_matches(name, names, n=1)
    return Text(
        vi=f"không có dòng thiết bị “{name}”; "
        + (f"có phải là “{near[0]}”? " if near else "")
        + f"các dòng được hỗ trợ: {', '.join(names) or '(chưa có)'}",
        en=f"there is no device family “{name}”; "
        + (f"did you mean “{near[0]}”? " if near else "")
        + f"known families: {', '.join(names) or '(none yet)'}",
    )
