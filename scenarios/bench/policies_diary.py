"""Rows of simulated days in a file as soon as they are known, so that a long bench can go on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from dispatch.planning.travel import travel_digest
from scenarios.bench.day_rows import Case
from scenarios.simulation.chances import Chances


def world_digest(case: Case, chances: Chances, seed: int) -> str:
    """Return a name of day, travel, chances and seed; the program is not part of it."""
    words = (case.day.model_dump_json(), travel_digest(case.table), repr(chances), str(seed))
    return hashlib.sha256("\n".join(words).encode()).hexdigest()[:16]


class Diary:
    """Rows of simulated days, in a file as soon as they are known.

    Parameters
    ----------
    path
        JSON lines; None keeps the rows in memory alone.
    key
        Of what is simulated; rows of other keys are left alone.

    Attributes
    ----------
    rows
        Of this key, by replication and policy.
    """

    def __init__(self, path: Path | None, key: str) -> None:
        self._path, self._key = path, key
        text = path.read_text("utf-8") if path is not None and path.exists() else ""
        known = [row for row in map(json.loads, text.splitlines()) if row["key"] == key]
        self.rows = {(row["replication"], row["policy"]): row for row in known}

    def write(self, row: Mapping[str, Any]) -> None:
        """Add a row."""
        self.rows[row["replication"], row["policy"]] = dict(row)
        if self._path is not None:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps({"key": self._key, **row}) + "\n")

    def find(self, policies: Sequence[str], replications: int) -> list[dict[str, Any]]:
        """Return the rows of some policies, replication by replication."""
        wanted = [(r, name) for r in range(1, replications + 1) for name in policies]
        return [self.rows[one] for one in wanted]
