"""How a scan asks the network: the part `scan` of the inventory."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from inventory.declared import Declared, Words


class ScanSettings(Declared):
    """How hard the network may be asked. The defaults fit beside a meeting on a 2 Mbps line."""

    rate_kbps: Annotated[int, Field(ge=8, le=1_000_000)] = 64
    """Budget per site link."""
    parallel_sites: Annotated[int, Field(ge=1, le=64)] = 4
    tcp_ports: str = "1-65535"
    udp_ports: str = "69,123,161,514,1719,1900,5060"
    exposure_ports: str = "21-24,80,161,443,445,1720,5060-5061,5900,8080,8443"
    """TCP ports asked from the vantage points outside the management network."""
    connect_timeout_s: Annotated[float, Field(gt=0, le=60)] = 5.0
    command_timeout_s: Annotated[float, Field(gt=0, le=300)] = 30.0
    identify_services: bool = True
    """Open TCP ports that wait for their client are asked what they are: TLS, HTTP, SIP, RTSP."""
    nmap_versions: bool = True
    """nmap is asked about those that stay unidentified; never about call signalling."""
    ca_files: tuple[Words, ...] = ()
    """PEM files with the authorities that issue certificates for the devices, relative to the
    inventory file; without them it is not judged who issued a certificate."""
