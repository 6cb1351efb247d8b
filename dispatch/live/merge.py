"""From a plan of the rest day back to the live day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from dispatch.domain import ContractedService, DayPlan, PlanRoute, PlanStop
from dispatch.live.projection import RouteKey
from dispatch.live.rest import RestDay
from dispatch.live.rest_shifts import RestRoute
from dispatch.live.state import LiveState, Stop, stops_ahead
from dispatch.planning.clock import Clock
from dispatch.planning.windows import window_lines


@dataclass(frozen=True, slots=True)
class Decision:
    """Who does what from now on: what `dispatch.live.decide.assign` takes."""

    ahead: Mapping[RouteKey, tuple[Stop, ...]]
    contracted: tuple[tuple[str, str], ...]


def merge(state: LiveState, rest: RestDay, plan: DayPlan) -> Decision:
    """Return what a plan of the rest day decides.

    Parameters
    ----------
    state
        The state the rest day was made of.
    plan
        A plan of ``rest.day``.
    """
    return merge_routes(state, rest, plan.routes, plan.contracted)


def merge_routes(
    state: LiveState,
    rest: RestDay,
    routes: Sequence[PlanRoute],
    contracted: Sequence[ContractedService],
) -> Decision:
    """Return what routes and contracted services of the rest day decide; as `merge`."""
    planned = {(route.technician, route.shift): route for route in routes}
    names, frozen = _names(state, rest), _frozen(state, rest)
    ahead = {
        route.key: (
            *route.prefix,
            *(_held(s, frozen) for s in _after(route, planned.get(route.key), names)),
        )
        for route in rest.routes
    }
    given = [(visit, one.outlet) for one in contracted for visit in one.visits]
    return Decision(ahead, tuple(sorted((*rest.contracted, *given))))


def _frozen(state: LiveState, rest: RestDay) -> dict[str, datetime]:
    """Return the arrivals of visits that were pinned for this plan only."""
    pins = {visit.id: visit.pin for visit in state.day.visits}
    return {
        visit.id: visit.pin.arrival
        for visit in rest.day.visits
        if visit.pin is not None and visit.pin.arrival is not None and visit.pin != pins[visit.id]
    }


def _held(stop: Stop, frozen: Mapping[str, datetime]) -> Stop:
    if stop.visit is None or stop.visit not in frozen:
        return stop
    return stop.model_copy(update={"earliest": frozen[stop.visit].astimezone(UTC)})


def _names(state: LiveState, rest: RestDay) -> dict[str, frozenset[str | None]]:
    """Return the names of promises the day knows, of visits whose promises were written anew."""
    clock = Clock(state.day)
    return {
        visit.id: frozenset(line.name for line in window_lines(state.day, visit, clock))
        for visit in state.day.visits
        if visit.id in rest.renamed
    }


def _after(
    route: RestRoute, planned: PlanRoute | None, names: Mapping[str, frozenset[str | None]]
) -> tuple[Stop, ...]:
    if planned is not None:
        breaks = match_breaks(planned.stops, route.breaks)
        return tuple(
            stop.model_copy(update={"promise": None})
            if stop.visit is not None and stop.promise not in names.get(stop.visit, {stop.promise})
            else stop
            for stop in stops_ahead(planned.stops, breaks)
        )
    if route.closed:
        # Nobody can do anything any more, or nobody may; who is out goes home.
        home = (stop for stop in route.rest if stop.visit is None and stop.kind != "pickup")
        return tuple(stop.model_copy(update={"at_next": False}) for stop in home)
    return route.breaks if route.prefix else ()


def match_breaks(stops: Sequence[PlanStop], breaks: Sequence[Stop]) -> list[Stop]:
    """Return which break each break of a plan is; a plan may leave out some that were waived.

    Counted from the last one backwards: a break is the latest one that may begin by then.
    """
    found: list[Stop] = []
    left = list(breaks)
    for stop in reversed([stop for stop in stops if stop.kind == "break"]):
        while len(left) > 1 and (left[-1].opens or stop.start) > stop.start:
            left.pop()
        found.append(left.pop())
    return found[::-1]
