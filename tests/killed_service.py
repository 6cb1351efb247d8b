"""A worker in a process of its own, to be killed: for `tests.forked`."""

from __future__ import annotations

from dispatch.adapters.secrets import Sealer
from dispatch.adapters.store import open_store
from dispatch.api.context import Service
from dispatch.api.options import Limits, Options
from dispatch.api.worker import Worker
from dispatch.live.kinds import KINDS
from tests.services import SECRET

LEASE_S = 0.6


def service_at(url: str) -> Service:
    """Open a store with leases that run out soon."""
    options = Options(limits=Limits(lease_s=LEASE_S, grace_s=60))
    return Service(open_store(url, KINDS), Sealer(SECRET), options)


def main(url: str) -> None:
    """Work until killed."""
    Worker(service_at(url)).run()
