"""The page docs/families.md: what each family module reads, from the module and its record."""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from rules.facts import FACT_TYPES
from scanner.platforms import all_platforms
from scanner.platforms.model import Absent, Platform
from tools.record_families import RECORD, ROOT

REPORTED, EXPLAINED, ABSENT = "●", "○", ""
NEVER_READ = frozenset(
    {
        "tested_passwords",
        "tls.algorithms",
        "tls.certificates",
        "ports.tcp",
        "ports.udp",
        "exposure",
        "needed_ports",
        "default_accounts",
        "software.currency",
    }
)
"""Facts that no family reads: they come from probes, from the holder or from the vendor's lists."""
REQUESTS = ("GET ", "POST ", "PUT ", "HEAD ", "DELETE ")


def page() -> str:
    """The whole page. Needs nothing outside this repository."""
    record = json.loads(RECORD.read_text(encoding="utf-8"))
    families = [family for family in all_platforms() if family.not_read is None]
    others = [family for family in all_platforms() if family.not_read is not None]
    lines = [
        "<!-- Written by tools/refresh_docs.py from scanner/platforms and tools/families.json. -->",
        "",
        "# Device families",
        "",
        f"{len(families)} families are read in this version, and {len(others)} more are recognised "
        "from the network and cannot be read. `hnth facts FILE...` shows what is understood from "
        "saved files; `hnth scan` and `hnth check` ask devices live where a transport is named. "
        "[Adding a family](adding-a-family.md) tells how the list grows.",
        "",
        "## Facts",
        "",
        "Folders named `composed`, `emulated` or `test-doubles` were written from documentation; "
        "the others hold what a device sent.",
        "",
        f"{REPORTED} = reported where the device shows it (a test has seen a value); "
        f"{EXPLAINED} = Unknown in every test, with the reason given below; "
        "empty = the family's interface is not known to tell it, which is Unknown too. "
        "A fact that a device's file does not hold is Unknown, whatever this table says.",
        "",
        *_matrix(families, record),
    ]
    for family in families:
        lines += ["", *_section(family, record.get(family.name, {}))]
    lines += ["", "## Recognised and not read", ""]
    lines += [
        "Every configuration fact of these is Unknown. Their ports are asked all the same.",
        "",
    ]
    for family in others:
        lines += ["", *_unread_section(family)]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).rstrip("\n") + "\n"


def _matrix(families: Sequence[Platform], record: dict[str, Any]) -> Iterator[str]:
    yield "| fact | " + " | ".join(family.name for family in families) + " |"
    yield "|---" * (len(families) + 1) + "|"
    for name in FACT_TYPES:
        if name not in NEVER_READ:
            marks = (_mark(record.get(family.name, {}), name) for family in families)
            yield f"| `{name}` | " + " | ".join(marks) + " |"


def _mark(told: dict[str, Any], name: str) -> str:
    if name in told.get("reported", ()):
        return REPORTED
    return EXPLAINED if name in told.get("unknown", {}) else ABSENT


def _section(family: Platform, told: dict[str, Any]) -> Iterator[str]:
    yield f"## {family.title}"
    yield ""
    module = f"scanner.platforms.{family.name.replace('-', '_')}"
    where = _where(module)
    yield f"`--platform {family.name}`, module [`{where.rsplit('/', 1)[1]}`](../{where})."
    yield ""
    yield f"- Kinds of device: {', '.join(sorted(family.kinds))}"
    yield f"- Live: {_live(family)}"
    yield from _known(family)
    notes = (importlib.import_module(module).__doc__ or "").strip().split("\n", 1)
    if len(notes) > 1:
        yield notes[1].strip()
        yield ""
    yield from _samples(told)
    yield from _reasons(told.get("unknown", {}))


def _where(module: str) -> str:
    """The file of a module, or the folder of a package."""
    path = module.replace(".", "/")
    return path if (ROOT / path).is_dir() else f"{path}.py"


def _unread_section(family: Platform) -> Iterator[str]:
    yield f"### {family.title}"
    yield ""
    yield f"- Kinds of device: {', '.join(sorted(family.kinds))}"
    yield from _known(family)
    yield f"Why: {family.not_read.en if family.not_read else ''}."


def _known(family: Platform) -> Iterator[str]:
    """What is known of every device of the family."""
    signs = dict.fromkeys(kind for sign in family.signs for kind in sign.kinds)
    yield f"- Recognised from the network by: {', '.join(sorted(signs)) or 'nothing so far'}"
    yield f"- Needed ports: {_ports(family) or 'no list of the vendor is known'}"
    accounts = "; ".join(
        f"`{account.name}` ({', '.join(account.opens)}; password {account.password})"
        for account in family.default_accounts
    )
    yield f"- Default accounts: {accounts or 'none documented'}"
    for absent in family.without:
        yield f"- Has no {', '.join(absent.services)}: {_list_of(absent)}"
    yield ""


def _list_of(absent: Absent) -> str:
    releases = [
        f"{word} {end}" for word, end in (("from", absent.since), ("before", absent.before)) if end
    ]
    shown = ", ".join(f"`{name}`" for name in absent.shown_by)
    return f"{absent.title} ({absent.source}). Off on a device that shows {shown}" + (
        f", release {' and '.join(releases)}" if releases else ""
    )


def _live(family: Platform) -> str:
    asked = [pattern.replace("\\", "") for pattern in family.allowed]
    web = sum(pattern.startswith(REQUESTS) for pattern in asked)
    snmp = sum(pattern.startswith("SNMP GET ") for pattern in asked)
    named = (
        ("HTTPS", family.management_ports.get("https", "as declared"), web),
        ("SSH", family.management_ports.get("ssh", "as declared"), len(asked) - web - snmp),
        ("SNMP", "161/udp", snmp),
    )
    ways = [
        f"{title}, port {port} "
        f"({count} allowed {'patterns' if count > 1 else 'pattern'} of read-only requests)"
        for title, port, count in named
        if count
    ]
    return "; ".join(ways) or "no, saved files only"


def _ports(family: Platform) -> str:
    def one(port: Any) -> str:
        span = str(port.first) if port.first == port.last else f"{port.first}-{port.last}"
        return f"{span}/{port.protocol} ({port.purpose.en})"

    return ", ".join(one(port) for port in family.needed_ports)


def _samples(told: dict[str, Any]) -> Iterator[str]:
    samples = told.get("samples")
    if not samples:
        yield "Tested on no recorded file of a device; on texts of its own tests only."
        yield ""
        return
    yield "| tested with sample folder | model it names | version it names |"
    yield "|---|---|---|"
    for sample in samples:
        named = (_cell(sample["model"]), _cell(sample["version"]))
        yield f"| `{sample['folder']}` | {' | '.join(named)} |"
    yield ""


def _cell(value: str | None) -> str:
    return "–" if value is None else value.replace("|", "\\|")


def _reasons(unknown: dict[str, str]) -> Iterator[str]:
    """Facts that stay Unknown, those with the same reason together."""
    names: dict[str, list[str]] = {}
    for name, why in unknown.items():
        names.setdefault(why, []).append(f"`{name}`")
    if names:
        yield "Unknown in every test so far:"
        yield ""
        yield from (f"- {', '.join(facts)}: {why}" for why, facts in names.items())
