"""``servicenet``: find the command, run it, turn what goes wrong into an exit code."""

from __future__ import annotations

import argparse
import json
import sys
import traceback
from collections.abc import Sequence
from importlib import import_module, metadata

from dispatch.cli.exit_codes import Exit, exit_code_table
from dispatch.cli.parser import Parser
from dispatch.cli.registry import Registry, load_registry
from dispatch.command import Command

SUMMARY = "Plan the day of a service network on real roads, and prove the plan."


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    argv
        Words after ``servicenet``; by default those of the process.

    Returns
    -------
    int
        One of ``dispatch.cli.exit_codes.Exit``.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    registry = load_registry()
    try:
        arguments = _top_parser(registry).parse_args(words[:1])
        command = registry.commands.get(arguments.command or "")
        if command is None:
            return _no_command(registry, arguments.command)
        return _run(command, words[1:])
    except SystemExit as stop:  # argparse ends help and usage errors this way
        return stop.code if isinstance(stop.code, int) else Exit.USAGE


def _top_parser(registry: Registry) -> Parser:
    width = max((len(word) for word in registry.commands), default=0)
    lines = [f"  {word:<{width}}  {cmd.summary}" for word, cmd in registry.commands.items()]
    lines += [
        f"  {bad.name}: cannot be loaded from {bad.value}: {bad.cause}" for bad in registry.broken
    ]
    listing = "\n".join(lines) or "  none; install the distribution so that its entry points exist"
    parser = Parser(
        prog="servicenet",
        usage="servicenet COMMAND [arguments]",
        description=SUMMARY,
        epilog=f"commands:\n{listing}\n\nexit codes:\n{exit_code_table()}\n\n"
        "servicenet COMMAND --help says more.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", nargs="?", metavar="COMMAND", help=argparse.SUPPRESS)
    parser.add_argument("--version", action="version", version=_version())
    return parser


def _version() -> str:
    try:
        return f"servicenet {metadata.version('servicenet')}"
    except metadata.PackageNotFoundError:
        return "servicenet (not installed)"


def _no_command(registry: Registry, word: str | None) -> int:
    if word is None:
        _top_parser(registry).print_help()
        return Exit.USAGE
    broken = next((bad for bad in registry.broken if bad.name == word), None)
    if broken is not None:
        _complain(f"{word} cannot be loaded from {broken.value}: {broken.cause}")
        return Exit.INTERNAL
    known = ", ".join(registry.commands)
    expected = f"expected one of {known}" if known else "none is installed: pip install -e ."
    _complain(f"no command {word!r}; {expected}")
    return Exit.USAGE


def _run(command: Command, words: list[str]) -> int:
    try:
        module = import_module(command.module)
        parser = Parser(
            prog=f"servicenet {command.name}",
            description=(module.__doc__ or command.summary).strip(),
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        module.add_arguments(parser)
        try:
            arguments = parser.parse_args(words)
        except SystemExit as stop:  # argparse has said what is wrong, or printed its help
            return _failed(Exit.USAGE, words) if stop.code else Exit.OK
        return int(module.run(arguments))
    except KeyboardInterrupt:
        _complain("interrupted")
        return _failed(Exit.INTERRUPTED, words)
    except BrokenPipeError:
        # The reader of our output went away; that is its right, and nobody is left to tell.
        sys.stderr.close()
        return Exit.OUTPUT
    except Exception:  # noqa: BLE001 - the last door: a mistake of ours is shown whole, with its code
        traceback.print_exc()
        _complain("this is a mistake of the program; please report it with the lines above")
        return _failed(Exit.INTERNAL, words)


def _failed(code: Exit, words: list[str]) -> int:
    """Return the code; who asked for JSON gets an object also when nothing else went out."""
    if "--json" in words:
        failed = {"ok": False, "exit_code": int(code), "error": code.meaning, "faults": []}
        print(json.dumps(failed))
    return code


def _complain(text: str) -> None:
    print(f"servicenet: {text}", file=sys.stderr)
