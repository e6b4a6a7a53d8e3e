"""Access lists of IOS decide packets as Cisco documents it."""

from __future__ import annotations

import pytest

from tests.scanner.platforms.cisco_ios.ios_packets import INTERFACES, asked, packet, policy, said

WEB = "tcp 192.0.2.9:1024 > 10.0.0.9:80"
END = "end of ip access-list A"

EXTENDED = [
    # (lines of the list, packet, answer, deciding line)
    ("permit tcp any any eq www", WEB, "permit", 0),
    ("permit tcp any any eq 80 443", WEB, "permit", 0),
    ("permit tcp any any neq www", WEB, "deny", None),
    ("permit tcp any any range 79 81", WEB, "permit", 0),
    ("permit tcp any any gt 80", WEB, "deny", None),
    ("permit tcp any any gt 79", WEB, "permit", 0),
    ("permit tcp any any lt 81", WEB, "permit", 0),
    ("permit tcp any any lt 80", WEB, "deny", None),
    ("permit tcp any eq 1024 any", WEB, "permit", 0),
    ("permit tcp any eq 80 any", WEB, "deny", None),
    ("permit udp any any eq 80", WEB, "deny", None),
    ("permit 6 any any", WEB, "permit", 0),
    ("permit gre any any", "gre 192.0.2.9 > 10.0.0.9", "permit", 0),
    ("deny ip host 192.0.2.9 any\npermit ip any any", WEB, "deny", 0),
    ("deny ip host 192.0.2.8 any\npermit ip any any", WEB, "permit", 1),
    ("permit ip 192.0.2.0 0.0.0.255 10.0.0.0 0.0.0.255 log", WEB, "permit", 0),
    ("permit ip 192.0.2.0 0.0.0.7 any", WEB, "deny", None),
    # a wildcard with gaps: odd hosts only
    ("permit ip 192.0.2.1 0.0.0.254 any", WEB, "permit", 0),
    ("permit ip 192.0.2.0 0.0.0.254 any", WEB, "deny", None),
    # "sequence numbers order the entries" (Cisco, IP Access List Entry Sequence Numbering)
    ("20 permit ip any any\n10 deny tcp any any", WEB, "deny", 1),
    ("20 permit ip any any\ndeny tcp any any", WEB, "permit", 0),
    ("remark permit ip any any\ndeny tcp any any", WEB, "deny", 1),
    # ICMP by name, by type, by type and code
    ("permit icmp any any echo", "icmp 192.0.2.9:8 > 10.0.0.9:0", "permit", 0),
    ("permit icmp any any echo-reply", "icmp 192.0.2.9:8 > 10.0.0.9:0", "deny", None),
    ("permit icmp any any 8", "icmp 192.0.2.9:8 > 10.0.0.9:0", "permit", 0),
    ("permit icmp any any 3 4", "icmp 192.0.2.9:3 > 10.0.0.9:4", "permit", 0),
    ("permit icmp any any 3 4", "icmp 192.0.2.9:3 > 10.0.0.9:1", "deny", None),
    ("permit icmp any any packet-too-big", "icmp 192.0.2.9:3 > 10.0.0.9:4", "permit", 0),
    # established = ACK or RST, of TCP only
    ("permit tcp any any established", WEB, "deny", None),
    ("permit tcp any any established", f"{WEB} established", "permit", 0),
    ("permit tcp any any established", "udp 192.0.2.9:53 > 10.0.0.9:53 established", "deny", None),
    ("permit tcp any any match-all +ack -syn", f"{WEB} established", "permit", 0),
    ("permit tcp any any match-all +syn -ack", WEB, "permit", 0),
    ("permit tcp any any match-all +syn +ack", WEB, "deny", None),
    ("permit tcp any any syn", WEB, "permit", 0),
    # a line about later fragments decides no whole packet
    ("deny ip any any fragments\npermit ip any any", WEB, "permit", 1),
    # conditions that nobody can tell from here
    ("permit tcp any any time-range GIO-HANH-CHINH", WEB, "unknown", 0),
    ("permit ip any any dscp ef", WEB, "unknown", 0),
    ("deny ip any any time-range NGHI\ndeny tcp any any", WEB, "deny", 1),
    ("permit tcp any any eq 80 log time-range X", WEB, "unknown", 0),
    ("permit tcp any any eq 80 log THE-LABEL", WEB, "permit", 0),
    ("permit tcp any any eq 443 time-range X", WEB, "deny", None),
    ("permit ip object-group CHUA-CO any", WEB, "unknown", 0),
    ("permit tcp any any eq no-such-port", WEB, "unknown", 0),
    ("permit ip any any ttl eq 255", WEB, "unknown", 0),
    ("dynamic KHACH permit ip any any", WEB, "unknown", 0),
]


@pytest.mark.parametrize(("lines", "words", "answer", "decides"), EXTENDED)
def test_extended_lists(lines: str, words: str, answer: str, decides: int | None) -> None:
    body = "".join(f" {line}\n" for line in lines.split("\n"))
    text = f"{INTERFACES}ip access-list extended A\n{body}"
    expected = END if decides is None else lines.split("\n")[decides]
    assert said(text, words) == (answer, expected)


STANDARD = [
    ("permit 192.0.2.9", "permit"),
    ("permit 192.0.2.8", "deny"),
    ("permit host 192.0.2.9", "permit"),
    ("permit 192.0.2.0 0.0.0.15", "permit"),
    ("deny 192.0.2.0 0.0.0.15", "deny"),
    ("permit any log", "permit"),
]


@pytest.mark.parametrize(("line", "answer"), STANDARD)
def test_standard_lists_look_at_the_source_and_a_missing_mask_is_a_host(
    line: str, answer: str
) -> None:
    text = f"{INTERFACES}ip access-list standard A\n {line}\n"
    assert said(text, WEB)[0] == answer
    numbered = INTERFACES.replace(" A in", " 10 in") + f"access-list 10 {line}\n"
    assert said(numbered, WEB)[0] == answer


def test_a_numbered_list_of_the_extended_range() -> None:
    text = INTERFACES.replace(" A in", " 101 in")
    text += "access-list 101 remark web\naccess-list 101 permit tcp any any eq 80\n"
    assert said(text, WEB) == ("permit", "access-list 101 permit tcp any any eq 80")
    assert said(text, "tcp 192.0.2.9:1024 > 10.0.0.9:81")[0] == "deny"


@pytest.mark.parametrize("lines", ["", "ip access-list extended A\n remark trong\n"])
def test_a_list_that_is_applied_and_not_defined_or_empty_permits_everything(lines: str) -> None:
    # Cisco, "IP Access List Overview": "applying an access list that does not exist permits all"
    decision = asked(INTERFACES + lines, WEB)
    chain = policy(INTERFACES + lines).chains[decision.chain]
    assert decision.answer == "permit"
    assert chain.line == (7 if lines else 4)


def test_a_list_concerns_only_packets_at_its_interface() -> None:
    text = f"{INTERFACES}ip access-list extended A\n deny ip any any\n"
    assert said(text, WEB)[0] == "deny"
    assert said(text, WEB, "GigabitEthernet0/1") == ("permit", "")
    assert said(text, "tcp [2001:db8::9] > [2001:db8::1]")[0] == "permit"


def test_a_list_on_the_way_out() -> None:
    text = INTERFACES.replace(" A in", " A out") + "ip access-list extended A\n deny ip any any\n"
    assert said(text, WEB)[0] == "permit"
    assert said(text, WEB, "GigabitEthernet0/1", "GigabitEthernet0/0")[0] == "deny"


GROUPS = """\
object-group network TRONG
 host 192.0.2.9
object-group network NGUON
 description nguon
 198.51.100.0 255.255.255.0
 range 203.0.113.5 203.0.113.9
 group-object TRONG
object-group network VONG
 group-object VONG
 host 192.0.2.9
object-group service WEB
 tcp eq www
 tcp source gt 1023 range 443 444
 udp 5060
 icmp echo
 group-object WEB-KHAC
object-group service WEB-KHAC
 tcp-udp eq domain
object-group ip port CONG
 eq 80
 range 90 99
"""


@pytest.mark.parametrize(
    ("line", "words", "answer"),
    [
        ("permit ip object-group NGUON any", WEB, "permit"),
        ("permit ip object-group NGUON any", "tcp 203.0.113.7:1 > 10.0.0.9:1", "permit"),
        ("permit ip object-group NGUON any", "tcp 203.0.113.4:1 > 10.0.0.9:1", "deny"),
        ("permit object-group WEB any any", WEB, "permit"),
        ("permit object-group WEB any any", "tcp 192.0.2.9:1024 > 10.0.0.9:444", "permit"),
        ("permit object-group WEB any any", "tcp 192.0.2.9:1023 > 10.0.0.9:444", "deny"),
        ("permit object-group WEB any any", "udp 192.0.2.9:1023 > 10.0.0.9:5060", "permit"),
        ("permit object-group WEB any any", "udp 192.0.2.9:1023 > 10.0.0.9:53", "permit"),
        ("permit object-group WEB any any", "icmp 192.0.2.9:8 > 10.0.0.9:0", "permit"),
        ("permit object-group WEB any any", "icmp 192.0.2.9:0 > 10.0.0.9:0", "deny"),
        ("permit object-group WEB object-group NGUON host 10.0.0.9", WEB, "permit"),
        ("permit tcp any any portgroup CONG", WEB, "permit"),
        ("permit tcp any portgroup CONG any", WEB, "deny"),
        ("permit ip object-group VONG any", WEB, "unknown"),
    ],
)
def test_object_groups(line: str, words: str, answer: str) -> None:
    text = f"{INTERFACES}{GROUPS}ip access-list extended A\n {line}\n"
    assert said(text, words)[0] == answer


def test_the_member_that_brought_an_address_into_a_group_is_known() -> None:
    text = f"{INTERFACES}{GROUPS}ip access-list extended A\n permit ip object-group NGUON any\n"
    rule = asked(text, "tcp 203.0.113.7:1 > 10.0.0.9:1").rule
    assert rule is not None
    source = rule.may[0].source
    assert source is not None
    part = source.part_with(int(packet("tcp 203.0.113.7:1 > 10.0.0.9:1").source))
    assert part is not None
    assert (part.text, part.line) == ("range 203.0.113.5 203.0.113.9", 12)


SIX = """\
service timestamps log datetime msec
interface GigabitEthernet0/0
 ipv6 address 2001:db8::1/64
 ipv6 traffic-filter A in
ipv6 access-list A
 permit tcp any host 2001:db8::9 eq 443 sequence 20
 deny tcp any any sequence 10
 permit icmp any any echo-request
"""


@pytest.mark.parametrize(
    ("words", "answer", "line"),
    [
        ("tcp [2001:db8::5] > [2001:db8::9]", "deny", "deny tcp any any sequence 10"),
        ("udp [2001:db8::5] > [2001:db8::9]", "deny", "end of ipv6 access-list A"),
    ],
)
def test_ipv6_lists(words: str, answer: str, line: str) -> None:
    assert said(SIX, words) == (answer, line)


@pytest.mark.parametrize(("kind", "answer"), [(135, "permit"), (136, "permit"), (134, "deny")])
def test_an_ipv6_list_permits_neighbour_discovery_before_it_denies(kind: int, answer: str) -> None:
    # Cisco, `ipv6 access-list`: implicit permit icmp any any nd-na, nd-ns
    from dataclasses import replace

    from rules.packets.interpret import decide

    asks = replace(packet("icmpv6 [fe80::5] > [ff02::1]"), source_port=kind)
    assert decide(policy(SIX), asks).answer == answer
    explicit = SIX + " deny ipv6 any any\n"
    assert decide(policy(explicit), asks).answer == "deny"


REFLEXIVE = """\
service timestamps log datetime msec
interface GigabitEthernet0/0
 ip address 192.0.2.1 255.255.255.0
 ip access-group VAO in
 ip access-group RA out
ip access-list extended RA
 permit tcp 10.0.0.0 0.0.0.255 any reflect PHIEN timeout 120
ip access-list extended VAO
 evaluate PHIEN
 evaluate KHONG-CO
"""


def test_a_reflexive_list_lets_in_no_new_connection_and_perhaps_replies() -> None:
    assert said(REFLEXIVE, WEB)[0] == "deny"
    assert said(REFLEXIVE, f"{WEB} established") == ("unknown", "evaluate PHIEN")
    assert said(REFLEXIVE, "udp 192.0.2.9:53 > 10.0.0.9:53 established")[0] == "deny"
    out = said(
        REFLEXIVE, "tcp 10.0.0.9:1024 > 192.0.2.9:80", "GigabitEthernet0/1", "GigabitEthernet0/0"
    )
    assert out[0] == "permit"


def test_a_line_that_is_no_line_of_a_list_leaves_every_answer_open() -> None:
    text = f"{INTERFACES}ip access-list extended A\n permti ip any any\n deny ip any any\n"
    (unread,) = policy(text).unread
    assert (unread.line, unread.matters) == (8, True)
    assert policy(text.replace("permti", "permit")).unread == ()


def test_what_speaks_of_a_filter_and_is_not_known_leaves_every_answer_open() -> None:
    text = INTERFACES.replace(" ip access-group A in", " ip admission KHACH")
    assert [line.text for line in policy(text).unread] == ["ip admission KHACH"]
    stray = f"{INTERFACES}ip access-list extended A\n deny ip any any\nip access-group B in\n"
    assert [line.line for line in policy(stray).unread] == [9]
    other = f"{INTERFACES}some-new-command 5\n"
    assert policy(other).unread == ()


@pytest.mark.parametrize(
    "line",
    [
        "ip inspect name FW tcp",
        "ip access-list logging interval 10",
        "ip access-list resequence A 10 10",
        "access-list 700 permit 0000.0000.0001 ffff.ffff.ffff",
        "access-list compiled",
        "parameter-map type inspect global",
        "policy-map type inspect http WEB",
        "ntp access-group peer 10",
        "snmp-server community <redacted> RO 10",
        "ip as-path access-list 1 permit _65000_",
        "dialer-list 1 protocol ip permit",
    ],
)
def test_lines_that_filter_nothing_by_themselves_leave_nothing_open(line: str) -> None:
    assert (
        policy(f"{INTERFACES}ip access-list extended A\n permit ip any any\n{line}\n").unread == ()
    )


def test_inspection_of_connections_may_let_replies_in() -> None:
    text = INTERFACES.replace(" A in", " A in\n ip inspect FW out")
    text += "ip access-list extended A\n deny ip any any\nip inspect name FW tcp\n"
    assert said(text, WEB)[0] == "deny"
    assert said(text, f"{WEB} established") == ("unknown", "ip inspect FW out")
