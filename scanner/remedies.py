"""From a finding to what is typed: the family's remedies with the values of this place.

In: a failing finding, the device it is put right on, its family and the inventory. Out: steps with
every value filled in that the inventory knows; what it does not know is said to be open. Nothing is
asked of a device, and no secret is ever filled in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from ipaddress import ip_network

from inventory.model import Device, Inventory, Zone
from inventory.problems import InventoryError
from inventory.text import Text
from reports.remediation import Sheet, Step, device_of, failures, is_one_line, observed
from reports.report import Report
from rules.baseline import Baseline, Baselines, Entry
from rules.facts import Facts, Known
from rules.model import Finding, Outcome, Subject
from rules.network_facts import Prefix
from rules.notice import Notice
from rules.services import SERVICE_PORTS
from scanner.baselines import of_family
from scanner.baselines.own import own_baselines
from scanner.platforms import NoSuchPlatform, find
from scanner.platforms.model import Platform
from scanner.platforms.remedy import PLACEHOLDERS, Remedy

SHOWN = 4
"""So many commands stand beside a finding on a screen; the file has all."""

BY_BASELINE = "D11.1-b"
"""Its reason names entries of a baseline."""

_POLICY = ("min_length", "digits", "lowercase", "uppercase", "special")
FACTS_OF: Mapping[str, tuple[str, ...]] = {
    "D10.1-b": ("filters",),
    "D10.1-c": ("filters",),
    "D10.1-d": ("filters",),
    "D10.1-e": ("filters",),
    "D10.1-g": ("management.allowlist",),
    "D10.1-h": ("filters",),
    "D11.1-e": ("software.version",),
    "D11.2-a": ("accounts",),
    **{
        f"D11.2-{letter}": (f"password_policy.{name}", "accounts")
        for letter, name in zip("bcdef", _POLICY, strict=True)
    },
    "D11.2-g": ("accounts",),
    "D11.2-h": ("accounts",),
    "D11.2-i": ("password_policy.max_age_days", "accounts"),
    "D11.3-a": ("software.version",),
    "D12.2-b": ("software.version",),
    "D12.3-a": ("syslog.targets",),
    "D12.5-a": ("logs.retention",),
    "D12.5-b": ("logs.retention",),
}
"""What is set to put a requirement right, where that does not depend on the reason."""

_IN_REASONS: Mapping[str, tuple[str, ...]] = {
    "management.idle_timeout_s": ("idle timeout",),
    "management.lockout_attempts": ("lock-out",),
    "accounts": ("account", "administrator", "role"),
    **{f"service.{name}.enabled": (name,) for name in SERVICE_PORTS},
}
"""Words of an English reason that name a setting."""

_OF_IPV4 = frozenset({"inet_prefix", "network", "mask", "wildcard"})
_REPEATED = _OF_IPV4 | {"prefix"}
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_PLAIN_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.@-]{0,63}")
_PORT = re.compile(r"\b(\d{1,5})/(tcp|udp)\b|\b(tcp|udp)/(\d{1,5})\b")


def commands_for(
    finding: Finding, device: Device, platform: Platform | None, inventory: Inventory
) -> tuple[Step, ...]:
    """The steps that put a failing finding right, without repetition.

    Empty when it does not fail, when the family is not known, or when nothing on the device
    changes it.
    """
    if finding.outcome is not Outcome.FAIL or platform is None or platform.remedies is None:
        return ()
    values = _Values(finding.subject, device, inventory)
    known = platform.remedies.by_fact
    entries: tuple[Entry, ...] = ()
    if finding.requirement == BY_BASELINE:
        entries = _baseline(device, platform, inventory).entries_for(device.kind)
    chosen = [known[fact] for fact in facts_behind(finding, entries) if fact in known]
    return tuple(dict.fromkeys(values.filled(remedy) for remedy in chosen))


def commands_for_notice(
    notice: Notice, device: Device, platform: Platform | None, inventory: Inventory
) -> tuple[Step, ...]:
    """The steps that mend what was observed, without repetition.

    Empty where the family has none for the settings it is about.
    """
    if platform is None or platform.remedies is None:
        return ()
    values, known = _Values(notice.subject, device, inventory), platform.remedies.by_fact
    steps = (values.filled(known[fact]) for fact in notice.settings if fact in known)
    return tuple(dict.fromkeys(steps))


def _baseline(device: Device, platform: Platform, inventory: Inventory) -> Baseline:
    """The one that the rule compares the device with."""
    try:
        own = own_baselines(inventory)
    except InventoryError:  # nothing was judged by one that cannot be used
        own = ()
    shipped = of_family(platform.name)
    all_of_them = Baselines(own, () if shipped is None else (shipped,))
    return all_of_them.of(device, Facts({"identity.family": Known(platform.name)})).baseline


def facts_behind(finding: Finding, entries: Iterable[Entry] = ()) -> tuple[str, ...]:
    """The settings that a failing finding is about, in the order of its requirement.

    `entries`: those of the baseline that the device was compared with.
    """
    reason = finding.reason.en
    if finding.requirement == BY_BASELINE:
        return tuple(dict.fromkeys(entry.fact for entry in _named(entries, reason)))
    if finding.requirement in {"D10.1-f", "D11.1-c", "D11.1-d"}:
        return tuple(_settings_named(reason.lower()))
    return FACTS_OF.get(finding.requirement, ())


def _named(entries: Iterable[Entry], reason: str) -> Iterator[Entry]:
    return (entry for entry in entries if entry.title.en in reason)


def _settings_named(reason: str) -> Iterator[str]:
    for fact, words in _IN_REASONS.items():
        if any(re.search(rf"\b{re.escape(word)}", reason) for word in words):
            yield fact
    ports = {(m[2] or m[3], int(m[1] or m[4])) for m in _PORT.finditer(reason)}
    for name, place in SERVICE_PORTS.items():
        if place in ports and not re.search(rf"\b{name}", reason):
            yield f"service.{name}.enabled"


class _Values:
    """Fills the templates of one finding."""

    def __init__(self, subject: Subject, device: Device, inventory: Inventory) -> None:
        self._single: dict[str, str] = {}
        self._networks = inventory.allowlist.management
        if self._networks:
            self._single["prefixes"] = ",".join(map(str, self._networks))
            self._single["words"] = " ".join(map(str, self._networks))
        for name, found in (
            ("ntp", _servers(inventory, "123", ())),
            ("syslog", _servers(inventory, "514", _log_servers(inventory))),
        ):
            if found and device.address not in map(_address, found):
                self._single[name] = found[0]
        self._single |= _segment(subject, inventory)
        account = subject.id.partition("/")[2]
        if subject.kind == "account" and _PLAIN_NAME.fullmatch(account):
            self._single["account"] = account

    def filled(self, remedy: Remedy) -> Step:
        commands: list[str] = []
        missing: dict[Text, None] = {}
        for template in remedy.commands:
            names = _PLACEHOLDER.findall(template)
            if self._networks and set(names) & {"prefix", *_OF_IPV4}:
                one_version = set(names) & _OF_IPV4
                fitting = [n for n in self._networks if n.version == 4 or not one_version]
                commands += self._for_each_network(template, fitting)
                left = [str(n) for n in self._networks if n not in fitting]
                missing |= dict.fromkeys(_by_hand(network) for network in left)
                missing |= dict.fromkeys(self._open([n for n in names if n not in _REPEATED]))
            else:
                commands.append(self._line(template, self._single))
                missing |= dict.fromkeys(self._open(names))
        return Step(
            remedy.fact,
            tuple(commands),
            tuple(missing),
            *(remedy.where, remedy.verify, remedy.note, remedy.source, remedy.releases),
        )

    def _open(self, names: Iterable[str]) -> Iterator[Text]:
        return (_asked(n) for n in names if n in PLACEHOLDERS and n not in self._single)

    def _for_each_network(self, template: str, networks: Iterable[Prefix]) -> Iterator[str]:
        for number, one in enumerate(networks, start=1):
            values = {
                "prefix": str(one),
                "inet_prefix": str(one),
                "network": str(one.network_address),
                "mask": str(one.netmask),
                "wildcard": str(one.hostmask),
                "n": str(number),
            }
            yield self._line(template, {**self._single, **values})

    def _line(self, template: str, values: Mapping[str, str]) -> str:
        def value(match: re.Match[str]) -> str:
            name = match[1]
            if name in PLACEHOLDERS or name == "n":
                return values.get(name, "1" if name == "n" else f"<<{name}>>")
            return match[0]

        return _PLACEHOLDER.sub(value, template)


def _by_hand(network: str) -> Text:
    return Text(
        vi=f"mạng IPv6 {network}: thêm bằng lệnh IPv6 tương ứng của thiết bị",
        en=f"IPv6 network {network}: add it with the device's own IPv6 command",
    )


def _asked(name: str) -> Text:
    said = PLACEHOLDERS[name]
    return Text(vi=f"<<{name}>> = {said.vi}", en=f"<<{name}>> = {said.en}")


def _log_servers(inventory: Inventory) -> tuple[str, ...]:
    return tuple(str(device.address) for device in inventory.devices if device.log_server)


def _servers(inventory: Inventory, port: str, first: tuple[str, ...]) -> tuple[str, ...]:
    """Hosts that the list of services names for this UDP or TCP port, `first` before them."""
    devices = {device.id: str(device.address) for device in inventory.devices}
    found = list(first)
    for service in inventory.allowlist.services:
        if port in service.ports:
            hosts = (devices.get(name) or _host(name) for name in service.destinations)
            found += [host for host in hosts if host is not None]
    return tuple(dict.fromkeys(found))


def _host(name: str) -> str | None:
    try:
        network = ip_network(name)
    except ValueError:
        return None
    return str(network.network_address) if network.num_addresses == 1 else None


def _address(text: str) -> object:
    return ip_network(text).network_address


def _segment(subject: Subject, inventory: Inventory) -> dict[str, str]:
    zone: Zone | None = next(
        (z for z in inventory.zones if (subject.kind, z.id) == ("zone", subject.id)), None
    )
    if zone is None:
        return {}
    first = zone.prefixes[0]
    return {
        "segment": str(first),
        "segment_address": str(first.network_address),
        "segment_mask": str(first.netmask),
    }


# --- for the command line ------------------------------------------------------------------------


def first_lines(steps: Iterable[Step], lang: str) -> tuple[str, ...]:
    """What is done first, for a screen: commands, else the place in a menu or the reason.

    What is open stands in a command as `<<name>>`.
    """
    several = tuple(steps)
    blocks = dict.fromkeys(step.commands for step in several)
    typed = [line for block in blocks for line in block if is_one_line(line)]
    if not typed:
        return tuple(s.where.in_language(lang) for s in several[:1] if s.where is not None)
    return tuple(typed[:SHOWN]) + (("…",) if len(typed) > SHOWN else ())


def shown_for(
    finding: Finding, inventory: Inventory, platforms: Mapping[str, Platform], lang: str
) -> tuple[str, ...]:
    """The same for a finding; `platforms`: families by device, before those that are declared."""
    name = device_of(finding, inventory)
    device = next((one for one in inventory.devices if one.id == name), None)
    if device is None or finding.outcome is not Outcome.FAIL:
        return ()
    platform = platforms.get(device.id) or family_of(device)
    return first_lines(commands_for(finding, device, platform, inventory), lang)


def family_of(device: Device, report: Report | None = None) -> Platform | None:
    """The family that the inventory declares, else the one that was recognised in the run."""
    name = device.platform
    if name is None and report is not None and device.id in report.network:
        fact = report.network[device.id]["identity.family"]
        name = fact.value if isinstance(fact, Known) else None
    try:
        return find(name) if name is not None else None
    except NoSuchPlatform:
        return None


def sheets_of(report: Report) -> dict[str, Sheet]:
    """What a report on remedies is written from: one for each device with anything to mend."""
    devices = {device.id: device for device in report.inventory.devices}
    failed, seen = failures(report), observed(report)
    return {
        name: _sheet(devices[name], failed.get(name, ()), seen.get(name, ()), report)
        for name in devices
        if name in failed or name in seen
    }


def steps_of_notices(report: Report) -> dict[str, tuple[Step, ...]]:
    """What is typed to mend each observation, by its fingerprint; those without are left out."""
    devices = {device.id: device for device in report.inventory.devices}
    found: dict[str, tuple[Step, ...]] = {}
    for name, notices in observed(report).items():
        platform = family_of(devices[name], report)
        found |= _steps_for(notices, devices[name], platform, report.inventory)
    return found


def _steps_for(
    notices: Iterable[Notice], device: Device, platform: Platform | None, inventory: Inventory
) -> dict[str, tuple[Step, ...]]:
    return {
        notice.fingerprint: steps
        for notice in notices
        if (steps := commands_for_notice(notice, device, platform, inventory))
    }


def _sheet(
    device: Device, findings: Iterable[Finding], notices: Iterable[Notice], report: Report
) -> Sheet:
    platform = family_of(device, report)
    if platform is None or platform.remedies is None:
        return Sheet(family=platform.title if platform is not None else "?")
    steps = {
        finding.fingerprint: found
        for finding in findings
        if (found := commands_for(finding, device, platform, report.inventory))
    }
    steps |= _steps_for(notices, device, platform, report.inventory)
    own = platform.remedies
    return Sheet(
        *(steps, platform.title, own.comment, own.comments_pass),
        loaded=own.loaded,
        enter=own.enter,
        leave=own.leave,
    )
