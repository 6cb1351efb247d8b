"""The tables of a store; the migrations make them, a test compares the two."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.types import TypeEngine

VERSION_TABLE = "servicenet_schema"
"""Where Alembic notes the form of the database; a name of ours, so that others' is not mistaken."""
NEWEST = "0003"
"""The form these tables have: the last migration."""


UNREADABLE = datetime(1, 1, 1, tzinfo=UTC)
"""What damaged text is read as where the database keeps moments as text; no hash agrees with it."""


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC: ``timestamptz`` where there is one, else ``2026-03-02T01:00:00.000000``.

    The text has one length, so its order is that of the moments.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return the type of the database."""
        return dialect.type_descriptor(
            String(32) if dialect.name == "sqlite" else self.impl_instance
        )

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:  # noqa: ANN401 - text or a moment
        """Turn an aware moment into what the database keeps."""
        if value is None or dialect.name != "sqlite":
            return value
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ANN401 - text or a moment
        """Turn what the database keeps into a moment in UTC."""
        if value is None:
            return None
        if dialect.name != "sqlite":
            return cast("datetime", value).astimezone(UTC)
        try:
            return datetime.fromisoformat(value).replace(tzinfo=UTC)
        except (TypeError, ValueError):
            return UNREADABLE


metadata = MetaData()

head = Table(
    "log_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("sequence", BigInteger, nullable=False),
    Column("hash", String(64), nullable=False),
    CheckConstraint("id = 1", name="ck_log_head_one"),
)

document = Table(
    "document",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
)

day = Table(
    "day",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("zone", String(64), nullable=False),
    Column("version", Integer, nullable=False),
)

event = Table(
    "event",
    metadata,
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
    Column("by", String(100), nullable=False),
    Column("day", String(64), ForeignKey("day.id", name="fk_event_day"), nullable=False),
    Column("zone", String(64), nullable=False),
    Column("kind", String(100), nullable=False),
    Column("payload", Text, nullable=False),
    Column("request_id", String(100), nullable=False),
    Column("part", Integer, nullable=False),
    Column("request_digest", String(64), nullable=False),
    Column("undoes", BigInteger, ForeignKey("event.sequence", name="fk_event_undoes")),
    Column("previous_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    UniqueConstraint("request_id", "part", name="uq_event_request"),
    UniqueConstraint("undoes", name="uq_event_undoes"),
    Index("ix_event_day", "day", "sequence"),
)

version = Table(
    "version",
    metadata,
    Column("day", String(64), ForeignKey("day.id", name="fk_version_day"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("parent", Integer),
    Column("origin", Integer, nullable=False),
    Column(
        "document",
        String(64),
        ForeignKey("document.digest", name="fk_version_document"),
        nullable=False,
    ),
    Column("plan", String(64), ForeignKey("document.digest", name="fk_version_plan")),
    Column("travel", String(200), nullable=False),
    Column(
        "sequence",
        BigInteger,
        ForeignKey("event.sequence", name="fk_version_event"),
        nullable=False,
    ),
    Column("at", UtcDateTime, nullable=False),
    Column("author", String(100), nullable=False),
    Column("reason", Text, nullable=False),
    ForeignKeyConstraint(
        ["day", "parent"], ["version.day", "version.version"], name="fk_version_parent"
    ),
    UniqueConstraint("sequence", name="uq_version_event"),
)
