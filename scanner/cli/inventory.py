"""`hnth init` and `hnth inventory`: start, check and describe the inventory file."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from inventory.system_errors import reason_of
from inventory.text import Text
from scanner.cli.json_text import print_json
from scanner.cli.speech import give_up, language, say

if TYPE_CHECKING:
    from inventory.load import Loaded
    from inventory.problems import Problem
    from inventory.readiness import Lack

UNUSABLE = 2

KIND_NAMES = {
    "province": Text(vi="cấp tỉnh", en="province"),
    "district": Text(vi="cấp huyện", en="district"),
    "commune": Text(vi="cấp xã", en="commune"),
    "hnth": Text(vi="truyền hình hội nghị", en="conferencing"),
    "management": Text(vi="quản trị", en="management"),
    "server": Text(vi="máy chủ", en="server"),
    "office": Text(vi="văn phòng", en="office"),
    "tslcd": Text(vi="TSLCD", en="state data network"),
    "outside": Text(vi="bên ngoài", en="outside"),
    "mcu": Text(vi="MCU", en="MCU"),
    "vcs": Text(vi="VCS", en="VCS"),
    "firewall": Text(vi="tường lửa", en="firewall"),
    "router": Text(vi="bộ định tuyến", en="router"),
    "switch": Text(vi="bộ chuyển mạch", en="switch"),
}
SECTION_NAMES = {
    "sites": Text(vi="Điểm cầu", en="Sites"),
    "zones": Text(vi="Vùng mạng", en="Zones"),
    "devices": Text(vi="Thiết bị", en="Devices"),
}

inventory_app = typer.Typer(
    no_args_is_help=True,
    help="Check and describe the inventory file (inventory.yaml).\n\nExample: hnth inventory check",
)


def init(
    directory: Annotated[Path, typer.Argument(help="Where to write inventory.yaml.")] = Path(),
    force: Annotated[bool, typer.Option("--force", help="Replace an existing file.")] = False,
) -> None:
    """Write a commented starter inventory.

    Example: hnth init hnth-tinh
    """
    from inventory.starter import StarterExists, write_starter  # noqa: PLC0415

    try:
        path = write_starter(directory, force)
    except StarterExists as error:
        raise give_up(error.reason) from None
    except OSError as error:
        reason = reason_of(error)
        raise give_up(
            Text(
                vi=f"không ghi được vào {directory} ({reason.vi}); hãy chọn thư mục khác",
                en=f"cannot write to {directory} ({reason.en}); choose another folder",
            )
        ) from None
    say(
        f"Đã ghi tệp mẫu {path}. Sửa theo đơn vị, rồi chạy: hnth inventory check {path}",
        f"Wrote the starter {path}. Adapt it, then run: hnth inventory check {path}",
    )


@inventory_app.command()
def check(
    path: Annotated[
        Path, typer.Argument(envvar="HNTH_INVENTORY", help="The inventory file.")
    ] = Path("inventory.yaml"),
    as_json: Annotated[bool, typer.Option("--json", help="The result as JSON.")] = False,
) -> None:
    """Print what the inventory holds and lacks, or everything that is wrong with it.

    Exit status 0: it can be used; 2: it cannot.

    Example: hnth inventory check inventory.yaml
    """
    from inventory.catalogue import load_catalogue  # noqa: PLC0415
    from inventory.load import load  # noqa: PLC0415
    from inventory.problems import InventoryError  # noqa: PLC0415
    from inventory.readiness import lacks  # noqa: PLC0415
    from scanner.baselines.own import problems_in  # noqa: PLC0415

    try:
        loaded = load(path)
        if unusable := problems_in(loaded.inventory, loaded.text, str(path)):
            raise InventoryError(unusable)
        if loaded.inventory.catalogue is not None:
            load_catalogue(loaded.base / loaded.inventory.catalogue)
    except InventoryError as error:
        _refuse(path, error.problems, as_json)
        raise typer.Exit(UNUSABLE) from None
    warnings = (*loaded.warnings, *unknown_families(loaded, path))
    missing = lacks(loaded.inventory, loaded.base, datetime.now(UTC))
    if as_json:
        print_json(as_data(path, loaded, warnings, missing))
        return
    for warning in warnings:
        typer.echo(warning.in_language(language()), err=True)
    typer.echo("\n".join(as_lines(loaded, missing, language())))


@inventory_app.command()
def schema() -> None:
    """Print the JSON Schema that editors use to complete and check the file.

    Example: hnth inventory schema > inventory.schema.json
    """
    from inventory.schema import json_schema  # noqa: PLC0415

    print_json(json_schema())


def unknown_families(loaded: Loaded, path: Path) -> tuple[Problem, ...]:
    """A warning for every declared family that no module reads."""
    from inventory.problems import Problem, joined  # noqa: PLC0415
    from scanner.platforms import NoSuchPlatform, find  # noqa: PLC0415

    found = []
    for device in loaded.inventory.devices:
        try:
            if device.platform is not None:
                find(device.platform)
        except NoSuchPlatform as error:
            where = f"devices/{device.id}/platform: "
            text = joined(Text(vi=where, en=where), error.reason)
            found.append(Problem(str(path), None, text))
    return tuple(found)


def as_data(
    path: Path, loaded: Loaded, warnings: Iterable[Problem], missing: Iterable[Lack]
) -> dict[str, Any]:
    """The result for machines, when the file can be used."""
    from inventory.readiness import counts  # noqa: PLC0415

    return {
        "file": str(path),
        "ok": True,
        "errors": [],
        "warnings": [_problem_data(problem) for problem in warnings],
        "summary": {
            "organisation": loaded.inventory.organisation.name,
            **counts(loaded.inventory),
            "vantage_points": len(loaded.inventory.vantage_points),
            "meetings": len(loaded.inventory.calendar.meetings),
            "readings_changed": sorted(loaded.inventory.readings.changed()),
        },
        "missing": [{"message": _both(m.text), "about": list(m.about)} for m in missing],
    }


def as_lines(loaded: Loaded, missing: tuple[Lack, ...], lang: str) -> list[str]:
    """The result for people: what is there, then what a full scan still needs."""
    from inventory.readiness import counts  # noqa: PLC0415

    lines = [loaded.inventory.organisation.name]
    width = max(len(name.in_language(lang)) for name in SECTION_NAMES.values())
    for section, by_kind in counts(loaded.inventory).items():
        kinds = ", ".join(
            f"{number} {KIND_NAMES[kind].in_language(lang)}" for kind, number in by_kind.items()
        )
        name = SECTION_NAMES[section].in_language(lang)
        lines.append(f"  {name:<{width}}  {sum(by_kind.values()):>4}  {kinds}")
    if not missing:
        return [*lines, _COMPLETE.in_language(lang)]
    lines += ["", _MISSING.in_language(lang)]
    for lack in missing:
        lines.append(f"  - {lack.text.in_language(lang)}")
        if lack.about:
            lines.append(f"      {', '.join(lack.about)}")
    return lines


def _refuse(path: Path, problems: tuple[Problem, ...], as_json: bool) -> None:
    if as_json:
        errors = [_problem_data(problem) for problem in problems]
        print_json({"file": str(path), "ok": False, "errors": errors, "warnings": []})
        return
    for problem in problems:
        typer.echo(problem.in_language(language()), err=True)
    say(
        f"Tệp khai báo chưa dùng được: {len(problems)} lỗi.",
        f"The inventory cannot be used: {len(problems)} error(s).",
    )


def _problem_data(problem: Problem) -> dict[str, Any]:
    return {"file": problem.file, "line": problem.line, "message": _both(problem.text)}


def _both(text: Text) -> dict[str, str]:
    return {"vi": text.vi, "en": text.en}


_COMPLETE = Text(
    vi="Không thiếu gì cho một lần dò quét đầy đủ.",
    en="Nothing is missing for a full scan.",
)
_MISSING = Text(vi="Còn thiếu cho một lần dò quét đầy đủ:", en="A full scan still needs:")
