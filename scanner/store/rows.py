"""Values as rows of the tables, and back."""

from __future__ import annotations

import logging
import zlib
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, func, insert, select

from inventory.text import Text
from rules.facts import NOT_REPORTED, Fact, Facts, Unknown
from rules.model import Finding
from rules.network_facts import UnreadLine
from scanner.evidence import MAX_BYTES, Document
from scanner.store import codec, tables

_WRONG_TYPE = Text(
    vi="phần mềm đọc thiết bị trả về giá trị sai kiểu; đây là lỗi của hnth, xin báo lại",
    en="the module that reads the device gave a value of the wrong type; this is a defect of hnth, "
    "please report it",
)

_log = logging.getLogger(__name__)


def pack(documents: Sequence[Document]) -> dict[str, dict[str, Any]]:
    """Rows of `evidence` by digest. Compressing happens here, before the write lock is taken."""
    return {
        document.sha256: {
            "sha256": document.sha256,
            "packed": zlib.compress(document.content, 6),
            "size": len(document.content),
        }
        for document in documents
    }


def unpack(packed: bytes) -> bytes | None:
    """The bytes that were packed, at most MAX_BYTES and one; None when they are garbled."""
    unpacker = zlib.decompressobj()
    try:
        return unpacker.decompress(packed, MAX_BYTES + 1)
    except zlib.error:
        return None


def fact_row(name: str, fact: Fact[Any]) -> dict[str, Any]:
    """The fact; one whose value is not of the promised type is recorded as unknown."""
    try:
        body = codec.encode_fact(name, fact)
    except codec.WrongType:
        _log.exception("a fact is recorded as unknown")
        body = codec.encode_fact(name, Unknown(_WRONG_TYPE, fact.citations))
    return {"name": name, "body": body}


def insert_evidence(connection: Connection, packed: dict[str, dict[str, Any]]) -> None:
    """Every packed document is in the table; bytes that were there are kept once."""
    for sha256, row in packed.items():
        known = select(func.count()).where(tables.evidence.c.sha256 == sha256)
        if not connection.execute(known).scalar():
            connection.execute(insert(tables.evidence), row)


def insert_rows(
    connection: Connection,
    table: Any,
    key: dict[str, Any],
    rows: Sequence[dict[str, Any]],
    *,
    numbered: bool = True,
) -> None:
    """The rows, each with the key and, unless not `numbered`, its position, are in the table."""
    if rows:
        numbers = ({"position": n} if numbered else {} for n in range(len(rows)))
        connection.execute(
            insert(table), [key | n | row for n, row in zip(numbers, rows, strict=True)]
        )


def why_absent(facts: Facts, failure: Text | None) -> Text:
    """Why a fact that nobody supplied is unknown."""
    if failure is not None and facts.absent == NOT_REPORTED:
        return failure
    return facts.absent


def item_row(document: Document) -> dict[str, Any]:
    """A row of `evidence_items` without its key."""
    return {
        "evidence_class": document.evidence_class,
        "source": codec.valid_unicode(document.source),
        "vantage": document.vantage,
        "captured": document.captured,
        "sha256": document.sha256,
    }


def unread_row(document: Document, line: UnreadLine) -> dict[str, Any]:
    """A row of `unread` without its key."""
    return {
        "source": codec.valid_unicode(document.source),
        "sha256": document.sha256,
        "line": line.line,
        "text": codec.valid_unicode(line.text),
        "why": codec.valid_unicode(line.why),
    }


def finding_row(finding: Finding) -> dict[str, Any]:
    """A row of `findings` without its key."""
    return {
        "requirement": finding.requirement,
        "subject_kind": finding.subject.kind,
        "subject": codec.valid_unicode(finding.subject.id),
        "outcome": finding.outcome.value,
        "severity": finding.severity,
        "fingerprint": finding.fingerprint,
        "body": codec.encode_finding(finding),
    }
