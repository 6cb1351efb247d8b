"""How the referee judges parts: what is on the van, what is picked up, what is left in stock.

Written from ``docs/semantics.md`` ("Parts"). Nothing is planned here: units move as the pick-up
stops of the solution say, and every visit must find its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from solver.routing.features import UNLIMITED, Parts
from solver.routing.problem import RoutingProblem
from solver.routing.solution import RoutingSolution, StepKind, Stop
from solver.routing.violation import Violation, ViolationCode

Units = Counter[int]


def judge_parts(
    problem: RoutingProblem, solution: RoutingSolution, sound: Sequence[int]
) -> list[Violation]:
    """Find every visit without its parts and every stock that gives more than it has.

    Parameters
    ----------
    problem
        The problem.
    solution
        The solution.
    sound
        Positions of the routes whose steps make sense; the others are not judged.

    Returns
    -------
    tuple
        Violations of ``PART`` and ``STOCK``.
    """
    parts = problem.parts
    if parts is None:
        return []
    found: list[Violation] = []
    vans = [Counter(dict(enumerate(row))) for row in parts.van_stock.tolist()]
    given: dict[int, Units] = {}
    for position in sound:
        route = solution.routes[position]
        van = vans[int(parts.vehicle_van[route.vehicle])]
        judge = _VanJudge(parts, f"vehicle {route.vehicle}", van)
        found.extend(judge.judge(route.stops))
        for row, units in judge.given.items():
            given.setdefault(row, Counter()).update(units)
    for row, units in sorted(given.items()):
        found.extend(_judge_stock(f"stock {row}", units, parts.stock[row].tolist()))
    for pool, members in enumerate(solution.pools[: problem.n_pools]):
        units = Counter()
        for visit in members:
            if 0 <= visit < problem.n_visits:
                units.update(get_needs(parts, visit))
        found.extend(_judge_stock(f"pool {pool}", units, parts.pool_stock[pool].tolist()))
    return found


def get_needs(parts: Parts, visit: int) -> dict[int, int]:
    """Return the units of each part that ``visit`` needs."""
    rows = range(int(parts.need_offset[visit]), int(parts.need_offset[visit + 1]))
    return {int(parts.need_part[row]): int(parts.need_quantity[row]) for row in rows}


def _judge_stock(where: str, units: Mapping[int, int], stock: Sequence[int]) -> list[Violation]:
    return [
        Violation(
            ViolationCode.STOCK, f"{where} part {part}", f"{count} units", f"at most {stock[part]}"
        )
        for part, count in sorted(units.items())
        if stock[part] != UNLIMITED and count > stock[part]
    ]


class _VanJudge:
    """Follows the units on one van along one route; ``given`` are those taken, by stock row."""

    def __init__(self, parts: Parts, where: str, van: Units) -> None:
        self._parts = parts
        self._where = where
        self._van = van
        self._found: list[Violation] = []
        self._short: dict[int, list[tuple[int, int]]] = {}
        self._takes: dict[int, list[tuple[int, int]]] = {}
        self.given: dict[int, Units] = {}

    def judge(self, stops: Sequence[Stop]) -> list[Violation]:
        """Return the violations of the route; the van keeps what is left for the next one."""
        brought: Units = Counter()
        for position, stop in enumerate(stops):
            if stop.step.kind is StepKind.PICKUP:
                self._take(position, stop)
            elif stop.taken:
                self._report(f"stop {position}", str(stop.taken), "nothing taken here")
            if stop.step.kind is StepKind.VISIT:
                self._use(position, stop.step.index, brought)
        for part in sorted({*self._short, *self._takes}):
            short, takes = self._short.get(part, []), self._takes.get(part, [])
            if not _matches(tuple(short), tuple(takes)):
                missing = ", ".join(f"{units} for stop {at}" for at, units in short) or "none"
                taken = ", ".join(f"{units} at stop {at}" for at, units in takes) or "nothing"
                self._report(f"part {part}", f"taken: {taken}", f"missing on the van: {missing}")
        return self._found

    def _report(self, what: str, found: str, expected: str) -> None:
        where = f"{self._where} {what}"
        self._found.append(Violation(ViolationCode.PART, where, found, expected))

    def _take(self, position: int, stop: Stop) -> None:
        known = range(self._parts.is_used_up.shape[0])
        kinds = [part for part, _ in stop.taken]
        sound = kinds == sorted(set(kinds)) and all(u >= 1 and p in known for p, u in stop.taken)
        if not sound:
            self._report(f"stop {position} taken", str(stop.taken), "ascending parts, units >= 1")
            return
        row = int(self._parts.point_stock[stop.step.index])
        self.given.setdefault(row, Counter()).update(dict(stop.taken))
        for part, units in stop.taken:
            self._takes.setdefault(part, []).append((position, units))

    def _use(self, position: int, visit: int, brought: Units) -> None:
        """Take what ``visit`` needs from the van; what is missing there is written down.

        ``brought`` counts tools that an earlier visit of the route already made necessary.
        """
        for part, units in get_needs(self._parts, visit).items():
            if int(self._parts.is_used_up[part]):
                missing = max(0, units - self._van[part])
                self._van[part] -= units - missing
            else:
                missing = max(0, units - self._van[part] - brought[part])
                brought[part] += missing
            if missing:
                self._short.setdefault(part, []).append((position, missing))


def _matches(short: tuple[tuple[int, int], ...], takes: tuple[tuple[int, int], ...]) -> bool:
    """Tell whether the units taken are exactly the missing ones, each whole at an earlier stop.

    Both are (position, units); tried from the last missing one back, every earlier stop.
    """
    if not short:
        return all(units == 0 for _, units in takes)
    *others, (position, missing) = short
    for number, (at, units) in enumerate(takes):
        if at < position and units >= missing:
            rest = (*takes[:number], (at, units - missing), *takes[number + 1 :])
            if _matches(tuple(others), rest):
                return True
    return False
