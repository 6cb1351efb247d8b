"""Everything an audit leaves behind, and its figures as plain data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from dispatch.adapters import coverage_tables as tables
from dispatch.adapters.coverage_report import write_coverage_report
from dispatch.adapters.files.atomic import write_text_atomically
from dispatch.adapters.geopackage import write_coverage_geopackage
from dispatch.planning.network_audit import Amount, NetworkAudit, ShareRow
from geo.network import RoadNetwork

REPORT_FILE = "coverage.html"


def write_coverage(
    audit: NetworkAudit, folder: Path, *, roads: RoadNetwork | None, language: str = "en"
) -> dict[str, Path]:
    """Write page, tables, workbook, GeoPackage and summary; return them by name.

    Parameters
    ----------
    audit
        What was found.
    folder
        Where the files go; made if missing.
    roads
        Roads to draw; None without.
    language
        ``en`` or ``zh``, of the page as it opens.

    Raises
    ------
    OSError
        If a file cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = {
        "demand.csv": tables.demand_table,
        "outlets.csv": tables.outlet_table,
        "shares.csv": tables.share_table,
        "pockets.csv": tables.pocket_table,
    }
    for name, make in written.items():
        tables.write_csv(folder / name, make(audit))
    tables.write_workbook(folder / "coverage.xlsx", audit)
    write_coverage_geopackage(folder / "coverage.gpkg", audit)
    write_coverage_report(folder / REPORT_FILE, audit, roads=roads, language=language)
    summary = json.dumps(summarize_coverage(audit), ensure_ascii=False, indent=1)
    write_text_atomically(folder / "coverage.json", summary + "\n")
    names = [*written, "coverage.xlsx", "coverage.gpkg", REPORT_FILE, "coverage.json"]
    return {name: folder / name for name in names}


def summarize_coverage(audit: NetworkAudit) -> dict[str, Any]:
    """Return the figures of an audit as JSON values (``"format": "servicenet-coverage/1"``)."""
    comparison = audit.comparison
    return {
        "format": "servicenet-coverage/1",
        "network": audit.network.id,
        "standards": audit.network.standards,
        "decides": audit.coverage.decides,
        "radius_m": {
            "urban": audit.rule.urban_m,
            "suburban": audit.rule.suburban_m,
            "rural": audit.rule.suburban_m if audit.rule.rural_m is None else audit.rule.rural_m,
            "by": audit.rule.by,
        },
        "shares": [_share(row) for row in audit.shares],
        "emergency": None
        if audit.emergency is None
        else {
            "minutes": audit.network.settings.emergency_minutes,
            "share": _ratio(audit.emergency.weight, audit.shares[0].total.weight),
            **_amount(audit.emergency),
        },
        "reach": [{"minutes": minutes, **_amount(amount)} for minutes, amount in audit.reach],
        "outlets": [
            {
                "id": row.outlet.id,
                "catchment": _amount(row.catchment),
                "covered": _amount(row.covered),
                "load_share": row.load_share,
                "hours_ok": row.days_ok and row.hours_ok,
            }
            for row in audit.outlets
        ],
        "pockets": tables.pocket_table(audit).astype(object).where(lambda t: t.notna(), None)
        .to_dict("records"),
        "zone_comparison": None
        if comparison is None
        else {
            "sources": list(comparison.sources),
            "weight": [list(row) for row in comparison.weight],
            "agreement": comparison.agreement,
        },
    }  # fmt: skip


def _share(row: ShareRow) -> dict[str, Any]:
    found: dict[str, Any] = {"part": row.part, "name": row.name, "total": _amount(row.total)}
    for word, amount in (("straight", row.straight), ("road", row.road)):
        found[word] = None if amount is None else _amount(amount)
        found[f"{word}_share"] = None if amount is None else _ratio(amount.weight, row.total.weight)
    return found


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _amount(amount: Amount) -> dict[str, int | None]:
    return {"points": amount.points, "weight": amount.weight, "people": amount.people}
