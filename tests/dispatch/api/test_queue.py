"""The queue of searches: leases, fencing, stopping, and workers that are killed at any moment."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from dispatch.adapters.queue import MAX_ATTEMPTS, JobQueue
from dispatch.adapters.store import open_store
from dispatch.api.worker import Worker, publish
from dispatch.domain.event import DayRevised
from dispatch.errors import StoreError
from dispatch.live.kinds import KINDS
from dispatch.live.store import Request
from tests.days import outlet, technician, tiny_day, visit
from tests.forked import Forked, forked
from tests.killed_service import service_at
from tests.live_days import live_plan
from tests.services import Served
from tests.stores import NOW, POSTGRES, SQLITE, Place
from tests.waiting import PATIENCE_S, wait_until


@pytest.fixture(params=[SQLITE, POSTGRES])
def url(request: pytest.FixtureRequest) -> str:
    place: Place = request.getfixturevalue(f"{request.param}_place")
    return place.new_store()


@pytest.fixture
def jobs(url: str) -> Iterator[JobQueue]:
    store = open_store(url, KINDS)
    yield JobQueue(store.engine, limit=5)
    store.close()


def put(jobs: JobQueue, name: str = "r1"):
    ask = {"seconds": 1.0, "version": 1}
    return jobs.put("tiny", ask, by="li", request=(name, "d" * 64), at=NOW)[0]


def test_a_job_is_claimed_by_one_worker_oldest_first(jobs: JobQueue) -> None:
    first = put(jobs, "a")
    second = jobs.put("tiny", {}, by="li", request=("b", "x"), at=NOW + timedelta(seconds=1))[0]
    claimed = [jobs.claim(owner, NOW) for owner in ("w1", "w2", "w3")]
    assert [one and one.id for one in claimed] == [first.id, second.id, None]


def test_a_job_whose_worker_is_silent_is_claimed_again_and_the_first_is_fenced_off(
    jobs: JobQueue,
) -> None:
    put(jobs)
    first = jobs.claim("w1", NOW)
    assert first is not None
    assert jobs.beat(first, NOW + timedelta(seconds=10), {}) is False
    assert jobs.claim("w2", NOW + timedelta(seconds=20)) is None  # 10 + 15 > 20
    second = jobs.claim("w2", NOW + timedelta(seconds=26))
    assert second is not None
    assert (second.id, second.attempt) == (first.id, 2)
    assert jobs.beat(first, NOW, {}) is None
    assert not jobs.checkpoint(first, live_plan(), complete=True)
    assert not jobs.finish(first, NOW)
    assert jobs.checkpoint(second, live_plan(), complete=True)
    assert jobs.finish(second, NOW, version=2)
    assert jobs.get(first.id).version == 2
    assert jobs.claim("w3", NOW + timedelta(days=1)) is None


def test_the_request_id_of_a_job_has_one_outcome(jobs: JobQueue) -> None:
    assert put(jobs, "a").id == put(jobs, "a").id
    with pytest.raises(StoreError, match="S2007"):
        jobs.put("tiny", {}, by="li", request=("a", "another"), at=NOW)


def test_a_checkpoint_is_read_as_it_was_written(jobs: JobQueue) -> None:
    put(jobs)
    mine = jobs.claim("w1", NOW)
    assert mine is not None
    assert jobs.find_best(mine.id) is None
    jobs.checkpoint(mine, live_plan(), complete=False)
    assert jobs.find_best(mine.id) == live_plan()


def test_who_runs_is_told_that_somebody_wants_an_end(jobs: JobQueue) -> None:
    put(jobs)
    mine = jobs.claim("w1", NOW)
    assert mine is not None
    assert jobs.ask_stop(mine.id, NOW).state == "running"
    assert jobs.beat(mine, NOW, {}) is True


def test_a_job_that_kills_its_workers_is_given_up(served: Served) -> None:
    name = served.post("/days/tiny/plans", {"seconds": 1}).json()["id"]
    queue = served.service.queue
    for attempt in range(MAX_ATTEMPTS):
        assert queue.claim(f"w{attempt}", served.clock()) is not None
        served.clock.move(seconds=60)
    assert Worker(served.service).work_once()
    job = queue.get(name)
    assert job.state == "failed"
    assert job.fault is not None
    assert job.fault["code"] == "A2104"


def test_a_worker_outlives_a_job_that_fails_by_our_mistake(
    served: Served, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    worker, asked = Worker(served.service), []

    def work_once() -> bool:
        asked.append(len(asked))
        if len(asked) == 1:
            raise ZeroDivisionError
        worker.stop()
        return True

    monkeypatch.setattr("dispatch.api.worker.BEAT_S", 0.0)
    monkeypatch.setattr(worker, "work_once", work_once)
    worker.run()
    assert asked == [0, 1]
    assert "ZeroDivisionError" in caplog.text


def test_a_running_search_that_is_stopped_keeps_its_best_plan(served: Served) -> None:
    import threading

    name = served.post("/days/tiny/plans", {"seconds": 600, "publish": False}).json()["id"]
    worker = threading.Thread(target=Worker(served.service).work_once)
    worker.start()
    wait_until(lambda: served.service.queue.find_best(name) is not None, "a plan")
    served.ask("DELETE", f"/days/tiny/plans/{name}")
    worker.join(PATIENCE_S)
    found = served.get(f"/days/tiny/plans/{name}").json()
    assert found["job"]["state"] == "done"
    assert found["plan"] is not None
    assert found["job"]["version"] is None


def test_publishing_twice_puts_one_plan_in_force(served: Served) -> None:
    body = {"seconds": 1, "max_iterations": 1}
    name = served.post("/days/tiny/plans", body).json()["id"]
    queue = served.service.queue
    mine = queue.claim("w1", served.clock())
    assert mine is not None
    queue.checkpoint(mine, live_plan(), complete=True)
    publish(served.service, mine)
    # The worker died before it wrote that it was done; another one has the job now.
    publish(served.service, mine)
    assert len(served.get("/days/tiny/versions").json()["items"]) == 3
    assert queue.get(name).version == 3


def children_of(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children")
    threads = Path(f"/proc/{pid}/task")
    if not threads.exists():
        return []
    return [
        int(word) for task in threads.iterdir() for word in (task / found.name).read_text().split()
    ]


def is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    state = Path(f"/proc/{pid}/stat")
    return state.exists() and state.read_text().rpartition(")")[2].split()[0] == "Z"


@pytest.mark.parametrize("victim", ["worker", "search"])
def test_killed_at_any_moment_a_search_ends_once(url: str, victim: str, soak: bool) -> None:
    if not soak and ("postgresql" in url) is (victim == "worker"):
        pytest.skip("the other two pairs of database and victim: run with --soak")
    chance = random.Random(7)  # noqa: S311 - moments to kill at, no secrets
    service = service_at(url)
    day = tiny_day([visit("V1", 1), visit("V2", 2)], [technician("T1")], [outlet()])
    store = service.store
    store.execute(Request(id="open", by="li", at=service.now(), content=""),
                  lambda writer: _open(writer, day))  # fmt: skip
    with forked("tests.killed_service", url) as worker:
        for number in range(25 if soak else 1):
            _one_search(worker, service, number, (chance, victim, 2 if soak else 1))
    with store.read() as reader:
        kinds = [event.what for event in reader.events("tiny")]
    assert sum(isinstance(what, DayRevised) for what in kinds) == _version(service) - 1
    assert store.check_log() == ()
    service.close()


def _one_search(worker: Forked, service, number: int, how) -> None:
    """Ask for a search, kill, and see that it ends once."""
    chance, victim, kills = how
    version = _version(service)
    with service.store.read() as reader:
        sequence = reader.head().sequence
    ask = {"seconds": 1.0, "seed": 1, "version": version, "reason": "plan", "publish": True,
           "sequence": sequence}  # fmt: skip
    job, _ = service.queue.put("tiny", ask, by="li", request=(f"r{number}", "d"),
                               at=service.now())  # fmt: skip
    for _ in range(kills):
        pid = worker.begin()
        time.sleep(chance.uniform(0.0, 2.0))
        searches = children_of(pid)
        if victim == "search":
            for search in searches:
                os.kill(search, signal.SIGKILL)
            time.sleep(0.2)
        worker.kill()
        wait_until(lambda found=searches: all(is_gone(pid) for pid in found), "the end of searches")
    worker.begin()
    wait_until(lambda name=job.id: service.queue.get(name).state in {"done", "failed"}, "an end")
    worker.kill()
    done = service.queue.get(job.id)
    assert done.state == "done" or victim == "search", done
    published = 1 if done.version is not None else 0
    assert _version(service) == version + published
    assert published == 1 or victim == "search"


def _open(writer, day) -> None:
    writer.open_day(day)


def _version(service) -> int:
    with service.store.read() as reader:
        return reader.get_day("tiny").version
