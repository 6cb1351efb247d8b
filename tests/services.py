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
from dispatch.domain import Customer, Day
from dispatch.live.kinds import KINDS
from tests.days import GridTown, at
from tests.live_days import live_day, live_plan

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

    def open_live_day(self) -> None:
        """Bring the live day, customers and all, and its plan in force."""
        self.send_day(canary_day(), params={"region": REGION})

        def publish(writer: Any) -> None:
            writer.revise("tiny", expected=1, reason="plan", plan=live_plan())

        from dispatch.live.store import Request

        moment = self.clock()
        request = Request(id="plan-of-tests", by="tests", at=moment, content="plan")
        self.service.store.execute(request, publish)


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
    service = Service(open_store(url, KINDS), Sealer(SECRET), options or Options(), clock)
    service._travel = GridTown()
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
