"""The board without a mouse: everything a dispatcher does, by keys."""

from __future__ import annotations

from typing import Any

from tests.board_browser import BoardTab
from tests.browser import needs_browser
from tests.paper_desk import PaperDesk

pytestmark = needs_browser


def held(board: BoardTab) -> Any:
    script = "() => document.activeElement.dataset.stop || document.activeElement.className"
    return board.page.evaluate(script)


def press(board: BoardTab, *keys: str) -> None:
    for key in keys:
        board.page.keyboard.press(key)


def test_the_timeline_is_one_tab_stop_and_arrows_go_from_bar_to_bar(board: BoardTab) -> None:
    press(board, "t")
    assert held(board) == "lane-name"
    press(board, "ArrowRight")
    assert held(board) == "T1.0:V1"
    press(board, "ArrowRight", "ArrowDown")
    # V2 starts at 09:00; of the next row V4 at 08:10 is nearer than the lunch at 11:30.
    assert held(board) == "T2.0:V4"
    assert board.page.locator('#lanes [tabindex="0"]').count() == 1


def test_a_visit_is_carried_to_another_row_and_back_by_undo(
    board: BoardTab, desk: PaperDesk
) -> None:
    press(board, "t", "ArrowRight", "m")
    board.page.locator("#mode", has_text="Carrying V1").wait_for()
    press(board, "ArrowDown", "ArrowDown")
    board.page.locator('.ghost[data-state="exact"][data-target^="T3.0"]').wait_for()
    said = board.page.locator("#live")
    said.filter(has_text="no rule broken").wait_for(state="attached")
    press(board, "Enter")
    board.toast("V1 is with T3 now.")
    board.page.locator('[data-stop="T3.0:V1"]:focus').wait_for()
    press(board, "Control+z")
    board.toast("Undone.")
    assert board.row_of("V1") == "T1.0"
    press(board, "Control+Shift+z")
    board.toast("Done again.")
    assert board.row_of("V1") == "T3.0"


def test_escape_puts_back_what_is_carried(board: BoardTab, desk: PaperDesk) -> None:
    press(board, "t", "ArrowRight", "m", "ArrowDown", "Escape")
    assert board.page.locator(".ghost").count() == 0
    assert held(board) == "T1.0:V1"
    assert desk.sequence == 0


def test_locks_go_round_by_one_key_and_delete_takes_off(board: BoardTab, desk: PaperDesk) -> None:
    press(board, "t", "ArrowRight", "l")
    board.toast("V1 locked.")
    assert "technician locked" in board.bar("V1").get_attribute("aria-label")
    board.page.locator('[data-stop="T1.0:V1"]:focus').wait_for()
    press(board, "ArrowRight", "ArrowRight", "Delete")
    board.toast("V3 is with nobody now.")
    assert board.page.locator("#tab-open-count").inner_text() == "2"


def test_an_unassigned_visit_is_given_to_somebody_from_the_tray(board: BoardTab) -> None:
    press(board, "u")
    board.page.locator("#tab-open:focus").wait_for()
    # The panel, the visit's name, "Best ways", then "Assign".
    press(board, "Tab", "Tab", "Tab", "Tab")
    board.page.locator("#carry-V7:focus").wait_for()
    press(board, "Enter")
    board.page.locator("#mode", has_text="Carrying V7").wait_for()
    press(board, "ArrowDown", "ArrowDown")
    board.page.locator('.ghost[data-state="exact"][data-target^="T3.0"]').wait_for()
    press(board, "Enter")
    board.toast("V7 is with T3 now.")
    assert board.row_of("V7") == "T3.0"


def test_an_emergency_is_given_without_a_mouse(board: BoardTab) -> None:
    spot = board.desk.state.day.visits[0].place
    press(board, "e", "Tab", "Tab")
    board.page.locator("#em-lat:focus").wait_for()
    board.page.keyboard.type(str(spot.lat))
    press(board, "Tab")
    board.page.keyboard.type(str(spot.lon))
    press(board, "Enter")
    board.page.locator(".way button").first.wait_for()
    board.page.locator(".way button").first.focus()
    press(board, "Enter")
    board.toast("is with T3.")


def test_keys_typed_into_a_field_are_text(board: BoardTab) -> None:
    press(board, "/")
    board.page.locator("#search:focus").wait_for()
    board.page.keyboard.type("me")
    assert board.page.input_value("#search") == "me"
    press(board, "Escape")
    assert board.page.input_value("#search") == ""


def test_the_sheet_of_keys_opens_and_closes(board: BoardTab) -> None:
    press(board, "?")
    board.page.locator("dialog h2", has_text="Keys").wait_for()
    press(board, "Escape")
    assert board.page.locator("dialog").count() == 0
