"""Commands found through entry points: ours, those of the rooms above, and plug-ins."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points

from dispatch.command import Command

GROUP = "servicenet.commands"


@dataclass(frozen=True, slots=True)
class BrokenCommand:
    """An entry point that gave no command.

    Parameters
    ----------
    name
        Its word.
    value
        What it points to.
    cause
        Why it failed, in words.
    """

    name: str
    value: str
    cause: str


@dataclass(frozen=True, slots=True)
class Registry:
    """All commands by word, and what failed to load.

    Parameters
    ----------
    commands
        Sorted by word.
    broken
        Sorted by word; named in ``--help``, never hidden.
    """

    commands: dict[str, Command]
    broken: tuple[BrokenCommand, ...]


def load_registry(found: Iterable[EntryPoint] | None = None) -> Registry:
    """Load every command.

    Parameters
    ----------
    found
        Entry points to load; by default those installed under ``servicenet.commands``.
    """
    points = entry_points(group=GROUP) if found is None else found
    commands: dict[str, Command] = {}
    broken: list[BrokenCommand] = []
    for point in sorted(points, key=lambda one: (one.name, one.value)):
        loaded = _load(point)
        if isinstance(loaded, BrokenCommand):
            broken.append(loaded)
        elif point.name in commands:
            twice = f"the word is taken by {commands[point.name].module}"
            broken.append(BrokenCommand(point.name, point.value, twice))
        else:
            commands[point.name] = loaded
    return Registry(commands, tuple(broken))


def _load(point: EntryPoint) -> Command | BrokenCommand:
    try:
        loaded = point.load()
    except Exception as error:  # noqa: BLE001 - a plug-in may fail in any way; it is named below
        return BrokenCommand(point.name, point.value, f"{type(error).__name__}: {error}")
    if not isinstance(loaded, Command):
        return BrokenCommand(point.name, point.value, f"it is {loaded!r}, not a Command")
    return loaded
