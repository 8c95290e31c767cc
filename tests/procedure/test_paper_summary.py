"""总结报告: its figures are those given; what was not reached is named with its number; the office's own part is left open."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from tests.procedure.town_office import policy

from liangxin.coverage.rate import Rate
from liangxin.procedure import PaperKind, office_of
from liangxin.procedure.paper import Paragraph, Table
from liangxin.procedure.paper_monthly import TargetLine
from liangxin.procedure.paper_summary import Drive, FormLine, summary_report
from liangxin.registry.town import Town
from liangxin.wording import Text

OFFICE = office_of(Town("长乐镇", "330683101", ()), policy())
HAS = TargetLine(
    Text("有党员企业组织覆盖率", "with members"), Rate(20, 30), Rate(29, 30), 1.0, date(2011, 8, 31)
)
ALL = TargetLine(Text("总体组建率", "overall"), Rate(10, 100), Rate(36, 100), 0.35, date(2011, 8, 31))
DRIVE = Drive(
    date(2011, 8, 1), date(2011, 9, 20), 120, 110, 108, 97, (HAS, ALL),
    (FormLine(Text("单独组建", "separate"), (5, 9), (5, 9)), FormLine(Text("园区联建", "park"), (8, 27), (2, 6))),
    {PaperKind.REQUEST: 8, PaperKind.REPLY: 8}, 64, ((Text("党建工作指导员", "instructor"), 40), (Text("群团组织", "mass organization"), 12)),
    left=((Text("党员少于3名", "fewer than three"), 1),), rules=(Text("健全规章制度。", "Rules are made."),),
)  # fmt: skip


def sentences(of: Drive) -> str:
    return "\n".join(
        block.text.zh for block in summary_report(of, OFFICE).blocks if isinstance(block, Paragraph)
    )


@pytest.mark.clause("4.6", "1.1", "1.4")
def test_targets_from_the_first_day_to_the_last() -> None:
    """At first and now side by side; met or not in words; how many are short."""
    table = next(block for block in summary_report(DRIVE, OFFICE).blocks if isinstance(block, Table))
    assert [[cell.zh for cell in row] for row in table.rows] == [
        ["有党员企业组织覆盖率", "100%", "66.7%", "96.7%", "29/30", "0", "未完成"],
        ["总体组建率", "35%", "10.0%", "36.0%", "36/100", "0", "完成"],
    ]
    assert "2项目标完成1项。" in sentences(DRIVE)
    assert "有党员企业组织覆盖率还差1家。" in sentences(DRIVE)


@pytest.mark.clause("4.6", "4.1", "4.3", "4.4")
def test_survey_organizations_and_work_coverage() -> None:
    """The sums are those of the table; documents by kind; each of the four haves with its number."""
    said = sentences(DRIVE)
    assert "名册共120家，列入行动范围110家。其中已登门摸底108家，“八清”全部查清97家。" in said
    assert "党组织由7个增加到15个，有党组织的单位由13家增加到36家" in said
    assert "行动期间共有请示8件，批复8件。" in said
    assert "未建党组织的企业64家，其中党建工作指导员40家，群团组织12家。" in said


def test_fewer_than_at_first_is_not_called_more() -> None:
    """Organizations may have been merged: then both numbers stand without a word of growth."""
    merged = replace(DRIVE, forms=(FormLine(Text("园区联建", "park"), (8, 8), (3, 2)),))
    assert "增加" not in sentences(merged)
    assert "开始时3个、现在2个" in sentences(merged)


@pytest.mark.clause("4.6")
def test_why_and_what_stays() -> None:
    """Reasons with their numbers; the notice's words on rules; a place for what the town has issued."""
    said = sentences(DRIVE)
    assert "应建未建的单位1家，按未建原因分：" in said and "1. 党员少于3名，1家。" in said
    assert "健全规章制度。" in said and "已制定的制度和意见（名称和文号由办公室填写" in said
    done = replace(DRIVE, targets=(ALL,), left=(), blocked=(), without=0)
    assert "各项目标都已完成，没有应建未建的单位。" in sentences(done)
    assert "没有未建党组织的企业。" in sentences(done)


def test_it_goes_to_the_level_above() -> None:
    paper = summary_report(DRIVE, OFFICE)
    assert ("关于两新组织党组织组建专项行动情况的总结报告", "upward") == (paper.title.zh, paper.layout)
    assert paper.addressees is not None and "市委组织部" == paper.addressees.zh
