"""The process of one search: a day on standard input, plans as JSON lines on standard output.

The first line says what to do. ``stop`` on a later line ends the search with the best plan so far.
When the input ends the parent is gone: this process ends at once, so no search outlives its worker.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dispatch.api.child import stand_back
from dispatch.domain import Day, DayPlan
from dispatch.errors import InvalidRequest
from dispatch.planning.daily import Progress
from dispatch.planning.slices import Search, plan_in_slices

NICE = 19
"""The service answers first; a search takes what is left of the processors."""


def main() -> int:
    """Search until the limits, a stop or the end of the input."""
    stand_back(NICE)
    ask = json.loads(sys.stdin.readline())
    stop = threading.Event()
    threading.Thread(target=_listen, args=(stop,), daemon=True).start()

    def on_progress(state: Progress) -> bool:
        figures = {"iteration": state.iteration, "runtime_s": round(state.runtime_s, 1),
                   "unassigned": state.unassigned}  # fmt: skip
        _tell({"progress": figures})
        return not stop.is_set()

    try:
        plan = plan_in_slices(
            Day.model_validate(ask["day"]),
            _travel(ask),
            Search(**ask["search"]),
            on_plan=lambda found: _tell_plan(found, complete=False),
            on_progress=on_progress,
        )
    except InvalidRequest as error:
        _tell({"faults": [fault.as_dict() for fault in error.faults[:100]]})
        return 0
    _tell_plan(plan, complete=True)
    return 0


def _travel(ask: Mapping[str, Any]) -> Any:  # noqa: ANN401 - a provider of geo
    from dispatch.api.roads import make_travel

    return make_travel(Path(ask["roads"]) if ask["roads"] else None)


def _listen(stop: threading.Event) -> None:
    for line in sys.stdin:
        if line.strip() == "stop":
            stop.set()
    os._exit(1)


def _tell(message: Mapping[str, object]) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def _tell_plan(plan: DayPlan, *, complete: bool) -> None:
    _tell({"plan": plan.model_dump(mode="json"), "complete": complete})


if __name__ == "__main__":
    sys.exit(main())
