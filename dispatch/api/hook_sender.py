"""Tells webhooks what happens: one signed request an event, in order, again until it is taken.

The signature is ``v1=`` and the HMAC-SHA-256 of ``<timestamp>.<body>`` under the listener's secret,
in ``Servicenet-Signature`` beside ``Servicenet-Timestamp``; a listener refuses old timestamps and
takes an ``Servicenet-Event`` it has seen already for done. No redirect is followed.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import logging
import ssl
import threading
from urllib.parse import urlsplit

from dispatch.adapters.webhooks import Webhook
from dispatch.api.context import Service
from dispatch.api.events import event_out
from dispatch.api.faults import Refused
from dispatch.api.routes_admin import check_host
from dispatch.domain.event import Event
from dispatch.errors import StoreError

PERIOD_S = 1.0
TIMEOUT_S = 5.0
AT_ONCE = 200
_LOG = logging.getLogger("servicenet.webhook")


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """Return the signature of a delivery."""
    text = timestamp.encode() + b"." + body
    return "v1=" + hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()


class HookSender(threading.Thread):
    """The one that tells.

    Parameters
    ----------
    service
        Whose listeners.
    """

    def __init__(self, service: Service) -> None:
        super().__init__(name="servicenet-webhooks", daemon=True)
        self._service = service
        self._end = threading.Event()

    def stop(self) -> None:
        """End after the delivery at hand."""
        self._end.set()

    def run(self) -> None:
        """Tell until stopped."""
        while not self._end.wait(PERIOD_S):
            try:
                self.send_due()
            except StoreError as error:
                codes = [fault.code for fault in error.faults]
                _LOG.warning("store", extra={"fields": {"codes": codes}})
            except Exception:  # noqa: BLE001 - one delivery must not end the others; logged
                _LOG.exception("webhook")

    def send_due(self) -> None:
        """Tell every listener that is due its next events, until one does not take them."""
        service = self._service
        with service.store.read() as reader:
            head = reader.head().sequence
        for hook in service.hooks.due(service.now(), head):
            self._send_some(hook)

    def _send_some(self, hook: Webhook) -> None:
        service = self._service
        with service.store.read() as reader:
            events = tuple(reader.events(after=hook.cursor, limit=AT_ONCE))
        for event in events:
            if self._end.is_set():
                return
            if not _concerns(hook, event):
                service.hooks.skip(hook, event.sequence)
            else:
                outcome, ok = self._send(hook, event)
                service.hooks.note(hook, event.sequence, service.now(), outcome, ok=ok)
                service.metrics.deliveries.labels("taken" if ok else "not taken").inc()
                if not ok:
                    return
            hook = service.hooks.get(hook.id)

    def _send(self, hook: Webhook, event: Event) -> tuple[str, bool]:
        body = event_out(event).model_dump_json(exclude_none=True).encode()
        stamp = str(int(self._service.now().timestamp()))
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "servicenet",
            "Servicenet-Event": str(event.sequence),
            "Servicenet-Timestamp": stamp,
            "Servicenet-Signature": sign(hook.secret, stamp, body),
        }
        try:
            check_host(self._service, hook.url)
            status = _post(hook.url, body, headers)
        except Refused as error:
            return error.fault.code, False
        except (OSError, http.client.HTTPException) as error:
            return type(error).__name__, False
        return str(status), 200 <= status < 300


def _concerns(hook: Webhook, event: Event) -> bool:
    return (not hook.kinds or event.what.kind in hook.kinds) and hook.day in {None, event.day}


def _post(url: str, body: bytes, headers: dict[str, str]) -> int:
    parts = urlsplit(url)
    host = parts.hostname or ""
    connection = (
        http.client.HTTPSConnection(
            host, parts.port, timeout=TIMEOUT_S, context=ssl.create_default_context()
        )
        if parts.scheme == "https"
        else http.client.HTTPConnection(host, parts.port, timeout=TIMEOUT_S)
    )
    try:
        path = parts.path or "/"
        connection.request("POST", f"{path}?{parts.query}" if parts.query else path, body, headers)
        return connection.getresponse().status
    finally:
        connection.close()
