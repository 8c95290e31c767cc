"""Fonts of the PDF: the office's own where its machine has them, else the free ones of Debian (fonts-noto-cjk, fonts-liberation)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from liangxin.files.official_page import Fonts
from liangxin.findings import InputError, Place

if TYPE_CHECKING:
    import typst

_SERIF: Final = ("Noto Serif CJK SC", "Source Han Serif SC")
_SANS: Final = ("Noto Sans CJK SC", "Source Han Sans SC")
# The same font has several names; each is tried. Then the nearest free one.
_FAMILIES: Final[dict[str, tuple[str, ...]]] = {
    "body": ("FangSong_GB2312", "仿宋", "FangSong", "STFangsong", "方正仿宋_GBK", *_SERIF, "SimSun", *_SANS),
    "title": ("FZXiaoBiaoSong-B05S", "方正小标宋_GBK", *_SERIF, "SimSun", "STSong", *_SANS),
    "heading": ("SimHei", "STHeiti", "Microsoft YaHei", *_SANS, *_SERIF),
    "subheading": ("KaiTi_GB2312", "楷体", "KaiTi", "STKaiti", *_SERIF, "SimSun", *_SANS),
    "page_number": ("SimSun", "STSong", *_SERIF, *_SANS),
    "latin": ("TimesNewRomanPSMT", "Liberation Serif", "Nimbus Roman", "TeX Gyre Termes"),
}


@dataclass(frozen=True, slots=True)
class PdfFonts:
    """``names``: fonts by the names the office knows them by. ``folder``: where its font files are, beside the machine's.

    ``strict``: a font named in ``names`` must be there; otherwise the nearest free one is taken.
    """

    names: Fonts = field(default_factory=Fonts)
    folder: Path | None = None
    strict: bool = False


def find(wanted: PdfFonts) -> typst.Fonts:
    """Looked up once for many documents: finding the machine's fonts takes longer than setting a page."""
    import typst

    if wanted.folder is None:
        return typst.Fonts()
    if not wanted.folder.is_dir():
        raise InputError.of(
            "paper.font_folder",
            "找不到字体文件夹",
            "no such folder of fonts",
            place=Place(file=str(wanted.folder)),
        )
    return typst.Fonts(font_paths=[str(wanted.folder)])


def choose(wanted: PdfFonts, available: Collection[str]) -> dict[str, str]:
    """A family for each part of the page. ``latin`` may be "": then the Chinese font has the letters too.

    Raises:
        InputError: there is no Chinese font at all, or (``strict``) not the one that the office named.
    """
    has = set(available)
    chosen: dict[str, str] = {}
    missing: list[str] = []
    for part, families in _FAMILIES.items():
        named: str = getattr(wanted.names, part)
        if wanted.strict and named not in has:
            missing.append(named)
        found = next((family for family in (named, *families) if family in has), "")
        if not found and part != "latin":
            raise InputError.of(
                "paper.no_font",
                "这台电脑没有可用的中文字体，不能生成公文PDF。请安装其中一种：" + "、".join(families),
                "this computer has no Chinese font for the document's PDF. Install one of: "
                + ", ".join(families),
            )
        chosen[part] = found
    if missing:
        raise InputError.of(
            "paper.named_font",
            "设置里指定的字体这台电脑没有：" + "、".join(missing),
            "the fonts named in the settings are not on this computer: " + ", ".join(missing),
        )
    return chosen
