"""Service standards as data: profiles of clauses, and the audit of a planned day."""

from dispatch.standards.audit import ClauseFinding, audit_day
from dispatch.standards.clause import Clause, Force
from dispatch.standards.profile import NAMES, Profile, get_profile

__all__ = ["NAMES", "Clause", "ClauseFinding", "Force", "Profile", "audit_day", "get_profile"]
