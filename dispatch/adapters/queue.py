"""A queue of long work in the store's database: leases, attempts, checkpoints.

A worker **claims** the oldest job that waits, or whose worker has not been heard of for a lease,
and gets a new attempt number. Whatever it writes afterwards names that number; a worker that was
thought dead and comes back writes nothing (fencing). So a worker may be killed at any moment: the
job is claimed again and goes on from its checkpoint.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, Row, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from dispatch.adapters.queue_codes import queue_fault
from dispatch.adapters.secrets import new_id
from dispatch.adapters.store.connect import reading
from dispatch.adapters.store.service_tables import job
from dispatch.adapters.store.sql_store import told
from dispatch.domain import DayPlan
from dispatch.errors import StoreError

LEASE = timedelta(seconds=15)
MAX_ATTEMPTS = 5
"""A job whose worker died that often is what kills it."""
OPEN = ("queued", "running")


@dataclass(frozen=True, slots=True)
class Job:
    """A job as it stands.

    Attributes
    ----------
    state
        ``queued``, ``running``, ``done``, ``failed``.
    ask
        What to do, plain JSON values.
    attempt
        How often it was claimed.
    complete
        Whether the best plan is the last one: only publishing is left.
    version
        The day's version the plan became; None while it did not.
    fault
        Why it failed, or why its plan was not published.
    """

    id: str
    day: str
    state: str
    ask: Mapping[str, Any]
    by: str
    request_id: str
    made_at: datetime
    attempt: int
    started_at: datetime | None
    finished_at: datetime | None
    stop_asked: bool
    progress: Mapping[str, Any]
    complete: bool
    version: int | None
    fault: Mapping[str, Any] | None


class JobQueue:
    """The jobs of a store.

    Parameters
    ----------
    engine
        Of the store.
    limit
        How many may wait.
    lease
        How long a worker may be silent before somebody else claims its job.
    """

    def __init__(self, engine: Engine, limit: int = 20, lease: timedelta = LEASE) -> None:
        self._engine = engine
        self._limit = limit
        self._lease = lease

    def put(
        self, day: str, ask: Mapping[str, Any], *, by: str, request: tuple[str, str], at: datetime
    ) -> tuple[Job, bool]:
        """Queue a job, once per request id; return it and whether it is new.

        Parameters
        ----------
        request
            Id and digest of the content; the same id again gives the first job.

        Raises
        ------
        StoreError
            A2101: the queue is full; S2007: the request id was used for something else.
        """
        name = new_id()
        fields = {
            "id": name, "day": day, "state": "queued", "ask": json.dumps(ask), "by": by,
            "request_id": request[0], "request_digest": request[1], "made_at": at, "attempt": 0,
            "stop_asked": False, "progress": "{}", "complete": False,
        }  # fmt: skip
        known = self._known(request)
        if known is not None:
            return known, False
        try:
            self._insert(fields)
        except StoreError as error:
            # Two with one request id at once: the second one finds what the first one made.
            cause = error.__cause__
            known = self._known(request) if isinstance(cause, IntegrityError) else None
            if known is None:
                raise
            return known, False
        return self.get(name), True

    def _insert(self, fields: Mapping[str, object]) -> None:
        with told(self._engine), self._engine.begin() as connection:
            waiting = select(func.count()).where(job.c.state == "queued")
            if connection.execute(waiting).scalar_one() >= self._limit:
                raise StoreError([queue_fault("full", f"{self._limit} jobs wait")])
            connection.execute(insert(job), dict(fields))

    def _known(self, request: tuple[str, str]) -> Job | None:
        with told(self._engine), reading(self._engine).begin() as connection:
            query = select(job).where(job.c.request_id == request[0])
            row = connection.execute(query).one_or_none()
        if row is not None and row.request_digest != request[1]:
            raise StoreError([queue_fault("reused", f"request {request[0]}")])
        return None if row is None else _job(row)

    def get(self, name: str) -> Job:
        """Return a job.

        Raises
        ------
        StoreError
            A2102: no such job.
        """
        with told(self._engine), reading(self._engine).begin() as connection:
            row = connection.execute(select(job).where(job.c.id == name)).one_or_none()
        if row is None:
            raise StoreError([queue_fault("unknown", repr(name))])
        return _job(row)

    def list(self, day: str) -> Sequence[Job]:
        """Return the jobs of a day, newest first."""
        query = select(job).where(job.c.day == day).order_by(job.c.made_at.desc(), job.c.id)
        with told(self._engine), reading(self._engine).begin() as connection:
            return [_job(row) for row in connection.execute(query)]

    def find_best(self, name: str) -> DayPlan | None:
        """Find the best plan so far; None before the first."""
        with told(self._engine), reading(self._engine).begin() as connection:
            row = connection.execute(select(job.c.best).where(job.c.id == name)).one_or_none()
        if row is None or row.best is None:
            return None
        return DayPlan.model_validate_json(zlib.decompress(bytes(row.best)))

    def count(self) -> dict[str, int]:
        """Return how many jobs are in each state."""
        query = select(job.c.state, func.count()).group_by(job.c.state)
        with told(self._engine), reading(self._engine).begin() as connection:
            rows = connection.execute(query).all()
        return {row[0]: row[1] for row in rows}

    def claim(self, owner: str, at: datetime) -> Job | None:
        """Claim the oldest job that waits or was left behind; None if there is none."""
        left = (job.c.state == "running") & (job.c.lease_until < at)
        oldest = (
            select(job.c.id)
            .where(or_(job.c.state == "queued", left))
            .order_by(job.c.made_at, job.c.id)
            .limit(1)
        )
        if self._engine.dialect.name == "postgresql":
            oldest = oldest.with_for_update(skip_locked=True)
        started = func.coalesce(job.c.started_at, at)
        taken = (
            update(job)
            .where(job.c.id == oldest.scalar_subquery())
            .values(state="running", owner=owner, attempt=job.c.attempt + 1,
                    lease_until=at + self._lease, started_at=started)
            .returning(job)
        )  # fmt: skip
        with told(self._engine), self._engine.begin() as connection:
            row = connection.execute(taken).one_or_none()
        return None if row is None else _job(row)

    def has_work(self, at: datetime) -> bool:
        """Say whether `claim` would find something; costs no lock."""
        left = (job.c.state == "running") & (job.c.lease_until < at)
        query = select(job.c.id).where(or_(job.c.state == "queued", left)).limit(1)
        with told(self._engine), reading(self._engine).begin() as connection:
            return connection.execute(query).first() is not None

    def beat(self, mine: Job, at: datetime, progress: Mapping[str, Any]) -> bool | None:
        """Prolong the lease and tell how the search stands.

        Returns
        -------
        bool or None
            Whether somebody asked for an end; None if the job is no longer this worker's.
        """
        values = {"lease_until": at + self._lease, "progress": json.dumps(progress)}
        moved = _mine(mine).values(values).returning(job.c.stop_asked)
        with told(self._engine), self._engine.begin() as connection:
            row = connection.execute(moved).one_or_none()
        return None if row is None else bool(row.stop_asked)

    def checkpoint(self, mine: Job, plan: DayPlan, *, complete: bool) -> bool:
        """Keep the best plan; say whether the job is still this worker's."""
        best = zlib.compress(plan.model_dump_json().encode(), 1)
        return self._write(mine, {"best": best, "complete": complete})

    def finish(
        self,
        mine: Job,
        at: datetime,
        *,
        version: int | None = None,
        fault: Mapping[str, Any] | None = None,
        failed: bool = False,
    ) -> bool:
        """End the job; say whether it was still this worker's."""
        told_fault = None if fault is None else json.dumps(fault)
        state = "failed" if failed else "done"
        return self._write(
            mine, {"state": state, "finished_at": at, "version": version, "fault": told_fault}
        )

    def ask_stop(self, name: str, at: datetime) -> Job:
        """Ask for an end with the best plan so far; a job that waits still ends at once.

        Raises
        ------
        StoreError
            A2102: no such job.
        """
        fault = json.dumps(queue_fault("stopped", f"job {name}").as_dict())
        never = job.c.best.is_(None) & (job.c.state == "queued")
        end = update(job).where(job.c.id == name, never)
        ended = {"state": "failed", "finished_at": at, "stop_asked": True, "fault": fault}
        running = update(job).where(job.c.id == name, job.c.state.in_(OPEN))
        with told(self._engine), self._engine.begin() as connection:
            connection.execute(end.values(ended))
            connection.execute(running.values(stop_asked=True))
        return self.get(name)

    def purge(self, before: datetime) -> int:
        """Delete jobs that ended before a moment; return how many."""
        old = job.delete().where(job.c.state.not_in(OPEN), job.c.finished_at < before)
        with told(self._engine), self._engine.begin() as connection:
            return connection.execute(old).rowcount

    def _write(self, mine: Job, values: Mapping[str, Any]) -> bool:
        with told(self._engine), self._engine.begin() as connection:
            return connection.execute(_mine(mine).values(dict(values))).rowcount == 1


def _mine(mine: Job) -> Any:  # noqa: ANN401 - SQLAlchemy's type of an update is not exported
    here = job.c.id == mine.id, job.c.attempt == mine.attempt, job.c.state == "running"
    return update(job).where(*here)


def _job(row: Row[Any]) -> Job:
    return Job(
        id=row.id,
        day=row.day,
        state=row.state,
        ask=json.loads(row.ask),
        by=row.by,
        request_id=row.request_id,
        made_at=row.made_at,
        attempt=row.attempt,
        started_at=row.started_at,
        finished_at=row.finished_at,
        stop_asked=row.stop_asked,
        progress=json.loads(row.progress),
        complete=row.complete,
        version=row.version,
        fault=None if row.fault is None else json.loads(row.fault),
    )
