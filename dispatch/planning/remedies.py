"""Remedies: for a visit nobody serves the smallest changes with which somebody can.

Every remedy is tried out before it is offered: the day is changed, the visit put into the plan, and
the referee judges the whole plan. docs/remedies.md says what is looked for and what it costs.
"""

from __future__ import annotations

from collections import Counter
from typing import Final

from dispatch.domain import Day, DayPlan, PlanRoute, UnassignedVisit
from dispatch.domain.remedy import Remedy, RemedyKind, RemedyRoute
from dispatch.domain.travel_table import TravelTable
from dispatch.errors import InvalidRequest
from dispatch.planning.explain import Explanation
from dispatch.planning.objective import COST_SCALE
from dispatch.planning.publish_plan import publish_plan
from dispatch.planning.remedy_changes import apply_remedy
from dispatch.planning.remedy_guesses import Guess, Guesser
from dispatch.planning.remedy_ways import ways_into
from dispatch.planning.remedy_words import change_fen, sentences
from dispatch.planning.reread import Decision, reread, solve_again
from dispatch.planning.standing import Standing
from dispatch.planning.translate import Translation, translate
from dispatch.referee import judge
from solver.errors import InvalidParameter
from solver.routing.solution import RoutingSolution
from solver.routing.ways import Way

MOST: Final = 3
"""Remedies offered for a visit unless more are asked for."""
PER_KIND: Final = 2
"""Of these at most so many of one kind, so that people have a choice."""
MAX_TRIALS: Final = 12
"""Guesses tried out for one visit."""


class RemedyFinder:
    """Finds remedies for the unassigned visits of one plan.

    Parameters
    ----------
    day, table
        The day and the travel table the plan was made with.
    plan
        A plan of the day that keeps every rule; also of the rest of a live day.

    Raises
    ------
    InvalidRequest
        D7301 if the plan is not of this day, or keeps its rules only by waivers.
    SolverUnavailable
        If the compiled core was not built for this platform.
    """

    def __init__(self, day: Day, table: TravelTable, plan: DayPlan) -> None:
        self._day, self._table, self._plan = day, table, plan
        self._aside = [entry.visit for entry in plan.quarantined]
        self._t = translate(day, table, self._aside)
        self._solution = reread(self._t, plan)
        self._left = {entry.visit for entry in plan.unassigned}
        self._seats = {s.visit.id: i for i, s in enumerate(self._t.seats) if s.member == 0}

    def find(self, visit: str, most: int = MOST) -> tuple[Remedy, ...]:
        """Return remedies for a visit nobody serves, cheapest first.

        Parameters
        ----------
        visit
            Id of an unassigned visit of the plan.
        most
            How many at the most.

        Raises
        ------
        KeyError
            If the plan does not list the visit as unassigned.
        """
        return tuple(remedy for remedy, _ in self.find_with_plans(visit, most))

    def find_with_plans(self, visit: str, most: int = MOST) -> tuple[tuple[Remedy, DayPlan], ...]:
        """Return remedies with the whole plan each leads to, as it was judged; see ``find``."""
        if visit not in self._left or visit not in self._seats:
            raise KeyError(visit)
        guesser = Guesser(self._t, self._solution, self._seats[visit])
        found: list[tuple[Remedy, DayPlan]] = []
        kinds: Counter[RemedyKind] = Counter()
        guesses = sorted(guesser.guesses(), key=_price)
        for trials, guess in enumerate(guesses):
            if len(found) >= most or (trials >= MAX_TRIALS and found):
                break
            if kinds[guess.remedy.kind] >= PER_KIND:
                continue
            tried = self._try(guess)
            if tried is not None:
                found.append(tried)
                kinds[guess.remedy.kind] += 1
        return tuple(sorted(found, key=lambda pair: pair[0].price_fen))

    def _try(self, guess: Guess) -> tuple[Remedy, DayPlan] | None:
        """Return the remedy and its plan if it works: put in, judged; None if it does not."""
        day = apply_remedy(self._day, guess.remedy)
        try:
            t = self._t if guess.way is not None else translate(day, self._table, self._aside)
            base = self._solution if guess.way is not None else reread(t, self._plan)
        except InvalidRequest:
            return None  # the plan does not stand on the changed day
        index = next(i for i, s in enumerate(t.seats) if s.visit.id == guess.remedy.visit)
        way = guess.way or _best(t, base, index, guess.vehicle)
        plan = None if way is None else self._with(day, t, base, way, index=index)
        return None if plan is None else (self._described(guess.remedy, plan), plan)

    def _with(
        self, day: Day, t: Translation, base: RoutingSolution, way: Way, *, index: int
    ) -> DayPlan | None:
        """Return the plan with the visit in it, None if it breaks a rule."""
        routes = {r.vehicle: tuple(s.step for s in r.stops) for r in base.routes}
        routes.update(way.changed)
        pools = [list(members) for members in base.pools]
        if way.pool is not None:
            pools[way.pool].append(index)
        try:
            solution = solve_again(t, Decision(routes, pools))
        except InvalidParameter:
            return None
        standing = Standing(t, solution)
        left = [t.visits[i] for i in t.once(solution.unassigned)]
        bare = tuple(
            UnassignedVisit(visit=v.id, earliest_date=standing.earliest_date(v)) for v in left
        )
        if t.visits[index] in left:
            return None
        plan = publish_plan(t, solution, Explanation(bare, (), ()), self._plan.quarantined)
        return plan if judge(day, plan, self._table).ok else None

    def _described(self, remedy: Remedy, plan: DayPlan) -> Remedy:
        """Return the remedy with what it brings about."""
        before = {(r.technician, r.shift): _order(r) for r in self._plan.routes}
        after = {(r.technician, r.shift): _order(r) for r in plan.routes}
        changed = [k for k in sorted({*before, *after}) if before.get(k) != after.get(k)]
        was = {(s.outlet, s.day): s.visits for s in self._plan.contracted}
        outlets = [s for s in plan.contracted if was.get((s.outlet, s.day)) != s.visits]
        served = [
            (route.technician, stop)
            for route in plan.routes
            for stop in route.stops
            if stop.visit == remedy.visit and stop.crew <= 1
        ]
        server = served[0][0] if served else outlets[0].outlet
        arrival = served[0][1].arrival if served else None
        full = remedy.model_copy(
            update={
                "server": server,
                "arrival": arrival,
                "routes": tuple(
                    RemedyRoute(technician=who, shift=shift, order=after.get((who, shift), ()))
                    for who, shift in changed
                ),
                "outlets": tuple((one.outlet, one.visits) for one in outlets),
                "contracted": tuple(outlets),
                "plan_fen": plan.cost.total - self._plan.cost.total,
                "change_fen": change_fen(remedy),
            }
        )
        en, zh = sentences(full)
        return full.model_copy(update={"text": en, "text_zh": zh})


def find_remedies(
    day: Day, table: TravelTable, plan: DayPlan, visit: str, most: int = MOST
) -> tuple[Remedy, ...]:
    """Return remedies for one unassigned visit; ``RemedyFinder`` for many.

    Parameters and errors are those of :class:`RemedyFinder` and its ``find``.
    """
    return RemedyFinder(day, table, plan).find(visit, most)


def with_remedies(day: Day, table: TravelTable, plan: DayPlan, most: int = MOST) -> DayPlan:
    """Return the plan with remedies, in words, for every visit it leaves out.

    Parameters and errors are those of :class:`RemedyFinder`.
    """
    if not plan.unassigned:
        return plan
    finder = RemedyFinder(day, table, plan)
    entries = []
    for entry in plan.unassigned:
        found = finder.find(entry.visit, most)
        words = {
            "remedies": tuple(one.text for one in found),
            "remedies_zh": tuple(one.text_zh for one in found),
        }
        entries.append(entry.model_copy(update=words))
    return plan.model_copy(update={"unassigned": tuple(entries)})


def _price(guess: Guess) -> tuple[bool, float]:
    """Return what is compared: guesses without a price of the plan come last."""
    own = change_fen(guess.remedy)
    return guess.cost is None, own + (guess.cost or 0) / COST_SCALE


def _best(t: Translation, base: RoutingSolution, index: int, vehicle: int | None) -> Way | None:
    """Return the cheapest way on the changed day; by whom it was meant for, if that goes."""
    ways = ways_into(t.problem, base, index, top=4)
    return min(ways, key=lambda way: (way.vehicle != vehicle, way.cost), default=None)


def _order(route: PlanRoute) -> tuple[str, ...]:
    return tuple(
        f"@{stop.outlet}" if stop.kind == "pickup" else stop.visit or ""
        for stop in route.stops
        if stop.kind in {"pickup", "visit"}
    )
