"""Random small days with every rule of docs/semantics.md on, from a seed.

Everything lies on a few square kilometers and in one working day, so that rules meet: promises
collide, breaks are in the way, outlets are nearly too far. Travel is random and asymmetric; some
pairs have no way.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

import numpy as np
from hypothesis import strategies as st

from dispatch.domain import (
    Break,
    ContractedCapacity,
    Day,
    OpeningHours,
    Outlet,
    Pin,
    Place,
    Prices,
    Priority,
    Promise,
    Settings,
    Shift,
    Skill,
    SkillNeed,
    Technician,
    Visit,
)
from dispatch.domain.travel_table import NO_WAY, TravelTable

SHANGHAI = timezone(timedelta(hours=8))
MONDAY = date(2026, 3, 2)
SKILLS = ("aircon", "boiler", "gas")
DISTRICTS = ("north", "south", "west")
PROFILES = ("car", "ebike", "walk")


@dataclass(frozen=True)
class Shape:
    """How large a random day is and how often its rules bite (shares of visits or technicians).

    ``islands`` is the share of places no road of a profile leads to or from; ``no_way`` cuts single
    pairs, one direction at a time, which no road network does.
    """

    visits: int = 6
    technicians: int = 3
    rules: float = 0.35
    islands: float = 0.04
    no_way: float = 0.0
    longest_leg_s: int = 2400
    emergencies: float = 0.15


SMALL = Shape()
TORN = Shape(no_way=0.06)
MEDIUM = Shape(visits=30, technicians=6, rules=0.15, islands=0.0, emergencies=0.05)


def at(minutes: float) -> datetime:
    """Return the moment that many minutes after midnight of the Monday."""
    midnight = datetime(2026, 3, 2, tzinfo=SHANGHAI)
    return midnight + timedelta(seconds=round(minutes * 60))


class _Town:
    """Draws the pieces of one day."""

    def __init__(self, seed: int, shape: Shape) -> None:
        self.rng = random.Random(seed)  # noqa: S311 - reproducible days, no secrets
        self.shape = shape
        self.contracted: tuple[str, ...] = ()

    def bites(self, factor: float = 1.0) -> bool:
        return self.rng.random() < self.shape.rules * factor

    def place(self) -> Place:
        lon = 116.40 + self.rng.randrange(0, 2400) / 1e4
        lat = 39.80 + self.rng.randrange(0, 1800) / 1e4
        return Place(lon=round(lon, 4), lat=round(lat, 4))

    def some(self, names: Iterable[str]) -> tuple[str, ...]:
        pool = sorted(names)
        return tuple(sorted(self.rng.sample(pool, self.rng.randint(1, len(pool))))) if pool else ()

    def outlet(self, number: int, *, contracted: bool) -> Outlet:
        rng = self.rng
        capacity = None
        if contracted:
            capacity = ContractedCapacity(
                visits_per_day=rng.randint(0, 2),
                price_fen=rng.choice([0, 3_000, 9_000, 40_000]),
                skills=self.some(SKILLS),
                response_s=rng.choice([0, 300, 1200]),
            )
        return Outlet(
            id=f"O{number}",
            kind="contracted" if contracted else "own",
            place=self.place(),
            opening_hours=self.hours() if self.bites() else (),
            radius_m=rng.choice([0, 2_500, 8_000]) if self.bites() else None,
            zone=rng.choice(["urban", "suburban", "rural"]),
            territory=self.some(DISTRICTS) if self.bites() else (),
            capacity=capacity,
        )

    def hours(self) -> tuple[OpeningHours, ...]:
        opens, closes = at(self.rng.choice([450, 480, 500])), at(self.rng.choice([1000, 1080]))
        monday = OpeningHours(day="mon", opens=opens.time(), closes=closes.time())
        tuesday = OpeningHours(day="tue", opens=at(60).time(), closes=at(1400).time())
        if self.rng.random() < 0.06:
            return (tuesday,)
        if self.rng.random() < 0.3:
            noon = at(720).time()
            evening = OpeningHours(day="mon", opens=at(780).time(), closes=closes.time())
            return (OpeningHours(day="mon", opens=opens.time(), closes=noon), evening, tuesday)
        return (monday, tuesday)

    def breaks(self) -> tuple[Break, ...]:
        rng = self.rng
        made: list[Break] = []
        first = rng.randrange(560, 720)
        for begin in (first, first + rng.randrange(120, 200)):
            if rng.random() < 0.5:
                width = rng.choice([0, 20, 45, 90])
                lasts = rng.choice([600, 900, 1800, 2700])
                made.append(Break(earliest=at(begin), latest=at(begin + width), duration_s=lasts))
        if rng.random() < 0.1:
            made.append(Break(earliest=at(1200), latest=at(1230), duration_s=1800))
        return tuple(made)

    def technician(self, number: int, outlets: tuple[Outlet, ...]) -> Technician:
        rng = self.rng
        begins = rng.choice([480, 480, 510, 600])
        shift = Shift(
            start=at(begins),
            end=at(begins + rng.choice([240, 420, 480, 540])),
            breaks=self.breaks(),
        )
        shifts = (shift,)
        if self.bites(0.3):
            # Two and a half hours apart: more than any overtime, so the two never overlap.
            evening = at(begins + 690)
            shifts = (shift, Shift(start=evening, end=evening + timedelta(minutes=150)))
        home = rng.choice(outlets).id if outlets and rng.random() < 0.8 else None
        return Technician(
            id=f"T{number}",
            outlet=home,
            start=self.place() if home is None or self.bites() else None,
            end=self.place() if home is None or self.bites() else None,
            shifts=shifts,
            skills=tuple(self.skill(name) for name in SKILLS if rng.random() < 0.9),
            profile=rng.choice(["car", "car", "ebike", "walk"]) if self.bites() else "car",
            territory=self.some(DISTRICTS) if self.bites(0.3) else (),
            hour_fen=rng.choice([0, 2_500, 9_000]) if self.bites() else None,
            km_fen=rng.choice([0, 70, 333]) if self.bites() else None,
            overtime_hour_fen=rng.choice([0, 12_000]) if self.bites() else None,
            max_overtime_s=rng.choice([0, 1800, 7200]),
        )

    def skill(self, name: str) -> Skill:
        expires = MONDAY + timedelta(days=self.rng.choice([-1, 0, 30])) if self.bites(0.5) else None
        return Skill(skill=name, level=self.rng.randint(1, 5), certificate_expires=expires)

    def promises(self) -> tuple[Promise, ...]:
        rng, made = self.rng, list[Promise]()
        for number in range(rng.choice([0, 1, 1, 1, 2, 3])):
            name = f"p{number}" if rng.random() < 0.4 else None
            begin = rng.randrange(480, 960)
            if rng.random() < 0.5:
                tolerance = rng.choice([None, 0, 15, 45])
                made.append(Promise(id=name, appointment=at(begin), tolerance_min=tolerance))
            else:
                latest = at(begin + rng.choice([0, 30, 120]))
                made.append(Promise(id=name, earliest=at(begin), latest=latest))
        return tuple(made)

    def pin(self, technicians: tuple[Technician, ...]) -> Pin | None:
        if not self.bites(0.35) or not technicians:
            return None
        kind = self.rng.choice(["who", "when", "both"])
        return Pin(
            technician=None if kind == "when" else self.rng.choice(technicians).id,
            arrival=None if kind == "who" else at(self.rng.randrange(540, 900)),
        )

    def visit(self, number: int, technicians: tuple[Technician, ...], places: list[Place]) -> Visit:
        rng = self.rng
        who = [technician.id for technician in technicians]
        emergency = rng.random() < self.shape.emergencies
        calm = (Priority.URGENT, Priority.IMPORTANT, Priority.GENERAL, Priority.GENERAL)
        optional = rng.random() < 0.3
        # Two visits at one address: a leg of nothing.
        place = rng.choice(places) if places and rng.random() < 0.1 else self.place()
        places.append(place)
        pin = self.pin(technicians)
        required = self.some(who) if self.bites(0.3) else ()
        wanted = {*required, pin.technician if pin else None}
        if required and pin and pin.technician:
            required = tuple(sorted({*required, pin.technician}))
        excluded = self.some([*who, *self.contracted]) if self.bites(0.3) else ()
        return Visit(
            id=f"V{number:02d}",
            place=place,
            promises=() if emergency and rng.random() < 0.7 else self.promises(),
            service_s=rng.choice([600, 1800, 3600, 5400]),
            access_s=rng.choice([0, 0, 120, 400]),
            skills=tuple(
                SkillNeed(skill=name, level=rng.choice([1, 1, 2, 3]))
                for name in SKILLS
                if self.bites(0.4)
            ),
            priority=Priority.EMERGENCY if emergency else rng.choice(calm),
            customer_class="vip" if self.bites() else "standard",
            preferred=self.some(who) if self.bites() else (),
            required=required,
            excluded=tuple(name for name in excluded if name not in wanted),
            last_technician=rng.choice(who) if who and self.bites() else None,
            mandatory=not optional,
            value_fen=rng.choice([None, 500, 6_000, 50_000]) if optional else None,
            received_at=at(rng.randrange(490, 800)) if emergency or self.bites(0.3) else None,
            pin=pin,
            district=rng.choice([*DISTRICTS, None]),
            zone=rng.choice(["urban", "suburban", "rural", None]),
            outlet="O1" if self.bites(0.3) else None,
        )


def _settings(rng: random.Random) -> Settings:
    return Settings(
        radius_by=rng.choice(["demand", "outlet"]),
        radius_measure=rng.choice(["straight", "straight", "road"]),
        rural_counts_as=rng.choice(["urban", "suburban"]),
        default_zone=rng.choice(["urban", "suburban", "rural"]),
        mandatory=rng.choice(["first", "first", "by_price"]),
        urban_radius_m=rng.choice([None, None, 3_000]),
        suburban_radius_m=rng.choice([None, None, 9_000]),
    )


def _prices(rng: random.Random) -> Prices:
    if rng.random() < 0.6:
        return Prices()
    return Prices(
        unassigned_general=rng.choice([0, 4_000, 20_000]),
        late_general_per_min=rng.choice([0, 7, 100]),
        late_important_per_min=rng.choice([35, 500]),
        late_knee_s=rng.choice([0, 600, 3600]),
        late_factor_after_knee=rng.choice([1, 2, 5]),
        work_per_hour=rng.choice([0, 1, 7_777]),
        travel_per_km=rng.choice([0, 1, 999]),
        beyond_radius=rng.choice([0, 1_000]),
        beyond_radius_per_km=rng.choice([0, 7]),
    )


def random_day(seed: int, shape: Shape = SMALL) -> Day:
    """Return a day of at most ``shape.visits`` visits; the same for the same seed and shape."""
    town = _Town(seed, shape)
    rng = town.rng
    least = shape.visits if shape.visits > 10 else 1
    outlets = tuple(
        town.outlet(number, contracted=number == 2) for number in range(1, rng.randint(1, 4))
    )
    town.contracted = tuple(outlet.id for outlet in outlets if outlet.capacity)
    people = rng.randint(1, shape.technicians) if shape.visits <= 10 else shape.technicians
    technicians = tuple(town.technician(number, outlets) for number in range(1, people + 1))
    ends = [shift.end for technician in technicians for shift in technician.shifts]
    places: list[Place] = []
    visits = tuple(
        town.visit(number, technicians, places)
        for number in range(1, rng.randint(least, shape.visits) + 1)
    )
    if not outlets:
        visits = tuple(visit.model_copy(update={"outlet": None}) for visit in visits)
    return Day(
        id=f"random-{seed}",
        date=MONDAY,
        horizon_start=at(360),
        # Shifts lie inside the horizon; their overtime need not.
        horizon_end=max(at(rng.choice([1080, 1320])), *ends),
        settings=_settings(rng),
        prices=_prices(rng),
        outlets=outlets,
        technicians=technicians,
        visits=visits,
    )


def random_table(day: Day, seed: int, shape: Shape = SMALL) -> TravelTable:
    """Return random, asymmetric travel between all places of the day, for all profiles."""
    rng = np.random.default_rng(seed)
    own = [p for t in day.technicians for p in (t.start, t.end) if p is not None]
    places = [*(v.place for v in day.visits), *(o.place for o in day.outlets), *own]
    spots = sorted({(place.lon, place.lat) for place in places})
    count = len(spots)
    durations, distances = {}, {}
    for profile in PROFILES:
        seconds = rng.integers(0, shape.longest_leg_s, (count, count)).astype(np.int32)
        meters = rng.integers(0, 30_000, (count, count)).astype(np.int32)
        island = rng.random(count) < shape.islands
        cut = rng.random((count, count)) < shape.no_way
        cut |= island[:, None] | island[None, :]
        seconds[cut], meters[cut] = NO_WAY, NO_WAY
        np.fill_diagonal(seconds, 0)
        np.fill_diagonal(meters, 0)
        durations[profile], distances[profile] = seconds, meters
    return TravelTable(
        lonlat=np.array(spots, dtype=np.float64).reshape(-1, 2),
        durations_s=durations,
        distances_m=distances,
        estimated=False,
        description="random",
    )


def medium_day(seed: int) -> tuple[Day, TravelTable]:
    """Return a day of 30 visits and 6 technicians with its travel, for comparing engines."""
    day = random_day(seed, MEDIUM)
    return day, random_table(day, seed, MEDIUM)


def small_day(seed: int, shape: Shape = SMALL) -> tuple[Day, TravelTable]:
    """Return a small random day (at most 6 visits, 3 technicians) with its travel."""
    day = random_day(seed, shape)
    return day, random_table(day, seed, shape)


def small_days() -> st.SearchStrategy[tuple[Day, TravelTable]]:
    """Strategy of small days with their travel, for hypothesis."""
    return st.integers(0, 2**31 - 1).map(small_day)
