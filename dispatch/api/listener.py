"""Where the service listens; a taken address is found out before anything heavy is read."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from pathlib import Path

from dispatch.errors import CannotListen, Fault

TAKEN = "A1020"


@dataclass(frozen=True, slots=True)
class Address:
    """Where the service listens, and TLS if it has a certificate; port 0 takes any that is free."""

    host: str = "127.0.0.1"
    port: int = 8080
    certificate: Path | None = None
    private_key: Path | None = None

    @property
    def url(self) -> str:
        """Return the address for a browser."""
        scheme = "https" if self.certificate else "http"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{scheme}://{host}:{self.port}/"


def listen(address: Address) -> socket.socket:
    """Listen at an address; who connects before the service is ready waits for it.

    Raises
    ------
    CannotListen
        A1020: the address is taken, or not this machine's.
    """
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((address.host, address.port))
        # Not bound alone: two programs that do not listen yet may be bound to one port.
        listener.listen()
    except OSError as error:
        listener.close()
        where = f"{address.host} port {address.port}"
        found = error.strerror or type(error).__name__
        hint = "Stop the program that listens there, or choose another port with --port."
        fault = Fault(TAKEN, where, found, "an address of this machine that is free", hint)
        raise CannotListen([fault]) from None
    return listener
