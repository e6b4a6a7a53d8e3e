"""The table of products: which family a name means, which model, and how its releases are read.

The table is data that is handed in; this module only looks up. Names are compared word by word,
without case, punctuation and the filler words of the table.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache

from rules.patches.grammars import Grammar, Release, Unreadable, parse

LONGEST_NAME = 300


@dataclass(frozen=True, slots=True)
class Model:
    name: str
    also: tuple[str, ...] = ()
    """Other spellings of the same model."""
    series: tuple[str, ...] = ()
    """Series it belongs to, in the vendor's words."""


@dataclass(frozen=True, slots=True)
class CpeName:
    """A product of the CPE dictionary that means this family, or one model of it."""

    vendor: str
    product: str
    model: str = ""


@dataclass(frozen=True)
class Family:
    """Devices that run the same line of software."""

    id: str
    vendors: tuple[str, ...]
    """First words of product names; a name with another vendor in it is not of this family."""
    names: tuple[str, ...]
    """What the software or the whole family is called."""
    whole_names: tuple[str, ...] = ()
    """Names that mean the family only where nothing else stands beside them."""
    grammar: Grammar = field(default_factory=Grammar)
    also: tuple[str, ...] = ()
    """Other ids of the same family in feeds."""
    platforms: tuple[str, ...] = ()
    """Family modules that read such devices."""
    models: tuple[Model, ...] = ()
    cpe: tuple[CpeName, ...] = ()


@dataclass(frozen=True, slots=True)
class Named:
    """What a device name means."""

    family: str
    model: str
    """Name of the model in the table, or the words given when the table does not have it."""


Words = tuple[str, ...]


@dataclass(frozen=True)
class Families:
    """All families, looked up by id, by CPE name, by product name and by device name."""

    families: tuple[Family, ...] = ()
    fillers: frozenset[str] = frozenset()
    """Words that tell nothing apart, lower case."""
    vague: frozenset[str] = frozenset()
    """Words that name nothing without the fillers before them: a "server" may be anything."""
    strange: frozenset[str] = frozenset()
    """Words that make another product of a name that has them beside it: an "app", a "phone"."""

    @cached_property
    def _by_id(self) -> dict[str, Family]:
        return {name: f for f in self.families for name in (f.id, *f.also)}

    @cached_property
    def _by_cpe(self) -> dict[tuple[str, str], dict[str, str]]:
        """Vendor and product to family and model; each name may mean several families."""
        found: dict[tuple[str, str], dict[str, str]] = {}
        for family in self.families:
            for cpe in family.cpe:
                found.setdefault((cpe.vendor, cpe.product), {})[family.id] = cpe.model
        return found

    @cached_property
    def _vendors(self) -> frozenset[str]:
        return frozenset(vendor for family in self.families for vendor in family.vendors)

    @cached_property
    def _phrases(self) -> tuple[_Phrase, ...]:
        """Every name of a family or model, each once."""
        found: dict[_Phrase, None] = {}
        for family in self.families:
            for name in family.names:
                found[self._phrase(name, family.id)] = None
            for name in family.whole_names:
                found[replace(self._phrase(name, family.id), alone=True)] = None
            for model in family.models:
                for name in (model.name, *model.also):
                    found[self._phrase(name, family.id, model.name)] = None
                for name in filter(_is_telling, model.series):
                    series = self._phrase(name, family.id, name)
                    found[replace(series, only_products=True)] = None
        return tuple(phrase for phrase in found if phrase.words)

    def _phrase(self, name: str, family: str, model: str = "") -> _Phrase:
        words, every = self.words(name), _every_word(name)
        told = words if not self.vague.issuperset(words) else every
        return _Phrase(words, family, model, written=told if told != words else ())

    def words(self, name: str) -> Words:
        """The telling words of a name, lower case; without fillers unless it has nothing else."""
        every = _every_word(name)
        return tuple(word for word in every if word not in self.fillers) or every

    def get(self, family: str) -> Family | None:
        return self._by_id.get(family.strip().casefold())

    def canonical(self, family: str) -> str:
        """The id under which the family stands in the table; the text itself when it is not."""
        known = self.get(family)
        return known.id if known else family

    def parse(self, family: str, text: str) -> Release | Unreadable:
        """The release, or why it is none; an unknown family reads nothing."""
        return _parsed(self, family, text)

    def of_cpe(self, vendor: str, product: str) -> tuple[str, ...]:
        """Families of a CPE vendor and product, unescaped; exact but for case, part ignored."""
        return tuple(self._by_cpe.get((vendor.casefold(), product.casefold()), {}))

    def cpe_model(self, family: str, vendor: str, product: str) -> str | None:
        """Model that the CPE name is limited to, "" for all; None when it is another family."""
        meant = self._by_cpe.get((vendor.casefold(), product.casefold()), {})
        return meant.get(self.canonical(family))

    def of_name(self, name: str) -> tuple[str, ...]:
        """Families that a product name means, the most telling match only; () for none."""
        return tuple(dict.fromkeys(named.family for named in self.named(name)))

    def of_platform(self, platform: str) -> tuple[str, ...]:
        return tuple(f.id for f in self.families if platform in (f.id, *f.platforms))

    def named(self, device: str) -> tuple[Named, ...]:
        """What the name of a device may mean, in the order of the table; () for nothing known."""
        return _named(self, device)

    def named_product(self, product: str) -> tuple[Named, ...]:
        """As `named`, for the name of a product in a feed, which speaks of the whole world's: a
        strange word beside the known name makes it another product.
        """
        return _named(self, product, strict=True)

    def resolve(self, device: str, version: str) -> Named | None:
        """The one meaning of a device name whose grammar reads the version.

        None when there is none or more than one; a single meaning stands whatever the version.
        """
        meant = self.named(device)
        if len(meant) == 1:
            return meant[0]
        fits = [n for n in meant if isinstance(self.parse(n.family, version), Release)]
        return fits[0] if len({n.family for n in fits}) == 1 else None

    def is_model(self, family: str, device: str, wanted: str) -> bool | None:
        """Whether the device is the wanted model or one of the wanted series; None = cannot tell.

        The device's model is in the words of the inventory, the device or the table.
        """
        return _is_model(self, self.canonical(family), device, wanted)

    def is_hardware(self, family: str, device: str, product: str) -> bool | None:
        """As `is_model` for a hardware product of the CPE dictionary, which lists models singly.

        A known model that is not meant is certainly another one.
        """
        told = _is_model(self, self.canonical(family), device, product.replace("_", " "))
        if told is not None or self._generic(family, device, product):
            return told
        return False if self._model(family, device) else None

    def _model(self, family: str, device: str) -> Model | None:
        known = self.get(family)
        return _best(self, known.models, self.words(device)) if known else None

    def _generic(self, family: str, device: str, product: str) -> bool:
        """The device is named by the series that the product belongs to."""
        known = self.get(family)
        mine, wanted = self._model(family, device), self.words(product.replace("_", " "))
        return mine is not None and known is not None and _may_be(self, known, mine, wanted)

    def __hash__(self) -> int:
        return id(self)  # one table per program; contents are compared by `==`


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A name as words, and what it means."""

    words: Words
    family: str
    model: str = ""
    """Empty: the family."""
    alone: bool = False
    """It means that only where nothing else stands beside it."""
    only_products: bool = False
    """A series: a product of a feed may be one, a device is a model of it."""
    written: Words = ()
    """The name with its fillers, where it is too vague without."""

    def fits(self, words: Words, every: Words) -> bool:
        if self.alone:
            return self.words == words
        return _inside(self.written, every) if self.written else _inside(self.words, words)


def _is_telling(series: str) -> bool:
    """It has a word besides "Series" that is no single letter, of which other products have some
    as well.
    """
    words = _every_word(series)
    return len(words) > 1 and all(len(word) > 1 for word in words)


def _every_word(name: str) -> Words:
    return tuple(re.findall(r"[a-z0-9]+", name[:LONGEST_NAME].casefold()))


def _inside(part: Words, whole: Words) -> bool:
    return any(
        whole[start : start + len(part)] == part for start in range(len(whole) - len(part) + 1)
    )


@lru_cache(maxsize=65_536)
def _parsed(table: Families, family: str, text: str) -> Release | Unreadable:
    known = table.get(family)
    if known is None:
        return Unreadable(text[:100], "not a release of this family")
    return parse(known.id, known.grammar, text)


@lru_cache(maxsize=4096)
def _named(table: Families, device: str, *, strict: bool = False) -> tuple[Named, ...]:
    every, words = _every_word(device), table.words(device)
    vendors = table._vendors.intersection(every)
    odd = table.strange.intersection(words) if strict else frozenset()
    found: list[tuple[tuple[int, int, bool], Named]] = []
    for phrase in table._phrases:
        family = table._by_id[phrase.family]
        if (vendors and not vendors & set(family.vendors)) or (phrase.only_products and not strict):
            continue
        if phrase.fits(words, every) and odd.issubset(phrase.words):
            exact = bool(phrase.model) and not phrase.only_products
            weight = (len(phrase.words), sum(map(len, phrase.words)), exact)
            found.append((weight, Named(family.id, phrase.model or device.strip())))
    best = max((weight[:2] for weight, _ in found), default=None)
    once: dict[str, Named] = {}
    for weight, named in sorted(found, key=lambda pair: not pair[0][2]):  # a model before a family
        if weight[:2] == best:
            once.setdefault(named.family, named)
    return tuple(once.values())


@lru_cache(maxsize=16_384)
def _is_model(table: Families, family_id: str, device: str, wanted: str) -> bool | None:
    words, target = table.words(device), table.words(wanted)
    if not words:
        return None
    if words == target:
        return True
    family = table.get(family_id)
    models = family.models if family else ()
    mine = _best(table, models, words)
    if mine is not None and target in _titles(table, mine):
        return True
    if mine is None:
        return True if _inside(target, words) else None
    if family is not None and _may_be(table, family, mine, target):
        return None
    known = any(target in _titles(table, model) for model in models)
    return False if known else None


def _may_be(table: Families, family: Family, mine: Model, wanted: Words) -> bool:
    """The wanted model is one of a series that bears the name of mine."""
    own = table.words(mine.name)
    return any(
        wanted in map(table.words, (model.name, *model.also))
        and own in map(table.words, model.series)
        for model in family.models
        if model is not mine
    )


def _best(table: Families, models: tuple[Model, ...], words: Words) -> Model | None:
    """The model with the longest name inside the words."""
    found = [
        (len(title), model)
        for model in models
        for title in map(table.words, (model.name, *model.also))
        if _inside(title, words)
    ]
    return max(found, key=lambda pair: pair[0])[1] if found else None


@lru_cache(maxsize=4096)
def _titles(table: Families, model: Model) -> frozenset[Words]:
    return frozenset(map(table.words, (model.name, *model.also, *model.series)))
