"""Ports for servers that are started, killed and started again."""

from __future__ import annotations

import socket
from typing import Final

from scenarios.errors import DataUnavailable

FIRST_PORT: Final = 20_000
"""Below the ports the system gives to whoever asks for any."""
PORTS: Final = 10_000


class Ports:
    """Ports of this machine that nobody listens on, each given once.

    Not those that ``bind`` to port 0 finds: between that and the start of a server, or between its
    death and its next start, the system may give the same port to a connection of somebody else.

    Parameters
    ----------
    owner
        A number of whoever asks, such as that of the process; others begin at other ports.
    """

    def __init__(self, owner: int) -> None:
        self._next = owner * 101 % PORTS

    def free(self) -> int:
        """Return the next one.

        Raises
        ------
        DataUnavailable
            If there is none.
        """
        for _ in range(PORTS):
            port = FIRST_PORT + self._next
            self._next = (self._next + 1) % PORTS
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) != 0:
                    return port
        raise DataUnavailable(f"no port from {FIRST_PORT} to {FIRST_PORT + PORTS - 1} is free")
