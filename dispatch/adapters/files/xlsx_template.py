"""A workbook to fill in: every sheet, headings in two languages, an example, a dictionary."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from dispatch.adapters.files import cells, columns
from dispatch.adapters.files.columns import Column, Table
from dispatch.adapters.files.gazetteer import GAZETTEER_TABLE
from dispatch.adapters.files.header import HEADER_TABLE
from dispatch.adapters.files.xlsx_sheets import SHEETS
from dispatch.adapters.files.xlsx_write import FORMS
from dispatch.adapters.workbook import write_cell, write_workbook
from dispatch.domain import Day, Prices, Settings, Traffic
from dispatch.domain.base import Model

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

TABLES: Final = (
    HEADER_TABLE,
    *columns.MAIN_TABLES,
    *columns.CHILD_TABLES,
    *columns.TRAFFIC_TABLES,
    GAZETTEER_TABLE,
)
DAY: Final = date(2026, 3, 2)
"""Date of the example."""


def _at(hour: int, minute: int = 0, *, day: int = 0) -> datetime:
    return datetime.combine(DAY, time(hour, minute)) + timedelta(days=day)


EXAMPLE: Final[Mapping[Table, tuple[Mapping[str, object], ...]]] = {
    HEADER_TABLE: (
        {"key": "id", "value": "example"},
        {"key": "date", "value": DAY},
        {"key": "zone", "value": "Asia/Shanghai"},
        {"key": "horizon_start", "value": time(7)},
        {"key": "horizon_end", "value": _at(22, day=1)},
        {"key": "standards", "value": "t259"},
        {"key": "datum", "value": "wgs84"},
        {"key": "settings.crew_tolerance_s", "value": 600},
        {"key": "settings.pickup_s", "value": 300},
        {"key": "settings.fair_work_s", "value": 57_600},
        {"key": "traffic.profile", "value": "custom"},
    ),
    columns.OUTLETS: (
        {"id": "O1", "name": "静安服务站", "kind": "own", "lon": 121.4484, "lat": 31.2286,
         "hours": "mon-fri 08:00-18:00;sat-sun 09:00-17:00", "zone": "urban"},
        {"id": "O2", "name": "浦东特约站", "kind": "contracted", "lon": 121.5318, "lat": 31.2222,
         "visits_per_day": 5, "price_fen": 9000, "contracted_skills": "ac"},
    ),
    columns.TECHNICIANS: (
        {"id": "T01", "name": "王工", "outlet": "O1", "shift_start": _at(8), "shift_end": _at(17),
         "break_earliest": _at(11, 30), "break_latest": _at(13), "break_min": 30,
         "profile": "car", "carried_work_min": 480, "carried_distance_m": 62_000},
        {"id": "T02", "name": "李工", "outlet": "O1", "shift_start": _at(9), "shift_end": _at(18),
         "skills": "ac:1;gas:1", "profile": "ebike", "max_overtime_min": 60, "max_visits": 8,
         "max_distance_m": 60_000, "service_percent": 110},
        {"id": "T03", "name": "赵工", "outlet": "O1", "shift_start": _at(8), "shift_end": _at(17),
         "skills": "ac:1;lift:1", "profile": "car", "max_driving_min": 240},
    ),
    columns.VISITS: (
        {"id": "V001", "lon": 121.4602, "lat": 31.2335, "address": "示例路 1 号", "skills": "ac:1",
         "appointment": _at(10), "tolerance_min": 30, "service_min": 45, "priority": "general"},
        {"id": "V002", "lon": 121.4391, "lat": 31.2188, "earliest": _at(13), "latest": _at(15),
         "service_min": 60, "access_min": 5, "skills": "gas", "priority": "important",
         "customer_class": "vip"},
        {"id": "V003", "lon": 121.4515, "lat": 31.2402, "service_min": 30, "mandatory": False,
         "value_fen": 20000, "days": "2026-03-02;2026-03-03"},
        {"id": "V004", "lon": 121.4712, "lat": 31.2297, "earliest": _at(9), "latest": _at(11),
         "service_min": 30, "skills": "ac"},
        {"id": "V005", "lon": 121.4633, "lat": 31.2251, "earliest": _at(13), "latest": _at(16),
         "service_min": 90, "skills": "ac:2", "crew_size": 2, "crew_skills": "lift",
         "priority": "important"},
        {"id": "V006", "lon": 121.4633, "lat": 31.2251, "service_min": 30, "skills": "ac",
         "days": "2026-03-03"},
    ),
    columns.STOCK: (
        {"outlet": "O1", "part": "compressor-12", "quantity": 2},
        {"outlet": "O1", "part": "gas-valve-4", "quantity": 6, "available_on": date(2026, 3, 3)},
    ),
    columns.SHIFTS: (
        {"technician": "T01", "start": _at(8, day=1), "end": _at(17, day=1)},
        {"technician": "T02", "start": _at(9, day=1), "end": _at(18, day=1)},
    ),
    columns.SKILLS: (
        {"technician": "T01", "skill": "ac", "level": 2, "certificate_expires": date(2027, 12, 31),
         "service_percent": 90},
        {"technician": "T01", "skill": "gas", "level": 1},
    ),
    columns.VAN_STOCK: (
        {"technician": "T02", "part": "gas-valve-4", "quantity": 1},
        {"technician": "T01", "part": "filter-3", "quantity": 4},
    ),
    columns.PROMISES: ({"visit": "V004", "earliest": _at(14), "latest": _at(16)},),
    columns.PARTS: (
        {"visit": "V002", "part": "gas-valve-4", "quantity": 1},
        {"visit": "V005", "part": "compressor-12", "quantity": 1},
    ),
    columns.LINKS: ({"visit": "V006", "after": "V005", "min_gap_min": 720},),
    columns.TRAFFIC_SPEEDS: (
        {"road_class": "trunk", "from": "07:00", "to": "09:30", "percent": 45},
        {"road_class": "trunk", "from": "17:00", "to": "19:00", "percent": 40},
        {"road_class": "primary", "from": "07:00", "to": "09:30", "percent": 55},
        {"road_class": "primary", "from": "17:00", "to": "19:00", "percent": 50},
    ),
    columns.TRAFFIC_AREAS: (
        {"name": "道路施工", "start": _at(8), "end": _at(18), "percent": 60,
         "ring": "121.455 31.230;121.465 31.230;121.465 31.237;121.455 31.237"},
    ),
}  # fmt: skip
"""Rows by table and column: V004 has a second promise, V005 a crew of two that picks up a part,
V006 follows the day after, V003 may fall on either day."""

_FORMS_ZH: Final = {
    cells.TEXT: "文本",
    cells.INTEGER: "整数",
    cells.MINUTES: "整数分钟",
    cells.NUMBER: "数字",
    cells.BOOLEAN: "是 / 否",
    cells.CLOCK: "时:分",
    cells.DATE: "日期",
    cells.MOMENT: "时:分，或日期加时间",
    cells.TEXTS: "用分号分隔的名称：a;b",
    cells.DATES: "用分号分隔的日期",
    cells.DAY_MINUTE: "时:分，最晚 24:00",
    cells.RING: "用分号分隔的“经度 纬度”",
}
_KEY_FORMS: Final[Mapping[str, str]] = {
    "id": "text 文本",
    "date": "2026-03-02",
    "horizon_start": "07:00",
    "horizon_end": "22:00, 2026-03-03 22:00",
}
_NO_KEYS: Final = frozenset({"format", "settings", "prices", "traffic"})
_HEADINGS = ("sheet 工作表", "column 列名", "中文列名", "needed 必填", "what to write", "填写方式")


def write_template(path: Path) -> None:
    """Write the workbook; ``read_day`` reads it as a valid day.

    Parameters
    ----------
    path
        An ``.xlsx``; what is there is replaced.
    """
    write_workbook(path, _fill)


def _fill(book: Workbook) -> None:
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    needed = book.add_format(
        {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top", "bg_color": "#FFF2CC"}
    )
    forms = {cell: book.add_format({"num_format": form}) for cell, form in FORMS.items()}
    clock = book.add_format({"num_format": "hh:mm"})
    text = book.add_format({"num_format": "@"})
    for table in TABLES:
        sheet = book.add_worksheet(table.file.removesuffix(".csv"))
        sheet.freeze_panes(1, 1)
        used = offered(table)
        for at, column in enumerate(used):
            # Texts are kept as texts, so that no id becomes a date.
            sheet.set_column(at, at, 16, text if column.cell is cells.TEXT else None)
            write_cell(sheet, 0, at, heading(column), needed if column.required else head)
            _offer_choices(sheet, at, column)
        for number, row in enumerate(EXAMPLE.get(table, ()), start=1):
            for at, column in enumerate(used):
                value = row.get(column.name)
                form = forms.get(column.cell)
                if isinstance(value, time):
                    form = clock
                elif isinstance(value, date):
                    form = form or forms[cells.DATE]
                write_cell(sheet, number, at, value, form)
    _write_dictionary(book, head)


def offered(table: Table) -> list[Column]:
    """Return the columns of a sheet; of two for the same thing minutes rather than seconds."""
    minutes = {column.path for column in table.columns if column.cell is cells.MINUTES}
    return [
        column
        for column in table.columns
        if column.path not in minutes or column.cell is cells.MINUTES
    ]


def heading(column: Column) -> str:
    """Return the heading in two languages, one below the other."""
    chinese = next((alias for alias in column.aliases if not alias.isascii()), None)
    return column.name if chinese is None else f"{column.name}\n{chinese}"


def _offer_choices(sheet: Worksheet, at: int, column: Column) -> None:
    """Give a column of fixed words a list to choose from; other words are still taken."""
    words = column.cell.form.partition(" (")[0].split(" / ")
    if column.cell is cells.BOOLEAN:
        words = ["yes", "no"]
    elif " (" not in column.cell.form or len(words) < 2:
        return
    choices = {"validate": "list", "source": words, "error_type": "warning"}
    sheet.data_validation(1, at, 10_000, at, choices)


def _header_rows(sheet: str) -> Iterator[tuple[str, ...]]:
    """Yield the keys of the header with what is meant where they are left out."""
    chinese = {key: alias for alias, key in columns.HEADER_ALIASES.items()}
    yield (sheet, "key datum", chinese["datum"], "", "wgs84 / gcj02", "wgs84 / gcj02")
    groups: tuple[tuple[str, type[Model]], ...] = (
        ("", Day), ("settings.", Settings), ("prices.", Prices), ("traffic.", Traffic)
    )  # fmt: skip
    for prefix, model in groups:
        for name, info in model.model_fields.items():
            if str(info.annotation).startswith("tuple[") or name in _NO_KEYS:
                continue
            key, default = f"{prefix}{name}", info.default
            stated = default is not None and not info.is_required()
            shown = f"default 默认: {default}" if stated else "optional 可不填"
            needed = "yes 是" if info.is_required() and not prefix else ""
            shown = _KEY_FORMS.get(key, shown)
            yield (sheet, f"key {key}", chinese.get(key, ""), needed, shown, shown)


def _write_dictionary(book: Workbook, head: object) -> None:
    sheet = book.add_worksheet("dictionary")
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, 3, 18)
    sheet.set_column(4, 5, 48)
    for at, words in enumerate(_HEADINGS):
        write_cell(sheet, 0, at, words, head)
    number = 1
    for table in TABLES:
        name = table.file.removesuffix(".csv")
        chinese = next(w for w, t in SHEETS.items() if t is table and not w.isascii())
        if table is HEADER_TABLE:
            for at_row, row in enumerate(_header_rows(f"{name} {chinese}"), start=number):
                for at, words in enumerate(row):
                    write_cell(sheet, at_row, at, words or None)
                number = at_row + 1
        for column in offered(table):
            others = "、".join(alias for alias in column.aliases if not alias.isascii())
            form = column.cell.form.replace("`", "")
            row = (f"{name} {chinese}", column.name, others, "yes 是" if column.required else "",
                   form, _FORMS_ZH.get(column.cell, form))  # fmt: skip
            for at, words in enumerate(row):
                write_cell(sheet, number, at, words or None)
            number += 1
