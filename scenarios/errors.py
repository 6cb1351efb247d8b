"""Everything that can go wrong inside ``scenarios``.

ScenarioError
├── InstanceFormatError(ValueError)   a file that is not what its format says; file, line, expected
├── UnsupportedRule(ValueError)       a rule of an instance the engine cannot express yet
├── UnknownInstance(KeyError)         an instance, bench or group nobody defined
└── DataUnavailable(OSError)          data or an optional package that is not installed here
"""

from __future__ import annotations


class ScenarioError(Exception):
    """Base of every error raised by ``scenarios``."""


class InstanceFormatError(ScenarioError, ValueError):
    """A file that does not follow its format.

    Parameters
    ----------
    file
        File name, or what stands for it when a text was parsed.
    line
        Line of the fault, counted from 1; 0 where the whole file is to blame.
    found
        What stands there.
    expected
        What is allowed there.
    """

    def __init__(self, file: str, line: int, found: str, expected: str) -> None:
        self.file = file
        self.line = line
        self.found = found
        self.expected = expected
        place = f"{file} line {line}" if line else file
        super().__init__(f"{place}: found {found}; expected {expected}.")


class UnsupportedRule(ScenarioError, ValueError):
    """A valid instance with a rule the engine cannot express; the text names the rule."""


class UnknownInstance(ScenarioError, KeyError):
    """A name that is not among the known ones; the text lists those."""

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


class DataUnavailable(ScenarioError, OSError):
    """Data or an optional package that is not here; the text says how to get it."""
