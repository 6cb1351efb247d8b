"""Workers: each claims a job, runs its search in a process of its own, and publishes the plan.

Killed at any point, nothing is lost or done twice: the lease runs out and another worker claims the
job, the checkpoint is in the database, and the plan becomes a version under the job's request id,
which has one outcome. The search's process ends with its worker.
"""

from __future__ import annotations

import json
import logging
import os
import socket
import threading
import time
from collections.abc import Mapping
from typing import Any

from dispatch.adapters.queue import MAX_ATTEMPTS, Job
from dispatch.adapters.queue_codes import queue_fault
from dispatch.adapters.secrets import new_id
from dispatch.api.child import Child
from dispatch.api.context import Service
from dispatch.domain import DayPlan
from dispatch.errors import Conflict, StoreError
from dispatch.live.store import Request, Writer
from dispatch.service.live_days import stale

BEAT_S = 2.0
IDLE_S = 0.3
_LOG = logging.getLogger("servicenet.worker")


class Worker(threading.Thread):
    """One worker of a service.

    Parameters
    ----------
    service
        Whose jobs.
    """

    def __init__(self, service: Service) -> None:
        super().__init__(name="servicenet-worker", daemon=True)
        self._service = service
        self._end = threading.Event()
        self._beat_s = min(BEAT_S, service.options.limits.lease_s / 5)
        self.owner = f"{socket.gethostname()[:40]}:{os.getpid()}:{new_id()[:8]}"

    def stop(self) -> None:
        """End after the piece of work at hand; a running search is left to the next worker."""
        self._end.set()

    def run(self) -> None:
        """Claim and work until stopped; a store that cannot be reached is asked again.

        A job that fails by our mistake is claimed again when its lease runs out, and given up after
        some attempts.
        """
        while not self._end.is_set():
            try:
                if not self.work_once():
                    self._end.wait(IDLE_S)
            except StoreError as error:
                codes = [fault.code for fault in error.faults]
                _LOG.warning("store", extra={"fields": {"codes": codes}})
                self._end.wait(BEAT_S)
            except Exception:  # noqa: BLE001 - one job must not end the others; logged
                _LOG.exception("job")
                self._end.wait(BEAT_S)

    def work_once(self) -> bool:
        """Claim one job and do it; False if there is none."""
        service = self._service
        if not service.queue.has_work(service.now()):
            return False
        mine = service.queue.claim(self.owner, service.now())
        if mine is None:
            return False
        _LOG.info("claimed", extra={"fields": {"job": mine.id, "attempt": mine.attempt}})
        if not mine.complete and not self._search(mine):
            return True
        publish(service, mine)
        return True

    def _search(self, mine: Job) -> bool:
        """Run the search; False if the job ended or is somebody else's by now."""
        service = self._service
        if mine.attempt > MAX_ATTEMPTS:
            _fail(service, mine, queue_fault("dies", f"{MAX_ATTEMPTS} attempts").as_dict())
            return False
        try:
            child = JobChild(service, mine)
        except StoreError as error:
            _fail(service, mine, error.faults[0].as_dict())
            return False
        try:
            return self._follow(mine, child)
        finally:
            child.end()

    def _follow(self, mine: Job, child: JobChild) -> bool:
        service, limits = self._service, self._service.options.limits
        deadline = time.monotonic() + float(mine.ask["seconds"]) + limits.grace_s
        next_beat, figures = 0.0, dict(mine.progress)
        while not self._end.is_set():
            for message in child.messages(self._beat_s / 5):
                if "faults" in message:
                    _fail(service, mine, message["faults"][0])
                    return False
                if "plan" in message and not self._keep(mine, child, message):
                    return False
                if message.get("complete"):
                    return True
                figures.update(message.get("progress", {}))
            moment = time.monotonic()
            if moment >= next_beat:
                next_beat = moment + self._beat_s
                asked = service.queue.beat(mine, service.now(), figures)
                if asked is None:
                    return False
                if asked:
                    child.ask_stop()
            if moment > deadline or child.is_over:
                name = "deadline" if moment > deadline else "child"
                return self._without_end(mine, child, name)
        return False

    def _keep(self, mine: Job, child: JobChild, message: Mapping[str, Any]) -> bool:
        plan = DayPlan.model_validate(message["plan"])
        if child.best is None:
            child.best = self._service.queue.find_best(mine.id)
        complete = bool(message["complete"])
        # A new attempt begins anew; until it is better, the plan of the last attempt is kept.
        known = child.best
        if known is not None and known.cost.total < plan.cost.total:
            plan = known
        child.best = plan
        return self._service.queue.checkpoint(mine, plan, complete=complete)

    def _without_end(self, mine: Job, child: JobChild, name: str) -> bool:
        """Go on with the best plan where a search did not end in order; fail without one."""
        child.end()
        best = self._service.queue.find_best(mine.id)
        if best is not None:
            return self._service.queue.checkpoint(mine, best, complete=True)
        _fail(self._service, mine, queue_fault(name, f"job {mine.id}").as_dict())
        return False


class JobChild(Child):
    """The process of one search.

    Parameters
    ----------
    service, mine
        The job, and where its day is.

    Attributes
    ----------
    best
        Best plan of the job as far as this worker knows.

    Raises
    ------
    StoreError
        S2001, S2004: the day or version is not in the store.
    """

    def __init__(self, service: Service, mine: Job) -> None:
        with service.store.read() as reader:
            day = reader.get_document(mine.day, mine.ask["version"])
        roads = service.options.roads
        search = {
            "seconds": mine.ask["seconds"], "seed": mine.ask["seed"],
            "max_iterations": mine.ask.get("max_iterations"), "threads": service.options.lanes,
        }  # fmt: skip
        ask = {
            "day": day.model_dump(mode="json"), "search": search,
            "roads": None if roads is None else str(roads.resolve()),
        }  # fmt: skip
        super().__init__("dispatch.api.solve_child")
        self.best: DayPlan | None = None
        self.say(json.dumps(ask))

    def ask_stop(self) -> None:
        """Ask for the best plan so far."""
        self.say("stop")


def publish(service: Service, mine: Job) -> None:
    """Put the plan of a job in force, once, if the day is still in the version it was made for."""
    plan = service.queue.find_best(mine.id)
    if plan is None or not mine.ask.get("publish", True):
        service.queue.finish(mine, service.now())
        return

    def revise(writer: Writer) -> None:
        ask = mine.ask
        for event in writer.events(mine.day, after=ask["sequence"], limit=1):
            # A fact makes no version, but a plan that does not know of it would be wrong.
            raise stale(event, ask["sequence"])
        writer.revise(mine.day, expected=ask["version"], reason=ask["reason"], plan=plan)

    request = Request(id=f"job-{mine.id}", by=mine.by, at=service.day_now(), content=mine.id)
    try:
        receipt = service.store.execute(request, revise)
    except Conflict as error:
        service.queue.finish(mine, service.now(), fault=error.faults[0].as_dict())
        return
    revision = getattr(receipt.events[0].what, "revision", None)
    service.queue.finish(mine, service.now(), version=getattr(revision, "version", None))


def _fail(service: Service, mine: Job, fault: Mapping[str, Any]) -> None:
    _LOG.warning("failed", extra={"fields": {"job": mine.id, "code": fault.get("code", "")}})
    service.queue.finish(mine, service.now(), fault=fault, failed=True)
