"""How long each kind of data is kept, at least and at most, and the purge that reports.

The audit is kept half a year at least (Cybersecurity Law of China, article 21: six months of logs);
customers no longer than three years (Personal Information Protection Law, article 19: the shortest
time the purpose needs; E-Commerce Law, article 31: three years of transactions). The log of a day
itself holds no customer and is never changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from dispatch.adapters.queue import JobQueue
from dispatch.adapters.secrets import Sealer
from dispatch.adapters.secrets_access import Access
from dispatch.adapters.secrets_vault import Vault
from dispatch.adapters.store import SqlStore
from dispatch.adapters.webhooks import WebhookBook
from dispatch.errors import Fault, InvalidRequest

SHORTER_FAULT = "A2301"


@dataclass(frozen=True, slots=True)
class Rule:
    """Days a kind of data is kept: at least, and at most."""

    least_days: int
    most_days: int


RULES: Final[Mapping[str, Rule]] = MappingProxyType(
    {
        "customers": Rule(30, 1095),
        "audit": Rule(183, 1095),
        "sessions": Rule(0, 30),
        "jobs": Rule(1, 90),
        "deliveries": Rule(7, 183),
    }
)


@dataclass(frozen=True, slots=True)
class Purged:
    """What a purge did to one kind of data."""

    kind: str
    before: datetime
    deleted: int


def purge(
    store: SqlStore, now: datetime, days: Mapping[str, int] | None = None
) -> tuple[Purged, ...]:
    """Delete what is older than allowed, or than ``days`` says; report every kind.

    Parameters
    ----------
    store
        Whose data.
    now
        The moment to count from.
    days
        Days to keep, by kind, where other than the most allowed.

    Raises
    ------
    InvalidRequest
        A2301: an unknown kind, or fewer days than must be kept, or more than may be.
    """
    keep = {kind: rule.most_days for kind, rule in RULES.items()} | dict(days or {})
    faults = [_fault(kind, number) for kind, number in keep.items() if not _allowed(kind, number)]
    if faults:
        raise InvalidRequest(faults)
    # Deleting needs no key; a sealer of zeros is never asked to open anything.
    sealer, engine = Sealer(bytes(32)), store.engine
    access = Access(engine)
    workers = {
        "customers": Vault(engine, sealer).purge,
        "audit": lambda before: access.purge("audit", before),
        "sessions": lambda before: access.purge("session", before),
        "jobs": JobQueue(engine).purge,
        "deliveries": WebhookBook(engine, sealer).purge,
    }
    done = []
    for kind, work in workers.items():
        before = now - timedelta(days=keep[kind])
        done.append(Purged(kind, before, work(before)))
    return tuple(done)


def _allowed(kind: str, number: int) -> bool:
    rule = RULES.get(kind)
    return rule is not None and rule.least_days <= number <= rule.most_days


def _fault(kind: str, number: int) -> Fault:
    rule = RULES.get(kind)
    if rule is None:
        return Fault(SHORTER_FAULT, "purge", repr(kind), f"one of {', '.join(RULES)}")
    expected = f"{rule.least_days} to {rule.most_days} days"
    return Fault(SHORTER_FAULT, f"purge {kind}", f"{number} days", expected)
