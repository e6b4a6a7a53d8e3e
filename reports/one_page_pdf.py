"""The commissioning record as PDF, on one page, fonts embedded. Needs WeasyPrint and Pango."""

from __future__ import annotations

import logging
from typing import Any, NoReturn

from inventory.text import Text
from reports.commissioning import SIZES, CommissioningRecord, render


class NoPdf(Exception):
    """A PDF cannot be made here. `reason` says what is missing."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason


def require_pdf() -> Any:
    """WeasyPrint's `HTML`. Raises `NoPdf` where it or the libraries under it are missing."""
    logging.getLogger("weasyprint").addHandler(logging.NullHandler())
    try:
        from weasyprint import HTML  # noqa: PLC0415 - loads slowly, and is needed for PDF alone
    except ImportError:
        raise NoPdf(_NO_PACKAGE) from None
    except OSError:
        raise NoPdf(_NO_PANGO) from None
    return HTML


def as_pdf(record: CommissioningRecord) -> bytes:
    """One page in the largest type that fits. Raises `NoPdf`."""
    html = require_pdf()

    def laid_out(size: int) -> Any:
        return html(string=render(record, size), url_fetcher=_fetches_nothing).render()

    best, largest, smallest = None, 0, SIZES - 1
    while largest <= smallest:
        size = (largest + smallest) // 2
        document = laid_out(size)
        if len(document.pages) == 1:
            best, smallest = document, size - 1
        else:
            largest = size + 1
    pdf: bytes = (best or laid_out(SIZES - 1)).write_pdf()
    return pdf


def _fetches_nothing(url: str, *_args: object, **_options: object) -> NoReturn:
    raise ValueError(f"the record fetches nothing: {url[:60]}")


_NO_PACKAGE = Text(
    vi="Chưa cài WeasyPrint nên không tạo được PDF; hãy cài bằng: pip install weasyprint, hoặc ghi "
    "biên bản ra tệp .html rồi in từ trình duyệt.",
    en="WeasyPrint is not installed, so there is no PDF; install it with: pip install weasyprint, "
    "or write the record to a .html file and print it from a browser.",
)
_NO_PANGO = Text(
    vi="Thiếu thư viện Pango nên không tạo được PDF; hãy cài bằng: sudo apt-get install "
    "libpango-1.0-0 libpangoft2-1.0-0, hoặc ghi biên bản ra tệp .html rồi in từ trình duyệt.",
    en="The library Pango is missing, so there is no PDF; install it with: sudo apt-get install "
    "libpango-1.0-0 libpangoft2-1.0-0, or write the record to a .html file and print it from a "
    "browser.",
)
