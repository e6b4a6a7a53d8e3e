"""Poly G7500 and Studio X (Poly VideoOS).

Asked over its web interface: `POST /rest/session` to log in, `GET /rest/conferences` for the call
state, `GET /rest/system` and `/rest/system/status`, and the settings as the web interface exports
them (`exportConfiguration.cfg`), `GET /rest/provisioning/config`.

Seen: the export and REST answers of a Studio X30 with 3.10.0. The address the export lies at and
the words of the values that the sample does not hold were taken from a public client and from the
vendor's schema of that release, and not seen on a device.

Not told by this family: the allowlist of addresses and UPnP. The export names neither the model nor
the software; these come from `/rest/system` or from the list of devices. With its time source on
`Auto` a system does not say which server it asks. Its lock-out and idle timeout cover the web
interface, and `tls.min_version` is the floor of all its connections.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Sequence
from dataclasses import replace

from inventory.text import Text
from rules.facts import DefaultAccount, Known
from scanner import products
from scanner.evidence import Document
from scanner.platforms import polycom_group
from scanner.platforms.documented_default import not_shown
from scanner.platforms.model import Absent, Access, Platform, Reading
from scanner.platforms.poly_attributes import is_settings_file, read_settings_file
from scanner.platforms.poly_studio_remedies import REMEDIES
from scanner.platforms.poly_studio_rest import answer, device_list_facts
from scanner.platforms.poly_studio_settings import FAMILY, VENDOR, studio_facts
from scanner.platforms.several_documents import Told, combined

EXPORT = "/rest/provisioning/config"


def collect(access: Access) -> Generator[Document, None, None]:
    """Call state first; a call ends the visit with `Busy`. Logs out in any case."""
    yield from polycom_group.visit(access, ("/rest/system", "/rest/system/status", EXPORT))


def read(documents: Sequence[Document]) -> Reading:
    """Facts of answers that were fetched and of saved files, told apart by their content.

    A fact on which two documents disagree is Unknown.
    """
    reading = combined(documents, _tell)
    # the list of devices is the first source of nothing
    listed = combined(documents, lambda document: Told(device_list_facts(document)))
    facts = {**listed.facts, **reading.facts}
    if any(isinstance(facts.get(name), Known) for name in ("identity.family", "tls.min_version")):
        no_key = replace(not_shown(_DISCOVERY, _PORTS), in_no_file=True)
        facts.setdefault("service.upnp.enabled", no_key)
    return Reading(facts, reading.unread)


def _tell(document: Document) -> Told:
    if is_settings_file(document):
        export = read_settings_file(document)
        return Told(studio_facts(export), unread=tuple(export.unread))
    return answer(document)


_DISCOVERY = Text(vi="cổng SSDP 1900 mở", en="the SSDP port 1900 is open")
_PORTS = Text(
    vi="bảng cổng của hãng cho Poly VideoOS (TC8)",
    en="the vendor's table of ports for Poly VideoOS (TC8)",
)


version_key = products.version_key("poly-videoos", least=2)
"""Builds are not compared, so that an answer with and a catalogue without one agree."""

PLATFORM = Platform(
    name=FAMILY,
    title="Poly G7500, Studio X",
    vendor=VENDOR,
    kinds=frozenset({"vcs"}),
    allowed=(
        r"POST /rest/session",
        r"GET /rest/(?:conferences|system|system/status)",
        re.escape(f"GET {EXPORT}"),
    ),
    collect=collect,
    read=read,
    version_key=version_key,
    # the vendor keeps one list of ports for both families
    needed_ports=polycom_group.PLATFORM.needed_ports,
    # the administrator's guide of G7500: its password is made of the serial number
    default_accounts=(
        DefaultAccount("admin", ("web", "ssh", "telnet", "settings in the room"), "published"),
    ),
    management_ports={"https": 443, "ssh": 22},
    guarded=("GET /rest/system", "GET /"),
    without=(
        Absent(
            services=("ftp", "tftp"),
            title="Poly G7500 and Studio X (TC8 guide p. 67-68), System Port Usage",
            source="easymanua.ls/poly/tc8/manual/316922",
            shown_by=("service.telnet.enabled", "service.http.enabled", "service.snmp.enabled"),
        ),
    ),
    remedies=REMEDIES,
)
