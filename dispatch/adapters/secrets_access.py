"""Who may come in: keys and sessions by digest, and the record of who looked at what.

The secrets themselves are random, 256 bits, shown once and kept nowhere.
"""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Row, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from dispatch.adapters.secrets import digest_of, new_id
from dispatch.adapters.store.connect import reading
from dispatch.adapters.store.service_tables import api_key, audit, region, session
from dispatch.adapters.store.sql_store import told
from dispatch.errors import Fault, StoreError

PREFIX = "sn"


@dataclass(frozen=True, slots=True)
class Key:
    """A key, without its secret.

    Attributes
    ----------
    regions
        Where it holds; empty = everywhere.
    technician
        Whose day it opens, for the role technician.
    """

    id: str
    name: str
    role: str
    regions: tuple[str, ...]
    technician: str | None
    made_at: datetime
    made_by: str
    expires_at: datetime
    revoked_at: datetime | None

    def holds(self, at: datetime) -> bool:
        """Say whether the key opens anything at a moment."""
        return self.revoked_at is None and at < self.expires_at


@dataclass(frozen=True, slots=True)
class AuditLine:
    """Who did what to whom, and why."""

    at: datetime
    by: str
    what: str
    subject: str
    reason: str


class Access:
    """Keys, sessions, regions of days and the audit of a store.

    Parameters
    ----------
    engine
        Of the store.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def make_key(
        self,
        name: str,
        role: str,
        *,
        at: datetime,
        expires_at: datetime,
        by: str,
        request_id: str,
        regions: Sequence[str] = (),
        technician: str | None = None,
    ) -> tuple[Key, str]:
        """Make a key; return it and the token, which nobody can read again.

        Raises
        ------
        StoreError
            A2003: a key was made with this request id already.
        """
        token = secrets.token_urlsafe(32)
        key = Key(new_id(), name, role, tuple(regions), technician, at, by, expires_at, None)
        fields = {
            "id": key.id, "name": name, "digest": digest_of(token), "role": role,
            "regions": json.dumps(key.regions), "technician": technician, "made_at": at,
            "made_by": by, "expires_at": expires_at, "request_id": request_id,
        }  # fmt: skip
        try:
            with told(self._engine), self._engine.begin() as connection:
                connection.execute(insert(api_key), fields)
        except StoreError as error:
            if not isinstance(error.__cause__, IntegrityError):
                raise
            hint = "Its token was shown then and cannot be shown again; make another key."
            found, expected = f"request {request_id} again", "a new request id"
            raise StoreError([Fault("A2003", "key", found, expected, hint)]) from None
        return key, f"{PREFIX}_{key.id}_{token}"

    def find_key(self, token: str) -> Key | None:
        """Find the key of a token; None if there is none, whether it holds or not."""
        prefix, _, rest = token.partition("_")
        name, _, secret = rest.partition("_")
        row = self._row(name) if prefix == PREFIX else None
        if row is None or not hmac.compare_digest(row.digest, digest_of(secret)):
            return None
        return _key(row)

    def keys(self) -> Sequence[Key]:
        """Return all keys, oldest first."""
        query = select(api_key).order_by(api_key.c.made_at, api_key.c.id)
        with told(self._engine), reading(self._engine).begin() as connection:
            return [_key(row) for row in connection.execute(query)]

    def revoke_key(self, name: str, at: datetime) -> Key:
        """Let a key open nothing any more, nor the sessions begun with it.

        Raises
        ------
        StoreError
            A2004: no such key.
        """
        ended = update(api_key).where(api_key.c.id == name, api_key.c.revoked_at.is_(None))
        with told(self._engine), self._engine.begin() as connection:
            connection.execute(ended.values(revoked_at=at))
            connection.execute(delete(session).where(session.c.key == name))
        row = self._row(name)
        if row is None:
            raise StoreError([Fault("A2004", "key", repr(name), "a key of this store")])
        return _key(row)

    def begin_session(self, key: Key, at: datetime, expires_at: datetime) -> str:
        """Begin a session of a key; return its secret."""
        secret = secrets.token_urlsafe(32)
        end = min(expires_at, key.expires_at)
        fields = {"digest": digest_of(secret), "key": key.id, "made_at": at, "expires_at": end}
        with told(self._engine), self._engine.begin() as connection:
            connection.execute(insert(session), fields)
        return secret

    def find_session(self, secret: str, at: datetime) -> Key | None:
        """Find the key of a session that has not ended."""
        query = (
            select(api_key)
            .join(session, session.c.key == api_key.c.id)
            .where(session.c.digest == digest_of(secret), session.c.expires_at > at)
        )
        with told(self._engine), reading(self._engine).begin() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else _key(row)

    def end_session(self, secret: str) -> None:
        """End a session; one that is not there is ended already."""
        with told(self._engine), self._engine.begin() as connection:
            connection.execute(delete(session).where(session.c.digest == digest_of(secret)))

    def has_admin(self, at: datetime) -> bool:
        """Say whether an admin's key holds."""
        return any(key.role == "admin" and key.holds(at) for key in self.keys())

    def set_region(self, day: str, name: str) -> None:
        """Note the region of a day; the first one stays."""
        try:
            with told(self._engine), self._engine.begin() as connection:
                connection.execute(insert(region), {"day": day, "region": name})
        except StoreError as error:
            if not isinstance(error.__cause__, IntegrityError):
                raise

    def regions(self) -> dict[str, str]:
        """Return the region of every day that has one."""
        with told(self._engine), reading(self._engine).begin() as connection:
            return {row.day: row.region for row in connection.execute(select(region))}

    def find_region(self, day: str) -> str | None:
        """Find the region of a day."""
        query = select(region.c.region).where(region.c.day == day)
        with told(self._engine), reading(self._engine).begin() as connection:
            found: str | None = connection.execute(query).scalar_one_or_none()
            return found

    def note(self, line: AuditLine) -> None:
        """Write a line of the audit; it is kept when this returns."""
        fields = {
            "id": new_id(), "at": line.at, "by": line.by, "what": line.what,
            "subject": line.subject, "reason": line.reason,
        }  # fmt: skip
        with told(self._engine), self._engine.begin() as connection:
            connection.execute(insert(audit), fields)

    def audit(self, limit: int, before: datetime | None = None) -> Sequence[AuditLine]:
        """Return lines of the audit, newest first."""
        query = select(audit).order_by(audit.c.at.desc(), audit.c.id).limit(limit)
        if before is not None:
            query = query.where(audit.c.at < before)
        with told(self._engine), reading(self._engine).begin() as connection:
            rows = connection.execute(query).all()
        return [AuditLine(row.at, row.by, row.what, row.subject, row.reason) for row in rows]

    def purge(self, table: str, before: datetime, *, only_count: bool = False) -> int:
        """Delete lines of ``audit`` or ``session`` older than a moment; return how many."""
        where = audit.c.at < before if table == "audit" else session.c.expires_at < before
        kept = audit if table == "audit" else session
        with told(self._engine), self._engine.begin() as connection:
            if only_count:
                query = select(func.count()).select_from(kept).where(where)
                return int(connection.execute(query).scalar_one())
            return connection.execute(delete(kept).where(where)).rowcount

    def _row(self, name: str) -> Row[Any] | None:
        with told(self._engine), reading(self._engine).begin() as connection:
            return connection.execute(select(api_key).where(api_key.c.id == name)).one_or_none()


def _key(row: Row[Any]) -> Key:
    return Key(
        id=row.id,
        name=row.name,
        role=row.role,
        regions=tuple(json.loads(row.regions)),
        technician=row.technician,
        made_at=row.made_at,
        made_by=row.made_by,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
    )
