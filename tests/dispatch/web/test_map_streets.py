"""Ways along the streets and street names on the map, on WebGL in software."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from scenarios.bench.board import board_server
from scenarios.bench.page_server import PageServer
from tests.board_browser import BoardTab
from tests.browser import needs_browser
from tests.networks import make_network

pytestmark = needs_browser


class Served:
    def __init__(self, server: PageServer) -> None:
        self.server = server


@pytest.fixture(scope="module")
def servers() -> Iterator[dict[str, PageServer]]:
    """The same town twice: without names, and with one in the letters of three scripts."""
    places = [(114.28 + i / 200, 30.59) for i in range(10)]
    there = [(i, i + 1, 5_000, 480_000, "primary") for i in range(9)]
    back = [(b, a, t, m, k) for a, b, t, m, k in there]
    plain = make_network(places, there + back)
    every = np.zeros(plain.n_arcs, dtype=np.int32)
    named = replace(plain, names=("Östra Ringväg улица 环城路",), name=every)
    with ExitStack() as stack:
        yield {
            name: stack.enter_context(board_server((3, 4, 1), network).running())
            for name, network in (("plain", plain), ("named", named))
        }


@pytest.fixture
def open_map(chromium: Any, servers: dict[str, PageServer]) -> Iterator[Callable[..., BoardTab]]:
    tabs: list[BoardTab] = []

    def make(name: str, answer: Callable[[Any], None] | None = None) -> BoardTab:
        context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
        tab = BoardTab(context, Served(servers[name]))  # type: ignore[arg-type]
        tabs.append(tab)
        if answer is not None:
            tab.page.route("**/ways/*", answer)
        tab.page.goto(f"{tab.url}/?lang=en")
        tab.page.wait_for_selector("html[data-map-idle]", state="attached")
        return tab

    yield make
    for tab in tabs:
        tab.context.close()
        assert tab.complaints == []
        assert tab.outside == []


def ground(tab: BoardTab) -> bytes:
    """Return a picture of the map once everything on it was drawn."""
    tab.page.wait_for_selector("html[data-map-idle]", state="attached")
    picture: bytes = tab.page.locator("canvas.maplibregl-canvas").screenshot()
    return picture


def test_streets_have_their_names_in_every_script_and_no_font_is_asked_for(
    open_map: Callable[..., BoardTab],
) -> None:
    pictures = {}
    for name in ("plain", "named"):
        tab = open_map(name)
        tab.page.click("#map-in")
        tab.page.click("#map-in")
        pictures[name] = ground(tab)
        assert not [one.path for one in tab.desk.server.asked if "letters" in one.path]
    assert pictures["plain"] != pictures["named"]


def test_a_technicians_way_follows_the_streets_where_there_are_some(
    open_map: Callable[..., BoardTab],
) -> None:
    def answer(route: Any) -> None:
        row = route.request.url.rsplit("/", 1)[1]
        legs = [
            {"to": f"{row}:bend", "points": [[114.28, 30.59], [114.29, 30.60], [114.30, 30.59]]},
            {"to": f"{row}:ferry", "points": [[114.30, 30.59], [114.31, 30.59]], "straight": True},
        ]
        route.fulfill(content_type="application/json", body=json.dumps({"row": row, "legs": legs}))

    tab = open_map("plain", answer)
    # Three rows are few enough to draw the way of each.
    tab.page.locator('#map[data-streets="3"]').wait_for()
    before = ground(tab)
    tab.page.locator(".lane-name").first.click()
    tab.page.locator('#map[data-streets="1"]').wait_for()
    assert ground(tab) != before


def test_without_roads_ways_stay_straight_and_are_asked_for_once(
    open_map: Callable[..., BoardTab],
) -> None:
    asked: list[str] = []

    def answer(route: Any) -> None:
        asked.append(route.request.url)
        fault = {"code": "A1015", "where": "way", "found": "no roads", "expected": ""}
        body = json.dumps({"title": "Not found", "status": 404, "faults": [fault]})
        route.fulfill(status=404, content_type="application/problem+json", body=body)

    tab = open_map("plain", answer)
    tab.page.locator('#map[data-streets="0"]').wait_for()
    ground(tab)
    for number in range(3):
        tab.page.locator(".lane-name").nth(number).click()
        tab.page.locator("#tabpanel-details h2").wait_for()
    ground(tab)
    assert len(asked) == 1
    assert tab.page.locator("#map").get_attribute("data-streets") == "0"
