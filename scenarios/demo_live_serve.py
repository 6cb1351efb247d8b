"""``servicenet demo --serve``: the living demonstration behind the board, until interrupted."""

from __future__ import annotations

import argparse
import socket
import tempfile
import threading
import webbrowser
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from dispatch.api.listener import Address, listen
from dispatch.api.serve import serve_service
from dispatch.cli.exit_codes import Exit
from dispatch.domain import Day, DayPlan
from dispatch.planning.daily import plan_day
from scenarios.coquimbo import City, read_city
from scenarios.demo import make_demo_day
from scenarios.demo_live import (
    LiveCity,
    LiveWishes,
    build_live_world,
    open_live_city,
    phone_key,
)
from scenarios.demo_live_router import clock_router
from scenarios.simulation.world import World
from solver.stop import MaxIterations, MaxRuntime, Stop


def run_live_demo(arguments: argparse.Namespace) -> int:
    """Plan the demonstration day, open it and serve it."""
    address = replace(Address(), port=arguments.port)
    with listen(address) as listener:
        _run(arguments, address, listener)
    return Exit.OK


def _run(arguments: argparse.Namespace, address: Address, listener: socket.socket) -> None:
    wishes = LiveWishes(arguments.start, arguments.speed, arguments.autopilot, arguments.phone)
    print("Reading the streets of La Serena and Coquimbo …", flush=True)
    city = read_city()
    day = make_demo_day(
        city, seed=arguments.seed, visits=arguments.visits, technicians=arguments.technicians
    )
    world = build_live_world(day, city, seed=arguments.seed, start=wishes.start)
    with _folder(arguments.store) as folder:
        live = _open(folder, city, world, wishes, arguments)
        try:
            _serve(live, wishes, arguments, (address, listener))
        finally:
            live.close()


@contextmanager
def _folder(given: Path | None) -> Iterator[Path]:
    if given is None:
        with tempfile.TemporaryDirectory(prefix="servicenet-demo-") as name:
            yield Path(name)
    else:
        given.mkdir(parents=True, exist_ok=True)
        yield given


def _open(
    folder: Path, city: City, world: World, wishes: LiveWishes, arguments: argparse.Namespace
) -> LiveCity:
    def plan(day: Day) -> DayPlan:
        counts = f"{len(day.visits)} visits, {len(day.technicians)} technicians"
        print(f"Planning {counts}, {len(day.outlets)} outlets …", flush=True)
        stop: Stop = MaxRuntime(arguments.time_limit)
        if arguments.iterations is not None:
            stop = MaxIterations(arguments.iterations)
        made = plan_day(day, city.travel, stop=stop, seed=arguments.seed, threads=arguments.threads)
        print(f"Living the day until {wishes.start:%H:%M} …", flush=True)
        return made

    return open_live_city(folder, city, world, wishes, plan)


def _serve(
    live: LiveCity,
    wishes: LiveWishes,
    arguments: argparse.Namespace,
    listening: tuple[Address, socket.socket],
) -> None:
    def words(address: Address) -> Sequence[str]:
        if arguments.open:
            webbrowser.open(address.url)
        lines = [f"simulated time runs {wishes.rate:g} times as fast; the board changes that"]
        if wishes.phone is not None:
            token = phone_key(live.service, wishes.phone)
            lines.append(f"token for the phone of {wishes.phone} at {address.url}me: {token}")
        return lines

    thread = threading.Thread(target=live.demo.run, name="simulated day", daemon=True)
    thread.start()
    try:
        serve_service(live.service, *listening, more=(clock_router(live.clock),), words=words)
    finally:
        live.demo.stop()
        thread.join(30)
