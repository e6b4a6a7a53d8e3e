"""What must hold of documents that vouch for a requirement."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.draft import Draft, Placed, Remark
from inventory.model import WHOLE_SYSTEM, Attestation
from inventory.text import Text

_ONLY_FOR = {
    "committed_kbps": "D10.2-c",
    "committed_back_kbps": "D10.2-c",
    "standard": "D10.2b-a",
    "first_connected": "D10.2c-a",
}


def document_remarks(draft: Draft) -> Iterator[Remark]:
    """Documents about the wrong kind of subject, or with days or keys that do not fit."""
    for attestation in draft.attestations:
        yield from _of_attestation(attestation)


def _of_attestation(placed: Placed[Attestation]) -> Iterator[Remark]:
    document = placed.value
    if document.requirement.startswith("D12.") and document.subject != WHOLE_SYSTEM:
        yield Remark(
            (*placed.path, "subject"), _OF_THE_SYSTEM.format(requirement=document.requirement)
        )
    for key, requirement in _ONLY_FOR.items():
        if getattr(document, key) is not None and document.requirement != requirement:
            yield Remark((*placed.path, key), _NOT_HERE.format(requirement=requirement))
    if document.valid_to is not None and document.valid_to < document.issued:
        yield Remark(
            (*placed.path, "valid_to"),
            _ENDS_BEFORE.format(end=document.valid_to, issued=document.issued),
        )


_OF_THE_SYSTEM = Text(
    vi="{requirement} xét cho toàn hệ thống; ghi: system",
    en="{requirement} is about the whole system; write: system",
)
_NOT_HERE = Text(vi="chỉ dùng cho {requirement}", en="is for {requirement} only")
_ENDS_BEFORE = Text(
    vi="hết hiệu lực ngày {end}, trước ngày ban hành {issued}",
    en="ends on {end}, before it was issued on {issued}",
)
