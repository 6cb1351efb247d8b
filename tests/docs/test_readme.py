"""The Python of the README runs, in a folder of its own and with a tiny limit."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

from dispatch.adapters.files import write_day
from scenarios.generate import generate_day
from tests.docs_pages import ROOT, Block, blocks
from tests.towns import town

README = ROOT / "README.md"


def python_blocks() -> list[Block]:
    return [block for block in blocks(README) if block.language == "python"]


def ten_lines() -> str:
    (block,) = python_blocks()
    return block.text


def test_the_python_of_the_readme_has_ten_lines() -> None:
    assert len([line for line in ten_lines().splitlines() if line]) == 10


def test_the_python_of_the_readme_plans_a_day_and_writes_its_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = ten_lines()
    assert text.count("20_000") == 1
    (tmp_path / "demo-out").mkdir()
    day = generate_day(town(), seed=1, visits=12, technicians=4, outlets=2, emergencies=1)
    write_day(day, tmp_path / "demo-out" / "day.json")
    monkeypatch.chdir(tmp_path)

    exec(compile(text.replace("20_000", "30"), str(README), "exec"), {})  # noqa: S102 - our README

    *_, last = capsys.readouterr().out.splitlines()
    plan = json.loads((tmp_path / "out" / "plan.json").read_text(encoding="utf-8"))
    assert last == f"{plan['status']} {plan['cost']['total']} fen {Path('out', 'report.html')}"
    assert plan["iterations"] == 30
    written = {path.name for path in (tmp_path / "out").iterdir()}
    assert written == {
        "plan.json",
        "plan.gpkg",
        "plan.xlsx",
        "travel.npz",
        "routes.geojson",
        "report.html",
        "calendars",
    }


def test_every_name_the_python_of_the_readme_defines_says_its_type() -> None:
    # Only `travel` does without: its type stands on the right.
    bare = [
        target.id
        for node in ast.walk(ast.parse(ten_lines()))
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    ]
    assert bare == ["travel"]


def test_the_picture_of_the_readme_is_a_small_png() -> None:
    picture = (ROOT / "docs" / "images" / "report.png").read_bytes()
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    assert len(picture) < 300_000
