"""An inventory back to YAML that `load` reads as the same inventory."""

from __future__ import annotations

from typing import Any

import yaml

from inventory.model import Inventory


def to_yaml(inventory: Inventory) -> str:
    """Keys in the order of the models; what equals a default is left out."""
    data = inventory.model_dump(mode="json", exclude_defaults=True)
    return yaml.dump(
        data,
        Dumper=_Dumper,
        allow_unicode=True,
        sort_keys=False,
        default_flow_style=False,
        width=100,
    )


class _Dumper(yaml.SafeDumper):
    """Without anchors: a person shall be able to change one place and not another."""

    def ignore_aliases(self, data: Any) -> bool:
        return True
