"""One browser for the tests of a file; a desk and a tab of its own for each.

Not one for all files: while a browser of playwright is open, its event loop runs in this thread,
and the tests of another file could not run one of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from scenarios.bench.page_server import PageServer
from tests.board_browser import BoardTab, browser
from tests.paper_desk import PaperDesk


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with browser() as running:
        yield running


@pytest.fixture
def desk() -> Iterator[PaperDesk]:
    desk = PaperDesk()
    server = PageServer(desk.answer)
    desk.server = server
    with server.running():
        yield desk


@pytest.fixture
def new_tab(chromium: Any, desk: PaperDesk) -> Iterator[Callable[..., BoardTab]]:
    tabs: list[BoardTab] = []

    def make(**options: Any) -> BoardTab:
        shape = {"viewport": {"width": 1440, "height": 900}, "locale": "en-GB", **options}
        tabs.append(BoardTab(chromium.new_context(**shape), desk))
        return tabs[-1]

    yield make
    for tab in tabs:
        tab.context.close()
        assert tab.complaints == []
        assert tab.outside == []


@pytest.fixture
def board(new_tab: Callable[..., BoardTab]) -> BoardTab:
    return new_tab().open()
