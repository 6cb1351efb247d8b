"""Running ``servicenet solve`` in this process."""

from __future__ import annotations

import argparse

from scenarios import solve


def run_solve(*words: object) -> int:
    """Run the command behind a parser of its own and return its exit code."""
    parser = argparse.ArgumentParser()
    solve.add_arguments(parser)
    return solve.run(parser.parse_args([str(word) for word in words]))
