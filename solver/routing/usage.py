"""Which parts a route takes where, and whether there are enough of them for a plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from solver.routing.solution import BlockCode, Step, StepKind
from solver.routing.timetable_data import Infeasible, PartsData, TimetableData


@dataclass(frozen=True, slots=True)
class Usage:
    """What one route takes.

    Attributes
    ----------
    taken
        For each pick-up on the route, in order: (part, units) taken there, by part.
    left
        Units left on the van for the vehicles after it, by part.
    drawn
        Units drawn from each (stock, part).
    """

    taken: tuple[tuple[tuple[int, int], ...], ...] = ()
    left: tuple[int, ...] = ()
    drawn: Mapping[tuple[int, int], int] = field(default_factory=dict)


NOTHING = Usage()
"""What a route of a problem without parts takes."""


def use_parts(
    data: TimetableData, vehicle: int, steps: Sequence[Step], van: Sequence[int] | None = None
) -> Usage | Infeasible:
    """Return what a route takes from its van and at its pick-ups (``docs/semantics.md``, Parts).

    Parameters
    ----------
    data
        The problem's plain numbers.
    vehicle
        Whose route it is.
    steps
        Steps in order, breaks or not.
    van
        Units on the van when the route begins, by part; None = all that was there at first.

    Returns
    -------
    Usage or Infeasible
        ``BlockCode.PART`` with the first visit that needs what is neither on the van nor stocked
        at a pick-up before it.
    """
    if data.parts is None:
        return NOTHING
    load = _Load(data.parts, data.parts.van_of(vehicle) if van is None else list(van))
    for step in steps:
        if step.kind is StepKind.PICKUP:
            load.stop_at(step.index)
        elif step.kind is StepKind.VISIT and not load.serve(step.index):
            return Infeasible(BlockCode.PART, step, 0)
    return load.sum_up()


class _Load:
    """What is on a van on its way."""

    def __init__(self, parts: PartsData, van: list[int]) -> None:
        self._parts = parts
        self._van = van
        self._tools: Counter[int] = Counter()
        self._points: list[int] = []
        self._taken: list[Counter[int]] = []

    def stop_at(self, point: int) -> None:
        """Be at a pick-up point; what is taken there, later visits say."""
        self._points.append(point)
        self._taken.append(Counter())

    def serve(self, visit: int) -> bool:
        """Take what a visit needs; False if something cannot be had."""
        return all(self._provide(part, units) for part, units in self._parts.needs[visit])

    def _provide(self, part: int, units: int) -> bool:
        if self._parts.is_used_up[part]:
            missing = max(0, units - self._van[part])
            self._van[part] -= units - missing
        else:
            missing = max(0, units - self._van[part] - self._tools[part])
            self._tools[part] += missing
        return missing == 0 or self._pick(part, missing)

    def _pick(self, part: int, units: int) -> bool:
        """Take units at the last stop that stocks the part."""
        for point, taken in zip(reversed(self._points), reversed(self._taken), strict=True):
            if self._parts.stock[self._parts.point_stock[point]][part] != 0:
                taken[part] += units
                return True
        return False

    def sum_up(self) -> Usage:
        """Return the usage so far."""
        drawn: Counter[tuple[int, int]] = Counter()
        for point, taken in zip(self._points, self._taken, strict=True):
            for part, units in taken.items():
                drawn[self._parts.point_stock[point], part] += units
        sorted_taken = tuple(tuple(sorted(taken.items())) for taken in self._taken)
        return Usage(sorted_taken, tuple(self._van), dict(drawn))


def find_shortage(data: TimetableData, usages: Iterable[Usage]) -> tuple[int, int, int] | None:
    """Return (stock, part, units missing) of the first stock that gives out too much, or None."""
    if data.parts is None:
        return None
    drawn: Counter[tuple[int, int]] = Counter()
    for usage in usages:
        drawn.update(usage.drawn)
    for (stock, part), units in sorted(drawn.items()):
        there = data.parts.stock[stock][part]
        if 0 <= there < units:
            return stock, part, units - there
    return None


def find_pool_shortage(
    data: TimetableData, pool: int, visits: Iterable[int]
) -> tuple[int, int] | None:
    """Return (part, units missing) of the first part of which a pool has too little, or None.

    Units are added up over the visits, also those of tools.
    """
    if data.parts is None:
        return None
    needed: Counter[int] = Counter()
    for visit in visits:
        for part, units in data.parts.needs[visit]:
            needed[part] += units
    for part, units in sorted(needed.items()):
        there = data.parts.pool_stock[pool][part]
        if 0 <= there < units:
            return part, units - there
    return None
