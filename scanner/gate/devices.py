"""Whose files these are: each device with its files, its family and the facts they tell.

What the user says of a file comes first (`[gate] files`), then a device of the inventory of the
same name, then the folder where its files are parts of one device, then the file itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from inventory.text import Text
from rules.facts import Facts, Known
from scanner.evidence import Document
from scanner.family_of_files import NotRecognised, Understood, read_as, recognise
from scanner.gate.files import Candidate
from scanner.gate.model import FileMapping, FileStatus
from scanner.gate.names import as_id, is_a_part, looks_like_a_configuration
from scanner.platforms import NoSuchPlatform, find
from scanner.saved_files import load

if TYPE_CHECKING:
    from inventory.model import Inventory


@dataclass(frozen=True, slots=True)
class ReadDevice:
    """A device of which files were understood."""

    id: str
    declared: bool
    """The inventory knows it."""
    understood: Understood
    documents: tuple[Document, ...]

    @property
    def facts(self) -> Facts:
        return Facts(self.understood.reading.facts)


@dataclass
class Devices:
    """What became of the files; filled by `read_devices`."""

    devices: list[ReadDevice] = field(default_factory=list)
    statuses: list[FileStatus] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Group:
    """Files taken for one device, before anybody has read them."""

    id: str
    files: tuple[Candidate, ...]
    platform: str | None = None
    declared: bool = False


class Shared:
    """What was read of files whose content is the same in two states of a folder."""

    def __init__(self, contents: Mapping[str, str]) -> None:
        """By the name of a file in the root: a digest of its content. Others are never shared."""
        self._contents = contents
        self._read: dict[tuple[object, ...], Devices] = {}

    def read(self, group: _Group, now: datetime, done: Devices) -> None:
        """The group is added to `done`, from the files or from the time they were read before."""
        digests = tuple(self._contents.get(one.inside) for one in group.files)
        if None in digests:
            _read(group, now, done)
            return
        named = tuple((one.file, one.inside, one.named) for one in group.files)
        key = (group.id, group.platform, group.declared, named, digests)
        if key not in self._read:
            self._read[key] = Devices()
            _read(group, now, self._read[key])
        done.devices += self._read[key].devices
        done.statuses += self._read[key].statuses


def read_devices(
    candidates: Iterable[Candidate],
    inventory: Inventory | None,
    mappings: Sequence[FileMapping],
    now: datetime,
    *,
    wanted: Callable[[Sequence[Candidate]], bool] = bool,
    shared: Shared | None = None,
) -> Devices:
    """Every candidate is in exactly one status. Ids of devices are unique.

    Of the files taken for one device all are read or, where they are not `wanted`, none: these have
    no status. What `shared` has is not read again.
    """
    done = Devices()
    taken: set[str] = {d.id for d in inventory.devices} if inventory is not None else set()
    for group in _grouped(candidates, inventory, mappings):
        if not group.declared:
            group = replace(group, id=_free(group, taken))  # noqa: PLW2901 - the same group, named
            taken.add(group.id)
        if not wanted(group.files):
            continue
        if shared is None:
            _read(group, now, done)
        else:
            shared.read(group, now, done)
    done.statuses.sort(key=lambda status: status.file)
    return done


def _free(group: _Group, taken: set[str]) -> str:
    """The id, made longer where another device has it: by the folder, then by a number."""
    if group.id not in taken:
        return group.id
    inside = PurePosixPath(group.files[0].inside)
    longer = as_id("-".join((*inside.parent.parts[-2:], group.id)))
    wanted, number = longer, 1
    while wanted in taken:
        number += 1
        wanted = f"{longer}-{number}"
    return wanted


def _grouped(
    candidates: Iterable[Candidate],
    inventory: Inventory | None,
    mappings: Sequence[FileMapping],
) -> Iterator[_Group]:
    declared = _by_name(inventory)
    groups: dict[tuple[str, str], list[Candidate]] = {}
    made: dict[tuple[str, str], _Group] = {}
    for candidate in candidates:
        key, group = _group_of(candidate, declared, mappings)
        groups.setdefault(key, []).append(candidate)
        made.setdefault(key, group)
    for key, files in groups.items():
        yield replace(made[key], files=tuple(files))


def _group_of(
    candidate: Candidate,
    declared: Mapping[str, tuple[str, str | None]],
    mappings: Sequence[FileMapping],
) -> tuple[tuple[str, str], _Group]:
    path = PurePosixPath(candidate.inside)
    mapping = next((m for m in mappings if m.fits(candidate.inside, candidate.path)), None)
    platform = mapping.platform if mapping else None
    if mapping is not None and mapping.device is not None:
        known = declared.get(as_id(mapping.device))
        name = known[0] if known else as_id(mapping.device)
        family = platform or (known[1] if known else None)
        return ("device", name), _Group(name, (), family, declared=known is not None)
    part = is_a_part(Path(path.name))
    for name in (path.parent.name, path.stem) if part else (path.stem, path.parent.name):
        if (known := declared.get(as_id(name))) is not None and name:
            return ("device", known[0]), _Group(known[0], (), platform or known[1], declared=True)
    if part and path.parent.name:
        return ("folder", str(path.parent)), _Group(as_id(path.parent.name), (), platform)
    if part:
        return ("folder", "."), _Group(as_id(path.stem), (), platform)
    return ("file", candidate.inside), _Group(as_id(path.stem), (), platform)


def _by_name(inventory: Inventory | None) -> dict[str, tuple[str, str | None]]:
    """Id and family of each declared device, under its id and under its name."""
    if inventory is None:
        return {}
    found = {as_id(d.name): (d.id, d.platform) for d in inventory.devices if d.name}
    found.update({d.id: (d.id, d.platform) for d in inventory.devices})
    return found


def _read(group: _Group, now: datetime, done: Devices) -> None:
    saved = load([candidate.path for candidate in group.files])
    refused = {one.file: one.reason for one in saved.refused}
    documents: list[Document] = []
    taken = iter(saved.documents)
    left: list[Candidate] = []
    for candidate, why in _with_reasons(group.files, refused):
        if why is not None:
            done.statuses.append(_not_taken(candidate, why))
            continue
        # the file is judged as the configuration of this moment, not of its last change
        documents.append(replace(next(taken), source=candidate.file, captured=now))
        left.append(candidate)
    if documents:
        _understand(replace(group, files=tuple(left)), tuple(documents), done)


def _with_reasons(
    files: Sequence[Candidate], refused: Mapping[str, Text]
) -> Iterator[tuple[Candidate, Text | None]]:
    from scanner.saved_files import shown  # noqa: PLC0415

    for candidate in files:
        yield candidate, refused.get(shown(candidate.path))


def _understand(group: _Group, documents: tuple[Document, ...], done: Devices) -> None:
    try:
        understood = _family(group, documents)
    except (NotRecognised, NoSuchPlatform) as error:
        if isinstance(error, NotRecognised) and len(documents) > 1:
            _one_by_one(group, documents, done)
            return
        wrong = isinstance(error, NoSuchPlatform)
        done.statuses.extend(_not_recognised(c, _why(error), wrong) for c in group.files)
        return
    if len(documents) > 1 and not group.declared and _are_several(understood, documents):
        _one_by_one(group, documents, done)
        return
    if not understood.known:
        why = _NOTHING_READ.format(platform=understood.platform.name)
        done.statuses.extend(_not_recognised(c, why, wrong=True) for c in group.files)
        return
    done.devices.append(ReadDevice(group.id, group.declared, understood, documents))
    cited = _cited(understood)
    for candidate, document in zip(group.files, documents, strict=True):
        if len(documents) > 1 and document.sha256 not in cited:
            _by_itself(candidate, document, group, done)
        else:
            done.statuses.append(_status(candidate, document, group, understood))


def _cited(understood: Understood) -> set[str | None]:
    """Digests of the documents on which anything rests."""
    facts = understood.reading.facts.values()
    cited = {citation.sha256 for fact in facts for citation in fact.citations}
    return cited | {document.sha256 for document, _ in understood.reading.unread}


def _by_itself(candidate: Candidate, document: Document, group: _Group, done: Devices) -> None:
    """A file beside those of a device that told nothing of it: of another one, or of none."""
    try:
        alone = recognise([document])
    except NotRecognised as error:
        done.statuses.append(_not_recognised(candidate, _why(error)))
        return
    name = as_id(f"{group.id}-{PurePosixPath(candidate.inside).stem}")
    done.devices.append(ReadDevice(name, False, alone, (document,)))
    done.statuses.append(_status(candidate, document, replace(group, id=name), alone))


def _family(group: _Group, documents: Sequence[Document]) -> Understood:
    if group.platform is None:
        return recognise(documents)
    return read_as(find(group.platform), documents)


def _are_several(understood: Understood, documents: Sequence[Document]) -> bool:
    """Two of the files tell the same settings: each is the configuration of a device."""
    told: set[str] = set()
    for document in documents:
        mine = {
            name
            for name, fact in understood.platform.read([document]).facts.items()
            if isinstance(fact, Known) and not name.startswith(_SAID_BY_MANY)
        }
        if len(mine & told) >= SAME_SETTINGS:
            return True
        told |= mine
    return False


def _one_by_one(group: _Group, documents: tuple[Document, ...], done: Devices) -> None:
    """Files that were taken for one device are several, or some of them are no configuration."""
    understood = []
    for candidate, document in zip(group.files, documents, strict=True):
        try:
            understood.append((candidate, document, recognise([document])))
        except NotRecognised as error:
            done.statuses.append(_not_recognised(candidate, _why(error)))
    for number, (candidate, document, one) in enumerate(understood):
        name = group.id if number == 0 else f"{group.id}-{number + 1}"
        alone = replace(group, id=name, files=(candidate,))
        done.devices.append(ReadDevice(name, group.declared and number == 0, one, (document,)))
        done.statuses.append(_status(candidate, document, alone, one))


def _status(
    candidate: Candidate, document: Document, group: _Group, understood: Understood
) -> FileStatus:
    count = understood.platform.coverage
    return FileStatus(
        candidate.file,
        "read",
        named=candidate.named,
        device=group.id,
        platform=understood.platform.name,
        known=sum(isinstance(f, Known) for f in understood.reading.facts.values()),
        coverage=count(document) if count is not None else None,
        unread=tuple(line for d, line in understood.reading.unread if d.sha256 == document.sha256),
    )


def _not_taken(candidate: Candidate, why: Text) -> FileStatus:
    matters = candidate.named or looks_like_a_configuration(candidate.path)
    return FileStatus(candidate.file, "not taken", why, candidate.named, matters)


def _not_recognised(candidate: Candidate, why: Text, wrong: bool = False) -> FileStatus:
    matters = wrong or candidate.named or looks_like_a_configuration(candidate.path)
    return FileStatus(candidate.file, "not recognised", why, candidate.named, matters)


def _why(error: NotRecognised | NoSuchPlatform) -> Text:
    if isinstance(error, NotRecognised) and len(error.candidates) <= _FEW:
        return _SEVERAL.format(names=", ".join(error.candidates))
    return _NOBODY if isinstance(error, NotRecognised) else error.reason


SAME_SETTINGS = 3
"""So many settings that two files both tell show that they are of two devices."""

_SAID_BY_MANY = ("identity.", "software.", "call.active", "interfaces")
_FEW = 6
_NOBODY = Text(
    vi="không dòng thiết bị nào nhận ra nội dung; nếu là cấu hình thiết bị, hãy nêu dòng thiết bị "
    "trong mục [gate] files của hnth.toml",
    en="no device family recognises what it holds; if it is a configuration, name its family under "
    "[gate] files in hnth.toml",
)
_SEVERAL = Text(
    vi="có thể là của nhiều dòng thiết bị ({names}); hãy nêu một dòng trong mục [gate] files của "
    "hnth.toml",
    en="could be of several device families ({names}); name one under [gate] files in hnth.toml",
)
_NOTHING_READ = Text(
    vi="không đọc được dữ kiện nào của dòng thiết bị {platform}; hãy kiểm tra tệp và hnth.toml",
    en="no fact of the family {platform} could be read; check the file and hnth.toml",
)
