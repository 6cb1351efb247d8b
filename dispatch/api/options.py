"""How a service is set up: limits, files, and what is switched on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Limits:
    """What one request, or all together, may take.

    Attributes
    ----------
    body_bytes
        Of one request.
    visits, technicians
        Of one day.
    solve_s
        Of one search.
    grace_s
        How much longer its process may live: reading roads, matrices, reasons.
    lease_s
        How long a worker may be silent before its job is somebody else's.
    jobs
        Waiting at once.
    page
        Rows of one page.
    listeners
        Open event streams.
    """

    body_bytes: int = 50_000_000
    visits: int = 20_000
    technicians: int = 5_000
    solve_s: int = 3600
    grace_s: int = 300
    lease_s: float = 15.0
    jobs: int = 20
    page: int = 1000
    listeners: int = 1000


@dataclass(frozen=True, slots=True)
class Options:
    """Options of `servicenet serve`.

    Attributes
    ----------
    roads
        Map file; None = estimates.
    workers
        Searches at the same time.
    webhook_hosts
        Hosts that may be told of events; empty = none.
    oidc
        Settings of an OpenID provider; None = off.
    secure_cookie
        Whether browsers reach the service over TLS.
    session
        How long a browser stays signed in.
    lanes
        Threads of one search.
    improve_s
        How long better ways to serve an emergency are looked for after the first answer; 0 = not.
    """

    roads: Path | None = None
    workers: int = 1
    webhook_hosts: frozenset[str] = frozenset()
    oidc: Path | None = None
    secure_cookie: bool = False
    session: timedelta = timedelta(hours=12)
    lanes: int = 1
    improve_s: float = 1.5
    limits: Limits = field(default_factory=Limits)
