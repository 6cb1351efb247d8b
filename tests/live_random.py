"""Random days under way: a day with everything whose customers were told, whose people are out."""

from __future__ import annotations

import random
from datetime import timedelta

from hypothesis import strategies as st

from dispatch.domain import Day, Place, Shift, Technician, Told, Visit
from dispatch.domain.travel_table import TravelTable
from tests.whole_random import TINY, Whole, large_day, whole_day


class _Live:
    """Adds what is known of a day under way, from the day's own seed."""

    def __init__(self, seed: int, day: Day, table: TravelTable) -> None:
        self.rng = random.Random(f"live {seed}")  # noqa: S311 - reproducible days
        self.day, self.table = day, table
        self.names = [person.id for person in day.technicians]
        self.names += [outlet.id for outlet in day.outlets if outlet.capacity]

    def grown(self) -> Day:
        rng = self.rng
        settings = self.day.settings.model_copy(
            update={"disturbed_free_s": rng.choice([900, 900, 0, 3600])}
        )
        prices = self.day.prices
        if rng.random() < 0.5:
            prices = prices.model_copy(
                update={"disturbed_technician": 41, "disturbed_eta_per_min": 900}
            )
        return self.day.model_copy(
            update={
                "settings": settings,
                "prices": prices,
                "visits": tuple(map(self.visit, self.day.visits)),
                "technicians": tuple(map(self.technician, self.day.technicians)),
            }
        )

    def visit(self, visit: Visit) -> Visit:
        rng = self.rng
        if rng.random() < 0.4:
            return visit
        begin = visit.promises[0].window()[0] if visit.promises else None
        if begin is None or rng.random() < 0.3:
            begin = self.day.horizon_start + timedelta(hours=2)
        arrival = max(self.day.horizon_start, begin + timedelta(seconds=rng.randint(-3600, 14_400)))
        told = Told(
            technician=rng.choice([*self.names, "T99"]), arrival=arrival, order=rng.randint(0, 3)
        )
        return visit.model_copy(update={"told": told})

    def technician(self, person: Technician) -> Technician:
        shifts = [self.limited(shift) for shift in person.shifts]
        if self.rng.random() < 0.6:
            shifts[0] = self.out(person, shifts[0])
        return person.model_copy(update={"shifts": tuple(shifts)})

    def limited(self, shift: Shift) -> Shift:
        rng = self.rng
        if rng.random() < 0.6:
            return shift
        fields = {
            "max_overtime_s": rng.choice([None, 0, 1800]),
            "max_visits": rng.choice([None, 0, 1, 2]),
            "max_distance_m": rng.choice([None, 0, 20_000]),
            "max_driving_s": rng.choice([None, 0, 2_000]),
        }
        return shift.model_copy(update=fields)

    def out(self, person: Technician, shift: Shift) -> Shift:
        """Somewhere on the way, free at some time; sometimes only after the end of the shift."""
        rng = self.rng
        home = next((o.place for o in self.day.outlets if o.id == person.outlet), None)
        end = person.end or home
        spots = [Place(lon=x, lat=y) for x, y in self.table.lonlat.tolist()]
        near = [s for s in spots if end and self.table.leg(person.profile, s, end) is not None]
        if not near:
            return shift
        free = shift.start + timedelta(seconds=rng.choice([0, 1800, 7_200, rng.randint(0, 20_000)]))
        fields = {"out_at": rng.choice(near), "start": free}
        if rng.random() < 0.1:
            fields["end"] = free - timedelta(minutes=10)
        return shift.model_copy(update=fields)


def live_day(seed: int, whole: Whole = TINY) -> tuple[Day, TravelTable]:
    """Return a random day under way with its travel; the same for the same seed."""
    day, table = whole_day(seed, whole)
    return _Live(seed, day, table).grown(), table


def large_live_day(seed: int) -> tuple[Day, TravelTable]:
    """Return a day under way of 30 to 60 visits and 9 technicians with everything."""
    day, table = large_day(seed)
    return _Live(seed, day, table).grown(), table


def live_days() -> st.SearchStrategy[tuple[Day, TravelTable]]:
    """Strategy of small days under way, for hypothesis."""
    return st.integers(0, 2**31 - 1).map(live_day)
