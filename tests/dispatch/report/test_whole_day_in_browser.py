"""The page of a day with everything, in a real browser: days, hours, parts, crews, links."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dispatch.adapters.map_links import build_links
from dispatch.adapters.report import ReportSource, write_report
from dispatch.adapters.route_lines import trace_routes
from dispatch.planning.rush_hours import summarize_hours
from geo.estimated import EstimatedTravel
from tests.browser import BrowserPage, browsing, needs_browser
from tests.report_days import reported
from tests.whole_reports import WholeReport, whole_report, write_whole_report

pytestmark = needs_browser

Made = tuple[WholeReport, Path]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    report = whole_report()
    assert report.verdict.ok, [one.text for one in report.verdict.violations]
    path = tmp_path_factory.mktemp("whole") / "report.html"
    write_whole_report(path, report)
    return report, path


@pytest.fixture(scope="module")
def tab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserPage]:
    with browsing(tmp_path_factory.mktemp("browser")) as tab:
        yield tab


@pytest.fixture
def page(made: Made, tab: BrowserPage) -> BrowserPage:
    """Open the page anew: nothing chosen before is left."""
    tab.media("")
    tab.open(made[1])
    return tab


def show(page: BrowserPage, visit: str) -> str:
    """Find a visit by its id and return what the panel says of it."""
    page.evaluate(
        "(() => { const b = document.querySelector('#panel .panel-head .tool');"
        "if (b) b.click(); const c = document.querySelector('#panel .panel-head .tool');"
        "if (c) c.click(); const s = document.querySelector('#panel input');"
        f"s.value = '{visit}'; s.dispatchEvent(new Event('input')); }})()"
    )
    page.click("#panel .panel-body .person")
    assert visit in page.text("#panel h2")
    return page.text("#panel")


def test_one_day_is_shown_at_a_time_and_all_on_demand(page: BrowserPage) -> None:
    assert page.texts("#days button") == ["Mon, Mar 2", "Tue, Mar 3", "All days"]
    lanes = "#lanes .lane .lane-name b"
    # T1 and T2 work on Monday, T1 alone on Tuesday; T1's visit of Tuesday is V5.
    assert page.texts(lanes) == ["T1", "T2"]
    page.click("#days button", 1)
    assert page.texts(lanes) == ["T1"]
    assert page.count('#lanes .job[data-visit="V5"]') == 1
    assert page.count("#panel .panel-body .person") == 1
    page.click("#days button", 2)
    assert page.texts(lanes) == ["T1 Mon", "T1 Tue", "T2 Mon"]


def test_a_visit_of_another_day_brings_its_day(page: BrowserPage) -> None:
    assert "Tue 08:" in show(page, "V5")
    pressed = page.texts('#days button[aria-pressed="true"]')
    assert pressed == ["Tue, Mar 3"]


def test_a_pick_up_is_on_timeline_and_map_with_outlet_and_parts(page: BrowserPage) -> None:
    assert page.count("#lanes .job.pickup") == 1
    page.click("#lanes .job.pickup")
    tip = page.text("#tip")
    assert "Pick-up · O2" in tip
    assert "valve × 2" in tip
    assert "Pick-up · O2" in page.text("#panel")
    page.click("#panel .panel-head button")
    x, y = next(o["at"] for o in page.data()["outlets"] if o["id"] == "O2")
    page.wait_for("!!document.getElementById('canvas').dataset.view")
    k = float(page.evaluate("document.getElementById('canvas').dataset.view.split(' ')[2]"))
    # The mark stands 16 pixels right of the outlet's and 12 above.
    page.click_map(x + 16 / k, y - 12 / k)
    page.wait_for("document.getElementById('panel').innerText.includes('valve × 2')")


def test_each_of_a_crew_is_shown_with_the_others_and_the_wait(page: BrowserPage) -> None:
    assert page.count('#lanes .job.crew[data-visit="V3"]') == 2
    page.click('#lanes .job.crew[data-visit="V3"]', 1)
    panel = page.text("#panel")
    assert "technician 2 of 2" in panel
    assert "Together with" in panel
    page.click('#lanes .job.crew[data-visit="V3"]', 0)
    assert "technician 1 of 2" in page.text("#panel")
    # Both lanes show the visit as chosen, and the visit linked to it.
    assert page.count('#lanes .job.sel[data-visit="V3"]') == 2
    assert page.count('#lanes .job.kin[data-visit="V4"]') == 1


def test_a_wait_at_the_door_is_not_a_wait_for_the_promise(page: BrowserPage) -> None:
    held = [
        stop
        for person in page.data()["technicians"]
        for stop in person.get("route", {"stops": []})["stops"]
        if stop["kind"] == "visit" and stop["t"][2] > stop["t"][1]
    ]
    assert held
    assert page.count("#lanes .hold") == len([s for s in held if s["visit"] != "V5"])


def test_links_say_the_gap_asked_for_and_the_gap_kept(page: BrowserPage, made: Made) -> None:
    stops = {(s.visit, s.crew): s for route in made[0].plan.routes for s in route.stops}
    ends = max(stops["V3", 1].end, stops["V3", 2].end)
    minutes = round((stops["V4", 0].start - ends).total_seconds() / 60)
    panel = show(page, "V4")
    assert "Comes after" in panel
    assert f"V3 at least 10 min later · same technician · here {minutes} min" in panel
    assert "Comes before" in show(page, "V3")


def test_rush_hours_are_bands_and_a_table(page: BrowserPage, made: Made) -> None:
    states = summarize_hours(made[0].day, made[0].table)
    assert len(states) > 2
    assert page.count("#rush-body tbody tr") == len(states)
    shown = page.text("#rush-body")
    for state in states:
        assert f"{100 / state['times_free_flow']:.0f} %" in shown
    assert "Bridge 50 %" in shown
    slow = {round(100 / state["times_free_flow"]) for state in states} - {100}
    labels = {int(text.rstrip("%")) for text in page.texts("#lanes .speed") if text}
    assert labels
    assert labels <= slow
    assert page.count("#lanes .lane .band") > 0


def test_parts_shares_and_dates_are_told(page: BrowserPage) -> None:
    figures = page.texts("#parts-body .stats b")
    assert figures == ["4", "1", "2", "1"]
    rows = page.texts("#parts-body tbody tr")
    assert [row.split("\t")[:4] for row in rows] == [
        ["O2", "gasket", "5", "—"], ["O2", "valve", "2", "2"],
    ]  # fmt: skip
    assert "from Mar 4" in rows[0]
    assert page.texts("#fair-body tbody tr td:first-child") == ["T1", "T2"]
    assert "Parts at the earliest Wed, Mar 4" in page.text("#unassigned-body")
    kpis = page.texts("#kpis .kpi .name")
    assert len(kpis) == 7
    # Three of four units: the gasket of V7 is missing.
    assert "75.0 %" in page.texts("#kpis .kpi .big")[kpis.index("Parts at hand")]
    clauses = page.text("#standard-body")
    assert all(name in clauses for name in ("T259-7.3-a", "T259-7.3-b", "T259-8.4"))


def test_what_misses_a_clause_is_a_click_away(page: BrowserPage) -> None:
    rows = page.texts("#standard-body li")
    nth = next(i for i, text in enumerate(rows) if "T259-7.3-a" in text)
    number = sum("not met" in text for text in rows[:nth])
    page.click("#standard-body .failing summary", number)
    assert "V7" in page.texts("#standard-body li")[nth]
    page.evaluate(
        "[...document.querySelectorAll('#standard-body .failing button')]"
        ".find((b) => b.innerText === 'V7').click()"
    )
    assert "V7" in page.text("#panel h2")


def test_limits_and_pace_of_a_person_are_said(page: BrowserPage) -> None:
    page.click("#lanes .lane-name", 0)
    panel = page.text("#panel")
    assert "at most 4 visits" in panel
    assert "On the van: valve × 1" in panel
    page.click("#lanes .lane-name", 1)
    assert "takes 150 % of the usual time" in page.text("#panel")


def test_links_of_the_page_are_those_of_the_other_outputs(page: BrowserPage, made: Made) -> None:
    show(page, "V2")
    place = made[0].day.visits[1].place
    found = page.evaluate("[...document.querySelectorAll('.map-links a')].map((a) => a.href)")
    assert found == list(build_links(place.lon, place.lat, "V2").values())
    hostile = "a&b'(c)!* 工单"
    name = page.evaluate(
        "(() => { const a = document.querySelector('.map-links a');return [a.target, a.rel]; })()"
    )
    assert name == ["_blank", "noopener noreferrer"]
    assert "'" not in build_links(place.lon, place.lat, hostile)["amap"]


def test_the_page_speaks_chinese_everywhere(page: BrowserPage) -> None:
    page.click("#lang")
    assert page.texts("#days button") == ["3月2日周一", "3月3日周二", "全部日期"]
    for selector, word in (
        ("#parts h2", "备件来源"), ("#fair h2", "工作量均衡"), ("#rush h2", "高峰时段"),
        ("#keys", "取件"), ("#unassigned-body", "备件最早"),
    ):  # fmt: skip
        assert word in page.text(selector)
    assert "同行技师" in show(page, "V3")


def test_paper_has_the_parts_and_no_links(page: BrowserPage) -> None:
    page.click("#table-details summary")
    page.wait_for("document.getElementById('table-body').innerText.includes('valve × 2')")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.count("#lanes .lane") == 3
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.count("#lanes .lane") == 2
    assert page.texts('#days button[aria-pressed="true"]') == ["Mon, Mar 2"]
    assert page.print_pages().startswith(b"%PDF")
    page.media("print")
    assert {page.display(one) for one in (".tools", "#days", "#panel")} == {"none"}


def test_on_a_phone_nothing_is_wider_than_the_screen(made: Made, page: BrowserPage) -> None:
    page.open(made[1], width=400, height=800)
    assert page.evaluate("document.documentElement.scrollWidth") <= 400


def test_a_plain_day_shows_none_of_it(tmp_path: Path, tab: BrowserPage) -> None:
    plain = reported()
    lines = trace_routes(plain.day, plain.plan, EstimatedTravel())
    write_report(tmp_path / "plain.html", ReportSource(plain.day, plain.plan, lines))
    tab.media("")
    tab.open(tmp_path / "plain.html")
    hidden = ("#days", "#parts", "#fair", "#rush", ".two.even")
    assert {tab.display(one) for one in hidden} == {"none"}
    assert tab.count("#lanes .band") == tab.count("#lanes .hold") == tab.count(".pickup") == 0
    assert tab.count("#kpis .kpi") == 6
