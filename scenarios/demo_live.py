"""The demonstration day as a live day: its service, its clock, and what happens on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path

from dispatch.api.context import Service, open_service
from dispatch.api.options import Options
from dispatch.api.routes_live import sealed
from dispatch.domain import Day, DayPlan
from dispatch.domain.disruption import Happening
from dispatch.live.store import Request
from dispatch.planning.travel import travel_table
from scenarios.coquimbo import City
from scenarios.demo_live_calls import LIVELY, with_callers, with_early_emergency
from scenarios.demo_live_clock import SimulatedClock
from scenarios.demo_live_pilot import Autopilot
from scenarios.demo_live_run import LiveDemo
from scenarios.errors import UnknownInstance
from scenarios.simulation.world import World, build_world

STORE_FILE = "demo.db"
BY = "servicenet demo"
KEY_DAYS = 7


@dataclass(frozen=True, slots=True)
class LiveWishes:
    """How the demonstration is to be lived.

    Attributes
    ----------
    start
        Time of the day at which people take over; the morning before is lived at once.
    rate
        How fast time runs then.
    autopilot
        Whether our policy goes on deciding.
    phone
        A technician nobody simulates.
    """

    start: time = time(9, 30)
    rate: float = 10.0
    autopilot: bool = False
    phone: str | None = None


@dataclass(frozen=True, eq=False)
class LiveCity:
    """A service over a day that is lived; close it at the end."""

    service: Service
    clock: SimulatedClock
    demo: LiveDemo
    day: Day

    def close(self) -> None:
        """Let nothing more happen, and let go of the store."""
        self.demo.stop()
        self.service.close()


def build_live_world(day: Day, city: City, *, seed: int, start: time) -> World:
    """Draw what will happen on a day, an emergency soon after people take over."""
    world = build_world(day, travel_table(day, city.travel).table, LIVELY, seed=seed, replication=1)
    return with_callers(with_early_emergency(world, world.clock.ceil(_moment(day, start))))


def open_live_city(
    folder: Path, city: City, world: World, wishes: LiveWishes, plan: Callable[[Day], DayPlan]
) -> LiveCity:
    """Open the day in a store of a folder and live it up to the wished moment.

    A store that has the day already goes on where it stopped.

    Parameters
    ----------
    plan
        Makes the morning plan of a day that is new.

    Raises
    ------
    StoreError
        If the store in the folder cannot be opened.
    UnknownInstance
        If nobody is called as the wishes say.
    """
    day = world.day
    _check_phone(day, wishes.phone)
    clock = SimulatedClock(world.clock.moment(world.opening), day.horizon_end)
    options = Options(roads=city.database)
    service = open_service(str(folder / STORE_FILE), options, clock=clock, travel=city.travel)
    if all(row.id != day.id for row in service.desk.days()):
        _open_day(service, day, plan(day))
    view = service.desk.view(day.id)
    clock.jump(view.state.now)

    def seal(fact: Happening) -> Happening:
        found = sealed(service, day.id, fact)
        return found if isinstance(found, Happening) else fact

    demo = LiveDemo(service.desk, world, clock, seal=seal, by_hand=wishes.phone)
    demo.pilot = Autopilot(service.desk, [one.visit for one in view.plan.unassigned])
    demo.live_until(_moment(day, wishes.start))
    if not wishes.autopilot:
        demo.pilot = None
    clock.set_rate(wishes.rate)
    return LiveCity(service, clock, demo, day)


def _moment(day: Day, start: time) -> datetime:
    return datetime.combine(day.date, start, day.horizon_start.tzinfo)


def _check_phone(day: Day, phone: str | None) -> None:
    names = [one.id for one in day.technicians]
    if phone is not None and phone not in names:
        raise UnknownInstance(f"technician {phone!r}; expected one of {', '.join(names)}.")


def _open_day(service: Service, day: Day, plan: DayPlan) -> None:
    known = service.vault.seal_day(day, service.now())
    request = Request(id=f"open-{day.id}", by=BY, at=service.day_now(), content=day.id)
    service.desk.open_day(known, plan, request)


def phone_key(service: Service, technician: str) -> str:
    """Make a key for a technician's phone and return its token."""
    now = service.now()
    _, token = service.access.make_key(
        f"phone of {technician}", "technician", at=now, expires_at=now + timedelta(days=KEY_DAYS),
        by=BY, request_id=f"phone-{now.isoformat()}", technician=technician,
    )  # fmt: skip
    return token
