"""The service under the load of a company: sessions, streams, and a search beside them.

Requests begin at fixed moments, whether the last one was answered or not, and are timed from those
moments: a service that falls behind is seen to. Server and search are processes of their own.
"""

from __future__ import annotations

import argparse
import asyncio
import http.client
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from dispatch.cli.parser import natural_int, positive_int
from scenarios.bench.ports import Ports
from scenarios.bench.report import BenchReport, Row
from scenarios.bench.service_client import Listener, Session
from scenarios.bench.service_town import make_district
from scenarios.errors import DataUnavailable

LIMIT_MS: Final = 300
FIRST_PLAN_S: Final = 3
PATIENCE_S: Final = 120.0
BESIDE: Final = "dispatch.api.search_child"
WORDS: Final = {
    "board": 30, "seen": 22, "preview": 12, "visit": 8, "move": 7, "days": 5, "lock": 4,
    "figures": 4, "emergency": 4, "undo": 2, "remedies": 1, "orders": 1,
}  # fmt: skip
"""What a dispatcher's browser asks, of a hundred requests."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what ``servicenet bench service`` takes."""
    parser.add_argument("--sessions", type=positive_int, default=50, help="dispatchers (50)")
    parser.add_argument("--rate", type=positive_int, default=20, help="requests a second (20)")
    parser.add_argument("--listeners", type=positive_int, default=200, help="streams (200)")
    parser.add_argument("--seconds", type=positive_int, default=60, help="of load (60)")
    parser.add_argument("--days", type=positive_int, default=5, help="districts' days (5)")
    parser.add_argument("--technicians", type=positive_int, default=40, help="of each day (40)")
    parser.add_argument("--visits", type=positive_int, default=8, help="of each technician (8)")
    parser.add_argument("--threads", type=natural_int, default=2, help="of the search; 0 = none")
    parser.add_argument("--store", metavar="URL", help="empty database; by default a SQLite file")
    parser.add_argument("--roads", type=Path, metavar="FILE", help="map; estimates without")
    parser.add_argument("--seed", type=natural_int, default=1)


def bench(arguments: argparse.Namespace) -> BenchReport:
    """Measure; a row for each kind of request, and one for all of them.

    Raises
    ------
    DataUnavailable
        If the service does not start.
    """
    with tempfile.TemporaryDirectory() as folder, running(arguments, Path(folder)) as server:
        return asyncio.run(_load(arguments, server))


@dataclass(frozen=True, slots=True)
class Server:
    """A running service: its port, the admin's token, seconds until its first page was there."""

    port: int
    token: str
    cold_s: float
    pid: int

    def cpu_s(self) -> float | None:
        """Return the CPU seconds of the server so far, its searches left out; None elsewhere."""
        return _cpu_s(self.pid)

    def beside_s(self) -> float:
        """Return those of the process beside it that looks for better ways; 0 without."""
        words = Path("/proc").glob("[0-9]*/cmdline")
        own = (int(one.parent.name) for one in words if BESIDE in _text(one))
        return sum(_cpu_s(pid) or 0.0 for pid in own if _parent(pid) == self.pid)


def _text(path: Path) -> str:
    """Return what a file of the kernel says; nothing where its process is gone."""
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _fields(pid: int) -> list[str]:
    """Return the fields of a process after its name."""
    return _text(Path(f"/proc/{pid}/stat")).rpartition(")")[2].split()


def _cpu_s(pid: int) -> float | None:
    fields = _fields(pid)
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK") if fields else None


def _parent(pid: int) -> int:
    fields = _fields(pid)
    return int(fields[1]) if fields else 0


@contextmanager
def running(arguments: argparse.Namespace, folder: Path) -> Iterator[Server]:
    """Run ``servicenet serve`` over an empty store.

    Raises
    ------
    DataUnavailable
        If it does not start.
    """
    port, began = Ports(os.getpid()).free(), time.perf_counter()
    store = arguments.store or str(folder / "day.db")
    words = ["--store", store, "--port", str(port), "--key-file", str(folder / "key")]
    words += ["--threads", str(max(1, arguments.threads))]
    words += ["--roads", str(arguments.roads)] if arguments.roads else []
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "-m", "dispatch.cli", "serve", *words], stdout=subprocess.PIPE,
            stderr=log, text=True, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )  # fmt: skip
        try:
            assert process.stdout is not None  # noqa: S101 - asked for above
            process.stdout.readline()
            token = process.stdout.readline().rpartition(" ")[2].strip()
            if not token:
                raise DataUnavailable("the service did not start")
            _open_first_page(port)
            yield Server(port, token, time.perf_counter() - began, process.pid)
        finally:
            process.terminate()
            process.wait(PATIENCE_S)
            if process.stdout is not None:
                process.stdout.close()


def _open_first_page(port: int) -> None:
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            connection.request("GET", "/")
            if connection.getresponse().read():
                return
        except OSError:
            time.sleep(0.02)
        finally:
            connection.close()
    raise DataUnavailable("the service does not answer")


@dataclass
class _Scene:
    """Who takes part, and what was found."""

    arguments: argparse.Namespace
    days: dict[str, list[str]]
    admin: Session
    sessions: list[Session] = field(default_factory=list)
    took_ms: dict[str, list[float]] = field(default_factory=dict)
    statuses: dict[int, int] = field(default_factory=dict)
    tags: dict[tuple[int, str], str] = field(default_factory=dict)


async def _load(arguments: argparse.Namespace, server: Server) -> BenchReport:
    admin = Session("127.0.0.1", server.port)
    scene = _Scene(arguments, {}, admin)
    try:
        return await _played(scene, server)
    finally:
        for one in (admin, *scene.sessions):
            await one.close()


async def _played(scene: _Scene, server: Server) -> BenchReport:
    arguments, admin = scene.arguments, scene.admin
    await admin.sign_in(server.token)
    scene.days |= await _bring_days(arguments, admin)
    for number in range(arguments.sessions):
        one = Session("127.0.0.1", server.port)
        await one.sign_in(await _key(admin, number))
        scene.sessions.append(one)
    for name in scene.days:
        await admin.ask("GET", f"/days/{name}/board")
    async with _listening(scene) as listeners, _searching(scene):
        before, beside, began = server.cpu_s(), server.beside_s(), time.perf_counter()
        await _ask_all(scene)
        spent, after = time.perf_counter() - began, server.cpu_s()
        searched = server.beside_s() - beside
        first = listeners[:: len(scene.days)]
        await _hear_all(first, admin, next(iter(scene.days)))
        heard = {len(one.got) for one in first}
    cpu_s = None if before is None or after is None else after - before
    return _report(scene, server, heard, (cpu_s, searched, spent))


async def _bring_days(arguments: argparse.Namespace, admin: Session) -> dict[str, list[str]]:
    begins = (datetime.now(UTC) + timedelta(hours=1)).replace(minute=0, second=0, microsecond=0)
    found: dict[str, list[str]] = {}
    size = arguments.technicians, arguments.visits
    for number in range(arguments.days):
        day = make_district(f"day{number}", size, arguments.seed + number, begins)
        await _good(admin, "POST", "/days", day.model_dump(mode="json"))
        ask = {"seconds": FIRST_PLAN_S}
        job = (await _good(admin, "POST", f"/days/{day.id}/plans", ask))["id"]
        while True:
            state = (await _good(admin, "GET", f"/days/{day.id}/plans/{job}"))["job"]["state"]
            if state in {"done", "failed"}:
                break
            await asyncio.sleep(0.5)
        found[day.id] = [visit.id for visit in day.visits]
    return found


async def _good(admin: Session, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 - JSON
    answer = await admin.ask(method, path, body)
    if answer.status >= 400:
        raise DataUnavailable(f"{method} {path}: {answer.status} {answer.body[:300]!r}")
    return answer.json()


async def _key(admin: Session, number: int) -> str:
    ask = {"name": f"li{number}", "role": "dispatcher", "days": 1}
    made = await _good(admin, "POST", "/keys", ask)
    return str(made["token"])


@asynccontextmanager
async def _listening(scene: _Scene) -> AsyncIterator[list[Listener]]:
    names = list(scene.days)
    tasks, listeners = [], []
    for number in range(scene.arguments.listeners):
        session = scene.sessions[number % len(scene.sessions)]
        one, opened = (
            Listener(session, f"/days/{names[number % len(names)]}/stream"),
            asyncio.Event(),
        )
        listeners.append(one)
        tasks.append(asyncio.create_task(one.run(opened)))
        await opened.wait()
    try:
        yield listeners
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _hear_all(listeners: Sequence[Listener], admin: Session, day: str) -> None:
    """Wait until everybody who listens to a day got its last event, or too long."""
    last = (await _good(admin, "GET", f"/days/{day}/board"))["sequence"]
    for _ in range(round(10 * PATIENCE_S)):
        if all(max(one.got, default=0) >= last for one in listeners):
            return
        await asyncio.sleep(0.1)


@asynccontextmanager
async def _searching(scene: _Scene) -> AsyncIterator[None]:
    """Search on a day of its own as long as the load lasts."""
    arguments, admin = scene.arguments, scene.admin
    if not arguments.threads:
        yield
        return
    size = arguments.technicians, arguments.visits
    begins = (datetime.now(UTC) + timedelta(hours=1)).replace(minute=0, second=0, microsecond=0)
    day = make_district("search", size, arguments.seed + 99, begins)
    await _good(admin, "POST", "/days", day.model_dump(mode="json"))
    job = await _good(admin, "POST", "/days/search/plans", {"seconds": 3000, "publish": False})
    for _ in range(200):
        known = await _good(admin, "GET", f"/days/search/plans/{job['id']}")
        if known["job"]["progress"]:
            break
        await asyncio.sleep(0.3)
    yield
    await admin.ask("DELETE", f"/days/search/plans/{job['id']}")


async def _ask_all(scene: _Scene) -> None:
    arguments = scene.arguments
    chance = random.Random(arguments.seed)  # noqa: S311 - what is asked, no secrets
    kinds = chance.choices(list(WORDS), list(WORDS.values()), k=arguments.rate * arguments.seconds)
    began, tasks = time.perf_counter(), []
    for number, kind in enumerate(kinds):
        due = began + number / arguments.rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        tasks.append(asyncio.create_task(_timed(scene, number, kind, due, chance.random())))
    await asyncio.gather(*tasks)


async def _timed(scene: _Scene, number: int, kind: str, due: float, chance: float) -> None:
    who = number % len(scene.sessions)
    day = list(scene.days)[who % len(scene.days)]
    visits = scene.days[day]
    visit = visits[int(chance * len(visits))]
    person = f"T{int(chance * scene.arguments.technicians)}"
    known = scene.tags.get((who, day), "")
    method, path, body = request_of(kind, day, visit, person)
    headers = {"If-None-Match": known} if kind == "board" and known else {}
    answer = await scene.sessions[who].ask(method, path, body, headers)
    scene.took_ms.setdefault(kind, []).append((time.perf_counter() - due) * 1000)
    scene.statuses[answer.status] = scene.statuses.get(answer.status, 0) + 1
    if kind == "board" and "etag" in answer.headers:
        scene.tags[who, day] = answer.headers["etag"]


def request_of(kind: str, day: str, visit: str, person: str) -> tuple[str, str, Any]:
    """Return method, path and body of a request of a kind."""
    base = f"/days/{day}"
    now = datetime.now(UTC).isoformat()
    move = {"visit": visit, "technician": person, "after": None}
    place = {"lon": 114.3, "lat": 30.6}
    urgent = {
        "id": f"E{time.monotonic_ns()}", "place": {"lon": 114.31, "lat": 30.6}, "service_s": 1800,
        "priority": "emergency", "received_at": now,
    }  # fmt: skip
    seen = {"kind": "technician_seen", "happened_at": now, "technician": person, "place": place}
    asked: dict[str, tuple[str, str, Any]] = {
        "board": ("GET", f"{base}/board", None),
        "days": ("GET", "/days", None),
        "figures": ("GET", f"{base}/figures", None),
        "orders": ("GET", f"{base}/orders", None),
        "visit": ("GET", f"{base}/visits/{visit}", None),
        "remedies": ("GET", f"{base}/visits/{visit}/remedies", None),
        "seen": ("POST", f"{base}/events", {"what": seen}),
        "preview": ("POST", f"{base}/moves/preview", move),
        "move": ("POST", f"{base}/moves", move),
        "lock": ("POST", f"{base}/locks", {"visit": visit, "hold": "technician"}),
        "undo": ("POST", f"{base}/undo", {}),
        "emergency": ("POST", f"{base}/emergencies", {"visit": urgent, "mode": "soonest"}),
    }
    return asked[kind]


def _report(
    scene: _Scene, server: Server, heard: set[int], spent: tuple[float | None, float, float]
) -> BenchReport:
    cpu_s, searched_s, wall_s = spent
    every = [took for values in scene.took_ms.values() for took in values]
    rows = [_row(kind, scene.took_ms[kind]) for kind in WORDS if kind in scene.took_ms]
    rows.append(_row("all", every))
    failed = sum(count for status, count in scene.statuses.items() if status >= 500)
    p99 = percentile(every, 99)
    arguments = scene.arguments
    summary = {
        "load": f"{arguments.sessions} sessions, {arguments.rate}/s for {arguments.seconds} s, "
        f"{arguments.listeners} streams, search on {arguments.threads} threads",
        "days": f"{arguments.days} of {arguments.technicians} x {arguments.visits} visits",
        "cold start to the first page, s": round(server.cold_s, 2),
        "answers": ", ".join(f"{code}: {n}" for code, n in sorted(scene.statuses.items())),
        "server errors": failed,
        "processors the server kept busy": _figure(cpu_s, 1 / wall_s, 2),
        "processors the searches for better ways kept busy": round(searched_s / wall_s, 2),
        "CPU ms of the server a request": _figure(cpu_s, 1000 / len(every), 1),
        "events each stream of a day got": ", ".join(map(str, sorted(heard))),
        "p99 ms": round(p99, 1),
        f"p99 below {LIMIT_MS} ms": p99 < LIMIT_MS and failed == 0,
    }
    return BenchReport(rows, summary)


def _figure(cpu_s: float | None, factor: float, digits: int) -> float | str:
    return "unknown" if cpu_s is None else round(cpu_s * factor, digits)


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that at least ``share`` percent of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-int(len(ordered) * share) // 100) - 1)]


def _row(name: str, values: Sequence[float]) -> Row:
    found = {f"p{share}_ms": round(percentile(values, share), 1) for share in (50, 90, 99)}
    return {"request": name, "sent": len(values), **found, "worst_ms": round(max(values), 1)}
