"""Polycom HDX (4000, 6000, 7000, 8000, 9000 series).

Read from saved files: the settings CSV (`system_settings.dat.csv`, `key,value`), answers of the
command line API as text or as the web interface's XML, the greeting with which the API begins, and
`systemstatus.xml`. Seen: those of an HDX 9006 with 3.1.14-56008. Names taken over from the Group
Series, which speaks the same API, and not seen on an HDX: `encryption`, `mpautoanswer`, `ntpmode`,
`ntpserver`, `enablesnmp`, `farcontrolnearcamera`, and in the CSV `encryptionenable`,
`answermultipointcall`, `iph323enable`.

Asked over its web interface (`polycom_hdx_live`): `GET /systemstatus.xml` and `callinfo all` for
the call state, then queries through `POST /a_apicommand.cgi` and the settings with
`POST /a_createdatfilecsv.cgi`. That the interface asks for HTTP Digest was taken from a public
client and not seen on a device; where it asks for Basic it gets that. A system that only offers
plain HTTP is not logged in to.

Telnet, web access, FTP, the limit of failed logins and the password policy are read under the names
that the firmware's own list of settings has; the file that was seen holds none of them.

Not told: allowlist, session timeout, address of the log server, lowest TLS version.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rules.facts import DefaultAccount, Known
from scanner.evidence import Document
from scanner.platforms.model import Platform, Reading
from scanner.platforms.needs import GATEKEEPER, H323, HTTPS, SIP, SIP_UDP, needed
from scanner.platforms.polycom_hdx_calls import (
    answered_status,
    flagged_call,
    listed_calls,
    status_facts,
)
from scanner.platforms.polycom_hdx_lines import read_settings
from scanner.platforms.polycom_hdx_live import ALLOWED, collect
from scanner.platforms.polycom_hdx_remedies import REMEDIES
from scanner.platforms.polycom_hdx_settings import release_key, setting_facts
from scanner.platforms.several_documents import Told, combined, equal, together
from scanner.platforms.signs import Sign

NAME = "polycom-hdx"
VENDOR = "Polycom"


# --- reading ---------------------------------------------------------------------------------


def read(documents: Sequence[Document]) -> Reading:
    """Facts of answers that were fetched and of saved files, told apart by their content."""
    return combined(documents, _tell, _same)


def _tell(document: Document) -> Told:
    said = read_settings(document)
    told = Told(setting_facts(said), unread=tuple(said.unread))
    status = status_facts(document) or answered_status(document)
    calls = (flagged_call(said), listed_calls(document), status.pop("call.active", None))
    told.calls = [found for found in calls if found is not None]
    for name, fact in status.items():
        told.facts[name] = together(name, told.facts.get(name), fact)
    return told


def _same(name: str, one: Known[Any], other: Known[Any]) -> Known[Any] | None:
    """The interface adds the build to the release that the settings file names."""
    if name != "software.version":
        return equal(name, one, other)
    short, long = sorted((one, other), key=lambda fact: len(fact.value))
    same = short.value in long.value and release_key(short.value) == release_key(long.value)
    return Known(long.value, long.citations + short.citations) if same else None


SIGNS = (
    Sign(
        ("sip",),
        r"^Polycom ?HDX ?(?P<number>\d{4})(?P<suffix>\w*)(?:/| \(Release - )(?P<version>[\d.-]+)",
        "User-Agent, older and newer form",
        model="HDX {number} {suffix}",
    ),
    Sign(
        ("greeting",),
        r"\bHere is what I know about myself: ?.{0,80}?\bModel: ?(?:Polycom )?"
        r"(?P<model>HDX ?\d{4}(?: HD)?)(?:.{0,200}?\bSoftware Version: ?(?:Release - )?"
        r"(?P<version>[\d.-]+))?",
        "greeting of the programming interface",
    ),
    Sign(
        ("snmp-object-id",),
        r"^1\.3\.6\.1\.4\.1\.2684\.1\.1(?:\.|$)",
        "enterprise number under which the call statistics stand",
    ),
)


PLATFORM = Platform(
    name=NAME,
    title="Polycom HDX",
    vendor=VENDOR,
    kinds=frozenset({"vcs"}),
    allowed=ALLOWED,
    collect=collect,
    read=read,
    version_key=release_key,
    needed_ports=(
        *(HTTPS, H323, GATEKEEPER, SIP, SIP_UDP),
        needed("tcp", 3230, 3237, "H.245, cổng cố định", "H.245, fixed ports"),
        needed("udp", 3230, 3341, "hình ảnh, âm thanh, cổng cố định", "media, fixed ports"),
        needed("tcp", 49152, 65535, "H.245", "H.245"),
        needed("udp", 49152, 65535, "hình ảnh, âm thanh", "media"),
        needed("tcp", 4122, 4122, "bảng điều khiển cảm ứng", "touch control"),
        needed("tcp", 5001, 5001, "chia sẻ nội dung People+Content IP", "People+Content IP"),
        needed("udp", 5001, 5001, "chia sẻ nội dung People+Content IP", "People+Content IP"),
    ),
    # the administrator's guide: its password is the serial number
    default_accounts=(DefaultAccount("admin", ("web", "settings in the room"), "published"),),
    management_ports={"https": 443},
    guarded=("GET /systemstatus.xml", "GET /"),
    signs=SIGNS,
    version_form=r"\d+(?:\.\d+)+(?:-\d+)?",
    remedies=REMEDIES,
)
