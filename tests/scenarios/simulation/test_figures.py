"""Intervals, differences, files and the command."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from dispatch.adapters.files import write_day
from dispatch.cli.exit_codes import Exit
from scenarios import simulate
from scenarios.bench.policies import verdict
from scenarios.simulation.figures import difference, interval, summarize
from scenarios.simulation.page import build_page
from tests.simulated_day import make_day


def _days(policy: str, kept: list[float], price: list[int]) -> dict[int, dict[str, Any]]:
    return {
        i: {"policy": policy, "replication": i, "kept_share": share, "price_fen": fen}
        for i, (share, fen) in enumerate(zip(kept, price, strict=True), start=1)
    }


def test_an_interval_is_students() -> None:
    found = interval([1.0, 2.0, 3.0])
    assert found is not None
    # mean 2, standard deviation 1, t(0.975, 2) = 4.303: half width 4.303 / sqrt(3) = 2.484
    assert (found.mean, found.count) == (2.0, 3)
    assert found.low == pytest.approx(2 - 2.484, abs=1e-3)
    assert not found.excludes_zero


def test_an_interval_of_one_value_is_that_value_and_of_none_is_none() -> None:
    assert interval([]) is None
    one = interval([4.0])
    assert one is not None
    assert (one.low, one.high) == (4.0, 4.0)


def test_differences_are_taken_replication_by_replication() -> None:
    ours, theirs = _days("a", [0.9, 0.7], [1, 1]), _days("b", [0.8, 0.6], [1, 1])
    found = difference(ours, theirs, "kept_share")
    assert found is not None
    # Both differ by 0.1, however different the days are: no spread at all.
    assert found.low == pytest.approx(0.1)
    assert found.high == pytest.approx(0.1)


def test_promises_are_at_stake_where_the_better_baseline_keeps_60_to_98_percent() -> None:
    groups = {
        "greedy_nearest": _days("greedy_nearest", [0.80, 0.82], [100, 120]),
        "cheapest_insertion": _days("cheapest_insertion", [0.50, 0.60], [90, 90]),
        "ours_all": _days("ours_all", [0.90, 0.92], [80, 100]),
    }
    found = verdict(groups)
    assert (found["baseline"], found["at_stake"], found["passed"]) == (
        "greedy_nearest", True, True,
    )  # fmt: skip
    groups["ours_all"] = _days("ours_all", [0.90, 0.92], [110, 130])
    assert verdict(groups)["passed"] is False  # dearer
    groups["greedy_nearest"] = _days("greedy_nearest", [0.99, 0.99], [100, 120])
    assert verdict(groups)["passed"] is None  # nothing at stake


def _command(words: list[str]) -> int:
    parser = argparse.ArgumentParser()
    simulate.add_arguments(parser)
    return simulate.run(parser.parse_args(words))


@pytest.mark.core
def test_the_command_writes_rows_summary_and_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    day = tmp_path / "day.json"
    write_day(make_day(8, 3), day)
    words = [str(day), "--out", str(tmp_path / "out"), "--replications", "2", "--json"]
    assert _command([*words, "--policy", "greedy_nearest,cheapest_insertion"]) == Exit.OK
    summary = json.loads(capsys.readouterr().out)
    assert list(summary["policies"]) == ["greedy_nearest", "cheapest_insertion"]
    assert summary["policies"]["greedy_nearest"]["kept_share"]["count"] == 2
    rows = pd.read_csv(summary["files"]["visits.csv"])
    assert set(rows["replication"]) == {1, 2}
    assert len(pd.read_csv(summary["files"]["days.csv"])) == 4
    stored = json.loads(Path(summary["files"]["summary.json"]).read_text(encoding="utf-8"))
    assert stored["format"] == "servicenet-simulation/1"
    page = Path(summary["files"]["report.html"]).read_text(encoding="utf-8")
    assert page.count("<svg") == 2


def test_an_unknown_policy_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = [str(tmp_path / "day.json"), "--out", str(tmp_path), "--policy", "luck"]
    assert _command(words) == Exit.INPUT
    assert "luck" in capsys.readouterr().err


def test_the_page_runs_nothing_and_escapes_names() -> None:
    rows = [
        {**row, **dict.fromkeys(_OTHER, 1.0)}
        for row in _days("<script>", [0.9, 0.8], [100, 200]).values()
    ]
    page = build_page({"day": "<b>", "seed": 1, "replications": 2, **summarize(rows)})
    assert "<script" not in page
    assert "&lt;script&gt;" in page


_OTHER = (
    "served", "emergency_answer_min", "emergency_arrival_min", "emergencies_in_15_min",
    "eta_moves", "technician_changes", "overtime_h", "work_h", "km",
)  # fmt: skip
