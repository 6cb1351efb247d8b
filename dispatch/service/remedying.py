"""Remedies on a live day: what would let somebody serve an open visit, and taking one of them.

Each is tried out twice before it is offered: on the rest of the day as it was planned, and as the
decision that would be recorded, judged by the referee beside everything else of the day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from dispatch.domain import UnassignedVisit, Visit, Waiver
from dispatch.domain.decision import Decided
from dispatch.domain.disruption import AppointmentMoved, PartArrived
from dispatch.domain.event import Event, Fact
from dispatch.domain.remedy import Remedy, RemedyKind
from dispatch.live.accept import PICKUP, judge_rest
from dispatch.live.changes import move, supply
from dispatch.live.decide import assign
from dispatch.live.decision import StopName, decision_of
from dispatch.live.merge import merge
from dispatch.live.projection import RouteKey, project
from dispatch.live.rest import RestDay
from dispatch.live.state import LiveState
from dispatch.live.store import Request, Writer
from dispatch.live.telling import tell
from dispatch.planning.explain import Explanation
from dispatch.planning.publish_plan import publish_plan
from dispatch.planning.reasons import explain_unassigned
from dispatch.planning.remedies import MOST, RemedyFinder
from dispatch.planning.remedy_changes import apply_remedy, with_promise
from dispatch.planning.standing import Standing as Planned
from dispatch.service.choosing import decided_now, names_of, taken
from dispatch.service.codes import DeskCode, refuse
from dispatch.service.live_days import LiveDays, Recorded
from dispatch.service.prepared import Prepared
from dispatch.service.standing import Standing
from dispatch.service.view import DayView
from solver.routing.insertion import InsertionRanker

ASKED_WHERE_SOME_FAIL = 9
"""Remedies looked for where some would need a route that already breaks a rule."""


@dataclass(frozen=True, eq=False)
class OfferedRemedy:
    """A remedy and the facts that take it.

    Attributes
    ----------
    facts
        What is recorded; None where people have to do it themselves: a skill somebody has to
        learn, a part somebody has to put on a van, a visit bound to its dates.
    """

    remedy: Remedy
    facts: tuple[Fact, ...] | None


@dataclass(frozen=True, eq=False)
class OpenVisit:
    """Why nobody has a visit, and what would help.

    Attributes
    ----------
    view
        The day it was worked out for.
    why
        Reasons by technician.
    offered
        Cheapest first.
    """

    view: DayView
    visit: str
    why: UnassignedVisit
    offered: tuple[OfferedRemedy, ...]


class Remedies:
    """Remedies for the open visits of a store's days.

    Parameters
    ----------
    days
        The days.
    """

    def __init__(self, days: LiveDays) -> None:
        self._days = days

    def find(self, day: str, visit: str, most: int = MOST) -> OpenVisit:
        """Work them out; see `dispatch.service.desk.Desk.remedies`."""
        view = self._days.view(day)
        prepared = view.prepared()
        seats = {seat.visit.id: i for i, seat in enumerate(prepared.t.seats) if seat.member == 0}
        if visit not in view.state.open or visit not in seats:
            words = "with somebody, over or unknown", "a visit nobody has"
            raise refuse(DeskCode.NOT_AHEAD, f"visit {visit}", *words)
        why = _why(prepared, seats[visit])
        offered: list[OfferedRemedy] = []
        for remedy in _found(prepared, visit, most):
            worked = _Taking(prepared, remedy).offered()
            if worked is not None and len(offered) < most:
                offered.append(worked)
        return OpenVisit(view, visit, why, tuple(offered))

    def take(self, found: OpenVisit, index: int, request: Request) -> Recorded:
        """Take one; see `dispatch.service.desk.Desk.apply_remedy`."""
        where = f"remedy {index} for visit {found.visit}"
        if not 0 <= index < len(found.offered):
            raise refuse(DeskCode.NO_SUCH_OPTION, where, "none", f"0 to {len(found.offered) - 1}")
        facts = found.offered[index].facts
        if facts is None:
            words = "a change people have to make themselves", "a decision about the day"
            raise refuse(DeskCode.NO_REMEDY, where, *words, "Make the change, then plan it in.")
        view, visit = found.view, found.visit
        before = {(route.technician, route.shift): names_of(route) for route in view.state.routes}

        def now(standing: Standing, writer: Writer) -> Sequence[Fact]:
            since = list(writer.events(view.day_id, after=view.sequence))
            if visit not in standing.state.open or any(
                getattr(event.what, "visit", None) == visit for event in since
            ):
                raise taken(visit, since)
            return [_as_of(fact, request, standing.state, before, since) for fact in facts]

        return self._days.command(view.day_id, now, request)


def _as_of(
    fact: Fact,
    request: Request,
    state: LiveState,
    before: Mapping[RouteKey, Sequence[StopName]],
    since: Sequence[Event],
) -> Fact:
    if not isinstance(fact, Decided):
        return fact.model_copy(update={"happened_at": request.at})
    waivers = tuple(one.model_copy(update={"who": request.by}) for one in fact.waivers)
    fact = fact.model_copy(update={"happened_at": request.at, "waivers": waivers})
    return decided_now(state, fact, before, since)


def _why(prepared: Prepared, index: int) -> UnassignedVisit:
    t, solution = prepared.t, prepared.solution
    visit = t.visits[index]
    alone = visit.crew_size == 1 and t.problem.links is None
    options = InsertionRanker(t.problem, solution).rank(index) if alone else None
    exact = t.problem.links is None and t.problem.fair_shares is None
    return explain_unassigned(t, solution, index, options, Planned(t, solution), is_exact=exact)


def _found(prepared: Prepared, visit: str, most: int) -> tuple[Remedy, ...]:
    """Return remedies that need no route which already breaks a rule."""
    t, solution = prepared.t, prepared.solution
    left = t.once(solution.unassigned)
    bare = tuple(UnassignedVisit(visit=t.visits[i].id) for i in left)
    plan = publish_plan(t, solution, Explanation(bare, (), ()))
    asked = ASKED_WHERE_SOME_FAIL if prepared.illegal else most
    found = RemedyFinder(prepared.rest.day, prepared.table, plan).find(visit, asked)
    return tuple(
        one
        for one in found
        if not {(route.technician, route.shift) for route in one.routes} & prepared.illegal
    )


class _Taking:
    """One remedy as a decision about the live day."""

    def __init__(self, prepared: Prepared, remedy: Remedy) -> None:
        self._base, self._remedy = prepared, remedy
        self._at = prepared.state.now

    def offered(self) -> OfferedRemedy | None:
        """Return it with its facts; None if it breaks a rule beside everything else."""
        remedy, rest = self._remedy, self._base.rest
        news = self._news()
        changed = replace(rest, day=apply_remedy(rest.day, remedy))
        table = self._base.table
        plan, broken = judge_rest(changed, self._order(), self._contracted(), table)
        _, before = judge_rest(rest, _order(rest), self._held(), table)
        known = {(one.code, one.technician, one.visit) for one in before}
        if any((one.code, one.technician, one.visit) not in known for one in broken):
            return None
        if news is None:
            return OfferedRemedy(remedy, None)
        keys = {(route.technician, route.shift) for route in remedy.routes}
        only = replace(changed, routes=tuple(one for one in rest.routes if one.key in keys))
        state = _with_news(self._base.state, news)
        given = merge(state, only, plan)
        after = assign(state, given.ahead, contracted=given.contracted)
        after = tell(after, project(after, table))
        fact = decision_of(state, after, self._at, "remedy", waivers=self._waivers(),
                           why=remedy.text)  # fmt: skip
        touched = {stop.visit for route in fact.routes for stop in route.stops}
        told = tuple(one for one in fact.told if one.visit in touched)
        return OfferedRemedy(remedy, (*news, fact.model_copy(update={"told": told})))

    def _news(self) -> tuple[Fact, ...] | None:
        """Return what has to be known of the day first; None where no fact says it."""
        remedy, day = self._remedy, self._base.state.day
        match remedy.kind:
            case RemedyKind.WINDOW if remedy.wider is not None and remedy.promise is not None:
                try:
                    wider = with_promise(day, remedy.visit, remedy.promise, remedy.wider)
                except KeyError:
                    return None  # a promise of the rest of the day alone
                return (self._moved(wider.visits),)
            case RemedyKind.DAY:
                visit = next(one for one in day.visits if one.id == remedy.visit)
                changed = apply_remedy(day, remedy).visits
                return None if visit.days else (self._moved(changed),)
            case RemedyKind.PART if any(one.id == remedy.at for one in day.outlets):
                return tuple(
                    PartArrived(happened_at=self._at, part=part, outlet=remedy.at,
                                visit=remedy.visit)
                    for part in remedy.parts
                )  # fmt: skip
            case RemedyKind.SKILL | RemedyKind.PART:
                return None
        return ()

    def _moved(self, visits: Sequence[Visit]) -> AppointmentMoved:
        new = next(one for one in visits if one.id == self._remedy.visit)
        return AppointmentMoved(happened_at=self._at, visit=new.id, promises=new.promises)

    def _waivers(self) -> tuple[Waiver, ...]:
        if self._remedy.kind is not RemedyKind.OVERTIME:
            return ()
        return (Waiver(who="remedy", rule="overtime_limit", why=self._remedy.text),)

    def _order(self) -> dict[RouteKey, list[str]]:
        order = _order(self._base.rest)
        order |= {(one.technician, one.shift): list(one.order) for one in self._remedy.routes}
        return {key: ids for key, ids in order.items() if ids}

    def _held(self) -> dict[str, list[str]]:
        names = {visit.id for visit in self._base.rest.day.visits}
        held: dict[str, list[str]] = {}
        for visit, outlet in self._base.state.contracted:
            if visit in names:
                held.setdefault(outlet, []).append(visit)
        return held

    def _contracted(self) -> dict[str, list[str]]:
        return self._held() | {name: list(visits) for name, visits in self._remedy.outlets}


def _order(rest: RestDay) -> dict[RouteKey, list[str]]:
    order = {
        route.key: [
            stop.visit or f"{PICKUP}{stop.outlet}"
            for stop in route.rest
            if stop.kind in {"visit", "pickup"}
        ]
        for route in rest.routes
    }
    return {key: ids for key, ids in order.items() if ids}


def _with_news(state: LiveState, news: Sequence[Fact]) -> LiveState:
    for fact in news:
        if isinstance(fact, AppointmentMoved):
            state = move(state, fact)
        elif isinstance(fact, PartArrived):
            state = supply(state, fact)
    return state
