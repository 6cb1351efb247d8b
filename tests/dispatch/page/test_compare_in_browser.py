"""The comparison page in a real browser: opens offline, filters, speaks both languages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from dispatch.adapters.compare_report import ComparedPlan, CompareSource, write_comparison
from dispatch.domain import Customer
from dispatch.referee import judge_order
from dispatch.referee.hand_made import Order
from tests.browser import BrowserPage, browsing, needs_browser
from tests.report_days import SECRET
from tests.whole_days import ORDER, TABLE, visit_of

pytestmark = needs_browser

DAY = visit_of("V1", customer=Customer(name=SECRET[0], phone=SECRET[1]))
# V1 goes to T2, whose V3 waits for it; V5 is left out; V6 stays with the outlet.
OTHER: Order = {"T1": ["@O2", "V2", "V3", "V4"], "T2": ["V1", "V3"]}


def compared(label: str, order: Order, contracted: Mapping[str, Sequence[str]]) -> ComparedPlan:
    verdict, plan = judge_order(DAY, order, TABLE, contracted=contracted)
    return ComparedPlan(
        label=label,
        plan=plan,
        cost=verdict.cost,
        violations=tuple(one.text for one in verdict.violations),
        travel=TABLE.description,
        travel_hash="same",
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[CompareSource, Path]:
    plans = (
        compared("monday", ORDER, {"C1": ["V6"]}),
        compared("<b>late</b>", OTHER, {"C1": ["V6"]}),
    )
    source = CompareSource(DAY, plans)
    path = tmp_path_factory.mktemp("compare") / "compare.html"
    write_comparison(path, source)
    return source, path


@pytest.fixture(scope="module")
def tab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserPage]:
    with browsing(tmp_path_factory.mktemp("browser")) as tab:
        yield tab


@pytest.fixture
def page(made: tuple[CompareSource, Path], tab: BrowserPage) -> BrowserPage:
    """Open the page anew: nothing chosen before is left."""
    tab.media("")
    tab.open(made[1])
    return tab


def test_figures_of_both_plans_stand_side_by_side(
    page: BrowserPage, made: tuple[CompareSource, Path]
) -> None:
    rows = {row.split("\t")[0]: row.split("\t")[1:] for row in page.texts("#figures-body tbody tr")}
    # V1 to V6 against all of them but V5; V7 has no gasket.
    assert rows["Visits served"] == ["6", "5", "−1"]
    before, after = (plan.cost.total / 100 for plan in made[0].plans)
    total = page.texts("#price-body tr.sum td")
    assert total[:3] == ["Total", f"¥{before:,.2f}", f"¥{after:,.2f}"]
    assert total[3] == f"{'+' if after > before else '−'}¥{abs(after - before):,.2f}"
    broken = made[0].plans[1].violations
    # One valve is on T1's van and V1 needs it; T2 has none.
    assert len(broken) > 0
    assert page.text("#status") == "Rules broken"
    assert all(text in page.text("#rules-body") for text in broken)


def test_every_change_is_a_row_and_filters_leave_their_kind(
    page: BrowserPage, made: tuple[CompareSource, Path]
) -> None:
    found = {one.visit: one for one in made[0].differences().visits}
    ids = "#visits-body tbody td:first-child"
    changed = [name for name, one in found.items() if one.changes]
    assert page.texts(ids) == changed
    told = [name for name, one in found.items() if one.tell]
    assert 0 < len(told) < len(found)
    labels = [text.rsplit(" ", 1)[0] for text in page.texts("#filters button")]
    page.click("#filters button", labels.index("Call the customer"))
    assert page.texts(ids) == told
    page.click("#filters button", labels.index("Left out"))
    assert page.texts(ids) == ["V5"]
    page.click("#filters button", labels.index("All"))
    assert len(page.texts(ids)) == len(DAY.visits)


def test_search_and_technician_narrow_the_rows(page: BrowserPage) -> None:
    ids = "#visits-body tbody td:first-child"
    page.evaluate(
        "(() => { const s = document.querySelector('#filters select'); s.value = 'T2';"
        "s.dispatchEvent(new Event('change')); })()"
    )
    assert page.texts(ids) == ["V1", "V3"]
    page.evaluate(
        "(() => { const s = document.querySelector('#filters input'); s.value = 'v1';"
        "s.dispatchEvent(new Event('input')); })()"
    )
    assert page.texts(ids) == ["V1"]
    assert "T1 → T2" in page.text("#visits-body tbody tr")


def test_rows_lead_to_both_sides_of_a_visit_and_to_technicians(page: BrowserPage) -> None:
    page.click("#visits-body tbody tr")
    panel = page.text("#panel")
    assert "Before · monday" in panel
    assert "After · <b>late</b>" in panel
    page.click("#people-body tbody tr")
    panel = page.text("#panel")
    assert "Gone" in panel
    assert "dashed: before" in panel
    page.click("#panel .panel-head button")
    assert "Who must be told" in page.text("#panel")


def test_the_list_of_who_is_told_has_everybody(
    page: BrowserPage, made: tuple[CompareSource, Path]
) -> None:
    found = made[0].differences()
    customers = sum(one.tell for one in found.visits)
    technicians = sum(one.tell for one in found.people)
    assert page.texts("#panel .stats b") == [str(customers), str(technicians)]
    assert page.count("#panel .told-row") == customers + technicians


def test_the_language_button_turns_every_word(page: BrowserPage) -> None:
    page.click("#lang")
    assert page.text("#visits h2") == "逐单对比"
    assert "需通知客户" in page.text("#filters")
    assert "换技师" in page.text("#visits-body")
    assert "需要通知的人" in page.text("#panel")


def test_no_customer_is_on_the_page_and_names_stay_text(
    page: BrowserPage, made: tuple[CompareSource, Path]
) -> None:
    text = made[1].read_text(encoding="utf-8")
    assert not [word for word in SECRET if word in text]
    assert "https:" not in text
    assert "<b>late</b>" in page.text("#title")


def test_on_paper_there_are_rows_and_no_controls(page: BrowserPage) -> None:
    assert page.print_pages().startswith(b"%PDF")
    page.media("print")
    assert {page.display(one) for one in (".tools", "#filters", "#panel")} == {"none"}
    assert page.count("#visits-body tbody tr") > 0


def test_on_a_phone_nothing_is_wider_than_the_screen(
    made: tuple[CompareSource, Path], page: BrowserPage
) -> None:
    page.open(made[1], width=400, height=800)
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
