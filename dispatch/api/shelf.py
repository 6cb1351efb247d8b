"""What was offered and not decided yet: kept in memory for a while, by an id nobody guesses."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from dispatch.adapters.secrets import new_id
from dispatch.api.faults import ApiCode, Refused

Offer = TypeVar("Offer")
LIFE = timedelta(hours=1)
MOST = 500


@dataclass(frozen=True, slots=True)
class _Kept(Generic[Offer]):
    day: str
    offer: Offer
    until: datetime


class Shelf(Generic[Offer]):
    """Offers of one kind. A restart forgets them; deciding on one that is gone is refused."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, _Kept[Offer]] = OrderedDict()
        self._lock = threading.Lock()

    def put(self, day: str, offer: Offer, now: datetime) -> str:
        """Keep an offer; return its id."""
        name = new_id()
        self.replace(name, day, offer, now)
        return name

    def replace(self, name: str, day: str, offer: Offer, now: datetime) -> None:
        """Keep an offer under an id; the oldest ones go."""
        with self._lock:
            self._kept[name] = _Kept(day, offer, now + LIFE)
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)

    def get(self, day: str, name: str, now: datetime) -> Offer:
        """Return an offer of a day.

        Raises
        ------
        Refused
            A1015: there is none, or none any more.
        """
        found = self.find(day, name, now)
        if found is None:
            hint = "Ask again; offers are kept for an hour."
            raise Refused(ApiCode.GONE, "offer", "no such offer", "an offer of this day", hint)
        return found

    def find(self, day: str, name: str, now: datetime) -> Offer | None:
        """Return an offer of a day; None where there is none, or none any more."""
        with self._lock:
            found = self._kept.get(name)
        return found.offer if found and found.day == day and found.until >= now else None

    def drop(self, name: str) -> None:
        """Forget an offer."""
        with self._lock:
            self._kept.pop(name, None)
