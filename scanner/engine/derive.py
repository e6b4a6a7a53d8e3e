"""Facts that need more than one source: the family's ports, the catalogue beside the version."""

from __future__ import annotations

from typing import Any

from inventory.catalogue import Catalogue
from inventory.text import Text
from rules.facts import Currency, Fact, Known, Unknown
from scanner.platforms.model import Platform


def currency(
    platform: Platform,
    version: Fact[str],
    model: Fact[str],
    catalogue: Catalogue | None,
) -> Fact[Currency]:
    """The running software beside the newest general release for exactly this model (A-07)."""
    if isinstance(version, Unknown):
        return version
    if isinstance(model, Unknown):
        return model
    if catalogue is None:
        return Unknown(
            Text(
                vi="chưa khai báo danh mục phiên bản của hãng (catalogue)",
                en="no firmware catalogue is declared in the inventory",
            )
        )
    releases = [
        release
        for release in catalogue.for_model(platform.name, model.value)
        if release.kind == "general"
    ]
    keyed = [(key, r) for r in releases if (key := platform.version_key(r.version)) is not None]
    if not keyed:
        return Unknown(
            Text(
                vi=f"danh mục phiên bản không có bản phát hành nào cho {model.value}",
                en=f"the firmware catalogue has no release for {model.value}",
            )
        )
    newest_key, newest = max(keyed, key=lambda pair: pair[0])
    running_key = platform.version_key(version.value)
    return Known(
        Currency(
            running=version.value,
            newest=newest.version,
            newest_released=newest.released,
            catalogue_captured=catalogue.captured,
            order=None if running_key is None else _order(running_key, newest_key),
        ),
        (*version.citations, *model.citations),
    )


def _order(running: tuple[Any, ...], newest: tuple[Any, ...]) -> Any:
    try:
        return (running > newest) - (running < newest)
    except TypeError:
        return None
