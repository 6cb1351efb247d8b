"""Types of command-line arguments, with messages that say what is allowed."""

from __future__ import annotations

import argparse
import math


def positive_seconds(word: str) -> float:
    """Return seconds > 0, finite."""
    value = _number(word)
    if not math.isfinite(value) or value <= 0:
        raise argparse.ArgumentTypeError(f"{word!r}: expected seconds > 0")
    return value


def positive_int(word: str) -> int:
    """Return a whole number >= 1."""
    value = whole_int(word)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{word!r}: expected a whole number >= 1")
    return value


def whole_int(word: str) -> int:
    """Return a whole number >= 0 below 2^31."""
    value = _number(word)
    if not math.isfinite(value) or value != int(value) or not 0 <= value < 2**31:
        raise argparse.ArgumentTypeError(f"{word!r}: expected a whole number from 0 to 2^31 - 1")
    return int(value)


def _number(word: str) -> float:
    try:
        return float(word)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{word!r}: expected a number") from None
