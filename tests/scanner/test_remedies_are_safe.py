"""What a remedy may cost the person who follows it stands beside it, in both languages."""

from __future__ import annotations

import re

import pytest

from inventory.text import Text
from reports.remediation import OWN_LONGEST
from scanner.platforms import all_platforms, find
from scanner.platforms.remedy import Remedy

SETTING = [platform.name for platform in all_platforms() if platform.remedies is not None]


def remedy(family: str, fact: str) -> Remedy:
    remedies = find(family).remedies
    assert remedies is not None
    return remedies.by_fact[fact]


def told(family: str, fact: str) -> Text:
    """Where it is set and what is noted, together."""
    one = remedy(family, fact)
    texts = [text for text in (one.where, one.note) if text is not None]
    return Text(vi=" ".join(t.vi for t in texts) or "-", en=" ".join(t.en for t in texts) or "-")


def of_way(*hows: str, fact: str) -> list[str]:
    found = []
    for family in SETTING:
        remedies = find(family).remedies
        assert remedies is not None
        one = remedies.by_fact.get(fact)
        if one is not None and one.how in hows:
            found.append(family)
    return found


@pytest.mark.parametrize("family", of_way("commands", "menu", fact="management.allowlist"))
def test_a_list_of_addresses_says_whom_it_shuts_out(family: str) -> None:
    text = told(family, "management.allowlist")
    assert re.search(r"lock(s|ed)? (you|out|yourself)|lock yourself|is locked out", text.en), text
    assert re.search(r"mất kết nối|tự khóa|tự hoàn lại", text.vi), text


@pytest.mark.parametrize("family", of_way("menu", fact="service.http.enabled"))
def test_a_menu_that_closes_http_says_how_one_gets_in_again(family: str) -> None:
    text = told(family, "service.http.enabled")
    assert re.search(r"https://|HTTPS|SSH|https", text.en), text


@pytest.mark.parametrize("family", of_way("commands", "menu", fact="service.telnet.enabled"))
def test_closing_telnet_says_or_opens_the_other_way(family: str) -> None:
    one = remedy(family, "service.telnet.enabled")
    said = told(family, "service.telnet.enabled").en
    opens = re.search(r"ssh|stelnet", " ".join(one.commands[:1]))
    assert opens or re.search(r"SSH|https|commands of this file|has no such service", said), one


@pytest.mark.parametrize(
    ("family", "fact", "said"),
    [
        ("polycom-rmx", "password_policy.min_length", "reset of the bridge"),
        ("polycom-rmx", "management.lockout_attempts", "ends every conference"),
        ("polycom-rmx", "service.http.enabled", "load a certificate first"),
        ("polycom-rmx", "management.allowlist", "White List"),
        ("polycom-rmx", "accounts", "only then delete"),
        ("polycom-hdx", "service.http.enabled", "23 and 24 close"),
        ("polycom-hdx", "service.ftp.enabled", "23 and 24 close"),
        ("polycom-hdx", "service.telnet.enabled", "after the commands of this file"),
        ("polycom-hdx", "management.idle_timeout_s", "Enable Sessions List"),
        ("polycom-group", "management.lockout_attempts", "Local Accounts > Account Lockout"),
        ("polycom-group", "management.allowlist", "30 addresses"),
        ("polycom-group", "service.telnet.enabled", "Enable Legacy API Over SSH first"),
        ("cisco-mcu", "serial_port.access", "Require administrator login"),
        ("cisco-mcu", "service.http.enabled", "only then clear Web (HTTP)"),
        ("cisco-expressway", "management.allowlist", "stops the calls"),
        ("cisco-expressway", "management.lockout_attempts", "Automated protection service = On"),
        ("cisco-expressway", "serial_port.access", "Serial port / console = Off"),
        ("cisco-expressway", "sip.encryption", "only then TCP mode = Off"),
        ("lifesize", "service.http.enabled", "web interface is gone"),
        ("lifesize", "accounts", "* and # only"),
        ("pexip", "accounts", "local database kept"),
        ("huawei-te", "service.telnet.enabled", "allow SSH first"),
        ("checkpoint", "management.allowlist", "only then remove Any"),
        ("cisco-cms", "management.idle_timeout_s", "number of days"),
        ("cisco-cms", "management.lockout_attempts", "callbridge restart"),
        ("cisco-cms", "accounts.unused", "another admin account"),
        ("paloalto", "ssh.algorithms", "SSH sessions end"),
        ("cisco-ios", "accounts", "no username NAME"),
        ("cisco-ios", "management.lockout_attempts", "quiet-mode"),
        ("cisco-ios", "filters", "lock yourself out"),
        ("cisco-asa", "service.telnet.enabled", "aaa authentication ssh console LOCAL"),
        ("cisco-asa", "accounts", "privilege 15"),
        ("huawei-vrp", "filters", "all permit rules first"),
        ("juniper-srx", "management.allowlist", "commit confirmed 5"),
        ("juniper-srx", "ssh.root_login", "another account"),
        ("mikrotik-routeros", "management.allowlist", "Safe Mode"),
        ("linux", "ssh.root_login", "use sudo first"),
        ("linux", "ssh.password_login", "a key must let you in first"),
        ("poly-studio", "service.telnet.enabled", "ports 22, 23, 24"),
        ("poly-studio", "usb.enabled", "stop working"),
        ("poly-trio", "sip.encryption", "no longer registered"),
        ("cisco-roomos", "sip.encryption", "no longer registered"),
    ],
)
def test_a_menu_tells_what_it_costs(family: str, fact: str, said: str) -> None:
    assert said in told(family, fact).en


@pytest.mark.parametrize("family", SETTING)
def test_no_text_is_cut_short_in_the_file_of_a_device(family: str) -> None:
    remedies = find(family).remedies
    assert remedies is not None
    for one in remedies.entries:
        for text in (one.where, one.note):
            assert text is None or max(len(text.vi), len(text.en)) < OWN_LONGEST - 20


@pytest.mark.parametrize(
    ("family", "fact", "first", "then"),
    [
        ("cisco-ios", "management.allowlist", "permit", "line vty 0 4"),
        ("cisco-ios", "ssh.algorithms", "crypto key generate", "keypair-name"),
        ("huawei-vrp", "service.telnet.enabled", "stelnet server enable", "undo telnet server"),
        ("huawei-vrp", "management.allowlist", "rule {n} permit", "acl 2998 inbound"),
        ("huawei-vrp", "filters", "action permit", "default action deny"),
        ("juniper-srx", "service.telnet.enabled", "services ssh", "delete system services telnet"),
        ("juniper-srx", "ssh.algorithms", "delete system services ssh ciphers", "set system "
         "services ssh ciphers"),
        ("juniper-srx", "management.allowlist", "then accept", "then discard"),
        ("paloalto", "service.telnet.enabled", "disable-ssh no", "disable-telnet yes"),
        ("paloalto", "service.http.enabled", "disable-https no", "disable-http yes"),
        ("mikrotik-routeros", "service.telnet.enabled", "set ssh disabled=no", "set telnet"),
        ("linux", "management.allowlist", "{inet_prefix} tcp dport 22 accept", "22 drop"),
        ("linux", "filters", "established,related accept", "log drop"),
        ("linux", "filters", "{port} accept", "log drop"),
    ],
)  # fmt: skip
def test_what_admits_is_typed_before_what_shuts_out(
    family: str, fact: str, first: str, then: str
) -> None:
    commands = remedy(family, fact).commands
    opening = next(n for n, one in enumerate(commands) if first in one)
    closing = next(n for n, one in enumerate(commands) if then in one)
    assert opening < closing


@pytest.mark.parametrize("family", SETTING)
def test_saving_is_left_to_the_end_of_the_file(family: str) -> None:
    remedies = find(family).remedies
    assert remedies is not None
    ends = {"commit", "save", "write memory", "copy running-config startup-config", "return"}
    ends |= {"write", "end" if family.startswith("cisco-") else "commit check"}
    for one in remedies.entries:
        assert ends.isdisjoint(map(str.strip, one.commands)), one.fact
    assert len([line for line in remedies.leave if line in {"commit", "save", "write memory"}]) < 2


def test_no_interface_is_given_more_than_it_had() -> None:
    """Setting the list anew would open https and ssh on an interface to the outside."""
    (line,) = (
        one for one in remedy("fortios", "service.http.enabled").commands if "allowaccess" in one
    )
    assert line.split() == ["unselect", "allowaccess", "http"]


@pytest.mark.parametrize("fact", ["management.allowlist", "filters"])
def test_the_rules_that_a_linux_host_keeps_are_not_written_over(fact: str) -> None:
    (kept,) = (one for one in remedy("linux", fact).commands if "/etc/nftables.conf" in one)
    assert "tee -a /etc/nftables.conf" in kept
    assert "list table" in kept


def test_what_was_switched_off_is_not_started_again() -> None:
    """Both stand in one file where a host has SNMP on and a community."""
    (line,) = (one for one in remedy("linux", "snmp.versions").commands if "systemctl" in one)
    assert "try-restart" in line
