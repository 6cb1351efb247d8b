"""Searches for better ways in a process of their own, so that the service's own threads are free.

The process is started when it is first needed and lives on; one that died, or was too slow and was
killed for it, is replaced for the next search. It gets a document and gives one back.
"""

from __future__ import annotations

import threading
import time
from dataclasses import replace

from dispatch.adapters.queue_codes import queue_fault
from dispatch.api.child import Child
from dispatch.api.faults import ApiCode, Refused
from dispatch.api.search_child import Answer, Ask
from dispatch.errors import Fault, InvalidRequest
from dispatch.service.improvement import Improvement
from dispatch.service.options import Option

MODULE = "dispatch.api.search_child"
GRACE_S = 20.0
"""How much longer than its search a process may take: to start, to read, to get a processor."""
TURN_S = 5.0
"""How long somebody waits while others have it."""
BEAT_S = 0.2


class NoAnswer(InvalidRequest):
    """The process did not answer: A2105, A2106."""


class Searcher:
    """One process, asked by one thread at a time.

    Parameters
    ----------
    grace_s
        How much longer than its search it may take before it is killed.
    """

    def __init__(self, grace_s: float = GRACE_S) -> None:
        self._grace_s = grace_s
        self._turn = threading.Lock()
        self._child: Child | None = None

    @property
    def pid(self) -> int | None:
        """Return the process that waits or searches; None while there is none."""
        child = self._child
        return None if child is None or child.is_over else child.process.pid

    def search(self, asked: Improvement, seconds: float) -> Option | None:
        """Return what a search of some seconds finds.

        Raises
        ------
        NoAnswer
            A2105, A2106: none in time, or the process ended.
        InvalidRequest
            What the search itself raises.
        Refused
            A1019: others have it.
        """
        if not self._turn.acquire(timeout=TURN_S):
            raise Refused(ApiCode.BUSY, "searches", "too many at once", "fewer")
        try:
            return self._answer(Ask(asked=asked, seconds=seconds))
        finally:
            self._turn.release()

    def _answer(self, ask: Ask) -> Option | None:
        child, deadline = self._ready(), time.monotonic() + ask.seconds + self._grace_s
        # A process that stands still does not even read: only its end frees who speaks to it.
        watch = threading.Timer(ask.seconds + self._grace_s, child.process.kill)
        watch.daemon = True
        watch.start()
        try:
            child.say(ask.model_dump_json())
            while not child.is_over:
                for message in child.messages(BEAT_S):
                    answer = Answer.model_validate(message)
                    if answer.faults:
                        raise InvalidRequest([Fault(**one) for one in answer.faults])
                    return answer.option
        finally:
            watch.cancel()
        child.end()
        name = "child" if time.monotonic() < deadline else "deadline"
        fault = queue_fault(name, f"none for visit {ask.asked.visit}")
        raise NoAnswer([replace(fault, where="search for better ways")])

    def _ready(self) -> Child:
        if self._child is None or self._child.is_over:
            if self._child is not None:
                self._child.end()
            self._child = Child(MODULE)
        return self._child

    def close(self) -> None:
        """End the process; a search under way ends without an answer."""
        child = self._child
        if child is not None:
            child.process.kill()
            with self._turn:
                child.end()
