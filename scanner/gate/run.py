"""One run of the gate, from paths to the exit status."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from inventory.text import Text
from rules.model import Finding, Outcome
from rules.requirements import order
from rules.world import LOCAL_ZONE
from scanner.evidence import Document
from scanner.gate.declared import DeclaredNetwork, declared_network
from scanner.gate.devices import Devices, ReadDevice, Shared, read_devices
from scanner.gate.files import Candidate, Found, Walk, repository_of
from scanner.gate.model import (
    Excerpt,
    FileStatus,
    GateRequest,
    GateResult,
    Judged,
)
from scanner.gate.old_data import old_data_notes
from scanner.gate.readable_secrets import readable_secrets
from scanner.gate.scope import NoSuchRequirement, chosen
from scanner.gate.verdict import verdict

CONTEXT_LINES = 2


def run_gate(request: GateRequest) -> GateResult:
    """Reads the files, judges them, and says whether they may pass.

    Nothing is written and nothing is printed. What cannot be read is part of the result.
    """
    if request.since is not None:
        from scanner.gate.since import run_since  # noqa: PLC0415 - imports this module

        return _with_traffic(run_since(request))
    here = request.shown_from or Path.cwd()
    root = request.root or repository_of(here)
    found = Walk(root, here, request.own).files(request.paths)
    declared = declared_network(request.inventory, root, found.candidates)
    side = judge_side(request, found, declared, read_side(request, found, declared))
    return conclude(request, root, side)


def _with_traffic(result: GateResult) -> GateResult:
    """What changed filters do, and which of their lines do nothing; neither is a finding."""
    from scanner.gate.idle_notes import idle_notes  # noqa: PLC0415 - for changes only
    from scanner.gate.traffic import changed_devices, traffic_changes  # noqa: PLC0415

    if result.changes is None:
        return result
    changed = changed_devices(result.earlier, result.devices)
    return replace(
        result,
        traffic=traffic_changes(result.earlier, changed, result.inventory),
        notes=(*result.notes, *idle_notes(changed)),
    )


@dataclass(frozen=True)
class Side:
    """What one state of the files tells."""

    declared: DeclaredNetwork
    devices: tuple[ReadDevice, ...]
    files: tuple[FileStatus, ...]
    judged: tuple[Judged, ...]
    wanted: tuple[str, ...]
    problems: tuple[Text, ...]
    inside: Mapping[str, str]
    notes: tuple[Text, ...] = ()


def read_side(
    request: GateRequest,
    found: Found,
    declared: DeclaredNetwork,
    *,
    only: Callable[[Sequence[Candidate]], bool] = bool,
    shared: Shared | None = None,
) -> Devices:
    """The devices of one state of the files. `only` and `shared`: see `read_devices`."""
    among = {one.path for one in declared.among}
    return read_devices(
        (one for one in found.candidates if one.path not in among),
        declared.inventory,
        request.mappings,
        request.now,
        wanted=only,
        shared=shared,
    )


def judge_side(
    request: GateRequest,
    found: Found,
    declared: DeclaredNetwork,
    read: Devices,
    untouched: frozenset[str] = frozenset(),
) -> Side:
    """What is found on one state of the files.

    A rule that looks at one device by itself is not asked about those `untouched`.
    """
    files = [*found.left_out, *read.statuses, *_inventories(declared)]
    files.sort(key=lambda status: status.file)
    problems = list(declared.problems)
    wanted: tuple[str, ...] = ()
    try:
        wanted = chosen(request.select, request.ignore)
    except NoSuchRequirement as error:
        problems.append(error.reason)
    judged = tuple(_judged(read, declared, wanted, request, untouched)) if not problems else ()
    if not (request.select or request.ignore or problems):
        touched = [device for device in read.devices if device.id not in untouched]
        files = _with_those_that_told_nothing(files, touched, judged)
    return Side(
        declared=declared,
        devices=tuple(read.devices),
        files=tuple(files),
        judged=judged,
        wanted=wanted,
        problems=tuple(problems),
        inside={one.file: one.inside for one in found.candidates},
        notes=(
            *declared.notes,
            *_strangers(read, declared),
            *_papers(judged, declared, request, untouched),
            *old_data_notes(judged, _catalogue_of(declared)),
            *readable_secrets(read.devices),
        ),
    )


def conclude(
    request: GateRequest, root: Path | None, side: Side, *, nothing_changed: bool = False
) -> GateResult:
    """One result from what was judged; what the baseline accepts does not count.

    `nothing_changed`: no file that could be a configuration differs from the revision.
    """
    applied = None
    milder: tuple[Text, ...] = ()
    remarks: tuple[Text, ...] = ()
    problems, judged = list(side.problems), side.judged
    if request.baseline is not None:
        from scanner.gate.baseline_use import (  # noqa: PLC0415 - seldom needed
            WrongBaseline,
            notes,
            relaxations,
            use,
        )

        try:
            applied = use(request.baseline, side, root, request.now)
            judged = applied.judged
            milder = relaxations(str(request.baseline), applied)
            remarks = notes(str(request.baseline), applied)
        except WrongBaseline as error:
            problems.append(error.reason)
            judged = ()
    status, reason = verdict(request, side.files, judged, problems, nothing_changed=nothing_changed)
    return GateResult(
        request=request,
        status=status,
        reason=reason,
        files=side.files,
        judged=judged,
        not_judged=_not_judged(side.wanted, judged),
        relaxations=(*_relaxations(request, side.declared), *milder),
        problems=tuple(problems),
        notes=(*side.notes, *remarks),
        excerpts=_excerpts(judged, side.devices),
        inventory=side.declared.inventory,
        inventory_file=side.declared.file,
        devices=side.devices,
        inside=side.inside,
        applied=applied,
    )


def _catalogue_of(declared: DeclaredNetwork) -> str | None:
    return declared.inventory.catalogue if declared.inventory is not None else None


def _inventories(declared: DeclaredNetwork) -> Iterator[FileStatus]:
    for one in declared.among:
        yield FileStatus(one.file, "inventory", named=one.named)


def _judged(
    read: Devices,
    declared: DeclaredNetwork,
    wanted: Sequence[str],
    request: GateRequest,
    untouched: frozenset[str],
) -> list[Judged]:
    """In the Regulation's order; those on the same requirement in the order of the devices."""
    from scanner.gate.judging import (  # noqa: PLC0415 - not needed where nothing was read
        NOTHING_IMPORTED,
        asks_for_releases,
        is_of_the_network,
        judge_alone,
        judge_network,
        network_left_open,
    )

    if not read.devices:
        return []
    known = [device for device in read.devices if device.declared]
    strangers = [device for device in read.devices if not device.declared]
    told = NOTHING_IMPORTED
    if asks_for_releases(read.devices, wanted):
        from scanner.gate.releases import advisories_of  # noqa: PLC0415 - reads the catalogue

        told = advisories_of(request)
    judged: list[Judged] = []
    if declared.inventory is not None:
        judged += judge_network(
            known, declared.inventory, declared.catalogue, wanted, request.now, untouched, told
        )
    for device in strangers:
        if device.id not in untouched:
            judged += judge_alone(device, declared.catalogue, wanted, request.now, told)
    if declared.inventory is None and any(is_of_the_network(device) for device in strangers):
        judged += network_left_open(wanted, request.now)
    return sorted(judged, key=lambda one: order(one.finding.requirement))


def _with_those_that_told_nothing(
    files: list[FileStatus], devices: Sequence[ReadDevice], judged: Sequence[Judged]
) -> list[FileStatus]:
    """Files of a device about which nothing was judged keep the gate shut like unread ones."""
    from scanner.gate.judging import told_nothing  # noqa: PLC0415

    of: dict[str | None, list[Judged]] = defaultdict(list)
    for one in judged:
        of[one.finding.device].append(one)
    silent = {device.id for device in devices if told_nothing(device, of[device.id])}
    return [
        replace(one, matters=True, reason=_TOLD_NOTHING) if one.device in silent else one
        for one in files
    ]


def _not_judged(wanted: Iterable[str], judged: Sequence[Judged]) -> tuple[str, ...]:
    spoken = {one.finding.requirement for one in judged if one.standing != "beyond"}
    return tuple(name for name in wanted if name not in spoken)


def _relaxations(request: GateRequest, declared: DeclaredNetwork) -> Iterator[Text]:
    """Everything that makes the gate milder than it is by itself."""
    if request.fail_on < "S3":
        option = f"--fail-on {request.fail_on}"
        yield Text(
            vi=f"{option}: nội dung không đạt ở mức thấp hơn không làm hỏng kết quả",
            en=f"{option}: what is not met at a lower severity does not count",
        )
    if request.allow_incomplete:
        yield Text(
            vi="--allow-incomplete: chấp nhận nội dung chưa xác định được",
            en="--allow-incomplete: what could not be determined is accepted",
        )
    if request.soft_fail:
        yield Text(
            vi="--soft-fail: mã thoát là 0 dù có nội dung không đạt hoặc chưa xác định được",
            en="--soft-fail: the exit status is 0 whatever was found",
        )
    if request.accept_waivers:
        yield Text(
            vi="--accept-waivers: nội dung không đạt có chấp thuận ngoại lệ không làm hỏng kết quả",
            en="--accept-waivers: what fails with an approved exception does not count",
        )
    for option, words in (("--select", request.select), ("--ignore", request.ignore)):
        if words:
            listed = f"{option} {', '.join(words)}"
            yield Text(
                vi=f"{listed}: các yêu cầu khác không được xét"
                if option == "--select"
                else f"{listed}: các yêu cầu này không được xét",
                en=f"{listed}: the other requirements are not judged"
                if option == "--select"
                else f"{listed}: these requirements are not judged",
            )
    if declared.inventory is not None:
        changed = ", ".join(declared.inventory.readings.changed())
        if changed:
            yield Text(
                vi=f"tệp khai báo đổi cách hiểu: {changed}",
                en=f"the inventory changes readings: {changed}",
            )


def _papers(
    judged: Sequence[Judged],
    declared: DeclaredNetwork,
    request: GateRequest,
    untouched: frozenset[str],
) -> Iterator[Text]:
    """Exceptions and documents of the inventory that do nothing today."""
    inventory = declared.inventory
    if inventory is None or not (inventory.waivers or inventory.attestations):
        return
    from rules.lapsed import lapsed_remarks  # noqa: PLC0415 - seldom needed
    from rules.waived import holds, waiver_remarks  # noqa: PLC0415

    today = request.now.astimezone(LOCAL_ZONE).date()
    findings = [one.finding for one in judged]
    # of a device that was not judged nobody can say whether its exception does anything
    waivers = tuple(
        waiver
        for waiver in inventory.waivers
        if waiver.subject.partition("/")[0] not in untouched or not holds(waiver, today)
    )
    yield from waiver_remarks(findings, inventory.model_copy(update={"waivers": waivers}), today)
    yield from lapsed_remarks(inventory, today)


def _strangers(read: Devices, declared: DeclaredNetwork) -> Iterator[Text]:
    if declared.inventory is None:
        return
    for device in read.devices:
        if not device.declared:
            source = device.documents[0].source
            yield Text(
                vi=f"{source}: tệp khai báo không có thiết bị “{device.id}”; xét riêng tệp này",
                en=f"{source}: the inventory has no device “{device.id}”; judged by itself",
            )


_TOLD_NOTHING = Text(
    vi="nhận ra thiết bị nhưng tệp không cho biết thiết lập nào để xét; hãy xuất toàn bộ cấu hình, "
    "hoặc đặt các tệp của cùng thiết bị vào một thư mục riêng",
    en="the device is recognised, but the file tells no setting to judge; export the whole "
    "configuration, or put the files of one device into a folder of their own",
)


def _excerpts(
    judged: Iterable[Judged], devices: Iterable[ReadDevice]
) -> dict[tuple[str, int], Excerpt]:
    documents = {d.source: d for device in devices for d in device.documents}
    found: dict[tuple[str, int], Excerpt] = {}
    for one in judged:
        if not _is_shown(one.finding):
            continue
        for citation in one.finding.citations:
            document = documents.get(citation.source)
            if document is not None and citation.line is not None:
                found[citation.source, citation.line] = _around(document, citation.line)
    return found


def _is_shown(finding: Finding) -> bool:
    return finding.outcome in {Outcome.FAIL, Outcome.UND}


def _around(document: Document, line: int) -> Excerpt:
    first = max(1, line - CONTEXT_LINES)
    return Excerpt(first, document.lines[first - 1 : line + CONTEXT_LINES])
