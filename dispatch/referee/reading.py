"""A written route, read back into legs between places; tolerant of what is wrong."""

from __future__ import annotations

from dataclasses import dataclass

from dispatch.domain import DayPlan, Outlet, Place, PlanRoute, PlanStop, Shift, Technician, Visit
from dispatch.referee.facts import Facts, WorkingTime
from dispatch.referee.verdict import Violation


@dataclass(frozen=True, slots=True)
class Segment:
    """One leg: from a place to the next, with the breaks taken between.

    Attributes
    ----------
    before
        The stop before: ``start``, a visit or a pick-up; None where the route has no ``start``.
    breaks
        Breaks taken between, in the order written.
    stop
        The stop the leg leads to: a visit, a pick-up or ``end``; None where the route has no
        ``end``.
    visit
        The visit of ``stop``; None for the others and for unknown ids.
    point
        The outlet of a pick-up; None for the others and for unknown ids.
    origin, destination
        Places of the leg; None where unknown.
    """

    before: PlanStop | None
    breaks: tuple[PlanStop, ...]
    stop: PlanStop | None
    visit: Visit | None
    origin: Place | None
    destination: Place | None
    point: Outlet | None = None

    @property
    def first_leg_at(self) -> int | None:
        """Index of the break that carries the travel; None if the last stop does."""
        for index, stop in enumerate(self.breaks):
            if stop.leg_s > 0 or stop.leg_m > 0:
                return index
        return None


@dataclass(frozen=True, slots=True)
class ReadRoute:
    """A route with everything known about it.

    Attributes
    ----------
    leading, trailing
        Breaks written before ``start`` and after ``end``.
    well_formed
        The stops are in the order of docs/semantics.md; only then the clock is judged.
    """

    route: PlanRoute
    technician: Technician | None
    shift: Shift | None
    time: WorkingTime | None
    leading: tuple[PlanStop, ...]
    departure: PlanStop | None
    segments: tuple[Segment, ...]
    end: PlanStop | None
    trailing: tuple[PlanStop, ...]
    well_formed: bool

    @property
    def is_out(self) -> bool:
        """Whether the technician is out already: on the way with or without visits."""
        return self.shift is not None and self.shift.out_at is not None

    @property
    def served(self) -> tuple[Segment, ...]:
        """Segments that lead to a visit."""
        return tuple(s for s in self.segments if s.stop is not None and s.stop.kind == "visit")

    @property
    def spans(self) -> tuple[tuple[Segment, ...], ...]:
        """Segments from visit to visit: pick-ups on the way, then the visit (or ``end``)."""
        spans, span = list[tuple[Segment, ...]](), list[Segment]()
        for segment in self.segments:
            span.append(segment)
            if segment.stop is None or segment.stop.kind != "pickup":
                spans.append(tuple(span))
                span = []
        return tuple(spans)

    @property
    def breaks(self) -> tuple[PlanStop, ...]:
        """All breaks, in the order written."""
        between = [stop for segment in self.segments for stop in segment.breaks]
        return (*self.leading, *between, *self.trailing)

    def broken(
        self, code: str, found: object, expected: object, visit: str | None = None
    ) -> Violation:
        """Return a violation on this route."""
        return Violation(code, str(found), str(expected), self.route.technician, visit)


def read_plan(facts: Facts, plan: DayPlan) -> tuple[ReadRoute, ...]:
    """Return all routes of a plan, read."""
    return tuple(_read_route(facts, route) for route in plan.routes)


def _read_route(facts: Facts, route: PlanRoute) -> ReadRoute:
    technician = facts.technicians.get(route.technician)
    shift = None
    if technician is not None and 0 <= route.shift < len(technician.shifts):
        shift = technician.shifts[route.shift]
    kinds = [stop.kind for stop in route.stops]
    first = kinds.index("start") if "start" in kinds else -1
    last = len(kinds) - 1 - kinds[::-1].index("end") if "end" in kinds else len(kinds)
    leading, middle = route.stops[: max(first, 0)], route.stops[first + 1 : last]
    trailing = route.stops[last + 1 :]
    departure = route.stops[first] if first >= 0 else None
    end = route.stops[last] if last < len(kinds) else None
    well_formed = (
        departure is not None
        and end is not None
        and first < last
        and all(stop.kind == "break" for stop in (*leading, *trailing))
        and all(stop.kind in {"visit", "pickup", "break"} for stop in middle)
    )
    return ReadRoute(
        route=route,
        technician=technician,
        shift=shift,
        time=facts.working_time(technician, shift) if technician and shift else None,
        leading=tuple(stop for stop in leading if stop.kind == "break"),
        departure=departure,
        segments=_segments(facts, (technician, shift), departure, middle, end),
        end=end,
        trailing=tuple(stop for stop in trailing if stop.kind == "break"),
        well_formed=well_formed,
    )


def _segments(
    facts: Facts,
    who: tuple[Technician | None, Shift | None],
    departure: PlanStop | None,
    middle: tuple[PlanStop, ...],
    end: PlanStop | None,
) -> tuple[Segment, ...]:
    technician, shift = who
    origin = facts.start_place(technician, shift) if technician else None
    before, breaks, segments = departure, list[PlanStop](), list[Segment]()
    for stop in middle:
        if stop.kind == "break":
            breaks.append(stop)
        elif stop.kind == "visit":
            visit = facts.visits.get(stop.visit) if stop.visit is not None else None
            place = visit.place if visit else None
            segments.append(Segment(before, tuple(breaks), stop, visit, origin, place))
            before, breaks, origin = stop, [], place
        elif stop.kind == "pickup":
            point = facts.outlets.get(stop.outlet) if stop.outlet is not None else None
            place = point.place if point else None
            segments.append(Segment(before, tuple(breaks), stop, None, origin, place, point))
            before, breaks, origin = stop, [], place
    place = facts.end_place(technician) if technician else None
    segments.append(Segment(before, tuple(breaks), end, None, origin, place))
    return tuple(segments)


def check_routes(facts: Facts, routes: tuple[ReadRoute, ...]) -> list[Violation]:
    """Return what is wrong with the routes as documents: ids, shape, places, whole seconds."""
    found: list[Violation] = []
    for read in routes:
        found += _check_ids(facts, read)
        found += _check_shape(read)
        found += _check_places(read)
        for stop in read.route.stops:
            moments = (stop.reached, stop.arrival, stop.start, stop.end)
            found += [
                read.broken("moment_not_whole", moment.isoformat(), "whole seconds", stop.visit)
                for moment in dict.fromkeys(moments)
                if not facts.is_whole(moment)
            ]
    return found


def _check_ids(facts: Facts, read: ReadRoute) -> list[Violation]:
    route, found = read.route, list[Violation]()
    if read.technician is None:
        found.append(read.broken("unknown_technician", route.technician, "a technician of the day"))
    elif read.shift is None:
        shifts = len(read.technician.shifts)
        found.append(read.broken("unknown_shift", route.shift, f"0 to {shifts - 1}"))
    if read.technician is not None and route.outlet not in {None, read.technician.outlet}:
        found.append(read.broken("route_outlet", route.outlet, read.technician.outlet))
    if read.technician is not None:
        places = facts.start_place(read.technician, read.shift), facts.end_place(read.technician)
        if None in places:
            found.append(read.broken("place_unknown", "none", "a start and an end place"))
    return found


def _check_shape(read: ReadRoute) -> list[Violation]:
    found: list[Violation] = []
    order = "break*, start, (visit | pickup | break)*, end, break*"
    kinds = ", ".join(stop.kind for stop in read.route.stops)
    last = read.segments[-1]
    # A break that carries the leg to the end place is taken there: it belongs after `end`.
    if not read.well_formed or last.first_leg_at is not None:
        found.append(read.broken("stop_order", kinds, order))
    if not read.served and not read.is_out:
        found.append(read.broken("route_empty", "no visit", "no route"))
    return found


def _check_places(read: ReadRoute) -> list[Violation]:
    found: list[Violation] = []
    for segment in read.segments:
        stop, place = segment.stop, segment.destination
        if stop is None or place is None or stop.lon is None or stop.lat is None:
            continue
        # A hundred-thousandth of a degree is a meter: what rounding in a file may do.
        if abs(stop.lon - place.lon) > 1e-5 or abs(stop.lat - place.lat) > 1e-5:
            found.append(
                read.broken(
                    "stop_place", f"{stop.lon},{stop.lat}", f"{place.lon},{place.lat}", stop.visit
                )
            )
    return found
