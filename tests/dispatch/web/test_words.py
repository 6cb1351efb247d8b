"""Both languages have every word, and every kind of event has one: the stream is heard by name."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

import dispatch.web
from dispatch.live.kinds import KINDS
from dispatch.live.projection import DangerKind
from dispatch.planning.codes import ReasonCode
from dispatch.referee.codes import WAIVABLE
from dispatch.service.options import Rung
from dispatch.web.site import BORROWED, PAGES, POLICY, Site

STATIC = Path(dispatch.web.__file__).parent / "static"
MODULES = sorted(STATIC.rglob("*.js"))
KEY = re.compile(r'\b([A-Za-z_]\w*): (?:"|$)', re.MULTILINE)


def words(language: str) -> set[str]:
    return set(KEY.findall((STATIC / "board" / f"words_{language}.js").read_text("utf-8")))


def test_both_languages_have_the_same_words() -> None:
    assert words("en") ^ words("zh") == set()


def test_every_kind_of_event_danger_reason_and_waivable_rule_has_a_word() -> None:
    wanted = {f"event_{kind.model_fields['kind'].default}" for kind in KINDS}
    wanted |= {f"danger_{kind}" for kind in DangerKind}
    wanted |= {f"why_{code.value}" for code in ReasonCode}
    wanted |= {f"rule_{code}" for code in WAIVABLE}
    wanted |= {f"rung_{rung}" for rung in get_args(Rung)}
    assert wanted - words("en") == set()


def test_every_word_a_module_of_the_board_asks_for_is_there() -> None:
    asked = re.compile(r'\bt\("(\w+)"')
    own = words("en")
    for path in (STATIC / "board").glob("*.js"):
        missing = set(asked.findall(path.read_text("utf-8"))) - own
        assert missing == set(), path.name


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_modules_are_short_and_fetch_nothing_from_elsewhere(path: Path) -> None:
    text = path.read_text("utf-8")
    assert len(text.splitlines()) < 400
    assert re.findall(r"https?://(?!www\.w3\.org/2000/svg)", text) == []
    assert "innerHTML =" not in text
    assert "eval(" not in text


def test_pages_have_nothing_inline_and_the_policy_says_so() -> None:
    assert "unsafe" not in POLICY
    for path in PAGES:
        page = Site().find(path)
        assert page is not None
        text = page.body.decode()
        assert re.search(r"<script(?![^>]*src=)", text) is None
        assert re.search(r"style=|<style| on[a-z]+=", text) is None
        assert page.headers["Content-Security-Policy"] == POLICY


def test_everything_a_page_names_is_served_and_nothing_else() -> None:
    site = Site()
    for path in PAGES:
        page = site.find(path)
        assert page is not None
        for named in re.findall(r'(?:href|src)="(/static/[^"]+)"', page.body.decode()):
            assert site.find(named) is not None, named
    assert site.find("/static/../site.py") is None
    assert site.find("/static/page/words.js") is None
    assert all(site.find(f"/static/page/{name}") for name in BORROWED)


def test_the_service_worker_changes_with_the_files_it_keeps() -> None:
    worker = Site().find("/sw.js")
    assert worker is not None
    assert b"__VERSION__" not in worker.body
    assert re.search(rb'"servicenet-me-[0-9a-f]{12}"', worker.body)
