"""Passwords from the vault and from logins become facts of accounts, and nothing more of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from inventory.model import Device, Inventory
from inventory.readings import Readings
from inventory.secrets import Secret
from inventory.text import Text
from inventory.vault.entries import Contents, Entry, Judged, Password
from rules.facts import Facts, Known, TestedPassword
from rules.judge import judge_one
from rules.world import World
from scanner.cli.vault_for_scan import from_contents
from scanner.collect.errors import LoginRefused
from scanner.engine import introduction
from scanner.engine.handed_in import HandedIn, from_vault
from scanner.evidence import Document
from scanner.platforms.model import Platform, Reading
from scanner.store import RunPlan, Store
from tests.rules.compliant import with_device
from tests.scanner.engine.test_looking import NOON, looker

PLANTED = "Kq7#vRz2!mXw9T"
ENTERED = date(2026, 11, 1)
GOOD = Judged(
    on=ENTERED,
    long_enough=True,
    digit=True,
    lowercase=True,
    uppercase=True,
    special=frozenset({"unicode", "ascii_punct"}),
    meaning="none",
    vocabulary="2026.1",
)
CREDENTIAL = {"username": "quantri", "password": "vault:vcs"}


def inventory(**readings: Any) -> Inventory:
    plain = with_device("vcs", credential=CREDENTIAL, platform="thu")
    return Inventory.model_validate({**plain, "readings": readings})


def contents(secret: str = PLANTED, judged: Judged | None = GOOD) -> Contents:
    mine = Password(Secret(secret), date(2026, 10, 1), date(2026, 10, 1), judged)
    other = Password(Secret(secret), None, None, judged)
    entries = (
        Entry("vcs", mine),
        Entry("mcu", other, account="admin", device="mcu"),
        Entry("nobody", other, account="admin", device="no-such-device"),
        Entry("loose", other),
    )
    return Contents({entry.name: entry for entry in entries})


def known(handed: HandedIn, device_id: str) -> tuple[TestedPassword, ...]:
    fact = handed.facts(device_id, NOON).get("tested_passwords")
    return fact.value if isinstance(fact, Known) else ()


def test_entries_become_facts_of_the_accounts_that_they_belong_to() -> None:
    handed = from_vault(contents(), inventory())
    (vcs,), (mcu,) = known(handed, "vcs"), known(handed, "mcu")
    assert (vcs.account, mcu.account) == ("quantri", "admin")
    assert (vcs.length, vcs.digits, vcs.special, vcs.meaning) == (8, 1, 1, "none")
    assert (vcs.tested, vcs.changed) == (ENTERED, date(2026, 10, 1))
    assert vcs.digest == mcu.digest
    assert known(handed, "fw") == ()


def test_a_short_password_counts_for_nothing_and_its_length_is_not_kept() -> None:
    handed = from_vault(contents(judged=replace(GOOD, long_enough=False)), inventory())
    assert known(handed, "vcs")[0].length == 0


def test_special_characters_follow_the_reading() -> None:
    only_unicode = contents(judged=replace(GOOD, special=frozenset({"unicode"})))
    assert known(from_vault(only_unicode, inventory()), "vcs")[0].special == 1
    strict = inventory(special_set="ascii_punct")
    assert known(from_vault(only_unicode, strict), "vcs")[0].special == 0


def test_what_was_never_judged_proves_nothing() -> None:
    assert known(from_vault(contents(judged=None), inventory()), "vcs") == ()


def test_an_account_of_the_inventory_goes_before_what_the_entry_says() -> None:
    stray = Entry("stray", Password(Secret("khac"), judged=GOOD), account="quantri", device="vcs")
    handed = from_vault(contents().having(stray), inventory())
    assert len(known(handed, "vcs")) == 1
    assert known(handed, "vcs")[0].digest == known(handed, "mcu")[0].digest


def test_way_1_decides_b_to_i_and_names_no_secret() -> None:
    plan = inventory()
    handed = from_vault(contents(), plan)
    facts = {d.id: Facts(handed.facts(d.id, NOON)) for d in plan.devices}
    world = World(plan, facts, NOON, Readings())
    expected = {**dict.fromkeys("bcdefhi", "PASS"), "g": "FAIL"}
    for letter, outcome in expected.items():
        found = judge_one(f"D11.2-{letter}", world)
        mine = {f.subject.id: f for f in found}["vcs/quantri"]
        assert mine.outcome == outcome, (letter, mine.reason.en)
        assert PLANTED not in repr(found)


def test_nothing_handed_in_is_absent_and_no_favour() -> None:
    assert HandedIn(inventory()).facts("vcs", NOON) == {}


# --- logins ------------------------------------------------------------------------------------

ANSWER = Document(b"x", "POST /before", "C", NOON)


def accepting(access: Any) -> Iterator[Document]:
    access.ssh.on_password()
    yield ANSWER


def refusing(access: Any) -> Iterator[Document]:
    yield ANSWER
    raise LoginRefused(Text(vi="từ chối", en="refused"))


def unreached(_access: Any) -> Iterator[Document]:
    yield ANSWER


def looked_at(monkeypatch: pytest.MonkeyPatch, collect: Any, held: Contents, **changes: Any) -> Any:
    family = Platform(
        name="thu",
        title="thu",
        vendor="thu",
        kinds=frozenset({"vcs"}),
        allowed=(".*",),
        collect=collect,
        read=lambda _documents: Reading({}),
        version_key=lambda _version: None,
    )
    monkeypatch.setattr(introduction, "find", lambda _name: family)
    plan = inventory()
    source = from_contents(held, plan)
    given = {"handed_in": source.handed_in, "secret_behind": source.secret_behind, **changes}
    return looker(plan, [], **given)(plan.device("vcs")).facts["tested_passwords"]


@pytest.fixture(autouse=True)
def nobody_introduces_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    from scanner.engine import look
    from tests.scanner.engine.test_looking import SaysNothing

    monkeypatch.setattr(look, "Recogniser", SaysNothing)


def test_a_login_confirms_the_judgement_of_the_vault(monkeypatch: pytest.MonkeyPatch) -> None:
    fact = looked_at(monkeypatch, accepting, contents())
    assert (fact.value[0].tested, fact.value[0].changed) == (date(2026, 11, 23), date(2026, 10, 1))
    assert PLANTED not in repr(fact)


def test_without_a_login_the_vault_is_taken_at_its_word(monkeypatch: pytest.MonkeyPatch) -> None:
    assert looked_at(monkeypatch, unreached, contents()).value[0].tested == ENTERED


def test_a_refused_login_says_that_the_vault_holds_another_password(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert not isinstance(looked_at(monkeypatch, refusing, contents()), Known)


def test_a_password_from_elsewhere_is_judged_when_the_device_lets_it_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def elsewhere(_reference: str, _base: Path) -> Secret:
        return Secret("LongXuyen2020")

    fact = looked_at(monkeypatch, accepting, contents(), secret_behind=elsewhere)
    (found,) = fact.value
    assert (found.length, found.special, found.meaning) == (8, 0, "found")
    assert found.changed is None
    other = from_vault(contents(), inventory())
    assert found.digest != known(other, "vcs")[0].digest
    assert "LongXuyen" not in repr(fact)


def test_what_was_seen_is_kept_in_the_store_without_the_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fact = looked_at(monkeypatch, accepting, contents())
    with Store.open(str(tmp_path / "hnth.db")) as store:
        run = store.begin_run(
            RunPlan("", ("vcs",), True, "x", "1", "1", "7.93", readings_changed={}, scope={})
        )
        store.save_device(run, "vcs", (), Facts({"tested_passwords": fact}), None)
        assert store.facts(run)["vcs"]["tested_passwords"] == fact
    everything = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert PLANTED.encode() not in everything


def test_a_run_without_a_vault_compares_with_a_key_of_its_own() -> None:
    one, two = HandedIn(inventory()), HandedIn(inventory())
    device: Device = inventory().device("vcs")
    marks = [
        h.after_login(device, "quantri", Secret(PLANTED), datetime.now(UTC))["tested_passwords"]
        for h in (one, one, two)
    ]
    first, again, other = (m.value[0].digest for m in marks if isinstance(m, Known))
    assert first == again != other
    assert str(first).split(":")[0] != str(other).split(":")[0]
