"""``plan.xlsx``: an overview, a sheet per technician, and nothing that runs or names a customer."""

from __future__ import annotations

import zipfile
from pathlib import Path

from python_calamine import CalamineWorkbook

from dispatch.adapters.plan_workbook import write_plan_workbook
from tests.report_days import SECRET, reported


def sheets(path: Path) -> dict[str, list[list[object]]]:
    book = CalamineWorkbook.from_path(path)
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}  # type: ignore[misc] # cells are objects


def test_the_overview_counts_what_the_plan_has(tmp_path: Path) -> None:
    made = reported()
    write_plan_workbook(tmp_path / "plan.xlsx", made.day, made.plan)
    found = sheets(tmp_path / "plan.xlsx")
    assert list(found) == ["overview", "contracted", "unassigned", "T1"]
    head, row = next(
        (dict(zip(r, n, strict=True)), n)
        for r, n in zip(found["overview"], found["overview"][1:], strict=False)
        if r[0] == "technician"
    )
    # V1, V2 and E1; V2 comes half an hour late, E1 waits for nobody in this order.
    served = [stop for stop in made.plan.routes[0].stops if stop.visit]
    assert head["visits"] == len(served) == 3
    assert head["late visits"] == sum(stop.lateness_s > 0 for stop in served)
    assert row[0] == "T1"


def test_a_sheet_has_every_stop_in_order_with_its_promise(tmp_path: Path) -> None:
    made = reported()
    write_plan_workbook(tmp_path / "plan.xlsx", made.day, made.plan)
    head, *rows = sheets(tmp_path / "plan.xlsx")["T1"]
    stops = [dict(zip(head, row, strict=True)) for row in rows]
    assert [stop["stop"] for stop in stops] == [s.kind for s in made.plan.routes[0].stops]
    assert [stop["visit"] for stop in stops if stop["visit"]] == ["V1", "V2", "E1"]
    late = next(stop for stop in stops if stop["visit"] == "V2")
    assert late["late, min"] == 30
    assert str(late["promised until"]) == f"{made.day.date} 08:30:00"


def test_the_workbook_speaks_chinese(tmp_path: Path) -> None:
    made = reported()
    write_plan_workbook(tmp_path / "plan.xlsx", made.day, made.plan, language="zh")
    found = sheets(tmp_path / "plan.xlsx")
    assert next(iter(found)) == "总览"
    assert "没有人具备 gas 技能" in found["未分配"][1]


def test_no_text_runs_and_no_customer_is_named(tmp_path: Path) -> None:
    evil = '=HYPERLINK("http://evil","x")'
    made = reported(technician=evil, outlet="@SUM(1)", found="+1")
    write_plan_workbook(tmp_path / "plan.xlsx", made.day, made.plan)
    with zipfile.ZipFile(tmp_path / "plan.xlsx") as package:
        text = b"".join(package.read(name) for name in package.namelist()).decode(errors="replace")
    assert "<f>" not in text
    assert "<hyperlink" not in text
    assert not [word for word in SECRET if word in text]
    assert evil in [cell for row in sheets(tmp_path / "plan.xlsx")["overview"] for cell in row]


def test_names_of_technicians_that_no_sheet_may_have_are_changed(tmp_path: Path) -> None:
    made = reported()
    people, routes = [], []
    for name in ("a/b:c", "A?B*C", "x" * 40, "x" * 41, "History", "overview"):
        people.append(made.day.technicians[0].model_copy(update={"id": name}))
        routes.append(made.plan.routes[0].model_copy(update={"technician": name}))
    day = made.day.model_copy(update={"technicians": tuple(people)})
    plan = made.plan.model_copy(update={"routes": tuple(routes)})
    write_plan_workbook(tmp_path / "plan.xlsx", day, plan)
    names = list(sheets(tmp_path / "plan.xlsx"))
    assert names[3:] == [
        "a_b_c", "A_B_C (2)", "x" * 31, f"{'x' * 27} (2)", "History (2)", "overview (2)",
    ]  # fmt: skip
