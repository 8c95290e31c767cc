"""The made PDF measured against GB/T 9704: page, type, letterhead, red rule, number, date, imprint; and names as they are."""

from __future__ import annotations

import itertools
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.files.papers import measured
from tests.files.papers.documents import LONG, ODD, matter, papers, whole_way
from tests.files.papers.measured import MM, Word
from tests.procedure.town_office import requested

from liangxin.files.official_page import Fonts
from liangxin.files.papers import PdfFonts, write_docx, write_pdf
from liangxin.findings import InputError
from liangxin.procedure import Paper, PaperKind
from liangxin.procedure.paper import PRE_2012, Paragraph, Table
from liangxin.procedure.paper_words import same
from liangxin.wording import LANGUAGES, Lang

pytestmark = [pytest.mark.office]

NEW = "gbt9704-2012"
LEFT, RIGHT, TOP, BOTTOM = 28 * MM, 184 * MM, 37 * MM, 262 * MM
NEAR = 0.2 * MM


@pytest.fixture(scope="module")
def old() -> dict[PaperKind, Paper]:
    return whole_way(style=PRE_2012)


@pytest.fixture(scope="module")
def new() -> dict[PaperKind, Paper]:
    return whole_way(style=NEW)


@pytest.fixture(scope="module")
def reply(new: dict[PaperKind, Paper]) -> bytes:
    return write_pdf(new[PaperKind.REPLY])


def named(words: list[Word], text: str) -> Word:
    """The first word that begins so."""
    return next(word for word in words if word.text.startswith(text))


def inked_left(word: Word) -> float:
    """Where the ink begins: the left half of an opening mark is blank."""
    return word.left + (8.5 if word.text[0] in "（《“〔" else 0)


def inked_right(word: Word) -> float:
    """Where the ink ends: the right half of a closing mark at the end of a line is blank and may stand outside."""
    return word.right - (8.5 if word.text[-1] in "，。、；：）》”〕" else 0)


@pytest.mark.clause("A3")
def test_22_lines_of_28_characters_fill_the_text_area(new: dict[PaperKind, Paper]) -> None:
    """156 x 225 mm, 37 mm from the top and 28 from the left: the first character touches its top, the last its foot."""
    long = Paragraph(same("字" * (28 * 22 * 3)), indented=False)
    pdf = write_pdf(replace(new[PaperKind.REPLY], blocks=(long,)))
    lines = [word for word in measured.words(pdf, 2) if "字" in word.text]
    assert [len(line.text) for line in lines] == [28] * 22
    assert lines[0].top == pytest.approx(TOP, abs=NEAR)
    assert lines[-1].bottom == pytest.approx(BOTTOM, abs=NEAR)
    for line in lines:
        assert line.left == pytest.approx(LEFT, abs=NEAR)
        assert line.right == pytest.approx(RIGHT, abs=NEAR)
        assert line.bottom - line.top == pytest.approx(16, abs=0.01)
    gaps = [after.top - before.top for before, after in itertools.pairwise(lines)]
    assert max(gaps) - min(gaps) < 0.01


@pytest.mark.clause("A3")
def test_the_page_is_a4_and_pdf_a(reply: bytes) -> None:
    """210 x 297 mm, and the file says that it is PDF/A-2b."""
    from pypdf import PdfReader

    reader = PdfReader(BytesIO(reply))
    box = reader.pages[0].mediabox
    assert float(box.width) == pytest.approx(210 * MM, abs=0.01)
    assert float(box.height) == pytest.approx(297 * MM, abs=0.01)
    metadata = reader.trailer["/Root"]["/Metadata"].get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part>" in metadata
    assert "<pdfaid:conformance>B</pdfaid:conformance>" in metadata


@pytest.mark.clause("A3")
def test_letterhead_number_and_red_rule(reply: bytes) -> None:
    """The body in red 35 mm down, the number in the middle two lines under it, the rule 4 mm below that, as wide as the text."""
    words = measured.words(reply, 1)
    body, serial = named(words, "中共长乐镇委员会文件"), named(words, "长委〔2011〕44号")
    assert body.top == pytest.approx(TOP + 35 * MM, abs=NEAR)
    assert (body.left + body.right) / 2 == pytest.approx((LEFT + RIGHT) / 2, abs=1)
    assert (serial.left + serial.right) / 2 == pytest.approx((LEFT + RIGHT) / 2, abs=1)
    assert serial.bottom - serial.top == pytest.approx(16, abs=0.01)
    assert serial.top - body.bottom == pytest.approx(2 * 29.6, abs=1)
    title = named(words, "关于同意成立")
    (rule,) = (rule for rule in measured.rules(reply, 1) if rule.red)
    assert rule.top - serial.bottom == pytest.approx(4 * MM, abs=NEAR)
    assert title.top - rule.bottom == pytest.approx(2 * 29.6, abs=2)
    assert rule.left == pytest.approx(LEFT, abs=NEAR)
    assert rule.right == pytest.approx(RIGHT, abs=NEAR)


@pytest.mark.clause("A3", "5.2")
def test_type_sizes(reply: bytes) -> None:
    """Body and number 三号 (16 pt), title 二号 (22 pt), imprint and page number 四号 (14 pt)."""
    first, last = measured.sizes(reply, 1), measured.sizes(reply, measured.pages(reply))
    assert first["关于同意成立东片联合党支部的批复"][0] == 22
    assert first["第一工作片党总支："][0] == 16
    assert first["— 1 —"][0] == 14
    assert last["中共长乐镇委员会办公室"][0] == 14
    assert first["关于同意成立东片联合党支部的批复"][1].endswith("NotoSerifCJKsc-Bold-Identity-H")


@pytest.mark.clause("A3")
def test_headings_have_their_own_type(new: dict[PaperKind, Paper]) -> None:
    """一、 is 黑体, the text under it is not."""
    sizes = measured.sizes(write_pdf(new[PaperKind.REQUEST]), 1)
    assert "NotoSansCJK" in next(font for piece, (_, font) in sizes.items() if piece.startswith("一、"))
    assert "NotoSerifCJK" in next(font for piece, (_, font) in sizes.items() if piece.startswith("拟成立"))


@pytest.mark.clause("A3", "5.2")
def test_a_request_goes_up(new: dict[PaperKind, Paper]) -> None:
    """Number at the left and 签发人 at the right, each a character in; it ends with 妥否，请批示。"""
    pdf = write_pdf(new[PaperKind.REQUEST])
    signer = named(measured.words(pdf, 1), "签发人：")
    assert signer.left + (4 + 4) * 16 == pytest.approx(RIGHT - 16, abs=4)  # four characters for the name
    year = named(measured.words(pdf, 1), "〔2011〕")
    assert year.left == pytest.approx(LEFT + 3 * 16, abs=4)  # two of the body's own code before it
    assert year.top == pytest.approx(signer.top, abs=0.1)
    assert "妥否，请批示。" in measured.text(pdf)
    assert "请批示" not in measured.text(write_pdf(new[PaperKind.REPLY]))


@pytest.mark.clause("A3")
@pytest.mark.parametrize(("style", "date"), [(NEW, "2011年8月12日"), (PRE_2012, "二〇一一年八月十二日")])
def test_the_date_stands_four_characters_in(style: str, date: str) -> None:
    """Right edge four characters from the text's; in Chinese numerals before 2012; the name centred over it."""
    pdf = write_pdf(whole_way(style=style)[PaperKind.REPLY])
    words = [word for page in range(1, measured.pages(pdf) + 1) for word in measured.words(pdf, page)]
    signed = [word for word in words if word.text == "中共长乐镇委员会"][-1]
    day = [word for word in words if word.text == date][-1]
    assert day.right == pytest.approx(RIGHT - 4 * 16, abs=0.5)
    assert (day.left + day.right) / 2 == pytest.approx((signed.left + signed.right) / 2, abs=1)
    assert day.top > signed.bottom


@pytest.mark.clause("A3")
def test_the_imprint_stands_at_the_foot_of_the_last_page(
    new: dict[PaperKind, Paper], old: dict[PaperKind, Paper]
) -> None:
    """Rules as wide as the text, the last on the foot of the text area; copy-to between them; subject words before 2012."""
    for paper, expected in ((new[PaperKind.REPLY], 3), (old[PaperKind.REPLY], 4)):
        pdf = write_pdf(paper)
        last = measured.pages(pdf)
        rules = measured.rules(pdf, last)
        assert [rule.red for rule in rules] == [False] * expected
        assert rules[-1].bottom == pytest.approx(BOTTOM, abs=0.5 * MM)
        assert rules[0].left == pytest.approx(LEFT, abs=NEAR)
        copy = named(measured.words(pdf, last), "抄送：市委组织部。")
        assert rules[-3].bottom < copy.top < copy.bottom < rules[-2].top
        assert copy.left == pytest.approx(LEFT + 14, abs=0.5)
        assert ("主题词：" in measured.text(pdf)) == (paper.style == PRE_2012)


@pytest.mark.clause("A3")
def test_page_numbers_are_outside(old: dict[PaperKind, Paper]) -> None:
    """— 1 — at the right, — 2 — at the left, one character in, 7 mm below the text."""
    pdf = write_pdf(old[PaperKind.REQUEST])
    for page in (1, 2, 3):
        parts = [word for word in measured.words(pdf, page) if word.top > BOTTOM]
        assert "".join(word.text for word in parts) == f"—{page}—"
        if page % 2:
            assert parts[-1].right == pytest.approx(
                RIGHT - 14, abs=3
            )  # the dash is drawn narrower than its box
        else:
            assert parts[0].left == pytest.approx(LEFT + 14, abs=0.5)
        middle = (parts[0].top + parts[0].bottom) / 2
        assert middle == pytest.approx(BOTTOM + 7 * MM, abs=MM)


@pytest.mark.clause("4.3", "2.3")
def test_forty_units_go_over_pages_with_the_header_again() -> None:
    """Each unit once, the header on every page of the roster, nothing below the text area."""
    made = papers(requested(matter(40)))
    pdf = write_pdf(made[PaperKind.REQUEST])
    everything = measured.text(pdf)
    assert all(everything.count(f"长乐镇第{number}电机配件厂") >= 1 for number in range(1, 41))
    assert "等40家单位" in everything
    with_header = [
        page
        for page in range(1, measured.pages(pdf) + 1)
        if any(word.text == "单位名称" for word in measured.words(pdf, page))
    ]
    assert len(with_header) >= 2
    for page in range(1, measured.pages(pdf) + 1):
        inside = [
            word for word in measured.words(pdf, page) if "—" not in word.text and not word.text.isdigit()
        ]
        assert max(word.bottom for word in inside) < BOTTOM + 1
        assert all(inked_right(word) < RIGHT + 1 for word in inside)


@pytest.mark.clause("2.3", "4.3")
def test_a_commitment_for_each_attached_unit() -> None:
    """Thirty-nine attached units sign thirty-nine pages, the lead unit none."""
    pdf = write_pdf(papers(requested(matter(40)))[PaperKind.COMMITMENT])
    assert measured.pages(pdf) == 39
    assert "长乐镇第40电机配件厂现有" in measured.text(pdf)
    assert "长乐镇第1电机配件厂现有" not in measured.text(pdf)


@pytest.mark.parametrize("name", [LONG, ODD])
@pytest.mark.parametrize("kind", [PaperKind.REQUEST, PaperKind.ROSTER, PaperKind.MINUTES])
def test_names_stand_as_they_are(name: str, kind: PaperKind) -> None:
    """Long names wrap; & < > { and rare characters are printed, in text and in tables, not as boxes or nothing."""
    about = matter(3, ("甲厂", name))
    made = whole_way(replace(about, title=f"关于成立{name}联合党支部的请示"))
    assert (
        "".join(name.split()) in measured.text(write_pdf(made[kind])).replace("\u00ad", "")
        or kind is PaperKind.ROSTER
    )
    if kind is PaperKind.ROSTER:
        pdf = write_pdf(made[kind])
        cell = "".join(
            word.text
            for word in sorted(measured.words(pdf, 1), key=lambda word: (round(word.top), word.left))
            if LEFT + 13 * MM < word.left < LEFT + 68 * MM
        )
        assert "".join(name.split()) in cell


@pytest.mark.parametrize("bad", ["\ue123", "\x07", "\U000f0000"])
def test_characters_of_nobody_else_are_refused(bad: str) -> None:
    """A private or control character is named with its code, before anything is made."""
    with pytest.raises(InputError, match=f"U\\+{ord(bad):04X}"):
        write_pdf(papers(requested(matter(3, (f"甲{bad}厂",))))[PaperKind.REQUEST])


def test_a_character_without_a_glyph_is_refused() -> None:
    """One of Unicode's newest, which no font here has: refused by name, never a box."""
    with pytest.raises(InputError) as refused:
        write_pdf(papers(requested(matter(3, ("甲\U00031350厂",))))[PaperKind.REQUEST])
    assert refused.value.findings[0].code == "paper.no_glyph"


def test_a_font_the_office_names_must_be_there() -> None:
    """Strict: an official document is not set in another font than the office's without a word."""
    fonts = PdfFonts(Fonts(body="某某仿宋"), strict=True)
    with pytest.raises(InputError, match="某某仿宋"):
        write_pdf(papers(requested())[PaperKind.REQUEST], fonts=fonts)


def test_a_folder_of_fonts_that_is_not_there(tmp_path: Path) -> None:
    """Said by name."""
    with pytest.raises(InputError, match="字体文件夹"):
        write_pdf(papers(requested())[PaperKind.REQUEST], fonts=PdfFonts(folder=tmp_path / "fonts"))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("style", [PRE_2012, NEW])
def test_every_kind_is_made(lang: Lang, style: str) -> None:
    """All documents of a case in both languages, none beyond its margins; the same document gives the same bytes."""
    made = whole_way(style=style)
    assert len(made) == 11
    for kind, paper in made.items():
        pdf = write_pdf(paper, lang)
        assert pdf == write_pdf(paper, lang), kind
        for page in range(1, measured.pages(pdf) + 1):
            for word in measured.words(pdf, page):
                assert LEFT - 1 < inked_left(word), (kind, page, word)
                assert inked_right(word) < RIGHT + 1, (kind, page, word)


def test_the_approval_form_stays_on_its_page(old: dict[PaperKind, Paper]) -> None:
    """The form with all its opinions is one page, its roster the next."""
    pdf = write_pdf(old[PaperKind.APPROVAL_FORM])
    assert measured.pages(pdf) == 2
    assert "镇党委意见" in "".join(word.text for word in measured.words(pdf, 1))
    assert isinstance(old[PaperKind.APPROVAL_FORM].annexes[0].blocks[0], Table)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(name=st.text(alphabet=st.characters(codec="utf-8"), min_size=1, max_size=30).filter(str.strip))
def test_any_name_is_printed_or_refused(name: str) -> None:
    """Whatever somebody calls a firm: in the PDF as it is, or refused with the character; in Word likewise."""
    paper = papers(requested(matter(3, ("甲厂", name))))[PaperKind.ROSTER]
    try:
        pdf = write_pdf(paper)
    except InputError as refused:
        assert refused.findings[0].code in ("paper.character", "paper.no_glyph")
        assert not all(
            "\u4e00" <= each <= "\u9fa5" or (each.isascii() and each.isprintable()) for each in name
        )
    else:
        assert measured.pages(pdf) == 1
        write_docx(paper)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    name=st.text(alphabet="长乐镇电机厂&<>\"'{}%#$\\*_`~@[]()-=/:.0A㙟𠮷喆·（）《》", min_size=1, max_size=18)
)
@example(name="0000<@㙟㙟）:《00000")
def test_names_of_marks_come_out_letter_by_letter(name: str) -> None:
    """Marks of typesetting, templates and XML are letters like others, in both files."""
    paper = papers(requested(matter(2, ("甲厂", f"某{name}某"))))[PaperKind.REQUEST]
    said = "".join(f"甲厂、某{name}某现有".split())
    assert said in "".join(measured.written(write_pdf(paper)).split("—1—"))
    body = docx.Document(BytesIO(write_docx(paper))).element.body
    assert said in "".join("".join(node.text or "" for node in body.iter(qn("w:t"))).split())
