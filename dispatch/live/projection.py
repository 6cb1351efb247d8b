"""When everything ahead will happen, and which promises are in danger by how much.

Arrivals are as early as possible by docs/semantics.md, from what was reported and from now on;
crews and links move starts up until nobody waits for anybody (the least solution).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from dispatch.domain import Link, Place, Visit
from dispatch.domain.base import Id, Model, Moment
from dispatch.domain.travel_table import TravelTable
from dispatch.live.course import Course, Facts, Key, Timed
from dispatch.live.state import LiveState, StopKind

MAX_ROUNDS = 1000
"""Of moving starts; crews and links that can be kept settle in a few."""

RouteKey = tuple[str, int]


class Eta(Model):
    """When one stop ahead will be; moments as in ``PlanStop``.

    Attributes
    ----------
    leaves
        When the technician sets out for it; None once there.
    promise, latest
        What it is held against, and the last moment that keeps it; None where nothing is owed.
    """

    kind: StopKind
    technician: Id
    shift: int
    visit: Id | None = None
    leaves: Moment | None = None
    reached: Moment
    arrival: Moment
    start: Moment
    end: Moment
    promise: str | None = None
    latest: Moment | None = None
    lateness_s: int = 0


class DangerKind(StrEnum):
    """What cannot be kept as things stand."""

    PROMISE = "promise"
    """Arrival after the promise."""
    HORIZON = "horizon"
    """Arrival or return after the horizon, or no arrival possible at all."""
    OVERTIME = "overtime"
    """Back after shift end plus the most overtime."""
    BREAK = "break"
    """A break begins after its window."""
    PICKUP = "pickup"
    """An outlet is closed when parts are to be picked up."""
    PART = "part"
    """A part of the visit was reported missing."""
    LINK = "link"
    """Order or gap to a linked visit, or the visit it comes after is not served."""
    CREW = "crew"
    """Fewer technicians than the crew needs, or their starts too far apart."""
    NO_WAY = "no_way"
    """There is no way to the place."""
    OPEN = "open"
    """Nobody has the visit."""


class Danger(Model):
    """One thing that cannot be kept as the day stands.

    Attributes
    ----------
    minutes
        How much is missing, rounded up; 0 where it is not a matter of time.
    """

    kind: DangerKind
    visit: Id | None = None
    technician: Id | None = None
    minutes: int = 0
    found: str = ""
    expected: str = ""


class Projection(Model):
    """The rest of the day from a moment on.

    Attributes
    ----------
    etas
        Every stop ahead by technician, shift and order.
    dangers
        By kind, visit, technician.
    """

    now: Moment
    etas: tuple[Eta, ...]
    dangers: tuple[Danger, ...]

    def find_eta(self, visit: str, technician: str | None = None) -> Eta | None:
        """Return when a visit will be, with the first technician who has it unless named."""
        every = (one for one in self.etas if one.visit == visit)
        return next((e for e in every if technician in {None, e.technician}), None)


def places_of(state: LiveState) -> tuple[Place, ...]:
    """Return every place a travel table must have to project a state, each once."""
    day = state.day
    outlets = {outlet.id: outlet.place for outlet in day.outlets}
    places = [visit.place for visit in day.visits] + list(outlets.values())
    places += [p for t in day.technicians for p in (t.start, t.end) if p is not None]
    places += [past.place for route in state.routes for past in route.past]
    places += [route.here for route in state.routes if route.here is not None]
    return tuple({(place.lon, place.lat): place for place in places}.values())


def project(state: LiveState, travel: TravelTable) -> Projection:
    """Return the rest of the day.

    Parameters
    ----------
    travel
        Figures for every place of `places_of`, made with the traffic of ``state.day``.

    Raises
    ------
    InvalidRequest
        D9115 if the table was made without a place.
    """
    return project_routes(Facts(state, travel), {})[0]


@dataclass(frozen=True, slots=True)
class TimedRoute:
    """A route from a moment on.

    Attributes
    ----------
    until
        Last second of "now" for which the same comes out, crews and links aside.
    """

    stops: tuple[Timed, ...]
    etas: tuple[Eta, ...]
    until: int


def project_routes(
    facts: Facts, known: Mapping[RouteKey, TimedRoute]
) -> tuple[Projection, dict[RouteKey, TimedRoute]]:
    """Return the rest of the day, and its routes taken apart.

    Parameters
    ----------
    known
        Routes that need not be timed again, because nothing about them has changed.
    """
    timed, settled, until = _settle(facts, known)
    routes: dict[RouteKey, TimedRoute] = {}
    for key, stops in timed.items():
        old = known.get(key)
        if old is None or old.stops is not stops:
            old = TimedRoute(stops, tuple(_eta(facts, key, one) for one in stops), until[key])
        routes[key] = old
    etas = [one for route in routes.values() for one in route.etas]
    dangers = [*_on_routes(facts, timed), *_of_day(facts, timed, settled=settled)]
    dangers.sort(key=lambda d: (list(DangerKind).index(d.kind), d.visit or "", d.technician or ""))
    now = facts.clock.moment(facts.now)
    # Made of models that were validated already.
    found = Projection.model_construct(now=now, etas=tuple(etas), dangers=tuple(dangers))
    return found, routes


def _settle(
    facts: Facts, known: Mapping[RouteKey, TimedRoute]
) -> tuple[dict[RouteKey, tuple[Timed, ...]], bool, dict[RouteKey, int]]:
    least: dict[Key, int] = {}
    timed: dict[RouteKey, tuple[Timed, ...]] = {}
    until: dict[RouteKey, int] = {}
    together = [v for v in facts.day.visits if v.crew_size > 1 or v.links]
    for _ in range(MAX_ROUNDS):
        for route in facts.state.routes:
            key = route.technician, route.shift
            if key in known and not together:
                timed[key], until[key] = known[key].stops, known[key].until
            else:
                course = Course(facts, route, least)
                timed[key], until[key] = course.timed(), course.until
        if not together:
            return timed, True, until
        spans = work_spans(facts, timed)
        moved = _least(facts, together, spans)
        if all(spans[key][0] >= start for key, start in moved.items() if key in spans):
            return timed, True, until
        least = {key: max(start, least.get(key, start)) for key, start in moved.items()}
    return timed, False, until


def work_spans(
    facts: Facts, timed: Mapping[RouteKey, tuple[Timed, ...]]
) -> dict[Key, tuple[int, int, bool]]:
    """Return start and end of work by visit and technician, and whether the start is fixed."""
    spans: dict[Key, tuple[int, int, bool]] = {}
    for route in facts.state.routes:
        for past in route.past:
            if past.stop.visit is not None and past.outcome == "done":
                begun = past.stop.started_at or past.ended_at
                span = facts.second(begun), facts.second(past.ended_at), True
                spans[past.stop.visit, route.technician] = span
    for (technician, _), stops in timed.items():
        for one in stops:
            if one.stop.visit is not None:
                span = one.start, one.end, one.stop.started_at is not None
                spans[one.stop.visit, technician] = span
    return spans


class _Pushed:
    """The earliest starts crews and links ask for; fixed starts are left alone."""

    def __init__(self, spans: Mapping[Key, tuple[int, int, bool]]) -> None:
        self.spans, self.least = spans, dict[Key, int]()
        self.members: dict[str, list[Key]] = {}
        for key in spans:
            self.members.setdefault(key[0], []).append(key)

    def push(self, key: Key, start: int) -> None:
        if not self.spans[key][2]:
            self.least[key] = max(start, self.least.get(key, start))

    def crew(self, visit: Visit, tolerance_s: int) -> None:
        own = self.members.get(visit.id, [])
        if visit.crew_size > 1 and own:
            latest = max(self.spans[key][0] for key in own)
            for key in own:
                self.push(key, latest - tolerance_s)

    def link(self, visit: Visit, link: Link) -> None:
        for before in self.members.get(link.after, []):
            start, end, _ = self.spans[before]
            for key in self.members.get(visit.id, []):
                self.push(key, end + link.min_gap_s)
                if link.max_gap_s is not None:
                    self.push(before, self.spans[key][0] - link.max_gap_s - (end - start))


def _least(
    facts: Facts, together: list[Visit], spans: Mapping[Key, tuple[int, int, bool]]
) -> dict[Key, int]:
    pushed = _Pushed(spans)
    for visit in together:
        pushed.crew(visit, facts.day.settings.crew_tolerance_s)
        for link in visit.links:
            pushed.link(visit, link)
    return pushed.least


def _eta(facts: Facts, key: RouteKey, one: Timed) -> Eta:
    moment = facts.clock.moment
    owed = one.window is not None and one.window.name is not None
    return Eta(
        kind=one.stop.kind,
        technician=key[0],
        shift=key[1],
        visit=one.stop.visit,
        leaves=None if one.leaves is None else moment(one.leaves),
        reached=moment(one.reached),
        arrival=moment(one.arrival),
        start=moment(one.start),
        end=moment(one.end),
        promise=one.window.name if one.window is not None else None,
        latest=moment(one.window.latest) if owed and one.window is not None else None,
        lateness_s=max(0, one.arrival - one.window.latest) if one.window is not None else 0,
    )


def _minutes(seconds: int) -> int:
    return -(-seconds // 60)


def _on_routes(facts: Facts, timed: Mapping[RouteKey, tuple[Timed, ...]]) -> Iterator[Danger]:
    text = facts.clock.text
    for key, stops in timed.items():
        line = facts.lines[key]
        limit = line.latest + line.overtime_s
        for one in stops:
            who = {"visit": one.stop.visit, "technician": key[0]}
            if one.no_way:
                yield Danger(kind=DangerKind.NO_WAY, found="no way", expected="a way", **who)
            if one.stop.kind == "visit":
                yield from _arrival(facts, one, who)
            elif one.stop.kind == "end" and one.end > limit:
                over = _minutes(one.end - limit)
                yield _danger(DangerKind.OVERTIME, over, (text(one.end), text(limit)), who)
            elif one.stop.kind == "break" and one.stop.closes is not None:
                latest = facts.clock.floor(one.stop.closes)
                if one.start > latest:
                    over = _minutes(one.start - latest)
                    yield _danger(DangerKind.BREAK, over, (text(one.start), text(latest)), who)
            elif one.shut:
                words = f"{one.stop.outlet} closed at {text(one.reached)}", "an outlet that is open"
                yield _danger(DangerKind.PICKUP, 0, words, who)


def _danger(
    kind: DangerKind, minutes: int, words: tuple[str, str], who: Mapping[str, str | None]
) -> Danger:
    return Danger(kind=kind, minutes=minutes, found=words[0], expected=words[1], **who)


def _arrival(facts: Facts, one: Timed, who: Mapping[str, str | None]) -> Iterator[Danger]:
    text, window = facts.clock.text, one.window
    if window is None or one.arrival > window.limit:
        limit = facts.clock.horizon_end if window is None else window.limit
        over = _minutes(max(0, one.arrival - limit))
        yield _danger(DangerKind.HORIZON, over, (text(one.arrival), text(limit)), who)
    elif one.arrival > window.latest and window.name is not None:
        over = _minutes(one.arrival - window.latest)
        yield _danger(DangerKind.PROMISE, over, (text(one.arrival), text(window.latest)), who)


def _of_day(
    facts: Facts, timed: Mapping[RouteKey, tuple[Timed, ...]], *, settled: bool
) -> Iterator[Danger]:
    state, spans = facts.state, work_spans(facts, timed)
    for nobody in state.open:
        yield Danger(kind=DangerKind.OPEN, visit=nobody, found="nobody", expected="a technician")
    for lack in state.lacks:
        yield Danger(
            kind=DangerKind.PART, visit=lack.visit, found=f"no {lack.part}", expected=lack.part
        )
    served = {visit for visit, _ in spans} | {visit for visit, _ in state.contracted}
    served |= {visit for visit, _ in state.contracted_done}
    ahead = {one.stop.visit for stops in timed.values() for one in stops}
    members: dict[str, list[Key]] = {}
    for key in spans:
        members.setdefault(key[0], []).append(key)
    for visit in facts.day.visits:
        own = [key for key in members.get(visit.id, []) if key in spans]
        if visit.id in ahead:
            yield from _crew(facts, visit, [spans[key][0] for key in own])
        if not all(spans[key][2] for key in own):
            yield from _links(visit, own, spans, served, settled=settled)


def _crew(facts: Facts, visit: Visit, starts: list[int]) -> Iterator[Danger]:
    if len(starts) < visit.crew_size:
        found, expected = f"{len(starts)} technicians", f"{visit.crew_size}"
        yield Danger(kind=DangerKind.CREW, visit=visit.id, found=found, expected=expected)
        return
    over = max(starts) - min(starts) - facts.day.settings.crew_tolerance_s
    if visit.crew_size > 1 and over > 0:
        found = f"starts {max(starts) - min(starts)} s apart"
        expected = f"at most {facts.day.settings.crew_tolerance_s} s"
        yield Danger(
            kind=DangerKind.CREW,
            visit=visit.id,
            minutes=_minutes(over),
            found=found,
            expected=expected,
        )


def _links(
    visit: Visit,
    own: list[Key],
    spans: Mapping[Key, tuple[int, int, bool]],
    served: set[str],
    *,
    settled: bool,
) -> Iterator[Danger]:
    for link in visit.links:
        before = [spans[key] for key in spans if key[0] == link.after]
        if link.after not in served:
            found, expected = f"{link.after} is not served", f"{link.after} first"
            yield Danger(kind=DangerKind.LINK, visit=visit.id, found=found, expected=expected)
            continue
        gaps = [spans[key][0] - end for key in own for _, end, _ in before]
        missing = max((link.min_gap_s - gap for gap in gaps), default=0)
        if link.max_gap_s is not None:
            missing = max(missing, *(gap - link.max_gap_s for gap in gaps), 0)
        if missing > 0:
            state = "" if settled else " (the gaps cannot all be kept)"
            yield Danger(
                kind=DangerKind.LINK,
                visit=visit.id,
                minutes=_minutes(missing),
                found=f"{missing} s outside the gap to {link.after}{state}",
                expected="inside the gap",
            )
