"""Emergencies: ways to serve a new visit with their prices, and the choice."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field
from starlette.responses import Response

from dispatch.api.answers import Body, model_answer
from dispatch.api.entry import Running, Sent, Who
from dispatch.api.free_texts import seal_words
from dispatch.api.regions import Part
from dispatch.api.rights import Right, needs
from dispatch.api.routes_live import DoneOut, once
from dispatch.domain import Visit
from dispatch.live.edit import get_visit
from dispatch.live.store import Request
from dispatch.service.emergency import EmergencyOptions, Mode
from dispatch.service.live_days import Recorded
from dispatch.service.options import Option, OptionEta
from solver.stop import MaxRuntime

router = APIRouter(tags=["live"])
TOP = 5
"""Ways shown of a search for better ones."""
MOST = 100
"""Ways looked at where those of other regions are left out."""
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
def ask_emergency(day: str, body: EmergencyAsk, service: Running, who: Who) -> Response:
    """Return ways to serve a visit; nothing is changed before one is chosen."""
    view, part = service.desk.view(day), service.regions.part(who, day)
    if isinstance(body.visit, str):
        part.check(visits=[body.visit])
        visit = get_visit(view.state, body.visit)
    else:
        part.check(new=[body.visit])
        visit = service.vault.seal_visit(body.visit, day, service.now())
    found = service.desk.emergency(day, visit, body.mode, body.top if part.whole else MOST)
    name = service.offers.put(day, found, service.now())
    return model_answer(offers_out(name, found, part, body.top))


@router.post("/days/{day}/emergencies/{offer}/improve", response_model=OffersOut)
@needs(Right.DECIDE)
def improve_emergency(
    day: str, offer: str, body: ImproveAsk, service: Running, who: Who
) -> Response:
    """Search for better ways for a moment; the offer is replaced by what was found."""
    known, part = service.offers.get(day, offer, service.now()), service.regions.part(who, day)
    _check_own(known, part)
    stop = MaxRuntime(body.seconds)
    found = service.desk.improve(day, known, stop=stop, top=TOP if part.whole else MOST)
    service.offers.replace(offer, day, found, service.now())
    return model_answer(offers_out(offer, found, part, TOP))


def _check_own(found: EmergencyOptions, part: Part) -> None:
    if found.known:
        part.check(visits=[found.visit.id])
    else:
        part.check(new=[found.visit])


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


def offers_out(name: str, found: EmergencyOptions, part: Part, top: int) -> OffersOut:
    """Return an offer as callers see it: ways that touch nothing of other regions."""
    options = [one for one in found.options if _is_own(one, found, part)][:top]
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
                etas=tuple(
                    eta
                    for eta in one.etas
                    if eta.visit == found.visit.id or part.has_visit(eta.visit)
                ),
            )
            for one in options
        ),
    )


def _is_own(option: Option, found: EmergencyOptions, part: Part) -> bool:
    others = {*option.displaced, *option.dropped} - {found.visit.id}
    return (
        all(map(part.has_technician, option.technicians))
        and all(map(part.has_visit, others))
        and (option.outlet is None or part.has_outlet(option.outlet))
    )
