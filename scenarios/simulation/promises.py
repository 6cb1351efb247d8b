"""What customers were told, and how often they were told something else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dispatch.domain import Day, Told
from dispatch.planning.clock import Clock


@dataclass
class Word:
    """What one customer was told.

    Attributes
    ----------
    arranged
        Second from which somebody had the visit; None = nobody ever.
    first, technician, arrival
        The first arrival announced; who and when by the last word. None before the first word.
    eta_moves, technician_changes
        How often the arrival moved by more than the free span, and another technician came.
    price
        Fen, by the day's prices for disturbance.
    """

    arranged: int | None
    first: int | None = None
    technician: str | None = None
    arrival: int | None = None
    order: int = 0
    eta_moves: int = 0
    technician_changes: int = 0
    price: int = 0


class Words:
    """Keeps what customers were told; whoever is told something else is told at once.

    Parameters
    ----------
    day
        Prices, and how far an arrival may move before the customer has to be told.
    ahead_s
        A customer is told who comes and when so long before.
    """

    def __init__(self, day: Day, ahead_s: int) -> None:
        self._prices, self._free, self._ahead = day.prices, day.settings.disturbed_free_s, ahead_s
        self._moment = Clock(day).moment
        self.of: dict[str, Word] = {}
        self.told: dict[str, Told] = {}
        """What customers were told last, by visit."""

    def tell(self, second: int, etas: Iterable[tuple[str, str, int]]) -> None:
        """Take note of (visit, technician, arrival) in the order of one technician's route."""
        for order, (visit, technician, arrival) in enumerate(etas):
            word = self.of.setdefault(visit, Word(second))
            word.order = order
            if word.technician is not None or arrival - second <= self._ahead:
                self._say(word, technician, arrival)
                self._note(visit, word)

    def _note(self, visit: str, word: Word) -> None:
        """Write a word down as the day has it, anew only where it is another one."""
        if word.technician is None or word.arrival is None:
            return
        told, arrival = self.told.get(visit), self._moment(word.arrival)
        now = (word.technician, arrival, word.order)
        if told is None or (told.technician, told.arrival, told.order) != now:
            self.told[visit] = Told(technician=now[0], arrival=arrival, order=now[2])

    def arrange(self, second: int, visits: Iterable[str]) -> None:
        """Take note of visits that contracted outlets have; they tell their customers."""
        for visit in visits:
            self.of.setdefault(visit, Word(second))

    def come(self, visit: str, technician: str, arrival: int) -> None:
        """Take note of who really came, and when."""
        self._say(self.of.setdefault(visit, Word(arrival)), technician, arrival)

    def _say(self, word: Word, technician: str, arrival: int) -> None:
        if word.technician is None or word.arrival is None:
            word.first, word.technician, word.arrival = arrival, technician, arrival
            return
        over = abs(arrival - word.arrival) - self._free
        if technician != word.technician:
            word.technician_changes += 1
            word.price += self._prices.disturbed_technician
        if over > 0:
            word.eta_moves += 1
            word.price += round(over * self._prices.disturbed_eta_per_min / 60)
        if technician != word.technician or over > 0:
            word.technician, word.arrival = technician, arrival
