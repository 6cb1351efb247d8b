"""The server killed under load: what it acknowledged is kept, what is sent again happens once."""

from __future__ import annotations

import json
import random
import threading
import time
from collections import Counter
from contextlib import closing
from datetime import timedelta
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import pytest

from dispatch.adapters.store import open_store
from dispatch.api.context import utc_now
from dispatch.live.kinds import KINDS
from dispatch.live.store import Request
from scenarios.bench.ports import Ports
from tests.forked import forked
from tests.live_days import live_day, live_plan
from tests.stores import POSTGRES, SQLITE, Place
from tests.waiting import PATIENCE_S, wait_until

WRITERS = 4


@pytest.fixture(params=[SQLITE, POSTGRES])
def url(request: pytest.FixtureRequest) -> str:
    place: Place = request.getfixturevalue(f"{request.param}_place")
    return place.new_store()


class Writer(threading.Thread):
    """Records news, each under a key of its own; asks again until there is an answer."""

    def __init__(self, port: int, token: str, name: str) -> None:
        super().__init__(daemon=True)
        self.port, self.token, self.label = port, token, name
        self.ended = threading.Event()
        self.acknowledged: dict[str, int] = {}
        self.asked_again = 0
        self.wrong: list[tuple[int, bytes]] = []

    def run(self) -> None:
        number = 0
        while not self.ended.is_set() or number == 0:
            key, number = f"{self.label}-{number}", number + 1
            answer = self.send(key)
            if answer is not None:
                self.acknowledged[key] = answer

    def send(self, key: str) -> int | None:
        """Return the sequence of the event; None where the end came before an answer."""
        fact = {"kind": "technician_seen", "happened_at": "2026-03-02T08:00:00+08:00",
                "technician": "T1", "place": {"lon": 121.0, "lat": 31.0}}  # fmt: skip
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": key,
                   "Content-Type": "application/json"}  # fmt: skip
        while True:
            try:
                with closing(HTTPConnection("127.0.0.1", self.port, timeout=30)) as line:
                    line.request("POST", "/days/tiny/events", json.dumps({"what": fact}), headers)
                    answer = line.getresponse()
                    body = answer.read()
            except (OSError, HTTPException):
                if self.ended.is_set():
                    return None
                self.asked_again += 1
                time.sleep(0.05)
                continue
            if answer.status == 503:  # the store is busy: the same may be sent again
                continue
            if answer.status != 201:
                self.wrong.append((answer.status, body))
                return None
            return int(json.loads(body)["events"][0]["sequence"])


def prepared(url: str, key: Path) -> str:
    """Bring the live day and return a dispatcher's token."""
    from dispatch.adapters.secrets import open_key
    from dispatch.adapters.secrets_access import Access

    open_key(key)
    store = open_store(url, KINDS)
    now = utc_now()

    def work(writer) -> None:
        writer.open_day(live_day())
        writer.revise("tiny", expected=1, reason="plan", plan=live_plan())

    store.execute(Request(id="open", by="li", at=now, content=""), work)
    _, token = Access(store.engine).make_key(
        "li", "dispatcher", at=now, expires_at=now + timedelta(days=1), by="tests",
        request_id="key",
    )  # fmt: skip
    store.close()
    return token


def test_a_killed_server_loses_nothing_it_acknowledged_and_repeats_nothing(
    url: str, tmp_path, ports: Ports, soak: bool
) -> None:
    if not soak and "postgresql" in url:
        pytest.skip("on the other database: run with --soak")
    kills = 100 if soak else 1
    key = tmp_path / "key"
    token = prepared(url, key)
    port, chance = ports.free(), random.Random(5)  # noqa: S311 - moments to kill at
    words = ("--store", url, "--port", str(port), "--key-file", str(key))
    writers = [Writer(port, token, f"w{number}") for number in range(WRITERS)]
    with forked("tests.killed_server", *words) as server:
        server.begin()
        for one in writers:
            one.start()
        for _ in range(kills):
            at_work(writers)
            # Any moment of any request; the result must not depend on which one.
            time.sleep(chance.uniform(0.0, 0.3))
            server.kill()
            server.begin()
        at_work(writers)
        for one in writers:
            one.ended.set()
        for one in writers:
            one.join(PATIENCE_S)
    check(url, writers)


def at_work(writers: list[Writer]) -> None:
    """Wait until each of them was answered a few times more."""
    wanted = [len(one.acknowledged) + 3 for one in writers]
    wait_until(
        lambda: all(len(one.acknowledged) >= n for one, n in zip(writers, wanted, strict=True)),
        "an answer",
    )


def check(url: str, writers: list[Writer]) -> None:
    store = open_store(url, KINDS)
    with store.read() as reader:
        events = list(reader.events("tiny"))
    assert store.check_log() == ()
    store.close()
    assert [one.wrong for one in writers] == [[]] * len(writers)
    acknowledged = [sequence for one in writers for sequence in one.acknowledged.values()]
    assert len(acknowledged) > len(writers)
    assert sum(one.asked_again for one in writers) > 0  # some were interrupted
    seen = {event.sequence for event in events if event.what.kind == "technician_seen"}
    assert set(acknowledged) <= seen
    assert max(Counter(acknowledged).values()) == 1
    per_request = Counter(event.request_id for event in events if event.sequence in seen)
    assert max(per_request.values()) == 1
