"""What a reading decides, kept beside its type so that reports and editors can say it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import GetJsonSchemaHandler
from pydantic_core import CoreSchema

from inventory.text import Text


@dataclass(frozen=True, slots=True)
class Meaning:
    """Annotation of a field of `Readings`."""

    identifier: str
    """`A-02`; the requirement's id where the register has no entry."""
    vi: str
    en: str

    @property
    def text(self) -> Text:
        return Text(vi=self.vi, en=self.en)

    def __get_pydantic_json_schema__(
        self, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        schema = handler(core_schema)
        described = f"{self.identifier}: {self.vi} / {self.en}"
        if "$ref" in schema:
            return {"allOf": [schema], "description": described}
        return {**schema, "description": described}
