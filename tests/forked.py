"""Programs to be killed, forked from one that has everything loaded: a start costs no imports.

``python -m tests.forked MODULE WORD ...`` loads the module, and for each line ``begin`` on standard
input runs its ``main(WORD, ...)`` in a process of its own; ``kill`` ends that with SIGKILL.
"""

from __future__ import annotations

import importlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.docs_pages import ROOT


class Forked:
    """Starts and kills one program again and again."""

    def __init__(self, loaded: subprocess.Popen[str]) -> None:
        self._loaded = loaded

    def begin(self) -> int:
        """Start it; return its process id."""
        return int(self._say("begin"))

    def kill(self) -> None:
        """Kill it and wait for its end."""
        self._say("kill")

    def _say(self, word: str) -> str:
        assert self._loaded.stdin is not None
        assert self._loaded.stdout is not None
        self._loaded.stdin.write(f"{word}\n")
        self._loaded.stdin.flush()
        return self._loaded.stdout.readline().strip()


@contextmanager
def forked(module: str, *words: str) -> Iterator[Forked]:
    """Load a program; at the end it is killed."""
    loaded = subprocess.Popen(
        [sys.executable, "-m", "tests.forked", module, *words], cwd=ROOT, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    with loaded:
        yield Forked(loaded)


def main(name: str, *words: str) -> None:
    """Load, start and kill as told."""
    module = importlib.import_module(name)
    child = None
    for line in sys.stdin:
        if child is not None:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            child = None
        if line.strip() == "begin":
            child = os.fork()
            if child == 0:
                _run(module.main, words)
        print(child, flush=True)
    if child is not None:
        os.kill(child, signal.SIGKILL)


def _run(work, words: tuple[str, ...]) -> None:
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)
    work(*words)
    os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
