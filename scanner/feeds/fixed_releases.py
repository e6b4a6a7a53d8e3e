"""Fixed releases per branch, read by a person from the vendors' advisories (fixed-releases/1).

One entry per vulnerability and family, or several where they speak of different models. An entry
that is not understood refuses the file: half a table would look like a whole one.
"""

from __future__ import annotations

from typing import Any, Literal, cast, get_args

from inventory.text import Text
from rules.patches.model import Branch, Branches, BranchStatus, Cve, Statement
from scanner.feeds.errors import BadFeed, at_entry
from scanner.feeds.records import Record, as_dict, as_list, cve_id, day, version, words

NAME = "fixed-releases"
SCHEMA = "fixed-releases/1"

_STATUSES = frozenset(get_args(BranchStatus))
_KEYS = frozenset({"cve", "advisory", "family", "branches", "earlier", "later", "models",
                   "not_models", "deployment", "condition", "note", "dated", "title"})  # fmt: skip


def record(entry: Any, number: int) -> Record:
    """The entry as a record; its id tells entries on other models apart. Raises BadFeed."""
    try:
        return _record(as_dict(entry))
    except BadFeed as error:
        raise BadFeed(error.problem, at_entry(number)) from None


def _record(entry: dict[str, Any]) -> Record:
    unknown = sorted(set(entry) - _KEYS)
    if unknown:
        raise BadFeed(_UNKNOWN_KEY.format(key=words(unknown[0], 40)))
    cve, family = cve_id(entry.get("cve")), version(entry.get("family"))
    if cve is None:
        raise BadFeed(_NO_CVE)
    if not family:
        raise BadFeed(_NO_FAMILY)
    branches = entry.get("branches", [])
    if not isinstance(branches, list):
        raise BadFeed(_NOT_LIST.format(key="branches"))
    models, not_models = _texts(entry, "models"), _texts(entry, "not_models")
    deployment = _text(entry, "deployment")
    statement = Statement(
        cve=cve,
        family=family,
        source="curated",
        affects=Branches(
            tuple(_branch(as_dict(raw)) for raw in as_list(branches)),
            _status(entry.get("earlier", "unknown")),
            _status(entry.get("later", "unknown")),
        ),
        models=models,
        not_models=not_models,
        deployment=deployment,
        condition=_text(entry, "condition"),
        note=_text(entry, "note"),
        url=_text(entry, "advisory"),
        dated=day(entry.get("dated")),
    )
    limits = "|".join((deployment, ",".join(models), ",".join(not_models)))
    return Record(
        f"{cve} {family} {limits}", cves=(Cve(cve, _text(entry, "title")),), statements=(statement,)
    )


def _branch(raw: dict[str, Any]) -> Branch:
    branch, fixed, status = raw.get("branch"), raw.get("fixed", ""), _status(raw.get("status"))
    for value in (branch, fixed):
        if not isinstance(value, str):
            raise BadFeed(_NOT_TEXT.format(value=words(str(value), 40)))
    name, release = version(branch), version(fixed)
    if not name or (status == "fixed") != bool(release):
        raise BadFeed(_BRANCH.format(branch=name or "?"))
    return Branch(name, status, release)


def _status(value: Any) -> BranchStatus:
    if not isinstance(value, str) or value not in _STATUSES:
        known = ", ".join(sorted(_STATUSES))
        raise BadFeed(_STATUS.format(status=words(str(value), 40), known=known))
    return cast("BranchStatus", value)


def _text(entry: dict[str, Any], key: Literal["advisory", "condition", "note", "deployment",
                                              "title"]) -> str:  # fmt: skip
    value = entry.get(key, "")
    if not isinstance(value, str):
        raise BadFeed(_NOT_TEXT.format(value=words(str(value), 40)))
    return words(value, 1000)


def _texts(entry: dict[str, Any], key: str) -> tuple[str, ...]:
    values = entry.get(key, [])
    if not isinstance(values, list) or not all(isinstance(v, str) and v.strip() for v in values):
        raise BadFeed(_NOT_LIST.format(key=key))
    return tuple(words(value) for value in values)


_NO_CVE = Text(
    vi="thiếu mã cve dạng CVE-2024-12345; hãy bổ sung",
    en="it has no cve like CVE-2024-12345; add it",
)
_NO_FAMILY = Text(
    vi="thiếu family (dòng thiết bị); hãy bổ sung", en="it has no family of devices; add it"
)
_UNKNOWN_KEY = Text(vi="không biết khóa {key}; hãy bỏ hoặc sửa tên", en="the key {key} is unknown")
_NOT_TEXT = Text(
    vi="số phiên bản {value} phải đặt trong dấu ngoặc kép, nếu không 3.10 sẽ thành 3.1",
    en="{value} has to be in quotes, or 3.10 would become 3.1",
)
_NOT_LIST = Text(
    vi="{key} phải là danh sách, tên trong ngoặc kép", en="{key} has to be a list, names in quotes"
)
_BRANCH = Text(
    vi="nhánh {branch}: cần có branch, và fixed khi và chỉ khi status là fixed",
    en="branch {branch}: give branch, and give fixed exactly when the status is fixed",
)
_STATUS = Text(
    vi="không biết trạng thái {status}; hãy dùng một trong: {known}",
    en="the status {status} is unknown; use one of: {known}",
)
