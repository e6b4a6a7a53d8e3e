"""The route a device takes."""

from __future__ import annotations

from ipaddress import ip_address

from rules.routing import best_routes
from tests.rules.values import route

DEFAULT = route("0.0.0.0/0", "192.0.2.1", "a")
WIDE = route("10.0.0.0/8", "192.0.2.2", "b")
NARROW = route("10.1.0.0/16", "192.0.2.3", "c", metric=900)


def taken(address: str, *routes: object) -> list[str | None]:
    return [r.interface for r in best_routes(routes, ip_address(address))]  # type: ignore[arg-type]


def test_the_longest_prefix_wins_whatever_the_metric() -> None:
    assert taken("10.1.2.3", DEFAULT, WIDE, NARROW) == ["c"]
    assert taken("10.2.2.3", DEFAULT, WIDE, NARROW) == ["b"]
    assert taken("8.8.8.8", DEFAULT, WIDE, NARROW) == ["a"]


def test_the_lowest_metric_wins_among_equals() -> None:
    assert taken("10.1.2.3", NARROW, route("10.1.0.0/16", None, "d", metric=1)) == ["d"]


def test_equals_share_the_load() -> None:
    assert taken("10.1.2.3", WIDE, route("10.0.0.0/8", None, "d")) == ["b", "d"]


def test_no_route_and_other_families_and_tables() -> None:
    assert taken("10.1.2.3") == []
    assert taken("2001:db8::1", DEFAULT) == []
    assert taken("10.1.2.3", route("0.0.0.0/0", None, "x", table="local")) == []
