"""Lines of changed filters without effect: remarks, for they hide mistakes and break no rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from inventory.text import Text
from rules.facts import Known
from rules.packets.idle import Idle, idle_lines
from rules.packets.policy import Policy
from rules.packets.residual import TooComplex
from scanner.evidence import printable
from scanner.gate.devices import ReadDevice

MOST_RULES = 3_000
"""Above so many the question would make the gate slow."""
NAMED = 5


def idle_notes(devices: Iterable[ReadDevice]) -> Iterator[Text]:
    """Remarks on the filters of the devices, at most `NAMED` lines for each, the rest counted."""
    for device in devices:
        fact = device.understood.reading.facts.get("filters")
        if not isinstance(fact, Known):
            continue
        policy: Policy = fact.value
        if sum(len(chain.rules) for chain in policy.chains.values()) > MOST_RULES:
            yield _TOO_MANY.format(device=device.id, most=str(MOST_RULES))
            continue
        file = next((citation.source for citation in fact.citations), device.id)
        try:
            idle = idle_lines(policy)
        except TooComplex:
            yield _TOO_COMPLEX.format(device=device.id)
            continue
        yield from (_spoken(one, file) for one in idle[:NAMED])
        if len(idle) > NAMED:
            yield _MORE.format(device=device.id, count=str(len(idle) - NAMED))


def _spoken(idle: Idle, file: str) -> Text:
    line = f"{idle.rule.file or file}:{idle.rule.line}: {printable(idle.rule.text)}"
    because = ", ".join(str(rule.line) for rule in idle.because)
    if idle.kind == "redundant":
        return _REDUNDANT.format(line=line)
    return (_SHADOWED if because else _NEVER).format(line=line, because=because)


_SHADOWED = Text(
    vi="{line} – không bao giờ được dùng: các dòng trước đã quyết định ({because})",
    en="{line} – never used: earlier lines decide ({because})",
)
_NEVER = Text(vi="{line} – không bao giờ được dùng", en="{line} – never used")
_REDUNDANT = Text(
    vi="{line} – thừa: không có dòng này kết quả vẫn như vậy",
    en="{line} – redundant: without it everything would be the same",
)
_MORE = Text(
    vi="{device}: còn {count} dòng thừa khác (xem: hnth packet --idle-lines)",
    en="{device}: {count} more lines without effect (see: hnth packet --idle-lines)",
)
_TOO_MANY = Text(
    vi="{device}: không tìm dòng thừa vì bộ lọc có hơn {most} dòng (xem: hnth packet --idle-lines)",
    en="{device}: lines without effect not looked for, the filter has more than {most} lines "
    "(see: hnth packet --idle-lines)",
)
_TOO_COMPLEX = Text(
    vi="{device}: chưa xác định được dòng nào thừa vì bộ lọc quá phức tạp",
    en="{device}: cannot tell which lines have no effect, the filter is too complex",
)
