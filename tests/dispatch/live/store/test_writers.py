"""Several dispatchers at once: one wins, the others are told, nobody's work is lost."""

from __future__ import annotations

import threading
from collections.abc import Callable

from dispatch.errors import Conflict
from dispatch.live.store import Store
from tests.days import tiny_day
from tests.stores import Caller, Noted, Opener, plan
from tests.waiting import PATIENCE_S

WRITERS, COMMANDS = 4, 6


def together(work: Callable[[int], None]) -> None:
    """Run ``work(0) … work(WRITERS - 1)`` at once; raise what any of them raised."""
    errors: list[BaseException] = []
    start = threading.Barrier(WRITERS)

    def run(number: int) -> None:
        try:
            start.wait(timeout=PATIENCE_S)
            work(number)
        except BaseException as error:
            errors.append(error)
            raise

    threads = [threading.Thread(target=run, args=(number,)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=PATIENCE_S)
    assert not any(thread.is_alive() for thread in threads)
    assert errors == []


def versions_by_author(store: Store) -> list[str]:
    with store.read() as reader:
        return [row.author for row in reader.versions("tiny")[1:]]


def test_of_two_decisions_on_one_version_exactly_one_is_kept(opener: Opener) -> None:
    store = opener(busy_timeout_s=PATIENCE_S)
    Caller(store)(lambda w: w.open_day(tiny_day()))
    won, lost = [], []

    def decide(number: int) -> None:
        caller = Caller(store, by=f"d{number}")
        for version in range(1, COMMANDS + 1):
            try:
                caller(lambda w, v=version: w.revise("tiny", expected=v, reason="", plan=plan(v)))
                won.append((version, number))
            except Conflict:
                lost.append((version, number))
            seen.wait(timeout=PATIENCE_S)

    seen = threading.Barrier(WRITERS)
    together(decide)
    # Every version is won once and lost by all others.
    assert sorted(version for version, _ in won) == list(range(1, COMMANDS + 1))
    assert len(lost) == COMMANDS * (WRITERS - 1)
    assert versions_by_author(store) == [f"d{number}" for _, number in sorted(won)]
    assert store.check_log() == ()


def test_who_decides_again_after_a_conflict_loses_nothing(opener: Opener) -> None:
    store = opener(busy_timeout_s=PATIENCE_S)
    Caller(store)(lambda w: w.open_day(tiny_day()))

    def insist(number: int) -> None:
        caller = Caller(store, by=f"d{number}")
        for _ in range(COMMANDS):
            kept = False
            while not kept:
                with store.read() as reader:
                    version = reader.get_day("tiny").version
                try:
                    caller(
                        lambda w, v=version: w.revise("tiny", expected=v, reason="", plan=plan(v))
                    )
                    kept = True
                except Conflict:
                    continue

    together(insist)
    authors = versions_by_author(store)
    assert {name: authors.count(name) for name in authors} == {
        f"d{number}": COMMANDS for number in range(WRITERS)
    }
    assert store.check_log() == ()


def test_one_request_sent_by_several_at_once_is_kept_once(opener: Opener) -> None:
    store = opener(busy_timeout_s=PATIENCE_S)
    Caller(store)(lambda w: w.open_day(tiny_day()))
    receipts = []

    # Every Caller of the same name numbers its requests alike: the first one opened the day.
    def skip_first(number: int) -> None:
        caller = Caller(store)
        caller.request()
        receipts.append(caller(lambda w: w.record("tiny", Noted(text="once"))))

    together(skip_first)
    assert [receipt.repeated for receipt in receipts].count(False) == 1
    assert len({receipt.events for receipt in receipts}) == 1
    with store.read() as reader:
        assert reader.head().sequence == 2
