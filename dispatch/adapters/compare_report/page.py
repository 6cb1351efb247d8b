"""The comparison of two plans as one HTML file."""

from __future__ import annotations

from pathlib import Path

from dispatch.adapters.compare_report.payload import CompareSource, build_payload
from dispatch.adapters.files.atomic import write_text_atomically
from dispatch.adapters.page import PageParts, render_page

PARTS = PageParts(
    package="dispatch.adapters.compare_report",
    body="compare.html",
    words=("cmp_words.js", "cmp_words_zh.js"),
    store="cmp_store.js",
    borrows=(("dispatch.adapters.report", "day_words.js"),),
    program=(
        "cmp_words_of.js",
        "cmp_map.js",
        "cmp_panel.js",
        "cmp_figures.js",
        "cmp_visits.js",
        "cmp_people.js",
        "cmp_main.js",
    ),
    styles=("compare.css",),
    skip="visits",
    beside="servicenet compare --json",
)


def write_comparison(path: Path, source: CompareSource, *, language: str = "en") -> None:
    """Write the page in one step; arguments as for ``render_comparison``."""
    write_text_atomically(path, render_comparison(source, language=language))


def render_comparison(source: CompareSource, *, language: str = "en") -> str:
    """Return the comparison as one HTML document that loads nothing.

    Parameters
    ----------
    source
        The day and both plans, judged.
    language
        ``en`` or ``zh``; the reader may change it on the page.

    Raises
    ------
    ValueError
        If the language is unknown.
    """
    title = f"{source.day.id} · {source.plans[0].label} / {source.plans[1].label} · servicenet"
    return render_page(PARTS, build_payload(source), language=language, title=title)
