"""The board in a real browser: first frame, feedback while dragging, first still map.

Everything is drawn in software, as on a machine without a graphics card. The pages come from a
plain server of this process over made-up rows, so what is measured is the page.
"""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any, Final

from dispatch.cli.parser import natural_int, positive_int
from dispatch.web.board_model import Spot
from dispatch.web.kept_rows import board_json
from geo.network import RoadNetwork
from geo.osm import read_network
from geo.tiles import RoadTiles
from scenarios.bench.board_day import make_board
from scenarios.bench.page_server import Answer, Answering, Asked, PageServer
from scenarios.bench.report import BenchReport, Row
from scenarios.coquimbo import read_city
from scenarios.errors import DataUnavailable

BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome", "chrome")
IN_SOFTWARE: Final = (
    "--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
)  # fmt: skip
LIMITS_MS: Final = {"first frame": 1000, "drag feedback": 100, "map still": 6000}
WIDTH, HEIGHT = 1440, 900
PATIENCE_MS: Final = 60_000
DRAGS: Final = 3
_WATCH: Final = """() => {
  window.__waits = [];
  addEventListener("pointermove", (event) => {
    if (!document.body.classList.contains("dragging")) return;
    const began = event.timeStamp;
    requestAnimationFrame(() => setTimeout(() => {
      if (document.querySelector(".ghost")) window.__waits.push(performance.now() - began);
    }, 0));
  });
}"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what ``servicenet bench board`` takes."""
    parser.add_argument("--technicians", type=positive_int, default=300)
    parser.add_argument("--visits", type=positive_int, default=12, help="of each (12)")
    parser.add_argument("--roads", type=Path, help="map file; by default the city of the demo")
    parser.add_argument("--loads", type=positive_int, default=5, help="times it is opened (5)")
    parser.add_argument("--seed", type=natural_int, default=1)


def bench(arguments: argparse.Namespace) -> BenchReport:
    """Measure; the figures of a row are the median and the worst over all loads or moves.

    Raises
    ------
    DataUnavailable
        Without a browser, Playwright, or the roads of the demo.
    """
    network = read_network(arguments.roads) if arguments.roads else read_city().network
    shape = arguments.technicians, arguments.visits, arguments.seed
    with board_server(shape, network).running() as server, open_browser() as browser:
        frames, still, drags = [], [], []
        for _ in range(arguments.loads):
            frame, map_ms = measure_load(browser, server.url)
            frames.append(frame)
            still.append(map_ms)
        for _ in range(DRAGS):
            drags += measure_drag(browser, server.url)
    found = {"first frame": frames, "drag feedback": drags, "map still": still}
    rows = [_row(name, values) for name, values in found.items()]
    size = f"{arguments.technicians} technicians x {arguments.visits} visits"
    return BenchReport(rows, {"board": size, "all within their limits": all(r["ok"] for r in rows)})


def _row(name: str, values: Sequence[float]) -> Row:
    limit = LIMITS_MS[name]
    middle = round(median(values), 1)
    return {
        "what": name,
        "samples": len(values),
        "median_ms": middle,
        "worst_ms": round(max(values), 1),
        "limit_ms": limit,
        "ok": middle < limit,
    }


@contextmanager
def open_browser() -> Iterator[Any]:
    """Start the browser that is installed.

    Raises
    ------
    DataUnavailable
        If there is none, or Playwright is missing.
    """
    program = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        raise DataUnavailable("playwright is not installed: pip install playwright") from None
    if program is None:
        raise DataUnavailable(f"no browser; one of {', '.join(BROWSERS)} would do")
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=program, args=list(IN_SOFTWARE))
        yield browser
        browser.close()


def measure_load(browser: Any, url: str) -> tuple[float, float]:  # noqa: ANN401 - of Playwright
    """Open the board afresh; return ms from navigation to its first frame and to a still map."""
    context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT})
    page = context.new_page()
    page.goto(url)
    found = page.wait_for_selector("html[data-map-idle]", state="attached", timeout=PATIENCE_MS)
    still = float(found.get_attribute("data-map-idle"))
    script = "() => performance.getEntriesByName('board-painted')[0].startTime"
    frame = float(page.evaluate(script))
    context.close()
    return frame, still


def measure_drag(browser: Any, url: str) -> list[float]:  # noqa: ANN401 - of Playwright
    """Drag a visit over the rows; return ms from each move of the hand to what it shows."""
    context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT})
    page = context.new_page()
    page.goto(f"{url}/?map=blank")
    page.wait_for_selector("html[data-map]", state="attached", timeout=PATIENCE_MS)
    page.evaluate(_WATCH)
    bar = page.locator(".stop.visit.ahead").nth(4).bounding_box()
    page.mouse.move(bar["x"] + 6, bar["y"] + 8)
    page.mouse.down()
    for step in range(24):
        page.mouse.move(700 + 12 * step, 480 + 14 * step)
        page.wait_for_timeout(30)
    page.wait_for_timeout(200)
    waits = [float(value) for value in page.evaluate("() => window.__waits")]
    page.keyboard.press("Escape")
    context.close()
    return waits


def board_server(shape: tuple[int, int, int], network: RoadNetwork) -> PageServer:
    """Return a server of the board with rows of a seed around the middle of a road network.

    Parameters
    ----------
    shape
        Technicians, visits of each, seed.
    """
    return PageServer(board_answers(shape, network))


def board_answers(shape: tuple[int, int, int], network: RoadNetwork) -> Answering:
    """Return what the server of `board_server` answers."""
    tiles = RoadTiles(network)
    technicians, visits, seed = shape
    board = board_json(make_board(technicians, visits, seed=seed, center=_middle(network)))
    told = tiles.summary()
    summary = {"bounds": told.bounds, "maxzoom": told.max_zoom, "attribution": told.attribution}

    def answer(asked: Asked) -> Answer | None:  # noqa: PLR0911 - one a path
        match asked.path.strip("/").split("/"):
            case ["session"]:
                return Answer(200, {"actor": "dispatcher:bench", "role": "dispatcher"})
            case ["days"]:
                return Answer(200, {"items": [{"id": "town", "date": "2026-03-02"}]})
            case ["days", _, "board"]:
                return Answer(200, board, headers={"ETag": '"1.1"'})
            case ["days", _, "moves", "preview"]:
                return Answer(200, {"price": {"travel": 350}, "total": 350, "broken": []})
            case ["tiles.json"]:
                return Answer(200, summary)
            case ["tiles", z, x, y]:
                body = tiles.cut(int(z), int(x), int(y.partition(".")[0]))
                kind = "application/vnd.mapbox-vector-tile"
                return Answer(200 if body else 204, body, kind)
        return None

    return answer


def _middle(network: RoadNetwork) -> Spot:
    return float(median(network.node_lon)), float(median(network.node_lat))
