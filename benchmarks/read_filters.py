"""How fast the filters of 10,000 rules are read: `python benchmarks/read_filters.py`.

Every text is invented and holds so many rules of the same shape. The last column is the time of the
processor for the whole fact `filters`; beside it, as a lower bound, that of splitting the text into
lines and words.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from rules.facts import Known
from scanner.evidence import Document
from scanner.platforms import find

RULES = 10_000


def ios(n: int) -> str:
    return f" permit tcp 10.{n >> 8 & 255}.{n & 255}.0 0.0.0.255 any eq {n}\n"


def asa(n: int) -> str:
    return f"access-list A extended permit tcp 10.{n >> 8}.{n & 255}.0 255.255.255.0 any eq {n}\n"


def vrp(n: int) -> str:
    return (
        f" rule {n} permit tcp source 10.{n >> 8}.{n & 255}.0 0.0.0.255 destination-port eq {n}\n"
    )


def nft(n: int) -> str:
    return f'  iifname "eth0" ip saddr 10.{n >> 8}.{n & 255}.0/24 tcp dport {n} accept\n'


def iptables(n: int) -> str:
    return f"-A FORWARD -s 10.{n >> 8}.{n & 255}.0/24 -i eth0 -p tcp -m tcp --dport {n} -j ACCEPT\n"


def routeros(n: int) -> str:
    where = f"dst-address=10.{n >> 8}.{n & 255}.0/24"
    return f"add action=accept chain=forward {where} dst-port={n} protocol=tcp\n"


def fortios(n: int) -> str:
    return (
        f'    edit {n}\n        set srcintf "a"\n        set dstintf "b"\n'
        '        set srcaddr "all"\n        set dstaddr "all"\n        set action accept\n'
        '        set schedule "always"\n        set service "HTTPS"\n    next\n'
    )


def srx(n: int) -> str:
    head = f"set security policies from-zone a to-zone b policy p{n}"
    match = f"{head} match source-address any destination-address any application junos-https\n"
    return f"{match}{head} then permit\n"


def paloalto(n: int) -> str:
    head = f"set rulebase security rules r{n}"
    return (
        f"{head} from a to b source 10.{n >> 8}.{n & 255}.0/24 destination any\n"
        f"{head} application any service service-https action allow\n"
    )


def pfsense(n: int) -> str:
    return (
        "<rule><type>pass</type><interface>lan</interface><ipprotocol>inet</ipprotocol>"
        "<protocol>tcp</protocol><source><any></any></source><destination>"
        f"<address>10.{n >> 8}.{n & 255}.0/24</address><port>443</port></destination></rule>\n"
    )


LANGUAGES = {
    "cisco-ios": (
        "hostname r\ninterface GigabitEthernet0/0\n ip access-group A out\n"
        "ip access-list extended A\n",
        ios,
        "end\n",
    ),
    "cisco-asa": ("ASA Version 9.12(4)\n", asa, "access-group A global\n"),
    "huawei-vrp": (
        "#\nsysname r\n#\nacl number 3000\n",
        vrp,
        "#\ninterface GigabitEthernet0/0/0\n traffic-filter inbound acl 3000\n#\nreturn\n",
    ),
    "fortios": (
        "#config-version=FGT60F-7.4.1-FW-build2463-230830:opmode=0:vdom=0\n"
        "config firewall policy\n",
        fortios,
        "end\n",
    ),
    "juniper-srx": (
        "set version 21.4R3\nset security zones security-zone a interfaces ge-0/0/0\n"
        "set security zones security-zone b interfaces ge-0/0/1\n",
        srx,
        "",
    ),
    "paloalto": (
        "set deviceconfig system hostname r\nset zone a network layer3 ethernet1/1\n"
        "set zone b network layer3 ethernet1/2\n",
        paloalto,
        "",
    ),
    "pfsense": (
        "<?xml version='1.0'?>\n<pfsense><system></system><interfaces>"
        "<wan><enable/><if>igb0</if></wan><lan><enable/><if>igb1</if></lan></interfaces>\n"
        "<filter>\n",
        pfsense,
        "</filter></pfsense>\n",
    ),
    "mikrotik-routeros": (
        "# 2026-11-20 10:00:00 by RouterOS 7.15.2\n/ip firewall filter\n",
        routeros,
        "",
    ),
    "nftables": (
        "table inet f {\n chain c {\n  type filter hook forward priority 0; policy drop;\n",
        nft,
        " }\n}\n",
    ),
    "iptables": (
        "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [0:0]\n",
        iptables,
        "COMMIT\n",
    ),
}


def rows() -> Iterator[str]:
    yield f"{'language':20}{'kB':>7}{'words, s':>10}{'read, s':>9}"
    for language, (head, line, end) in LANGUAGES.items():
        text = head + "".join(line(n) for n in range(1, RULES + 1)) + end
        begun = time.process_time()
        for one in text.split("\n"):
            one.split()
        split_s = time.process_time() - begun
        document = Document(text.encode(), "config", "O", datetime.now(UTC))
        begun = time.process_time()
        fact = find(language).read([document]).facts.get("filters")
        read_s = time.process_time() - begun
        if not isinstance(fact, Known):
            raise SystemExit(f"{language}: the filters were not read: {fact}")
        yield f"{language:20}{len(text) // 1000:7}{split_s:10.3f}{read_s:9.2f}"


if __name__ == "__main__":
    for row in rows():
        print(row, flush=True)
