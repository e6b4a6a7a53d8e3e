"""Whoever follows docs/adding-a-family.md gets a family that keeps every promise."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

from tools.refresh_docs import ROOT

PAGE = ROOT / "docs" / "adding-a-family.md"
FILE = re.compile(r"^`(?P<path>[\w./-]+)`:\n\n```\w+\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
COPIED = (
    *("inventory", "rules", "reports", "scanner", "pyproject.toml", "tests/conftest.py"),
    *("tests/test_house.py", "tests/scanner/test_recognise.py", "tests/scanner/platforms"),
    "tests/scanner/recognise_examples.py",
)
TESTS = (
    *("tests/scanner/platforms", "tests/scanner/test_recognise.py", "tests/test_house.py"),
    *("-k", "acme or sign or families or silent"),
)


def files() -> dict[str, str]:
    return {m["path"]: m["text"] for m in FILE.finditer(PAGE.read_text(encoding="utf-8"))}


def copy_of_the_tree(folder: Path) -> Path:
    for name in COPIED:
        there = folder / name
        there.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, there, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, there)
    return folder


def outcome(folder: Path, *arguments: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_one_module_one_sample_folder_and_one_table_are_all_it_takes() -> None:
    kinds = [
        ("a module", r"scanner/platforms/acme_room\.py"),
        ("samples", r"tests/scanner/platforms/samples/acme-room/room5-2\.1\.0/[\w.]+"),
        ("a table", r"tests/scanner/platforms/test_acme_room\.py"),
    ]
    found = {kind for kind, form in kinds for path in files() if re.fullmatch(form, path)}
    assert found == {"a module", "samples", "a table"}
    assert [p for p in files() if not any(re.fullmatch(form, p) for _, form in kinds)] == []


def test_the_page_followed_in_a_copy_of_the_tree_gives_a_family(tmp_path: Path) -> None:
    tree = copy_of_the_tree(tmp_path / "tree")
    for path, text in files().items():
        (tree / path).parent.mkdir(parents=True, exist_ok=True)
        (tree / path).write_text(text, encoding="utf-8")
    status, said = outcome(tree, "pytest", "-q", "-p", "no:cacheprovider", *TESTS)
    assert status == 0, said
    for tool in (("format", "--check"), ("check",)):
        status, said = outcome(tree, "ruff", *tool, *[p for p in files() if p.endswith(".py")])
        assert status == 0, said


def test_what_the_page_shows_of_a_module_stands_in_it() -> None:
    (shown,) = re.findall(
        r"\[(\w+)\.py\]\S* is all there is of one:\n\n```python\n(.*?)^```$",
        PAGE.read_text(encoding="utf-8"),
        re.MULTILINE | re.DOTALL,
    )
    name, code = shown
    assert code in (ROOT / "scanner" / "platforms" / f"{name}.py").read_text(encoding="utf-8")


def test_a_family_without_samples_is_told_which_folder_to_make(tmp_path: Path) -> None:
    tree = copy_of_the_tree(tmp_path / "tree")
    path = "scanner/platforms/acme_room.py"
    shutil.rmtree(tree / "tests/scanner/platforms/samples/acme-room", ignore_errors=True)
    (tree / path).write_text(files()[path], encoding="utf-8")
    kit = "tests/scanner/platforms/test_conformance.py"
    status, said = outcome(
        tree, "pytest", "-q", "-p", "no:cacheprovider", kit, "-k", "acme and stored"
    )
    assert status == 1, said
    assert "samples/acme-room" in said
