"""Every broken input gets its code, its place and words a person can use."""

from __future__ import annotations

from pathlib import Path

import pytest

from dispatch.domain.checks import Code
from dispatch.domain.checks.codes import RETIRED
from dispatch.domain.checks.explanations import EXPLANATIONS
from dispatch.errors import Severity
from tests.dispatch.adapters.broken_cases import CASES
from tests.dispatch.adapters.broken_inputs import Case, faults_of

# Words of the validator and of Python that a dispatcher should never see.
FOREIGN = ("Input should", "pydantic", "Traceback", "Value error", "NoneType", "tuple", "ctx")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_a_broken_input_gets_its_code_and_place(case: Case, tmp_path: Path) -> None:
    faults = faults_of(case, tmp_path)
    hits = [fault for fault in faults if fault.code == case.code]
    assert hits, [str(fault) for fault in faults]
    assert any(case.where in fault.where for fault in hits), [fault.where for fault in hits]
    for fault in faults:
        assert not [word for word in FOREIGN if word in str(fault)]
        assert fault.found
        assert fault.expected


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_a_broken_input_does_not_cause_other_errors(case: Case, tmp_path: Path) -> None:
    errors = {f.code for f in faults_of(case, tmp_path) if f.severity is Severity.ERROR}
    consequences = {
        # A misspelled column is unknown, and where it was needed it is missing too.
        Code.COLUMN_UNKNOWN: {Code.COLUMN_MISSING},
        # The second header lacks everything a header needs.
        Code.TWO_HEADERS: {Code.FIELD_MISSING},
        # An object with a key twice is otherwise empty in the example.
        Code.JSON_DUPLICATE_KEY: {Code.FIELD_MISSING},
    }
    assert errors <= {case.code} | consequences.get(case.code, set())


def test_every_code_has_an_example_and_an_explanation() -> None:
    assert {case.code for case in CASES} == set(Code)
    assert set(EXPLANATIONS) == set(Code)


def test_a_retired_code_is_never_used_again() -> None:
    assert not set(RETIRED) & {code.value for code in Code}
