from __future__ import annotations

from typing import Annotated

from pydantic import Field

from liangxin.web.api.typed import Day, Line
from liangxin.web.ui.inputs import Input, named


class NewTownInput(Input):
    """``code``: a town's 9 digits in the divisions. ``former``: also the villages merged since 2017. ``starts``: the drive's
    first day; today where it is not said."""

    code: Annotated[Line, Field(pattern=r"^\d{9}$")] = named("区划代码", "Code of the division")
    former: bool = named("连同以前的村", "With former villages", default=False)
    starts: Day | None = named("行动开始日期", "First day of the drive", default=None)
