"""Webhooks: who is told of what happens, how far each has been told, and what became of it."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, Row, insert, select, update
from sqlalchemy.exc import IntegrityError

from dispatch.adapters.secrets import Sealer, new_id
from dispatch.adapters.store.connect import reading
from dispatch.adapters.store.service_tables import delivery, webhook
from dispatch.adapters.store.sql_store import told
from dispatch.errors import Fault, StoreError

FIRST_WAIT = timedelta(seconds=2)
LONGEST_WAIT = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Webhook:
    """One listener.

    Attributes
    ----------
    kinds
        Event kinds it is told of; empty = all.
    day
        Only this day's; None = all.
    cursor
        Sequence of the last event it was told of, or that did not concern it.
    failures
        In a row.
    """

    id: str
    url: str
    secret: str
    kinds: tuple[str, ...]
    day: str | None
    made_at: datetime
    made_by: str
    cursor: int
    failures: int
    next_at: datetime


@dataclass(frozen=True, slots=True)
class Delivery:
    """One try to tell a listener of one event."""

    sequence: int
    at: datetime
    outcome: str


class WebhookBook:
    """The listeners of a store.

    Parameters
    ----------
    engine
        Of the store.
    sealer
        Seals the secrets they verify signatures with.
    """

    def __init__(self, engine: Engine, sealer: Sealer) -> None:
        self._engine = engine
        self._sealer = sealer

    def add(
        self,
        url: str,
        *,
        kinds: Sequence[str],
        day: str | None,
        by: str,
        at: datetime,
        request_id: str,
        cursor: int,
    ) -> Webhook:
        """Add a listener; it is told of what happens after ``cursor``.

        Raises
        ------
        StoreError
            A2201: one was added with this request id already.
        """
        name, secret = new_id(), secrets.token_urlsafe(32)
        sealed = self._sealer.seal(secret.encode(), f"webhook {name}")
        fields = {
            "id": name, "url": url, "secret": sealed, "kinds": json.dumps(list(kinds)), "day": day,
            "made_at": at, "made_by": by, "request_id": request_id, "cursor": cursor,
            "failures": 0, "next_at": at,
        }  # fmt: skip
        try:
            with told(self._engine), self._engine.begin() as connection:
                connection.execute(insert(webhook), fields)
        except StoreError as error:
            if not isinstance(error.__cause__, IntegrityError):
                raise
            found, expected = f"request {request_id} again", "a new request id"
            hint = "Its secret was shown then and cannot be shown again; add another one."
            raise StoreError([Fault("A2201", "webhook", found, expected, hint)]) from None
        return self.get(name)

    def get(self, name: str) -> Webhook:
        """Return a listener.

        Raises
        ------
        StoreError
            A2202: no such listener.
        """
        query = select(webhook).where(webhook.c.id == name, webhook.c.removed_at.is_(None))
        with told(self._engine), reading(self._engine).begin() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            raise StoreError([Fault("A2202", "webhook", repr(name), "a webhook of this store")])
        return self._webhook(row)

    def list(self) -> Sequence[Webhook]:
        """Return all listeners, oldest first."""
        query = (
            select(webhook)
            .where(webhook.c.removed_at.is_(None))
            .order_by(webhook.c.made_at, webhook.c.id)
        )
        with told(self._engine), reading(self._engine).begin() as connection:
            return [self._webhook(row) for row in connection.execute(query)]

    def remove(self, name: str, at: datetime) -> None:
        """Tell a listener nothing any more.

        Raises
        ------
        StoreError
            A2202: no such listener.
        """
        self.get(name)
        with told(self._engine), self._engine.begin() as connection:
            connection.execute(update(webhook).where(webhook.c.id == name).values(removed_at=at))

    def due(self, at: datetime, head: int) -> Sequence[Webhook]:
        """Return listeners that have not been told everything and may be tried now."""
        return [one for one in self.list() if one.cursor < head and one.next_at <= at]

    def skip(self, one: Webhook, cursor: int) -> None:
        """Note that nothing up to ``cursor`` concerned the listener."""
        self._move(one, cursor=cursor)

    def note(self, one: Webhook, sequence: int, at: datetime, outcome: str, *, ok: bool) -> None:
        """Note a try: on success the next event is due, else the same one, later.

        The wait doubles from `FIRST_WAIT` to `LONGEST_WAIT`; nothing is ever given up.
        """
        failures = 0 if ok else one.failures + 1
        wait = min(FIRST_WAIT * 2 ** min(failures - 1, 20), LONGEST_WAIT)
        next_at = at if ok else at + wait
        row = {"id": new_id(), "webhook": one.id, "sequence": sequence, "at": at,
               "outcome": outcome[:100]}  # fmt: skip
        with told(self._engine), self._engine.begin() as connection:
            connection.execute(insert(delivery), row)
            mine = update(webhook).where(webhook.c.id == one.id, webhook.c.cursor == one.cursor)
            cursor = sequence if ok else one.cursor
            connection.execute(mine.values(cursor=cursor, failures=failures, next_at=next_at))

    def deliveries(self, name: str, limit: int) -> Sequence[Delivery]:
        """Return the last tries, newest first."""
        query = (
            select(delivery)
            .where(delivery.c.webhook == name)
            .order_by(delivery.c.at.desc(), delivery.c.id)
            .limit(limit)
        )
        with told(self._engine), reading(self._engine).begin() as connection:
            return [Delivery(r.sequence, r.at, r.outcome) for r in connection.execute(query)]

    def purge(self, before: datetime) -> int:
        """Delete the record of tries before a moment; return how many."""
        old = delivery.delete().where(delivery.c.at < before)
        with told(self._engine), self._engine.begin() as connection:
            return connection.execute(old).rowcount

    def _move(self, one: Webhook, **values: object) -> None:
        mine = update(webhook).where(webhook.c.id == one.id, webhook.c.cursor == one.cursor)
        with told(self._engine), self._engine.begin() as connection:
            connection.execute(mine.values(values))

    def _webhook(self, row: Row[Any]) -> Webhook:
        secret = self._sealer.open(bytes(row.secret), f"webhook {row.id}").decode()
        kinds = tuple(json.loads(row.kinds))
        return Webhook(
            row.id, row.url, secret, kinds, row.day, row.made_at, row.made_by, row.cursor,
            row.failures, row.next_at,
        )  # fmt: skip
