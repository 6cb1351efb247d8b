"""Writes the report of a proposal."""

from __future__ import annotations

from pathlib import Path

from dispatch.adapters.files.atomic import write_text_atomically
from dispatch.adapters.layout_report.payload import LayoutSource, build_payload
from dispatch.adapters.report.sheet import Asset, build_sheet

_HERE = "dispatch.adapters.layout_report"
_DAY = "dispatch.adapters.report"

STYLES: tuple[Asset, ...] = (
    *((_DAY, name) for name in ("base.css", "head.css", "map.css", "panel.css", "sections.css")),
    (_HERE, "layout.css"),
)
PROGRAM: tuple[Asset, ...] = (
    (_HERE, "words.js"),
    (_HERE, "words_zh.js"),
    (_DAY, "util.js"),
    (_HERE, "store.js"),
    (_DAY, "paint.js"),
    *((_HERE, name) for name in ("layers.js", "map.js", "panel.js", "charts.js", "main.js")),
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
    return build_sheet(
        (_HERE, "layout.html"),
        STYLES,
        PROGRAM,
        build_payload(source),
        language=language,
        title=f"{source.title} · servicenet",
    )
