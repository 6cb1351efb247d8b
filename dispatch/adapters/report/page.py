"""The report of a planned day as one HTML file."""

from __future__ import annotations

from pathlib import Path

from dispatch.adapters.files.atomic import write_text_atomically
from dispatch.adapters.report.payload import ReportSource, build_payload
from dispatch.adapters.report.sheet import build_sheet

STYLES = ("base.css", "head.css", "map.css", "panel.css", "timeline.css", "sections.css")
PROGRAM = (
    "words.js",
    "words_zh.js",
    "util.js",
    "store.js",
    "paint.js",
    "tip.js",
    "map_ground.js",
    "map_view.js",
    "map_layers.js",
    "map_marks.js",
    "map.js",
    "map_input.js",
    "timeline_row.js",
    "timeline.js",
    "panel.js",
    "panel_visit.js",
    "figures.js",
    "sections.js",
    "tables.js",
    "main.js",
)

_HERE = "dispatch.adapters.report"


def write_report(path: Path, source: ReportSource, *, language: str = "en") -> None:
    """Write the report of a plan in one step; arguments as for ``render_report``."""
    write_text_atomically(path, render_report(source, language=language))


def render_report(source: ReportSource, *, language: str = "en") -> str:
    """Return the report as one HTML document.

    Parameters
    ----------
    source
        Day, plan and what is drawn around them.
    language
        ``en`` or ``zh``; the reader may change it on the page.

    Raises
    ------
    ValueError
        If the language is unknown.
    """
    return build_sheet(
        (_HERE, "page.html"),
        [(_HERE, name) for name in STYLES],
        [(_HERE, name) for name in PROGRAM],
        build_payload(source),
        language=language,
        title=f"{source.day.id} · servicenet",
    )
