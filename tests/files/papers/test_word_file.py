"""The Word files: the same words as the PDF, the office's own templates, and LibreOffice's view of them."""

from __future__ import annotations

import subprocess
from io import BytesIO
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn
from tests.files.papers import measured
from tests.files.papers.documents import LONG, ODD, matter, papers, whole_way
from tests.procedure.town_office import requested

from liangxin.files import official_page as page
from liangxin.files.papers import write_docx, write_pdf
from liangxin.files.papers.from_word import read_document
from liangxin.files.papers.templates import FOLDER, make_all
from liangxin.findings import InputError
from liangxin.procedure import Paper, PaperKind
from liangxin.procedure.paper import PRE_2012, Heading, Paragraph, Table
from liangxin.wording import LANGUAGES, Lang

NEW = "gbt9704-2012"


def opened(made: bytes) -> docx.document.Document:
    return docx.Document(BytesIO(made))


def words(made: bytes) -> str:
    """All text of the body and its tables, without spaces."""
    body = opened(made).element.body
    return "".join("".join(node.text or "" for node in body.iter(qn("w:t"))).split())


@pytest.fixture(scope="module")
def old() -> dict[PaperKind, Paper]:
    return whole_way(style=PRE_2012)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_sentence_stands_in_the_word_file(old: dict[PaperKind, Paper], lang: Lang) -> None:
    """Title, every paragraph and every cell of each document of a case, in its styles."""
    for kind, paper in old.items():
        text = words(write_docx(paper, lang))
        for block in (*paper.blocks, *(block for annex in paper.annexes for block in annex.blocks)):
            said = (
                [block.text]
                if isinstance(block, Heading | Paragraph)
                else [cell for row in block.rows for cell in row]
                if isinstance(block, Table)
                else []
            )
            for each in said:
                assert "".join(each.in_language(lang).split()) in text, kind
        assert "".join(paper.title.in_language(lang).split()) in text


@pytest.mark.clause("A3", "5.2")
def test_the_marks_are_where_the_styles_say(old: dict[PaperKind, Paper]) -> None:
    """Letterhead, number, title, addressee, signature and date each in its own style; the name over the date."""
    document = opened(write_docx(old[PaperKind.REPLY]))
    by_style = {
        paragraph.style.name: paragraph for paragraph in document.paragraphs if paragraph.style is not None
    }
    assert by_style[page.LETTERHEAD].text == "中共长乐镇委员会文件"
    assert by_style[page.SERIAL].text == "长委〔2011〕44号"
    assert by_style[page.TITLE].text == "关于同意成立东片联合党支部的批复"
    assert by_style[page.ADDRESSEES].text == "第一工作片党总支："
    assert by_style[page.DATED].text == "二〇一一年八月十二日"
    signed = by_style[page.SIGNED]
    assert signed.text == "中共长乐镇委员会"
    assert (
        signed.paragraph_format.right_indent.pt == 5 * 16
    )  # ten characters of date, eight of name, four free


@pytest.mark.clause("A3")
def test_the_signature_stays_with_text(old: dict[PaperKind, Paper]) -> None:
    """The last sentence goes to the next page with it: no page that says nothing but who signed."""
    paragraphs = opened(write_docx(old[PaperKind.REPLY])).paragraphs
    last = next(paragraph for paragraph in paragraphs if paragraph.text == "此复。")
    assert last.paragraph_format.keep_with_next is True
    pdf = write_pdf(old[PaperKind.REPLY])
    page = next(
        number
        for number in range(1, 9)
        if any(word.text == "中共长乐镇委员会" for word in measured.words(pdf, number))
    )
    assert any(word.text == "此复。" for word in measured.words(pdf, page))


@pytest.mark.clause("A3")
def test_the_imprint_by_the_style_of_the_day(old: dict[PaperKind, Paper]) -> None:
    """Subject words before 2012 and not since; no imprint on a form."""
    since = whole_way(style=NEW)
    assert "主题词：非公企业党组织组建专项行动批复" in words(write_docx(old[PaperKind.REPLY]))
    assert "主题词" not in words(write_docx(since[PaperKind.REPLY]))
    assert "抄送：市委组织部。" in words(write_docx(since[PaperKind.REPLY]))
    assert "印发" not in words(write_docx(since[PaperKind.APPROVAL_FORM]))


@pytest.mark.clause("4.3")
def test_the_header_of_a_long_roster_comes_again() -> None:
    """Forty units: the first row is marked to be repeated, no row is torn apart."""
    made = papers(requested(matter(40)))[PaperKind.ROSTER]
    table = opened(write_docx(made)).tables[0]
    assert len(table.rows) == 42
    marks = [row._tr.trPr for row in table.rows]
    assert marks[0] is not None
    assert marks[0].find(qn("w:tblHeader")) is not None
    assert all(mark is not None and mark.find(qn("w:cantSplit")) is not None for mark in marks)


@pytest.mark.parametrize("name", [LONG, ODD])
def test_names_stand_as_they_are(name: str) -> None:
    """Long names, & < > { and rare characters: nothing lost, nothing taken for a place of the template."""
    for paper in papers(requested(matter(3, ("甲厂", name)))).values():
        assert "".join(name.split()) in words(write_docx(paper))


def test_characters_of_nobody_else_are_refused() -> None:
    """As in the PDF: a private character is named before anything is made."""
    with pytest.raises(InputError, match="U\\+E123"):
        write_docx(papers(requested(matter(3, ("甲\ue123厂",))))[PaperKind.REQUEST])


def test_templates_in_the_package_are_what_the_code_makes(tmp_path: Path) -> None:
    """The stored templates are not older than the code that makes them."""
    for path in make_all(tmp_path):
        stored, made = docx.Document(str(FOLDER / path.name)), docx.Document(str(path))
        assert stored.element.xml == made.element.xml, path.name
        assert stored.styles.element.xml == made.styles.element.xml, path.name


# The office's own templates


def own(folder: Path, name: str, *lines: str) -> None:
    """The package's template with the office's lines before it."""
    document = docx.Document(str(FOLDER / "official.zh.docx"))
    first = document.paragraphs[0]
    for line in lines:
        first.insert_paragraph_before(line, style=page.NOTE)
    document.save(str(folder / name))


def test_an_office_changes_the_layout_or_one_kind(old: dict[PaperKind, Paper], tmp_path: Path) -> None:
    """reply.zh.docx is for replies only, official.zh.docx for all with a letterhead; what is not there is ours."""
    own(tmp_path, "official.zh.docx", "本镇公文")
    own(tmp_path, "reply.zh.docx", "批复专用 {{ organization }} {{ task_group }} {{ members }}")
    reply = words(write_docx(old[PaperKind.REPLY], "zh", tmp_path))
    assert "批复专用东片联合党支部第一推进组正式党员" in reply
    assert "本镇公文" not in reply
    assert "本镇公文" in words(write_docx(old[PaperKind.NOTICE], "zh", tmp_path))
    assert words(write_docx(old[PaperKind.REQUEST], "zh", tmp_path)) == words(
        write_docx(old[PaperKind.REQUEST])
    )


@pytest.mark.parametrize(
    "place", ["{{ organisation }}", "{{ 1 / 0 }}", "{{ title.__class__.__mro__ }}", "{% if %}"]
)
def test_a_wrong_place_is_an_error_not_a_blank(
    old: dict[PaperKind, Paper], tmp_path: Path, place: str
) -> None:
    """Whatever is written between the braces: one sentence, with the places there are."""
    own(tmp_path, "reply.zh.docx", place)
    with pytest.raises(InputError, match="模板") as refused:
        write_docx(old[PaperKind.REPLY], "zh", tmp_path)
    assert refused.value.findings[0].code == "template.place"


def test_templates_that_cannot_be_used(old: dict[PaperKind, Paper], tmp_path: Path) -> None:
    """No Word file; one without the styles; a folder that is not there."""
    (tmp_path / "reply.zh.docx").write_text("hello")
    with pytest.raises(InputError, match="Word 模板"):
        write_docx(old[PaperKind.REPLY], "zh", tmp_path)
    plain = docx.Document()
    plain.add_paragraph("{{p body }}")
    plain.save(str(tmp_path / "reply.zh.docx"))
    with pytest.raises(InputError, match="公文附件说明"):
        write_docx(old[PaperKind.REPLY], "zh", tmp_path)
    with pytest.raises(InputError, match="模板文件夹"):
        write_docx(old[PaperKind.REPLY], "zh", tmp_path / "none")


def test_the_word_file_reads_back_as_the_document(old: dict[PaperKind, Paper]) -> None:
    """From composed to Word and back: the same title, number, addressee, text and imprint."""
    paper = old[PaperKind.REPLY]
    assert paper.day is not None
    back = read_document(opened(write_docx(paper)), paper.kind, paper.style, paper.day)
    assert back.title.zh == paper.title.zh
    assert back.serial == paper.serial
    assert back.addressees is not None
    assert paper.addressees is not None
    assert back.addressees.zh == paper.addressees.zh
    said = [block.text.zh for block in paper.blocks if isinstance(block, Heading | Paragraph)]
    assert [block.text.zh for block in back.blocks if isinstance(block, Heading | Paragraph)] == said
    assert back.imprint is not None
    assert [body.zh for body in back.imprint.copy_to] == ["市委组织部"]
    assert back.imprint.subject_words == ("非公企业党组织", "组建专项行动", "批复")


@pytest.mark.office
@pytest.mark.slow
@pytest.mark.clause("A3", "4.3")
def test_libreoffice_shows_the_same_words_as_the_pdf(tmp_path: Path) -> None:
    """Each document of a case of forty units, converted: the same characters as our PDF, page numbers on the same sides."""
    made = whole_way(matter(40, ("甲厂", LONG, ODD)))
    made = {kind: paper for kind, paper in made.items() if kind is not PaperKind.COMMITMENT}
    for kind, paper in made.items():
        (tmp_path / f"{kind.value}.docx").write_bytes(write_docx(paper))
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "pdf", "--outdir",
         str(tmp_path), *(str(path) for path in tmp_path.glob("*.docx"))],
        check=True, capture_output=True, timeout=240,
    )  # fmt: skip
    for kind, paper in made.items():
        theirs, ours = (tmp_path / f"{kind.value}.pdf").read_bytes(), write_pdf(paper)
        assert letters(theirs) == letters(ours), kind
        first = [word for word in measured.words(theirs, 1) if word.top > 262 * measured.MM]
        assert min(word.left for word in first) > 400, kind


def letters(pdf: bytes) -> list[str]:
    """Every Chinese character, sorted: lines break at other places, and table headers come once more or less a page."""
    repeated = set("序号单位名称正式党员预备性质承诺书日期")
    return sorted(
        each for each in measured.text(pdf) if "\u4e00" <= each <= "\u9fff" and each not in repeated
    )


@pytest.mark.office
@pytest.mark.slow
@pytest.mark.clause("A3")
def test_the_word_page_has_its_letterhead_in_place(old: dict[PaperKind, Paper], tmp_path: Path) -> None:
    """In LibreOffice too: body 35 mm down, number two lines under it, the red rule as wide as the text."""
    (tmp_path / "reply.docx").write_bytes(write_docx(old[PaperKind.REPLY]))
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "pdf", "--outdir",
         str(tmp_path), str(tmp_path / "reply.docx")],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    pdf = (tmp_path / "reply.pdf").read_bytes()
    words = measured.words(pdf, 1)
    # Spread over the line, its characters are words of their own; a box is higher than its type by the font's own leading.
    body = min((word for word in words if word.text in "中共长乐镇委员会文件"), key=lambda word: word.left)
    serial = next(word for word in words if word.text.startswith("长委"))
    middle = (body.top + body.bottom) / 2
    assert middle == pytest.approx((37 + 35) * measured.MM + 16, abs=6)
    assert (serial.top + serial.bottom) / 2 - middle == pytest.approx(16 + 2.5 * page.LINE_PITCH, abs=8)
    (rule,) = (rule for rule in measured.rules(pdf, 1) if rule.red)
    assert rule.left == pytest.approx(28 * measured.MM, abs=2)
    assert rule.right == pytest.approx(184 * measured.MM, abs=2)
