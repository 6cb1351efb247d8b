"""Which region everything of a day belongs to, and what of a day is a caller's.

An outlet has a region, else it is of the day's own. With an outlet go its technicians and the
visits it is responsible for; what has no outlet belongs to the region of the day.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping

from dispatch.adapters.secrets_access import Access
from dispatch.adapters.store import SqlStore
from dispatch.api.rights import Caller, Right, Role, Target, authorize
from dispatch.domain import Day, Visit
from dispatch.errors import StoreError
from dispatch.live.freeze import Freeze
from dispatch.live.store.codes import StoreCode
from dispatch.service.desk import Desk
from dispatch.standards.radius import find_fixed_outlet

Region = str | None
"""None: of no region, so only for callers without limits."""
LIFTED = frozenset({Role.TECHNICIAN})
"""Roles for which not the region of a job decides, but who has it."""


class Regions:
    """The regions of one day.

    Parameters
    ----------
    day
        As it stands.
    own
        The day's own region.

    Attributes
    ----------
    visits, technicians, outlets
        Region of each, by id.
    every
        All that occur.
    """

    def __init__(self, day: Day, own: Region) -> None:
        self.own, self._day = own, day
        self.outlets: Mapping[str, Region] = {one.id: one.region or own for one in day.outlets}
        self._known: dict[tuple[str | None, str | None], Region] = {}
        self.visits: Mapping[str, Region] = {one.id: self.of_visit(one) for one in day.visits}
        self.technicians: Mapping[str, Region] = {
            one.id: self.outlets.get(one.outlet or "", own) for one in day.technicians
        }
        parts = (self.visits, self.technicians, self.outlets)
        found = frozenset(one for part in parts for one in part.values())
        self.every: frozenset[Region] = found or frozenset({own})

    def of_visit(self, visit: Visit) -> Region:
        """Return the region of a visit, also of one that is not in the day yet."""
        key = visit.outlet, visit.district
        if key not in self._known:
            outlet = find_fixed_outlet(self._day.outlets, visit)
            self._known[key] = self.outlets.get(outlet or "", self.own)
        return self._known[key]


class Part:
    """What of a day is a caller's: all of it.

    Attributes
    ----------
    mine
        Regions it is limited to.
    """

    whole = True
    mine: frozenset[str] = frozenset()

    def has_visit(self, _name: str) -> bool:
        """Say whether a visit is the caller's; one that is unknown is nobody's."""
        return True

    def has_technician(self, _name: str | None) -> bool:
        """Say whether a technician is the caller's."""
        return True

    def has_outlet(self, _name: str | None) -> bool:
        """Say whether an outlet is the caller's."""
        return True

    def has_order(self, _visit: str | None) -> bool:
        """Say whether a work order for a visit, or for none yet, is the caller's."""
        return True

    def check_order(self, visit: str | None) -> None:
        """Refuse a work order that is not the caller's; A1006."""

    def check_all(self) -> None:
        """Refuse what is about the whole day.

        Raises
        ------
        Refused
            A1006: the day has parts of other regions.
        """

    def check(
        self,
        *,
        visits: Iterable[str] = (),
        technicians: Iterable[str] = (),
        outlets: Iterable[str] = (),
        new: Iterable[Visit] = (),
    ) -> None:
        """Refuse what touches anything of another region.

        Parameters
        ----------
        new
            Visits the day does not have yet.

        Raises
        ------
        Refused
            A1006.
        """


class OwnPart(Part):
    """What belongs to some regions of a day that has others, too.

    Parameters
    ----------
    caller
        Whose regions.
    day
        Its id.
    regions
        Of the day.
    """

    whole = False

    def __init__(self, caller: Caller, day: str, regions: Regions) -> None:
        self.caller, self.day, self.regions = caller, day, regions
        self.mine = frozenset(caller.regions)

    def has_visit(self, name: str) -> bool:
        """Say whether a visit is of the own regions."""
        return self.regions.visits.get(name) in self.mine

    def has_technician(self, name: str | None) -> bool:
        """Say whether a technician is of the own regions."""
        return self.regions.technicians.get(name or "") in self.mine

    def has_outlet(self, name: str | None) -> bool:
        """Say whether an outlet is of the own regions."""
        return self.regions.outlets.get(name or "") in self.mine

    def check_all(self) -> None:
        """Refuse: there are other regions."""
        self._authorize(self.regions.every)

    def has_order(self, visit: str | None) -> bool:
        """Say whether an order is of the own regions; without a visit it is of the day's own."""
        return self.regions.own in self.mine if visit is None else self.has_visit(visit)

    def check_order(self, visit: str | None) -> None:
        """Refuse a work order of another region."""
        known = self.regions.own if visit is None else self.regions.visits.get(visit)
        self._authorize([known])

    def check(
        self,
        *,
        visits: Iterable[str] = (),
        technicians: Iterable[str] = (),
        outlets: Iterable[str] = (),
        new: Iterable[Visit] = (),
    ) -> None:
        """Refuse what touches anything of another region."""
        mine = self.regions
        touched = {mine.visits.get(name) for name in visits}
        touched |= {mine.technicians.get(name) for name in technicians}
        touched |= {mine.outlets.get(name) for name in outlets}
        self._authorize(touched | {mine.of_visit(visit) for visit in new})

    def _authorize(self, touched: Iterable[Region]) -> None:
        target = Target(self.day, self.regions.every, frozenset(touched))
        authorize(self.caller, Right.SIGNED_IN, target)


WHOLE = Part()


def with_others(freeze: Freeze, day: Day, part: Part) -> Freeze:
    """Return what is to stay as it is, with everything of other regions."""
    if part.whole:
        return freeze
    people = (one.id for one in day.technicians if not part.has_technician(one.id))
    outlets = (one.id for one in day.outlets if not part.has_outlet(one.id))
    visits = (one.id for one in day.visits if not part.has_visit(one.id))
    return freeze.model_copy(
        update={
            "technicians": (*freeze.technicians, *people),
            "outlets": (*freeze.outlets, *outlets),
            "visits": (*freeze.visits, *visits),
        }
    )


class RegionBook:
    """Regions of the days of a store; those of a day are worked out once while it stays as it is.

    Parameters
    ----------
    store, access
        Where days, and their own regions, are kept.
    desk
        Gives the live days.
    """

    def __init__(self, store: SqlStore, access: Access, desk: Callable[[], Desk]) -> None:
        self._store, self._access, self._desk = store, access, desk
        self._kept: dict[str, tuple[Day, Region, Regions]] = {}
        self._lock = threading.Lock()

    def of(self, day: str) -> Regions:
        """Return the regions of a day as it stands.

        Raises
        ------
        StoreError
            S2001: no such day.
        """
        document, own = self._document(day), self._access.find_region(day)
        with self._lock:
            kept = self._kept.get(day)
            if kept is None or kept[0] is not document or kept[1] != own:
                kept = self._kept[day] = document, own, Regions(document, own)
            return kept[2]

    def part(self, caller: Caller, day: str) -> Part:
        """Return what of a day is a caller's.

        Raises
        ------
        StoreError
            S2001: no such day.
        """
        if not caller.regions or caller.role in LIFTED:
            return WHOLE
        regions = self.of(day)
        return WHOLE if caller.holds_in(regions.every) else OwnPart(caller, day, regions)

    def _document(self, day: str) -> Day:
        try:
            return self._desk().view(day).state.day
        except StoreError as error:
            if error.faults[0].code != StoreCode.NO_PLAN.value:
                raise
        with self._store.read() as reader:
            return reader.get_document(day)
