"""D11.2-h: what was found in the password when it was handed in."""

from __future__ import annotations

import pytest

from inventory.text import Text
from tests.rules.build import ABSENT, Case, finding, province, result_of
from tests.rules.values import handed_in

NOT_TESTED = "the password was not tested; a policy of the device cannot prove this"
NOTHING = (
    "nothing was found in the tested password (word lists 2026.1); what only its holder knows "
    "cannot be found"
)
PLACE = Text(vi="chứa địa danh", en="holds a place")
YEAR = Text(vi="chứa năm", en="holds a year")


def password(**rest: object) -> dict[tuple[str, str], object]:
    return {("vcs", "tested_passwords"): (handed_in("quantri", **rest),)}


CASES = [
    Case("nothing found", "PASS", NOTHING),
    Case(
        "names found",
        "FAIL",
        "a meaning was found in the tested password: holds a place; holds a year",
        password(meaning="found", categories=(PLACE, YEAR)),
    ),
    Case(
        "not clear",
        "UND",
        "it is for a person to decide about the tested password: holds a place",
        password(meaning="unclear", categories=(PLACE,)),
    ),
    Case("tested for length only", "UND", NOT_TESTED, password(meaning=None)),
    Case("not tested", "UND", NOT_TESTED, {("vcs", "tested_passwords"): ABSENT}),
    Case(
        "another was tested",
        "UND",
        NOT_TESTED,
        {("vcs", "tested_passwords"): (handed_in("giamsat", meaning="found"),)},
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_password_without_names(case: Case) -> None:
    assert result_of(case, "D11.2-h", "vcs/quantri") == (case.outcome, case.reason)


def test_the_categories_are_told_in_vietnamese() -> None:
    world = province(password(meaning="found", categories=(PLACE,)))
    found = finding(world, "D11.2-h", "vcs/quantri")
    assert found.reason.vi == "mật khẩu đã kiểm tra có tên riêng hoặc ý nghĩa đi kèm: chứa địa danh"
