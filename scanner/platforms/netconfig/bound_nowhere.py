"""Access lists in a file that shows no interface: where they are bound stands elsewhere."""

from __future__ import annotations

from inventory.text import Text

BOUND_NOWHERE = Text(
    vi="tệp không có cổng (interface) nào, nên chưa biết danh sách truy cập (ACL) trong đó được "
    "gắn vào đâu và chặn gì; hãy đưa cả phần `interface`",
    en="the file shows no interface, so that it is not told where its access lists are bound and "
    "what they stop; hand in the `interface` blocks too",
)
"""Why no filters are told; without a citation, so that another file of the device can tell them."""
