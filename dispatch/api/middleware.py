"""Around every request: an id, limits of the body, security headers, one line of log, figures."""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
import time

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dispatch.api.faults import ApiCode
from dispatch.api.metrics import Metrics
from dispatch.api.problems import problem
from dispatch.errors import Fault

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; font-src 'self'; worker-src 'self' blob:; manifest-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), payment=(), geolocation=(self)",
}
_ID = re.compile(r"[A-Za-z0-9._\-]{1,64}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
"""In no id, so nothing has such a path; a database would choke on it."""
_LOG = logging.getLogger("servicenet.request")


class Frame:
    """The middleware; parameters are the app around which it stands, limits and figures.

    Parameters
    ----------
    max_body_bytes
        Of one request.
    """

    def __init__(self, app: ASGIApp, *, max_body_bytes: int, metrics: Metrics) -> None:
        self._app = app
        self._limit = max_body_bytes
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        exchange = _Exchange(scope, receive, send, self._limit)
        try:
            if exchange.announced > self._limit:
                await exchange.refuse()
                return
            if _CONTROL.search(scope["path"]):
                await exchange.lose()
                return
            await self._app(scope, exchange.take, exchange.give)
        except asyncio.CancelledError:
            raise
        except Exception:  # noqa: BLE001 - the last door: logged whole, told as our mistake
            _LOG.exception("error", extra={"fields": {"request": exchange.id}})
            await exchange.fail()
        finally:
            self._tell(scope, exchange)

    def _tell(self, scope: Scope, exchange: _Exchange) -> None:
        route = getattr(scope.get("route"), "path", None) or "(none)"
        method = scope["method"] if scope["method"] in _METHODS else "other"
        spent_s = exchange.answered_s - exchange.began_s
        self._metrics.answers.labels(method, route, str(exchange.status)).inc()
        self._metrics.seconds.labels(method, route).observe(spent_s)
        fields = {
            "request": exchange.id,
            "method": method,
            "route": route,
            "status": exchange.status,
            "ms": round(spent_s * 1000, 1),
            "by": scope.get("servicenet_actor", ""),
        }
        _LOG.info("answered", extra={"fields": fields})


_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


class _Exchange:
    """One request and its answer."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, limit: int) -> None:
        headers = {name.lower(): value for name, value in scope["headers"]}
        given = headers.get(b"x-request-id", b"").decode("latin-1")
        self.id = given if _ID.fullmatch(given) else secrets.token_hex(8)
        scope["servicenet_request"] = self.id
        length = headers.get(b"content-length", b"0")
        self.announced = int(length) if length.isdigit() else 0
        self.began_s = time.perf_counter()
        self.answered_s = self.began_s
        self.status = 0
        self._scope, self._receive, self._send = scope, receive, send
        self._limit, self._read = limit, 0

    async def take(self) -> Message:
        """Give the app the next piece of the body."""
        message = await self._receive()
        if message["type"] == "http.request":
            self._read += len(message.get("body", b""))
            if self._read > self._limit:
                raise HTTPException(413)
        return message

    async def give(self, message: Message) -> None:
        """Send the next piece of the answer."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.answered_s = time.perf_counter()
            headers = MutableHeaders(scope=message)
            headers["X-Request-Id"] = self.id
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            headers.setdefault("Cache-Control", "no-store")
        await self._send(message)

    async def refuse(self) -> None:
        """Answer that the body is too large."""
        expected = f"at most {self._limit:,} bytes"
        fault = Fault(ApiCode.TOO_LARGE.value, "body", "more bytes", expected)
        if not self.status:
            await problem(413, [fault], self.id)(self._scope, self._receive, self.give)

    async def lose(self) -> None:
        """Answer that there is nothing at this path."""
        found, expected = "a control character", "a path of docs/openapi.json"
        fault = Fault(ApiCode.NO_PATH.value, "path", found, expected)
        await problem(404, [fault], self.id)(self._scope, self._receive, self.give)

    async def fail(self) -> None:
        """Answer that it is our mistake; what it was stands in the log under the id."""
        hint = "Report it with the id of the request."
        found, expected = "a mistake of this program", "an answer"
        fault = Fault(ApiCode.OURS.value, "service", found, expected, hint)
        if not self.status:
            await problem(500, [fault], self.id)(self._scope, self._receive, self.give)
