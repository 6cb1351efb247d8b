"""``servicenet convert``: other people's files become a day."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path
from zoneinfo import available_timezones

from dispatch.adapters.files import write_day
from dispatch.cli.exit_codes import Exit
from dispatch.cli.parser import positive_int
from scenarios.call_day import build_call_day
from scenarios.calls import read_calls
from scenarios.console import run_guarded
from scenarios.convert_solomon import CENTER, UNIT_S, read_solomon_day
from scenarios.convert_vroom import read_vroom_day


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what ``servicenet convert`` takes."""
    kinds = parser.add_subparsers(dest="kind", required=True, metavar="KIND")
    calls = kinds.add_parser("calls", help="a real day of pick-up calls (CSV as in LaDe-P)")
    calls.add_argument("file", type=Path, help="CSV of one city and one day")
    calls.add_argument("--out", type=Path, required=True, help="day.json to write")
    calls.add_argument(
        "--technicians", type=positive_int, default=40, metavar="K", help="couriers to keep"
    )
    calls.add_argument(
        "--group",
        type=_group,
        default=1,
        help="region group, 1 = most calls (default); all = the whole city",
    )
    calls.add_argument("--lunch", action="store_true", help="a lunch break in every shift")
    vroom = kinds.add_parser("vroom", help="an input of VROOM (JSON with vehicles and jobs)")
    vroom.add_argument("file", type=Path, help="JSON; places as [longitude, latitude]")
    vroom.add_argument("--out", type=Path, required=True, help="day.json, day.xlsx or a folder")
    vroom.add_argument(
        "--date",
        type=date.fromisoformat,
        default=date(2026, 3, 2),
        metavar="YYYY-MM-DD",
        help="of times relative to midnight (default 2026-03-02); timestamps bring their own",
    )
    vroom.add_argument("--zone", type=_zone, default="Asia/Shanghai", help="IANA time zone")
    _add_solomon(kinds.add_parser("solomon", help="an instance of Solomon (routing with windows)"))


def _add_solomon(solomon: argparse.ArgumentParser) -> None:
    solomon.add_argument("file", type=Path, help="such as C101.txt; Gehring-Homberger's, too")
    solomon.add_argument("--out", type=Path, required=True, help="day.json, day.xlsx or a folder")
    solomon.add_argument(
        "--center",
        nargs=2,
        type=float,
        default=CENTER,
        metavar=("LON", "LAT"),
        help="where the depot is laid (default {} {})".format(*CENTER),
    )
    solomon.add_argument(
        "--unit-s",
        type=positive_int,
        default=UNIT_S,
        metavar="S",
        help=f"seconds per unit of time and distance (default {UNIT_S})",
    )
    solomon.add_argument(
        "--date",
        type=date.fromisoformat,
        default=date(2026, 3, 2),
        metavar="YYYY-MM-DD",
        help="unit 0 is its midnight (default 2026-03-02)",
    )
    solomon.add_argument("--zone", type=_zone, default="Asia/Shanghai", help="IANA time zone")


def run(arguments: argparse.Namespace) -> int:
    """Run ``servicenet convert``; exit code 2 for broken input."""
    convert = {"calls": _convert_calls, "vroom": _convert_vroom, "solomon": _convert_solomon}
    return run_guarded(lambda: convert[arguments.kind](arguments))


def _group(word: str) -> int | None:
    return None if word == "all" else positive_int(word)


def _zone(word: str) -> str:
    if word not in available_timezones():
        raise argparse.ArgumentTypeError(f"{word}: not an IANA time zone such as Asia/Shanghai")
    return word


def _convert_vroom(arguments: argparse.Namespace) -> int:
    day = read_vroom_day(arguments.file, on=arguments.date, zone=arguments.zone)
    write_day(day, arguments.out)
    print(f"{day.id}: {len(day.visits)} visits, {len(day.technicians)} technicians")
    return Exit.OK


def _convert_solomon(arguments: argparse.Namespace) -> int:
    day = read_solomon_day(
        arguments.file,
        on=arguments.date,
        zone=arguments.zone,
        center=tuple(arguments.center),
        unit_s=arguments.unit_s,
    )
    write_day(day, arguments.out)
    print(f"{day.id}: {len(day.visits)} visits, {len(day.technicians)} technicians")
    return Exit.OK


def _convert_calls(arguments: argparse.Namespace) -> int:
    day = build_call_day(
        read_calls(arguments.file),
        technicians=arguments.technicians,
        group=arguments.group,
        lunch=arguments.lunch,
    )
    write_day(day, arguments.out)
    if len(day.technicians) < arguments.technicians:
        print(f"The group has only {len(day.technicians)} couriers; all are kept.", file=sys.stderr)
    print(f"{day.id}: {len(day.visits)} visits, {len(day.technicians)} technicians")
    return Exit.OK
