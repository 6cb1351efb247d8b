"""Days somebody looks at are kept ready; what fails is counted and forgotten."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import pytest

from dispatch.api.metrics import Metrics
from dispatch.api.readiness import LONGEST_S, QUIET_S, WATCHED_S, Readiness
from dispatch.errors import Fault, StoreError
from tests.services import Clock, Served
from tests.waiting import PATIENCE_S, wait_until

SOON = QUIET_S + 0.01


class Kit:
    """A readiness whose thread does not run, and the days it made ready."""

    def __init__(self) -> None:
        self.made: list[str] = []
        self.clock, self.metrics = Clock(), Metrics()
        self.readiness = Readiness(self.prepare, self.clock, self.metrics)

    def prepare(self, day: str) -> None:
        self.made.append(day)
        if day == "broken":
            raise ValueError("no way")
        if day == "no plan":
            raise StoreError([Fault("S2005", "day", "no plan", "a plan", "")])

    def due(self, after_s: float = SOON) -> str | None:
        return self.readiness.next_due(time.monotonic() + after_s)

    def count(self, outcome: str) -> float:
        return self.metrics.ready.labels(outcome)._value.get()


def test_a_day_is_made_ready_once_after_each_event_and_each_minute() -> None:
    kit = Kit()
    kit.readiness.look("monday")
    assert [kit.due(), kit.due()] == ["monday", None]
    kit.readiness.look("monday")  # looking again changes nothing
    assert kit.due() is None
    kit.readiness.touch(["monday", "a day nobody looks at"])
    assert [kit.due(), kit.due()] == ["monday", None]
    kit.clock.move(minutes=1)
    assert [kit.due(), kit.due()] == ["monday", None]


def test_events_that_come_together_are_waited_for_but_not_forever() -> None:
    kit = Kit()
    kit.readiness.look("monday")
    known = kit.readiness._days["monday"]
    soon = known.last + QUIET_S / 2
    assert kit.readiness.next_due(soon) is None
    known.first = known.last - LONGEST_S
    assert kit.readiness.next_due(soon) == "monday"


def test_a_day_nobody_looks_at_any_more_is_left_alone() -> None:
    kit = Kit()
    kit.readiness.look("monday")
    assert kit.due(WATCHED_S + 1) is None
    kit.readiness.touch(["monday"])
    assert kit.due() is None


@pytest.mark.parametrize("day", ["broken", "no plan"])
def test_a_day_that_cannot_be_made_ready_is_counted_and_ends_nothing(
    day: str, caplog: pytest.LogCaptureFixture
) -> None:
    kit = Kit()
    kit.readiness.look(day)
    kit.readiness.start()
    try:
        wait_until(lambda: kit.count("failed") == 1, "a failure")
        kit.readiness.look("monday")
        wait_until(lambda: kit.count("done") == 1, "a day made ready")
    finally:
        kit.readiness.stop()
        kit.readiness.join(PATIENCE_S)
    assert kit.made == [day, "monday"]
    assert (kit.count("failed"), kit.count("done")) == (1, 1)
    assert "not ready" in caplog.text
    assert not kit.readiness.is_alive()


def test_who_looks_at_the_board_finds_the_day_ready(served: Served) -> None:
    served.get("/days/tiny/board")
    readiness = served.service.readiness
    day = readiness.next_due(time.monotonic() + SOON)
    assert day == "tiny"
    readiness.make_ready(day)
    view = served.service.desk.view("tiny")
    assert view.prepared(divert=True) is view._prepared[True]
    served.clock.at += timedelta(minutes=1)
    # Another minute is another view, which is not ready yet.
    assert not served.service.desk.view("tiny")._prepared


def urgent(served: Served) -> dict[str, object]:
    """Return the row of an emergency that has just come in."""
    return {
        "id": "E1", "place": {"lon": 121.02, "lat": 31.01}, "service_s": 1800,
        "priority": "emergency", "received_at": served.clock().isoformat(),
    }  # fmt: skip


def test_better_ways_are_looked_for_without_being_asked_twice(served: Served) -> None:
    ask = {"visit": urgent(served), "improve_s": 0.2}
    offer = served.post("/days/tiny/emergencies", ask, "dispatcher").json()
    path = f"/days/tiny/emergencies/{offer['id']}"
    assert offer["search"] == "running"
    now = served.when_over(path, "dispatcher", "search")
    assert now["search"] == "done"
    # What was offered first stays as it was, whatever was found.
    assert now["options"] == offer["options"]
    if now["better"] is not None:
        better = served.get(f"/days/tiny/emergencies/{now['better']}", "dispatcher").json()
        assert better["options"] != offer["options"]
    silent = served.post("/days/tiny/emergencies", {"visit": urgent(served)}, "dispatcher").json()
    assert (silent["search"], silent["better"]) == ("none", None)


def test_a_search_for_better_ways_that_breaks_is_said_to_have_failed(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(served.service.desk, "improve", broken)
    ask = {"visit": urgent(served), "improve_s": 0.2}
    offer = served.post("/days/tiny/emergencies", ask, "dispatcher").json()
    now = served.when_over(f"/days/tiny/emergencies/{offer['id']}", "dispatcher", "search")
    assert (now["search"], [one["code"] for one in now["faults"]]) == ("failed", ["A1013"])
    assert now["options"] == offer["options"]


def test_a_question_does_not_queue_a_search_that_would_come_too_late(served: Served) -> None:
    held = threading.Event()

    def wait() -> None:
        held.wait()

    for _ in range(2):
        served.service.improving.begin(wait)
    ask = {"visit": urgent(served), "improve_s": 1}
    try:
        offer = served.post("/days/tiny/emergencies", ask, "dispatcher")
    finally:
        held.set()
    assert offer.json()["options"]
    assert offer.json()["search"] == "none"
