"""Every route of one vehicle through a small problem, with schedule arithmetic of its own.

Prefixes that break a hard rule are cut, nothing else. Links to other visits are left out here: they
can only delay a route and make it dearer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from solver.routing.features import UNLIMITED
from solver.routing.problem import FORBIDDEN, RoutingProblem
from solver.routing.solution import Step, StepKind
from tests.route_words import Act, Found, Units, Way

MOST_PICKUPS = 2
W = 2**30


@dataclass
class RouteSearch:
    """Finds every route of vehicle ``k`` whose van holds ``load`` at first."""

    p: RoutingProblem
    k: int
    load: Units
    found: list[Found] = field(default_factory=list)

    def __post_init__(self) -> None:
        p, k = self.p, self.k
        profile = int(p.vehicle_profile[k])
        self.free: list[list[int]] = p.durations_s[profile].tolist()
        self.meters: list[list[int]] = p.distances_m[profile].tolist()
        self.starts: list[int] = [0]
        self.by_bucket: list[list[list[int]]] = [self.free]
        if p.rush_hours is not None and p.rush_hours.durations_s[profile]:
            regimes = [matrix.tolist() for matrix in p.rush_hours.durations_s[profile]]
            self.starts = p.rush_hours.bucket_start.tolist()
            self.by_bucket = [regimes[r] for r in p.rush_hours.bucket_regime.tolist()]
        self.breaks = [
            (int(p.break_earliest[b]), int(p.break_latest[b]), int(p.break_duration_s[b]))
            for b in p.breaks_of(k)
        ]
        self.first_break = p.breaks_of(k).start
        self.end, self.earliest = int(p.vehicle_end[k]), int(p.vehicle_earliest[k])
        self.limit = int(p.vehicle_latest[k]) + int(p.vehicle_overtime_s[k])
        group = 0 if p.service_times is None else int(p.service_times.vehicle_group[k])
        self.service = (
            p.visit_service_s if p.service_times is None else p.service_times.service_s[:, group]
        ).tolist()
        self.out = p.agreed is not None and bool(p.agreed.vehicle_out[k])
        linked = () if p.links is None else (*p.links.first, *p.links.second)
        self.linked = {int(visit) for visit in linked}
        self.needs: list[list[tuple[int, int]]] = [[] for _ in range(p.n_visits)]
        if p.parts is not None:
            for v in range(p.n_visits):
                for row in range(int(p.parts.need_offset[v]), int(p.parts.need_offset[v + 1])):
                    need = int(p.parts.need_part[row]), int(p.parts.need_quantity[row])
                    self.needs[v].append(need)

    def run(self) -> list[Found]:
        """Return all routes with at least one visit, and that without any of who is out."""
        if self.out:
            self._go_home()
        self._grow(Way(self.earliest, int(self.p.vehicle_start[self.k]), self.load))
        return self.found

    def arrive(self, here: int, there: int, clock: int) -> int:
        """Return when a leg ends: what a bucket's seconds drive of it is taken off the rest."""
        rest = W
        last = len(self.starts) - 1
        for bucket in range(last + 1):
            if bucket < last and self.starts[bucket + 1] <= clock:
                continue
            whole = self.by_bucket[bucket][here][there]
            if bucket == last or rest * whole <= (self.starts[bucket + 1] - clock) * W:
                return clock + (rest * whole + W - 1) // W
            rest -= (self.starts[bucket + 1] - clock) * W // whole
            clock = self.starts[bucket + 1]
        raise AssertionError

    def leave(self, leg: tuple[int, int], arrival: int) -> int:
        """Return the latest departure that is there by ``arrival``."""
        here, there = leg
        low = arrival - max(matrix[here][there] for matrix in self.by_bucket) - 1
        high = arrival
        while low < high:
            middle = (low + high + 1) // 2
            if self.arrive(here, there, middle) <= arrival:
                low = middle
            else:
                high = middle - 1
        return low

    def _grow(self, way: Way) -> None:
        if way.breaks < len(self.breaks):
            self._pause(way)
        if way.heading is not None:
            if way.heading.kind is StepKind.VISIT:
                self._serve(way, way.heading)
            else:
                self._pick_up(way, way.heading)
            return
        for visit in range(self.p.n_visits):
            if visit not in way.served and self._admits(way, visit):
                for window in self.p.windows_of(visit):
                    step = Step(StepKind.VISIT, visit, window)
                    self._travel(way, step, int(self.p.visit_location[visit]))
        self._fetch(way)
        if way.served:
            self._finish(way)

    def _fetch(self, way: Way) -> None:
        parts = self.p.parts
        if parts is None or len(way.points) == MOST_PICKUPS:
            return
        for point, there in enumerate(parts.point_location.tolist()):
            if self._may_help(way, point):
                self._travel(way, Step(StepKind.PICKUP, point, 0), there)

    def _admits(self, way: Way, visit: int) -> bool:
        p = self.p
        if int(p.assignment_cost[visit, self.k]) == FORBIDDEN:
            return False
        limit = UNLIMITED if p.limits is None else int(p.limits.visits[self.k])
        if limit != UNLIMITED and len(way.served) >= limit:
            return False
        load = sum(p.visit_demand[v].astype(int) for v in (*way.served, visit))
        return bool((load <= p.vehicle_capacity[self.k]).all())

    def _may_help(self, way: Way, point: int) -> bool:
        """Tell whether some visit still to come may need what the point stocks."""
        return any(
            self._stock(point, part) != 0
            for visit in range(self.p.n_visits)
            if visit not in way.served
            for part, _ in self.needs[visit]
        )

    def _stock(self, point: int, part: int) -> int:
        assert self.p.parts is not None
        return int(self.p.parts.stock[int(self.p.parts.point_stock[point]), part])

    def _pause(self, way: Way) -> None:
        earliest, latest, lasts = self.breaks[way.breaks]
        begin = max(way.moment, earliest)
        if begin > latest:
            return
        left = self.out or bool(way.acts)  # before that it stands at the start place, unpaid
        choice = int(way.heading is not None)
        act = Act(opens=earliest, limit=latest, lasts=lasts)
        self._grow(
            replace(
                way,
                moment=begin + lasts,
                steps=(*way.steps, Step(StepKind.BREAK, self.first_break + way.breaks, choice)),
                acts=(*way.acts, act) if left else (),
                breaks=way.breaks + 1,
                rested=way.rested + (lasts if left else 0),
            )
        )

    def _travel(self, way: Way, step: Step, there: int) -> None:
        if self.free[way.place][there] >= 0:
            self._grow(
                replace(
                    way,
                    moment=self.arrive(way.place, there, way.moment),
                    place=there,
                    acts=(*way.acts, Act(leg=(way.place, there))),
                    heading=step,
                    meters=way.meters + self.meters[way.place][there],
                )
            )

    def _pick_up(self, way: Way, step: Step) -> None:
        parts = self.p.parts
        assert parts is not None
        opens, limit = int(parts.point_earliest[step.index]), int(parts.point_latest[step.index])
        begin, lasts = max(way.moment, opens), int(parts.point_service_s[step.index])
        if begin <= limit:
            self._grow(
                replace(
                    way,
                    moment=begin + lasts,
                    steps=(*way.steps, step),
                    acts=(*way.acts, Act(opens=opens, limit=limit, lasts=lasts)),
                    heading=None,
                    points=(*way.points, step.index),
                )
            )

    def _serve(self, way: Way, step: Step) -> None:
        p = self.p
        _, visit, window = step
        access, opens = int(p.visit_access_s[visit]), int(p.window_earliest[window])
        arrival = max(way.moment + access, opens)
        equipped = self._equip(way, visit)
        if arrival > int(p.window_limit[window]) or equipped is None:
            return
        late = max(0, arrival - int(p.window_latest[window]))
        knee = int(p.late_knee_s[visit])
        price = int(p.late_rate[visit]) * min(late, knee)
        price += int(p.late_rate_after[visit]) * max(0, late - knee)
        due, disturbed = self._compare_with_told(way, visit, arrival)
        departure = self.earliest if self.out else way.departure
        if departure is None:
            departure = self._go_back(way.acts, arrival - access)
        due = min(due, int(p.window_latest[window]))
        kept = min(int(p.window_limit[window]), max(due, arrival))
        stay = Act(opens=opens, limit=kept, lasts=self.service[visit], access=access)
        self._grow(
            replace(
                equipped,
                moment=arrival + self.service[visit],
                steps=(*way.steps, step),
                acts=(*way.acts, stay),
                served=way.served | {visit},
                heading=None,
                departure=departure,
                late_cost=way.late_cost + price + disturbed,
                worst=max(way.worst, late),
            )
        )

    def _compare_with_told(self, way: Way, visit: int, arrival: int) -> tuple[int, int]:
        """Return until when an arrival is as told, and the price of this one and of its place."""
        agreed = self.p.agreed
        if agreed is None:
            return arrival + W, 0
        told = int(agreed.told_latest[visit])
        due = arrival + W if told == UNLIMITED else told
        price = max(0, arrival - due) * int(agreed.told_rate[visit])
        before = [step.index for step in way.steps if step.kind is StepKind.VISIT][-1:]
        for other in before:
            persons = {int(agreed.told_person[v]) for v in (other, visit)}
            ranks = int(agreed.told_order[other]), int(agreed.told_order[visit])
            if persons == {int(agreed.vehicle_person[self.k])} and ranks[0] > ranks[1]:
                price += int(agreed.order_cost[visit])
        return due, price

    def _go_home(self) -> None:
        """Find the way home without visits: the first that keeps all rules, else the first."""
        ways = list(self._ways_home())
        way, end, _ = next((found for found in ways if found[2]), ways[0])
        self._keep(way, self.earliest, end, self.meters[way.place][self.end])

    def _ways_home(self) -> Iterator[tuple[Way, int, bool]]:
        """Yield ways with ever more breaks before leaving, their ends, whether they keep rules."""
        here = int(self.p.vehicle_start[self.k])
        clock, rested, in_time = self.earliest, 0, True
        for first in range(len(self.breaks) + 1):
            if first:
                opens, latest, lasts = self.breaks[first - 1]
                in_time = in_time and max(clock, opens) <= latest
                clock, rested = max(clock, opens) + lasts, rested + lasts
            steps = tuple(Step(StepKind.BREAK, self.first_break + b, 0) for b in range(first))
            way = Way(clock, here, self.load, steps=steps, breaks=first, rested=rested)
            end = free = self.arrive(here, self.end, clock)
            kept = in_time and end <= self.limit
            for opens, latest, lasts in self.breaks[first:]:
                kept = kept and max(free, opens) <= latest
                free = max(free, opens) + lasts
            leg = (Act(leg=(here, self.end)),)
            meters = self.meters[here][self.end]
            lasting = end - self.earliest
            yield way, end, kept and self._within_limits(way, meters, lasting, clock, leg)

    def _equip(self, way: Way, visit: int) -> Way | None:
        """Take the parts of ``visit`` from the van, then from the last point that stocks them."""
        load, loaded, taken = list(way.load), list(way.loaded), way.taken
        for part, units in self.needs[visit]:
            assert self.p.parts is not None
            used_up = bool(self.p.parts.is_used_up[part])
            missing = max(0, units - load[part] - (0 if used_up else loaded[part]))
            if used_up:
                load[part] -= units - missing
            if not missing:
                continue
            places = [n for n, point in enumerate(way.points) if self._stock(point, part) != 0]
            if not places:
                return None
            if not used_up:
                loaded[part] += missing
            taken = (*taken, (places[-1], part, missing))
        return replace(way, load=tuple(load), loaded=tuple(loaded), taken=taken)

    def _go_back(self, acts: Sequence[Act], moment: int) -> int:
        """Return the latest departure for being through with ``acts`` by ``moment``."""
        for act in reversed(acts):
            if act.leg is not None:
                moment = self.leave(act.leg, moment)
            else:
                moment = min(act.limit, moment - act.lasts) - act.access
        return moment

    def _legs_from(self, departure: int, acts: Sequence[Act]) -> Iterator[int]:
        clock = departure
        for act in acts:
            if act.leg is not None:
                there = self.arrive(*act.leg, clock)
                yield there - clock
                clock = there
            else:
                clock = max(clock + act.access, act.opens) + act.lasts

    def _finish(self, way: Way) -> None:
        if self.free[way.place][self.end] < 0 or {n for n, _, _ in way.taken} != {
            *range(len(way.points))
        }:
            return
        end = self.arrive(way.place, self.end, way.moment)
        free = end
        for earliest, latest, lasts in self.breaks[way.breaks :]:
            if max(free, earliest) > latest:
                return
            free = max(free, earliest) + lasts
        acts = (*way.acts, Act(leg=(way.place, self.end)))
        departure = way.departure
        if self.p.rules.leaves_for_end and not self.out:
            departure = self._go_back(acts, end)
        assert departure is not None
        meters = way.meters + self.meters[way.place][self.end]
        if end <= self.limit and self._within_limits(way, meters, end - departure, departure, acts):
            self._keep(way, departure, end, meters)

    def _within_limits(
        self, way: Way, meters: int, duration: int, departure: int, acts: Sequence[Act]
    ) -> bool:
        limits = self.p.limits
        if limits is None:
            return True
        most = [int(row[self.k]) for row in (limits.distance_m, limits.duration_s)]
        found = [meters, duration]
        if not way.served & self.linked:  # a visit that waits may drive less later
            most.append(int(limits.driving_s[self.k]))
            found.append(sum(self._legs_from(departure, acts)))
        return all(m == UNLIMITED or f <= m for f, m in zip(found, most, strict=True))

    def _keep(self, way: Way, departure: int, end: int, meters: int) -> None:
        p, k = self.p, self.k
        work = end - departure - way.rested
        late = max(0, end - int(p.vehicle_latest[k]))
        cost = int(p.vehicle_fixed_cost[k]) + work * int(p.cost_per_second[k])
        cost += late * int(p.cost_per_overtime_second[k]) + meters * int(p.cost_per_meter[k])
        cost += way.late_cost + sum(int(p.assignment_cost[v, k]) for v in way.served)
        taken: dict[tuple[int, int], int] = {}
        for number, part, units in way.taken:
            assert p.parts is not None
            what = int(p.parts.point_stock[way.points[number]]), part
            taken[what] = taken.get(what, 0) + units
        steps = way.steps + tuple(
            Step(StepKind.BREAK, self.first_break + b, 1)
            for b in range(way.breaks, len(self.breaks))
        )
        used = tuple(a - b for a, b in zip(self.load, way.load, strict=True))
        self.found.append(
            Found(k, steps, way.served, cost, departure, work, meters, way.worst, used,
                  tuple(sorted(taken.items())))
        )  # fmt: skip
