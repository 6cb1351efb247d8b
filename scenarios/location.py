"""``servicenet location``: a public siting instance, one JSON line, a certificate on request."""

from __future__ import annotations

import argparse
import json
import math
from pathlib import Path

from dispatch.cli.exit_codes import Exit
from dispatch.cli.parser import natural_int, positive_int, positive_seconds
from scenarios.console import run_guarded
from scenarios.location_models import Located, Model, Question, solve_model
from solver.location.certificate import FORMAT
from solver.status import SolveStatus
from solver.stop import Stop

DEFAULT_TIME_LIMIT_S = 60.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what ``servicenet location`` takes."""
    parser.add_argument(
        "instance", type=Path, help="pmed, cpmp, scp (.gz), coordinates with demand, or spopt's csv"
    )
    parser.add_argument("--model", type=Model, choices=list(Model), required=True)
    parser.add_argument("--p", type=positive_int, help="sites to open; default: the file's")
    parser.add_argument("--radius", type=radius, help="mclp and lscp: in the file's unit")
    parser.add_argument(
        "--time-limit", type=positive_seconds, default=DEFAULT_TIME_LIMIT_S, metavar="S"
    )
    parser.add_argument("--seed", type=natural_int, default=1)
    parser.add_argument("--certificate", type=Path, help="file for the proof (JSON)")


def radius(text: str) -> float:
    """Read a radius, finite and >= 0."""
    try:
        value = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number") from None
    if not math.isfinite(value) or value < 0:
        raise argparse.ArgumentTypeError(f"{text!r}; expected a radius of at least 0")
    return value


def run(arguments: argparse.Namespace) -> int:
    """Run ``servicenet location``; 1 if nothing satisfies the model, 2 for broken input."""
    return run_guarded(lambda: _run(arguments))


def _run(arguments: argparse.Namespace) -> int:
    from scenarios.instances.orlib import read_siting

    question = Question(arguments.model, arguments.p, arguments.radius)
    instance = read_siting(arguments.instance)
    stop = Stop(max_runtime_s=arguments.time_limit)
    located = solve_model(instance, question, stop, arguments.seed)
    if arguments.certificate is not None:
        write_certificate(arguments.certificate, instance.name, question, located)
    print(json.dumps(make_line(instance.name, question, located)))
    return Exit.VIOLATIONS if located.status is SolveStatus.INFEASIBLE else Exit.OK


def make_line(name: str, question: Question, located: Located) -> dict[str, object]:
    """Return the JSON line of an answer."""
    return {
        "instance": name,
        "model": question.model.value,
        "objective": located.objective,
        "bound": located.bound,
        "gap": located.gap,
        "status": located.status.value,
        "runtime_s": round(located.runtime_s, 3),
        "sites": list(located.sites),
        "seed": located.seed,
    }


def write_certificate(path: Path, name: str, question: Question, located: Located) -> None:
    """Write the certificate of an answer: the question, the claim in whole numbers, the proof."""
    document = {
        "format": FORMAT,
        "instance": name,
        "model": question.model.value,
        "p": question.p,
        "radius": question.radius,
        **located.claim,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document) + "\n", encoding="utf-8")
