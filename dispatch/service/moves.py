"""A change made by hand: what it costs, which rules it breaks, what it does to arrivals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from dispatch.domain import CostBreakdown, DayPlan, Told, Waiver
from dispatch.domain.base import Id, Model
from dispatch.domain.decision import Decided, GivenContract, ToldVisit
from dispatch.errors import Fault, InvalidRequest
from dispatch.live.accept import judge_rest
from dispatch.live.decision import given_route
from dispatch.live.merge import merge
from dispatch.live.projection import RouteKey
from dispatch.live.rest import RestDay
from dispatch.live.telling import is_told
from dispatch.referee.codes import WAIVABLE
from dispatch.referee.verdict import Violation
from dispatch.service.codes import DeskCode, refuse
from dispatch.service.options import OptionEta, difference
from dispatch.service.part_rest import rest_of
from dispatch.service.view import DayView

PICKUP = "@"


class Move(Model):
    """A visit put somewhere by hand, or several together.

    Attributes
    ----------
    along
        Visits that come along, in this order directly behind it.
    technician, shift
        Who gets it; None takes it off.
    after
        The visit it comes directly behind; None = first of what is not fixed.
    pickups
        Outlets to pick up parts at, directly before it.
    """

    visit: Id
    along: tuple[Id, ...] = ()
    technician: Id | None = None
    shift: int = 0
    after: Id | None = None
    pickups: tuple[Id, ...] = ()

    @property
    def visits(self) -> tuple[Id, ...]:
        """All that move."""
        return self.visit, *self.along


class Allowed(Model):
    """A soft rule to break on purpose, and why."""

    rule: str
    why: str


class BrokenRule(Model):
    """A rule a change breaks; ``soft`` ones may be waived."""

    rule: str
    soft: bool
    technician: Id | None = None
    visit: Id | None = None
    found: str
    expected: str


class MovePreview(Model):
    """What a move would do.

    Attributes
    ----------
    version, sequence
        Of the day it was made for.
    price
        Fen more by component.
    broken
        Rules broken by it and not before.
    etas
        Arrivals that change.
    """

    day: Id
    version: int
    sequence: int
    move: Move
    price: CostBreakdown
    broken: tuple[BrokenRule, ...] = ()
    etas: tuple[OptionEta, ...] = ()


@dataclass(frozen=True, eq=False)
class Moved:
    """A move worked out: the preview, and the decision it would be."""

    preview: MovePreview
    decided: Decided


def work_out(view: DayView, move: Move, allowed: Sequence[Allowed], who: str) -> Moved:
    """Work a move out.

    Parameters
    ----------
    allowed, who
        Soft rules that are broken on purpose, and by whom; the preview does not list them.

    Raises
    ------
    InvalidRequest
        D9504: a visit is under way or over or for a crew or named twice, or the place named is
        fixed.
    """
    return _Work(view, move).moved(allowed, who)


class _Work:
    def __init__(self, view: DayView, move: Move) -> None:
        self._view, self._move = view, move
        self._table = view.table
        routes = view.state.routes
        self._from = [
            (one.technician, one.shift)
            for one in routes
            if any(stop.visit in move.visits for stop in one.ahead)
        ]
        self._to = None if move.technician is None else (move.technician, move.shift)
        self._keys = list(dict.fromkeys([*self._from, *([] if self._to is None else [self._to])]))
        self._rest = rest_of(view, {key[0] for key in self._keys}, move.visits)
        self._check_visits()
        self._routes = {route.key: route for route in self._rest.routes}
        if self._to is not None and (self._to not in self._routes or self._routes[self._to].closed):
            raise _refused(move.visit, f"technician {move.technician}", "one who is at work")

    def _check_visits(self) -> None:
        ahead = {visit.id: visit for visit in self._rest.day.visits}
        for number, name in enumerate(self._move.visits):
            visit = ahead.get(name)
            if visit is None or visit.crew_size > 1:
                found = "for a crew" if visit is not None else "under way, over or unknown"
                raise _refused(name, found, "a visit for one technician that is still ahead")
            if name in self._move.visits[:number] or name == self._move.after:
                raise _refused(name, "named twice", "each visit once")

    def moved(self, allowed: Sequence[Allowed], who: str) -> Moved:
        """Return it worked out."""
        part = self._rest
        old, new = self._order(part), self._order_after(part)
        was, broken_before = judge_rest(part, old, self._contracted(part, held=True), self._table)
        plan, broken = judge_rest(part, new, self._contracted(part, held=False), self._table)
        known = {(v.code, v.technician, v.visit) for v in broken_before}
        found = [_rule(v) for v in broken if (v.code, v.technician, v.visit) not in known]
        said = {one.rule: one.why for one in allowed if one.rule in WAIVABLE}
        left = tuple(one for one in found if one.rule not in said)
        waivers = tuple(
            Waiver(who=who, rule=rule, why=said[rule])
            for rule in dict.fromkeys(one.rule for one in found)
            if rule in said
        )
        view = self._view
        preview = MovePreview(
            day=view.day_id,
            version=view.version,
            sequence=view.sequence,
            move=self._move,
            price=difference(plan.cost, was.cost),
            broken=left,
            etas=tuple(self._etas(plan)),
        )
        return Moved(preview, self._decided(part, plan, waivers))

    def _order(self, part: RestDay) -> dict[RouteKey, list[str]]:
        order = {
            route.key: [
                stop.visit or f"{PICKUP}{stop.outlet}"
                for stop in route.rest
                if stop.kind in {"visit", "pickup"}
            ]
            for route in part.routes
        }
        return {key: ids for key, ids in order.items() if ids}

    def _order_after(self, part: RestDay) -> dict[RouteKey, list[str]]:
        move, order = self._move, self._order(part)
        for key in self._from:
            order[key] = _without(order[key], move.visits)
        if self._to is not None:
            own = order.setdefault(self._to, [])
            at = 0
            if move.after in own:
                at = own.index(move.after) + 1
            elif move.after is not None and not self._is_fixed(move.after):
                found, expected = f"behind {move.after}", "a visit of that technician, or none"
                raise _refused(move.visit, found, expected)
            own[at:at] = [*(f"{PICKUP}{one}" for one in move.pickups), *move.visits]
        return {key: ids for key, ids in order.items() if ids}

    def _is_fixed(self, visit: str) -> bool:
        if self._to is None:
            return False
        return any(stop.visit == visit for stop in self._routes[self._to].prefix) or any(
            past.stop.visit == visit
            for route in self._view.state.routes
            for past in route.past
            if (route.technician, route.shift) == self._to
        )

    def _contracted(self, part: RestDay, *, held: bool) -> dict[str, list[str]]:
        names = {visit.id for visit in part.day.visits}
        given: dict[str, list[str]] = {}
        for visit, outlet in self._view.state.contracted:
            if visit in names and (held or visit not in self._move.visits):
                given.setdefault(outlet, []).append(visit)
        return given

    def _etas(self, plan: DayPlan) -> Iterator[OptionEta]:
        free = timedelta(seconds=self._view.state.day.settings.disturbed_free_s)
        visits = {visit.id: visit for visit in self._rest.day.visits}
        keys = set(self._keys)
        first = {eta.visit: eta for eta in reversed(self._view.projection.etas)}
        for route in plan.routes:
            for stop in route.stops:
                if stop.visit is None or (route.technician, route.shift) not in keys:
                    continue
                old = first.get(stop.visit)
                if old is not None and (old.technician, old.arrival) == (
                    route.technician,
                    stop.arrival,
                ):
                    continue
                now = Told(technician=route.technician, arrival=stop.arrival)
                moved = None if old is None else (stop.arrival - old.arrival).total_seconds()
                yield OptionEta(
                    visit=stop.visit,
                    technician=route.technician,
                    arrival=stop.arrival,
                    technician_before=None if old is None else old.technician,
                    before=None if old is None else old.arrival,
                    moved_s=None if moved is None else round(moved),
                    promise=stop.promise,
                    lateness_before_s=0 if old is None else old.lateness_s,
                    lateness_s=stop.lateness_s,
                    tell=is_told(visits[stop.visit].told, now, free),
                )

    def _decided(self, part: RestDay, plan: DayPlan, waivers: tuple[Waiver, ...]) -> Decided:
        state, keys = self._view.state, set(self._keys)
        only = replace(part, routes=tuple(one for one in part.routes if one.key in keys))
        routes = tuple(r for r in plan.routes if (r.technician, r.shift) in keys)
        ahead = merge(state, only, plan.model_copy(update={"routes": routes})).ahead
        live = {(route.technician, route.shift): route for route in state.routes}
        had = [visit for visit, _ in state.contracted if visit in self._move.visits]
        told = [ToldVisit(visit=eta.visit, told=_told(eta)) for eta in self._etas(plan) if eta.tell]
        if self._to is None:
            told += [ToldVisit(visit=visit) for visit in self._move.visits]
        return Decided(
            happened_at=state.now,
            origin="move",
            routes=tuple(given_route(live[key], ahead[key]) for key in self._keys),
            contracted=tuple(GivenContract(visit=visit) for visit in had),
            told=tuple(told),
            waivers=waivers,
        )


def _told(eta: OptionEta) -> Told:
    return Told(technician=eta.technician, arrival=eta.arrival)


def _without(ids: Sequence[str], visits: Sequence[str]) -> list[str]:
    """Return an order without some visits, and without pick-ups nothing follows."""
    kept = [one for one in ids if one not in visits]
    while kept and kept[-1].startswith(PICKUP):
        kept.pop()
    return kept


def _rule(one: Violation) -> BrokenRule:
    return BrokenRule(
        rule=one.code,
        soft=one.code in WAIVABLE,
        technician=one.technician,
        visit=one.visit,
        found=str(one.found),
        expected=str(one.expected),
    )


def _refused(visit: str, found: str, expected: str) -> InvalidRequest:
    return refuse(DeskCode.NOT_AHEAD, f"visit {visit}", found, expected)


def refuse_broken(preview: MovePreview) -> None:
    """Refuse a move that breaks rules nobody waived.

    Raises
    ------
    InvalidRequest
        D9506 for each: what a waiver may cover says so.
    """
    if not preview.broken:
        return
    hints = {True: "Waive it with a reason.", False: ""}
    raise InvalidRequest(
        [
            Fault(
                DeskCode.BROKEN_RULE.value,
                f"{one.rule}: visit {one.visit}, technician {one.technician}",
                one.found,
                one.expected,
                hints[one.soft],
            )
            for one in preview.broken
        ]
    )
