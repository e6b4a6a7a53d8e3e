"""`hnth attest`: record a document that vouches for a requirement."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, get_args

import typer

from inventory.text import Text
from scanner.cli.completion import requirements
from scanner.cli.document_entry import AsJson, InventoryFile, day, digest_of, known_requirement
from scanner.cli.document_entry import record as write_entry
from scanner.cli.speech import give_up, say


def attest(
    requirement: Annotated[
        str,
        typer.Argument(autocompletion=requirements, help="Id of the requirement, such as D10.2-c."),
    ],
    subject: Annotated[
        str, typer.Argument(help="Id of a site; system for all, and for the whole system.")
    ],
    number: Annotated[str, typer.Option(help="Number of the document.")],
    issued: Annotated[str, typer.Option(metavar="YYYY-MM-DD", help="Day on which it was issued.")],
    issuer: Annotated[str, typer.Option(help="Body that issued it.")],
    signer: Annotated[str, typer.Option(help="Position of the person who signed.")],
    file: Annotated[Path, typer.Option(help="The document, of which the SHA-256 is kept.")],
    entered_by: Annotated[str, typer.Option(help="Who records it here.")],
    valid_to: Annotated[
        str | None,
        typer.Option(metavar="YYYY-MM-DD", help="Last day of its validity; default: 12 months."),
    ] = None,
    committed_kbps: Annotated[
        int | None, typer.Option(help="D10.2-c: rate from the site, in units of 1,000 bit/s.")
    ] = None,
    committed_back_kbps: Annotated[
        int | None, typer.Option(help="D10.2-c: rate towards the site.")
    ] = None,
    standard: Annotated[
        str | None, typer.Option(help="D10.2b-a: the technical standard that it names.")
    ] = None,
    first_connected: Annotated[
        str | None,
        typer.Option(metavar="YYYY-MM-DD", help="D10.2c-a: day of the first connection."),
    ] = None,
    inventory: InventoryFile = Path("inventory.yaml"),
    as_json: AsJson = False,
) -> None:
    """Record a document that vouches for a requirement, with its SHA-256, in the inventory.

    A pass that rests on it alone is shown as attested; a violation that is seen outranks it.

    Example: hnth attest D10.2-b system --number 12/XN --issued 2026-01-05 --issuer "Carrier"
    --signer Director --file confirmation.pdf --entered-by "Contact officer"
    """
    from inventory.model import Attestable  # noqa: PLC0415 - heavy

    name = known_requirement(requirement)
    if name not in get_args(Attestable):
        raise give_up(_NOT_BY_DOCUMENT.format(id=name, ids=", ".join(get_args(Attestable))))
    write_entry(
        inventory,
        "attestations",
        {
            "requirement": name,
            "subject": subject,
            "issuer": issuer,
            "number": number,
            "issued": day(issued),
            "signer": signer,
            "sha256": digest_of(file),
            "entered_by": entered_by,
            "valid_to": day(valid_to),
            "committed_kbps": committed_kbps,
            "committed_back_kbps": committed_back_kbps,
            "standard": standard,
            "first_connected": day(first_connected),
        },
        as_json=as_json,
    )
    _warn_of_age(inventory)


def _warn_of_age(inventory: Path) -> None:
    """A document that is recorded and speaks of another time counts for nothing today."""
    from inventory.load import load  # noqa: PLC0415 - heavy
    from rules.evidence_age import vouches  # noqa: PLC0415
    from rules.world import LOCAL_ZONE  # noqa: PLC0415

    written = load(inventory).inventory.attestations[-1]
    if not vouches(written, datetime.now(UTC).astimezone(LOCAL_ZONE).date()):
        say(_NOT_TODAY.vi, _NOT_TODAY.en)


_NOT_BY_DOCUMENT = Text(
    vi="{id} không thể đạt chỉ bằng văn bản. Ghi được văn bản cho: {ids}. Trường hợp được chấp "
    "thuận ngoại lệ: hnth waive",
    en="{id} is never met by a document. Documents are recorded for: {ids}. For an approved "
    "exception: hnth waive",
)
_NOT_TODAY = Text(
    vi="Lưu ý: văn bản này không còn hoặc chưa có hiệu lực hôm nay nên chưa được tính.",
    en="Note: this document does not vouch for today and counts for nothing now.",
)
