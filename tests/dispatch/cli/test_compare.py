"""``servicenet compare``: folders, plans and orders side by side; figures, page, exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dispatch.adapters.files import write_day
from dispatch.cli.exit_codes import Exit
from dispatch.cli.registry import load_registry
from tests.command_line import Ran, run_here
from tests.days import appointment, technician, tiny_day, visit

EASY = {"T1": ["V1", "V2"], "T2": ["V3"]}
OTHER = {"T1": ["V1"], "T2": ["V2", "V3"]}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    jobs = [visit("V1", promises=(appointment("09:00"),)), visit("V2", 0, 1), visit("V3", 2, 1)]
    write_day(tiny_day(jobs, [technician("T1"), technician("T2")]), tmp_path / "day.json")
    for name, order in (("easy", EASY), ("other", OTHER)):
        (tmp_path / f"{name}.json").write_text(json.dumps(order), encoding="utf-8")
    return tmp_path


def compare(capsys: pytest.CaptureFixture[str], folder: Path, *plans: str) -> Ran:
    words = [folder / "day.json", *(folder / plan for plan in plans)]
    return run_here(capsys, "compare", *words, "--out", folder / "compare.html", "--json")


def test_the_command_is_installed() -> None:
    assert "compare" in load_registry().commands


def test_two_orders_are_timed_judged_and_compared(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    ran = compare(capsys, folder, "easy.json", "other.json")
    assert ran.code == Exit.OK
    found = ran.json
    assert found["ok"] is True
    assert [plan["label"] for plan in found["plans"]] == ["easy", "other"]
    changed = {row["visit"]: row for row in found["visits"]}
    assert changed["V2"]["before"]["who"] == ["T1"]
    assert changed["V2"]["after"]["who"] == ["T2"]
    assert found["tell_technicians"] == ["T1", "T2"]
    totals = [plan["cost"]["total"] for plan in found["plans"]]
    assert found["difference"]["total"] == totals[1] - totals[0]
    assert found["same_travel"] is True
    assert (folder / "compare.html").read_text(encoding="utf-8").startswith("<!doctype html>")


def test_folders_of_plan_are_taken_and_lend_their_travel_to_orders(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    made = run_here(
        capsys,
        "plan",
        folder / "day.json",
        "--out",
        folder / "monday",
        "--iterations",
        50,
        "--json",
    )
    assert made.code == Exit.OK
    (folder / "hand").mkdir()
    (folder / "easy.json").rename(folder / "hand" / "easy.json")
    ran = compare(capsys, folder, "monday", "hand/easy.json")
    assert ran.code == Exit.OK
    assert [plan["label"] for plan in ran.json["plans"]] == ["monday", "easy"]
    assert ran.json["plans"][0]["cost"] == made.json["cost"]
    assert ran.json["same_travel"] is True
    assert ran.json["plans"][0]["travel"] == ran.json["plans"][1]["travel"]


def test_a_plan_against_itself_differs_in_nothing(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    found = compare(capsys, folder, "easy.json", "easy.json").json
    assert (found["changed"], found["tell_customers"], found["visits"]) == (0, [], [])
    assert set(found["difference"].values()) == {0}


def test_a_plan_that_breaks_rules_is_compared_and_told_by_the_exit_code(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    (folder / "bad.json").write_text('{"T1": ["V1", "V1"]}', encoding="utf-8")
    ran = compare(capsys, folder, "easy.json", "bad.json")
    assert ran.code == Exit.VIOLATIONS
    assert ran.json["plans"][1]["violations"]
    assert (folder / "compare.html").exists()


def test_how_far_a_move_is_told_is_an_option(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    words = [folder / "day.json", folder / "easy.json", folder / "other.json"]
    out = ["--out", folder / "compare.html", "--json"]
    near = run_here(capsys, "compare", *words, *out).json
    far = run_here(capsys, "compare", *words, *out, "--tell-after", 600).json
    assert near["tell_customers"]
    assert far["tell_customers"] == []
    assert far["changed"] == near["changed"]


def test_people_read_the_figures_in_a_few_lines(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    words = [folder / "day.json", folder / "easy.json", folder / "other.json"]
    ran = run_here(capsys, "compare", *words, "--out", folder / "compare.html", "--lang", "zh")
    assert "easy -> other" in ran.out
    assert "customers" in ran.out
    assert '<html lang="zh-CN">' in (folder / "compare.html").read_text(encoding="utf-8")


def test_a_missing_plan_is_a_fault_with_its_code(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    ran = compare(capsys, folder, "easy.json", "nowhere.json")
    assert ran.code == Exit.INPUT
    assert ran.json["faults"]
    assert not (folder / "compare.html").exists()
