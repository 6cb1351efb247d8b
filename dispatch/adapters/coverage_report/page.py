"""Puts the audit on the sheet that all reports share."""

from __future__ import annotations

from pathlib import Path

from dispatch.adapters.coverage_report.payload import build_payload
from dispatch.adapters.files.atomic import write_text_atomically
from dispatch.adapters.page import PageParts, render_page
from dispatch.planning.network_audit import NetworkAudit
from geo.network import RoadNetwork

PARTS = PageParts(
    package="dispatch.adapters.coverage_report",
    body="coverage.html",
    words=("cover_words.js", "cover_words_zh.js"),
    store="cover_store.js",
    program=(
        "cover_tip.js",
        "cover_map.js",
        "cover_legend.js",
        "cover_panel.js",
        "cover_figures.js",
        "cover_tables.js",
        "cover_main.js",
    ),
    styles=("coverage.css",),
    skip="places",
    beside="coverage.json",
    floats=(
        '<div id="layers" class="legend layers" role="group" data-t-label="layers"></div>\n'
        '<ul id="legend" class="legend keys"></ul>'
    ),
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
    payload = build_payload(audit, roads)
    return render_page(PARTS, payload, language=language, title=f"{name} · servicenet")
