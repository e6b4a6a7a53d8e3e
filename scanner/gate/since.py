"""The gate for a change: the files beside those of a git revision, and only what is new counts.

Files whose content is that of the revision are read once for both. Without an inventory nothing
about them can differ, and they are not read at all. A link is always taken for changed, since the
revision is read without following links.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from inventory.text import Text
from scanner.gate.changes import Changes, compare
from scanner.gate.declared import USUAL_NAME, DeclaredNetwork, declared_network
from scanner.gate.devices import Devices, Shared
from scanner.gate.files import Candidate, Found, Walk, repository_of
from scanner.gate.identity import Identities
from scanner.gate.likeness import moved, sketch
from scanner.gate.model import FileStatus, GateRequest, GateResult
from scanner.gate.names import is_plainly_something_else
from scanner.gate.revision import NoRevision, Revision, revision_of
from scanner.gate.run import Side, conclude, judge_side, read_side
from scanner.gate.verdict import UNUSABLE

_INVENTORIES = frozenset({".yaml", ".yml"})


def run_since(request: GateRequest) -> GateResult:
    """As `run_gate`, with `changes`; what was found at the revision already is `known`."""
    here = request.shown_from or Path.cwd()
    root = request.root or repository_of(here)
    try:
        revision = revision_of(root or here, request.since or "")
        with tempfile.TemporaryDirectory(prefix="hnth-since-") as place:
            return _Comparison(request, revision, here, root, Path(place)).result()
    except NoRevision as error:
        return GateResult(request, UNUSABLE, error.reason, problems=(error.reason,))


@dataclass(frozen=True)
class _Comparison:
    request: GateRequest
    revision: Revision
    here: Path
    root: Path | None
    place: Path
    """Folder of our own for the files of the revision; it is removed afterwards."""

    def result(self) -> GateResult:
        walk = Walk(self.root, self.here, self.request.own)
        found = walk.files(self.request.paths)
        names = {one.inside: self._in_repository(one.path) for one in found.candidates}
        same = {
            one.inside: self.revision.files[names[one.inside]]
            for one in found.candidates
            if self.revision.holds(names[one.inside], one.path)
        }
        old = dict(self._old_names(walk))
        changed = {one.inside for one in found.candidates} - same.keys()
        gone = old.keys() - {one.inside for one in found.candidates}
        different = changed | gone
        now = declared_network(self.request.inventory, self.root, found.candidates)
        whole = now.inventory is not None or bool(now.problems) or self._had_an_inventory(different)
        if whole and not different and self._same_inventory(now):
            whole = False
        contents = self.revision.contents(n for i, n in old.items() if i in different)
        before_found = self._found(walk, old, contents, found)
        before_declared = self._declared_before(before_found, now) if whole else DeclaredNetwork()
        shared = Shared(same)

        def wanted(files: Sequence[Candidate]) -> bool:
            return whole or any(one.inside in different for one in files)

        read = read_side(self.request, found, now, only=wanted, shared=shared)
        read_before = read_side(
            self.request, before_found, before_declared, only=wanted, shared=shared
        )
        untouched = _untouched(read, now, read_before, before_declared)
        side = judge_side(self.request, found, now, read, untouched)
        before = judge_side(self.request, before_found, before_declared, read_before, untouched)
        names_moved = self._moved(contents, old, found, changed, gone)
        return self._concluded(side, before, names_moved, len(same), different)

    def _concluded(
        self,
        side: Side,
        before: Side,
        names_moved: dict[str, str],
        unchanged: int,
        different: set[str],
    ) -> GateResult:
        read = {device.id for device in side.devices}
        declared = side.declared.inventory
        compared = compare(
            before.judged,
            side.judged,
            Identities(before.devices, before.inside),
            Identities(side.devices, side.inside, names_moved),
            {d.id for d in declared.devices} - read if declared is not None else (),
            files_are_gone=bool({device.id for device in before.devices} - read),
        )
        files = tuple(self._status(one, side, before, different, names_moved) for one in side.files)
        touched = any(
            one.state == "read" or one.matters or (one.named and one.state == "not taken")
            for one in files
            if side.inside.get(one.file, one.file) in different or one.state == "not taken"
        )
        side = replace(side, judged=compared.judged, files=files)
        result = conclude(
            self.request,
            self.root,
            side,
            nothing_changed=not touched and bool(side.inside or before.inside),
        )
        changes = Changes(
            self.revision.shown,
            compared.added,
            compared.worsened,
            compared.fixed,
            compared.known,
            names_moved,
            len(different),
            unchanged,
        )
        return replace(
            result,
            changes=changes,
            earlier=before.devices,
            relaxations=(*result.relaxations, _relaxation(changes)),
        )

    def _status(
        self,
        one: FileStatus,
        side: Side,
        before: Side,
        different: set[str],
        names_moved: dict[str, str],
    ) -> FileStatus:
        """A file that was understood before and is not now matters; one that is as it was does not
        keep the gate shut.
        """
        name = side.inside.get(one.file)
        if name is None or one.state in {"read", "inventory"}:
            return one
        if name not in different:
            return replace(one, matters=False)
        was_read = {before.inside.get(f.file) for f in before.files if f.state == "read"}
        return replace(one, matters=True) if names_moved.get(name, name) in was_read else one

    def _in_repository(self, path: Path) -> str:
        absolute = path.parent.resolve() / path.name
        top = self.revision.repository.resolve()
        return absolute.relative_to(top).as_posix() if absolute.is_relative_to(top) else ""

    def _old_names(self, walk: Walk) -> Iterator[tuple[str, str]]:
        """Files of the revision that the walk would meet: name in the root, in the repository."""
        top = self.revision.repository.resolve()
        root = self.root.resolve() if self.root is not None else None
        asked = [Path(path).absolute() for path in self.request.paths]
        asked = [path.resolve() for path in asked]
        for name in self.revision.files:
            path = top / name
            below = next((a for a in asked if path == a or a in path.parents), None)
            if below is None or ".." in PurePosixPath(name).parts or walk.is_own(path):
                continue
            hidden = any(part.startswith(".") for part in path.relative_to(below).parts)
            if hidden or (path != below and is_plainly_something_else(path)):
                continue
            start = root or (below if below.is_dir() else below.parent)
            if path.is_relative_to(start):
                yield path.relative_to(start).as_posix(), name

    def _found(
        self, walk: Walk, old: dict[str, str], contents: dict[str, bytes], now: Found
    ) -> Found:
        """The files of the revision. Those that differ are put into our own folder, under numbers
        since their names may be anything; the others are read where they are.
        """
        there = {one.inside: one for one in now.candidates}
        candidates = []
        for number, (inside, name) in enumerate(sorted(old.items())):
            beside = there.get(inside)
            if beside is not None and name not in contents:
                candidates.append(beside)
                continue
            path = self.place / str(number) / PurePosixPath(name).name
            path.parent.mkdir()
            path.write_bytes(contents[name])
            shown = walk.name(self.revision.repository / name)
            named = beside is not None and beside.named
            candidates.append(Candidate(path, shown, named, inside))
        return Found(tuple(sorted(candidates, key=lambda one: one.file)), ())

    def _had_an_inventory(self, different: set[str]) -> bool:
        """It may have had one that is not there now; one that is as it was is there now, too."""
        suffixes = {PurePosixPath(name).suffix.lower() for name in different}
        return bool(suffixes & _INVENTORIES) or self._usual_name() in self.revision.files

    def _usual_name(self) -> str:
        return self._in_repository(self.root / USUAL_NAME) if self.root is not None else ""

    def _same_inventory(self, now: DeclaredNetwork) -> bool:
        """The one that is used, with its catalogue, is that of the revision."""
        if now.problems or now.file is None:
            return not now.problems and self._usual_name() not in self.revision.files
        path = Path(now.file)
        catalogue = now.inventory.catalogue if now.inventory is not None else None
        paths = [path, *([path.parent / catalogue] if catalogue else [])]
        return all(self.revision.holds(self._in_repository(one), one) for one in paths)

    def _declared_before(self, found: Found, now: DeclaredNetwork) -> DeclaredNetwork:
        """The inventory of the revision; one that lies elsewhere is the same for both."""
        names = {one.inside for one in now.among}
        among = tuple(one for one in found.candidates if one.inside in names)
        if now.file is not None and len(among) == len(names) and self._same_inventory(now):
            return replace(now, among=among)
        named = self.request.inventory
        if named is not None:
            name = self._in_repository(named)
            if not name:
                return declared_network(named, None, found.candidates)
            return declared_network(self._kept(name), None, found.candidates)
        usual = self._kept(self._usual_name())
        root = usual.parent if usual is not None else None
        return declared_network(None, root, found.candidates)

    def _kept(self, name: str) -> Path | None:
        """A single file of the revision, under its own name, with the catalogue it speaks of."""
        content = self.revision.contents([name]).get(name)
        if content is None:
            return None
        path = self.place / "inventory" / PurePosixPath(name).name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        self._keep_catalogue(name, path)
        return path

    def _keep_catalogue(self, name: str, path: Path) -> None:
        from inventory.load import load  # noqa: PLC0415 - only with an inventory
        from inventory.problems import InventoryError  # noqa: PLC0415

        try:
            catalogue = load(path).inventory.catalogue
        except InventoryError:
            return
        if not catalogue or PurePosixPath(catalogue).is_absolute():
            return
        beside = (PurePosixPath(name).parent / catalogue).as_posix()
        target = path.parent / catalogue
        if ".." in PurePosixPath(catalogue).parts or beside not in self.revision.files:
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(self.revision.contents([beside])[beside])

    def _moved(
        self,
        contents: dict[str, bytes],
        old: dict[str, str],
        found: Found,
        changed: set[str],
        gone: Iterable[str],
    ) -> dict[str, str]:
        """New names to old ones: a file that is gone and one that is new, alike by their lines."""
        paths = {one.inside: one.path for one in found.candidates}
        new = {name: _read(paths[name]) for name in changed if name not in old}
        lost = {name: contents[old[name]] for name in gone if old[name] in contents}
        return moved(
            {name: sketch(what.decode("utf-8", "replace")) for name, what in lost.items()},
            {name: sketch(what.decode("utf-8", "replace")) for name, what in new.items()},
        )


def _untouched(
    read: Devices, now: DeclaredNetwork, read_before: Devices, before: DeclaredNetwork
) -> frozenset[str]:
    """Devices of which both states say the same, in the same declared network."""
    if (now.inventory, now.catalogue) != (before.inventory, before.catalogue):
        return frozenset()
    there = {device.id: device for device in read_before.devices}
    return frozenset(one.id for one in read.devices if there.get(one.id) is one)


def _read(path: Path) -> bytes:
    from scanner.saved_files import load  # noqa: PLC0415

    documents = load([path]).documents
    return documents[0].content if documents else b""


def _relaxation(changes: Changes) -> Text:
    known = len(changes.known)
    return Text(
        vi=f"--since {changes.revision}: chỉ tính nội dung mới; {known} nội dung đã có từ trước; "
        f"{changes.changed} tệp thay đổi, {changes.unchanged} tệp không đổi",
        en=f"--since {changes.revision}: only what is new counts; {known} found there already; "
        f"{changes.changed} files differ, {changes.unchanged} do not",
    )
