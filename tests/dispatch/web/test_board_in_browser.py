"""The board in a real browser: what a dispatcher does, with the mouse."""

from __future__ import annotations

from collections.abc import Callable

from tests.board_browser import BoardTab
from tests.browser import needs_browser
from tests.paper_desk import PaperDesk

pytestmark = needs_browser


def test_every_technician_has_a_row_and_every_visit_a_bar_that_says_everything(
    board: BoardTab,
) -> None:
    assert board.page.locator("[data-row]").count() == 3
    label = board.bar("V2").get_attribute("aria-label")
    assert label == "V2, 09:00 to 09:30, T1, general, promised 09:00–09:30, ahead"
    assert board.page.locator("#tab-open-count").inner_text() == "1"


def test_a_drag_shows_price_and_broken_rule_before_the_drop_and_asks_for_a_reason(
    board: BoardTab, desk: PaperDesk
) -> None:
    board.drag("V3", "T1", 0.02, drop=False)
    ghost = board.page.locator('.ghost[data-state="exact"]')
    ghost.wait_for()
    assert "Promise" in ghost.inner_text()
    assert "may be waived" in ghost.inner_text()
    # V3 was told 09:40 and is not surprised before 09:25; then V1 from 10:15, V2 at 10:55, 85 min
    # after 09:30: 5100 fen for the seconds and 100 for the move.
    assert "+¥52" in ghost.inner_text()
    board.page.mouse.up()
    assert desk.sequence == 0
    board.page.fill("#waiver-why", "The customer agreed on the phone")
    board.page.click("text=Waive and move")
    board.toast("V3 is with T1 now.")
    assert desk.waivers == [{"rule": "lateness", "why": "The customer agreed on the phone"}]
    assert board.bar("V2").locator(".late-word").inner_text() == "+85′"
    board.page.locator(".toast .link").first.click()
    board.toast("Undone.")
    assert board.bar("V2").locator(".late-word").count() == 0


def test_the_guess_is_there_before_the_service_has_answered(board: BoardTab) -> None:
    board.page.route("**/moves/preview", lambda route: None)
    board.drag("V1", "T3", 0.5, drop=False)
    board.page.locator('.ghost[data-state="guess"]').wait_for()
    assert "pricing" in board.page.locator(".ghost").inner_text()
    board.page.keyboard.press("Escape")
    assert board.page.locator(".ghost").count() == 0
    board.page.mouse.up()


def test_a_rule_that_may_not_be_waived_refuses_the_drop(board: BoardTab, desk: PaperDesk) -> None:
    board.drag("V2", "T2", 0.95)
    board.toast("Not possible.")
    assert desk.sequence == 0
    assert board.row_of("V2") == "T1.0"


def test_a_drag_without_broken_rules_moves_and_undo_and_redo_are_commands(
    board: BoardTab, desk: PaperDesk
) -> None:
    board.drag("V1", "T3", 0.3)
    board.toast("V1 is with T3 now.")
    assert board.row_of("V1") == "T3.0"
    board.page.click("#undo")
    board.toast("Undone.")
    assert board.row_of("V1") == "T1.0"
    board.page.click("#redo")
    board.toast("Done again.")
    assert board.row_of("V1") == "T3.0"
    assert desk.sequence == 3


def test_a_visit_of_the_tray_is_dragged_to_a_row_and_back(board: BoardTab) -> None:
    tray = board.page.locator('[data-drag="V7"]').bounding_box()
    target = board.track("T3").bounding_box()
    board.page.mouse.move(tray["x"] + 30, tray["y"] + tray["height"] - 8)
    board.page.mouse.down()
    board.page.mouse.move(target["x"] + 200, target["y"] + 10, steps=8)
    board.page.wait_for_selector('.ghost[data-state="exact"]')
    board.page.mouse.up()
    board.toast("V7 is with T3 now.")
    assert board.page.locator("#tab-open-count").inner_text() == "0"
    panel = board.page.locator("#panel").bounding_box()
    bar = board.bar("V7").bounding_box()
    board.page.mouse.move(bar["x"] + 5, bar["y"] + 5)
    board.page.mouse.down()
    board.page.mouse.move(panel["x"] + 100, panel["y"] + 300, steps=8)
    board.page.wait_for_selector('.ghost[data-state="exact"]')
    board.page.mouse.up()
    board.toast("V7 is with nobody now.")
    assert board.page.locator("#tab-open-count").inner_text() == "1"


def test_locks_are_set_and_shown_and_freed(board: BoardTab, desk: PaperDesk) -> None:
    board.bar("V1").click()
    board.page.click('[data-hold="both"]')
    board.toast("V1 locked.")
    assert "technician and time locked" in board.bar("V1").get_attribute("aria-label")
    pin = next(v for v in desk.state.day.visits if v.id == "V1").pin
    assert pin is not None
    assert pin.technician == "T1"
    board.page.click('[data-hold="none"]')
    board.toast("V1 is free again.")


def test_several_visits_are_chosen_and_locked_together(board: BoardTab, desk: PaperDesk) -> None:
    board.bar("V1").click()
    board.bar("V4").click(modifiers=["Shift"])
    board.page.click("#tabpanel-details >> text=Technician")
    board.toast("V4 locked.")
    pins = {v.id: v.pin for v in desk.state.day.visits if v.pin is not None}
    assert set(pins) == {"V1", "V4"}


def test_several_chosen_visits_are_dragged_as_one(board: BoardTab, desk: PaperDesk) -> None:
    board.bar("V1").click()
    board.bar("V4").click(modifiers=["Shift"])
    board.drag("V4", "T3", 0.3, drop=False)
    ghost = board.page.locator('.ghost[data-state="exact"][data-target^="T3.0"]')
    ghost.wait_for()
    assert ghost.locator("b").inner_text().startswith("2 visits → T3")
    assert board.page.locator(".stop.lifted").count() == 2
    board.page.mouse.up()
    board.toast("2 visits are with T3 now.")
    assert (board.row_of("V1"), board.row_of("V4")) == ("T3.0", "T3.0")
    board.page.click("#undo")
    board.toast("Undone.")
    assert (board.row_of("V1"), board.row_of("V4")) == ("T1.0", "T2.0")
    assert desk.sequence == 2


def test_a_visit_beside_those_chosen_is_dragged_alone(board: BoardTab) -> None:
    board.bar("V1").click()
    board.bar("V4").click(modifiers=["Shift"])
    board.drag("V3", "T3", 0.3)
    board.toast("V3 is with T3 now.")
    assert (board.row_of("V1"), board.row_of("V4")) == ("T1.0", "T2.0")


def test_an_unassigned_visit_says_why_and_a_remedy_is_one_click(board: BoardTab) -> None:
    board.page.click("#help-V7")
    board.page.locator("text=1 × no time in the promise").wait_for()
    board.page.click("text=Give V7 to T3 with overtime")
    board.toast("V7: done.")
    assert board.row_of("V7") == "T3.0"


def test_an_emergency_runs_a_clock_and_takes_one_of_the_ways(board: BoardTab) -> None:
    board.page.click("#tab-emergency")
    board.page.fill("#em-lat", "0.02")
    board.page.fill("#em-lon", "0.01")
    board.page.fill("#em-id", "E1")
    spot = board.desk.state.day.visits[0].place
    board.page.fill("#em-lat", str(spot.lat))
    board.page.fill("#em-lon", str(spot.lon))
    board.page.click("text=Find the best ways")
    board.page.locator("h3", has_text="3 ways, best first").wait_for()
    clock = board.page.locator(".clock-line .count-down").first
    assert clock.inner_text().startswith(("14:", "15:"))
    board.page.locator(".way button").first.click()
    board.toast("E1 is with T3.")
    assert board.row_of("E1") == "T3.0"


def test_a_replan_is_accepted_change_by_change_with_what_a_change_needs(
    board: BoardTab, desk: PaperDesk
) -> None:
    board.page.click("#tab-replan")
    board.page.click("#tabpanel-replan button.main")
    board.page.locator("h3", has_text="2 changes").wait_for()
    # c2 needs c1: without c1 there is no c2; taking c2 again brings c1.
    board.page.uncheck("#change-c1")
    assert not board.page.is_checked("#change-c2")
    board.page.check("#change-c2")
    assert board.page.is_checked("#change-c1")
    board.page.uncheck("#change-c2")
    board.page.click("text=Accept 1")
    board.toast("1 change accepted.")
    assert desk.accepted == [["c1"]]


def test_of_two_browsers_the_second_is_told_who_was_first(
    new_tab: Callable[..., BoardTab], desk: PaperDesk
) -> None:
    second = new_tab().open()
    second.page.route("**/stream*", lambda route: route.abort())
    second.page.reload()
    second.page.wait_for_selector("html[data-map]", state="attached")
    first = new_tab().open()
    first.drag("V1", "T3", 0.3)
    first.toast("V1 is with T3 now.")
    second.drag("V3", "T3", 0.6)
    second.toast("dispatcher:wang changed this first.")
    second.page.locator('[data-row="T3.0"] [data-stop$=":V1"]').wait_for()
    assert second.row_of("V3") == "T1.0"


def test_what_others_did_appears_with_their_name(board: BoardTab, desk: PaperDesk) -> None:
    board.page.locator(".link-state.live").wait_for()
    move = {"visit": "V1", "technician": "T3", "shift": 0, "after": None}
    desk.commit(desk.moved(move), "day_revised", by="dispatcher:wang", visit="V1")
    board.toast("dispatcher:wang: changed the plan · V1")
    board.page.locator('[data-row="T3.0"] [data-stop$=":V1"]').wait_for()
    board.page.click("#tab-log")
    assert "dispatcher:wang" in board.page.locator("#tabpanel-log").inner_text()


def test_the_language_changes_everything_and_stays(board: BoardTab) -> None:
    board.page.click("#lang")
    assert board.page.locator("#tab-open span").inner_text() == "待派"
    assert "约定 09:00–09:30" in board.bar("V2").get_attribute("aria-label")
    assert board.page.evaluate("document.documentElement.lang") == "zh-CN"
    board.page.goto(board.url + "/?map=blank")
    board.page.wait_for_selector("html[data-map]", state="attached")
    assert board.page.locator("#tab-open span").inner_text() == "待派"


def test_filters_and_search_live_in_the_address(board: BoardTab) -> None:
    board.page.fill("#search", "V4")
    board.page.locator('[data-row="T1.0"]').wait_for(state="detached")
    assert "q=V4" in board.page.url
    board.page.reload()
    board.page.wait_for_selector("html[data-map]", state="attached")
    assert board.page.locator("[data-row]").count() == 1
    assert board.page.input_value("#search") == "V4"
    board.page.fill("#search", "")
    board.page.locator('[data-row="T1.0"]').wait_for()
    board.page.click("text=Free")
    board.page.locator('[data-row="T1.0"]').wait_for(state="detached")
    assert "only=free" in board.page.url
