"""The pages and files of the board, ready to be served by anything: bytes, types, headers.

Everything is known by name from the start, so no path of a request ever reaches a file system.
Nothing on a page may be fetched from elsewhere, and nothing inlined may run.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib import resources
from importlib.resources.abc import Traversable
from importlib.util import find_spec
from pathlib import Path
from typing import Final

POLICY: Final = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "worker-src 'self' blob:; connect-src 'self'; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
"""Content security policy; MapLibre starts its own worker from a blob."""
HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-cache",
}
PAGES: Final = {
    "/": ("board", "board/index.html"),
    "/me": ("me", "me/index.html"),
    "/login": ("login", "login/index.html"),
    "/print": ("print", "print/index.html"),
}
"""Folder of its own modules, and file, by path."""
TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webmanifest": "application/manifest+json",
}
BORROWED: Final = ("base.css",)
"""Style sheets of the reports that the board uses too."""
PRELOAD: Final = "<!--modules-->"


@dataclass(frozen=True)
class Page:
    """One answer.

    Parameters
    ----------
    body
        What is sent.
    media_type
        Its type.
    etag
        Quoted, of the content.
    headers
        All others.
    """

    body: bytes
    media_type: str
    etag: str
    headers: Mapping[str, str] = field(default_factory=lambda: dict(HEADERS))


class Site:
    """Every page and file of the board, read once when it is asked for."""

    def __init__(self) -> None:
        self._sources: dict[str, Traversable | Path] = dict(_files())
        self._made: dict[str, Page] = {}

    def paths(self) -> tuple[str, ...]:
        """Return everything that `find` knows, pages first."""
        return (*PAGES, "/sw.js", *sorted(self._sources))

    def find(self, path: str) -> Page | None:
        """Return the page or file at a path; None if there is none."""
        if path not in self._made:
            made = self._make(path)
            if made is None:
                return None
            self._made[path] = made
        return self._made[path]

    def _make(self, path: str) -> Page | None:
        if path in PAGES:
            return _page(self._with_modules(*PAGES[path]), ".html")
        source = self._sources.get("/static/me/sw.js" if path == "/sw.js" else path)
        if source is None:
            return None
        body = source.read_bytes()
        if path == "/sw.js":
            body = body.replace(b"__VERSION__", self._version().encode())
        return _page(body, Path(path).suffix)

    def _with_modules(self, folder: str, name: str) -> bytes:
        """Name the modules in the head, so that they come at once and not one by one."""
        text = self._sources[f"/static/{name}"].read_bytes().decode()
        parts = f"/static/{folder}/", "/static/shared/"
        modules = [p for p in sorted(self._sources) if p.startswith(parts) and p.endswith(".js")]
        links = [f'<link rel="modulepreload" href="{p}">' for p in modules if "sw.js" not in p]
        return text.replace(PRELOAD, "\n".join(links)).encode()

    def _version(self) -> str:
        """Return a digest of what the technician's page is made of."""
        digest = hashlib.sha256()
        for path, source in sorted(self._sources.items()):
            if path.startswith(("/static/me/", "/static/shared/")):
                digest.update(source.read_bytes())
        return digest.hexdigest()[:12]


def _page(body: bytes, suffix: str) -> Page:
    etag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
    return Page(body, TYPES[suffix], etag)


def _files() -> Iterator[tuple[str, Traversable | Path]]:
    yield from _below(resources.files("dispatch.web").joinpath("static"), "/static")
    assets = resources.files("dispatch.adapters.page").joinpath("assets")
    for name in BORROWED:
        yield f"/static/page/{name}", assets.joinpath(name)
    # Only its folder is wanted: importing the package imports notebooks' tools.
    package = find_spec("maplibre")
    for folder in package.submodule_search_locations or () if package is not None else ():
        for name in ("maplibre-gl.js", "maplibre-gl.css"):
            file = Path(folder) / "srcjs" / name
            if file.is_file():
                yield f"/static/maplibre/{name}", file


def _below(folder: Traversable, path: str) -> Iterator[tuple[str, Traversable]]:
    for entry in folder.iterdir():
        where = f"{path}/{entry.name}"
        if entry.is_dir():
            yield from _below(entry, where)
        elif Path(entry.name).suffix in TYPES:
            yield where, entry
