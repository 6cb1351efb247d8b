"""What a bench returns, and how it looks on a terminal and in a file."""

from __future__ import annotations

import importlib
import json
import os
import platform
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

Value = str | int | float | bool | None
Row = Mapping[str, Value]

PACKAGES = (
    "servicenet",
    "ortools",
    "pyvrp",
    "pyvroom",
    "vrp-cli",
    "pyroutingkit",
    "spopt",
    "numpy",
    "scipy",
)


@dataclass(frozen=True)
class BenchReport:
    """Rows of one bench and what they add up to.

    Parameters
    ----------
    rows
        One mapping per run; all have the same keys.
    summary
        Figures over the rows.
    """

    rows: Sequence[Row]
    summary: Mapping[str, object] = field(default_factory=dict)


class Stopwatch:
    """Wall and CPU seconds since it was made; CPU adds up all threads of this process."""

    def __init__(self) -> None:
        self._wall = time.perf_counter()
        self._cpu = time.process_time()

    def read(self) -> tuple[float, float]:
        """Return (wall, CPU) seconds, to the millisecond."""
        wall, cpu = time.perf_counter() - self._wall, time.process_time() - self._cpu
        return round(wall, 3), round(cpu, 3)


def read_peak_mb() -> float | None:
    """Return the most memory this process has held, MB; None where the platform does not say."""
    try:
        resource = importlib.import_module("resource")
    except ImportError:  # not on Windows
        return None
    peak = int(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
    return round(peak / (1e6 if platform.system() == "Darwin" else 1e3), 1)  # bytes, else KiB


def describe_machine() -> dict[str, object]:
    """Return what the figures depend on: processor, cores, load, versions."""
    packages: dict[str, str] = {}
    for name in PACKAGES:
        try:
            packages[name] = version(name)
        except PackageNotFoundError:
            packages[name] = "not installed"
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    return {
        "platform": platform.platform(),
        "processor": platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "load_1min": load,
        "python": platform.python_version(),
        "packages": packages,
    }


def write_report(name: str, report: BenchReport, command: str, path: Path) -> None:
    """Write the JSON of a bench: name, when, command, machine, rows, summary."""
    document = {
        "name": name,
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": command,
        "machine": describe_machine(),
        "rows": [dict(row) for row in report.rows],
        "summary": report.summary,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def format_table(rows: Sequence[Row]) -> str:
    """Return rows as a table of aligned columns; numbers to the right."""
    if not rows:
        return "(no rows)"
    columns = list(rows[0])
    cells = [[_cell(row.get(column)) for column in columns] for row in rows]
    widths = [
        max(len(column), *(len(line[i]) for line in cells)) for i, column in enumerate(columns)
    ]
    right = [all(isinstance(row.get(c), int | float | None) for row in rows) for c in columns]
    lines = [columns, ["-" * width for width in widths], *cells]
    return "\n".join(
        "  ".join(
            text.rjust(width) if numeric else text.ljust(width)
            for text, width, numeric in zip(line, widths, right, strict=True)
        ).rstrip()
        for line in lines
    )


def _cell(value: Value) -> str:
    if value is None:
        return "-"
    return f"{value:.3f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
