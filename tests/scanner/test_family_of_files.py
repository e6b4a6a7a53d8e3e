"""Files are recognised by what they hold, and never when nothing or too little tells."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from inventory.text import Text
from rules.facts import Known, Unknown
from scanner import family_of_files
from scanner.evidence import Document
from scanner.family_of_files import NotRecognised, recognise
from scanner.platforms import all_platforms
from scanner.platforms.model import Platform, Reading
from scanner.saved_files import load
from tests.conftest import SHARED
from tools.record_configurations import FOLDERS

HOLDS_NO_FACT = {
    "cisco-roomos/roomos11-ssh": "settings of the loudspeaker",
    "cisco-roomos/schema": "a table of settings, no device",
    "polycom-rmx/composed": "a table of flags and their ranges, no device",
}
"""Sample folders from which nothing need be recognised, and what is in them."""


def folders() -> list[str]:
    families = [platform.name for platform in all_platforms()]
    homes = [SHARED / "devices" / name for name in families]
    found = [path for home in homes if home.is_dir() for path in home.iterdir() if path.is_dir()]
    return sorted(path.relative_to(SHARED / "devices").as_posix() for path in found)


@pytest.mark.corpus
@pytest.mark.parametrize("folder", [name for name in folders() if name not in HOLDS_NO_FACT])
def test_a_sample_folder_is_recognised(shared: Path, folder: str) -> None:
    files = [path for path in sorted((shared / "devices" / folder).rglob("*")) if path.is_file()]
    saved = load(files)
    assert saved.refused == ()
    assert recognise(saved.documents).platform.name == folder.split("/", maxsplit=1)[0]


@pytest.mark.corpus
@pytest.mark.parametrize("folder", HOLDS_NO_FACT)
def test_a_folder_without_facts_is_never_given_to_a_wrong_family(shared: Path, folder: str) -> None:
    files = [path for path in sorted((shared / "devices" / folder).rglob("*")) if path.is_file()]
    try:
        told = recognise(load(files).documents).platform.name
    except NotRecognised:
        return
    assert told == folder.split("/", maxsplit=1)[0]


OTHER_FOLDERS = ("netconfigs", "vulndata", "devices/fingerprints")
"""Files of routers, firewalls and catalogues: of no family, but for packet filters of a host."""


def others() -> list[str]:
    folders = [SHARED / name for name in OTHER_FOLDERS]
    found = [path for home in folders if home.is_dir() for path in home.rglob("*")]
    return sorted(path.relative_to(SHARED).as_posix() for path in found if path.is_file())


def families_of(file: Path) -> tuple[str, ...]:
    """The family that has the file, those that might, or none."""
    documents = load([file]).documents
    try:
        return (recognise(documents).platform.name,) if documents else ()
    except NotRecognised as error:
        every = tuple(platform.name for platform in all_platforms())
        return () if error.candidates == every else error.candidates


@pytest.mark.corpus
@pytest.mark.parametrize("file", others())
def test_a_file_of_a_network_is_its_own_familys_or_nobodys(shared: Path, file: str) -> None:
    own = FAMILY_OF.get(file) or FOLDERS.get(file.split("/")[1])
    assert families_of(shared / file) in ((), *[(own,)] * (own is not None))


SAMPLES = Path(__file__).parent / "platforms" / "samples"


@pytest.mark.parametrize("family_name", sorted(path.name for path in SAMPLES.iterdir()))
def test_asking_the_likely_families_first_changes_no_answer(
    monkeypatch: pytest.MonkeyPatch, family_name: str
) -> None:
    files = [path for path in sorted((SAMPLES / family_name).rglob("*")) if path.is_file()]
    quick = [families_of(file) for file in files]
    monkeypatch.setattr(family_of_files, "likely", lambda documents: ())
    assert quick == [families_of(file) for file in files]


def test_a_file_of_a_known_kind_does_not_load_every_family() -> None:
    """The gate reads one file in a fraction of a second because of it."""
    script = (
        "import sys; from pathlib import Path; from scanner.cli import main;"
        "sys.argv = ['hnth', 'facts', *sys.argv[1:]]\n"
        "try: main()\n"
        "finally: print(*(m for m in sys.modules if m.count('.') == 2), file=sys.stderr)"
    )
    sample = next((SAMPLES / "cisco-ios").rglob("show_running-config.txt"))
    command = [sys.executable, "-c", script, str(sample)]
    loaded = subprocess.run(command, capture_output=True, text=True, check=True).stderr.split()
    assert "scanner.platforms.cisco_ios" in loaded
    assert "scanner.platforms.polycom_hdx" not in loaded
    assert "scanner.platforms.paloalto" not in loaded


FAMILY_OF = {"netconfigs/cisco_ios/batfish__asa_object_groups": "cisco-asa"}
"""Files that lie in the folder of another family."""

NOWHERE = Unknown(Text(vi="không", en="no"))


def family(name: str, **facts: object) -> Platform:
    """A family that reads these facts from anything; underscores stand for dots."""
    read = {
        key.replace("_", ".", 1): value if isinstance(value, Unknown) else Known(value)
        for key, value in facts.items()
    }
    return Platform(
        name=name,
        title=name,
        vendor="x",
        kinds=frozenset(),
        allowed=(),
        collect=lambda access: iter(()),  # type: ignore[arg-type,return-value]
        read=lambda documents: Reading(read),
        version_key=lambda version: None,
    )


FILE = (Document(b"x", "x", "O", datetime(2026, 1, 1, tzinfo=UTC)),)


def among(monkeypatch: pytest.MonkeyPatch, *families: Platform) -> str:
    monkeypatch.setattr(family_of_files, "all_platforms", lambda: families)
    return recognise(FILE).platform.name


def test_who_knows_most_wins(monkeypatch) -> None:
    few = family("few", call_active=1)
    many = family("many", call_active=1, call_auto_answer=True)
    assert among(monkeypatch, few, many) == "many"


def test_identity_outweighs_settings(monkeypatch) -> None:
    settings = family("settings", call_active=1, call_auto_answer=True, ntp_synchronised=True)
    assert among(monkeypatch, settings, family("named", identity_model="X")) == "named"
    assert (
        among(monkeypatch, settings, family("dated", software_version="1", call_active=0))
        == "dated"
    )


def test_a_version_and_nothing_else_tells_nobody(monkeypatch) -> None:
    dated = family("dated", software_version="15.2")
    with pytest.raises(NotRecognised) as none:
        among(monkeypatch, dated, family("other"))
    assert none.value.candidates == ("dated", "other")
    assert among(monkeypatch, dated, family("other", call_active=0)) == "other"


def test_reasons_are_no_knowledge(monkeypatch) -> None:
    unsure = family("unsure", call_active=NOWHERE, accounts=NOWHERE, identity_model=NOWHERE)
    assert among(monkeypatch, unsure, family("sure", call_active=0)) == "sure"


def test_nobody_is_an_error_that_names_all(monkeypatch) -> None:
    with pytest.raises(NotRecognised) as none:
        among(monkeypatch, family("a", call_active=NOWHERE), family("b"))
    assert none.value.candidates == ("a", "b")
    for said in (none.value.reason.vi, none.value.reason.en):
        assert "--platform" in said
        assert "a, b" in said


def test_a_tie_is_an_error_that_names_the_tied(monkeypatch) -> None:
    with pytest.raises(NotRecognised) as tie:
        among(monkeypatch, family("a", call_active=1), family("b", call_active=1), family("c"))
    assert tie.value.candidates == ("a", "b")
    assert "--platform" in tie.value.reason.en


JUNK = {
    "prose": b"Minutes of the meeting\n\nPresent: the deputy head.\n",
    "HTML": b"<html><body><h1>404 Not Found</h1></body></html>",
    "an empty object": b"{}",
    "XML of something else": b'<?xml version="1.0"?><project><name>x</name></project>',
    "a bomb": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><a>&c;</a>',
    "bytes": bytes(range(1, 256)) * 40,
    "a project": b'[project]\nname = "x"\nversion = "0.1.0"\nmodel = "hub"\n',
    "a read-me": b"# Rooms\n\nWe use Polycom HDX 8000 and Cisco SX20 (CE 9.15), Huawei TE40.\n",
    "a line of a switch": b"hostname sw1\n",
    "a comment of a router": b"# 2026-11-20 10:00:00\n",
    "a table of settings": b'{"objects": [{"path": "Security Session InactivityTimeout", '
    b'"default": "0", "products": ["barents", "brooklyn"]}]}',
    "a table of banners": b'[{"matches": "http_header.server", "pattern": "Polycom RMX", '
    b'"example": "Polycom RMX 1500"}]',
    "a page": b"<html><head><title>RealPresence Group 500</title></head><body></body></html>",
    "a list of parts": b"name,model,version\ncamera,HDX 9000,1.0\n",
    "a feed": b'<?xml version="1.0"?><rss version="2.0"><title>X8.11</title></rss>',
}


@pytest.mark.parametrize("content", JUNK.values(), ids=JUNK.keys())
def test_other_files_are_nobodys(content: bytes) -> None:
    document = Document(content, "x", "O", datetime(2026, 1, 1, tzinfo=UTC))
    with pytest.raises(NotRecognised):
        recognise([document])
