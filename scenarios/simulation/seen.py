"""The day as a search is to see it that is to keep promises."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from dispatch.domain import Day, Priority, Promise, Told, Visit
from dispatch.live.projector import Projector
from dispatch.live.state import LiveState
from dispatch.planning.objective import unassigned_fen
from dispatch.standards import get_profile
from scenarios.simulation.promises import Words

LATE_FACTOR: Final = 4
"""How many times its price lateness weighs in the search, from the first second on.

A promise is lost with its first late second; the table of prices, mild at first and steep later,
would rather have many visits a little late than one very late. With this table, and visits left
out where they cost more than their price, a promise that cannot be kept any more gives way to
those that can.
"""


EARLY_MIN: Final = 5
"""So many minutes before a promise ends an arrival begins to cost what lateness does.

Work and ways last longer than stated about as often as not: who plans to be there in the last
minute is late half of the time. These minutes cost the day's own price, lateness `LATE_FACTOR`
times that.
"""


def promises_first(day: Day, early_min: int = 0) -> dict[str, Any]:
    """Return prices and settings of a day as the search is to see them.

    Parameters
    ----------
    early_min
        By how many minutes the promises it sees end too early: so much lateness costs what the day
        says, and `LATE_FACTOR` times that only what is beyond.
    """
    own = day.prices
    at_once = 1 if early_min else LATE_FACTOR
    late = ("late_emergency_per_min", "late_urgent_per_min", "late_important_per_min",
            "late_general_per_min")  # fmt: skip
    prices = own.model_copy(
        update={
            **{name: getattr(own, name) * at_once for name in late},
            "emergency_arrival_per_min": own.emergency_arrival_per_min * own.late_factor_after_knee,
            "late_knee_s": 60 * early_min,
            "late_factor_after_knee": LATE_FACTOR // at_once,
        }
    )
    settings = day.settings.model_copy(update={"mandatory": "by_price"})
    return {"prices": prices, "settings": settings}


class SeenDay:
    """One simulated day, decision after decision, as the search is to see it.

    What did not change from one decision to the next is the same object again.

    Parameters
    ----------
    day
        The day as it begins; its prices and settings hold all day.

    Attributes
    ----------
    projector
        Of the day as it is seen.
    """

    def __init__(self, day: Day) -> None:
        self._prices, self._update = day.prices, promises_first(day, EARLY_MIN)
        self._tolerance_min = get_profile(day.standards).tolerance_min
        self._seen: dict[str, tuple[Visit, Told | None, Visit]] = {}
        self.projector = Projector()

    def state(self, state: LiveState, words: Words) -> LiveState:
        """Return a state with what customers were told, as the search is to see it.

        Promises end `EARLY_MIN` minutes sooner.
        A mandatory visit is one whose value is the price of leaving it out: the same price, but no
        promise that can be kept is looked at again for the sake of one that cannot.
        """
        told = words.told
        visits = tuple(self._visit(visit, told) for visit in state.day.visits)
        day = state.day.model_copy(update={**self._update, "visits": visits})
        return state.model_copy(update={"day": day})

    def _visit(self, visit: Visit, said: Mapping[str, Told]) -> Visit:
        told = said.get(visit.id, visit.told)
        known = self._seen.get(visit.id)
        if known is None or known[0] is not visit or known[1] is not told:
            known = self._seen[visit.id] = visit, told, self._made(visit, told)
        return known[2]

    def _made(self, visit: Visit, told: Told | None) -> Visit:
        promises = tuple(map(self._early, visit.promises))
        update: dict[str, Any] = {"told": told, "promises": promises}
        if visit.mandatory and visit.priority is not Priority.EMERGENCY:
            update |= {"mandatory": False, "value_fen": unassigned_fen(self._prices, visit)}
        return visit.model_copy(update=update)

    def _early(self, promise: Promise) -> Promise:
        earliest, latest = promise.window(self._tolerance_min)
        end = max(earliest, latest - timedelta(minutes=EARLY_MIN))
        return Promise(id=promise.id, earliest=earliest, latest=end)
