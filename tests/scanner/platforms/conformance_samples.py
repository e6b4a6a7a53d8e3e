"""Small answers of invented devices, one visit for each family, for checkouts without samples."""

from __future__ import annotations

import json
from typing import Any

from scanner.evidence import Document
from scanner.platforms import linux_commands as linux
from tests.scanner.platforms import expressway_answers, mcu_answers, poly_studio_exports
from tests.scanner.platforms.conformance import CAPTURED, Sample

PROFILE = "5b1c7f0e-0000-4f5e-9f0a-2c4b8d3e7a10"

CMS = {
    "GET /api/v1/system/status": '<?xml version="1.0"?>\n<status>\n'
    "<softwareVersion>3.9</softwareVersion>\n<callLegsActive>0</callLegsActive>\n</status>\n",
    "GET /api/v1/calls": '<?xml version="1.0"?>\n<calls total="0">\n</calls>\n',
    "GET /api/v1/system/profiles": "<profiles>\n"
    f"<callLegProfile>{PROFILE}</callLegProfile>\n</profiles>\n",
    "GET /api/v1/callLegProfiles": f'<callLegProfiles total="1">\n<callLegProfile id="{PROFILE}">'
    "\n</callLegProfile>\n</callLegProfiles>\n",
    f"GET /api/v1/callLegProfiles/{PROFILE}": f'<callLegProfile id="{PROFILE}">\n'
    "<sipMediaEncryption>required</sipMediaEncryption>\n</callLegProfile>\n",
    "user list": "USERNAME  ROLE   PASSWORD EXPIRY  LOGGED IN\n"
    "quantri   admin  2027-Jan-05      no\ngiamsat   audit  2027-Mar-15      yes\n",
    "user info quantri": "username : quantri\nrole : admin\nlocked : no\n"
    "password last changed : 2026-Oct-12\nallowed hosts : 10.67.20.5 10.67.20.10\n",
    "user rule": "min_length : 12\npassword_age : 180\nmax_idle : 15\nmin_digits : 10\n",
    "webadmin": "Enabled : true\nTLS listening port : 445\nHTTP redirect : Disabled\n",
    "ntp server list": "10.67.30.10\n",
    "syslog": "Enabled : true\nServers:\n  10.67.30.10:514\n",
}

ROOMOS = {
    "xStatus SystemUnit": '*s SystemUnit Hardware Module SerialNumber: "FTT0000LAB1"\n'
    '*s SystemUnit ProductId: "Cisco Webex Room Kit"\n'
    '*s SystemUnit Software Version: "ce11.5.4.6 5bd0a4e"\n** end\n\nOK\n',
    "xStatus Call": "** end\n\nOK\n",
    "xStatus Network": '*s Network 1 IPv4 Address: "10.67.101.10"\n'
    '*s Network 1 IPv4 SubnetMask: "255.255.255.0"\n** end\n\nOK\n',
    "xConfiguration": "*c xConfiguration Conference AutoAnswer Mode: Off\n"
    "*c xConfiguration Conference Encryption Mode: On\n"
    "*c xConfiguration NetworkServices HTTP Mode: HTTPS\n"
    "*c xConfiguration NetworkServices NTP Mode: Manual\n"
    '*c xConfiguration NetworkServices NTP Server 1 Address: "10.67.30.10"\n'
    '*c xConfiguration NetworkServices NTP Server 2 Address: ""\n'
    "*c xConfiguration NetworkServices SNMP Mode: ReadOnly\n"
    '*c xConfiguration NetworkServices SNMP CommunityName: "public"\n'
    "*c xConfiguration NetworkServices SSH Mode: On\n"
    "*c xConfiguration NetworkServices Telnet Mode: Off\n"
    "*c xConfiguration Security Session FailedLoginsLockoutTime: 60\n"
    "*c xConfiguration Security Session InactivityTimeout: 15\n"
    "*c xConfiguration Security Session MaxFailedLogins: 3\n"
    "*c xConfiguration UserManagement PasswordPolicy Complexity MinimumLength: 12\n"
    "*c xConfiguration UserManagement PasswordPolicy MaxLifetime: 180\n** end\n\nOK\n",
    "xCommand UserManagement User List": "*r UserListResult (status=OK):\n"
    '*r UserListResult User 1 Active: "True"\n*r UserListResult User 1 Blocked: "False"\n'
    '*r UserListResult User 1 Roles 1 Role: "User"\n'
    '*r UserListResult User 1 Roles 2 Role: "Admin"\n'
    '*r UserListResult User 1 Username: "quantri"\n** end\n\nOK\n',
}


def _json(value: Any) -> str:
    return json.dumps(value, indent=1) + "\n"


def _huawei(data: dict[str, Any]) -> str:
    return json.dumps({"success": 1, "data": json.dumps(data)})


HUAWEI_TE = {
    "WEB_GetVersionInfoAPI": _huawei({"model": "TE40", "softVersion": "V600R019C00SPC300"}),
    "WEB_GetCfgParamAPI": _huawei(
        {
            "CfgItemInt": [
                {"CfgItemID": "enabletelnet", "CfgItemInfo": 0},
                {"CfgItemID": "enable_http", "CfgItemInfo": 1},
            ]
        }
    ),
    "WEB_GetProductEsnAPI": _huawei({"product_esn": "2102310000LAB0000001"}),
}

LINUX = {
    linux.ADDRESSES: '[{"ifname":"lo","addr_info":[{"local":"127.0.0.1","prefixlen":8}]},'
    '{"ifname":"hnth","operstate":"UP","addr_info":[{"family":"inet","local":"10.67.10.1",'
    '"prefixlen":24,"scope":"global"}]},\n{"ifname":"wan","operstate":"UP","addr_info":[]}]\n',
    linux.ROUTES: '[{"dst":"default","gateway":"172.16.0.1","dev":"wan","flags":[]},'
    '{"dst":"10.67.10.0/24","dev":"hnth","protocol":"kernel","scope":"link","prefsrc":"10.67.10.1"}]\n',
    linux.POLICY_RULES: '[{"priority":0,"src":"all","table":"local"},'
    '{"priority":32766,"src":"all","table":"main"}]\n',
    linux.NEIGHBOURS: '[{"dst":"10.67.10.10","dev":"hnth","lladdr":"02:00:00:00:00:01"}]\n',
    linux.SOCKETS: "udp UNCONN 0 0 127.0.0.1:161 0.0.0.0:*\ntcp LISTEN 0 128 0.0.0.0:22 "
    "0.0.0.0:*\ntcp LISTEN 0 128 *:443 *:*\n# status 0\n",
    linux.RSYSLOG: "/etc/rsyslog.conf:# local\n/etc/rsyslog.conf:*.* @@10.67.30.10:6514\n",
    linux.LOGROTATE: "/etc/logrotate.d/x:/var/log/hnth/*/*.log {\n/etc/logrotate.d/x:\tweekly\n"
    "/etc/logrotate.d/x:\trotate 27\n/etc/logrotate.d/x:}\n",
    linux.RECORDS: "2026-11-20+07:00 00:1 06:2 12:1 18:1 /var/log/hnth/mcu-tinh/monitor.log\n"
    "2026-11-01+07:00 03:1 /var/log/hnth/mcu-tinh/alert.log\n# status 0\n",
    linux.FILTERS: "table inet hnth {\n\tchain chuyen {\n\t\ttype filter hook forward priority "
    "filter; policy drop;\n\t\tct state established,related accept\n\t\tiifname "
    '"hnth" ip daddr 10.67.30.0/24 tcp dport { 514, 6514 } accept\n\t}\n}\n# status 0\n',
    linux.RELEASE: 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n',
    linux.KERNEL: "6.1.0-18-amd64\n",
    linux.TIME_SERVERS: "/etc/chrony/chrony.conf:server 10.67.30.10 iburst\n",
}

GROUP = {
    "system.profile": "\n".join(
        f'h:{key}:{value}\nv:{key}:"{value}"'
        for key, value in {
            "comm.Callpreference.sipenable": "True",
            "management.snmp.community": "public",
            "management.snmp.enabled": "True",
            "management.snmp.versionone": "False",
            "management.snmp.versiontwo": "True",
            "management.snmp.versionthree": "False",
            "security.remoteaccess.ssh.enabled": "True",
            "security.remoteaccess.telnet.enabled": "False",
            "time.timeserver.address": "10.67.30.10",
            "time.timeserver.mode": "Manual",
        }.items()
    )
    + '\ns:system.profile:"end"\n',
    "GET /rest/system": _json(
        {
            "model": "RealPresence Group 500",
            "serialNumber": "8216000000LAB1",
            "softwareVersion": "Release - 6.2.2.8-670021",
            "timeServerState": "TIMESERVER_UP",
        }
    ),
    "GET /rest/conferences": _json([{"isActive": False, "connections": [], "state": "PENDING"}]),
}

TRIO = {
    "callStatus": _json({"data": [], "Status": "2000"}),
    "device_info": _json(
        {
            "data": {
                "ModelNumber": "Trio 8800",
                "DeviceVendor": "Polycom",
                "Firmware": {"Application": "7.2.2.1094 05-Jun-22 05:23"},
            },
            "Status": "2000",
        }
    ),
    "network_info": _json(
        {
            "data": {
                "IPV4Address": "10.67.101.12",
                "SubnetMask": "255.255.255.0",
                "VLANID": "20",
                "SNTPAddress": "10.67.30.10",
            },
            "Status": "2000",
        }
    ),
}

HDX = {
    "system_settings.dat.csv": "model,HDX 7000\nserialnumber,82071007E1DACD\nproductversion,3.1.10"
    '\nsipenable,False\nsnmpenabled,"True"\nsnmpcommunity,public\nansweredsinglecall,No\n'
    "answersinglecall,No\nencryptionenable,RequiredAllCalls\ndhcp_flg,Off\n"
    "configuredipaddress,10.67.101.11\nsubnetmask,255.255.255.0\ntimeserver,Manual\n"
    'timeserverurl,10.67.30.10\nmaxtxbandwidth,1024\nmaxrxbandwidth,512\nincall,""\n',
    "api.txt": "callinfo begin\ncallinfo:3:Xa:10.1.1.1:384:connected:notmuted:outgoing:videocall\n"
    'callinfo end\nsystemsetting get model\nsystemsetting model "HDX 7000"\nserialnum\n'
    'serialnum 82071007E1DACD\nversion\nversion "Release - 3.1.10-51067"\n',
}

RMX = {
    "flags.csv": '"Flag","Value"\n"MIN_PASSWORD_LENGTH","12"\n"PASSWORD_EXPIRATION_DAYS","60"\n'
    '"PASSWORD_HISTORY_SIZE","5"\n"SESSION_TIMEOUT_IN_MINUTES","15"\n"ULTRA_SECURE_MODE","NO"\n'
    '"USER_LOCKOUT","YES"\n',
    "flags.xml": "<C>\n<CFG_PAIR><KEY>MIN_PASSWORD_LENGTH</KEY><DATA>12</DATA></CFG_PAIR>\n"
    "<CFG_PAIR><KEY>USER_LOCKOUT</KEY><DATA>YES</DATA></CFG_PAIR>\n</C>\n",
}

VISITS: dict[str, dict[str, str]] = {
    "cisco-cms": CMS,
    "cisco-expressway": {
        "getxml": expressway_answers.status(expressway_answers.UNIT, "Cisco Expressway", "X14.3.4"),
        "calls": expressway_answers.records(),
    },
    "cisco-mcu": {
        "device.query": mcu_answers.reply(**mcu_answers.DEVICE),
    },
    "cisco-roomos": ROOMOS,
    "huawei-te": HUAWEI_TE,
    "linux": LINUX,
    "poly-studio": {"exportConfiguration.cfg": poly_studio_exports.export_text()},
    "poly-trio": TRIO,
    "polycom-group": GROUP,
    "polycom-hdx": HDX,
    "polycom-rmx": RMX,
}
"""Family: what it answers, by command, request or file. A family with recordings needs none."""


def invented(platform: str) -> list[Sample]:
    """Each document of the family's visit as the one to damage, beside the others."""
    live = platform in {"cisco-cms", "cisco-roomos", "linux"}
    documents = [
        Document(content.encode(), source, "C" if live else "O", CAPTURED)
        for source, content in VISITS.get(platform, {}).items()
    ]
    return [
        Sample(f"invented {document.source}"[:60], document, (*documents[:n], *documents[n + 1 :]))
        for n, document in enumerate(documents)
    ]
