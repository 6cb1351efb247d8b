"""Plans: long searches in the queue, the best plan so far, and judging plans made by hand."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from dispatch.adapters.queue import Job
from dispatch.api.answers import Body, IfMatch, Limit, Page, model_answer, page_of, version_of
from dispatch.api.context import Service
from dispatch.api.entry import Running, Sent, Who
from dispatch.api.faults import ApiCode, Refused
from dispatch.api.free_texts import seal_words
from dispatch.api.own_part import own_plan
from dispatch.api.problems import FaultOut
from dispatch.api.rights import Right, needs
from dispatch.domain import DayPlan
from dispatch.errors import Fault, InvalidRequest, StoreError
from dispatch.live.store.chain import sha256
from dispatch.planning.rush_hours import check_hours
from dispatch.planning.travel import travel_digest, travel_table
from dispatch.referee import Violation, judge

router = APIRouter(tags=["plans"])


class PlanAsk(Body):
    """What to search for.

    Attributes
    ----------
    seconds
        Of the search.
    max_iterations
        Instead of seconds; such a search repeats bit for bit.
    publish
        Put the plan in force at the end, if the day is still in the version it was asked for.
    reason
        Of the version.
    """

    seconds: float = Field(default=10.0, gt=0, le=86400)
    max_iterations: int | None = Field(default=None, ge=0, le=100_000_000)
    seed: int = Field(default=0, ge=0, lt=2**31)
    publish: bool = True
    reason: str = Field(default="plan", max_length=200)


class PlanJob(BaseModel):
    """A search and how it stands.

    Attributes
    ----------
    based_on
        Version it was asked for.
    version
        Version its plan became; None while, or because, it was not published.
    progress
        Iterations, seconds and visits unassigned of the running slice.
    """

    id: str
    day: str
    state: str
    by: str
    made_at: datetime
    started_at: datetime | None = None
    finished_at: datetime | None = None
    attempt: int
    stop_asked: bool
    seconds: float
    based_on: int
    progress: dict[str, float] = Field(default_factory=dict)
    has_plan: bool = False
    version: int | None = None
    fault: FaultOut | None = None


class PlanSoFar(BaseModel):
    """A search with the best plan so far."""

    job: PlanJob
    plan: DayPlan | None = None


class ViolationOut(BaseModel):
    """A rule a plan breaks."""

    code: str
    where: str
    found: str
    expected: str


class Analysis(BaseModel):
    """A plan made by hand, judged by the referee of days."""

    ok: bool
    violations: tuple[ViolationOut, ...] = ()
    waived: tuple[ViolationOut, ...] = ()
    notes: tuple[str, ...] = ()
    cost: dict[str, int] = Field(default_factory=dict)


@router.post("/days/{day}/plans", status_code=202, response_model=PlanJob)
@needs(Right.DECIDE)
def ask_plan(
    day: str, body: PlanAsk, service: Running, sent: Sent, if_match: IfMatch = None
) -> Response:
    """Queue a search for a plan of the whole day; poll, or listen to the day's stream."""
    service.regions.part(sent.caller, day).check_all()
    most = service.options.limits.solve_s
    if body.seconds > most:
        raise Refused(ApiCode.SECONDS, "seconds", f"{body.seconds:g}", f"at most {most}")
    with service.store.read() as reader:
        current = reader.get_version(day)
        last = max((event.sequence for event in reader.events(day, current.sequence)),
                   default=current.sequence)  # fmt: skip
    version = version_of(if_match, current.revision.version)
    ask = {**body.model_dump(), "version": version, "sequence": last}
    ask["reason"] = seal_words(service, day, body.reason)
    content = sha256(sent.content.encode())
    job, _ = service.queue.put(
        day, ask, by=sent.caller.actor, request=(sent.key, content), at=service.now()
    )
    return model_answer(job_out(job), 202, {"Location": f"/days/{day}/plans/{job.id}"})


@router.get("/days/{day}/plans")
@needs(Right.READ)
def list_plans(
    day: str,
    request: Request,
    service: Running,
    limit: Limit = 100,
    skip: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> Page[PlanJob]:
    """List the searches of a day, newest first."""
    with service.store.read() as reader:
        reader.get_day(day)
    found = [job_out(one) for one in service.queue.list(day)[skip : skip + limit + 1]]
    return Page[PlanJob](**page_of(request, found, limit, str(skip + limit), "skip"))


@router.get("/days/{day}/plans/{plan}")
@needs(Right.READ)
def read_search(day: str, plan: str, service: Running, who: Who) -> PlanSoFar:
    """Return how a search stands and its best plan so far."""
    job = _job_of(service, day, plan)
    best, part = service.queue.find_best(plan), service.regions.part(who, day)
    shown = None if best is None else own_plan(best, part)
    return PlanSoFar(job=job_out(job, has_plan=best is not None), plan=shown)


@router.delete("/days/{day}/plans/{plan}", status_code=202)
@needs(Right.DECIDE)
def stop_search(day: str, plan: str, service: Running, who: Who) -> PlanJob:
    """End a search and keep the best plan it has; one that has not begun has none."""
    service.regions.part(who, day).check_all()
    _job_of(service, day, plan)
    return job_out(service.queue.ask_stop(plan, service.now()))


@router.post("/days/{day}/analysis")
@needs(Right.READ)
def analyze(day: str, body: DayPlan, service: Running, who: Who) -> Analysis:
    """Judge a plan made by hand against the whole day in force; nothing is changed."""
    service.regions.part(who, day).check_all()
    with service.store.read() as reader:
        document = reader.get_document(day)
    table = travel_table(document, service.travel).table
    faults = check_hours(document, table)
    if faults:
        raise InvalidRequest(faults)
    verdict = judge(document, body, table, travel_hash=travel_digest(table))
    return Analysis(
        ok=verdict.ok,
        violations=tuple(_violation(one) for one in verdict.violations),
        waived=tuple(_violation(one) for one in verdict.waived),
        notes=tuple(verdict.notes),
        cost=dict(verdict.cost.model_dump()),
    )


def _violation(one: Violation) -> ViolationOut:
    return ViolationOut(code=one.code, where=one.where, found=one.found, expected=one.expected)


def _job_of(service: Service, day: str, plan: str) -> Job:
    """Return a job of this day.

    Raises
    ------
    StoreError
        A2102: no such job, or another day's.
    """
    job = service.queue.get(plan)
    if job.day != day:
        found, expected = repr(plan), "a search of this day"
        raise StoreError([Fault("A2102", "queue of jobs", found, expected)])
    return job


def job_out(job: Job, *, has_plan: bool | None = None) -> PlanJob:
    """Return a job as callers see it."""
    fault = None if job.fault is None else FaultOut.model_validate(dict(job.fault))
    return PlanJob(
        id=job.id,
        day=job.day,
        state=job.state,
        by=job.by,
        made_at=job.made_at,
        started_at=job.started_at,
        finished_at=job.finished_at,
        attempt=job.attempt,
        stop_asked=job.stop_asked,
        seconds=job.ask["seconds"],
        based_on=job.ask["version"],
        progress=dict(job.progress),
        has_plan=bool(job.version) or job.complete if has_plan is None else has_plan,
        version=job.version,
        fault=fault,
    )
