"""Emergencies: ways to serve a new visit with their prices, and the choice."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field
from starlette.responses import Response

from dispatch.api.answers import Body, model_answer
from dispatch.api.entry import Running, Sent
from dispatch.api.free_texts import seal_words
from dispatch.api.rights import Right, needs
from dispatch.api.routes_live import DoneOut, once
from dispatch.domain import Visit
from dispatch.live.edit import get_visit
from dispatch.live.store import Request
from dispatch.service.emergency import EmergencyOptions, Mode
from dispatch.service.live_days import Recorded
from dispatch.service.options import OptionEta
from solver.stop import MaxRuntime

router = APIRouter(tags=["live"])
VisitName = Annotated[str, Field(min_length=1, max_length=64)]


class EmergencyAsk(Body):
    """A visit nobody has yet, new or one of the day by its id, and how it is to be served."""

    visit: Visit | VisitName
    mode: Mode = "soonest"
    top: int = Field(default=5, ge=1, le=20)


class OptionOut(BaseModel):
    """One way, of a technician or a contracted outlet; ``total``: what the day costs more, fen."""

    index: int
    technician: str | None
    outlet: str | None
    shift: int
    rung: str
    arrival: datetime | None
    lateness_s: int
    left_s: int | None
    price: dict[str, int]
    total: int
    changed: tuple[str, ...]
    displaced: tuple[str, ...]
    etas: tuple[OptionEta, ...]


class OffersOut(BaseModel):
    """Ways to serve a visit, the best first; choose one by id and index."""

    id: str
    visit: str
    version: int
    sequence: int
    options: tuple[OptionOut, ...]


class ImproveAsk(Body):
    """How long to look for better ways."""

    seconds: float = Field(default=1.0, gt=0, le=10)


class ChooseAsk(Body):
    """Which way."""

    index: int = Field(ge=0, le=100)
    why: str = Field(default="", max_length=500)


@router.post("/days/{day}/emergencies", response_model=OffersOut)
@needs(Right.DECIDE)
def ask_emergency(day: str, body: EmergencyAsk, service: Running) -> Response:
    """Return ways to serve a visit; nothing is changed before one is chosen."""
    view = service.desk.view(day)
    if isinstance(body.visit, str):
        visit = get_visit(view.state, body.visit)
    else:
        visit = service.vault.seal_visit(body.visit, day, service.now())
    found = service.desk.emergency(day, visit, body.mode, body.top)
    return model_answer(offers_out(service.offers.put(day, found, service.now()), found))


@router.post("/days/{day}/emergencies/{offer}/improve", response_model=OffersOut)
@needs(Right.DECIDE)
def improve_emergency(day: str, offer: str, body: ImproveAsk, service: Running) -> Response:
    """Search for better ways for a moment; the offer is replaced by what was found."""
    known = service.offers.get(day, offer, service.now())
    found = service.desk.improve(day, known, stop=MaxRuntime(body.seconds))
    service.offers.replace(offer, day, found, service.now())
    return model_answer(offers_out(offer, found))


@router.post("/days/{day}/emergencies/{offer}/choose", status_code=201)
@needs(Right.DECIDE)
def choose_option(day: str, offer: str, body: ChooseAsk, service: Running, sent: Sent) -> DoneOut:
    """Decide on a way; 409 says who decided about its routes meanwhile."""

    def work(request: Request) -> Recorded:
        found = service.offers.get(day, offer, service.now())
        return service.desk.choose(
            day, found, body.index, request, why=seal_words(service, day, body.why)
        )

    return once(service, sent, day, work)


def offers_out(name: str, found: EmergencyOptions) -> OffersOut:
    """Return an offer as callers see it."""
    return OffersOut(
        id=name,
        visit=found.visit.id,
        version=found.version,
        sequence=found.sequence,
        options=tuple(
            OptionOut(
                index=one.index,
                technician=one.technician,
                outlet=one.outlet,
                shift=one.shift,
                rung=one.rung,
                arrival=one.arrival,
                lateness_s=one.lateness_s,
                left_s=one.left_s,
                price={k: v for k, v in one.price.model_dump().items() if v and k != "total"},
                total=one.price.total,
                changed=one.technicians,
                displaced=one.displaced,
                etas=one.etas,
            )
            for one in found.options
        ),
    )
