"""A command of the command line; the door by which rooms above, and plug-ins, come in.

Entry points of the group ``servicenet.commands`` name objects of this class. They live in modules
that import nothing heavy, so that ``servicenet --help`` stays fast; the work is imported when the
command runs.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Command:
    """One word of the command line.

    Parameters
    ----------
    name
        The word.
    summary
        One line for ``servicenet --help``.
    module
        Dotted path of a module with ``add_arguments(parser: argparse.ArgumentParser) -> None`` and
        ``run(arguments: argparse.Namespace) -> int`` (the exit code).
    """

    name: str
    summary: str
    module: str
