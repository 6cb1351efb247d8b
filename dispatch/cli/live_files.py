"""A live day from files, or from a store: what the commands about a live day have in common."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from dispatch.cli.traffic_option import add_traffic_argument, with_traffic

if TYPE_CHECKING:
    from dispatch.domain import Day, DayPlan
    from dispatch.domain.travel_table import TravelTable
    from dispatch.live.store import Request, Store
    from dispatch.service.desk import Desk


def add_live_arguments(parser: argparse.ArgumentParser, *, store: bool) -> None:
    """Declare day, plan and where travel comes from.

    Parameters
    ----------
    store
        Whether the day may live in a store.
    """
    parser.add_argument(
        "day", type=Path, metavar="DAY", help="day.json, day.xlsx, or a folder of CSV tables"
    )
    parser.add_argument("plan", type=Path, metavar="PLAN", help="folder of a plan, or plan.json")
    add_travel_arguments(parser)
    parser.add_argument(
        "--at-time",
        metavar="T",
        help="the moment: HH:MM on the first date of the day, or 2026-03-02T10:00+08:00; "
        "default: the start of the day, in a store its last event",
    )
    if store:
        parser.add_argument(
            "--store", metavar="URL", help="SQLite file or PostgreSQL URL the day lives in"
        )


def add_travel_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare where travel to new places comes from."""
    parser.add_argument("--roads", type=Path, metavar="FILE", help="map: ways to new places")
    add_traffic_argument(parser)
    parser.add_argument("--gazetteer", type=Path, metavar="FILE", help="CSV of places by name")


@dataclass(frozen=True, slots=True)
class LiveFiles:
    """A day of files as a live day.

    Attributes
    ----------
    as_planned
        How many reports were made up because all is taken to have gone as planned; 0 in a store.
    mixed
        The plan was made on roads, and ways to new places are estimates.
    """

    desk: Desk
    day: str
    now: datetime
    as_planned: int
    mixed: bool

    def request(self, name: str) -> Request:
        """Return a request of this command with an id that repeats with its content."""
        return make_request(name, self.now)


def make_request(name: str, now: datetime) -> Request:
    """Return a request of the command line; its id is a digest of what it asks for."""
    from hashlib import sha256

    from dispatch.live.store import Request

    digest = sha256(name.encode("utf-8")).hexdigest()[:32]
    return Request(id=digest, by="command-line", at=now, content=name)


def read_planned(
    arguments: argparse.Namespace, day: Path, plan: Path
) -> tuple[Day, DayPlan, TravelTable]:
    """Return a day, its plan and the travel table beside the plan.

    Raises
    ------
    InvalidRequest
        With every fault of the files.
    """
    from dispatch.adapters.files import read_day, read_gazetteer, read_plan
    from dispatch.cli.plan_table import find_plan_table
    from dispatch.service import PLAN_FILE

    gazetteer = read_gazetteer(arguments.gazetteer) if arguments.gazetteer else None
    found = with_traffic(read_day(day, geocoder=gazetteer), arguments.traffic).day
    file = plan / PLAN_FILE if plan.is_dir() else plan
    table, _ = find_plan_table(found, file, arguments.roads, by_hand=False)
    return found, read_plan(file), table


@contextmanager
def open_live(arguments: argparse.Namespace) -> Iterator[LiveFiles]:
    """Open the day of the arguments at their moment.

    Without a store all is taken to have gone as planned until then; in a store only what was
    reported has happened, and the day is opened there if it is not yet.

    Raises
    ------
    InvalidRequest
        With every fault of the files, or of the moment.
    StoreError
        The store will not do.
    """
    from dispatch.cli.roads import make_travel
    from dispatch.live.as_planned import reports_as_planned
    from dispatch.live.roads import LiveRoads
    from dispatch.service.desk import Desk

    day, plan, table = read_planned(arguments, arguments.day, arguments.plan)
    provider = make_travel(arguments.roads, None)
    roads = LiveRoads(provider, [(day, table)])
    url = getattr(arguments, "store", None)
    now = parse_moment(arguments.at_time, day) if arguments.at_time else day.horizon_start
    with _store(url) as store:
        clock = [day.horizon_start if url is None else now]
        desk = Desk(store, roads, now=lambda: clock[0])
        files = LiveFiles(desk, day.id, now, 0, provider.estimated and not table.estimated)
        known = {row.id for row in desk.days()}
        if day.id not in known:
            desk.open_day(day, plan, files.request(f"open-{day.id}"))
        elif not arguments.at_time:
            clock[0] = desk.view(day.id).state.now
        told = reports_as_planned(plan, now) if url is None else ()
        if told:
            clock[0] = now
            desk.record_all(day.id, told, files.request("as-planned"))
        clock[0] = max(clock[0], now)
        yield LiveFiles(desk, day.id, clock[0], len(told), files.mixed)


@contextmanager
def _store(url: str | None) -> Iterator[Store]:
    from dispatch.live.kinds import KINDS

    if url is None:
        from dispatch.live.store import MemoryStore

        yield MemoryStore(KINDS)
        return
    from dispatch.adapters.store import open_store

    with closing(open_store(url, KINDS)) as store:
        yield store


def parse_moment(text: str, day: Day) -> datetime:
    """Return a moment: ``HH:MM`` on the first date of a day, or ISO 8601 with an offset.

    Raises
    ------
    InvalidRequest
        D9512 if it is neither, or outside the horizon.
    """
    from zoneinfo import ZoneInfo

    from dispatch.service.codes import DeskCode, refuse

    zone = ZoneInfo(day.zone)
    first = day.horizon_start.astimezone(zone)
    moment: datetime | None = None
    try:
        if len(text) <= len("HH:MM"):
            clock = datetime.strptime(text, "%H:%M")  # noqa: DTZ007 - the zone is the day's
            moment = first.replace(hour=clock.hour, minute=clock.minute, second=0, microsecond=0)
        else:
            moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None  # told below
    known = None if moment is None or moment.tzinfo is None else moment
    if known is not None and day.horizon_start <= known <= day.horizon_end:
        return known
    ends = f"{first.isoformat()} to {day.horizon_end.astimezone(zone).isoformat()}"
    expected = f"HH:MM, or a moment with offset from {ends}"
    raise refuse(DeskCode.NOT_A_MOMENT, "--at-time", text, expected)
