"""The page and the styles of an official document: GB/T 9704-2012, with the parts that the style before 2012 adds.

Everything is in named styles of the template, nothing in single runs: an office that owns other fonts changes the style
in Word, saves the template in its own folder and passes that folder with ``--template``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from liangxin.wording import Lang

if TYPE_CHECKING:
    from docx.document import Document
    from docx.styles.style import ParagraphStyle

# Millimetres and points as the standard gives them.
PAGE_WIDTH, PAGE_HEIGHT = 210.0, 297.0
TOP, LEFT, TEXT_WIDTH, TEXT_HEIGHT = 37.0, 28.0, 156.0, 225.0
LINES, CHARACTERS = 22, 28
LETTERHEAD_DOWN: Final = 35.0  # mm from the top of the text area to the issuing body
BODY_POINTS: Final = 16.0  # 三号
LINE_PITCH: Final = 28.95  # 22 of them in 225 mm (637.8 pt), in whole twips
# 28 characters of 16 pt are 158 mm, 2 mm too wide: each is set a quarter of a point closer.
CHARACTER_SPACING_TWIPS: Final = -5
MM_PER_POINT: Final = 25.4 / 72
RED: Final = "FF0000"


@dataclass(frozen=True, slots=True)
class Fonts:
    """Fonts by name, as the office owns them; other names of the same font go into the file for machines without it."""

    body: str = "仿宋_GB2312"
    title: str = "方正小标宋简体"
    heading: str = "黑体"
    subheading: str = "楷体_GB2312"
    page_number: str = "宋体"
    latin: str = "Times New Roman"

    def other_names(self) -> dict[str, str]:
        """What Word takes instead when a font is missing (altName of the font table)."""
        return {
            self.body: "仿宋",
            self.title: "宋体",
            self.heading: "黑体",
            self.subheading: "楷体",
            self.page_number: "宋体",
        }


# Style names as the office sees them in Word's list.
LETTERHEAD = "公文红头"
SERIAL = "公文文号"
TITLE = "公文标题"
ADDRESSEES = "公文主送"
BODY = "Normal"
HEADING_1, HEADING_2 = "Heading 1", "Heading 2"
ANNEXES = "公文附件说明"
SIGNED = "公文署名"
DATED = "公文日期"
SUBJECT = "公文主题词"
COPY_TO = "公文抄送"
CAPTION = "公文表题"
CELL = "公文表格"
CELL_NUMBER = "公文表格数字"
CELL_HEADER = "公文表头"
NOTE = "公文表注"
ANNEX_MARK = "公文附件号"


def new_document(lang: Lang = "zh", fonts: Fonts | None = None) -> Document:
    """An empty document with the page, the styles and the page numbers of the standard.

    English keeps the page and sets its lines as English does: ragged right, letters not moved.
    """
    import docx

    fonts = fonts or Fonts()
    document = docx.Document()
    _page(document)
    _styles(document, fonts)
    if lang == "en":
        _as_english(document)
    _page_numbers(document, fonts)
    _font_table(document, fonts)
    return document


def _page(document: Document) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Mm

    section = document.sections[0]
    section.page_width, section.page_height = Mm(PAGE_WIDTH), Mm(PAGE_HEIGHT)
    section.top_margin, section.left_margin = Mm(TOP), Mm(LEFT)
    section.right_margin = Mm(PAGE_WIDTH - LEFT - TEXT_WIDTH)
    section.bottom_margin = Mm(PAGE_HEIGHT - TOP - TEXT_HEIGHT)
    section.header_distance = Mm(15)
    section.footer_distance = Mm(21)  # the number stands 7 mm below the text area
    grid = section._sectPr.find(qn("w:docGrid"))
    if grid is None:
        grid = OxmlElement("w:docGrid")
        section._sectPr.append(grid)
    grid.set(qn("w:linePitch"), str(round(LINE_PITCH * 20)))
    document.settings.odd_and_even_pages_header_footer = True


def _styles(document: Document, fonts: Fonts) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
    from docx.shared import Pt

    styles = document.styles
    normal = styles[BODY]
    _font(normal, fonts.body, fonts.latin, BODY_POINTS, closer=True)
    _paragraph(normal, first_line_characters=2)
    _language(document)
    for name in (HEADING_1, HEADING_2):
        _font(
            styles[name],
            fonts.heading if name == HEADING_1 else fonts.subheading,
            fonts.latin,
            BODY_POINTS,
            closer=True,
        )
        _paragraph(styles[name], first_line_characters=2)
        styles[name].paragraph_format.keep_with_next = True

    letterhead = _add(document, LETTERHEAD, fonts.title, fonts, 32, colour=RED)
    _paragraph(letterhead, align=ALIGN.DISTRIBUTE, pitch=48)
    # Its upper edge is 35 mm below the top of the text; the line is higher than its type by 8 pt on each side.
    letterhead.paragraph_format.space_before = Pt(LETTERHEAD_DOWN / MM_PER_POINT - (48 - 32) / 2)
    letterhead.paragraph_format.space_after = Pt(2 * LINE_PITCH - (48 - 32) / 2)
    serial = _add(document, SERIAL, fonts.body, fonts, BODY_POINTS)
    _paragraph(serial, align=ALIGN.CENTER)
    _rule_below(serial, RED, eighths=12, space_points=round(4 / MM_PER_POINT))
    serial.paragraph_format.space_after = Pt(2 * LINE_PITCH)
    title = _add(document, TITLE, fonts.title, fonts, 22)
    _paragraph(title, align=ALIGN.CENTER, pitch=34)
    title.paragraph_format.space_after = Pt(LINE_PITCH)
    _paragraph(_add(document, ADDRESSEES, fonts.body, fonts, BODY_POINTS, closer=True))
    annexes = _add(document, ANNEXES, fonts.body, fonts, BODY_POINTS, closer=True)
    _paragraph(annexes)
    annexes.paragraph_format.left_indent = Pt(2 * BODY_POINTS)
    annexes.paragraph_format.keep_with_next = True
    for name in (SIGNED, DATED):
        _paragraph(_add(document, name, fonts.body, fonts, BODY_POINTS), align=ALIGN.RIGHT)
        styles[name].paragraph_format.right_indent = Pt(4 * BODY_POINTS)
    styles[SIGNED].paragraph_format.space_before = Pt(2 * LINE_PITCH)
    styles[SIGNED].paragraph_format.keep_with_next = True
    styles[DATED].paragraph_format.space_after = Pt(LINE_PITCH)
    _paragraph(_add(document, SUBJECT, fonts.heading, fonts, BODY_POINTS))
    copy_to = _add(document, COPY_TO, fonts.body, fonts, 14)
    _paragraph(copy_to, pitch=24)
    copy_to.paragraph_format.left_indent = copy_to.paragraph_format.right_indent = Pt(14)
    caption = _add(document, CAPTION, fonts.heading, fonts, 14)
    _paragraph(caption, align=ALIGN.CENTER, pitch=26)
    caption.paragraph_format.keep_with_next = True
    caption.paragraph_format.space_before = Pt(6)
    for name, align, font in (
        (CELL, ALIGN.LEFT, fonts.body),
        (CELL_NUMBER, ALIGN.RIGHT, fonts.body),
        (CELL_HEADER, ALIGN.CENTER, fonts.heading),
    ):
        _paragraph(_add(document, name, font, fonts, 12), align=align, pitch=18)
        styles[name].paragraph_format.space_before = styles[name].paragraph_format.space_after = Pt(2)
    note = _add(document, NOTE, fonts.body, fonts, 10.5)
    _paragraph(note, pitch=16)
    note.paragraph_format.space_before, note.paragraph_format.space_after = Pt(3), Pt(8)
    _paragraph(_add(document, ANNEX_MARK, fonts.heading, fonts, BODY_POINTS))


def _add(
    document: Document,
    name: str,
    font: str,
    fonts: Fonts,
    points: float,
    *,
    colour: str = "",
    closer: bool = False,
) -> ParagraphStyle:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import RGBColor

    style: ParagraphStyle = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = document.styles["Normal"]
    style.quick_style = True
    _font(style, font, fonts.latin, points, closer=closer)
    if colour:
        style.font.color.rgb = RGBColor.from_string(colour)
    return style


def _font(style: Any, east_asian: str, latin: str, points: float, *, closer: bool = False) -> None:
    """Set the font of a style for both scripts, replacing whatever theme fonts and colours it came with."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    style.font.size = Pt(points)
    style.font.bold = style.font.italic = False
    style.font.color.rgb = RGBColor(0, 0, 0)
    properties = style.element.get_or_add_rPr()
    for old in properties.findall(qn("w:rFonts")):
        properties.remove(old)
    names = OxmlElement("w:rFonts")
    names.set(qn("w:hint"), "eastAsia")  # “ ” … — are full width
    names.set(qn("w:ascii"), latin)
    names.set(qn("w:hAnsi"), latin)
    names.set(qn("w:eastAsia"), east_asian)
    names.set(qn("w:cs"), latin)
    properties.insert(0, names)
    for old in properties.findall(qn("w:spacing")):
        properties.remove(old)
    spacing = OxmlElement("w:spacing")
    spacing.set(qn("w:val"), str(CHARACTER_SPACING_TWIPS if closer else 0))
    # The schema wants w:spacing after w:color and before w:sz.
    properties.find(qn("w:sz")).addprevious(spacing)


def _paragraph(
    style: Any, *, align: Any = None, pitch: float = LINE_PITCH, first_line_characters: int = 0
) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
    from docx.oxml.ns import qn
    from docx.shared import Pt

    layout = style.paragraph_format
    layout.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY if align is None else align
    layout.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    layout.line_spacing = Pt(pitch)
    layout.space_before = layout.space_after = Pt(0)
    layout.widow_control = False  # 22 lines a page, always
    layout.first_line_indent = Pt(first_line_characters * BODY_POINTS)
    indent = style.element.pPr.find(qn("w:ind"))
    indent.set(qn("w:firstLineChars"), str(first_line_characters * 100))


def _language(document: Document) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    properties = document.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    language = properties.find(qn("w:lang"))
    if language is None:
        language = OxmlElement("w:lang")
        properties.append(language)
    language.set(qn("w:val"), "en-US")
    language.set(qn("w:eastAsia"), "zh-CN")


def _rule_below(style: Any, colour: str, *, eighths: int, space_points: int) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    borders = OxmlElement("w:pBdr")
    line = OxmlElement("w:bottom")
    look = {"val": "single", "sz": str(eighths), "space": str(space_points), "color": colour}
    for name, value in look.items():
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    layout = style.element.get_or_add_pPr()
    after = layout.find(qn("w:spacing"))  # the schema wants borders before spacing
    after.addprevious(borders)


def _as_english(document: Document) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml.ns import qn
    from docx.shared import Pt

    for style in document.styles:
        if style.element.rPr is not None:
            for spacing in style.element.rPr.findall(qn("w:spacing")):
                spacing.set(qn("w:val"), "0")
    for name in (BODY, HEADING_1, HEADING_2, ADDRESSEES, ANNEXES, NOTE, COPY_TO):
        document.styles[name].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.LEFT
    document.styles[LETTERHEAD].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    document.styles[LETTERHEAD].font.size = Pt(26)
    document.styles[TITLE].font.size = Pt(20)


def _page_numbers(document: Document, fonts: Fonts) -> None:
    """四号, — 1 —, outside: right on odd pages, left on even ones, one character in."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    style = document.styles["Footer"]
    _font(style, fonts.page_number, fonts.page_number, 14)
    section = document.sections[0]
    for footer, align in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        paragraph.style = style
        paragraph.alignment = align
        layout = paragraph.paragraph_format
        layout.first_line_indent = Pt(0)
        layout.left_indent = layout.right_indent = Pt(14)
        paragraph.add_run("— ")
        _field(paragraph.add_run(), "PAGE")
        paragraph.add_run(" —")


def _field(run: Any, code: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    for kind, text in (("begin", ""), ("", f" {code} "), ("separate", ""), ("text", "1"), ("end", "")):
        if kind == "text":
            element = OxmlElement("w:t")
            element.text = text
        elif kind:
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
        else:
            element = OxmlElement("w:instrText")
            element.set(qn("xml:space"), "preserve")
            element.text = text
        run._r.append(element)


def _font_table(document: Document, fonts: Fonts) -> None:
    """Name each font's other names, so that a machine without it takes the nearest one."""
    from xml.sax.saxutils import quoteattr

    part = next((part for part in document.part.package.iter_parts() if "fontTable" in part.partname), None)
    if part is None:
        raise RuntimeError("python-docx's own template has no font table any more")
    listed = "".join(
        f"<w:font w:name={quoteattr(name)}>"
        + (f"<w:altName w:val={quoteattr(other)}/>" if other != name else "")
        + '<w:charset w:val="86"/></w:font>'
        for name, other in sorted(fonts.other_names().items())
    )
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    part._blob = f'{head}<w:fonts xmlns:w="{space}">{listed}</w:fonts>'.encode()
