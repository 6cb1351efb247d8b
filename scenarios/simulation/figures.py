"""Means with intervals, and what policies have over others, pair by pair in the same worlds."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from scipy import stats

CONFIDENCE: Final = 0.95

MEASURES: Final[Mapping[str, str]] = {
    "kept_share": "share", "served": "visits", "emergency_answer_min": "min",
    "emergency_arrival_min": "min", "emergencies_in_15_min": "visits", "eta_moves": "times",
    "technician_changes": "times", "overtime_h": "h", "work_h": "h", "km": "km",
    "price_fen": "fen",
}  # fmt: skip
"""What is measured per day, and its unit."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean with its 95 % interval (Student's t); low = high = mean for a single value.

    Attributes
    ----------
    count
        How many values there are.
    """

    mean: float
    low: float
    high: float
    count: int

    @property
    def excludes_zero(self) -> bool:
        """Whether the interval lies on one side of 0."""
        return self.low > 0 or self.high < 0


def interval(values: Sequence[float]) -> Interval | None:
    """Return the mean of values and its interval, None without values."""
    count = len(values)
    if count == 0:
        return None
    mean = math.fsum(values) / count
    if count == 1:
        return Interval(mean, mean, mean, 1)
    spread = math.sqrt(math.fsum((v - mean) ** 2 for v in values) / (count - 1))
    half = float(stats.t.ppf((1 + CONFIDENCE) / 2, count - 1)) * spread / math.sqrt(count)
    return Interval(mean, mean - half, mean + half, count)


def by_policy(days: Iterable[Mapping[str, Any]]) -> dict[str, dict[int, Mapping[str, Any]]]:
    """Return day rows by policy and replication."""
    found: dict[str, dict[int, Mapping[str, Any]]] = defaultdict(dict)
    for row in days:
        found[row["policy"]][row["replication"]] = row
    return dict(found)


def means(rows: Iterable[Mapping[str, Any]], measure: str) -> Interval | None:
    """Return the interval of a measure over days; days without one (no emergency) left out."""
    return interval([float(row[measure]) for row in rows if row[measure] is not None])


def difference(
    ours: Mapping[int, Mapping[str, Any]], theirs: Mapping[int, Mapping[str, Any]], measure: str
) -> Interval | None:
    """Return ours minus theirs, replication by replication."""
    pairs = [(ours[r][measure], theirs[r][measure]) for r in sorted(ours.keys() & theirs.keys())]
    return interval([float(a) - float(b) for a, b in pairs if a is not None and b is not None])


def summarize(days: Sequence[Mapping[str, Any]], reference: str | None = None) -> dict[str, Any]:
    """Return means by policy, and differences of every other policy to a reference.

    Parameters
    ----------
    reference
        A policy; None takes the first one.
    """
    groups = by_policy(days)
    base = reference if reference in groups else next(iter(groups), None)
    policies = {
        name: {m: _plain(means(rows.values(), m)) for m in MEASURES}
        for name, rows in groups.items()
    }
    differences = {
        name: {m: _plain(difference(rows, groups[base], m)) for m in MEASURES}
        for name, rows in groups.items()
        if base is not None and name != base
    }
    return {"confidence": CONFIDENCE, "policies": policies, "reference": base,
            "differences": differences}  # fmt: skip


def _plain(found: Interval | None) -> dict[str, float] | None:
    return None if found is None else asdict(found)
