"""Convergence of ``servicenet bench routing`` as a picture (matplotlib, extra ``bench``)."""

from __future__ import annotations

import importlib
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from scenarios.bench.routing_gaps import Run, find_gap_at, reference_runs
from scenarios.errors import DataUnavailable
from scenarios.instances import Objective

FIRST_S: Final = 0.1
"""Left end of the chart."""

POINTS: Final = 80

TICKS_S: Final = (0.1, 0.3, 1, 3, 10, 30, 100, 300)

MOST_PERCENT: Final = 25.0
"""Larger gaps are not drawn: plans that leave customers out are off every scale."""


def mean_curves(
    runs: Sequence[Run], objective: Objective, budget_s: float
) -> dict[str, tuple[list[float], list[float]]]:
    """Return seconds and mean gaps in percent per engine.

    A curve begins when every run of its engine has a plan; engines that do not tell when they
    found theirs have none.
    """
    references = reference_runs(runs, objective)
    engines: defaultdict[str, list[Run]] = defaultdict(list)
    for run in runs:
        if not run.answer.faults:
            engines[run.engine].append(run)
    curves: dict[str, tuple[list[float], list[float]]] = {}
    for engine, members in engines.items():
        seconds: list[float] = []
        means: list[float] = []
        for at in np.geomspace(min(FIRST_S, budget_s), budget_s, POINTS):
            gaps = [find_gap_at(run, references[run.case.name], float(at)) for run in members]
            known = [gap for gap in gaps if gap is not None]
            if len(known) == len(members):
                seconds.append(float(at))
                means.append(sum(known) / len(known))
        if seconds:
            curves[engine] = (seconds, means)
    return curves


def draw_chart(
    runs: Sequence[Run], objective: Objective, budget_s: float, title: str, path: Path
) -> None:
    """Draw the mean gap of every engine over time and write it to ``path``.

    Raises
    ------
    DataUnavailable
        If matplotlib is not installed.
    """
    try:
        figures: Any = importlib.import_module("matplotlib.figure")
    except ImportError as error:
        raise DataUnavailable("matplotlib is missing; pip install 'servicenet[bench]'.") from error
    figure = figures.Figure(figsize=(7, 4.2), layout="constrained")
    axes = figure.subplots()
    for engine, (seconds, gaps) in mean_curves(runs, objective, budget_s).items():
        shown = [gap if gap <= MOST_PERCENT else float("nan") for gap in gaps]
        axes.plot(seconds, shown, label=engine, linewidth=1.8)
    axes.set(xscale="log", xlabel="seconds", ylabel="mean gap, %", title=title)
    axes.set_xlim(min(FIRST_S, budget_s), budget_s)
    axes.set_ylim(bottom=0)
    ticks = [tick for tick in TICKS_S if tick <= budget_s]
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.set_xticks([], minor=True)
    axes.grid(visible=True, alpha=0.25)
    axes.legend(frameon=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=150)
