"""Puts words, styles, program and data into one HTML file; shared by all pages.

Nothing on the page may be fetched and no text may become code: the content security policy allows
exactly the two inlined blocks, by their digests, and the data travels as JSON that the browser
never executes, with ``<``, ``>`` and ``&`` escaped so that no text can end the block early.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any, Final

_UNSAFE = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}

Asset = tuple[str, str]
"""Package whose folder ``assets`` holds the file, and the file's name."""

_PAGE: Final = "dispatch.adapters.page"
TEMPLATE: Final = (_PAGE, "page.html")
MAP_CARD: Final = (_PAGE, "map.html")
STYLES: Final = ("base.css", "head.css", "map.css", "panel.css", "sections.css")
BEFORE: Final = ("words.js",)
AFTER_WORDS: Final = ("util.js",)
AFTER_STORE: Final = (
    "hooks.js", "paint.js", "tip.js", "panel.js", "figures.js", "tables.js", "map_ground.js",
    "map_view.js",
)  # fmt: skip
LAST: Final = ("map_input.js", "start.js")


@dataclass(frozen=True)
class PageParts:
    """What one page has of its own.

    Parameters
    ----------
    package
        Package whose folder ``assets`` holds everything named here.
    body
        HTML inside ``<main>``; ``{{map}}`` stands for the card of the map.
    words
        Scripts that add the page's words to ``WORDS``.
    store
        Script that reads the data into ``DATA`` and declares ``state`` and ``select``.
    program
        Scripts of the page, in order.
    styles
        Style sheets on top of the shared ones.
    skip
        Id of the section that the keyboard may skip to.
    beside
        File beside the page that holds the same facts, for readers without JavaScript.
    borrows
        Scripts of other pages that it uses too, before its own.
    floats
        HTML that floats over the map: switches and legends; empty for a plain legend.
    """

    package: str
    body: str
    words: tuple[str, ...]
    store: str
    program: tuple[str, ...]
    styles: tuple[str, ...]
    skip: str
    beside: str
    floats: str = ""
    borrows: tuple[Asset, ...] = ()

    @property
    def all_styles(self) -> tuple[Asset, ...]:
        """Style sheets in the order in which they hold."""
        return (*_of(_PAGE, STYLES), *_of(self.package, self.styles))

    @property
    def all_program(self) -> tuple[Asset, ...]:
        """Scripts in the order in which they run; they share one scope."""
        return (
            *_of(_PAGE, BEFORE),
            *_of(self.package, self.words),
            *_of(_PAGE, AFTER_WORDS),
            (self.package, self.store),
            *_of(_PAGE, AFTER_STORE),
            *self.borrows,
            *_of(self.package, self.program),
            *_of(_PAGE, LAST),
        )


def render_page(parts: PageParts, payload: Mapping[str, Any], *, language: str, title: str) -> str:
    """Return one HTML document that needs nothing from anywhere.

    Parameters
    ----------
    parts
        What the page has of its own.
    payload
        Data of the page.
    language
        ``en`` or ``zh``.
    title
        Title of the document, plain text.

    Raises
    ------
    ValueError
        If the language is unknown.
    """
    if language not in ("en", "zh"):
        raise ValueError(f"language is {language!r}; expected 'en' or 'zh'.")
    style = "\n".join(read_asset(asset) for asset in parts.all_styles)
    scripts = "\n".join(read_asset(asset) for asset in parts.all_program)
    script = '(() => {\n"use strict";\n' + scripts + "\n})();"
    map_card = _fill(read_asset(MAP_CARD), {"floats": parts.floats or _LEGEND})
    values = {
        "lang": "zh-CN" if language == "zh" else "en",
        "csp": html.escape(_policy(style, script)),
        "title": html.escape(title),
        "style": style,
        "skip": parts.skip,
        "beside": parts.beside,
        "main": _fill(read_asset((parts.package, parts.body)), {"map": map_card}),
        "data": embed_json(payload),
        "program": script,
    }
    return _fill(read_asset(TEMPLATE), values)


_LEGEND: Final = '<ul id="legend" class="legend"></ul>'


def _of(package: str, names: tuple[str, ...]) -> tuple[Asset, ...]:
    return tuple((package, name) for name in names)


def read_asset(asset: Asset) -> str:
    """Return the text of an asset, without blanks around it."""
    package, name = asset
    folder = resources.files(package).joinpath("assets")
    return folder.joinpath(name).read_text(encoding="utf-8").strip()


def embed_json(value: Mapping[str, Any]) -> str:
    """Return JSON that may stand inside a ``<script type="application/json">`` block."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for character, escape in _UNSAFE.items():
        text = text.replace(character, escape)
    return text


def _fill(template: str, parts: Mapping[str, str]) -> str:
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
