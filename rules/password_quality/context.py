"""What belongs to the account: its own name, its host, site and unit, who answers for it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from rules.password_quality.forms import plain

_WORD = re.compile(r"[a-z]+|[0-9]+")
SHORTEST = 4
"""Letters of a context word that counts wherever it stands."""
PHONE_TAIL = 6
"""Last digits of a telephone number that count wherever they stand."""


@dataclass(frozen=True, slots=True)
class Context:
    """Words around the account; several values of one kind stand in one tuple. All optional."""

    account: tuple[str, ...] = ()
    host: tuple[str, ...] = ()
    site: tuple[str, ...] = ()
    unit: tuple[str, ...] = ()
    vendor: tuple[str, ...] = ()
    model: tuple[str, ...] = ()
    contact: tuple[str, ...] = ()
    phone: tuple[str, ...] = ()
    address: tuple[str, ...] = ()
    digits_only: bool = False
    """The device takes nothing but digits, for instance a menu at the device (A-35)."""

    def words(self) -> frozenset[str]:
        """Words of four letters and digits or more, single and run together as they follow."""
        return frozenset(word for value in self._values() for word in _joined(value))

    def initials(self) -> frozenset[str]:
        """Short words and the first letters of three words or more; they count when alone."""
        found: set[str] = set()
        for value in self._values():
            words = _WORD.findall(plain(value).text)
            found.update(word for word in words if len(word) == 3 and word.isalpha())
            if len(words) >= 3:
                found.add("".join(word[0] for word in words))
        return frozenset(found)

    def phone_tails(self) -> frozenset[str]:
        numbers = ("".join(filter(str.isdigit, value)) for value in self.phone)
        return frozenset(n[-PHONE_TAIL:] for n in numbers if len(n) >= PHONE_TAIL)

    def _values(self) -> tuple[str, ...]:
        words = (self.account, self.host, self.site, self.unit, self.vendor, self.model)
        return tuple(value for kind in (*words, self.contact, self.address) for value in kind)


def _joined(value: str) -> set[str]:
    words = _WORD.findall(plain(value).text)
    found = set(words)
    found.update(first + second for first, second in pairwise(words))
    found.update("".join(words[at : at + 3]) for at in range(len(words) - 2))
    found.add("".join(words))
    # "01" after "mcu" is a name of this device, "2020" in an address is not
    return {word for word in found if len(word) >= SHORTEST and not word.isdigit()}
