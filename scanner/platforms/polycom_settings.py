"""What the settings of a RealPresence Group system mean, one function per subject."""

from __future__ import annotations

import ipaddress
import re
from typing import Any

from inventory.text import Text
from rules.facts import DeviceAccount, Fact, Known, Unknown
from rules.network_facts import Interface, Prefix
from scanner.evidence import printable
from scanner.platforms.polycom_export import Export, Setting

_WEB = "security.remoteaccess.web"
_ACCOUNT = re.compile(
    r"security\.authentication\.accounts(?:\[\d{1,3}\])?\.(admin|user)account\.id"
)
_GROUP = re.compile(
    r"(?i)(?:poly(?:com)?[ ®]{0,3})?(?:real ?presence[ ®]{1,3}group\b|group ?series|group ?\d{3}\b)"
)
_CALL = "comm.Callsetting.callFeatures"
_LOCKOUT = "security.authentication.lockout.accountlockout.admin.lockoutattempts"

_NEVER = (
    *(f"password_policy.{what}" for what in ("min_length", "digits", "lowercase", "uppercase")),
    *(f"password_policy.{what}" for what in ("special", "history", "max_age_days")),
    *("syslog.targets", "tls.min_version", "call.far_end_camera"),
)
"""Facts that no export of this family holds."""

_YES_NO = dict.fromkeys(("true", "yes", "on", "1", "enabled"), True)
_YES_NO |= dict.fromkeys(("false", "no", "off", "0", "disabled"), False)
_ENCRYPTION = {
    "off": "off",
    "no": "off",
    "yes": "best-effort",
    "whenavailable": "best-effort",
    "requiredvideo": "best-effort",
    "requiredvideocallsonly": "best-effort",
    "requiredforvideocallsonly": "best-effort",
    "requiredall": "required",
    "requiredallcalls": "required",
    "requiredforallcalls": "required",
}
"""Words of the settings and of the command line API, letters only. Audio calls may stay in clear
where only video calls must be encrypted, so that is not `required`."""


def setting_facts(export: Export) -> dict[str, Fact[Any]]:
    """Every fact that an export holds; a setting that is not in it is Unknown with that reason."""
    return {
        **_identity(export),
        **_services(export),
        **_snmp(export),
        "management.allowlist": _allowlist(export),
        "management.idle_timeout_s": number(export, f"{_WEB}.idlesessiontimeout", 60),
        "management.lockout_attempts": number(export, _LOCKOUT, 1),
        "call.encryption": _encryption(export),
        "call.auto_answer": _auto_answer(export),
        "ntp.servers": _time_servers(export),
        "bandwidth.max_kbps": _bandwidth(export),
        "interfaces": _interfaces(export),
        "accounts": _accounts(export),
        **{name: Unknown(_NOT_EXPORTED) for name in _NEVER},
    }


# --- single settings -------------------------------------------------------------------------


def missing(export: Export, key: str) -> Unknown:
    """Why a key gives nothing: it is absent or its value is not understood."""
    setting = export.get(key)
    twice = export.contradicted.get(key.lower())
    if twice is not None:
        return Unknown(_CONTRADICTED.format(key=key), twice)
    if setting is None:
        return Unknown((_ABSENT if export.complete else _CUT_OFF).format(key=key))
    return Unknown(
        _NOT_UNDERSTOOD.format(key=key, value=printable(setting.value, 40)), (setting.citation,)
    )


def flag(export: Export, key: str) -> Fact[bool]:
    """True or false in any of the ways these exports write it."""
    setting = export.get(key)
    value = _YES_NO.get(setting.value.strip().lower()) if setting else None
    if setting is None or value is None:
        return missing(export, key)
    return Known(value, (setting.citation,))


def number(export: Export, key: str, factor: int) -> Fact[int]:
    """A whole number times `factor`; `Off` is 0."""
    setting = export.get(key)
    if setting is None:
        return missing(export, key)
    value = setting.value.strip()
    if value.lower() == "off":
        return Known(0, (setting.citation,))
    if not re.fullmatch(r"[0-9]{1,6}", value):
        return missing(export, key)
    return Known(int(value) * factor, (setting.citation,))


# --- subjects --------------------------------------------------------------------------------


def _identity(export: Export) -> dict[str, Fact[Any]]:
    facts: dict[str, Fact[Any]] = {}
    for name, key in (
        ("identity.model", "system.info.humanreadablemodel"),
        ("identity.serial", "system.info.serialnumber"),
        ("software.version", "system.info.humanreadableversion"),
    ):
        setting = export.get(key)
        value = printable(setting.value) if setting else ""
        facts[name] = (
            Known(value, (setting.citation,))
            if setting and value
            else Unknown(_ABSENT.format(key=key))
        )
    platform = export.get("system.info.humanreadableplatform")
    model = export.get("system.info.humanreadablemodel")
    own = next(
        (mark for mark in (platform, model) if mark is not None and is_group(mark.value)), None
    )
    if own is not None:
        facts["identity.vendor"] = Known("Polycom", (own.citation,))
        facts["identity.family"] = Known("polycom-group", (own.citation,))
    return facts


def is_group(name: str) -> bool:
    """The name is that of a model of this family, or of the family itself."""
    return _GROUP.match(name.strip()) is not None


def _services(export: Export) -> dict[str, Fact[Any]]:
    return {
        "service.telnet.enabled": flag(export, "security.remoteaccess.telnet.enabled"),
        "service.ssh.enabled": flag(export, "security.remoteaccess.ssh.enabled"),
        "service.https.enabled": flag(export, f"{_WEB}.enabled"),
        "service.http.enabled": _clear_web(export),
        "service.snmp.enabled": flag(export, "management.snmp.enabled"),
        "service.sip.enabled": flag(export, "comm.Callpreference.sipenable"),
        "service.h323.enabled": flag(export, "comm.Callpreference.iph323enable"),
    }


def _clear_web(export: Export) -> Fact[bool]:
    """HTTP answers when the web interface is on and not restricted to HTTPS."""
    enabled = flag(export, f"{_WEB}.enabled")
    if isinstance(enabled, Unknown) or not enabled.value:
        return enabled
    only = flag(export, f"{_WEB}.httpsonly")
    if isinstance(only, Unknown):
        return only
    return Known(not only.value, only.citations + enabled.citations)


def _snmp(export: Export) -> dict[str, Fact[Any]]:
    return {"snmp.versions": _snmp_versions(export), "snmp.default_community": _community(export)}


def _snmp_versions(export: Export) -> Fact[tuple[str, ...]]:
    """The versions that are switched on; () while the agent itself is off."""
    agent = flag(export, "management.snmp.enabled")
    if isinstance(agent, Unknown):
        return agent
    if not agent.value:
        return Known((), agent.citations)
    found: list[str] = []
    citations = agent.citations
    for version, key in (("1", "versionone"), ("2c", "versiontwo"), ("3", "versionthree")):
        state = flag(export, f"management.snmp.{key}")
        if isinstance(state, Unknown):
            return state
        citations += state.citations
        if state.value:
            found.append(version)
    return Known(tuple(found), citations)


def _community(export: Export) -> Fact[bool]:
    """Any community but the two defaults has been redacted before it came here."""
    key = "management.snmp.community"
    setting = export.get(key)
    if setting is None:
        return missing(export, key)
    return Known(setting.value.lower() in {"public", "private"}, (setting.citation,))


def _allowlist(export: Export) -> Fact[tuple[Prefix, ...]]:
    """The addresses the web interface answers; () = any, because the list is switched off."""
    enabled = flag(export, f"{_WEB}.whitelist.enabled")
    if isinstance(enabled, Unknown):
        return enabled
    if not enabled.value:
        return Known((), enabled.citations)
    key = f"{_WEB}.whitelist.ipaddresses"
    lines = list(export.numbered(key))
    words = [word for line in lines for word in re.split(r"[\s,;|]+", line.value) if word]
    if not words or not export.complete:
        return missing(export, key) if not lines or not words else Unknown(_CUT_OFF.format(key=key))
    prefixes: list[Prefix] = []
    for word in words:
        covered = _prefixes(word)
        if covered is None:
            return Unknown(
                _NOT_UNDERSTOOD.format(key=key, value=printable(word, 40)),
                tuple(line.citation for line in lines),
            )
        prefixes += covered
    return Known(tuple(prefixes), enabled.citations + tuple(line.citation for line in lines))


def _prefixes(word: str) -> list[Prefix] | None:
    """An address, a prefix or a range `first-last`; None for anything else."""
    first, dash, last = word.partition("-")
    try:
        if not dash:
            return [ipaddress.ip_network(word, strict=False)]
        low, high = ipaddress.ip_address(first), ipaddress.ip_address(last)
        if isinstance(low, ipaddress.IPv4Address) and isinstance(high, ipaddress.IPv4Address):
            return list(ipaddress.summarize_address_range(low, high))
        if isinstance(low, ipaddress.IPv6Address) and isinstance(high, ipaddress.IPv6Address):
            return list(ipaddress.summarize_address_range(low, high))
    except (ValueError, TypeError):
        return None
    return None


def _encryption(export: Export) -> Fact[str]:
    key = f"{_CALL}.encryptionenable"
    setting = export.get(key)
    word = re.sub(r"[^a-z]", "", setting.value.lower()) if setting else ""
    if setting is None or word not in _ENCRYPTION:
        return missing(export, key)
    return Known(_ENCRYPTION[word], (setting.citation,))


def _auto_answer(export: Export) -> Fact[bool]:
    """True when one kind of call is answered by itself, False when both are known not to be."""
    citations: tuple[Any, ...] = ()
    doubt: Unknown | None = None
    for kind in ("answersinglecall", "answermultipointcall"):
        key = f"{_CALL}.autoanswer.{kind}"
        setting = export.get(key)
        word = re.sub(r"[^a-z]", "", setting.value.lower()) if setting else ""
        if setting is not None and word in {"yes", "true"}:
            return Known(True, (setting.citation,))
        if setting is None or word not in {"no", "false", "donotdisturb"}:
            doubt = doubt or missing(export, key)
        else:
            citations += (setting.citation,)
    return doubt or Known(False, citations)


def _accounts(export: Export) -> Fact[tuple[DeviceAccount, ...]]:
    """The administrator and the user; the first is named only where it was renamed or provisioned.

    A directory server may let in others as well.
    """
    directory = flag(export, "security.authentication.external.enabled")
    if isinstance(directory, Unknown):
        return directory
    if directory.value:
        return Unknown(_DIRECTORY, directory.citations)
    found: dict[str, Setting] = {}
    for key, setting in export.settings.items():
        match = _ACCOUNT.fullmatch(key)
        if match is not None and printable(setting.value):
            found[match[1]] = setting
    citations = tuple(setting.citation for setting in found.values())
    if "admin" not in found or not export.complete:
        return Unknown(_NO_ADMINISTRATOR, citations)
    accounts = tuple(
        DeviceAccount(printable(setting.value, 64), role, role == "admin")
        for role, setting in sorted(found.items())
    )
    return Known(accounts, citations + directory.citations)


def _time_servers(export: Export) -> Fact[tuple[str, ...]]:
    """The servers by name; with mode `Auto` and none set, the export does not tell which."""
    mode = export.get("time.timeserver.mode")
    if mode is None:
        return missing(export, "time.timeserver.mode")
    if mode.value.lower() == "off":
        return Known((), (mode.citation,))
    if mode.value.lower() not in {"auto", "manual"}:
        return missing(export, "time.timeserver.mode")
    servers = [s for s in export.numbered("time.timeserver.address") if s.value.strip()]
    if not export.complete:
        return Unknown(_CUT_OFF.format(key="time.timeserver.address"))
    if not servers and mode.value.lower() == "auto":
        return Unknown(_AUTOMATIC_TIME, (mode.citation,))
    return Known(
        tuple(printable(s.value) for s in servers),
        (mode.citation, *(s.citation for s in servers)),
    )


def _bandwidth(export: Export) -> Fact[int]:
    limits = [number(export, f"comm.Qos.{key}", 1) for key in ("maxrxbandwidth", "maxtxbandwidth")]
    for limit in limits:
        if isinstance(limit, Unknown):
            return limit
    known = [limit for limit in limits if isinstance(limit, Known)]
    highest = max(known, key=lambda limit: limit.value)
    return Known(highest.value, highest.citations)


def _interfaces(export: Export) -> Fact[tuple[Interface, ...]]:
    key = "system.network.wired.ipv4nic"
    address, mask = export.get(f"{key}.address"), export.get(f"{key}.subnetmask")
    if address is None or mask is None:
        return missing(export, f"{key}.address")
    try:
        own = ipaddress.IPv4Interface(f"{address.value}/{mask.value}")
    except ValueError:
        return missing(export, f"{key}.address")
    citations = (address.citation, mask.citation)
    return Known((Interface("wired", (own,)),), citations)


_ABSENT = Text(
    vi="bản xuất cấu hình không có khóa `{key}`",
    en="the settings export has no key `{key}`",
)
_CONTRADICTED = Text(
    vi="bản xuất cấu hình ghi khóa `{key}` nhiều lần với giá trị khác nhau",
    en="the settings export gives `{key}` more than once with different values",
)
_CUT_OFF = Text(
    vi="bản xuất cấu hình không trọn vẹn nên chưa rõ khóa `{key}`",
    en="the settings export is cut short, so `{key}` is not known",
)
_NOT_UNDERSTOOD = Text(
    vi="không hiểu giá trị “{value}” của khóa `{key}`",
    en="the value “{value}” of `{key}` is not understood",
)
_NOT_EXPORTED = Text(
    vi="bản xuất cấu hình của dòng thiết bị này không chứa thiết lập này; cần xem giao diện web",
    en="the settings export of this family does not hold this; look it up in the web interface",
)
_DIRECTORY = Text(
    vi="thiết bị còn cho tài khoản của máy chủ thư mục đăng nhập nên chưa rõ đủ các tài khoản",
    en="accounts of a directory server may log in as well, so the list is not complete",
)
_NO_ADMINISTRATOR = Text(
    vi="bản xuất cấu hình không ghi tên tài khoản quản trị nên chưa rõ đủ các tài khoản",
    en="the settings export does not name the administrator, so the list is not complete",
)
_AUTOMATIC_TIME = Text(
    vi="thiết bị tự chọn máy chủ thời gian và không cho biết máy chủ nào",
    en="the device chooses its time server by itself and does not say which",
)
