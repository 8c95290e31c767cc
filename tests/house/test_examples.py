"""The examples in docstrings are run: an example that lies is worse than none."""

from __future__ import annotations

import doctest
import importlib
import re
from pathlib import Path

import pytest

import liangxin

SOURCE = Path(liangxin.__file__).parent
WITH_EXAMPLES = sorted(
    ".".join(("liangxin", *path.relative_to(SOURCE).with_suffix("").parts))
    for path in SOURCE.rglob("*.py")
    if ">>> " in path.read_text(encoding="utf-8")
)


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_examples_give_what_they_say(name: str) -> None:
    """Every module with an example, each run as written (one that writes files says so and is not run)."""
    result = doctest.testmod(importlib.import_module(name.removesuffix(".__init__")))
    assert 0 == result.failed


def test_the_example_of_the_readme_runs() -> None:
    """As it stands on the page, a reader's first script."""
    page = (SOURCE.parent.parent / "README.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", page, flags=re.S)
    names: dict[str, object] = {}
    exec(compile(code, "README.md", "exec"), names)
    plan = names["plan"]
    assert plan.organizations and plan.solver.gap <= 0.001  # type: ignore[attr-defined]


def test_every_public_name_is_there() -> None:
    """``from liangxin import *`` and each name by itself."""
    for name in liangxin.__all__:
        assert callable(getattr(liangxin, name)), name
