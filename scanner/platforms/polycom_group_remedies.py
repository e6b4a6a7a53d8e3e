"""Where it is set on a Polycom RealPresence Group: the API for what it documents, else the web."""

from __future__ import annotations

from scanner.platforms.remedy import Remedies, menu, typed, with_tool

_EXPORT = "exportConfiguration.profile"
_KEYS = {
    "service.telnet.enabled": "security.remoteaccess.telnet.enabled = False",
    "service.http.enabled": "security.remoteaccess.web.httpsonly = True",
    "service.snmp.enabled": "management.snmp.enabled = False",
    "snmp.versions": "management.snmp.versionone, versiontwo = False; versionthree = True",
    "snmp.default_community": "management.snmp.community (public)",
    "call.auto_answer": "comm.Callsetting.callFeatures.autoanswer.answersinglecall = No",
    "management.allowlist": "security.remoteaccess.web.whitelist.enabled = True, "
    "whitelist.ipaddresses",
    "management.idle_timeout_s": "security.remoteaccess.web.idlesessiontimeout = 10",
    "management.lockout_attempts": "security.authentication.lockout.accountlockout.admin."
    "lockoutattempts = 5",
    "ntp.servers": "time.timeserver.mode, time.timeserver.address[1]",
}

REMEDIES = Remedies(
    (
        *(
            remedy
            for fact, key in _KEYS.items()
            for remedy in menu(
                fact,
                f"Giao diện web > Admin Settings; trong tệp cấu hình xuất ra là: {key}",
                f"Web interface > Admin Settings; in the exported profile it is: {key}",
                _EXPORT,
            )
        ),
        *typed("call.encryption", "encryption requiredallcalls", "encryption get", "API help"),
        *with_tool(
            "software.version",
            "Giao diện web > Software Updates: nạp bản phần mềm của hãng.",
            "Web interface > Software Updates: load the release of the vendor.",
        ),
    ),
    comments_pass=False,
)
