"""The event log as a stream: nothing lost, nothing twice, one reader for all."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from dispatch.adapters.store import open_store
from dispatch.api import hub as hub_module
from dispatch.api.hub import EventHub
from dispatch.api.metrics import Metrics
from dispatch.api.routes_stream import _lines, visible
from dispatch.live.kinds import KINDS
from dispatch.live.store import Request
from tests.days import at, tiny_day
from tests.services import Served
from tests.stores import NOW, SqlitePlace
from tests.waiting import PATIENCE_S


@pytest.fixture
def hub(sqlite_place: SqlitePlace) -> Iterator[EventHub]:
    store = open_store(sqlite_place.new_store(), KINDS)
    request = Request(id="open", by="li", at=NOW, content="")
    store.execute(request, _open)
    yield EventHub(store, Metrics())
    store.close()


def _open(writer) -> None:
    writer.open_day(tiny_day())


def see(hub: EventHub, number: int) -> None:
    """Record one more event."""
    from dispatch.domain.disruption import TechnicianSeen
    from tests.days import spot

    fact = TechnicianSeen(happened_at=at("08:00"), technician="T1", place=spot(1))

    def record(writer) -> None:
        writer.record("tiny", fact)

    hub._store.execute(Request(id=f"r{number}", by="li", at=NOW, content=""), record)


async def take(hub: EventHub, after: int | None, count: int, idle_s: float = 5.0) -> list[int]:
    found: list[int] = []
    async for event in hub.follow(after, idle_s):
        if event is not None:
            found.append(event.sequence)
        if len(found) == count:
            break
    return found


def test_listeners_get_what_happens_and_what_they_missed_once_and_in_order(hub: EventHub) -> None:
    async def scene() -> tuple[list[int], ...]:
        running = asyncio.create_task(hub.run())
        await hub.begun.wait()
        live = asyncio.create_task(take(hub, None, 5))
        await asyncio.sleep(0)  # it listens from here on
        for number in range(5):
            await asyncio.to_thread(see, hub, number)
        first = await live
        again = await take(hub, 3, 3)  # a reconnect that knows up to 3
        whole = await take(hub, 0, 6)
        await hub.stop()
        await running
        return first, again, whole

    first, again, whole = asyncio.run(scene())
    assert first == [2, 3, 4, 5, 6]
    assert again == [4, 5, 6]
    assert whole == [1, 2, 3, 4, 5, 6]
    assert hub.listeners == 0


def test_who_listens_before_the_log_was_looked_at_hears_what_it_has(hub: EventHub) -> None:
    async def scene() -> list[int]:
        early = asyncio.create_task(take(hub, 0, 1, idle_s=10 * PATIENCE_S))
        await asyncio.sleep(0)  # it listens from here on
        running = asyncio.create_task(hub.run())
        async with asyncio.timeout(PATIENCE_S):
            found = await early
        await hub.stop()
        await running
        return found

    assert asyncio.run(scene()) == [1]


def test_who_is_further_behind_than_memory_reads_the_log(
    hub: EventHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    from collections import deque

    hub._kept = deque(maxlen=2)
    monkeypatch.setattr(hub_module, "PAGE", 3)

    async def scene() -> list[int]:
        running = asyncio.create_task(hub.run())
        await hub.begun.wait()
        for number in range(9):
            await asyncio.to_thread(see, hub, number)
        found = await take(hub, 0, 10)
        await hub.stop()
        await running
        return found

    assert asyncio.run(scene()) == list(range(1, 11))


def test_what_memory_lacks_at_its_end_is_read_from_the_log(hub: EventHub) -> None:
    """The head may run ahead of memory: then a listener neither waits nor spins."""
    for number in range(3):
        see(hub, number)
    hub._publish(hub.read(0, 2))
    hub.head = 4

    assert asyncio.run(take(hub, 0, 4)) == [1, 2, 3, 4]


def test_where_the_log_has_less_than_was_said_a_listener_asks_once_and_waits(hub: EventHub) -> None:
    async def scene() -> list[int | None]:
        told = []
        async for event in hub.follow(0, 0.05):
            told.append(event and event.sequence)
            if event is None:
                return told
        raise AssertionError("the stream ended")

    hub.head = 7
    assert asyncio.run(scene()) == [1, None]
    assert hub.reads == 2  # one that found the day, one that found nothing behind it


def test_two_hundred_listeners_cost_the_reads_of_one(hub: EventHub) -> None:
    async def scene(listeners: int) -> int:
        running = asyncio.create_task(hub.run())
        await hub.begun.wait()
        all_of_them = [asyncio.create_task(take(hub, None, 3)) for _ in range(listeners)]
        await asyncio.sleep(0)  # they listen from here on
        before = hub.reads
        for number in range(3):
            await asyncio.to_thread(see, hub, number)
        found = await asyncio.gather(*all_of_them)
        reads = hub.reads - before
        await hub.stop()
        await running
        assert all(one == [2, 3, 4] for one in found)
        return reads

    # Looks at the log while three commands are written, however slowly; 600 if each looked itself.
    assert asyncio.run(scene(200)) < 200


def test_a_stream_says_who_changed_what_and_where_to_go_on(served: Served) -> None:
    from dispatch.api.rights import Caller, Role

    async def scene() -> list[bytes]:
        hub = EventHub(served.service.store, Metrics())
        served.service.hub = hub
        running = asyncio.create_task(hub.run())
        await hub.begun.wait()
        lines = []
        async for line in _lines(served.service, Caller("viewer:v", Role.VIEWER), "tiny", 0):
            lines.append(line)
            if len(lines) == 4:
                break
        await hub.stop()
        await running
        return lines

    retry, clock, opened, revised = asyncio.run(scene())
    assert retry == b"retry: 1000\n\n"
    moment = served.clock().isoformat()
    assert clock.decode() == f'event: clock\ndata: {{"now": "{moment}", "rate": 1.0}}\n\n'
    assert opened.startswith(b"id: 1\nevent: day_opened\ndata: {")
    assert b'"by":"tests"' in revised
    assert revised.endswith(b"\n\n")


def test_a_technician_hears_own_news_and_that_others_did_something(served: Served) -> None:
    from dispatch.api.rights import Caller, Role

    served.clock.move(hours=1)
    moment = served.clock().isoformat()
    for who in ("T1", "T2"):
        late = {"kind": "technician_sick", "happened_at": moment, "technician": who}
        assert served.post("/days/tiny/events", {"what": late}).status_code == 201
    with served.service.store.read() as reader:
        events = list(reader.events("tiny"))
    me = Caller("technician:t1", Role.TECHNICIAN, technician="T1")
    shown = [visible(event, me) for event in events]
    assert [one and one.kind for one in shown] == [
        "day_opened", "day_revised", "technician_sick", None,
    ]  # fmt: skip
    assert shown[1] is not None
    assert shown[1].by == "office"
