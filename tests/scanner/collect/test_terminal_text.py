"""Lines as a terminal shows them."""

from __future__ import annotations

import time

import pytest

from scanner.collect.terminal_text import shown


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("plain  ", "plain  "),
        ("  indented\r", "  indented"),
        ("tab\tstays", "tab\tstays"),
        ("old\rnew", "new"),
        ("older\rnew", "newer"),
        ("--More--\r        \rhostname a", "hostname a"),
        (" --More-- \b\b\b\b\b\b\b\b\b\b          \b\b\b\b\b\b\b\b\b\b!", "!"),
        ("  ---- More ----\x1b[42D" + " " * 42 + "\x1b[42D#", "#"),
        ("\x1b[7mlines 1-2\x1b[m\r\x1b[K<a/>", "<a/>"),
        ("\x1b[1;31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07text", "text"),
        ("\x1b(B\x1b=text\x1b>", "text"),
        ("abc\x1b[2Dx", "axc"),
        ("abc\x1b[1Gx", "xbc"),
        ("abc\x1b[2D\x1b[K", "a"),
        ("abc\x1b[2K", ""),
        ("a\x1b[5Cb", "ab"),
        ("\b\b\bx", "x"),
        ("bell\x07 null\x00", "bell null"),
        ("broken \x1b[", "broken"),
        ("\x1b[99999999999Cx", "x"),
        ("tệp cấu hình\rTệp", "Tệp cấu hình"),
    ],
)
def test_a_line_as_it_stands_in_the_end(written: str, seen: str) -> None:
    assert shown(written) == seen


@pytest.mark.parametrize("written", ["\x1b[" * 50_000, "a\b" * 50_000, "\x1b[1;" * 50_000])
def test_a_hostile_line_takes_no_time(written: str) -> None:
    begun = time.monotonic()
    shown(written)
    assert time.monotonic() - begun < 2
