"""Print the JSON schema (draft 2020-12) of a day or a plan."""

from __future__ import annotations

import argparse
import json

from dispatch.cli.exit_codes import Exit


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("what", choices=("day", "plan"), help="which document")


def run(arguments: argparse.Namespace) -> int:
    """Print the schema and return the exit code."""
    from dispatch.domain import Day, DayPlan

    model = Day if arguments.what == "day" else DayPlan
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **model.model_json_schema(mode="validation"),
    }
    print(json.dumps(schema, indent=2, ensure_ascii=False))
    return Exit.OK
