"""The guard of the command line, widened by the errors of this room."""

from __future__ import annotations

import sys
from collections.abc import Callable

from dispatch.cli import guard
from dispatch.cli.exit_codes import Exit
from scenarios.errors import ScenarioError
from solver.errors import InvalidParameter, InvalidProblem

BAD_INPUT = (ScenarioError, InvalidParameter, InvalidProblem)
"""Errors whose text is for people and whose cause is the input."""


def run_guarded(work: Callable[[], int]) -> int:
    """Run a command's work; print the text of a known error and return its exit code.

    Parameters
    ----------
    work
        Does the command and returns its exit code.
    """

    def widened() -> int:
        try:
            return work()
        except BAD_INPUT as error:
            print(f"servicenet: {error}", file=sys.stderr)
            return Exit.INPUT

    return guard.run_guarded(widened, as_json=False)
