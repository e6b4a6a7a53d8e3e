"""Passwords out of CSV tables and KeePass databases, and what they say when they give none."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from inventory.secrets import Secret
from scanner.passwords_from_files import Read, Unreadable, read_csv, read_keepass

PLANTED = "Pl@nted-9f2c"


def table(folder: Path, content: str | bytes) -> Path:
    path = folder / "mat-khau.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def rows(read: Read) -> list[tuple[str, str, str, str, date | None]]:
    return [(f.name, f.account, f.device, f.secret.reveal(), f.changed) for f in read.found]


TABLES = {
    "hnth's own names": (
        f"name,account,device,password,changed\nmcu,admin,mcu-tinh,{PLANTED},2026-09-01\n",
        ("mcu", "admin", "mcu-tinh", PLANTED, date(2026, 9, 1)),
    ),
    "export of KeePass 2": (
        '"Group","Title","Username","Password","URL","Notes"\n'
        f'"Root","mcu","admin","{PLANTED}","https://mcu","x"\n',
        ("mcu", "admin", "", PLANTED, None),
    ),
    "export of KeePass 1": (
        f'"Account","Login Name","Password","Web Site","Comments"\n"mcu","ad","{PLANTED}","",""\n',
        ("mcu", "ad", "", PLANTED, None),
    ),
    "Vietnamese, semicolons, byte-order mark": (
        f"\ufeffTên;Tài khoản;Mật khẩu\r\nmcu;quản trị;{PLANTED}\r\n",
        ("mcu", "quản trị", "", PLANTED, None),
    ),
    "tabs": (f"name\tpassword\nmcu\t{PLANTED}\n", ("mcu", "", "", PLANTED, None)),
    "UTF-16": (
        f"name,password\nmcu,{PLANTED}\n".encode("utf-16"),
        ("mcu", "", "", PLANTED, None),
    ),
    "quotes, commas and blanks belong to it": (
        'name,password\nmcu," a,""b "\n',
        ("mcu", "", "", ' a,"b ', None),
    ),
}


@pytest.mark.parametrize(("content", "expected"), TABLES.values(), ids=TABLES.keys())
def test_tables_as_programs_export_them(
    tmp_path: Path, content: str | bytes, expected: tuple[object, ...]
) -> None:
    assert rows(read_csv(table(tmp_path, content), {})) == [expected]


def test_columns_by_the_name_that_somebody_gives(tmp_path: Path) -> None:
    path = table(tmp_path, f"Thiết bị số,Khóa\nmcu,{PLANTED}\n")
    read = read_csv(path, {"name": "thiết bị số", "password": "Khóa"})
    assert rows(read) == [("mcu", "", "", PLANTED, None)]


def test_incomplete_rows_are_named_and_left_out(tmp_path: Path) -> None:
    path = table(
        tmp_path, f"name,password,changed\n,{PLANTED},\nmcu,,\n\nvcs,{PLANTED},1/9/2026\nfw,x,\n"
    )
    read = read_csv(path, {})
    assert [f.name for f in read.found] == ["fw"]
    assert read.left_out == ("mat-khau.csv:2", "mat-khau.csv:3", "mat-khau.csv:5")


REFUSED = {
    "no column": (f"name,secret\nmcu,{PLANTED}\n", "--column password=HEADER"),
    "empty": ("", "is empty"),
    "no text": (b"\xff\xfe\x00", "no CSV table"),
    "not UTF-8": (b"name,password\nmcu,\xff" + PLANTED.encode(), "no CSV table"),
    "an open quote": (f'name,password\nmcu,"{PLANTED}\n', "no CSV table"),
    "a huge field": ("name,password\nmcu," + PLANTED * 20_000, "no CSV table"),
}


@pytest.mark.parametrize(("content", "said"), REFUSED.values(), ids=REFUSED.keys())
def test_what_gives_no_passwords_says_why_and_shows_nothing(
    tmp_path: Path, content: str | bytes, said: str
) -> None:
    with pytest.raises(Unreadable) as caught:
        read_csv(table(tmp_path, content), {})
    assert said in caught.value.reason.en
    assert PLANTED not in repr(caught.value) + caught.value.reason.vi
    assert caught.value.__context__ is None


def test_files_that_are_not_there_or_too_large(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="no such file"):
        read_csv(tmp_path / "absent.csv", {})
    large = tmp_path / "large.csv"
    with large.open("wb") as stream:
        stream.truncate(17 * 1024 * 1024)
    with pytest.raises(Unreadable, match="16 MB"):
        read_csv(large, {})


# --- KeePass ---------------------------------------------------------------------------------

SOURCE = Secret("mat khau keepass")


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with an entry, one without password, and one in the recycle bin."""
    from pykeepass import create_database

    path = tmp_path_factory.mktemp("keepass") / "kho.kdbx"
    base = create_database(str(path), password=SOURCE.reveal())
    work = base.kdbx.header.value.dynamic_header.kdf_parameters.data.dict
    work["I"].value, work["M"].value = 1, 65536  # a password that costs a millisecond
    group = base.add_group(base.root_group, "Điểm cầu")
    base.add_entry(group, "mcu", "admin", PLANTED)
    base.add_entry(group, "trống", "admin", "")
    base.trash_entry(base.add_entry(group, "cũ", "admin", PLANTED + "x"))
    base.save()
    return path


def test_a_database_gives_its_entries_but_not_those_thrown_away(database: Path) -> None:
    read = read_keepass(database, SOURCE)
    assert rows(read) == [("mcu", "admin", "", PLANTED, None)]
    assert read.left_out == ("kho.kdbx: 2",)


def test_a_wrong_password_of_a_database_is_called_that(database: Path) -> None:
    with pytest.raises(Unreadable, match="is wrong"):
        read_keepass(database, Secret("sai"))


@pytest.mark.parametrize("length", [0, 3, 11, 40, 200, -40, -1])
def test_a_database_that_is_cut_off_gives_nothing_and_shows_nothing(
    database: Path, tmp_path: Path, length: int
) -> None:
    cut = tmp_path / "cut.kdbx"
    cut.write_bytes(database.read_bytes()[:length])
    with pytest.raises(Unreadable) as caught:
        read_keepass(cut, SOURCE)
    assert caught.value.__context__ is None


def test_another_file_is_no_database(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="no KeePass database"):
        read_keepass(table(tmp_path, "name,password\n"), SOURCE)
