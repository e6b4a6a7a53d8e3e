"""Any inventory that can be built is written and read back unchanged."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from ipaddress import IPv4Address, IPv4Network
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inventory.load import loads
from inventory.model import (
    AllowedService,
    Allowlist,
    Approval,
    Calendar,
    Contact,
    Credential,
    Device,
    Document,
    Inventory,
    Meeting,
    Organisation,
    Site,
    VantagePoint,
    Zone,
)
from inventory.readings import Bandwidth, Period, Readings
from inventory.write import to_yaml

words = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=20
)
days = st.dates(date(2000, 1, 1), date(2100, 1, 1))
offsets = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
# a file can hold an offset and no rule for the clocks to change, so the offsets are fixed here
moments = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)) | st.datetimes(
    datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=offsets
)
ids = st.from_regex(r"[a-z0-9][a-z0-9-]{0,10}", fullmatch=True)
documents = st.builds(
    Document, number=words, issued=days, signer=st.none() | words, subject=st.none() | words
)


def some(strategy: st.SearchStrategy[Any], **limits: int) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(strategy, **{"max_size": 3, **limits}).map(tuple)


@st.composite
def meetings(draw: st.DrawFn, sites: list[str]) -> Meeting:
    start = draw(moments)
    lasts = timedelta(minutes=draw(st.integers(1, 600)))
    return Meeting(
        title=draw(words),
        start=start,
        end=start + lasts,
        sites=draw(some(st.sampled_from(sites))),
        trial=draw(st.booleans()),
    )


@st.composite
def devices(draw: st.DrawFn, own_id: str, number: int, sites: list[str]) -> Device:
    return Device(
        id=own_id,
        name=draw(st.none() | words),
        kind=draw(st.sampled_from(["mcu", "vcs", "firewall", "server"])),
        site=draw(st.sampled_from(sites)),
        address=IPv4Address("10.1.0.0") + number,
        model=draw(st.none() | words),
        commissioned=draw(st.none() | days),
        credential=draw(
            st.none()
            | st.builds(
                Credential, username=words, password=st.just("env:X"), private_key=st.none()
            )
            | st.builds(
                Credential,
                snmp_user=words,
                snmp_authentication_key=st.just("env:X"),
                snmp_privacy_key=st.just("file:y"),
                snmp_authentication=st.sampled_from(["SHA", "SHA-256"]),
            )
        ),
        certificate=draw(st.none() | st.from_regex("[0-9a-f]{64}", fullmatch=True)),
        ssh_port=draw(st.integers(1, 65535)),
        monitored=draw(st.booleans()),
        hardening_review=draw(st.none() | st.just("none") | documents),
    )


@st.composite
def inventories(draw: st.DrawFn) -> Inventory:
    site_ids = draw(st.lists(ids, min_size=1, max_size=3, unique=True))
    zone_ids = draw(st.lists(ids, min_size=1, max_size=3, unique=True))
    device_ids = draw(
        st.lists(ids.filter(lambda i: i not in zone_ids), min_size=1, max_size=3, unique=True)
    )
    prefixes = [IPv4Network((f"10.{n}.0.0", 16)) for n in range(1, 4)]
    dates = sorted((draw(days), draw(days)))
    level = st.sampled_from(["province", "district", "commune"])
    ends = some(st.sampled_from([*zone_ids, *device_ids, "10.0.0.0/8"]), min_size=1)
    return Inventory(
        organisation=Organisation(name=draw(words), province=draw(words), superior=draw(words)),
        approval=draw(
            st.none()
            | st.builds(
                Approval,
                number=words,
                issued=days,
                signer=words,
                valid_from=st.just(dates[0]),
                valid_to=st.just(dates[1]),
                scope=st.none() | words,
                source_addresses=some(st.ip_addresses()),
                contact=st.none() | words,
            )
        ),
        sites=tuple(
            Site(
                id=own,
                name=draw(words),
                level=draw(level),
                tslcd_available=draw(st.booleans()),
                contacts=draw(some(st.builds(Contact, name=words, phone=st.none() | words))),
            )
            for own in site_ids
        ),
        zones=tuple(
            Zone(
                id=own,
                kind=draw(st.sampled_from(["hnth", "office", "tslcd"])),
                site=draw(st.none() | st.sampled_from(site_ids)),
                prefixes=(prefix,),
                gateway=draw(st.none() | st.sampled_from(device_ids)),
                vlan=draw(st.none() | st.integers(1, 4094)),
            )
            for own, prefix in zip(zone_ids, prefixes, strict=False)
        ),
        devices=tuple(
            draw(devices(own, number, site_ids)) for number, own in enumerate(device_ids, 10)
        ),
        allowlist=Allowlist(
            approved=draw(st.none() | documents),
            services=tuple(
                AllowedService(
                    id=own,
                    sources=draw(ends),
                    destinations=draw(ends),
                    protocol="tcp",
                    ports=draw(some(st.integers(1, 65535).map(str), min_size=1)),
                )
                for own in draw(st.lists(ids, max_size=2, unique=True))
            ),
            management=draw(some(st.just(prefixes[0]) | st.just(IPv4Network("0.0.0.0/0")))),
        ),
        vantage_points=draw(
            some(st.builds(VantagePoint, id=ids, zone=st.sampled_from(zone_ids)), max_size=1)
        ),
        calendar=Calendar(
            confirmed_by=draw(st.none() | words),
            holidays=draw(some(days)),
            meetings=draw(some(meetings(site_ids))),
        ),
        readings=draw(
            st.just(Readings())
            | st.builds(
                Readings,
                password_max_age=st.builds(Period, value=st.integers(1, 400)),
                bandwidth=st.just(Bandwidth(both_directions=False)),
                hub_factor=st.sampled_from(["off", "sites"]),
                legal_profile=st.sampled_from(["auto", "2017"]),
            )
        ),
    )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(inventories())
def test_what_is_written_is_read_back(inventory: Inventory) -> None:
    assert loads(to_yaml(inventory)).inventory == inventory
