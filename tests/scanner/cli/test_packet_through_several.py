"""`hnth packet` about several devices: one way, several ways, and what joins them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from typer.testing import CliRunner

from scanner.cli import _register, app
from scanner.cli.schema import SCHEMAS

EDGE = """version 15.2
hostname bien
interface GigabitEthernet0/0
 ip address 203.0.113.1 255.255.255.0
 ip access-group VAO in
interface GigabitEthernet0/1
 ip address 192.0.2.1 255.255.255.252
ip access-list extended VAO
{lines} deny ip any any
end
"""
INNER = """version 15.2
hostname trong
interface GigabitEthernet0/0
 ip address 192.0.2.2 255.255.255.252
interface GigabitEthernet0/1
 ip address 10.67.10.1 255.255.255.0
 ip access-group RA out
{more}ip access-list extended RA
{lines} deny ip any any
end
"""
WEB = " permit tcp any host 10.67.10.10 eq 443\n"
SIGNALLING = " permit tcp any host 10.67.10.10 eq 5061\n"
ENDS = ("--from", "bien:GigabitEthernet0/0", "--to", "trong:GigabitEthernet0/1")
TO_WEB = ("--src", "198.51.100.9", "--dst", "10.67.10.10", "--dport", "443")


@pytest.fixture(scope="module", autouse=True)
def _commands() -> None:
    if not app.registered_commands:
        _register()


def written(folder: Path, **texts: str) -> list[Path]:
    paths = [folder / f"{name}.conf" for name in texts]
    for path, text in zip(paths, texts.values(), strict=True):
        path.write_text(text, encoding="utf-8")
    return paths


def devices(folder: Path, edge: str = WEB, inner: str = WEB, more: str = "") -> list[Path]:
    inside = INNER.format(lines=inner, more=more)
    return written(folder, bien=EDGE.format(lines=edge), trong=inside)


def run(*arguments: object) -> Any:
    return CliRunner().invoke(app, ["--lang", "en", "packet", *map(str, arguments)])


def answer(*arguments: object) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(run(*arguments, "--json").stdout)
    jsonschema.validate(told, SCHEMAS["packet"]())
    return told


@pytest.mark.parametrize(
    ("edge", "inner", "action", "device", "line"),
    [
        (WEB, WEB, "permit", "trong", 9),
        (SIGNALLING, WEB, "deny", "bien", 10),
        (WEB, SIGNALLING, "deny", "trong", 10),
        (" deny tcp any any eq 443\n", SIGNALLING, "deny", "bien", 9),
    ],
    ids=["both", "the first stops", "the second stops", "both stop"],
)
def test_each_device_is_asked_and_the_one_that_decides_is_named(
    tmp_path: Path, edge: str, inner: str, action: str, device: str, line: int
) -> None:
    told = answer(*devices(tmp_path, edge, inner), *ENDS, *TO_WEB)
    assert (told["action"], told["device"], told["line"]) == (action, device, line)
    (way,) = told["ways"]
    asked = [(hop["device"], hop["from"][-3:], hop["to"][-3:]) for hop in way["hops"]]
    both = [("bien", "0/0", "0/1"), ("trong", "0/0", "0/1")]
    assert asked == (both if device == "trong" else both[:1])
    assert told["file"].endswith(f"{device}.conf")


def test_the_lines_of_the_devices_before_lead_to_the_one_that_decides(tmp_path: Path) -> None:
    told = answer(*devices(tmp_path), *ENDS, *TO_WEB)
    assert [(Path(one["file"]).name, one["line"]) for one in told["path"]] == [("bien.conf", 9)]


def test_a_line_that_is_not_understood_on_one_device_leaves_it_open(tmp_path: Path) -> None:
    strange = " permit tcp any any eq 443 dscp-of-the-future 9\n"
    result = run(*devices(tmp_path, strange), *ENDS, *TO_WEB, "--json")
    told = json.loads(result.stdout)
    assert (result.exit_code, told["action"], told["device"]) == (3, "unknown", "bien")
    # what the second stops for sure is stopped whatever the first does
    told = answer(*devices(tmp_path, strange, SIGNALLING), *ENDS, *TO_WEB)
    assert (told["action"], told["device"]) == ("deny", "trong")


BEFORE = """table ip n {{
  chain pre {{
    type nat hook prerouting priority -100;
    iifname "wan0" tcp dport 8443 dnat to 10.67.10.10:443
  }}
}}
table inet f {{
  chain through {{
    type filter hook forward priority 0; policy drop;
    iifname "wan0" tcp dport {port} accept
  }}
}}
"""
BEHIND = """*filter
:FORWARD DROP [0:0]
-A FORWARD -i up -d 10.67.10.10 -p tcp --dport 443 -j ACCEPT
COMMIT
"""


@pytest.mark.parametrize(("port", "action"), [(443, "permit"), (8443, "deny")])
def test_the_second_device_is_asked_about_the_translated_packet(
    tmp_path: Path, port: int, action: str
) -> None:
    files = [tmp_path / "bien.nft", tmp_path / "trong.rules"]
    files[0].write_text(BEFORE.format(port=port), encoding="utf-8")
    files[1].write_text(BEHIND, encoding="utf-8")
    ends = ("--from", "bien:wan0", "--to", "trong:lan", "--link", "bien:dmz=trong:up")
    packet = ("--src", "198.51.100.9", "--dst", "203.0.113.1", "--dport", "8443")
    told = answer(*files, *ends, *packet)
    hops = [(hop["dst"], hop["dport"]) for hop in told["ways"][0]["hops"]]
    assert told["action"] == action
    assert hops == [("203.0.113.1", 8443), ("10.67.10.10", 443)][: 2 if action == "permit" else 1]


SECOND = """interface GigabitEthernet0/2
 ip address 198.18.0.2 255.255.255.252
 ip access-group {acl} in
ip access-list extended CHAN
 deny ip any any
ip access-list extended MO
 permit ip any any
"""
EDGE_TOO = """interface GigabitEthernet0/2
 ip address 198.18.0.1 255.255.255.252
"""


def two_links(folder: Path, acl: str) -> list[Path]:
    edge = EDGE.replace("hostname", EDGE_TOO + "hostname").format(lines=WEB)
    inner = INNER.format(lines=WEB, more=SECOND.format(acl=acl))
    return written(folder, bien=edge, trong=inner)


LINKS = tuple(f"bien:GigabitEthernet0/{a}=trong:GigabitEthernet0/{b}" for a, b in ((1, 0), (2, 2)))


def test_where_two_devices_are_joined_has_to_be_said_when_it_is_not_plain(tmp_path: Path) -> None:
    files = two_links(tmp_path, "MO")
    result = run(*files, *ENDS, *TO_WEB)
    assert result.exit_code == 2
    assert all(link in result.stderr for link in LINKS)
    told = answer(*files, *ENDS, *TO_WEB, "--link", LINKS[0])
    assert (told["action"], len(told["ways"])) == ("permit", 1)


@pytest.mark.parametrize(("acl", "action", "ways"), [("MO", "permit", 2), ("CHAN", "unknown", 2)])
def test_ways_that_end_differently_leave_it_to_the_route(
    tmp_path: Path, acl: str, action: str, ways: int
) -> None:
    links = [word for link in LINKS for word in ("--link", link)]
    told = answer(*two_links(tmp_path, acl), *ENDS, *TO_WEB, *links)
    assert (told["action"], len(told["ways"])) == (action, ways)
    if action == "unknown":
        assert told["why"] == "it depends on the way: bien > trong permit, bien > trong deny"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--from", ENDS[1]), "to has to be DEVICE:IF"),
        ((*ENDS[:2], "--to", "GigabitEthernet0/1"), "to has to be DEVICE:IF"),
        (
            (*ENDS[:2], "--to", "trong:GigabitEthernet9"),
            "trong:GigabitEthernet9: the device has no",
        ),
        ((*ENDS, "--link", "bien:a"), "--link bien:a is not"),
        ((*ENDS, "--link", "bien:a=bien:b"), "is not DEVICE:IF=DEVICE:IF"),
        ((*ENDS, "--idle-lines", "--link", LINKS[0]), "--link joins different devices"),
    ],
    ids=["no end", "an end of no device", "no such place", "half a link", "to itself", "idle"],
)
def test_what_is_not_known_of_the_way_is_said(
    tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    result = run(*devices(tmp_path), *TO_WEB, *arguments)
    assert (result.exit_code, words in result.stderr) == (2, True), result.stderr


def test_devices_without_a_common_network_are_not_joined(tmp_path: Path) -> None:
    files = devices(tmp_path)
    files[0].write_text(files[0].read_text().replace("192.0.2.1", "192.0.2.9"))
    result = run(*files, *ENDS, *TO_WEB)
    assert (result.exit_code, "no way from" in result.stderr) == (2, True)


def test_files_without_devices_at_the_ends_are_those_of_one_device(tmp_path: Path) -> None:
    result = run(*devices(tmp_path), "--from", "GigabitEthernet0/0", *TO_WEB)
    assert result.exit_code == 2
    assert "documents of the same device contradict each other" in result.stderr


def test_questions_in_lines_are_asked_of_several_devices_too(tmp_path: Path) -> None:
    asked = {"src": "198.51.100.9", "dst": "10.67.10.10", "dport": 443}
    ends = {"from": ENDS[1], "to": ENDS[3]}
    batch = tmp_path / "questions"
    batch.write_text("".join(json.dumps(one) + "\n" for one in ({**asked, **ends}, asked)))
    link = "bien:GigabitEthernet0/1=trong:GigabitEthernet0/0"
    result = run(*devices(tmp_path), "--link", link, "--batch", batch)
    first, second = map(json.loads, result.stdout.splitlines())
    assert (first["action"], first["device"]) == ("permit", "trong")
    assert "DEVICE:IF" in second["error"]


def test_a_terminal_shows_each_device_and_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from scanner.cli import packet as subject

    monkeypatch.setattr(subject, "language", lambda: "en")
    subject._show(answer(*devices(tmp_path), *ENDS, *TO_WEB))
    shown = capsys.readouterr().out.splitlines()
    assert [line for line in shown if not line.startswith(" ")] == [
        "bien (GigabitEthernet0/0 > GigabitEthernet0/1): PERMIT",
        "trong (GigabitEthernet0/0 > GigabitEthernet0/1): PERMIT",
        "= PERMIT",
    ]
