"""Huawei TE10 to TE60, Box and Bar endpoints, over their web interface.

TE: the order of requests is the one the vendor's own page uses: pages, `WEB_GetLoginInfo` (somebody
is logged in: stop, never put them out), `Web_RequestSessionID`, `Web_RequestCertificate`,
`WEB_ChangeSessionID`, then the call state and the reading actions, each with the session's token.
Every answer is an envelope whose `data` is JSON in a string. The second `?` in the address is real.

Box and Bar (CloudLink): `POST /v1/login/session`, `POST /v1/login/account` (`account`, `password`),
which answers with `acCSRFToken`; every later request carries it as `X-Access-Token`. Then
`GET /v1/login/status` (`state.callState`: 0 idle, 1 calling, 2 connected, 3 ended), the mailbox
where that does not decide, `WEB_GetVersionInfoAPI`, and `DELETE /v1/login/session`. Which of the
two interfaces it is, the device's answers say before any password is sent. The newer one does not
say whether somebody is logged in; a client that kept two sessions with one account put nobody out.

Seen: answers composed from a published contract that was tried on TE20 to TE60, and from published
notes of a client tried on a CloudLink Bar 310 (Box 310 by analogy); no recording of a device. The
vendor's HTTP API reference for TE10 and TE20 (EDOC1100044503) has the same envelope. TE20 speaks
TLS 1.1 only and does not name its model before the login.

Told: model, software and calls; by TE also serial number, telnet, HTTP, and SIP where a line is
registered. **Not told by any action known so far:** media encryption, auto-answer, allowlist,
password policy, lock-out, idle timeout, accounts, time servers, syslog, SNMP; by Box and Bar also
telnet and HTTP, for which no reading request is published. These stay Unknown, some with the
default that the vendor documents in the reason, and the verdicts that need them undetermined.
`enable_http` is the reverse of its name: 1 means that HTTP is off. Of TE20 an observation says that
it is not, so there it stays Unknown. The setting does not always close port 80, so the port has to
be looked at as well.
"""

from __future__ import annotations

import re
from typing import Any

from rules.facts import DefaultAccount
from scanner import products
from scanner.platforms.huawei_te_live import ALLOWED, collect, path
from scanner.platforms.huawei_te_reading import NAME, VENDOR, read
from scanner.platforms.huawei_te_remedies import REMEDIES
from scanner.platforms.model import Platform
from scanner.platforms.needs import GATEKEEPER, H323, HTTPS, SIP, SIP_UDP
from scanner.platforms.signs import Sign

_MODEL_BEFORE = re.compile(r"TE[X0-9]{1,3}\s+", re.IGNORECASE)
_release_key = products.version_key("huawei-vrc", least=3)


def version_key(version: str) -> tuple[Any, ...] | None:
    """`V500R002C00SPCb00`: V, R, C, then the patch, whose digits go on past 9 with letters."""
    return _release_key(_MODEL_BEFORE.sub("", version.strip(), count=1))


SIGNS = (
    Sign(
        ("sip", "greeting", "snmp-description"),
        r"\bHUAWEI[ -](?P<model>TE[1-6]0|TEX0|DP300|(?:CloudLink[ -])?(?:Box|Bar)[ -]?\d{3})\b"
        r"(?:.{0,40}?\b(?P<version>V\d{3}R\d{3}C\d\w*))?",
        "the vendor's model names; no banner of one was at hand",
    ),
)


PLATFORM = Platform(
    name=NAME,
    title="Huawei TE, Box, Bar",
    remedies=REMEDIES,
    vendor=VENDOR,
    kinds=frozenset({"vcs"}),
    allowed=ALLOWED,
    collect=collect,
    read=read,
    version_key=version_key,
    needed_ports=(HTTPS, H323, GATEKEEPER, SIP, SIP_UDP),
    management_ports={"https": 443},
    guarded=(f"POST {path('WEB_GetVersionInfoAPI')}", "GET /"),
    signs=SIGNS,
    version_form=r"v\d{3}r\d{3}c\d\w*",
    default_accounts=(
        DefaultAccount("admin", ("web", "telnet", "ssh"), "published"),
        DefaultAccount("api", ("web", "telnet", "ssh"), "published"),
        DefaultAccount("administrator", ("remote control",), "published"),
        DefaultAccount("debug", ("debugging",), "published"),
    ),
)
