"""Days: files in and out, versions, events of the log."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

from fastapi import APIRouter, Header, Query, Request
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from dispatch.adapters.files import DayFile
from dispatch.api.answers import (
    JSON,
    VARY,
    IfNoneMatch,
    Limit,
    Page,
    etag,
    model_answer,
    page_of,
    view_of,
)
from dispatch.api.context import Service
from dispatch.api.entry import Envelope, Running, Sent, Who
from dispatch.api.events import EventOut, event_out
from dispatch.api.faults import ApiCode, Refused
from dispatch.api.free_texts import open_words, seal_words, without_words
from dispatch.api.own_part import own_day, own_event, own_plan
from dispatch.api.problems import MOST_FAULTS, FaultOut, masked
from dispatch.api.regions import Regions
from dispatch.api.rights import Caller, Right, Target, authorize, needs
from dispatch.api.uploads import XLSX, ZIP, read_upload
from dispatch.api.views import OFFICE, present_day
from dispatch.domain import Day, DayPlan, QuarantinedVisit
from dispatch.domain.base import Region
from dispatch.live.store import Reader, Writer

router = APIRouter(tags=["days"])
_BODY = {"schema": {"type": "string", "format": "binary"}}
_UPLOAD = {
    "requestBody": {
        "required": True,
        "content": {JSON: {"schema": {"type": "object"}}, ZIP: _BODY, XLSX: _BODY},
    }
}
FileName = Literal["day.json", "plan.json", "plan.xlsx", "calendars.zip"]
VersionNumber = Annotated[int | None, Query(ge=1, lt=2**31)]
_MEDIA = {"plan.xlsx": XLSX, "calendars.zip": ZIP}


class DayHead(BaseModel):
    """A day in a list."""

    id: str
    date: date
    zone: str
    version: int
    region: str | None = None


class DayFaults(BaseModel):
    """Faults of a day file that did not stop it: visits set aside, and what to look at."""

    quarantined: tuple[QuarantinedVisit, ...] = ()
    warnings: tuple[FaultOut, ...] = ()


class DayTaken(DayFaults):
    """What became of a day file."""

    id: str
    version: int
    visits: int
    technicians: int


class VersionOut(BaseModel):
    """A version of a day."""

    version: int
    parent: int | None
    origin: int
    has_plan: bool
    sequence: int
    at: datetime
    author: str
    reason: str


@router.post("/days", status_code=201, response_model=DayTaken, openapi_extra=_UPLOAD)
@needs(Right.DECIDE)
async def take_day(
    request: Request,
    service: Running,
    sent: Sent,
    content_type: Annotated[str, Header(include_in_schema=False)] = "",
    region: Annotated[Region | None, Query()] = None,
) -> Response:
    """Bring a day to the store: JSON (servicenet-day/1), a zip of CSV tables, or a workbook.

    A dispatcher of regions names one of them. Names, phones and addresses are sealed.
    """
    body = await request.body()
    return await run_in_threadpool(_take, service, sent, (body, content_type), region)


def _take(
    service: Service, sent: Envelope, body: tuple[bytes, str], region: str | None
) -> Response:
    found = read_upload(body[0], body[1], service.options.limits)
    every = Regions(found.day, region).every
    authorize(sent.caller, Right.DECIDE, Target(found.day.id, every, every))
    _refuse_other_region(service, sent.caller, found.day.id, region)
    sealed = service.vault.seal_day(found.day, service.now())
    faults = _faults_of(found)
    words = "" if faults == DayFaults() else faults.model_dump_json()
    kept = seal_words(service, sealed.id, words)

    def open_day(writer: Writer) -> None:
        writer.open_day(sealed, kept)

    receipt = service.store.execute(sent.request(service), open_day)
    if region is not None:
        service.access.set_region(sealed.id, region)
    taken = DayTaken(
        id=receipt.events[0].day,
        version=1,
        visits=len(sealed.visits),
        technicians=len(sealed.technicians),
        quarantined=faults.quarantined,
        warnings=faults.warnings,
    )
    return model_answer(taken, 201, {"Location": f"/days/{taken.id}", "ETag": etag(1)})


def _faults_of(found: DayFile) -> DayFaults:
    aside = [masked(fault) for fault in found.quarantine_faults]
    return DayFaults(
        quarantined=tuple(
            QuarantinedVisit(
                visit=fault.visit or "",
                code=fault.code,
                reason=str(fault).removeprefix(f"{fault.code} "),
            )
            for fault in aside
        ),
        warnings=tuple(FaultOut(**masked(one).as_dict()) for one in found.warnings[:MOST_FAULTS]),
    )


def _refuse_other_region(service: Service, caller: Caller, day: str, region: str | None) -> None:
    known = service.access.find_region(day)
    if known is not None and known != region:
        authorize(caller, Right.DECIDE, Target(day, frozenset({known})))


@router.get("/days", response_model=Page[DayHead])
@needs(Right.FIGURES)
def list_days(
    request: Request,
    service: Running,
    who: Who,
    limit: Limit = 100,
    after: Annotated[str, Query(max_length=64)] = "",
) -> dict[str, Any]:
    """List the days of the caller's regions by id."""
    own = service.access.regions()
    heads: list[DayHead] = []
    with service.store.read() as reader:
        for row in reader.days():
            if row.id <= after or len(heads) > limit:
                continue
            day, region = reader.get_document(row.id), own.get(row.id)
            if not who.regions or who.may_enter(Regions(day, region).every):
                head = DayHead(
                    id=row.id, date=day.date, zone=row.zone, version=row.version, region=region
                )
                heads.append(head)
    return page_of(request, heads, limit, heads[:limit][-1].id if heads else "")


@router.get("/days/{day}", response_model=Day)
@needs(Right.READ)
def read_day_document(
    day: str,
    service: Running,
    who: Who,
    version: VersionNumber = None,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Return the day document of a version; customers are masked, or left out for viewers."""
    part = service.regions.part(who, day)

    def document(reader: Reader, found: int) -> Day:
        return present_day(own_day(reader.get_document(day, found), part), who, service.vault)

    office = "" if who.role in OFFICE else "no customers"
    known = Known(if_none_match, view_of(part, office))
    return _of_version(service, day, version, known, document)


@router.get("/days/{day}/plan", response_model=DayPlan)
@needs(Right.READ)
def read_plan_document(
    day: str,
    service: Running,
    who: Who,
    version: VersionNumber = None,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Return the plan of a version; by default of the one in force."""
    part = service.regions.part(who, day)

    def plan(reader: Reader, found: int) -> DayPlan:
        return own_plan(reader.get_plan(day, found), part)

    known = Known(if_none_match, view_of(part))
    return _of_version(service, day, version, known, plan)


class Known(NamedTuple):
    """The tag a caller has, and what this caller sees."""

    tag: str | None
    view: str


def _of_version(
    service: Service,
    day: str,
    version: int | None,
    known: Known,
    read: Callable[[Reader, int], BaseModel],
) -> Response:
    """Return a document of a version, by default of the one in force; 304 where it is known."""
    with service.store.read() as reader:
        found = reader.get_version(day, version).revision.version
        headers = {"ETag": etag(found, known.view), "Vary": VARY}
        if known.tag == headers["ETag"]:
            return Response(status_code=304, headers=headers)
        document = read(reader, found)
    return model_answer(document, headers=headers)


@router.get("/days/{day}/faults")
@needs(Right.DECIDE)
def read_faults(day: str, service: Running, who: Who) -> DayFaults:
    """Return the faults of the day's file that did not stop it, as when it was brought."""
    service.regions.part(who, day).check_all()
    with service.store.read() as reader:
        reader.get_day(day)
        opened = next(iter(reader.events(day, limit=1))).what
    kept = getattr(opened, "faults", "")
    if not kept:
        return DayFaults()
    text = service.vault.open_texts([kept]).get(kept)
    if text is None:
        raise Refused(ApiCode.GONE, "faults", "nothing any more", "faults that are still kept")
    return DayFaults.model_validate_json(text)


@router.get("/days/{day}/versions")
@needs(Right.READ)
def list_versions(  # noqa: PLR0917 - parameters of a route
    day: str,
    request: Request,
    service: Running,
    who: Who,
    limit: Limit = 100,
    after: Annotated[int, Query(ge=0, lt=2**31)] = 0,
) -> Page[VersionOut]:
    """List the versions of a day, oldest first."""
    with service.store.read() as reader:
        rows = [row for row in reader.versions(day) if row.revision.version > after][: limit + 1]
    part = service.regions.part(who, day)
    # What others wrote of a whole day may be about anybody.
    own = (row.reason for row in rows if part.whole or row.author == who.actor)
    words = open_words(service, who, own)
    found = [
        VersionOut(
            version=row.revision.version,
            parent=row.revision.parent,
            origin=row.revision.origin,
            has_plan=row.revision.plan is not None,
            sequence=row.sequence,
            at=row.at,
            author=row.author,
            reason=words.get(row.reason) or without_words(row.reason),
        )
        for row in rows
    ]
    last = str(found[:limit][-1].version) if found else ""
    return Page[VersionOut](**page_of(request, found, limit, last))


@router.get("/days/{day}/events")
@needs(Right.READ)
def list_events(  # noqa: PLR0917 - parameters of a route
    day: str,
    request: Request,
    service: Running,
    who: Who,
    limit: Limit = 100,
    after: Annotated[int, Query(ge=0, lt=2**62)] = 0,
) -> Page[EventOut]:
    """List the events of a day in order, without those of other regions."""
    part = service.regions.part(who, day)
    with service.store.read() as reader:
        reader.get_day(day)
        found: list[EventOut] = []
        for event in reader.events(day, after, None if not part.whole else limit + 1):
            shown = own_event(event_out(event), part)
            if shown is not None and len(found) <= limit:
                found.append(shown)
    last = str(found[:limit][-1].sequence) if found else ""
    return Page[EventOut](**page_of(request, found, limit, last))


@router.get(
    "/days/{day}/files/{name}",
    response_class=Response,
    responses={200: {"content": {JSON: {"schema": {}}, XLSX: _BODY, ZIP: _BODY}}},
)
@needs(Right.READ)
def read_file(
    day: str,
    name: FileName,
    service: Running,
    who: Who,
    language: Annotated[Literal["en", "zh"], Query()] = "en",
) -> Response:
    """Return a file of the version in force: the day, its plan, the workbook, the calendars."""
    part = service.regions.part(who, day)
    with service.store.read() as reader:
        document = present_day(own_day(reader.get_document(day), part), who, service.vault)
        plan = None if name == "day.json" else own_plan(reader.get_plan(day), part)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    if plan is None:
        return Response(document.model_dump_json(), headers=headers, media_type=JSON)
    if name == "plan.json":
        return Response(plan.model_dump_json(), headers=headers, media_type=JSON)
    body = _workbook(document, plan, language) if name == "plan.xlsx" else _calendars(
        document, plan, language
    )  # fmt: skip
    return Response(body, headers=headers, media_type=_MEDIA[name])


def _workbook(day: Day, plan: DayPlan, language: str) -> bytes:
    from dispatch.adapters.plan_workbook import write_plan_workbook

    with tempfile.TemporaryDirectory(prefix="servicenet-") as folder:
        path = Path(folder) / "plan.xlsx"
        write_plan_workbook(path, day, plan, language=language)
        return path.read_bytes()


def _calendars(day: Day, plan: DayPlan, language: str) -> bytes:
    from dispatch.adapters.calendars import calendar_texts

    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for number, (_, text) in enumerate(
            sorted(calendar_texts(day, plan, language=language).items()), 1
        ):
            package.writestr(f"{number:03}.ics", text)
    return file.getvalue()
