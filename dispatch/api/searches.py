"""Short searches beside the requests: one thread, in order."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor


class Searches:
    """Runs what it is given, one after the other.

    Parameters
    ----------
    name
        Of its thread and in the log.
    """

    def __init__(self, name: str) -> None:
        self._log = logging.getLogger(f"servicenet.{name}")
        self._pool = ThreadPoolExecutor(1, f"servicenet-{name}")
        self._lock = threading.Lock()
        self.running = 0

    def begin(self, work: Callable[[], None]) -> None:
        """Run ``work`` when it is its turn."""
        with self._lock:
            self.running += 1
        self._pool.submit(work).add_done_callback(self._over)

    def _over(self, done: Future[None]) -> None:
        with self._lock:
            self.running -= 1
        error = done.exception()
        if error is not None:
            self._log.error("search", exc_info=error)

    def close(self) -> None:
        """Wait for what runs; what waits is forgotten."""
        self._pool.shutdown(wait=True, cancel_futures=True)
