"""The command line. Importing it imports nothing heavy."""

from dispatch.cli.entry import main

__all__ = ["main"]
