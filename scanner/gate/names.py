"""What the name of a file tells: a configuration, plainly something else, or a part of a device."""

from __future__ import annotations

import re
from pathlib import Path


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_CONFIGURATIONS = _words(".bak .cfg .conf .config .csv .dat .nft .rsc .rules .set .show .txt .xml")
_SOMETHING_ELSE = _words(
    ".7z .adoc .bmp .c .css .doc .docx .drawio .gif .gz .h .html .ico .ini .ipynb .j2 .jpeg .jpg "
    ".js .lock .lua .md .mp4 .odt .pdf .pem .png .ppt .pptx .ps1 .pub .py .pyc .rb .rst .sarif "
    ".scss .sh .sql .svg .tf .toml .ts .vsd .vsdx .webp .xls .xlsx .zip"
)
_WITHOUT_ENDING = _words(
    "authors changelog codeowners copying dockerfile gemfile jenkinsfile license makefile notice "
    "procfile readme vagrantfile version"
)
_PROSE = re.compile(
    r"(readme|licen[cs]e|changelog|notice|requirements[\w-]*|robots|cmakelists)\.txt"
)
_PARTS = re.compile(
    r"((x?configuration|x?status|x?command|config|running|startup|show|web|rest|api|system|user"
    r"|device|network|call|info)([-_ ].+)?"
    r"|version|valuespace|users|accounts?|settings|answers|mailbox|calls|callstatus|webadmin|syslog"
    r"|exportconfiguration|calllegprofiles?)"
    r"|.+[-_](config|configuration|status|settings|info)"
)


def looks_like_a_configuration(path: Path) -> bool:
    """By its name somebody would expect it to be judged. Files without an ending often are."""
    if is_plainly_something_else(path):
        return False
    return path.suffix.lower() in _CONFIGURATIONS or not path.suffix


def is_plainly_something_else(path: Path) -> bool:
    """A text, a picture, a program: nothing that a device exports."""
    name = path.name.lower()
    return (
        path.suffix.lower() in _SOMETHING_ELSE
        or name in _WITHOUT_ENDING
        or _PROSE.fullmatch(name) is not None
    )


def is_a_part(path: Path) -> bool:
    """The name says what the file holds and not whose it is: `configuration.xml`, `show_version`.

    Such files in one folder are of one device, and the folder bears its name.
    """
    return _PARTS.fullmatch(path.name.split(".")[0].lower()) is not None


def as_id(name: str) -> str:
    """The name in the form of an id of the inventory: lower case, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:50].strip("-") or "device"
