"""The living demo in a real browser: the city, the service, time that runs, an emergency."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from datetime import time
from pathlib import Path
from typing import Any, Self

import pytest

from scenarios.coquimbo import find_archive, read_city
from scenarios.demo import make_demo_day
from tests.browser import needs_browser
from tests.waiting import PATIENCE_S, wait_until

uvicorn = pytest.importorskip("uvicorn")
pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = [
    needs_browser,
    pytest.mark.core,
    pytest.mark.skipif(find_archive() is None, reason="aequilibrae is not installed"),
]


class Running:
    """The demonstration on a port of its own."""

    def __init__(self, folder: Path) -> None:
        from dispatch.api.app import make_app
        from dispatch.api.serve import first_key
        from dispatch.planning.daily import plan_day
        from scenarios.demo_live import LiveWishes, build_live_world, open_live_city
        from scenarios.demo_live_router import clock_router
        from solver.stop import MaxIterations

        city = read_city()
        day = make_demo_day(city, seed=1, visits=40, technicians=6)
        start = time(9, 30)
        world = build_live_world(day, city, seed=1, start=start)
        self.live = open_live_city(
            folder, city, world, LiveWishes(start, 0.0),
            lambda known: plan_day(known, city.travel, stop=MaxIterations(200), seed=1),
        )  # fmt: skip
        self.token = first_key(self.live.service)
        app = make_app(self.live.service, plugins=(), more=(clock_router(self.live.clock),))
        config = uvicorn.Config(app, port=0, log_config=None, timeout_graceful_shutdown=1)
        self.server, self.url = uvicorn.Server(config), ""
        self.threads = [
            threading.Thread(target=run, daemon=True)
            for run in (self.server.run, self.live.demo.run)
        ]

    def __enter__(self) -> Self:
        for thread in self.threads:
            thread.start()
        wait_until(lambda: self.server.started or not self.threads[0].is_alive(), "the start")
        port = self.server.servers[0].sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        return self

    def __exit__(self, *_: object) -> None:
        self.server.should_exit = True
        self.live.demo.stop()
        for thread in self.threads:
            thread.join(PATIENCE_S)
        self.live.close()


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    with Running(tmp_path) as found:
        yield found


@pytest.fixture
def page(running: Running) -> Iterator[Any]:
    from tests.board_browser import PATIENCE_MS, PATIENT_PAGE, browser

    with browser() as chromium:
        context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
        tab = context.new_page()
        tab.set_default_timeout(PATIENCE_MS)
        tab.add_init_script(PATIENT_PAGE)
        complaints: list[str] = []
        tab.on("pageerror", lambda error: complaints.append(str(error)))
        tab.goto(f"{running.url}/?map=blank&lang=en")
        tab.wait_for_url("**/login**")
        tab.fill("#token", str(running.token))
        tab.click("button[type=submit]")
        tab.wait_for_selector("html[data-map]", state="attached")
        yield tab
        context.close()
        assert complaints == []


def test_time_stands_and_runs_and_an_emergency_is_given_to_somebody_who_goes(
    running: Running, page: Any
) -> None:
    assert page.locator("#clock").inner_text() == "09:30"
    page.click("#speed-60")
    # Three minutes after somebody took over the first emergency comes in.
    page.locator(".toast", has_text="EMERGENCY").first.wait_for()
    page.click("#speed-0")
    page.locator('#speed-0[aria-pressed="true"]').wait_for()
    assert running.live.clock.rate == 0
    # Somebody who still has to say what was due would take part in the way that is chosen.
    wait_until(lambda: has_caught_up(running), "what is due")
    page.locator(".toast .link", has_text="Best ways").first.click()
    ways = page.locator(".way:not(:has-text('outlet')) button")
    ways.first.click()
    told = page.locator(".toast", has_text="is with").first.inner_text()
    given = re.match(r"(E\d+) is with", told)[1]
    page.click("#speed-300")
    # Whoever was sent goes there and does it.
    page.locator(f'[data-stop$=":{given}"][aria-label*=", done"]').wait_for()


def has_caught_up(running: Running) -> bool:
    """Say whether everything has happened that is due by the clock."""
    demo, now = running.live.demo, running.live.clock.now()
    due = demo._world.clock.floor(now)
    return all(one.second > due for one in demo._coming(demo._view()))
