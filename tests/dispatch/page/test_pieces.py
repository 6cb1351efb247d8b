"""The pieces of the pages fit together: words, assets, hooks, what no page may hold twice."""

from __future__ import annotations

import re
from collections import Counter
from importlib import resources

import pytest

from dispatch.adapters.compare_report.page import PARTS as COMPARE
from dispatch.adapters.coverage_report.page import PARTS as COVERAGE
from dispatch.adapters.layout_report.page import PARTS as LAYOUT
from dispatch.adapters.page import PageParts, read_asset
from dispatch.adapters.page.sheet import MAP_CARD, TEMPLATE
from dispatch.adapters.report.page import PARTS as DAY

SHARED = "dispatch.adapters.page"
PAGES = pytest.mark.parametrize(
    "parts", [DAY, COVERAGE, LAYOUT, COMPARE], ids=["day", "coverage", "layout", "compare"]
)
KEY = re.compile(r'(\w+): "')
HOOKS = (
    "renderPage",
    "firstLook",
    "drawGround",
    "drawWorld",
    "drawScreen",
    "hitAt",
    "chosenPlace",
    "everyPlace",
)


def keys(text: str) -> set[str]:
    return set(KEY.findall(text))


def words(parts: PageParts) -> tuple[set[str], set[str]]:
    """Return the words of a page in English and in Chinese, shared ones included."""
    english, chinese = read_asset((SHARED, "words.js")).split("  zh: {")
    own = [read_asset((parts.package, name)) for name in parts.words]
    return keys(english) | keys(own[0]), keys(chinese) | keys(own[1])


def program(parts: PageParts) -> str:
    return "\n".join(read_asset(asset) for asset in parts.all_program)


@PAGES
def test_both_languages_have_the_same_words(parts: PageParts) -> None:
    english, chinese = words(parts)
    assert english == chinese
    assert len(english) > 80


@PAGES
def test_every_word_the_page_asks_for_exists(parts: PageParts) -> None:
    html = "".join(
        [read_asset(TEMPLATE), read_asset(MAP_CARD), read_asset((parts.package, parts.body))]
    )
    asked = set(re.findall(r'\bt\("(\w+)"', program(parts)))
    asked |= set(re.findall(r'data-t(?:-label)?="(\w+)"', html + parts.floats))
    assert len(asked) > 40
    assert asked <= words(parts)[0]


@PAGES
def test_no_page_says_again_what_all_pages_say(parts: PageParts) -> None:
    shared = keys(read_asset((SHARED, "words.js")))
    assert not shared & keys(read_asset((parts.package, parts.words[0]))) - {"nothing"}


@PAGES
def test_every_asset_of_a_page_is_on_it_and_short(parts: PageParts) -> None:
    folder = resources.files(parts.package).joinpath("assets")
    there = {(parts.package, entry.name) for entry in folder.iterdir()}
    used = {*parts.all_styles, *parts.all_program, (parts.package, parts.body)}
    assert there <= used
    assert all(len(read_asset(asset).splitlines()) < 400 for asset in used)


@PAGES
def test_every_name_of_a_page_is_declared_once(parts: PageParts) -> None:
    # One scope for all scripts: a second const is an error, a second function hides the first.
    names = re.findall(r"^(?:function|const|let) (\w+)", program(parts), re.MULTILINE)
    assert [name for name, count in Counter(names).items() if count > 1] == []
    assert set(HOOKS) <= set(names)


def test_every_shared_asset_is_on_every_page() -> None:
    folder = resources.files(SHARED).joinpath("assets")
    there = {entry.name for entry in folder.iterdir()}
    used = {name for package, name in (*DAY.all_styles, *DAY.all_program) if package == SHARED}
    assert there == used | {TEMPLATE[1], MAP_CARD[1]}
