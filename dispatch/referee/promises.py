"""What a visit is owed: the promises a plan may choose from, and lateness against them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from dispatch.domain import Priority, Visit
from dispatch.referee.facts import Facts

ARRIVAL = "arrival"
"""Name of what an emergency without promises is owed."""

EMERGENCY_ARRIVAL_S = 15 * 60
"""CARD-E15: arrival within 15 minutes of ``received_at``."""


@dataclass(frozen=True, slots=True)
class Owed:
    """One promise a plan may choose, seconds since the horizon start.

    Attributes
    ----------
    name
        As the plan writes it; None for a visit that is owed nothing.
    earliest
        Arrival is never before it.
    latest
        Lateness counts from here; None = never late.
    limit
        Arrival after it is impossible (horizon end or the pinned moment).
    as_emergency
        Lateness is priced as emergency arrival.
    """

    name: str | None
    earliest: int
    latest: int | None
    limit: int
    as_emergency: bool = False

    def lateness_s(self, arrival: int) -> int:
        """Return seconds after the end of the promise."""
        return 0 if self.latest is None else max(0, arrival - self.latest)

    def rank(self, arrival: int) -> tuple[int, bool]:
        """Return how ill an arrival fits: seconds of lateness, then whether it lies outside."""
        return self.lateness_s(arrival), not self.earliest <= arrival <= self.limit


@dataclass(frozen=True, slots=True)
class Window:
    """A promise with its name and its bounds in seconds."""

    name: str
    earliest: int
    latest: int


def received_s(facts: Facts, visit: Visit) -> int:
    """Return when the request came in; the horizon start where the visit does not say."""
    return 0 if visit.received_at is None else facts.ceil_second(visit.received_at)


def is_emergency(visit: Visit) -> bool:
    """Return whether the visit is an emergency."""
    return visit.priority is Priority.EMERGENCY


def named_windows(facts: Facts, visit: Visit) -> tuple[Window, ...]:
    """Return the promises by earliest, latest; named by id, else by position from 1."""
    spans = [(*promise.window(), promise.id) for promise in visit.promises]
    seconds = [
        (facts.ceil_second(earliest), facts.floor_second(latest), name)
        for earliest, latest, name in spans
    ]
    seconds.sort(key=lambda span: (span[0], span[1], span[2] or ""))
    return tuple(
        Window(str(position) if name is None else name, earliest, latest)
        for position, (earliest, latest, name) in enumerate(seconds, start=1)
    )


def touches_days(facts: Facts, visit: Visit, window: Window) -> bool:
    """Return whether a promise touches the days the visit may fall on."""
    if not visit.days:
        return True
    spans = [span for span in map(facts.span_of, visit.days) if span[0] <= span[1]]
    if len(facts.dates) == 1:
        return bool(spans)
    return any(window.earliest <= end and window.latest >= begin for begin, end in spans)


def owed(facts: Facts, visit: Visit, *, any_day: bool = False) -> tuple[Owed, ...]:
    """Return everything a plan may choose for the visit.

    Under a pinned arrival only the promises of least lateness are left. Empty if no promise
    touches the days of the visit; never with ``any_day``, which takes no notice of them.
    """
    if any_day and visit.days:
        return _owed(facts, visit.model_copy(update={"days": ()}))
    if facts.visits.get(visit.id) is not visit:
        return _owed(facts, visit)
    # Every rule asks about every visit.
    if visit.id not in facts.owed:
        facts.owed[visit.id] = _owed(facts, visit)
    return facts.owed[visit.id]


def _owed(facts: Facts, visit: Visit) -> tuple[Owed, ...]:
    if visit.pin is not None and visit.pin.arrival is not None:
        return _pinned(facts, visit, facts.floor_second(visit.pin.arrival))
    return tuple(_as_told(facts, visit, choice) for choice in _promised(facts, visit))


def _promised(facts: Facts, visit: Visit) -> tuple[Owed, ...]:
    not_before = received_s(facts, visit) if is_emergency(visit) else 0
    end = facts.horizon_end
    if visit.promises:
        return tuple(
            Owed(window.name, max(window.earliest, not_before), window.latest, end)
            for window in named_windows(facts, visit)
            if touches_days(facts, visit, window)
        )
    if is_emergency(visit):
        return (
            Owed(ARRIVAL, not_before, not_before + EMERGENCY_ARRIVAL_S, end, as_emergency=True),
        )
    if visit.days:
        spans = [facts.span_of(day) for day in sorted(set(visit.days))]
        return tuple(Owed(None, first, None, last) for first, last in spans if first <= last)
    return (Owed(None, 0, None, end),)


def _as_told(facts: Facts, visit: Visit, choice: Owed) -> Owed:
    """Return the choice, not to be kept much earlier than the customer was told."""
    if visit.told is None:
        return choice
    opens = facts.floor_second(visit.told.arrival) - facts.day.settings.disturbed_free_s
    closes = choice.limit if choice.latest is None else min(choice.latest, choice.limit)
    return replace(choice, earliest=max(choice.earliest, min(opens, closes)))


def later_than_told_s(facts: Facts, visit: Visit, arrival: int) -> int:
    """Return the seconds after what the customer was told, the free ones taken off."""
    if visit.told is None:
        return 0
    told = facts.floor_second(visit.told.arrival) + facts.day.settings.disturbed_free_s
    return max(0, arrival - told)


def _pinned(facts: Facts, visit: Visit, pinned: int) -> tuple[Owed, ...]:
    if not visit.promises:
        if not is_emergency(visit):
            return (Owed(None, pinned, None, pinned),)
        latest = received_s(facts, visit) + EMERGENCY_ARRIVAL_S
        return (Owed(ARRIVAL, pinned, latest, pinned, as_emergency=True),)
    windows = [w for w in named_windows(facts, visit) if touches_days(facts, visit, w)]
    if not windows:
        return ()
    opened = [window for window in windows if window.earliest <= pinned]
    if not opened:
        return (Owed(windows[0].name, pinned, None, pinned),)
    least = min(max(0, pinned - window.latest) for window in opened)
    return tuple(
        Owed(window.name, pinned, window.latest, pinned)
        for window in opened
        if max(0, pinned - window.latest) == least
    )


def find_owed(facts: Facts, visit: Visit, name: str | None, arrival: int) -> Owed | None:
    """Return the choice a plan names; of equal names the one least late, None if unknown."""
    named = [choice for choice in owed(facts, visit) if choice.name == name]
    return min(named, key=lambda choice: choice.rank(arrival), default=None)


def chosen(facts: Facts, visit: Visit, name: str | None, arrival: int) -> Owed:
    """Return the choice a plan names, or the kindest one where the name is unknown."""
    found = find_owed(facts, visit, name, arrival)
    if found is not None:
        return found
    every = owed(facts, visit, any_day=True)
    named = [choice for choice in every if choice.name == name] or every
    return min(named, key=lambda choice: choice.rank(arrival))
