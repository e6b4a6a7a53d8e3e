"""Polycom, Poly, Huawei and Pexip: every fact of every sample file, with the line that shows it.

The tables were made by reading the samples. What a file does not hold is no fact: the facts that
are known of a file are those of its table and no other.
"""

from __future__ import annotations

from datetime import date
from ipaddress import ip_interface
from pathlib import Path
from typing import Any

import pytest

from rules.facts import FACT_TYPES, DeviceAccount, Known
from rules.network_facts import Interface
from scanner.platforms import all_platforms
from scanner.platforms.model import SEEN_FROM_OUTSIDE
from scanner.saved_files import load

PLATFORMS = {platform.name: platform for platform in all_platforms()}
TRIO_ADDRESS = (Interface("lan", (ip_interface("172.21.16.100/24"),)),)
CHANGED = date(2022, 7, 15)

Table = list[tuple[str, str, Any, int]]

GROUP = "polycom-group/group500-6.2.2.8/"
GROUP_TABLE: Table = [
    ("exportConfiguration.profile", "identity.vendor", "Polycom", 5),
    ("exportConfiguration.profile", "identity.family", "polycom-group", 5),
    ("exportConfiguration.profile", "identity.model", "RealPresence Group 500", 4),
    ("exportConfiguration.profile", "identity.serial", "1234567822C5CV", 9),
    ("exportConfiguration.profile", "software.version", "Release - 6.2.2.8-670021", 6),
    ("exportConfiguration.profile", "service.telnet.enabled", False, 348),
    ("exportConfiguration.profile", "service.ssh.enabled", True, 343),
    ("exportConfiguration.profile", "service.https.enabled", True, 351),
    ("exportConfiguration.profile", "service.http.enabled", True, 353),
    ("exportConfiguration.profile", "service.snmp.enabled", False, 248),
    ("exportConfiguration.profile", "service.sip.enabled", True, 153),
    ("exportConfiguration.profile", "service.h323.enabled", False, 137),
    ("exportConfiguration.profile", "snmp.versions", (), 248),
    ("exportConfiguration.profile", "snmp.default_community", True, 247),
    ("exportConfiguration.profile", "management.allowlist", (), 355),
    ("exportConfiguration.profile", "management.idle_timeout_s", 600, 354),
    ("exportConfiguration.profile", "management.lockout_attempts", 0, 331),
    ("exportConfiguration.profile", "call.encryption", "off", 162),
    ("exportConfiguration.profile", "call.auto_answer", True, 157),
    ("exportConfiguration.profile", "sip.encryption", "best-effort", 193),
    ("exportConfiguration.profile", "serial_port.access", "login", 342),
    ("exportConfiguration.profile", "bandwidth.max_kbps", 6144, 210),
    (
        "exportConfiguration.profile",
        "interfaces",
        (Interface("wired", (ip_interface("192.168.1.55/24"),)),),
        928,
    ),
    ("rest_system.json", "identity.vendor", "Polycom", 10),
    ("rest_system.json", "identity.family", "polycom-group", 10),
    ("rest_system.json", "identity.model", "RealPresence Group 500", 10),
    ("rest_system.json", "identity.serial", "8215274422C5CV", 13),
    ("rest_system.json", "software.version", "Release - 6.2.2.8-670021", 14),
    ("rest_system.json", "ntp.synchronised", True, 12),
    ("rest_system_status.json", "call.active", 0, 3),
    ("rest_system_status.json", "call.auto_answer", False, 10),
    ("rest_conferences_idle.json", "call.active", 0, 18),
    ("rest_conferences_in_call.json", "call.active", 1, 107),
]

STUDIO = "poly-studio/x30-3.10.0/"
STUDIO_TABLE: Table = [
    ("exportConfiguration.cfg", "identity.vendor", "Poly", 283),
    ("exportConfiguration.cfg", "identity.family", "poly-studio", 283),
    ("exportConfiguration.cfg", "service.telnet.enabled", False, 280),
    ("exportConfiguration.cfg", "service.ssh.enabled", True, 276),
    ("exportConfiguration.cfg", "service.https.enabled", True, 282),
    ("exportConfiguration.cfg", "service.http.enabled", True, 283),
    ("exportConfiguration.cfg", "service.snmp.enabled", False, 291),
    ("exportConfiguration.cfg", "service.sip.enabled", True, 367),
    ("exportConfiguration.cfg", "service.h323.enabled", True, 355),
    ("exportConfiguration.cfg", "snmp.versions", (), 291),
    ("exportConfiguration.cfg", "snmp.default_community", True, 289),
    ("exportConfiguration.cfg", "management.idle_timeout_s", 600, 284),
    ("exportConfiguration.cfg", "management.lockout_attempts", 10, 225),
    ("exportConfiguration.cfg", "password_policy.min_length", 0, 260),
    ("exportConfiguration.cfg", "password_policy.digits", 0, 261),
    ("exportConfiguration.cfg", "password_policy.lowercase", 0, 255),
    ("exportConfiguration.cfg", "password_policy.uppercase", 0, 264),
    ("exportConfiguration.cfg", "password_policy.special", 0, 263),
    ("exportConfiguration.cfg", "password_policy.history", 0, 262),
    ("exportConfiguration.cfg", "password_policy.max_age_days", 0, 256),
    ("exportConfiguration.cfg", "accounts", (DeviceAccount("admin", "admin", True),), 227),
    ("exportConfiguration.cfg", "call.encryption", "best-effort", 11),
    ("exportConfiguration.cfg", "call.auto_answer", False, 6),
    ("exportConfiguration.cfg", "call.far_end_camera", False, 343),
    ("exportConfiguration.cfg", "sip.encryption", "best-effort", 374),
    ("exportConfiguration.cfg", "serial_port.access", "login", 275),
    ("exportConfiguration.cfg", "usb.enabled", True, 281),
    ("exportConfiguration.cfg", "tls.min_version", "TLSv1.2", 216),
    ("exportConfiguration.cfg", "syslog.targets", (), 131),
    ("exportConfiguration.cfg", "bandwidth.max_kbps", 6144, 17),
    (
        "exportConfiguration.cfg",
        "interfaces",
        (Interface("wired", (ip_interface("192.168.1.48/24"),)),),
        84,
    ),
    ("rest_system.json", "identity.vendor", "Poly", 10),
    ("rest_system.json", "identity.family", "poly-studio", 10),
    ("rest_system.json", "identity.model", "StudioX30", 10),
    ("rest_system.json", "identity.serial", "8L21385D98DAFC", 12),
    ("rest_system.json", "software.version", "3.10.0", 13),
    ("rest_system.json", "ntp.synchronised", True, 18),
    ("rest_system_status.json", "call.auto_answer", False, 60),
    ("rest_conferences_initial.json", "call.active", 0, 1),
    ("rest_conferences_in_call.json", "call.active", 1, 107),
    ("rest_devicemanagement_devices.json", "identity.vendor", "Poly", 10),
    ("rest_devicemanagement_devices.json", "identity.family", "poly-studio", 10),
    ("rest_devicemanagement_devices.json", "identity.model", "StudioX30", 10),
    ("rest_devicemanagement_devices.json", "software.version", "3.10.0", 12),
]

HDX = "polycom-hdx/hdx9006-3.1.14/"
HDX_TABLE: Table = [
    ("system_settings.dat.csv", "identity.vendor", "Polycom", 102),
    ("system_settings.dat.csv", "identity.family", "polycom-hdx", 102),
    ("system_settings.dat.csv", "identity.model", "HDX 9006", 102),
    ("system_settings.dat.csv", "identity.serial", "881146109785CR", 82),
    ("system_settings.dat.csv", "software.version", "3.1.14", 89),
    ("system_settings.dat.csv", "service.snmp.enabled", True, 80),
    ("system_settings.dat.csv", "service.sip.enabled", True, 87),
    ("system_settings.dat.csv", "call.auto_answer", False, 149),
    ("system_settings.dat.csv", "call.active", 0, 245),
    ("system_settings.dat.csv", "ntp.servers", ("pool.ntp.org",), 125),
    ("system_settings.dat.csv", "bandwidth.max_kbps", 384, 122),
    (
        "system_settings.dat.csv",
        "accounts",
        (
            DeviceAccount("room", "admin", True, changed=CHANGED),
            DeviceAccount("remote", "admin", True, changed=CHANGED),
            DeviceAccount("user0", "user", False),
            DeviceAccount("remoteuser0", "user", False),
        ),
        24,
    ),
    ("systemstatus.xml", "call.active", 0, 2),
    ("systemstatus.xml", "call.auto_answer", True, 2),
    ("systemstatus.xml", "ntp.synchronised", True, 2),
    ("api_queries.txt", "identity.vendor", "Polycom", 4),
    ("api_queries.txt", "identity.family", "polycom-hdx", 4),
    ("api_queries.txt", "identity.model", "HDX 9006", 4),
    ("api_queries.txt", "identity.serial", "881146109785CR", 2),
    ("api_queries.txt", "software.version", "Release - 3.1.14-56008", 6),
    ("a_apicommand_serialnum.xml", "identity.serial", "881146109785CR", 5),
    ("api_callinfo_idle.txt", "call.active", 0, 1),
    ("api_callinfo_in_call.txt", "call.active", 1, 2),
]

TRIO = "poly-trio/trio8800-7.2.2/"
TRIO_TABLE: Table = [
    ("device_info.json", "identity.vendor", "Polycom", 10),
    ("device_info.json", "identity.family", "poly-trio", 17),
    ("device_info.json", "identity.model", "Trio 8800", 17),
    ("device_info.json", "software.version", "7.2.2.1094", 7),
    ("network_info.json", "interfaces", TRIO_ADDRESS, 5),
    ("network_info.json", "ntp.servers", ("172.21.16.1",), 13),
    ("runningConfig.json", "interfaces", TRIO_ADDRESS, 4),
    ("runningConfig.json", "ntp.servers", ("172.21.16.1",), 49),
    ("runningConfig.json", "syslog.targets", (), 54),
    ("callStatus_initial.json", "call.active", 0, 2),
    ("callStatus_in_call.json", "call.active", 1, 10),
]

HUAWEI = "huawei-te/composed/"
HUAWEI_TABLE: Table = [
    ("WEB_GetVersionInfoAPI.json", "identity.vendor", "Huawei", 1),
    ("WEB_GetVersionInfoAPI.json", "identity.family", "huawei-te", 1),
    ("WEB_GetVersionInfoAPI.json", "identity.model", "TE40", 1),
    ("WEB_GetVersionInfoAPI.json", "software.version", "V1", 1),
    ("WEB_GetProductEsnAPI.json", "identity.serial", "SYNTHETIC-ESN", 1),
    ("WEB_GetLoginInfo_TE40.json", "identity.vendor", "Huawei", 1),
    ("WEB_GetLoginInfo_TE40.json", "identity.family", "huawei-te", 1),
    ("WEB_GetLoginInfo_TE40.json", "identity.model", "TE40", 1),
    ("WEB_GetLoginInfo_TE20.json", "identity.vendor", "Huawei", 1),
    ("WEB_GetLoginInfo_TE20.json", "identity.family", "huawei-te", 1),
    ("WEB_GetCfgParamAPI_telnet_off_http_off.json", "service.telnet.enabled", False, 1),
    ("WEB_GetCfgParamAPI_telnet_off_http_off.json", "service.http.enabled", False, 1),
    ("WEB_GetCfgParamAPI_telnet_on_http_on.json", "service.telnet.enabled", True, 1),
    ("WEB_GetCfgParamAPI_telnet_on_http_on.json", "service.http.enabled", True, 1),
]

PEXIP = "pexip/management-api/"
PEXIP_URIS = {
    "GET_configuration_v1_conference.json": 69,
    "GET_configuration_v1_h323_gatekeeper.json": 16,
    "GET_configuration_v1_mssip_proxy.json": 16,
    "GET_configuration_v1_sip_proxy.json": 16,
    "GET_configuration_v1_system_location.json": 29,
    "GET_status_v1_conference.json": 8,
    "GET_status_v1_participant.json": 36,
    "GET_status_v1_worker_vm.json": 33,
}
PEXIP_TABLE: Table = [
    *((file, "identity.vendor", "Pexip", line) for file, line in PEXIP_URIS.items()),
    *((file, "identity.family", "pexip", line) for file, line in PEXIP_URIS.items()),
    ("GET_configuration_v1_system_location.json", "ntp.servers", (), 25),
    ("GET_status_v1_conference.json", "call.active", 1, 3),
    ("GET_status_v1_participant.json", "call.active", 1, 3),
    ("GET_status_v1_worker_vm.json", "call.active", 0, 34),
    ("GET_status_v1_worker_vm.json", "software.version", "24 (55691.0.0)", 38),
]

FOLDERS = {
    "polycom-group": (GROUP, GROUP_TABLE),
    "poly-studio": (STUDIO, STUDIO_TABLE),
    "polycom-hdx": (HDX, HDX_TABLE),
    "poly-trio": (TRIO, TRIO_TABLE),
    "huawei-te": (HUAWEI, HUAWEI_TABLE),
    "pexip": (PEXIP, PEXIP_TABLE),
    "polycom-rmx": ("polycom-rmx/composed/", []),
}
ROWS = [
    (family, folder + file, name, value, line)
    for family, (folder, table) in FOLDERS.items()
    for file, name, value, line in table
]


def facts_of(family: str, *files: Path) -> dict[str, Any]:
    """As `hnth facts` reads them: secrets are taken out first."""
    return dict(PLATFORMS[family].read(load(files).documents).facts)


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("family", "file", "name", "value", "line"), ROWS, ids=[f"{r[1]} {r[2]}" for r in ROWS]
)
def test_a_sample_gives_the_fact_with_its_line(
    shared: Path, family: str, file: str, name: str, value: Any, line: int
) -> None:
    path = shared / "devices" / file
    fact = facts_of(family, path)[name]
    assert isinstance(fact, Known), fact.reason.en
    assert (fact.value, fact.citations[0].line) == (value, line)
    shown = path.read_text().split("\n")[line - 1]
    assert fact.citations[0].text.removesuffix("…") in shown


@pytest.mark.corpus
@pytest.mark.parametrize("family", FOLDERS)
def test_nothing_else_is_known_of_a_sample(shared: Path, family: str) -> None:
    folder, table = FOLDERS[family]
    for path in sorted((shared / "devices" / folder).iterdir()):
        facts = facts_of(family, path)
        known = {name for name, fact in facts.items() if isinstance(fact, Known)}
        assert known == {name for file, name, _, _ in table if file == path.name}, path.name
        for name, fact in facts.items():
            assert name in FACT_TYPES
            assert isinstance(fact, Known) or fact.reason.vi, name


IN_A_CALL = [
    (
        "polycom-group",
        GROUP + "rest_conferences_idle.json",
        GROUP + "rest_conferences_in_call.json",
    ),
    (
        "poly-studio",
        STUDIO + "rest_conferences_initial.json",
        STUDIO + "rest_conferences_in_call.json",
    ),
    ("polycom-hdx", HDX + "api_callinfo_idle.txt", HDX + "api_callinfo_in_call.txt"),
    ("polycom-hdx", HDX + "systemstatus.xml", HDX + "api_callinfo_in_call.txt"),
    ("polycom-hdx", HDX + "system_settings.dat.csv", HDX + "api_callinfo_in_call.txt"),
    ("poly-trio", TRIO + "callStatus_initial.json", TRIO + "callStatus_in_call.json"),
    ("pexip", PEXIP + "GET_status_v1_worker_vm.json", PEXIP + "GET_status_v1_conference.json"),
    ("pexip", PEXIP + "GET_status_v1_worker_vm.json", PEXIP + "GET_status_v1_participant.json"),
]


@pytest.mark.corpus
@pytest.mark.parametrize(("family", "idle", "in_a_call"), IN_A_CALL)
def test_a_call_in_progress_is_recognised_beside_whatever_says_otherwise(
    shared: Path, family: str, idle: str, in_a_call: str
) -> None:
    files = [shared / "devices" / idle, shared / "devices" / in_a_call]
    assert facts_of(family, files[0])["call.active"].value == 0
    assert facts_of(family, files[1])["call.active"].value == 1
    for order in (files, files[::-1]):
        assert facts_of(family, *order)["call.active"].value == 1


@pytest.mark.corpus
@pytest.mark.parametrize("family", FOLDERS)
def test_the_folder_is_read_as_one_device(shared: Path, family: str) -> None:
    """What two of its files say differently is open; what one of them says alone is told."""
    folder, table = FOLDERS[family]
    values: dict[str, list[Any]] = {}
    for _, name, value, _ in table:
        values.setdefault(name, []).append(value)
    facts = facts_of(family, *sorted((shared / "devices" / folder).iterdir()))
    for name, told in values.items():
        if all(value == told[0] for value in told):
            assert isinstance(facts[name], Known), name
            assert facts[name].value == told[0], name


@pytest.mark.corpus
def test_the_export_of_a_group_system_counts_beside_its_answers(shared: Path) -> None:
    facts = facts_of("polycom-group", *sorted((shared / "devices" / GROUP).iterdir()))
    assert facts["call.auto_answer"].value is True
    assert facts["identity.serial"].value == "1234567822C5CV"


@pytest.mark.parametrize(
    ("family", "names"),
    [
        ("huawei-te", {"admin", "api", "administrator", "debug"}),
        ("polycom-rmx", {"SUPPORT"}),
        ("polycom-hdx", {"admin"}),
        ("poly-studio", {"admin"}),
        ("poly-trio", {"admin", "user"}),
        ("pexip", {"admin"}),
    ],
)
def test_accounts_that_the_vendor_documents(family: str, names: set[str]) -> None:
    assert {account.name for account in PLATFORMS[family].default_accounts} == names


@pytest.mark.parametrize("family", FOLDERS)
def test_every_needed_port_says_what_it_is_for(family: str) -> None:
    ports = PLATFORMS[family].needed_ports
    assert len(ports) == len(set(ports)) > 2
    assert all(port.first <= port.last and port.purpose.vi and port.purpose.en for port in ports)
    assert {"identity.family", "default_accounts", "needed_ports"} <= SEEN_FROM_OUTSIDE
    assert not any(port.first <= 23 <= port.last for port in ports)
