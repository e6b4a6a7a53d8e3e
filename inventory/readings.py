"""The open phrases of the Regulation and how this organisation reads them.

One field per phrase, named as in the register of readings (A-01 ... A-37), with the default of a
careful auditor. A report prints every field that differs from its default (`changed`).
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from inventory.declared import Declared


class Period(Declared):
    unit: Literal["month", "day"] = "month"
    value: int = Field(gt=0)


class Readings(Declared):
    password_max_age: Period = Field(Period(value=6), description="A-01")
    retention_min: Period = Field(Period(value=6), description="A-02")
    special_set: Literal["unicode", "ascii_punct", "ascii_punct_plus_space"] = Field(
        "unicode", description="A-05"
    )
    latest_grace_days: int = Field(0, ge=0, description="A-07")
    logical_separation: Literal["vlan_and_filter", "vlan_only"] = Field(
        "vlan_and_filter", description="A-09"
    )
    firewall_kind: Literal["stateful", "acl_accepted"] = Field("stateful", description="A-11")
    annual: Literal["rolling_12_months", "calendar_year"] = Field(
        "rolling_12_months", description="A-22"
    )
    realtime_max_delay_s: int = Field(300, gt=0, description="A-26")
    retention_gap_h: int = Field(24, gt=0, description="D12.5")
    event_max_age_h: int = Field(24, gt=0, description="D12.3-a")
    vendor_catalogue_max_age_days: int = Field(30, gt=0, description="D11.3-a")
    weak_policy: Literal["und", "fail"] = Field("und", description="A-37")

    def changed(self) -> dict[str, Any]:
        """Names and values of the readings that differ from their defaults."""
        default = type(self)()
        return {
            name: getattr(self, name)
            for name in type(self).model_fields
            if getattr(self, name) != getattr(default, name)
        }
