"""The tables of a CSV day: which columns there are and where their values go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dispatch.adapters.files import cells
from dispatch.adapters.files.cells import Cell
from dispatch.domain.checks.report import Path


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Parameters
    ----------
    name
        Heading.
    path
        Where the value goes inside the item.
    cell
        How it is read.
    aliases
        Other headings, Chinese ones among them.
    required
        Whether the table needs it (or another column with the same path).
    """

    name: str
    path: Path
    cell: Cell = cells.TEXT
    aliases: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One file of a CSV day.

    Parameters
    ----------
    file
        Its name.
    kind
        What its rows are, or belong to: ``outlets``, ``technicians`` or ``visits``; a field of
        ``Traffic`` for its tables.
    columns
        Its columns.
    child
        For a table of details: (column that names the owner, field of the owner the row joins).
    """

    file: str
    kind: str
    columns: tuple[Column, ...]
    child: tuple[str, str] | None = None

    def headings(self) -> dict[str, Column]:
        """Return the columns by every heading they may have, lower case."""
        return {
            heading.lower(): column
            for column in self.columns
            for heading in (column.name, *column.aliases)
        }


KINDS: Mapping[str, str] = {
    "自营": "own",
    "自有": "own",
    "授权": "authorized",
    "签约": "contracted",
    "特约": "contracted",
}
PRIORITIES: Mapping[str, str] = {
    "应急": "emergency",
    "紧急": "urgent",
    "重要": "important",
    "一般": "general",
}
PROFILES: Mapping[str, str] = {"汽车": "car", "电动车": "ebike", "步行": "walk"}
ZONES: Mapping[str, str] = {"城区": "urban", "市区": "urban", "郊区": "suburban", "农村": "rural"}
ROAD_CLASSES: Mapping[str, str] = {
    "高速": "motorway",
    "快速路": "trunk",
    "主干道": "primary",
    "次干道": "secondary",
    "支路": "tertiary",
    "街巷": "local",
}
CLASSES: Mapping[str, str] = {"普通": "standard", "贵宾": "vip"}


def _choice(words: Mapping[str, str]) -> Cell:
    form = " / ".join(dict.fromkeys(words.values()))
    return Cell(f"{form} ({' / '.join(words)})", cells.words(dict(words)))


_WEEKDAYS = _choice(
    {f"周{sign}": day for sign, day in zip("一二三四五六日", cells.WEEKDAYS, strict=True)}
)
_SKILL_NEEDS = Cell("`skill:level;…`", cells.counted("skill", "level"))
_SKILLS = Cell("`skill:level@expires;…`", cells.counted("skill", "level", "certificate_expires"))
_PARTS = Cell("`part:quantity;…`", cells.counted("part", "quantity"))
_STOCK = Cell("`part:quantity@available_on;…`", cells.counted("part", "quantity", "available_on"))
_HOURS = Cell("`mon-fri 08:00-18:00;sat 09:00-12:00`", cells.read_hours)

OUTLETS = Table(
    "outlets.csv",
    "outlets",
    (
        Column("id", ("id",), aliases=("outlet", "网点", "网点编号", "编号"), required=True),
        Column("name", ("name",), aliases=("名称", "网点名称")),
        Column("kind", ("kind",), _choice(KINDS), ("类型", "网点类型")),
        Column("lon", ("place", "lon"), cells.NUMBER, ("longitude", "经度")),
        Column("lat", ("place", "lat"), cells.NUMBER, ("latitude", "纬度")),
        Column("address", ("place", "address"), aliases=("地址",)),
        Column("hours", ("opening_hours",), _HOURS, ("opening_hours", "营业时间")),
        Column("radius_m", ("radius_m",), cells.INTEGER, ("服务半径",)),
        Column("zone", ("zone",), _choice(ZONES), ("区域类型",)),
        Column("territory", ("territory",), cells.TEXTS, ("负责区域",)),
        Column("region", ("region",), aliases=("大区",)),
        Column("visits_per_day", ("capacity", "visits_per_day"), cells.INTEGER, ("日接单量",)),
        Column("price_fen", ("capacity", "price_fen"), cells.INTEGER, ("单价_分",)),
        Column("contracted_skills", ("capacity", "skills"), cells.TEXTS, ("签约技能",)),
        Column("response_s", ("capacity", "response_s"), cells.INTEGER),
        Column("response_min", ("capacity", "response_s"), cells.MINUTES, ("响应分钟",)),
        Column("stock", ("stock",), _STOCK, ("库存",)),
    ),
)
TECHNICIANS = Table(
    "technicians.csv",
    "technicians",
    (
        Column("id", ("id",), aliases=("technician", "工程师", "工号", "编号"), required=True),
        Column("name", ("name",), aliases=("姓名",)),
        Column("outlet", ("outlet",), aliases=("网点", "所属网点")),
        Column("start_lon", ("start", "lon"), cells.NUMBER, ("出发经度",)),
        Column("start_lat", ("start", "lat"), cells.NUMBER, ("出发纬度",)),
        Column("start_address", ("start", "address"), aliases=("出发地址",)),
        Column("end_lon", ("end", "lon"), cells.NUMBER, ("返回经度",)),
        Column("end_lat", ("end", "lat"), cells.NUMBER, ("返回纬度",)),
        Column("end_address", ("end", "address"), aliases=("返回地址",)),
        Column("shift_start", ("shifts", 0, "start"), cells.MOMENT, ("上班", "上班时间")),
        Column("shift_end", ("shifts", 0, "end"), cells.MOMENT, ("下班", "下班时间")),
        Column(
            "break_earliest",
            ("shifts", 0, "breaks", 0, "earliest"),
            cells.MOMENT,
            ("休息最早",),
        ),
        Column("break_latest", ("shifts", 0, "breaks", 0, "latest"), cells.MOMENT, ("休息最晚",)),
        Column("break_s", ("shifts", 0, "breaks", 0, "duration_s"), cells.INTEGER),
        Column("break_min", ("shifts", 0, "breaks", 0, "duration_s"), cells.MINUTES, ("休息分钟",)),
        Column("skills", ("skills",), _SKILLS, ("技能",)),
        Column("profile", ("profile",), _choice(PROFILES), ("交通方式",)),
        Column("territory", ("territory",), cells.TEXTS, ("负责区域",)),
        Column("hour_fen", ("hour_fen",), cells.INTEGER, ("时薪_分",)),
        Column("km_fen", ("km_fen",), cells.INTEGER, ("公里_分",)),
        Column("overtime_hour_fen", ("overtime_hour_fen",), cells.INTEGER, ("加班时薪_分",)),
        Column("max_overtime_s", ("max_overtime_s",), cells.INTEGER),
        Column("max_overtime_min", ("max_overtime_s",), cells.MINUTES, ("最多加班分钟",)),
        Column("van_stock", ("van_stock",), _STOCK, ("车载备件",)),
        Column("service_percent", ("service_percent",), cells.INTEGER, ("工时百分比",)),
        Column("max_visits", ("max_visits",), cells.INTEGER, ("最多工单",)),
        Column("max_distance_m", ("max_distance_m",), cells.INTEGER, ("最多里程_米",)),
        Column("max_driving_s", ("max_driving_s",), cells.INTEGER),
        Column("max_driving_min", ("max_driving_s",), cells.MINUTES, ("最多驾驶分钟",)),
        Column("carried_work_s", ("carried_work_s",), cells.INTEGER),
        Column("carried_work_min", ("carried_work_s",), cells.MINUTES, ("结转工作分钟",)),
        Column("carried_distance_m", ("carried_distance_m",), cells.INTEGER, ("结转里程_米",)),
    ),
)
VISITS = Table(
    "visits.csv",
    "visits",
    (
        Column("id", ("id",), aliases=("visit", "工单", "工单号", "编号"), required=True),
        Column("lon", ("place", "lon"), cells.NUMBER, ("longitude", "经度")),
        Column("lat", ("place", "lat"), cells.NUMBER, ("latitude", "纬度")),
        Column("address", ("place", "address"), aliases=("地址", "客户地址")),
        Column("promise_id", ("promises", 0, "id")),
        Column(
            "appointment",
            ("promises", 0, "appointment"),
            cells.MOMENT,
            ("预约", "预约时间"),
        ),
        Column("tolerance_min", ("promises", 0, "tolerance_min"), cells.INTEGER, ("允许误差分钟",)),
        Column("earliest", ("promises", 0, "earliest"), cells.MOMENT, ("最早到达", "最早")),
        Column("latest", ("promises", 0, "latest"), cells.MOMENT, ("最晚到达", "最晚")),
        Column("service_s", ("service_s",), cells.INTEGER, (), required=True),
        Column(
            "service_min", ("service_s",), cells.MINUTES, ("服务分钟", "服务时长"), required=True
        ),
        Column("access_s", ("access_s",), cells.INTEGER),
        Column("access_min", ("access_s",), cells.MINUTES, ("步行分钟",)),
        Column("skills", ("skills",), _SKILL_NEEDS, ("技能", "所需技能")),
        Column("priority", ("priority",), _choice(PRIORITIES), ("优先级", "紧急程度")),
        Column("customer_class", ("customer_class",), _choice(CLASSES), ("客户等级",)),
        Column("customer_name", ("customer", "name"), aliases=("客户", "客户姓名")),
        Column("customer_phone", ("customer", "phone"), aliases=("电话", "客户电话")),
        Column("preferred", ("preferred",), cells.TEXTS, ("首选工程师",)),
        Column("required", ("required",), cells.TEXTS, ("指定工程师",)),
        Column("excluded", ("excluded",), cells.TEXTS, ("排除工程师",)),
        Column("last_technician", ("last_technician",), aliases=("上次工程师",)),
        Column("mandatory", ("mandatory",), cells.BOOLEAN, ("必须",)),
        Column("value_fen", ("value_fen",), cells.INTEGER, ("价值_分",)),
        Column("received_at", ("received_at",), cells.MOMENT, ("接单时间", "报修时间")),
        Column("released_at", ("released_at",), cells.MOMENT, ("下达时间",)),
        Column("pin_technician", ("pin", "technician"), aliases=("锁定工程师",)),
        Column("pin_arrival", ("pin", "arrival"), cells.MOMENT, ("锁定到达",)),
        Column("district", ("district",), aliases=("区县", "行政区")),
        Column("zone", ("zone",), _choice(ZONES), ("区域类型",)),
        Column("outlet", ("outlet",), aliases=("网点", "责任网点")),
        Column("parts", ("parts",), _PARTS, ("备件",)),
        Column("crew_size", ("crew_size",), cells.INTEGER, ("人数",)),
        Column("crew_skills", ("crew_skills",), _SKILL_NEEDS, ("同行技能", "其他人技能")),
        Column("days", ("days",), cells.DATES, ("可选日期",)),
        Column("told_technician", ("told", "technician"), aliases=("告知工程师",)),
        Column("told_arrival", ("told", "arrival"), cells.MOMENT, ("告知到达",)),
        Column("told_order", ("told", "order"), cells.INTEGER, ("告知顺序",)),
    ),
)
_VISIT = Column("visit", (), aliases=("工单", "工单号"), required=True)
_TECHNICIAN = Column("technician", (), aliases=("工程师", "工号"), required=True)
PROMISES = Table(
    "promises.csv",
    "visits",
    (
        _VISIT,
        Column("id", ("id",), aliases=("编号",)),
        Column("appointment", ("appointment",), cells.MOMENT, ("预约", "预约时间")),
        Column("tolerance_min", ("tolerance_min",), cells.INTEGER, ("允许误差分钟",)),
        Column("earliest", ("earliest",), cells.MOMENT, ("最早到达", "最早")),
        Column("latest", ("latest",), cells.MOMENT, ("最晚到达", "最晚")),
    ),
    ("visit", "promises"),
)
LINKS = Table(
    "links.csv",
    "visits",
    (
        _VISIT,
        Column("after", ("after",), aliases=("先行工单",), required=True),
        Column("min_gap_s", ("min_gap_s",), cells.INTEGER),
        Column("min_gap_min", ("min_gap_s",), cells.MINUTES, ("最短间隔分钟",)),
        Column("max_gap_s", ("max_gap_s",), cells.INTEGER),
        Column("max_gap_min", ("max_gap_s",), cells.MINUTES, ("最长间隔分钟",)),
        Column("same_technician", ("same_technician",), cells.BOOLEAN, ("同一工程师",)),
    ),
    ("visit", "links"),
)
SHIFTS = Table(
    "shifts.csv",
    "technicians",
    (
        _TECHNICIAN,
        Column("start", ("start",), cells.MOMENT, ("上班", "上班时间"), required=True),
        Column("end", ("end",), cells.MOMENT, ("下班", "下班时间"), required=True),
    ),
    ("technician", "shifts"),
)
BREAKS = Table(
    "breaks.csv",
    "technicians",
    (
        _TECHNICIAN,
        Column("shift", ("shift",), cells.INTEGER, ("班次",)),
        Column("earliest", ("earliest",), cells.MOMENT, ("休息最早",), required=True),
        Column("latest", ("latest",), cells.MOMENT, ("休息最晚",), required=True),
        Column("duration_s", ("duration_s",), cells.INTEGER, (), required=True),
        Column("duration_min", ("duration_s",), cells.MINUTES, ("休息分钟",), required=True),
    ),
    ("technician", "breaks"),
)
SKILLS = Table(
    "skills.csv",
    "technicians",
    (
        _TECHNICIAN,
        Column("skill", ("skill",), aliases=("技能",), required=True),
        Column("level", ("level",), cells.INTEGER, ("等级",)),
        Column("certificate_expires", ("certificate_expires",), cells.DATE, ("证书到期",)),
        Column("service_percent", ("service_percent",), cells.INTEGER, ("工时百分比",)),
    ),
    ("technician", "skills"),
)
OPENING_HOURS = Table(
    "opening_hours.csv",
    "outlets",
    (
        Column("outlet", (), aliases=("网点", "网点编号"), required=True),
        Column("day", ("day",), _WEEKDAYS, ("星期",), required=True),
        Column("opens", ("opens",), cells.CLOCK, ("开门",), required=True),
        Column("closes", ("closes",), cells.CLOCK, ("关门",), required=True),
    ),
    ("outlet", "opening_hours"),
)
_UNITS = (
    Column("part", ("part",), aliases=("备件", "备件号"), required=True),
    Column("quantity", ("quantity",), cells.INTEGER, ("数量",), required=True),
    Column("available_on", ("available_on",), cells.DATE, ("到货日期",)),
)
STOCK = Table(
    "stock.csv",
    "outlets",
    (Column("outlet", (), aliases=("网点", "网点编号"), required=True), *_UNITS),
    ("outlet", "stock"),
)
VAN_STOCK = Table(
    "van_stock.csv", "technicians", (_TECHNICIAN, *_UNITS), ("technician", "van_stock")
)
PARTS = Table(
    "parts.csv",
    "visits",
    (_VISIT, _UNITS[0], Column("quantity", ("quantity",), cells.INTEGER, ("数量",))),
    ("visit", "parts"),
)
MAIN_TABLES = (OUTLETS, TECHNICIANS, VISITS)
CHILD_TABLES = (
    OPENING_HOURS,
    STOCK,
    SHIFTS,
    BREAKS,
    SKILLS,
    VAN_STOCK,
    PROMISES,
    PARTS,
    LINKS,
)
TRAFFIC_SPEEDS = Table(
    "traffic_speeds.csv",
    "speeds",
    (
        Column("road_class", ("road_class",), _choice(ROAD_CLASSES), ("道路等级",), required=True),
        Column("from", ("from_minute",), cells.DAY_MINUTE, ("起", "开始"), required=True),
        Column("to", ("to_minute",), cells.DAY_MINUTE, ("止", "结束"), required=True),
        Column("percent", ("percent",), cells.INTEGER, ("速度百分比",), required=True),
    ),
)
TRAFFIC_AREAS = Table(
    "traffic_areas.csv",
    "areas",
    (
        Column("name", ("name",), aliases=("名称",)),
        Column("start", ("start",), cells.MOMENT, ("开始",), required=True),
        Column("end", ("end",), cells.MOMENT, ("结束",), required=True),
        Column("percent", ("percent",), cells.INTEGER, ("速度百分比",), required=True),
        Column("ring", ("ring",), cells.RING, ("边界",), required=True),
    ),
)
TRAFFIC_TABLES = (TRAFFIC_SPEEDS, TRAFFIC_AREAS)
"""They belong to the header; ``kind`` is the field of ``Traffic``."""
DAY_CSV = "day.csv"
DAY_JSON = "day.json"
GAZETTEER_CSV = "gazetteer.csv"
KNOWN_FILES = (
    DAY_CSV,
    DAY_JSON,
    GAZETTEER_CSV,
    *(table.file for table in (*MAIN_TABLES, *CHILD_TABLES, *TRAFFIC_TABLES)),
)
HEADER_ALIASES: Mapping[str, str] = {
    "编号": "id",
    "日期": "date",
    "时区": "zone",
    "开始": "horizon_start",
    "结束": "horizon_end",
    "标准": "standards",
    "坐标系": "datum",
    "路况": "traffic.profile",
}
