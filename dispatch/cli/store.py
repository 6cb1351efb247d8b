"""Check, export, restore, migrate or purge the store of live days.

URL is an SQLite file (a path, or sqlite:///FILE) or a PostgreSQL database
(postgresql://USER@HOST/NAME; the password also from PGPASSWORD or ~/.pgpass).
"""

from __future__ import annotations

import argparse
import importlib.util
import io
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING

from dispatch.cli.exit_codes import Exit

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from dispatch.adapters.store import SqlStore
    from dispatch.live.store.rows import Head


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "action",
        choices=("check", "export", "restore", "migrate", "purge"),
        help="check: verify log, versions and documents; export: write FILE as JSON lines; "
        "restore: fill an empty store from FILE; migrate: make a store, or update an older one; "
        "purge: delete what is kept too long, and say what",
    )
    parser.add_argument("url", metavar="URL", help="SQLite file or PostgreSQL URL")
    parser.add_argument("--file", type=Path, metavar="FILE", help="of export and restore")
    parser.add_argument(
        "--keep",
        action="append",
        default=[],
        metavar="KIND=DAYS",
        help="of purge, e.g. customers=90",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Do it and return the exit code."""
    from dispatch.cli.guard import run_guarded

    return run_guarded(lambda: _run(arguments), as_json=arguments.json)


def _run(arguments: argparse.Namespace) -> int:
    _require_extra()
    _require_file(arguments)
    if arguments.action == "migrate":
        from dispatch.adapters.store import migrate_store

        before, after = migrate_store(arguments.url)
        text = f"form {after}" if before == after else f"form {before or 'none'} → {after}"
        return _tell(arguments, text, {"before": before, "after": after})
    with _open(arguments.url) as store:
        if arguments.action == "check":
            return _check(arguments, store)
        if arguments.action == "purge":
            return _purge(arguments, store)
        if arguments.action == "export":
            head = _export(store, arguments.file)
        else:
            head = _restore(store, arguments.file)
    text = f"{head.sequence} events, last hash {head.hash}"
    return _tell(arguments, text, {"events": head.sequence, "hash": head.hash})


def _check(arguments: argparse.Namespace, store: SqlStore) -> int:
    from dispatch.cli.guard import print_faults

    with store.read() as reader:
        head = reader.head()
    faults = store.check_log()
    print_faults(faults)
    verdict = f"{len(faults)} fault(s)" if faults else "the log verifies"
    figures = {
        "events": head.sequence,
        "hash": head.hash,
        "faults": [fault.as_dict() for fault in faults],
    }
    text = f"{head.sequence} events, last hash {head.hash}: {verdict}"
    return _tell(arguments, text, figures, Exit.VIOLATIONS if faults else Exit.OK)


def _purge(arguments: argparse.Namespace, store: SqlStore) -> int:
    from datetime import UTC, datetime

    from dispatch.api.retention import purge

    days: dict[str, int] = {}
    for text in arguments.keep:
        kind, _, number = text.partition("=")
        if not number.isdecimal():
            print(f"servicenet store: --keep {text!r}; expected KIND=DAYS", file=sys.stderr)
            return Exit.USAGE
        days[kind] = int(number)
    done = purge(store, datetime.now(UTC), days)
    lines = [f"{one.kind}: {one.deleted} deleted, before {one.before.date()}" for one in done]
    figures = {one.kind: {"deleted": one.deleted, "before": str(one.before)} for one in done}
    return _tell(arguments, "\n".join(lines), {"purged": figures})


def _export(store: SqlStore, file: Path) -> Head:
    from dispatch.adapters.files.atomic import write_atomically

    heads: list[Head] = []

    def write(binary: IO[bytes]) -> None:
        text = io.TextIOWrapper(binary, encoding="ascii", newline="\n")
        heads.append(store.export_log(text))
        text.flush()
        text.detach()

    write_atomically(file, write, private=True)  # days name customers
    return heads[0]


def _restore(store: SqlStore, file: Path) -> Head:
    with file.open(encoding="utf-8", newline="\n") as lines:
        return store.restore_log(lines)


def _open(url: str) -> AbstractContextManager[SqlStore]:
    from contextlib import closing

    from dispatch.adapters.store import open_store
    from dispatch.live.kinds import KINDS

    return closing(open_store(url, KINDS))


def _require_extra() -> None:
    """Name the extra where it is missing, instead of a module nobody asked for.

    Raises
    ------
    StoreError
        S1001.
    """
    from dispatch.errors import StoreError
    from dispatch.live.store.codes import StoreCode, fault

    missing = [name for name in ("sqlalchemy", "alembic") if importlib.util.find_spec(name) is None]
    if missing:
        found, hint = f"{' and '.join(missing)} not installed", "pip install 'servicenet[live]'"
        code = StoreCode.EXTRA_MISSING
        raise StoreError([fault(code, "installation", found, "the extra live", hint)])


def _require_file(arguments: argparse.Namespace) -> None:
    if (arguments.file is None) == (arguments.action in {"export", "restore"}):
        words = "needs" if arguments.file is None else "takes no"
        print(f"servicenet store: {arguments.action} {words} --file FILE", file=sys.stderr)
        raise SystemExit(Exit.USAGE)


def _tell(
    arguments: argparse.Namespace, text: str, figures: dict[str, object], code: Exit = Exit.OK
) -> int:
    from dispatch.cli.guard import print_json

    if arguments.json:
        print_json({"ok": code is Exit.OK, "exit_code": int(code), **figures})
    else:
        print(text)
    return code
