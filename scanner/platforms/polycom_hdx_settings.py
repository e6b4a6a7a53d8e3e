"""What the settings of an HDX system mean, one function per subject."""

from __future__ import annotations

import ipaddress
import re
from typing import Any

from inventory.text import Text
from rules.facts import Fact, Known, Unknown
from rules.network_facts import Interface
from scanner.evidence import printable
from scanner.platforms.documented_default import not_shown
from scanner.platforms.polycom_hdx_access import access_facts
from scanner.platforms.polycom_hdx_lines import Said, Setting
from scanner.platforms.polycom_hdx_values import flag, missing
from scanner.products import version_key

release_key = version_key("polycom-hdx", least=2)

_ENCRYPTION = {
    "no": "off",
    "off": "off",
    "yes": "best-effort",
    "whenavailable": "best-effort",
    "requiredvideo": "best-effort",
    "requiredvideocallsonly": "best-effort",
    "requiredall": "required",
    "requiredallcalls": "required",
}
"""Letters only. Where only video calls must be encrypted, audio calls may stay in clear."""

_DEFAULTS = {
    "service.telnet.enabled": Text(vi="bật (cổng 23, 24)", en="on (ports 23 and 24)"),
    "service.http.enabled": Text(vi="bật", en="on"),
    "service.https.enabled": Text(vi="bật", en="on"),
    "service.snmp.enabled": Text(vi="tắt", en="off"),
    "service.h323.enabled": Text(vi="bật", en="on"),
    "service.sip.enabled": Text(vi="bật", en="on"),
}
_GUIDE = Text(
    vi="tài liệu quản trị HDX năm 2013 của hãng (hồ sơ bảo mật Minimum)",
    en="the vendor's administrator's guide for HDX of 2013 (security profile Minimum)",
)

_MODEL = re.compile(r"[A-Za-z0-9][\w .®()+/-]{0,60}", re.ASCII)
_SERIAL = re.compile(r"[A-Za-z0-9-]{4,40}")


def setting_facts(said: Said) -> dict[str, Fact[Any]]:
    """Facts of one document; what a settings file does not hold is Unknown with that reason."""
    facts: dict[str, Fact[Any] | None] = {
        **_identity(said),
        "service.snmp.enabled": flag(said, "snmpenabled"),
        "service.sip.enabled": flag(said, "sipenable"),
        "service.h323.enabled": flag(said, "iph323enable"),
        "snmp.versions": _snmp_versions(said),
        "snmp.default_community": _community(said),
        "call.encryption": _encryption(said),
        "call.auto_answer": _auto_answer(said),
        "call.far_end_camera": flag(said, "farcontrolnearcamera"),
        "management.idle_timeout_s": _idle_timeout(said),
        "ntp.servers": _time_servers(said),
        "bandwidth.max_kbps": _bandwidth(said),
        "interfaces": _interfaces(said),
        **access_facts(said),
    }
    return {name: _or_default(name, fact) for name, fact in facts.items() if fact is not None}


def _or_default(name: str, fact: Fact[Any]) -> Fact[Any]:
    """The documented default in the reason where a settings file has no key for a service."""
    if isinstance(fact, Unknown) and not fact.citations and name in _DEFAULTS:
        return not_shown(_DEFAULTS[name], _GUIDE)
    return fact


# --- single settings -------------------------------------------------------------------------


def _text(setting: Setting | None, form: re.Pattern[str]) -> Fact[str] | None:
    if setting is None or not form.fullmatch(setting.value):
        return None
    return Known(setting.value, (setting.citation,))


def _release(setting: Setting | None) -> Fact[str] | None:
    if setting is None or release_key(setting.value) is None:
        return None
    return Known(printable(setting.value), (setting.citation,))


# --- subjects --------------------------------------------------------------------------------


def _identity(said: Said) -> dict[str, Fact[Any] | None]:
    model = said.settings.get("model")
    facts: dict[str, Fact[Any] | None] = {
        "identity.model": _text(model, _MODEL) or missing(said, "model"),
        "identity.serial": _text(said.settings.get("serialnumber"), _SERIAL)
        or missing(said, "serialnumber"),
        "software.version": _release(said.settings.get("version"))
        or _release(said.settings.get("productversion"))
        or missing(said, "productversion"),
    }
    if model is not None and re.match(r"(?i)(?:polycom[ ®]{1,3})?HDX\b", model.value):
        facts["identity.vendor"] = Known("Polycom", (model.citation,))
        facts["identity.family"] = Known("polycom-hdx", (model.citation,))
    return facts


def _snmp_versions(said: Said) -> Fact[tuple[str, ...]] | None:
    """() while the agent is off; which versions answer when it is on is not told."""
    agent = flag(said, "snmpenabled")
    if not isinstance(agent, Known):
        return agent
    return Unknown(_SNMP_VERSION, agent.citations) if agent.value else Known((), agent.citations)


def _community(said: Said) -> Fact[bool] | None:
    setting = said.settings.get("snmpcommunity")
    if setting is None or not setting.value:
        return missing(said, "snmpcommunity")
    if re.fullmatch(r"\*+", setting.value):
        return Unknown(_MASKED, (setting.citation,))
    return Known(setting.value.lower() in {"public", "private"}, (setting.citation,))


def _encryption(said: Said) -> Fact[str] | None:
    setting = said.settings.get("encryptionenable")
    word = re.sub(r"[^a-z]", "", setting.value.lower()) if setting else ""
    if setting is None or word not in _ENCRYPTION:
        return missing(said, "encryptionenable")
    return Known(_ENCRYPTION[word], (setting.citation,))


def _answers(said: Said, key: str) -> Fact[bool] | None:
    setting = said.settings.get(key)
    if setting and re.sub(r"[^a-z]", "", setting.value.lower()) == "donotdisturb":
        return Known(False, (setting.citation,))
    return flag(said, key)


def _auto_answer(said: Said) -> Fact[bool] | None:
    """Whether a system without a call takes one by itself.

    The setting for multipoint calls only decides once a call is up: on, it counts as well; off or
    absent, it changes nothing.
    """
    single, several = _answers(said, "answersinglecall"), _answers(said, "answermultipointcall")
    if isinstance(single, Known) and single.value:
        return single
    if isinstance(several, Known) and several.value:
        return several
    if isinstance(several, Unknown) and "answermultipointcall" in (
        said.settings.keys() | said.contradicted.keys()
    ):
        return several
    return single


def _idle_timeout(said: Said) -> Fact[int] | None:
    """Never told; where sessions are off, the reason says so."""
    sessions = said.settings.get("sessionsenabled")
    if sessions is None:
        return Unknown(_NO_TIMEOUT, in_no_file=True) if said.is_file else None
    return Unknown(_NO_TIMEOUT, (sessions.citation,), in_no_file=True)


def _time_servers(said: Said) -> Fact[tuple[str, ...]] | None:
    mode, server = said.settings.get("timeserver"), said.settings.get("timeserverurl")
    word = mode.value.lower() if mode else ""
    if mode is not None and word == "off":
        return Known((), (mode.citation,))
    if mode is not None and word == "auto":
        return Unknown(_AUTOMATIC_TIME, (mode.citation,))
    if mode is None or word != "manual":
        return missing(said, "timeserver")
    if server is None:
        return missing(said, "timeserverurl")
    names = tuple(printable(name) for name in re.split(r"[\s,;]+", server.value) if name)
    if any(not re.fullmatch(r"[\w.:\-]{1,253}", name) for name in names):
        return missing(said, "timeserverurl")
    return Known(names, (server.citation, mode.citation))


def _bandwidth(said: Said) -> Fact[int] | None:
    """The larger of what is sent and received; both must be told."""
    limits = []
    for key in ("maxtxbandwidth", "maxrxbandwidth"):
        setting = said.settings.get(key)
        if setting is None or not re.fullmatch(r"[0-9]{1,6}", setting.value):
            return missing(said, key)
        limits.append((int(setting.value), setting.citation))
    highest = max(value for value, _ in limits)
    return Known(highest, tuple(citation for value, citation in limits if value == highest))


def _interfaces(said: Said) -> Fact[tuple[Interface, ...]] | None:
    """The address that is set; under DHCP another one may be in use."""
    dhcp = said.settings.get("dhcp_flg")
    if dhcp is None:
        return missing(said, "dhcp_flg")
    if dhcp.value.lower() == "client":
        return Unknown(_DHCP, (dhcp.citation,))
    if dhcp.value.lower() not in {"off", "server"}:
        return missing(said, "dhcp_flg")
    address, mask = said.settings.get("configuredipaddress"), said.settings.get("subnetmask")
    if address is None or mask is None:
        return missing(said, "subnetmask" if address else "configuredipaddress")
    try:
        own = ipaddress.IPv4Interface(f"{address.value}/{mask.value}")
    except ValueError:
        return missing(said, "configuredipaddress")
    return Known((Interface("lan", (own,)),), (address.citation, mask.citation))


_SNMP_VERSION = Text(
    vi="SNMP đang bật nhưng thiết bị không cho biết phiên bản nào được dùng",
    en="SNMP is on and the device does not say which versions are used",
)
_MASKED = Text(
    vi="chuỗi cộng đồng (community) SNMP bị che",
    en="the SNMP community is masked",
)
_NO_TIMEOUT = Text(
    vi="bản xuất cấu hình không có thời gian chờ của phiên làm việc (xem khóa `sessionsenabled`)",
    en="the settings file does not hold the session timeout (see `sessionsenabled`)",
)
_AUTOMATIC_TIME = Text(
    vi="thiết bị tự chọn máy chủ thời gian và không cho biết máy chủ nào",
    en="the device chooses its time server by itself and does not say which",
)
_DHCP = Text(
    vi="thiết bị nhận địa chỉ qua DHCP nên địa chỉ ghi trong cấu hình có thể không còn đúng",
    en="the device gets its address by DHCP, so the one in its settings may be out of date",
)
