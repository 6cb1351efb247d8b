"""The bench of the service, small: everybody is answered, every stream hears everything."""

from __future__ import annotations

import argparse

from scenarios.bench import service


def test_a_small_load_is_answered_and_heard() -> None:
    parser = argparse.ArgumentParser()
    service.add_arguments(parser)
    words = "--sessions 3 --rate 6 --listeners 4 --seconds 3 --days 1 --technicians 3 --visits 3"
    report = service.bench(parser.parse_args([*words.split(), "--threads", "1"]))
    total = report.rows[-1]
    assert (total["request"], total["sent"]) == ("all", 18)
    assert report.summary["server errors"] == 0
    heard = str(report.summary["events each stream of a day got"])
    assert heard.isdecimal(), heard  # one number: all streams got the same
    assert int(heard) > 0


def test_a_percentile_is_a_value_that_share_does_not_exceed() -> None:
    values = [float(number) for number in range(1, 201)]
    # 99 % of 200 are 198 values.
    assert service.percentile(values, 99) == 198
    assert service.percentile(values, 50) == 100
    assert service.percentile([7.0], 99) == 7
