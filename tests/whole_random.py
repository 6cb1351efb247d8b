"""Random days with everything: parts, travel by hour, crews, links, two days, limits, shares.

A plain random day (``tests.random_days``) gets features one by one, each from the day's own seed.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
from hypothesis import strategies as st

from dispatch.domain import (
    Day,
    Link,
    Outlet,
    PartNeed,
    Promise,
    SkillNeed,
    Stock,
    Technician,
    Visit,
)
from dispatch.domain.travel_table import NO_WAY, TravelRegimes, TravelTable
from tests.random_days import MONDAY, Shape, at, random_day, random_table

TUESDAY = MONDAY + timedelta(days=1)
WEDNESDAY = MONDAY + timedelta(days=2)
PARTS = ("pump", "valve")
FEATURES = frozenset({"parts", "regimes", "crew", "links", "days", "people"})


@dataclass(frozen=True)
class Whole:
    """How large a day is, and which features it may have.

    ``rests`` is the most breaks a shift has, ``seats`` the most technicians all visits ask for.
    """

    shape: Shape
    features: frozenset[str] = FEATURES
    rests: int = 1
    seats: int = 4
    crews: float = 0.9
    links: float = 0.4
    parts: float = 0.6


TINY = Whole(Shape(visits=4, technicians=3, rules=0.2, islands=0.02, emergencies=0.08))
LARGE = Whole(
    Shape(visits=60, technicians=9, rules=0.12, islands=0.0, emergencies=0.05),
    seats=64,
    crews=0.08,
    links=0.12,
    parts=0.3,
)


class _Wholes:
    """Adds features to one day."""

    def __init__(self, seed: int, whole: Whole) -> None:
        self.rng = random.Random(f"whole {seed}")  # noqa: S311 - reproducible days
        self.whole = whole
        # A feature is on in two of three days, so that each is seen with and without the others.
        self.on = {name for name in sorted(whole.features) if self.rng.random() < 0.67}

    def day(self, day: Day) -> Day:
        people = tuple(self.technician(person) for person in day.technicians)
        self.seats_left = max(0, self.whole.seats - len(day.visits))
        visits = tuple(self.visit(visit) for visit in day.visits)
        if "links" in self.on:
            visits = self.linked(visits)
        changes = {
            "outlets": tuple(self.outlet(outlet) for outlet in day.outlets),
            "technicians": people,
            "visits": visits,
            "settings": self.settings(day),
        }
        if "days" in self.on:
            changes["horizon_end"] = at(2880 - 60)
        return day.model_copy(update=changes)

    def settings(self, day: Day):
        rng = self.rng
        changes = {
            "crew_tolerance_s": rng.choice([0, 0, 300]),
            "pickup_s": rng.choice([0, 300, 600]),
        }
        if "people" in self.on:
            changes["fair_work_s"] = rng.choice([None, 3600, 10_800])
            changes["fair_distance_m"] = rng.choice([None, 20_000])
        return day.settings.model_copy(update=changes)

    def stock(self, share: float) -> tuple[Stock, ...]:
        """One batch of each part: there, or on order."""
        rng = self.rng
        return tuple(
            Stock(
                part=part,
                quantity=rng.choice([0, 1, 2, 3]),
                available_on=rng.choice([None, None, MONDAY, TUESDAY, WEDNESDAY]),
            )
            for part in PARTS
            if rng.random() < share
        )

    def outlet(self, outlet: Outlet) -> Outlet:
        if "parts" not in self.on:
            return outlet
        share = 0.2 if outlet.capacity else 0.9
        return outlet.model_copy(update={"stock": self.stock(share)})

    def technician(self, person: Technician) -> Technician:
        rng = self.rng
        shifts = [
            shift.model_copy(update={"breaks": shift.breaks[: self.whole.rests]})
            for shift in person.shifts[: 1 if "days" in self.on else 2]
        ]
        if "days" in self.on and rng.random() < 0.8:
            first = shifts[0]
            later = {"start": first.start + timedelta(days=1), "end": first.end + timedelta(days=1)}
            shifts.append(first.model_copy(update={**later, "breaks": ()}))
        changes = {"shifts": tuple(shifts)}
        if "parts" in self.on and rng.random() < 0.5:
            # Parts on order grow no van within the horizon.
            van = [stock.model_copy(update={"available_on": None}) for stock in self.stock(0.5)]
            changes["van_stock"] = tuple(van)
        if "people" in self.on:
            changes |= {
                "service_percent": rng.choice([100, 100, 80, 133]),
                "max_visits": rng.choice([None, None, 2]),
                "max_distance_m": rng.choice([None, None, 60_000]),
                "max_driving_s": rng.choice([None, None, 5_000]),
                "carried_work_s": rng.choice([0, 5_000]),
                "carried_distance_m": rng.choice([0, 9_000]),
                "skills": tuple(
                    skill.model_copy(update={"service_percent": rng.choice([None, 70, 151])})
                    for skill in person.skills
                ),
            }
        return person.model_copy(update=changes)

    def visit(self, visit: Visit) -> Visit:
        rng, changes = self.rng, {}
        if "parts" in self.on and rng.random() < self.whole.parts:
            chosen = rng.sample(PARTS, rng.choice([1, 1, 1, 2]))
            changes["parts"] = tuple(
                PartNeed(part=part, quantity=rng.choice([1, 1, 2])) for part in sorted(chosen)
            )
        if "crew" in self.on and self.seats_left and rng.random() < self.whole.crews:
            self.seats_left -= 1
            changes["crew_size"] = 2
            if rng.random() < 0.3:
                changes["crew_skills"] = (SkillNeed(skill="gas", level=1),)
        # Half the promises go, so that people meet and wait for each other.
        if rng.random() < 0.5 and visit.priority != "emergency":
            changes["promises"] = ()
        if "days" in self.on:
            changes |= self.days(visit, changes.get("promises", visit.promises))
        return visit.model_copy(update=changes)

    def days(self, visit: Visit, promises: tuple[Promise, ...]) -> dict:
        """Some visits fall on the second day: their promises move, or any time of it will do."""
        rng = self.rng
        if visit.pin is not None or rng.random() < 0.5:
            return {}
        if not promises:
            return {"days": rng.choice([(MONDAY,), (TUESDAY,), (MONDAY, TUESDAY)])}
        kept, moved = promises[:1], tuple(_tomorrow(promise) for promise in promises[1:])
        if rng.random() < 0.5:
            kept, moved = (), tuple(_tomorrow(promise) for promise in promises)
        days = (MONDAY,) * bool(kept) + (TUESDAY,) * bool(moved)
        return {"promises": (*kept, *moved), "days": rng.choice([(), days, days[-1:]])}

    def linked(self, visits: tuple[Visit, ...]) -> tuple[Visit, ...]:
        """Let some visits come after an earlier one of the list."""
        rng, made = self.rng, list[Visit]()
        for number, visit in enumerate(visits):
            if number and rng.random() < self.whole.links:
                before = visits[rng.randrange(max(0, number - 6), number)]
                who = rng.choice([None, None, True, False])
                # Pins and lists of names may contradict one technician for both.
                named = any(one.pin or one.required or one.excluded for one in (visit, before))
                link = Link(
                    after=before.id,
                    min_gap_s=rng.choice([0, 0, 900, 3600]),
                    max_gap_s=rng.choice([None, None, 3600, 7200]),
                    same_technician=None if who and named else who,
                )
                made.append(visit.model_copy(update={"links": (link,)}))
            else:
                made.append(visit)
        return tuple(made)


def _tomorrow(promise: Promise) -> Promise:
    """Return the promise a day later."""
    names = ("appointment", "earliest", "latest")
    moments = {name: getattr(promise, name) for name in names}
    later = {name: at + timedelta(days=1) for name, at in moments.items() if at is not None}
    return promise.model_copy(update=later)


def with_regimes(table: TravelTable, seed: int) -> TravelTable:
    """Return the table with two or three states of traffic, random pair by pair; walks are free."""
    rng = np.random.default_rng(seed + 1)
    states = int(rng.integers(2, 4))
    durations: dict[str, tuple[np.ndarray, ...]] = {"walk": ()}
    for profile in ("car", "ebike"):
        free = table.durations_s[profile]
        matrices = []
        for _ in range(states):
            slow = np.rint(free * rng.uniform(0.7, 2.5, free.shape)).astype(np.int32)
            slow[free == NO_WAY] = NO_WAY
            matrices.append(slow)
        durations[profile] = tuple(matrices)
    # From 6 in the morning to the evening of the second day.
    starts = np.unique(np.concatenate([[0], rng.integers(3600, 140_000, 9)])).astype(np.int32)
    of = rng.integers(0, states, len(starts)).astype(np.int32)
    return replace(table, regimes=TravelRegimes(starts, of, durations))


def whole_day(seed: int, whole: Whole = TINY) -> tuple[Day, TravelTable]:
    """Return a random day with its travel; the same for the same seed."""
    plain = random_day(seed, whole.shape)
    wholes = _Wholes(seed, whole)
    table = random_table(plain, seed, whole.shape)
    if "regimes" in wholes.on:
        table = with_regimes(table, seed)
    return wholes.day(plain), table


def large_day(seed: int) -> tuple[Day, TravelTable]:
    """Return a day of 30 to 60 visits and 9 technicians with everything."""
    shape = replace(LARGE.shape, visits=30 + seed % 31)
    return whole_day(seed, replace(LARGE, shape=shape))


def whole_days() -> st.SearchStrategy[tuple[Day, TravelTable]]:
    """Strategy of small days with everything, for hypothesis."""
    return st.integers(0, 2**31 - 1).map(whole_day)


def dates_of(day: Day) -> tuple[date, ...]:
    """Return the days of the horizon."""
    return (
        (MONDAY, TUESDAY) if day.horizon_end - day.horizon_start > timedelta(days=1) else (MONDAY,)
    )
