"""From a routing solution back to days: routes with moments, contracted services, parts."""

from __future__ import annotations

from collections.abc import Sequence

from dispatch.domain import (
    ContractedService,
    PartFill,
    PartNeed,
    Place,
    PlanRoute,
    PlanStop,
)
from dispatch.planning.shifts import ShiftLine
from dispatch.planning.stock import PartTable, needed_units
from dispatch.planning.translate import Translation
from solver.routing.solution import Route, RoutingSolution, StepKind, Stop

HERE, THERE = 0, 1
"""Choices of a break step: before traveling on, or at the next place."""


def publish_routes(t: Translation, solution: RoutingSolution) -> tuple[PlanRoute, ...]:
    """Return every route with its stops, by technician and shift."""
    return tuple(_Publisher(t, route).route() for route in solution.routes)


def publish_contracted(t: Translation, solution: RoutingSolution) -> tuple[ContractedService, ...]:
    """Return what contracted outlets serve; outlets without visits are left out."""
    several = len(t.clock.dates) > 1
    return tuple(
        ContractedService(
            outlet=outlet.id,
            visits=tuple(t.visits[i].id for i in members),
            day=when if several else None,
        )
        for outlet, when, members in zip(t.contracted, t.pool_days, solution.pools, strict=True)
        if members
    )


def publish_part_fill(t: Translation, solution: RoutingSolution) -> PartFill | None:
    """Return where the units come from that visits need; None if no visit needs any."""
    if t.parts is None:
        return None
    missing = needed_units(t.visits[i] for i in t.once(solution.unassigned))
    routed = needed_units(t.visits[i] for route in solution.routes for i in t.once(route.visits))
    taken = sum(
        units for route in solution.routes for stop in route.stops for _, units in stop.taken
    )
    return PartFill(
        needed=needed_units(t.visits[i] for i in t.once(range(len(t.seats)))),
        from_van=routed - taken,
        picked_up=taken,
        missing=missing,
    )


class _Publisher:
    """Writes one route."""

    def __init__(self, t: Translation, route: Route) -> None:
        self._t, self._route = t, route
        self._line: ShiftLine = t.lines[route.vehicle]

    def route(self) -> PlanRoute:
        """Return the stops in order: breaks at home, start, the way, end, breaks at the end."""
        route, line = self._route, self._line
        lead, way, tail = split_stops(route.stops, is_out=line.is_out)
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
            if stop.step.kind is not StepKind.BREAK:
                here = self._place(stop)
                is_visit = stop.step.kind is StepKind.VISIT
                written.append(self._visit(stop) if is_visit else self._pickup(stop))
                continue
            if stop.step.choice == THERE:
                ahead = (s for s in stops[position:] if s.step.kind is not StepKind.BREAK)
                here = self._place(next(ahead))
            written.append(self._break(stop, here))
        return written

    def _place(self, stop: Stop) -> Place:
        if stop.step.kind is StepKind.VISIT:
            return self._t.visits[stop.step.index].place
        return self._parts().points[stop.step.index].outlet.place

    def _parts(self) -> PartTable:
        if self._t.parts is None:
            raise ValueError("a pick-up on a day without parts")
        return self._t.parts

    def _pickup(self, stop: Stop) -> PlanStop:
        parts, moment = self._parts(), self._t.clock.moment
        outlet = parts.points[stop.step.index].outlet
        taken = tuple(PartNeed(part=parts.ids[p], quantity=units) for p, units in stop.taken)
        return PlanStop(
            kind="pickup",
            leg_s=stop.leg_s,
            leg_m=stop.leg_m,
            reached=moment(stop.reached),
            arrival=moment(stop.arrival),
            start=moment(stop.start),
            end=moment(stop.end),
            outlet=outlet.id,
            parts=taken,
            lon=outlet.place.lon,
            lat=outlet.place.lat,
        )

    def _visit(self, stop: Stop) -> PlanStop:
        t, index = self._t, stop.step.index
        (visit, member), moment = t.seats[index], t.clock.moment
        home = int(t.homes[self._route.vehicle])
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
            beyond_radius_m=0 if member else t.responsible.beyond(index, home),
            parts=() if member else visit.parts,
            crew=member + 1 if visit.crew_size > 1 else 0,
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


def split_stops(
    stops: Sequence[Stop], *, is_out: bool = False
) -> tuple[Sequence[Stop], Sequence[Stop], Sequence[Stop]]:
    """Return breaks at the start place, the way, and breaks at the end place.

    Parameters
    ----------
    is_out
        Whether the technician is out already: then nothing comes before the departure.
    """
    first = 0
    while not is_out and _is_break(stops, first, HERE):
        first += 1
    last = len(stops)
    while _is_break(stops, last - 1, THERE):
        last -= 1
    return stops[:first], stops[first:last], stops[last:]


def _is_break(stops: Sequence[Stop], position: int, choice: int) -> bool:
    if not 0 <= position < len(stops):
        return False
    step = stops[position].step
    return step.kind is StepKind.BREAK and step.choice == choice
