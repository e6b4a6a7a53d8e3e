"""The table of products, asked in the way feeds name them: with a vendor that has to fit."""

from __future__ import annotations

from collections.abc import Sequence

from rules.patches.families import Families, Named
from rules.patches.grammars import Release, compare, sort_key
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
            Meant(named.family, self._limit(named))
            for named in self._families.named_product(f"{vendor} {name}")
            if said & self._vendors[named.family]
        )

    def ascending(self, family: str, releases: Sequence[str]) -> tuple[int, ...] | None:
        read = [self._families.parse(family, text) for text in releases]
        known = [one for one in read if isinstance(one, Release)]
        if len(known) < len(read) or any(compare(known[0], one) is None for one in known):
            return None
        return tuple(sorted(range(len(known)), key=lambda place: sort_key(known[place])))

    def _limit(self, named: Named) -> str:
        """The model or series that the name is limited to; "" for the whole family."""
        known = self._families.get(named.family)
        models = known.models if known else ()
        titles = {title for model in models for title in (model.name, *model.series)}
        return named.model if named.model in titles else ""
