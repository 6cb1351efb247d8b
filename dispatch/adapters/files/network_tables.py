"""``outlets.csv`` of a network: one row per outlet or candidate."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dispatch.adapters.files import cells
from dispatch.adapters.files.cells import Cell
from dispatch.adapters.files.columns import KINDS, ZONES, Column, Table
from dispatch.adapters.files.tables import TableReader
from dispatch.domain.checks import FaultList
from dispatch.domain.network import MAX_OUTLETS

STATUSES = {"营业": "open", "候选": "candidate", "停业": "closed", "关闭": "closed"}


def _choice(words: dict[str, str]) -> Cell:
    form = " / ".join(dict.fromkeys(words.values()))
    return Cell(f"{form} ({' / '.join(words)})", cells.words(words))


OUTLET_TABLE = Table(
    "outlets.csv",
    "outlets",
    (
        Column("id", ("id",), aliases=("outlet", "网点", "网点编号", "编号"), required=True),
        Column("name", ("name",), aliases=("名称", "网点名称")),
        Column("kind", ("kind",), _choice(dict(KINDS)), ("类型", "网点类型")),
        Column("lon", ("lon",), cells.NUMBER, ("longitude", "经度"), required=True),
        Column("lat", ("lat",), cells.NUMBER, ("latitude", "纬度"), required=True),
        Column("status", ("status",), _choice(STATUSES), ("状态",)),
        Column("level", ("level",), aliases=("级别", "等级")),
        Column("capacity_per_day", ("capacity_per_day",), cells.INTEGER, ("日服务能力",)),
        Column(
            "hours",
            ("opening_hours",),
            Cell("`mon-fri 08:00-18:00;sat 09:00-12:00`", cells.read_hours),
            ("opening_hours", "营业时间"),
        ),
        Column("fixed_cost", ("fixed_cost",), cells.INTEGER, ("建设费用",)),
        Column("running_cost_per_year", ("running_cost_per_year",), cells.INTEGER, ("年运营费用",)),
        Column("closing_cost", ("closing_cost",), cells.INTEGER, ("关闭费用",)),
        Column("radius_m", ("radius_m",), cells.INTEGER, ("服务半径",)),
        Column("zone", ("zone",), _choice(dict(ZONES)), ("区域类型",)),
        Column("technicians", ("technicians",), cells.INTEGER, ("工程师人数",)),
    ),
)


def read_outlet_table(path: Path, faults: FaultList) -> list[dict[str, Any]]:
    """Return the rows of ``outlets.csv`` as JSON objects; unreadable cells are reported.

    Parameters
    ----------
    path
        The table.
    faults
        Gets what is wrong with rows and cells.
    """
    reader = TableReader(path, OUTLET_TABLE, faults, MAX_OUTLETS)
    return [{str(column.path[0]): value for column, value in row.values} for row in reader.rows()]
