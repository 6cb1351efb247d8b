"""Accept a proposal, whole or change by change."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from dispatch.domain import DayPlan, PlanRoute, PlanStop, Waiver
from dispatch.domain.travel_table import TravelTable
from dispatch.errors import InvalidRequest
from dispatch.live.codes import LiveCode, live_fault, unknown
from dispatch.live.decide import assign
from dispatch.live.diff import Change
from dispatch.live.guard import check_decision
from dispatch.live.merge import merge
from dispatch.live.projection import Projection, RouteKey, project
from dispatch.live.replan import Proposal
from dispatch.live.rest import RestDay
from dispatch.live.state import LiveState
from dispatch.live.telling import tell
from dispatch.referee import judge, judge_order
from dispatch.referee.verdict import Violation

PICKUP = "@"
Order = dict[RouteKey, list[str]]
"""Visits of every route in order; ``@O1`` is a stop at outlet O1 to pick up parts."""


@dataclass(frozen=True, eq=False)
class Accepted:
    """A decision that was taken.

    Attributes
    ----------
    state
        The day with it; customers know the new arrivals.
    projection
        Of this state.
    plan
        The plan of the rest day that was judged.
    """

    state: LiveState
    projection: Projection
    plan: DayPlan


@dataclass(frozen=True, slots=True)
class ForStop:
    """A waiver and the stop it is for: a visit of a technician."""

    technician: str
    visit: str | None
    waiver: Waiver


def accept(
    state: LiveState,
    proposal: Proposal,
    travel: TravelTable,
    *,
    changes: Collection[str] | None = None,
    waivers: Sequence[ForStop] = (),
) -> Accepted:
    """Put a proposal in force.

    Parameters
    ----------
    state
        The state it was made of.
    travel
        The table it was made with.
    changes
        Ids of the changes to accept, None for all. The rest stays as it is; the routes are timed
        and judged anew.
    waivers
        For rules that those changes alone would break.

    Raises
    ------
    InvalidRequest
        D9122 if the day has gone on since, or the changes cannot stand alone; the fault names what
        they break and which other changes they need. D9121 for an unknown change.
    """
    if (state.day.id, state.sequence) != (proposal.day, proposal.base_sequence):
        found = f"day {state.day.id} after event {state.sequence}"
        expected = f"day {proposal.day} after event {proposal.base_sequence}"
        hint = "Plan again; the day has gone on."
        raise _refused("proposal", found, expected, hint)
    if changes is None:
        return decided(state, proposal, proposal.plan, travel)
    chosen = _chosen(proposal, changes)
    order, contracted = _some(state, proposal, {change.visit for change in chosen})
    plan, broken = judge_rest(proposal.rest, order, contracted, travel, waivers)
    if broken:
        raise _not_alone(proposal, chosen, broken)
    return decided(state, proposal, plan, travel)


def decided(state: LiveState, proposal: Proposal, plan: DayPlan, travel: TravelTable) -> Accepted:
    """Return the day with a judged plan of the proposal's rest day in force."""
    decision = merge(state, proposal.rest, plan)
    check_decision(state, proposal.frozen, decision)
    divert = bool(proposal.frozen.turned)
    after = assign(state, decision.ahead, contracted=decision.contracted, divert=divert)
    projection = project(after, travel)
    return Accepted(tell(after, projection), projection, plan)


def judge_rest(
    rest: RestDay,
    order: Mapping[RouteKey, Sequence[str]],
    contracted: Mapping[str, Sequence[str]],
    travel: TravelTable,
    waivers: Iterable[ForStop] = (),
) -> tuple[DayPlan, tuple[Violation, ...]]:
    """Time an order of the rest day and judge it.

    Parameters
    ----------
    order
        Visits of every route that has any, in order.

    Returns
    -------
    tuple
        The plan, and every rule it breaks that no waiver covers.
    """
    given: dict[str | RouteKey, Sequence[str]] = {key: list(ids) for key, ids in order.items()}
    for route in rest.routes:
        if route.out and not route.closed:
            given.setdefault(route.key, [])
    verdict, plan = judge_order(rest.day, given, travel, contracted=contracted)
    said = list(waivers)
    if not said:
        return plan, verdict.violations
    plan = plan.model_copy(update={"routes": tuple(_waived(r, said) for r in plan.routes)})
    return plan, judge(rest.day, plan, travel).violations


def _waived(route: PlanRoute, waivers: Sequence[ForStop]) -> PlanRoute:
    mine = [one for one in waivers if one.technician == route.technician]

    def stop_with(stop: PlanStop) -> PlanStop:
        own = tuple(
            one.waiver
            for one in mine
            if one.visit == stop.visit and (one.visit is not None or stop.kind == "start")
        )
        return stop.model_copy(update={"waivers": own}) if own else stop

    return route.model_copy(update={"stops": tuple(stop_with(stop) for stop in route.stops)})


def _chosen(proposal: Proposal, ids: Collection[str]) -> list[Change]:
    known = {change.id: change for change in proposal.diff.changes}
    strange = sorted(set(ids) - known.keys())
    if strange:
        where = f"change {strange[0]}"
        raise InvalidRequest([unknown(LiveCode.CHANGE_UNKNOWN, where, strange[0], known)])
    chosen = [change for change in proposal.diff.changes if change.id in ids]
    missing = sorted({need for change in chosen for need in change.needs} - set(ids))
    if missing and any(change.kind != "eta" for change in chosen):
        needy = next(c for c in chosen if set(c.needs) - set(ids))
        hint = f"Accept {', '.join(missing)} too."
        raise _refused(f"change {needy.id}", "alone", f"with {', '.join(missing)}", hint)
    return [change for change in chosen if change.kind != "eta"]


def _some(
    state: LiveState, proposal: Proposal, visits: set[str]
) -> tuple[Order, dict[str, list[str]]]:
    """Return the order as it stands with some visits where the proposal has them."""
    rest, plan = proposal.rest, proposal.plan
    needs = {visit.id: {need.part for need in visit.parts} for visit in rest.day.visits}
    order: Order = {}
    for route in rest.routes:
        stays = [_token(s.kind, s.visit, s.outlet) for s in route.rest if s.kind in _CALLS]
        order[route.key] = [one for one in stays if one not in visits]
    for planned in plan.routes:
        own = order[planned.technician, planned.shift]
        calls = [stop for stop in planned.stops if stop.kind in _CALLS]
        for place, stop in enumerate(calls):
            if stop.visit in visits:
                _insert(own, calls, place, needs[stop.visit or ""])
    given: dict[str, list[str]] = {}
    for visit, outlet in state.contracted:
        if visit in needs and visit not in visits:
            given.setdefault(outlet, []).append(visit)
    for one in plan.contracted:
        given.setdefault(one.outlet, []).extend(name for name in one.visits if name in visits)
    kept = {key: _without_idle_pickups(ids) for key, ids in order.items()}
    return {key: ids for key, ids in kept.items() if ids}, given


_CALLS = ("visit", "pickup")


def _token(kind: str, visit: str | None, outlet: str | None) -> str:
    return visit or "" if kind == "visit" else f"{PICKUP}{outlet}"


def _insert(own: list[str], calls: Sequence[PlanStop], place: int, parts: set[str]) -> None:
    """Put a visit behind the nearest one that comes before it in the plan, with its pick-up."""
    stop = calls[place]
    before = [one.visit for one in calls[:place] if one.visit is not None]
    at = next((own.index(name) + 1 for name in reversed(before) if name in own), 0)
    picked = [
        _token(one.kind, one.visit, one.outlet)
        for one in calls[:place]
        if one.kind == "pickup" and parts & {need.part for need in one.parts}
    ]
    new = [token for token in dict.fromkeys(picked) if token not in own[:at]]
    own[at:at] = [*new, stop.visit or ""]


def _without_idle_pickups(ids: Sequence[str]) -> list[str]:
    """Drop pick-ups nothing follows."""
    kept = list(ids)
    while kept and kept[-1].startswith(PICKUP):
        kept.pop()
    return kept


def _not_alone(
    proposal: Proposal, chosen: Sequence[Change], broken: Sequence[Violation]
) -> InvalidRequest:
    """Return the fault of changes that break rules: which rules, and what would help."""
    people = {one.technician for one in broken}
    visits = {one.visit for one in broken}
    ids = {change.id for change in chosen}
    helpful = sorted(
        change.id
        for change in proposal.diff.changes
        if change.id not in ids
        and change.kind != "eta"
        and (change.visit in visits or _who(change) & people)
    )
    rules = "; ".join(str(violation.text) for violation in broken[:5])
    hint = f"Accept one of {', '.join(helpful)} too, or waive the rule." if helpful else ""
    return _refused(
        f"changes {', '.join(sorted(ids))}", rules, "a plan that keeps every rule", hint
    )


def _who(change: Change) -> set[str | None]:
    sides = [side for side in (change.before, change.after) if side is not None]
    return {name for side in sides for name in (side.technician, *side.crew)}


def _refused(where: str, found: str, expected: str, hint: str) -> InvalidRequest:
    return InvalidRequest([live_fault(LiveCode.NOT_ACCEPTABLE, where, found, expected, hint)])
