"""``plan.xlsx``: an overview, a sheet per technician, and nothing that runs or names a customer."""

from __future__ import annotations

import re
import zipfile
from html import unescape
from pathlib import Path

from python_calamine import CalamineWorkbook

from dispatch.adapters.map_links import HEADS, find_shifted
from dispatch.adapters.plan_workbook import write_plan_workbook
from tests.days import spot
from tests.report_days import SECRET, reported
from tests.whole_days import DAY, PLAN


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
    # The only links are ours, into map programs.
    links = re.findall(r'relationships/hyperlink" Target="([^"]*)"', text)
    assert links
    assert all(unescape(link).startswith(tuple(HEADS.values())) for link in links)
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


def test_parts_pick_ups_and_crews_are_in_the_workbook(tmp_path: Path) -> None:
    write_plan_workbook(tmp_path / "plan.xlsx", DAY, PLAN)
    found = sheets(tmp_path / "plan.xlsx")
    assert list(found) == ["overview", "contracted", "unassigned", "pickup", "T1 1", "T2", "T1 2"]
    facts = {row[0]: row[1] for row in found["overview"]}
    assert facts["price, yuan"] == PLAN.cost.total / 100  # of fen
    assert facts["status"] == "some visits unassigned"
    assert [facts[word] for word in ("parts needed", "from vans", "picked up", "missing")] == [
        4, 1, 2, 1,
    ]  # fmt: skip
    # V2 needs two valves, V1 has used the one on the van.
    assert [found["pickup"][1][at] for at in (0, 3, 4, 5)] == ["O2", "T1", "valve", 2]
    head, *rows = found["T1 1"]
    stops = {row[1] or row[0]: dict(zip(head, row, strict=True)) for row in rows}
    assert (stops["pickup"]["outlet"], stops["pickup"]["parts"]) == ("O2", "valve x 2")
    assert stops["V3"]["together with"] == "T2"
    assert stops["V4"]["comes after"] == "V3"
    assert found["unassigned"][1][4] == "2026-03-04"


def test_coordinates_come_in_the_datum_asked_for_and_links_always_in_theirs(
    tmp_path: Path,
) -> None:
    shown = {}
    for datum in ("wgs84", "gcj02"):
        path = tmp_path / f"{datum}.xlsx"
        write_plan_workbook(path, DAY, PLAN, datum=datum)
        head, *rows = sheets(path)["T1 1"]
        first = dict(zip(head, rows[1], strict=True))
        shown[datum] = (first["lon"], first["lat"])
        with zipfile.ZipFile(path) as package:
            names = [name for name in package.namelist() if name.endswith("sheet5.xml.rels")]
            text = unescape(package.read(names[0]).decode())
        assert f"position={find_shifted(spot(1).lon, spot(1).lat)[0]:.6f}" in text  # type: ignore[index] # in China
    assert shown["wgs84"] == (spot(1).lon, spot(1).lat)
    assert shown["gcj02"] == find_shifted(spot(1).lon, spot(1).lat)
