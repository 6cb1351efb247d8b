"""What the commands of this room share: exit codes and how errors reach a person."""

from __future__ import annotations

import sys
from collections.abc import Callable
from enum import IntEnum

from dispatch.errors import DispatchError
from geo.errors import GeoError
from scenarios.errors import ScenarioError
from solver.errors import SolverError

KNOWN = (ScenarioError, DispatchError, GeoError, SolverError)
"""Errors whose text is meant for people; anything else is a bug and keeps its traceback."""


class Exit(IntEnum):
    """Exit codes of the commands of this room; see docs/exit_codes.md."""

    OK = 0
    INCOMPLETE = 1
    """It ran, but the result is not whole: customers unserved, a referee's finding."""
    BAD_INPUT = 2
    """Broken or missing input; nothing was made."""


def run_guarded(work: Callable[[], Exit]) -> int:
    """Run a command's work; print the text of a known error and return its exit code."""
    try:
        return int(work())
    except KNOWN as error:
        print(error, file=sys.stderr)
        return int(Exit.BAD_INPUT)
