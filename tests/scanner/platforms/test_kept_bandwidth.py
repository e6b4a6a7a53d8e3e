"""What classes of traffic keep and what holds them, as the vendors document it.

A limit is no reservation: it is told as a limit, and that nothing is kept is certain then. That
there are no classes at all is told by a whole configuration only.
"""

from __future__ import annotations

import pytest

from rules.facts import Known
from scanner.platforms import find
from scanner.platforms.huawei_vrp.bandwidth import limit_of
from tests.scanner.platforms.juniper_packets import document
from tests.scanner.platforms.test_connected_routes import PAN, PFSENSE, ROUTEROS, SRX, VRP

Row = tuple[str, int | None, bool | None, int | None]


def told(family: str, text: str) -> list[Row] | str:
    """Interface, what is kept, whether it is certain that nothing is, and the limit of each."""
    fact = find(family).read([document(text)]).facts.get("qos.classes")
    if not isinstance(fact, Known):
        return "absent" if fact is None else "unknown"
    return [(q.interface, q.reserved_kbps, q.keeps, q.limit_kbps) for q in fact.value]


def vrp(*behavior: str, acl: str = "permit udp", binding: str = "traffic-policy P outbound") -> str:
    return (
        f"sysname R\n#\nacl number 3001\n rule 5 {acl}\n#\n"
        "traffic classifier C operator or\n if-match acl 3001\n#\ntraffic behavior B\n"
        + "".join(f" {line}\n" for line in behavior)
        + "#\ntraffic policy P\n classifier C behavior B precedence 5\n#\n"
        f"interface GigabitEthernet0/0/1\n {binding}\n#\nreturn\n"
    )


GE = "GigabitEthernet0/0/1"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (vrp("queue ef bandwidth 2048"), [(GE, 2048, None, None)]),
        (vrp("queue llq bandwidth 2048", "car cir 4096"), [(GE, 2048, None, 4096)]),
        (vrp("queue af bandwidth pct 20"), [(GE, None, None, None)]),
        (vrp("queue wfq"), [(GE, None, False, None)]),
        (vrp("car cir 1024 cbs 192512"), [(GE, None, False, 1024)]),
        (
            vrp("car cir 1024 pir 4096 green pass yellow pass red discard"),
            [(GE, None, False, 4096)],
        ),
        (vrp("gts cir 1024"), [(GE, None, False, 1024)]),
        (vrp("remark dscp ef"), [(GE, None, False, None)]),
        # not every packet of the list is in the class
        (vrp("car cir 1024", acl="deny udp"), [(GE, None, False, None)]),
        (vrp("car cir 1024", acl="permit udp time-range T"), [(GE, None, False, None)]),
        (vrp("car cir 1024", binding="qos lr cir 1500 outbound"), [(GE, None, False, 1500)]),
        (vrp("car cir 1024", binding="qos car inbound cir 1500"), [(GE, None, False, 1500)]),
        # what these keep is not read
        (vrp("car cir 1024", binding="qos queue-profile Q"), [(GE, None, None, None)]),
        (vrp("car cir 1024", binding="traffic-policy Q outbound"), "absent"),
        (vrp("car cir 1024", binding="description none"), "absent"),
        (VRP, []),
        (VRP.replace("return\n", ""), "absent"),
        (VRP.replace("sysname R", "qos queue-profile Q"), "absent"),
        (
            VRP.replace("return\n", "traffic-policy\n rule name a\n  action qos\n#\nreturn\n"),
            "unknown",
        ),
    ],
)
def test_vrp(text: str, expected: list[Row] | str) -> None:
    assert told("huawei-vrp", text) == expected


@pytest.mark.parametrize(
    ("line", "limit"),
    [
        ("car cir 2048", 2048),
        ("car cir 2 mbps", 2000),
        ("car cir 1024 pir 2048 yellow discard", 1024),
        ("car cir 1024 red pass", None),  # what is above the rate passes too
        ("car cir pct 20", None),
        ("car C share", None),
        ("queue af bandwidth 2048", None),
        ("gts cir x", None),
    ],
)
def test_the_most_that_a_behaviour_lets_through(line: str, limit: int | None) -> None:
    assert limit_of(line.split()) == limit


BOUND = """set class-of-service interfaces ge-0/0/0 unit 0 scheduler-map m
set class-of-service scheduler-maps m forwarding-class {name} scheduler s
set class-of-service schedulers s {line}
"""
END = "set system host-name r\nset version 21.4R3.15\nset vlans v vlan-id 10\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (BOUND.format(name="expedited-forwarding", line="transmit-rate 2m"), (2000, None, None)),
        (BOUND.format(name="expedited-forwarding", line="shaping-rate 2m"), (None, False, None)),
        # queue 0 has 95 percent where nothing is written
        (BOUND.format(name="best-effort", line="shaping-rate 2m"), (None, None, None)),
        (BOUND.format(name="own", line="priority high"), (None, None, None)),
        (
            BOUND.format(name="own", line="priority high")
            + "set class-of-service forwarding-classes class own queue-num 5\n",
            (None, False, None),
        ),
        (BOUND.format(name="own", line="transmit-rate remainder"), (None, None, None)),
        (
            "set class-of-service interfaces ge-0/0/0 unit 0 shaping-rate 1m\n",
            (None, False, 1000),
        ),
        (
            "set class-of-service interfaces ge-0/0/0 unit 0 output-traffic-control-profile t\n"
            "set class-of-service traffic-control-profiles t shaping-rate 1m\n",
            (None, False, 1000),
        ),
    ],
)
def test_junos(text: str, expected: tuple[int | None, bool | None, int | None]) -> None:
    assert told("juniper-srx", SRX + text) == [("ge-0/0/0.0", *expected)]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        (END, []),
        ("", "absent"),
        (END.replace("set vlans v vlan-id 10\n", ""), "absent"),  # it may be cut off before
        (END + "set firewall policer p then discard\n", "absent"),
    ],
)
def test_junos_without_classes(more: str, expected: list[Row] | str) -> None:
    lines = [one for one in SRX.splitlines(keepends=True) if "routing-instances" not in one]
    assert told("juniper-srx", "".join(lines) + more) == expected


QOS = """set network qos interface ethernet1/1 enabled yes
set network qos interface ethernet1/1 regular-traffic default-group qos-profile p
"""
CLASS = "set network qos profile p class class1 class-bandwidth "
KIND = "set network qos profile p class-bandwidth-type percentage class class1 class-bandwidth "


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (CLASS + "egress-guaranteed 2\n", [("ethernet1/1", 2000, None, None)]),
        (CLASS + "egress-max 2\n", [("ethernet1/1", None, False, None)]),
        (KIND + "egress-guaranteed 20\n", [("ethernet1/1", None, None, None)]),
        (
            "set network qos interface ethernet1/1 interface-bandwidth egress-max 1.5\n",
            [("ethernet1/1", None, False, 1500)],
        ),
        # 0 is the limit of the box
        ("set network qos interface ethernet1/1 interface-bandwidth egress-max 0\n", "absent"),
        ("set network qos interface ethernet1/1 enabled no\n", "absent"),
    ],
)
def test_pan_os(text: str, expected: list[Row] | str) -> None:
    assert told("paloalto", PAN + QOS + text) == expected


XML = """<config version="10.1.0"><mgt-config><users><entry name="a"/></users></mgt-config>
<devices><entry name="localhost.localdomain"><deviceconfig><system><hostname>r</hostname></system>
</deviceconfig><network><interface><ethernet><entry name="ethernet1/1"><layer3/></entry></ethernet>
</interface></network><vsys><entry name="vsys1"/></vsys></entry></devices></config>
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (XML, []),
        (XML.replace("<network>", "<network><qos/>"), "absent"),
        (PAN, "absent"),  # commands may be a part
    ],
)
def test_pan_os_without_classes(text: str, expected: list[Row] | str) -> None:
    assert told("paloalto", text) == expected


SIMPLE = ROUTEROS + "/queue simple\nadd name=a target=10.20.1.0/24 dst=ether1 "
TREE = ROUTEROS + "/queue tree\nadd name=a packet-mark=v parent=ether1 "


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (SIMPLE + "max-limit=1M/2M\n", [(None, False, 1000), (None, False, 2000)]),
        (SIMPLE + "limit-at=1M/2M max-limit=2M/4M\n", [(1000, None, 2000), (2000, None, 4000)]),
        (SIMPLE + "limit-at=x/2M\n", [(None, None, None), (2000, None, None)]),
        # only some packets of the target
        (SIMPLE + "max-limit=1M/1M packet-marks=v\n", [(None, False, None)] * 2),
        (SIMPLE + "max-limit=1M/1M time=8h-17h,mon\n", [(None, False, None)] * 2),
        (TREE + "limit-at=2M max-limit=4M\n", [(2000, None, None)]),
        (TREE + "max-limit=4M\n", [(None, False, None)]),
    ],
)
def test_routeros(text: str, expected: list[tuple[int | None, bool | None, int | None]]) -> None:
    assert told("mikrotik-routeros", text) == [("ether1", *one) for one in expected]


def test_an_earlier_simple_queue_takes_the_packets() -> None:
    text = SIMPLE + "limit-at=4M/4M\nadd name=b target=10.20.1.9/32 dst=ether1 max-limit=1M/1M\n"
    assert [row[-1] for row in told("mikrotik-routeros", text)] == [None] * 4
    other = text.replace("10.20.1.9/32", "10.20.7.9/32")
    assert [row[-1] for row in told("mikrotik-routeros", other)] == [None, None, 1000, 1000]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("/system identity\nset name=r\n", []),
        ("", "absent"),  # what ends an export is missing
        ("/queue type\nadd kind=pcq name=p\n/system identity\nset name=r\n", "absent"),
    ],
)
def test_routeros_without_queues(more: str, expected: list[Row] | str) -> None:
    assert told("mikrotik-routeros", ROUTEROS + more) == expected


SHAPER = """<shaper><queue><interface>wan</interface><name>wan</name><scheduler>{}</scheduler>
<bandwidth>1500</bandwidth><bandwidthtype>Kb</bandwidthtype><enabled>on</enabled><queue>
<name>video</name><bandwidth>1</bandwidth><bandwidthtype>Mb</bandwidthtype><enabled>on</enabled>
</queue></queue></shaper><filter>"""


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("<filter>", []),
        ("<dnshaper></dnshaper><filter>", []),
        ("<dnshaper><queue><name>a</name></queue></dnshaper><filter>", "absent"),
        (SHAPER.format("HFSC"), [("wan", 1000, None, None), ("wan", None, False, 1500)]),
        (SHAPER.format("PRIQ"), [("wan", None, False, None), ("wan", None, False, 1500)]),
        (SHAPER.format("NEW"), [("wan", None, None, None)]),
        (
            SHAPER.format("CBQ").replace("<enabled>on</enabled>\n</queue>", "</queue>"),
            [("wan", None, False, None), ("wan", None, False, 1500)],
        ),
    ],
)
def test_pfsense(written: str, expected: list[Row] | str) -> None:
    assert told("pfsense", PFSENSE.replace("<filter>", written)) == expected


FORTI = """#config-version=FG100F-7.2.5-FW-build1517-230606:opmode=0:vdom=0:user=admin
config system global
    set hostname "r"
end
config system interface
    edit "wan"
        set ip 198.51.100.2 255.255.255.0
    next
    edit "lan"
        set ip 10.20.1.1 255.255.255.0
    next
end
config firewall shaper traffic-shaper
    edit "video"
        set maximum-bandwidth 1024
    next
end
config firewall policy
    edit 1
        set srcintf "lan"
        set dstintf "wan"
        set action accept
        set srcaddr "all"
        set dstaddr "all"
        set schedule "always"
        set service "ALL"
        set traffic-shaper "video"
    next
end
"""
MAXIMUM = "set maximum-bandwidth 1024"
NO_SHAPER = FORTI.replace("        set traffic-shaper", "        set comments")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (FORTI, [("wan", None, False, 1024)]),
        (
            FORTI.replace(MAXIMUM, MAXIMUM + "\n        set guaranteed-bandwidth 512"),
            [("wan", 512, None, 1024)],
        ),
        (
            FORTI.replace(MAXIMUM, "set maximum-bandwidth 2\n        set bandwidth-unit mbps"),
            [("wan", None, False, 2000)],
        ),
        # 0 is no limit
        (FORTI.replace(MAXIMUM, "set maximum-bandwidth 0"), [("wan", None, None, None)]),
        (
            FORTI.replace(
                "198.51.100.2 255.255.255.0",
                "198.51.100.2 255.255.255.0\n        set outbandwidth 1500",
            ),
            [("wan", None, False, 1024), ("wan", None, False, 1500)],
        ),
        (NO_SHAPER, []),
        (NO_SHAPER.replace("firewall shaper traffic-shaper", "log setting"), []),
        (
            NO_SHAPER.replace("firewall shaper traffic-shaper", "log setting").split("\n", 1)[1],
            "absent",  # without its header it may be a part
        ),
        (NO_SHAPER[: NO_SHAPER.index("config firewall shaper")], "absent"),
    ],
)
def test_fortios(text: str, expected: list[Row] | str) -> None:
    assert told("fortios", text) == expected
