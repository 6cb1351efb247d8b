"""axe finds nothing serious on any page, panel, theme or size."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from dispatch.domain.disruption import TechnicianSick, WorkStarted
from tests.board_browser import BoardTab
from tests.browser import needs_browser
from tests.days import at
from tests.live_days import after

pytestmark = needs_browser


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_board_and_all_its_panels(new_tab: Callable[..., BoardTab], scheme: str) -> None:
    tab = new_tab(color_scheme=scheme)
    news = WorkStarted(happened_at=at("08:12"), technician="T1", visit="V1")
    sick = TechnicianSick(happened_at=at("09:20"), technician="T3")
    tab.desk.state = after(tab.desk.state, ("08:12", news), ("09:20", sick))
    tab.open()
    tab.page.click("#help-V7")
    tab.page.locator(".remedy").wait_for()
    assert tab.faults() == []
    tab.bar("V1").click()
    assert tab.faults("#panel") == []
    for name in ("emergency", "replan", "log"):
        tab.page.click(f"#tab-{name}")
        assert tab.faults("#panel") == []
    tab.page.click("#tab-replan")
    tab.page.click("#tabpanel-replan button.main")
    tab.page.locator("#change-c1").wait_for()
    assert tab.faults("#panel") == []


def test_the_dialogs(board: BoardTab) -> None:
    board.drag("V3", "T1", 0.02)
    board.page.locator("#waiver-why").wait_for()
    assert board.faults("dialog") == []
    board.page.keyboard.press("Escape")
    board.page.click("#help")
    assert board.faults("dialog") == []


@pytest.mark.parametrize("path", ["/login?lang=en", "/print?day=tiny&lang=zh"])
def test_login_and_print(new_tab: Callable[..., BoardTab], path: str) -> None:
    tab = new_tab()
    tab.page.goto(tab.url + path)
    tab.page.locator("button").first.wait_for()
    tab.page.wait_for_load_state("networkidle")
    assert tab.faults() == []


def test_the_board_on_a_phone(new_tab: Callable[..., BoardTab]) -> None:
    tab = new_tab(viewport={"width": 390, "height": 844}).open()
    assert tab.faults() == []
    width = tab.page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390
