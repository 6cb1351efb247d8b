"""Searches for better ways run in a process of their own, which may be killed at any moment."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from dispatch.api.child import Child
from dispatch.api.searcher import MODULE, NoAnswer, Searcher
from dispatch.domain import Visit
from dispatch.service.improvement import Improvement, search_improvement
from dispatch.service.options import Option
from solver.stop import MaxIterations
from tests.days import at, visit
from tests.desks import DeskKit
from tests.services import Served
from tests.waiting import PATIENCE_S, wait_until

LONG_S = 1.1 * PATIENCE_S
URGENT = {"id": "E1", "place": {"lon": 121.02, "lat": 31.01}, "service_s": 1800,
          "priority": "emergency"}  # fmt: skip


@pytest.fixture
def searcher() -> Iterator[Searcher]:
    """A searcher that is closed at the end."""
    made = Searcher(PATIENCE_S)
    yield made
    made.close()


def kill_when_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Kill the next process that is told what to search, once it was told."""

    def say(child: Child, line: str) -> Child:
        monkeypatch.undo()
        child.say(line)
        os.kill(child.process.pid, signal.SIGKILL)
        return child

    monkeypatch.setattr(Child, "say", say)


def asked_of(kit: DeskKit) -> Improvement:
    """Return what the desk would have searched for an emergency at eight."""
    kit.watch.set("08:00")
    urgent = visit("E1", 1, 1, priority="emergency").model_copy(update={"received_at": at("08:00")})
    kept: list[Improvement] = []

    def keep(asked: Improvement) -> Option | None:
        kept.append(asked)
        return None

    offered = kit.desk.emergency("tiny", Visit.model_validate(urgent))
    kit.desk.improve("tiny", offered, search=keep)
    return kept[0]


def test_another_process_finds_what_a_search_here_finds(searcher: Searcher) -> None:
    asked = asked_of(DeskKit())
    read = Improvement.model_validate_json(asked.model_dump_json())
    here = search_improvement(read, MaxIterations(2000), 0)
    there = searcher.search(asked, 1.0)
    assert here is not None
    assert there is not None
    # A day of seven visits: both find the best.
    assert there.price.total == here.price.total
    assert read == asked


def test_one_process_serves_many_searches_and_one_killed_idle_is_replaced(
    searcher: Searcher,
) -> None:
    asked = asked_of(DeskKit())
    assert searcher.search(asked, 0.1) is not None
    pid = searcher.pid
    assert pid is not None
    assert searcher.search(asked, 0.1) is not None
    assert searcher.pid == pid
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: searcher.pid != pid, "the end of the process")
    assert searcher.search(asked, 0.1) is not None
    assert searcher.pid not in {None, pid}


def test_a_process_killed_while_it_searches_is_said_and_the_next_search_works(
    searcher: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = asked_of(DeskKit())
    searcher.search(asked, 0.1)
    kill_when_asked(monkeypatch)
    with pytest.raises(NoAnswer) as caught:
        searcher.search(asked, LONG_S)
    assert caught.value.faults[0].code == "A2106"
    assert searcher.search(asked, 0.1) is not None


def test_a_process_that_stands_still_is_killed_at_its_deadline() -> None:
    searcher = Searcher(grace_s=0.4)
    slow = Searcher(PATIENCE_S)
    try:
        asked = asked_of(DeskKit())
        searcher._child = slow._ready()
        slow.search(asked, 0.1)  # it is up
        os.kill(searcher._child.process.pid, signal.SIGSTOP)
        with pytest.raises(NoAnswer) as caught:
            searcher.search(asked, 0.1)
        assert caught.value.faults[0].code == "A2105"
        assert searcher.pid is None
    finally:
        slow.close()


def test_a_process_ends_with_its_parent_in_the_middle_of_a_search() -> None:
    child = Child(MODULE)
    asked = asked_of(DeskKit())
    child.say(f'{{"seconds": {LONG_S}, "asked": {asked.model_dump_json()}}}')
    assert child.process.stdin is not None
    child.process.stdin.close()
    # The search alone would take longer.
    assert child.process.wait(PATIENCE_S) == 0
    child.end()


def test_a_line_its_end_cut_short_was_not_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = '{"found": 1}\\n{"found": 2'
    (tmp_path / "cut_short.py").write_text(f"print('{told}', end='')\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    child, heard = Child("cut_short"), []
    while not child.is_over:
        heard += child.messages(0.05)
    child.end()
    assert heard == [{"found": 1}]


def test_where_the_search_dies_the_offer_stays_and_says_so(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = {**URGENT, "received_at": served.clock().isoformat()}
    offer = served.post("/days/tiny/emergencies", {"visit": ask}, "dispatcher").json()
    kill_when_asked(monkeypatch)
    path = f"/days/tiny/emergencies/{offer['id']}/improve"
    now = served.post(path, {"seconds": 10}, "dispatcher").json()
    assert now["search"] == "failed"
    assert now["faults"][0]["code"] == "A2106"
    assert now["options"] == offer["options"]
