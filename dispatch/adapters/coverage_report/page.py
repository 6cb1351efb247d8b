"""Puts the audit on the sheet that all reports share."""

from __future__ import annotations

from pathlib import Path

from dispatch.adapters.coverage_report.payload import build_payload
from dispatch.adapters.files.atomic import write_text_atomically
from dispatch.adapters.report.sheet import build_sheet
from dispatch.planning.network_audit import NetworkAudit
from geo.network import RoadNetwork

_DAY = "dispatch.adapters.report"
_HERE = "dispatch.adapters.coverage_report"

STYLES = (
    (_DAY, "base.css"),
    (_DAY, "head.css"),
    (_DAY, "map.css"),
    (_DAY, "panel.css"),
    (_DAY, "sections.css"),
    (_HERE, "coverage.css"),
)
PROGRAM = (
    (_HERE, "cover_words.js"),
    (_HERE, "cover_words_zh.js"),
    (_DAY, "util.js"),
    (_HERE, "cover_store.js"),
    (_DAY, "paint.js"),
    (_HERE, "cover_tip.js"),
    (_DAY, "map_ground.js"),
    (_DAY, "map_view.js"),
    (_HERE, "cover_map.js"),
    (_DAY, "map_input.js"),
    (_HERE, "cover_panel.js"),
    (_HERE, "cover_figures.js"),
    (_HERE, "cover_tables.js"),
    (_HERE, "cover_main.js"),
)


def write_coverage_report(
    path: Path, audit: NetworkAudit, *, roads: RoadNetwork | None, language: str = "en"
) -> None:
    """Write the page in one step; arguments as for ``render_coverage_report``."""
    write_text_atomically(path, render_coverage_report(audit, roads=roads, language=language))


def render_coverage_report(
    audit: NetworkAudit, *, roads: RoadNetwork | None, language: str = "en"
) -> str:
    """Return the audit as one HTML document that loads nothing.

    Parameters
    ----------
    audit
        What was found.
    roads
        Roads drawn behind; None draws a plain grid.
    language
        ``en`` or ``zh``; the reader may change it on the page.

    Raises
    ------
    ValueError
        If the language is unknown.
    """
    name = audit.network.name or audit.network.id
    return build_sheet(
        (_HERE, "coverage.html"),
        STYLES,
        PROGRAM,
        build_payload(audit, roads),
        language=language,
        title=f"{name} · servicenet",
    )
