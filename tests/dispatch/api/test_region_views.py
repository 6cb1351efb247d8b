"""What those of one region of a day see of it."""

from __future__ import annotations

import pytest

from tests.region_days import names_in, news, text_of
from tests.services import Served


def test_a_board_shows_own_rows_and_a_load_without_a_name(mixed: Served) -> None:
    board = mixed.get("/days/tiny/board", "north_dispatcher").json()
    rows = {row["technician"]: row for row in board["rows"]}
    # T1: V1, V2, then busy in the south until 10:10, back.
    kinds = [stop.get("kind", "visit") for stop in rows["T1"]["stops"]]
    assert kinds == ["visit", "visit", "other", "end"]
    assert "job" not in rows["T1"]["stops"][2]
    # T2 is of the south and has V4: when, and nothing about the person.
    assert [stop["id"] for stop in rows["T2"]["stops"]] == ["T2.0:V4", "T2.0:other~1"]
    assert rows["T2"].keys() == {"id", "technician", "span", "foreign", "stops"}
    assert [one["job"]["visit"] for one in board["open"]] == ["V7"]
    assert [one["id"] for one in board["outlets"] if one.get("visits")] == []
    assert board["counts"] == {"visits": 4, "ahead": 3, "open": 1, "promised": 1, "kept": 1}
    south = mixed.get("/days/tiny/board", "south_dispatcher").json()
    assert [one["id"] for one in south["outlets"] if one.get("visits")] == ["C1"]


def test_a_plan_says_when_another_region_serves_an_own_visit(mixed: Served) -> None:
    whole = {one["technician"]: one for one in mixed.get("/days/tiny/plan").json()["routes"]}
    own = mixed.get("/days/tiny/plan", "north_dispatcher").json()["routes"]
    assert [one["technician"] for one in own] == ["T1", "T2"]
    theirs = own[1]
    (before,) = (one for one in whole["T2"]["stops"] if one["visit"] == "V4")
    (stop,) = theirs["stops"]
    assert (stop["visit"], stop["arrival"]) == ("V4", before["arrival"])
    # Neither where T2 came from nor when the shift began.
    assert (stop["leg_s"], stop["leg_m"], theirs["outlet"]) == (0, 0, None)
    assert (theirs["start"], theirs["end"]) == (stop["reached"], stop["end"])
    assert theirs["start"] != whole["T2"]["start"]
    for language, word in (("en", "another region"), ("zh", "其他区域")):
        path = f"/days/tiny/files/plan.xlsx?language={language}"
        assert word in text_of(mixed.get(path, "north_dispatcher"))
    calendars = text_of(mixed.get("/days/tiny/files/calendars.zip", "north_dispatcher"))
    assert "V1" in names_in(calendars)
    assert "V4" not in names_in(calendars)  # T2's day is not known


@pytest.mark.parametrize("path", ["/days/tiny/board", "/days/tiny", "/days/tiny/plan"])
def test_who_sees_something_else_has_another_tag(mixed: Served, path: str) -> None:
    callers = ("dispatcher", "both_dispatcher", "north_dispatcher", "south_dispatcher", "viewer")
    seen = {caller: mixed.get(path, caller) for caller in callers}
    tags = {caller: answer.headers["etag"] for caller, answer in seen.items()}
    for one in callers:
        for other in callers:
            same = seen[one].content == seen[other].content
            assert (tags[one] == tags[other]) == same, (one, other)
            known = {"If-None-Match": tags[other]}
            assert mixed.get(path, one, headers=known).status_code == (304 if same else 200)
    assert "Authorization" in seen["viewer"].headers["vary"]
    assert "Cookie" in seen["viewer"].headers["vary"]


def test_a_change_names_the_board_it_was_made_for_by_its_tag_of_a_region(mixed: Served) -> None:
    tag = mixed.get("/days/tiny/board", "north_dispatcher").headers["etag"]
    known = {"If-Match": tag}
    for visit, status in (("V7", 201), ("V1", 409)):
        fact = news("visit_canceled", visit=visit)
        answer = mixed.post("/days/tiny/events", fact, "north_dispatcher", headers=known)
        assert answer.status_code == status


def test_figures_are_those_of_the_own_regions(mixed: Served) -> None:
    def figures(caller: str) -> tuple[int, int, int, bool]:
        found = mixed.get("/days/tiny/figures", caller).json()
        return found["visits"], found["technicians"], found["open"], bool(found["cost_fen"])

    assert figures("planner") == (8, 3, 2, True)
    assert figures("north_planner") == (4, 2, 1, False)
    assert figures("south_planner") == (4, 1, 1, False)
