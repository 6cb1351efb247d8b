"""A service for tests: a store of its own, the grid town for roads, keys of every role."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from dispatch.adapters.secrets import Sealer
from dispatch.adapters.store import open_store
from dispatch.api.app import make_app
from dispatch.api.context import Service
from dispatch.api.options import Options
from dispatch.api.rights import Role
from dispatch.api.searcher import Searcher
from dispatch.domain import Customer, Day, DayPlan, UnassignedVisit
from dispatch.live.kinds import KINDS
from tests.days import GridTown, at
from tests.live_days import live_day, live_plan
from tests.waiting import PATIENCE_S, wait_until

NAME, PHONE, ADDRESS = "欧阳卡纳瑞", "13900001234", "金丝雀路七十七号三单元"
CANARIES = (NAME, PHONE, ADDRESS, "canary-signature")
SECRET = bytes(range(32))
REGION = "north"


def holds_no_canary(text: str) -> bool:
    """Say whether nothing of the customers is in a text."""
    return not any(word in text for word in CANARIES)


@dataclass
class Clock:
    """A clock that stands still unless it is moved."""

    at: datetime = field(default_factory=lambda: at("07:00").astimezone(UTC))

    def __call__(self) -> datetime:
        return self.at

    def move(self, **by: float) -> None:
        self.at += timedelta(**by)


@dataclass
class Served:
    """A running service, and what its callers know."""

    service: Service
    client: TestClient
    tokens: Mapping[str, str]
    clock: Clock

    def ask(self, method: str, path: str, role: str = "admin", **more: Any) -> Any:
        headers = dict(more.pop("headers", {}))
        if role != "nobody":
            headers.setdefault("Authorization", f"Bearer {self.tokens[role]}")
        return self.client.request(method, path, headers=headers, **more)

    def get(self, path: str, role: str = "admin", **more: Any) -> Any:
        return self.ask("GET", path, role, **more)

    def post(self, path: str, body: object = None, role: str = "admin", **more: Any) -> Any:
        return self.ask("POST", path, role, json=body, **more)

    def send_day(self, day: Day, role: str = "admin", **more: Any) -> Any:
        headers = {"Content-Type": "application/json", **more.pop("headers", {})}
        body = day.model_dump_json()
        return self.ask("POST", "/days", role, content=body, headers=headers, **more)

    def when_over(self, path: str, role: str = "admin", state: str = "status") -> Any:
        """Return what is at a path once a search does not run any more."""
        found: list[Any] = []

        def is_over() -> bool:
            found[:] = [self.get(path, role).json()]
            return found[0][state] != "running"

        wait_until(is_over, path)
        return found[0]

    def open_live_day(self) -> None:
        """Bring the live day, customers and all, and its plan in force."""
        self.send_day(canary_day(), params={"region": REGION})

        self.put_in_force(live_plan())

    def open_mixed_day(self) -> None:
        """Bring the live day with two regions in it, and its plan in force."""
        self.send_day(mixed_day(), params={"region": REGION})
        self.put_in_force(live_plan().model_copy(update={"unassigned": MIXED_OPEN}))

    def put_in_force(self, plan: DayPlan) -> None:
        """Make a plan version 2 of its day."""
        from dispatch.live.store import Request

        def publish(writer: Any) -> None:
            writer.revise(plan.day, expected=1, reason="plan", plan=plan)

        request = Request(id="plan-of-tests", by="tests", at=self.clock(), content="plan")
        self.service.store.execute(request, publish)


def mixed_day() -> Day:
    """The live day with two regions, the day's own being the north.

    Of the south: outlets O2 and C1, technician T2, visits V3 (T1 of the north has it), V5 (T2),
    V6 (C1) and V8 (nobody). Of the north: O1, T1, T3, V1, V2 (T1), V4 (T2 has it), V7 (nobody).
    """
    day = canary_day()
    of_south = {"V3": {"district": "S"}, "V5": {"district": "S"}, "V6": {"outlet": "C1"}}
    visits = [one.model_copy(update=of_south.get(one.id, {})) for one in day.visits]
    visits.append(visits[-1].model_copy(update={"id": "V8", "district": "S"}))
    technicians = (one.model_copy(update={"name": f"name of {one.id}"}) for one in day.technicians)
    first, contracted = day.outlets
    second = first.model_copy(update={"id": "O2", "region": "south", "territory": ("S",)})
    return day.model_copy(
        update={
            "visits": tuple(visits),
            "technicians": tuple(
                one.model_copy(update={"outlet": "O2"}) if one.id == "T2" else one
                for one in technicians
            ),
            "outlets": (first, second, contracted.model_copy(update={"region": "south"})),
        }
    )


MIXED_OPEN = tuple(UnassignedVisit(visit=name) for name in ("V7", "V8"))


def canary_day() -> Day:
    """The live day of the tests, with a customer in every field that can hold one."""
    day = live_day()
    visits = tuple(
        one.model_copy(
            update={
                "customer": Customer(name=NAME, phone=PHONE),
                "place": one.place.model_copy(update={"address": ADDRESS}),
            }
        )
        for one in day.visits
    )
    return day.model_copy(update={"visits": visits})


def keys_of(service: Service) -> dict[str, str]:
    """Make a key of every role, and some with another region or technician."""
    now = service.now()
    wanted: dict[str, dict[str, Any]] = {
        "viewer": {},
        "planner": {},
        "dispatcher": {},
        "admin": {},
        "technician": {"technician": "T1"},
        "other_technician": {"role": "technician", "technician": "T2"},
        "north_dispatcher": {"role": "dispatcher", "regions": (REGION,)},
        "south_dispatcher": {"role": "dispatcher", "regions": ("south",)},
        "north_viewer": {"role": "viewer", "regions": (REGION,)},
        "north_planner": {"role": "planner", "regions": (REGION,)},
        "both_dispatcher": {"role": "dispatcher", "regions": (REGION, "south")},
        "south_viewer": {"role": "viewer", "regions": ("south",)},
        "south_planner": {"role": "planner", "regions": ("south",)},
        "south_technician": {"role": "technician", "technician": "T1", "regions": ("south",)},
    }
    tokens = {}
    for name, fields in wanted.items():
        role = Role(fields.pop("role", name))
        _, tokens[name] = service.access.make_key(
            name, role.value, at=now, expires_at=now + timedelta(days=1), by="tests",
            request_id=f"key-{name}", **fields,
        )  # fmt: skip
    return tokens


@contextmanager
def serving(
    url: str, options: Options | None = None, *, background: bool = False
) -> Iterator[Served]:
    """Serve the store at a URL; travel is that of the grid town."""
    clock = Clock()
    chosen = options or Options(improve_s=0)
    service = Service(open_store(url, KINDS), Sealer(SECRET), chosen, clock)
    service._travel = GridTown()
    service.searcher = Searcher(PATIENCE_S)
    app = make_app(service, background=background, plugins=())
    try:
        with TestClient(app, raise_server_exceptions=False) as client:
            yield Served(service, client, keys_of(service), clock)
    finally:
        service.close()


def new_store(folder: Path, name: str = "store.db") -> str:
    """Make an empty store in a folder."""
    from dispatch.adapters.store import migrate_store

    url = str(folder / name)
    migrate_store(url)
    return url


__all__ = ["CANARIES", "Clock", "Served", "holds_no_canary", "new_store", "serving"]
