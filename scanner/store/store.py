"""The store itself: what the engine writes device by device and everyone else reads.

One `Store` may be used by several threads. Every method is one transaction: after it returns, its
effect survives a kill; if it raises, the database is as it was before the call.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from sqlalchemy import Connection, Engine, insert, select, update
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from inventory.text import Text
from rules.facts import Facts
from rules.model import Finding
from rules.network_facts import UnreadLine
from rules.notice import Notice
from rules.world import LOCAL_ZONE, CompletedCheck
from scanner.evidence import Document
from scanner.store import answers, codec, connect, rows, tables
from scanner.store.errors import NoSuchRun, StoreError, explain
from scanner.store.records import (
    DeviceStatus,
    EvidenceItem,
    Judgement,
    Run,
    RunPlan,
    RunStatus,
    RunSummary,
    Unread,
)

_NO_RUN = Text(
    vi="Không có đợt quét {run} trong cơ sở dữ liệu. Lệnh hnth runs liệt kê các đợt đã có.",
    en="There is no run {run} in the database. `hnth runs` lists those there are.",
)
_NO_DEVICE = Text(
    vi="Thiết bị {device} không thuộc đợt quét {run}.",
    en="The device {device} does not belong to the run {run}.",
)
_ALREADY_DONE = Text(
    vi="Kết quả của thiết bị {device} trong đợt quét {run} đã được ghi và không bị thay thế.",
    en="The results of {device} in run {run} are already recorded and are not replaced.",
)
_FINISHED = Text(
    vi="Đợt quét {run} đã kết thúc, không thể chạy tiếp.",
    en="The run {run} has finished and cannot be continued.",
)
_NO_EVIDENCE = Text(
    vi="Không có bằng chứng {sha256} trong cơ sở dữ liệu.",
    en="There is no evidence {sha256} in the database.",
)
_CHANGED = Text(
    vi="Bằng chứng {sha256} trong cơ sở dữ liệu đã bị thay đổi sau khi ghi.",
    en="The evidence {sha256} in the database was changed after it was recorded.",
)


class Store:
    """Runs, devices, evidence, facts and findings in one database."""

    def __init__(self, engine: Engine, url: URL) -> None:
        self._engine = engine
        self._url = url

    @classmethod
    def open(cls, address: str, *, create: bool = True) -> Store:
        """A store on an SQLite file or database URL, its schema brought to this version.

        Raises StoreError when that cannot be; with `create=False` also when there is no such file.
        """
        url = connect.parse(address)
        return cls(connect.connect(url, create=create), url)

    @property
    def file(self) -> Path | None:
        """The SQLite file; None for a database that others serve."""
        name = self._url.database
        return Path(name) if self._url.get_backend_name() == "sqlite" and name else None

    def close(self) -> None:
        """No connection is left open; SQLite's side files are merged into the database."""
        self._engine.dispose()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        try:
            with self._engine.begin() as connection:
                yield connection
        except DBAPIError as error:
            raise explain(error, self._url) from None

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        try:
            with connect.writing(self._engine) as connection:
                yield connection
        except DBAPIError as error:
            raise explain(error, self._url) from None

    # --- writing -----------------------------------------------------------------------------

    def begin_run(self, plan: RunPlan, started: datetime | None = None) -> str:
        """The id of a new run whose devices are all pending."""
        started = started or datetime.now(UTC)
        local = started.astimezone(LOCAL_ZONE)
        run = f"{local:%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
        with self._writing() as connection:
            connection.execute(
                insert(tables.runs).values(
                    id=run,
                    started=started,
                    status="running",
                    whole=int(plan.whole),
                    inventory_sha256=plan.inventory_sha256,
                    inventory_text=plan.inventory_text,
                    legal_profile=plan.legal_profile,
                    rules_version=plan.rules_version,
                    readings_changed=dict(plan.readings_changed),
                    scope=dict(plan.scope),
                    tool_version=plan.tool_version,
                    nmap_version=plan.nmap_version,
                )
            )
            pending = [
                {"run": run, "device": device, "position": n, "status": "pending", "attempt": 0}
                for n, device in enumerate(plan.devices)
            ]
            if pending:
                connection.execute(insert(tables.devices), pending)
        return run

    def resume_run(self, run: str) -> frozenset[str]:
        """The run is running again; the ids of the devices that need not be asked any more.

        Devices that failed are not among them: they are asked once more. Raises StoreError for a
        run that has finished.
        """
        with self._writing() as connection:
            if answers.run(connection, self._known(connection, run)).status == "finished":
                raise StoreError(_FINISHED.format(run=run))
            self._set_status(connection, run, "running", None)
            return frozenset(
                status.device
                for status in answers.devices(connection, run)
                if status.state == "done"
            )

    def finish_run(
        self, run: str, status: RunStatus = "finished", finished: datetime | None = None
    ) -> None:
        """The run has ended, completely or `interrupted`."""
        with self._writing() as connection:
            self._known(connection, run)
            self._set_status(connection, run, status, finished or datetime.now(UTC))

    def save_device(
        self,
        run: str,
        device: str,
        documents: Sequence[Document],
        facts: Facts,
        failure: Text | None = None,
        *,
        unread: Sequence[tuple[Document, UnreadLine]] = (),
        started: datetime | None = None,
        finished: datetime | None = None,
    ) -> None:
        """Everything seen of one device is recorded, all or nothing.

        With a `failure` the device counts as failed and may be saved once more, when the run is
        resumed; what an earlier attempt left stays and is no longer answered. A document of
        `unread` that is not among `documents` is kept as well. A fact whose value is not of the
        promised type is recorded as unknown.
        """
        extra = {document.sha256: document for document, _ in unread}
        held = {document.sha256 for document in documents}
        packed = rows.pack([*documents, *(extra[sha] for sha in extra if sha not in held)])
        fact_rows = [rows.fact_row(name, fact) for name, fact in facts.items()]
        with self._writing() as connection:
            attempt = self._next_attempt(connection, run, device)
            key = {"run": run, "device": device, "attempt": attempt}
            connection.execute(
                update(tables.devices)
                .where(tables.devices.c.run == run, tables.devices.c.device == device)
                .values(
                    status="failed" if failure else "done",
                    attempt=attempt,
                    reason=codec.encode_text(failure) if failure else None,
                    absent=codec.encode_text(rows.why_absent(facts, failure)),
                    started=started,
                    finished=finished or datetime.now(UTC),
                )
            )
            rows.insert_evidence(connection, packed)
            items = [rows.item_row(document) for document in documents]
            rows.insert_rows(connection, tables.evidence_items, key, items)
            rows.insert_rows(connection, tables.facts, key, fact_rows, numbered=False)
            odd = [rows.unread_row(document, line) for document, line in unread]
            rows.insert_rows(connection, tables.unread, key, odd)

    def save_findings(
        self,
        run: str,
        findings: Sequence[Finding],
        *,
        notices: Sequence[Notice] = (),
        rules_version: str | None = None,
        judged: datetime | None = None,
    ) -> int:
        """The findings are the run's newest judgement, with its observations; its number.

        `rules_version` defaults to the one the run began with.
        """
        finding_rows = [rows.finding_row(finding) for finding in findings]
        notice_rows = [{"body": codec.encode_notice(notice)} for notice in notices]
        with self._writing() as connection:
            self._known(connection, run)
            earlier = answers.judgement(connection, run)
            generation = earlier.generation + 1 if earlier else 1
            if rules_version is None:
                rules_version = answers.run(connection, run).plan.rules_version
            connection.execute(
                insert(tables.judgements).values(
                    run=run,
                    generation=generation,
                    judged=judged or datetime.now(UTC),
                    rules_version=rules_version,
                )
            )
            key = {"run": run, "generation": generation}
            rows.insert_rows(connection, tables.findings, key, finding_rows)
            rows.insert_rows(connection, tables.notices, key, notice_rows)
        return generation

    # --- reading -----------------------------------------------------------------------------

    def runs(self) -> tuple[RunSummary, ...]:
        """All runs, newest first."""
        with self._reading() as connection:
            return answers.summaries(connection)

    def latest_run(self, *statuses: RunStatus) -> RunSummary | None:
        """The newest run in one of these states; of all runs when none is given."""
        return next((r for r in self.runs() if not statuses or r.status in statuses), None)

    def run(self, run: str) -> Run:
        """The run and its plan."""
        with self._reading() as connection:
            return answers.run(connection, self._known(connection, run))

    def devices(self, run: str) -> tuple[DeviceStatus, ...]:
        """Every device of the plan, in its order."""
        with self._reading() as connection:
            return answers.devices(connection, self._known(connection, run))

    def facts(self, run: str) -> dict[str, Facts]:
        """The facts of every device of the plan, by id; of pending ones none.

        What a device that failed did not tell is unknown for the reason of the failure.
        """
        with self._reading() as connection:
            return answers.facts(connection, self._known(connection, run))

    def findings(self, run: str, generation: int | None = None) -> tuple[Finding, ...]:
        """The findings of the newest, or the given, judgement in the order they were saved."""
        with self._reading() as connection:
            return answers.findings(connection, self._known(connection, run), generation)

    def notices(self, run: str) -> tuple[Notice, ...]:
        """The observations beside the newest judgement in the order they were saved."""
        with self._reading() as connection:
            return answers.notices(connection, self._known(connection, run))

    def judgement(self, run: str) -> Judgement | None:
        """The newest judgement; None when the run was not judged yet."""
        with self._reading() as connection:
            return answers.judgement(connection, self._known(connection, run))

    def evidence_items(self, run: str) -> tuple[EvidenceItem, ...]:
        """What was collected, by device in the order of the plan, each in the order of capture."""
        with self._reading() as connection:
            return answers.evidence_items(connection, self._known(connection, run))

    def unread(self, run: str) -> tuple[Unread, ...]:
        """The lines that were not understood and could change a verdict."""
        with self._reading() as connection:
            return answers.unread(connection, self._known(connection, run))

    def evidence(self, sha256: str) -> bytes:
        """The bytes that were recorded. Raises StoreError when absent or changed since."""
        with self._reading() as connection:
            packed = connection.execute(
                select(tables.evidence.c.packed).where(tables.evidence.c.sha256 == sha256)
            ).scalar()
        if packed is None:
            raise StoreError(_NO_EVIDENCE.format(sha256=sha256))
        content = rows.unpack(packed)
        if content is None or hashlib.sha256(content).hexdigest() != sha256:
            raise StoreError(_CHANGED.format(sha256=sha256))
        return content

    def completed_checks(self, before: datetime) -> tuple[CompletedCheck, ...]:
        """Runs over the whole inventory that ended before, every device answering; oldest first."""
        with self._reading() as connection:
            return answers.completed_checks(connection, before)

    # --- shared ------------------------------------------------------------------------------

    def _known(self, connection: Connection, run: str) -> str:
        found = connection.execute(select(tables.runs.c.id).where(tables.runs.c.id == run)).first()
        if found is None:
            raise NoSuchRun(_NO_RUN.format(run=run))
        return run

    def _set_status(
        self, connection: Connection, run: str, status: RunStatus, finished: datetime | None
    ) -> None:
        connection.execute(
            update(tables.runs)
            .where(tables.runs.c.id == run)
            .values(status=status, finished=finished)
        )

    def _next_attempt(self, connection: Connection, run: str, device: str) -> int:
        self._known(connection, run)
        row = connection.execute(
            select(tables.devices.c.status, tables.devices.c.attempt).where(
                tables.devices.c.run == run, tables.devices.c.device == device
            )
        ).first()
        if row is None:
            raise StoreError(_NO_DEVICE.format(device=device, run=run))
        if row.status == "done":
            raise StoreError(_ALREADY_DONE.format(device=device, run=run))
        attempt: int = row.attempt + 1
        return attempt
