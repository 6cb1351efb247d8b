"""Which command comes next for undo and redo: each actor steps through the own commands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from dispatch.domain.event import DayOpened, DayRevised, Event, Undone


@dataclass(slots=True)
class _Command:
    by: str
    sequences: list[int] = field(default_factory=list)
    undoes: list[int] = field(default_factory=list)
    fixed: bool = True


@dataclass(slots=True)
class UndoStack:
    """What an actor can undo and redo, as in an editor.

    Parameters
    ----------
    actor
        Whose commands; those of others are left alone.
    """

    actor: str
    _commands: dict[str, _Command] = field(default_factory=dict)
    _of: dict[int, str] = field(default_factory=dict)

    def read(self, events: Iterable[Event]) -> tuple[list[str], list[str]]:
        """Return the requests to undo and the undoings to take back, the next one last.

        Parameters
        ----------
        events
            All of a day, in order.
        """
        for event in events:
            one = self._commands.setdefault(event.request_id, _Command(event.by))
            one.sequences.append(event.sequence)
            self._of[event.sequence] = event.request_id
            if isinstance(event.what, Undone):
                one.undoes.append(event.what.undoes)
            # A plan put in force alone is undone by the planner, by name of the event.
            one.fixed = one.fixed and isinstance(event.what, DayOpened | DayRevised)
        done: list[str] = []
        undone: list[str] = []
        for name, command in self._commands.items():
            if command.undoes:
                self._step(name, command, done, undone)
            elif command.by == self.actor and not command.fixed:
                done.append(name)
                undone.clear()
        return done, undone

    def _step(self, name: str, command: _Command, done: list[str], undone: list[str]) -> None:
        """Take a step back or forth: what it undid is off its list, and it is on the other."""
        target = self._of[command.undoes[0]]
        if target in done:
            done.remove(target)
            undone.append(name)
        elif target in undone:
            undone.remove(target)
            done.append(name)

    def events_of(self, name: str) -> list[int]:
        """Return the sequences of a request, the last one first: the order to undo them in."""
        return self._commands[name].sequences[::-1]

    def find_request(self, sequence: int) -> str | None:
        """Return the request an event belongs to."""
        return self._of.get(sequence)
