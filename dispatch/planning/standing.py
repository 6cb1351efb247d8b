"""The plan as it stands: who serves what, and which parts are left where."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from dispatch.domain import PartNeed, Stock, Visit
from dispatch.planning.stock import pickup_outlets, units_by
from dispatch.planning.translate import Translation
from solver.routing.solution import RoutingSolution, StepKind, Stop


class Standing:
    """What a solution leaves for a visit it does not serve.

    Parameters
    ----------
    t, solution
        The day and its plan.
    """

    def __init__(self, t: Translation, solution: RoutingSolution) -> None:
        self._t = t
        self.stops: dict[str, list[tuple[int, Stop]]] = {}
        """(technician's number, stop) of each seat of a visit on a route, by visit id, in the
        order of the seats."""
        self.visits_on = {route.vehicle: len(route.visits) for route in solution.routes}
        """Visits on each used vehicle."""
        served: list[tuple[int, int, Stop]] = []
        for route in solution.routes:
            number = t.lines[route.vehicle].number
            served += [
                (stop.step.index, number, stop)
                for stop in route.stops
                if stop.step.kind is StepKind.VISIT
            ]
        for index, number, stop in sorted(served, key=lambda item: item[0]):
            self.stops.setdefault(t.visits[index].id, []).append((number, stop))
        self._used_by_van, self._drawn = _use(t, solution)

    def lacks(self, number: int, needs: Iterable[PartNeed]) -> list[PartNeed]:
        """Return what a technician can neither take from the van nor pick up anywhere.

        Parameters
        ----------
        number
            Of the technician.
        needs
            Parts of a visit.
        """
        return [need for need in needs if not self._has(number, need)]

    def lacks_anywhere(self, needs: Iterable[PartNeed]) -> list[PartNeed]:
        """Return what nobody can take from a van or pick up on any day of the horizon."""
        numbers = {line.number for line in self._t.lines} or {-1}
        return [need for need in needs if not any(self._has(n, need) for n in numbers)]

    def earliest_date(self, visit: Visit) -> date | None:
        """Return the first day on which the parts of a visit that lacks them could be there.

        That is when enough units of each part are left at one van or outlet. None if that is never
        so, or if nothing is lacking.
        """
        lacking = bool(visit.parts) and not _can_be_had(self._t, visit)
        if not lacking and not self.lacks_anywhere(visit.parts):
            return None
        begin = self._t.clock.dates[0]
        days = [_first_day(self._places(n.part), n.quantity, begin) for n in visit.parts]
        known = [day for day in days if day is not None]
        return max(known) if len(known) == len(days) else None

    def _places(self, part: str) -> list[list[tuple[date | None, int]]]:
        """Return (day, units) of every van and outlet, units used up by the plan taken off."""
        people = {line.number: line.technician for line in self._t.lines}
        places = [
            (technician.van_stock, self._used_by_van.get((number, part), 0))
            for number, technician in sorted(people.items())
        ]
        places += [(o.stock, self._drawn_at(o.id, part)) for o in pickup_outlets(self._t.day)]
        return [[(None, -used), *_arrivals(stock, part)] for stock, used in places]

    def _has(self, number: int, need: PartNeed) -> bool:
        parts = self._t.parts
        if parts is None:
            raise ValueError("a visit needs parts on a day without parts")
        part = parts.ids.index(need.part)
        on_van = 0
        if number >= 0:
            on_van = int(parts.arrays.van_stock[number, part])
            on_van -= self._used_by_van.get((number, need.part), 0)
        missing = need.quantity - on_van
        return missing <= 0 or any(
            int(parts.arrays.stock[row, part]) - self._drawn.get((row, need.part), 0) >= missing
            for row in {point.stock for point in parts.points}
        )

    def _drawn_at(self, outlet: str, part: str) -> int:
        if self._t.parts is None:
            return 0
        rows = {point.stock for point in self._t.parts.points if point.outlet.id == outlet}
        return sum(self._drawn.get((row, part), 0) for row in rows)


def _can_be_had(t: Translation, visit: Visit) -> bool:
    """Return whether one van and one outlet have the parts on a day the visit may fall on."""
    vans = [technician.van_stock for technician in t.day.technicians] or [()]
    outlets = [outlet.stock for outlet in pickup_outlets(t.day)] or [()]
    return any(
        all(
            units_by(van, need.part, day) + max(units_by(o, need.part, day) for o in outlets)
            >= need.quantity
            for need in visit.parts
        )
        for day in t.clock.dates
        if not visit.days or day in visit.days
        for van in vans
    )


def _arrivals(stock: Iterable[Stock], part: str) -> list[tuple[date | None, int]]:
    return [(entry.available_on, entry.quantity) for entry in stock if entry.part == part]


def _first_day(
    places: Iterable[Sequence[tuple[date | None, int]]], units: int, begin: date
) -> date | None:
    """Return the first day from ``begin`` on which one place has enough."""
    found: list[date] = []
    for arrivals in places:
        there = 0
        for day, more in sorted((max(day or begin, begin), more) for day, more in arrivals):
            there += more
            if there >= units:
                found.append(day)
                break
    return min(found, default=None)


def _use(
    t: Translation, solution: RoutingSolution
) -> tuple[dict[tuple[int, str], int], dict[tuple[int, str], int]]:
    """Return units used by (technician, part) from vans and by (stock row, part) from outlets."""
    vans: dict[tuple[int, str], int] = {}
    drawn: dict[tuple[int, str], int] = {}
    if t.parts is None:
        return vans, drawn
    for route in solution.routes:
        number = t.lines[route.vehicle].number
        for stop in route.stops:
            if stop.step.kind is StepKind.PICKUP:
                row = t.parts.points[stop.step.index].stock
                for part, units in stop.taken:
                    _add(drawn, (row, t.parts.ids[part]), units)
                    _add(vans, (number, t.parts.ids[part]), -units)
            elif stop.step.kind is StepKind.VISIT and t.seats[stop.step.index].member == 0:
                for need in t.visits[stop.step.index].parts:
                    _add(vans, (number, need.part), need.quantity)
    return vans, drawn


def _add(counts: dict[tuple[int, str], int], key: tuple[int, str], units: int) -> None:
    counts[key] = counts.get(key, 0) + units
