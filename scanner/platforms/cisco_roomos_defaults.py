"""What the vendor's public schemas of Cisco codecs document as default, release by release.

A default is a reason, never a value: a setting that a configuration does not show may have been
changed. Of a release without its own schema, that of the same generation is named.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from inventory.text import Text
from rules.facts import Fact, Known, Unknown
from scanner.platforms.cisco_xapi import Settings
from scanner.platforms.documented_default import not_shown

SCHEMAS: Mapping[int, str] = {9: "9.15.17.4", 10: "10.19.4.2", 11: "11.27.2.0", 26: "26.4.1"}
"""The release whose schema was read, by the first number of the running release."""

_ALL = tuple(SCHEMAS)
_POLICY = "UserManagement PasswordPolicy"
_BY_PRODUCT = Text(vi="tùy sản phẩm, {figures} kbit/s", en="{figures} kbit/s by product")
_EMPTY = Text(vi="để trống (mọi địa chỉ)", en="empty (any address)")

KEYS: Mapping[str, str] = {
    "service.ssh.enabled": "NetworkServices SSH Mode",
    "service.telnet.enabled": "NetworkServices Telnet Mode",
    "service.http.enabled": "NetworkServices HTTP Mode",
    "service.https.enabled": "NetworkServices HTTP Mode",
    "service.snmp.enabled": "NetworkServices SNMP Mode",
    "snmp.versions": "NetworkServices SNMP Mode",
    "snmp.default_community": "NetworkServices SNMP Mode",
    "service.upnp.enabled": "NetworkServices UPnP Mode",
    "service.sip.enabled": "NetworkServices SIP Mode",
    "service.h323.enabled": "NetworkServices H323 Mode",
    "management.allowlist": "Network 1 RemoteAccess Allow",
    "management.idle_timeout_s": "Security Session InactivityTimeout",
    "management.lockout_attempts": "Security Session MaxFailedLogins",
    "tls.min_version": "NetworkServices HTTPS Server MinimumTLSVersion",
    "password_policy.min_length": f"{_POLICY} Complexity MinimumLength",
    "password_policy.digits": f"{_POLICY} Complexity MinimumDigits",
    "password_policy.lowercase": f"{_POLICY} Complexity MinimumLowercase",
    "password_policy.uppercase": f"{_POLICY} Complexity MinimumUppercase",
    "password_policy.special": f"{_POLICY} Complexity MinimumSpecial",
    "password_policy.history": f"{_POLICY} ReuseLimit",
    "password_policy.max_age_days": f"{_POLICY} MaxLifetime",
    "call.encryption": "Conference Encryption Mode",
    "call.auto_answer": "Conference AutoAnswer Mode",
    "call.far_end_camera": "Conference FarEndControl Mode",
    "bandwidth.max_kbps": "Conference MaxReceiveCallRate",
    "ntp.servers": "NetworkServices NTP Server 1 Address",
    "syslog.targets": "Logging External Mode",
}
"""The setting that a fact hangs on."""


def _same(default: str | Text) -> Mapping[int, str | Text]:
    return dict.fromkeys(_ALL, default)


DEFAULTS: Mapping[str, Mapping[int, str | Text]] = {
    "NetworkServices SSH Mode": _same("On"),
    "NetworkServices HTTP Mode": _same("HTTPS"),
    "NetworkServices SNMP Mode": _same("Off"),
    "NetworkServices UPnP Mode": {
        **_same("On"),
        10: Text(vi="On hoặc Off tùy sản phẩm", en="On or Off by product"),
    },
    "NetworkServices SIP Mode": _same("On"),
    "NetworkServices H323 Mode": _same("Off"),
    "Network 1 RemoteAccess Allow": _same(_EMPTY),
    "Security Session InactivityTimeout": _same("0"),
    "Security Session MaxFailedLogins": {**_same("0"), 26: "5"},
    "NetworkServices HTTPS Server MinimumTLSVersion": {
        **dict.fromkeys((9, 10), "TLSv1.1"),
        **dict.fromkeys((11, 26), "TLSv1.2"),
    },
    f"{_POLICY} Complexity MinimumLength": _same("8"),
    f"{_POLICY} Complexity MinimumDigits": _same("0"),
    f"{_POLICY} Complexity MinimumLowercase": _same("0"),
    f"{_POLICY} Complexity MinimumUppercase": _same("0"),
    f"{_POLICY} Complexity MinimumSpecial": _same("0"),
    f"{_POLICY} ReuseLimit": _same("12"),
    f"{_POLICY} MaxLifetime": _same("0"),
    "Conference Encryption Mode": _same("BestEffort"),
    "Conference AutoAnswer Mode": _same("Off"),
    "Conference FarEndControl Mode": {
        **dict.fromkeys((9, 10), "On"),
        **dict.fromkeys((11, 26), "Auto"),
    },
    "Conference MaxReceiveCallRate": {
        **dict.fromkeys((9, 10, 11), _BY_PRODUCT.format(figures="6000, 10000, 20000")),
        26: "20000 kbit/s",
    },
    "NetworkServices NTP Server 1 Address": _same("0.tandberg.pool.ntp.org"),
    "Logging External Mode": _same("Off"),
}

POLICY_SINCE = (9, 10)
"""The release that brought the keys of `UserManagement PasswordPolicy`."""


def with_defaults(
    facts: Mapping[str, Fact[Any]], settings: Settings, release: Fact[str]
) -> dict[str, Fact[Any]]:
    """The same facts; where a configuration lacks a key, the reason names the documented default.

    Nothing changes for a document that is no configuration, or whose release is not known.
    """
    changed = dict(facts)
    if not isinstance(release, Known) or not any(tree == "c" for tree, _ in settings.found):
        return changed
    for name, key in KEYS.items():
        if isinstance(facts.get(name), Unknown) and settings["c", key] is None:
            reason = _reason(key, release.value, settings)
            if reason is not None:
                changed[name] = replace(reason, citations=release.citations)
    return changed


def _reason(key: str, release: str, settings: Settings) -> Unknown | None:
    match = re.match(r"(?i)(?:ce|roomos ?)?(\d{1,3})(?:\.(\d{1,3}))?(?![^.\s])", release)
    if match is None:
        return None
    running = (int(match[1]), int(match[2] or 0))
    if key.startswith(_POLICY) and running < POLICY_SINCE:
        return Unknown(_NO_POLICY_YET)
    schema = SCHEMAS.get(running[0])
    if schema is None:
        return None
    if key == "NetworkServices Telnet Mode":
        # the key may stand in the part of a document that is not here
        whole = all(settings.whole.values())
        return Unknown(_NO_TELNET_KEY.format(schema=schema), in_no_file=whole)
    by = Text(
        vi=f"lược đồ của hãng cho bản {schema}", en=f"the vendor's schema of release {schema}"
    )
    return not_shown(DEFAULTS[key][running[0]], by)


_NO_POLICY_YET = Text(
    vi="phiên bản phần mềm này chưa có thiết lập chính sách mật khẩu (có từ CE 9.10)",
    en="this release has no settings of a password policy yet (they came with CE 9.10)",
)
_NO_TELNET_KEY = Text(
    vi="thiết bị không cho thấy thiết lập này và lược đồ của hãng cho bản {schema} không có; hãy "
    "xem kết quả dò cổng TCP 23",
    en="the device does not show this setting and the vendor's schema of release {schema} has "
    "none; see whether TCP port 23 answers",
)
