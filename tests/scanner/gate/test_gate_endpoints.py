"""Exports of endpoints: green when hardened, red at the right line when not."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from scanner.gate.model import GateRequest, GateResult
from scanner.gate.run import run_gate
from tests.scanner.gate.configurations import CODEC

SAMPLES = Path(__file__).resolve().parents[1] / "platforms" / "samples"
STUDIO = (SAMPLES / "poly-studio" / "x50-4.2" / "exportConfiguration.cfg").read_text()
STUDIO = STUDIO.replace('telnet.enable="true"', 'telnet.enable="false"').replace(
    'snmp.enable="true"', 'snmp.enable="false"'
)
STUDIO = STUDIO.replace(
    "\n  ></ALL>", '\n     voIpProt.SIP.enable="true"\n     voIpProt.SIP.transport="TLS"\n  ></ALL>'
)
HDX = """\
model,HDX 7000
productversion,3.1.10
sipenable,True
snmpenabled,False
iph323enable,False
telnetenabled,False
webenabled,True
ftpenabled,False
remotesyslogenabled,True
sessionsenabled,True
lockoutattemptsadmin,5
answeredsinglecall,No
answersinglecall,No
answermultipointcall,No
encryptionenable,RequiredAllCalls
timeserver,Manual
timeserverurl,10.67.30.10
"""
ROOMOS_XML = """\
<?xml version="1.0"?>
<Configuration product="Cisco Codec" version="ce9.15.3" apiVersion="4">
  <Conference>
    <AutoAnswer><Mode>Off</Mode></AutoAnswer>
    <Encryption><Mode>On</Mode></Encryption>
  </Conference>
  <Logging><External><Mode>On</Mode><Protocol>SyslogTLS</Protocol>
    <Server><Address>10.67.30.10</Address><Port>6514</Port></Server></External></Logging>
  <NetworkServices>
    <HTTP><Mode>HTTPS</Mode></HTTP>
    <NTP><Mode>Manual</Mode><Server item="1"><Address>10.67.30.11</Address></Server></NTP>
    <SNMP><Mode>Off</Mode></SNMP>
    <Telnet><Mode>Off</Mode></Telnet>
    <UPnP><Mode>Off</Mode></UPnP>
    <SIP><Mode>On</Mode></SIP>
  </NetworkServices>
  <Security>
    <Session><InactivityTimeout>10</InactivityTimeout><MaxFailedLogins>5</MaxFailedLogins></Session>
  </Security>
  <SIP><DefaultTransport>TLS</DefaultTransport></SIP>
</Configuration>
"""

EXPORTS = {
    "codec, text": ("phong.txt", CODEC, ("Telnet Mode: Off", "Telnet Mode: On"), 15),
    "codec, XML": ("phong.xml", ROOMOS_XML, ("<Telnet><Mode>Off", "<Telnet><Mode>On"), 13),
    "settings in CSV": ("phong.csv", HDX, ("telnetenabled,False", "telnetenabled,True"), 6),
    "attributes in XML": (
        "phong.cfg",
        STUDIO,
        ('telnet.enable="false"', 'telnet.enable="true"'),
        26,
    ),
}


def gate(folder: Path, name: str, content: str) -> GateResult:
    (folder / name).write_text(content)
    return run_gate(
        GateRequest(
            paths=(folder / name,),
            now=datetime(2026, 11, 20, tzinfo=UTC),
            root=folder,
            shown_from=folder,
        )
    )


@pytest.mark.parametrize(("name", "content", "change", "line"), EXPORTS.values(), ids=EXPORTS)
def test_hardened_is_green_and_one_setting_less_is_red(
    tmp_path: Path, name: str, content: str, change: tuple[str, str], line: int
) -> None:
    green = gate(tmp_path, name, content)
    assert (green.status, green.reason) == (0, None)
    assert change[0] in content
    red = gate(tmp_path, name, content.replace(*change))
    assert red.status == 1
    found = next(f for f in red.failures if f.requirement == "D11.1-d")
    assert [(c.source, c.line) for c in found.citations] == [(name, line)]
