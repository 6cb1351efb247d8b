"""The board on the real service: store, desk, engine and stream behind it."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from dispatch.api.app import make_app
from dispatch.api.hub import EventHub
from tests.board_browser import BoardTab
from tests.browser import needs_browser
from tests.services import Served, new_store, serving
from tests.waiting import PATIENCE_S, wait_until

uvicorn = pytest.importorskip("uvicorn")
pytestmark = needs_browser


class Listening:
    """The service on a port of its own; has a ``url`` as the small server has."""

    def __init__(self, served: Served) -> None:
        # An application and a hub of its own: streams live in the loop that serves them, and the
        # application of the client beside it goes on filling the hub it began with.
        service = served.service
        service.hub = EventHub(service.store, service.metrics, service.readiness.touch)
        app = make_app(service, plugins=())
        config = uvicorn.Config(app, port=0, log_config=None, timeout_graceful_shutdown=1)
        self.served, self.server, self.url = served, uvicorn.Server(config), ""
        self._thread = threading.Thread(target=self.server.run, daemon=True)

    def start(self) -> None:
        self._thread.start()
        wait_until(lambda: self.server.started or not self._thread.is_alive(), "the start")
        port = self.server.servers[0].sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"

    def stop(self) -> None:
        self.server.should_exit = True
        self._thread.join(PATIENCE_S)


class Behind:
    """What a tab asks of a desk: the server behind it."""

    def __init__(self, server: Listening) -> None:
        self.server = server


@contextmanager
def listening_to(tmp_path: Path, bring: Callable[[Served], None]) -> Iterator[Listening]:
    with serving(new_store(tmp_path)) as served:
        bring(served)
        listening = Listening(served)
        listening.start()
        yield listening
        listening.stop()


@pytest.fixture
def listening(tmp_path: Path) -> Iterator[Listening]:
    with listening_to(tmp_path, Served.open_live_day) as listening:
        yield listening


@pytest.fixture
def mixed(tmp_path: Path) -> Iterator[Listening]:
    """The day of two regions: T2 of the south has V4 of the north, T1 of the north has V3."""
    with listening_to(tmp_path, Served.open_mixed_day) as listening:
        yield listening


def sign_in(chromium: Any, listening: Listening, role: str, **shape: Any) -> BoardTab:
    options = {"viewport": {"width": 1440, "height": 900}, "locale": "en-GB", **shape}
    tab = BoardTab(chromium.new_context(**options), Behind(listening))  # type: ignore[arg-type]
    tab.page.goto(f"{tab.url}/?map=blank&lang=en")
    tab.page.wait_for_url("**/login**")
    tab.page.fill("#token", listening.served.tokens[role])
    tab.page.click("button[type=submit]")
    tab.page.wait_for_url(lambda url: "/login" not in url)  # the cookie is there now
    return tab


def board_of(chromium: Any, listening: Listening, role: str = "dispatcher") -> BoardTab:
    tab = sign_in(chromium, listening, role)
    tab.page.wait_for_selector("html[data-map]", state="attached")
    return tab


def test_a_dispatcher_signs_in_moves_undoes_and_locks(chromium: Any, listening: Listening) -> None:
    tab = board_of(chromium, listening)
    tab.drag("V1", "T3", 0.3)
    tab.toast("V1 is with T3 now.")
    tab.page.locator('[data-row="T3.0"] [data-stop$=":V1"]').wait_for()
    assert tab.page.locator(".toast button", has_text="Undo").count() == 1
    tab.page.click("#undo")
    tab.toast("Undone.")
    # A second click there would undo what nobody sees.
    assert tab.page.locator(".toast button", has_text="Undo").count() == 0
    tab.page.locator('[data-row="T1.0"] [data-stop$=":V1"]').wait_for()
    tab.bar("V3").click()
    tab.page.click('[data-hold="technician"]')
    tab.toast("V3 locked.")
    assert "technician locked" in tab.bar("V3").get_attribute("aria-label")
    assert tab.complaints == []
    tab.context.close()


def test_the_card_of_a_move_names_whom_it_makes_late(chromium: Any, listening: Listening) -> None:
    tab = board_of(chromium, listening)
    # T1 is free from V1 at 08:40 and has V2, promised until 09:30, next. V4 between them: there
    # after two steps (09:00 to 09:30), three more to V2: 10:00, half an hour late.
    box, axis = tab.track("T1").bounding_box(), tab.bar("V2").bounding_box()
    tab.drag("V4", "T1", (axis["x"] - 4 - box["x"]) / box["width"], drop=False)
    card = tab.page.locator('.ghost[data-state="exact"]')
    card.locator("li", has_text="V2: 30 min late").wait_for()
    assert "warn" in card.get_attribute("class").split()
    tab.page.keyboard.press("Escape")
    tab.page.mouse.up()
    assert tab.row_of("V4") == "T2.0"
    assert tab.complaints == []
    tab.context.close()


def test_a_dispatcher_of_a_region_sees_own_rows_and_what_others_have_of_them(
    chromium: Any, mixed: Listening
) -> None:
    tab = board_of(chromium, mixed, "north_dispatcher")
    rows = [one.get_attribute("data-row") for one in tab.page.locator("[data-row]").all()]
    assert rows == ["T1.0", "T3.0", "T2.0"]  # the row of another region below the own ones
    text = tab.page.content()
    assert not re.search(r"\bV[3568]\b", text)  # visits of the south
    assert "name of T1" in text
    assert "name of T2" not in text
    assert "another region" in tab.page.locator('[data-row="T2.0"] .lane-name').inner_text()
    assert "region north" in tab.page.locator("#day-date").inner_text()
    busy = tab.page.locator('[data-row="T1.0"] .stop.other')
    assert busy.get_attribute("aria-label").startswith("Busy for another region, 09:")
    assert tab.faults() == []
    assert tab.complaints == []
    tab.context.close()


def test_what_is_another_regions_to_do_is_not_offered_and_says_why(
    chromium: Any, mixed: Listening
) -> None:
    tab = board_of(chromium, mixed, "north_dispatcher")
    posted: list[str] = []
    tab.page.on("request", lambda one: posted.append(f"{one.url} {one.post_data}"))
    tab.bar("V4").click()
    details = tab.page.locator("#tabpanel-details")
    details.locator(".why", has_text="Somebody of another region serves V4").wait_for()
    assert details.locator("text=Take off the plan").count() == 0
    tab.bar("V4").press("Delete")
    tab.toast("Somebody of another region serves V4")
    tab.page.locator('[data-technician="T2"]').click()
    details.locator("h2", has_text="another region").wait_for()
    assert details.locator("text=Report sick").count() == 0
    # Carried over the row of T2: refused at once, without asking.
    tab.drag("V1", "T2", 0.5)
    tab.toast("Technician of another region")
    assert tab.row_of("V1") == "T1.0"
    # On the way there T1 and T3 were asked about, and nothing else was.
    asked = [one for one in posted if one.split()[0].endswith(("/moves", "/preview"))]
    assert all("/preview" in one and '"technician":"T2"' not in one for one in asked)
    # The own visit is the own dispatcher's to move.
    tab.drag("V1", "T3", 0.3)
    tab.toast("V1 is with name of T3 now.")
    tab.page.keyboard.press("Control+z")
    tab.toast("Undone.")
    assert tab.complaints == []
    tab.context.close()


def test_ways_for_an_emergency_of_a_region_are_those_of_own_technicians(
    chromium: Any, mixed: Listening
) -> None:
    tab = board_of(chromium, mixed, "south_dispatcher")
    tab.page.click("#open-V8")
    tab.page.click("#tab-open")
    tab.page.locator(".open-visit", has_text="V8").locator("text=Best ways").click()
    tab.page.locator("#ways li").first.wait_for()
    names = tab.page.locator("#ways li b").all_inner_texts()
    assert {name for name in names if name != "C1"} == {"name of T2"}
    tab.page.locator("#ways button", has_text="Choose").first.click()
    tab.toast("V8 is with")
    assert tab.complaints == []
    tab.context.close()


def test_an_emergency_gets_one_of_the_best_ways(chromium: Any, listening: Listening) -> None:
    asked: list[str] = []
    along = {"row": "T1.0", "legs": [{"to": "E1", "points": [[121.0, 31.0], [121.0, 31.01]]}]}

    def answer(route: Any) -> None:
        if "/emergencies/" in route.request.url:
            asked.append(route.request.url)
        route.fulfill(content_type="application/json", body=json.dumps(along))

    tab = sign_in(chromium, listening, "dispatcher")
    tab.page.route("**/ways/*", answer)
    tab.page.reload()
    tab.page.wait_for_selector("html[data-map]", state="attached")
    tab.page.click("#tab-emergency")
    tab.page.fill("#em-lat", "39.9")
    day = tab.page.evaluate("async () => (await (await fetch('/days/tiny/board')).json())")
    lon, lat = day["rows"][0]["stops"][0]["job"]["at"]
    tab.page.fill("#em-lat", str(lat))
    tab.page.fill("#em-lon", str(lon))
    tab.page.fill("#em-id", "E1")
    tab.page.click("text=Find the best ways")
    tab.page.locator('#map[data-way="streets"]').wait_for()
    # Looked at again it is known; those of the others stay straight, which the map says.
    for way in (0, 1, 0, 1):
        tab.page.locator(".way").nth(way).hover()
    tab.wait_until(lambda: len(set(asked)) >= 2)
    assert len(asked) == len(set(asked))
    assert tab.page.locator("#map-legend").inner_text() == "dashed: as the crow flies"
    tab.page.locator(".way button").first.click()
    tab.toast("E1 is with")
    tab.bar("E1").wait_for()
    assert tab.complaints == []
    tab.context.close()


def test_a_replan_fills_a_gap_after_it_was_looked_at(chromium: Any, listening: Listening) -> None:
    tab = board_of(chromium, listening)
    tab.page.click("#tab-replan")
    tab.page.fill("#re-seconds", "1")
    tab.page.click("#tabpanel-replan button.main")
    tab.page.locator(".change", has_text="V7").wait_for()
    tab.page.locator(".buttons button", has_text="Accept").click()
    tab.toast("accepted")
    tab.bar("V7").wait_for()
    assert tab.complaints == []
    tab.context.close()


def test_two_dispatchers_see_each_other(chromium: Any, listening: Listening) -> None:
    one, other = board_of(chromium, listening), board_of(chromium, listening, "admin")
    other.page.locator(".link-state.live").wait_for()
    one.drag("V1", "T3", 0.3)
    one.toast("V1 is with T3 now.")
    other.toast("dispatcher:dispatcher")
    other.page.locator('[data-row="T3.0"] [data-stop$=":V1"]').wait_for()
    for tab in (one, other):
        assert tab.complaints == []
        tab.context.close()


def test_a_technician_reports_from_the_phone(chromium: Any, listening: Listening) -> None:
    shape = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
    tab = sign_in(chromium, listening, "technician", **shape)
    tab.page.goto(f"{tab.url}/me?lang=en")
    tab.page.click('[data-act="technician_departed"]')
    tab.page.locator('[data-act="technician_arrived"]').wait_for()
    tab.page.locator(".net:not(.off)").wait_for()
    answer = listening.served.get("/days/tiny/events")
    assert answer.json()["items"][-1]["kind"] == "technician_departed"
    text = tab.page.locator("body").inner_text()
    assert "V4" not in text
    tab.context.close()
