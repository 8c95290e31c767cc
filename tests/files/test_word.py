"""The Word documents: the page of the standard, the numbers of the indicators, names as they are."""

from __future__ import annotations

import itertools
import re
import subprocess
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn

from liangxin.files import official_page as page
from liangxin.files.dossier import Dossier
from liangxin.files.implementation_plan import plan_facts, unnumbered, write_implementation_plan
from liangxin.files.task_groups import group_facts, write_task_groups
from liangxin.files.word import day, ordinal, period
from liangxin.files.word_templates import FOLDER, make_all
from liangxin.findings import InputError
from liangxin.wording import LANGUAGES, Lang


def words(path: Path) -> list[str]:
    """Every paragraph of the body and of its tables, in order of the file."""
    body = docx.Document(str(path)).element.body
    return [
        "".join(
            node.text or ("\n" if node.tag == qn("w:br") else "")
            for node in paragraph.iter(qn("w:t"), qn("w:br"))
        )
        for paragraph in body.iter(qn("w:p"))
    ]


@pytest.fixture(scope="module")
def plan_docx(dossier: Dossier, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("word") / "implementation-plan.docx"
    write_implementation_plan(path, dossier)
    return path


def rows(path: Path, table: int) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in docx.Document(str(path)).tables[table].rows]


@pytest.mark.clause("4.2")
def test_headings_are_those_the_notice_asks_for(plan_docx: Path) -> None:
    """Guiding idea, targets, steps and the plan of establishment, in this order."""
    headings = [
        paragraph.text
        for paragraph in docx.Document(str(plan_docx)).paragraphs
        if paragraph.style is not None and paragraph.style.name == page.HEADING_1
    ]
    assert headings == [
        "一、指导思想",
        "二、摸底情况",
        "三、目标要求",
        "四、推进步骤",
        "五、组建方案",
        "六、保障措施",
    ]


@pytest.mark.clause("4.2", "1.1", "1.4")
def test_targets_are_the_plan_s_numbers(dossier: Dossier, plan_docx: Path) -> None:
    """Each indicator of the plan is a row of table 1 with the same numerator and denominator, before and after."""
    table = rows(plan_docx, 0)[1:]
    with_target = [change for change in dossier.plan.indicators if change.target is not None]
    assert [change.id for change in with_target] == ["1.1", "1.2", "1.3", "1.4", "1.5"]
    for change, (label, _, before, after, _) in zip(with_target, table, strict=True):
        assert change.label.zh == label
        for rate, cell in ((change.before, before), (change.after, after)):
            counted = f"{rate.numerator}/{rate.denominator}"
            assert (counted if rate.denominator else "—") in cell


@pytest.mark.clause("2.1", "2.3", "2.7")
def test_forms_add_up(dossier: Dossier, plan_docx: Path) -> None:
    """Units by form add up to the units that the plan covers; organizations to those that stand then."""
    table = rows(plan_docx, 1)[1:]
    assert table[-1][0] == "合计"
    assert int(table[-1][3]) == sum(decision.form != "none" for decision in dossier.plan.units) == 7
    assert int(table[-1][4]) == 4
    assert [row for row in table if row[0] == "园区联建"] == [["园区联建", "2.3", "2", "3", "1", "1"]]


def test_areas_add_up(dossier: Dossier, plan_docx: Path) -> None:
    """Units by area add up to the base."""
    table = rows(plan_docx, 2)[1:]
    assert [row[0] for row in table] == ["第一工作片", "第二工作片", "合计"]
    assert table[-1][1] == str(dossier.plan.roster.in_scope)
    assert table[-1][5] == "3"


@pytest.mark.clause("4.1", "1.1")
def test_members_in_words_are_those_of_the_indicator(dossier: Dossier) -> None:
    """The enterprises with members in the text are the denominator of 1.1."""
    counted = plan_facts(dossier, "zh")["count"]
    indicator = next(change for change in dossier.plan.indicators if change.id == "1.1")
    assert counted["enterprises_with_members"] == indicator.before.denominator == 7
    assert counted["with_members"] == 8  # the kindergarten is no enterprise


def steps_of(lines: list[str]) -> dict[str, str]:
    """What is said under each numbered step of section 4, by the step's label."""
    section = lines[lines.index("四、推进步骤") : lines.index("五、组建方案")]
    return {
        heading.split("）", 1)[1].split("（")[0]: body
        for heading, body in itertools.pairwise(section)
        if heading.startswith("（")
    }


@pytest.mark.clause("4.4", "4.6")
def test_steps_say_all_parts_of_their_clause(dossier: Dossier, plan_docx: Path) -> None:
    """The four haves and then the institutions in one step; standing rules and the long-term mechanism in the last."""
    steps, texts = steps_of(words(plan_docx)), dossier.policy.texts
    assert steps["实行工作覆盖，完善制度机制"] == texts["work_coverage"].zh + texts["institutions"].zh
    for part in ("四个有", "比学赶超", "“五好”", "阵地建设", "组织活动", "经费保障", "党务工作者考核"):
        assert part in steps["实行工作覆盖，完善制度机制"]
    assert list(steps)[-1] == "总结完善"
    assert "长效机制" in steps["总结完善"]


@pytest.mark.clause("4.5", "5.1", "5.2", "5.3")
def test_safeguards_are_led_ordered_staffed_and_made_known(dossier: Dossier, plan_docx: Path) -> None:
    """Section 6: who leads, the procedure, the four channels of instructors, and publicity with its three parts."""
    lines, texts = words(plan_docx), dossier.policy.texts
    section = lines[lines.index("六、保障措施") :]

    def under(start: str, end: str) -> str:
        at = section.index(start)
        return "".join(
            section[at + 1 : next(i for i in range(at, len(section)) if section[i].startswith(end))]
        )

    led = under("（一）加强领导，落实责任", "（二）")
    assert texts["responsibility"].zh in led
    assert dossier.body("leading_group").zh in led
    assert texts["procedure"].zh in under("（二）明确程序，规范组建", "（三）")
    staffed = under("（三）选配力量，扩大工作覆盖", "（四）")
    for channel in ("专职、兼职", "内部推优", "组织选派", "外部招聘", "公开选拔", "专职副书记"):
        assert channel in staffed
    known = under("（四）全员发动，营造氛围", "附件")
    assert known == texts["publicity"].zh + texts["owners"].zh + texts["models"].zh


@pytest.mark.clause("1.5", "4.5")
def test_who_is_served_and_who_is_not_with_both_numbers(plan_docx: Path) -> None:
    """Never that all are looked after where instructors are too few."""
    text = "".join(words(plan_docx))
    assert "未建立党组织的企业4家：由指导员联系2家" in text
    assert "没有指导员联系2家，需增配指导员" in text


def test_infeasible_parts_are_named(plan_docx: Path) -> None:
    """What cannot be met is said with its numbers, not left out."""
    assert "1．新联机械有限公司3公里内只有正式党员1名，联合组建至少需要3名" in words(plan_docx)


def test_conflict_is_named(plan_docx: Path) -> None:
    """A contradiction between rules and facts is in the document."""
    assert any("应单独组建，但正式党员只有1名（同类共1家）" in line for line in words(plan_docx))


def test_steps_come_after_what_must_be_done_before(dossier: Dossier) -> None:
    """The order is by possible days, not the notice's: instructors before work coverage, the plan after the survey."""
    labels = [step["label"] for step in plan_facts(dossier, "zh")["steps"]]
    policy = dossier.policy
    position = {milestone.id: labels.index(milestone.label.zh) for milestone in policy.milestones}
    assert position["instructors"] < position["work_coverage"]
    for milestone in policy.milestones:
        for before in milestone.predecessors:
            assert position[before] < position[milestone.id]


@pytest.mark.clause("A3")
def test_the_document_s_own_marks(dossier: Dossier, plan_docx: Path) -> None:
    """Letterhead, a serial number still to be given, addressees, subject words, copy to, date."""
    lines = words(plan_docx)
    assert lines[0] == "中共石溪镇委员会文件"
    assert lines[1] == "长委〔2011〕　　号"
    assert lines[2] == "关于石溪镇非公企业党建覆盖实施方案"
    assert "主题词：非公企业党组织　组建专项行动　通知" in lines
    assert "抄送：市委组织部。" in lines
    assert "2011年8月15日" in lines


@pytest.mark.clause("A2", "5.1")
def test_task_groups(dossier: Dossier, tmp_path: Path) -> None:
    """Annex 2: every group with its areas, its units and what it has to set up; units add up to the base."""
    write_task_groups(tmp_path / "task-groups.docx", dossier)
    table = rows(tmp_path / "task-groups.docx", 0)
    assert table[1] == ["1", "第一推进组", "第一工作片", "7", "3", "镇人大主席", ""]
    assert table[2] == ["2", "第二推进组", "第二工作片", "3", "1", "", ""]
    assert table[-1][1:5] == ["合计", "", str(dossier.plan.roster.in_scope), "4"]


def test_names_survive(dossier: Dossier, tmp_path: Path) -> None:
    """& < > and a rare character are as in the ledger; a control character that Word refuses is left out."""
    from dataclasses import replace

    from liangxin.planning.plan import Infeasible
    from liangxin.wording import Text

    odd = Infeasible(("2",), "1.1", Text("永顺&<兴达>\x0b𠮷祥{{ x }}", "odd"))
    plan = replace(dossier.plan, infeasible=(odd,))
    write_implementation_plan(tmp_path / "a.docx", Dossier(dossier.classification, plan, dossier.town))
    assert "1．永顺&<兴达>𠮷祥{{ x }}" in words(tmp_path / "a.docx")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_is_left_to_fill(dossier: Dossier, tmp_path: Path, lang: Lang) -> None:
    """No place of the template is left over, in either language."""
    write_implementation_plan(tmp_path / "a.docx", dossier, lang)
    write_task_groups(tmp_path / "b.docx", dossier, lang)
    left = [
        line
        for name in ("a.docx", "b.docx")
        for line in words(tmp_path / name)
        if "{" in line or "%}" in line
    ]
    assert left == []


def test_no_empty_paragraph_where_nothing_is_said(dossier: Dossier, tmp_path: Path) -> None:
    """A sentence that does not apply leaves no gap."""
    write_implementation_plan(tmp_path / "a.docx", dossier)
    bodies = [
        paragraph.text
        for paragraph in docx.Document(str(tmp_path / "a.docx")).paragraphs
        if paragraph.style is not None and paragraph.style.name == page.BODY
    ]
    assert "" not in bodies


def test_page_of_the_standard(plan_docx: Path) -> None:
    """A4, 37 mm above, 28 mm left, 156 x 225 mm of text."""
    section = docx.Document(str(plan_docx)).sections[0]
    assert section.page_width is not None and section.left_margin is not None
    assert section.page_height is not None and section.top_margin is not None
    assert section.right_margin is not None and section.bottom_margin is not None
    assert round(section.page_width.mm) == 210
    assert round(section.top_margin.mm) == 37
    assert round(section.left_margin.mm) == 28
    assert round((section.page_width - section.left_margin - section.right_margin) / 36000) == 156
    assert round((section.page_height - section.top_margin - section.bottom_margin) / 36000) == 225


def test_fonts_are_in_styles_only(plan_docx: Path) -> None:
    """An office changes a font in one place: no run names one."""
    body = docx.Document(str(plan_docx)).element.body
    assert [] == [node for run in body.iter(qn("w:r")) for node in run.iter(qn("w:rFonts"))]


def test_committed_templates_are_those_made(tmp_path: Path) -> None:
    """The templates of the package are what the script makes today."""
    for path in make_all(tmp_path):
        made, kept = docx.Document(str(path)), docx.Document(str(FOLDER / path.name))
        assert made.element.xml == kept.element.xml
        assert made.styles.element.xml == kept.styles.element.xml


def test_the_office_s_own_template(dossier: Dossier, tmp_path: Path) -> None:
    """A template in the office's folder is taken instead of ours; what is not there comes from ours."""
    own = docx.Document()
    own.add_paragraph("本镇样式：{{ town }}，{{ count.in_scope }}家")
    own.save(str(tmp_path / "implementation-plan.zh.docx"))
    write_implementation_plan(tmp_path / "a.docx", dossier, "zh", tmp_path)
    assert words(tmp_path / "a.docx") == ["本镇样式：石溪镇，10家"]
    write_task_groups(tmp_path / "b.docx", dossier, "zh", tmp_path)
    assert words(tmp_path / "b.docx")[0] == "附件2"


def test_a_misspelt_place_is_an_error(dossier: Dossier, tmp_path: Path) -> None:
    """Never a silent blank in an official document."""
    own = docx.Document()
    own.add_paragraph("{{ twon }}")
    own.save(str(tmp_path / "implementation-plan.zh.docx"))
    with pytest.raises(InputError, match="twon"):
        write_implementation_plan(tmp_path / "a.docx", dossier, "zh", tmp_path)


@pytest.mark.parametrize(
    "place", ["{{ count.units + town }}", "{{ 1 / 0 }}", "{{ town.__class__.__mro__ }}", "{% if %}"]
)
def test_a_template_that_cannot_be_worked_out(dossier: Dossier, tmp_path: Path, place: str) -> None:
    """Whatever is written between the braces, it is one sentence and no code of the template's is run."""
    own = docx.Document()
    own.add_paragraph(place)
    own.save(str(tmp_path / "implementation-plan.zh.docx"))
    with pytest.raises(InputError, match="模板"):
        write_implementation_plan(tmp_path / "a.docx", dossier, "zh", tmp_path)


def test_a_template_that_is_no_word_file(dossier: Dossier, tmp_path: Path) -> None:
    """One sentence, not a traceback."""
    (tmp_path / "task-groups.zh.docx").write_text("hello")
    with pytest.raises(InputError, match="模板"):
        write_task_groups(tmp_path / "b.docx", dossier, "zh", tmp_path)


def test_units_of_groups_cover_the_base(dossier: Dossier) -> None:
    """No unit of the base falls between the groups."""
    facts: dict[str, Any] = group_facts(dossier, "zh")
    assert facts["groups_total"]["units"] == dossier.plan.roster.in_scope


def test_dates_and_numbers_in_chinese() -> None:
    """No leading zeros; what two days share is said once; ordinals beyond ten."""
    from datetime import date

    assert day(date(2011, 8, 9), "zh") == "2011年8月9日"
    assert period(date(2011, 8, 21), date(2011, 9, 5), "zh") == "2011年8月21日—9月5日"
    assert period(None, date(2011, 8, 31), "zh") == "2011年8月31日前"
    assert [ordinal(number, "zh") for number in (1, 10, 11, 20, 23)] == ["一", "十", "十一", "二十", "二十三"]
    assert unnumbered("长委〔2011〕44号", 2012) == "长委〔2012〕　　号"


def convert(path: Path, folder: Path) -> Path:
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation=file://{folder}/profile",
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            str(folder),
            str(path),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return folder / f"{path.stem}.pdf"


def page_text(pdf: Path, number: int) -> list[str]:
    made = subprocess.run(
        ["pdftotext", "-layout", "-f", str(number), "-l", str(number), str(pdf), "-"],
        check=True,
        capture_output=True,
        text=True,
    )
    return ["".join(line.split()) for line in made.stdout.splitlines() if line.strip()]


@pytest.mark.office
@pytest.mark.slow
def test_22_lines_of_28_characters(tmp_path: Path) -> None:
    """LibreOffice lays a page of plain text out as the standard says: 22 lines, 28 characters each."""
    document = page.new_document()
    for _ in range(2):
        document.add_paragraph("字" * (28 * 22), style=page.ADDRESSEES)
    document.save(str(tmp_path / "full.docx"))
    lines = page_text(convert(tmp_path / "full.docx", tmp_path), 1)
    assert [len(line) for line in lines] == [28] * 22 + [len("—1—")]


@pytest.mark.office
@pytest.mark.slow
@pytest.mark.clause("4.2", "A3")
def test_libreoffice_opens_it(plan_docx: Path, tmp_path: Path) -> None:
    """The whole document converts; page numbers are odd right and even left; the imprint is on the last page."""
    pdf = convert(plan_docx, tmp_path)
    info = subprocess.run(["pdfinfo", str(pdf)], check=True, capture_output=True, text=True).stdout
    pages = int(next(line.split()[1] for line in info.splitlines() if line.startswith("Pages")))
    assert 4 <= pages <= 9
    assert page_text(pdf, 1)[0] == "中共石溪镇委员会文件"
    last = "".join(page_text(pdf, pages))
    assert "抄送" in last
    assert "主题词" in last
    assert number_left_edge(pdf, 1) > 400  # points of 595
    assert number_left_edge(pdf, 2) < 150


def number_left_edge(pdf: Path, number: int) -> float:
    """Where the page number of a page begins."""
    made = subprocess.run(
        ["pdftotext", "-bbox", "-f", str(number), "-l", str(number), str(pdf), "-"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    placed = re.findall(r'xMin="([\d.]+)" yMin="([\d.]+)".*>—', made)
    return float(max(placed, key=lambda place: float(place[1]))[0])
