"""The page: self-contained, safe, discreet, complete in both languages."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html import unescape
from pathlib import Path

import pytest

from dispatch.adapters.map_links import HEADS
from dispatch.adapters.report import ReportSource, render_report, write_report
from dispatch.adapters.route_lines import trace_routes
from dispatch.domain import CostBreakdown
from dispatch.planning.codes import ReasonCode
from tests.days import GridTown
from tests.report_days import SECRET, Reported, reported

ASSETS = Path(__file__).parents[3] / "dispatch" / "adapters" / "report" / "assets"
HOSTILE = '</script><img src=x onerror="alert(1)">&<!--'


def page_of(made: Reported, **options: str) -> str:
    lines = trace_routes(made.day, made.plan, GridTown())
    return render_report(ReportSource(made.day, made.plan, lines), **options)


def data_of(page: str) -> dict[str, object]:
    match = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert match is not None
    found = json.loads(match[1])
    assert isinstance(found, dict)
    return found


def test_the_page_asks_the_network_for_nothing() -> None:
    page = page_of(reported())
    # The heads of three links that somebody may click; a click is not the page's asking.
    for head in HEADS.values():
        assert page.count(head) == 1
        page = page.replace(head, "")
    assert not re.findall(r"https?:|wss?:|@import|url\(", page)
    # Links lead nowhere but into the page itself.
    assert set(re.findall(r'(?:src|href)="([^"]*)"', page)) <= {
        f"#{name}" for name in re.findall(r'id="([^"]*)"', page)
    }
    assert "default-src 'none'" in unescape(page)


def test_the_policy_allows_exactly_the_style_and_the_program_of_the_page() -> None:
    page = page_of(reported())
    policy = unescape(re.search(r'Policy" content="([^"]*)"', page)[1])  # type: ignore[index]  # page has one
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    program = re.search(r"<script>(.*?)</script>", page, re.DOTALL)
    assert style is not None
    assert program is not None
    for name, text in (("style-src", style[1]), ("script-src", program[1])):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{name} 'sha256-{digest}'" in policy
    assert "unsafe" not in policy


def test_no_inline_handler_or_style_that_the_policy_would_block() -> None:
    page = page_of(reported())
    assert not re.findall(r'<[^>]+\s(?:style|on\w+)="', page.split("<script>")[0])


def test_hostile_text_stays_text() -> None:
    made = reported(technician=HOSTILE, outlet=HOSTILE, found=HOSTILE)
    page = page_of(made)
    assert page.count("</script>") == 2
    assert "<img" not in page
    assert "<!--" not in page
    data = data_of(page)
    assert data["technicians"][0]["name"] == HOSTILE  # type: ignore[index]  # plain JSON
    assert data["unassigned"][0]["reasons"][0][2] == HOSTILE  # type: ignore[index]  # plain JSON


def test_a_hostile_day_id_is_escaped_in_the_title() -> None:
    made = reported()
    day = made.day.model_copy(update={"id": "</title><script>alert(1)</script>"})
    page = page_of(Reported(day, made.plan))
    assert "<title>&lt;/title&gt;&lt;script&gt;" in page


def test_template_marks_inside_data_are_not_filled_in() -> None:
    page = page_of(reported(technician="{{program}} {{nothing}}"))
    assert data_of(page)["technicians"][0]["name"] == "{{program}} {{nothing}}"  # type: ignore[index]  # plain JSON


def test_customers_names_phones_and_addresses_are_not_in_the_page() -> None:
    page = page_of(reported())
    assert all(secret not in page for secret in SECRET)


def test_times_are_seconds_after_local_midnight() -> None:
    data = data_of(page_of(reported()))
    stops = data["technicians"][0]["route"]["stops"]  # type: ignore[index]  # plain JSON
    first = next(stop for stop in stops if stop["kind"] == "visit")
    # Leaves at 08:00, one step of 10 minutes: reached, arrived and started 08:10, done 08:40.
    assert first["t"] == [29_400, 29_400, 29_400, 31_200]
    assert first["leg"] == [600, 1000]
    assert data["visits"]["V2"]["windows"] == [["1", 29_400, 30_600]]  # type: ignore[index]  # 08:10 to 08:30


def test_key_figures_count_what_the_plan_says() -> None:
    figures = data_of(page_of(reported()))["figures"]
    assert isinstance(figures, dict)
    # 4 served, 1 unassigned, 1 set aside while the day was read
    assert figures["visits"] == 6
    # V1, V2, E1 by T1 and V3 by the contracted outlet.
    assert figures["served"] == 4
    assert (figures["unassigned"], figures["quarantined"], figures["contracted"]) == (1, 1, 1)
    # V1 keeps its promise, V2 misses it: 08:40 + 20 minutes = 09:00, promised until 08:30.
    assert (figures["promised"], figures["kept"], figures["late"]) == (2, 1, 1)
    assert figures["late_max_s"] == 1800
    # E1: V2 ends 09:30, one step: 09:40, 40 minutes after the call.
    assert (figures["emergencies"], figures["emergencies_in_time"]) == (1, 0)
    assert (figures["routes"], figures["technicians"]) == (1, 2)
    # 1 + 2 + 1 steps out and, from (3, 1), 4 steps home: 8 km.
    assert figures["m"] == 8000


def test_the_language_is_chosen_and_an_unknown_one_refused() -> None:
    assert '<html lang="zh-CN">' in page_of(reported(), language="zh")
    assert '<html lang="en">' in page_of(reported())
    with pytest.raises(ValueError, match="expected 'en' or 'zh'"):
        page_of(reported(), language="fr")


def test_the_file_is_written_whole(tmp_path: Path) -> None:
    made = reported()
    source = ReportSource(made.day, made.plan, trace_routes(made.day, made.plan, GridTown()))
    write_report(tmp_path / "report.html", source)
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert text == page_of(made)
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


def words(name: str) -> set[str]:
    return set(re.findall(r'(\w+): "', (ASSETS / name).read_text("utf-8")))


def test_every_reason_and_every_part_of_the_price_has_words() -> None:
    known = words("words.js")
    assert {code.value for code in ReasonCode} <= known
    parts = set(CostBreakdown.model_fields) - {"total"}
    assert {f"cost_{part}" for part in parts} <= known
    colors = (ASSETS / "day_words.js").read_text("utf-8")
    assert all(f"{part}: " in colors for part in parts)
