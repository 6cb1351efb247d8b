"""The optimum of a small problem with all features by trying everything.

First every route of every vehicle: orders of visits, windows, places of breaks, at most two pick-up
stops of which each gives something. Its times come from arithmetic of its own
(``tests/route_search.py``). Then every way to combine routes, pools and nobody; a combination is
left out only when even without its links, shares and the worst lateness it costs as much as the
best one known. Where links join routes, the referee's schedule of the whole plan decides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cache

from solver.routing.features import UNLIMITED
from solver.routing.problem import FORBIDDEN, RoutingProblem
from solver.routing.referee_drive import Course, RouteDrive
from solver.routing.referee_links import settle_starts
from solver.routing.referee_route import price_course
from tests.route_search import RouteSearch
from tests.route_words import Found, Units

Visits = frozenset[int]
Tables = dict[Visits, list[Found]]

TOO_MUCH = 10**15


def feature_brute_force(problem: RoutingProblem) -> int:
    """Return the least cost of any plan.

    Parameters
    ----------
    problem
        A small one; no rule that leaves for the end together with links, as waiting could then
        make a route cheaper.
    """
    if problem.links is not None and problem.rules.leaves_for_end:
        raise ValueError("links together with leaves_for_end are not tried")
    return PlanSearch(problem).run()


class PlanSearch:
    """Combines routes in the order of vehicles; ``best`` is the cheapest plan so far."""

    def __init__(self, problem: RoutingProblem) -> None:
        self._p = problem
        self._shared = problem.fair_shares is not None or problem.rules.worst_late_rate > 0
        self._links = _read_links(problem)
        self._linked = {visit for link in self._links for visit in (link["first"], link["second"])}
        self.routes = cache(self._search)
        self._pools = cache(self._price_left)
        self._bounds = cache(self._bound)
        self._loads = [self._find_loads(k) for k in range(problem.n_vehicles)]
        self.best = TOO_MUCH

    def run(self) -> int:
        """Return the least cost."""
        vans = self._p.parts.van_stock.tolist() if self._p.parts is not None else []
        start = {van: tuple(units) for van, units in enumerate(vans)}
        self._extend(0, frozenset(range(self._p.n_visits)), [], 0, start, Counter())
        return self.best

    def van_of(self, k: int) -> int:
        """Return the van of vehicle ``k``, 0 without parts."""
        return 0 if self._p.parts is None else int(self._p.parts.vehicle_van[k])

    def _find_loads(self, k: int) -> set[Units]:
        """Return everything that may be left on the van of vehicle ``k`` when its turn comes."""
        if self._p.parts is None:
            return {()}
        loads = {tuple(self._p.parts.van_stock[self.van_of(k)].tolist())}
        for other in range(k):
            if self.van_of(other) == self.van_of(k):
                loads |= {
                    minus(load, route.used)
                    for load in loads
                    for routes in self.routes(other, load).values()
                    for route in routes
                }
        return loads

    def _search(self, k: int, load: Units) -> Tables:
        """Return the routes of vehicle ``k`` with ``load`` on its van, by their visits."""
        tables: Tables = {}
        for route in RouteSearch(self._p, k, load).run():
            tables.setdefault(route.visits, []).append(route)
        return {
            visits: self._keep_best(visits, routes) for visits, routes in sorted(
                tables.items(), key=lambda item: sorted(item[0])
            )
        }  # fmt: skip

    def _keep_best(self, visits: Visits, routes: list[Found]) -> list[Found]:
        """Return the routes that no other one beats in everything, the cheapest first.

        What waiting for others does to a route with links cannot be compared: all are kept.
        """
        routes.sort(key=lambda route: route.cost)
        if visits & self._linked:
            return routes
        kept: list[Found] = []
        for route in routes:
            if not any(self._beats(other, route) for other in kept):
                kept.append(route)
        return kept

    def _beats(self, one: Found, two: Found) -> bool:
        """Tell whether ``one``, which is no dearer, is no worse than ``two`` in all else."""
        if self._shared and (
            one.work > two.work or one.meters > two.meters or one.worst > two.worst
        ):
            return False
        taken = dict(two.taken)
        return all(units <= taken.get(what, 0) for what, units in one.taken)

    def _bound(self, k: int, left: Visits) -> int:
        """Return a cost that vehicles from ``k`` on, pools and nobody cannot undercut."""
        if k == self._p.n_vehicles:
            return self._pools(left)
        lowest = TOO_MUCH if self._is_out(k) else self._bounds(k + 1, left)
        for load in self._loads[k]:
            for visits, routes in self.routes(k, load).items():
                if visits <= left:
                    lowest = min(lowest, routes[0].cost + self._bounds(k + 1, left - visits))
        return lowest

    def _extend(  # noqa: PLR0917 - the state of one depth-first step
        self,
        k: int,
        left: Visits,
        chosen: list[Found],
        cost: int,
        vans: Mapping[int, Units],
        taken: Counter[tuple[int, int]],
    ) -> None:
        if cost + self._bounds(k, left) >= self.best:
            return
        if k == self._p.n_vehicles:
            total = self.price(left, chosen)
            self.best = self.best if total is None else min(self.best, total)
            return
        van = self.van_of(k)
        load = vans.get(van, ())
        for visits, routes in self.routes(k, load).items():
            if not visits <= left:
                continue
            rest = self._bounds(k + 1, left - visits)
            for route in routes:
                if cost + route.cost + rest >= self.best:
                    break
                given = taken + Counter(dict(route.taken))
                if self.in_stock(given):
                    after = {**vans, van: minus(load, route.used)}
                    self._extend(
                        k + 1, left - visits, [*chosen, route], cost + route.cost, after, given
                    )
        if not self._is_out(k):
            self._extend(k + 1, left, chosen, cost, vans, taken)

    def _is_out(self, k: int) -> bool:
        return self._p.agreed is not None and bool(self._p.agreed.vehicle_out[k])

    def in_stock(self, taken: Mapping[tuple[int, int], int]) -> bool:
        """Tell whether the stocks hold what is ``taken``, by (stock row, part)."""
        parts = self._p.parts
        return parts is None or all(
            int(parts.stock[row, part]) == UNLIMITED or units <= int(parts.stock[row, part])
            for (row, part), units in taken.items()
        )

    def price(self, left: Visits, chosen: list[Found]) -> int | None:
        """Return the cost of ``chosen`` routes and of what is ``left``; None if links forbid it."""
        person = {visit: self._person(route.vehicle) for route in chosen for visit in route.visits}
        if not all(_admits(link, person) for link in self._links):
            return None
        cost = sum(route.cost for route in chosen)
        work = {route.vehicle: (route.work, route.meters) for route in chosen}
        worst = max((route.worst for route in chosen), default=0)
        if any(route.visits & self._linked for route in chosen):
            courses = self._drive(chosen)
            if courses is None:
                return None
            cost = sum(sum(price_course(self._p, k, c).values()) for k, c in courses.items())
            work = {k: (course.work_s, course.meters) for k, course in courses.items()}
            worst = max(m.lateness_s for course in courses.values() for m in course.moments)
        cost += self._pools(left) + worst * self._p.rules.worst_late_rate
        return cost + self._price_shares(work)

    def _person(self, k: int) -> int:
        return k if self._p.links is None else int(self._p.links.vehicle_person[k])

    def _drive(self, chosen: list[Found]) -> dict[int, Course] | None:
        """Return the courses of a plan with links; None if it breaks a hard rule."""
        p = self._p
        drives = {route.vehicle: self._get_drive(route) for route in chosen}
        starts = settle_starts(p, drives, patience_s=0)
        if isinstance(starts, int):
            return None
        courses: dict[int, Course] = {}
        for route in chosen:
            k = route.vehicle
            course = drives[k].drive_from(route.departure, starts)
            courses[k] = course
            if not route.visits:
                continue  # out already: comes home as it can
            limit = int(p.vehicle_latest[k]) + int(p.vehicle_overtime_s[k])
            if course.end > limit or any(moment.overrun_s for moment in course.moments):
                return None
            longest = UNLIMITED if p.limits is None else int(p.limits.duration_s[k])
            if longest != UNLIMITED and course.end - course.departure > longest:
                return None
            driving = UNLIMITED if p.limits is None else int(p.limits.driving_s[k])
            if driving != UNLIMITED and course.driving_s > driving:
                return None
        return courses

    def _get_drive(self, route: Found) -> RouteDrive:
        if route.drive is None:
            route.drive = RouteDrive(self._p, route.vehicle, route.steps)
        return route.drive

    def _price_shares(self, work: Mapping[int, tuple[int, int]]) -> int:
        shares = self._p.fair_shares
        if shares is None:
            return 0
        total = 0
        for person in range(len(shares.work_s)):
            mine = [work[k] for k in work if int(shares.vehicle_person[k]) == person]
            seconds = sum(s for s, _ in mine) - int(shares.work_s[person])
            meters = sum(m for _, m in mine) - int(shares.distance_m[person])
            total += max(0, seconds) * int(shares.cost_per_second[person])
            total += max(0, meters) * int(shares.cost_per_meter[person])
        return total

    def _price_left(self, left: Visits, pool: int = 0) -> int:
        """Return the least cost of giving ``left`` to pools from ``pool`` on and to nobody."""
        p = self._p
        if pool == p.n_pools:
            return sum(int(p.visit_penalty[v]) for v in left)
        best = self._pools(left, pool + 1)
        for members in _subsets(left, int(p.pool_capacity[pool])):
            prices = [int(p.pool_cost[v, pool]) for v in members]
            if FORBIDDEN in prices or not self._pool_has(pool, members):
                continue
            best = min(best, sum(prices) + self._pools(left - members, pool + 1))
        return best

    def _pool_has(self, pool: int, members: Visits) -> bool:
        parts = self._p.parts
        if parts is None:
            return True
        needed: Counter[int] = Counter()
        for v in members:
            for row in range(int(parts.need_offset[v]), int(parts.need_offset[v + 1])):
                needed[int(parts.need_part[row])] += int(parts.need_quantity[row])
        return all(
            int(parts.pool_stock[pool, part]) == UNLIMITED or n <= parts.pool_stock[pool, part]
            for part, n in needed.items()
        )


def minus(load: Units, used: Units) -> Units:
    """Return what is left on a van."""
    return tuple(a - b for a, b in zip(load, used, strict=True))


def _subsets(visits: Visits, most: int) -> list[Visits]:
    found: list[Visits] = [frozenset()]
    for visit in sorted(visits):
        found += [chosen | {visit} for chosen in found if len(chosen) < most]
    return found[1:]


def _read_links(problem: RoutingProblem) -> list[dict[str, int]]:
    if problem.links is None:
        return []
    names = ("first", "second", "person", "demands")
    columns = [getattr(problem.links, name).tolist() for name in names]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def _admits(link: Mapping[str, int], person: Mapping[int, int]) -> bool:
    one, two = person.get(link["first"]), person.get(link["second"])
    if one is None or two is None:
        alone = {0: True, 1: two is None, 2: one is two}
        return alone[link["demands"]]
    return {0: True, 1: one == two, 2: one != two}[link["person"]]
