"""What a RealPresence Group system answers to its command line API.

HDX systems have the same interface, so the lines are read as theirs (`polycom_hdx_lines`); which
of the two a system is, only its model tells. `allowlistenabled` was taken from the firmware's list
of commands and not seen on a device.
"""

from __future__ import annotations

from inventory.text import Text
from rules.facts import Known, Unknown
from scanner.evidence import Document
from scanner.platforms.polycom_hdx_calls import answered_status, listed_calls
from scanner.platforms.polycom_hdx_lines import read_settings
from scanner.platforms.polycom_hdx_settings import setting_facts
from scanner.platforms.polycom_hdx_values import flag
from scanner.platforms.polycom_settings import is_group
from scanner.platforms.several_documents import Told, together


def api_answer(document: Document) -> Told:
    """What one text of answers tells; nothing for a settings file of an HDX system."""
    said = read_settings(document)
    if said.is_file:
        return Told()
    told = Told(setting_facts(said))
    told.facts.pop("identity.vendor", None)
    told.facts.pop("identity.family", None)
    model = told.facts.get("identity.model")
    if isinstance(model, Known) and is_group(model.value):
        told.facts["identity.vendor"] = Known("Polycom", model.citations)
        told.facts["identity.family"] = Known("polycom-group", model.citations)
    allowlist = flag(said, "allowlistenabled")
    if isinstance(allowlist, Known):
        told.facts["management.allowlist"] = (
            Unknown(_ADDRESSES, allowlist.citations)
            if allowlist.value
            else Known((), allowlist.citations)
        )
    status = answered_status(document)
    told.calls = [
        calls
        for calls in (listed_calls(document), status.pop("call.active", None))
        if calls is not None
    ]
    for name, fact in status.items():
        told.facts[name] = together(name, told.facts.get(name), fact)
    return told


_ADDRESSES = Text(
    vi="danh sách địa chỉ được phép đang bật nhưng câu trả lời không nêu các địa chỉ đó",
    en="the list of allowed addresses is on, and the answer does not say which it holds",
)
