"""The tree is as a newcomer expects it, and holds nothing from the machine it was written on."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
import unicodedata
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("inventory", "rules", "reports", "scanner", "lab")
LONGEST = 400
LONG_FILES: frozenset[str] = frozenset()
"""Files that are longer for a reason; keep this empty."""

MACHINE_PATHS = re.compile(
    r"(?<![\w.])/(work|home/[a-z]\w*|Users/[a-z]\w*|root/\.pyenv|tmp/(brief|fresh\w*|bash_\w+))(?![\w.-])"
)


@cache
def tracked() -> tuple[Path, ...]:
    """Files that belong to the repository and are text, relative to it."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode != 0:
        pytest.skip("not a git checkout")
    paths = (Path(name) for name in listed.stdout.split("\0") if name)
    return tuple(path for path in paths if (ROOT / path).is_file() and _is_text(ROOT / path))


def _is_text(path: Path) -> bool:
    return b"\0" not in path.read_bytes()[:8192]


@cache
def text_of(path: Path) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def is_our_code(path: Path) -> bool:
    return path.suffix == ".py" and path.parts[0] in (*PACKAGES, "tests", "benchmarks", "tools")


def test_every_package_says_what_it_is_for() -> None:
    silent = []
    for package in PACKAGES:
        for path in (ROOT / package).rglob("__init__.py"):
            said = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
            if len(said.split()) < 5:
                silent.append(path.relative_to(ROOT).as_posix())
    assert silent == []


def test_every_folder_with_modules_is_a_package() -> None:
    """A folder without `__init__.py` would be missing from the built distribution."""
    bare = {
        path.parent.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if not (path.parent / "__init__.py").exists() and "migrations" not in path.parts
    }
    assert bare == set()


def test_files_are_short() -> None:
    long = {
        path.as_posix(): lines
        for path in tracked()
        if is_our_code(path) and (lines := len(text_of(path).splitlines())) > LONGEST
    }
    assert {name: n for name, n in long.items() if name not in LONG_FILES} == {}


def test_tests_mirror_the_tree() -> None:
    homeless = [
        path.as_posix()
        for path in tracked()
        if path.parts[0] == "tests"
        and len(path.parts) > 2
        and path.name.startswith("test_")
        # the whole way belongs to no folder
        and path.parts[1] not in {"end_to_end", "kernel"}
        # tests/docs and tests/tools are about folders that hold no package
        and not (ROOT / Path(*path.parts[1:-1])).is_dir()
    ]
    assert homeless == []


def test_names_of_test_files_are_unique() -> None:
    names = [path.name for path in tracked() if path.name.startswith("test_")]
    assert sorted({name for name in names if names.count(name) > 1}) == []


def test_all_text_is_utf8_in_nfc() -> None:
    composed = [
        path.as_posix() for path in tracked() if not unicodedata.is_normalized("NFC", text_of(path))
    ]
    assert composed == []


def test_no_file_names_the_machine_it_was_written_on() -> None:
    own = Path(__file__).relative_to(ROOT)
    planted = {
        path.as_posix(): sorted({match.group() for match in MACHINE_PATHS.finditer(text_of(path))})
        for path in tracked()
        if path != own
    }
    assert {name: found for name, found in planted.items() if found} == {}


@pytest.mark.parametrize("path", ["/work/main/x", "/home/user1/src", "see /root/.pyenv/shims"])
def test_a_path_of_a_machine_is_noticed(path: str) -> None:
    assert MACHINE_PATHS.search(path)


@pytest.mark.parametrize("path", ["framework/x", "../shared/devices", "~/hnth", "GET /workers/3"])
def test_other_paths_are_left_alone(path: str) -> None:
    assert not MACHINE_PATHS.search(path)


def test_generated_and_private_files_are_not_tracked() -> None:
    stray = re.compile(r"(^|/)(__pycache__|\.venv|\.tox|.*\.egg-info|.*\.sqlite3?|.*\.db)(/|$)")
    assert [path.as_posix() for path in tracked() if stray.search(path.as_posix())] == []


def test_files_beside_the_modules_are_part_of_the_distribution() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    shipped = {
        path.relative_to(ROOT)
        for package, patterns in project["tool"]["setuptools"]["package-data"].items()
        for pattern in patterns
        for path in (ROOT / package).glob(pattern)
    }
    beside = {p for p in tracked() if p.parts[0] in PACKAGES and p.suffix not in (".py", ".md")}
    assert sorted(path.as_posix() for path in beside - shipped) == []
