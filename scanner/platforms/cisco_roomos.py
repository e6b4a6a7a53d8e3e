"""Cisco room codecs: TC, CE and RoomOS (EX, C, SX, MX, Room, Board, Desk).

Seen on: SX10 with CE 9.6.1 and Room Kit with RoomOS 10.9.1.1 (their own configuration and status
files), SX20 with CE 8.1 (login), RoomOS 11 (answers of a shell). Read over SSH with the xAPI, or
from saved `xConfiguration`/`xStatus` answers and `configuration.xml`/`status.xml` files.

Keys come and go between releases: PasswordPolicy since CE 9.10, Telnet up to about CE 9.15, SIP and
NTP missing where the device is managed by Webex. A key that is not in the answer is unknown. FTP
and TFTP have no key at all, and neither has the date of a password change.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Mapping, Sequence
from ipaddress import IPv4Interface, ip_network
from typing import Any

from inventory.text import Text
from rules.facts import DefaultAccount, Fact, Known, SyslogTarget, Unknown
from rules.network_facts import Interface, Prefix
from scanner import products
from scanner.collect.errors import Busy
from scanner.evidence import Document, printable
from scanner.platforms.cisco_roomos_absent import ABSENT
from scanner.platforms.cisco_roomos_calls import active_calls
from scanner.platforms.cisco_roomos_defaults import with_defaults
from scanner.platforms.cisco_roomos_hardening import hardening
from scanner.platforms.cisco_roomos_remedies import REMEDIES
from scanner.platforms.cisco_roomos_signs import SIGNS
from scanner.platforms.cisco_roomos_users import accounts
from scanner.platforms.cisco_xapi import (
    RELEASE,
    Settings,
    Tree,
    are_numbered,
    choice,
    cut_off,
    missing,
    not_understood,
    number,
    read_settings,
    value_of,
    words,
)
from scanner.platforms.model import Access, Platform, Reading
from scanner.platforms.needs import H323, HTTPS, SIP, SIP_UDP, SSH, WITH_A_GATEKEEPER, needed
from scanner.platforms.several_documents import DISAGREE

CALL_STATE = ("xStatus SystemUnit State", "xStatus Call")
QUERIES = (
    "xStatus SystemUnit",
    "xStatus Network",
    "xStatus NetworkServices",
    "xStatus Diagnostics",
    "xConfiguration",
    "xCommand UserManagement User List",
)

IN_A_CALL = Text(
    vi="thiết bị đang trong cuộc gọi nên việc kiểm tra được hoãn lại",
    en="the device is in a call, so its check is put off",
)

ON_OFF: Mapping[str, bool] = {"on": True, "off": False}
DEFAULT_COMMUNITIES = frozenset({"public", "private"})
UNSET = Text(
    vi="thiết bị đang dùng SNMP nhưng không cho biết chuỗi cộng đồng (community)",
    en="the device uses SNMP and does not tell the community",
)


def collect(access: Access) -> Generator[Document, None, None]:
    """The answers of the codec; raises `Busy` after the first two when a call is up."""
    with access.shell("cisco_tp") as line:
        state = []
        for command in CALL_STATE:
            state.append(line.run(command))
            yield state[-1]
        active = active_calls(read_settings(state))
        if isinstance(active, Known) and active.value > 0:
            raise Busy(IN_A_CALL)
        for command in QUERIES:
            yield line.run(command)


def read(documents: Sequence[Document]) -> Reading:
    settings = read_settings(documents)
    facts: dict[str, Fact[Any]] = {}
    for part in (
        *(_identity, _services, _management, _password_policy, _calls, _surroundings),
        hardening,
    ):
        facts.update(part(settings))
    facts = with_defaults(facts, settings, facts["software.version"])
    return Reading(facts, tuple(settings.unread))


def _identity(settings: Settings) -> dict[str, Fact[Any]]:
    name = r"[^\x00-\x1f\x7f<>]{1,80}"
    model = words(settings, "s", "SystemUnit ProductId", name)
    if isinstance(model, Unknown):
        platform = words(settings, "s", "SystemUnit ProductPlatform", name)
        model = platform if isinstance(platform, Known) else model
    version = _version(settings)
    is_codec = isinstance(model, Known) or isinstance(version, Known)
    proof = model.citations or version.citations
    unknown = missing("SystemUnit ProductId")
    return {
        "identity.vendor": Known("Cisco", proof) if is_codec else unknown,
        "identity.family": Known("cisco-roomos", proof) if is_codec else unknown,
        "identity.model": model,
        "identity.serial": words(
            settings, "s", "SystemUnit Hardware Module SerialNumber", r"[\w-]{4,40}"
        ),
        "software.version": version,
    }


def _version(settings: Settings) -> Fact[str]:
    """What the device calls its software, else what the head of a document names."""
    own, head = (_release(settings, path) for path in ("SystemUnit Software Version", RELEASE))
    if not isinstance(own, Known):
        return own if own.citations else head if isinstance(head, Known) else own
    if isinstance(head, Known) and version_key(head.value) != version_key(own.value):
        return Unknown(DISAGREE, own.citations + head.citations)
    return own


def _release(settings: Settings, path: str) -> Fact[str]:
    version = words(settings, "s", path, r"[A-Za-z]{0,8} ?[0-9][\w.() -]{0,80}")
    shown = settings["s", path]
    if isinstance(version, Known) and shown and version_key(version.value) is None:
        return not_understood(shown)
    return version


def _services(settings: Settings) -> dict[str, Fact[Any]]:
    def mode(path: str, values: Mapping[str, bool] = ON_OFF) -> Fact[bool]:
        return choice(settings, "c", f"NetworkServices {path} Mode", values)

    http = {"off": False, "https": False, "http+https": True, "on": True}
    snmp = {"off": False, "readonly": True, "readwrite": True}
    facts: dict[str, Fact[Any]] = {
        "service.ssh.enabled": mode("SSH"),
        "service.telnet.enabled": mode("Telnet"),
        "service.http.enabled": mode("HTTP", http),
        "service.https.enabled": _https(settings),
        "service.snmp.enabled": mode("SNMP", snmp),
        "service.upnp.enabled": mode("UPnP"),
        "service.sip.enabled": mode("SIP"),
        "service.h323.enabled": mode("H323"),
    }
    facts["snmp.versions"] = _snmp_versions(facts["service.snmp.enabled"])
    facts["snmp.default_community"] = _default_community(settings, facts["service.snmp.enabled"])
    return facts


def _https(settings: Settings) -> Fact[bool]:
    """Old releases have a switch of its own for HTTPS; later the mode of HTTP tells both."""
    own = "NetworkServices HTTPS Mode"
    if settings["c", own] is not None:
        return choice(settings, "c", own, ON_OFF)
    both = {"off": False, "https": True, "http+https": True}
    fact = choice(settings, "c", "NetworkServices HTTP Mode", both)
    if isinstance(fact, Known) and not fact.value and not all(settings.whole.values()):
        # the switch of its own may stand in the part that is not here
        return cut_off(own)
    return fact


def _snmp_versions(enabled: Fact[bool]) -> Fact[tuple[str, ...]]:
    """Read-only and read-write mode both answer to a community."""
    if isinstance(enabled, Unknown):
        return enabled
    return Known(("1", "2c") if enabled.value else (), enabled.citations)


def _default_community(settings: Settings, enabled: Fact[bool]) -> Fact[bool]:
    if isinstance(enabled, Unknown):
        return enabled
    if not enabled.value:
        return Known(False, enabled.citations)
    community = value_of(settings, "c", "NetworkServices SNMP CommunityName")
    if isinstance(community, Unknown):
        return Unknown(UNSET, enabled.citations)
    is_default = community.value.lower() in DEFAULT_COMMUNITIES
    return Known(is_default, (*enabled.citations, community.cite()))


def _management(settings: Settings) -> dict[str, Fact[Any]]:
    session = "Security Session"
    return {
        "management.allowlist": _allowlist(settings),
        "management.idle_timeout_s": number(
            settings, "c", f"{session} InactivityTimeout", 10_000, scale=60
        ),
        "management.lockout_attempts": number(settings, "c", f"{session} MaxFailedLogins", 10),
        "accounts": accounts(settings),
        "tls.min_version": choice(
            settings,
            "c",
            "NetworkServices HTTPS Server MinimumTLSVersion",
            {f"tlsv1.{minor}": f"TLSv1.{minor}" for minor in range(4)},
        ),
    }


def _allowlist(settings: Settings) -> Fact[tuple[Prefix, ...]]:
    """An empty list admits any address."""
    setting = value_of(settings, "c", "Network 1 RemoteAccess Allow")
    if isinstance(setting, Unknown):
        return setting
    prefixes: list[Prefix] = []
    for entry in re.split(r"[,;\s]+", setting.value):
        if not entry:
            continue
        try:
            prefixes.append(ip_network(entry, strict=False))
        except ValueError:
            return not_understood(setting)
    return Known(tuple(dict.fromkeys(prefixes)), (setting.cite(),))


def _password_policy(settings: Settings) -> dict[str, Fact[Any]]:
    policy = "UserManagement PasswordPolicy"
    facts: dict[str, Fact[Any]] = {
        "password_policy.min_length": number(
            settings, "c", f"{policy} Complexity MinimumLength", 256
        ),
        "password_policy.history": number(settings, "c", f"{policy} ReuseLimit", 24),
        "password_policy.max_age_days": number(settings, "c", f"{policy} MaxLifetime", 7300),
    }
    for kind in ("Digits", "Lowercase", "Uppercase", "Special"):
        facts[f"password_policy.{kind.lower()}"] = number(
            settings, "c", f"{policy} Complexity Minimum{kind}", 4
        )
    return facts


def _calls(settings: Settings) -> dict[str, Fact[Any]]:
    conference = "Conference"
    encryption = {"off": "off", "besteffort": "best-effort", "on": "required"}
    # automatic: allowed while nothing on the device steers the camera
    far_end = {**ON_OFF, "auto": True}
    return {
        "call.active": active_calls(settings),
        "call.encryption": choice(settings, "c", f"{conference} Encryption Mode", encryption),
        "call.auto_answer": choice(settings, "c", f"{conference} AutoAnswer Mode", ON_OFF),
        "call.far_end_camera": choice(settings, "c", f"{conference} FarEndControl Mode", far_end),
        "bandwidth.max_kbps": _max_rate(settings),
    }


def _max_rate(settings: Settings) -> Fact[int]:
    """The larger of the two directions."""
    rates = [
        number(settings, "c", f"Conference Max{direction}CallRate", 99_999)
        for direction in ("Receive", "Transmit")
    ]
    known = [rate for rate in rates if isinstance(rate, Known)]
    if len(known) < len(rates):
        return next(rate for rate in rates if isinstance(rate, Unknown))
    citations = tuple(citation for rate in known for citation in rate.citations)
    return Known(max(rate.value for rate in known), citations)


def _surroundings(settings: Settings) -> dict[str, Fact[Any]]:
    synchronised = {"synced": True, "notsynced": False, "discarded": False, "off": False}
    return {
        "ntp.servers": _ntp_servers(settings),
        "ntp.synchronised": choice(settings, "s", "NetworkServices NTP Status", synchronised),
        "syslog.targets": _syslog(settings),
        "interfaces": _interfaces(settings),
    }


def _ntp_servers(settings: Settings) -> Fact[tuple[str, ...]]:
    """The servers in use as the status tells them, else those of the configuration."""
    mode = settings["c", "NetworkServices NTP Mode"]
    if mode is not None and mode.value.lower() == "off":
        return Known((), (mode.cite(),))
    trees: tuple[Tree, ...] = ("s", "c")
    for tree in trees:
        servers = [
            setting
            for setting in settings.below(tree, "NetworkServices NTP Server")
            if setting.path.endswith(" address")
        ]
        if not settings.is_whole(servers) or (tree == "c" and not all(settings.whole.values())):
            return cut_off("NetworkServices NTP Server")
        if not are_numbered(servers, "server"):
            return cut_off("NetworkServices NTP Server")
        named = [setting for setting in servers if setting.value]
        if named or (servers and tree == "c"):
            return Known(
                tuple(printable(setting.value, 100) for setting in named),
                tuple(setting.cite() for setting in named or servers),
            )
    single = value_of(settings, "c", "NetworkServices NTP Address")
    if isinstance(single, Unknown):
        return single if single.citations else missing("NetworkServices NTP Server")
    return Known((printable(single.value, 100),) if single.value else (), (single.cite(),))


def _syslog(settings: Settings) -> Fact[tuple[SyslogTarget, ...]]:
    mode = choice(settings, "c", "Logging External Mode", ON_OFF)
    if isinstance(mode, Unknown):
        return mode
    if not mode.value:
        return Known((), mode.citations)
    address = value_of(settings, "c", "Logging External Server Address")
    if isinstance(address, Unknown):
        return address
    if not address.value:
        return Known((), (*mode.citations, address.cite()))
    port = number(settings, "c", "Logging External Server Port", 65_535)
    # of plain syslog the vendor does not say whether it goes over UDP or TCP
    protocol = choice(settings, "c", "Logging External Protocol", {"syslogtls": "tls"})
    target = SyslogTarget(
        address=printable(address.value, 100),
        port=port.value if isinstance(port, Known) and port.value else None,
        protocol=protocol.value if isinstance(protocol, Known) else None,
    )
    return Known((target,), (*mode.citations, address.cite()))


def _interfaces(settings: Settings) -> Fact[tuple[Interface, ...]]:
    """The wired interface with the address that it has now."""
    address = value_of(settings, "s", "Network 1 IPv4 Address")
    mask = value_of(settings, "s", "Network 1 IPv4 SubnetMask")
    if isinstance(address, Unknown):
        return address
    if isinstance(mask, Unknown):
        return mask
    try:
        own = IPv4Interface(f"{address.value}/{mask.value}")
    except ValueError:
        return not_understood(address)
    vlan = settings["s", "Network 1 VLAN Voice VlanId"]
    tag = int(vlan.value) if vlan and re.fullmatch(r"[1-9][0-9]{0,3}", vlan.value) else None
    return Known((Interface("Network 1", (own,), vlan=tag),), (address.cite(), mask.cite()))


# --- versions and ports --------------------------------------------------------------------------

_release_key = products.version_key("cisco-f", "cisco-te", "cisco-tc", "cisco-ce-roomos")


def version_key(version: str) -> tuple[Any, ...] | None:
    """F before TE before TC before CE and RoomOS, then the numbers; the build hash does not sort.

    `26` alone is a release, `v1` is one of something else.
    """
    return None if version.strip()[:1] in {"v", "V"} else _release_key(version)


PLATFORM = Platform(
    name="cisco-roomos",
    title="Cisco CE / RoomOS",
    remedies=REMEDIES,
    vendor="Cisco",
    kinds=frozenset({"vcs"}),
    allowed=tuple(re.escape(command) for command in (*CALL_STATE, *QUERIES)),
    collect=collect,
    read=read,
    version_key=version_key,
    needed_ports=(
        *(SSH, HTTPS, H323),
        needed(
            *("udp", 1719, 1719, "đăng ký với gatekeeper H.323", "H.323 registration"),
            roles=WITH_A_GATEKEEPER,
        ),
        *(SIP, SIP_UDP),
    ),
    management_ports={"https": 443, "ssh": 22},
    default_accounts=(DefaultAccount("admin", ("web", "ssh", "telnet"), "blank"),),
    signs=SIGNS,
    without=ABSENT,
    version_form=r"(?:f|te|tcnc|tc|ce|roomos ?)\d[\w.]*",
)
