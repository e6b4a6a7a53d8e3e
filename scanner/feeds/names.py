"""The table of products, asked in the way feeds name them: with a vendor that has to fit."""

from __future__ import annotations

from rules.patches.families import Families
from scanner.feeds.records import Meant


class FeedNames:
    """Names as feeds write them; a short one ("Desk") means nothing without its vendor."""

    def __init__(self, families: Families) -> None:
        self._families = families
        self._vendors = {family.id: frozenset(family.vendors) for family in families.families}
        self._every = frozenset(vendor for known in self._vendors.values() for vendor in known)

    def by_cpe(self, vendor: str, product: str) -> tuple[Meant, ...]:
        return tuple(
            Meant(family, self._families.cpe_model(family, vendor, product) or "")
            for family in self._families.of_cpe(vendor, product)
        )

    def by_name(self, vendor: str, name: str) -> tuple[Meant, ...]:
        text = f"{vendor} {name}".casefold()
        if not any(known in text for known in self._every):
            return ()  # most of the world's products, at little cost
        said = frozenset(text.replace("_", " ").split())
        return tuple(
            Meant(named.family, named.model if self._is_model(named.family, named.model) else "")
            for named in self._families.named(f"{vendor} {name}")
            if said & self._vendors[named.family]
        )

    def _is_model(self, family: str, name: str) -> bool:
        known = self._families.get(family)
        return known is not None and any(model.name == name for model in known.models)
