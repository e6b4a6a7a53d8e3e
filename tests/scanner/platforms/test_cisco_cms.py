"""Cisco Meeting Server, MMP: answers to facts; damaged and hostile answers to unknowns."""

import random
from datetime import UTC, date, datetime
from ipaddress import IPv4Interface, ip_network

import pytest

from rules.facts import Known, SyslogTarget, Unknown
from scanner.collect.redact import redact
from scanner.evidence import Document
from scanner.platforms.cisco_cms import PLATFORM, read, version_key
from scanner.platforms.cisco_cms_users import user_names

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def document(source, content, evidence_class="C"):
    content = content.encode() if isinstance(content, str) else content
    return Document(content, source, evidence_class, NOW)


def fact(name, *documents):
    return read(documents).facts.get(name, Unknown(None))


def value(found):
    return found.value if isinstance(found, Known) else "unknown"


# --- real answers --------------------------------------------------------------------------------


@pytest.mark.corpus
def test_users_of_a_saved_transcript(shared):
    content = (shared / "devices/cisco-cms/mmp/user_list.txt").read_bytes()
    found = fact("accounts", document("user_list.txt", content, "O"))
    assert [(a.name, a.role, a.administrator, a.changed) for a in found.value] == [
        ("yyoshina", "admin", True, None),
        ("admin", "admin", True, None),
        ("mukanaza", "api", False, None),
    ]
    assert [citation.line for citation in found.citations] == [3, 4, 5]
    assert found.citations[1].text == "admin admin 2017-Nov-05 yes"


# --- the MMP -------------------------------------------------------------------------------------

LIST = """USERNAME         ROLE        PASSWORD EXPIRY    LOGGED IN
quantri          admin       2026-Jul-09        no
giamsat          audit       10000-Dec-31       yes
lichhop          api         2026-Jul-09        no
"""


def info(name, hosts="none", locked="no", changed="2026-Jan-10"):
    return document(
        f"user info {name}",
        f"User                  : {name}\nPassword last changed : {changed}\n"
        f"Locked                : {locked}\nAllowed hosts         : {hosts}\n",
    )


def users(text=LIST):
    return document("user list", text)


def test_accounts_join_the_list_and_the_details():
    found = fact("accounts", users(), info("quantri", "10.67.20.5"), info("giamsat", locked="yes"))
    first, second, third = found.value
    assert (first.changed, first.allowed_hosts) == (date(2026, 1, 10), ("10.67.20.5",))
    assert (first.administrator, first.enabled) == (True, True)
    assert (second.role, second.administrator, second.enabled) == ("audit", False, False)
    assert (third.changed, third.enabled, third.administrator) == (None, None, False)


@pytest.mark.parametrize(
    "text",
    [
        LIST.replace("audit", "emperor"),
        LIST[:-30],
        LIST + "... more\n",
        LIST.splitlines()[0] + "\n",
        "Unknown command\n",
        "",
    ],
    ids=["a role nobody knows", "cut off", "something after", "no user", "refused", "empty"],
)
def test_a_user_list_that_cannot_be_relied_on_is_unknown(text):
    assert value(fact("accounts", users(text))) == "unknown"


def test_only_names_that_are_in_the_table_are_asked_for():
    assert user_names(users()) == ("quantri", "giamsat", "lichhop")
    assert user_names(users("quantri admin tomorrow no\n")) == ()


A, B = ip_network("10.67.20.5"), ip_network("10.67.20.10")
ALLOWLISTS = [
    ({"quantri": "10.67.20.5\n    10.67.20.10", "lichhop": "10.67.20.5"}, (A, B)),
    ({"quantri": "10.67.20.5 10.67.20.10", "lichhop": "10.67.20.10"}, (A, B)),
    ({"quantri": "10.67.20.5", "lichhop": "none"}, ()),
    ({"quantri": "none", "lichhop": "10.67.20.5"}, ()),
    ({"quantri": "10.67.20.5"}, "unknown"),
    ({"quantri": "none"}, ()),
    ({"quantri": "may-quan-tri", "lichhop": "10.67.20.5"}, "unknown"),
    ({"quantri": "", "lichhop": "10.67.20.5"}, ()),
    (
        {"quantri": "2001:db8::1\n   2001:db8:1::/64", "lichhop": "2001:db8::1"},
        (ip_network("2001:db8::1"), ip_network("2001:db8:1::/64")),
    ),
]


@pytest.mark.parametrize(("hosts", "expected"), ALLOWLISTS)
def test_the_allowlist_is_that_of_every_account_that_can_change_something(hosts, expected):
    details = [info(name, allowed) for name, allowed in hosts.items()]
    assert value(fact("management.allowlist", users(), *details)) == expected


def test_a_locked_account_does_not_open_the_allowlist():
    details = [info("quantri", "10.67.20.5"), info("lichhop", "none", locked="yes")]
    assert value(fact("management.allowlist", users(), *details)) == (A,)


@pytest.mark.parametrize("text", ["2026-Jan-10", "2026-01-10", "2026-Jan-10 08:11:59"])
def test_dates_of_a_password_change(text):
    found = fact("accounts", users(), info("quantri", changed=text))
    assert found.value[0].changed == date(2026, 1, 10)


@pytest.mark.parametrize("text", ["2026-Thg-10", "2026-13-10", "2026-02-30", "hôm qua", ""])
def test_a_date_that_is_none_is_not_guessed(text):
    found = fact("accounts", users(), info("quantri", changed=text))
    assert found.value[0].changed is None


RULES = [
    ("min_length : 12", "password_policy.min_length", 12),
    ("min_length      12", "password_policy.min_length", 12),
    ("min_length = 8 characters", "password_policy.min_length", 8),
    ("min_length : none", "password_policy.min_length", 0),
    ("min_length : -", "password_policy.min_length", "unknown"),
    ("min_length : 12x", "password_policy.min_length", "unknown"),
    ("longest_digits_run : 3", "password_policy.digits", "unknown"),
    ("min_digits : 1", "password_policy.digits", 1),
    ("min_lowercase : 1", "password_policy.lowercase", 1),
    ("min_uppercase : 2", "password_policy.uppercase", 2),
    ("min_special : 0", "password_policy.special", 0),
    ("max_history : 5", "password_policy.history", 5),
    ("min_password_age : 7", "password_policy.max_age_days", "unknown"),
    ("password_age : 180", "password_policy.max_age_days", 180),
    ("max_failed_logins : none", "management.lockout_attempts", 0),
    ("max_idle : 15", "management.idle_timeout_s", 900),
]


@pytest.mark.parametrize(("line", "name", "expected"), RULES)
def test_a_password_rule(line, name, expected):
    assert value(fact(name, document("user rule", line + "\n"))) == expected


ANSWERS = [
    ("webadmin", "Enabled : true\nHTTP redirect : Disabled\n", "service.https.enabled", True),
    ("webadmin", "Enabled : true\nHTTP redirect : Enabled\n", "service.http.enabled", True),
    ("webadmin", "Enabled : true\n", "service.http.enabled", "unknown"),
    ("webadmin", "Enabled : perhaps\n", "service.https.enabled", "unknown"),
    ("callbridge", "Listening interfaces : a\n", "service.sip.enabled", True),
    ("callbridge", "Listening interfaces : none\n", "service.sip.enabled", False),
    ("h323_gateway", "Enabled : false\n", "service.h323.enabled", False),
    ("h323_gateway", "Unknown command\n", "service.h323.enabled", "unknown"),
    ("snmp", "Enabled : false\n", "snmp.versions", ()),
    ("snmp", "Enabled : true\nVersion : 2c\n", "snmp.versions", ("2c",)),
    ("snmp", "Enabled : true\nVersion : v1, v2c\n", "snmp.versions", ("1", "2c")),
    ("snmp", "Enabled : true\n", "snmp.versions", "unknown"),
    ("snmp", "Enabled : true\nCommunity : public\n", "snmp.default_community", True),
    ("snmp", "Enabled : true\nCommunity : <redacted>\n", "snmp.default_community", False),
    ("tls webadmin", "min-tls-version : 1.2\n", "tls.min_version", "TLSv1.2"),
    ("tls webadmin", "min-tls-version : 3\n", "tls.min_version", "unknown"),
    ("ntp server list", "10.67.20.1\nntp.tinh.vn\n", "ntp.servers", ("10.67.20.1", "ntp.tinh.vn")),
    ("ntp server list", "none\n", "ntp.servers", ()),
    ("ntp server list", "", "ntp.servers", "unknown"),
    ("ntp server list", "usage: ntp <command>\n", "ntp.servers", "unknown"),
    ("ntp server list", "10.67.20.1\n10.67.2", "ntp.servers", "unknown"),
    ("ntp status", " remote refid st\n*10.67.20.1 .GPS. 1\n", "ntp.synchronised", True),
    ("ntp status", " remote refid st\n 10.67.20.1 .INIT. 16\n", "ntp.synchronised", False),
    ("ntp status", "*10.67.20.1 .GPS. 1\n", "ntp.synchronised", "unknown"),
    ("syslog", "Enabled : false\nServers:\n", "syslog.targets", ()),
    (
        "syslog",
        "Enabled : true\nServers:\n  10.67.30.10:514\n",
        "syslog.targets",
        (SyslogTarget("10.67.30.10", 514),),
    ),
    ("syslog", "Enabled : true\nServers:\n", "syslog.targets", "unknown"),
    ("ipv4 a", "IPv4 observed values:\n  Addresses:\n  Routes:\n", "interfaces", "unknown"),
]


@pytest.mark.parametrize(("command", "text", "name", "expected"), ANSWERS)
def test_an_answer(command, text, name, expected):
    assert value(fact(name, document(command, text))) == expected


def test_own_addresses():
    text = "IPv4 observed values:\n  Addresses:\n    10.67.10.10/24\n  Routes:\n"
    (interface,) = fact("interfaces", document("ipv4 a", text)).value
    assert interface.addresses == (IPv4Interface("10.67.10.10/24"),)


def test_ssh_is_proven_by_an_answer_and_not_by_a_file():
    assert value(fact("service.ssh.enabled", users())) is True
    saved = document("user list", LIST, "O")
    assert value(fact("service.ssh.enabled", saved)) == "unknown"


def test_no_documents_mean_nothing_is_known():
    assert not [name for name, found in read([]).facts.items() if isinstance(found, Known)]


def test_redaction_takes_no_fact_away():
    documents = [
        users(),
        info("quantri", "10.67.20.5"),
        document("user rule", "password_age : 180\n"),
    ]
    documents.append(document("snmp", "Enabled : true\nVersion : 2c\nCommunity : public\n"))
    redacted = [document(d.source, redact(d.content, ["Mat-khau.Bi-mat7"])) for d in documents]
    assert {n: value(f) for n, f in read(documents).facts.items()} == {
        n: value(f) for n, f in read(redacted).facts.items()
    }


# --- damaged and hostile -------------------------------------------------------------------------

WHOLE = [
    users(),
    info("quantri", "10.67.20.5"),
    info("lichhop", "10.67.20.5"),
    document("user rule", "min_length : 12\npassword_age : 180\nmax_idle : 15\nmin_digits : 10\n"),
    document("webadmin", "Enabled : true\nTLS listening port : 445\nHTTP redirect : Disabled\n"),
    document("ntp server list", "10.67.20.111\n"),
    document("syslog", "Enabled : true\nServers:\n  10.67.30.10:514\n"),
]


@pytest.mark.parametrize("broken", range(len(WHOLE)))
def test_a_truncated_answer_gives_the_same_fact_or_unknown(broken):
    """Cuts exactly at a line end are left out: a table without an end mark hides them."""
    whole = read(WHOLE).facts
    content = WHOLE[broken].content
    chance = random.Random(broken)
    for cut in sorted({chance.randrange(1, len(content)) for _ in range(200)}):
        if content[cut - 1 : cut] == b"\n":
            continue
        seen = list(WHOLE)
        seen[broken] = document(WHOLE[broken].source, content[:cut])
        for name, found in read(seen).facts.items():
            if isinstance(found, Known) and name != "accounts":
                assert found.value == value(whole[name]), (cut, name)
            elif isinstance(found, Known):
                names = [account.name for account in found.value]
                assert names == ["quantri", "giamsat", "lichhop"], cut


HOSTILE = [
    b"\x00" * 1000,
    b"\xff\xfe\x00",
    b"<" * 10_000,
    b"<status>" * 5000,
    b'<!DOCTYPE a [<!ENTITY b "9">]><status><softwareVersion>&b;</softwareVersion></status>',
    b"<status><softwareVersion>3.9\x1b[31m</softwareVersion></status>",
    b"<status><softwareVersion>&lt;script&gt;</softwareVersion></status>",
    b"<calls total='999999999999999999999'/>",
    b": : :\n" * 10_000,
    b"A" * 300_000 + b"\n",
    b"Enabled" + b" " * 100_000 + b"\n",
    "Enabled : \u202etrue\n".encode(),
]


@pytest.mark.parametrize("content", HOSTILE)
@pytest.mark.parametrize("source", ["user list", "webadmin", "user rule", "x"])
def test_hostile_answers_are_unknown_and_never_raise(content, source):
    facts = read([document(source, content)]).facts
    known = {name for name, found in facts.items() if isinstance(found, Known)}
    assert known <= {"service.ssh.enabled"}


# --- versions, ports, allowlist ------------------------------------------------------------------


def test_versions_sort_in_the_order_of_release():
    order = ["2.0(RC)", "2.0", "2.3.7", "3.1", "3.9", "3.9.1", "3.13"]
    keys = [version_key(version) for version in order]
    assert None not in keys
    assert sorted(random.Random(3).sample(keys, len(keys))) == keys
    assert version_key("3.9.0") == version_key("3.9")


@pytest.mark.parametrize("version", ["", "ce9.6.1", "V500R002", "3.9 mới", "latest"])
def test_a_version_of_something_else_has_no_place(version):
    assert version_key(version) is None


def test_clear_text_management_is_never_needed():
    needed = {p.first for p in PLATFORM.needed_ports if p.protocol == "tcp"}
    assert {22, 445} <= needed
    assert not needed & {21, 23, 80, 161}
    assert PLATFORM.management_ports == {"https": 445, "ssh": 22}
