"""A realistic day on a map, from a seed; ``servicenet generate``."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np

from dispatch.adapters.files import write_day
from dispatch.cli.exit_codes import Exit
from dispatch.cli.parser import natural_int, positive_int
from dispatch.domain import Day
from geo.osm import read_network
from scenarios.console import run_guarded
from scenarios.demand import Demand, build_network_demand
from scenarios.requests import Mix, Requests
from scenarios.staff import Calendar, hire_technicians, place_outlets

DEFAULT_DATE = date(2026, 3, 2)
"""A Monday."""

OPENS, CLOSES = 6 * 60, 23 * 60
"""Horizon of a generated day, minutes after midnight: shifts with overtime, and some air."""


def generate_day(
    demand: Demand,
    *,
    seed: int,
    visits: int = 200,
    technicians: int = 25,
    outlets: int = 6,
    emergencies: int = 3,
    mix: Mix | None = None,
    today: date = DEFAULT_DATE,
    zone: str = "Asia/Shanghai",
    name: str = "generated",
) -> Day:
    """Make up a day; the same arguments give the same day.

    Visits are drawn where the demand is, appointments where technicians are on shift. Some
    technicians start at home or keep to a territory; one gas certificate has lapsed; one outlet
    (of three or more) is contracted. See `scenarios.catalog` for trades, teams and shifts.

    Parameters
    ----------
    demand
        Where people live.
    seed
        Seed of all chance.
    visits
        All visits, emergencies among them.
    technicians, outlets, emergencies
        How many of each; a map with fewer distinct places has fewer outlets.
    mix
        Shares of the kinds of visits; None takes the defaults.
    today, zone
        Local day and IANA time zone.
    name
        Id of the day.
    """
    rng = np.random.default_rng(seed)
    calendar = Calendar(today, zone)
    sites = place_outlets(demand, outlets, visits)
    people = hire_technicians(demand, sites, calendar, technicians, rng)
    requests = Requests(demand, calendar, people, mix or Mix(), rng)
    urgent = min(emergencies, visits)
    return Day(
        id=name,
        date=today,
        zone=zone,
        horizon_start=calendar.at(OPENS),
        horizon_end=calendar.at(CLOSES),
        outlets=sites.outlets,
        technicians=people,
        visits=requests.draw_visits(visits - urgent) + requests.draw_emergencies(urgent),
    )


def get_nautical_zone(lon: float) -> str:
    """Return the whole-hour time zone of a longitude, as its IANA name (signs are reversed)."""
    hours = round(lon / 15)
    return f"Etc/GMT{-hours:+d}" if hours else "Etc/GMT"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what ``servicenet generate`` takes."""
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--roads", type=Path, help="map: .osm.pbf, .osm, .graphml")
    source.add_argument(
        "--metropolis", action="store_true", help="a whole made-up city: network, demand, roads"
    )
    parser.add_argument(
        "--out", type=Path, required=True, help="day.json to write; with --metropolis a folder"
    )
    parser.add_argument("--visits", type=positive_int, default=200, metavar="N")
    parser.add_argument("--technicians", type=positive_int, default=25, metavar="K")
    parser.add_argument("--outlets", type=positive_int, default=6)
    parser.add_argument("--emergencies", type=natural_int, default=3)
    parser.add_argument("--seed", type=natural_int, default=1, metavar="S")
    parser.add_argument("--date", type=date.fromisoformat, default=DEFAULT_DATE, help="YYYY-MM-DD")
    parser.add_argument(
        "--zone",
        type=_zone,
        help="IANA time zone; default: the whole-hour zone of the map's longitude",
    )
    parser.add_argument(
        "--extent-km", type=float, default=12.0, help="radius around the densest square"
    )


def _zone(word: str) -> str:
    try:
        return ZoneInfo(word).key
    except (ZoneInfoNotFoundError, ValueError):
        raise argparse.ArgumentTypeError(f"{word!r}; expected an IANA time zone") from None


def run(arguments: argparse.Namespace) -> int:
    """Run ``servicenet generate``; exit code 2 for broken input."""
    if arguments.metropolis:
        return run_guarded(lambda: _run_metropolis(arguments))
    return run_guarded(lambda: _run(arguments))


def _run_metropolis(arguments: argparse.Namespace) -> int:
    from scenarios.metropolis import generate_metropolis
    from scenarios.network_city import write_metropolis

    city = generate_metropolis(arguments.seed)
    network, roads = write_metropolis(city, arguments.out)
    people = f"{int(city.people.sum()):,} people at {len(city.people):,} points"
    print(f"{people}, {len(city.outlets)} outlets\n→ {network}\n→ {roads}")
    return Exit.OK


def _run(arguments: argparse.Namespace) -> int:
    demand = build_network_demand(read_network(arguments.roads), extent_km=arguments.extent_km)
    name = arguments.roads.name.split(".")[0].replace("_", "-")[:40]
    day = generate_day(
        demand,
        seed=arguments.seed,
        visits=arguments.visits,
        technicians=arguments.technicians,
        outlets=arguments.outlets,
        emergencies=arguments.emergencies,
        today=arguments.date,
        zone=arguments.zone or get_nautical_zone(float(demand.lonlat[:, 0].mean())),
        name=f"{name}-{arguments.seed}",
    )
    write_day(day, arguments.out)
    print(f"{day.id}: {len(day.visits)} visits, {len(day.technicians)} technicians")
    return Exit.OK
