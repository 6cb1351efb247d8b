"""The optimum of a tiny problem by trying everything; shares no code with any solver.

Every order of every subset of visits, every window, every place of every break, on every
vehicle; then every way to hand the subsets to vehicles, pools and nobody. Prefixes that break a
hard rule are cut, nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from solver.routing.problem import FORBIDDEN, RoutingProblem


@dataclass(frozen=True)
class _Way:
    """A route up to some moment.

    ``moment``: free again. ``place``: location. ``traveled``: already at the place of the visit
    ``heading`` (-1 = the end place). ``leading``: breaks taken at the first visit's place before
    it, as (latest start, duration). ``departure`` is None until the first visit is reached.
    """

    moment: int
    place: int
    served: frozenset[int] = frozenset()
    breaks: int = 0
    traveled: bool = False
    heading: int = -2
    leading: tuple[tuple[int, int], ...] = ()
    departure: int | None = None
    rested: int = 0
    meters: int = 0
    lateness_cost: int = 0


def brute_force(problem: RoutingProblem) -> int:
    """Return the least cost of any plan."""
    everything = frozenset(range(problem.n_visits))
    tables = [_RouteSearch(problem, k).run() for k in range(problem.n_vehicles)]
    tables += [_pool_table(problem, q, everything) for q in range(problem.n_pools)]

    @cache
    def best(number: int, left: frozenset[int]) -> int:
        if number == len(tables):
            return sum(int(problem.visit_penalty[v]) for v in left)
        cheapest = best(number + 1, left)
        for taken, cost in tables[number].items():
            if taken <= left:
                cheapest = min(cheapest, cost + best(number + 1, left - taken))
        return cheapest

    return best(0, everything)


def _pool_table(
    problem: RoutingProblem, q: int, everything: frozenset[int]
) -> dict[frozenset[int], int]:
    table: dict[frozenset[int], int] = {frozenset(): 0}
    for v in everything:
        price = int(problem.pool_cost[v, q])
        if price != FORBIDDEN:
            table.update({taken | {v}: cost + price for taken, cost in table.items()})
    return {t: c for t, c in table.items() if 0 < len(t) <= int(problem.pool_capacity[q])}


class _RouteSearch:
    """The least cost of each set of visits on one vehicle."""

    def __init__(self, problem: RoutingProblem, k: int) -> None:
        self.p = problem
        self.k = k
        profile = int(problem.vehicle_profile[k])
        self.seconds = problem.durations_s[profile].tolist()
        self.meters = problem.distances_m[profile].tolist()
        self.start, self.end = int(problem.vehicle_start[k]), int(problem.vehicle_end[k])
        self.earliest = int(problem.vehicle_earliest[k])
        self.breaks = [
            (
                int(problem.break_earliest[b]),
                int(problem.break_latest[b]),
                int(problem.break_duration_s[b]),
            )
            for b in problem.breaks_of(k)
        ]
        self.table: dict[frozenset[int], int] = {}

    def run(self) -> dict[frozenset[int], int]:
        self._grow(_Way(self.earliest, self.start))
        return self.table

    def _grow(self, way: _Way) -> None:
        if not way.traveled:
            if way.breaks < len(self.breaks):
                self._pause(way)
            for visit in range(self.p.n_visits):
                if visit not in way.served and self._admits(way, visit):
                    self._travel(way, visit)
            if way.served:
                self._finish(way)
            return
        if way.breaks < len(self.breaks):
            self._pause(way)
        self._serve(way)

    def _admits(self, way: _Way, visit: int) -> bool:
        if int(self.p.assignment_cost[visit, self.k]) == FORBIDDEN:
            return False
        load = sum(self.p.visit_demand[v].astype(int) for v in (*way.served, visit))
        return bool((load <= self.p.vehicle_capacity[self.k]).all())

    def _pause(self, way: _Way) -> None:
        earliest, latest, duration = self.breaks[way.breaks]
        begin = max(way.moment, earliest)
        if begin > latest:
            return
        # Paid time is from the departure on: a break at the start place lies before it.
        before_leaving = not way.served and not way.traveled
        leading = way.leading
        if way.traveled and not way.served:
            leading = (*leading, (latest, duration))
        self._grow(
            replace(
                way,
                moment=begin + duration,
                breaks=way.breaks + 1,
                leading=leading,
                rested=way.rested + (0 if before_leaving else duration),
            )
        )

    def _travel(self, way: _Way, visit: int) -> None:
        there = int(self.p.visit_location[visit])
        seconds = self.seconds[way.place][there]
        if seconds >= 0:
            meters = way.meters + self.meters[way.place][there]
            moment = way.moment + seconds
            self._grow(
                replace(
                    way, moment=moment, place=there, traveled=True, heading=visit, meters=meters
                )
            )

    def _serve(self, way: _Way) -> None:
        p, visit = self.p, way.heading
        access = int(p.visit_access_s[visit])
        for w in p.windows_of(visit):
            arrival = max(way.moment + access, int(p.window_earliest[w]))
            if arrival > int(p.window_limit[w]):
                continue
            late = max(0, arrival - int(p.window_latest[w]))
            knee = int(p.late_knee_s[visit])
            price = int(p.late_rate[visit]) * min(late, knee)
            price += int(p.late_rate_after[visit]) * max(0, late - knee)
            departure = way.departure
            if departure is None:
                departure = self._leave_for(arrival - access, way)
            self._grow(
                replace(
                    way,
                    moment=arrival + int(p.visit_service_s[visit]),
                    served=way.served | {visit},
                    traveled=False,
                    departure=departure,
                    lateness_cost=way.lateness_cost + price,
                )
            )

    def _leave_for(self, moment: int, way: _Way) -> int:
        """Return the latest departure for being done with leading breaks at ``moment``."""
        for latest, duration in reversed(way.leading):
            moment = min(latest, moment - duration)
        return moment - int(self.seconds[self.start][way.place])

    def _finish(self, way: _Way) -> None:
        p, k = self.p, self.k
        seconds = self.seconds[way.place][self.end]
        if seconds < 0:
            return
        end = way.moment + seconds
        late = max(0, end - int(p.vehicle_latest[k]))
        if late > int(p.vehicle_overtime_s[k]):
            return
        free = end
        for earliest, latest, duration in self.breaks[way.breaks :]:
            if max(free, earliest) > latest:
                return
            free = max(free, earliest) + duration
        assert way.departure is not None
        meters = way.meters + self.meters[way.place][self.end]
        cost = (
            int(p.vehicle_fixed_cost[k])
            + (end - way.departure - way.rested) * int(p.cost_per_second[k])
            + late * int(p.cost_per_overtime_second[k])
            + meters * int(p.cost_per_meter[k])
            + way.lateness_cost
            + sum(int(p.assignment_cost[v, k]) for v in way.served)
        )
        if cost < self.table.get(way.served, cost + 1):
            self.table[way.served] = cost
