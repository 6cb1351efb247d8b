"""The truth of one simulated day: what will happen, whoever plans it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from dispatch.domain import Day, Place, Priority, Technician, Visit
from dispatch.domain.travel_table import TravelTable
from dispatch.live.course import service_s
from dispatch.planning.clock import Clock
from dispatch.planning.windows import window_lines
from geo.sphere import great_circle_m
from scenarios.errors import UnsupportedRule
from scenarios.simulation.chances import Chances, Streams


@dataclass(frozen=True, slots=True)
class Shock:
    """Slow traffic around a place; ``start``, ``end`` and ``known`` in seconds."""

    place: Place
    radius_m: int
    percent: int
    start: int
    end: int
    known: int

    def slows(self, place: Place, second: int) -> bool:
        """Return whether a way that begins or ends at ``place`` is slow at a moment."""
        if not self.start <= second < self.end:
            return False
        ends = (place.lon, place.lat, self.place.lon, self.place.lat)
        return float(great_circle_m(*(np.array(value) for value in ends))) <= self.radius_m


@dataclass(frozen=True, slots=True)
class Request:
    """A visit and the second at which the dispatcher hears of it."""

    second: int
    visit: Visit


@dataclass(frozen=True, eq=False)
class World:
    """One replication.

    Attributes
    ----------
    day
        The day as given, without the visits of ``requests``.
    opening
        Second of the morning plan: the first shift begins.
    requests
        Asked for after that, by time.
    cancels
        Second at which the customer calls off, by visit.
    absent
        Visits at which nobody opens.
    sick
        Second at which a technician falls ill.
    heard
        Second from which each visit is known, the opening at the earliest.
    """

    day: Day
    clock: Clock
    table: TravelTable
    opening: int
    requests: tuple[Request, ...]
    cancels: Mapping[str, int]
    absent: frozenset[str]
    sick: Mapping[str, int]
    shocks: tuple[Shock, ...]
    heard: Mapping[str, int]
    chances: Chances
    streams: Streams

    @property
    def every_visit(self) -> tuple[Visit, ...]:
        """All visits of the day, those still to come included."""
        return (*self.day.visits, *(request.visit for request in self.requests))

    def service(self, person: Technician, visit: Visit) -> int:
        """Return how long the work takes in truth, seconds."""
        return self.work(visit, service_s(person, visit))

    def work(self, visit: Visit, planned_s: int) -> int:
        """Return how long work planned for so many seconds takes in truth."""
        factor = self.streams.factor("service", visit.id, self.chances.service_spread)
        if self.streams.share("overrun", visit.id) < self.chances.overruns:
            factor *= self.chances.overrun_factor
        return max(60, round(planned_s * factor))

    def luck(self, key: str) -> float:
        """Return the factor on the way that is driven for ``key``."""
        return self.streams.factor("travel", key, self.chances.travel_spread)

    def drive(self, planned_s: int, ends: tuple[Place, Place], second: int, key: str) -> int:
        """Return how long a way takes in truth, seconds.

        Parameters
        ----------
        planned_s
            What the travel table says.
        ends
            Where from and where to.
        second
            Departure.
        key
            What the way is for; a visit has the same luck whoever goes there.
        """
        factor = self.luck(key)
        slow = [s.percent for s in self.shocks if any(s.slows(p, second) for p in ends)]
        return math.ceil(planned_s * factor * 100 / min([100, *slow]))


def build_world(
    day: Day, table: TravelTable, chances: Chances, *, seed: int, replication: int
) -> World:
    """Draw one replication of a day.

    Parameters
    ----------
    day
        Visits with ``released_at`` (emergencies: ``received_at``) after the first shift begins are
        requests of the day; of the others without ``released_at`` a share is.
    table
        Travel between all its places.

    Raises
    ------
    UnsupportedRule
        If the day has crews, links, or a horizon of several days.
    """
    _check(day)
    draw = _Draw(day, chances, Streams(seed, replication))
    visits = (*day.visits, *draw.emergencies())
    heard = {visit.id: draw.heard(visit) for visit in visits}
    known = tuple(v for v in visits if heard[v.id] <= draw.opening)
    later = (v for v in visits if heard[v.id] > draw.opening)
    return World(
        day=day.model_copy(update={"visits": known}),
        clock=draw.clock,
        table=table,
        opening=draw.opening,
        requests=tuple(
            Request(heard[v.id], draw.dated(v, heard[v.id]))
            for v in sorted(later, key=lambda v: (heard[v.id], v.id))
        ),
        cancels=dict(draw.cancels(visits, heard)),
        absent=draw.absent(visits),
        sick=dict(draw.sick()),
        shocks=draw.shocks(),
        heard=heard,
        chances=chances,
        streams=draw.streams,
    )


def _check(day: Day) -> None:
    if len(Clock(day).dates) > 1:
        raise UnsupportedRule("a horizon of several days: simulate one day at a time.")
    for visit in day.visits:
        if visit.crew_size > 1 or visit.links or visit.parts:
            raise UnsupportedRule(f"visit {visit.id} has a crew, links or parts: not simulated.")


class _Draw:
    """Draws what befalls one day; each thing from a stream of its own."""

    def __init__(self, day: Day, chances: Chances, streams: Streams) -> None:
        self.day, self.chances, self.streams = day, chances, streams
        self.clock = clock = Clock(day)
        shifts = [shift for person in day.technicians for shift in person.shifts]
        self.opening = min((max(0, clock.ceil(shift.start)) for shift in shifts), default=0)
        last = max((clock.floor(shift.end) for shift in shifts), default=clock.horizon_end)
        self.closing = min(clock.horizon_end, last)

    def dated(self, visit: Visit, second: int) -> Visit:
        """Return a visit that came in when it was heard of, unless it says so itself."""
        if visit.received_at is not None:
            return visit
        return visit.model_copy(update={"received_at": self.clock.moment(second)})

    def _last_moment(self, visit: Visit) -> int:
        return max((line.latest for line in window_lines(self.day, visit, self.clock)), default=0)

    def heard(self, visit: Visit) -> int:
        """Return when the dispatcher hears of a visit; the opening for what is known by then."""
        stated, opening = visit.released_at, self.opening
        if visit.priority is Priority.EMERGENCY:
            stated = visit.received_at or stated
        if stated is not None:
            return max(opening, self.clock.ceil(stated))
        last = self._last_moment(visit) - 60 * self.chances.lead_min
        draw = self.streams.of("request", visit.id)
        if draw.random() >= self.chances.requests or last <= opening:
            return opening
        return round(opening + float(draw.random()) * (last - opening))

    def emergencies(self) -> tuple[Visit, ...]:
        """Draw emergencies: where visits are, for the skills visits need, while people work."""
        draw, last = self.streams.of("emergencies"), self.closing - 3600
        like = [v for v in self.day.visits if v.priority is not Priority.EMERGENCY]
        if not like or last <= self.opening:
            return ()
        count = int(draw.poisson(self.chances.emergencies * len(self.day.visits) / 100))
        found = []
        for number in range(1, count + 1):
            base = like[int(draw.integers(len(like)))]
            at = self.clock.moment(
                self.opening + round(float(draw.random()) * (last - self.opening))
            )
            found.append(
                Visit(
                    id=f"emergency-{number}", place=base.place, service_s=base.service_s,
                    access_s=base.access_s, skills=base.skills, priority=Priority.EMERGENCY,
                    district=base.district, zone=base.zone, received_at=at, released_at=at,
                )
            )  # fmt: skip
        return tuple(found)

    def cancels(
        self, visits: Iterable[Visit], heard: Mapping[str, int]
    ) -> Iterator[tuple[str, int]]:
        """Draw who calls off, at a moment between request and end of the promise."""
        for visit in visits:
            draw = self.streams.of("cancel", visit.id)
            urgent = visit.priority is Priority.EMERGENCY
            if urgent or draw.random() >= self.chances.cancellations:
                continue
            first = heard[visit.id] + 1
            last = max(first + 1, self._last_moment(visit))
            yield visit.id, first + round(float(draw.random()) * (last - first))

    def absent(self, visits: Iterable[Visit]) -> frozenset[str]:
        """Draw who does not open."""
        share = self.chances.absences
        return frozenset(v.id for v in visits if self.streams.share("absent", v.id) < share)

    def sick(self) -> Iterator[tuple[str, int]]:
        """Draw who falls ill, at any moment of the first shift."""
        for person in self.day.technicians:
            draw = self.streams.of("sick", person.id)
            if draw.random() < self.chances.sickness:
                shift = person.shifts[0]
                start, end = max(0, self.clock.ceil(shift.start)), self.clock.floor(shift.end)
                yield person.id, start + round(float(draw.random()) * max(1, end - start))

    def shocks(self) -> tuple[Shock, ...]:
        """Draw slow areas around places of visits."""
        draw, chances = self.streams.of("shocks"), self.chances
        places = [visit.place for visit in self.day.visits]
        found = []
        for _ in range(int(draw.poisson(chances.shocks)) if places else 0):
            place = places[int(draw.integers(len(places)))]
            span = max(1, self.closing - self.opening)
            start = self.opening + round(float(draw.random()) * span)
            end, known = start + 60 * chances.shock_min, start + 60 * chances.shock_known_min
            found.append(
                Shock(place, chances.shock_radius_m, chances.shock_percent, start, end, known)
            )
        return tuple(sorted(found, key=lambda one: one.start))


def outline(shock: Shock) -> tuple[tuple[float, float], ...]:
    """Return the ring around the area of a shock, twelve corners."""
    lat = math.degrees(shock.radius_m / 6_371_008.8)
    lon = lat / max(0.01, math.cos(math.radians(shock.place.lat)))
    turns = [2 * math.pi * corner / 12 for corner in range(12)]
    return tuple(
        (shock.place.lon + lon * math.cos(turn), shock.place.lat + lat * math.sin(turn))
        for turn in turns
    )
