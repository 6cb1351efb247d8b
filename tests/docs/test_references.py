"""Whatever a page points to is there: links, paths, names, targets, commands, dependencies."""

from __future__ import annotations

import argparse
import importlib
import re
import tomllib
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from dispatch.cli.registry import GROUP, Registry, load_registry
from tests.docs_pages import (
    PAGES,
    ROOT,
    anchors,
    blocks,
    code_words,
    command_lines,
    links,
    name_of,
    prose,
    read,
)

ROOMS = ("solver", "geo", "dispatch", "scenarios")
FOLDERS = (*ROOMS, "tests", "docs", "tools", ".ci")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(params=PAGES, ids=name_of)
def page(request: pytest.FixtureRequest) -> Path:
    found = request.param
    assert isinstance(found, Path)
    return found


def test_every_link_leads_somewhere(page: Path) -> None:
    lost = []
    for target in links(page):
        if target.startswith("https://"):
            continue
        file, _, anchor = target.partition("#")
        there = (page.parent / file).resolve() if file else page
        if not there.exists() or (anchor and anchor not in anchors(there)):
            lost.append(target)
    assert not lost


def test_every_path_exists(page: Path) -> None:
    paths = [w for w in code_words(page) if re.fullmatch(r"[\w.\-]+(/[\w.\-]*)+", w)]
    ours = [w for w in paths if w.split("/")[0] in FOLDERS]
    assert [w for w in ours if not (ROOT / w).exists()] == []


def find_name(dotted: str) -> bool:
    """Whether a dotted name is a module, or a name in one; members of classes are not looked up."""
    parts = dotted.split(".")
    for length in range(len(parts), 0, -1):
        try:
            found = importlib.import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        return length == len(parts) or hasattr(found, parts[length])
    return False


def test_every_python_name_exists(page: Path) -> None:
    names = [w for w in code_words(page) if re.fullmatch(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)+", w)]
    ours = [w for w in names if w.split(".")[0] in ROOMS]
    assert [w for w in ours if not find_name(w)] == []


def test_every_make_target_exists(page: Path) -> None:
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    commands = [line for block in blocks(page) for line in block.text.splitlines()]
    named = re.findall(
        r"^(?:\w+=\S+ )*make ([a-z]+)", "\n".join(commands + code_words(page)), re.MULTILINE
    )
    assert set(named) <= set(targets)


def registry() -> Registry:
    """Return the commands that pyproject.toml declares, installed or not."""
    points = PROJECT["project"]["entry-points"][GROUP]
    return load_registry([EntryPoint(name, value, GROUP) for name, value in points.items()])


def parser_of(command: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=command, exit_on_error=False)
    module = importlib.import_module(registry().commands[command].module)
    module.add_arguments(parser)
    return parser


def test_every_command_line_is_understood(page: Path) -> None:
    for command, *words in command_lines(page):
        if command.startswith("-"):
            continue
        parsed = parser_of(command).parse_args(words)
        assert vars(parsed), command


def test_every_command_named_is_installed(page: Path) -> None:
    installed = set(registry().commands)
    named = {word.split()[1] for word in code_words(page) if re.match(r"servicenet [a-z]", word)}
    assert named <= installed


def test_no_page_names_a_folder_of_somebodys_machine(page: Path) -> None:
    assert re.findall(r"(?<![\w./:<>~\])-])/[a-z]+/[\w/.]+", prose(page)) == []


def test_the_readme_names_every_command() -> None:
    text = read(ROOT / "README.md")
    assert [word for word in registry().commands if f"`{word}`" not in text] == []


def declared() -> list[str]:
    project, build = PROJECT["project"], PROJECT["build-system"]
    lines = [*project["dependencies"], *build["requires"]]
    for extra in project["optional-dependencies"].values():
        lines += extra
    return sorted({re.split(r"[<>=!\[; ]", line)[0] for line in lines})


def test_every_dependency_has_its_reason_and_every_reason_its_dependency() -> None:
    rows = re.findall(r"^\| ([\w-]+) \| (.+) \|$", read(ROOT / "DECISIONS.md"), re.MULTILINE)
    reasons = {name: why for name, why in rows if name != "package"}
    assert sorted(name for name in reasons if set(name) != {"-"}) == declared()


def test_the_index_lists_every_reference_page() -> None:
    listed = set(links(ROOT / "docs" / "README.md"))
    present = {path.name for path in (ROOT / "docs").glob("*.md")} - {"README.md"}
    assert present <= listed


def test_sources_point_to_pages_that_exist() -> None:
    lost = []
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            named = re.findall(r"\b((?:docs/)?[\w-]+\.md)\b", path.read_text(encoding="utf-8"))
            lost += [f"{name_of(path)}: {n}" for n in named if not (ROOT / n).exists()]
    assert not lost
