"""The page of a proposal in a real browser: opens offline, answers clicks, both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from dispatch.adapters.files.network_file import read_network_file
from dispatch.adapters.layout_report.page import write_layout_report
from dispatch.adapters.layout_report.payload import LayoutSource
from geo.build import build_network
from geo.candidates import CandidateOptions
from geo.profiles import get_profile
from scenarios.layout import Layout, make_layout
from scenarios.layout_question import LayoutWishes
from scenarios.metropolis import generate_metropolis
from scenarios.network_city import write_metropolis
from solver.stop import MaxIterations
from tests.browser import BrowserPage, browsing, needs_browser

pytestmark = needs_browser

Made = tuple[Layout, Path]

STAFFING = [
    {"site": "O1", "kind": "add_technicians", "load": 42, "capacity": 30, "technicians": 3,
     "level": "", "gain": 12, "cost": 900_000, "why": {"en": "Too few.", "zh": "人手不足。"}},
    {"site": "O2", "kind": "upgrade", "load": 55, "capacity": 30, "technicians": 0, "level": "A",
     "gain": 25, "cost": 500_000, "why": {"en": "Too small.", "zh": "规模不足。"}},
]  # fmt: skip

DAYS = {
    "count": 12, "visits": 60, "technicians": 10, "estimated_travel": False, "confidence": 0.95,
    "measures": [
        {"key": "kept", "unit": "visits", "today": 51.0, "after": 55.5, "difference": 4.5,
         "low": 2.25, "high": 6.75},
        {"key": "km", "unit": "km", "today": 812.0, "after": 700.0, "difference": -112.0,
         "low": -150.0, "high": -74.0},
        {"key": "price", "unit": "money", "today": 9000.0, "after": 9100.0, "difference": 100.0,
         "low": -50.0, "high": 250.0},
    ],
}  # fmt: skip

COMPLETE = {
    "extra_cost": 35_000_000, "extra_bound": 30_000_000, "status": "feasible", "opens": 7,
    "closes": 1, "unreachable": {"points": 3, "weight": 120, "farthest_m": 4200, "largest": []},
}  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("town")
    city = generate_metropolis(7, extent_km=20.0, towns=3, outlets=5)
    path, _ = write_metropolis(city, folder)
    roads = build_network(city.roads, get_profile("car"))
    options = CandidateOptions(gaps=10, circles=10, roads=60)
    wishes = LayoutWishes(budget=10_000_000, points=3, options=options)
    layout = make_layout(read_network_file(path), roads, wishes, stop=MaxIterations(150))
    layout.document["staffing"] = STAFFING
    layout.document["targets"] = [{"part": "zone", "name": "urban", "share": 0.5}]
    layout.document["goal"] = {"kind": "worst", "by": "zone", "today": 250_000}
    layout.document["proposal"]["goal"] = {"value": 500_000, "bound": 625_000}
    layout.document["days"] = DAYS
    layout.document["complete"] = COMPLETE
    demand = layout.question.demand
    source = LayoutSource(
        layout.document, "Town", demand.lonlat, demand.weight, layout.today.covered,
        layout.after.covered, roads, demand, (layout.today, layout.after),
    )  # fmt: skip
    write_layout_report(folder / "layout.html", source)
    return layout, folder / "layout.html"


@pytest.fixture
def page(made: Made, tmp_path: Path) -> Iterator[BrowserPage]:
    with browsing(tmp_path) as page:
        page.open(made[1])
        yield page


def test_every_part_of_the_page_is_filled(page: BrowserPage, made: Made) -> None:
    document = made[0].document
    total, covered = document["demand"]["weight"], document["proposal"]["covered"]
    assert f"to {100 * covered / total:.1f} %" in page.text("#lead")
    assert page.count("#kpis .kpi") == 6
    assert page.count("#order-body tbody tr") == len(document["steps"]) > 0
    assert page.count("#robust-body tbody tr") >= 1
    areas = page.texts("#areas-body tbody td:first-child")
    assert areas[:3] == ["urban", "suburban", "rural"]
    assert set(areas[3:]) <= set(made[0].question.demand.districts)


def test_the_curve_has_its_band_and_a_point_for_each_budget(page: BrowserPage, made: Made) -> None:
    curve = made[0].document["curve"]
    assert page.count("#curve-body svg circle") == len(curve)
    assert page.count("#curve-body svg .band") == page.count("#curve-body svg .bound") == 1
    width = page.evaluate("document.querySelector('#curve-body svg').getBoundingClientRect().width")
    assert width > 300
    assert page.count("#curve-body tbody tr") == len(curve)
    assert page.count("#curve-body tbody tr.pick") == 1


def test_a_click_on_an_action_says_why_and_a_second_one_folds_it(
    page: BrowserPage, made: Made
) -> None:
    document = made[0].document
    first = document["actions"][document["steps"][0]["action"]]
    page.click("#panel button.action")
    assert page.texts("#panel .why p") == first["why"]["en"]
    page.click("#panel button.action")
    assert page.count("#panel .why") == 0


def test_a_click_on_the_mark_of_an_opened_outlet_unfolds_its_action(
    page: BrowserPage, made: Made
) -> None:
    opened = next(site for site in page.data()["sites"] if site["after"] and not site["today"])
    page.click_map(*opened["at"])
    page.wait_for("!!document.querySelector('#panel .why')")
    assert opened["id"] in page.text("#panel .action[aria-expanded=true] .what")


def test_a_click_on_a_square_shows_the_nearest_outlet_today_and_after(
    page: BrowserPage, made: Made
) -> None:
    layout = made[0]
    data = page.data()
    sites = [site["at"] for site in data["sites"]]

    def free(cell: list[int]) -> bool:  # no mark in the way, and inside the first look
        gaps = [abs(cell[0] - x) + abs(cell[1] - y) for x, y in sites]
        return 1500 < min(gaps) < 3500

    number = next(i for i, cell in enumerate(data["cells"]) if free(cell))
    page.click_map(*data["cells"][number][:2])
    page.wait_for("document.getElementById('panel').innerText.includes('Square of demand')")
    shown = page.text("#panel")
    points, today, after = data["points"][number]
    for nearest, meters, _ in (today, after):
        # An outlet of today is called "O04 · Outlet 4", a new one "N1".
        pattern = rf"{nearest}( · Outlet \d+)? · {meters / 1000:.1f} km"
        assert re.search(pattern, shown)
        assert nearest in layout.document["proposal"]["sites"] + layout.document["today"]["sites"]
    assert points >= 1


def test_staff_and_levels_are_told_with_load_capacity_and_price(page: BrowserPage) -> None:
    rows = page.texts("#panel .action.staff")
    assert "More technicians at O1: 3" in rows[0]
    assert "42 a day, 30 possible" in rows[0]
    assert "Upgrade O2 to A" in rows[1]
    assert "Too small." in rows[1]


def test_a_target_of_a_zone_is_shown_beside_what_is_reached(page: BrowserPage) -> None:
    assert page.texts("#areas-body tbody tr:first-child .chip") == ["50.0 %"]


def test_simulated_days_say_what_is_better_and_what_may_be_chance(page: BrowserPage) -> None:
    assert "12 days of 60 visits" in page.text("#days-line")
    rows = {row.split("\t")[0]: row for row in page.texts("#days-body tbody tr")}
    assert list(rows) == ["Promises kept", "Kilometers", "Price"]
    assert "+4.5" in rows["Promises kept"]
    assert "+2.3 … +6.8" in rows["Promises kept"]
    chips = page.texts("#days-body .chip")
    # Kept: more is better, and zero is outside. Kilometers: fewer is better. Price: zero is inside.
    assert chips == ["better", "better", "may be chance"]


def test_what_reaching_everybody_takes_stands_below_the_curve(page: BrowserPage) -> None:
    text = page.text("#curve-body .complete")
    assert "¥35M more over 5 years (7 opened, 1 closed); less than ¥30M cannot" in text
    assert "120 people at 3 points are out of reach" in text
    assert "4.2 km" in text


def test_a_goal_of_its_own_is_told_with_its_bound(page: BrowserPage) -> None:
    text = page.text("#goal")
    assert "from 25.00 % to 50.00 %" in text
    assert "above 62.50 %" in text


def test_today_and_proposal_and_each_layer_are_other_pictures(page: BrowserPage) -> None:
    for selector in ("#show-today", "#show-after", "#layers [data-layer=demand]",
                     "#layers [data-layer=radius]"):  # fmt: skip
        before = page.picture_of_map()
        page.click(selector)
        page.wait_for(f"document.getElementById('canvas').toDataURL() !== {before!r}")


def test_the_language_button_turns_every_word(page: BrowserPage, made: Made) -> None:
    page.click("#panel button.action")
    page.click("#lang")
    assert page.evaluate("document.documentElement.lang") == "zh-CN"
    document = made[0].document
    first = document["actions"][document["steps"][0]["action"]]
    assert page.texts("#panel .why p") == first["why"]["zh"]
    assert page.text("#curve h2") == "预算与覆盖率"
    assert "覆盖率由" in page.text("#lead")


def test_on_paper_the_table_is_open_and_controls_are_gone(page: BrowserPage) -> None:
    assert not page.evaluate("document.getElementById('table-details').open")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate("document.getElementById('table-details').open")
    page.media("print")
    assert {page.display(one) for one in (".tools", "#layers", ".switch")} == {"none"}
    assert page.print_pages().startswith(b"%PDF")
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert not page.evaluate("document.getElementById('table-details').open")


def test_on_a_phone_nothing_is_wider_than_the_screen(made: Made, tmp_path: Path) -> None:
    with browsing(tmp_path) as page:
        page.open(made[1], width=400, height=800)
        assert page.evaluate("document.documentElement.scrollWidth") <= 400
