"""The door: help, registry, usage, mistakes."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import EntryPoint
from pathlib import Path
from types import ModuleType

import pytest

from dispatch.cli.exit_codes import Exit, exit_code_table
from dispatch.cli.registry import GROUP, load_registry
from dispatch.command import Command
from tests.command_line import ROOT, run_here

HEAVY = ("numpy", "pandas", "ortools", "geopandas", "shapely", "osmnx", "pydantic", "scipy")


def loaded_after(*words: str) -> set[str]:
    """Names of heavy modules that a command line of these words imports."""
    program = (
        "import sys; from dispatch.cli import main; code = main(sys.argv[1:]); "
        f"print([m for m in {HEAVY!r} if m in sys.modules], file=sys.stderr); sys.exit(code)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program, *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(eval(ran.stderr))  # noqa: S307 - our own list, printed by the line above


@pytest.mark.parametrize(
    "words", [("--help",), ("plan", "--help"), ("check", "--help"), ("schema", "--help")]
)
def test_help_imports_nothing_heavy(words: tuple[str, ...]) -> None:
    assert loaded_after(*words) == set()


def test_help_lists_the_commands_of_all_rooms_and_every_exit_code(
    capsys: pytest.CaptureFixture[str],
) -> None:
    ran = run_here(capsys, "--help")
    assert ran.code == Exit.OK
    for word in ("plan", "check", "schema", "solve", "convert", "demo", "bench", "generate"):
        assert f"\n  {word} " in ran.out
    assert exit_code_table() in ran.out


def test_the_page_on_the_command_line_states_every_exit_code() -> None:
    page = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    for code in Exit:
        assert f"| {code.value} | {code.meaning} |" in page


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "usage"),
        (("plam",), "no command 'plam'; expected one of"),
        (("plan",), "the following arguments are required: DAY, --out"),
        (("plan", "d", "--out", "o", "--time-limit", "0"), "more than 0 seconds"),
        (("plan", "d", "--out", "o", "--iterations", "-1"), "expected 0 to"),
        (("plan", "d", "--out", "o", "--time-limit", "1", "--iterations", "1"), "not allowed with"),
        (("plan", "d", "--out", "o", "--roads", "r", "--place", "p"), "not allowed with"),
        (("plan", "d", "--out", "o", "--engine", "magic"), "invalid choice: 'magic'"),
        (("schema", "network"), "invalid choice"),
    ],
)
def test_a_wrong_command_line_is_told_and_has_its_own_code(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str
) -> None:
    ran = run_here(capsys, *words)
    assert ran.code == Exit.USAGE
    assert said in ran.out + ran.err


def point(name: str, value: str) -> EntryPoint:
    return EntryPoint(name=name, value=value, group=GROUP)


def test_a_plug_in_that_fails_to_load_is_named_with_its_cause() -> None:
    registry = load_registry(
        [point("nice", "no_such_module_anywhere:nice"), point("plan", "dispatch.cli.commands:plan")]
    )
    assert list(registry.commands) == ["plan"]
    (broken,) = registry.broken
    assert (broken.name, broken.value) == ("nice", "no_such_module_anywhere:nice")
    assert "no_such_module_anywhere" in broken.cause


def test_an_entry_point_that_is_no_command_is_named() -> None:
    registry = load_registry([point("odd", "dispatch.cli.registry:GROUP")])
    assert registry.commands == {}
    assert "not a Command" in registry.broken[0].cause


def test_a_word_taken_twice_keeps_the_first_and_names_the_second() -> None:
    registry = load_registry(
        [point("plan", "dispatch.cli.commands:plan"), point("plan", "dispatch.cli.commands:schema")]
    )
    assert registry.commands["plan"].module == "dispatch.cli.plan"
    assert "taken by dispatch.cli.plan" in registry.broken[0].cause


def test_broken_plug_ins_stand_in_help_and_explain_themselves_when_called(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = load_registry([point("nice", "no_such_module_anywhere:nice")])
    monkeypatch.setattr("dispatch.cli.entry.load_registry", lambda: broken)
    assert "nice: cannot be loaded from no_such_module_anywhere" in run_here(capsys, "--help").out
    ran = run_here(capsys, "nice")
    assert ran.code == Exit.INTERNAL
    assert "cannot be loaded" in ran.err


def test_a_mistake_of_the_program_keeps_its_traceback_and_has_its_own_code(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    module = ModuleType("broken_command_of_a_test")
    module.add_arguments = lambda parser: None  # type: ignore[attr-defined]  # made here
    module.run = lambda arguments: 1 // 0  # type: ignore[attr-defined]  # made here
    monkeypatch.setitem(sys.modules, module.__name__, module)
    registry = load_registry([])
    registry.commands["oops"] = Command("oops", "fails", module.__name__)
    monkeypatch.setattr("dispatch.cli.entry.load_registry", lambda: registry)
    ran = run_here(capsys, "oops")
    assert ran.code == Exit.INTERNAL
    assert "ZeroDivisionError" in ran.err


@pytest.mark.parametrize("what", ["day", "plan"])
def test_the_printed_schema_accepts_what_we_write(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, what: str
) -> None:
    import json

    import jsonschema

    from tests.report_days import reported

    schema = json.loads(run_here(capsys, "schema", what).out)
    made = reported()
    document = (made.day if what == "day" else made.plan).model_dump(mode="json")
    jsonschema.validate(document, schema)
    document["surprise"] = 1
    with pytest.raises(jsonschema.ValidationError, match="surprise"):
        jsonschema.validate(document, schema)
