"""A board of 300 technicians, and the map on WebGL over tiles of our own roads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from scenarios.bench.board import board_server
from scenarios.bench.page_server import PageServer
from tests.board_browser import BoardTab
from tests.browser import needs_browser
from tests.networks import make_network

pytestmark = needs_browser


@pytest.fixture(scope="module")
def server() -> Iterator[PageServer]:
    places = [(114.28 + i / 200, 30.59) for i in range(10)]
    there = [(i, i + 1, 5_000, 480_000, "primary") for i in range(9)]
    back = [(b, a, t, m, k) for a, b, t, m, k in there]
    with board_server((300, 12, 1), make_network(places, there + back)).running() as server:
        yield server


class Large:
    def __init__(self, server: PageServer) -> None:
        self.server = server


@pytest.fixture
def tab(chromium: Any, server: PageServer) -> Iterator[BoardTab]:
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
    tab = BoardTab(context, Large(server))  # type: ignore[arg-type] # a server is all it needs
    yield tab
    context.close()
    assert tab.complaints == []
    assert tab.outside == []


def test_only_rows_in_sight_are_drawn_and_all_are_announced(tab: BoardTab) -> None:
    tab.open()
    assert tab.page.locator("#lanes").get_attribute("aria-rowcount") == "300"
    assert tab.page.locator("[data-row]").count() < 40
    tab.page.evaluate("() => { document.getElementById('lanes').scrollTop = 46 * 200; }")
    tab.page.locator('[data-row="T201.0"]').wait_for()
    assert tab.page.locator('[data-row="T001.0"]').count() == 0
    assert tab.page.locator("[data-row]").count() < 40


def test_the_keyboard_reaches_the_last_row(tab: BoardTab) -> None:
    tab.open()
    tab.page.keyboard.press("t")
    for _ in range(30):
        tab.page.keyboard.press("PageDown")
    tab.page.locator('[data-row="T300.0"] .lane-name:focus').wait_for()


def test_zooming_keeps_the_middle_and_widens_the_rows(tab: BoardTab) -> None:
    tab.open()
    width = "() => document.querySelector('.sheet').offsetWidth"
    before = tab.page.evaluate(width)
    tab.page.click("#zoom-in")
    assert tab.page.evaluate(width) > before
    tab.page.click("#zoom-out")
    assert tab.page.evaluate(width) == before


def test_the_map_is_drawn_from_our_own_tiles_under_the_strict_policy(tab: BoardTab) -> None:
    tab.page.goto(f"{tab.url}/?lang=en&q=T001")
    tab.page.wait_for_selector("html[data-map-idle]", state="attached")
    assert tab.page.evaluate("document.documentElement.dataset.map") == "webgl"
    asked = [one.path for one in tab.desk.server.asked if one.path.startswith("/tiles/")]
    assert asked
    assert tab.page.locator(".outlet-mark").count() == 6
