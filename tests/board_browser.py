"""A real browser on the board: a page, what it asked for, what it complained about."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.browser import find_browser
from tests.paper_desk import PaperDesk
from tests.waiting import PATIENCE_S

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
SOFTWARE = ("--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist")
BLOCKING = ("serious", "critical")
PATIENCE_MS = PATIENCE_S * 1000
PATIENT_PAGE = """
    const timeout = window.setTimeout;
    window.setTimeout = (run, ms, ...more) => timeout(run, ms < 5000 ? ms : 100 * ms, ...more);
"""
"""Messages that go after some seconds stay: on a busy machine they would be gone before they are
looked for."""


@contextmanager
def browser() -> Iterator[Any]:
    """Start Chromium; WebGL in software, as on a machine without a graphics card."""
    program = find_browser()
    with playwright.sync_playwright() as started:
        arguments = ["--no-sandbox", *SOFTWARE]
        running = started.chromium.launch(
            executable_path=program, args=arguments, timeout=PATIENCE_MS
        )
        try:
            yield running
        finally:
            running.close()


class BoardTab:
    """One tab on a desk."""

    def __init__(self, context: Any, desk: PaperDesk) -> None:
        context.set_default_timeout(PATIENCE_MS)
        self.desk, self.context, self.page = desk, context, context.new_page()
        self.page.add_init_script(PATIENT_PAGE)
        self.complaints: list[str] = []
        self.outside: list[str] = []
        assert desk.server is not None
        self.url = desk.server.url
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._said)
        self.page.on("request", self._asked)

    def _said(self, message: Any) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(message.text)

    def _asked(self, request: Any) -> None:
        if not request.url.startswith((self.url, "data:", "blob:")):
            self.outside.append(request.url)

    def open(self, path: str = "/?map=blank&lang=en") -> BoardTab:
        """Open the board and wait until its rows stand."""
        self.page.goto(self.url + path)
        self.page.wait_for_selector("html[data-map]", state="attached")
        return self

    def wait_until(self, true: Callable[[], object]) -> None:
        """Wait until something holds here; what the page says meanwhile is heard."""
        end = time.monotonic() + PATIENCE_S
        while not true():
            assert time.monotonic() < end
            self.page.wait_for_timeout(20)

    def bar(self, visit: str) -> Any:
        """Return the bar of a visit."""
        return self.page.locator(f'[data-stop$=":{visit}"]')

    def track(self, technician: str) -> Any:
        """Return the track of a technician."""
        return self.page.locator(f'[data-row="{technician}.0"] .track')

    def drag(self, visit: str, technician: str, part: float, *, drop: bool = True) -> None:
        """Drag a bar to a share of another track, in steps like a hand."""
        source, target = self.bar(visit).bounding_box(), self.track(technician).bounding_box()
        mouse = self.page.mouse
        mouse.move(source["x"] + 8, source["y"] + 8)
        mouse.down()
        goal = target["x"] + part * target["width"], target["y"] + target["height"] / 2
        mouse.move(*goal, steps=8)
        if drop:
            self.page.wait_for_selector('.ghost[data-state="exact"]')
            mouse.up()

    def row_of(self, visit: str) -> str:
        """Return whose row a visit is on."""
        return str(
            self.bar(visit).locator("xpath=ancestor::*[@data-row]").get_attribute("data-row")
        )

    def toast(self, text: str) -> None:
        """Wait for a message."""
        self.page.locator(".toast", has_text=text).first.wait_for()

    def faults(self, include: str = "body") -> list[str]:
        """Return what axe finds serious."""
        import axe_playwright_python

        script = Path(axe_playwright_python.__file__).parent / "axe.min.js"
        # The policy forbids scripts of others: axe comes in through the debugger.
        self.page.evaluate(f"() => {{ {script.read_text(encoding='utf-8')} }}")
        found = self.page.evaluate(
            "(where) => axe.run(where, {resultTypes: ['violations']})", include
        )
        return [
            f"{one['id']}: {one['nodes'][0]['html'][:160]} {one['nodes'][0]['failureSummary']}"
            for one in found["violations"]
            if one["impact"] in BLOCKING
        ]
