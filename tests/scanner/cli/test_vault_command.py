"""`hnth vault`: what it stores, what it says, what it never shows."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from inventory.secrets import Secret
from inventory.vault.box import Vault
from inventory.vault.entries import Entry
from scanner.cli import vault_entry
from scanner.cli.speech import choose_language
from scanner.cli.vault import vault_app
from tests.inventory.vault.cheap import make_cheap

MASTER = "ngua dung pin kep giay"
PLANTED = "Kq7#vRz2!mXw9T"
WEAK = "AnGiang@2020"
INVENTORY = """
organisation: {name: Đơn vị thử, province: An Giang}
sites: [{id: trung-tam, name: Trung tâm, level: province}]
devices:
  - id: mcu-tinh
    kind: mcu
    site: trung-tam
    address: 10.67.10.10
    credential: {username: quantri, password: "vault:mcu"}
"""

Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def _english_in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    make_cheap(monkeypatch)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(vault_entry, "today", lambda: date(2026, 11, 23))
    secret_file("master", MASTER)
    choose_language("en")
    yield
    choose_language(None)


def secret_file(name: str, content: str) -> Path:
    path = Path(name)
    path.write_text(content + "\n", encoding="utf-8")
    path.chmod(0o600)
    return path


def run(*arguments: str, typed: str = "", master: str = "master") -> Result:
    """The command as a pipe meets it: no terminal, the master password from a file."""
    variables = {"HNTH_VAULT_PASSWORD_FILE": master, "COLUMNS": "200"}
    return CliRunner().invoke(vault_app, list(arguments), input=typed, env=variables)


def entry(name: str) -> Entry:
    return Vault.open(Path("vault.hnth"), Secret(MASTER)).contents.entry(name)


@pytest.fixture
def vault() -> None:
    assert run("init").exit_code == 0


def test_a_new_vault_is_for_its_owner_alone_and_never_made_twice(vault: None) -> None:
    assert Path("vault.hnth").stat().st_mode & 0o777 == 0o600
    again = run("init")
    assert (again.exit_code, "never overwrites" in again.stderr) == (2, True)


@pytest.mark.parametrize(
    ("damage", "status", "said"),
    [
        (lambda content: content, 2, "the master password is wrong"),
        (lambda content: content[:-1], 2, "the master password is wrong"),
        (lambda content: content[:60], 4, "the header of the vault is damaged"),
        (lambda content: b"name,password", 4, "no vault of hnth"),
    ],
)
def test_a_wrong_password_and_damage_have_their_own_words_and_status(
    vault: None, damage: Callable[[bytes], bytes], status: int, said: str
) -> None:
    secret_file("wrong", "sai mat khau chu")
    path = Path("vault.hnth")
    path.write_bytes(damage(path.read_bytes()))
    result = run("list", master="wrong")
    assert (result.exit_code, said in result.stderr) == (status, True), result.stderr


def test_damage_behind_the_right_password_ends_with_4(vault: None) -> None:
    path = Path("vault.hnth")
    path.write_bytes(path.read_bytes()[:-1])
    result = run("list")
    assert (result.exit_code, "the master password is right" in result.stderr) == (4, True)


def test_without_a_vault_nobody_is_asked_for_a_password() -> None:
    result = run("list", master="absent")
    assert (result.exit_code, "hnth vault init" in result.stderr) == (2, True)


def test_a_password_file_that_others_read_is_refused(vault: None) -> None:
    Path("master").chmod(0o644)
    result = run("list")
    assert (result.exit_code, "chmod 600" in result.stderr) == (2, True)


def test_the_master_password_comes_through_a_pipe_or_standard_input(vault: None) -> None:
    assert run("list", "--password-file", "-", typed=MASTER + "\n").exit_code == 0


def test_with_nobody_to_ask_the_way_out_is_named(vault: None) -> None:
    result = run("list", master="")
    assert (result.exit_code, "--password-file FILE" in result.stderr) == (2, True)


# --- set -------------------------------------------------------------------------------------


def test_a_good_password_is_stored_with_its_judgement(vault: None) -> None:
    result = run("set", "mcu", "--account", "admin", "--stdin", "--changed", "2026-09-01",
                 typed=PLANTED + "\n")  # fmt: skip
    assert result.exit_code == 0, result.stderr
    assert "The password does." in result.stderr
    stored = entry("mcu")
    assert (stored.account, stored.password.secret.reveal()) == ("admin", PLANTED)
    assert stored.password.changed == date(2026, 9, 1)
    judged = stored.password.judged
    assert judged is not None
    assert (judged.meaning, judged.on) == ("none", date(2026, 11, 23))


def test_a_weak_password_is_stored_with_what_is_wrong_and_status_1(vault: None) -> None:
    result = run("set", "mcu", "--stdin", typed=WEAK + "\n")
    assert result.exit_code == 1
    assert "D11.2-h  Fail" in result.stderr
    assert "holds the name of a place" in result.stderr
    assert "AnGiang" not in result.stderr
    assert entry("mcu").password.judged.meaning == "found"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("password", "items"),
    [
        ("aB3#xyz", {"D11.2-b"}),
        ("kQ#vRz!mXwT", {"D11.2-c"}),
        ("KQ7#VRZ2!MXW", {"D11.2-d"}),
        ("kq7#vrz2!mxw", {"D11.2-e"}),
        ("kQ7vRz2mXw9T", {"D11.2-f"}),
    ],
)
def test_what_is_missing_is_named_by_its_requirement(
    vault: None, password: str, items: set[str]
) -> None:
    result = run("set", "mcu", "--stdin", typed=password + "\n")
    assert result.exit_code == 1
    named = {line.split()[0] for line in result.stderr.splitlines() if " Fail: " in line}
    assert named == items


def test_words_of_the_inventory_are_looked_for_and_the_account_is_found_there(vault: None) -> None:
    Path("inventory.yaml").write_text(INVENTORY, encoding="utf-8")
    result = run("set", "mcu", "--stdin", typed="xQuanTri#72v\n")
    assert result.exit_code == 1
    assert (entry("mcu").account, entry("mcu").device) == ("quantri", "mcu-tinh")


def test_the_same_password_twice_is_noticed(vault: None) -> None:
    run("set", "mcu", "--stdin", typed=PLANTED + "\n")
    result = run("set", "vcs", "--stdin", typed=PLANTED + "\n")
    assert result.exit_code == 1
    assert "D11.2-g  Fail: the same as that of mcu" in result.stderr


def test_an_entry_is_replaced_only_by_force(vault: None) -> None:
    run("set", "mcu", "--generate")
    result = run("set", "mcu", "--generate")
    assert (result.exit_code, "hnth vault rotate" in result.stderr) == (2, True)
    before = entry("mcu").password.secret.reveal()
    assert run("set", "mcu", "--generate", "--force").exit_code == 0
    assert entry("mcu").password.secret.reveal() != before


def test_setting_the_same_password_again_does_not_make_it_younger(
    vault: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("set", "mcu", "--stdin", "--changed", "2026-05-01", typed=PLANTED + "\n")
    monkeypatch.setattr(vault_entry, "today", lambda: date(2027, 1, 1))
    run("set", "mcu", "--stdin", "--force", "--changed", "2026-12-31", typed=PLANTED + "\n")
    assert entry("mcu").password.since == date(2026, 11, 23)
    (row,) = json.loads(run("list", "--json").stdout)
    assert (row["changed"], row["due"]) == ("2026-12-31", "2027-05-23")


def test_nothing_to_type_and_nobody_to_ask(vault: None) -> None:
    result = run("set", "mcu")
    assert (result.exit_code, "--stdin or --generate" in result.stderr) == (2, True)
    assert run("set", "mcu", "--stdin", typed="").exit_code == 2


# --- get, list, rotate, passwd ---------------------------------------------------------------


def test_a_password_goes_into_a_pipe_only_when_that_is_said(vault: None) -> None:
    run("set", "mcu", "--stdin", typed=PLANTED + "\n")
    refused = run("get", "mcu")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "--stdout" in refused.stderr
    assert run("get", "mcu", "--show").exit_code == 2
    assert run("get", "mcu", "--stdout").stdout == PLANTED + "\n"


def test_an_unknown_name_is_said(vault: None) -> None:
    result = run("get", "nowhere", "--stdout")
    assert (result.exit_code, "no entry" in result.stderr) == (2, True)


def test_the_list_tells_what_is_due_and_no_secret(vault: None) -> None:
    run("set", "mcu", "--account", "admin", "--device", "mcu-tinh", "--stdin", "--changed",
        "2026-05-01", typed=PLANTED + "\n")  # fmt: skip
    run("set", "vcs", "--stdin", typed=WEAK + "\n")
    rows = json.loads(run("list", "--json").stdout)
    assert rows[0] == {
        "name": "mcu",
        "account": "admin",
        "device": "mcu-tinh",
        "changed": "2026-05-01",
        "due": "2026-11-01",
        "overdue": True,
        "rotating": False,
        "judged": "2026-11-23",
        "vocabulary": rows[0]["vocabulary"],
        "verdicts": dict.fromkeys(
            ("D11.2-b", "D11.2-c", "D11.2-d", "D11.2-e", "D11.2-f", "D11.2-h"), "PASS"
        ),
    }
    assert (rows[1]["changed"], rows[1]["due"], rows[1]["overdue"]) == (None, None, None)
    shown = run("list").stdout
    assert "2026-11-01 (overdue)" in shown
    assert "Fail (D11.2-h)" in shown


def test_a_rotation_keeps_the_old_password_until_it_is_confirmed(vault: None) -> None:
    run("set", "mcu", "--account", "admin", "--stdin", typed=PLANTED + "\n")
    assert run("rotate", "mcu", "--confirm").exit_code == 2
    assert run("rotate", "mcu").exit_code == 0
    coming = run("get", "mcu", "--next", "--stdout").stdout.strip()
    assert run("get", "mcu", "--stdout").stdout.strip() == PLANTED != coming
    again = run("rotate", "mcu")
    assert (again.exit_code, "--confirm" in again.stderr) == (2, True)
    assert run("get", "mcu", "--next", "--stdout").stdout.strip() == coming
    assert run("rotate", "mcu", "--confirm", "--changed", "2026-11-20").exit_code == 0
    assert run("get", "mcu", "--stdout").stdout.strip() == coming
    assert (entry("mcu").account, entry("mcu").password.changed) == ("admin", date(2026, 11, 20))
    assert run("get", "mcu", "--next", "--stdout").exit_code == 2


def test_a_cancelled_rotation_changes_nothing(vault: None) -> None:
    run("set", "mcu", "--stdin", typed=PLANTED + "\n")
    run("rotate", "mcu")
    assert run("rotate", "mcu", "--cancel").exit_code == 0
    assert run("get", "mcu", "--stdout").stdout.strip() == PLANTED
    assert entry("mcu").next is None


def test_a_generated_password_does(vault: None) -> None:
    assert run("set", "mcu", "--generate").exit_code == 0
    (row,) = json.loads(run("list", "--json").stdout)
    assert set(row["verdicts"].values()) == {"PASS"}


def test_the_master_password_is_changed(vault: None) -> None:
    run("set", "mcu", "--stdin", typed=PLANTED + "\n")
    secret_file("new", "mot mat khau chu khac")
    assert run("passwd", "--new-password-file", "new").exit_code == 0
    assert run("list").exit_code == 2
    assert run("get", "mcu", "--stdout", master="new").stdout.strip() == PLANTED


# --- import ----------------------------------------------------------------------------------


def test_a_table_is_taken_over_and_judged(vault: None) -> None:
    Path("kp.csv").write_text(
        f"Title,Username,Password\nmcu,admin,{PLANTED}\nmcu,giamsat,{WEAK}\n,x,y\n"
    )
    result = run("import", "kp.csv")
    assert result.exit_code == 1
    assert "2 passwords were taken in" in result.stderr
    assert "Left out (no name, no password, or no date): kp.csv:4" in result.stderr
    assert "Not good enough: 1 (mcu/giamsat)" in result.stderr
    assert entry("mcu").password.judged is not None
    assert entry("mcu/giamsat").account == "giamsat"


def test_an_import_never_replaces_another_password_unasked(vault: None) -> None:
    run("set", "mcu", "--stdin", typed=PLANTED + "\n")
    Path("kp.csv").write_text("name,password\nvcs,Zr4!kWq8#pLm2x\nmcu,Hv5#nTb9!sDk3q\n")
    result = run("import", "kp.csv")
    assert (result.exit_code, "nothing was written" in result.stderr) == (2, True)
    assert len(json.loads(run("list", "--json").stdout)) == 1
    assert run("import", "kp.csv", "--force").exit_code == 0
    assert run("get", "mcu", "--stdout").stdout.strip() == "Hv5#nTb9!sDk3q"
    assert run("import", "kp.csv").exit_code == 0


def test_columns_are_named_by_hand_or_refused(vault: None) -> None:
    Path("t.csv").write_text(f"Khóa,Ai\n{PLANTED},mcu\n", encoding="utf-8")
    assert run("import", "t.csv").exit_code == 2
    assert run("import", "t.csv", "--column", "colour=Ai").exit_code == 2
    columns = ("--column", "name=Ai", "--column", "password=Khóa")
    assert run("import", "t.csv", *columns).exit_code == 0


# --- planted ---------------------------------------------------------------------------------

COMMANDS = [
    ("set", "mcu", "--stdin"),
    ("set", "again", "--stdin"),
    ("set", "mcu", "--stdin"),
    ("list",),
    ("list", "--json"),
    ("rotate", "mcu"),
    ("rotate", "mcu"),
    ("rotate", "mcu", "--cancel"),
    ("get", "mcu"),
    ("get", "mcu", "--next", "--stdout"),
    ("get", "nowhere", "--stdout"),
    ("import", "planted.csv"),
    ("import", "planted.kdbx"),
    ("passwd", "--new-password-file", "master"),
    ("judge", "--json"),
    ("judge", "--batch"),
]


@pytest.mark.parametrize("planted", [PLANTED, "Long Xuyên@2020"])
def test_a_planted_secret_is_found_nowhere(
    vault: None, planted: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    source = Path("planted.csv")
    said = ""
    for command in COMMANDS:
        source.write_text(f'name,password\nx,"{planted}"\n,{planted}\ny,"{planted}\n')
        result = run(*command, typed=planted + "\n")
        said += result.output + repr(result.exception)
        if result.exc_info is not None:
            said += repr(result.exc_info[1].__context__)
    source.unlink()
    files = [p for p in Path().rglob("*") if p.is_file()]
    everything = (said + caplog.text).encode() + b"".join(p.read_bytes() for p in files)
    assert planted.encode() not in everything
    assert json.dumps(planted).encode()[1:-1] not in everything
    assert {p.name for p in files} == {"master", "vault.hnth", ".vault.hnth.lock"}
