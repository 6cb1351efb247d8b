"""Faults of the queue; docs/service.md lists them."""

from __future__ import annotations

from typing import Final

from dispatch.errors import Fault

_FAULTS: Final = {
    "full": ("A2101", "room for one more job", "Wait until a job is done, or stop one."),
    "unknown": ("A2102", "a job of this store", ""),
    "reused": ("S2007", "a new request id, or the same command", "Give every command its own id."),
    "stopped": ("A2103", "a plan", "It was stopped before it had begun."),
    "dies": ("A2104", "a job that ends", "Look at the day; its search ended the process."),
    "deadline": ("A2105", "an end before the deadline", "Give it more seconds, or a smaller day."),
    "child": ("A2106", "a solver that ends in order", "See the log of the service."),
}


def queue_fault(name: str, found: str) -> Fault:
    """Return a fault of the queue by its short name."""
    code, expected, hint = _FAULTS[name]
    return Fault(code, "queue of jobs", found, expected, hint)
