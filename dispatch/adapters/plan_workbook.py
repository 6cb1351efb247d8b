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

from dispatch.adapters.promised import find_window
from dispatch.adapters.workbook import write_cell, write_workbook
from dispatch.domain import Day, DayPlan, PlanStop, Visit
from dispatch.standards import Profile, get_profile

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

MAX_NAME: Final = 31
"""Characters of a sheet's name."""
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_ZH: Final = {
    "overview": "总览", "unassigned": "未分配", "contracted": "签约网点", "day": "服务日",
    "date": "日期", "status": "状态", "travel": "行程来源", "total cost, fen": "总成本(分)",
    "technician": "工程师", "name": "姓名", "shift": "班次", "leaves": "出发", "returns": "返回",
    "visits": "工单数", "late visits": "迟到工单", "km": "公里", "overtime, min": "加班(分钟)",
    "stop": "停靠", "visit": "工单", "leg, min": "行驶(分钟)", "leg, km": "行驶(公里)",
    "arrival": "到达", "start": "开始", "end": "结束", "promised from": "约定最早",
    "promised until": "约定最晚", "late, min": "迟到(分钟)", "outlet": "网点", "lon": "经度",
    "lat": "纬度", "reason": "原因", "district": "区县", "priority": "优先级",
    "what would help": "补救办法", "skills": "技能", "break": "休息", "pickup": "取件",
    "estimated": "估算", "parts": "备件",
}  # fmt: skip


@dataclass(frozen=True)
class _Writer:
    """Writes tables of a plan; ``say`` turns a word into the language of the reader."""

    book: Workbook
    chinese: bool
    zone: ZoneInfo
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
                moment = isinstance(value, datetime)
                write_cell(sheet, number, at, value, clock if moment else None)


def write_plan_workbook(path: Path, day: Day, plan: DayPlan, *, language: str = "en") -> None:
    """Write the workbook in one step.

    Parameters
    ----------
    path
        Where it will be.
    day, plan
        A day and its plan.
    language
        ``en`` or ``zh``, of headings and reasons.
    """
    profile = get_profile(day.standards)

    def fill(book: Workbook) -> None:
        writer = _Writer(book, language == "zh", ZoneInfo(day.zone))
        _overview(writer, day, plan)
        _unassigned(writer, day, plan)
        people = {technician.id: technician for technician in day.technicians}
        visits = {visit.id: visit for visit in day.visits}
        for route in plan.routes:
            several = len(people[route.technician].shifts) > 1
            tail = f" {route.shift + 1}" if several else ""
            sheet = writer.sheet(f"{route.technician[: MAX_NAME - len(tail)]}{tail}")
            sheet.freeze_panes(1, 2)
            rows = [_stop(writer, profile, stop, visits) for stop in route.stops]
            writer.table(sheet, 0, _STOPS, rows)

    write_workbook(path, fill)


def _overview(writer: _Writer, day: Day, plan: DayPlan) -> None:
    sheet = writer.sheet(writer.say("overview"))
    travel = f"{writer.say('estimated')}: {plan.travel}" if plan.estimated_travel else plan.travel
    facts = [
        ("day", day.id),
        ("date", day.date),
        ("status", plan.status.value),
        ("travel", travel),
        ("total cost, fen", plan.cost.total),
    ]
    form = writer.book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
    for row, (word, value) in enumerate(facts):
        write_cell(sheet, row, 0, writer.say(word))
        write_cell(sheet, row, 1, value, form)
    people = {technician.id: technician for technician in day.technicians}
    headings = ("technician", "name", "shift", "outlet", "leaves", "returns", "visits",
                "late visits", "km", "overtime, min")  # fmt: skip
    rows = []
    for route in plan.routes:
        person = people[route.technician]
        served = [stop for stop in route.stops if stop.visit is not None]
        over_s = max(0.0, (route.end - person.shifts[route.shift].end).total_seconds())
        rows.append((
            route.technician, person.name, route.shift + 1, route.outlet,
            writer.local(route.start), writer.local(route.end), len(served),
            sum(stop.lateness_s > 0 for stop in served),
            round(sum(stop.leg_m for stop in route.stops) / 1000, 1), round(over_s / 60, 1),
        ))  # fmt: skip
    writer.table(sheet, len(facts) + 1, headings, rows)
    outlets = [(one.outlet, visit) for one in plan.contracted for visit in one.visits]
    if outlets:
        contracted = writer.sheet(writer.say("contracted"))
        writer.table(contracted, 0, ("outlet", "visit"), outlets)


def _unassigned(writer: _Writer, day: Day, plan: DayPlan) -> None:
    if not plan.unassigned:
        return
    visits = {visit.id: visit for visit in day.visits}
    headings = ("visit", "priority", "district", "reason", "what would help")
    rows = [
        (
            one.visit,
            visits[one.visit].priority.value,
            visits[one.visit].district,
            one.summary_zh if writer.chinese else one.summary,
            "; ".join(one.remedies),
        )
        for one in plan.unassigned
    ]
    writer.table(writer.sheet(writer.say("unassigned")), 0, headings, rows)


_STOPS: Final = (
    "stop", "visit", "leg, min", "leg, km", "arrival", "start", "end", "promised from",
    "promised until", "late, min", "skills", "parts", "outlet", "lon", "lat",
)  # fmt: skip


def _stop(
    writer: _Writer, profile: Profile, stop: PlanStop, visits: dict[str, Visit]
) -> tuple[object, ...]:
    visit = visits.get(stop.visit) if stop.visit is not None else None
    window = visit and find_window(visit, stop.promise, profile)
    earliest, latest = map(writer.local, window) if window else (None, None)
    needs = visit.skills if visit is not None else ()
    place = visit.place if visit is not None else None
    return (
        writer.say(stop.kind), stop.visit, round(stop.leg_s / 60, 1), round(stop.leg_m / 1000, 1),
        writer.local(stop.arrival), writer.local(stop.start), writer.local(stop.end),
        earliest, latest, round(stop.lateness_s / 60, 1) if stop.lateness_s else None,
        "; ".join(f"{need.skill} {need.level}" for need in needs) or None,
        "; ".join(f"{n.part} x {n.quantity}" for n in stop.parts) or None, stop.outlet,
        place.lon if place else None, place.lat if place else None,
    )  # fmt: skip
