"""Whether passwords are used once (D11.2-g), by keyed digests instead of the passwords."""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from types import MappingProxyType

from inventory.text import Text
from rules.model import Outcome
from rules.password_quality.judgement import UNIQUE, Judgement, Reason
from rules.password_quality.reasons import SHARED

LEAST_KEY_BYTES = 32


class WeakKey(ValueError):
    """The key of the digests is too short to keep passwords from being tried against them."""

    reason = Text(
        vi="Khóa để đối chiếu mật khẩu phải dài ít nhất 32 byte; hãy tạo lại khóa.",
        en="The key for comparing passwords needs 32 bytes at least; create it again.",
    )


def digest(key: bytes, password: str) -> bytes:
    """HMAC-SHA-256 of the password's NFC form, equal for equal passwords under one key."""
    if len(key) < LEAST_KEY_BYTES:
        raise WeakKey
    composed = unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
    return hmac.new(key, composed, hashlib.sha256).digest()


def unique(digests: Sequence[bytes], *, complete: bool = True) -> tuple[Outcome, ...]:
    """The verdict on each account, in order: FAIL for equal ones, whatever the others are.

    Where accounts are untested (`complete` is false) nothing passes; a lone account has no other
    to share with.
    """
    counts = Counter(digests)
    alone = len(digests) == 1
    otherwise = (Outcome.NA if alone else Outcome.PASS) if complete else Outcome.UND
    return tuple(Outcome.FAIL if counts[one] > 1 else otherwise for one in digests)


def with_uniqueness(judgement: Judgement, outcome: Outcome, *scope: Text) -> Judgement:
    """The judgement with its verdict on D11.2-g added, and among which passwords it holds."""
    verdicts = dict(sorted({**judgement.verdicts, UNIQUE: outcome}.items()))
    reasons = judgement.reasons
    if outcome is Outcome.FAIL:
        reasons = (*reasons, Reason(UNIQUE, SHARED))
    notes = (*judgement.notes, *scope)
    return replace(judgement, verdicts=MappingProxyType(verdicts), reasons=reasons, notes=notes)
