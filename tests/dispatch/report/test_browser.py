"""The page's program, run by a real browser where one is installed."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from dispatch.adapters.report import ReportSource, write_report
from dispatch.adapters.route_lines import trace_routes
from tests.browser import find_browser, needs_browser
from tests.days import GridTown
from tests.report_days import Reported, reported
from tests.waiting import PATIENCE_S

HOSTILE = "<img src=x onerror=alert(1)>"


pytestmark = needs_browser


def rendered(made: Reported, folder: Path, language: str = "en") -> str:
    """Return the page as the browser leaves it after its program ran."""
    browser = find_browser()
    assert browser is not None
    lines = trace_routes(made.day, made.plan, GridTown())
    write_report(
        folder / "report.html", ReportSource(made.day, made.plan, lines), language=language
    )
    words = ["--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=3000"]
    words += [f"--user-data-dir={folder / 'profile'}", "--enable-logging=stderr"]
    ran = subprocess.run(
        [browser, *words, "--dump-dom", (folder / "report.html").as_uri()],
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=True,
    )
    # Errors of the program and violations of the policy are told on the console.
    assert "CONSOLE" not in ran.stderr
    return ran.stdout.split('<script type="application/json"')[0]


def test_every_part_of_the_page_is_filled(tmp_path: Path) -> None:
    page = rendered(reported(), tmp_path)
    assert "4<small> of 6</small>" in page
    # V1 kept, V2 broken: half of the promises.
    assert re.search(r"50\.0\s%", page.replace("&nbsp;", " "))
    assert page.count('class="lane"') == 2
    assert page.count('data-visit="') == 3
    assert 'class="job late"' in page
    assert "⚠ +30′" in page
    assert "Estimated travel: no road map was used." in page
    assert "nobody has gas" in page
    assert "address unknown" in page
    assert "T259-8.3-a" in page


def test_the_page_speaks_chinese(tmp_path: Path) -> None:
    page = rendered(reported(), tmp_path, "zh")
    assert "按约到达率" in page
    assert "没有人具备 gas 技能" in page
    assert "2026年3月2日" in page


def test_hostile_names_become_text_and_nothing_else(tmp_path: Path) -> None:
    page = rendered(reported(technician=HOSTILE, outlet=HOSTILE, found=HOSTILE), tmp_path)
    assert "&lt;img src=x" in page
    assert "<img" not in page
