"""The words around an account that must not be part of its password (D11.2-h)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inventory.model import Device, Inventory

if TYPE_CHECKING:
    from rules.password_quality.context import Context  # word lists load slowly


def context_of(inventory: Inventory, device: Device | None, account: str) -> Context:
    """Names of the account, its device, its site and who answers for it, and of the organisation.

    Without a device the words of the whole inventory's organisation alone.
    """
    from rules.password_quality.context import Context  # noqa: PLC0415

    unit = inventory.organisation
    site = inventory.site(device.site) if device else None
    contacts = site.contacts if site else ()
    return Context(
        account=_said(account),
        host=_said(device.id, device.name) if device else (),
        site=_said(site.id, site.name) if site else (),
        unit=_said(unit.name, unit.short_name, unit.superior, unit.province, unit.operator),
        vendor=_said(device.platform) if device else (),
        model=_said(device.model) if device else (),
        contact=tuple(contact.name for contact in contacts),
        phone=_said(*(contact.phone for contact in contacts)),
        address=_said(unit.place),
    )


def _said(*words: str | None) -> tuple[str, ...]:
    return tuple(word for word in words if word)
