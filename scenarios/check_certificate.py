"""``servicenet check-certificate INSTANCE FILE``: recompute what a siting certificate claims."""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dispatch.cli.exit_codes import Exit
from scenarios.console import run_guarded
from scenarios.errors import InstanceFormatError
from scenarios.instances.text import read_text
from scenarios.location_models import Model, Question, check_model
from solver.location.certificate import FORMAT


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what ``servicenet check-certificate`` takes."""
    parser.add_argument("instance", type=Path, help="the raw instance")
    parser.add_argument("certificate", type=Path, help="what location --certificate wrote")


def run(arguments: argparse.Namespace) -> int:
    """Run ``servicenet check-certificate``; 1 if a claim does not hold, 2 for broken input."""
    return run_guarded(lambda: _run(arguments))


def _run(arguments: argparse.Namespace) -> int:
    from scenarios.instances.orlib import read_siting

    instance = read_siting(arguments.instance)
    claim = read_certificate(arguments.certificate)
    question = read_question(claim, arguments.certificate.name)
    if claim.get("instance") != instance.name:
        found = repr(claim.get("instance"))
        raise InstanceFormatError(arguments.certificate.name, 0, found, repr(instance.name))
    verdict = check_model(instance, question, claim)
    line = {
        "ok": verdict.ok,
        "instance": instance.name,
        "model": question.model.value,
        "p": question.p,
        "radius": question.radius,
        "objective": verdict.objective,
        "proven_bound": verdict.bound,
        "claimed_bound": claim.get("bound"),
        "relies_on": verdict.relies_on,
        "faults": verdict.faults,
    }
    print(json.dumps(line))
    return Exit.OK if verdict.ok else Exit.VIOLATIONS


def read_certificate(path: Path) -> Mapping[str, Any]:
    """Read a certificate file.

    Raises
    ------
    InstanceFormatError
        If it is no JSON object of the format.
    """
    try:
        document = json.loads(read_text(path))
    except (json.JSONDecodeError, RecursionError) as error:
        raise InstanceFormatError(path.name, 0, str(error), "JSON") from error
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise InstanceFormatError(path.name, 0, "another document", f"format {FORMAT}")
    return document


def read_question(claim: Mapping[str, Any], name: str) -> Question:
    """Return the question a certificate answers.

    Raises
    ------
    InstanceFormatError
        If model, p or radius are not what they must be.
    """
    model, p, radius = claim.get("model"), claim.get("p"), claim.get("radius")
    if model not in set(Model):
        raise InstanceFormatError(name, 0, f"model {model!r}", f"one of {', '.join(Model)}")
    if p is not None and (not isinstance(p, int) or isinstance(p, bool)):
        raise InstanceFormatError(name, 0, f"p {p!r}", "a whole number or null")
    number = isinstance(radius, int | float) and not isinstance(radius, bool)
    if radius is not None and not (number and math.isfinite(radius)):
        raise InstanceFormatError(name, 0, f"radius {radius!r}", "a number or null")
    return Question(Model(model), p, radius)
