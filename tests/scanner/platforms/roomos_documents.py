"""Documents of Cisco codecs, written for tests from the syntax that the releases document."""

from __future__ import annotations

import random
import re
from datetime import UTC, datetime
from ipaddress import ip_network

from rules.facts import Known, SyslogTarget
from scanner.evidence import Document
from scanner.platforms.cisco_roomos import read

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def document(text, source="cau-hinh.txt"):
    return Document(text.encode(), source, "O", NOW)


def told(*texts):
    facts = read([document(text, f"{n}") for n, text in enumerate(texts)]).facts
    return {name: found.value for name, found in facts.items() if isinstance(found, Known)}


TREE = {
    "Conference AutoAnswer Mode": "On",
    "Conference Encryption Mode": "On",
    "Conference FarEndControl Mode": "Auto",
    "Conference MaxReceiveCallRate": "4096",
    "Conference MaxTransmitCallRate": "2048",
    "Logging External Mode": "On",
    "Logging External Protocol": "SyslogTLS",
    "Logging External Server Address": "10.67.30.10",
    "Logging External Server Port": "6514",
    "Network 1 RemoteAccess Allow": "10.67.20.0/24",
    "NetworkServices H323 Mode": "Off",
    "NetworkServices HTTP Mode": "HTTP+HTTPS",
    "NetworkServices HTTPS Server MinimumTLSVersion": "TLSv1.3",
    "NetworkServices NTP Mode": "Manual",
    "NetworkServices NTP Server 1 Address": "10.67.30.10",
    "NetworkServices NTP Server 2 Address": "",
    "NetworkServices NTP Server 3 Address": "",
    "NetworkServices SIP Mode": "On",
    "NetworkServices SNMP CommunityName": "giam-sat",
    "NetworkServices SNMP Mode": "ReadWrite",
    "NetworkServices SSH Mode": "On",
    "NetworkServices UPnP Mode": "Off",
    "Security Session InactivityTimeout": "10",
    "Security Session MaxFailedLogins": "5",
    "UserManagement PasswordPolicy Complexity MinimumDigits": "1",
    "UserManagement PasswordPolicy Complexity MinimumLength": "12",
    "UserManagement PasswordPolicy MaxLifetime": "180",
    "UserManagement PasswordPolicy ReuseLimit": "24",
}
FACTS = {
    "call.auto_answer": True,
    "call.encryption": "required",
    "call.far_end_camera": True,
    "bandwidth.max_kbps": 4096,
    "syslog.targets": (SyslogTarget("10.67.30.10", 6514, "tls"),),
    "management.allowlist": (ip_network("10.67.20.0/24"),),
    "management.idle_timeout_s": 600,
    "management.lockout_attempts": 5,
    "service.h323.enabled": False,
    "service.http.enabled": True,
    "service.https.enabled": True,
    "service.sip.enabled": True,
    "service.snmp.enabled": True,
    "service.ssh.enabled": True,
    "service.upnp.enabled": False,
    "snmp.versions": ("1", "2c"),
    "snmp.default_community": False,
    "ntp.servers": ("10.67.30.10",),
    "tls.min_version": "TLSv1.3",
    "password_policy.digits": 1,
    "password_policy.min_length": 12,
    "password_policy.max_age_days": 180,
    "password_policy.history": 24,
}


def lines(tree=TREE, head="*c xConfiguration ", quote=str, order=None, end="** end\n\nOK\n"):
    items = list(tree.items())
    if order is not None:
        random.Random(order).shuffle(items)
    return "".join(f"{head}{path}: {quote(value)}\n" for path, value in items) + end


def quoted(value):
    return f'"{value}"'


def strings_only(value):
    return value if re.fullmatch(r"\w+(?:\+\w+|\.\d)?", value) else quoted(value)


def xml(tree=TREE, head='product="Cisco Codec" version="ce11.5.4.6.5bd0a4e"', numbered=False):
    """Nested elements; `numbered`: every element has item="1", as old releases write it."""
    nested = {}
    for path, value in tree.items():
        at = nested
        *parents, leaf = re.sub(r" (\d)(?= |$)", r"#\1", path).split()
        for word in parents:
            at = at.setdefault(word, {})
        at[leaf] = value
    text = "\n".join(element("Configuration", nested, head, numbered))
    return f'<?xml version="1.0"?>\n{text}\n'


def element(name, content, attributes, numbered):
    word, _, item = name.partition("#")
    given = attributes
    if item or (numbered and not attributes):
        given = f'item="{item or 1}"' + (' maxOccurrence="n"' if item else "")
    start = f"<{word} {given}>" if given else f"<{word}>"
    if isinstance(content, str):
        yield f"{start}{content}</{word}>"
        return
    yield start
    for child, below in content.items():
        yield from element(child, below, "", numbered)
    yield f"</{word}>"


STATUS = """
*s Network 1 IPv4 Address: "10.67.101.10"
*s Network 1 IPv4 SubnetMask: "255.255.255.0"
*s NetworkServices NTP Status: NotSynced
*s SystemUnit Hardware Module SerialNumber: "F1AN00L0001"
*s SystemUnit ProductId: "Cisco TelePresence MX300"
*s SystemUnit ProductType: "Cisco TelePresence Codec"
*s SystemUnit Software Version: "{version}"
*s SystemUnit State NumberOfActiveCalls: {active}
*s SystemUnit State NumberOfInProgressCalls: 0
*s SystemUnit State NumberOfSuspendedCalls: 0
{more}** end

OK
"""


def status(version="TC7.3.2.14ad7cc", active="0", more=""):
    return STATUS.format(version=version, active=active, more=more)
