"""Known errors as text and exit code, the same for every command of this room."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence

from dispatch.cli.exit_codes import Exit
from dispatch.errors import CannotListen, Fault, InvalidRequest, RefereeRejected, StoreError
from geo.errors import GeoError
from solver.errors import SolverUnavailable, UnsupportedFeature


def run_guarded(work: Callable[[], int], *, as_json: bool) -> int:
    """Run ``work``; print what is known to go wrong and return its exit code.

    Parameters
    ----------
    work
        Does the command and returns its exit code.
    as_json
        Whether standard output owes the caller one JSON object, also in failure.
    """
    try:
        return work()
    except (InvalidRequest, StoreError, CannotListen) as error:
        print_faults(error.faults)
        return _failed(_code_of(error), error, error.faults, as_json=as_json)
    except GeoError as error:
        return _failed(Exit.TRAVEL, error, as_json=as_json)
    except (SolverUnavailable, UnsupportedFeature) as error:
        return _failed(Exit.ENGINE, error, as_json=as_json)
    except RefereeRejected as error:
        return _failed(Exit.REJECTED, error, as_json=as_json)
    except OSError as error:
        return _failed(Exit.OUTPUT, error, as_json=as_json)


def _code_of(error: InvalidRequest | StoreError | CannotListen) -> Exit:
    if isinstance(error, CannotListen):
        return Exit.ADDRESS
    return Exit.STORE if isinstance(error, StoreError) else Exit.INPUT


def print_faults(faults: Sequence[Fault]) -> None:
    """Print every fault to standard error: where, what was found, what is allowed, what to do."""
    for fault in faults:
        print(f"{fault.severity.value} {fault.code}: {fault.where}", file=sys.stderr)
        print(f"    found     {fault.found}", file=sys.stderr)
        print(f"    expected  {fault.expected}", file=sys.stderr)
        if fault.hint:
            print(f"    hint      {fault.hint}", file=sys.stderr)


def print_json(value: object) -> None:
    """Print one JSON object on one line."""
    print(json.dumps(value, ensure_ascii=False, allow_nan=False))


def _failed(code: Exit, error: Exception, faults: Sequence[Fault] = (), *, as_json: bool) -> int:
    if faults:
        print(f"servicenet: faults: {len(faults)}; {code.meaning}", file=sys.stderr)
    else:
        print(f"servicenet: {error} ({code.meaning})", file=sys.stderr)
    if as_json:
        print_json(
            {
                "ok": False,
                "exit_code": int(code),
                "error": code.meaning if faults else str(error),
                "faults": [fault.as_dict() for fault in faults],
            }
        )
    return code
