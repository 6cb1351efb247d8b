"""The board on the real service: store, desk, engine and stream behind it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dispatch.api.app import make_app
from tests.board_browser import BoardTab
from tests.browser import needs_browser
from tests.services import Served, new_store, serving

uvicorn = pytest.importorskip("uvicorn")
pytestmark = needs_browser


class Listening:
    """The service on a port of its own; has a ``url`` as the small server has."""

    def __init__(self, served: Served) -> None:
        # An application of its own: streams live in the loop that serves them.
        app = make_app(served.service, plugins=())
        config = uvicorn.Config(app, port=0, log_config=None, timeout_graceful_shutdown=1)
        self.served, self.server, self.url = served, uvicorn.Server(config), ""
        self._thread = threading.Thread(target=self.server.run, daemon=True)

    def start(self) -> None:
        self._thread.start()
        while not self.server.started:
            self._thread.join(0.02)
        port = self.server.servers[0].sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"

    def stop(self) -> None:
        self.server.should_exit = True
        self._thread.join(10)


class Behind:
    """What a tab asks of a desk: the server behind it."""

    def __init__(self, server: Listening) -> None:
        self.server = server


@pytest.fixture
def listening(tmp_path: Path) -> Iterator[Listening]:
    with serving(new_store(tmp_path)) as served:
        served.open_live_day()
        listening = Listening(served)
        listening.start()
        yield listening
        listening.stop()


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
    tab.page.click("#undo")
    tab.toast("Undone.")
    tab.page.locator('[data-row="T1.0"] [data-stop$=":V1"]').wait_for()
    tab.bar("V3").click()
    tab.page.click('[data-hold="technician"]')
    tab.toast("V3 locked.")
    assert "technician locked" in tab.bar("V3").get_attribute("aria-label")
    assert tab.complaints == []
    tab.context.close()


def test_an_emergency_gets_one_of_the_best_ways(chromium: Any, listening: Listening) -> None:
    tab = board_of(chromium, listening)
    tab.page.click("#tab-emergency")
    tab.page.fill("#em-lat", "39.9")
    day = tab.page.evaluate("async () => (await (await fetch('/days/tiny/board')).json())")
    lon, lat = day["rows"][0]["stops"][0]["job"]["at"]
    tab.page.fill("#em-lat", str(lat))
    tab.page.fill("#em-lon", str(lon))
    tab.page.fill("#em-id", "E1")
    tab.page.click("text=Find the best ways")
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
