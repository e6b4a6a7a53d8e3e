"""What is stored and what was answered, as JSON values and as a table on a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text as Line

from inventory.text import Text
from rules.world import LOCAL_ZONE
from scanner.evidence import printable
from scanner.feeds.shipped import NAME as SHIPPED
from scanner.feeds.shipped import shipped
from scanner.feeds.signatures import WHY, Signatures
from scanner.feeds.storage import FeedState, Import
from scanner.feeds.told import lines

_GOOD = Text(
    vi="chữ ký đúng ({n}/{files} tệp), khóa {by}",
    en="signature good ({n} of {files} files), by {by}",
)
_UNCHECKED = Text(
    vi="chữ ký chưa được kiểm tra ({n}/{files} tệp): {why}",
    en="signature not checked ({n} of {files} files): {why}",
)


def import_document(one: Import) -> dict[str, Any]:
    return {
        "feed": one.feed,
        "file": one.file,
        "sha256": one.sha256,
        "size": one.size,
        "stamped": _time(one.stamped),
        "importer": one.importer,
        "imported": _time(one.imported),
        "entries": one.entries,
        "kept": one.kept,
        "signatures": _signatures(one.signatures),
    }


def _signatures(found: Signatures | None) -> dict[str, Any] | None:
    """None where no file bore one; nothing but `good` was checked."""
    if found is None:
        return None
    return {
        "files": found.files,
        "good": found.good,
        "unchecked": found.unchecked,
        "by": list(found.by),
        "why": WHY[found.why].en if found.why is not None else None,
    }


def signature_lines(found: Iterable[Signatures]) -> Iterator[Text]:
    """What is said of the signatures of one or several imports; nothing where there are none."""
    several = tuple(found)
    files = sum(one.files for one in several)
    good = sum(one.good for one in several)
    unchecked = sum(one.unchecked for one in several)
    if good:
        by = ", ".join(sorted({name for one in several for name in one.by}))
        yield _GOOD.format(by=by, n=good, files=files)
    if unchecked:
        why = next(WHY[one.why] for one in several if one.why is not None)
        yield Text(
            vi=_UNCHECKED.vi.format(why=why.vi, n=unchecked, files=files),
            en=_UNCHECKED.en.format(why=why.en, n=unchecked, files=files),
        )


def status_document(states: Iterable[FeedState], now: datetime) -> dict[str, Any]:
    """Every feed with its age in days (null where it bears no time), the shipped one last."""
    catalogue = shipped()
    return {
        "feeds": [
            *(
                {
                    "feed": state.newest.feed,
                    "age_days": _age(state.stamped, now),
                    "stamped": _time(state.stamped),
                    "records": state.records,
                    "imports": [import_document(one) for one in state.imports],
                }
                for state in states
            ),
            {
                "feed": SHIPPED,
                "age_days": _age(catalogue.stamped, now),
                "stamped": _time(catalogue.stamped),
                "records": len(catalogue.records),
                "sha256": catalogue.sha256,
                "imports": [],
            },
        ]
    }


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat(timespec="seconds")


def _age(stamped: datetime | None, now: datetime) -> int | None:
    return None if stamped is None else max(0, (now - stamped).days)


def print_status(
    document: dict[str, Any], signed: Mapping[str, Iterable[Signatures]], lang: str
) -> None:
    """One line per feed, then one for the signatures of each that bore any."""
    vi = lang == "vi"
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("Nguồn", "Tuổi (ngày)", "Số mục", "Nhập lần cuối", "Người nhập") if vi else (
        "Feed", "Age (days)", "Records", "Last import", "By"
    ):  # fmt: skip
        table.add_column(title, no_wrap=True)
    for feed in document["feeds"]:
        last = feed["imports"][-1] if feed["imports"] else None
        when = _local(last["imported"]) if last else ("kèm chương trình" if vi else "shipped")
        age = "?" if feed["age_days"] is None else str(feed["age_days"])
        cells = (feed["feed"], age, str(feed["records"]), when, last["importer"] if last else "")
        table.add_row(*(Line(printable(cell)) for cell in cells))
    console = Console()
    console.print(table, highlight=False)
    for name, found in signed.items():
        for text in signature_lines(found):
            line = f"{name}: {text.in_language(lang)}"
            console.print(Line(printable(line)), soft_wrap=True)


def _local(text: str) -> str:
    return datetime.fromisoformat(text).astimezone(LOCAL_ZONE).strftime("%d/%m/%Y %H:%M")


def print_answer(document: dict[str, Any], lang: str) -> None:
    """What is known of the device and what to do, a line each."""
    console = Console()
    for line in lines(document, lang):
        indent = "  " if line.startswith("  ") else ""
        console.print(Line(indent + printable(line.strip())), soft_wrap=True)
