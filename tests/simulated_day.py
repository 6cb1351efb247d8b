"""A small day for simulations: four technicians around one outlet, visits with appointments."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from dispatch.domain import Break, Day, Outlet, Place, Promise, Shift, Technician, Visit
from dispatch.domain.travel_table import TravelTable
from dispatch.planning.travel import travel_table
from geo.estimated import EstimatedTravel
from scenarios.simulation.chances import Chances

MIDNIGHT = datetime(2026, 3, 2, tzinfo=ZoneInfo("Asia/Shanghai"))

CALM = Chances(
    requests=0, emergencies=0, cancellations=0, absences=0, service_spread=0, travel_spread=0,
    overruns=0, sickness=0, shocks=0,
)  # fmt: skip
"""Nothing happens but what was planned."""


def make_day(visits: int = 20, technicians: int = 4, *, lunch: bool = False) -> Day:
    """Return the day; visit i has an appointment between 8:30 and 15:30."""
    rng = np.random.default_rng(7)
    pause = Break(
        earliest=MIDNIGHT + timedelta(hours=11, minutes=30),
        latest=MIDNIGHT + timedelta(hours=13),
        duration_s=1800,
    )
    shift = Shift(
        start=MIDNIGHT + timedelta(hours=8),
        end=MIDNIGHT + timedelta(hours=17),
        breaks=(pause,) if lunch else (),
    )
    people = tuple(Technician(id=f"T{i}", outlet="O1", shifts=(shift,)) for i in range(technicians))
    places = [_place(rng) for _ in range(visits)]
    return Day(
        id="small",
        date=date(2026, 3, 2),
        horizon_start=MIDNIGHT,
        horizon_end=MIDNIGHT + timedelta(hours=22),
        outlets=(Outlet(id="O1", place=Place(lon=114.3, lat=30.58)),),
        technicians=people,
        visits=tuple(
            Visit(
                id=f"V{i:02d}",
                place=place,
                promises=(Promise(appointment=MIDNIGHT + timedelta(minutes=510 + 30 * (i % 15))),),
                service_s=1800,
            )
            for i, place in enumerate(places)
        ),
    )


def _place(rng: np.random.Generator) -> Place:
    lon, lat = rng.uniform(-0.05, 0.05, size=2)
    return Place(lon=round(114.3 + float(lon), 5), lat=round(30.58 + float(lat), 5))


def make_table(day: Day) -> TravelTable:
    """Return estimated travel between the places of a day."""
    return travel_table(day, EstimatedTravel()).table
