"""An entry is added to a list of the file, and every other byte stays as it was."""

from __future__ import annotations

from datetime import date

import pytest

from inventory.append import CannotAppend, appended
from inventory.load import loads
from inventory.starter import starter_text

BASE = """\
# our own note
organisation: {name: Đơn vị, province: Tỉnh}  # kept
sites: [{id: tt, name: Trung tâm, level: province}]
devices: [{id: mcu, kind: mcu, site: tt, address: 10.0.1.10}]
"""
ENTRY: dict[str, str | int | date] = {
    "requirement": "D10.2-b",
    "subject": "tt",
    "issuer": "Đơn vị viễn thông: “A” # 1",
    "number": "012",
    "issued": date(2026, 1, 5),
    "signer": "Giám đốc",
    "sha256": "0a" * 32,
    "entered_by": "no",
}
FLOW = (
    "{requirement: D10.2-b, subject: system, issuer: A, number: 1/XN, issued: 2026-01-05,"
    f" signer: Giám đốc, sha256: {'0b' * 32}, entered_by: B}}"
)
BLOCK = FLOW.strip("{}").replace(", ", "\n    ")

SCAN = "scan: {rate_kbps: 64}\n"
FILES = {
    "no list": BASE,
    "no newline at the end": BASE.rstrip("\n"),
    "a list of one": f"{BASE}attestations:\n  - {BLOCK}\n",
    "a list without indentation": f"{BASE}attestations:\n- {BLOCK.replace('    ', '  ')}\n",
    "entries in braces": f"{BASE}attestations:\n    - {FLOW}\n    - {FLOW.replace('1/', '2/')}\n",
    "more after it": f"{BASE}attestations:\n  - {BLOCK}  # why\n\n  # a note\n{SCAN}",
    "the list ends the file": f"{BASE}attestations:\n  - {BLOCK}",
    "a key without a value": f"{BASE}attestations:\n#  - commented: out\nscan: {{rate_kbps: 64}}\n",
    "a block of lines": BASE
    + "attestations:\n  - "
    + BLOCK.replace("entered_by: B", "entered_by: |\n      B\n")
    + "scan: {rate_kbps: 64}\n",
    "Windows": BASE.replace("\n", "\r\n"),
    "the starter": starter_text(),
}


@pytest.mark.parametrize("text", FILES.values(), ids=FILES.keys())
def test_the_entry_is_added_and_nothing_else_changes(text: str) -> None:
    entry = {**ENTRY, "subject": loads(text).inventory.sites[0].id}
    after = appended(text, "attestations", entry)
    before_lines, after_lines = text.splitlines(), after.splitlines()
    kept = iter(after_lines)
    assert all(line in kept for line in before_lines), "lines are kept, in their order"
    found = loads(after).inventory.attestations
    assert found[:-1] == loads(text).inventory.attestations
    assert found[-1].issuer == entry["issuer"]
    assert (found[-1].number, found[-1].entered_by) == ("012", "no")
    assert after.count("\r\n") in {0, after.count("\n")}


def test_one_after_the_other() -> None:
    once = appended(BASE, "attestations", ENTRY)
    twice = appended(once, "attestations", {**ENTRY, "number": "2/XN"})
    assert twice.startswith(once.rstrip("\n"))
    assert [a.number for a in loads(twice).inventory.attestations] == ["012", "2/XN"]
    assert twice.count("attestations:") == 1


@pytest.mark.parametrize(
    "text",
    [
        f"{BASE}attestations: []\n",
        f"{BASE}attestations: [{FLOW}]\n",
        "{" + BASE.split("\n", 1)[1].replace("  # kept", "").strip().replace("\n", ", ") + "}\n",
        f"{BASE}...\n",
    ],
    ids=["empty brackets", "brackets", "all in braces", "an end mark"],
)
def test_where_it_cannot_be_done_safely_it_is_not_done(text: str) -> None:
    loads(text)
    with pytest.raises(CannotAppend) as caught:
        appended(text, "attestations", ENTRY)
    assert "copy the entry in" in caught.value.reason.en


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"subject": "tm"}, 'subject: there is no site with the id "tm"'),
        ({"issued": "2026-02-30"}, "issued: "),
        ({"valid_to": "2026-01-04"}, "valid_to: ends on 2026-01-04, before it was issued"),
        ({"requirement": "D12.1-b"}, "subject: D12.1-b is about the whole system"),
        ({"committed_kbps": 4000}, "committed_kbps: is for D10.2-c only"),
        ({"standard": "TCVN"}, "standard: is for D10.2b-a only"),
        ({"first_connected": "2026-01-01"}, "first_connected: is for D10.2c-a only"),
        ({"signer": "a\x07b"}, "copy the entry in"),
    ],
)
def test_an_entry_that_does_not_fit_is_refused_without_a_line_number(
    change: dict[str, str | int], said: str
) -> None:
    with pytest.raises(CannotAppend) as caught:
        appended(BASE, "attestations", {**ENTRY, **change})
    assert said in caught.value.reason.en
    assert "#1" not in caught.value.reason.en
