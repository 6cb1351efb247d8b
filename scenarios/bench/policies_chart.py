"""Promises kept by crew as a picture, with 95 % intervals (matplotlib, extra ``bench``)."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from scenarios.bench.report import Row
from scenarios.errors import DataUnavailable

MOST_ABREAST: Final = 3


def lines_of(rows: Sequence[Row]) -> dict[str, dict[str, list[tuple[int, float, float]]]]:
    """Return technicians, percent kept and half its interval, by day and policy."""
    found: dict[str, dict[str, list[tuple[int, float, float]]]] = {}
    for row in rows:
        crew, kept, half = row["technicians"], row["kept_%"], row["kept_±"]
        if kept is not None:
            points = found.setdefault(str(row["day"]), {}).setdefault(str(row["policy"]), [])
            points.append((int(crew or 0), float(kept), float(half or 0.0)))
    return found


def draw_kept(rows: Sequence[Row], path: Path) -> None:
    """Draw one field per day, one line per policy, and write them to ``path``.

    Raises
    ------
    DataUnavailable
        If matplotlib is not installed.
    """
    try:
        figures: Any = importlib.import_module("matplotlib.figure")
    except ImportError as error:
        raise DataUnavailable("matplotlib is missing; pip install 'servicenet[bench]'.") from error
    days = lines_of(rows)
    across = max(1, min(len(days), MOST_ABREAST))
    down = max(1, -(-len(days) // across))
    figure = figures.Figure(figsize=(1 + 3.6 * across, 0.8 + 3 * down), layout="constrained")
    fields = figure.subplots(down, across, squeeze=False, sharey=True).flat
    for field, (day, policies) in zip(fields, days.items(), strict=False):
        for policy, points in policies.items():
            crews, kept, halves = zip(*sorted(points), strict=True)
            field.errorbar(crews, kept, yerr=halves, label=policy, marker="o", capsize=3)
        field.set(title=day, xlabel="technicians", xticks=sorted({p[0] for p in points}))
        field.grid(visible=True, alpha=0.25)
    fields = figure.axes
    fields[0].set(ylabel="promises kept, %", ylim=(None, 100.5))
    fields[0].legend(frameon=False, loc="lower right")
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=150)
