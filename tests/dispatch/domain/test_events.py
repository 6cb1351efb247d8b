"""Facts, kinds and events."""

from __future__ import annotations

import importlib
import pkgutil
from datetime import datetime, timedelta, timezone
from typing import Literal

import pytest
from pydantic import ValidationError

import dispatch
from dispatch.domain.event import STORE_KINDS, Event, EventKinds, Fact, Undone, UnknownKind
from dispatch.live.kinds import KINDS


class Rung(Fact):
    kind: Literal["rung"] = "rung"
    times: int


class RungToo(Fact):
    kind: Literal["rung"] = "rung"


class Nameless(Fact):
    pass


def test_a_fact_is_read_as_it_was_written() -> None:
    kinds = STORE_KINDS | EventKinds.of(Rung)
    assert kinds.read("rung", '{"times": 2}') == Rung(times=2)
    assert Rung(times=2).payload() == {"times": 2}


def test_a_payload_has_exactly_the_fields_of_its_kind() -> None:
    kinds = EventKinds.of(Rung)
    for text in ("{}", '{"times": 1, "more": 1}', "[]", "nothing", '{"times": 1, "kind": "x"}'):
        with pytest.raises(ValidationError):
            kinds.read("rung", text)
    with pytest.raises(UnknownKind):
        kinds.read("sung", "{}")


def test_a_name_means_one_class() -> None:
    assert list(EventKinds.of(Rung) | EventKinds.of(Rung)) == [Rung]
    with pytest.raises(ValueError, match="kind 'rung' of RungToo is Rung's"):
        EventKinds.of(Rung, RungToo)
    with pytest.raises(ValueError, match="Nameless"):
        EventKinds.of(Nameless)


def test_an_event_is_in_utc_and_keeps_the_fields_of_its_fact() -> None:
    noon = datetime(2026, 3, 2, 12, tzinfo=timezone(timedelta(hours=8)))
    event = Event(sequence=1, at=noon, by="李", day="D", request_id="r", what=Rung(times=3))
    assert event.at.isoformat() == "2026-03-02T04:00:00+00:00"
    assert event.model_dump()["what"] == {"kind": "rung", "times": 3}
    with pytest.raises(ValidationError):
        Event(**{**dict(event), "at": datetime(2026, 3, 2)})  # noqa: DTZ001 - refused for it


def subclasses(of: type[Fact]) -> set[type[Fact]]:
    return {one for kind in of.__subclasses__() for one in (kind, *subclasses(kind))}


def test_every_kind_of_the_program_is_on_its_list() -> None:
    for module in pkgutil.walk_packages(dispatch.__path__, "dispatch."):
        if module.name.startswith(("dispatch.domain", "dispatch.live")):
            importlib.import_module(module.name)
    ours = {one for one in subclasses(Fact) if one.__module__.startswith("dispatch.")}
    leaves = {one for one in ours if not subclasses(one)}
    assert leaves == set(KINDS)
    assert Undone in leaves
