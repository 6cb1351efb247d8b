"""What the referee returns: values only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from dispatch.domain import CostBreakdown
from dispatch.referee.codes import CODES
from dispatch.referee.figures import Figures


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken rule, as data; the text is made from it.

    Parameters
    ----------
    code
        Stable code; ``docs/violations.md`` has a row for each.
    found
        What the plan says.
    expected
        What the rule allows.
    technician
        Technician (or contracted outlet) whose line it is; None for the plan as a whole.
    visit
        The visit, where it is about one.
    """

    code: str
    found: str
    expected: str
    technician: str | None = None
    visit: str | None = None

    @property
    def where(self) -> str:
        """Return where in the plan, in words."""
        parts = []
        if self.technician is not None:
            parts.append(f"technician {self.technician}")
        if self.visit is not None:
            parts.append(f"visit {self.visit}")
        return ", ".join(parts) or "plan"

    @property
    def text(self) -> str:
        """Return one sentence for people."""
        sentence = CODES[self.code]
        return f"{self.where}: {sentence}: found {self.found}, expected {self.expected}"

    def as_dict(self) -> dict[str, str | None]:
        """Return the violation as plain data for JSON."""
        return {
            "code": self.code,
            "where": self.where,
            "technician": self.technician,
            "visit": self.visit,
            "found": self.found,
            "expected": self.expected,
            "text": self.text,
        }


@dataclass(frozen=True, slots=True)
class Verdict:
    """The judgment of one plan.

    Parameters
    ----------
    violations
        Every broken rule that no waiver covers; empty for a plan that may be published.
    cost
        Price by component, recomputed from the day and the travel table.
    figures
        What people ask first.
    waived
        Broken soft rules somebody answered for; visible, not counted.
    exact
        The components before rounding, fen.
    notes
        What a reader should know and no rule forbids.
    """

    violations: tuple[Violation, ...]
    cost: CostBreakdown
    figures: Figures
    waived: tuple[Violation, ...] = ()
    exact: Mapping[str, Fraction] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Return whether no rule is broken."""
        return not self.violations

    @property
    def codes(self) -> frozenset[str]:
        """Return the codes of all violations."""
        return frozenset(violation.code for violation in self.violations)

    def as_dict(self) -> dict[str, object]:
        """Return the verdict as plain data for JSON (``servicenet check --json``)."""
        return {
            "ok": self.ok,
            "violations": [violation.as_dict() for violation in self.violations],
            "waived": [violation.as_dict() for violation in self.waived],
            "cost": self.cost.model_dump(),
            "figures": self.figures.as_dict(),
            "notes": list(self.notes),
        }
