"""One figure of a proposal that is not what it should be."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Violation:
    """One figure that is not what it should be."""

    code: str
    where: str
    found: str
    expected: str

    def as_dict(self) -> dict[str, str]:
        """Return the violation as plain data for JSON."""
        return {
            "code": self.code, "where": self.where, "found": self.found, "expected": self.expected
        }  # fmt: skip
