"""The process of `servicenet serve`: application, server, first key."""

from __future__ import annotations

import gc
import socket
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import uvicorn
from fastapi import APIRouter

from dispatch.api import logs
from dispatch.api.app import make_app
from dispatch.api.context import Service, open_service
from dispatch.api.listener import Address
from dispatch.api.options import Options

FIRST_KEY_DAYS = 365
COLLECT = (50_000, 20, 100)
"""Allocations between two collections of the garbage collector's three generations."""
SWITCH_S = 0.001
"""Who computes lets others on after that long: small answers do not wait for large ones."""


def first_key(service: Service) -> str | None:
    """Make the first admin's key; None where an admin has one."""
    now = service.now()
    if service.access.has_admin(now):
        return None
    _, token = service.access.make_key(
        "first", "admin", at=now, expires_at=now + timedelta(days=FIRST_KEY_DAYS),
        by="servicenet serve", request_id=f"first-{now.isoformat()}",
    )  # fmt: skip
    return token


def serve(
    store: str,
    options: Options,
    address: Address,
    listener: socket.socket,
    *,
    key_file: Path | None = None,
) -> None:
    """Serve until interrupted.

    Parameters
    ----------
    listener
        Listens at the address already.

    Raises
    ------
    StoreError
        If the store, the key or the OpenID settings will not do.
    """
    service = open_service(store, options, key_file=key_file)
    try:
        serve_service(service, address, listener)
    finally:
        service.close()


def serve_service(
    service: Service,
    address: Address,
    listener: socket.socket,
    *,
    more: Iterable[APIRouter] = (),
    words: Callable[[Address], Sequence[str]] = lambda _: (),
) -> None:
    """Serve a service that is open until interrupted; it stays open.

    Parameters
    ----------
    service
        The service.
    address, listener
        Where to listen, and what listens there already.
    more
        Routers of this application alone.
    words
        Lines to print below the greeting, once the address is known.
    """
    # Days are large and live long: looking through them all too often is a pause for everybody.
    # What the program itself consists of stays, and is not looked through again.
    gc.freeze()
    gc.set_threshold(*COLLECT)
    gc.enable()
    sys.setswitchinterval(SWITCH_S)
    found = replace(address, port=listener.getsockname()[1])
    _greet(found, first_key(service), words(found))
    logs.set_up()
    config = uvicorn.Config(
        make_app(service, more=more), log_config=None, access_log=False, server_header=False,
        ssl_certfile=address.certificate, ssl_keyfile=address.private_key,
        timeout_graceful_shutdown=5, proxy_headers=False,
    )  # fmt: skip
    uvicorn.Server(config).run(sockets=[listener])


def _greet(address: Address, token: str | None, more: Sequence[str]) -> None:
    lines = [f"servicenet serves {address.url}"]
    if token is not None:
        lines.append(f"token of the first admin, shown this once: {token}")
    lines += more
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()
