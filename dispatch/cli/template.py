"""Write a workbook to fill in.

It has every sheet of a day with headings in English and Chinese, a small example that can be
planned as it is, and a dictionary of all columns.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from dispatch.cli.exit_codes import Exit


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("file", type=_workbook, metavar="FILE", help="such as day.xlsx")
    parser.add_argument("--force", action="store_true", help="replace a file that is there")


def run(arguments: argparse.Namespace) -> int:
    """Write the template and return the exit code."""
    from dispatch.cli.guard import run_guarded

    return run_guarded(lambda: _write(arguments), as_json=False)


def _workbook(word: str) -> Path:
    path = Path(word)
    if path.suffix.lower() != ".xlsx":
        raise argparse.ArgumentTypeError(f"{word}: the name of a workbook ends in .xlsx")
    return path


def _write(arguments: argparse.Namespace) -> int:
    from dispatch.adapters.files.xlsx_template import write_template

    if arguments.file.exists() and not arguments.force:
        raise FileExistsError(f"{arguments.file} is there already; --force replaces it")
    write_template(arguments.file)
    print(f"{arguments.file}: fill it in, then: servicenet plan {arguments.file} --out out")
    return Exit.OK
