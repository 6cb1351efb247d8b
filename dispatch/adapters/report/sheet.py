"""Puts words, styles, program and data into one HTML file; shared by all reports.

Nothing on the page may be fetched and no text may become code: the content security policy allows
exactly the two inlined blocks, by their digests, and the data travels as JSON that the browser
never executes, with ``<``, ``>`` and ``&`` escaped so that no text can end the block early.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
from collections.abc import Sequence
from importlib import resources
from typing import Any

_UNSAFE = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}

Asset = tuple[str, str]
"""Package whose folder ``assets`` holds the file, and the file's name."""


def build_sheet(
    template: Asset,
    styles: Sequence[Asset],
    program: Sequence[Asset],
    payload: dict[str, Any],
    *,
    language: str,
    title: str,
) -> str:
    """Return one HTML document that needs nothing from anywhere.

    Parameters
    ----------
    template
        HTML with ``{{lang}}``, ``{{csp}}``, ``{{title}}``, ``{{style}}``, ``{{data}}`` and
        ``{{program}}``, each once.
    styles, program
        Style sheets and scripts, in order; the scripts share one scope.
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
    style = "\n".join(read_asset(asset) for asset in styles)
    scripts = "\n".join(read_asset(asset) for asset in program)
    script = '(() => {\n"use strict";\n' + scripts + "\n})();"
    parts = {
        "lang": "zh-CN" if language == "zh" else "en",
        "csp": html.escape(_policy(style, script)),
        "title": html.escape(title),
        "style": style,
        "data": embed_json(payload),
        "program": script,
    }
    return _fill(read_asset(template), parts)


def read_asset(asset: Asset) -> str:
    """Return the text of an asset, without blanks around it."""
    package, name = asset
    folder = resources.files(package).joinpath("assets")
    return folder.joinpath(name).read_text(encoding="utf-8").strip()


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
