"""Argument parsing: usage errors have an exit code of their own."""

from __future__ import annotations

import argparse
import math
import sys
from typing import NoReturn

from dispatch.cli.exit_codes import Exit


class Parser(argparse.ArgumentParser):
    """An argument parser that leaves exit code 2 to broken input."""

    def error(self, message: str) -> NoReturn:
        """Print usage and message, then exit with ``Exit.USAGE``."""
        self.print_usage(sys.stderr)
        self.exit(Exit.USAGE, f"{self.prog}: {message}\n")


def positive_seconds(text: str) -> float:
    """Read a number of seconds, finite and > 0."""
    try:
        value = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds") from None
    if not math.isfinite(value) or value <= 0:
        raise argparse.ArgumentTypeError(f"{text!r}; expected more than 0 seconds")
    return value


def positive_int(text: str) -> int:
    """Read a whole number, at least 1."""
    return _whole(text, 1)


def natural_int(text: str) -> int:
    """Read a whole number, at least 0."""
    return _whole(text, 0)


def _whole(text: str, least: int) -> int:
    try:
        value = int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number") from None
    if not least <= value < 2**31:
        raise argparse.ArgumentTypeError(f"{text!r}; expected {least} to {2**31 - 1}")
    return value
