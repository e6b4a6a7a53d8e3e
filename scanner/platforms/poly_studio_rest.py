"""REST answers of Poly G7500 and Studio X, told apart by their shape."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from rules.facts import Citation, Fact, Known
from scanner.evidence import Document, printable
from scanner.platforms.json_evidence import cite_key, decoded
from scanner.platforms.polycom_rest import (
    SYSTEM,
    is_status,
    listed_conferences,
    named,
    status_answer,
    time_state,
)
from scanner.platforms.several_documents import Told

_MODELS = re.compile(r"(?i)(?:hp\s*)?(?:poly(?:com)?\s*)?(?:studio\s*)?[EGRX]\s*\d{2,4}\b.*")
"""`StudioX30`, `Poly Studio X50`, `G7500`, `StudioG62`."""


def answer(document: Document) -> Told:
    """What one REST answer tells; nothing for any other document."""
    value = decoded(document)
    if isinstance(value, dict) and "softwareVersion" in value and "deviceType" not in value:
        facts = {**named(document, value, SYSTEM), **time_state(document, value)}
        return Told(_with_family(facts))
    if isinstance(value, list):
        if is_status(value):
            return status_answer(document, value)
        return Told(calls=[*listed_conferences(document, value)])
    return Told(whole=value is not None or document.text.lstrip()[:1] not in {"[", "{"})


def device_list_facts(document: Document) -> dict[str, Fact[Any]]:
    """What the list of connected devices says about the system itself; it is the first source of
    nothing, but may be all there is.
    """
    value = decoded(document)
    for position, item in enumerate(value if isinstance(value, list) else ()):
        if isinstance(item, dict) and item.get("deviceCategory") == "SYSTEM":
            before = value[:position]

            def cited(key: str, before: Sequence[Any] = before) -> Citation:
                return cite_key(
                    document, key, sum(isinstance(b, dict) and key in b for b in before)
                )

            names = {
                "identity.model": "productName",
                "identity.serial": "serialNumber",
                "software.version": "softwareVersion",
            }
            return _named(item, names, cited)
    return {}


def _named(value: Mapping[str, Any], names: Mapping[str, str], cited: Any) -> dict[str, Fact[Any]]:
    """The texts under these keys, and the family when the model is one of its models."""
    facts: dict[str, Fact[Any]] = {}
    for name, key in names.items():
        text = value.get(key)
        if isinstance(text, str) and printable(text):
            facts[name] = Known(printable(text), (cited(key),))
    return _with_family(facts)


def _with_family(facts: dict[str, Fact[Any]]) -> dict[str, Fact[Any]]:
    model = facts.get("identity.model")
    if isinstance(model, Known) and _MODELS.fullmatch(model.value):
        facts["identity.vendor"] = Known("Poly", model.citations)
        facts["identity.family"] = Known("poly-studio", model.citations)
    return facts
