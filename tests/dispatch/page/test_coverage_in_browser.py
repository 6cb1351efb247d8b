"""The coverage page in a real browser: opens offline, answers clicks, speaks both languages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dispatch.adapters.coverage_report import write_coverage_report
from dispatch.adapters.files.network_file import read_network_file
from dispatch.planning.network_audit import NetworkAudit, audit_network
from geo.network import RoadNetwork
from geo.reach import RoadReach
from geo.zones import RoadDensity
from tests.browser import BrowserPage, browsing, needs_browser
from tests.network_files import write_network
from tests.networks import make_network

pytestmark = needs_browser

Made = tuple[NetworkAudit, Path]


def street() -> RoadNetwork:
    places = [(8.60 + i / 100, 49.41) for i in range(20)]
    arcs = [(i, i + 1, 50_000, 724_000, "primary") for i in range(19)]
    return make_network(places, arcs + [(b, a, t, m, k) for a, b, t, m, k in arcs])


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("coverage")
    found = read_network_file(write_network(folder, settings={"suburban_radius_m": 5000}))
    roads = street()
    chain = found.chain(road_density=RoadDensity(roads))
    audit = audit_network(found.network, found.demand, chain, RoadReach(roads))
    write_coverage_report(folder / "coverage.html", audit, roads=roads)
    return audit, folder / "coverage.html"


@pytest.fixture
def page(made: Made, tmp_path: Path) -> Iterator[BrowserPage]:
    with browsing(tmp_path) as page:
        page.open(made[1])
        yield page


def test_every_part_of_the_page_is_filled(page: BrowserPage, made: Made) -> None:
    audit = made[0]
    straight = audit.shares[0].straight.weight
    # 210 is the demand of the network: 1 + 2 + ... + 20.
    assert f"{100 * straight / 210:.1f} %" in page.text("#verdict")
    assert page.count("#kpis .kpi") == 5
    assert page.count("#standard-body li") == 5
    assert [text.split("\n")[0] for text in page.texts("#reach-body .reach-row")] == [
        "5 min", "10 min", "15 min", "30 min",
    ]  # fmt: skip
    assert page.texts("#outlets-body tbody tr td:nth-child(2)") == ["A", "B"]
    assert page.count("#pockets-body tbody tr") == len(audit.pockets)
    assert "Side by side" in page.text("#zones-body")


def test_a_click_on_a_square_shows_what_the_audit_says_of_its_point(
    page: BrowserPage, made: Made
) -> None:
    audit = made[0]
    data = page.data()
    number = 12
    x, y = data["cells"][number][:2]
    half = data["cell_m"] / 2
    page.click_map(x + half, y + half)
    page.wait_for("document.getElementById('panel').innerText.includes('Demand point')")
    shown = page.text("#panel")
    assert audit.demand.ids is not None
    row = audit.demand.ids.tolist().index(data["point_ids"][number])
    straight, road = audit.coverage.straight, audit.coverage.road
    assert road is not None
    names = [outlet.id for outlet in audit.network.open_outlets]

    def km(meters: int) -> str:
        return f"{meters} m" if meters < 1000 else f"{meters / 1000:.1f} km"

    for found in (straight, road):
        assert f"{names[found.nearest[row]]} · {km(int(found.distance_m[row]))}" in shown
        assert f"{names[found.second[row]]} · {km(int(found.second_m[row]))}" in shown
        slack = int(found.slack_m[row])
        word = f"{km(slack)} to spare" if slack >= 0 else f"{km(-slack)} too far"
        assert word in shown
    assert "Drive time" in shown


def test_rows_of_outlets_and_gaps_lead_to_their_figures_and_escape_leads_back(
    page: BrowserPage,
) -> None:
    page.click("#outlets-body tr.go", 1)
    assert "authorized" in page.text("#panel")
    assert "Demand nearest to it" in page.text("#panel")
    page.click("#panel .panel-head button")
    page.click("#pockets-body tr.go")
    assert "Nearest outlet" in page.text("#panel")
    page.click("#panel .panel-head button")
    assert page.count("#panel input[type=search]") == 1


def test_a_click_on_an_outlet_of_the_map_shows_it(page: BrowserPage) -> None:
    page.click_map(*page.data()["outlets"][0]["at"])
    page.wait_for("document.getElementById('panel').innerText.includes('Demand nearest to it')")
    assert page.text("#panel h2") == "A"


def test_each_layer_changes_the_picture_and_says_whether_it_is_shown(page: BrowserPage) -> None:
    words = page.texts("#layers button")
    assert words == ["Straight line", "By road", "Radius", "Drive time", "Gaps"]
    for number in range(1, len(words)):
        before = page.picture_of_map()
        pressed = f"document.querySelectorAll('#layers button')[{number}].ariaPressed"
        was = page.evaluate(pressed)
        page.click("#layers button", number)
        page.wait_for(f"document.getElementById('canvas').toDataURL() !== {before!r}")
        assert page.evaluate(pressed) != was


def test_the_language_button_turns_every_word(page: BrowserPage) -> None:
    page.click("#lang")
    assert page.evaluate("document.documentElement.lang") == "zh-CN"
    assert page.texts("#layers button") == ["直线距离", "道路距离", "服务半径", "行车时间", "缺口"]
    assert "服务半径之内" in page.text("#verdict")
    assert page.text("#standard h2") == "对照标准"
    page.click("#lang")
    assert page.text("#standard h2") == "Against the standard"


def test_shares_are_told_in_demand_people_and_points(page: BrowserPage) -> None:
    total = "#places-body tbody tr:first-child td:nth-child(2)"
    # 10 * (0 + 1 + ... + 19) = 1,900 people at 20 points.
    for number, shown in enumerate(("210", "1,900", "20")):
        page.click("#places-body .sort button", number)
        assert page.text(total) == shown


def test_on_paper_controls_are_gone_and_the_tables_are_there(page: BrowserPage) -> None:
    assert page.print_pages().startswith(b"%PDF")
    page.media("print")
    assert {page.display(one) for one in (".tools", "#layers", ".map-tools", "#panel")} == {"none"}
    assert page.count("#outlets-body tbody tr") == 2


def test_on_a_phone_nothing_is_wider_than_the_screen(made: Made, tmp_path: Path) -> None:
    with browsing(tmp_path) as page:
        page.open(made[1], width=400, height=800)
        assert page.evaluate("document.documentElement.scrollWidth") <= 400
