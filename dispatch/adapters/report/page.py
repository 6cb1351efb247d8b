"""Puts words, styles, program and data into one HTML file.

Nothing on the page may be fetched and no text may become code: the content security policy allows
exactly the two inlined blocks, by their digests, and the data travels as JSON that the browser
never executes, with ``<``, ``>`` and ``&`` escaped so that no text can end the block early.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
from importlib import resources
from pathlib import Path
from typing import Any

from dispatch.adapters.files.atomic import write_text_atomically
from dispatch.adapters.report.payload import ReportSource, build_payload

STYLES = ("base.css", "head.css", "map.css", "panel.css", "timeline.css", "sections.css")
PROGRAM = (
    "words.js",
    "words_zh.js",
    "util.js",
    "store.js",
    "paint.js",
    "tip.js",
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

_UNSAFE = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


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
    if language not in ("en", "zh"):
        raise ValueError(f"language is {language!r}; expected 'en' or 'zh'.")
    style = "\n".join(_asset(name) for name in STYLES)
    program = '(() => {\n"use strict";\n' + "\n".join(_asset(name) for name in PROGRAM) + "\n})();"
    parts = {
        "lang": "zh-CN" if language == "zh" else "en",
        "csp": html.escape(_policy(style, program)),
        "title": html.escape(f"{source.day.id} · servicenet"),
        "style": style,
        "data": embed_json(build_payload(source)),
        "program": program,
    }
    return _fill(_asset("page.html"), parts)


def embed_json(value: dict[str, Any]) -> str:
    """Return JSON that may stand inside a ``<script type="application/json">`` block."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for character, escape in _UNSAFE.items():
        text = text.replace(character, escape)
    return text


def _fill(template: str, parts: dict[str, str]) -> str:
    """Replace ``{{name}}`` once each, left to right, never inside what was put in."""
    pieces = template.split("{{")
    filled = [pieces[0]]
    for piece in pieces[1:]:
        name, rest = piece.split("}}", 1)
        filled.extend([parts[name], rest])
    return "".join(filled)


def _policy(style: str, program: str) -> str:
    return (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(program)}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _asset(name: str) -> str:
    folder = resources.files("dispatch.adapters.report").joinpath("assets")
    return folder.joinpath(name).read_text(encoding="utf-8").strip()
