"""Judges one password at the moment it is handed in: a password in, verdicts and reasons out.

Pure: nothing is stored, and no reason, repr or error ever holds any part of the password. Called
where a person hands in a password: by the vault and by `hnth vault judge`.
"""

from rules.password_quality.context import Context
from rules.password_quality.judgement import Judgement, judge, meaning_of
from rules.password_quality.offering import offer
from rules.password_quality.uniqueness import digest, unique

__all__ = ["Context", "Judgement", "digest", "judge", "meaning_of", "offer", "unique"]
