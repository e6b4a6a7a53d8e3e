"""What `tc` says on a Linux host: what is kept for which packets, and when that is not told."""

from __future__ import annotations

from datetime import UTC, datetime
from ipaddress import ip_network
from typing import Any

import pytest

from rules.facts import Known, Unknown
from rules.network_facts import QosClass
from rules.packets.fields import span
from rules.packets.policy import EVERYTHING, Region
from rules.packets.sets import NOTHING, numbers
from scanner.evidence import Document
from scanner.platforms import linux_commands as commands
from scanner.platforms.linux import read

NOW = datetime(2026, 11, 23, 18, 30, tzinfo=UTC)

# iproute2 6.1.0 on Linux 6.1, as printed
HEAD = """dev lo
qdisc noqueue 0: root refcnt 2
dev tslcd
qdisc htb 1: root refcnt 3 r2q 10 default 0x20 direct_packets_stat 0 direct_qlen 1000
"""
ROOT = "class htb 1:1 root rate 10Mbit ceil 10Mbit burst 1600b cburst 1600b \n"
KEPT = "class htb 1:10 parent 1:1 prio 0 rate 2Mbit ceil 8Mbit burst 1600b cburst 1600b \n"
REST = "class htb 1:20 parent 1:1 prio 1 rate 64Kbit ceil 12Mbit burst 1600b cburst 1600b \n"
TABLE = """filter parent 1: protocol ip pref 1 u32 chain 0
filter parent 1: protocol ip pref 1 u32 chain 0 fh 800: ht divisor 1
"""
RULE = """filter parent 1: protocol ip pref 1 u32 chain 0 fh 800::800 order 2048 key ht 800 bkt 0 \
*flowid 1:10 not_in_hw
  match 0a436500/ffffff00 at 12
  match 0a430a00/ffffff00 at 16
"""
TO_THE_REST = RULE.replace("*flowid 1:10", "*flowid 1:20").replace("::800", "::801")
END = "# status 0\n"
USUAL = HEAD + ROOT + KEPT + REST + TABLE + RULE


def fact(text: str) -> Any:
    document = Document(text.encode(), commands.TRAFFIC_CLASSES, "C", NOW)
    return read([document]).facts["qos.classes"]


def classes(text: str) -> dict[str, QosClass]:
    found = fact(text + END)
    assert isinstance(found, Known), found
    return {one.name: one for one in found.value}


def between(source: str, destination: str) -> Region:
    near, far = (numbers([span(ip_network(prefix))]) for prefix in (source, destination))
    return Region(source=near, destination=far)


def test_a_class_with_what_it_keeps_its_limit_and_its_packets() -> None:
    found = classes(USUAL)
    assert list(found) == ["1:10", "1:20"]
    kept = found["1:10"]
    assert (kept.interface, kept.direction, kept.reserved_kbps) == ("tslcd", "out", 2000)
    assert (kept.limit_kbps, kept.line, kept.why) == (8000, 6, "")
    assert kept.matches == (between("10.67.101.0/24", "10.67.10.0/24"),)
    rest = found["1:20"]
    assert (rest.reserved_kbps, rest.limit_kbps) == (64, None)
    assert (rest.matches, rest.why) == ((EVERYTHING,), "what no other class takes")


def test_every_class_is_cited_by_its_line() -> None:
    assert [c.line for c in fact(USUAL + END).citations] == [6, 7]


NO_CLASSES = """dev lo
qdisc noqueue 0: root refcnt 2
dev a
qdisc mq 0: root
qdisc fq_codel 0: parent :1 limit 10240p
class mq :1 root
"""


def test_nothing_kept_is_known_to_be_nothing() -> None:
    assert classes(NO_CLASSES) == {}


def test_classes_stand_in_the_order_in_which_filters_ask() -> None:
    assert list(classes(HEAD + ROOT + KEPT + REST + TABLE + TO_THE_REST + RULE)) == ["1:20", "1:10"]


def test_a_limit_above_holds_for_the_classes_below() -> None:
    found = classes(USUAL.replace("rate 2Mbit ceil 8Mbit", "rate 2Mbit ceil 20Mbit"))
    assert found["1:10"].limit_kbps == 10000


@pytest.mark.parametrize(
    ("rate", "kbps"),
    [("2Mbit", 2000), ("1999Kbit", 1999), ("1Gbit", 1_000_000), ("1999999bit", 1999)],
)
def test_units_are_decimal(rate: str, kbps: int) -> None:
    root = ROOT.replace("10Mbit", "5Gbit")
    text = HEAD + root + KEPT.replace("rate 2Mbit", f"rate {rate}") + TABLE + RULE
    assert classes(text)["1:10"].reserved_kbps == kbps


def test_more_promised_than_there_is_keeps_nothing_for_certain() -> None:
    found = classes(USUAL.replace("rate 64Kbit", "rate 9Mbit"))
    assert found["1:10"].reserved_kbps is None
    assert "1:1" in found["1:10"].why


def test_a_class_that_no_filter_leads_to_takes_nothing() -> None:
    found = classes(HEAD + ROOT + KEPT + REST)
    assert found["1:10"].matches == (Region(protocol=NOTHING),)


def test_the_protocol_and_a_host_are_understood() -> None:
    rule = RULE.replace("0a430a00/ffffff00", "0a430a0a/ffffffff")
    found = classes(HEAD + ROOT + KEPT + TABLE + rule + "  match 00110000/00ff0000 at 8\n")
    (region,) = found["1:10"].matches
    assert region.protocol == numbers([(17, 17)])
    assert region.destination == between("0.0.0.0/0", "10.67.10.10/32").destination


@pytest.mark.parametrize(
    "more",
    [
        "  match 00b80000/00fc0000 at 0\n",
        "  match 00005000/0000ffff at 20\n",
        "  match 0a430a00/ff00ff00 at 12\n",
        "  match 0a430a00/ffffff00 at nexthdr+0\n",
        "\taction order 1:  police 0x1 rate 1Mbit\n",
    ],
)
def test_what_else_a_filter_asks_for_leaves_the_packets_open(more: str) -> None:
    found = classes(USUAL + more)["1:10"]
    assert found.matches == ()
    assert found.why


def test_a_token_bucket_is_a_limit() -> None:
    text = ("dev tslcd\nqdisc tbf 8001: root refcnt 3 rate 1Mbit burst 4Kb lat 50ms\n"
            "class tbf 8001:1 parent 8001:\n")  # fmt: skip
    (one,) = classes(text).values()
    assert (one.reserved_kbps, one.keeps, one.limit_kbps) == (None, False, 1000)


@pytest.mark.parametrize(
    "text",
    [
        USUAL,  # cut off
        USUAL + "# status 1\n",
        USUAL + END[:-1],
        USUAL.replace("rate 2Mbit", "rate 2Mibit") + END,
        USUAL.replace("flowid 1:10", "flowid 1:99") + END,
        USUAL.replace("flowid 1:10", "flowid 1:1") + END,
        USUAL.replace("default 0x20", "default") + END,
        "dev a\nqdisc hfsc 1: root refcnt 2\n" + END,
        "dev a\nclass drr 1:1 root quantum 1500\n" + END,
        "/bin/sh: 1: /usr/sbin/tc: not found\n" + END,
        "dev a\nCannot find device a\n" + END,
        END,  # without any interface nothing was asked
        "",
    ],
)
def test_what_is_not_understood_is_unknown(text: str) -> None:
    found = fact(text)
    assert isinstance(found, Unknown)


def test_a_torn_answer_never_raises() -> None:
    whole = USUAL + END
    for cut in range(0, len(whole), 7):
        assert isinstance(fact(whole[:cut] + "\x00" + whole[cut + 1 :]), Known | Unknown)
