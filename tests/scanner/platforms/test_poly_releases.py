"""Other models and releases of Group, Studio and HDX systems: REST, exports, settings files."""

from __future__ import annotations

from datetime import UTC, datetime
from ipaddress import ip_interface
from pathlib import Path
from typing import Any

import pytest

from rules.facts import Known, Unknown
from rules.network_facts import Interface
from scanner.evidence import Document
from scanner.family_of_files import recognise
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


FORMS = {
    "as it is": lambda text: text,
    "CR LF": lambda text: text.replace("\n", "\r\n"),
    "byte order mark": lambda text: "\ufeff" + text,
}


# --- Group and Studio: REST ------------------------------------------------------------------


def states(key: str, **words: Any) -> str:
    rows = [f'{{"name": "system.status.{name}", "{key}": {word}}}' for name, word in words.items()]
    return "[\n" + ",\n".join(rows) + "\n]\n"


@pytest.mark.parametrize(("read", "key"), [(group, "state"), (studio, "stateList")])
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ({"inacall": '["up"]'}, {"call.active": 1}),
        ({"inacall": '["on"]', "autoanswerp2p": '["on"]'}, None),
        ({"inacall": '["off"]'}, {"call.active": 0}),
        ({"inacall": '["perhaps"]'}, {}),
        ({"inacall": '["on", "off"]'}, {}),
        ({"inacall": '"on"', "autoanswerp2p": "{}"}, {}),
        ({"gatekeeper": '["unknown"]'}, {}),
    ],
)
def test_states_are_understood(read: Any, key: str, words: Any, expected: Any) -> None:
    if expected is None:
        expected = {"call.active": 1, "call.auto_answer": True}
    facts = read(states(key, **words))
    assert known(facts) == expected
    for name in expected:
        assert facts[name].citations[0].line == (2 if name == "call.active" else 3)


def test_no_call_is_not_concluded_beside_an_answer_that_breaks_off() -> None:
    idle = states("state", inacall='["off"]')
    assert group(idle)["call.active"].value == 0
    broken = '[{"isActive": true, "connections": ['
    assert isinstance(group(idle, broken)["call.active"], Unknown)
    assert isinstance(studio("[]", broken)["call.active"], Unknown)


@pytest.mark.parametrize(
    ("model", "family"),
    [
        ("RealPresence Group 310", "polycom-group"),
        ("Polycom RealPresence Group 700", "polycom-group"),
        ("StudioX30", "poly-studio"),
        ("Poly Studio X70", "poly-studio"),
        ("Polycom G7500", "poly-studio"),
        ("StudioG62", "poly-studio"),
    ],
)
def test_the_model_tells_the_family_of_a_description(model: str, family: str) -> None:
    text = f'{{"model": "{model}", "softwareVersion": "4.1.0", "serialNumber": "8L2138"}}'
    assert recognise([document(text)]).platform.name == family
    facts = dict(recognise([document(text)]).reading.facts)
    assert facts["identity.family"].value == family


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("file", "family"),
    [
        ("poly-studio/x30-3.10.0/rest_system.json", "poly-studio"),
        ("poly-studio/x30-3.10.0/exportConfiguration.cfg", "poly-studio"),
        ("polycom-group/group500-6.2.2.8/rest_system.json", "polycom-group"),
        ("polycom-group/group500-6.2.2.8/exportConfiguration.profile", "polycom-group"),
        ("polycom-hdx/hdx9006-3.1.14/system_settings.dat.csv", "polycom-hdx"),
        ("polycom-hdx/hdx9006-3.1.14/api_queries.txt", "polycom-hdx"),
        ("poly-trio/trio8800-7.2.2/device_info.json", "poly-trio"),
        ("huawei-te/composed/WEB_GetLoginInfo_TE20.json", "huawei-te"),
        ("pexip/management-api/GET_status_v1_worker_vm.json", "pexip"),
    ],
)
def test_a_sample_alone_is_recognised(shared: Path, file: str, family: str) -> None:
    content = (shared / "devices" / file).read_text()
    assert recognise([document(content, Path(file).name)]).platform.name == family


# --- Studio: exports -------------------------------------------------------------------------

G7500 = """<?xml version="1.0" encoding="UTF-8"?>
<ALL sec.web.httpsOnly="1" sec.web.enable="1"
     snmp.version3.enable="yes" snmp.version2.enable="0" snmp.version1.enable="No"
     snmp.enable="True" snmp.community='nội-bộ'
     call.encryption.requireAES="Required_All"
     sec.auth.accountLockout.admin.lockoutAttempts=" 5 "
     device.syslog.transport="TLS" device.syslog.serverName="10.67.30.10:6514"
     device.syslog.enable="true"
     sec.telnet.enable="FALSE"/>
"""


def test_an_export_of_another_release_in_another_order() -> None:
    for text in (G7500, G7500.replace("\n", "\r\n")):
        facts = studio(text)
        lines = {name: fact.citations[0].line for name, fact in facts.items() if fact.citations}
        told = known(facts)
        assert told["service.https.enabled"] is True
        assert told["service.http.enabled"] is False
        assert told["snmp.versions"] == ("3",)
        assert told["snmp.default_community"] is False
        assert told["call.encryption"] == "required"
        assert told["management.lockout_attempts"] == 5
        assert told["service.telnet.enabled"] is False
        assert told["syslog.targets"][0].port == 6514
        assert told["identity.family"] == "poly-studio"
        assert (lines["service.http.enabled"], lines["call.encryption"]) == (2, 5)


def test_the_documented_ports_are_a_reason_and_no_fact() -> None:
    fact = studio(G7500)["service.upnp.enabled"]
    assert isinstance(fact, Unknown)
    assert "1900" in fact.reason.en
    assert "service.upnp.enabled" not in studio("[]")


# --- HDX: settings files ---------------------------------------------------------------------

HDX_2 = """"model","HDX 8000 HD"
"softwareversion","2.6.1"
productversion,2.6.1.3
serialnumber,"8213100F2D1BCN"
telnetenabled,Port24Only
webenabled,True
ftpenabled,False
remotesyslogenabled,False
sipenable,0
iph323enable,1
snmpenabled,FALSE
encryptionenable,Required_Video
lockoutattemptsadmin,5
pwminlengthroom,8
pwminlengthremote,12
pwnumbercountroom,1
pwnumbercountremote,Off
pwreusecountroom,5
pwreusecountremote,8
pwmaxageroom,Off
pwmaxageremote,90
pwspecialcharcountremote,1
answersinglecall,Yes
dhcp_flg,Off
configuredipaddress,10.67.101.40
subnetmask,255.255.255.0
"""
HDX_2_FACTS = {
    "identity.vendor": ("Polycom", 1),
    "identity.family": ("polycom-hdx", 1),
    "identity.model": ("HDX 8000 HD", 1),
    "identity.serial": ("8213100F2D1BCN", 4),
    "software.version": ("2.6.1.3", 3),
    "service.telnet.enabled": (True, 5),
    "service.https.enabled": (True, 6),
    "service.ftp.enabled": (False, 7),
    "syslog.targets": ((), 8),
    "service.sip.enabled": (False, 9),
    "service.h323.enabled": (True, 10),
    "service.snmp.enabled": (False, 11),
    "snmp.versions": ((), 11),
    "call.encryption": ("best-effort", 12),
    "management.lockout_attempts": (5, 13),
    "password_policy.min_length": (8, 14),
    "password_policy.digits": (0, 17),
    "password_policy.history": (5, 18),
    "password_policy.max_age_days": (0, 20),
    "call.auto_answer": (True, 23),
    "interfaces": ((Interface("lan", (ip_interface("10.67.101.40/24"),)),), 25),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_settings_file_with_the_keys_that_the_sample_lacks(form: str) -> None:
    facts = hdx(FORMS[form](HDX_2))
    told = {
        name: (fact.value, fact.citations[0].line)
        for name, fact in facts.items()
        if isinstance(fact, Known)
    }
    assert told == HDX_2_FACTS
    for name in ("password_policy.special", "service.http.enabled", "management.idle_timeout_s"):
        assert isinstance(facts[name], Unknown), name


@pytest.mark.parametrize(
    ("line", "name", "value"),
    [
        ("telnetenabled,False", "service.telnet.enabled", False),
        ("telnetenabled,maybe", "service.telnet.enabled", None),
        ("webenabled,False", "service.http.enabled", False),
        ("webenabled,False", "service.https.enabled", False),
        ("remotesyslogenabled,True", "syslog.targets", None),
        ("lockoutattemptsadmin,Off", "management.lockout_attempts", 0),
        ("lockoutattemptsadmin,soon", "management.lockout_attempts", None),
        ("failedlogincountadmin,3", "management.lockout_attempts", None),
        ("pwminlengthremote,12", "password_policy.min_length", None),
        ("pwmaxageroom,30\npwmaxageremote,90", "password_policy.max_age_days", 90),
    ],
)
def test_a_setting_about_access(line: str, name: str, value: Any) -> None:
    fact = hdx(f"model,HDX 7000\nsipenable,False\n{line}\n")[name]
    assert (fact.value if isinstance(fact, Known) else None) == value


def test_a_number_in_a_settings_file_is_given_twice() -> None:
    twice = "model,HDX 7000\nsipenable,False\nlockoutattemptsadmin,3\nlockoutattemptsadmin,5\n"
    fact = hdx(twice)["management.lockout_attempts"]
    assert isinstance(fact, Unknown)
    assert [citation.line for citation in fact.citations] == [3, 4]
    # what one file contradicts is not settled by another one
    other = twice.replace("lockoutattemptsadmin,5\n", "")
    assert isinstance(hdx(twice, other)["management.lockout_attempts"], Unknown)
