"""Ways to serve a visit that came in: who, when, whom it disturbs, what it costs.

Without --store the day is taken to have gone as planned until --at-time. With --store it stands as
it was reported there, and --choose N puts way N in force: whole, or not at all where somebody
decided on one of its technicians meanwhile.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dispatch.cli.exit_codes import Exit, exit_code_table
from dispatch.cli.live_files import LiveFiles, add_live_arguments, open_live
from dispatch.cli.parser import natural_int, positive_int, positive_seconds

if TYPE_CHECKING:
    from datetime import datetime

    from dispatch.domain import Visit
    from dispatch.service.emergency import EmergencyOptions

OPTIONS_FILE = "emergency.json"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.epilog = f"exit codes:\n{exit_code_table()}"
    add_live_arguments(parser, store=True)
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--visit", type=Path, metavar="FILE", help="JSON of the visit, as in a day")
    which.add_argument("--at", type=_place, metavar="LON,LAT", help="where an emergency is")
    parser.add_argument("--id", default="E1", metavar="ID", help="with --at: its id, default E1")
    parser.add_argument(
        "--skill", action="append", default=[], type=_skill, metavar="NAME[:LEVEL]",
        help="with --at: what it needs; may be repeated",
    )  # fmt: skip
    parser.add_argument(
        "--service-min", type=positive_int, default=60, metavar="MIN", help="with --at: work, 60"
    )
    parser.add_argument(
        "--mode", choices=("soonest", "after_current"), default="soonest",
        help="soonest: who is on the way may be sent; after_current: goes there first",
    )  # fmt: skip
    parser.add_argument("--top", type=positive_int, default=5, metavar="N", help="ways, 5")
    parser.add_argument(
        "--improve", type=positive_seconds, metavar="S", help="search S seconds for a better way"
    )
    parser.add_argument(
        "--choose", type=natural_int, metavar="N", help="with --store: put way N in force"
    )
    parser.add_argument("--out", type=Path, metavar="DIR", help=f"write {OPTIONS_FILE} there")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Find the ways and return the exit code."""
    from dispatch.cli.guard import run_guarded

    if arguments.choose is not None and arguments.store is None:
        words = "--choose needs --store URL: there is nothing to decide in files"
        print(f"servicenet emergency: {words}", file=sys.stderr)
        return Exit.USAGE
    return run_guarded(lambda: _find(arguments), as_json=arguments.json)


def _place(text: str) -> tuple[float, float]:
    try:
        lon, lat = (float(part) for part in text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r}; expected LON,LAT in degrees") from None
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise argparse.ArgumentTypeError(f"{text!r}; expected -180 to 180 and -90 to 90 degrees")
    return lon, lat


def _skill(text: str) -> tuple[str, int]:
    name, _, level = text.partition(":")
    if not name.strip() or (level and not level.isdecimal()):
        raise argparse.ArgumentTypeError(f"{text!r}; expected NAME or NAME:LEVEL")
    return name.strip(), int(level or 1)


def _find(arguments: argparse.Namespace) -> int:
    from dispatch.cli.emergency_text import print_options
    from dispatch.cli.guard import print_json
    from solver.stop import MaxRuntime

    with open_live(arguments) as live:
        visit = _visit(arguments, live.now)
        found = live.desk.emergency(live.day, visit, arguments.mode, arguments.top)
        if arguments.improve is not None:
            stop = MaxRuntime(arguments.improve)
            found = live.desk.improve(live.day, found, stop=stop, top=arguments.top)
        chosen: int | None = None
        if arguments.choose is not None:
            name = f"choose-{visit.id}-{found.sequence}-{arguments.choose}"
            live.desk.choose(live.day, found, arguments.choose, live.request(name))
            chosen = arguments.choose
        code = Exit.OK if found.options else Exit.EMERGENCY
        told = {"ok": code is Exit.OK, "exit_code": int(code), **as_json(live, found, chosen)}
        if arguments.out is not None:
            _write(arguments.out, told)
        if arguments.json:
            print_json(told)
        else:
            print_options(live, found, chosen)
    return code


def _visit(arguments: argparse.Namespace, now: datetime) -> Visit:
    from dispatch.adapters.files.asked_file import read_visit
    from dispatch.domain import Place, Priority, SkillNeed, Visit

    if arguments.visit is not None:
        return read_visit(arguments.visit)
    lon, lat = arguments.at
    return Visit(
        id=arguments.id,
        place=Place(lon=lon, lat=lat),
        priority=Priority.EMERGENCY,
        received_at=now,
        service_s=60 * arguments.service_min,
        skills=tuple(SkillNeed(skill=name, level=level) for name, level in arguments.skill),
    )


def as_json(live: LiveFiles, found: EmergencyOptions, chosen: int | None) -> dict[str, Any]:
    """Return the ways as plain data; prices in fen, components that are zero left out."""
    from dispatch.service.ranking import broken_by

    options = []
    for one in found.options:
        plain = one.model_dump(mode="json", exclude={"routes", "contracted", "told"})
        price = {name: fen for name, fen in plain["price"].items() if fen or name == "total"}
        broken = broken_by(one, found.visit.id)
        options.append({**plain, "price": price, "broken": broken})
    return {
        "day": found.day,
        "sequence": found.sequence,
        "as_of": found.as_of.isoformat(),
        "as_planned_reports": live.as_planned,
        "new_places_estimated": live.mixed,
        "mode": found.mode,
        "visit": found.visit.id,
        "clocks": [clock.model_dump(mode="json") for clock in found.clocks],
        "options": options,
        "chosen": chosen,
    }


def _write(folder: Path, told: dict[str, Any]) -> None:
    import json

    from dispatch.adapters.files.atomic import write_text_atomically

    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(told, ensure_ascii=False, allow_nan=False, indent=1)
    write_text_atomically(folder / OPTIONS_FILE, text + "\n")
