"""Facts that need more than one source: the family's ports, the catalogue beside the version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from inventory.text import Text
from rules.facts import Currency, DeviceAccount, Fact, Known, NeededPort, Unknown
from scanner.platforms.model import Platform

if TYPE_CHECKING:
    from inventory.catalogue import Catalogue  # with it loads all that reads declared files
    from inventory.model import Device


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
    if not releases:
        return Unknown(
            Text(
                vi=f"danh mục phiên bản không có bản phát hành nào cho {model.value}",
                en=f"the firmware catalogue has no release for {model.value}",
            )
        )
    keys = [platform.version_key(release.version) for release in releases]
    newest = _newest(keys)
    if newest is None:
        return Unknown(
            Text(
                vi=f"không so sánh được thứ tự các phiên bản của {model.value} trong danh mục",
                en=f"the releases of {model.value} in the firmware catalogue cannot be ordered",
            )
        )
    running_key = platform.version_key(version.value)
    return Known(
        Currency(
            running=version.value,
            newest=releases[newest].version,
            newest_released=releases[newest].released,
            catalogue_captured=catalogue.captured,
            order=None if running_key is None else _order(running_key, keys[newest] or ()),
        ),
        (*version.citations, *model.citations),
    )


def unused_accounts(
    device: Device, accounts: Fact[tuple[DeviceAccount, ...]]
) -> dict[str, Fact[tuple[str, ...]]]:
    """`accounts.unused`: the enabled accounts that the inventory does not list as being in use.

    Nothing where the inventory has no such list for the device.
    """
    if device.accounts_in_use is None:
        return {}
    if isinstance(accounts, Unknown):
        return {"accounts.unused": accounts}
    names = tuple(
        account.name
        for account in accounts.value
        if account.enabled is not False and account.name not in device.accounts_in_use
    )
    lines = tuple(c for c in accounts.citations if any(name in c.text for name in names))
    return {"accounts.unused": Known(names, lines or accounts.citations)}


def needs(platform: Platform) -> Fact[tuple[NeededPort, ...]]:
    """The ports that the vendor says the family needs; Unknown where no list was found."""
    if platform.needed_ports:
        return Known(platform.needed_ports)
    return Unknown(
        Text(
            vi=f"chưa có danh sách cổng cần thiết của {platform.title} do hãng công bố",
            en=f"no list of the ports that {platform.title} needs is published by its vendor",
        )
    )


def _newest(keys: list[tuple[Any, ...] | None]) -> int | None:
    """Where the newest release stands; None when one of them might be newer and cannot be told."""
    try:
        return None if None in keys else max(range(len(keys)), key=lambda n: keys[n] or ())
    except TypeError:
        return None


def _order(running: tuple[Any, ...], newest: tuple[Any, ...]) -> Any:
    try:
        return (running > newest) - (running < newest)
    except TypeError:
        return None
