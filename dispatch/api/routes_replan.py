"""Re-plans of the rest of a day: searched beside the requests, looked at, accepted by parts."""

from __future__ import annotations

import logging
from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field
from starlette.responses import Response

from dispatch.api.answers import Body, model_answer
from dispatch.api.context import Replanning, Service
from dispatch.api.entry import Running, Sent, Who
from dispatch.api.faults import ApiCode, Refused, our_mistake
from dispatch.api.free_texts import seal_words
from dispatch.api.own_part import own_changes, own_diff
from dispatch.api.problems import FaultOut
from dispatch.api.regions import with_others
from dispatch.api.rights import Right, needs
from dispatch.api.routes_live import DoneOut, once
from dispatch.domain.base import Id
from dispatch.errors import InvalidRequest, RefereeRejected, StoreError
from dispatch.live.diff import Diff
from dispatch.live.freeze import NOTHING, Freeze
from dispatch.live.replan import ReplanMode, Search
from dispatch.live.store import Request
from dispatch.service.live_days import Recorded
from dispatch.service.replans import ReplanRequest
from solver.stop import MaxRuntime

router = APIRouter(tags=["live"])
_LOG = logging.getLogger("servicenet.replan")


class ReplanAsk(Body):
    """How much may change, and how long to search."""

    mode: ReplanMode = ReplanMode.ALL
    freeze: Freeze = NOTHING
    divert: bool = False
    seconds: float = Field(default=5.0, gt=0, le=60)
    seed: int = Field(default=0, ge=0, lt=2**31)


class ReplanOut(BaseModel):
    """A re-plan and how it stands; ``diff`` once it is done."""

    id: str
    status: Literal["running", "done", "failed"]
    diff: Diff | None = None
    faults: tuple[FaultOut, ...] = ()


class AcceptAsk(Body):
    """Which changes, by id; None = all."""

    changes: tuple[Id, ...] | None = Field(default=None, max_length=100_000)
    why: str = Field(default="", max_length=500)


@router.post("/days/{day}/replans", status_code=202, response_model=ReplanOut)
@needs(Right.DECIDE)
def ask_replan(day: str, body: ReplanAsk, service: Running, who: Who) -> Response:
    """Begin a re-plan of the rest of the day; nothing is changed before it is accepted.

    Technicians and visits of other regions stay as they are.
    """
    view, part = service.desk.view(day), service.regions.part(who, day)
    body = body.model_copy(update={"freeze": with_others(body.freeze, view.state.day, part)})
    if service.searches.running >= service.options.limits.jobs:
        raise Refused(ApiCode.BUSY, "re-plans", "too many at once", "fewer")
    name = service.replans.put(day, Replanning(), service.now())
    service.searches.begin(lambda: _search(service, day, name, body))
    out = ReplanOut(id=name, status="running")
    return model_answer(out, 202, {"Location": f"/days/{day}/replans/{name}"})


@router.get("/days/{day}/replans/{replan}")
@needs(Right.DECIDE)
def read_replan(day: str, replan: str, service: Running, who: Who) -> ReplanOut:
    """Return a re-plan and what it would change for whom."""
    kept, part = _get(service, day, replan), service.regions.part(who, day)
    return ReplanOut(
        id=replan,
        status=kept.status,
        diff=None if kept.found is None else own_diff(kept.found.diff, part),
        faults=tuple(FaultOut.model_validate(one.as_dict()) for one in kept.faults),
    )


@router.delete("/days/{day}/replans/{replan}", status_code=204)
@needs(Right.DECIDE)
def forget_replan(day: str, replan: str, service: Running) -> Response:
    """Forget a re-plan."""
    _get(service, day, replan)
    service.replans.drop(replan)
    return Response(status_code=204)


@router.post("/days/{day}/replans/{replan}/accept", status_code=201)
@needs(Right.DECIDE)
def accept_replan(day: str, replan: str, body: AcceptAsk, service: Running, sent: Sent) -> DoneOut:
    """Put a re-plan in force, whole or some of its changes; 409 says who was faster."""

    def work(request: Request) -> Recorded:
        kept = _get(service, day, replan)
        if kept.found is None:
            expected = "a re-plan that is done"
            raise Refused(ApiCode.GONE, "re-plan", kept.status, expected, "Wait for it.")
        why, changes = seal_words(service, day, body.why), body.changes
        part = service.regions.part(sent.caller, day)
        if changes is None and not part.whole:
            changes = own_changes(kept.found.diff, part)
        return service.desk.accept(kept.found, request, changes=changes, why=why)

    return once(service, sent, day, work)


def _get(service: Service, day: str, name: str) -> Replanning:
    return service.replans.get(day, name, service.now())


def _search(service: Service, day: str, name: str, body: ReplanAsk) -> None:
    asked = ReplanRequest(mode=body.mode, freeze=body.freeze, divert=body.divert)
    search = Search(stop=MaxRuntime(body.seconds), seed=body.seed, threads=service.options.lanes)
    kept = Replanning("failed", None, (our_mistake("re-plan", "a plan"),))
    try:
        kept = Replanning("done", service.desk.replan(day, asked, search))
    except (InvalidRequest, StoreError) as error:
        kept = Replanning("failed", None, error.faults)
    except RefereeRejected:
        _LOG.exception("rejected")
        found, expected = "a plan that broke a rule", "a plan the referee passes"
        kept = Replanning("failed", None, (our_mistake("re-plan", expected, found),))
    finally:
        # Whatever went wrong, nobody is told that the search still runs.
        service.replans.replace(name, day, kept, service.now())
