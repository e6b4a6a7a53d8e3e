"""A real host with nftables and both kinds of iptables, asked over a real SSH login."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest

import lab
from lab.topology import FIREWALL
from rules.facts import Facts, Known, Unknown
from scanner.evidence import Document
from scanner.platforms import linux
from scanner.platforms import linux_commands as commands
from tests.scanner.platforms.nftables.packets import answer

pytestmark = [pytest.mark.lab, pytest.mark.xdist_group("province")]

ADDRESS = "10.67.20.1"
NOW = datetime(2026, 11, 23, 18, 30, tzinfo=UTC)
CALL = "tcp 10.67.101.10:40000 > 10.67.10.10:5060 tslcd > hnth"
ABOUT_FILTERS = frozenset(
    {commands.OLD_TABLES, commands.FILTERS}
    | {one.ordinary for one in commands.IPTABLES}
    | {one.old for one in commands.IPTABLES}
)
"""What the family asks about packet filters; all else is left out to be quick."""


class Line:
    """Runs what the family asks: over SSH as the account that audits, or as root."""

    def __init__(self, province: lab.Lab, *, root: bool) -> None:
        self._province, self._root = province, root

    @contextmanager
    def exec_channel(self) -> Iterator[Line]:
        yield self

    def run(self, command: str, *, until: str | None = None) -> Document:
        asked = ABOUT_FILTERS | {commands.BY_SUDO[one] for one in ABOUT_FILTERS}
        said = self._said(command) if command in asked else b""
        return Document(said, command, "C", NOW)

    def _said(self, command: str) -> bytes:
        if self._root:
            return self._province.run(FIREWALL, ["sh", "-c", command]).stdout
        key = self._province.directory / "secrets" / "audit-key"
        options = ("StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "LogLevel=ERROR")
        words = [word for option in options for word in ("-o", option)]
        arguments = ["ssh", "-i", str(key), *words, f"kiemtra@{ADDRESS}", command]
        return self._province.run("may-quet", arguments, timeout_s=30).stdout


def filters(province: lab.Lab, *, root: bool) -> Any:
    documents = list(linux.PLATFORM.collect(Line(province, root=root)))  # type: ignore[arg-type]
    return Facts(linux.PLATFORM.read(documents).facts)["filters"]


@contextmanager
def rule(province: lab.Lab, program: str, *words: str) -> Iterator[None]:
    """The rule is in force on the firewall; the test is skipped where the program cannot set it."""
    done = province.run(FIREWALL, [f"/usr/sbin/{program}", "-A", "FORWARD", *words])
    if done.status != 0:
        pytest.skip(f"{program}: {done.stderr.decode()}")
    try:
        yield
    finally:
        province.run(FIREWALL, [f"/usr/sbin/{program}", "-D", "FORWARD", *words])


def test_all_packet_filters_of_a_host_are_asked(province: lab.Lab) -> None:
    """First nftables alone, then rules of the old iptables beside it, then those of the new one."""
    alone = filters(province, root=False)
    assert isinstance(alone, Known), alone
    assert answer(alone.value, CALL).startswith("permit")

    call = ("-p", "tcp", "--dport", "5060", "-j", "DROP")
    with rule(province, "iptables-legacy", *call):
        refused = filters(province, root=False)
        assert isinstance(refused, Unknown), "nft alone would have said that the call passes"
        assert "sudo -n /usr/sbin/iptables-legacy-save" in refused.reason.en
        seen = filters(province, root=True)
        assert isinstance(seen, Known), seen
        assert answer(seen.value, CALL).startswith("deny")

    named = ("-m", "addrtype", "--dst-type", "UNICAST", "-p", "udp", "--dport", "7", "-j", "DROP")
    with rule(province, "iptables-nft", *named), rule(province, "iptables-nft", *call):
        told = filters(province, root=True)
        assert isinstance(told, Known), told
        assert answer(told.value, CALL).startswith("deny")
        assert not [one for one in told.value.unread if one.matters]
