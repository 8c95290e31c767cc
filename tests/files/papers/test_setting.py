"""Where words go: lines of a title, the name over the date, annexes under the text."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from liangxin.files.papers.setting import TITLE_CHARACTERS, annex_lines, signed, title_lines, width
from liangxin.procedure.paper import PRE_2012, Annex, Head, Paper, PaperKind, Paragraph
from liangxin.procedure.paper_words import same

BODY = (Paragraph(same("文")),)


def paper(**more: object) -> Paper:
    return Paper(PaperKind.REPLY, same("批复"), BODY, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("关于成立东片联合党支部的请示", ["关于成立东片联合党支部的请示"]),
        (
            "关于废止《关于同意成立东片联合党支部的批复》（长委〔2011〕44号）的通知",
            ["关于废止《关于同意成立东片联合党支部的", "批复》（长委〔2011〕44号）的通知"],
        ),
        ("关于2011年8月两新组织党建工作进展情况的报告", ["关于2011年8月两新组织", "党建工作进展情况的报告"]),
    ],
)
@pytest.mark.clause("A3")
def test_a_long_title_is_broken_between_words(title: str, lines: list[str]) -> None:
    """Lines of like length; no word of an office torn apart where another place is near."""
    assert title_lines(title, "zh") == lines


@given(st.text(alphabet="关于成立的长乐镇（《》）0123A，党支部", min_size=1, max_size=90))
def test_any_title_is_broken_without_loss(title: str) -> None:
    """All characters in order, no line wider than the text, none that begins with a closing mark."""
    lines = title_lines(title, "zh")
    assert "".join(lines) == title
    assert all(line for line in lines)
    assert all(line[0] not in "，）》的" for line in lines[1:])


@pytest.mark.parametrize(
    ("title", "together"),
    [
        ("关于同意成立长乐镇东片㙦头工业集聚区A&B<联合>党支部等40个党组织的批复", ("集聚区", "40个")),
        ("关于废止《关于同意成立第1厂党支部等3个党组织的批复》（长委〔2011〕44号）中同意成立第2厂党支部的部分的通知", ("3个", "44号")),
    ],
)  # fmt: skip
def test_a_number_stays_with_what_it_counts(title: str, together: tuple[str, ...]) -> None:
    lines = title_lines(title, "zh")
    assert title == "".join(lines) and len(lines) > 1
    assert all(any(words in line for line in lines) for words in together)


@given(st.text(alphabet="成立长乐镇党支部工业园区", min_size=21, max_size=90))
@example("成" * 18 + "成立" + "成" * 21 + "成" * 18)
@example(
    "园园成业支支工党业工成乐业部支支成工部成立党支成支工支成部工区乐成部长支部立部长党区园长党工镇园工支工业工长业长镇长业区长园长业工立业园立长工党立立工业工部部镇"
)
def test_plain_titles_fit(title: str) -> None:
    """Of plain characters no line is wider than twenty."""
    assert all(width(line) <= TITLE_CHARACTERS for line in title_lines(title, "zh"))


@pytest.mark.clause("A3")
def test_the_name_is_centred_over_the_date_and_never_outside() -> None:
    """Four characters free at the right of the date; a very long name ends at the edge of the text."""
    short = signed(paper(signed=same("中共长乐镇委员会"), day=date(2011, 8, 9)), "zh")
    assert short is not None
    assert short.day == "2011年8月9日"
    assert short.day_indent == 4
    assert short.by_indent == 4 + 6 / 2 - 8 / 2
    old = signed(paper(signed=same("中共长乐镇委员会"), day=date(2011, 8, 9), style=PRE_2012), "zh")
    assert old is not None
    assert old.day == "二〇一一年八月九日"
    long = signed(paper(signed=same("长" * 30), day=date(2011, 8, 9)), "zh")
    assert long is not None
    assert long.by_indent == 0


@pytest.mark.clause("A3")
def test_annexes_are_numbered_where_there_are_several() -> None:
    """附件：名册 alone; 1. 2. below one another; further pages of the same kind are no annexes, forms name none."""
    head = Head(same("中共长乐镇委员会文件"))
    one, two = Annex(same("附件"), same("名册"), BODY), Annex(same(""), same("批复"), ())
    page = Annex(same(""), same("承诺书"), BODY)
    assert annex_lines(paper(head=head, annexes=(one,)), "zh") == [("附件：", "名册")]
    assert annex_lines(paper(head=head, annexes=(one, two)), "zh") == [
        ("附件：", "1. 名册"),
        ("\u3000\u3000\u3000", "2. 批复"),
    ]
    assert annex_lines(paper(head=head, annexes=(page,)), "zh") == []
    assert annex_lines(paper(annexes=(one,)), "zh") == []
