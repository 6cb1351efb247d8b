"""From a routing solution back to days: routes with moments, contracted services, the price."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

from dispatch.domain import (
    ContractedService,
    CostBreakdown,
    Place,
    PlanRoute,
    PlanStop,
)
from dispatch.planning.contracted import emergency_lateness_s, get_capacity
from dispatch.planning.eligibility import levels_above
from dispatch.planning.objective import (
    COST_SCALE,
    beyond_radius_units,
    late_rate,
    owes_arrival,
    round_fen,
    unassigned_fen,
)
from dispatch.planning.shifts import ShiftLine
from dispatch.planning.translate import Translation
from solver.routing.solution import Route, RoutingSolution, StepKind, Stop

HERE, THERE = 0, 1
"""Choices of a break step: before traveling on, or at the next place."""


def publish_routes(t: Translation, solution: RoutingSolution) -> tuple[PlanRoute, ...]:
    """Return every route with its stops, by technician and shift."""
    return tuple(_Publisher(t, route).route() for route in solution.routes)


def publish_contracted(t: Translation, solution: RoutingSolution) -> tuple[ContractedService, ...]:
    """Return what contracted outlets serve; outlets without visits are left out."""
    return tuple(
        ContractedService(outlet=outlet.id, visits=tuple(t.visits[i].id for i in members))
        for outlet, members in zip(t.contracted, solution.pools, strict=True)
        if members
    )


class _Publisher:
    """Writes one route."""

    def __init__(self, t: Translation, route: Route) -> None:
        self._t, self._route = t, route
        self._line: ShiftLine = t.lines[route.vehicle]

    def route(self) -> PlanRoute:
        """Return the stops in order: breaks at home, start, the way, end, breaks at the end."""
        route, line = self._route, self._line
        lead, way, tail = split_stops(route.stops)
        stops = [self._rest(begin, begin, end, line.start) for begin, end in line.rests]
        stops += [self._break(stop, line.start) for stop in lead]
        stops.append(self._turn("start", route.departure, line.start))
        stops += self._way(way)
        stops.append(
            self._turn("end", route.end, line.end, leg=(route.last_leg_s, route.last_leg_m))
        )
        stops += [self._break(stop, line.end) for stop in tail]
        return PlanRoute(
            technician=line.technician.id,
            shift=line.shift,
            outlet=line.technician.outlet,
            start=self._t.clock.moment(route.departure),
            end=self._t.clock.moment(route.end),
            stops=tuple(stops),
        )

    def _way(self, stops: Sequence[Stop]) -> list[PlanStop]:
        written: list[PlanStop] = []
        here = self._line.start
        for position, stop in enumerate(stops):
            if stop.step.kind is StepKind.VISIT:
                here = self._t.visits[stop.step.index].place
                written.append(self._visit(stop))
                continue
            if stop.step.choice == THERE:
                ahead = (s for s in stops[position:] if s.step.kind is StepKind.VISIT)
                here = self._t.visits[next(ahead).step.index].place
            written.append(self._break(stop, here))
        return written

    def _visit(self, stop: Stop) -> PlanStop:
        t, index = self._t, stop.step.index
        visit, moment = t.visits[index], t.clock.moment
        home = int(t.homes[self._line.number])
        outlet = t.responsible.outlet_of(index, home)
        return PlanStop(
            kind="visit",
            visit=visit.id,
            promise=t.windows[stop.step.choice].name,
            leg_s=stop.leg_s,
            leg_m=stop.leg_m,
            reached=moment(stop.reached),
            arrival=moment(stop.arrival),
            start=moment(stop.start),
            end=moment(stop.end),
            lateness_s=stop.lateness_s,
            outlet=t.responsible.outlets[outlet].id if outlet >= 0 else None,
            beyond_radius_m=t.responsible.beyond(index, home),
            lon=visit.place.lon,
            lat=visit.place.lat,
        )

    def _break(self, stop: Stop, place: Place) -> PlanStop:
        leg = (stop.leg_s, stop.leg_m)
        return self._rest(stop.reached, stop.start, stop.end, place, leg=leg)

    def _rest(
        self, reached: int, begin: int, end: int, place: Place, *, leg: tuple[int, int] = (0, 0)
    ) -> PlanStop:
        moment = self._t.clock.moment
        return PlanStop(
            kind="break",
            leg_s=leg[0],
            leg_m=leg[1],
            reached=moment(reached),
            arrival=moment(begin),
            start=moment(begin),
            end=moment(end),
            lon=place.lon,
            lat=place.lat,
        )

    def _turn(
        self, kind: str, second: int, place: Place, *, leg: tuple[int, int] = (0, 0)
    ) -> PlanStop:
        moment = self._t.clock.moment(second)
        return PlanStop(
            kind="start" if kind == "start" else "end",
            leg_s=leg[0],
            leg_m=leg[1],
            reached=moment,
            arrival=moment,
            start=moment,
            end=moment,
            lon=place.lon,
            lat=place.lat,
        )


def split_stops(stops: Sequence[Stop]) -> tuple[Sequence[Stop], Sequence[Stop], Sequence[Stop]]:
    """Return breaks at the start place, the way, and breaks at the end place."""
    first = 0
    while stops[first].step.kind is StepKind.BREAK and stops[first].step.choice == HERE:
        first += 1
    last = len(stops)
    while stops[last - 1].step.kind is StepKind.BREAK and stops[last - 1].step.choice == THERE:
        last -= 1
    return stops[:first], stops[first:last], stops[last:]


@dataclass(slots=True)
class _Units:
    """Components of the price in cost units, summed exactly."""

    unassigned: int = 0
    lateness: int = 0
    emergency_arrival: int = 0
    work: int = 0
    overtime: int = 0
    travel: int = 0
    beyond_radius: int = 0
    over_qualified: int = 0
    not_preferred: int = 0
    not_last_technician: int = 0
    contracted: int = 0


def price(t: Translation, solution: RoutingSolution) -> CostBreakdown:
    """Return the price of a solution by the day's table, each component rounded once."""
    units = _Units()
    for route in solution.routes:
        units.work += route.cost.work
        units.overtime += route.cost.overtime
        units.travel += route.cost.travel
        for stop in route.stops:
            if stop.step.kind is StepKind.VISIT:
                _price_visit(t, t.lines[route.vehicle], stop, units)
    for q, members in enumerate(solution.pools):
        for index in members:
            _price_contracted(t, q, index, units)
    prices = t.day.prices
    for index in solution.unassigned:
        units.unassigned += unassigned_fen(prices, t.visits[index]) * COST_SCALE
    fen = {field.name: round_fen(getattr(units, field.name)) for field in fields(units)}
    return CostBreakdown(**fen, total=sum(fen.values()))


def _price_visit(t: Translation, line: ShiftLine, stop: Stop, units: _Units) -> None:
    prices, index, technician = t.day.prices, stop.step.index, line.technician
    visit = t.visits[index]
    late = late_rate(prices, visit).cost(stop.lateness_s)
    if owes_arrival(visit):
        units.emergency_arrival += late
    else:
        units.lateness += late
    beyond = t.responsible.beyond(index, int(t.homes[line.number]))
    units.beyond_radius += beyond_radius_units(prices, beyond)
    above = levels_above(visit.skills, technician.skills, t.day.date)
    units.over_qualified += above * prices.over_qualified_per_level * COST_SCALE
    if visit.preferred and technician.id not in visit.preferred:
        units.not_preferred += prices.not_preferred * COST_SCALE
    if visit.last_technician is not None and visit.last_technician != technician.id:
        units.not_last_technician += prices.not_last_technician * COST_SCALE


def _price_contracted(t: Translation, pool: int, index: int, units: _Units) -> None:
    outlet, visit = t.contracted[pool], t.visits[index]
    units.contracted += get_capacity(outlet).price_fen * COST_SCALE
    home = t.responsible.outlets.index(outlet)
    beyond = t.responsible.beyond(index, home)
    units.beyond_radius += beyond_radius_units(t.day.prices, beyond)
    late = emergency_lateness_s(visit, outlet, t.clock, t.day, t.table)
    if late:
        units.emergency_arrival += late_rate(t.day.prices, visit).cost(late)
