"""Writes the report of a proposal."""

from __future__ import annotations

from pathlib import Path

from dispatch.adapters.files.atomic import write_text_atomically
from dispatch.adapters.layout_report.payload import LayoutSource, build_payload
from dispatch.adapters.page import PageParts, render_page

PARTS = PageParts(
    package="dispatch.adapters.layout_report",
    body="layout.html",
    words=("words.js", "words_zh.js"),
    store="store.js",
    program=(
        "layers.js",
        "map.js",
        "legend.js",
        "panel.js",
        "charts.js",
        "sections.js",
        "days.js",
        "main.js",
    ),
    styles=("layout.css",),
    skip="curve",
    beside="layout.json",
    floats=(
        '<div class="switch" role="group" data-t-label="when">'
        '<button type="button" id="show-today" data-t="today"></button>'
        '<button type="button" id="show-after" data-t="after"></button></div>\n'
        '<div id="layers" class="legend layers" role="group" data-t-label="layers"></div>\n'
        '<ul id="legend" class="legend keys"></ul>'
    ),
)


def write_layout_report(path: Path, source: LayoutSource, *, language: str = "en") -> None:
    """Write the report in one step; arguments as for ``render_layout_report``."""
    write_text_atomically(path, render_layout_report(source, language=language))


def render_layout_report(source: LayoutSource, *, language: str = "en") -> str:
    """Return the report as one HTML document.

    Parameters
    ----------
    source
        The proposal and what is drawn around it.
    language
        ``en`` or ``zh``; the reader may change it on the page.

    Raises
    ------
    ValueError
        If the language is unknown.
    """
    title = f"{source.title} · servicenet"
    return render_page(PARTS, build_payload(source), language=language, title=title)
