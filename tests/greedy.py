"""A plain greedy planner over the arrays of a day, for plans without the engine.

Visit by visit it tries shifts, positions and pick-ups, keeps the first that the timetable accepts
and skips what it cannot place. Small days only.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator

from dispatch.planning.translate import Translation
from solver.errors import InvalidParameter
from solver.routing.problem import FORBIDDEN
from solver.routing.solution import RoutingSolution, Step, StepKind
from solver.routing.timetable import TimetableData, build_solution, place_breaks
from solver.status import StoppedBy

Bare = dict[int, list[Step]]
"""Steps without breaks, by vehicle."""


def greedy(t: Translation, seed: int = 0) -> RoutingSolution:
    """Return a legal solution; which one depends on the seed."""
    return Greedy(t, seed).run()


class Greedy:
    """State of one greedy plan."""

    def __init__(self, t: Translation, seed: int) -> None:
        self.t, self.data = t, TimetableData(t.problem)
        self.rng = random.Random(seed)  # noqa: S311 - repeatable, no secret
        self.bare: Bare = {}
        self.pools: list[list[int]] = [[] for _ in t.contracted]

    def run(self, share: float = 1.0) -> RoutingSolution:
        """Return a plan for the first ``share`` of the visits."""
        best = self.build(self.bare, self.pools)
        assert best is not None
        firsts = self.t.once(range(len(self.t.seats)))
        # What others come after comes first, as a rule.
        for first in firsts[: round(share * len(firsts))]:
            size = self.t.visits[first].crew_size
            for bare, pools in self.tries(list(range(first, first + size))):
                made = self.build(bare, pools)
                if made is not None and not useless(made):
                    self.bare, self.pools, best = bare, pools, made
                    break
        return best

    def tries(self, seats: list[int]) -> Iterator[tuple[Bare, list[list[int]]]]:
        for q in range(len(self.pools)):
            if self.t.problem.pool_cost[seats[0], q] != FORBIDDEN and self.rng.random() < 0.3:
                pools = [[*m, seats[0]] if p == q else list(m) for p, m in enumerate(self.pools)]
                yield self.bare, pools
        allowed = [
            [j for j in range(len(self.t.lines)) if self.t.problem.assignment_cost[s, j] >= 0]
            for s in seats
        ]
        for vehicles in itertools.product(*allowed):
            if len({self.t.lines[j].number for j in vehicles}) < len(vehicles):
                continue
            yield from self.placed(seats, vehicles)

    def placed(
        self, seats: list[int], vehicles: tuple[int, ...]
    ) -> Iterator[tuple[Bare, list[list[int]]]]:
        windows = [list(self.t.problem.windows_of(s)) for s in seats]
        points = range(0 if self.t.parts is None else len(self.t.parts.points))
        needs = self.t.visits[seats[0]].parts
        pickups: list[tuple[int, ...]] = [()]
        if needs:
            pickups += [(p,) for p in points] + list(itertools.permutations(points, 2))[:20]
        for chosen in itertools.product(*windows):
            for stops, at_end in itertools.product(pickups, (True, False)):
                bare = {j: list(steps) for j, steps in self.bare.items()}
                for number, (seat, j, w) in enumerate(zip(seats, vehicles, chosen, strict=True)):
                    steps = bare.setdefault(j, [])
                    place = len(steps) if at_end else self.rng.randint(0, len(steps))
                    new = [Step(StepKind.VISIT, seat, w)]
                    if number == 0:
                        new = [*(Step(StepKind.PICKUP, p, 0) for p in stops), *new]
                    steps[place:place] = new
                yield bare, self.pools

    def build(self, bare: Bare, pools: list[list[int]]) -> RoutingSolution | None:
        routes = {}
        for vehicle, steps in bare.items():
            placed = place_breaks(self.t.problem, vehicle, steps, data=self.data)
            if not isinstance(placed, tuple):
                return None
            routes[vehicle] = placed
        try:
            return build_solution(
                self.t.problem, routes, pools, engine="greedy", seed=0, iterations=0,
                runtime_s=0.0, stopped_by=StoppedBy.ITERATIONS, data=self.data,
            )  # fmt: skip
        except InvalidParameter:
            return None


def useless(solution: RoutingSolution) -> bool:
    """Return whether somebody stops for parts and takes none."""
    return any(
        stop.step.kind is StepKind.PICKUP and not stop.taken
        for route in solution.routes
        for stop in route.stops
    )
