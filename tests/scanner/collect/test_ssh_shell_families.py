"""Firewalls, routers and switches asked over SSH: from the login to what passes through them.

Each family's `collect` talks to a simulated device of its dialect, with a pager of 24 lines. The
answers are those of the sample files, with secrets put in that nobody may see again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from inventory.secrets import Secret
from rules.facts import Known
from rules.packets.policy import Policy
from scanner.collect import prompted_shell
from scanner.collect.access import DeviceAccess
from scanner.collect.errors import CollectError, Refused
from scanner.collect.redact import redact
from scanner.collect.stopping import Stop
from scanner.evidence import Document
from scanner.platforms import find
from scanner.platforms.model import Reading
from tests.scanner.collect.network_terminal import (
    MANNERS,
    PASSWORD,
    NetworkTerminal,
    listening,
)

SAMPLES = Path(__file__).parents[1] / "platforms" / "samples"
LEAKED = "Zq7planted9Xw"
"""Begins every secret of the answers."""

JUNOS = f"""\
set version 21.4R3.15
set system host-name srx-tinh
set system root-authentication encrypted-password "$6${LEAKED}$abcdefgh"
set system ntp server 10.20.9.6
set system radius-server 10.20.9.7 secret "$9${LEAKED}"
set snmp community {LEAKED} authorization read-only
set interfaces ge-0/0/0 unit 0 family inet address 10.20.0.1/24
set interfaces ge-0/0/1 unit 0 family inet address 10.20.1.1/24
set security zones security-zone trust interfaces ge-0/0/1.0
set security zones security-zone untrust interfaces ge-0/0/0.0
set security policies from-zone trust to-zone untrust policy out match source-address any
set security policies from-zone trust to-zone untrust policy out match destination-address any
set security policies from-zone trust to-zone untrust policy out match application junos-https
set security policies from-zone trust to-zone untrust policy out then permit
set security policies default-policy deny-all
"""
PANOS = f"""\
config {{
  mgt-config {{
    users {{
      netadmin {{
        phash $5${LEAKED}$abcdefgh;
      }}
    }}
  }}
  devices {{
    localhost.localdomain {{
      deviceconfig {{
        system {{
          hostname PA-TINH;
          ntp-servers {{
            primary-ntp-server {{
              ntp-server-address 10.20.9.6;
            }}
          }}
        }}
      }}
      vsys {{
        vsys1 {{
          zone {{
            trust {{
              network {{
                layer3 ethernet1/1;
              }}
            }}
            untrust {{
              network {{
                layer3 ethernet1/2;
              }}
            }}
          }}
          rulebase {{
            security {{
              rules {{
                out {{
                  from trust;
                  to untrust;
                  source any;
                  destination 10.1.0.5;
                  application any;
                  service any;
                  action allow;
                }}
              }}
            }}
          }}
        }}
      }}
    }}
  }}
}}
"""


def _sample(name: str, planted: str, before: str) -> str:
    """A sample file with lines of secrets before its last line that is `before`."""
    head, mark, tail = (SAMPLES / name).read_text().rpartition(before)
    assert mark
    return f"{head}{planted}{mark}{tail}"


@dataclass(frozen=True)
class Case:
    dialect: str
    answers: Mapping[str, str]
    version: str | None
    told: tuple[str, ...] = ("interfaces",)
    """Facts besides `filters` and the version."""


IOS = "cisco-ios/router-15.7/show_"
CASES = {
    "cisco-ios": Case(
        "cisco_ios",
        {
            "show version": (SAMPLES / f"{IOS}version.txt").read_text(),
            "show running-config": "Building configuration...\n\n"
            + _sample(
                f"{IOS}running-config.txt",
                f"enable secret 9 $9${LEAKED}\nsnmp-server community {LEAKED}1 RO\n"
                f"username a privilege 15 password 7 {LEAKED}2\ntacacs-server key {LEAKED}3\n!\n",
                "ntp server 10.20.30.5",
            ),
            "show ip interface brief": (SAMPLES / f"{IOS}ip_interface_brief.txt").read_text(),
            "show ip route vrf *": (SAMPLES / f"{IOS}ip_route.txt").read_text(),
            "show ip arp": "Protocol  Address  Age (min)  Hardware Addr   Type   Interface\n"
            "Internet  10.20.10.20             7   0200.5e10.0020  ARPA   GigabitEthernet0/1\n",
        },
        "15.7(3)M8",
        ("interfaces", "routes", "accounts", "ntp.servers", "management.idle_timeout_s"),
    ),
    "cisco-asa": Case(
        "cisco_asa",
        {
            "terminal pager 0": "",
            "show version": "Cisco Adaptive Security Appliance Software Version 9.12(4)18\n\n"
            "Hardware:   ASA5516, 8192 MB RAM, CPU Atom C2000 series 2416 MHz\n",
            "show running-config": _sample(
                "cisco-asa/edge/running-config.txt",
                f"enable password {LEAKED} pbkdf2\nsnmp-server community {LEAKED}1\n"
                f"username b password {LEAKED}2 encrypted privilege 15\n",
                ": end",
            ),
            "show arp": "\thnth 10.67.10.20 0200.5e10.0020 15\n",
        },
        "9.12(4)18",
        ("interfaces", "routes", "neighbours", "accounts", "ntp.servers"),
    ),
    "fortios": Case(
        "fortinet",
        {
            "get system status": "Version: FortiGate-100F v7.2.8,build1639,240313 (GA.M)\n"
            "Serial-Number: FG100FTK00000000\nHostname: fw-tinh\n",
            "show full-configuration": _sample(
                "fortios/province-edge/firewall.conf",
                'config user local\n    edit "khach"\n        set type password\n'
                f"        set passwd ENC {LEAKED}AAAA==\n    next\nend\n",
                "config firewall policy\n",
            ),
            "get system arp": "Address           Age(min)   Hardware Addr      Interface\n"
            "10.67.10.20       0          02:00:5e:10:00:20 hnth\n",
        },
        "7.2.8",
        ("interfaces", "routes", "accounts", "management.idle_timeout_s"),
    ),
    "juniper-srx": Case(
        "juniper_junos",
        {
            "show version | no-more": "Hostname: srx-tinh\nModel: srx340\nJunos: 21.4R3.15\n",
            "show configuration | display set | no-more": JUNOS,
            "show arp no-resolve | no-more": "MAC Address       Address      Interface   Flags\n"
            "02:00:5e:10:00:20 10.20.1.20   ge-0/0/1.0  none\nTotal entries: 1\n",
            "show route | no-more": "\ninet.0: 1 destinations, 1 routes (1 active, 0 holddown, "
            "0 hidden)\n+ = Active Route, - = Last Active, * = Both\n\n"
            "10.20.1.0/24       *[Direct/0] 5w0d 19:43:14\n"
            "                    >  via ge-0/0/1.0\n",
        },
        "21.4R3.15",
        ("interfaces", "routes", "neighbours", "ntp.servers"),
    ),
    "paloalto": Case(
        "paloalto_panos",
        {
            "show system info": "\nhostname: PA-TINH\nip-address: 10.20.9.2\nmodel: PA-220\n"
            "serial: 012001000000\nsw-version: 10.1.6-h3\n\n",
            "show config running": PANOS,
        },
        "10.1.6-h3",
        ("ntp.servers",),
    ),
    "huawei-vrp": Case(
        "huawei_vrp",
        {
            "screen-length 0 temporary": "Info: The configuration takes effect on the current user"
            " terminal interface only.\n",
            "display version": "Huawei Versatile Routing Platform Software\n"
            "VRP (R) software, Version 5.170 (USG6330 V500R005C20SPC500)\n",
            "display current-configuration": _sample(
                "huawei-vrp/usg/current-configuration.txt",
                f"#\nsnmp-agent community read cipher %^%#{LEAKED}%^%#\n#\n"
                f"radius-server template r\n radius-server shared-key cipher %^%#{LEAKED}1%^%#\n"
                "#\n",
                "return",
            ),
            "display arp all": "IP ADDRESS      MAC ADDRESS     EXPIRE(M) TYPE   INTERFACE   "
            "VPN-INSTANCE\n10.67.10.20     0200-5e10-0020  20        D-0    GE0/0/2\n"
            "Total:1         Dynamic:1       Static:0    Interface:0\n",
        },
        "V500R005C20SPC500",
        ("interfaces", "neighbours", "accounts", "ntp.servers"),
    ),
    "mikrotik-routeros": Case(
        "mikrotik_routeros",
        {
            "/export": _sample(
                "mikrotik-routeros/gate/export.rsc",
                f'/ppp secret\nadd name=x password="{LEAKED}"\n',
                "/system identity",
            ),
            "/user export": f"/user\nadd group=full name=quantri password={LEAKED}\n",
            "/ip arp print terse": " 0 DC address=10.67.10.20 mac-address=02:00:5E:10:00:20 "
            "interface=hnth published=no\n",
            "/ip route print terse": " 0 ADC  dst-address=10.67.10.0/24 gateway=hnth distance=0\n",
        },
        None,
        ("interfaces", "neighbours", "ntp.servers"),
    ),
}
EVERY_FAMILY = pytest.mark.parametrize("family", CASES)


class Kept:
    """A journal that a test can read."""

    def __init__(self) -> None:
        self.sent_commands: list[str] = []
        self.lines: list[str] = []

    def sent(self, device_id: str, transport: str, what: str) -> None:
        self.lines.append(f"{device_id} {transport} {what}")
        if transport == "ssh" and not what.startswith(("connect ", "login ")):
            self.sent_commands.append(what)


@pytest.fixture(autouse=True)
def _less_patient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prompted_shell, "SETTLE_S", 0.12)


@contextmanager
def device(
    family: str, folder: Path, answers: Mapping[str, str] | None = None, **more: object
) -> Iterator[NetworkTerminal]:
    case = CASES[family]
    manner = replace(MANNERS[case.dialect], page=24)
    given = case.answers if answers is None else answers
    with listening(NetworkTerminal(manner, given, folder, **more)) as started:
        yield started


def access(started: NetworkTerminal, family: str, journal: Kept) -> DeviceAccess:
    return DeviceAccess(
        device_id="fw-01",
        ssh=started.endpoint(),
        web_address=lambda _: pytest.fail("no web page is needed"),
        allowed=find(family).allowed,
        journal=journal,
        vantage="test",
        stop=Stop(),
        password=Secret(PASSWORD),
    )


def asked(started: NetworkTerminal, family: str, journal: Kept | None = None) -> list[Document]:
    return list(find(family).collect(access(started, family, journal or Kept())))


def values(reading: Reading) -> dict[str, object]:
    return {name: fact.value for name, fact in reading.facts.items() if isinstance(fact, Known)}


@EVERY_FAMILY
def test_a_device_is_read_from_login_to_filters(family: str, tmp_path: Path) -> None:
    platform, case, journal = find(family), CASES[family], Kept()
    with device(family, tmp_path) as started:
        documents = asked(started, family, journal)
    assert started.heard == journal.sent_commands
    assert set(case.answers) <= set(started.heard)
    assert all(platform_allows(family, command) for command in started.heard)
    assert set(started.keys) <= {" ", "q"}
    for document in documents:
        lines = case.answers.get(document.source, started.manner.unknown).rstrip("\n")
        assert document.text.count("\n") == lines.count("\n") + 1, document.source
        assert LEAKED not in document.text
        assert PASSWORD not in document.text
    told = values(platform.read(documents))
    assert isinstance(told["filters"], Policy)
    assert told["identity.family"] == family
    assert told.get("software.version") == case.version or case.version is None
    assert set(case.told) <= set(told)
    assert LEAKED not in repr(told)
    assert not any(PASSWORD in line for line in journal.lines)


def platform_allows(family: str, command: str) -> bool:
    return any(re.fullmatch(pattern, command) for pattern in find(family).allowed)


@EVERY_FAMILY
def test_live_and_saved_answers_tell_the_same(family: str, tmp_path: Path) -> None:
    platform, case = find(family), CASES[family]
    with device(family, tmp_path) as started:
        live = asked(started, family)
    saved = [
        replace(document, content=redact(case.answers[document.source].encode(), ()))
        for document in live
        if document.source in case.answers
    ]
    ours, theirs = values(platform.read(live)), values(platform.read(saved))
    # whether a community is a vendor's is not known where it was taken out
    names = set(theirs) - {"snmp.default_community"}
    assert names == set(ours) - {"snmp.default_community"}
    same = names - {"filters"}
    assert {name: ours[name] for name in same} == {name: theirs[name] for name in same}
    assert stages(ours["filters"]) == stages(theirs["filters"])


def stages(policy: object) -> list[tuple[str, ...]]:
    assert isinstance(policy, Policy)
    return [(stage.chain, stage.text) for stage in policy.stages] + [
        (chain.name, rule.action, rule.text)
        for chain in policy.chains.values()
        for rule in chain.rules
    ]


@EVERY_FAMILY
def test_an_account_that_may_see_nothing_leaves_everything_open(
    family: str, tmp_path: Path
) -> None:
    with device(family, tmp_path, answers={}) as started:
        documents = asked(started, family)
    refusal = started.manner.unknown.splitlines()[-1]
    assert all(refusal in document.text for document in documents)
    assert values(find(family).read(documents)) == {}


@EVERY_FAMILY
def test_commands_that_change_are_refused(family: str, tmp_path: Path) -> None:
    writes = ("configure terminal", "system-view", "configure", "enable", "write memory", "reload")
    with device(family, tmp_path) as started:
        ways = access(started, family, Kept())
        opened = (
            ways.exec_channel()
            if family == "mikrotik-routeros"
            else ways.shell(CASES[family].dialect)
        )
        with opened as line:
            for command in (*writes, *(f"{known}\n{writes[0]}" for known in CASES[family].answers)):
                with pytest.raises(Refused):
                    line.run(command)
    assert started.heard == []


@EVERY_FAMILY
def test_a_device_that_falls_silent_is_a_reason_and_no_fact(family: str, tmp_path: Path) -> None:
    last = list(CASES[family].answers)[-1]
    documents: list[Document] = []
    with device(family, tmp_path, hangs=last) as started:
        where = replace(started.endpoint(), command_timeout_s=0.5)
        ways = replace(access(started, family, Kept()), ssh=where)
        with pytest.raises(CollectError) as caught:
            documents.extend(find(family).collect(ways))
    assert PASSWORD not in caught.value.reason.en
    assert LEAKED not in repr(find(family).read(documents).facts)
