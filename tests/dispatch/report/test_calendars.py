"""Calendars: lines, names and moments as RFC 5545 wants them, and no customer in them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from dispatch.adapters.calendars import MAX_OCTETS, calendar_texts, escape, fold, write_calendars
from tests.report_days import SECRET, reported


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
