"""Annex 1 on paper: what the PDF and the SVG say is what the lists say."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pytest
from tests.structure.made_town import DAY, big_tree, made_town

from liangxin.files.network import network_pdf, network_svg, write_network
from liangxin.findings import InputError
from liangxin.structure import DayTree
from liangxin.structure.content import count_members
from liangxin.structure.network import draw_network
from liangxin.structure.sheet import Chart, Sheet, Words

A3_POINTS = (1190.55, 841.89)


@cache
def chart() -> tuple[DayTree, Chart]:
    tree, frame = big_tree()
    today = tree.on(DAY)
    return today, draw_network(today, made_town(), count_members(today, frame))


@cache
def pdf() -> bytes:
    return network_pdf(chart()[1])


def packed(text: str) -> str:
    return re.sub(r"\s", "", text)


@pytest.mark.clause("A1")
@pytest.mark.office
@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler is not installed")
def test_every_name_of_the_lists_can_be_read_in_the_pdf(tmp_path: Path) -> None:
    """150 organizations and all that they hang from, whole, also those with & < > and rare characters."""
    path = tmp_path / "network.pdf"
    path.write_bytes(pdf())
    said = packed(
        subprocess.run(["pdftotext", "-raw", path, "-"], check=True, capture_output=True).stdout.decode()
    )
    names = [packed(each.name) for each in chart()[0].organizations.values()]
    assert len(names) > 150
    assert [] == [name for name in names if name not in said]


def test_the_pdf_is_a3_and_has_a_page_a_sheet() -> None:
    """420 x 297 mm, with the font inside."""
    import io

    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(pdf()))
    assert len(chart()[1].sheets) == len(reader.pages)
    for page in reader.pages:
        assert A3_POINTS == pytest.approx((float(page.mediabox.width), float(page.mediabox.height)), abs=0.1)
    fonts = {
        str(font.get_object()["/BaseFont"])
        for page in reader.pages
        for font in page["/Resources"]["/Font"].values()  # type: ignore[index]
    }
    assert fonts
    assert [] == [font for font in fonts if not re.match(r"/[A-Z]{6}\+", font)]


def test_the_same_chart_gives_the_same_bytes() -> None:
    """No clock and no chance in it."""
    assert pdf() == network_pdf(chart()[1])


@pytest.mark.clause("A1")
def test_the_svg_holds_every_name_as_text() -> None:
    """Well formed; each name is found in one text element, and each box names its organization."""
    root = ElementTree.fromstring(network_svg(chart()[1]).encode())
    space = {"svg": "http://www.w3.org/2000/svg"}
    said = {packed("".join(element.itertext())) for element in root.iterfind(".//svg:text", space)}
    organizations = chart()[0].organizations
    assert [] == [each.name for each in organizations.values() if packed(each.name) not in said]
    boxes = {element.get("data-organization") for element in root.iterfind(".//svg:rect", space)}
    assert set(organizations) == boxes - {None}
    assert len(chart()[1].sheets) == len(root.findall("svg:g", space))


def test_names_that_xml_cannot_hold_do_not_break_the_files() -> None:
    """A control character or half a pair is shown as U+FFFD in both files."""
    words = Words(20, 20, ("甲\x00乙\x0b", "丙\ud800丁 & <b> \"'"), 8, leading=4)
    odd = Chart("题\x07目", (Sheet("页", words=[words]),))
    root = ElementTree.fromstring(network_svg(odd).encode())
    assert ["甲\ufffd乙\ufffd丙\ufffd丁 & <b> \"'"] == [
        "".join(element.itertext()) for element in root.iter("{http://www.w3.org/2000/svg}text")
    ]
    assert network_pdf(odd).startswith(b"%PDF")


def test_a_font_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """An unknown font would leave empty squares; neither file is written."""
    with pytest.raises(InputError) as refused:
        write_network(replace(chart()[1], title="图"), tmp_path, font="No Such Font")
    assert "pdf_font" == refused.value.findings[0].code
    assert [] == list(tmp_path.iterdir())


def test_a_machine_without_a_chinese_font_is_told_which_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """No PDF of empty squares: the refusal names the fonts that will do."""
    import typst

    bare = typst.Fonts(include_system_fonts=False)
    monkeypatch.setattr(typst, "Fonts", lambda: bare)
    with pytest.raises(InputError) as refused:
        network_pdf(chart()[1])
    assert "no_chinese_font" == refused.value.findings[0].code
    assert "Noto Sans CJK SC" in refused.value.findings[0].message.zh


def test_both_files_are_written(tmp_path: Path) -> None:
    """By the names of the interface."""
    write_network(chart()[1], tmp_path)
    assert ["network.pdf", "network.svg"] == sorted(path.name for path in tmp_path.iterdir())
