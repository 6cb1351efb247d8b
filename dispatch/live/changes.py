"""Changes from customers, parts, streets and outlets."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dispatch.domain import Place, Stock, Traffic, Visit
from dispatch.domain.disruption import (
    AddressCorrected,
    AppointmentMoved,
    Closure,
    ContractedFinished,
    EmergencyRaised,
    OutletClosed,
    PartArrived,
    PartMissing,
    TrafficChanged,
    VisitAdded,
    VisitCanceled,
)
from dispatch.live.codes import LiveCode
from dispatch.live.edit import (
    check_open,
    dropped,
    freed,
    get_outlet,
    get_visit,
    refuse,
    with_routes,
    with_visit,
)
from dispatch.live.state import Lack, LiveRoute, LiveState, Stop


def add(state: LiveState, fact: VisitAdded | EmergencyRaised) -> LiveState:
    """Return the state with one more visit, which nobody has yet."""
    if any(visit.id == fact.visit.id for visit in state.day.visits):
        where, expected = f"visit {fact.visit.id}", "an id the day does not have"
        raise refuse(LiveCode.VISIT_EXISTS, where, "a visit of the day", expected)
    day = state.day.model_copy(update={"visits": (*state.day.visits, fact.visit)})
    return state.model_copy(update={"day": day, "open": (*state.open, fact.visit.id)})


def cancel(state: LiveState, fact: VisitCanceled) -> LiveState:
    """Return the state without the visit; who stands at its door goes on."""
    get_visit(state, fact.visit)
    check_open(state, fact.visit)
    before = state
    state = with_routes(state, lambda route: dropped(before, route, fact.visit, fact.happened_at))
    return state.model_copy(
        update={
            "canceled": (*state.canceled, fact.visit),
            "open": tuple(one for one in state.open if one != fact.visit),
            "set_aside": tuple(one for one in state.set_aside if one != fact.visit),
            "contracted": tuple(pair for pair in state.contracted if pair[0] != fact.visit),
            "lacks": tuple(lack for lack in state.lacks if lack.visit != fact.visit),
        }
    )


def move(state: LiveState, fact: AppointmentMoved) -> LiveState:
    """Return the state with another appointment; whoever has the visit keeps it.

    A visit at which nobody was found is open again. A pinned arrival no longer holds, nor does what
    the customer was told before.
    """
    visit = get_visit(state, fact.visit)
    check_open(state, fact.visit)
    pin = visit.pin.model_copy(update={"arrival": None}) if visit.pin is not None else None
    if pin is not None and pin.technician is None:
        pin = None
    agreed = {"promises": fact.promises, "pin": pin, "told": None}
    state = with_visit(state, visit.model_copy(update=agreed))
    state = _with_stops(state, fact.visit, {"promise": None})
    has = any(one == fact.visit for one, _ in state.contracted)
    return state if has or fact.visit in state.set_aside else freed(state, fact.visit)


def correct(state: LiveState, fact: AddressCorrected) -> LiveState:
    """Return the state with the visit somewhere else; who stood at the wrong door drives on."""
    visit = get_visit(state, fact.visit)
    check_open(state, fact.visit)
    access = visit.access_s if fact.access_s is None else fact.access_s
    moved = visit.model_copy(update={"place": fact.place, "access_s": access})
    state = with_routes(state, lambda route: _sent_on(route, visit, fact.happened_at))
    return with_visit(state, moved)


def _sent_on(route: LiveRoute, visit: Visit, moment: datetime) -> LiveRoute:
    stop = next((s for s in route.ahead if s.visit == visit.id and s.arrived_at), None)
    if stop is None:
        return route
    on = stop.model_copy(update={"arrived_at": None, "departed_at": None})
    ahead = tuple(on if one is stop else one for one in route.ahead)
    place: Place = visit.place
    return route.model_copy(update={"ahead": ahead, "here": place, "here_at": moment})


def _with_stops(state: LiveState, visit: str, update: dict[str, Any]) -> LiveState:
    def changed(stop: Stop) -> Stop:
        return stop.model_copy(update=update) if stop.visit == visit else stop

    return with_routes(
        state, lambda r: r.model_copy(update={"ahead": tuple(changed(s) for s in r.ahead)})
    )


def lack(state: LiveState, fact: PartMissing) -> LiveState:
    """Return the state with a part missing for a visit, which stays where it is."""
    visit = get_visit(state, fact.visit)
    check_open(state, fact.visit)
    if all(need.part != fact.part for need in visit.parts):
        needs = ", ".join(need.part for need in visit.parts) or "no parts"
        raise refuse(LiveCode.PART_NOT_NEEDED, f"visit {fact.visit}", fact.part, needs)
    missing = Lack(visit=fact.visit, part=fact.part, **_source(state, fact))
    rest = tuple(x for x in state.lacks if (x.visit, x.part) != (missing.visit, missing.part))
    return state.model_copy(update={"lacks": (*rest, missing)})


def _source(state: LiveState, fact: PartMissing) -> dict[str, str]:
    """Return where the part was to come from: the last pick-up of it before the visit, or the van.

    A crew's parts are brought by its first technician.
    """
    held = [(r, i, s) for r in state.routes for i, s in enumerate(r.ahead) if s.visit == fact.visit]
    first = next((one for one in held if one[2].crew <= 1), None)
    if first is None:
        return {}
    route, position, _ = first
    before = [*(past.stop for past in route.past), *route.ahead[:position]]
    for stop in reversed(before):
        if stop.kind == "pickup" and any(need.part == fact.part for need in stop.parts):
            return {"outlet": stop.outlet or ""}
    return {"technician": route.technician}


def supply(state: LiveState, fact: PartArrived) -> LiveState:
    """Return the state with a part there: for the visit that lacked it, or in an outlet's stock."""
    if fact.visit is not None:
        get_visit(state, fact.visit)
        there = fact.visit, fact.part.part
        lacks = tuple(one for one in state.lacks if (one.visit, one.part) != there)
        state = state.model_copy(update={"lacks": lacks})
    if fact.outlet is None:
        return state
    outlet = get_outlet(state, fact.outlet)
    new = Stock(part=fact.part.part, quantity=fact.part.quantity)
    more = outlet.model_copy(update={"stock": (*outlet.stock, new)})
    outlets = tuple(more if one.id == outlet.id else one for one in state.day.outlets)
    return state.model_copy(update={"day": state.day.model_copy(update={"outlets": outlets})})


def slow(state: LiveState, fact: TrafficChanged) -> LiveState:
    """Return the state with other traffic; the travel table has to be made anew."""
    traffic = state.day.traffic or Traffic(profile="none")
    areas = (*traffic.areas, fact.area)
    day = state.day.model_copy(update={"traffic": traffic.model_copy(update={"areas": areas})})
    return state.model_copy(update={"day": day, "travel_changes": state.travel_changes + 1})


def close(state: LiveState, fact: OutletClosed) -> LiveState:
    """Return the state with an outlet closed; what it was to serve itself is open."""
    get_outlet(state, fact.outlet)
    shut = Closure(outlet=fact.outlet, start=fact.start, end=fact.end)
    theirs = [visit for visit, outlet in state.contracted if outlet == fact.outlet]
    rest = tuple(pair for pair in state.contracted if pair[1] != fact.outlet)
    state = state.model_copy(update={"closures": (*state.closures, shut), "contracted": rest})
    for visit in theirs:
        state = freed(state, visit)
    return state


def contracted_done(state: LiveState, fact: ContractedFinished) -> LiveState:
    """Return the state with a visit of a contracted outlet done."""
    get_visit(state, fact.visit)
    pair = next((one for one in state.contracted if one[0] == fact.visit), None)
    if pair is None:
        where, expected = f"visit {fact.visit}", "a visit a contracted outlet has"
        raise refuse(LiveCode.NOT_CONTRACTED, where, "no contracted outlet has it", expected)
    left = tuple(one for one in state.contracted if one != pair)
    done = (*state.contracted_done, pair)
    return state.model_copy(update={"contracted": left, "contracted_done": done})
