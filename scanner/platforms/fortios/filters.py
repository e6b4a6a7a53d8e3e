"""The whole packet policy of a FortiGate: what a packet meets between two of its interfaces.

One virtual firewall (VDOM) asks its policies in their order and denies what none of them decides.
Between interfaces of two VDOMs a packet passes the policies of both, through the link that joins
them. Before the policies stand the access control list, translated destinations (`vips`), and
packets that leave where they came in; after them traffic inside a zone with `intrazone allow`
(Fortinet Community, "policy matching order when the intrazone setting is used").

Not part of it: what is sent to the device itself (`local-in-policy`, `allowaccess`), inspection of
content, thresholds of DoS policies, proxies, translation between IPv4 and IPv6.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from rules.packets.fields import ALL_V4, ALL_V6, STATES
from rules.packets.policy import Chain, Policy, Region, Rewrite, Rule, Stage, Unread
from rules.packets.sets import Names, Numbers, union
from scanner.evidence import printable
from scanner.platforms.fortios import central_nat, vdom_links
from scanner.platforms.fortios.policies import UNDECIDED, Match, Policies
from scanner.platforms.fortios.translated import Translated, renamed_centrally, unsaid
from scanner.platforms.fortios.tree import Configuration, Entry, Setting
from scanner.platforms.fortios.versions import (
    lone_member_is_a_zone,
    redirects_by_default,
    release,
)
from scanner.platforms.fortios.vips import (
    NOT_SHOWN,
    Vip,
    matches_vips,
    named,
    regions_of,
    through,
    vips_of,
)
from scanner.platforms.netconfig.addresses import prefix

POLICY, POLICY_6 = "firewall policy", "firewall policy6"
SECURITY_POLICY = "firewall security-policy"
CONSOLIDATED = "firewall consolidated policy"
TABLES = (POLICY, POLICY_6, SECURITY_POLICY, CONSOLIDATED)

MULTICAST = union(one for one in map(prefix, ("224.0.0.0/4", "ff00::/8")) if one is not None)
_OF_A_CONNECTION = Names(frozenset(STATES) - {"new"})
_ACTIONS = frozenset({"accept", "deny", "ipsec"})


def policy_of(found: Configuration) -> Policy | None:
    """What the device does with packets that go through it; None when no policies are shown."""
    vdoms = found.vdoms
    if not any(table in vdom.sections for vdom in vdoms.values() for table in TABLES):
        return None
    translated = {
        name: _Vdom(found, vdom, f"{printable(name)}: " if len(vdoms) > 1 else "")
        for name, vdom in vdoms.items()
    }
    chains: dict[str, Chain] = {}
    for one in translated.values():
        chains |= one.chains
    stages = tuple(stage for one in translated.values() for stage in one.stages)
    if len(translated) > 1:
        stages, more = vdom_links.between(found, {n: one.parts for n, one in translated.items()})
        chains |= more
    chains[UNDECIDED] = Chain(UNDECIDED, (), "unknown", why="the action is not understood")
    zones = {
        printable(zone): tuple(printable(member) for member in members)
        for one in translated.values()
        for zone, members in one.zones.items()
    }
    return Policy(stages, chains, tuple(_unread(found)), zones)


def zones_of(found: Configuration, vdom: Entry) -> dict[str, tuple[str, ...]]:
    """The zones of a VDOM and their interfaces, those of SD-WAN too."""
    zones = {zone.name: zone.words("interface") for zone in vdom.entries("system zone")}
    for table, usual in (("system sdwan", ""), ("system virtual-wan-link", "virtual-wan-link")):
        section = vdom.sections.get(table)
        for member in section.own.entries("members") if section is not None else ():
            name = member.word("zone") or usual or "virtual-wan-link"
            zones[name] = (*zones.get(name, ()), *member.words("interface"))
    return zones


class _Vdom:
    """The chains and stages of one virtual firewall."""

    def __init__(self, found: Configuration, vdom: Entry, prefix_: str) -> None:
        self.found, self.vdom, self.prefix = found, vdom, prefix_
        self.zones = zones_of(found, vdom)
        self.policies = Policies(found, vdom, self.zones)
        self.version = release(found)
        settings = vdom.sections.get("system settings")
        self.settings = settings.own if settings is not None else Entry("", 0)
        self.vips = vips_of(vdom, self.policies)
        self.chains: dict[str, Chain] = {}
        self.rewrites: tuple[Rewrite, ...] = ()
        """Translations before the policies are asked."""
        self.used: dict[str, Vip] = {}
        """Virtual IPs that work because a policy names them."""
        self.renamed: list[Rule] = []
        """Policies that change the source of what they let through."""
        names = list(self._chains())
        self.parts = vdom_links.Parts(tuple(names), self.chains, tuple(self.zones), self._made())
        self.stages = tuple(self._stage(name) for name in names)

    def _made(self) -> Translated:
        """What the VDOM makes of packets, for another one behind it."""
        sent_on, left = central_nat.translations(self.used.values(), self.found.shown)
        doubts = [*unsaid(left, self.found.shown)]
        if self._has_central_nat():
            return Translated(
                self.rewrites, sent_on, (*doubts, *renamed_centrally(self.vdom, self.found.shown))
            )
        return Translated(self.rewrites, sent_on, tuple(doubts), tuple(self.renamed))

    def _has_central_nat(self) -> bool:
        """Tables of their own translate, and not the policies."""
        policy_based = self.settings.word("ngfw-mode") == "policy-based"
        return policy_based or self.settings.word("central-nat") == "enable"

    def _stage(self, name: str) -> Stage:
        section = self.vdom.sections.get(name.removeprefix(self.prefix))
        if section is None:
            return Stage(name, stateful=True)
        rewrites: tuple[Rewrite, ...] = ()
        if section.path in TABLES:  # once, however many tables are asked
            rewrites, self.rewrites = self.rewrites, ()
        text = self.found.shown(section.line)
        return Stage(name, line=section.line, text=text, stateful=True, rewrites=rewrites)

    def _chains(self) -> Iterator[str]:
        """The chains that every packet has to pass, after they were made."""
        if any(True for _ in self.vdom.entries("firewall acl")):
            yield self._acl()
        if self.settings.word("ngfw-mode") == "policy-based":
            yield self._main(SECURITY_POLICY, (SECURITY_POLICY,), "")
            if POLICY in self.vdom.sections:
                yield self._main(POLICY, (POLICY,), "accept")
        elif self.settings.word("consolidated-firewall-mode") == "enable":
            yield self._main(CONSOLIDATED, (CONSOLIDATED,), "")
        else:
            yield self._main(POLICY, (POLICY, POLICY_6), "")

    def _add(self, chain: Chain) -> str:
        self.chains[chain.name] = chain
        return chain.name

    def _main(self, title: str, tables: tuple[str, ...], no_action: str) -> str:
        """Policies with what stands before and behind them; `no_action`: where none is set."""
        listed = [
            (policy, table == POLICY_6)
            for table in tables
            for policy in self.vdom.entries(table)
            if not self.policies.is_off(policy)
        ]
        rules = [*self._multicast(title), *self._not_new(), *self._same_interface()]
        rules += self._translated(title, listed)
        for policy, six in listed:
            rules += self._rule(policy, six, no_action)
        rules += self._inside_zones()
        shown = any(table in self.vdom.sections for table in tables)
        why = "" if shown else f"no `config {title}` in this file"
        return self._add(
            Chain(self.prefix + title, tuple(rules), "deny" if shown else "unknown", why=why)
        )

    def _rule(self, policy: Entry, six: bool, no_action: str) -> Iterator[Rule]:
        """The policy without its virtual IPs, which have a chain of their own."""
        action = _action(policy, no_action)
        destinations = policy.words("dstaddr")
        plain = tuple(n for n in destinations if not named((n,), self.vips, self.vdom))
        if destinations and not plain and not policy.words("dstaddr6"):
            return
        if plain != destinations:
            policy = Entry(policy.name, policy.line, dict(policy.settings))
            before = policy.settings["dstaddr"]
            policy.settings["dstaddr"] = Setting(plain, before.line, damaged=before.damaged)
            if not plain:
                policy.settings.pop("srcaddr", None)
        match = self.policies.match(policy, action, six=True if six else self._only_v4())
        if match.may:
            yield self._noted(policy, self.policies.rule(policy, match, action))

    def _noted(self, policy: Entry, rule: Rule) -> Rule:
        if rule.action != "deny" and policy.word("nat") == "enable":
            self.renamed.append(rule)
        return rule

    def _only_v4(self) -> bool | None:
        """In releases before policies were merged, `firewall policy` is about IPv4 only."""
        return False if POLICY_6 in self.vdom.sections else None

    # --- before the policies ---------------------------------------------------------------

    def _acl(self) -> str:
        """`config firewall acl` drops packets as they come in."""
        rules = []
        for entry in self.vdom.entries("firewall acl"):
            if entry.word("status") == "disable":
                continue
            policy = Entry(entry.name, entry.line, dict(entry.settings))
            policy.settings["dstintf"] = Setting(("any",), entry.line)
            if "interface" in entry.settings:
                policy.settings["srcintf"] = entry.settings["interface"]
            match = self.policies.match(policy, "deny")
            rules.append(self.policies.rule(policy, match, "deny"))
        return self._add(Chain(f"{self.prefix}firewall acl", tuple(rules), "permit"))

    def _multicast(self, title: str) -> Iterator[Rule]:
        """Packets to groups are ruled by policies of their own, where there are some."""
        section = self.vdom.sections.get("firewall multicast-policy")
        if section is None or not section.entries:
            return
        rules = []
        for entry in section.entries.values():
            if entry.word("status") != "disable":
                match = self._multicast_match(entry)
                action = entry.word("action") or "accept"
                rules.append(self.policies.rule(entry, match, action))
        name = self._add(Chain(f"{self.prefix}multicast of {title}", tuple(rules), "deny"))
        text = self.found.shown(section.line)
        to_groups = (Region(destination=MULTICAST),)
        yield Rule("goto", section.line, text, to_groups, target=name)

    def _multicast_match(self, entry: Entry) -> Match:
        """Groups are named by objects of their own, which are not read."""
        region = Region(
            entering=self.policies.place(entry.words("srcintf")),
            leaving=self.policies.place(entry.words("dstintf")),
        )
        words = f"multicast-policy {entry.name}: set dstaddr {' '.join(entry.words('dstaddr'))}"
        return Match((region,), (), printable(words))

    def _not_new(self) -> Iterator[Rule]:
        """With asymmetric routing, packets of connections that were not seen are let through."""
        setting = self.settings.settings.get("asymroute")
        if setting is not None and setting.word == "enable":
            may = (Region(state=_OF_A_CONNECTION),)
            text = self.found.shown(setting.line)
            yield Rule("permit", setting.line, text, may, (), why="set asymroute enable")

    def _same_interface(self) -> Iterator[Rule]:
        """Packets that leave where they came in may pass without a policy."""
        section = self.found.common.sections.get("system global")
        here = section.own if section is not None else Entry("", self.found.first or 1)
        on: list[Numbers] = []
        line = here.line or self.found.first or 1
        for key, version in (
            ("allow-traffic-redirect", ALL_V4),
            ("ipv6-allow-traffic-redirect", ALL_V6),
        ):
            setting = here.settings.get(key)
            default = redirects_by_default(self.version)
            if setting is not None:
                line = setting.line
            if setting.word != "disable" if setting is not None else default is not False:
                on.append(version)
        family: Numbers | None = on[0] if len(on) == 1 else None
        vdom_of = vdom_links.vdom_of(self.found)
        own = self.prefix.removesuffix(": ")
        interfaces = [n for n, v in vdom_of.items() if not own or v == own]
        may = tuple(
            Region(source=family, entering=place, leaving=place)
            for place in (Names(frozenset({printable(name)})) for name in interfaces)
        )
        if on and may:
            why = "allow-traffic-redirect is not switched off"
            yield Rule("permit", line, self.found.shown(line), may, (), why=why)

    # --- translated destinations ------------------------------------------------------------

    def _translated(self, title: str, listed: list[tuple[Entry, bool]]) -> Iterator[Rule]:
        """Packets to virtual IPs are led to the policies that are about them."""
        if self.settings.word("central-nat") == "enable":
            yield from self._centrally_translated()
            return
        used = self.used
        for policy, _ in listed:
            names = (*policy.words("dstaddr"), *policy.words("dstaddr6"))
            used.update((one.name, one) for one in named(names, self.vips, self.vdom))
        if not used:
            return
        rules = [rule for policy, _ in listed for rule in self._about_vips(policy, used)]
        name = self._add(Chain(f"{self.prefix}virtual IPs of {title}", tuple(rules), "return"))
        first = next(iter(used.values()))
        regions = tuple(region for vip in used.values() for region in regions_of(vip))
        text = self.found.shown(first.line)
        lines = tuple(vip.line for vip in used.values())
        yield Rule("jump", first.line, text, regions, target=name, lines=lines)

    def _about_vips(self, policy: Entry, used: dict[str, Vip]) -> Iterator[Rule]:
        action = _action(policy, "")
        names = (*policy.words("dstaddr"), *policy.words("dstaddr6"))
        mine = named(names, self.vips, self.vdom)
        if mine:
            yield self._vip_rule(policy, action, mine)
        if action != "deny" or all(one in mine for one in used.values()):
            return
        asked = matches_vips(policy, self.version)
        if asked is not False:
            match = self._translated_match(policy, action)
            if asked is None:
                match = Match(match.may, (), match.why or NOT_SHOWN)
            yield self.policies.rule(policy, match, action)

    def _translated_match(self, policy: Entry, action: str) -> Match:
        """A destination that is not everything could be compared before or after translation."""
        match = self.policies.match(policy, action)
        whole = {None, ALL_V4, ALL_V6}
        if all(region.destination in whole for region in match.may):
            return match
        may = tuple(replace(region, destination=None) for region in match.may)
        return Match(may, (), match.why or "match-vip with a destination that is not all")

    def _vip_rule(self, policy: Entry, action: str, vips: list[Vip]) -> Rule:
        alone = Entry(policy.name, policy.line, dict(policy.settings))
        alone.settings.pop("dstaddr6", None)
        base = Region(
            entering=self.policies.place(policy.words("srcintf")),
            leaving=self.policies.place(policy.words("dstintf")),
        )
        several = [through(vip, *self.policies.asking(alone), base) for vip in vips]
        whys = [*self.policies.doubts(alone, action), *(one.why for one in several if one.why)]
        sure = not any(True for _ in self.policies.doubts(alone, action))
        match = Match(
            tuple(region for one in several for region in one.may),
            tuple(region for one in several for region in one.must) if sure else (),
            printable("; ".join(dict.fromkeys(whys))),
        )
        return self._noted(policy, self.policies.rule(policy, match, action))

    def _centrally_translated(self) -> Iterator[Rule]:
        """Central NAT translates without a policy; policies name the mapped addresses."""
        self.rewrites, left = central_nat.translations(self.vips.values(), self.found.shown)
        why = central_nat.WHY
        name = self._add(Chain(f"{self.prefix}central NAT", (), "unknown", why=why))
        for vip in left:
            yield Rule(
                "goto",
                vip.line,
                self.found.shown(vip.line),
                (central_nat.sent_to(vip),),
                (),
                name,
                f'virtual IP "{printable(vip.name)}" with central NAT',
            )

    # --- behind the policies ----------------------------------------------------------------

    def _inside_zones(self) -> Iterator[Rule]:
        for zone in self.vdom.entries("system zone"):
            setting = zone.settings.get("intrazone")
            if setting is None or setting.word == "deny":
                continue
            place = self.policies.place((zone.name,))
            region = (Region(entering=place, leaving=place),)
            text = self.found.shown(setting.line)
            members = self.zones.get(zone.name, ())
            sure = len(members) > 1 or lone_member_is_a_zone(self.version)
            if setting.word == "allow" and sure:
                yield Rule("permit", setting.line, text, region)
            else:
                yield Rule("permit", setting.line, text, region, (), why=text)


def _action(policy: Entry, otherwise: str) -> str:
    """The action in words; deny where none is set, because `show` leaves the default out."""
    setting = policy.settings.get("action")
    if setting is None or not setting.values:
        return (otherwise or "deny") if setting is None or not setting.damaged else "?"
    return setting.word if setting.word in _ACTIONS else f"? {setting.word}".strip()


def _unread(found: Configuration) -> Iterator[Unread]:
    for odd in found.odd:
        yield Unread(odd.line, odd.text, odd.why, odd.matters)
    for vdom in found.vdoms.values():
        for table in ("firewall policy46", "firewall policy64", "firewall proxy-policy"):
            for entry in vdom.entries(table):
                if entry.word("status") != "disable":
                    why = f"`config {table}` is not read"
                    yield Unread(entry.line, found.shown(entry.line), why, False)
