"""One more entry in a list of an inventory file, with every other byte of the file left alone."""

from __future__ import annotations

from datetime import date
from typing import Any

import yaml

from inventory.load import loads
from inventory.model import Inventory
from inventory.problems import InventoryError
from inventory.text import Text

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WIDE = 10_000


class CannotAppend(ValueError):
    """The entry would not be read as it is meant. `reason` says why and what to do."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason


def entry_lines(entry: dict[str, str | int | date]) -> list[str]:
    """The entry as the lines of a list, without indentation: `- requirement: D11.3-a` first."""
    text = yaml.safe_dump(
        [entry], allow_unicode=True, sort_keys=False, default_flow_style=False, width=_WIDE
    )
    return text.removesuffix("\n").split("\n")


def appended(text: str, section: str, entry: dict[str, str | int | date]) -> str:
    """The file with the entry at the end of the top-level list, which begins where there is none.

    The result is read again before it is given away: it holds what the file held before, and the
    entry, and nothing else. Raises `CannotAppend` where that is not so, and `InventoryError` where
    the file cannot be used, or the entry does not fit to it.
    """
    before = loads(text).inventory
    place, column, opened = _place(text, section)
    end = "\r\n" if "\r\n" in text else "\n"
    lines = [" " * column + line for line in entry_lines(entry)]
    if not opened:
        lines = ["", f"{section}:", *lines]
    gap = "" if place == 0 or text[place - 1] == "\n" else end
    written = text[:place] + gap + end.join(lines) + end + text[place:]
    try:
        after = loads(written).inventory
    except InventoryError as error:
        raise _of_the_entry(error, section) from None
    if _without_last(after, section) != before:
        raise CannotAppend(_NOT_THE_SAME.format(section=section))
    return written


def _place(text: str, section: str) -> tuple[int, int, bool]:
    """Where the entry goes: index into the text, column of its dash, whether the list is there."""
    node = _value_of(text, section)
    if node is None:
        return len(text), 2, False
    if isinstance(node, yaml.ScalarNode) and node.value == "":
        return _next_line(text, node.end_mark.index), 2, True
    if not isinstance(node, yaml.SequenceNode) or node.flow_style or not node.value:
        raise CannotAppend(_IN_BRACKETS.format(section=section))
    last: Any = node
    while isinstance(last, yaml.CollectionNode) and last.value and not last.flow_style:
        last = last.value[-1]
        last = last[1] if isinstance(last, tuple) else last
    return _next_line(text, last.end_mark.index), node.start_mark.column, True


def _value_of(text: str, section: str) -> Any:
    root = yaml.compose(text, Loader=_LOADER)
    if not isinstance(root, yaml.MappingNode) or root.flow_style:
        raise CannotAppend(_IN_BRACKETS.format(section=section))
    return next((value for key, value in root.value if key.value == section), None)


def _next_line(text: str, index: int) -> int:
    """The beginning of the line after the one that the value ends on."""
    if index > 0 and text[index - 1] == "\n":
        return index  # a block of lines, which ends with the last of them
    found = text.find("\n", index)
    return len(text) if found < 0 else found + 1


def _without_last(inventory: Inventory, section: str) -> Inventory:
    return inventory.model_copy(update={section: getattr(inventory, section)[:-1]})


def _of_the_entry(error: InventoryError, section: str) -> CannotAppend | InventoryError:
    """What is wrong with the entry, without the line that it does not have yet."""
    own = [one for one in error.problems if f"{section}/" in one.text.en]
    if not own:
        return CannotAppend(_NOT_THE_SAME.format(section=section))
    return CannotAppend(
        Text(
            vi="; ".join(_plain(one.text.vi) for one in own),
            en="; ".join(_plain(one.text.en) for one in own),
        )
    )


def _plain(said: str) -> str:
    """`subject: ...` for `attestations/#3/subject: ...`."""
    where, colon, rest = said.partition(": ")
    return where.rsplit("/", 1)[-1] + colon + rest


_IN_BRACKETS = Text(
    vi="mục {section} của tệp khai báo viết trong ngoặc; hãy chuyển thành danh sách gạch đầu dòng, "
    "hoặc tự chép mục mới vào",
    en="the inventory writes {section} in brackets; turn it into a list with dashes, or copy the "
    "entry in yourself",
)
_NOT_THE_SAME = Text(
    vi="không thêm được vào mục {section} mà không làm đổi phần khác của tệp khai báo; hãy tự chép "
    "mục mới vào",
    en="nothing can be added to {section} without changing the rest of the inventory; copy the "
    "entry in yourself",
)
