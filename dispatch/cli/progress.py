"""Telling a person how the search stands, and letting them end it."""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TextIO

from dispatch.planning.daily import Progress

TTY_EVERY_S = 0.2
FILE_EVERY_S = 5.0


class ProgressLine:
    """One line refreshed on a terminal; a line now and then elsewhere.

    Parameters
    ----------
    stream
        Where to write.
    clock
        Seconds, growing; for tests.
    """

    def __init__(
        self, stream: TextIO | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._stream = stream or sys.stderr
        self._clock = clock
        self._tty = self._stream.isatty()
        self._last = -1e9
        self._width = 0

    def show(self, state: Progress) -> None:
        """Write the state if it is time to."""
        now = self._clock()
        if now - self._last < (TTY_EVERY_S if self._tty else FILE_EVERY_S):
            return
        self._last = now
        text = describe_progress(state)
        if self._tty:
            self._stream.write("\r" + text.ljust(self._width))
            self._width = len(text)
        else:
            self._stream.write(text + "\n")
        self._stream.flush()

    def close(self) -> None:
        """End the line on a terminal."""
        if self._tty and self._width:
            self._stream.write("\n")
            self._stream.flush()


def describe_progress(state: Progress) -> str:
    """Return elapsed time, iteration, price in yuan and unassigned visits as one line."""
    weighed = " (left-out visits weighed)" if state.unassigned else ""
    return (
        f"{state.runtime_s:6.1f} s  iteration {state.iteration:,}  "
        f"price ¥{state.cost / 100:,.0f}{weighed}  unassigned {state.unassigned}"
    )


WORDS = "Stopping with the best plan so far; Ctrl-C again drops it."


class Interrupt:
    """Whether a person asked to stop, and what to say then."""

    def __init__(self, words: str = WORDS) -> None:
        self.asked = False
        self._words = words

    def __call__(self, _signal: int, _frame: FrameType | None) -> None:
        """Remember the first Ctrl-C; the second one drops everything.

        Raises
        ------
        KeyboardInterrupt
            On the second Ctrl-C.
        """
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True
        print(f"\n{self._words}", file=sys.stderr)


@contextmanager
def keep_best_on_interrupt(words: str = WORDS) -> Iterator[Interrupt]:
    """Turn the first Ctrl-C into a wish to stop, while inside.

    Only the main thread may handle signals; elsewhere the wish never comes.
    """
    interrupt = Interrupt(words)
    if threading.current_thread() is not threading.main_thread():
        yield interrupt
        return
    before = signal.signal(signal.SIGINT, interrupt)
    try:
        yield interrupt
    finally:
        signal.signal(signal.SIGINT, before)
