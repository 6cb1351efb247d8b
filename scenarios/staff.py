"""Outlets and technicians of a made-up service network."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from dispatch.domain import (
    Break,
    ContractedCapacity,
    Outlet,
    Place,
    Shift,
    Skill,
    Technician,
)
from dispatch.domain.outlet import OutletKind
from scenarios.catalog import (
    ALL_ROUNDER,
    BREAK_S,
    COMPASS,
    FAMILY_NAMES,
    GAS,
    GAS_TEAM,
    GIVEN_NAMES,
    SHIFTS,
    TEAMS,
    ShiftKind,
)
from scenarios.clusters import cluster_places, nearest_index, to_plane_km
from scenarios.demand import Demand

CENTER_KM = 1.5
"""An outlet this near to the middle of the demand is called the center."""

TEAMWORK = 2 * len(TEAMS)
"""From this many technicians on they specialize; a smaller crew can do everything."""

HOME_SHARE = 0.15
TERRITORY_EVERY = 6
"""Each so-many-th technician keeps to the districts of the own outlet."""

CONTRACTED_SHARE = 0.04
"""Visits a day the contracted outlet takes, as a share of all."""


@dataclass(frozen=True)
class Calendar:
    """The day the clock words of this room mean."""

    date: date
    zone: str

    def at(self, minutes: float) -> datetime:
        """Return the moment so many minutes after local midnight, to the minute."""
        midnight = datetime.combine(self.date, time(0), ZoneInfo(self.zone))
        return midnight + timedelta(minutes=round(minutes))


@dataclass(frozen=True, eq=False)
class Sites:
    """Outlets with what the generator knows about them.

    Attributes
    ----------
    outlets
        West to east.
    weight
        Shape (o,), demand nearest to each outlet.
    districts
        By outlet, the districts it is responsible for.
    """

    outlets: tuple[Outlet, ...]
    weight: NDArray[np.float64]
    districts: tuple[tuple[str, ...], ...]

    @property
    def staffed(self) -> tuple[int, ...]:
        """Indices of outlets with technicians of their own."""
        return tuple(i for i, outlet in enumerate(self.outlets) if outlet.capacity is None)


def place_outlets(demand: Demand, count: int, visits: int) -> Sites:
    """Put outlets in the middle of clusters of demand; with three or more, one is contracted.

    The contracted one is that with the least demand around it: it has no technicians of its own
    and takes a few visits of the two commonest trades. The second least is authorized.
    """
    origin = np.average(demand.lonlat, axis=0, weights=demand.weight)
    plane = to_plane_km(demand.lonlat, origin)
    centers, _ = cluster_places(plane, count, demand.weight)
    centers = centers[np.lexsort((centers[:, 1], centers[:, 0]))]
    label = nearest_index(plane, centers)
    weight = np.zeros(len(centers))
    np.add.at(weight, label, demand.weight)
    nodes = [int(np.argmin(((plane - center) ** 2).sum(axis=1))) for center in centers]
    districts = _districts(demand, plane, centers)
    names = _names(centers)
    kinds: list[OutletKind] = ["own"] * len(centers)
    if len(centers) >= 3:
        least, second = np.argsort(weight, kind="stable")[:2]
        kinds[least], kinds[second] = "contracted", "authorized"
    capacity = ContractedCapacity(
        visits_per_day=max(1, round(visits * CONTRACTED_SHARE)),
        price_fen=9_000,
        skills=("refrigerator", "washer"),
        response_s=900,
    )
    outlets = tuple(
        Outlet(
            id=f"O{i + 1}",
            name=names[i],
            kind=kind,
            place=_place(demand, nodes[i]),
            territory=districts[i],
            capacity=capacity if kind == "contracted" else None,
        )
        for i, kind in enumerate(kinds)
    )
    return Sites(outlets, weight, districts)


def _place(demand: Demand, node: int) -> Place:
    lon, lat = (round(float(value), 6) for value in demand.lonlat[node])
    return Place(lon=lon, lat=lat, address=str(demand.street[node]) or None)


def _districts(
    demand: Demand, plane: NDArray[np.float64], centers: NDArray[np.float64]
) -> tuple[tuple[str, ...], ...]:
    """Give each district to the outlet nearest to its weighted middle."""
    names, group = np.unique(demand.district, return_inverse=True)
    mass = np.bincount(group, weights=demand.weight)
    middle = np.column_stack(
        [np.bincount(group, weights=demand.weight * plane[:, axis]) / mass for axis in (0, 1)]
    )
    owner = nearest_index(middle, centers)
    return tuple(tuple(str(n) for n in names[owner == i]) for i in range(len(centers)))


def _names(centers: NDArray[np.float64]) -> list[str]:
    """Name outlets by where they lie from the middle of the demand."""
    names: list[str] = []
    for east, north in centers:
        far = float(np.hypot(east, north)) > CENTER_KM
        octant = round(float(np.degrees(np.arctan2(north, east))) / 45) % 8
        name = f"{COMPASS[octant]} outlet" if far else "Center outlet"
        same = sum(1 for other in names if other.startswith(name))
        names.append(f"{name} {same + 1}" if same else name)
    return names


def hire_technicians(
    demand: Demand, sites: Sites, calendar: Calendar, count: int, rng: np.random.Generator
) -> tuple[Technician, ...]:
    """Return technicians: seats go to outlets by their demand, teams and shifts in turn.

    One gas certificate has lapsed ten days ago, as happens; the planner has to see it.
    """
    people: list[Technician] = []
    teams = [TEAMS[i % len(TEAMS)] if count >= TEAMWORK else ALL_ROUNDER for i in range(count)]
    lapsed = next((i for i in range(count // 2, count) if teams[i] is GAS_TEAM), -1)
    names = draw_names(rng, count)
    for number, site in enumerate(_seats(sites, count)):
        outlet = sites.outlets[site]
        home = demand.door(rng, int(demand.draw(rng, 1)[0])) if rng.random() < HOME_SHARE else None
        keeps = count >= TEAMWORK and number % TERRITORY_EVERY == TERRITORY_EVERY - 1
        people.append(
            Technician(
                id=f"T{number + 1:0{len(str(count))}d}",
                name=names[number],
                outlet=outlet.id,
                start=home,
                end=home,
                shifts=(_shift(SHIFTS[number % len(SHIFTS)], calendar),),
                skills=_skills(teams[number], calendar.date, rng, lapsed=number == lapsed),
                territory=sites.districts[site] if keeps else (),
            )
        )
    return tuple(people)


def draw_names(rng: np.random.Generator, count: int) -> list[str]:
    """Return names of people; they may repeat in a large crowd, ids never do."""
    pairs = len(GIVEN_NAMES) * len(FAMILY_NAMES)
    drawn = rng.choice(pairs, size=count, replace=count > pairs)
    return [
        f"{GIVEN_NAMES[int(i) % len(GIVEN_NAMES)]} {FAMILY_NAMES[int(i) // len(GIVEN_NAMES)]}"
        for i in drawn
    ]


def _seats(sites: Sites, count: int) -> list[int]:
    """Return the outlet of each technician, by D'Hondt over the demand, outlet by outlet."""
    seats = dict.fromkeys(sites.staffed, 0)
    for _ in range(count):
        best = max(seats, key=lambda i: (sites.weight[i] / (seats[i] + 1), -i))
        seats[best] += 1
    return [site for site, number in seats.items() for _ in range(number)]


def _shift(kind: ShiftKind, calendar: Calendar) -> Shift:
    pause = Break(
        earliest=calendar.at(kind.break_earliest),
        latest=calendar.at(kind.break_latest),
        duration_s=BREAK_S,
    )
    return Shift(start=calendar.at(kind.start), end=calendar.at(kind.end), breaks=(pause,))


def _skills(
    team: dict[str, int], today: date, rng: np.random.Generator, *, lapsed: bool
) -> tuple[Skill, ...]:
    days = -10 if lapsed else int(rng.integers(30, 700))
    expires = {GAS: today + timedelta(days=days)}
    return tuple(
        Skill(skill=skill, level=level, certificate_expires=expires.get(skill))
        for skill, level in sorted(team.items())
    )
