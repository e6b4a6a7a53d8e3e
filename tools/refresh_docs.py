"""Bring the generated parts of the documentation up to date: `python tools/refresh_docs.py`.

- `docs/requirements.md` is written whole, from the texts beside the rules.
- `docs/families.md` is written whole, from the family modules and `tools/families.json`, which
  `tools/record_families.py` records.
- `docs/configurations.md` is written whole, from `tools/configurations.json`, which
  `tools/record_configurations.py` records.
- The tables of `docs/settings.md` are written anew, from the options of the commands.
- In every Markdown file, a fenced block below `<!-- output: hnth ... --help -->` is replaced by
  what that command prints, in Vietnamese where the name of the file ends in `.vi.md`.

`make docs` fails while anything here would change (tests/docs).
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

HELP_BLOCK = re.compile(
    r"(?P<mark><!-- output: (?P<command>hnth(?: [a-z-]+)* --help) -->\n+```text\n)"
    r"(?P<shown>.*?)(?P<end>```\n)",
    re.DOTALL,
)
FRAME = re.compile(r"[\s─-╿]+")
"""Spaces and box drawing: their number differs with the library's version, the words do not."""


def pages() -> list[Path]:
    """The Markdown files of this repository that people write."""
    folders = [ROOT, ROOT / "docs", ROOT / "docs" / "decisions", ROOT / "benchmarks"]
    return sorted(path for folder in folders for path in folder.glob("*.md"))


def printed(command: str, language: str) -> str:
    """What a help command prints on a terminal of 100 columns without colours."""
    _, *arguments = command.split()
    plain = {"COLUMNS": "100", "TERM": "dumb", "NO_COLOR": "1", "HNTH_LANG": language}
    done = subprocess.run(  # the pattern above admits help commands only
        [sys.executable, "-m", "scanner", *arguments],
        cwd=ROOT,
        env={**os.environ, **plain},
        capture_output=True,
        text=True,
        check=True,
    )
    return "\n".join(line.rstrip() for line in done.stdout.strip().splitlines()) + "\n"


def words(text: str) -> list[str]:
    """A help text without its layout."""
    return [word for word in FRAME.split(text) if word]


def language_of(page: Path) -> str:
    """The language that a page is written in."""
    return "vi" if page.name.endswith(".vi.md") else "en"


def with_current_help(text: str, language: str = "en") -> str:
    """The page with every help block that has aged replaced."""

    def renewed(block: re.Match[str]) -> str:
        now = printed(block["command"], language)
        if words(now) == words(block["shown"]):
            return block.group()
        return block["mark"] + now + block["end"]

    return HELP_BLOCK.sub(renewed, text)


def reference() -> str:
    """The page of requirements, from the texts that the program itself uses."""
    from rules.registry import rules  # noqa: PLC0415 - help blocks need no rules
    from rules.requirements import REQUIREMENTS  # noqa: PLC0415

    automated = {rule.id for rule in rules()}
    lines = [
        "<!-- Written by tools/refresh_docs.py from the files in rules/: change those. -->",
        "",
        "# Requirements",
        "",
        f"The {len(REQUIREMENTS)} atomic requirements of Articles 10 to 12 of the Regulation "
        "issued with Decision 2456/QĐ-UBND; "
        f"{len(automated)} are judged automatically in this version. "
        "`hnth rules ID` explains one.",
        "",
    ]
    article = None
    for item in REQUIREMENTS.values():
        if item.article != article:
            article = item.article
            lines += [f"## Điều {article} / Article {article}", ""]
        judged = (
            f"[`{item.stem}.py`](../rules/article_{item.article}/{item.stem}.py)"
            if item.id in automated
            else "not yet automated: every report shows it as “Chưa xác định được”"
        )
        lines += [
            f"### {item.id}",
            "",
            f"**{item.title.vi}** / {item.title.en}",
            "",
            f"- {item.label.vi}: “{item.quote}”",
            f"- Severity {item.severity}, judged per {item.subject}; {judged}",
            f"- Khắc phục: {item.remedy.vi}",
            f"- Remedy: {item.remedy.en}",
            "",
        ]
    return "\n".join(lines)


def families() -> str:
    """The page of device families."""
    from tools.family_page import page  # noqa: PLC0415 - help blocks need no families

    return page()


def configurations() -> str:
    """The page of network configurations."""
    from tools.configuration_page import page  # noqa: PLC0415 - help blocks need no configurations

    return page()


def settings(text: str) -> str:
    """The page of settings with its tables as they are now."""
    from tools.settings_table import with_current_tables  # noqa: PLC0415 - loads every command

    return with_current_tables(text)


def main() -> None:
    """Write what has changed, and say which files those are."""
    wanted = {
        page: with_current_help(page.read_text(encoding="utf-8"), language_of(page))
        for page in pages()
    }
    page_of_settings = ROOT / "docs" / "settings.md"
    wanted[page_of_settings] = settings(wanted[page_of_settings])
    wanted[ROOT / "docs" / "requirements.md"] = reference()
    wanted[ROOT / "docs" / "families.md"] = families()
    wanted[ROOT / "docs" / "configurations.md"] = configurations()
    for page, text in wanted.items():
        if not page.exists() or page.read_text(encoding="utf-8") != text:
            page.write_text(text, encoding="utf-8")
            print(page.relative_to(ROOT))


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
