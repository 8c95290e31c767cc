from __future__ import annotations

from typing import Annotated, Final

from liangxin.web.api.typed import Day, Line, printable_text
from liangxin.web.ui.inputs import Input, named

LONGEST_TEXT: Final = 1_000_000  # characters of a policy


class BringPolicyInput(Input):
    """``text``: a policy's YAML; ``name``: its file, as messages call it."""

    text: Annotated[str, printable_text] = named(
        "政策文件", "Policy file", min_length=1, max_length=LONGEST_TEXT
    )
    name: Line = named("文件名", "File name", default="policy.yaml")


class AdoptPolicyInput(Input):
    """``starts``: the first day on which it holds; today where it is not said. Earlier days keep theirs."""

    policy: Line = named("基本政策", "Policy")
    overlays: list[Line] = named("叠加规定", "Overlays", default=[], max_length=20)
    starts: Day | None = named("从哪一天起", "From the day", default=None)
