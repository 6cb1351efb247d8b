"""Today's network against a proposal on simulated service days: the same visits, planned twice.

Visits are drawn by the weight of the demand. Both networks have the same number of technicians,
spread over the open outlets by the demand nearest to each, so what differs is where they start.
Days are paired (common random numbers), and differences come with Student's interval.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from dispatch.domain import Day, DayPlan, Outlet, Place, Promise, Shift, Technician, Visit
from dispatch.domain.network import Network
from dispatch.planning.daily import plan_day
from geo.demand import ZONES, Demand
from geo.straight import find_nearest_straight
from geo.travel_matrix import TravelProvider
from scenarios.layout_files import to_day_outlets
from scenarios.staff import Calendar
from solver.stop import MaxIterations

CONFIDENCE: Final = 0.95
VISITS_PER_TECHNICIAN: Final = 6
OPENS, CLOSES = 6 * 60, 23 * 60
SHIFT: Final = (8 * 60, 18 * 60)
WINDOW_STARTS: Final = tuple(range(8 * 60 + 30, 15 * 60 + 31, 30))
WINDOW_MIN: Final = 120
SERVICE_MIN: Final = (30, 75)

MEASURES: Final[Mapping[str, str]] = {
    "served": "visits", "kept": "visits", "late_min": "min", "leg_min": "min", "km": "km",
    "price": "money",
}  # fmt: skip
"""What is measured, and its unit; all per day, ``late_min`` and ``leg_min`` per served visit."""


@dataclass(frozen=True, slots=True)
class DaySettings:
    """How days are simulated.

    Parameters
    ----------
    count
        Days, ``>= 1``.
    visits
        Visits of a day.
    technicians
        In either network; None takes one for six visits, at least one for every outlet.
    iterations
        Of each plan's search.
    seed
        Of all chance.
    first
        Local date of every day.
    zone
        IANA time zone.
    """

    count: int
    visits: int = 60
    technicians: int | None = None
    iterations: int = 2000
    seed: int = 1
    first: date = date(2026, 3, 2)
    zone: str = "Asia/Shanghai"


@dataclass(frozen=True, slots=True)
class DayFigures:
    """What became of one day; see ``MEASURES``.

    Attributes
    ----------
    served, kept
        Visits served; served within their promise.
    late_min
        Minutes after the promise, mean over served visits.
    leg_min
        Minutes of travel to a visit, mean over served visits.
    km
        Kilometers of all technicians.
    price
        Price of the plan without the penalty of visits nobody serves, whole yuan of the price
        table and its cents.
    """

    served: int
    kept: int
    late_min: float
    leg_min: float
    km: float
    price: float


def compare_days(
    networks: tuple[Network, Network],
    demand: Demand,
    travel: TravelProvider,
    settings: DaySettings,
) -> dict[str, Any]:
    """Return ``days`` of layout.json; docs/layout.md describes the fields.

    Parameters
    ----------
    networks
        Today's, and the one after the proposal (``apply_layout``).
    demand
        Demand points with zones.
    travel
        Times and distances by car.
    settings
        How many days, and what kind.

    Raises
    ------
    InvalidRequest
        If an outlet is off the roads.
    """
    both = tuple(to_day_outlets(network) for network in networks)
    people = settings.technicians or math.ceil(settings.visits / VISITS_PER_TECHNICIAN)
    people = max(people, *(len(outlets) for outlets in both))
    rng = np.random.default_rng(settings.seed)
    calendar = Calendar(settings.first, settings.zone)
    rows: list[tuple[DayFigures, DayFigures]] = []
    crews = [staff(outlets, demand, people, calendar) for outlets in both]
    for number in range(settings.count):
        visits = draw_visits(demand, settings.visits, calendar, rng)
        before, after = (
            _simulate(number, outlets, crew, visits, calendar, travel, settings)
            for outlets, crew in zip(both, crews, strict=True)
        )
        rows.append((before, after))
    return {
        "count": settings.count, "visits": settings.visits, "technicians": people,
        "iterations": settings.iterations, "seed": settings.seed,
        "estimated_travel": travel.estimated, "confidence": CONFIDENCE,
        "measures": [_compare(key, rows) for key in MEASURES],
        "rows": [{"day": n + 1, "today": asdict(one), "after": asdict(other)}
                 for n, (one, other) in enumerate(rows)],
    }  # fmt: skip


def staff(
    outlets: Sequence[Outlet], demand: Demand, people: int, calendar: Calendar
) -> tuple[Technician, ...]:
    """Return technicians by the demand nearest to each outlet, at least one everywhere.

    Parameters
    ----------
    outlets
        Open outlets.
    demand
        Demand points.
    people
        Technicians, at least as many as outlets.
    calendar
        The day.
    """
    places = np.array([[o.place.lon, o.place.lat] for o in outlets])
    nearest = find_nearest_straight(demand.lonlat, places).site[:, 0]
    load = np.bincount(nearest, weights=demand.weight, minlength=len(outlets)).astype(np.float64)
    share = 1 + divide(load, people - len(outlets))
    shift = Shift(start=calendar.at(SHIFT[0]), end=calendar.at(SHIFT[1]))
    return tuple(
        Technician(id=f"{outlet.id}-{n + 1}", outlet=outlet.id, shifts=(shift,))
        for outlet, count in zip(outlets, share.tolist(), strict=True)
        for n in range(count)
    )


def divide(load: NDArray[np.float64], seats: int) -> NDArray[np.int64]:
    """Return whole seats by load, shape of ``load``: largest remainders (Hamilton)."""
    total = float(load.sum())
    quota = load * seats / total if total else np.full(len(load), seats / len(load))
    whole = np.floor(quota).astype(np.int64)
    order = np.argsort(-(quota - whole), kind="stable")
    whole[order[: seats - int(whole.sum())]] += 1
    return whole


def draw_visits(
    demand: Demand, count: int, calendar: Calendar, rng: np.random.Generator
) -> tuple[Visit, ...]:
    """Return visits at points drawn by weight, each with a two-hour window and its work."""
    share = demand.weight / max(int(demand.weight.sum()), 1)
    rows = rng.choice(len(demand), count, p=share)
    starts = rng.choice(WINDOW_STARTS, count)
    minutes = rng.integers(*SERVICE_MIN, count, endpoint=True)
    return tuple(
        Visit(
            id=f"V{n + 1}",
            place=Place(lon=float(demand.lonlat[row, 0]), lat=float(demand.lonlat[row, 1])),
            promises=(Promise(earliest=calendar.at(at), latest=calendar.at(at + WINDOW_MIN)),),
            service_s=int(work) * 60,
            zone=ZONES[demand.zone[row]],
        )
        for n, (row, at, work) in enumerate(
            zip(rows.tolist(), starts.tolist(), minutes.tolist(), strict=True)
        )
    )


def _simulate(  # noqa: PLR0917 - what a day consists of
    number: int,
    outlets: tuple[Outlet, ...],
    crew: tuple[Technician, ...],
    visits: tuple[Visit, ...],
    calendar: Calendar,
    travel: TravelProvider,
    settings: DaySettings,
) -> DayFigures:
    day = Day(
        id=f"D{number + 1}",
        date=calendar.date,
        zone=calendar.zone,
        horizon_start=calendar.at(OPENS),
        horizon_end=calendar.at(CLOSES),
        outlets=outlets,
        technicians=crew,
        visits=visits,
    )
    stop = MaxIterations(settings.iterations)
    return measure(plan_day(day, travel, stop=stop, seed=settings.seed, explain=False))


def measure(plan: DayPlan) -> DayFigures:
    """Return the figures of a plan."""
    stops = [stop for route in plan.routes for stop in route.stops]
    served = [stop for stop in stops if stop.kind == "visit"]
    count = max(len(served), 1)
    return DayFigures(
        served=len(served),
        kept=sum(stop.lateness_s == 0 for stop in served),
        late_min=round(sum(stop.lateness_s for stop in served) / 60 / count, 3),
        leg_min=round(sum(stop.leg_s for stop in served) / 60 / count, 3),
        km=round(sum(stop.leg_m for stop in stops) / 1000, 3),
        price=(plan.cost.total - plan.cost.unassigned) / 100,
    )


def _compare(key: str, rows: Sequence[tuple[DayFigures, DayFigures]]) -> dict[str, Any]:
    """Return means and the paired difference with its interval; no interval for one day."""
    one = np.array([float(getattr(before, key)) for before, _ in rows])
    other = np.array([float(getattr(after, key)) for _, after in rows])
    low, high = find_interval(other - one)
    return {
        "key": key, "unit": MEASURES[key],
        "today": float(one.mean()), "after": float(other.mean()),
        "difference": float((other - one).mean()), "low": low, "high": high,
    }  # fmt: skip


def find_interval(differences: NDArray[np.float64]) -> tuple[float | None, float | None]:
    """Return Student's two-sided interval of the mean; None for fewer than two values."""
    from scipy.stats import t

    count = len(differences)
    if count < 2:
        return None, None
    half = float(t.ppf((1 + CONFIDENCE) / 2, count - 1)) * float(differences.std(ddof=1))
    half /= math.sqrt(count)
    mean = float(differences.mean())
    return mean - half, mean + half
