"""A plan as a workbook: an overview, a sheet per technician and shift, what stayed unserved.

Like every output it carries no customer's name, phone or address (CSQ-2.4).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from dispatch.adapters.datum import NAMES, Datum, shift_place
from dispatch.adapters.map_links import build_links
from dispatch.adapters.promised import find_window
from dispatch.adapters.workbook import write_cell, write_workbook
from dispatch.domain import Day, DayPlan, Outlet, Place, PlanStatus, PlanStop, Visit
from dispatch.standards import Profile, get_profile

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

MAX_NAME: Final = 31
"""Characters of a sheet's name."""
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_ZH: Final = {
    "overview": "总览", "unassigned": "未分配", "contracted": "签约网点", "day": "服务日",
    "date": "日期", "status": "状态", "travel": "行程来源", "price, yuan": "费用(元)",
    "technician": "技师", "name": "姓名", "shift": "班次", "leaves": "出发", "returns": "返回",
    "visits": "工单数", "late visits": "迟到工单", "km": "公里", "overtime, min": "加班(分钟)",
    "stop": "停靠", "visit": "工单", "leg, min": "行驶(分钟)", "leg, km": "行驶(公里)",
    "arrival": "到达", "start": "开始", "end": "结束", "promised from": "约定最早",
    "promised until": "约定最晚", "late, min": "迟到(分钟)", "outlet": "网点", "lon": "经度",
    "lat": "纬度", "reason": "原因", "district": "区县", "priority": "优先级",
    "what would help": "补救办法", "skills": "技能", "break": "休息", "pickup": "取件",
    "another region": "其他区域",
    "estimated": "估算", "parts": "备件", "together with": "同行", "comes after": "前置工单",
    "pick-ups": "取件次数", "crew visits": "多人工单", "place": "地点", "part": "备件",
    "units": "件数", "for visits": "用于工单", "earliest date": "最早日期",
    "parts needed": "所需备件", "from vans": "车载", "picked up": "取件", "missing": "缺少",
    "emergency": "应急", "urgent": "紧急", "important": "重要", "general": "一般",
    "all visits served": "全部工单已安排", "some visits unassigned": "有工单未分配",
    "an emergency is unserved": "有应急工单未安排", "nothing could be planned": "无法规划",
    "coordinates": "坐标系", "Amap": "高德", "Baidu": "百度", "Tencent": "腾讯",
}  # fmt: skip

_STATUS: Final = {
    PlanStatus.FEASIBLE: "all visits served",
    PlanStatus.HAS_UNASSIGNED: "some visits unassigned",
    PlanStatus.EMERGENCY_UNSERVED: "an emergency is unserved",
    PlanStatus.INFEASIBLE_INPUT: "nothing could be planned",
}


@dataclass(frozen=True, slots=True)
class _MapLink:
    """A link we made ourselves; no text of a plan ever becomes one."""

    word: str
    link: str


@dataclass(frozen=True)
class _Writer:
    """Writes tables of a plan; ``say`` turns a word into the language of the reader."""

    book: Workbook
    chinese: bool
    zone: ZoneInfo
    datum: Datum = "wgs84"
    names: set[str] = field(default_factory=set)

    def say(self, word: str) -> str:
        return _ZH.get(word, word) if self.chinese else word

    def local(self, moment: datetime) -> datetime:
        return moment.astimezone(self.zone).replace(tzinfo=None)

    def sheet(self, wish: str) -> Worksheet:
        """Add a sheet; names are cut, cleaned and made different, whatever the case."""
        clean = _FORBIDDEN.sub("_", wish).strip("' ")[:MAX_NAME] or "_"
        name, number = clean, 2
        while name.lower() in self.names or name.lower() == "history":
            tail = f" ({number})"
            name, number = f"{clean[: MAX_NAME - len(tail)]}{tail}", number + 1
        self.names.add(name.lower())
        return self.book.add_worksheet(name)

    def table(
        self, sheet: Worksheet, top: int, headings: Sequence[str], rows: Iterable[Sequence[object]]
    ) -> None:
        """Write headings and rows, moments as dates and times of the day's zone."""
        bold = self.book.add_format({"bold": True, "bottom": 1})
        clock = self.book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        for at, heading in enumerate(headings):
            write_cell(sheet, top, at, self.say(heading), bold)
        sheet.set_column(0, len(headings) - 1, 17)
        for number, row in enumerate(rows, start=top + 1):
            for at, value in enumerate(row):
                if isinstance(value, _MapLink):
                    sheet.write_url(number, at, value.link, string=self.say(value.word))
                    continue
                moment = isinstance(value, datetime)
                write_cell(sheet, number, at, value, clock if moment else None)


def write_plan_workbook(
    path: Path, day: Day, plan: DayPlan, *, language: str = "en", datum: Datum = "wgs84"
) -> None:
    """Write the workbook in one step.

    Parameters
    ----------
    path
        Where it will be.
    day, plan
        A day and its plan.
    language
        ``en`` or ``zh``, of headings and reasons.
    datum
        Of the coordinates; the overview names it.
    """
    profile = get_profile(day.standards)

    def fill(book: Workbook) -> None:
        writer = _Writer(book, language == "zh", ZoneInfo(day.zone), datum)
        _overview(writer, day, plan)
        _unassigned(writer, day, plan)
        _pickups(writer, day, plan)
        table = _Stops(writer, profile, day, plan)
        people = {technician.id: technician for technician in day.technicians}
        for route in plan.routes:
            person = people.get(route.technician)
            several = person is not None and len(person.shifts) > 1
            tail = f" {route.shift + 1}" if several else ""
            sheet = writer.sheet(f"{route.technician[: MAX_NAME - len(tail)]}{tail}")
            sheet.freeze_panes(1, 2)
            rows = [table.row(stop, route.technician) for stop in route.stops]
            writer.table(sheet, 0, _STOPS, rows)

    write_workbook(path, fill)


def _overview(writer: _Writer, day: Day, plan: DayPlan) -> None:
    sheet = writer.sheet(writer.say("overview"))
    told = plan.travel.removeprefix("estimated: ")
    travel = f"{writer.say('estimated')}: {told}" if plan.estimated_travel else told
    facts = [
        ("day", day.id),
        ("date", day.date),
        ("status", writer.say(_STATUS[plan.status])),
        ("travel", travel),
        ("price, yuan", plan.cost.total / 100),
        ("coordinates", NAMES[writer.datum]),
    ]
    fill = plan.part_fill
    if fill is not None:
        facts += [("parts needed", fill.needed), ("from vans", fill.from_van),
                  ("picked up", fill.picked_up), ("missing", fill.missing)]  # fmt: skip
    left = writer.book.add_format({"align": "left"})
    money = writer.book.add_format({"num_format": "#,##0.00", "align": "left"})
    dated = writer.book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
    for row, (word, value) in enumerate(facts):
        write_cell(sheet, row, 0, writer.say(word))
        shape = {"date": dated, "price, yuan": money}.get(word, left)
        write_cell(sheet, row, 1, value, shape)
    _routes(writer, sheet, len(facts) + 1, day, plan)
    outlets = [(one.outlet, visit) for one in plan.contracted for visit in one.visits]
    if outlets:
        contracted = writer.sheet(writer.say("contracted"))
        writer.table(contracted, 0, ("outlet", "visit"), outlets)


def _routes(writer: _Writer, sheet: Worksheet, top: int, day: Day, plan: DayPlan) -> None:
    """Write one line a route below the facts."""
    people = {technician.id: technician for technician in day.technicians}
    headings = ("technician", "name", "shift", "outlet", "leaves", "returns", "visits",
                "late visits", "km", "overtime, min", "pick-ups", "crew visits")  # fmt: skip
    rows = []
    for route in plan.routes:
        person = people.get(route.technician)
        # Whom the day does not have is of another region; nothing is known of their shift.
        name = writer.say("another region") if person is None else person.name
        ends = route.end if person is None else person.shifts[route.shift].end
        served = [stop for stop in route.stops if stop.visit is not None]
        over_s = max(0.0, (route.end - ends).total_seconds())
        rows.append((
            route.technician, name, route.shift + 1, route.outlet,
            writer.local(route.start), writer.local(route.end), len(served),
            sum(stop.lateness_s > 0 for stop in served),
            round(sum(stop.leg_m for stop in route.stops) / 1000, 1), round(over_s / 60, 1),
            sum(stop.kind == "pickup" for stop in route.stops),
            sum(stop.crew > 0 for stop in served),
        ))  # fmt: skip
    writer.table(sheet, top, headings, rows)


def _unassigned(writer: _Writer, day: Day, plan: DayPlan) -> None:
    if not plan.unassigned:
        return
    visits = {visit.id: visit for visit in day.visits}
    headings = ("visit", "priority", "district", "reason", "earliest date", "what would help")
    rows = [
        (
            one.visit,
            writer.say(visits[one.visit].priority.value),
            visits[one.visit].district,
            one.summary_zh if writer.chinese else one.summary,
            one.earliest_date.isoformat() if one.earliest_date else None,
            "; ".join(one.remedies_zh if writer.chinese else one.remedies),
        )
        for one in plan.unassigned
    ]
    writer.table(writer.sheet(writer.say("unassigned")), 0, headings, rows)


def _pickups(writer: _Writer, day: Day, plan: DayPlan) -> None:
    """Write what each outlet has to lay out, when, and for whom."""
    names = {outlet.id: outlet.name for outlet in day.outlets}
    rows = []
    for route in plan.routes:
        for stop in route.stops:
            if stop.kind == "pickup":
                rows += [
                    (stop.outlet, names.get(stop.outlet or ""), writer.local(stop.start),
                     route.technician, need.part, need.quantity)
                    for need in stop.parts
                ]  # fmt: skip
    if rows:
        headings = ("outlet", "name", "start", "technician", "part", "units")
        rows.sort(key=lambda row: (row[0] or "", row[2], row[3]))
        writer.table(writer.sheet(writer.say("pickup")), 0, headings, rows)


_STOPS: Final = (
    "stop", "visit", "leg, min", "leg, km", "arrival", "start", "end", "promised from",
    "promised until", "late, min", "skills", "parts", "together with", "comes after", "outlet",
    "lon", "lat", "Amap", "Baidu", "Tencent",
)  # fmt: skip


class _Stops:
    """Makes rows of stops; knows who else is at a visit and where everything lies."""

    def __init__(self, writer: _Writer, profile: Profile, day: Day, plan: DayPlan) -> None:
        self._writer, self._profile = writer, profile
        self._visits: dict[str, Visit] = {visit.id: visit for visit in day.visits}
        self._outlets: dict[str, Outlet] = {outlet.id: outlet for outlet in day.outlets}
        self._crews: dict[str, list[str]] = {}
        for route in plan.routes:
            for stop in route.stops:
                if stop.crew:
                    self._crews.setdefault(stop.visit or "", []).append(route.technician)

    def row(self, stop: PlanStop, technician: str) -> tuple[object, ...]:
        """Return one stop of a technician as a row under ``_STOPS``."""
        local = self._writer.local
        visit = self._visits.get(stop.visit) if stop.visit is not None else None
        window = visit and find_window(visit, stop.promise, self._profile)
        earliest, latest = map(local, window) if window else (None, None)
        needs = visit.skills if visit is not None else ()
        links = visit.links if visit is not None else ()
        others = [who for who in self._crews.get(stop.visit or "", []) if who != technician]
        return (
            self._writer.say(stop.kind), stop.visit, round(stop.leg_s / 60, 1),
            round(stop.leg_m / 1000, 1), local(stop.arrival), local(stop.start), local(stop.end),
            earliest, latest, round(stop.lateness_s / 60, 1) if stop.lateness_s else None,
            "; ".join(f"{need.skill} {need.level}" for need in needs) or None,
            "; ".join(f"{need.part} x {need.quantity}" for need in stop.parts) or None,
            "; ".join(others) or None, "; ".join(link.after for link in links) or None,
            stop.outlet, *self._place(stop, visit),
        )  # fmt: skip

    def _place(self, stop: PlanStop, visit: Visit | None) -> tuple[object, ...]:
        """Return longitude, latitude and the links of a visit or a pick-up."""
        outlet = self._outlets.get(stop.outlet or "") if stop.kind == "pickup" else None
        place: Place | None = None
        name = ""
        if visit is not None:
            place, name = visit.place, visit.id
        elif outlet is not None:
            place, name = outlet.place, outlet.name or outlet.id
        if place is None:
            return ()
        lon, lat = shift_place(place.lon, place.lat, self._writer.datum)
        links = build_links(place.lon, place.lat, name)
        words = ("Amap", "Baidu", "Tencent")
        shown = zip(words, links.values(), strict=False)
        return (round(lon, 6), round(lat, 6), *(_MapLink(word, link) for word, link in shown))
