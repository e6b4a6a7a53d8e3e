"""Poly Trio conference phones (8300, 8500, 8800, C60), over the REST interface of UC Software.

Asked with HTTP Basic authentication over HTTPS: `GET /api/v2/webCallControl/callStatus` for the
call state, then the device, its network and what it runs with. The interface answers only where the
phone's REST service is switched on. Answers are an envelope `{"data": ..., "Status": "2000"}`; any
other status is a refusal and tells nothing.

Seen: answers of a Trio 8800 with 7.2.2.1094. That the login is Basic, and the address of the
running configuration, were taken from public clients and not seen on a device.

Told: model, software, calls, own address, time server, syslog server. **Not told by these
answers:** services, encryption, automatic answering, password policy, lock-out, idle timeout,
allowlist, accounts, SNMP, lowest TLS version, serial number. That a line is registered over SIP is
no statement about the service, and the type of the provisioning server is none about FTP on the
phone.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Generator, Mapping, Sequence
from typing import Any

from inventory.text import Text
from rules.facts import Citation, DefaultAccount, Fact, Known, SyslogTarget, Unknown
from rules.network_facts import Interface
from scanner import products
from scanner.collect.errors import Busy, CollectError
from scanner.evidence import Document, printable
from scanner.platforms.json_evidence import cite_key, cite_match, decoded
from scanner.platforms.model import Access, Platform, Reading
from scanner.platforms.needs import HTTPS, SIP, SIP_UDP, needed
from scanner.platforms.poly_trio_remedies import REMEDIES
from scanner.platforms.several_documents import Told, combined

NAME = "poly-trio"
VENDOR = "Polycom"
CALLS = "/api/v2/webCallControl/callStatus"
_PATHS = (
    "/api/v2/mgmt/device/info",
    "/api/v1/mgmt/network/info",
    "/api/v1/mgmt/device/runningConfig",
)
_NO_CALL = frozenset({"idle", "disconnected", "terminated"})
_OTHER_LIST = re.compile(r"(?i)line_?info|log|config|stats|sip_?status")
"""Names of answers that may be an empty list as well and say nothing about calls."""


def collect(access: Access) -> Generator[Document, None, None]:
    """Call state first; a call ends the visit with `Busy`. There is no session to end."""
    with access.web(443) as web:
        status = web.request("GET", CALLS, login="basic")
        yield status
        calls = _active_calls(_data(status))
        if calls is None:
            raise CollectError(_CALL_STATE_UNREADABLE)
        if calls:
            raise Busy(_IN_CALL)
        for path in _PATHS:
            yield web.request("GET", path, login="basic")


# --- reading ---------------------------------------------------------------------------------


def read(documents: Sequence[Document]) -> Reading:
    """Facts of answers that were fetched and of saved files, told apart by their content.

    A fact on which two documents disagree is Unknown.
    """
    return combined(documents, _tell)


def _tell(document: Document) -> Told:
    data = _data(document)
    facts = _facts(document, data)
    calls = facts.pop("call.active", None)
    # of an answer that breaks off nothing is known, so it may have been one about calls
    return Told(facts, [calls] if calls else [], whole=decoded(document) is not None)


def _data(document: Document) -> Any:
    """What the envelope carries; None for a refusal and for anything else."""
    envelope = decoded(document)
    if not isinstance(envelope, dict) or str(envelope.get("Status")) != "2000":
        return None
    return envelope.get("data")


def _facts(document: Document, data: Any) -> dict[str, Fact[Any]]:
    if isinstance(data, list):
        return _calls(document, data)
    if not isinstance(data, dict):
        return {}
    if "CallState" in data:
        return _calls(document, [data])
    if "ModelNumber" in data:
        return _identity(document, data)
    if "SNTPAddress" in data or "IPV4Address" in data:
        return _network(document, data)
    return _running_configuration(document, data)


def _network(document: Document, data: Mapping[str, Any]) -> dict[str, Fact[Any]]:
    facts: dict[str, Fact[Any]] = {}
    if "IPV4Address" in data:
        own = [cite_key(document, key) for key in ("IPV4Address", "SubnetMask")]
        facts |= _interface(data, "IPV4Address", "VLANID", own)
    if "SNTPAddress" in data:
        facts |= _time_server(data, "SNTPAddress", cite_key(document, "SNTPAddress"))
    return facts


def _identity(document: Document, data: Mapping[str, Any]) -> dict[str, Fact[Any]]:
    facts: dict[str, Fact[Any]] = {}
    model = data["ModelNumber"]
    if isinstance(model, str) and printable(model):
        citation = cite_key(document, "ModelNumber")
        facts["identity.model"] = Known(printable(model), (citation,))
        if not re.search(r"(?i)\btrio\b", model):
            return facts
        facts["identity.family"] = Known(NAME, (citation,))
        facts["identity.vendor"] = Known(VENDOR, (_cite_vendor(document, data, citation),))
    firmware = data.get("Firmware")
    application = firmware.get("Application") if isinstance(firmware, dict) else None
    for key, text in (
        ("Application", application),
        ("FirmwareRelease", data.get("FirmwareRelease")),
    ):
        # the date and time of the build follow the version
        version = _WITH_DATE.fullmatch(text.strip()) if isinstance(text, str) else None
        if version is not None:
            facts["software.version"] = Known(version[1], (cite_key(document, key),))
            break
    return facts


def _cite_vendor(document: Document, data: Mapping[str, Any], model: Citation) -> Citation:
    """The vendor's name, which is another one in other years, else the model."""
    named = isinstance(data.get("DeviceVendor"), str)
    return cite_key(document, "DeviceVendor") if named else model


def _running_configuration(document: Document, data: Mapping[str, Any]) -> dict[str, Fact[Any]]:
    """Sections by name, each with its own `Server`, so lines are counted from the section on."""
    facts: dict[str, Fact[Any]] = {}
    network, clock, syslog = (_section(data, name) for name in ("Network", "SNTP", "Syslog"))
    if "IPAddress" in network:
        own = [_cite_in(document, "Network", key) for key in ("IPAddress", "SubnetMask")]
        facts |= _interface(network, "IPAddress", "VLAN", own)
    if "Server" in clock:
        facts |= _time_server(clock, "Server", _cite_in(document, "SNTP", "Server"))
    if "Server" in syslog:
        facts["syslog.targets"] = _syslog(document, syslog)
    return facts


def _section(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    section = data.get(name)
    return section if isinstance(section, dict) else {}


def _cite_in(document: Document, section: str, key: str) -> Citation:
    """The key inside its section; sections hold no others, so it comes before the next brace."""
    opened = re.compile(r'"' + section + r'"\s{0,8}:\s{0,8}\{([^{}]{0,4000})\}')
    found = opened.search(document.text)
    inside = re.compile(r'"' + key + r'"\s{0,8}:[^,}\n]{0,200}')
    match = inside.search(document.text, found.start(1), found.end(1)) if found else None
    if match is None:
        return document.cite()
    number = document.text.count("\n", 0, match.start()) + 1
    return document.cite(number, match[0] if len(document.lines[number - 1]) > 200 else None)


def _interface(
    data: Mapping[str, Any], key: str, vlan_key: str, citations: Sequence[Citation]
) -> dict[str, Fact[Any]]:
    address, mask, vlan = data.get(key), data.get("SubnetMask"), data.get(vlan_key)
    try:
        own = ipaddress.IPv4Interface(f"{address}/{mask}")
    except ValueError:
        return {"interfaces": Unknown(_NOT_UNDERSTOOD.format(key=key), tuple(citations))}
    if mask is None or own.ip.is_unspecified:
        return {"interfaces": Unknown(_NOT_UNDERSTOOD.format(key=key), tuple(citations))}
    tag = int(vlan) if isinstance(vlan, str) and re.fullmatch(r"[0-9]{1,4}", vlan) else None
    return {"interfaces": Known((Interface("lan", (own,), tag),), tuple(citations))}


def _time_server(data: Mapping[str, Any], key: str, citation: Citation) -> dict[str, Fact[Any]]:
    server = data.get(key)
    if server is None:
        return {}
    if not isinstance(server, str):
        return {"ntp.servers": Unknown(_NOT_UNDERSTOOD.format(key=key), (citation,))}
    name = printable(server)
    none = name in {"", "0.0.0.0", "::"}  # noqa: S104 - an address that stands for none
    return {"ntp.servers": Known(() if none else (name,), (citation,))}


def _syslog(document: Document, section: Mapping[str, Any]) -> Fact[tuple[SyslogTarget, ...]]:
    citation = _cite_in(document, "Syslog", "Server")
    server, transport = section["Server"], section.get("Transport")
    if server == "":
        return Known((), (citation,))
    protocol = transport.lower() if isinstance(transport, str) else ""
    if not isinstance(server, str) or protocol not in {"udp", "tcp", "tls"}:
        return Unknown(_NOT_UNDERSTOOD.format(key="Syslog"), (citation,))
    target = SyslogTarget(printable(server), None, protocol)
    return Known((target,), (citation, _cite_in(document, "Syslog", "Transport")))


# --- calls -----------------------------------------------------------------------------------


def _calls(document: Document, entries: Sequence[Any]) -> dict[str, Fact[Any]]:
    if not entries and _OTHER_LIST.search(document.source):
        return {}
    if entries and not any(isinstance(e, dict) and "CallState" in e for e in entries):
        return {}
    calls = _active_calls(entries)
    if calls is None:
        return {"call.active": Unknown(_CALL_STATE_UNREADABLE, (document.cite(),))}
    if not entries:
        return {"call.active": Known(0, (cite_match(document, re.compile(r'"data"\s{0,8}:.*')),))}
    first = next((n for n, entry in enumerate(entries) if _is_call(entry)), 0)
    return {"call.active": Known(calls, (cite_key(document, "CallState", first),))}


def _active_calls(data: Any) -> int | None:
    """How many calls are up, held or coming up; None when the answer does not say."""
    if isinstance(data, dict) and "CallState" in data:
        data = [data]
    if not isinstance(data, list):
        return None
    states = [_is_call(entry) for entry in data]
    return None if None in states else sum(state is True for state in states)


def _is_call(entry: Any) -> bool | None:
    state = entry.get("CallState") if isinstance(entry, dict) else None
    if not isinstance(state, str) or not state.strip():
        return None
    return state.strip().lower() not in _NO_CALL


# --- versions --------------------------------------------------------------------------------

_WITH_DATE = re.compile(
    r"(\d{1,4}(?:\.\d{1,6}){1,3}(?:\s?rev\s?[A-Z]{1,2}|[A-Z]{1,2})?)(?:\s+\S.*)?"
)
_BUILT_ON = re.compile(r"\s\d{1,2}-[A-Za-z]{3}-\d{2}(?:\s\d{1,2}:\d{2})?$")
_release_key = products.version_key("polycom-ucs", least=2)


def version_key(version: str) -> tuple[Any, ...] | None:
    """`7.2.2.1094 28-Feb-22 15:29`, `5.4.5 rev AG`: three numbers, then the revision, no build."""
    return _release_key(_BUILT_ON.sub("", version.strip()))


_CALL_STATE_UNREADABLE = Text(
    vi="không đọc được trạng thái cuộc gọi (callStatus) nên không hỏi thêm thiết bị",
    en="the call state (callStatus) could not be read, so nothing else was asked",
)
_IN_CALL = Text(
    vi="thiết bị đang trong cuộc gọi; hoãn kiểm tra để không ảnh hưởng cuộc họp",
    en="the device is in a call; put off so as not to disturb the meeting",
)
_NOT_UNDERSTOOD = Text(
    vi="không hiểu giá trị của `{key}`",
    en="the value of `{key}` is not understood",
)

PLATFORM = Platform(
    name=NAME,
    title="Poly Trio",
    vendor=VENDOR,
    kinds=frozenset({"vcs"}),
    allowed=tuple(re.escape(f"GET {path}") for path in (CALLS, *_PATHS)),
    collect=collect,
    read=read,
    version_key=version_key,
    # no list of the vendor was found: signalling as for every such device, and the first media
    # ports as a phone in a call shows them
    needed_ports=(
        *(HTTPS, SIP, SIP_UDP),
        needed("udp", 2222, 2269, "hình ảnh, âm thanh", "media"),
    ),
    # the deployment guide of 5.9 gives the passwords of the menu and of the web page
    default_accounts=(
        DefaultAccount("admin", ("web", "phone menu"), "published"),
        DefaultAccount("user", ("web", "phone menu"), "published"),
    ),
    management_ports={"https": 443},
    guarded=("GET /api/v2/mgmt/device/info", "GET /"),
    remedies=REMEDIES,
)
