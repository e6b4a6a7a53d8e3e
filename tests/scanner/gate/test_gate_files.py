"""Files that cannot be judged: each is listed, none that matters is passed by."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from scanner.gate.model import FileStatus, GateRequest, GateResult
from scanner.gate.names import as_id, is_a_part, is_plainly_something_else
from scanner.gate.run import run_gate
from tests.scanner.gate.configurations import CODEC

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A repository with one codec that is in order."""
    (tmp_path / "repo" / ".git").mkdir(parents=True)
    (tmp_path / "repo" / "codec.txt").write_text(CODEC)
    return tmp_path / "repo"


def gate(folder: Path, *paths: str, **more: Any) -> GateResult:
    return run_gate(
        GateRequest(
            paths=tuple(folder / path for path in paths) or (folder,),
            now=NOW,
            shown_from=folder,
            **more,
        )
    )


def about(result: GateResult, file: str) -> FileStatus:
    return next(one for one in result.files if one.file == file)


def make_unknown(path: Path) -> None:
    path.write_text("colour = blue\nshape = round\n")


def make_binary(path: Path) -> None:
    path.write_bytes(b"\x7fELF\0\0\0\1" * 64)


def make_huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(1 << 30)  # sparse: no byte of it is on the disk


def make_empty(path: Path) -> None:
    path.touch()


def make_dangling(path: Path) -> None:
    path.symlink_to("nowhere.cfg")


def make_self_link(path: Path) -> None:
    path.symlink_to(path.name)


def make_pipe(path: Path) -> None:
    os.mkfifo(path)


def make_way_out(path: Path) -> None:
    outside = path.parents[1] / "outside.cfg"
    outside.write_text(CODEC)
    path.symlink_to(outside)


BAD = [
    (make_unknown, "not recognised", 3),
    (make_binary, "not taken", 2),
    (make_huge, "not taken", 2),
    (make_empty, "not taken", 2),
    (make_dangling, "not taken", 2),
    (make_self_link, "not taken", 2),
    (make_pipe, "not taken", 2),
    (make_way_out, "not taken", 2),
]


@pytest.mark.parametrize(("make", "state", "when_named"), BAD, ids=[m.__name__ for m, *_ in BAD])
def test_a_file_that_may_be_a_configuration_keeps_the_gate_shut(
    folder: Path, make: Any, state: str, when_named: int
) -> None:
    make(folder / "fw.cfg")
    result = gate(folder)
    assert result.status == 3
    assert (about(result, "fw.cfg").state, about(result, "fw.cfg").matters) == (state, True)
    assert about(result, "fw.cfg").reason is not None
    assert result.reason is not None
    assert "fw.cfg" in result.reason.en
    named = gate(folder, "codec.txt", "fw.cfg")
    assert named.status == when_named
    assert gate(folder, "codec.txt").status == 0, "the other file is as it was"


@pytest.mark.parametrize("make", [make_unknown, make_binary], ids=["unknown", "binary"])
def test_alone_it_is_never_green(folder: Path, make: Any) -> None:
    (folder / "codec.txt").unlink()
    make(folder / "fw.cfg")
    for options in ({}, {"allow_incomplete": True}):
        assert gate(folder, **options).status == 3


def test_a_file_without_permission_is_listed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "fw.cfg").write_text(CODEC)
    opened = os.open

    def refuse(path: Any, *rest: Any, **more: Any) -> int:
        if str(path).endswith("fw.cfg"):
            raise PermissionError(13, "Permission denied")
        return opened(path, *rest, **more)

    monkeypatch.setattr(os, "open", refuse)
    result = gate(folder)
    assert result.status == 3
    assert "Permission denied" in str(about(result, "fw.cfg").reason)


@pytest.mark.parametrize("name", ["README.md", "so-do.png", "LICENSE", "requirements.txt", "x.py"])
def test_what_is_plainly_something_else_is_listed_quietly(folder: Path, name: str) -> None:
    (folder / name).write_bytes(b"\0")
    result = gate(folder)
    assert result.status == 0
    assert about(result, name).state == "not a configuration"


def test_named_it_is_tried_all_the_same(folder: Path) -> None:
    (folder / "README.md").write_text("# Cấu hình\n")
    assert gate(folder, "codec.txt", "README.md").status == 3


def test_no_file_at_all_is_wrong_use(folder: Path) -> None:
    (folder / "empty").mkdir()
    assert gate(folder, "empty").status == 2
    assert gate(folder, "missing").status == 2
    (folder / "empty" / "README.md").write_text("x")
    assert gate(folder, "empty", soft_fail=True, allow_incomplete=True).status == 2


def test_hidden_files_and_the_repository_itself_are_left_alone(folder: Path) -> None:
    (folder / ".git" / "config").write_text("x")
    (folder / ".hidden.cfg").write_text("x")
    assert [one.file for one in gate(folder).files] == ["codec.txt"]


def test_a_loop_of_links_ends(folder: Path) -> None:
    (folder / "sub").mkdir()
    (folder / "sub" / "up").symlink_to(folder)
    (folder / "sub" / "across").symlink_to(folder / "sub")
    result = gate(folder)
    assert result.status == 0
    assert about(result, "sub/up").state == "not taken"


def test_a_link_inside_is_followed_and_no_file_is_judged_twice(folder: Path) -> None:
    (folder / "same.txt").symlink_to("codec.txt")
    result = gate(folder, ".", "codec.txt")
    assert [one.state for one in result.files] == ["read"]


def test_a_path_outside_the_repository_is_refused(folder: Path) -> None:
    (folder.parent / "codec.txt").write_text(CODEC)
    result = gate(folder, "codec.txt", "../codec.txt")
    assert result.status == 2
    assert any("outside" in str(one.reason) for one in result.files)
    assert gate(folder, "../codec.txt", root=folder.parent).status == 0


def test_a_name_that_would_steer_the_terminal_is_shown_without(folder: Path) -> None:
    (folder / "a\x1b[31m.cfg").write_text("colour = blue\n")
    assert all("\x1b" not in one.file for one in gate(folder).files)


@pytest.mark.parametrize(
    ("name", "part"),
    [("configuration.xml", True), ("show_version.txt", True), ("phong-hop.xml", False)],
)
def test_names_of_parts(name: str, part: bool) -> None:
    assert is_a_part(Path(name)) is part


@pytest.mark.parametrize(
    ("name", "id_"),
    [("FW Tỉnh.cfg", "fw-t-nh-cfg"), ("---", "device"), ("x" * 90, "x" * 50)],
)
def test_ids_have_the_form_of_the_inventory(name: str, id_: str) -> None:
    assert as_id(name) == id_


def test_a_router_without_an_ending_is_no_other_thing() -> None:
    assert not is_plainly_something_else(Path("rtr-huyen"))
