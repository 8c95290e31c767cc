"""The command itself: help in both languages, quick because nothing heavy is loaded, exit codes."""

from __future__ import annotations

import subprocess
import sys

import pytest

from liangxin import __version__
from liangxin.cli import COMMANDS, main


@pytest.mark.parametrize(("lang", "said"), [("zh", "从台账到组建方案"), ("en", "from a ledger to the plan")])
def test_help_names_every_command(lang: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Every command with one line, in the language asked for."""
    main(["--lang", lang, "--help"])
    shown = capsys.readouterr().out
    assert all(f"  {name} " in shown for name in COMMANDS)
    assert said in shown


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    """The package's version."""
    main(["--version"])
    assert __version__ in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [["--help"], ["plan", "--help"], ["demo", "--help"], ["schema"]])
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    """Help must be there at once: no tables, solver, documents or site are loaded for it."""
    heavy = ["polars", "numpy", "numba", "highspy", "xlsxwriter", "openpyxl", "docx", "typst", "django"]
    script = (
        "import sys; from liangxin.cli import main; main(sys.argv[1:]);"
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    shown = subprocess.run(
        [sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=True
    ).stdout
    assert shown.splitlines()[-1] == "[]"


def test_unknown_command(capsys: pytest.CaptureFixture[str]) -> None:
    """A command that does not exist is wrong usage."""
    with pytest.raises(SystemExit) as ended:
        main(["plann"])
    assert ended.value.code == 2
    assert "plann" in capsys.readouterr().err


def test_unknown_language(capsys: pytest.CaptureFixture[str]) -> None:
    """--lang takes two values."""
    with pytest.raises(SystemExit) as ended:
        main(["--lang", "fr", "--help"])
    assert ended.value.code == 2
    assert "fr" in capsys.readouterr().err
