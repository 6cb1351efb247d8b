"""A small server of the board's pages over plain answers: the page without a service."""

from __future__ import annotations

import json
import queue
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from dispatch.web.site import Site

BEAT_S: Final = 0.5
"""How often a stream looks whether the server has stopped."""


@dataclass(frozen=True)
class Asked:
    """A request: method, path without query, query, headers, JSON body (None without one)."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: Any


@dataclass(frozen=True)
class Answer:
    """Status, body (JSON unless bytes) and headers."""

    status: int = 200
    body: Any = None
    media_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


Answering = Callable[[Asked], Answer | None]


class PageServer:
    """Serves the site, what ``answering`` knows, and a stream of events.

    Parameters
    ----------
    answering
        Gives the answer to a request; None for a path it does not know.
    """

    def __init__(self, answering: Answering) -> None:
        self.answering, self.site = answering, Site()
        self.asked: list[Asked] = []
        self._listeners: list[queue.Queue[bytes]] = []
        self._stopped = threading.Event()
        server = self

        class Handler(_Handler):
            owner = server

        self._http = _Quiet(("127.0.0.1", 0), Handler)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    @contextmanager
    def running(self) -> Iterator[PageServer]:
        """Serve until the end of the block."""
        thread = threading.Thread(target=self._http.serve_forever, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._stopped.set()
            self._http.shutdown()
            self._http.server_close()

    def tell(self, kind: str, event: Mapping[str, object]) -> None:
        """Send an event to every stream."""
        number = event.get("sequence", 0)
        text = f"id: {number}\nevent: {kind}\ndata: {json.dumps(event)}\n\n".encode()
        for listener in list(self._listeners):
            listener.put(text)

    def follow(self) -> Iterator[bytes]:
        """Return the pieces of one stream until the server stops."""
        own: queue.Queue[bytes] = queue.Queue()
        self._listeners.append(own)
        yield b"retry: 1000\n\n"
        while not self._stopped.is_set():
            try:
                yield own.get(timeout=BEAT_S)
            except queue.Empty:
                yield b": nothing new\n\n"
        self._listeners.remove(own)


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing where a browser closed a tab; everything else is told."""
        if not isinstance(sys.exc_info()[1], BrokenPipeError | ConnectionResetError):
            super().handle_error(request, client_address)  # type: ignore[arg-type] # a socket


class _Handler(BaseHTTPRequestHandler):
    owner: PageServer
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base names it
        """Say nothing."""

    def _handle(self) -> None:
        parts = urlsplit(self.path)
        path = unquote(parts.path)
        if path.endswith("/stream"):
            self._stream()
            return
        page = self.owner.site.find(path) if self.command == "GET" else None
        if page is not None:
            same = self.headers.get("If-None-Match") == page.etag
            headers = {**page.headers, "ETag": page.etag}
            status = 304 if same else 200
            self._send(Answer(status, b"" if same else page.body, page.media_type, headers))
            return
        size = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(size)) if size else None
        asked = Asked(self.command, path, parts.query, dict(self.headers.items()), body)
        self.owner.asked.append(asked)
        missing = Answer(404, {"title": "no such path", "status": 404})
        self._send(self.owner.answering(asked) or missing)

    do_GET = do_POST = do_DELETE = _handle  # noqa: N815 - the base class names them

    def _send(self, answer: Answer) -> None:
        body = answer.body
        if not isinstance(body, bytes):
            body = b"" if body is None else json.dumps(body).encode()
        self.send_response(answer.status)
        headers = {"Content-Type": answer.media_type, **answer.headers}
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _stream(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        for piece in self.owner.follow():
            try:
                self.wfile.write(piece)
                self.wfile.flush()
            except (BrokenPipeError, ConnectionResetError):
                return
