"""Facts and findings as JSON text and back, without loss.

A known fact is `{"value": ..., "citations": [...]}`, an unknown one `{"reason": {"vi", "en"},
"citations": [...]}`. Only characters that Unicode does not allow (lone surrogates, which a hostile
device can send inside JSON) are changed: each becomes U+FFFD.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

from inventory.text import Text
from rules.facts import FACT_TYPES, Fact, Known, Unknown
from rules.model import Finding
from rules.notice import Notice


class WrongType(TypeError):
    """A value is not of the type its name promises: an error of the module that made it."""


@cache
def _fact_adapter(name: str) -> TypeAdapter[Fact[Any]]:
    known: Any = Known
    # `constants` keeps an infinite gap between log records an infinite gap.
    return TypeAdapter(
        known[FACT_TYPES[name]] | Unknown, config=ConfigDict(ser_json_inf_nan="constants")
    )


@cache
def _finding_adapter() -> TypeAdapter[Finding]:
    return TypeAdapter(Finding)


@cache
def _notice_adapter() -> TypeAdapter[Notice]:
    return TypeAdapter(Notice)


@cache
def _text_adapter() -> TypeAdapter[Text]:
    return TypeAdapter(Text)


def _dump(adapter: TypeAdapter[Any], value: object, what: str) -> str:
    try:
        return adapter.dump_json(value, warnings="error").decode()
    except PydanticSerializationError as error:
        if "UnicodeEncodeError" not in str(error):
            raise WrongType(f"{what} has a value of the wrong type") from None
    try:
        plain = adapter.dump_python(value, mode="json", warnings="error")
    except PydanticSerializationError:
        raise WrongType(f"{what} has a value of the wrong type") from None
    return valid_unicode(json.dumps(plain, ensure_ascii=False, separators=(",", ":")))


def valid_unicode(text: str) -> str:
    """The text with every lone surrogate replaced by U+FFFD."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def encode_fact(name: str, fact: Fact[Any]) -> str:
    """JSON text of a fact. Raises WrongType when the value is not what `FACT_TYPES` says."""
    return _dump(_fact_adapter(name), fact, f"the fact {name!r}")


def decode_fact(name: str, text: str) -> Fact[Any]:
    """The fact that `encode_fact` was given. What cannot be read is Unknown, never a value."""
    if name not in FACT_TYPES:
        raise KeyError(f"{name!r} is not the name of a fact")
    try:
        return _fact_adapter(name).validate_json(text, strict=True)
    except ValidationError:
        return Unknown(
            Text(
                vi="dữ liệu đã lưu của phiên bản khác, không đọc lại được; hãy quét lại",
                en="stored by another version and not readable any more; scan again",
            )
        )


def encode_finding(finding: Finding) -> str:
    """JSON text of a finding."""
    return _dump(_finding_adapter(), finding, f"the finding of {finding.requirement}")


def decode_finding(text: str) -> Finding:
    """The finding that `encode_finding` was given."""
    return _finding_adapter().validate_json(text, strict=True)


def encode_notice(notice: Notice) -> str:
    """JSON text of an observation."""
    return _dump(_notice_adapter(), notice, f"the observation {notice.kind}")


def decode_notice(text: str) -> Notice:
    """The observation that `encode_notice` was given."""
    return _notice_adapter().validate_json(text, strict=True)


def encode_text(text: Text) -> str:
    """JSON text of a sentence in two languages."""
    return _dump(_text_adapter(), text, "the sentence")


def decode_text(text: str) -> Text:
    """The sentence that `encode_text` was given."""
    return _text_adapter().validate_json(text)
