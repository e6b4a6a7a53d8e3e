"""What the settings of Poly G7500 and Studio X mean, one function per subject.

A setting that is not in the export is Unknown with that reason. Words of the values as in the
vendor's schema of release 3.10: `Off`, `When_Available`, `Required_Video`, `Required_All` for
encryption; `Yes`, `No`, `Do_Not_Disturb` for answering; `Off` or a number for the password policy.
"""

from __future__ import annotations

import ipaddress
import re
from typing import Any

from inventory.text import Text
from rules.facts import Citation, DeviceAccount, Fact, Known, SyslogTarget, Unknown
from rules.network_facts import Interface
from scanner.evidence import printable
from scanner.platforms.polycom_export import Export, Setting
from scanner.platforms.polycom_hardening import serial_port, shown, signalling, usb
from scanner.platforms.polycom_settings import flag, missing, number

VENDOR = "Poly"
FAMILY = "poly-studio"

_MARKS = ("sec.web.httpsOnly", "call.encryption.requireAES", "sec.telnet.apiPort")
"""Phones of the same vendor have exports that look alike, without these settings."""

_ENCRYPTION = {
    "off": "off",
    "no": "off",
    "yes": "best-effort",
    "whenavailable": "best-effort",
    "requiredvideo": "best-effort",
    "requiredvideocallsonly": "best-effort",
    "requiredall": "required",
    "requiredallcalls": "required",
}
"""Letters only. Where only video calls must be encrypted, audio calls may stay in clear."""

_TLS = {
    "tlsv1": "TLSv1.0",
    "tlsv1_0": "TLSv1.0",
    "tlsv1_1": "TLSv1.1",
    "tlsv1_2": "TLSv1.2",
    "tlsv1_3": "TLSv1.3",
}
_POLICY = {
    "password_policy.min_length": "minLength",
    "password_policy.digits": "numCount",
    "password_policy.lowercase": "lowercaseCount",
    "password_policy.uppercase": "uppercaseCount",
    "password_policy.special": "specialCharCount",
    "password_policy.history": "rejectPrevPassword",
    "password_policy.max_age_days": "maxAge",
}
_MASKS = re.compile(r"REMOVED_SECURE_CONTENT|[*•]+")


def studio_facts(export: Export) -> dict[str, Fact[Any]]:
    """Every fact that an export holds; the model and the software are not in it."""
    return {
        **_identity(export),
        **_services(export),
        **{name: _policy(export, key) for name, key in _POLICY.items()},
        "snmp.versions": _snmp_versions(export),
        "snmp.default_community": _community(export),
        "management.idle_timeout_s": number(export, "sec.web.idleSessionTimeout", 60),
        "management.lockout_attempts": number(
            export, "sec.auth.accountLockout.admin.lockoutAttempts", 1
        ),
        "accounts": _accounts(export),
        "call.encryption": _encryption(export),
        "call.auto_answer": _auto_answer(export),
        "call.far_end_camera": flag(export, "video.camera.farControlNearCamera"),
        **shown(
            {
                "sip.encryption": signalling(export, "voIpProt.SIP.transport"),
                "serial_port.access": serial_port(export, "sec.serialPort.login.mode"),
                "usb.enabled": usb(export, "sec.usb.disableAll"),
            }
        ),
        "tls.min_version": _tls(export),
        "ntp.servers": _time_servers(export),
        "syslog.targets": _syslog(export),
        "bandwidth.max_kbps": _bandwidth(export),
        "interfaces": _interfaces(export),
    }


def _holds(export: Export, beginning: str) -> bool:
    return any(name.startswith(beginning.lower()) for name in export.settings)


def _identity(export: Export) -> dict[str, Fact[Any]]:
    mark = next((found for key in _MARKS if (found := export.get(key))), None)
    if mark is None:
        return {}
    return {
        "identity.vendor": Known(VENDOR, (mark.citation,)),
        "identity.family": Known(FAMILY, (mark.citation,)),
    }


# --- management ------------------------------------------------------------------------------


def _services(export: Export) -> dict[str, Fact[Any]]:
    return {
        "service.telnet.enabled": flag(export, "sec.telnet.enable"),
        "service.ssh.enabled": flag(export, "sec.ssh.enable"),
        "service.https.enabled": flag(export, "sec.web.enable"),
        "service.http.enabled": _clear_web(export),
        "service.snmp.enabled": flag(export, "snmp.enable"),
        "service.sip.enabled": flag(export, "voIpProt.SIP.enable"),
        "service.h323.enabled": flag(export, "voIpProt.H323.enable"),
    }


def _clear_web(export: Export) -> Fact[bool]:
    """HTTP answers when the web interface is on and not restricted to HTTPS."""
    enabled = flag(export, "sec.web.enable")
    if isinstance(enabled, Unknown) or not enabled.value:
        return enabled
    only = flag(export, "sec.web.httpsOnly")
    if isinstance(only, Unknown):
        return only
    return Known(not only.value, only.citations + enabled.citations)


def _snmp_versions(export: Export) -> Fact[tuple[str, ...]]:
    """The versions that are switched on; () while the agent itself is off."""
    agent = flag(export, "snmp.enable")
    if isinstance(agent, Unknown):
        return agent
    if not agent.value:
        return Known((), agent.citations)
    found: list[str] = []
    citations = agent.citations
    for version, digit in (("1", 1), ("2c", 2), ("3", 3)):
        state = flag(export, f"snmp.version{digit}.enable")
        if isinstance(state, Unknown):
            return state
        citations += state.citations
        if state.value:
            found.append(version)
    return Known(tuple(found), citations)


def _community(export: Export) -> Fact[bool]:
    """Any community but the two defaults has been redacted before it came here."""
    setting = export.get("snmp.community")
    if setting is None:
        return missing(export, "snmp.community")
    if _MASKS.fullmatch(setting.value):
        return Unknown(_MASKED, (setting.citation,))
    return Known(setting.value.strip().lower() in {"public", "private"}, (setting.citation,))


def _policy(export: Export, key: str) -> Fact[int]:
    """What the weaker of both policies asks for: remote access and the room's own settings.

    The room's password opens remote access as well where `useRoomPassword` says so, and where not,
    it still opens the settings in the room.
    """
    names = (f"sec.auth.remote.password.{key}", f"sec.auth.admin.room.password.{key}")
    told = [number(export, name, 1) for name in names]
    if export.complete and not _holds(export, "sec.auth.admin.room.password."):
        # a release without a policy of the room: the other one is the policy
        return told[0]
    known = [fact for fact in told if isinstance(fact, Known)]
    if len(known) < len(told):
        return next(fact for fact in told if isinstance(fact, Unknown))
    # 0 days is for ever, the weakest age there is; otherwise the longer one is weaker
    if key == "maxAge":
        weakest = max(known, key=lambda fact: fact.value or 10**9)
    else:
        weakest = min(known, key=lambda fact: fact.value)
    return weakest


def _accounts(export: Export) -> Fact[tuple[DeviceAccount, ...]]:
    """The local accounts; Unknown while a directory may let in others as well."""
    key = "sec.auth.external.AD.enable"
    directory = flag(export, key)
    if isinstance(directory, Unknown):
        return directory
    if directory.value:
        return Unknown(_DIRECTORY, directory.citations)
    if not export.complete:
        return Unknown(_CUT_OFF)
    found: list[DeviceAccount] = []
    citations: tuple[Citation, ...] = ()
    for name, setting in export.settings.items():
        role = re.fullmatch(r"sec\.auth\.(\w{1,20})\.id", name)
        if role is not None and _MASKS.fullmatch(setting.value):
            return Unknown(_MASKED_NAME, (setting.citation,))
        if role is not None and printable(setting.value):
            administrator = True if role[1] == "admin" else None
            found.append(DeviceAccount(printable(setting.value, 64), role[1], administrator))
            citations += (setting.citation,)
    if not any(account.administrator for account in found):
        return missing(export, "sec.auth.admin.id")
    return Known(tuple(found), citations + directory.citations)


def _tls(export: Export) -> Fact[str]:
    key = "sec.TLS.minimumVersion"
    setting = export.get(key)
    version = _TLS.get(setting.value.strip().lower().replace(".", "_")) if setting else None
    if setting is None or version is None:
        return missing(export, key)
    return Known(version, (setting.citation,))


# --- calls -----------------------------------------------------------------------------------


def _letters(setting: Setting | None) -> str:
    return re.sub(r"[^a-z]", "", setting.value.lower()) if setting else ""


def _encryption(export: Export) -> Fact[str]:
    key = "call.encryption.requireAES"
    setting = export.get(key)
    word = _letters(setting)
    if setting is None or word not in _ENCRYPTION:
        return missing(export, key)
    return Known(_ENCRYPTION[word], (setting.citation,))


def _auto_answer(export: Export) -> Fact[bool]:
    """True when one kind of call is answered by itself, False when none of those named is."""
    key = "call.autoAnswer.answerP2PCall"
    kinds = {
        name: setting
        for name, setting in sorted(export.settings.items())
        if name.startswith("call.autoanswer.answer")
    }
    for setting in kinds.values():
        if _letters(setting) in {"yes", "true"}:
            return Known(True, (setting.citation,))
    if key.lower() not in kinds or not export.complete:
        return missing(export, key) if key.lower() not in kinds else Unknown(_CUT_OFF)
    for name, setting in kinds.items():
        if _letters(setting) not in {"no", "false", "donotdisturb"}:
            return missing(export, name)
    own = kinds.pop(key.lower())
    return Known(False, (own.citation, *(setting.citation for setting in kinds.values())))


def _bandwidth(export: Export) -> Fact[int]:
    """The highest rate of a call in either direction, in kbit/s."""
    limits = [
        number(export, f"call.preferredSpeed.{direction}", 1)
        for direction in ("maxIncoming", "outgoing")
    ]
    for limit in limits:
        if isinstance(limit, Unknown):
            return limit
    known = [limit for limit in limits if isinstance(limit, Known)]
    return max(known, key=lambda limit: limit.value)


# --- surroundings ----------------------------------------------------------------------------


def _time_servers(export: Export) -> Fact[tuple[str, ...]]:
    """The servers by name. With mode `Auto` the device takes those that the network gives it."""
    key = "device.local.ntpServer"
    mode = export.get(f"{key}.mode")
    word = _letters(mode)
    if mode is None or word not in {"auto", "manual", "off"}:
        return missing(export, f"{key}.mode")
    if word == "off":
        return Known((), (mode.citation,))
    if word == "auto":
        return Unknown(_AUTOMATIC_TIME, (mode.citation,))
    if not export.complete:
        return Unknown(_CUT_OFF)
    slots = [
        setting
        for name, setting in sorted(export.settings.items())
        if re.fullmatch(re.escape(key.lower()) + r"\.address\.\d{1,3}", name)
    ]
    # a list that begins with its second server has lost the first one
    if export.get(f"{key}.address.1") is None:
        return missing(export, f"{key}.address.1")
    servers = [setting for setting in slots if setting.value]
    names = tuple(printable(setting.value) for setting in servers)
    return Known(names, (mode.citation, *(setting.citation for setting in servers)))


def _syslog(export: Export) -> Fact[tuple[SyslogTarget, ...]]:
    enabled = flag(export, "device.syslog.enable")
    if isinstance(enabled, Unknown):
        return enabled
    if not enabled.value:
        return Known((), enabled.citations)
    server = export.get("device.syslog.serverName")
    if server is None:
        return missing(export, "device.syslog.serverName")
    citations = (*enabled.citations, server.citation)
    if not printable(server.value):
        return Known((), citations)
    transport = export.get("device.syslog.transport")
    protocol = transport.value.strip().lower() if transport else ""
    if transport is None or protocol not in {"udp", "tcp", "tls"}:
        return missing(export, "device.syslog.transport")
    target = re.fullmatch(r"(\[[0-9A-Fa-f:.]+\]|[^:\s]+)(?::(\d{1,5}))?", server.value.strip())
    address, port = (target[1], target[2]) if target else (server.value, None)
    found = SyslogTarget(printable(address).strip("[]"), int(port) if port else None, protocol)
    return Known((found,), (*citations, transport.citation))


def _interfaces(export: Export) -> Fact[tuple[Interface, ...]]:
    """The wired interface, and the wireless one where it has an address."""
    wired = _interface(export, "wired", "device.net")
    if isinstance(wired, Unknown):
        return wired
    kind = export.get("device.net.secondaryNetwork.type")
    if kind is None and (not export.complete or _holds(export, "device.net.secondaryNetwork.")):
        return missing(export, "device.net.secondaryNetwork.type")
    if kind is None or kind.value.strip().lower() == "none":
        return wired
    second = _interface(export, printable(kind.value, 20).lower(), "device.net.secondaryNetwork")
    if isinstance(second, Unknown):
        return second
    return Known(wired.value + second.value, (*wired.citations, kind.citation, *second.citations))


def _interface(export: Export, name: str, key: str) -> Fact[tuple[Interface, ...]]:
    address, mask = export.get(f"{key}.ipAddress"), export.get(f"{key}.subnetMask")
    if address is None or mask is None:
        return missing(export, f"{key}.ipAddress" if address is None else f"{key}.subnetMask")
    try:
        own = ipaddress.IPv4Interface(f"{address.value.strip()}/{mask.value.strip()}")
    except ValueError:
        return missing(export, f"{key}.ipAddress")
    if own.ip.is_unspecified:
        return missing(export, f"{key}.ipAddress")
    return Known((Interface(name, (own,)),), (address.citation, mask.citation))


_MASKED = Text(
    vi="bản xuất cấu hình che giá trị của chuỗi community SNMP",
    en="the settings export masks the SNMP community",
)
_MASKED_NAME = Text(
    vi="bản xuất cấu hình che tên tài khoản",
    en="the settings export masks the name of an account",
)
_DIRECTORY = Text(
    vi="thiết bị còn cho tài khoản của máy chủ thư mục đăng nhập nên chưa rõ đủ các tài khoản",
    en="accounts of a directory server may log in as well, so the list is not complete",
)
_CUT_OFF = Text(
    vi="bản xuất cấu hình không trọn vẹn nên chưa thể kết luận",
    en="the settings export is cut short, so nothing is concluded from it",
)
_AUTOMATIC_TIME = Text(
    vi="thiết bị tự chọn máy chủ thời gian và không cho biết máy chủ nào",
    en="the device chooses its time server by itself and does not say which",
)
