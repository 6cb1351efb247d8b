"""The server killed under load: what it acknowledged is kept, what is sent again happens once."""

from __future__ import annotations

import http.client
import json
import os
import random
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from datetime import timedelta

import pytest

from dispatch.adapters.store import open_store
from dispatch.live.kinds import KINDS
from dispatch.live.store import Request
from tests.docs_pages import ROOT
from tests.killed_service import service_at
from tests.live_days import live_day, live_plan
from tests.stores import POSTGRES, SQLITE, Place

WRITERS = 4


@pytest.fixture(params=[SQLITE, POSTGRES])
def url(request: pytest.FixtureRequest) -> str:
    place: Place = request.getfixturevalue(f"{request.param}_place")
    return place.new_store()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def begin(url: str, port: int, key: str) -> subprocess.Popen[bytes]:
    words = ["serve", "--store", url, "--port", str(port), "--key-file", key]
    server = subprocess.Popen(
        [sys.executable, "-m", "dispatch.cli", *words], cwd=ROOT, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    for _ in range(1200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            assert server.poll() is None, "the server ended"
            time.sleep(0.05)
        else:
            return server
    raise AssertionError("the server does not answer")


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
                line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
                line.request("POST", "/days/tiny/events", json.dumps({"what": fact}), headers)
                answer = line.getresponse()
                body = answer.read()
                line.close()
            except (OSError, http.client.HTTPException):
                if self.ended.is_set():
                    return None
                self.asked_again += 1
                time.sleep(0.05)
                continue
            if answer.status != 201:
                self.wrong.append((answer.status, body))
                return None
            return int(json.loads(body)["events"][0]["sequence"])


def prepared(url: str, key: str) -> str:
    """Bring the live day and return a dispatcher's token."""
    from dispatch.adapters.secrets import open_key
    from dispatch.adapters.secrets_access import Access

    open_key(key)
    store = open_store(url, KINDS)
    now = service_at(url).now()

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
    url: str, tmp_path, soak: bool
) -> None:
    from pathlib import Path

    if not soak and "postgresql" in url:
        pytest.skip("on the other database: run with --soak")
    kills = 100 if soak else 1
    key = tmp_path / "key"
    token = prepared(url, Path(key))
    port, chance = free_port(), random.Random(5)  # noqa: S311 - moments to kill at
    server = begin(url, port, str(key))
    writers = [Writer(port, token, f"w{number}") for number in range(WRITERS)]
    for one in writers:
        one.start()
    for _ in range(kills):
        at_work(writers)
        time.sleep(chance.uniform(0.0, 0.3))
        server.kill()
        server.wait()
        server = begin(url, port, str(key))
    at_work(writers)
    for one in writers:
        one.ended.set()
    for one in writers:
        one.join(60)
    server.kill()
    server.wait()
    check(url, writers)


def at_work(writers: list[Writer]) -> None:
    """Wait until each of them was answered a few times more."""
    known = [len(one.acknowledged) for one in writers]
    end = time.monotonic() + 60
    while any(len(one.acknowledged) < n + 3 for one, n in zip(writers, known, strict=True)):
        assert time.monotonic() < end, [one.wrong for one in writers]
        time.sleep(0.01)


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
