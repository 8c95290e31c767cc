"""``python -m benchmarks [planning|reading|classify|commands|site|foundings|all] [--sizes 1000,2000] [--seeds 1,2,3]``.

``python -m benchmarks.likenesses`` measures planning on every likeness of towns, at every limit and load: hours, so not in ``all``.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import io
import sys
from pathlib import Path

RESULTS = Path(__file__).parent / "results"
WHAT = ("planning", "reading", "classify", "commands", "site", "foundings")


class _Echo(io.StringIO):
    """Keeps what is printed and prints it."""

    def write(self, text: str) -> int:
        sys.__stdout__.write(text)  # type: ignore[union-attr]
        return super().write(text)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("what", nargs="?", default="all", choices=(*WHAT, "all"))
    parser.add_argument(
        "--sizes", type=_numbers, default=None, help="planning: units of the towns, 1000,2000,..."
    )
    parser.add_argument("--seeds", type=_numbers, default=None, help="planning: seeds of the towns, 1,2,3")
    parser.add_argument(
        "--peers", type=lambda text: tuple(text.split(",")), default=None, help="planning: only these peers"
    )
    parser.add_argument("--to", default=None, help="name of the result file, without .md")
    given = parser.parse_args()
    RESULTS.mkdir(exist_ok=True)
    for what in WHAT if given.what == "all" else (given.what,):
        if what == "planning":
            from benchmarks import planning

            report = planning.run(
                given.sizes or planning.SIZES, given.seeds or planning.SEEDS, given.peers or planning.PEERS
            )
        else:
            report = _printed(what)
        name = given.to or what
        (RESULTS / f"{name}.md").write_text(report, encoding="utf-8")
        print(f"-> benchmarks/results/{name}.md")


def _printed(what: str) -> str:
    """What ``benchmarks.<what>.main([])`` prints, under a heading with the machine."""
    from benchmarks.machine import describe

    echo = _Echo()
    with contextlib.redirect_stdout(echo):
        importlib.import_module(f"benchmarks.{what}").main([])
    return f"# {what.capitalize()}\n\nMachine: {describe()}.\n\n```\n{echo.getvalue().rstrip()}\n```\n"


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(","))


if __name__ == "__main__":
    main()
