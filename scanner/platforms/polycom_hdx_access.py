"""Who may come in to an HDX system and how: services, limits, password policy, accounts.

Many systems leave these keys out of their settings files; their names are those of the firmware's
own list of settings. The counters of failed logins are no limit.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from typing import Any

from inventory.text import Text
from rules.facts import DeviceAccount, Fact, Known, Unknown
from scanner.platforms.polycom_hdx_lines import Said
from scanner.platforms.polycom_hdx_values import flag, number

_POLICY = {
    "password_policy.min_length": "minlength",
    "password_policy.digits": "numbercount",
    "password_policy.lowercase": "lowercasecount",
    "password_policy.uppercase": "uppercasecount",
    "password_policy.special": "specialcharcount",
    "password_policy.history": "reusecount",
    "password_policy.max_age_days": "maxage",
}
_PASSWORDS = {"room": True, "remote": True, "user0": False, "remoteuser0": False}
"""Passwords whose age the settings hold, by the device's own words; True: an administrator's."""

_LOCAL = timezone(timedelta(hours=7))
"""Vietnam's time, in which dates are given; it has no summer time."""

_COUNTER = re.compile(r"failed(?:logincount|loginwindow|postlockout)")
_PASSWORD_AGE = re.compile(r"pwcreatetime(?:max|min)(room|remote|user0|remoteuser0)")


def access_facts(said: Said) -> dict[str, Fact[Any] | None]:
    """Facts of one document; None where it says nothing about one."""
    return {
        **_management(said),
        **{name: _policy(said, rule) for name, rule in _POLICY.items()},
        "accounts": _accounts(said),
    }


def _management(said: Said) -> dict[str, Fact[Any] | None]:
    """Keys that some systems leave out of their files: their names are those of the firmware."""
    web = flag(said, "webenabled")
    clear = web
    if isinstance(web, Known) and web.value:
        clear = Unknown(_WEB_IS_ON, web.citations, in_no_file=True)
    log = flag(said, "remotesyslogenabled")
    if isinstance(log, Known):
        log_to: Fact[Any] | None = (
            Unknown(_LOGS_SOMEWHERE, log.citations, in_no_file=True)
            if log.value
            else Known((), log.citations)
        )
    else:
        log_to = log
    return {
        "service.telnet.enabled": _telnet(said),
        "service.https.enabled": web,
        "service.http.enabled": clear,
        "service.ftp.enabled": flag(said, "ftpenabled"),
        "syslog.targets": log_to,
        "management.lockout_attempts": _lockout(said),
    }


def _telnet(said: Said) -> Fact[bool] | None:
    """`Port24Only` closes port 23 and leaves the programming interface on port 24 open."""
    setting = said.settings.get("telnetenabled")
    if setting is not None and setting.value.lower() == "port24only":
        return Known(True, (setting.citation,))
    return flag(said, "telnetenabled")


def _lockout(said: Said) -> Fact[int] | None:
    """The limit for administrators. The counters of failed logins are none."""
    limit = number(said, "lockoutattemptsadmin")
    if "lockoutattemptsadmin" in said.settings.keys() | said.contradicted.keys():
        return limit
    counters = tuple(
        setting.citation for key, setting in said.settings.items() if _COUNTER.match(key)
    )
    return Unknown(_ONLY_COUNTERS, counters[:8]) if counters else limit


def _policy(said: Said, rule: str) -> Fact[int] | None:
    """What the weaker of both administrators' passwords must have: remote access and the room's."""
    told = [number(said, f"pw{rule}{whose}") for whose in ("remote", "room")]
    known = [fact for fact in told if isinstance(fact, Known)]
    if len(known) < len(told):
        return next((fact for fact in told if isinstance(fact, Unknown)), None)
    if rule == "maxage":
        # 0 days is for ever; otherwise the longer one is weaker
        return max(known, key=lambda fact: fact.value or 10**9)
    return min(known, key=lambda fact: fact.value)


def _accounts(said: Said) -> Fact[tuple[DeviceAccount, ...]] | None:
    """One for each password whose age is told, under the device's word for that password.

    Only when all of them are there: without an end mark a part of the file looks like a whole one.
    """
    dates: dict[str, set[Any]] = {}
    citations = []
    for key, setting in said.settings.items():
        match = _PASSWORD_AGE.fullmatch(key)
        if match and re.fullmatch(r"[0-9]{1,14}", setting.value):
            milliseconds = int(setting.value)
            moment = datetime.fromtimestamp(milliseconds / 1000, _LOCAL)
            changed = moment.date() if milliseconds else None
            dates.setdefault(match[1], set()).add(changed)
            citations.append(setting.citation)
    if dates.keys() != _PASSWORDS.keys():
        return Unknown(_NO_ACCOUNTS, tuple(citations)) if said.is_file else None
    accounts = tuple(
        DeviceAccount(
            name=name,
            role="admin" if administrator else "user",
            administrator=administrator,
            changed=next(iter(dates[name])) if len(dates[name]) == 1 else None,
        )
        for name, administrator in _PASSWORDS.items()
    )
    return Known(accounts, tuple(sorted(citations, key=lambda cited: cited.line or 0)))


_ONLY_COUNTERS = Text(
    vi="bản xuất cấu hình chỉ có bộ đếm số lần đăng nhập sai, không có giới hạn"
    " (`lockoutattemptsadmin`)",
    en="the settings file holds counters of failed logins and no limit (`lockoutattemptsadmin`)",
)
_WEB_IS_ON = Text(
    vi="giao diện web đang bật nhưng bản xuất cấu hình không cho biết HTTP có bị chặn không",
    en="the web interface is on, and the settings file does not say whether HTTP is refused",
)
_LOGS_SOMEWHERE = Text(
    vi="thiết bị có gửi nhật ký ra ngoài nhưng bản xuất cấu hình không cho biết gửi tới đâu",
    en="logs are sent away, and the settings file does not say where to",
)
_NO_ACCOUNTS = Text(
    vi="bản xuất cấu hình không ghi đủ thời điểm đổi của mọi mật khẩu",
    en="the settings file does not hold the age of every password",
)
