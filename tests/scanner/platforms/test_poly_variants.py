"""Other models and releases of Group and HDX systems: exports and answers of the command line."""

from __future__ import annotations

from datetime import UTC, datetime
from ipaddress import ip_interface, ip_network
from typing import Any

import pytest

from rules.facts import DeviceAccount, Known, Unknown
from rules.network_facts import Interface
from scanner.evidence import Document
from scanner.family_of_files import NotRecognised, recognise
from scanner.platforms import poly_studio, polycom_group, polycom_hdx


def document(content: str, source: str = "file") -> Document:
    return Document(content.encode(), source, "O", datetime(2026, 1, 1, tzinfo=UTC))


def group(*contents: str) -> dict[str, Any]:
    return dict(polycom_group.read([document(content) for content in contents]).facts)


def hdx(*contents: str) -> dict[str, Any]:
    return dict(polycom_hdx.read([document(content) for content in contents]).facts)


def studio(*contents: str) -> dict[str, Any]:
    return dict(poly_studio.read([document(content) for content in contents]).facts)


def known(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: fact.value for name, fact in facts.items() if isinstance(fact, Known)}


# --- Group: exports --------------------------------------------------------------------------

GROUP_310 = """h:profileversion:0.2
h:system.info.humanreadablemodel:RealPresence Group 310
h:system.info.humanreadableversion:Release - 5.1.2-350099
h:system.info.serialnumber:8213470E1ABCDE
v:comm.Callpreference.iph323enable:"True"
v:comm.Callpreference.sipenable:"1"
v:comm.Callsetting.callFeatures.autoanswer.answermultipointcall:"Do_Not_Disturb"
v:comm.Callsetting.callFeatures.autoanswer.answersinglecall:"No"
v:comm.Callsetting.callFeatures.encryptionenable:"Required_All"
v:management.snmp.community:"private"
v:management.snmp.enabled:yes
v:management.snmp.versionone:"0"
v:management.snmp.versionthree:"on"
v:management.snmp.versiontwo:"Enabled"
v:security.authentication.accounts.adminaccount.id:"quantri"
v:security.authentication.accounts[0].useraccount.id:"phonghop"
v:security.authentication.external.enabled:"False"
v:security.authentication.lockout.accountlockout.admin.lockoutattempts:"3"
v:security.remoteaccess.ssh.enabled:"FALSE"
v:security.remoteaccess.telnet.enabled:"true"
v:security.remoteaccess.web.enabled:"True"
v:security.remoteaccess.web.httpsonly:"True"
v:security.remoteaccess.web.idlesessiontimeout:"30"
v:security.remoteaccess.web.whitelist.enabled:"True"
v:security.remoteaccess.web.whitelist.ipaddresses:"10.67.20.0/24;10.67.30.10"
v:system.network.wired.ipv4nic.address:"10.67.101.31"
v:system.network.wired.ipv4nic.subnetmask:"255.255.255.0"
v:time.timeserver.address:"10.67.30.10"
v:time.timeserver.mode:"Manual"
s:system.network.submit:"end"
"""
GROUP_310_FACTS = {
    "identity.vendor": ("Polycom", 2),
    "identity.family": ("polycom-group", 2),
    "identity.model": ("RealPresence Group 310", 2),
    "identity.serial": ("8213470E1ABCDE", 4),
    "software.version": ("Release - 5.1.2-350099", 3),
    "service.h323.enabled": (True, 5),
    "service.sip.enabled": (True, 6),
    "service.snmp.enabled": (True, 11),
    "service.ssh.enabled": (False, 19),
    "service.telnet.enabled": (True, 20),
    "service.https.enabled": (True, 21),
    "service.http.enabled": (False, 22),
    "snmp.versions": (("2c", "3"), 11),
    "snmp.default_community": (True, 10),
    "call.auto_answer": (False, 8),
    "call.encryption": ("required", 9),
    "management.lockout_attempts": (3, 18),
    "management.idle_timeout_s": (1800, 23),
    "management.allowlist": ((ip_network("10.67.20.0/24"), ip_network("10.67.30.10")), 24),
    "accounts": (
        (DeviceAccount("quantri", "admin", True), DeviceAccount("phonghop", "user", False)),
        15,
    ),
    "interfaces": ((Interface("wired", (ip_interface("10.67.101.31/24"),)),), 26),
    "ntp.servers": (("10.67.30.10",), 29),
}
FORMS = {
    "as it is": lambda text: text,
    "CR LF": lambda text: text.replace("\n", "\r\n"),
    "byte order mark": lambda text: "\ufeff" + text,
    "without quotes": lambda text: text.replace('"', ""),
    "upper case keys": lambda text: text.replace("security.remote", "Security.RemoteAccess"[:15]),
}


@pytest.mark.parametrize("form", FORMS)
def test_the_export_of_another_model(form: str) -> None:
    facts = group(FORMS[form](GROUP_310))
    told = {
        name: (fact.value, fact.citations[0].line)
        for name, fact in facts.items()
        if isinstance(fact, Known)
    }
    assert told == GROUP_310_FACTS


def test_the_order_of_its_lines_does_not_matter() -> None:
    first, *lines, last = GROUP_310.rstrip("\n").split("\n")
    text = "\n".join([first, *reversed(lines), last]) + "\n"
    assert known(group(text)) == {name: value for name, (value, _) in GROUP_310_FACTS.items()}


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ('v:management.snmp.enabled:"yes', "service.snmp.enabled"),
        ('v:management.snmp.enabled:yes"', "service.snmp.enabled"),
        ('v:management.snmp.enabled:""', "service.snmp.enabled"),
        ("v:management.snmp.enabled:2", "service.snmp.enabled"),
    ],
)
def test_half_a_pair_of_quotes_is_no_value(line: str, name: str) -> None:
    facts = group(GROUP_310.replace("v:management.snmp.enabled:yes", line))
    assert isinstance(facts[name], Unknown)
    cut = GROUP_310[: GROUP_310.index("v:management.snmp.versionone")] + "v:time.timeserver.mode:Of"
    assert isinstance(group(cut)["ntp.servers"], Unknown)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (("adminaccount.id", "adminaccount.idle"), "does not name the administrator"),
        (('external.enabled:"False"', 'external.enabled:"True"'), "directory server"),
        (('s:system.network.submit:"end"\n', ""), "does not name the administrator"),
    ],
)
def test_a_list_of_accounts_that_may_not_be_complete(change: Any, reason: str) -> None:
    fact = group(GROUP_310.replace(*change))["accounts"]
    assert isinstance(fact, Unknown)
    assert reason in fact.reason.en


# --- Group and HDX: the command line API -----------------------------------------------------

API = """version
version "Release - 6.1.7-450200"
systemsetting get model
systemsetting model "{model}"
serialnum
serialnum 82135210ABCDCN
encryption get
encryption requiredallcalls
autoanswer get
autoanswer no
mpautoanswer get
mpautoanswer donotdisturb
ntpmode get
ntpmode manual
ntpserver get
ntpserver "10.67.30.10"
enablesnmp get
enablesnmp no
farcontrolnearcamera get
farcontrolnearcamera yes
setaccounttype get
error: command not found
callinfo all
system is not in a call
"""
API_FACTS = {
    "identity.vendor": ("Polycom", 4),
    "identity.serial": ("82135210ABCDCN", 6),
    "software.version": ("Release - 6.1.7-450200", 2),
    "call.encryption": ("required", 8),
    "call.auto_answer": (False, 10),
    "ntp.servers": (("10.67.30.10",), 16),
    "service.snmp.enabled": (False, 18),
    "snmp.versions": ((), 18),
    "call.far_end_camera": (True, 20),
    "call.active": (0, 24),
}


@pytest.mark.parametrize(
    ("read", "model", "family"),
    [
        (group, "RealPresence Group 700", "polycom-group"),
        (group, "Polycom RealPresence Group 550", "polycom-group"),
        (hdx, "HDX 7000 HD", "polycom-hdx"),
        (hdx, "Polycom HDX 4500", "polycom-hdx"),
    ],
)
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_answers_of_the_command_line(read: Any, model: str, family: str, ends: str) -> None:
    facts = read(API.format(model=model).replace("\n", ends))
    told = {
        name: (fact.value, fact.citations[0].line)
        for name, fact in facts.items()
        if isinstance(fact, Known)
    }
    own = {"identity.model": (model, 4), "identity.family": (family, 4)}
    assert told == {**API_FACTS, **own}


@pytest.mark.parametrize(
    ("model", "family"),
    [("RealPresence Group 700", "polycom-group"), ("HDX 7000 HD", "polycom-hdx")],
)
def test_the_model_tells_whose_answers_they_are(model: str, family: str) -> None:
    assert recognise([document(API.format(model=model))]).platform.name == family
    without = API.format(model=model).replace("systemsetting model", "systemsetting nomodel")
    with pytest.raises(NotRecognised) as caught:
        recognise([document(without)])
    assert set(caught.value.candidates) == {"polycom-group", "polycom-hdx"}


@pytest.mark.parametrize("read", [group, hdx])
@pytest.mark.parametrize(
    ("line", "name", "value"),
    [
        ("encryption no", "call.encryption", "off"),
        ("encryption yes", "call.encryption", "best-effort"),
        ("encryption requiredvideocallsonly", "call.encryption", "best-effort"),
        ('encryption: "requiredallcalls"', "call.encryption", "required"),
        ("Encryption = requiredallcalls", "call.encryption", "required"),
        ("encryption sometimes", "call.encryption", None),
        ("-> encryption get\n-> encryption yes\n-> ", "call.encryption", "best-effort"),
        ("autoanswer yes", "call.auto_answer", True),
        ("autoanswer donotdisturb", "call.auto_answer", False),
        ("inacall online", "call.active", 1),
        ("inacall offline", "call.active", 0),
        ("inacall offline\ninacall online", "call.active", None),
        ("autoanswerp2p online", "call.auto_answer", True),
        ("autoanswerp2p offline\nautoanswer yes", "call.auto_answer", None),
        ("systemsetting telnetenabled False", "service.telnet.enabled", False),
        ("ntpmode off", "ntp.servers", ()),
        ("ntpmode auto", "ntp.servers", None),
        ("encryption yes\nencryption no", "call.encryption", None),
    ],
)
def test_an_answer_is_understood(read: Any, line: str, name: str, value: Any) -> None:
    fact = read(f"{line}\n")[name]
    assert (fact.value if isinstance(fact, Known) else None) == value


@pytest.mark.parametrize("line", ["encryption get", "error: Permission Denied", "encryption"])
def test_a_question_or_a_refusal_tells_nothing(line: str) -> None:
    assert known(group(f"{line}\n")) == known(hdx(f"{line}\n")) == {}


def test_the_allowlist_is_only_told_where_it_is_off() -> None:
    assert group("allowlistenabled no\n")["management.allowlist"].value == ()
    assert isinstance(group("allowlistenabled yes\n")["management.allowlist"], Unknown)


def test_what_an_export_lacks_an_answer_tells() -> None:
    export = GROUP_310.replace("v:comm.Callsetting.callFeatures.encryptionenable", "v:other")
    facts = group(export, "encryption yes\n")
    assert (facts["call.encryption"].value, facts["call.encryption"].citations[0].line) == (
        "best-effort",
        1,
    )
