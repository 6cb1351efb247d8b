"""A real browser for tests of the pages, steered over two pipes; nothing but the standard library.

Chromium speaks its DevTools protocol over file descriptors 3 and 4 (``--remote-debugging-pipe``):
JSON messages, each ended by a zero byte.
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
import select
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pytest

from tests.waiting import PATIENCE_S

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")


def find_browser() -> str | None:
    """Return the program of a browser that is installed."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


needs_browser = pytest.mark.skipif(
    find_browser() is None, reason=f"no browser; one of {', '.join(BROWSERS)} would do"
)


def _pipe() -> tuple[int, int]:
    """Return both ends of a pipe, numbered beyond those the browser listens on."""
    ends = os.pipe()
    moved = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 20) for end in ends]
    for end in ends:
        os.close(end)
    return moved[0], moved[1]


class BrowserPage:
    """One tab: what it shows, what it asked the network for, what it complained about."""

    def __init__(self, program: str, profile: Path) -> None:
        to_browser, self._write = _pipe()
        self._read, from_browser = _pipe()
        words = [program, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
                 "--disable-background-networking", "--hide-scrollbars",
                 f"--user-data-dir={profile}", "--remote-debugging-pipe"]  # fmt: skip
        silent = os.open(os.devnull, os.O_WRONLY)
        wires = [(os.POSIX_SPAWN_DUP2, there, here) for there, here in
                 ((to_browser, 3), (from_browser, 4), (silent, 1), (silent, 2))]  # fmt: skip
        self._process = os.posix_spawn(program, words, os.environ, file_actions=wires)
        for end in (to_browser, from_browser, silent):
            os.close(end)
        self._number = 0
        self._buffer = b""
        self._session = ""
        self.complaints: list[str] = []
        self.requests: list[str] = []
        made = self._ask("Target.createTarget", url="about:blank")["targetId"]
        attached = self._ask("Target.attachToTarget", targetId=made, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self._ask(f"{domain}.enable")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        os.kill(self._process, signal.SIGTERM)
        os.waitpid(self._process, 0)
        os.close(self._write)
        os.close(self._read)

    def open(self, path: Path, *, width: int = 1400, height: int = 1000) -> None:
        """Open a file and wait until its program ran and the map was drawn."""
        self._ask("Emulation.setDeviceMetricsOverride", width=width, height=height,
                  deviceScaleFactor=1, mobile=False)  # fmt: skip
        self._ask("Page.navigate", url=path.as_uri())
        self.wait_for("document.readyState === 'complete' && !!document.getElementById('canvas')"
                      " && !!document.getElementById('canvas').dataset.view")  # fmt: skip

    def evaluate(self, expression: str) -> Any:
        """Return the value of an expression in the page."""
        found = self._ask("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    def wait_for(self, expression: str) -> None:
        """Wait until an expression holds."""
        end = time.monotonic() + PATIENCE_S
        while not self.evaluate(expression):
            assert time.monotonic() < end, f"never held: {expression}"
            time.sleep(0.05)

    def text(self, selector: str) -> str:
        """Return the text of an element, blanks made plain."""
        found = self.evaluate(f"document.querySelector({json.dumps(selector)}).innerText")
        return str(found).replace("\u00a0", " ")

    def texts(self, selector: str) -> list[str]:
        """Return the texts of all elements."""
        script = f"[...document.querySelectorAll({json.dumps(selector)})].map((e) => e.innerText)"
        return [str(text).replace("\u00a0", " ") for text in self.evaluate(script)]

    def count(self, selector: str) -> int:
        """Return how many elements there are."""
        return int(self.evaluate(f"document.querySelectorAll({json.dumps(selector)}).length"))

    def display(self, selector: str) -> str:
        """Return how an element is displayed; ``none`` is not at all."""
        element = f"document.querySelector({json.dumps(selector)})"
        return str(self.evaluate(f"getComputedStyle({element}).display"))

    def click(self, selector: str, nth: int = 0) -> None:
        """Click an element where a mouse would."""
        spot = self.evaluate(
            f"(() => {{ const e = document.querySelectorAll({json.dumps(selector)})[{nth}];"
            "e.scrollIntoView({block: 'center', behavior: 'instant'});"
            "const b = e.getBoundingClientRect();"
            "return [b.x + b.width / 2, b.y + b.height / 2]; })()"
        )
        self.click_at(*spot)

    def click_at(self, x: float, y: float) -> None:
        """Click a place of the window."""
        for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
            self._ask("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def click_map(self, x_m: float, y_m: float) -> None:
        """Click a place of the map, meters in the page's frame."""
        # Two frames later the map has been drawn with everything that was chosen before.
        spot = self._ask("Runtime.evaluate", returnByValue=True, awaitPromise=True, expression=(
            "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => {"
            "const c = document.getElementById('canvas');"
            "c.scrollIntoView({block: 'center', behavior: 'instant'});"
            "const b = c.getBoundingClientRect();"
            "const [vx, vy, k] = c.dataset.view.split(' ').map(Number);"
            f"done([b.x + ({x_m} - vx) * k + b.width / 2, b.y + ({y_m} - vy) * k + b.height / 2]);"
            "})))"
        ))["result"]["value"]  # fmt: skip
        self.click_at(*spot)

    def picture_of_map(self) -> str:
        """Return the canvas as it is now, encoded; two pictures are equal or they are not."""
        return str(self.evaluate("document.getElementById('canvas').toDataURL()"))

    def data(self) -> dict[str, Any]:
        """Return the data the page was made from."""
        found = json.loads(self.evaluate("document.getElementById('data').textContent"))
        assert isinstance(found, dict)
        return found

    def print_pages(self) -> bytes:
        """Return the page as a PDF, as the printer would get it."""
        made = self._ask("Page.printToPDF", printBackground=True, preferCSSPageSize=True)
        return base64.b64decode(made["data"])

    def media(self, name: str) -> None:
        """Show the page as on ``print`` or ``screen``."""
        self._ask("Emulation.setEmulatedMedia", media=name)

    def _ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._receive()
            if answer.get("id") == self._number:
                assert "error" not in answer, (method, answer)
                result = answer["result"]
                assert isinstance(result, dict)
                return result
            self._note(answer)

    def _receive(self) -> dict[str, Any]:
        end = time.monotonic() + PATIENCE_S
        while b"\0" not in self._buffer:
            ready, _, _ = select.select([self._read], [], [], max(0.0, end - time.monotonic()))
            assert ready, "the browser does not answer"
            piece = os.read(self._read, 1 << 16)
            assert piece, "the browser ended"
            self._buffer += piece
        line, self._buffer = self._buffer.split(b"\0", 1)
        found = json.loads(line)
        assert isinstance(found, dict)
        return found

    def _note(self, event: dict[str, Any]) -> None:
        method, values = event.get("method"), event.get("params", {})
        if method == "Network.requestWillBeSent":
            self.requests.append(values["request"]["url"])
        elif method == "Runtime.exceptionThrown":
            self.complaints.append(json.dumps(values["exceptionDetails"])[:800])
        elif method == "Runtime.consoleAPICalled":
            self.complaints.append(json.dumps(values["args"])[:800])
        elif method == "Log.entryAdded":
            self.complaints.append(values["entry"]["text"])


@contextmanager
def browsing(folder: Path) -> Iterator[BrowserPage]:
    """Start a browser whose profile lives in a folder, and end it."""
    program = find_browser()
    assert program is not None
    with BrowserPage(program, folder / "profile") as page:
        yield page
        assert page.complaints == []
        # Offline: nothing is asked for but the file itself.
        assert all(url.startswith(("file:", "data:")) for url in page.requests), page.requests
