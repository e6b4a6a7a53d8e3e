"""What a VRP device lets through, line by line, as the vendor documents it.

"CR" is the Command Reference of the family of devices that is named.
"""

from __future__ import annotations

from datetime import UTC, datetime
from ipaddress import ip_address

import pytest

from rules.facts import Known
from rules.network_facts import QosClass
from rules.packets.interpret import Decision, decide
from rules.packets.packet import Packet, usual_flags
from rules.packets.policy import Policy
from scanner.evidence import Document
from scanner.platforms import find


def fact(text: str | bytes, name: str) -> object:
    content = text if isinstance(text, bytes) else text.encode()
    document = Document(
        content, "display current-configuration", "O", datetime(2026, 1, 1, tzinfo=UTC)
    )
    found = find("huawei-vrp").read([document]).facts[name]
    assert isinstance(found, Known), found
    return found.value


def policy(text: str | bytes) -> Policy:
    found = fact(text, "filters")
    assert isinstance(found, Policy)
    return found


def ask(text: str | bytes, packet: str, state: str = "new") -> Decision:
    """`Vlanif10 Vlanif20 10.1.0.1 10.2.0.1 tcp 443`."""
    entering, leaving, source, target, protocol, port = packet.split()
    number = {"tcp": 6, "udp": 17, "icmp": 1}[protocol]
    ports = (int(port), 0) if number == 1 else (40000, int(port))
    flags = usual_flags(number, state)
    addresses = ip_address(source), ip_address(target)
    return decide(policy(text), Packet(*addresses, number, *ports, flags, entering, leaving, state))


def switch(acl: str, binding: str, more: str = "") -> str:
    return (
        f"sysname S\n#\nvlan batch 10 20\n#\nacl number 3000\n{acl}#\n{more}"
        f"interface Vlanif10\n ip address 10.1.0.254 255.255.255.0\n{binding}#\nreturn\n"
    )


IN = " traffic-filter inbound acl 3000\n"
WEB = "Vlanif10 Vlanif20 10.1.0.1 10.2.0.1 tcp 80"
DROP_NET = " rule 5 deny tcp source 10.1.0.0 0.0.0.255 destination-port eq www\n"


def traffic(behavior: str, binding: str = " traffic-policy P inbound\n") -> tuple[str, str]:
    more = (
        "traffic classifier C operator or\n if-match acl 3000\n#\n"
        f"traffic behavior B\n {behavior}\n#\n"
        "traffic policy P\n classifier C behavior B\n#\n"
    )
    return binding, more


ON_INTERFACES = {
    # CR S series "traffic-filter": a packet that no rule matches is forwarded
    "a rule that denies": (switch(DROP_NET, IN), WEB, "deny", 6),
    "no rule matches": (switch(DROP_NET, IN), WEB.replace(" 80", " 443"), "permit", None),
    "the other direction": (
        switch(DROP_NET, IN),
        "Vlanif20 Vlanif10 10.1.0.1 10.2.0.1 tcp 80",
        "permit",
        None,
    ),
    "outbound": (
        switch(DROP_NET, " traffic-filter outbound acl 3000\n"),
        "Vlanif20 Vlanif10 10.1.0.1 10.2.0.1 tcp 80",
        "deny",
        6,
    ),
    "IPv6 is no matter of an IPv4 list": (
        switch(" rule 5 deny ip\n", IN),
        "Vlanif10 Vlanif20 2001:db8::1 2001:db8::2 tcp 80",
        "permit",
        None,
    ),
    "replies are asked too: there is no state": (switch(DROP_NET, IN), WEB, "deny", 6),
    # CR "rule (advanced ACL view)": zeros of the wildcard have to fit, `0` is one host
    "host by the wildcard 0": (switch(" rule 5 deny ip source 10.1.0.1 0\n", IN), WEB, "deny", 6),
    "beside the host": (
        switch(" rule 5 deny ip source 10.1.0.2 0\n", IN),
        WEB,
        "permit",
        None,
    ),
    "scattered wildcard": (
        switch(" rule 5 deny ip source 10.0.0.1 0.255.0.0\n", IN),
        WEB,
        "deny",
        6,
    ),
    "without source, any": (switch(" rule 5 deny tcp\n", IN), WEB, "deny", 6),
    # CR "match-order": by number, not by place
    "numbers order the rules": (
        switch(" rule 10 deny ip\n rule 5 permit ip\n", IN),
        WEB,
        "permit",
        7,
    ),
    "depth first": (
        switch(" rule 5 permit ip\n rule 10 deny ip source 10.1.0.1 0\n", IN).replace(
            "acl number 3000", "acl number 3000 match-order auto"
        ),
        WEB,
        "deny",
        7,
    ),
    "a name for the list": (
        switch(DROP_NET, " traffic-filter inbound acl name F\n").replace(
            "acl number 3000", "acl name F 3000"
        ),
        WEB,
        "deny",
        6,
    ),
    "time range": (switch(" rule 5 deny ip time-range T\n", IN), WEB, "unknown", 6),
    "a list that is not there": (
        switch(DROP_NET, " traffic-filter inbound acl 3999\n"),
        WEB,
        "unknown",
        None,
    ),
    "layer 2 list": (
        switch(" rule 5 deny l2-protocol arp\n", " traffic-filter inbound acl 4000\n").replace(
            "acl number 3000", "acl number 4000"
        ),
        WEB,
        "unknown",
        6,
    ),
    # S series FAQ "What is the relationship between an ACL and a traffic policy"
    "list permits, behaviour permits": (
        switch(" rule 5 permit tcp\n", *traffic("permit")),
        WEB,
        "permit",
        6,
    ),
    "list permits, behaviour denies": (
        switch(" rule 5 permit tcp\n", *traffic("deny")),
        WEB,
        "deny",
        6,
    ),
    "list denies, behaviour permits": (
        switch(" rule 5 deny tcp\n", *traffic("permit")),
        WEB,
        "deny",
        6,
    ),
    "no classifier matches": (
        switch(" rule 5 permit udp\n", *traffic("deny")),
        WEB,
        "permit",
        None,
    ),
}


def usg(rules: str, more: str = "", default: str = "") -> str:
    return (
        "sysname F\n#\ninterface GigabitEthernet1/0/1\n#\ninterface GigabitEthernet1/0/2\n#\n"
        "interface GigabitEthernet1/0/3\n#\n"
        "firewall zone trust\n set priority 85\n add interface GigabitEthernet1/0/1\n"
        " add interface GigabitEthernet1/0/3\n#\n"
        "firewall zone untrust\n set priority 5\n add interface GigabitEthernet1/0/2\n#\n"
        f"{more}security-policy\n{default}{rules}#\nreturn\n"
    )


AT = usg("").split("\n").index("security-policy") + 2
OUT = "trust untrust 10.1.0.1 198.51.100.1 tcp 443"


def rule(*conditions: str, action: str = "permit") -> str:
    return "".join(f"  {one}\n" for one in (*conditions, f"action {action}"))


R = " rule name r\n"

BETWEEN_ZONES = {
    # CR USG6000E "default action": between zones deny
    "no rule": (usg(""), OUT, "deny", None),
    "default permit": (usg("", default=" default action permit\n"), OUT, "permit", None),
    "a rule": (usg(R + rule("source-zone trust", "service https")), OUT, "permit", AT),
    "an interface stands for its zone": (
        usg(R + rule("source-zone trust")),
        "GigabitEthernet1/0/1 GigabitEthernet1/0/2 10.1.0.1 198.51.100.1 tcp 443",
        "permit",
        AT,
    ),
    "several zones are alternatives": (
        usg(R + rule("source-zone dmz", "source-zone trust")),
        OUT,
        "permit",
        AT,
    ),
    "another zone": (usg(R + rule("source-zone dmz")), OUT, "deny", None),
    "first rule": (
        usg(R + rule("service https", action="deny") + " rule name s\n" + rule()),
        OUT,
        "deny",
        AT,
    ),
    "disabled": (usg(R + rule("disable")), OUT, "deny", None),
    "user": (usg(R + rule("user user-group /default/a")), OUT, "unknown", AT),
    "time range": (usg(R + rule("time-range work")), OUT, "unknown", AT),
    "mask": (
        usg(R + rule("source-address 10.1.0.0 mask 255.255.255.0")),
        OUT,
        "permit",
        AT,
    ),
    "prefix length": (usg(R + rule("source-address 10.1.0.0 24")), OUT, "permit", AT),
    "wildcard": (usg(R + rule("source-address 10.1.0.0 0.0.0.255")), OUT, "permit", AT),
    "range": (usg(R + rule("source-address range 10.1.0.2 10.1.0.9")), OUT, "deny", None),
    "sets in a group": (
        usg(
            R + rule("source-address address-set all", "service web"),
            "ip address-set a type object\n address 0 10.1.0.0 mask 24\n#\n"
            "ip address-set all type group\n address 0 address-set a\n#\n"
            "ip service-set web type object\n service 0 protocol tcp destination-port 80 443\n#\n",
        ),
        OUT,
        "permit",
        AT + 9,
    ),
    "set that is not there": (usg(R + rule("source-address address-set x")), OUT, "unknown", AT),
    "application": (usg(R + rule("application app HTTP")), OUT, "unknown", AT),
    # CR USG6000E "default packet-filter intrazone enable"
    "inside one zone": (
        usg(""),
        "GigabitEthernet1/0/1 GigabitEthernet1/0/3 10.1.0.1 10.1.9.1 tcp 443",
        "unknown",
        None,
    ),
    "inside one zone, controlled": (
        usg("", default=" default packet-filter intrazone enable\n"),
        "trust trust 10.1.0.1 10.1.9.1 tcp 443",
        "deny",
        None,
    ),
    "in no zone": (
        usg(R + rule()),
        OUT.replace("trust ", "GigabitEthernet1/0/9 ", 1),
        "deny",
        None,
    ),
    # CR USG6000E "nat server": the policy sees the private address
    "translated destination": (
        usg(
            R + rule(),
            " nat server web protocol tcp global 198.51.100.1 443 inside 10.1.0.9 443\n#\n",
        ),
        OUT,
        "permit",
        AT + 2,
    ),
    # CR USG6000E "service-manage": before the policy, for the device itself
    "service-manage": (
        usg("").replace("1/0/2\n#", "1/0/2\n service-manage ssh permit\n#", 1),
        "untrust local 198.51.100.1 192.0.2.1 tcp 22",
        "permit",
        6,
    ),
    "a rule to the device, of which service-manage may think otherwise": (
        usg(R + rule()),
        "untrust local 198.51.100.1 192.0.2.1 tcp 22",
        "unknown",
        1,
    ),
}


def older(body: str) -> str:
    return usg("").replace("security-policy\n", body)


PAIR = (
    "policy interzone trust untrust {}\n policy 0\n  action permit\n"
    "  policy source 10.1.0.0 0.0.0.255\n"
)

OLDER = {
    # CR USG2000/5000: outbound is from the higher priority to the lower
    "outbound": (older(PAIR.format("outbound")), OUT, "permit", AT),
    "inbound": (older(PAIR.format("inbound")), OUT, "unknown", None),
    "default": (
        older(PAIR.format("inbound") + "#\nfirewall packet-filter default deny all\n"),
        OUT,
        "deny",
        None,
    ),
    "default of a pair": (
        older("firewall packet-filter default permit interzone trust untrust direction outbound\n"),
        OUT,
        "permit",
        AT - 1,
    ),
}


@pytest.mark.parametrize("case", {**ON_INTERFACES, **BETWEEN_ZONES, **OLDER})
def test_a_packet(case: str) -> None:
    tables = [table[case] for table in (ON_INTERFACES, BETWEEN_ZONES, OLDER) if case in table]
    for text, packet, answer, line in tables:
        decision = ask(text, packet)
        found = decision.rule.line if decision.rule is not None else None
        assert (decision.answer, found) == (answer, line), decision


def test_replies_pass_between_zones_and_not_through_a_list() -> None:
    assert ask(usg(""), OUT, "established").answer == "permit"
    assert ask(switch(DROP_NET, IN), WEB, "established").answer == "deny"


def test_names_in_gbk_stay_two_names() -> None:
    text = usg(
        R + rule("source-address address-set 会议"),
        "ip address-set 会议 type object\n address 0 10.1.0.1 0\n#\n"
        "ip address-set 办公 type object\n address 0 10.9.0.1 0\n#\n",
    )
    assert ask(text.encode("gbk"), OUT).answer == "permit"
    assert ask(text.encode("gbk"), OUT.replace("10.1.0.1", "10.9.0.1")).answer == "deny"


def test_a_list_of_the_terminals_denies_what_it_does_not_permit() -> None:
    text = (
        "sysname S\n#\nacl number 2000\n rule 5 deny source 10.0.0.1 0\n"
        " rule 10 permit source 10.0.0.0 0.0.0.3\n#\nvlan batch 2\n#\n"
        "user-interface vty 0 4\n acl 2000 inbound\n idle-timeout 3 30\n#\nreturn\n"
    )
    assert [str(one) for one in fact(text, "management.allowlist")] == [  # type: ignore[attr-defined]
        "10.0.0.0/32",
        "10.0.0.2/31",
    ]
    assert fact(text, "management.idle_timeout_s") == 210


def test_bandwidth_is_kept_in_kbit_per_second() -> None:
    binding, more = traffic("queue ef bandwidth 2048", " traffic-policy P outbound\n")
    found = fact(switch(" rule 5 permit udp\n", binding, more), "qos.classes")
    assert isinstance(found, tuple)
    (kept,) = found
    assert isinstance(kept, QosClass)
    assert (kept.interface, kept.direction, kept.reserved_kbps) == ("Vlanif10", "out", 2048)
    limited = fact(switch(" rule 5 permit udp\n", *traffic("car cir 2048")), "qos.classes")
    assert isinstance(limited, tuple)
    assert limited[0].reserved_kbps is None
