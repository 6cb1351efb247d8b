"""The board on a screen one touches: a finger that rests lifts a visit, one that moves scrolls."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.board_browser import BoardTab
from tests.browser import needs_browser
from tests.paper_desk import PaperDesk

pytestmark = needs_browser


class Finger:
    """One finger on a tab, through the debugger: the browser takes it for a real one."""

    def __init__(self, tab: BoardTab) -> None:
        self._devtools = tab.context.new_cdp_session(tab.page)

    def _send(self, kind: str, *points: tuple[float, float]) -> None:
        told = [{"x": x, "y": y} for x, y in points]
        self._devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": told})

    def down(self, x: float, y: float) -> None:
        self.at = x, y
        self._send("touchStart", self.at)

    def move(self, x: float, y: float, steps: int = 8) -> None:
        from_x, from_y = self.at
        for step in range(1, steps + 1):
            part = step / steps
            self._send("touchMove", (from_x + part * (x - from_x), from_y + part * (y - from_y)))
        self.at = x, y

    def up(self) -> None:
        self._send("touchEnd")


@pytest.fixture
def tablet(new_tab: Callable[..., BoardTab]) -> BoardTab:
    return new_tab(has_touch=True, viewport={"width": 1180, "height": 820}).open()


def middle(box: dict[str, float]) -> tuple[float, float]:
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def lift(tab: BoardTab, element: Any) -> Finger:
    finger = Finger(tab)
    finger.down(*middle(element.bounding_box()))
    tab.page.locator("body.dragging").wait_for()
    return finger


def test_a_resting_finger_lifts_a_visit_and_drops_it_on_another_row(tablet: BoardTab) -> None:
    finger = lift(tablet, tablet.bar("V1"))
    assert tablet.page.locator(".stop.lifted").count() == 1
    x, y = middle(tablet.track("T3").bounding_box())
    finger.move(x, y)
    ghost = tablet.page.locator('.ghost[data-state="exact"][data-target^="T3.0"]')
    ghost.wait_for()
    # The card is not below the finger.
    box = ghost.bounding_box()
    assert box["y"] + box["height"] < y
    finger.up()
    tablet.toast("V1 is with T3 now.")
    assert tablet.row_of("V1") == "T3.0"


def test_a_visit_of_the_tray_is_carried_by_a_finger(tablet: BoardTab) -> None:
    finger = lift(tablet, tablet.page.locator('[data-drag="V7"] .facts'))
    finger.move(*middle(tablet.track("T3").bounding_box()))
    tablet.page.locator('.ghost[data-state="exact"][data-target^="T3.0"]').wait_for()
    finger.up()
    tablet.toast("V7 is with T3 now.")


def let_no_finger_rest(tab: BoardTab) -> None:
    """Make the pause after which a finger lifts endless: a busy machine may hold any finger up."""
    tab.page.evaluate(
        "() => { const own = window.setTimeout; "
        "window.setTimeout = (run, ms, ...more) => own(run, ms === 350 ? 1e7 : ms, ...more); }"
    )


def test_a_finger_that_moves_at_once_carries_nothing(tablet: BoardTab, desk: PaperDesk) -> None:
    let_no_finger_rest(tablet)
    finger = Finger(tablet)
    x, y = middle(tablet.bar("V1").bounding_box())
    finger.down(x, y)
    finger.move(x, y + 90)
    finger.up()
    # A tap afterwards is a tap: the first touch left nothing behind.
    tablet.bar("V3").tap()
    tablet.page.locator("#tabpanel-details h2", has_text="V3").wait_for()
    assert tablet.page.locator("body.dragging, .ghost, .lifted").count() == 0
    assert desk.sequence == 0


def test_on_a_phone_what_was_tapped_comes_into_sight(new_tab: Callable[..., BoardTab]) -> None:
    phone = new_tab(has_touch=True, is_mobile=True, viewport={"width": 390, "height": 844}).open()
    page = phone.page
    panel = page.locator("#panel")
    assert panel.bounding_box()["y"] > 844 * 0.7
    let_no_finger_rest(phone)
    phone.bar("V1").tap()
    page.locator("#tabpanel-details h2", has_text="V1").wait_for()
    # It is scrolled to, smoothly.
    phone.wait_until(lambda: panel.bounding_box()["y"] <= 844 * 0.61)
    # The row is still there to compare with.
    assert phone.bar("V1").bounding_box()["y"] > 0
