"""Say at each pick-up stop of a timed plan what is taken there."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from dispatch.domain import PartNeed, PlanRoute
from dispatch.referee.facts import Facts
from dispatch.referee.pickups import Units, by_person, units_of, units_on
from dispatch.referee.reading import ReadRoute

Stop = tuple[int, int]
"""(route, stop) by position."""


def allot(
    facts: Facts, routes: tuple[PlanRoute, ...], reads: tuple[ReadRoute, ...]
) -> tuple[PlanRoute, ...]:
    """Return the routes with the parts of their pick-up stops.

    What a visit lacks on the van is taken whole at the last stop before it whose outlet has enough
    left, else at the last one before it whose outlet knows the part; else nowhere (the judge
    reports it).
    """
    allotting = _Allotting(facts)
    positions = {id(read): number for number, read in enumerate(reads)}
    for own in by_person(reads):
        used: Units = Counter()
        for read in own:
            allotting.drive(positions[id(read)], read, used)
    return tuple(
        route.model_copy(
            update={
                "stops": tuple(
                    stop.model_copy(update={"parts": _needs(allotting.takes[number, index])})
                    if (number, index) in allotting.takes
                    else stop
                    for index, stop in enumerate(route.stops)
                )
            }
        )
        for number, route in enumerate(routes)
    )


def _needs(units: Units) -> tuple[PartNeed, ...]:
    return tuple(PartNeed(part=part, quantity=count) for part, count in sorted(units.items()))


@dataclass
class _Allotting:
    """What each outlet has given so far, and what is taken at which stop."""

    facts: Facts
    given: dict[str, Units] = field(default_factory=dict)
    takes: dict[Stop, Units] = field(default_factory=dict)

    def drive(self, number: int, read: ReadRoute, used: Units) -> None:
        """Follow one shift; ``used`` is what the van has lost so far."""
        if read.technician is None or read.time is None:
            return
        there = units_on(read.technician.van_stock, read.time.date)
        passed: list[tuple[int, str]] = []
        for index, stop in enumerate(read.route.stops):
            if stop.kind == "pickup" and stop.outlet is not None:
                passed.insert(0, (index, stop.outlet))
            # Only the first of a crew has parts written on the stop.
            needs = units_of(stop.parts) if stop.kind == "visit" else Counter[str]()
            for part, units in needs.items():
                van = min(units, max(0, there[part] - used[part]))
                used[part] += van
                if units > van:
                    self._take(number, read, passed, (part, units - van))

    def _take(
        self, number: int, read: ReadRoute, passed: list[tuple[int, str]], need: tuple[str, int]
    ) -> None:
        part, units = need
        known, enough = list[tuple[int, str]](), list[tuple[int, str]]()
        for index, name in passed:
            stock = self.facts.outlets[name].stock
            if read.time is None or all(one.part != part for one in stock):
                continue
            known.append((index, name))
            left = units_on(stock, read.time.date)[part] - self.given.get(name, Counter())[part]
            if left >= units:
                enough.append((index, name))
        for index, name in (enough or known)[:1]:
            self.takes.setdefault((number, index), Counter())[part] += units
            self.given.setdefault(name, Counter())[part] += units
