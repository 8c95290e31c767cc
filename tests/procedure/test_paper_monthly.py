"""月报: its figures are those given, an empty denominator is —, 100.0% only when nothing is missing."""

from __future__ import annotations

from datetime import date

import pytest
from tests.procedure.town_office import policy

from liangxin.coverage.rate import Rate
from liangxin.procedure import PaperKind, office_of
from liangxin.procedure.paper import Paragraph, Table
from liangxin.procedure.paper_monthly import Month, TargetLine, monthly_report, share
from liangxin.registry.town import Town
from liangxin.wording import Text

OFFICE = office_of(Town("长乐镇", "330683101", ()), policy())
HAS = TargetLine(
    Text("有党员企业组织覆盖率", "with members"), Rate(20, 30), Rate(2999, 3000, 2), 1.0, date(2011, 8, 31)
)
ALL = TargetLine(Text("总体组建率", "overall"), None, Rate(36, 100), 0.35, date(2011, 8, 31))
EMPTY = TargetLine(Text("80人以上企业组织覆盖率", "80 staff"), None, Rate(0, 0), 1.0, None)


def month(*targets: TargetLine, **more: object) -> Month:
    given: dict[str, object] = {"issued": {}, "under_way": 0, "late": 0, **more}
    return Month(date(2011, 8, 25), targets, **given)  # type: ignore[arg-type]


def sentences(of: Month) -> str:
    return "\n".join(
        block.text.zh for block in monthly_report(of, OFFICE).blocks if isinstance(block, Paragraph)
    )


@pytest.mark.clause("1.1", "1.2", "1.4", "4.6")
def test_targets_then_and_now() -> None:
    """Before, now, units and 待核 side by side; what is not met is named."""
    paper = monthly_report(month(HAS, ALL, EMPTY), OFFICE)
    (table,) = (block for block in paper.blocks if isinstance(block, Table))
    assert [[cell.zh for cell in row] for row in table.rows] == [
        ["有党员企业组织覆盖率", "100%", "66.7%", "99.9%", "2999/3000", "2"],
        ["总体组建率", "35%", "—", "36.0%", "36/100", "0"],
        ["80人以上企业组织覆盖率", "100%", "—", "—", "—", "0"],
    ]
    assert "3项目标已完成1项，尚未完成的是：有党员企业组织覆盖率、80人以上企业组织覆盖率" in sentences(
        month(HAS, ALL, EMPTY)
    )


@pytest.mark.clause("5.2", "4.3")
def test_only_what_happened_is_said() -> None:
    """Kinds of document with their number, and the cases under way; a quiet month is said to be one."""
    busy = month(
        ALL, issued={PaperKind.REQUEST: 5, PaperKind.REPLY: 4, PaperKind.NOTICE: 4}, under_way=3, late=1
    )
    assert "本月报送请示5件，批复4件。目前在办3件，其中超过时限1件。" in sentences(busy)
    assert "本月没有报送和批复的事项。目前没有在办事项。" in sentences(month(ALL))
    assert "目前在办3件。" in sentences(month(ALL, under_way=3))


def test_parts_and_what_is_blocked() -> None:
    """A row for each area in the order given, and each blockage with its number; neither heading without them."""
    full = month(
        ALL,
        parts=((Text("第一工作片", "A1"), (Rate(3, 4),)),),
        blocked=((Text("还没有摸底", "not surveyed yet"), 12),),
    )
    tables = [block for block in monthly_report(full, OFFICE).blocks if isinstance(block, Table)]
    assert [cell.zh for cell in tables[1].rows[0]] == ["第一工作片", "3/4"]
    assert "1. 还没有摸底，12家。" in sentences(full)
    assert "还没有摸底" not in sentences(month(ALL))


def test_it_goes_to_the_level_above() -> None:
    """From the leading group to those that the policy copies to, with the day at its foot."""
    paper = monthly_report(month(ALL), OFFICE)
    assert paper.title.zh == "关于2011年8月两新组织党建工作进展情况的报告"
    assert paper.addressees is not None
    assert paper.addressees.zh == "市委组织部"
    assert paper.layout == "upward"


@pytest.mark.parametrize(
    ("value", "words"), [(None, "—"), (0.9999, "99.9%"), (1.0, "100.0%"), (0.354, "35.4%")]
)
def test_shares(value: float | None, words: str) -> None:
    """Never 100.0% while one is missing."""
    assert share(value) == words
