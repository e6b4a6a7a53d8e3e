"""Meeting Server: saved sessions of the command line, and logs that quote answers of the API."""

from datetime import UTC, datetime

import pytest

from rules.facts import Known, SyslogTarget, Unknown
from scanner.evidence import Document
from scanner.platforms.cisco_cms import PLATFORM, read

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def saved(content, source="phien.txt"):
    return Document(content.encode(), source, "O", NOW)


def told(*documents):
    facts = read(documents).facts
    return {
        name: (found.value, found.citations[0].line)
        for name, found in facts.items()
        if isinstance(found, Known)
    }


SESSION = """Welcome to the MCU of the province
mcu-tinh> user list
USERNAME         ROLE        PASSWORD EXPIRY    LOGGED IN
quantri          admin       2027-Jul-09        yes
giamsat\taudit\t10000-Dec-31\tno

mcu-tinh> webadmin
Enabled                 : true
TLS listening interface : a
TLS listening port      : 445
Key file                : web.key
HTTP redirect           : Enabled
STATUS                  : webadmin running
mcu-tinh> user rule
min_length 12
password_age 180
mcu-tinh> syslog
Enabled : true
Servers:
  tls:10.67.30.10 6514
  10.67.30.11:514
mcu-tinh> ntp server list
10.67.30.10
mcu-tinh> ntp status
     remote           refid      st t when poll reach   delay   offset  jitter
==============================================================================
*10.67.30.10     .GPS.            1 u   33   64  377    0.412    0.021   0.004
mcu-tinh> pki list
web.key
mcu-tinh>
"""
SESSION_FACTS = {
    "service.https.enabled": (True, 8),
    "service.http.enabled": (True, 12),
    "password_policy.min_length": (12, 15),
    "password_policy.max_age_days": (180, 16),
    "syslog.targets": (
        (SyslogTarget("10.67.30.10", 6514, "tls"), SyslogTarget("10.67.30.11", 514)),
        18,
    ),
    "ntp.servers": (("10.67.30.10",), 23),
    "ntp.synchronised": (True, 27),
}


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("prompt", ["mcu-tinh> ", "acano>", "CMS01.tinh.vn> "])
def test_a_session_holds_an_answer_below_each_prompt(line_end, prompt):
    text = SESSION.replace("mcu-tinh> ", prompt).replace("\n", line_end)
    found = told(saved(text))
    names = [(a.name, a.role) for a in found.pop("accounts")[0]]
    assert names == [("quantri", "admin"), ("giamsat", "audit")]
    assert found == SESSION_FACTS


def test_what_is_not_read_of_a_session_is_listed():
    session = saved(SESSION)
    ((document, line),) = read([session]).unread
    assert document is session
    assert (line.line, line.text) == (28, "mcu-tinh> pki list")


def test_a_session_that_was_cut_off_makes_no_fact():
    whole = told(saved(SESSION))
    for cut in range(0, len(SESSION), 3):
        if SESSION[cut - 1 : cut] == "\n":
            continue  # a table without an end mark hides a cut at a line end
        for name, fact in told(saved(SESSION[:cut])).items():
            if name == "syslog.targets":
                continue  # a list without an end mark
            assert fact == whole[name], (cut, name)


def test_an_age_that_is_not_shown_has_a_documented_default_and_no_value():
    found = read([saved(SESSION.partition("mcu-tinh> user rule")[0])]).facts
    age = found["password_policy.max_age_days"]
    assert isinstance(age, Unknown)
    assert "6 months" in age.reason.en
    assert "6 tháng" in age.reason.vi
    assert "6 months" not in found["password_policy.min_length"].reason.en


# --- logs ----------------------------------------------------------------------------------------

HEAD = "Oct 02 08:01:{:02} user.info mcu host:server:  INFO : API trace {}: "


def log(number, *lines):
    return "".join(HEAD.format(number % 60, number) + line + "\n" for line in lines)


STATUS = (
    'GET for "/api/v1/system/status" (from 10.67.20.5)',
    "<status>",
    "  <softwareVersion>3.9.1</softwareVersion>",
    "  <callLegsActive>{}</callLegsActive>",
    "[ ... ]",
    "</status>",
)


def status(number, legs):
    return log(number, *(line.format(legs) for line in STATUS))


def test_a_log_quotes_answers():
    found = told(saved(status(7, 4) + log(8, '<calls total="2">', "</calls>")))
    assert found["software.version"] == ("3.9.1", 3)
    assert found["call.active"] == (4, 4)
    assert found["identity.family"] == ("cisco-cms", 3)


def test_the_newest_answer_of_a_log_counts():
    assert told(saved(status(7, 4) + status(9, 0)))["call.active"] == (0, 10)


def test_answers_that_came_at_once_are_told_apart_by_their_number():
    one, other = status(7, 3).splitlines(), log(8, "<calls total='1'>", "</calls>").splitlines()
    mixed = [*one[:3], *other, *one[3:]]
    found = told(saved("\n".join(mixed) + "\n"))
    assert found["call.active"] == (3, 6)


def test_the_citation_is_the_line_of_the_log():
    document = saved(status(7, 4))
    (citation,) = read([document]).facts["software.version"].citations
    assert citation.text == document.lines[2].strip()
    assert citation.sha256 == document.sha256


def test_an_answer_that_breaks_off_does_not_conclude_that_there_is_no_call():
    text = status(7, 0) + log(8, "<calls total='1'>")
    assert "call.active" not in told(saved(text))


def test_a_refused_request_names_the_product_and_nothing_else():
    text = log(9, "sending 401 response, size 0", 'WWW-Authenticate: Basic realm="acano"')
    found = told(saved(text))
    assert found == {
        "identity.vendor": ("Cisco", 2),
        "identity.family": ("cisco-cms", 2),
    }
    assert told(saved(text.replace("acano", "router"))) == {}


def test_the_first_account_and_the_ports_are_those_of_the_documents():
    (account,) = PLATFORM.default_accounts
    assert (account.name, account.opens, account.password) == ("admin", ("ssh",), "published")
    ports = {(p.protocol, p.first, p.last) for p in PLATFORM.needed_ports}
    assert ports == {
        *(("tcp", 22, 22), ("tcp", 443, 443), ("tcp", 445, 445), ("tcp", 5060, 5061)),
        *(("tcp", 5222, 5223), ("udp", 5060, 5060)),
    }
