"""Who is told what once a decision is in force."""

from __future__ import annotations

from datetime import timedelta

from dispatch.domain import Told, Visit
from dispatch.live.projection import Projection
from dispatch.live.state import LiveState, with_told


def tell(state: LiveState, projection: Projection) -> LiveState:
    """Return the state whose customers know what is projected.

    A customer whose technician stays and whose arrival moves by no more than ``disturbed_free_s``
    is told nothing and still expects what was told before, so that small moves cannot add up to a
    large one. Every technician knows the order of the visits ahead.
    """
    free = timedelta(seconds=state.day.settings.disturbed_free_s)
    visits = {visit.id: visit for visit in state.day.visits}
    now = {
        name: _kept(visits[name], told, free) for name, told in told_now(state, projection).items()
    }
    return state.model_copy(update={"day": with_told(state.day, now)})


def told_now(state: LiveState, projection: Projection) -> dict[str, Told]:
    """Return what customers would be told of a projection, by visit; a crew's the first member."""
    others = {
        (route.technician, stop.visit)
        for route in state.routes
        for stop in route.ahead
        if stop.crew > 1
    }
    said: dict[str, Told] = {}
    ranks: dict[str, int] = {}
    for eta in projection.etas:
        if eta.visit is None or (eta.technician, eta.visit) in others:
            continue
        order = ranks.get(eta.technician, 0)
        ranks[eta.technician] = order + 1
        told = Told(technician=eta.technician, arrival=eta.arrival, order=order)
        said.setdefault(eta.visit, told)
    return said


def is_told(before: Told | None, after: Told, free: timedelta) -> bool:
    """Return whether a customer has to be told."""
    if before is None or before.technician != after.technician:
        return True
    return abs(after.arrival - before.arrival) > free


def _kept(visit: Visit, now: Told, free: timedelta) -> Told:
    before = visit.told
    if before is None or is_told(before, now, free):
        return now
    return now.model_copy(update={"arrival": before.arrival})
