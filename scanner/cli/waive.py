"""`hnth waive`: record an approved exception."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from inventory.text import Text
from scanner.cli.completion import requirements
from scanner.cli.document_entry import (
    AsJson,
    InventoryFile,
    day,
    digest_of,
    known_requirement,
    record,
)
from scanner.cli.speech import give_up, say


def waive(
    requirement: Annotated[
        str,
        typer.Argument(autocompletion=requirements, help="Id of the requirement, such as D11.3-a."),
    ],
    subject: Annotated[
        str, typer.Argument(help="Id of a device, zone or site, device/account, or system.")
    ],
    number: Annotated[str, typer.Option(help="Number of the approving document.")],
    issued: Annotated[str, typer.Option(metavar="YYYY-MM-DD", help="Day on which it was issued.")],
    approver: Annotated[str, typer.Option(help="Position of the person who approved it.")],
    reason: Annotated[str, typer.Option(help="Why it was approved.")],
    expires: Annotated[str, typer.Option(metavar="YYYY-MM-DD", help="Last day on which it holds.")],
    file: Annotated[
        Path | None, typer.Option(help="The document, of which the SHA-256 is kept.")
    ] = None,
    inventory: InventoryFile = Path("inventory.yaml"),
    as_json: AsJson = False,
) -> None:
    """Record an approved exception in the inventory; what fails stays a failure, shown with it.

    Example: hnth waive D11.3-a vcs-1 --number 12/QD --issued 2026-01-05 --approver Director
    --reason "to be replaced" --expires 2026-12-31
    """
    name = known_requirement(requirement)
    last = day(expires)
    if isinstance(last, date) and last < _today():
        raise give_up(_PAST.format(day=expires))
    record(
        inventory,
        "waivers",
        {
            "requirement": name,
            "subject": subject,
            "number": number,
            "issued": day(issued),
            "approver": approver,
            "reason": reason,
            "expires": last,
            "sha256": digest_of(file) if file is not None else None,
        },
        as_json=as_json,
    )
    say(_STAYS.vi, _STAYS.en)


def _today() -> date:
    from rules.world import LOCAL_ZONE  # noqa: PLC0415 - heavy

    return datetime.now(UTC).astimezone(LOCAL_ZONE).date()


_PAST = Text(
    vi="--expires: ngày {day} đã qua; chấp thuận ngoại lệ cần còn hiệu lực",
    en="--expires: {day} is in the past; an exception has to be in force",
)
_STAYS = Text(
    vi="Kết quả vẫn là “Không đạt (có chấp thuận ngoại lệ)”, không trở thành “Đạt”.",
    en="The verdict stays “Fail (approved exception)”; it does not become a pass.",
)
