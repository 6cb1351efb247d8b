"""Judge a plan: every rule of docs/semantics.md, the price from scratch, the figures."""

from __future__ import annotations

from types import MappingProxyType

from dispatch.domain import Day, DayPlan
from dispatch.domain.travel_table import TravelTable
from dispatch.referee.assignment import check_assignment
from dispatch.referee.breaks import check_breaks
from dispatch.referee.clock import check_clock, check_least
from dispatch.referee.contracted import check_contracted
from dispatch.referee.eligibility import check_eligibility
from dispatch.referee.facts import Facts
from dispatch.referee.legs import check_legs
from dispatch.referee.measure import measure
from dispatch.referee.pickups import check_parts, check_pickups
from dispatch.referee.pricing import check_cost, price_exactly, round_cost
from dispatch.referee.radius import check_radius
from dispatch.referee.reading import ReadRoute, check_routes, read_plan
from dispatch.referee.retime import Retime, check_retimed
from dispatch.referee.shift import check_limits, check_shift
from dispatch.referee.status import check_cover
from dispatch.referee.together import Together, check_together, read_together
from dispatch.referee.verdict import Verdict, Violation
from dispatch.referee.waivers import split_waived

MOMENTS = frozenset(
    {"leg_wrong", "reached_wrong", "arrival_wrong", "start_wrong", "end_wrong", "departure_wrong"}
    | {"too_early", "arrival_before_reached", "promise_unknown", "another_day", "pickup_duration"}
    | {"moment_not_whole", "break_duration"}
)


def judge(
    day: Day,
    plan: DayPlan,
    travel: TravelTable,
    *,
    retime: Retime | None = None,
    samples: int = 50,
    seed: int = 0,
    travel_hash: str = "",
) -> Verdict:
    """Judge any plan of a day; the plan is never changed.

    Parameters
    ----------
    day
        The raw day.
    plan
        The plan, published or written by hand; it may be wrong in any way.
    travel
        The travel table the plan was made with.
    retime
        Optional second source of travel; ``samples`` legs chosen by ``seed`` are compared.
    travel_hash
        Digest of ``travel``, by whoever digests tables; compared where the plan has one too.

    Returns
    -------
    Verdict
        Every violation, the price recomputed, figures, notes.
    """
    facts = Facts(day, travel)
    routes = read_plan(facts, plan)
    found = check_cover(facts, plan, travel, travel_hash)
    found += _check_plan(facts, plan, travel, routes)
    if retime is not None:
        found += check_retimed(travel, routes, retime, samples=samples, seed=seed)
    exact = price_exactly(facts, travel, plan, routes)
    cost = round_cost(exact)
    counted, waived, notes = split_waived(plan, found + check_cost(plan, cost))
    return Verdict(
        violations=tuple(counted),
        cost=cost,
        figures=measure(facts, travel, plan, routes),
        waived=tuple(waived),
        exact=MappingProxyType(exact),
        notes=(*notes, *_notes(plan, travel)),
    )


def _check_plan(
    facts: Facts, plan: DayPlan, travel: TravelTable, routes: tuple[ReadRoute, ...]
) -> list[Violation]:
    together = read_together(facts, routes)
    found = check_routes(facts, routes)
    found += check_assignment(facts, plan, routes)
    for read in routes:
        found += _check_route(facts, travel, read, together)
    if not any(violation.code in MOMENTS for violation in found):
        # Moments that do not fit each other are reported once, not again as a circle of waiting.
        found += check_least(facts, travel, routes, together)
    found += check_together(plan, together)
    found += check_parts(facts, plan, routes)
    return found + check_contracted(facts, plan, travel)


def _check_route(
    facts: Facts, travel: TravelTable, read: ReadRoute, together: Together
) -> list[Violation]:
    found = check_legs(facts, travel, read)
    found += check_clock(facts, travel, read, together)
    found += check_pickups(facts, read)
    found += check_breaks(facts, read)
    found += check_shift(facts, read)
    found += check_limits(facts, travel, read)
    found += check_eligibility(read)
    return found + check_radius(facts, travel, read)


def _notes(plan: DayPlan, travel: TravelTable) -> list[str]:
    notes = []
    if travel.estimated:
        notes.append("travel is estimated, not measured on roads")
    if plan.quarantined:
        notes.append(f"{len(plan.quarantined)} visits were set aside before planning")
    return notes
