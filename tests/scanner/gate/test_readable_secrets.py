"""Passwords kept in a readable form are remarked on, with the line and never with the password."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from scanner.gate.model import GateRequest
from scanner.gate.run import run_gate

ROUTER = """version 15.7
hostname bo-dinh-tuyen
{secrets}
interface GigabitEthernet0/0
 ip address 10.67.101.1 255.255.255.0
line vty 0 4
 transport input ssh
end
"""

KEPT = {
    "enable password LongXuyen-4711": (3, "đọc lại được"),
    "username quantri password 0 LongXuyen-4711": (3, "đọc lại được"),
    "username quantri password 7 0822455D0A16": (3, "đọc lại được"),
    "snmp-server community LongXuyen-4711 RO": (3, "đọc lại được"),
    "enable secret 5 $1$mERr$hx5rVt7rPNoS4wqbXKX7m0": (3, "băm yếu"),
    "enable secret 9 $9$nhEmQVczB7dqsO$X.HsgL6x1il0RxkOSSvyQYwucySCt7qFm4v7pqCxkKM": None,
    "no ip http server": None,
}


def remarks(folder: Path, secrets: str) -> list[str]:
    file = folder / "router.cfg"
    file.write_text(ROUTER.format(secrets=secrets), encoding="utf-8")
    now = datetime(2026, 11, 20, tzinfo=UTC)
    result = run_gate(GateRequest(paths=(file,), now=now, root=folder, shown_from=folder))
    assert "LongXuyen" not in repr(result)
    return [note.vi for note in result.notes]


@pytest.mark.parametrize("line", KEPT)
def test_how_a_password_is_kept(tmp_path: Path, line: str) -> None:
    found, expected = remarks(tmp_path, line), KEPT[line]
    if expected is None:
        assert found == []
    else:
        (remark,) = found
        assert remark.startswith(f"router.cfg:{expected[0]}:")
        assert expected[1] in remark


def test_many_are_counted(tmp_path: Path) -> None:
    many = "\n".join(f"username u{n} password 7 0822455D0A16" for n in range(9))
    found = remarks(tmp_path, many)
    assert len(found) == 6
    assert "4" in found[-1]
