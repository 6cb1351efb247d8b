"""The tables of the service: keys, sessions, audit, regions, customers, jobs, webhooks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")
TABLES = (
    "api_key",
    "session",
    "audit",
    "day_region",
    "customer",
    "job",
    "webhook",
    "webhook_delivery",
)


def upgrade() -> None:
    """Make the tables."""
    _make_api_key()
    _make_session()
    _make_audit()
    _make_day_region()
    _make_customer()
    _make_job()
    _make_webhook()
    _make_webhook_delivery()


def _make_api_key() -> None:
    op.create_table(
        "api_key",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("regions", sa.Text, nullable=False),
        sa.Column("technician", sa.String(64)),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("made_by", sa.String(100), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("revoked_at", MOMENT),
        sa.Column("request_id", sa.String(100), nullable=False),
        sa.UniqueConstraint("request_id", name="uq_api_key_request"),
    )


def _make_session() -> None:
    op.create_table(
        "session",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("key", sa.String(32), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
    )


def _make_audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by", sa.String(100), nullable=False),
        sa.Column("what", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
    )
    op.create_index("ix_audit_at", "audit", ["at"])


def _make_day_region() -> None:
    op.create_table(
        "day_region",
        sa.Column("day", sa.String(64), primary_key=True),
        sa.Column("region", sa.String(64), nullable=False),
    )


def _make_customer() -> None:
    op.create_table(
        "customer",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("day", sa.String(64), nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
    )
    op.create_index("ix_customer_made", "customer", ["made_at"])


def _make_job() -> None:
    op.create_table(
        "job",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("day", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("ask", sa.Text, nullable=False),
        sa.Column("by", sa.String(100), nullable=False),
        sa.Column("request_id", sa.String(100), nullable=False),
        sa.Column("request_digest", sa.String(64), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("owner", sa.String(100)),
        sa.Column("lease_until", MOMENT),
        sa.Column("started_at", MOMENT),
        sa.Column("finished_at", MOMENT),
        sa.Column("stop_asked", sa.Boolean, nullable=False),
        sa.Column("progress", sa.Text, nullable=False),
        sa.Column("best", sa.LargeBinary),
        sa.Column("complete", sa.Boolean, nullable=False),
        sa.Column("version", sa.Integer),
        sa.Column("fault", sa.Text),
        sa.UniqueConstraint("request_id", name="uq_job_request"),
    )
    op.create_index("ix_job_state", "job", ["state", "made_at"])


def _make_webhook() -> None:
    op.create_table(
        "webhook",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("secret", sa.LargeBinary, nullable=False),
        sa.Column("kinds", sa.Text, nullable=False),
        sa.Column("day", sa.String(64)),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("made_by", sa.String(100), nullable=False),
        sa.Column("request_id", sa.String(100), nullable=False),
        sa.Column("cursor", sa.BigInteger, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("next_at", MOMENT, nullable=False),
        sa.Column("removed_at", MOMENT),
        sa.UniqueConstraint("request_id", name="uq_webhook_request"),
    )


def _make_webhook_delivery() -> None:
    op.create_table(
        "webhook_delivery",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("webhook", sa.String(32), nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("outcome", sa.String(100), nullable=False),
    )
    op.create_index("ix_delivery_webhook", "webhook_delivery", ["webhook", "at"])


def downgrade() -> None:
    """Drop the tables."""
    for table in TABLES:
        op.drop_table(table)
