"""Passwords that hnth offers: random, easy to copy from a screen, and judged like any other."""

from __future__ import annotations

import secrets

from rules.model import Outcome
from rules.password_quality.context import Context
from rules.password_quality.judgement import judge
from rules.password_quality.structure import MIN_LENGTH

CLASSES = ("abcdefghijkmnpqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789", "!#%+:=?@*_")
"""Without 0 O o, 1 l I, and marks that a command line or a menu takes for its own."""
USUAL_LENGTH = 16


def offer(context: Context | None = None, length: int = USUAL_LENGTH) -> str:
    """A new random password that every requirement passes, of at least the least length."""
    length = max(length, MIN_LENGTH)
    every = "".join(CLASSES)
    while True:
        # drawn whole and rejected whole, so that every acceptable password is equally likely
        drawn = "".join(secrets.choice(every) for _ in range(length))
        if not drawn[0].isalnum():
            continue  # some menus cut a leading mark
        if judge(drawn, context).overall is Outcome.PASS:
            return drawn
