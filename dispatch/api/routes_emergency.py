"""Emergencies: ways to serve a new visit with their prices, and the choice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field
from starlette.responses import Response

from dispatch.api.answers import Body, model_answer
from dispatch.api.context import Improving, Service
from dispatch.api.entry import Running, Sent, Who
from dispatch.api.faults import Refused, our_mistake
from dispatch.api.free_texts import seal_words
from dispatch.api.problems import FaultOut
from dispatch.api.regions import Part, with_others
from dispatch.api.rights import Right, needs
from dispatch.api.routes_live import DoneOut, once
from dispatch.api.searcher import NoAnswer
from dispatch.domain import Visit
from dispatch.errors import InvalidRequest, StoreError
from dispatch.live.edit import get_visit
from dispatch.live.freeze import NOTHING, Freeze
from dispatch.live.store import Request
from dispatch.service.emergency import EmergencyOptions, Mode
from dispatch.service.live_days import Recorded
from dispatch.service.options import Option, OptionEta

router = APIRouter(tags=["live"])
TOP = 5
"""Ways shown of a search for better ones."""
SEARCHES = 2
"""Searches for better ways that may run or wait; one that comes later is of no use to a caller."""
VisitName = Annotated[str, Field(min_length=1, max_length=64)]


class EmergencyAsk(Body):
    """A visit nobody has yet, new or one of the day by its id, and how it is to be served.

    ``improve_s``: seconds for which better ways are looked for after the answer, 0 = none; by
    default what the service is set to. None are looked for, either, while others wait for that.
    """

    visit: Visit | VisitName
    mode: Mode = "soonest"
    top: int = Field(default=5, ge=1, le=20)
    improve_s: float | None = Field(default=None, ge=0, le=10)


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
    """Ways to serve a visit, the best first; choose one by id and index.

    ``search``: how the search for better ways stands; ``better``: the id of the offer it led to,
    to be read and chosen from like this one, which stays as it is.
    """

    id: str
    visit: str
    version: int
    sequence: int
    options: tuple[OptionOut, ...]
    search: Literal["none", "running", "done", "failed"] = "none"
    better: str | None = None
    faults: tuple[FaultOut, ...] = ()


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
    service.readiness.look(day)
    freeze = with_others(NOTHING, view.state.day, part)
    found = service.desk.emergency(day, visit, body.mode, body.top, freeze=freeze)
    name = service.offers.put(day, found, service.now())
    seconds = service.options.improve_s if body.improve_s is None else body.improve_s
    if found.options and seconds > 0 and service.improving.running < SEARCHES:
        service.better.replace(name, day, Improving(), service.now())
        more = Better(seconds, body.top, freeze)
        service.improving.begin(lambda: _improve(service, name, found, more))
    return model_answer(_offered(service, name, found, part))


@router.get("/days/{day}/emergencies/{offer}", response_model=OffersOut)
@needs(Right.DECIDE)
def read_offer(day: str, offer: str, service: Running, who: Who) -> Response:
    """Return ways that were offered, and how the search for better ones stands."""
    found, part = service.offers.get(day, offer, service.now()), service.regions.part(who, day)
    check_own(found, part)
    return model_answer(_offered(service, offer, found, part))


@dataclass(frozen=True, slots=True)
class Better:
    """What is looked for: for how long, how many ways, and what is left alone."""

    seconds: float
    top: int
    freeze: Freeze

    def find(self, service: Service, found: EmergencyOptions) -> EmergencyOptions:
        """Look for better ways."""
        search = partial(service.searcher.search, seconds=self.seconds)
        return service.desk.improve(
            found.day, found, top=self.top, freeze=self.freeze, search=search
        )


def _improve(service: Service, name: str, found: EmergencyOptions, more: Better) -> None:
    """Look for better ways, and put them beside those that were offered."""
    done = Improving("failed", None, (our_mistake("search", "better ways"),))
    try:
        better = more.find(service, found)
        same = better.options == found.options
        offer = None if same else service.offers.put(found.day, better, service.now())
        done = Improving("done", offer)
    except (InvalidRequest, StoreError) as error:
        done = Improving("failed", None, error.faults)
    except Refused as error:
        done = Improving("failed", None, (error.fault,))
    finally:
        # Whatever went wrong, nobody is told that the search still runs.
        service.better.replace(name, found.day, done, service.now())


def _offered(service: Service, name: str, found: EmergencyOptions, part: Part) -> OffersOut:
    """Return an offer as callers see it, with what a search made of it."""
    out = offers_out(name, found, part)
    improving = service.better.find(found.day, name, service.now())
    if improving is None:
        return out
    faults = tuple(FaultOut.model_validate(one.as_dict()) for one in improving.faults)
    more = {"search": improving.status, "better": improving.better, "faults": faults}
    return out.model_copy(update=more)


@router.post("/days/{day}/emergencies/{offer}/improve", response_model=OffersOut)
@needs(Right.DECIDE)
def improve_emergency(
    day: str, offer: str, body: ImproveAsk, service: Running, who: Who
) -> Response:
    """Search for better ways for a moment; the offer is replaced by what was found.

    Where the search fails the offer stays as it is, and ``search`` and ``faults`` say so.
    """
    known, part = service.offers.get(day, offer, service.now()), service.regions.part(who, day)
    check_own(known, part)
    freeze = with_others(NOTHING, service.desk.view(day).state.day, part)
    try:
        found = Better(body.seconds, TOP, freeze).find(service, known)
    except NoAnswer as error:
        faults = tuple(FaultOut.model_validate(one.as_dict()) for one in error.faults)
        out = offers_out(offer, known, part)
        return model_answer(out.model_copy(update={"search": "failed", "faults": faults}))
    service.offers.replace(offer, day, found, service.now())
    return model_answer(offers_out(offer, found, part))


def check_own(found: EmergencyOptions, part: Part) -> None:
    """Refuse an offer for a visit of another region; A1006."""
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


def offers_out(name: str, found: EmergencyOptions, part: Part) -> OffersOut:
    """Return an offer as callers see it: ways that touch nothing of other regions."""
    options = [one for one in found.options if _is_own(one, found, part)]
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
        and all(one.outlet is None or part.has_outlet(one.outlet) for one in option.contracted)
    )
