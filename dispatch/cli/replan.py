"""Plan the rest of a day again: what is past, under way or frozen stays, and a diff says the rest.

Without --store the day is taken to have gone as planned until --at-time. The rest is written as a
day and a plan of its own (day.json, plan.json, travel.npz), which ``servicenet check`` judges like
any other; diff.json and diff.txt say what changes and who must be told. Nothing is put in force.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dispatch.cli.exit_codes import Exit, exit_code_table
from dispatch.cli.live_files import LiveFiles, add_live_arguments, open_live
from dispatch.cli.parser import natural_int, positive_int, positive_seconds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dispatch.live.diff import Change, Diff, Held
    from dispatch.service.replans import Replanned, ReplanRequest

DEFAULT_LIMIT_S = 5.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.epilog = f"exit codes:\n{exit_code_table()}"
    add_live_arguments(parser, store=True)
    parser.add_argument(
        "--mode", choices=("fill_gaps", "keep_technicians", "all"), default="all",
        help="fill_gaps: only open visits are put in; keep_technicians: the order may change; "
        "all: whatever is not frozen",
    )  # fmt: skip
    parser.add_argument(
        "--freeze-minutes", type=natural_int, metavar="N", help="stops set out for within N minutes"
    )
    parser.add_argument(
        "--freeze-next", type=natural_int, default=0, metavar="N", help="next N visits of everybody"
    )
    for name in ("technician", "visit"):
        parser.add_argument(
            f"--freeze-{name}", action="append", default=[], metavar="ID",
            help=f"this {name}; may be repeated",
        )  # fmt: skip
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder to write")
    limit = parser.add_mutually_exclusive_group()
    limit.add_argument("--time-limit", type=positive_seconds, metavar="S", help="search, 5 seconds")
    limit.add_argument("--iterations", type=natural_int, metavar="N", help="of the search instead")
    parser.add_argument("--seed", type=natural_int, default=0, metavar="K", help="of the search")
    parser.add_argument("--threads", type=positive_int, default=1, metavar="N", help="default 1")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Plan again and return the exit code."""
    from dispatch.cli.guard import run_guarded

    return run_guarded(lambda: _replan(arguments), as_json=arguments.json)


def _replan(arguments: argparse.Namespace) -> int:
    from dispatch.cli.guard import print_json
    from dispatch.live.replan import Search
    from solver.stop import MaxIterations, MaxRuntime

    stop = MaxRuntime(arguments.time_limit or DEFAULT_LIMIT_S)
    if arguments.iterations is not None:
        stop = MaxIterations(arguments.iterations)
    search = Search(stop=stop, seed=arguments.seed, threads=arguments.threads)
    with open_live(arguments) as live:
        found = live.desk.replan(live.day, _asked(arguments, live), search)
        text = "\n".join(diff_lines(found.diff, found.view.state.day.zone))
        files = _write(arguments.out, found, text)
        if arguments.json:
            print_json(
                {
                    "ok": True,
                    "exit_code": int(Exit.OK),
                    "day": live.day,
                    "as_of": live.now.isoformat(),
                    "mode": arguments.mode,
                    "as_planned_reports": live.as_planned,
                    "diff": found.diff.model_dump(mode="json"),
                    "files": files,
                }
            )
        else:
            print(text)
            print(f"written: {', '.join(files)} in {arguments.out}")
    return Exit.OK


def _asked(arguments: argparse.Namespace, live: LiveFiles) -> ReplanRequest:
    from datetime import timedelta

    from dispatch.live.freeze import Freeze
    from dispatch.live.replan import ReplanMode
    from dispatch.service.replans import ReplanRequest

    until = None
    if arguments.freeze_minutes is not None:
        until = live.now + timedelta(minutes=arguments.freeze_minutes)
    freeze = Freeze(
        until=until,
        next_visits=arguments.freeze_next,
        technicians=tuple(arguments.freeze_technician),
        visits=tuple(arguments.freeze_visit),
    )
    return ReplanRequest(mode=ReplanMode(arguments.mode), freeze=freeze)


def _write(folder: Path, found: Replanned, text: str) -> list[str]:
    from dispatch.adapters.files import write_day, write_plan, write_travel
    from dispatch.adapters.files.atomic import write_text_atomically
    from dispatch.service import PLAN_FILE, TRAVEL_FILE

    folder.mkdir(parents=True, exist_ok=True)
    write_day(found.proposal.rest.day, folder / "day.json")
    write_plan(found.proposal.plan, folder / PLAN_FILE)
    write_travel(found.view.table, folder / TRAVEL_FILE)
    write_text_atomically(folder / "diff.json", found.diff.model_dump_json(indent=1) + "\n")
    write_text_atomically(folder / "diff.txt", text + "\n")
    return ["day.json", PLAN_FILE, TRAVEL_FILE, "diff.json", "diff.txt"]


def diff_lines(diff: Diff, zone: str) -> Iterator[str]:
    """Yield a diff in words: each change, who is told, promises broken and mended, the price."""
    from zoneinfo import ZoneInfo

    place = ZoneInfo(zone)
    if not diff.changes:
        yield "nothing changes"
    for change in diff.changes:
        yield _words(change, place)
    for name, visits in (("broken", diff.broken), ("mended", diff.mended)):
        if visits:
            yield f"promises {name}: {' '.join(visits)}"
    if diff.served and diff.price["total"] > 0:
        yield f"served whatever it costs: {' '.join(diff.served)}"
    parts = (f"{name} {fen / 100:+.2f}" for name, fen in diff.price.items() if name != "total")
    total = f"{diff.price['total'] / 100:+.2f} yuan"
    yield f"price {total}" + (f" ({', '.join(parts)})" if len(diff.price) > 1 else "")


def _words(change: Change, zone: Any) -> str:  # noqa: ANN401 - ZoneInfo, imported late
    def held(one: Held | None) -> str:
        if one is None:
            return "nobody"
        when = "" if one.arrival is None else f" {one.arrival.astimezone(zone):%H:%M}"
        late = f" ({-(-one.lateness_s // 60)} min late)" if one.lateness_s else ""
        return f"{one.technician}{when}{late}"

    told = f"; tell {', '.join(change.tell)}" if change.tell else ""
    return f"{change.visit} {change.kind}: {held(change.before)} → {held(change.after)}{told}"
