"""The process that searches for better ways to serve a visit: documents in, documents out.

It lives on between searches. When the input ends the parent is gone: it ends at once, in the middle
of a search, too.
"""

from __future__ import annotations

import os
import queue
import sys
import threading
from typing import Any

from pydantic import Field

from dispatch.api.child import stand_back
from dispatch.domain.base import Model
from dispatch.errors import InvalidRequest
from dispatch.service.improvement import Improvement, search_improvement
from dispatch.service.options import Option
from solver.stop import MaxRuntime

NICE = 10
"""After the service, which answers first; before searches of whole days: somebody is waiting."""


class Ask(Model):
    """A search, and how long it lasts."""

    asked: Improvement
    seconds: float = Field(gt=0)


class Answer(Model):
    """What it found; None = nothing. ``faults``: why it could not be done."""

    option: Option | None = None
    faults: tuple[dict[str, Any], ...] = ()


def main() -> int:
    """Search for whoever asks until the input ends."""
    stand_back(NICE)
    lines: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(lines,), daemon=True).start()
    while True:
        answer = answer_to(Ask.model_validate_json(lines.get()))
        sys.stdout.write(answer.model_dump_json() + "\n")
        sys.stdout.flush()


def answer_to(ask: Ask) -> Answer:
    """Search."""
    try:
        return Answer(option=search_improvement(ask.asked, MaxRuntime(ask.seconds), 0))
    except InvalidRequest as error:
        return Answer(faults=tuple(fault.as_dict() for fault in error.faults[:100]))


def _listen(lines: queue.SimpleQueue[str]) -> None:
    for line in sys.stdin:
        lines.put(line)
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main())
