"""Long benches tell what they have done and keep it when they are stopped."""

from __future__ import annotations

import signal

import pytest

from scenarios.bench.progress import run_all


def test_every_run_is_told_on_the_error_stream(capsys: pytest.CaptureFixture[str]) -> None:
    runs = [lambda: 1, lambda: 2]
    assert run_all(runs, lambda run: f"run {run}") == ([1, 2], False)
    assert capsys.readouterr().err == "run 1\nrun 2\n"


def test_a_first_interrupt_ends_the_bench_after_the_run_under_way() -> None:
    def interrupted() -> int:
        signal.raise_signal(signal.SIGINT)
        return 1

    assert run_all([interrupted, lambda: 2], str) == ([1], True)


def test_a_second_interrupt_drops_everything() -> None:
    def impatient() -> int:
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)
        return 1

    with pytest.raises(KeyboardInterrupt):
        run_all([impatient], str)


def test_an_interrupt_during_the_last_run_leaves_nothing_out() -> None:
    def interrupted() -> int:
        signal.raise_signal(signal.SIGINT)
        return 1

    assert run_all([interrupted], str) == ([1], False)
