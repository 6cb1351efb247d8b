"""Tables of the service beside those of the log: who may come in, jobs, sealed customers, hooks.

Nothing here is needed to read a log; `servicenet store check` and export look at the log alone.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from dispatch.adapters.store.tables import UtcDateTime, metadata

api_key = Table(
    "api_key",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("name", String(100), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("role", String(20), nullable=False),
    Column("regions", Text, nullable=False),
    Column("technician", String(64)),
    Column("made_at", UtcDateTime, nullable=False),
    Column("made_by", String(100), nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("revoked_at", UtcDateTime),
    Column("request_id", String(100), nullable=False),
    UniqueConstraint("request_id", name="uq_api_key_request"),
)
session = Table(
    "session",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("key", String(32), nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
)
audit = Table(
    "audit",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("by", String(100), nullable=False),
    Column("what", String(40), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("reason", Text, nullable=False),
    Index("ix_audit_at", "at"),
)
region = Table(
    "day_region",
    metadata,
    Column("day", String(64), primary_key=True),
    Column("region", String(64), nullable=False),
)
customer = Table(
    "customer",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("day", String(64), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Index("ix_customer_made", "made_at"),
)
job = Table(
    "job",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("day", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("ask", Text, nullable=False),
    Column("by", String(100), nullable=False),
    Column("request_id", String(100), nullable=False),
    Column("request_digest", String(64), nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("owner", String(100)),
    Column("lease_until", UtcDateTime),
    Column("started_at", UtcDateTime),
    Column("finished_at", UtcDateTime),
    Column("stop_asked", Boolean, nullable=False),
    Column("progress", Text, nullable=False),
    Column("best", LargeBinary),
    Column("complete", Boolean, nullable=False),
    Column("version", Integer),
    Column("fault", Text),
    UniqueConstraint("request_id", name="uq_job_request"),
    Index("ix_job_state", "state", "made_at"),
)
webhook = Table(
    "webhook",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("url", Text, nullable=False),
    Column("secret", LargeBinary, nullable=False),
    Column("kinds", Text, nullable=False),
    Column("day", String(64)),
    Column("made_at", UtcDateTime, nullable=False),
    Column("made_by", String(100), nullable=False),
    Column("request_id", String(100), nullable=False),
    Column("cursor", BigInteger, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("next_at", UtcDateTime, nullable=False),
    Column("removed_at", UtcDateTime),
    UniqueConstraint("request_id", name="uq_webhook_request"),
)
delivery = Table(
    "webhook_delivery",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("webhook", String(32), nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("outcome", String(100), nullable=False),
    Index("ix_delivery_webhook", "webhook", "at"),
)
FORM = metadata
"""Every table of a store: those of the log, and those above."""
