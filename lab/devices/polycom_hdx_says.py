"""What a simulated HDX tells of its state: status file, settings file, answers of the API."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

State = Mapping[str, Any]

_ENCRYPTION = {"off": "no", "best-effort": "whenavailable", "required": "requiredallcalls"}
_EXPORTED_ENCRYPTION = {
    "off": "No",
    "best-effort": "When_Available",
    "required": "Required_All_Calls",
}


def release(state: State) -> str:
    return f"Release - {state['software']}-{state['build']}"


def _word(flag: object) -> str:
    return "True" if flag else "False"


# --- API -------------------------------------------------------------------------------------


def answer(state: State, command: str) -> tuple[bool, str]:
    """Whether the system knows the command, and what it says to it."""
    yes = {True: "yes", False: "no"}
    answers = {
        "version": f'version "{release(state)}"',
        "serialnum": f"serialnum {state['serial']}",
        "systemsetting get model": f'systemsetting model "{state["model"]}"',
        "callinfo all": _calls(int(state["call_active"])),
        "autoanswer get": f"autoanswer {yes[bool(state['auto_answer'])]}",
        "mpautoanswer get": f"mpautoanswer {yes[bool(state['auto_answer'])]}",
        "encryption get": f"encryption {_ENCRYPTION[state['encryption']]}",
        "ntpmode get": f"ntpmode {'manual' if state['ntp'] else 'off'}",
        "ntpserver get": f'ntpserver "{state["ntp"] or ""}"',
        "enablesnmp get": f"enablesnmp {_word(state['snmp']['enabled']).lower()}",
        "farcontrolnearcamera get": "farcontrolnearcamera no",
    }
    known = answers.get(command)
    asked = command.removeprefix("systemsetting get ")
    named = _named(state)
    if known is None and asked != command and asked in named:
        known = f'systemsetting {asked} "{named[asked]}"'
    return (False, "error: command not found") if known is None else (True, known)


def _named(state: State) -> dict[str, Any]:
    """Settings that the settings file leaves out and the API tells by name."""
    rules = {
        f"pw{rule}{whose}": value
        for rule, value in state["password_rules"].items()
        for whose in ("remote", "room")
    }
    return {
        "telnetenabled": _word(state["telnet"]),
        "webenabled": _word(state["https"]),
        "ftpenabled": "False",
        "lockoutattemptsadmin": state["lockout_attempts"] or "Off",
        **rules,
    }


def _calls(number: int) -> str:
    if not number:
        return "system is not in a call"
    lines = (
        f"callinfo:{40 + n}:Diem cau {n}:10.67.20.{20 + n}:1920:connected:notmuted:incoming"
        ":videocall"
        for n in range(1, number + 1)
    )
    return "\n".join(("callinfo begin", *lines, "callinfo end"))


def greeting(state: State) -> str:
    """What the API says to whoever connects."""
    own = {
        "Model": state["model"],
        "Serial Number": state["serial"],
        "Software Version": release(state),
        "H323 Enabled": _word(state["h323"]),
        "SNMP Enabled": _word(state["snmp"]["enabled"]),
        "SNTP Time Service": f"manual {state['ntp']}" if state["ntp"] else "off",
    }
    lines = (f"{key + ':':<24}{value}" for key, value in own.items())
    return "\n".join(
        (
            f"Hi, my name is :        {state['name']}",
            "Here is what I know about myself:",
            *lines,
            "",
        )
    )


# --- status file -----------------------------------------------------------------------------


def status(state: State) -> str:
    """On one line, as the system gives it."""
    answering = bool(state["auto_answer"])
    parts = (
        ("INACALL", "INACALL_MSG" if state["call_active"] else "INACALL_NO_MSG",
         "up" if state["call_active"] else "off"),
        ("AUTOANSWER", f"DND_OFF_AA_{'ON' if answering else 'OFF'}", "up" if answering else "off"),
        ("TIMESERVER", "TIME_SERVER_MSG", "up" if state["ntp"] else "off"),
        ("IPNETWORK", "IP_NETWORK_MSG", "up"),
    )  # fmt: skip
    inside = "".join(
        f"<{name}><LABEL><TRANSLATE>{name}</TRANSLATE></LABEL>"
        f"<HELPLINE><TRANSLATE>{message}</TRANSLATE></HELPLINE><STATE>{word}</STATE></{name}>"
        for name, message, word in parts
    )
    return f'<?xml version="1.0"?>\n<SYSTEMSTATUS>{inside}</SYSTEMSTATUS>'


# --- settings file ---------------------------------------------------------------------------


def settings(state: State) -> str:
    """`key,value` lines; the order is the system's own and means nothing."""
    answers = "Yes" if state["auto_answer"] else "No"
    values = {
        "productversion": state["software"],
        "timeserver": "Manual" if state["ntp"] else "Off",
        "answersinglecall": answers,
        "model": state["model"],
        "snmpenabled": _word(state["snmp"]["enabled"]),
        "snmpcommunity": state["snmp"]["community"],
        "encryptionenable": _EXPORTED_ENCRYPTION[state["encryption"]],
        "serialnumber": state["serial"],
        "maxtxbandwidth": state["max_kbps"],
        "answermultipointcall": answers,
        "sysname": state["name"],
        "timeserverurl": state["ntp"] or '""',
        "incall": _word(state["call_active"]).lower(),
        "sipenable": _word(state["sip"]),
        "maxrxbandwidth": state["max_kbps"],
        "iph323enable": _word(state["h323"]),
        "buildnumber": state["build"],
        **_addresses(state["own_address"]),
        **_password_ages(state["password_changed"]),
    }
    return "".join(f"{key},{value}\n" for key, value in values.items())


def _addresses(own: str | None) -> dict[str, str]:
    if own is None:
        return {"dhcp_flg": "Client"}
    interface = ipaddress.IPv4Interface(own)
    return {
        "subnetmask": str(interface.netmask),
        "dhcp_flg": "Off",
        "configuredipaddress": str(interface.ip),
    }


def _password_ages(changed: Mapping[str, str]) -> dict[str, int]:
    """Milliseconds since 1970; 0 for the passwords that were never set."""
    ages = {}
    for name in ("room", "remote", "user0", "remoteuser0"):
        day = changed.get(name)
        moment = datetime.fromisoformat(day).replace(hour=5, tzinfo=UTC) if day else None
        for bound in ("min", "max"):
            ages[f"pwcreatetime{bound}{name}"] = int(moment.timestamp() * 1000) if moment else 0
    return ages
