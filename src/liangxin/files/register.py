"""A business-register export as it comes: csv or workbook, from whichever provider. Persons' columns are dropped on reading."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

from liangxin.files.grid import Cell, Grid, visible_grids
from liangxin.files.header_words import plain
from liangxin.files.headers import column_letter
from liangxin.findings import Finding, InputError, Place
from liangxin.registry.register_rows import COLUMNS, RegisterRow
from liangxin.wording import Text

SEARCHED_ROWS: Final = 30

HEADERS: Final[Mapping[str, tuple[str, ...]]] = {
    "name": ("企业名称", "单位名称", "公司名称", "名称", "市场主体名称", "企业(机构)名称", "商户名称", "字号名称", "主体名称", "name"),
    "code": (
        "统一社会信用代码", "社会信用代码", "统一信用代码", "信用代码", "统一代码", "统一社会信用代码/注册号", "注册号/统一社会信用代码",
        "注册号", "工商注册号", "营业执照号", "执照号", "组织机构代码",
    ),
    "founded_on": ("成立日期", "注册日期", "成立时间", "注册时间", "登记日期", "设立日期", "开业日期"),
    "type": ("企业类型", "类型", "公司类型", "市场主体类型", "主体类型", "企业(机构)类型", "经济性质", "企业性质"),
    "capital": ("注册资本", "注册资金", "注册资本(金)", "注册资本(万元)", "注册资金(万元)", "资金数额", "出资额", "出资总额"),
    "scope": ("经营范围", "经营(业务)范围", "业务范围", "主营业务", "经营范围及方式"),
    "address": ("住所", "注册地址", "企业地址", "地址", "经营场所", "住所(经营场所)", "通信地址", "营业场所", "所在地址", "企业注册地址", "详细地址"),
    "state": ("登记状态", "经营状态", "企业状态", "状态", "存续状态", "主体状态"),
    "industry": ("所属行业", "行业", "行业代码", "行业门类", "国标行业", "国标行业小类", "国民经济行业代码", "行业名称"),
    "staff": ("从业人数", "从业人员", "从业人员数", "员工人数", "职工人数"),
    "insured": ("参保人数", "社保人数", "缴纳社保人数"),
    "lon": ("经度", "lng", "lon", "longitude"),
    "lat": ("纬度", "lat", "latitude"),
    "authority": ("登记机关", "注册机关", "发照机关", "登记部门"),
}  # fmt: skip
"""Headers of the providers. Of several that name one column the earlier in this list is read, and where its cell is empty
the next: 企查查 gives 统一社会信用代码, 注册号 and 组织机构代码 side by side, of which old units have only the second."""

_PERSONAL: Final = re.compile(
    r"法定代表|法人(?!独资|类型|性质)|负责人|经营者|投资人|股东|高管|董事|监事|联系人|联络员|姓名|身份证|证件|电话|手机|邮箱|email|微信|qq|传真",
    re.IGNORECASE,
)
_NOTHING: Final = frozenset({"", "N/A", "NA", "-", "--", "—", "NULL"})


@dataclass(frozen=True, slots=True)
class RegisterFile:
    """``dropped``: headers of columns with persons' data, never kept. ``unused``: headers that are no column we read."""

    path: Path
    sheet: str
    rows: tuple[RegisterRow, ...]
    columns: Mapping[str, tuple[str, ...]]  # column of COLUMNS: the headers it was read from
    dropped: tuple[str, ...]
    unused: tuple[str, ...]
    blank_rows: int


def read_register(path: Path | str, *, sheet: str | None = None) -> RegisterFile:
    """Read an export: xlsx, xls, ods, csv or txt, in UTF-8 or GB18030, titles above the header allowed.

    Raises:
        InputError: a file that is no table, or no column with names and none with codes or addresses; what was found
            and what is accepted are said.
        OSError: the file cannot be opened.
    """
    path = Path(path)
    best: tuple[int, Grid, int, dict[str, list[int]]] | None = None
    for grid in visible_grids(path, sheet):
        for number, row in enumerate(grid.rows[:SEARCHED_ROWS]):
            columns = _columns(row)
            if "name" in columns and (best is None or len(columns) > best[0]):
                best = (len(columns), grid, number, columns)
    if best is None or not best[3].keys() & {"code", "address", "scope", "type"}:
        raise InputError([_no_header(path, sheet)])
    _, grid, header, columns = best
    _refuse_formulas(path, grid, header, columns)
    return _read(path, grid, header, columns)


def _columns(row: Sequence[Cell]) -> dict[str, list[int]]:
    """Column: the places of its headers, in the order in which they are to be believed."""
    by_header: dict[str, tuple[str, int]] = {
        plain(header): (column, rank)
        for column, headers in HEADERS.items()
        for rank, header in reversed(list(enumerate(headers)))
    }
    found: dict[str, list[tuple[int, int]]] = {}
    for index, cell in enumerate(row):
        if isinstance(cell, str) and cell.strip():
            known = by_header.get(plain(cell)) or by_header.get(plain(re.sub(r"[(（\[].*?[)）\]]", "", cell)))
            if known is not None:
                found.setdefault(known[0], []).append((known[1], index))
    return {column: [index for _, index in sorted(places)] for column, places in found.items()}


def _read(path: Path, grid: Grid, header: int, columns: Mapping[str, list[int]]) -> RegisterFile:
    titles = [str(cell).strip() for cell in grid.rows[header]]
    read = {index for places in columns.values() for index in places}
    personal = {index for index, title in enumerate(titles) if index not in read and _PERSONAL.search(title)}
    kept = [index for index in range(grid.width) if index not in personal]
    rows: list[RegisterRow] = []
    blank = 0
    for number in range(header + 1, len(grid.rows)):
        texts = [_text(cell) for cell in grid.rows[number]]
        if not any(texts):
            blank += 1
            continue
        cells = {column: _first(texts, places) for column, places in columns.items()}
        rows.append(RegisterRow(number + 1, cells, tuple(texts[index] for index in kept)))
    return RegisterFile(
        path,
        grid.sheet,
        tuple(rows),
        {column: tuple(titles[index] for index in places) for column, places in columns.items()},
        tuple(titles[index] for index in sorted(personal)),
        tuple(title for index, title in enumerate(titles) if title and index not in read | personal),
        blank,
    )


def _first(texts: Sequence[str], places: Sequence[int]) -> str:
    """The first of several columns that says something."""
    said = [texts[index] for index in places]
    return next((text for text in said if text.upper() not in _NOTHING), said[0])


def _text(cell: Cell) -> str:
    """A cell as text. Whole numbers lose Excel's ".0"; a long one has lost digits already and fails the code's check."""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _refuse_formulas(path: Path, grid: Grid, header: int, columns: Mapping[str, list[int]]) -> None:
    """Formulas whose values were never stored would read as empty: an export with them has lost its data."""
    wanted = {index for places in columns.values() for index in places}
    lost = [
        f"{column_letter(column)}{row + 1}"
        for row, column in grid.facts.unvalued
        if column in wanted and row > header
    ]
    if lost:
        raise InputError(
            Finding(
                "formula_without_value",
                Text(
                    "公式没有存下结果，请在 Excel 里打开、保存后再用",
                    "The formula has no stored value: open and save it in Excel",
                ),
                Place(file=path.name, sheet=grid.sheet, cell=cell),
            )
            for cell in lost
        )


def _no_header(path: Path, sheet: str | None) -> Finding:
    grids = visible_grids(path, sheet)
    seen = [str(cell).strip() for cell in (grids[0].rows[0] if grids else ()) if str(cell).strip()]
    known = [header for headers in HEADERS.values() for header in headers]
    near = {
        header: close[0] for header in seen if (close := difflib.get_close_matches(header, known, 1, 0.7))
    }
    accepted_zh = "；".join(
        f"{COLUMNS[column].zh}（{'、'.join(headers[:4])} 等）" for column, headers in HEADERS.items()
    )
    accepted_en = "; ".join(
        f"{COLUMNS[column].en} ({', '.join(headers[:4])} ...)" for column, headers in HEADERS.items()
    )
    hint_zh = "".join(f"，“{header}”是不是“{close}”" for header, close in near.items())
    hint_en = "".join(f'; is "{header}" meant as "{close}"?' for header, close in near.items())
    return Finding(
        "no_register_header",
        Text(
            f"前{SEARCHED_ROWS}行里找不到表头：要有单位名称，还要有代码、地址、类型、经营范围中的一项{hint_zh}",
            f"No header in the first {SEARCHED_ROWS} rows: a name is needed, and a code, an address, a type or a scope{hint_en}",
        ),
        Place(file=path.name, sheet=sheet or ""),
        "、".join(seen[:12]),
        Text(accepted_zh, accepted_en),
    )
