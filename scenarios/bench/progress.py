"""Long benches say what they have done and can be stopped with the runs so far."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from typing import TypeVar

from dispatch.cli.progress import keep_best_on_interrupt

Result = TypeVar("Result")

WORDS = "Stopping after the run under way, with the runs so far; Ctrl-C again drops them."


def run_all(
    runs: Iterable[Callable[[], Result]], describe: Callable[[Result], str]
) -> tuple[list[Result], bool]:
    """Do one run after the other until all are done or a person asks to stop.

    Parameters
    ----------
    runs
        What to do; at least the first one is done.
    describe
        The line that stands on the error stream once a run is done.

    Returns
    -------
    tuple
        What the runs returned, and whether some were left out.
    """
    done: list[Result] = []
    with keep_best_on_interrupt(WORDS) as interrupt:
        for run in runs:
            if interrupt.asked and done:
                return done, True
            done.append(run())
            print(describe(done[-1]), file=sys.stderr)
    return done, False
