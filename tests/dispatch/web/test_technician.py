"""The technician's day on a phone: own stops only, and reports that survive a dead spot."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from dispatch.live.projection import project
from dispatch.web.board_view import LiveDay
from dispatch.web.me_view import me_json, me_view
from tests.board_browser import BoardTab
from tests.browser import needs_browser
from tests.live_days import begun, live_plan, town_table
from tests.paper_desk import PaperDesk

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def my_day(technician: str, **more: bool) -> dict[str, object]:
    state = begun()
    day = LiveDay(state, project(state, town_table()), live_plan())
    found = json.loads(me_json(me_view(day, technician, **more)))
    assert isinstance(found, dict)
    return found


def test_only_own_stops_are_told_in_order_with_what_to_take_along() -> None:
    mine = my_day("T1")
    assert isinstance(mine["stops"], list)
    ids = [one["stop"]["id"] for one in mine["stops"]]
    assert ids == ["T1.0:V1", "T1.0:V2", "T1.0:V3", "T1.0:end~1"]
    assert mine["load"] == [["pump", 1]]
    assert "V4" not in json.dumps(mine)
    assert "T2" not in json.dumps(mine)


def test_a_day_without_visits_is_empty_and_a_stranger_has_none() -> None:
    assert "stops" not in my_day("T3")
    with pytest.raises(KeyError):
        my_day("T9")


def test_places_in_china_open_in_the_datum_of_each_map_program() -> None:
    state = begun()
    place = state.day.visits[0].place.model_copy(update={"lon": 114.3055, "lat": 30.5928})
    visits = (state.day.visits[0].model_copy(update={"place": place}), *state.day.visits[1:])
    state = state.model_copy(update={"day": state.day.model_copy(update={"visits": visits})})
    plain = project(begun(), town_table())
    links = me_view(LiveDay(state, plain, live_plan()), "T1").stops[0].links
    assert set(links) == {"amap", "baidu", "tencent"}
    # GCJ-02 lies some 500 m from WGS 84 there: the link is not at the raw coordinate.
    assert "114.3055" not in links["amap"]
    assert "coordinate=gaode" in links["amap"]


@pytest.fixture
def phone(new_tab: Callable[..., BoardTab]) -> BoardTab:
    tab = new_tab(**PHONE)
    tab.page.goto(tab.url + "/me?lang=en")
    tab.page.wait_for_selector("html[data-ready=me]", state="attached")
    return tab


def kinds(desk: PaperDesk) -> list[str]:
    return [fact["kind"] for fact in desk.facts]


@needs_browser
def test_reports_made_without_a_network_are_kept_over_a_reload_and_sent_in_order(
    phone: BoardTab, desk: PaperDesk
) -> None:
    page = phone.page
    page.evaluate("async () => { await navigator.serviceWorker.ready; }")
    page.click('[data-act="technician_departed"]')
    page.locator('[data-act="technician_arrived"]').wait_for()
    page.locator("#net", has_text="connected").wait_for()
    phone.context.set_offline(True)
    page.click('[data-act="technician_arrived"]')
    page.click('[data-act="work_started"]')
    page.locator('[data-act="work_finished"]').wait_for()
    page.locator("#net", has_text="2 to send").wait_for()
    assert kinds(desk) == ["technician_departed"]
    page.reload()
    page.locator('[data-act="work_finished"]').wait_for()
    assert "at work" in page.locator(".me-stop").first.inner_text()
    phone.context.set_offline(False)
    page.locator(".net:not(.off)").wait_for()
    assert kinds(desk) == ["technician_departed", "technician_arrived", "work_started"]


@needs_browser
def test_a_button_pressed_while_another_report_is_sent_does_not_wait_for_the_next_round(
    phone: BoardTab, desk: PaperDesk
) -> None:
    page, held = phone.page, []
    # No next round, however long a busy machine takes: only one at once can send the report.
    page.add_init_script("window.setInterval = () => 0;")
    page.reload()
    page.wait_for_selector("html[data-ready=me]", state="attached")
    page.locator("#net", has_text="connected").wait_for()
    # A lambda: playwright marks what it is given, and a built-in method takes no mark.
    page.route("**/me/day", lambda route: held.append(route), times=1)  # noqa: PLW0108
    page.click('[data-act="technician_departed"]')
    phone.wait_until(lambda: held)
    page.click('[data-act="technician_arrived"]')
    held[0].continue_()
    page.locator('[data-act="work_started"]').wait_for()
    page.locator(".net:not(.off)").wait_for()
    assert kinds(desk) == ["technician_departed", "technician_arrived"]


@needs_browser
def test_what_was_sent_is_not_forgotten_where_the_day_cannot_be_read_again(
    phone: BoardTab, desk: PaperDesk
) -> None:
    page = phone.page
    page.route("**/me/day", lambda route: route.abort())
    page.click('[data-act="technician_departed"]')
    page.locator('[data-act="technician_arrived"]').wait_for()
    page.locator(".net:not(.off)").wait_for()
    assert kinds(desk) == ["technician_departed"]
    # The day the phone kept is older than the report; the report counts all the same.
    page.reload()
    page.locator('[data-act="technician_arrived"]').wait_for()
    page.unroute("**/me/day")
    page.reload()
    page.locator('[data-act="technician_arrived"]').wait_for()
    assert kinds(desk) == ["technician_departed"]


@needs_browser
def test_a_visit_is_finished_with_a_signed_report(phone: BoardTab, desk: PaperDesk) -> None:
    page = phone.page
    for act in ("technician_departed", "technician_arrived", "work_started", "work_finished"):
        page.click(f'[data-act="{act}"]')
    page.fill("#rep-text", "Changed the filter")
    page.fill("#rep-name", "Li Na")
    page.check("#rep-id_shown")
    page.select_option("#rep-test", "passed")
    page.locator("dialog canvas").scroll_into_view_if_needed()
    box = page.locator("dialog canvas").bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 160, box["y"] + 90, steps=6)
    page.mouse.up()
    page.click("text=Finish the visit")
    page.locator('.me-stop.now[data-stop="T1.0:V2"]').wait_for()
    page.locator(".net:not(.off)").wait_for()
    report = desk.reports[0]
    assert (report["visit"], report["text"], report["signed_by"]) == (
        "V1", "Changed the filter", "Li Na",
    )  # fmt: skip
    assert report["signature"].startswith("data:image/png;base64,")
    assert (report["id_shown"], report["site_clean"], report["test"]) == (True, False, "passed")
    assert kinds(desk)[-1] == "work_finished"


@needs_browser
def test_the_customer_is_shown_on_asking_and_never_kept(phone: BoardTab, desk: PaperDesk) -> None:
    assert "Li Na" not in phone.page.locator("body").inner_text()
    phone.page.click("text=Show the customer")
    phone.page.locator("text=Lake Road 7").wait_for()
    assert desk.asked_for == [("V1", "visit under way")]
    phone.page.reload()
    phone.page.wait_for_selector("html[data-ready=me]", state="attached")
    assert "Li Na" not in phone.page.locator("body").inner_text()


@needs_browser
def test_the_phone_page_fits_and_axe_finds_nothing_serious(phone: BoardTab) -> None:
    assert phone.faults() == []
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 390
    phone.page.click("#lang")
    phone.page.locator("text=出发").wait_for()
