"""The report of a planned day as one HTML file."""

from __future__ import annotations

from pathlib import Path

from dispatch.adapters.files.atomic import write_text_atomically
from dispatch.adapters.page import PageParts, render_page
from dispatch.adapters.report.payload import ReportSource, build_payload

PARTS = PageParts(
    package="dispatch.adapters.report",
    body="day.html",
    words=("words.js", "words_zh.js"),
    store="store.js",
    program=(
        "day_words.js",
        "places.js",
        "tips.js",
        "map_layers.js",
        "map_marks.js",
        "map.js",
        "days.js",
        "timeline_row.js",
        "rush.js",
        "timeline.js",
        "panel.js",
        "panel_visit.js",
        "figures.js",
        "sections.js",
        "whole_day.js",
        "tables.js",
        "main.js",
    ),
    styles=("timeline.css", "day.css"),
    skip="timeline",
    beside="plan.json",
)


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
    title = f"{source.day.id} · servicenet"
    return render_page(PARTS, build_payload(source), language=language, title=title)
