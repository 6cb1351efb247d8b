"""Log, versions and documents can be added to and not changed, whoever asks the database."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = ("event", "version", "document")

SQLITE = (
    "CREATE TRIGGER {table}_not_{verb} BEFORE {VERB} ON {table} "
    "BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
)
FUNCTION = """
CREATE FUNCTION servicenet_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$
"""
POSTGRES = (
    "CREATE TRIGGER {table}_not_{verb} BEFORE {VERB} ON {table} "
    "FOR EACH {each} EXECUTE FUNCTION servicenet_append_only()"
)


def upgrade() -> None:
    """Make the triggers."""
    if op.get_bind().dialect.name == "sqlite":
        for table in TABLES:
            for verb in ("update", "delete"):
                op.execute(SQLITE.format(table=table, verb=verb, VERB=verb.upper()))
        return
    op.execute(FUNCTION)
    for table in TABLES:
        for verb, each in (("update", "ROW"), ("delete", "ROW"), ("truncate", "STATEMENT")):
            op.execute(POSTGRES.format(table=table, verb=verb, VERB=verb.upper(), each=each))


def downgrade() -> None:
    """Drop the triggers."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table in TABLES:
        for verb in ("update", "delete") if sqlite else ("update", "delete", "truncate"):
            where = "" if sqlite else f" ON {table}"
            op.execute(f"DROP TRIGGER {table}_not_{verb}{where}")
    if not sqlite:
        op.execute("DROP FUNCTION servicenet_append_only()")
