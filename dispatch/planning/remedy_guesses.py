"""Changes that may let somebody serve a visit: found on the routing problem with one rule relaxed.

A guess is cheap and may be wrong; ``dispatch.planning.remedies`` tries each one out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from dispatch.domain import Day, PartNeed
from dispatch.domain.remedy import Remedy, RemedyKind
from dispatch.planning.codes import ReasonCode
from dispatch.planning.eligibility import NUMBER
from dispatch.planning.remedy_changes import lacking_skills, wider_promise
from dispatch.planning.remedy_ways import ways_into
from dispatch.planning.stock import pickup_outlets
from dispatch.planning.translate import Translation
from dispatch.planning.windows import received_s, told_until
from solver.routing.problem import RoutingProblem
from solver.routing.solution import Route, RoutingSolution, StepKind
from solver.routing.timetable import TimetableData, timetable
from solver.routing.ways import Rung, Way

MAX_WIDER_S: Final = 4 * 3600
"""A promise is never made wider by more at either end."""
MAX_OVERTIME_S: Final = 3 * 3600
"""Nobody is asked to stay longer than this beyond what is allowed already."""
MAX_DAYS: Final = 4
"""Other days of the horizon that are looked at, the nearest first."""
PER_KIND: Final = 6
"""Guesses of one kind."""
_SKILL_RULES = [
    NUMBER[code]
    for code in (ReasonCode.SKILL_MISSING, ReasonCode.SKILL_LEVEL, ReasonCode.CERTIFICATE_EXPIRED)
]


@dataclass(frozen=True)
class Guess:
    """One change that may help.

    Attributes
    ----------
    remedy
        What is changed; who serves the visit then, and at what price, is not known yet.
    vehicle
        Who is thought of; None = anybody.
    way
        For a change of the plan alone: what it becomes.
    cost
        Of the plan, cost units; None where it is not known.
    """

    remedy: Remedy
    vehicle: int | None = None
    way: Way | None = None
    cost: int | None = None


class Guesser:
    """Guesses for one visit.

    Parameters
    ----------
    t, solution
        The day and its plan.
    index
        The (first) seat of the visit.
    """

    def __init__(self, t: Translation, solution: RoutingSolution, index: int) -> None:
        self._t, self._solution, self._index = t, solution, index
        self._visit = t.visits[index]

    def guesses(self) -> list[Guess]:
        """Return what may help, in no order."""
        kinds: Sequence[Callable[[], Iterator[Guess]]] = (
            self._moves,
            self._overtime,
            self._windows,
            self._skills,
            self._days,
            self._parts,
        )
        return [guess for kind in kinds for guess in kind()]

    def _remedy(self, kind: RemedyKind, **fields: object) -> Remedy:
        return Remedy.model_validate(
            {"kind": kind, "visit": self._visit.id, "server": "nobody", **fields}
        )

    def _relaxed(self, problem: RoutingProblem) -> list[Way]:
        return ways_into(problem, self._solution, self._index, top=PER_KIND)

    def _moves(self) -> Iterator[Guess]:
        """Yield the plan as it stands with the visit in it, or with one other visit elsewhere."""
        problem, top = self._t.problem, 3 * PER_KIND
        for way in ways_into(problem, self._solution, self._index, top=top, eject=1):
            if way.rung in {Rung.INSERTION, Rung.SLIDE, Rung.POOL}:
                yield Guess(self._remedy(RemedyKind.NOTHING), way=way, cost=way.cost)
                continue
            moved = self._moved(way)
            if moved is not None:
                remedy = self._remedy(RemedyKind.MOVE, moved=self._t.visits[moved].id)
                yield Guess(remedy, way=way, cost=way.cost)

    def _moved(self, way: Way) -> int | None:
        """Return the one visit that moves, None if it is not one."""
        if len(way.displaced) == 1:
            return way.displaced[0]
        if way.displaced or len(way.changed) != 1:
            return None
        vehicle, steps = way.changed[0]
        after = [s.index for s in steps if s.kind is StepKind.VISIT and s.index != self._index]
        before = next(list(r.visits) for r in self._solution.routes if r.vehicle == vehicle)
        for one in before:
            if [v for v in before if v != one] == [v for v in after if v != one]:
                return one
        return None

    def _overtime(self) -> Iterator[Guess]:
        t, problem = self._t, self._t.problem
        back = (problem.vehicle_latest + problem.vehicle_overtime_s).tolist()
        bounds = [t.clock.horizon_end] * len(t.lines)
        for j, line in enumerate(t.lines):
            later = [x.earliest for x in t.lines if x.number == line.number and x.date > line.date]
            later += [
                x.earliest
                for x in t.lines[j + 1 :]
                if x.number == line.number and x.earliest >= line.latest
            ]
            bounds[j] = max(back[j], min([bounds[j], back[j] + MAX_OVERTIME_S, *later]))
        wanted = np.array(bounds, dtype=np.int32) - problem.vehicle_latest
        relaxed = replace(problem, vehicle_overtime_s=wanted.astype(np.int32))
        data = TimetableData(relaxed)
        for way in self._relaxed(relaxed):
            route = self._route(relaxed, way, data)
            if way.vehicle is None or route is None:
                continue
            more = -(-(route.end - back[way.vehicle]) // 60)
            if more > 0:
                line = t.lines[way.vehicle]
                remedy = self._remedy(
                    RemedyKind.OVERTIME,
                    technician=line.technician.id,
                    shift=line.shift,
                    overtime_min=more,
                )
                yield Guess(remedy, way.vehicle, cost=way.cost)

    def _route(self, problem: RoutingProblem, way: Way, data: TimetableData) -> Route | None:
        for vehicle, steps in way.changed:
            if vehicle == way.vehicle:
                made = timetable(problem, vehicle, steps, data=data)
                return made if isinstance(made, Route) else None
        return None

    def _windows(self) -> Iterator[Guess]:
        t, visit, problem = self._t, self._visit, self._t.problem
        if not visit.promises or (visit.pin is not None and visit.pin.arrival is not None):
            return
        floor = received_s(visit, t.clock)
        if visit.told is not None:
            free = t.day.settings.disturbed_free_s
            floor = max(floor, told_until(visit.told, t.day, t.clock) - 2 * free)
        earliest, latest = problem.window_earliest.copy(), problem.window_latest.copy()
        for w in problem.windows_of(self._index):
            earliest[w] = min(earliest[w], max(floor, earliest[w] - MAX_WIDER_S, 0))
            latest[w] = min(latest[w] + MAX_WIDER_S, t.clock.horizon_end)
        for way in self._relaxed(replace(problem, window_earliest=earliest, window_latest=latest)):
            yield from self._wider(way)

    def _wider(self, way: Way) -> Iterator[Guess]:
        """Yield the promise as wide as it has to be; where links may ask for more, wider, too."""
        t = self._t
        w = self._window_of(way)
        if w is None or way.arrival_s is None or t.windows[w].name is None:
            return
        window = t.windows[w]
        most = max(0, -(-(window.earliest - way.arrival_s) // 60))
        later = max(0, -(-(way.arrival_s - window.latest) // 60))
        least = self._least_earlier(way, w, most)
        for earlier in sorted({least, most} if t.problem.links is not None else {least}):
            if not earlier and not later:
                continue
            name = str(window.name)
            remedy = self._remedy(
                RemedyKind.WINDOW,
                promise=name,
                wider=wider_promise(t.day, self._visit, name, 60 * earlier, 60 * later),
                earlier_min=earlier,
                later_min=later,
            )
            yield Guess(remedy, way.vehicle, cost=way.cost)

    def _least_earlier(self, way: Way, w: int, most: int) -> int:
        """Return the fewest minutes by which a window has to open earlier for a route to fit."""
        problem, low, high = self._t.problem, 0, most
        while low < high:
            middle = (low + high) // 2
            earliest = problem.window_earliest.copy()
            earliest[w] -= 60 * middle
            tried = replace(problem, window_earliest=earliest)
            if self._route(tried, way, TimetableData(tried)) is None:
                low = middle + 1
            else:
                high = middle
        return high

    def _window_of(self, way: Way) -> int | None:
        for _, steps in way.changed:
            for step in steps:
                if step.kind is StepKind.VISIT and step.index == self._index:
                    return step.choice
        return None

    def _skills(self) -> Iterator[Guess]:
        t, problem = self._t, self._t.problem
        lacking = np.isin(t.rules[self._index], _SKILL_RULES)
        if not lacking.any():
            return
        cost = problem.assignment_cost.copy()
        # Only these: who may come already is no matter of skills.
        cost[self._index] = np.where(lacking, 0, -1)
        for way in self._relaxed(replace(problem, assignment_cost=cost)):
            if way.vehicle is None:
                continue
            line = t.lines[way.vehicle]
            needs = lacking_skills(line.technician, self._visit, line.date)
            remedy = self._remedy(RemedyKind.SKILL, technician=line.technician.id, skills=needs)
            yield Guess(remedy, way.vehicle, cost=way.cost)

    def _days(self) -> Iterator[Guess]:
        """Yield the nearest days of the horizon the visit cannot fall on so far."""
        t, visit = self._t, self._visit
        pinned = visit.pin is not None and visit.pin.arrival is not None
        if len(t.clock.dates) == 1 or pinned or not (visit.promises or visit.days):
            return
        lines = [t.windows[w] for w in t.problem.windows_of(self._index)]
        now = {t.clock.day_of(line.earliest) for line in lines}
        others = [when for when in t.clock.dates if when not in now]
        others.sort(key=lambda when: min(abs((when - day).days) for day in now))
        for when in others[:MAX_DAYS]:
            yield Guess(self._remedy(RemedyKind.DAY, day=when))

    def _parts(self) -> Iterator[Guess]:
        t, problem = self._t, self._t.problem
        if t.parts is None or problem.parts is None or not self._visit.parts:
            return
        van = problem.parts.van_stock.copy()
        for need in self._visit.parts:
            van[:, t.parts.ids.index(need.part)] += need.quantity
        for way in self._relaxed(replace(problem, parts=replace(problem.parts, van_stock=van))):
            if way.vehicle is None:
                continue
            who = t.lines[way.vehicle].technician.id
            remedy = self._remedy(RemedyKind.PART, at=who, parts=self._units())
            yield Guess(remedy, way.vehicle, cost=way.cost)
        for name in self._near_outlets(t.day):
            yield Guess(self._remedy(RemedyKind.PART, at=name, parts=self._units()))

    def _units(self) -> tuple[PartNeed, ...]:
        return self._visit.parts

    def _near_outlets(self, day: Day) -> list[str]:
        """Return the two outlets nearest to the visit that hand out parts."""
        here = self._visit.place
        outlets = pickup_outlets(day)
        return [
            outlet.id
            for outlet in sorted(
                outlets,
                key=lambda o: (abs(o.place.lon - here.lon) + abs(o.place.lat - here.lat), o.id),
            )
        ][:2]
