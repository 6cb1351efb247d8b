"""Tiny days against their optimum, larger ones against the referee: what all kinds share."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from fractions import Fraction

from dispatch.domain import Day, DayPlan
from dispatch.domain.travel_table import TravelTable
from dispatch.planning.daily import plan_day
from dispatch.referee import judge, judge_order
from solver.stop import MaxIterations
from tests.brute_rules import GRAIN
from tests.brute_whole import optimum
from tests.brute_whole_plan import write
from tests.brute_whole_rules import WholeRules

TINY_ITERATIONS = 1500
LARGE_ITERATIONS = 150


def gap_to_optimum(seed: int, day: Day, table: TravelTable) -> Fraction:
    """Return by how many fen (as the search weighs them) the plan of a tiny day misses the optimum.

    The plan has passed the referee.
    """
    plan = plan_day(day, table, stop=MaxIterations(TINY_ITERATIONS), seed=seed)
    verdict = judge(day, plan, table)
    assert verdict.ok, f"day {seed}: {verdict.violations[0].text}"
    rules, visits = WholeRules(day, table), {visit.id: visit for visit in day.visits}
    left = [rules.penalty(visits[entry.visit]) for entry in plan.unassigned]
    extra = Fraction(sum(weighted - price for weighted, price in left), GRAIN)
    return sum(verdict.exact.values()) + extra - optimum(day, table).weighted


def find_broken(seed: int, day: Day, table: TravelTable) -> str | None:
    """Return the first rule the plan of a larger day breaks, None if it keeps all."""
    stop = MaxIterations(LARGE_ITERATIONS)
    plan = plan_day(day, table, stop=stop, seed=seed, explain=False)
    verdict = judge(day, plan, table)
    return None if verdict.ok else f"day {seed}: {verdict.violations[0].text}"


def check_written(day: Day, table: TravelTable, plan: DayPlan) -> None:
    """Assert that the referee passes a plan the exhaustive search wrote, at its price."""
    verdict = judge(day, plan, table)
    assert verdict.ok, [violation.text for violation in verdict.violations]
    assert verdict.cost == plan.cost


def check_day(day: Day, table: TravelTable) -> None:
    """Assert that the referee passes the optimum of a tiny day, at its price."""
    check_written(day, table, write(WholeRules(day, table), optimum(day, table)))


def check_order_by_hand(
    day: Day,
    table: TravelTable,
    plan: DayPlan,
    *,
    components: AbstractSet[str],
    contracted_too: AbstractSet[str],
) -> None:
    """Assert that the order of an optimal plan, timed by hand, costs no more than the plan.

    Parameters
    ----------
    components
        Of the price, those that are compared.
    contracted_too
        Those of them that contracted outlets pay, too: an order leaves their visits out.
    """
    order = {
        (route.technician, route.shift): [
            f"@{stop.outlet}" if stop.kind == "pickup" else stop.visit
            for stop in route.stops
            if stop.kind in {"pickup", "visit"}
        ]
        for route in plan.routes
    }
    verdict, timed = judge_order(day, order, table)
    served = {stop.visit for route in plan.routes for stop in route.stops}
    tied = any(v.crew_size > 1 or v.links for v in day.visits if v.id in served)
    stops = [stop for route in timed.routes for stop in route.stops]
    assert len(stops) == sum(len(route.stops) for route in plan.routes)
    if tied:
        # Promises are chosen person by person: nobody knows yet who will wait for whom.
        return
    # Driving by hour is judged, not aimed at: a cheaper promise may mean a slower road.
    assert verdict.codes <= {"driving_limit"}, [v.text for v in verdict.violations]
    known = judge(day, plan, table).exact
    # The price of fair shares is nobody's own.
    names = components - contracted_too if plan.contracted else components
    assert sum(verdict.exact[n] for n in names) <= sum(known[n] for n in names)
