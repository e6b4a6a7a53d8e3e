"""Imports go one way: inventory, rules, reports, scanner. Rules know no vendor and no network."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

ARROWS = {
    "inventory": {"inventory"},
    "rules": {"inventory", "rules"},
    "reports": {"inventory", "rules", "reports"},
    "scanner": {"inventory", "rules", "reports", "scanner"},
    "lab": {"lab"},
}
"""Package -> our packages that it may import."""

BUILDS_THE_LAB = "scanner/cli/demo.py"
"""The one module outside `lab` that may import it."""

NETWORK = {
    "asyncio", "ftplib", "http", "httpx", "netmiko", "nmap", "paramiko", "requests", "select",
    "selectors", "smtplib", "socket", "socketserver", "ssl", "subprocess", "telnetlib", "urllib",
}  # fmt: skip
OUTSIDE_WORLD = NETWORK | {"glob", "io", "os", "pathlib", "random", "shutil", "tempfile", "time"}

FAMILIES_MAY_IMPORT = (
    "inventory.text",
    "rules.crypto_facts",
    "rules.facts",
    "rules.network_facts",
    "rules.packets",
    "scanner.collect.errors",
    "scanner.evidence",
    "scanner.platforms",
    "scanner.products",
)
PARSERS = {"cryptography", "defusedxml", "yaml"}
"""Libraries that turn bytes into values and reach for nothing else."""

VENDORS = re.compile(
    r"(?<![a-z])(cisco|webex|roomos|tandberg|polycom|poly|realpresence|huawei|yealink|lifesize|avaya"
    r"|grandstream|fortinet|fortigate|mikrotik|routeros|juniper|junos|paloalto|vyos|zte)(?![a-z])",
    re.IGNORECASE,
)


def modules(package: str) -> list[Path]:
    """Every module of a package, as paths relative to the repository."""
    return sorted(path.relative_to(ROOT) for path in (ROOT / package).rglob("*.py"))


def imports(source: str) -> Iterator[str]:
    """Dotted names of everything a module imports, wherever in it the import stands."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute here, so that arrows can be read"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and _name(node.func) in {"import_module", "__import__"}:
            yield from (a.value for a in node.args if isinstance(a, ast.Constant))


def _name(function: ast.expr) -> str:
    return getattr(function, "attr", None) or getattr(function, "id", "")


def against_the_arrows(path: Path, source: str) -> list[str]:
    """Imports that point the wrong way."""
    ours = {name for name in imports(source) if name.split(".")[0] in ARROWS}
    allowed = ARROWS[path.parts[0]] | ({"lab"} if path.as_posix() == BUILDS_THE_LAB else set())
    return sorted(name for name in ours if name.split(".")[0] not in allowed)


def reaching_out(path: Path, source: str) -> list[str]:
    """What a module of `rules` must not touch: the network anywhere, files and clocks in a rule."""
    is_rule = path.parts[1].startswith("article_") and path.name != "__init__.py"
    forbidden = OUTSIDE_WORLD if is_rule else NETWORK
    found = [name for name in imports(source) if name.split(".")[0] in forbidden]
    if is_rule:
        calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
        found += [
            _name(call.func) for call in calls if _name(call.func) in {"open", "now", "today"}
        ]
    return sorted(found)


def beyond_the_families_door(source: str) -> list[str]:
    """Imports that turn a family module into something else than a reader of documents."""
    ours = tuple(f"{name}." for name in FAMILIES_MAY_IMPORT)
    found = []
    for name in imports(source):
        top = name.split(".")[0]
        if top in ARROWS:
            wrong = not f"{name}.".startswith(ours)
        elif top in sys.stdlib_module_names:
            wrong = top in OUTSIDE_WORLD - {"io", "urllib"} or name.startswith("urllib.request")
        else:
            wrong = top not in PARSERS
        found += [name] if wrong else []
    return sorted(found)


def vendor_words(source: str) -> list[str]:
    """Vendors in names and strings; documentation may give one as an example."""
    tree = ast.parse(source)
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    words = []
    for node in ast.walk(tree):
        if id(node) in prose:
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            words.append(node.value)
        words += [getattr(node, field) for field in ("id", "attr", "name", "arg", "module")
                  if isinstance(getattr(node, field, None), str)]  # fmt: skip
    return sorted({match.group() for word in words for match in VENDORS.finditer(word)})


def offences(packages: tuple[str, ...], judge) -> dict[str, list[str]]:
    found = {}
    for package in packages:
        for path in modules(package):
            if wrong := judge(path, (ROOT / path).read_text(encoding="utf-8")):
                found[path.as_posix()] = wrong
    return found


def test_imports_follow_the_arrows() -> None:
    assert offences(tuple(ARROWS), against_the_arrows) == {}


def test_rules_reach_for_nothing() -> None:
    assert offences(("rules",), reaching_out) == {}


def test_rules_reports_and_inventory_know_no_vendor() -> None:
    packages = ("inventory", "rules", "reports")
    assert offences(packages, lambda path, source: vendor_words(source)) == {}


def test_the_texts_of_the_rules_know_no_vendor() -> None:
    texts = [*(ROOT / "rules").rglob("*.toml"), *(ROOT / "reports").rglob("*.j2")]
    found = {path.name: VENDORS.findall(path.read_text(encoding="utf-8")) for path in texts}
    assert {name: words for name, words in found.items() if words} == {}


def test_families_only_read_documents() -> None:
    frame = {"scanner/platforms/__init__.py", "scanner/platforms/model.py"}

    def judge(path: Path, source: str) -> list[str]:
        return [] if path.as_posix() in frame else beyond_the_families_door(source)

    assert offences(("scanner/platforms",), judge) == {}


WRONG_WAYS = {
    "rules import scanner": ("rules/a.py", "from scanner.evidence import Document"),
    "inventory imports rules": ("inventory/a.py", "import rules.facts"),
    "reports import scanner inside a function": (
        "reports/a.py",
        "def f():\n    import scanner.store",
    ),
    "lab imports the inventory": ("lab/a.py", "from inventory import model"),
    "scanner imports lab": ("scanner/engine/run.py", "import lab"),
    "by a string": ("rules/a.py", "import importlib\nimportlib.import_module('scanner.cli')"),
}


@pytest.mark.parametrize(("path", "source"), WRONG_WAYS.values(), ids=WRONG_WAYS.keys())
def test_a_wrong_arrow_is_noticed(path: str, source: str) -> None:
    assert against_the_arrows(Path(path), source)


RIGHT_WAYS = {
    "the demo builds the lab": (BUILDS_THE_LAB, "import lab"),
    "a name that only begins alike": ("rules/a.py", "import labels, scanner_tools"),
    "reports read rules": ("reports/a.py", "from rules.model import Finding"),
}


@pytest.mark.parametrize(("path", "source"), RIGHT_WAYS.values(), ids=RIGHT_WAYS.keys())
def test_a_right_arrow_is_left_alone(path: str, source: str) -> None:
    assert against_the_arrows(Path(path), source) == []


def test_a_rule_that_reaches_out_is_noticed() -> None:
    rule, frame = Path("rules/article_10/d10_1_a_x.py"), Path("rules/registry.py")
    assert reaching_out(rule, "from pathlib import Path") == ["pathlib.Path"]
    assert reaching_out(rule, "x = open('y')") == ["open"]
    assert reaching_out(rule, "from datetime import date\nx = date.today()") == ["today"]
    assert reaching_out(rule, "from datetime import date") == []
    assert reaching_out(frame, "from pathlib import Path") == []
    assert reaching_out(frame, "import socket") == ["socket"]


def test_a_family_that_does_more_than_read_is_noticed() -> None:
    assert beyond_the_families_door("import json, re\nfrom rules.facts import Known") == []
    assert beyond_the_families_door("from urllib.parse import urlsplit") == []
    assert beyond_the_families_door("from rules.model import Rule") == ["rules.model.Rule"]
    assert beyond_the_families_door("import httpx") == ["httpx"]
    assert beyond_the_families_door("import socket") == ["socket"]
    assert beyond_the_families_door("import scanner.collect.ssh") == ["scanner.collect.ssh"]


def test_a_vendor_in_code_is_noticed_and_in_prose_is_not() -> None:
    assert vendor_words('if platform == "cisco-roomos": pass') == ["cisco", "roomos"]
    assert vendor_words("def read_huawei(): pass") == ["huawei"]
    assert vendor_words('"""For instance `cisco-roomos`."""') == []
    assert vendor_words("polygon = polymorphic") == []
