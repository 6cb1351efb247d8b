"""Waiting in tests for what another thread or process does, however slow the machine is."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable

import pytest

PATIENCE_S = 120.0
"""Nothing waited for takes a second where nobody else is at work; a test may take twice this."""
PAUSE_S = 0.02
_FIRST_PORT, _PORTS = 20_000, 10_000
"""Below those the system gives to whoever asks for any."""


def wait_until(true: Callable[[], object], what: str = "it") -> None:
    """Wait until something holds."""
    end = time.monotonic() + PATIENCE_S
    while not true():
        if time.monotonic() > end:
            pytest.fail(f"{what} did not happen within {PATIENCE_S:.0f} s")
        time.sleep(PAUSE_S)


class Ports:
    """Ports of this machine that nobody listens on, each given once.

    Not those that ``bind`` to port 0 finds: between that and the start of a server, or between its
    death and its next start, the system may give the same port to a connection of somebody else.

    Parameters
    ----------
    owner
        A number of whoever asks; those with different ones are given different ports first.
    """

    def __init__(self, owner: int) -> None:
        self._next = owner * 101 % _PORTS

    def free(self) -> int:
        """Return the next one."""
        for _ in range(_PORTS):
            port = _FIRST_PORT + self._next
            self._next = (self._next + 1) % _PORTS
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) != 0:
                    return port
        pytest.fail("no port is free")
