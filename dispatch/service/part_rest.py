"""The rest of a few technicians' day as a day of its own: all that a change by hand is about."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from dispatch.domain import Day
from dispatch.live.freeze import NOTHING, freeze_stops
from dispatch.live.rest import RestDay, rest_day
from dispatch.live.state import LiveState
from dispatch.service.view import DayView


def rest_of(view: DayView, people: Collection[str], visits: Collection[str]) -> RestDay:
    """Return the rest of some technicians' day with what they have and some visits more.

    It costs by what it is about, not by the size of the day. Where something ties them to others
    (`is_tied`) it is the rest of the whole day.

    Parameters
    ----------
    people, visits
        Ids.
    """
    state = view.state
    routes = tuple(route for route in state.routes if route.technician in people)
    ahead = {stop.visit for route in routes for stop in route.ahead}
    ahead |= {*visits}
    if is_tied(state.day, ahead):
        return view.rest
    known = ahead | {past.stop.visit for route in routes for past in route.past}
    known |= {visit for visit, _ in (*state.contracted, *state.contracted_done)}
    few = _only(state, people, known).model_copy(update={"routes": routes})
    frozen = freeze_stops(few, view.projection, NOTHING)
    rest = rest_day(few, view.projection, frozen, view.table)
    asked = tuple(visit for visit in rest.day.visits if visit.id in ahead)
    return replace(rest, day=rest.day.model_copy(update={"visits": asked}))


def is_tied(day: Day, visits: Collection[str | None]) -> bool:
    """Return whether these visits may concern others: by crews, links, parts, or fair shares."""
    if day.settings.fair_work_s is not None or day.settings.fair_distance_m is not None:
        return True
    linked = {link.after for visit in day.visits for link in visit.links}
    return any(
        visit.crew_size > 1 or visit.links or visit.parts or visit.id in linked
        for visit in day.visits
        if visit.id in visits
    )


def _only(state: LiveState, people: Collection[str], visits: Collection[str | None]) -> LiveState:
    day = state.day
    update = {
        "visits": tuple(visit for visit in day.visits if visit.id in visits),
        "technicians": tuple(one for one in day.technicians if one.id in people),
    }
    return state.model_copy(update={"day": day.model_copy(update=update)})
