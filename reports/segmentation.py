"""The segmentation matrix as it stands on the page: tables of zones, cells and numbered notes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from inventory.model import Inventory, Prefix, Zone
from inventory.text import Text
from reports.report import Report
from reports.services import EVERYTHING, listing, services
from rules.exposure import Reached
from rules.facts import Facts
from rules.packets.boxes import SOURCE, Interval, span
from rules.packets.sets import Numbers, numbers
from rules.segmentation import Cell, Line, State, matrix
from rules.wording import phrase
from rules.zone_probes import Probe

SYMBOLS: Mapping[State, str] = {"listed": "✓", "nothing": "○", "more": "✕", "unknown": "?"}

STATE_NAMES: Mapping[State, Text] = {
    "listed": Text(vi="Đúng danh sách", en="Listed only"),
    "nothing": Text(vi="Không cho qua", en="Nothing passes"),
    "more": Text(vi="Vượt danh sách", en="More than listed"),
    "unknown": Text(vi="Chưa xác định được", en="Cannot determine"),
}

MEANINGS: Mapping[State, Text] = {
    "listed": Text(
        vi="đã chứng minh từ toàn bộ bộ lọc: chỉ lưu lượng trong danh sách cho phép đi qua",
        en="proved from the whole filter: only traffic on the allowlist gets through",
    ),
    "nothing": Text(
        vi="đã chứng minh từ toàn bộ bộ lọc: không kết nối mới nào đi qua",
        en="proved from the whole filter: no new connection gets through",
    ),
    "more": Text(
        vi="có lưu lượng ngoài danh sách cho phép đi qua, hoặc cổng ngoài danh sách trả lời khi "
        "dò quét",
        en="traffic that the allowlist does not name gets through, or a port that it does not "
        "name answered a probe",
    ),
    "unknown": Text(
        vi="chưa đọc được hoặc chưa hiểu hết bộ lọc, hoặc cấu hình trái với kết quả dò quét; "
        "không có nghĩa là đạt",
        en="the filter was not read or not wholly understood, or probes contradict it; this does "
        "not mean that it is met",
    ),
}

NOT_IN_THE_RUN = Text(
    vi="thiết bị không nằm trong phạm vi của đợt quét này",
    en="the device was not in the scope of this run",
)

KINDS = ("hnth", "management", "server", "office", "tslcd", "outside")
MOST_COLUMNS = 7
"""Columns that fit on A4 in landscape; further ones follow in another table."""
MOST_ZONES = 40
"""With more zones than this, pairs of two sites that are not the province's are left out."""
MOST_LINES = 12
"""Lines of one cell that are shown; the first that were found."""


@dataclass(frozen=True, slots=True)
class Note:
    """Something that cells point at by its number."""

    number: int
    text: Text


@dataclass(frozen=True, slots=True)
class Shown:
    """A cell with its words."""

    cell: Cell
    passing: tuple[Text, ...]
    """What gets through, one line for each kind of source; for `more` what is not listed."""
    probes: tuple[Text, ...]
    notes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Row:
    origin: Zone
    cells: tuple[Shown | None, ...]
    """One for each column; None where a zone meets itself or the pair is left out."""


@dataclass(frozen=True, slots=True)
class Table:
    columns: tuple[Zone, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Segmentation:
    """Into and out of the conferencing zones first, the other pairs apart."""

    conferencing: tuple[Table, ...]
    others: tuple[Table, ...]
    notes: tuple[Note, ...]
    """Those that the conferencing tables point at."""
    other_notes: tuple[Note, ...]
    """Further ones that only the other tables need."""
    counts: Mapping[State, int]
    """Of all cells of the conferencing tables."""
    whole: bool
    """No pair was left out."""


def segmentation(report: Report) -> Segmentation:
    """The matrix of the run; no tables where no two zones are declared."""
    inventory = report.inventory
    network = {d.id: report.network.get(d.id, Facts({}, NOT_IN_THE_RUN)) for d in inventory.devices}
    notes = _Notes(inventory.allowlist.management)
    zones = sorted(inventory.zones, key=lambda zone: KINDS.index(zone.kind))
    whole = len(zones) <= MOST_ZONES
    wanted = _anything if whole else shown_pairs(inventory)
    cells = {(c.origin.id, c.target.id): c for c in matrix(inventory, network, wanted)}
    inside = [zone for zone in zones if zone.kind == "hnth"]
    rest = [zone for zone in zones if zone.kind != "hnth"]
    conferencing = [
        *_tables(zones if len(zones) > 1 else [], inside, cells, notes),
        *_tables(inside, rest, cells, notes),
    ]
    first = tuple(notes.listed())
    others = _tables(rest if len(rest) > 1 else [], rest, cells, notes)
    shown = [c for table in conferencing for row in table.rows for c in row.cells if c is not None]
    counts: dict[State, int] = {
        state: sum(one.cell.state == state for one in shown) for state in SYMBOLS
    }
    further = tuple(notes.listed())[len(first) :]
    return Segmentation(tuple(conferencing), tuple(others), first, further, counts, whole)


def _anything(origin: Zone, target: Zone) -> bool:
    return origin.id != target.id


def shown_pairs(inventory: Inventory) -> Callable[[Zone, Zone], bool]:
    """Which pairs a large network shows: conferencing zones with what is central or beside them."""
    province = {site.id for site in inventory.sites if site.level == "province"}

    def central(zone: Zone) -> bool:
        return zone.site is None or zone.site in province or zone.kind in {"tslcd", "outside"}

    def wanted(origin: Zone, target: Zone) -> bool:
        if "hnth" not in {origin.kind, target.kind}:
            return False
        beside = origin.gateway is not None and origin.gateway == target.gateway
        return beside or central(origin) or central(target)

    return wanted


class _Notes:
    """Numbers every different note in the order in which cells need it."""

    def __init__(self, administrators: Iterable[Prefix]) -> None:
        self.administrators = numbers(span(prefix) for prefix in administrators)
        self._numbers: dict[Text, int] = {}

    def number(self, text: Text) -> int:
        return self._numbers.setdefault(text, len(self._numbers) + 1)

    def listed(self) -> Iterator[Note]:
        for text, number in self._numbers.items():
            yield Note(number, text)


def _tables(
    origins: Sequence[Zone],
    targets: Sequence[Zone],
    cells: Mapping[tuple[str, str], Cell],
    notes: _Notes,
) -> list[Table]:
    if not origins or not targets:
        return []
    number = -(-len(targets) // MOST_COLUMNS)
    width = -(-len(targets) // number)  # tables of nearly the same width
    tables = [
        _table(origins, targets[at : at + width], cells, notes)
        for at in range(0, len(targets), width)
    ]
    return [table for table in tables if table.rows]


def _table(
    origins: Sequence[Zone],
    targets: Sequence[Zone],
    cells: Mapping[tuple[str, str], Cell],
    notes: _Notes,
) -> Table:
    rows = []
    for origin in origins:
        found = [cells.get((origin.id, target.id)) for target in targets]
        shown = tuple(_shown(cell, notes) if cell is not None else None for cell in found)
        if any(shown):
            rows.append(Row(origin, shown))
    return Table(tuple(targets), tuple(rows))


def _shown(cell: Cell, notes: _Notes) -> Shown:
    return Shown(
        cell,
        _passing(cell, notes.administrators),
        tuple(_probe(probe, cell.probes.devices) for probe in cell.probes.made),
        tuple(dict.fromkeys(notes.number(text) for text in _reasons(cell))),
    )


def _passing(cell: Cell, administrators: Numbers) -> tuple[Text, ...]:
    """What gets through; what only administrators' addresses may is said to be theirs."""
    if cell.state == "more":
        everything = services(cell.admitted)
        beyond = everything if everything == (EVERYTHING,) else services(cell.excess)
        return (listing(beyond),) if beyond else ()
    theirs = services([b for b in cell.admitted if _within(b[SOURCE], administrators)])
    others = services([b for b in cell.admitted if not _within(b[SOURCE], administrators)])
    found = [listing(others)] if others else []
    if theirs:
        found.append(
            phrase(
                "{what} từ địa chỉ quản trị",
                "{what} from administrators' addresses",
                what=listing(theirs),
            )
        )
    return tuple(found)


def _within(part: Interval, whole: Numbers) -> bool:
    return any(first <= part[0] and part[1] <= last for first, last in whole.intervals)


def _reasons(cell: Cell) -> Iterator[Text]:
    """What the cell has to be explained with: guilty lines, answers, doubts."""
    yield from map(_line, islice(cell.lines, MOST_LINES))
    if more := cell.lines[MOST_LINES:]:
        yield phrase(
            "{gateways}: còn {count} dòng khác cho qua lưu lượng ngoài danh sách",
            "{gateways}: {count} more lines let unlisted traffic through",
            gateways=tuple(dict.fromkeys(line.gateway for line in more)),
            count=len(more),
        )
    yield from (_unlisted(seen) for seen in cell.probes.unlisted)
    yield from cell.doubts


def _line(line: Line) -> Text:
    if line.rule is None:
        return phrase(
            "{gateway}: bộ lọc mặc định cho qua",
            "{gateway}: the filter permits by default",
            gateway=line.gateway,
        )
    return phrase(
        "{gateway}, dòng {line}: “{text}”",
        "{gateway}, line {line}: “{text}”",
        gateway=line.gateway,
        line=line.rule.line,
        text=line.rule.text,
    )


def _unlisted(seen: Reached) -> Text:
    return Text(
        vi=f"{seen.shown.vi}, ngoài danh sách cho phép",
        en=f"{seen.shown.en}, which the allowlist does not name",
    )


def _probe(probe: Probe, devices: int) -> Text:
    """From where, how many devices, and which ports answered."""
    vi, en = f"{probe.vantage}", f"{probe.vantage}"
    if len(probe.devices) < devices:
        vi += f" ({len(probe.devices)}/{devices} thiết bị)"
        en += f" ({len(probe.devices)}/{devices} devices)"
    if not probe.reached:
        return Text(vi=f"{vi}: không cổng nào trả lời", en=f"{en}: no port answered")
    answers = "; ".join(_answers(probe.reached))
    return Text(vi=f"{vi}: {answers}", en=f"{en}: {answers}")


def _answers(reached: Iterable[Reached]) -> Iterator[str]:
    """`mcu tcp 22, 445` for each device and protocol."""
    found: dict[tuple[str, str], set[int]] = {}
    for seen in reached:
        found.setdefault((seen.device.id, seen.scan.protocol), set()).add(seen.port.port)
    for (device, protocol), ports in found.items():
        yield f"{device} {protocol} {', '.join(map(str, sorted(ports)))}"
