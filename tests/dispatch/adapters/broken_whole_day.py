"""Broken inputs: traffic, parts, crews, links, days, limits; as tables, sheets and JSON."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dispatch.domain.checks import Code
from tests.dispatch.adapters.broken_inputs import (
    BASE,
    TECHNICIAN,
    VISIT,
    Case,
    day_json,
    extra,
    table,
    technician_json,
    visit_json,
)
from tests.workbooks import Change, write_workbook

SPEEDS = "road_class,from,to,percent\n"
AREAS = "name,start,end,percent,ring\n"
SQUARE = "121.4 31.2;121.5 31.2;121.5 31.3;121.4 31.3"
LINKS = "visit,after,min_gap_min,max_gap_min,same_technician\n"


def sheets(
    title: str,
    code: Code,
    tables: Mapping[str, str],
    where: str,
    *,
    change: Change | None = None,
    example: str = "",
) -> Case:
    """Add sheets to the sound workbook; the text of each is that of a CSV table."""
    lines = [f"sheet {name.removesuffix('.csv')}: {text.rstrip()}" for name, text in tables.items()]
    shown = example or "\n".join(lines).replace("\n", "\n  ")

    def make(folder: Path) -> Path:
        return write_workbook(folder / "day.xlsx", {**BASE, **tables}, change)

    return Case(title, code, f"# day.xlsx\n{shown}", make, where=where)


def visits(title: str, code: Code, where: str, *changes: Mapping[str, object]) -> Case:
    """Read a JSON day of visits that differ from the sound one."""
    found = [{**VISIT, "id": f"V{number}", **each} for number, each in enumerate(changes, 1)]
    return day_json(title, code, where, visits=found)


def _typed_clock(book: Any, sheets: dict[str, Any]) -> None:
    form = book.add_format({"num_format": "hh:mm"})
    sheets["traffic_speeds"].write_datetime(1, 1, dt.time(9), form)
    sheets["traffic_speeds"].write_datetime(1, 2, dt.time(7), form)


TRAFFIC = (
    table("a horizon of two months", Code.HORIZON_LONG, "day.csv", "22:00", "2026-05-02 22:00"),
    extra(
        "a span of hours that ends early",
        Code.TRAFFIC_ROW_REVERSED,
        "traffic_speeds.csv",
        f"{SPEEDS}primary,22:00,06:00,120\n",
        "traffic_speeds.csv row 2 column to",
    ),
    extra(
        "hours that overlap",
        Code.TRAFFIC_ROWS_OVERLAP,
        "traffic_speeds.csv",
        f"{SPEEDS}主干道,07:00,09:00,55\nlocal,08:00,10:00,70\nprimary,08:30,10:00,60\n",
        "traffic_speeds.csv row 4 column from",
    ),
    day_json(
        "a custom profile without rows",
        Code.TRAFFIC_WITHOUT_ROWS,
        "traffic.profile",
        traffic={"profile": "custom"},
    ),
    day_json(
        "rows beside the default profile",
        Code.TRAFFIC_ROWS_UNUSED,
        "traffic.profile",
        traffic={
            "speeds": [{"road_class": "local", "from_minute": 0, "to_minute": 60, "percent": 50}]
        },
    ),
    extra(
        "an unknown road class",
        Code.WRONG_CHOICE,
        "traffic_speeds.csv",
        f"{SPEEDS}street,07:00,09:00,55\n",
        "traffic_speeds.csv row 2 column road_class",
    ),
    extra(
        "a speed of nothing",
        Code.OUT_OF_RANGE,
        "traffic_speeds.csv",
        f"{SPEEDS}local,07:00,09:00,0\n",
        "traffic_speeds.csv row 2 column percent",
    ),
    extra(
        "seconds in a span of hours",
        Code.DATE_FORM,
        "traffic_speeds.csv",
        f"{SPEEDS}local,07:00:30,09:00,50\n",
        "traffic_speeds.csv row 2 column from",
    ),
    extra(
        "an area that ends early",
        Code.AREA_REVERSED,
        "traffic_areas.csv",
        f"{AREAS}fair,18:00,08:00,40,{SQUARE}\n",
        "traffic_areas.csv row 2 column end",
    ),
    extra(
        "an area on another day",
        Code.AREA_OUTSIDE_HORIZON,
        "traffic_areas.csv",
        f"{AREAS}fair,2026-03-09 08:00,2026-03-09 18:00,40,{SQUARE}\n",
        "traffic_areas.csv row 2",
    ),
    extra(
        "an outline that crosses itself",
        Code.AREA_OUTLINE,
        "traffic_areas.csv",
        f"{AREAS}fair,08:00,18:00,40,121.4 31.2;121.5 31.3;121.5 31.2;121.4 31.3\n",
        "traffic_areas.csv row 2 column ring",
    ),
    extra(
        "an outline of two points",
        Code.LIST_LENGTH,
        "traffic_areas.csv",
        f"{AREAS}fair,08:00,18:00,40,121.4 31.2;121.5 31.3\n",
        "traffic_areas.csv row 2 column ring",
    ),
    extra(
        "an outline that is no list of points",
        Code.LIST_CELL,
        "traffic_areas.csv",
        f"{AREAS}fair,08:00,18:00,40,Pudong\n",
        "traffic_areas.csv row 2 column ring",
    ),
)
PEOPLE = (
    table("an outlet open on other days", Code.OUTLET_CLOSED, "outlets.csv", "mon-fri", "sat-sun"),
    technician_json("a limit of nothing", Code.LIMIT_ZERO, "max_visits", max_visits=0),
    day_json(
        "a shift of two days",
        Code.SHIFT_LONG,
        "shifts[0]",
        horizon_end="2026-03-03 22:00",
        technicians=[
            {**TECHNICIAN, "shifts": [{"start": "08:00", "end": "2026-03-03 17:00"}]},
        ],
    ),
    technician_json(
        "a technician in a thousandth of the time",
        Code.OUT_OF_RANGE,
        "service_percent",
        service_percent=0,
    ),
)
VISITS = (
    visit_json(
        "skills of a crew of one",
        Code.CREW_SKILLS_WITHOUT_CREW,
        "crew_skills",
        crew_skills=[{"skill": "lift"}],
    ),
    visit_json("a crew of nine", Code.OUT_OF_RANGE, "crew_size", crew_size=9),
    visit_json("more people than there are", Code.CREW_TOO_LARGE, "crew_size", crew_size=2),
    visit_json(
        "a part listed twice",
        Code.PART_TWICE,
        "parts[1]",
        parts=[{"part": "P1"}, {"part": "P1", "quantity": 2}],
    ),
    extra(
        "a part that is nowhere",
        Code.PART_NOWHERE,
        "parts.csv",
        "visit,part,quantity\nV1,compresor,1\n",
        "parts.csv row 2 column part",
    ),
    extra(
        "no units of a part needed",
        Code.OUT_OF_RANGE,
        "parts.csv",
        "visit,part,quantity\nV1,P1,0\n",
        "parts.csv row 2 column quantity",
    ),
    extra(
        "parts of an unknown visit",
        Code.UNKNOWN_VISIT,
        "parts.csv",
        "visit,part,quantity\nV9,P1,1\n",
        "parts.csv row 2 column visit",
    ),
    extra(
        "stock of an unknown outlet",
        Code.UNKNOWN_OUTLET,
        "stock.csv",
        "outlet,part,quantity\nO9,P1,1\n",
        "stock.csv row 2 column outlet",
    ),
    extra(
        "stock on a van of nobody",
        Code.UNKNOWN_TECHNICIAN,
        "van_stock.csv",
        "technician,part,quantity\nT9,P1,1\n",
        "van_stock.csv row 2 column technician",
    ),
    extra(
        "a delivery on no date",
        Code.DATE_FORM,
        "stock.csv",
        "outlet,part,quantity,available_on\nO1,P1,1,soon\n",
        "stock.csv row 2 column available_on",
    ),
    visit_json("a day after the horizon", Code.DAYS_OUTSIDE_HORIZON, "days", days=["2026-03-05"]),
    day_json(
        "promises on other days",
        Code.DAYS_WITHOUT_PROMISE,
        "days",
        horizon_end="2026-03-03 22:00",
        visits=[
            {
                **VISIT,
                "days": ["2026-03-02"],
                "promises": [{"earliest": "2026-03-03 09:00", "latest": "2026-03-03 10:00"}],
            }
        ],
    ),
    day_json(
        "a day on which nobody works",
        Code.DAYS_WITHOUT_SHIFT,
        "days",
        horizon_end="2026-03-03 22:00",
        visits=[{**VISIT, "days": ["2026-03-03"]}],
    ),
)
LINKED = (
    extra(
        "a gap that ends before it begins",
        Code.GAP_REVERSED,
        "links.csv",
        f"{LINKS}V2,V1,60,30,\n",
        "links.csv row 2 column max_gap_min",
    ),
    extra(
        "a visit after itself",
        Code.LINK_TO_ITSELF,
        "links.csv",
        f"{LINKS}V2,V2,,,\n",
        "links.csv row 2 column after",
    ),
    extra(
        "two links to one visit",
        Code.LINK_TWICE,
        "links.csv",
        f"{LINKS}V2,V1,60,,\nV2,V1,,120,\n",
        "links.csv row 3 column after",
    ),
    extra(
        "a circle of links",
        Code.LINK_CIRCLE,
        "links.csv",
        f"{LINKS}V2,V1,,,\nV3,V2,,,\nV1,V3,,,\n",
        "links.csv row 4 column after",
    ),
    visits(
        "the same technician and another one",
        Code.SAME_AND_DIFFERENT,
        "visits[2].links[1].same_technician",
        {},
        {"links": [{"after": "V1", "same_technician": True}]},
        {
            "links": [
                {"after": "V2", "same_technician": True},
                {"after": "V1", "same_technician": False},
            ]
        },
    ),
    visits(
        "different technicians, one pin",
        Code.SAME_AND_DIFFERENT,
        "visits[1].links[0].same_technician",
        {"pin": {"technician": "T1"}},
        {"pin": {"technician": "T1"}, "links": [{"after": "V1", "same_technician": False}]},
    ),
    day_json(
        "one technician for two pins",
        Code.NOBODY_FOR_ALL,
        "visits[1].pin.technician",
        technicians=[{**TECHNICIAN, "id": name} for name in ("T1", "T2")],
        visits=[
            {**VISIT, "pin": {"technician": "T1"}},
            {
                **VISIT,
                "id": "V2",
                "pin": {"technician": "T2"},
                "links": [{"after": "V1", "same_technician": True}],
            },
        ],
    ),
    visits(
        "a visit after one that is set aside",
        Code.LINK_SET_ASIDE,
        "visits[1].links[0].after",
        {"place": {"lon": 0, "lat": 0}},
        {"links": [{"after": "V1"}]},
    ),
)
SHEETS = (
    sheets(
        "hours of a sheet that end early",
        Code.TRAFFIC_ROW_REVERSED,
        {"traffic_speeds.csv": f"{SPEEDS}local,,,50\n"},
        "sheet traffic_speeds row 2 column to (C2)",
        change=_typed_clock,
        example="traffic_speeds!B2:C2: 09:00, 07:00",
    ),
    sheets(
        "a Chinese sheet of speeds with an unknown class",
        Code.WRONG_CHOICE,
        {"路况速度": "道路等级,起,止,速度百分比\n主街,07:00,09:00,50\n"},
        "sheet 路况速度 row 2 column 道路等级 (A2)",
    ),
    sheets(
        "an outline on a sheet that encloses nothing",
        Code.AREA_OUTLINE,
        {"traffic_areas.csv": f"{AREAS}fair,08:00,18:00,40,121.4 31.2;121.5 31.3;121.6 31.4\n"},
        "sheet traffic_areas row 2 column ring (E2)",
    ),
    sheets(
        "a quantity in words",
        Code.WRONG_TYPE,
        {"stock.csv": "outlet,part,quantity\nO1,P1,many\n"},
        "sheet stock row 2 column quantity (C2)",
    ),
    sheets(
        "half a part",
        Code.WRONG_TYPE,
        {"van_stock.csv": "technician,part,quantity\nT1,P1,1.5\n"},
        "sheet van_stock row 2 column quantity (C2)",
    ),
    sheets(
        "a sheet of parts without quantities of vans",
        Code.COLUMN_MISSING,
        {"van_stock.csv": "technician,part\nT1,P1\n"},
        "sheet van_stock row 1",
    ),
    sheets(
        "a part on a sheet that nobody has",
        Code.PART_NOWHERE,
        {"parts.csv": "visit,part\nV1,P7\n"},
        "sheet parts row 2 column part (B2)",
    ),
    sheets(
        "a link on a sheet to an unknown visit",
        Code.UNKNOWN_VISIT,
        {"links.csv": f"{LINKS}V2,V01,,,\n"},
        "sheet links row 2 column after (B2)",
    ),
    sheets(
        "a gap on a sheet that ends before it begins",
        Code.GAP_REVERSED,
        {"links.csv": f"{LINKS}V2,V1,60,30,\n"},
        "sheet links row 2 column max_gap_min (D2)",
    ),
    sheets(
        "a word where yes or no belongs",
        Code.WRONG_TYPE,
        {"links.csv": f"{LINKS}V2,V1,,,perhaps\n"},
        "sheet links row 2 column same_technician (E2)",
    ),
    sheets(
        "a negative gap",
        Code.OUT_OF_RANGE,
        {"links.csv": f"{LINKS}V2,V1,-5,,\n"},
        "sheet links row 2 column min_gap_min (C2)",
    ),
    sheets(
        "a percentage out of range on a sheet",
        Code.OUT_OF_RANGE,
        {"skills.csv": "technician,skill,service_percent\nT1,ac,5000\n"},
        "sheet skills row 2 column service_percent (C2)",
    ),
)
WHOLE_DAY: tuple[Case, ...] = (*TRAFFIC, *PEOPLE, *VISITS, *LINKED, *SHEETS)
