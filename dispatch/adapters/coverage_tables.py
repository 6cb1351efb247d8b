"""The audit as tables: CSV files and one workbook."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import IO, Final

import numpy as np
import pandas as pd

from dispatch.adapters.files.atomic import write_atomically
from dispatch.planning.network_audit import Amount, NetworkAudit, OutletRow, ShareRow
from geo.coverage import MeasureAudit
from geo.demand import SOURCES, ZONES
from geo.straight import NOBODY

SHEET_ROWS: Final = 100_000
"""Demand points on a sheet of the workbook; of more, those with the least slack."""

_SPREADSHEET_CODE = ("=", "+", "-", "@", "\t", "\r")


def demand_table(audit: NetworkAudit) -> pd.DataFrame:
    """Return one row per demand point: zone, source, both measures, verdict, drive time.

    Distances are whole meters; empty where there is no outlet or no way. ``verdict`` is that of
    the measure that decides.
    """
    demand, coverage = audit.demand, audit.coverage
    names = [outlet.id for outlet in audit.network.open_outlets]
    ids = np.arange(1, len(demand) + 1).astype(str) if demand.ids is None else demand.ids
    table: dict[str, object] = {
        "id": ids,
        "lon": demand.lonlat[:, 0].round(6),
        "lat": demand.lonlat[:, 1].round(6),
        "weight": demand.weight,
        "zone": np.array(ZONES)[demand.zone],
        "zone_source": np.array(SOURCES)[demand.zone_source],
        "verdict": np.where(coverage.covered, "covered", "uncovered"),
    }
    if demand.people is not None:
        table["people"] = demand.people
    if demand.districts:
        table["district"] = np.array([*demand.districts, ""])[demand.district]
    table |= _measure("straight", coverage.straight, names)
    if coverage.road is not None and coverage.drive_s is not None:
        table |= _measure("road", coverage.road, names)
        table["drive_s"] = _or_empty(coverage.drive_s, coverage.drive_s != NOBODY)
    return pd.DataFrame(table)


def _measure(word: str, audit: MeasureAudit, names: list[str]) -> dict[str, object]:
    known = np.array([*names, ""], dtype=np.str_)  # NOBODY is -1: the empty name
    return {
        f"{word}_nearest": known[audit.nearest],
        f"{word}_m": _or_empty(audit.distance_m, audit.nearest != NOBODY),
        f"{word}_second": known[audit.second],
        f"{word}_second_m": _or_empty(audit.second_m, audit.second != NOBODY),
        f"{word}_radius_m": audit.radius_m,
        f"{word}_slack_m": _or_empty(audit.slack_m, audit.serving != NOBODY),
        f"{word}_covered": audit.covered,
    }


def _or_empty(values: np.ndarray, there: np.ndarray) -> pd.arrays.IntegerArray:
    return pd.arrays.IntegerArray(values.astype(np.int64), ~there)


def outlet_table(audit: NetworkAudit) -> pd.DataFrame:
    """Return one row per open outlet."""
    return pd.DataFrame([_outlet(row) for row in audit.outlets])


def _outlet(row: OutletRow) -> dict[str, object]:
    outlet = row.outlet
    return {
        "id": outlet.id,
        "name": outlet.name,
        "kind": outlet.kind,
        "level": outlet.level,
        "zone": row.zone,
        "lon": round(outlet.lon, 6),
        "lat": round(outlet.lat, 6),
        "points": row.catchment.points,
        "weight": row.catchment.weight,
        "people": row.catchment.people,
        "covered_weight": row.covered.weight,
        "farthest_m": row.farthest_m,
        "load_per_day": round(row.load_per_day, 2),
        "capacity_per_day": outlet.capacity_per_day,
        "load_share": None if row.load_share is None else round(row.load_share, 4),
        "days_a_week": row.days,
        "least_hours": row.hours,
        "T259-7.2-b_days": row.days_ok,
        "T259-7.2-b_hours": row.hours_ok,
    }


def share_table(audit: NetworkAudit) -> pd.DataFrame:
    """Return covered shares of the network, its zones and its districts, by both measures."""
    return pd.DataFrame([_share(row) for row in audit.shares])


def _share(row: ShareRow) -> dict[str, object]:
    found: dict[str, object] = {"part": row.part, "name": row.name}
    measures: Mapping[str, Amount | None] = {"straight": row.straight, "road": row.road}
    for unit in ("points", "weight", "people"):
        total = getattr(row.total, unit)
        found[unit] = total
        for word, amount in measures.items():
            part = None if amount is None else getattr(amount, unit)
            found[f"{word}_{unit}"] = part
            found[f"{word}_{unit}_share"] = round(part / total, 6) if part and total else part
    return found


def pocket_table(audit: NetworkAudit) -> pd.DataFrame:
    """Return the worst pockets, heaviest first."""
    outlets = audit.network.open_outlets
    return pd.DataFrame(
        [
            {
                "rank": rank,
                "district": pocket.district,
                "street": pocket.street,
                "points": pocket.points,
                "weight": pocket.weight,
                "people": pocket.people,
                "lon": round(pocket.lon, 6),
                "lat": round(pocket.lat, 6),
                "nearest_outlet": None if pocket.outlet is None else outlets[pocket.outlet].id,
                "outlet_m": pocket.outlet_m,
                "direction": pocket.direction,
                "farthest_m": pocket.farthest_m,
            }
            for rank, pocket in enumerate(audit.pockets, start=1)
        ]
    )


def write_csv(path: Path, table: pd.DataFrame) -> None:
    """Write a table as UTF-8 CSV with BOM, so that a spreadsheet shows Chinese.

    Texts that a spreadsheet would run as a formula get an apostrophe in front.
    """
    safe = table.copy()
    for name in safe.columns:
        if safe[name].dtype.kind in "OUT" or str(safe[name].dtype) in {"str", "string"}:
            texts = safe[name].map(lambda v: v[:1] if isinstance(v, str) else "")
            risky = texts.isin(_SPREADSHEET_CODE)
            if bool(risky.any()):
                safe.loc[risky, name] = "'" + safe.loc[risky, name].astype(str)

    def write(file: IO[bytes]) -> None:
        safe.to_csv(file, index=False, encoding="utf-8-sig", lineterminator="\n")

    write_atomically(path, write)


def write_workbook(path: Path, audit: NetworkAudit) -> None:
    """Write shares, outlets, pockets and demand points as sheets of one workbook.

    Texts stay texts: nothing in an outlet's name becomes a formula or a link.
    """
    points = demand_table(audit)
    if len(points) > SHEET_ROWS:
        word = f"{audit.coverage.decides}_slack_m"
        slack = points[word].fillna(np.iinfo(np.int32).min)
        points = points.loc[slack.sort_values(kind="stable").index[:SHEET_ROWS]]
    sheets = {
        "coverage": share_table(audit),
        "outlets": outlet_table(audit),
        "pockets": pocket_table(audit),
        "demand": points,
    }
    write_atomically(path, lambda file: _write_sheets(file, sheets))


def _write_sheets(file: IO[bytes], sheets: Mapping[str, pd.DataFrame]) -> None:
    import xlsxwriter

    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "constant_memory": True,
        "nan_inf_to_errors": False,
    }
    book = xlsxwriter.Workbook(file, options)
    head = book.add_format({"bold": True, "bottom": 1})
    share = book.add_format({"num_format": "0.0%"})
    for name, table in sheets.items():
        sheet = book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        for number, column in enumerate(table.columns):
            sheet.set_column(number, number, max(9, min(24, len(str(column)) + 2)),
                             share if str(column).endswith("_share") else None)  # fmt: skip
            sheet.write_string(0, number, str(column), head)
        for row, values in enumerate(table.itertuples(index=False), start=1):
            for number, value in enumerate(values):
                _write_cell(sheet, row, number, value)
        if len(table):
            sheet.autofilter(0, 0, len(table), len(table.columns) - 1)
    book.close()


def _write_cell(sheet: object, row: int, column: int, value: object) -> None:
    if value is None or value is pd.NA or (isinstance(value, float) and np.isnan(value)):
        return
    if isinstance(value, bool | np.bool_):
        sheet.write_boolean(row, column, bool(value))  # type: ignore[attr-defined] # xlsxwriter has no stubs
    elif isinstance(value, str):
        sheet.write_string(row, column, value)  # type: ignore[attr-defined] # xlsxwriter has no stubs
    else:
        sheet.write_number(row, column, float(value))  # type: ignore[attr-defined,arg-type] # xlsxwriter has no stubs
