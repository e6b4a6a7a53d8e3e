"""Services that Cisco codecs do not have, by the vendor's public schemas of all their settings.

The schemas of CE 9.15, RoomOS 10, 11 and 26 list every service under `NetworkServices`; none of
them is an FTP or TFTP server. Telnet is in none of them either, but codecs with CE 9.15 have been
seen that have it, so for telnet they are believed from release 10 on, and only beside a whole
configuration without the setting.
"""

from __future__ import annotations

from scanner.platforms.cisco_roomos_defaults import SCHEMAS
from scanner.platforms.model import Absent

_SHOWN_BY = ("service.ssh.enabled", "service.http.enabled", "service.snmp.enabled")
_SOURCE = "roomos.cisco.com"
_TITLE = "Cisco xAPI schemas {}, NetworkServices"

ABSENT = (
    Absent(
        services=("ftp", "tftp"),
        title=_TITLE.format(", ".join(SCHEMAS.values())),
        source=_SOURCE,
        shown_by=_SHOWN_BY,
        since="9.15",
        before="27",
    ),
    Absent(
        services=("telnet",),
        title=_TITLE.format(", ".join(list(SCHEMAS.values())[1:])),
        source=_SOURCE,
        shown_by=_SHOWN_BY,
        since="10",
        before="27",
    ),
)
