"""Writes a simulation: one flat row per visit, one per day, a summary, a page."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pandas as pd

from scenarios.errors import DataUnavailable
from scenarios.simulation.page import build_page
from scenarios.simulation.runner import Simulation

VISITS, DAYS, SUMMARY, PAGE = "visits", "days.csv", "summary.json", "report.html"

FORMAT: Final = "servicenet-simulation/1"


def check_parquet() -> None:
    """Raise unless Parquet can be written.

    Raises
    ------
    DataUnavailable
        If pyarrow is not installed.
    """
    if importlib.util.find_spec("pyarrow") is None:
        raise DataUnavailable("Parquet needs pyarrow; pip install 'servicenet[bench]'.")


def write_simulation(
    simulation: Simulation, summary: Mapping[str, Any], folder: Path, *, parquet: bool = False
) -> dict[str, Path]:
    """Write everything into a folder and return the path of each file by its name.

    Parameters
    ----------
    summary
        Of `scenarios.simulation.figures.summarize`, with what the run was.
    parquet
        Visits as Parquet instead of CSV.

    Raises
    ------
    OSError
        If the folder cannot be written.
    DataUnavailable
        If Parquet is asked for and pyarrow is not installed.
    """
    visits = VISITS + (".parquet" if parquet else ".csv")
    if parquet:
        check_parquet()
    folder.mkdir(parents=True, exist_ok=True)
    files = {name: folder / name for name in (visits, DAYS, SUMMARY, PAGE)}
    frame = pd.DataFrame(simulation.visits).convert_dtypes()
    if parquet:
        frame.to_parquet(files[visits], index=False)
    else:
        frame.to_csv(files[visits], index=False)
    pd.DataFrame(simulation.days).to_csv(files[DAYS], index=False)
    document = {"format": FORMAT, **summary}
    text = json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False)
    files[SUMMARY].write_text(text + "\n", encoding="utf-8")
    files[PAGE].write_text(build_page(summary), encoding="utf-8")
    return files
