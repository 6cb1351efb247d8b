"""The travel table a plan is judged by: beside the plan, else from a map, else estimated."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dispatch.domain import Day
    from dispatch.domain.travel_table import TravelTable


def find_plan_table(
    day: Day, plan: Path, roads: Path | None, *, by_hand: bool
) -> tuple[TravelTable, str]:
    """Return the travel table and a line on where it came from.

    Parameters
    ----------
    day
        The day of the plan.
    plan
        ``plan.json`` or a hand-made order; ``travel.npz`` beside it is taken where there is one.
    roads
        Map to make a table from where there is none.
    by_hand
        Whether ``plan`` is an order, which may be judged with estimated travel.

    Raises
    ------
    InvalidRequest
        If the table cannot be read, or lacks the hours the day asks for.
    """
    from dispatch.adapters.files import read_travel
    from dispatch.cli.roads import make_travel
    from dispatch.errors import InvalidRequest
    from dispatch.planning.rush_hours import check_hours
    from dispatch.planning.travel import travel_table
    from dispatch.service import TRAVEL_FILE

    beside = plan.parent / TRAVEL_FILE
    if beside.exists() or (roads is None and not by_hand):
        found = read_travel(beside)
        faults = check_hours(day, found)
        if faults:
            raise InvalidRequest(faults)
        return found, f"{beside}"
    table = travel_table(day, make_travel(roads, None)).table
    return table, str(roads) if roads is not None else table.description
