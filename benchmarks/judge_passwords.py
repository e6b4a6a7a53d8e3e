"""How many random passwords are flagged, and how fast passwords are judged.

`python benchmarks/judge_passwords.py [COUNT]`: COUNT passwords (20,000) from the system's random
source, 8 to 16 characters in turn, each with all four classes. At most 2 % may be flagged.
"""

from __future__ import annotations

import secrets
import string
import sys
import time
from collections import Counter

from rules.model import Outcome
from rules.password_quality import judge

CLASSES = (string.ascii_lowercase, string.ascii_uppercase, string.digits, string.punctuation)
LENGTHS = range(8, 17)


def drawn(length: int) -> str:
    """A random password that holds all four classes."""
    every = "".join(CLASSES)
    while True:
        password = "".join(secrets.choice(every) for _ in range(length))
        if all(set(password) & set(one) for one in CLASSES):
            return password


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    passwords = [drawn(LENGTHS[at % len(LENGTHS)]) for at in range(count)]
    judge("warm-up")
    flagged: Counter[int] = Counter()
    outcomes: Counter[str] = Counter()
    began = time.process_time()
    for password in passwords:
        outcome = judge(password).overall
        outcomes[str(outcome)] += 1
        flagged[len(password)] += outcome is not Outcome.PASS
    seconds = time.process_time() - began
    total = sum(flagged.values())
    print(f"{count} random passwords: {total} flagged ({100 * total / count:.2f} %)")
    print(", ".join(f"{name} {number}" for name, number in sorted(outcomes.items())))
    shares = (f"{n}: {100 * flagged[n] * len(LENGTHS) / count:.2f} %" for n in LENGTHS)
    print("by length  " + "  ".join(shares))
    print(f"{count / seconds:.0f} judgements a second of processor time")


if __name__ == "__main__":
    main()
