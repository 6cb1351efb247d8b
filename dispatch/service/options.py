"""Ways to change a live day, with everything a dispatcher asks before choosing one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal

from dispatch.domain import CostBreakdown, DayPlan, PlanRoute, PlanStatus, Told
from dispatch.domain.base import Id, Model, Moment
from dispatch.domain.decision import GivenContract, GivenRoute, ToldVisit
from dispatch.live.decision import given_route
from dispatch.live.merge import merge
from dispatch.live.projection import Eta, RouteKey
from dispatch.live.telling import is_told
from dispatch.planning.price import price
from dispatch.planning.publish import publish_routes
from dispatch.service.prepared import Prepared
from solver.errors import InvalidParameter
from solver.routing.solution import Route, RoutingSolution, Step, StepKind
from solver.routing.timetable import Infeasible, TimetableData, build_solution, timetable

Rung = Literal["insertion", "slide", "reorder", "swap", "eject", "pool", "drop", "resolve"]


class OptionEta(Model):
    """A visit whose arrival or technician an option changes.

    Attributes
    ----------
    technician_before, before
        None where nobody had it.
    moved_s
        Seconds later; None where nobody had it.
    promise, latest
        What the arrival is held against.
    lateness_before_s, lateness_s
        After the end of that promise, as things stand and with the option.
    tell
        The customer has to be told.
    """

    visit: Id
    technician: Id
    arrival: Moment
    technician_before: Id | None = None
    before: Moment | None = None
    moved_s: int | None = None
    promise: str | None = None
    latest: Moment | None = None
    lateness_before_s: int = 0
    lateness_s: int = 0
    tell: bool = False


class Option(Model):
    """One way to change a day.

    Attributes
    ----------
    rung
        How far it goes: ``insertion`` makes nobody late who is not, ``slide`` does, ``reorder``
        changes turns, ``swap`` and ``eject`` give one or several visits of others to another
        technician, ``pool`` gives the visit to a contracted outlet, ``drop`` leaves others out,
        ``resolve`` is what a search found.
    technician, shift, arrival, lateness_s
        Who comes, and when, for the visit it is about; None for a contracted outlet.
    outlet
        The contracted outlet that serves it.
    price
        What the day would cost more, fen by component; that somebody is left out is in it only
        where the option changes it.
    technicians
        Whose routes change, the one who comes first.
    displaced
        Visits that go to another technician or to a contracted outlet.
    dropped
        Visits nobody would have any more.
    etas
        Every arrival that changes, of the visit itself too.
    routes, contracted, told
        What is decided, as the log has it.
    """

    index: int
    rung: Rung
    technician: Id | None = None
    shift: int = 0
    arrival: Moment | None = None
    lateness_s: int = 0
    outlet: Id | None = None
    price: CostBreakdown
    technicians: tuple[Id, ...]
    displaced: tuple[Id, ...] = ()
    dropped: tuple[Id, ...] = ()
    etas: tuple[OptionEta, ...] = ()
    routes: tuple[GivenRoute, ...] = ()
    contracted: tuple[GivenContract, ...] = ()
    told: tuple[ToldVisit, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """Steps some vehicles would have.

    Attributes
    ----------
    changed
        By vehicle; without visits = it is not needed any more.
    pools
        What contracted outlets have; None = as it is.
    dropped
        Visits nobody has any more.
    """

    rung: Rung
    changed: Mapping[int, tuple[Step, ...]]
    pools: tuple[tuple[int, ...], ...] | None = None
    dropped: tuple[int, ...] = ()


class OptionMaker:
    """Makes options of candidates over one problem.

    Parameters
    ----------
    prepared
        The day, with the visit the options are about.
    """

    def __init__(self, prepared: Prepared) -> None:
        self.p = prepared
        self.data = TimetableData(prepared.t.problem)
        problem = prepared.t.problem
        # What several routes share is counted over all of them, else two routes tell the whole.
        self._whole = (
            problem.links is not None
            or problem.fair_shares is not None
            or problem.parts is not None
        )
        self._old = {route.vehicle: route for route in prepared.solution.routes}
        self._etas: dict[tuple[str, str], Eta] = {}
        self._first: dict[str, Eta] = {}
        for eta in prepared.projection.etas:
            if eta.visit is not None:
                self._etas[eta.visit, eta.technician] = eta
                self._first.setdefault(eta.visit, eta)

    def make(self, index: int, candidate: Candidate, about: str) -> Option | None:
        """Return the option of a candidate; None if it breaks a rule after all.

        Parameters
        ----------
        about
            The visit it is about.
        """
        made = self._made(candidate)
        if made is None:
            return None
        before, after = made
        more = difference(price(self.p.t, after), price(self.p.t, before))
        etas = tuple(self._changes(after, set(candidate.changed)))
        own = next((eta for eta in etas if eta.visit == about), None)
        keys = [self.p.key_of(vehicle) for vehicle in candidate.changed]
        technicians = list(dict.fromkeys(name for name, _ in keys))
        if own is not None:
            technicians.sort(key=lambda name: name != own.technician)
        contracted = tuple(self._contracted(before, after))
        shift = next((s for t, s in keys if own is not None and t == own.technician), 0)
        return Option(
            index=index,
            rung=candidate.rung,
            technician=None if own is None else own.technician,
            shift=shift,
            arrival=None if own is None else own.arrival,
            lateness_s=0 if own is None else own.lateness_s,
            price=more,
            technicians=tuple(technicians),
            displaced=tuple(self._displaced(etas, contracted, about)),
            dropped=tuple(self.p.t.visits[i].id for i in candidate.dropped),
            etas=etas,
            outlet=next((one.outlet for one in contracted if one.visit == about), None),
            routes=self._routes(after, candidate),
            contracted=contracted,
            told=tuple(self._told(after, set(candidate.changed))),
        )

    @staticmethod
    def _displaced(
        etas: Sequence[OptionEta], contracted: Sequence[GivenContract], about: str
    ) -> Iterator[str]:
        """Yield the visits that go to another technician or to a contracted outlet."""
        for eta in etas:
            if eta.visit != about and eta.technician_before not in {None, eta.technician}:
                yield eta.visit
        for given in contracted:
            if given.visit != about and given.outlet is not None:
                yield given.visit

    def _contracted(
        self, before: RoutingSolution, after: RoutingSolution
    ) -> Iterator[GivenContract]:
        """Yield what changes with contracted outlets."""
        had = self._pool_of(before)
        has = self._pool_of(after)
        for index in sorted(had.keys() | has.keys()):
            if had.get(index) != has.get(index):
                yield GivenContract(visit=self.p.t.visits[index].id, outlet=has.get(index))

    def _pool_of(self, solution: RoutingSolution) -> dict[int, str]:
        outlets = self.p.t.contracted
        return {i: outlets[q].id for q, members in enumerate(solution.pools) for i in members}

    def _made(self, candidate: Candidate) -> tuple[RoutingSolution, RoutingSolution] | None:
        """Return the routes concerned before and after; None if the new ones do not fit.

        Who is left out before and after is not in them, but those the candidate drops are.
        """
        p, problem, changed = self.p, self.p.t.problem, candidate.changed
        pools = p.solution.pools if candidate.pools is None else candidate.pools
        old = [route for vehicle, route in self._old.items() if vehicle in changed]
        none: tuple[int, ...] = ()
        before = replace(p.solution, routes=tuple(old), unassigned=none)
        if candidate.pools is None and not self._whole:  # nothing of them has to be priced
            pools = tuple(none for _ in pools)
            before = replace(before, pools=pools)
        if self._whole:
            steps = {v: tuple(s.step for s in r.stops) for v, r in self._old.items()}
            steps.update(changed)
            try:
                whole = build_solution(
                    problem, steps, pools, engine="none", seed=0, iterations=0,
                    runtime_s=0.0, stopped_by=p.solution.stopped_by, data=self.data,
                )  # fmt: skip
            except InvalidParameter:
                return None
            every = replace(p.solution, unassigned=none)
            return every, replace(whole, unassigned=candidate.dropped)
        new: list[Route] = []
        for vehicle, steps_of in sorted(changed.items()):
            if not any(step.kind is StepKind.VISIT for step in steps_of):
                continue
            route = timetable(problem, vehicle, steps_of, data=self.data)
            if isinstance(route, Infeasible):
                return None
            new.append(route)
        return before, replace(before, routes=tuple(new), pools=pools, unassigned=candidate.dropped)

    def _changes(self, after: RoutingSolution, changed: set[int]) -> Iterator[OptionEta]:
        moment, t = self.p.t.clock.moment, self.p.t
        free = timedelta(seconds=self.p.state.day.settings.disturbed_free_s)
        for route in after.routes:
            was = self._old.get(route.vehicle)
            if route.vehicle not in changed and was is not None and was.stops == route.stops:
                continue
            technician = t.lines[route.vehicle].technician.id
            for stop in route.stops:
                if stop.step.kind is not StepKind.VISIT:
                    continue
                seat = t.seats[stop.step.index]
                old = self._etas.get((seat.visit.id, technician)) or self._first.get(seat.visit.id)
                arrival = moment(stop.arrival)
                same = old is not None and (old.technician, old.arrival) == (technician, arrival)
                if same:
                    continue
                window = t.windows[stop.step.choice]
                moved = None if old is None else round((arrival - old.arrival).total_seconds())
                told = seat.visit.told
                now = Told(technician=technician, arrival=arrival)
                yield OptionEta(
                    visit=seat.visit.id,
                    technician=technician,
                    arrival=arrival,
                    technician_before=None if old is None else old.technician,
                    before=None if old is None else old.arrival,
                    moved_s=moved,
                    promise=window.name,
                    latest=moment(window.latest) if window.name is not None else None,
                    lateness_before_s=0 if old is None else old.lateness_s,
                    lateness_s=stop.lateness_s,
                    tell=seat.member == 0 and is_told(told, now, free),
                )

    def _routes(self, after: RoutingSolution, candidate: Candidate) -> tuple[GivenRoute, ...]:
        keys = {self.p.key_of(vehicle) for vehicle in candidate.changed}
        routes = tuple(r for r in after.routes if r.vehicle in candidate.changed)
        names = {self.p.t.visits[i].id for route in routes for i in route.visits}
        day = self.p.rest.day
        part = replace(
            self.p.rest,
            routes=tuple(one for one in self.p.rest.routes if one.key in keys),
            day=day.model_copy(update={"visits": tuple(v for v in day.visits if v.id in names)}),
        )
        plan = _plan_of(self.p, publish_routes(self.p.t, replace(after, routes=routes)))
        ahead = merge(self.p.state, part, plan).ahead
        live = {(r.technician, r.shift): r for r in self.p.state.routes}
        return tuple(given_route(live[key], ahead[key]) for key in sorted(keys))

    def _told(self, after: RoutingSolution, changed: set[int]) -> Iterator[ToldVisit]:
        """Yield what customers and technicians of the changed routes know from then on."""
        free = timedelta(seconds=self.p.state.day.settings.disturbed_free_s)
        moment, t = self.p.t.clock.moment, self.p.t
        for route in after.routes:
            if route.vehicle not in changed:
                continue
            technician = t.lines[route.vehicle].technician.id
            fixed = next(
                one.prefix for one in self.p.rest.routes if one.key == self.p.key_of(route.vehicle)
            )
            rank = sum(stop.visit is not None for stop in fixed)
            for stop in route.stops:
                if stop.step.kind is not StepKind.VISIT or t.seats[stop.step.index].member:
                    continue
                visit = t.visits[stop.step.index]
                now = Told(technician=technician, arrival=moment(stop.arrival), order=rank)
                rank += 1
                if visit.told is not None and not is_told(visit.told, now, free):
                    now = now.model_copy(update={"arrival": visit.told.arrival})
                if now != visit.told:
                    yield ToldVisit(visit=visit.id, told=now)


def _plan_of(prepared: Prepared, routes: Sequence[PlanRoute]) -> DayPlan:
    """Return routes as a plan to merge; nothing else of it is read."""
    return DayPlan(
        status=PlanStatus.FEASIBLE,
        day=prepared.state.day.id,
        seed=0,
        iterations=0,
        runtime_s=0.0,
        engine="none",
        stopped_by="none",
        estimated_travel=prepared.table.estimated,
        cost=CostBreakdown(),
        routes=tuple(routes),
    )


def difference(after: CostBreakdown, before: CostBreakdown) -> CostBreakdown:
    """Return what one price has more than another, component by component."""
    fen = {
        name: getattr(after, name) - getattr(before, name) for name in CostBreakdown.model_fields
    }
    return CostBreakdown(**fen)


def touched(option: Option) -> tuple[RouteKey, ...]:
    """Return the shifts an option changes."""
    return tuple((route.technician, route.shift) for route in option.routes)
