"""The pages of the repository, and what can be looked up in them."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, empty for commands and figures, and its text."""

    language: str
    text: str


def name_of(page: Path) -> str:
    """Return the page's path below the repository."""
    return page.relative_to(ROOT).as_posix()


def read(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def blocks(page: Path) -> list[Block]:
    """Return the fenced blocks of a page."""
    return [Block(language, text) for language, text in _FENCE.findall(read(page))]


def prose(page: Path) -> str:
    """Return a page without its fenced blocks."""
    return _FENCE.sub("", read(page))


def code_words(page: Path) -> list[str]:
    """Return what stands in single backquotes."""
    return re.findall(r"`([^`\n]+)`", prose(page))


def links(page: Path) -> list[str]:
    """Return the targets of links and pictures."""
    return re.findall(r"\]\(([^)\s]+)\)", prose(page))


def anchors(page: Path) -> set[str]:
    """Return the anchors a page's headings have where it is rendered."""
    headings = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    plain = (re.sub(r"[^\w\- ]", "", heading).strip().lower() for heading in headings)
    return {heading.replace(" ", "-") for heading in plain}


def command_lines(page: Path) -> list[list[str]]:
    """Return the complete ``servicenet`` command lines of a page, without the first word.

    Lines with brackets or bars describe a syntax and are no commands.
    """
    texts = [line.strip() for block in blocks(page) for line in block.text.splitlines()]
    lines = [text.split("  #")[0] for text in texts if text.startswith("servicenet ")]
    return [shlex.split(line)[1:] for line in lines if not re.search(r"[\[\]|{}]", line)]
