"""Pexip Infinity: settings of nodes beside the global ones, lists that come in pages."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest

from inventory.text import Text
from rules.facts import Known, Unknown
from scanner.collect.errors import LoginRefused
from scanner.evidence import Document
from scanner.platforms.pexip import MOST_PAGES, PAGE, PLATFORM, read

GLOBAL = "configuration/v1/global"
MANAGEMENT = "configuration/v1/management_vm"
WORKERS = "configuration/v1/worker_vm"


def document(content: str, source: str = "file") -> Document:
    return Document(content.encode(), source, "O", datetime(2026, 1, 1, tzinfo=UTC))


def page(kind: str, *objects: dict[str, Any], first: int = 1, total: int | None = None) -> Document:
    listed = [
        {**item, "resource_uri": f"/api/admin/{kind}/{number}/"}
        for number, item in enumerate(objects, start=first)
    ]
    meta = {"total_count": len(objects) if total is None else total}
    source = f"GET /api/admin/{kind}/"
    return document(json.dumps({"meta": meta, "objects": listed}, indent=1), source)


def told(*documents: Document) -> dict[str, Any]:
    facts = read(documents).facts
    return {
        name: fact.value if isinstance(fact, Known) else None
        for name, fact in facts.items()
        if not name.startswith("identity.")
    }


def ssh(platform: bool | None, management: list[str], workers: list[str] | None) -> Any:
    documents = [page(MANAGEMENT, *({"enable_ssh": word} for word in management))]
    if platform is not None:
        documents.append(page(GLOBAL, {"enable_ssh": platform}))
    if workers is not None:
        documents.append(page(WORKERS, *({"enable_ssh": word} for word in workers)))
    return told(*documents).get("service.ssh.enabled")


SSH = [
    (False, ["GLOBAL"], ["GLOBAL", "OFF"], False),
    (True, ["OFF"], ["OFF"], False),
    (None, ["OFF"], ["OFF"], False),
    (False, ["OFF"], [], False),
    (True, ["GLOBAL"], ["OFF"], True),
    (False, ["GLOBAL"], ["OFF", "ON"], True),
    (None, ["ON"], None, True),
    (True, ["OFF"], None, None),
    (False, ["GLOBAL"], None, None),
    (None, ["GLOBAL"], ["OFF"], None),
    (False, ["GLOBAL"], ["perhaps"], None),
    (False, [], ["OFF"], None),
]


@pytest.mark.parametrize(("platform", "management", "workers", "expected"), SSH)
def test_ssh_is_off_only_when_it_is_off_at_every_node(
    platform: bool | None, management: list[str], workers: list[str] | None, expected: bool | None
) -> None:
    assert ssh(platform, management, workers) is expected


def test_the_node_and_the_global_setting_are_both_cited() -> None:
    facts = read(
        [
            page(GLOBAL, {"enable_ssh": True}),
            page(MANAGEMENT, {"name": "mgr", "enable_ssh": "OFF"}),
            page(WORKERS, {"name": "a", "enable_ssh": "OFF"}, {"enable_ssh": "GLOBAL"}),
        ]
    ).facts
    cited = facts["service.ssh.enabled"].citations
    assert [(c.source.split("/")[-2], c.line, c.text.strip()) for c in cited] == [
        ("worker_vm", 12, '"enable_ssh": "GLOBAL",'),
        ("global", 7, '"enable_ssh": true,'),
    ]


def snmp(*modes: tuple[str, str], total: int | None = None) -> dict[str, Any]:
    nodes = [{"snmp_mode": mode, "snmp_community": community} for mode, community in modes]
    facts = told(page(MANAGEMENT, nodes[0]), page(WORKERS, *nodes[1:], total=total))
    names = ("service.snmp.enabled", "snmp.versions", "snmp.default_community")
    return {name: facts[name] for name in names}


OFF, V3 = ("DISABLED", "public"), ("AUTHPRIV", "public")
SNMP = [
    ((OFF, OFF), (False, (), False)),
    ((OFF, V3), (True, ("3",), False)),
    ((V3, ("STANDARD", "public")), (True, ("2c", "3"), True)),
    ((("STANDARD", "<redacted>"), OFF), (True, ("2c",), False)),
    ((("STANDARD", ""), OFF), (True, ("2c",), None)),
    ((OFF, ("SOMETIMES", "public")), (None, None, None)),
    ((V3, ("SOMETIMES", "public")), (True, None, None)),
]


@pytest.mark.parametrize(("modes", "expected"), SNMP)
def test_snmp_is_that_of_all_nodes(
    modes: tuple[tuple[str, str], ...], expected: tuple[Any, ...]
) -> None:
    assert tuple(snmp(*modes).values()) == expected


def test_what_another_page_may_hold_is_not_concluded() -> None:
    assert tuple(snmp(OFF, OFF, total=2).values()) == (None, None, None)
    assert tuple(snmp(OFF, V3, total=2).values()) == (True, None, None)
    assert snmp(OFF, ("STANDARD", "private"), total=9)["snmp.default_community"] is True


def test_pages_are_one_list() -> None:
    nodes = [{"version": "35 (1.0.0)"} for _ in range(5)]
    pages = [
        page("status/v1/worker_vm", *nodes[:2], total=5),
        page("status/v1/worker_vm", *nodes[2:], first=3, total=5),
    ]
    assert told(*pages)["software.version"] == "35 (1.0.0)"
    assert told(*reversed(pages))["software.version"] == "35 (1.0.0)"
    assert told(pages[0])["software.version"] is None
    # a list that changed while it was read may have lost a node between two pages
    grown = page("status/v1/worker_vm", *nodes[2:], first=3, total=6)
    assert told(pages[0], grown)["software.version"] is None
    changed = page("status/v1/worker_vm", {"version": "35 (1.0.0)", "name": "x"}, total=5)
    assert told(*pages, changed)["software.version"] is None


def test_a_node_of_which_two_answers_differ_is_in_doubt() -> None:
    on = {"enable_ssh": "ON", "snmp_mode": "STANDARD", "snmp_community": "public"}
    off = {"enable_ssh": "OFF", "snmp_mode": "DISABLED", "snmp_community": "public"}
    facts = told(page(MANAGEMENT, off), page(WORKERS, on), page(WORKERS, off))
    assert set(facts.values()) == {None}
    another = told(page(MANAGEMENT, on), page(WORKERS, on), page(WORKERS, off))
    assert another["service.ssh.enabled"] is True
    assert another["snmp.default_community"] is True
    assert another["snmp.versions"] is None


class Platform:
    """An `Access` whose web interface holds lists and gives them out in pages."""

    def __init__(self, lists: dict[str, int], size: int = 20) -> None:
        self.lists = lists
        self.size = size
        self.sent: list[str] = []

    @contextmanager
    def web(self, default_port: int = 443) -> Iterator[Platform]:
        yield self

    def request(self, method: str, path: str, **_: Any) -> Document:
        self.sent.append(f"{method} {path}")
        match = re.fullmatch(r"/api/admin/(.*)/(?:\?limit=(\d+)&offset=(\d+))?", path)
        assert match
        total, offset = self.lists.get(match[1], 0), int(match[3] or 0)
        size = min(int(match[2] or self.size), total - offset)
        objects = [{"crypto_mode": "on"}] * size
        answer = page(match[1], *objects, first=offset + 1, total=total)
        return document(answer.text, self.sent[-1])


def test_a_list_is_asked_for_to_its_end() -> None:
    platform = Platform({"configuration/v1/conference": 131, GLOBAL: 1})
    documents = list(PLATFORM.collect(platform))  # type: ignore[arg-type]
    asked = [what for what in platform.sent if "configuration/v1/conference" in what]
    root = "GET /api/admin/configuration/v1/conference/"
    assert asked == [root, f"{root}?limit={PAGE}&offset=20", f"{root}?limit={PAGE}&offset=120"]
    allowed = re.compile("|".join(f"(?:{pattern})" for pattern in PLATFORM.allowed))
    assert all(allowed.fullmatch(what) for what in platform.sent)
    assert told(*documents)["call.encryption"] == "required"


@pytest.mark.parametrize("total", [10**9, 100_000])
def test_a_list_without_end_is_left(total: int) -> None:
    platform = Platform({"configuration/v1/conference": total, GLOBAL: 1})
    documents = list(PLATFORM.collect(platform))  # type: ignore[arg-type]
    asked = [what for what in platform.sent if "configuration/v1/conference" in what]
    assert len(asked) == 1 + MOST_PAGES
    assert told(*documents)["call.encryption"] is None


def test_a_release_without_a_list_is_read_without_it() -> None:
    idle = page("status/v1/participant")
    missing = document("<h1>Not Found</h1>", f"GET /api/admin/{MANAGEMENT}/")
    facts = read([idle, missing, page(GLOBAL, {"enable_ssh": False})]).facts
    assert facts["call.active"] == Known(0, facts["call.active"].citations)
    assert isinstance(facts["service.ssh.enabled"], Unknown)
    cut = document("<h1>", "GET /api/admin/status/v1/conference/")
    assert isinstance(read([idle, cut]).facts["call.active"], Unknown)


class Refusing:
    @contextmanager
    def web(self, default_port: int = 443) -> Iterator[Refusing]:
        yield self

    def request(self, *_: Any, **__: Any) -> Document:
        raise LoginRefused(Text(vi="không chấp nhận", en="not accepted"))


def test_a_refusal_names_the_setting_that_may_be_behind_it() -> None:
    with pytest.raises(LoginRefused, match=r"not accepted.*api_oauth2_disable_basic") as refused:
        list(PLATFORM.collect(Refusing()))  # type: ignore[arg-type]
    assert "không chấp nhận" in refused.value.reason.vi


@pytest.mark.parametrize("word", ["OFF", "ON"])
def test_a_list_as_long_as_an_answer_may_be_takes_a_moment(word: str) -> None:
    node = {"enable_ssh": "OFF", "snmp_mode": "DISABLED", "version": "35 (1.0.0)"}
    nodes = [node] * 30_000 + [{**node, "enable_ssh": word}]
    started = time.process_time()
    facts = told(page(MANAGEMENT, node), page(WORKERS, *nodes))
    assert time.process_time() - started < 5
    assert facts["service.ssh.enabled"] is (word == "ON")
