"""The tables: log and its head, days, versions, documents."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")


def upgrade() -> None:
    """Make the tables of an empty store."""
    _make_head()
    op.create_table(
        "document",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "day",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
    )
    _make_event()
    _make_version()


def _make_head() -> None:
    head = op.create_table(
        "log_head",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.CheckConstraint("id = 1", name="ck_log_head_one"),
    )
    op.bulk_insert(head, [{"id": 1, "sequence": 0, "hash": "0" * 64}])


def _make_event() -> None:
    op.create_table(
        "event",
        sa.Column("sequence", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by", sa.String(100), nullable=False),
        sa.Column("day", sa.String(64), nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(100), nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("request_id", sa.String(100), nullable=False),
        sa.Column("part", sa.Integer, nullable=False),
        sa.Column("request_digest", sa.String(64), nullable=False),
        sa.Column("undoes", sa.BigInteger),
        sa.Column("previous_hash", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["day"], ["day.id"], name="fk_event_day"),
        sa.ForeignKeyConstraint(["undoes"], ["event.sequence"], name="fk_event_undoes"),
        sa.UniqueConstraint("request_id", "part", name="uq_event_request"),
        sa.UniqueConstraint("undoes", name="uq_event_undoes"),
    )
    op.create_index("ix_event_day", "event", ["day", "sequence"])


def _make_version() -> None:
    op.create_table(
        "version",
        sa.Column("day", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("parent", sa.Integer),
        sa.Column("origin", sa.Integer, nullable=False),
        sa.Column("document", sa.String(64), nullable=False),
        sa.Column("plan", sa.String(64)),
        sa.Column("travel", sa.String(200), nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("author", sa.String(100), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("day", "version"),
        sa.ForeignKeyConstraint(["day"], ["day.id"], name="fk_version_day"),
        sa.ForeignKeyConstraint(["document"], ["document.digest"], name="fk_version_document"),
        sa.ForeignKeyConstraint(["plan"], ["document.digest"], name="fk_version_plan"),
        sa.ForeignKeyConstraint(["sequence"], ["event.sequence"], name="fk_version_event"),
        sa.ForeignKeyConstraint(
            ["day", "parent"], ["version.day", "version.version"], name="fk_version_parent"
        ),
        sa.UniqueConstraint("sequence", name="uq_version_event"),
    )


def downgrade() -> None:
    """Refuse: a log is never thrown away by a program.

    Raises
    ------
    RuntimeError
        Always.
    """
    raise RuntimeError("the first form of a store has no form before it")
