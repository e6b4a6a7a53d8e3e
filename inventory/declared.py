"""The base of everything declared: immutable, unknown keys are errors, input never echoed."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Declared(BaseModel):
    """One group of keys of the inventory file."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)
