"""A process of our own that is spoken to in lines: one JSON document each, in and out.

When its input ends the parent is gone, and it ends itself; so none outlives its service.
"""

from __future__ import annotations

import json
import logging
import os
import queue
import subprocess
import sys
import threading
from typing import IO, Any, Self

NICE_VARIABLE = "SERVICENET_NICE"
"""Names how far searches stand back instead of what they choose themselves; 0 = not at all."""
_LOG = logging.getLogger("servicenet.child")


def stand_back(nice: int) -> None:
    """Let others have the processors first; for the child to call.

    Where others never leave a processor idle, a search that stands back hardly gets one; whoever
    runs a service there sets `NICE_VARIABLE`.
    """
    if hasattr(os, "nice"):
        os.nice(int(os.environ.get(NICE_VARIABLE, nice)))


class Child:
    """Such a process.

    Parameters
    ----------
    module
        Which is run; it writes nothing but answers to standard output.
    """

    def __init__(self, module: str) -> None:
        paths = os.pathsep.join(filter(None, sys.path))
        self.process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-X", "utf8", "-m", module],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            encoding="utf-8", env={**os.environ, "PYTHONPATH": paths},
        )  # fmt: skip
        assert self.process.stdout is not None  # noqa: S101 - asked for above
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._over = threading.Event()
        threading.Thread(target=self._read, args=(self.process.stdout,), daemon=True).start()

    def _read(self, lines: IO[str]) -> None:
        for line in lines:
            # Who is killed in the middle of a line has not said it.
            if line.endswith("\n"):
                self._lines.put(line)
        self._over.set()

    def say(self, line: str) -> Self:
        """Send a line; one that has ended does not hear it, which `is_over` says."""
        assert self.process.stdin is not None  # noqa: S101 - asked for at the start
        try:
            self.process.stdin.write(line + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            _LOG.warning("child ended", extra={"fields": {"code": self.process.poll()}})
        return self

    def messages(self, wait_s: float) -> list[dict[str, Any]]:
        """Return what it said since, waiting a little for the first word."""
        found = []
        try:
            found.append(json.loads(self._lines.get(timeout=wait_s)))
            while not self._lines.empty():
                found.append(json.loads(self._lines.get_nowait()))
        except queue.Empty:
            return found
        return found

    @property
    def is_over(self) -> bool:
        """Say whether it has ended and everything it said was read."""
        return self._over.is_set() and self._lines.empty()

    def end(self) -> None:
        """Kill it if it still runs."""
        self.process.kill()
        self.process.wait()
        if self.process.stdin is not None:
            try:
                self.process.stdin.close()
            except BrokenPipeError:
                _LOG.info("child ended", extra={"fields": {"code": self.process.returncode}})
        self._over.wait(5)
        if self.process.stdout is not None:
            self.process.stdout.close()
