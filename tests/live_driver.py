"""Drives a live day at random: news as projected, give or take, and what nobody planned.

Everything is drawn from one generator, so that a seed is a day.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from dispatch.domain import Day, DayPlan, Place, Priority, Promise, Visit
from dispatch.domain import disruption as d
from dispatch.domain.disruption import Happening
from dispatch.domain.event import Event
from dispatch.domain.travel_table import TravelTable
from dispatch.errors import InvalidRequest
from dispatch.live.apply import apply
from dispatch.live.projection import Eta, Projection, project
from dispatch.live.state import LiveState, Stop, begin_day


class Driver:
    """A live day and its generator."""

    def __init__(self, day: Day, plan: DayPlan, travel: TravelTable, seed: int) -> None:
        self.rng = random.Random(f"drive {seed}")  # noqa: S311 - reproducible days
        self.day, self.plan, self.travel = day, plan, travel
        self.state: LiveState = begin_day(day, plan)
        self.moment = min(shift.start for person in day.technicians for shift in person.shifts)
        self.moment = max(self.moment, day.horizon_start)
        self.number = 0
        self.events = 0

    def happen(self, fact: Happening) -> bool:
        """Apply a fact, unless it does not fit."""
        event = Event(
            sequence=self.state.sequence + 1,
            at=max(self.moment, fact.happened_at),
            by="tests",
            day=self.day.id,
            request_id="r",
            what=fact,
        )
        try:
            self.state = apply(self.state, event)
        except InvalidRequest:
            return False
        self.events += 1
        self.moment = max(self.moment, fact.happened_at)
        return True

    def projection(self) -> Projection:
        """Return the rest of the day as it stands."""
        return project(self.state, self.travel)

    def news(self) -> None:
        """Let the earliest thing happen that is projected next, a little off."""
        found = self.projection()
        nexts: list[tuple[datetime, str, Stop, Eta]] = []
        position = 0
        for route in self.state.routes:
            etas = found.etas[position : position + len(route.ahead)]
            position += len(route.ahead)
            if route.ahead and not route.away and not route.is_over:
                working = [i for i, stop in enumerate(route.ahead) if stop.started_at is not None]
                at = working[0] if working else 0
                if not working and route.ahead[0].kind == "break" and len(route.ahead) > 1:
                    at = self.rng.choice([0, 0, 1])
                nexts.append(_next(route.technician, route.ahead[at], etas[at]))
        if not nexts:
            self.moment += timedelta(minutes=30)
            return
        moment, technician, stop, _ = min(nexts, key=lambda one: (one[0], one[1]))
        off = timedelta(seconds=self.rng.choice([0, 0, 0, 60, 600, -300]))
        self._report(technician, stop, max(self.moment, moment + off))

    def _report(self, technician: str, stop: Stop, moment: datetime) -> None:
        kinds: list[type[d.Progress]] = [d.TechnicianDeparted, d.TechnicianArrived, d.WorkStarted]
        if stop.started_at is not None:
            kind: type[d.Progress] = d.WorkFinished
        elif stop.arrived_at is not None:
            kind = self.rng.choice([d.WorkStarted, d.WorkStarted, d.WorkFinished])
        elif stop.departed_at is not None:
            kind = d.TechnicianArrived
        else:
            kind = d.WorkStarted if stop.kind == "break" else self.rng.choice(kinds)
        what = {"what": stop.kind, "visit": stop.visit}
        self.happen(kind(technician=technician, happened_at=moment, **what))

    def trouble(self) -> None:
        """Let something happen that nobody planned."""
        self.rng.choice(self._troubles())()

    def _troubles(self) -> list[Callable[[], Any]]:
        rng, now = self.rng, self.moment
        visits = [visit.id for visit in self.state.day.visits]
        people = [person.id for person in self.day.technicians]
        at: dict[str, Any] = {"happened_at": now}
        soon = now + timedelta(minutes=rng.randint(1, 90))
        needs = [(v.id, need.part) for v in self.state.day.visits for need in v.parts]
        troubles: list[Callable[[], Any]] = [
            lambda: self.happen(d.VisitCanceled(visit=rng.choice(visits), **at)),
            lambda: self.happen(d.TechnicianLate(technician=rng.choice(people), until=soon, **at)),
            lambda: self.happen(d.TechnicianSick(technician=rng.choice(people), **at)),
            lambda: self.happen(d.TechnicianBack(technician=rng.choice(people), **at)),
            lambda: self.happen(
                d.TechnicianSeen(technician=rng.choice(people), place=self._place(), **at)
            ),
            lambda: self.happen(
                d.CustomerAbsent(technician=rng.choice(people), visit=rng.choice(visits), **at)
            ),
            lambda: self.happen(
                d.AppointmentMoved(visit=rng.choice(visits), promises=(self._promise(),), **at)
            ),
            lambda: self.happen(
                d.AddressCorrected(visit=rng.choice(visits), place=self._place(), **at)
            ),
            self._overrun,
            self._add,
            self._add,
        ]
        if needs:
            name, part = rng.choice(needs)
            troubles.append(lambda: self.happen(d.PartMissing(visit=name, part=part, **at)))
        if self.day.outlets:
            shut = self.day.outlets[0].id
            troubles.append(
                lambda: self.happen(d.OutletClosed(outlet=shut, start=now, end=soon, **at))
            )
        if self.state.contracted:
            given = self.state.contracted[0][0]
            troubles.append(lambda: self.happen(d.ContractedFinished(visit=given, **at)))
        return troubles

    def _overrun(self) -> None:
        for route in self.state.routes:
            for stop in route.ahead:
                if stop.started_at is not None and stop.visit is not None:
                    ends = self.moment + timedelta(minutes=self.rng.randint(0, 80))
                    fact = d.VisitOverran(
                        technician=route.technician,
                        visit=stop.visit,
                        ends_at=ends,
                        happened_at=self.moment,
                    )
                    self.happen(fact)
                    return

    def _add(self) -> None:
        self.number += 1
        urgent = self.rng.random() < 0.4
        base = self._visit(self.rng.choice(self.day.visits).id)
        update: dict[str, Any] = {
            "id": f"N{self.number}",
            "place": self._place(),
            "links": (),
            "crew_size": 1,
            "crew_skills": (),
            "pin": None,
            "told": None,
            "days": (),
        }
        at: dict[str, Any] = {"happened_at": self.moment}
        if urgent:
            update |= {"priority": Priority.EMERGENCY, "received_at": self.moment, "promises": ()}
            visit = base.model_copy(update=update)
            self.happen(d.EmergencyRaised(visit=visit, **at))
            return
        promises = (self._promise(),) if self.rng.random() < 0.5 else ()
        update |= {"priority": Priority.GENERAL, "received_at": None, "promises": promises}
        self.happen(d.VisitAdded(visit=base.model_copy(update=update), **at))

    def _visit(self, name: str) -> Visit:
        return next(visit for visit in self.state.day.visits if visit.id == name)

    def _place(self) -> Place:
        lon, lat = self.rng.choice(self.travel.lonlat.tolist())
        return Place(lon=lon, lat=lat)

    def _promise(self) -> Promise:
        begin = self.moment + timedelta(minutes=self.rng.randint(-30, 240))
        return Promise(earliest=begin, latest=begin + timedelta(minutes=self.rng.randint(10, 90)))


def _next(technician: str, stop: Stop, eta: Eta) -> tuple[datetime, str, Stop, Eta]:
    if stop.started_at is not None:
        moment = eta.end
    elif stop.arrived_at is not None:
        moment = eta.start
    elif stop.departed_at is not None or eta.leaves is None:
        moment = eta.reached
    else:
        moment = eta.leaves
    return moment, technician, stop, eta
