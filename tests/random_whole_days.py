"""Random small days with everything: parts, crews, links, two days, rush hours, limits, shares."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import numpy as np

from dispatch.domain import Day, Link, PartNeed, Settings, Shift, Skill, Stock, Technician, Visit
from dispatch.domain.travel_table import NO_WAY, TravelRegimes, TravelTable
from tests.random_days import MONDAY, PROFILES, small_day

TUESDAY = MONDAY + timedelta(days=1)
PARTS = ("belt", "fan", "pump")


class _Whole:
    """Adds to a plain day what a whole day has."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(f"whole-{seed}")  # noqa: S311 - reproducible days, no secrets
        self.two_days = self.rng.random() < 0.5

    def bites(self, share: float) -> bool:
        return self.rng.random() < share

    def stock(self, share: float, *, on_order: bool) -> tuple[Stock, ...]:
        made = []
        for part in PARTS:
            if not self.bites(share):
                continue
            days = [None, None, MONDAY, TUESDAY, MONDAY + timedelta(days=4)] if on_order else [None]
            made.append(
                Stock(
                    part=part,
                    quantity=self.rng.randint(0, 3),
                    available_on=self.rng.choice(days),
                )
            )
        return tuple(made)

    def technician(self, person: Technician) -> Technician:
        rng, shifts = self.rng, list(person.shifts)
        if self.two_days and self.bites(0.7):
            first = shifts[0]
            day = timedelta(days=1)
            shifts.append(Shift(start=first.start + day, end=first.end + day))
        skills = tuple(self.skill(skill) for skill in person.skills)
        return person.model_copy(
            update={
                "shifts": tuple(shifts),
                "skills": skills,
                "van_stock": self.stock(0.4, on_order=False),
                "service_percent": rng.choice([100, 100, 80, 133]),
                "max_visits": rng.choice([None, None, None, 3]),
                "max_distance_m": rng.choice([None, None, None, 60_000]),
                "max_driving_s": rng.choice([None, None, None, 6_000]),
                "carried_work_s": rng.choice([0, 0, 12_345]),
                "carried_distance_m": rng.choice([0, 0, 54_321]),
            }
        )

    def skill(self, skill: Skill) -> Skill:
        percent = self.rng.choice([None, None, 50, 117])
        return skill.model_copy(update={"service_percent": percent})

    def visit(self, visit: Visit, earlier: list[str]) -> Visit:
        rng = self.rng
        fields: dict[str, object] = {}
        if self.bites(0.4):
            names = rng.sample(PARTS, rng.choice([1, 1, 2]))
            fields["parts"] = tuple(PartNeed(part=n, quantity=rng.randint(1, 2)) for n in names)
        if self.bites(0.2):
            fields["crew_size"] = 2
            fields["crew_skills"] = visit.skills[:1] if self.bites(0.3) else ()
        if earlier and self.bites(0.25):
            fields["links"] = (self.link(rng.choice(earlier)),)
        if self.two_days and self.bites(0.5):
            fields["days"] = tuple(rng.sample([MONDAY, TUESDAY], rng.choice([1, 1, 2])))
        return visit.model_copy(update=fields)

    def link(self, after: str) -> Link:
        least = self.rng.choice([0, 0, 600, 3_600])
        most = self.rng.choice([None, None, least + 1_800, least + 7_200])
        same = self.rng.choice([None, None, True, False])
        return Link(after=after, min_gap_s=least, max_gap_s=most, same_technician=same)

    def settings(self, settings: Settings) -> Settings:
        rng = self.rng
        return settings.model_copy(
            update={
                "crew_tolerance_s": rng.choice([0, 0, 300, 1_200]),
                "pickup_s": rng.choice([60, 300, 900]),
                "fair_work_s": rng.choice([None, None, 7_200, 20_000]),
                "fair_distance_m": rng.choice([None, None, 20_000]),
            }
        )

    def table(self, table: TravelTable, seed: int) -> TravelTable:
        if self.bites(0.4):
            return table
        numbers = np.random.default_rng(seed)
        durations: dict[str, tuple[np.ndarray, ...]] = {}
        for profile in PROFILES:
            free = table.durations_s[profile]
            slow = [
                np.where(free > 0, free * numbers.uniform(0.7, 3.0, free.shape), free)
                for _ in range(2)
            ]
            durations[profile] = (free, *(matrix.astype(np.int32) for matrix in slow))
            for matrix in durations[profile]:
                assert ((matrix == NO_WAY) == (free == NO_WAY)).all()
        durations["walk"] = ()
        starts = [0, 5_000, 9_000, 12_000, 40_000, 90_000, 95_000]
        return replace(
            table,
            regimes=TravelRegimes(
                bucket_start_s=np.array(starts, dtype=np.int32),
                bucket_regime=np.array([0, 1, 2, 0, 1, 0, 2], dtype=np.int32),
                durations_s=durations,
            ),
        )


def whole_small_day(seed: int) -> tuple[Day, TravelTable]:
    """Return a small random day with everything, and its travel; the same for the same seed."""
    plain, table = small_day(seed)
    made = _Whole(seed)
    earlier: list[str] = []
    visits = []
    for visit in plain.visits:
        visits.append(made.visit(visit, earlier))
        earlier.append(visit.id)
    outlets = tuple(
        outlet.model_copy(update={"stock": made.stock(0.7, on_order=True)})
        for outlet in plain.outlets
    )
    extra = timedelta(days=1) if made.two_days else timedelta(0)
    day = plain.model_copy(
        update={
            "visits": tuple(visits),
            "technicians": tuple(made.technician(person) for person in plain.technicians),
            "outlets": outlets,
            "settings": made.settings(plain.settings),
            "horizon_end": plain.horizon_end + extra,
        }
    )
    return day, made.table(table, seed)
