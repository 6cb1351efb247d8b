"""A live day as the board shows it: rows, stops with their times, what nobody has, clocks."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from dispatch.domain import DayPlan, Place, Priority, Technician, UnassignedVisit, Visit
from dispatch.live.course import is_same
from dispatch.live.projection import Danger, Eta, Projection
from dispatch.live.state import LiveRoute, LiveState, Outcome, PastStop, Stop
from dispatch.planning.places import get_ends
from dispatch.standards import Profile, get_profile
from dispatch.web.board_job import board_job, chosen_window
from dispatch.web.board_model import (
    BoardDanger,
    BoardOutlet,
    BoardRow,
    BoardStop,
    BoardView,
    Clock,
    Counts,
    OpenReason,
    OpenVisit,
    Spot,
)
from dispatch.web.kept_rows import KeptRows

MOST_NAMED = 5
"""Technicians named beside a reason; the count says how many there are."""


class DayLike(Protocol):
    """What the board needs of a day; `dispatch.service` gives it."""

    @property
    def version(self) -> int:
        """Version in force."""

    @property
    def sequence(self) -> int:
        """Of the latest event."""

    @property
    def state(self) -> LiveState:
        """The day at its moment."""

    @property
    def projection(self) -> Projection:
        """Its rest."""

    @property
    def plan(self) -> DayPlan | None:
        """The plan in force, for reasons and remedies."""


@dataclass(frozen=True)
class LiveDay:
    """The plainest `DayLike`."""

    state: LiveState
    projection: Projection
    plan: DayPlan | None = None
    version: int = 1
    sequence: int = 0


def board_view(day: DayLike, kept: KeptRows | None = None) -> BoardView:
    """Return a day as its dispatcher sees it.

    Parameters
    ----------
    day
        State, projection and plan in force of one moment.
    kept
        Rows of earlier moments of the same day, where it is looked at again and again.
    """
    return _Board(day, kept or KeptRows()).view()


def spot(place: Place | None) -> Spot | None:
    """Return a place to about a meter."""
    return None if place is None else (round(place.lon, 5), round(place.lat, 5))


class _Board:
    """A day looked up once."""

    def __init__(self, day: DayLike, kept: KeptRows) -> None:
        self.kept = kept
        self.given, self.state, self.day = day, day.state, day.state.day
        self.base = self.day.horizon_start
        self.profile: Profile = get_profile(self.day.standards)
        self.visits: Mapping[str, Visit] = {v.id: v for v in self.day.visits}
        self.people: Mapping[str, Technician] = {t.id: t for t in self.day.technicians}
        self.outlets = {o.id: o for o in self.day.outlets}
        self.etas: dict[tuple[str, int], list[Eta]] = {}
        for eta in day.projection.etas:
            self.etas.setdefault((eta.technician, eta.shift), []).append(eta)
        self.dangers: dict[tuple[str | None, str | None], list[str]] = {}
        for danger in day.projection.dangers:
            known = self.dangers.setdefault((danger.visit, danger.technician), [])
            known.append(str(danger.kind))

    def second(self, moment: datetime) -> int:
        return round((moment - self.base).total_seconds())

    def view(self) -> BoardView:
        day, rows = self.day, tuple(self._row(route) for route in self.state.routes)
        opened, outlets = self._open(), tuple(self._outlets())
        clocks = tuple(sorted(self._clocks(rows), key=lambda one: (one.there, one.due)))
        return BoardView(
            day=day.id,
            date=day.date.isoformat(),
            zone=day.zone,
            base=round(self.base.timestamp() * 1000),
            last=self.second(day.horizon_end),
            now=self.second(self.given.projection.now),
            version=self.given.version,
            sequence=self.given.sequence,
            rows=rows,
            open=opened,
            outlets=outlets,
            dangers=tuple(_danger(one) for one in self.given.projection.dangers),
            clocks=clocks,
            counts=counts_of(rows, opened, outlets, clocks),
            skills=tuple(sorted({need.skill for v in day.visits for need in v.skills})),
        )

    def _row(self, route: LiveRoute) -> BoardRow:
        person = self.people[route.technician]
        shift = person.shifts[route.shift]
        made_of = self._made_of(route, person)
        known = self.kept.find(f"{person.id}.{route.shift}", made_of)
        if known is not None:
            return known
        start, end = get_ends(person, self.outlets.get(person.outlet or ""))
        stops = tuple(self._stops(route))
        back = next((one.t[4] for one in stops if one.kind == "end"), None)
        limit = self.second(shift.end)
        row = BoardRow(
            id=f"{person.id}.{route.shift}",
            technician=person.id,
            shift=route.shift,
            name=person.name,
            outlet=person.outlet,
            profile=person.profile,
            skills=tuple((skill.skill, skill.level) for skill in person.skills),
            territory=person.territory,
            span=(self.second(shift.start), limit),
            breaks=tuple(
                (self.second(one.earliest), self.second(one.latest), one.duration_s)
                for one in shift.breaks
            ),
            start=spot(start),
            end=None if is_same(start, end) else spot(end),
            here=spot(route.here),
            here_at=None if route.here_at is None else self.second(route.here_at),
            overtime_s=0 if back is None else max(0, back - limit),
            most_overtime_s=person.max_overtime_s,
            away=route.away,
            over=route.is_over,
            stops=stops,
        )
        return self.kept.keep(row, made_of)

    def _made_of(self, route: LiveRoute, person: Technician) -> tuple[object, ...]:
        """Return everything a row is made of that may be another at the next moment."""
        stops = [*(past.stop for past in route.past), *route.ahead]
        names = [stop.visit for stop in stops if stop.visit is not None]
        about: list[tuple[str | None, str | None]] = [(None, route.technician)]
        about += [(name, who) for name in names for who in (route.technician, None)]
        # Strings of an enumeration: the same words are the same objects.
        dangers = [sys.intern(word) for key in about for word in self.dangers.get(key, ["-"])]
        etas = self.etas.get((route.technician, route.shift), [])
        home = self.outlets.get(person.outlet or "")
        return (route, person, home, *(self.visits[name] for name in names), *etas, *dangers)

    def _stops(self, route: LiveRoute) -> Iterator[BoardStop]:
        """Return what is past, then what is ahead where anything but breaks and the way home is."""
        seen: Counter[str] = Counter()
        for past in route.past:
            yield self._past(past, _name(route, past.stop, seen))
        etas = self.etas.get((route.technician, route.shift), [])
        busy = route.past or any(stop.kind in {"visit", "pickup"} for stop in route.ahead)
        going = route.under_way
        for stop, eta in zip(route.ahead, etas, strict=True):
            name = _name(route, stop, seen)
            if busy or stop.kind == "break":
                yield self._ahead(route, stop, eta, name, going=stop is going)

    def _past(self, past: PastStop, name: str) -> BoardStop:
        stop, ended = past.stop, self.second(past.ended_at)
        arrived = stop.arrived_at or stop.started_at or past.ended_at
        began = self.second(stop.started_at or arrived)
        at_door = self.second(arrived)
        left = None if stop.departed_at is None else self.second(stop.departed_at)
        window = self._window(stop)
        return BoardStop(
            id=name,
            kind=stop.kind,
            t=(left, at_door, at_door, began, max(began, ended)),
            late_s=0 if window is None else max(0, at_door - window[1]),
            phase="past",
            failed=past.outcome is Outcome.NOT_DONE,
            **self._fields(stop),
        )

    def _ahead(
        self, route: LiveRoute, stop: Stop, eta: Eta, name: str, *, going: bool
    ) -> BoardStop:
        left = eta.leaves if stop.departed_at is None else stop.departed_at
        moments = eta.reached, eta.arrival, eta.start, eta.end
        reached, arrival, start, end = (self.second(one) for one in moments)
        leaves = None if left is None else self.second(left)
        at_work = stop.started_at is not None
        return BoardStop(
            id=name,
            kind=stop.kind,
            t=(leaves, reached, arrival, start, end),
            late_s=eta.lateness_s if eta.latest is not None else 0,
            phase="now" if going else "ahead",
            at_door=going and stop.arrived_at is not None and not at_work,
            at_work=going and at_work,
            dangers=tuple(self._dangers(route, stop)),
            **self._fields(stop),
        )

    def _fields(self, stop: Stop) -> dict[str, object]:
        job = None
        if stop.visit is not None:
            visit = self.visits[stop.visit]
            job = board_job(visit, self.profile, self.second, promise=stop.promise)
        parts = tuple((need.part, need.quantity) for need in stop.parts)
        return {"job": job, "member": stop.crew, "outlet": stop.outlet, "parts": parts}

    def _dangers(self, route: LiveRoute, stop: Stop) -> Iterator[str]:
        if stop.visit is not None:
            yield from self.dangers.get((stop.visit, route.technician), [])
            yield from self.dangers.get((stop.visit, None), [])
            return
        kind = {"end": "overtime", "break": "break", "pickup": "pickup"}.get(stop.kind)
        yield from (k for k in self.dangers.get((None, route.technician), []) if k == kind)

    def _window(self, stop: Stop) -> tuple[int, int] | None:
        if stop.visit is None:
            return None
        return chosen_window(self.visits[stop.visit], self.profile, self.second, stop.promise)

    def _open(self) -> tuple[OpenVisit, ...]:
        plan = self.given.plan
        told = {one.visit: one for one in plan.unassigned} if plan is not None else {}
        order = list(Priority)
        visits = [self.visits[name] for name in self.state.open]
        visits.sort(key=lambda visit: (order.index(visit.priority), visit.id))
        return tuple(self._nobody_has(visit, told.get(visit.id)) for visit in visits)

    def _nobody_has(self, visit: Visit, told: UnassignedVisit | None) -> OpenVisit:
        job = board_job(visit, self.profile, self.second)
        if told is None:
            return OpenVisit(job=job)
        return OpenVisit(
            job=job,
            reasons=tuple(_grouped(told)),
            summary=told.summary,
            summary_zh=told.summary_zh,
            remedies=told.remedies,
            earliest_date="" if told.earliest_date is None else told.earliest_date.isoformat(),
        )

    def _outlets(self) -> Iterator[BoardOutlet]:
        for outlet in self.day.outlets:
            has = [visit for visit, name in self.state.contracted if name == outlet.id]
            done = [visit for visit, name in self.state.contracted_done if name == outlet.id]
            yield BoardOutlet(
                id=outlet.id,
                name=outlet.name,
                kind=outlet.kind,
                zone=outlet.zone,
                at=spot(outlet.place) or (0.0, 0.0),
                visits=tuple(
                    board_job(self.visits[name], self.profile, self.second)
                    for name in dict.fromkeys([*has, *done])
                ),
                done=tuple(done),
            )

    def _clocks(self, rows: tuple[BoardRow, ...]) -> Iterator[Clock]:
        """Return a clock for every emergency that is not over."""
        over = set(self.state.canceled) | {visit for visit, _ in self.state.contracted_done}
        for visit in self.day.visits:
            urgent = visit.priority is Priority.EMERGENCY and visit.received_at is not None
            if not urgent or visit.id in over:
                continue
            stops = [(r, s) for r in rows for s in r.stops if s.job and s.job.visit == visit.id]
            if any(s.phase == "past" and not s.failed for _, s in stops):
                continue
            received = self.second(visit.received_at or self.base)
            window = chosen_window(visit, self.profile, self.second, None)
            due = received + self.profile.emergency_arrival_s if window is None else window[1]
            row, stop = min(stops, key=lambda pair: pair[1].t[2], default=(None, None))
            yield Clock(
                visit=visit.id,
                received=received,
                due=due,
                arrival=None if stop is None else stop.t[2],
                there=stop is not None and (stop.at_door or stop.at_work),
                technician=None if row is None else row.technician,
            )


def counts_of(
    rows: Sequence[BoardRow],
    opened: Sequence[OpenVisit],
    outlets: Sequence[BoardOutlet],
    clocks: Sequence[Clock],
) -> Counts:
    """Return the figures at the head of a board that shows these."""
    stops = [s for row in rows for s in row.stops if s.job is not None and not s.failed]
    first = {s.job.visit: s for s in reversed(stops) if s.job is not None}
    owed = [s for s in first.values() if s.job is not None and s.job.window is not None]
    late = sum(s.late_s > 0 for s in owed)
    outside, done = sum(len(one.visits) for one in outlets), sum(len(one.done) for one in outlets)
    phases = Counter(s.phase for s in first.values())
    return Counts(
        visits=len(first) + len(opened) + outside,
        done=phases["past"] + done,
        under_way=phases["now"],
        ahead=phases["ahead"] + outside - done,
        open=len(opened),
        late=late,
        promised=len(owed),
        kept=len(owed) - late,
        overtime=sum(row.overtime_s > 0 for row in rows),
        away=sum(row.away for row in rows),
        emergencies=len(clocks),
    )


def _name(route: LiveRoute, stop: Stop, seen: Counter[str]) -> str:
    """Return an id that stays: past stops stay in their order, so kinds are counted through."""
    row = f"{route.technician}.{route.shift}"
    what = stop.visit if stop.visit is not None else stop.kind
    seen[what] += 1
    again = f"~{seen[what]}" if seen[what] > 1 or stop.visit is None else ""
    return f"{row}:{what}{again}"


def _grouped(told: UnassignedVisit) -> Iterator[OpenReason]:
    by_code: dict[str, list[int]] = {}
    for number, reason in enumerate(told.reasons):
        by_code.setdefault(reason.code, []).append(number)
    for code, numbers in sorted(by_code.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        first = told.reasons[numbers[0]]
        yield OpenReason(
            code=code,
            count=len(numbers),
            technicians=tuple(told.reasons[n].technician for n in numbers[:MOST_NAMED]),
            found=first.found,
            expected=first.expected,
        )


def _danger(one: Danger) -> BoardDanger:
    fields = {"kind": str(one.kind), "visit": one.visit, "technician": one.technician}
    return BoardDanger(minutes=one.minutes, found=one.found, expected=one.expected, **fields)
