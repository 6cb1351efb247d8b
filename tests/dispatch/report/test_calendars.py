"""Calendars: lines, names and moments as RFC 5545 wants them, and no customer in them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from dispatch.adapters.calendars import MAX_OCTETS, calendar_texts, escape, fold, write_calendars
from dispatch.adapters.map_links import build_links
from tests.report_days import SECRET, reported
from tests.whole_days import DAY, PLAN


def events(text: str) -> list[dict[str, str]]:
    """Return the events of a calendar, unfolded, as a reader would."""
    plain = text.replace("\r\n ", "")
    blocks = re.findall(r"BEGIN:VEVENT\r\n(.*?)END:VEVENT", plain, re.DOTALL)
    return [dict(line.split(":", 1) for line in block.split("\r\n") if line) for block in blocks]


def test_every_visit_and_break_is_an_event_at_its_time() -> None:
    made = reported()
    found = events(calendar_texts(made.day, made.plan)["T1"])
    stops = [s for s in made.plan.routes[0].stops if s.kind not in {"start", "end"}]
    assert [event["SUMMARY"] for event in found] == [s.visit or "Break" for s in stops]
    for event, stop in zip(found, stops, strict=True):
        start = datetime.strptime(event["DTSTART"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        assert start == stop.arrival


def test_the_same_plan_gives_the_same_names_and_others_differ() -> None:
    made = reported()
    first, again = (calendar_texts(made.day, made.plan) for _ in range(2))
    assert first == again
    names = [event["UID"] for event in events(first["T1"])]
    assert len(set(names)) == len(names)
    other = made.day.model_copy(update={"id": "another-day"})
    moved = [event["UID"] for event in events(calendar_texts(other, made.plan)["T1"])]
    assert set(names).isdisjoint(moved)


def test_no_customer_is_in_a_calendar(tmp_path: Path) -> None:
    made = reported()
    (path,) = write_calendars(tmp_path, made.day, made.plan).values()
    text = path.read_text("utf-8").replace("\r\n ", "").replace("\n ", "")
    assert "V1" in text
    assert not [word for word in SECRET if word in text]


def test_calendars_of_an_earlier_plan_go_and_other_files_stay(tmp_path: Path) -> None:
    made = reported()
    write_calendars(tmp_path, made.day, made.plan)
    (tmp_path / "holidays.ics").write_text("BEGIN:VCALENDAR\r\n", encoding="utf-8")
    write_calendars(tmp_path, made.day, made.plan.model_copy(update={"routes": ()}))
    assert [path.name for path in tmp_path.iterdir()] == ["holidays.ics"]


def test_ids_become_names_of_files_that_cannot_lead_elsewhere(tmp_path: Path) -> None:
    made = reported()
    ids = ("../up", "T1", "t1")
    people = [made.day.technicians[0].model_copy(update={"id": name}) for name in ids]
    routes = [made.plan.routes[0].model_copy(update={"technician": name}) for name in ids]
    day = made.day.model_copy(update={"technicians": tuple(people)})
    plan = made.plan.model_copy(update={"routes": tuple(routes)})
    found = write_calendars(tmp_path / "calendars", day, plan)
    assert len({path.name.lower() for path in found.values()}) == 3
    assert {path.parent for path in tmp_path.rglob("*.ics")} == {tmp_path / "calendars"}


@given(st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=300))
def test_folded_lines_are_short_and_unfold_to_what_they_were(line: str) -> None:
    folded = fold(line)
    # Blanks of our own begin continued lines; only "\r\n " is taken out again.
    assert folded.replace("\r\n ", "") == line
    assert all(len(part.encode()) <= MAX_OCTETS for part in folded.split("\r\n"))


def test_signs_with_a_meaning_are_escaped() -> None:
    assert escape("a,b;c\\d\ne\tf") == "a\\,b\\;c\\\\d\\ne f"


def test_pick_ups_crews_and_links_are_told() -> None:
    texts = calendar_texts(DAY, PLAN)
    first = {event["SUMMARY"]: event for event in events(texts["T1"])}
    pickup = first["Pick up parts: O2"]
    assert "valve x 2" in pickup["DESCRIPTION"]
    # O2 lies one step east and one north: 121.01, 31.01.
    assert pickup["GEO"] == "31.010000;121.010000"
    assert "together with T2" in first["V3"]["DESCRIPTION"]
    assert "after V3" in first["V4"]["DESCRIPTION"]
    # T2 is there at 10:00 and begins with T1.
    (second,) = events(texts["T2"])
    assert "work begins 10:10" in second["DESCRIPTION"]
    chinese = calendar_texts(DAY, PLAN, language="zh")
    assert "取件" in chinese["T1"]
    assert "开始作业 10:10" in chinese["T2"].replace("\r\n ", "")


def test_links_of_an_event_open_its_place_in_three_map_programs() -> None:
    event = next(e for e in events(calendar_texts(DAY, PLAN)["T1"]) if e["SUMMARY"] == "V1")
    plain = event["DESCRIPTION"].replace("\\,", ",").replace("\\;", ";")
    place = DAY.visits[0].place
    links = build_links(place.lon, place.lat, "V1")
    assert len(links) == 3
    assert all(link in plain for link in links.values())
    assert event["URL"] == links["amap"]
