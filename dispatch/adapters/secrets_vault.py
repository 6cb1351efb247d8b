"""Customers' names, phones and addresses: sealed in a table of their own, referred to elsewhere.

Documents and events keep ``vault:<id>`` in their place, so the log, which is never changed, holds
no customer, and what has to be forgotten can be deleted.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, delete, func, insert, select

from dispatch.adapters.secrets import Sealer, new_id
from dispatch.adapters.store.connect import reading
from dispatch.adapters.store.service_tables import customer
from dispatch.adapters.store.sql_store import told
from dispatch.domain import Customer, Day, Place, Shift, Technician, Visit

REF = "vault:"
AT_ONCE = 500
"""Ids asked for in one statement; SQLite has a limit on values."""


@dataclass(frozen=True, slots=True)
class Contact:
    """Who is visited and where."""

    name: str = ""
    phone: str = ""
    address: str = ""

    def masked(self) -> Contact:
        """Return it as those may see it who need not know: 张**, 138****5678, first six signs."""
        return Contact(_mask(self.name, 1, 0), _mask(self.phone, 3, 4), _mask(self.address, 6, 0))


def _mask(text: str, head: int, tail: int) -> str:
    """Keep the ends where as much is hidden as shown, or four signs; else hide all."""
    if len(text) - head - tail < min(head + tail, 4 if tail else head):
        return "*" * min(len(text), 6)
    return text[:head] + "*" * 4 + (text[-tail:] if tail else "")


class Vault:
    """Contacts by id.

    Parameters
    ----------
    engine
        Of the store.
    sealer
        With the key of this store.
    """

    def __init__(self, engine: Engine, sealer: Sealer) -> None:
        self._engine = engine
        self._sealer = sealer

    def seal_day(self, day: Day, at: datetime) -> Day:
        """Return the day with references instead of contacts; they are kept when this returns."""
        draft = _Draft(self._sealer, day.id, at)
        visits = tuple(draft.visit(one) for one in day.visits)
        technicians = tuple(draft.technician(one) for one in day.technicians)
        self._keep(draft.rows)
        return day.model_copy(update={"visits": visits, "technicians": technicians})

    def seal_visit(self, visit: Visit, day: str, at: datetime) -> Visit:
        """Return the visit with references instead of its contact."""
        draft = _Draft(self._sealer, day, at)
        sealed = draft.visit(visit)
        self._keep(draft.rows)
        return sealed

    def seal_place(self, place: Place, day: str, at: datetime) -> Place:
        """Return the place with a reference instead of its address."""
        draft = _Draft(self._sealer, day, at)
        sealed = draft.place(place)
        self._keep(draft.rows)
        return sealed

    def seal_text(self, text: str, day: str, at: datetime) -> str:
        """Return a reference to a text, such as the name below a signature."""
        draft = _Draft(self._sealer, day, at)
        reference = draft.put(Contact(name=text))
        self._keep(draft.rows)
        return reference

    def contacts(self, visits: Iterable[Visit]) -> dict[str, Contact]:
        """Return the contact of every visit that has one, by visit; purged ones are left out."""
        visits = tuple(visits)
        opened = self._open(ref for visit in visits for ref in _refs(visit))
        return {visit.id: _contact(visit, opened) for visit in visits if any(_refs(visit))}

    def open_text(self, text: str) -> str:
        """Return what a reference stands for; other text as it is."""
        found = self._open([text] if text.startswith(REF) else [])
        return found[text].name if text in found else text

    def open_texts(self, texts: Iterable[str]) -> dict[str, str]:
        """Return what each reference among some texts stands for; purged ones are left out."""
        found = self._open(text for text in texts if text.startswith(REF))
        return {ref: contact.name for ref, contact in found.items()}

    def purge(self, before: datetime) -> int:
        """Delete contacts made before a moment; return how many."""
        with told(self._engine), self._engine.begin() as connection:
            return connection.execute(delete(customer).where(customer.c.made_at < before)).rowcount

    def count(self, before: datetime) -> int:
        """Return how many contacts were made before a moment."""
        with told(self._engine), reading(self._engine).begin() as connection:
            query = select(func.count()).where(customer.c.made_at < before)
            return int(connection.execute(query).scalar_one())

    def _keep(self, rows: list[dict[str, object]]) -> None:
        if rows:
            with told(self._engine), self._engine.begin() as connection:
                connection.execute(insert(customer), rows)

    def _open(self, refs: Iterable[str]) -> Mapping[str, Contact]:
        ids = sorted({ref.removeprefix(REF) for ref in refs})
        found: dict[str, Contact] = {}
        with told(self._engine), reading(self._engine).begin() as connection:
            for first in range(0, len(ids), AT_ONCE):
                some = ids[first : first + AT_ONCE]
                query = select(customer.c.id, customer.c.body).where(customer.c.id.in_(some))
                for row in connection.execute(query):
                    plain = self._sealer.open(bytes(row.body), f"customer {row.id}")
                    found[REF + row.id] = Contact(**json.loads(plain))
        return found


class _Draft:
    """Rows to keep, collected while references are put in."""

    def __init__(self, sealer: Sealer, day: str, at: datetime) -> None:
        self._sealer, self._day, self._at = sealer, day, at
        self.rows: list[dict[str, object]] = []

    def put(self, contact: Contact) -> str:
        name = new_id()
        fields = {"name": contact.name, "phone": contact.phone, "address": contact.address}
        plain = json.dumps(fields, ensure_ascii=False).encode()
        body = self._sealer.seal(plain, f"customer {name}")
        self.rows.append({"id": name, "day": self._day, "body": body, "made_at": self._at})
        return REF + name

    def place(self, place: Place) -> Place:
        # A text that looks like a reference is sealed too: it could name somebody else's.
        if not place.address:
            return place
        return place.model_copy(update={"address": self.put(Contact(address=place.address))})

    def visit(self, visit: Visit) -> Visit:
        person = visit.customer or Customer()
        address = visit.place.address or ""
        if not (person.name or person.phone or address):
            return visit
        ref = self.put(Contact(person.name, person.phone, address))
        place = visit.place.model_copy(update={"address": ref}) if address else visit.place
        known = Customer(name=ref) if person.name or person.phone else visit.customer
        return visit.model_copy(update={"customer": known, "place": place})

    def technician(self, technician: Technician) -> Technician:
        ends = {"start": technician.start, "end": technician.end}
        sealed = {name: self.place(place) for name, place in ends.items() if place is not None}
        shifts = tuple(map(self.shift, technician.shifts))
        return technician.model_copy(update={**sealed, "shifts": shifts})

    def shift(self, shift: Shift) -> Shift:
        if shift.out_at is None:
            return shift
        return shift.model_copy(update={"out_at": self.place(shift.out_at)})


def _refs(visit: Visit) -> Iterator[str]:
    for text in (visit.customer.name if visit.customer else "", visit.place.address or ""):
        if text.startswith(REF):
            yield text


def _contact(visit: Visit, opened: Mapping[str, Contact]) -> Contact:
    person = opened.get(visit.customer.name) if visit.customer else None
    # A corrected address has a reference of its own, newer than the customer's.
    place = opened.get(visit.place.address or "")
    return Contact(
        person.name if person else "",
        person.phone if person else "",
        place.address if place else "",
    )
