"""The segmentation matrix on the page: four states by sign and word, lines, probes, no markup."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from inventory.model import Inventory
from inventory.text import Text
from reports import html, segmentation
from reports.report import Report
from reports.services import EVERYTHING, OTHER_PROTOCOLS, listing, services
from rules.packets.boxes import ANY_ADDRESS, ANY_PORT, Box
from tests.rules.build import Changes, province
from tests.rules.compliant import CENTRAL_RULES, declared, with_zone
from tests.rules.values import UNKNOWN, filters, from_office, rule

HOSTILE = "<script>alert(1)</script> {{ 7*7 }} \u202e"
OFFICE_IN = rule(
    line=7, text=f"vanphong {HOSTILE}", in_interfaces=("vanphong",), out_interfaces=("hnth",)
)
MIXED: Changes = {
    ("fw", "filters"): filters(OFFICE_IN, *CENTRAL_RULES),
    ("router", "filters"): UNKNOWN,
    ("mcu", "exposure"): (from_office(23),),
}


def report(
    sample: Report, changes: Changes | None = None, plan: dict[str, Any] | None = None
) -> Report:
    world = province(changes, inventory=plan)
    return replace(sample, inventory=world.inventory, network=world.facts)


def section(page: str) -> str:
    return page.split('<section id="segmentation">')[1].split("</section>", maxsplit=1)[0]


def words(source: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", source))


def cell_of(source: str, origin: str, target: str) -> str:
    """The words of one cell of the tables."""
    for table in re.findall(r"<table class=\"matrix\">.*?</table>", source, re.DOTALL):
        rows = re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)
        heads = [words(h).strip() for h in re.findall(r"<th.*?</th>", rows[0], re.DOTALL)]
        if target not in heads:
            continue
        for row in rows[1:]:
            head, cells = row.split("</th>", 1)
            if words(head).strip() == origin:
                found = re.findall(r"<td.*?</td>", cells, re.DOTALL)
                return words(found[heads.index(target) - 1]).strip()
    raise AssertionError(f"no cell from {origin} to {target}")


def test_cells_say_what_passes_and_what_was_probed(sample: Report) -> None:
    page = section(html.render(report(sample)))
    assert cell_of(page, "hnth-tinh", "hnth-chau-phu") == (
        "✓ Đúng danh sách tcp 5060-5061 chưa dò quét"
    )
    assert cell_of(page, "quantri", "hnth-tinh") == (
        "✓ Đúng danh sách tcp 22, 445; mọi dịch vụ từ địa chỉ quản trị "
        "dò từ may-quet: mcu tcp 22, 445, 5061"
    )
    assert cell_of(page, "vanphong", "hnth-tinh") == (
        "○ Không cho qua dò từ pc-van-phong: không cổng nào trả lời"
    )
    assert cell_of(page, "hnth-tinh", "hnth-tinh") == "· cùng vùng"


def test_leaks_and_doubts_point_at_their_notes(sample: Report) -> None:
    page = section(html.render(report(sample, MIXED), "en"))
    assert cell_of(page, "vanphong", "hnth-tinh") == (
        "✕ More than listed not listed: any service probed from pc-van-phong: mcu tcp 23 "
        "· notes 2 , 3"
    )
    assert cell_of(page, "vanphong", "hnth-chau-phu") == (
        "? Cannot determine probed from pc-van-phong: no port answered · note 1"
    )
    notes = [words(n).strip() for n in re.findall(r'<li id="s\d+">(.*?)</li>', page, re.DOTALL)]
    assert notes[0] == "router: reason under test"
    assert notes[1].startswith("fw, line 7: “vanphong &lt;script&gt;")
    assert notes[2] == (
        "port 23/tcp of mcu answers to pc-van-phong, which the allowlist does not name"
    )


def test_the_legend_counts_the_conferencing_cells(sample: Report) -> None:
    made = segmentation.segmentation(report(sample, MIXED))
    cells = [c for table in made.conferencing for row in table.rows for c in row.cells if c]
    assert sum(made.counts.values()) == len(cells) == 26  # 8 zones, 2 of them conferencing
    assert made.counts["more"] == 1
    legend = words(section(html.render(report(sample, MIXED))).split("<table")[0])
    for state, name in segmentation.STATE_NAMES.items():
        assert f"{segmentation.SYMBOLS[state]} {name.vi} ({made.counts[state]}):" in legend
    assert len(set(segmentation.SYMBOLS.values())) == 4


def test_each_pair_stands_in_exactly_one_table(sample: Report) -> None:
    made = segmentation.segmentation(report(sample))
    pairs = [
        (one.cell.origin.id, one.cell.target.id)
        for table in (*made.conferencing, *made.others)
        for row in table.rows
        for one in row.cells
        if one is not None
    ]
    assert len(pairs) == len(set(pairs)) == 8 * 7
    assert [zone.id for zone in made.conferencing[0].columns] == ["hnth-tinh", "hnth-chau-phu"]
    for table in made.conferencing[1:]:
        assert {row.origin.kind for row in table.rows} == {"hnth"}


def test_tables_are_no_wider_than_a_page(sample: Report) -> None:
    plan = declared()
    base = with_zone("vanphong")["zones"][3]
    plan["zones"] += [
        {**base, "id": f"phong-{n}", "prefixes": [f"10.68.{n}.0/24"], "interface": f"p{n}"}
        for n in range(9)
    ]
    made = segmentation.segmentation(report(sample, plan=plan))
    widths = [len(table.columns) for table in made.conferencing]
    assert widths == [2, 5, 5, 5]


def test_a_page_of_hostile_lines_has_the_same_markup(sample: Report) -> None:
    calm = {**MIXED, ("fw", "filters"): filters(replace(OFFICE_IN, text="x"), *CENTRAL_RULES)}
    tags = re.compile(r"<[^>]*>")
    clean = tags.findall(html.render(report(sample, calm)))
    page = html.render(report(sample, MIXED))
    assert tags.findall(page) == clean
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ 7*7 }}" in page
    assert "\u202e" not in page


@pytest.mark.parametrize("language", ["vi", "en"])
def test_links_lead_to_notes(sample: Report, language: html.Language) -> None:
    page = section(html.render(report(sample, MIXED), language))
    targets = set(re.findall(r'href="#(s\d+)"', page))
    ids = re.findall(r'id="(s\d+)"', page)
    assert targets == set(ids)
    assert len(ids) == len(set(ids))
    assert ids == [f"s{n}" for n in range(1, len(ids) + 1)]


def test_without_facts_no_cell_is_proved(sample: Report) -> None:
    made = segmentation.segmentation(replace(report(sample), network={}))
    assert {state for state, number in made.counts.items() if number} == {"unknown"}
    page = words(section(html.render(replace(report(sample), network={}))))
    assert "fw: thiết bị không nằm trong phạm vi của đợt quét này" in page


@pytest.mark.parametrize("kept", [0, 1, 2])
def test_few_zones_still_make_a_page(sample: Report, kept: int) -> None:
    plan = {**declared(), "zones": declared()["zones"][:kept], "vantage_points": []}
    plan["allowlist"] = {}
    few = replace(sample, inventory=Inventory.model_validate(plan))
    page = section(html.render(few))
    assert ("chưa có vùng mạng" in page) == (kept < 2)
    assert ('class="matrix"' in page) == (kept == 2)


def box(protocol: int | tuple[int, int], *port: int) -> Box:
    protocols = protocol if isinstance(protocol, tuple) else (protocol, protocol)
    return (ANY_ADDRESS, ANY_ADDRESS, protocols, (port[0], port[-1]) if port else ANY_PORT)


ALL_BUT_ICMP = [box((0, 0)), box((2, 57)), box((59, 255))]


@pytest.mark.parametrize(
    ("boxes", "shown"),
    [
        ([], ""),
        ([box(6, 22), box(6, 445), box(17, 161)], "tcp 22, 445, udp 161"),
        ([box(6, 5060), box(6, 5061)], "tcp 5060-5061"),
        ([box(6)], "tcp mọi cổng"),
        ([box(6), box(17, 53)], "tcp mọi cổng, udp 53"),
        ([box(1), box(47)], "icmp, gre"),
        ([box(6, n) for n in range(1, 12, 2)], "tcp 1, 3, 5, 7 …+2"),
        ([box((0, 255))], EVERYTHING.vi),
        ([*ALL_BUT_ICMP, box(1)], EVERYTHING.vi),
        ([*ALL_BUT_ICMP, box(58)], EVERYTHING.vi),
        (ALL_BUT_ICMP, f"tcp mọi cổng, udp mọi cổng, {OTHER_PROTOCOLS.vi}"),
        ([box((0, 5)), box(6, 1, 500), box((7, 255))], "tcp 1-500, udp mọi cổng, icmp, icmpv6 …+1"),
        ([box(99)], "ip 99"),
    ],
)
def test_services_in_words(boxes: list[Box], shown: str) -> None:
    assert listing(services(boxes)) == Text(vi=shown, en=listing(services(boxes)).en)


def many_sites(number: int) -> dict[str, Any]:
    """The inventory with further sites, each with a conferencing zone and an office."""
    plan = declared()
    for n in range(number):
        plan["sites"].append({"id": f"xa-{n}", "name": f"Xã {n}", "level": "commune"})
        for kind, block in (("hnth", 100), ("office", 101)):
            plan["zones"].append(
                {
                    "id": f"{kind}-{n}",
                    "kind": kind,
                    "site": f"xa-{n}",
                    "prefixes": [f"10.{block}.{n}.0/24"],
                    "gateway": f"r-{n}",
                    "interface": kind,
                }
            )
    return plan


@pytest.mark.parametrize(("sites", "whole"), [(16, True), (17, False)])
def test_a_large_network_says_which_pairs_it_leaves_out(
    sample: Report, sites: int, whole: bool
) -> None:
    large = report(sample, plan=many_sites(sites))
    made = segmentation.segmentation(large)
    tables = (*made.conferencing, *made.others)
    pairs = {
        (one.cell.origin.id, one.cell.target.id)
        for table in tables
        for row in table.rows
        for one in row.cells
        if one is not None
    }
    assert made.whole == whole
    assert {("office-1", "hnth-1"), ("quantri", "hnth-1"), ("hnth-1", "internet")} <= pairs
    assert (("office-2", "hnth-1") in pairs) == whole
    assert (("office-2", "office-1") in pairs) == whole
    page = section(html.render(large))
    assert ("Hệ thống có nhiều vùng" in page) != whole
    assert ("không hiển thị" in page) != whole
