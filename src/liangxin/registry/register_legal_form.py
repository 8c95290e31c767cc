"""Kind, ownership and standing of a unit from the register's type (企业类型), its credit code and its name.

Only what is certain is said; the rest stays 待核 (None). The register's type comes first. Where it is missing (four
rows in five of a real export), the code tells the kind, and the name tells what the naming rules make certain: a
company's full name followed by more is a branch of it (企业名称登记管理规定), 个体工商户 have 92, 农民专业合作社 93.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from liangxin.registry.reading import narrow
from liangxin.wording import Text

Outside = Literal["branch", "state", "collective"]
OUTSIDE: Final[Mapping[str, Text]] = {
    "branch": Text(
        "分支机构，没有法人资格，随上级单位统计",
        "A branch without legal personality; counted with its parent",
    ),
    "state": Text("国有，不是非公有制", "State-owned, not non-public"),
    "collective": Text("集体所有，不是非公有制", "Collectively owned, not non-public"),
}

NOT_GIVEN: Final = frozenset({"", "N/A", "NA", "-", "--", "—", "NULL", "其他", "未公示"})
ACCEPTED: Final = Text(
    "如 个体工商户、个人独资企业、普通合伙企业、有限责任公司(自然人投资或控股)、农民专业合作社、集体所有制、分公司",
    'such as "个体工商户", "个人独资企业", "普通合伙企业", "农民专业合作社", "集体所有制", "分公司"',
)

_KIND_OF_PREFIX: Final[Mapping[str, str]] = {
    "91": "enterprise",
    "92": "household",
    "93": "cooperative",
    "51": "social_group",
    "52": "civil_non_enterprise",
}
_INVESTOR: Final = Text(
    "出资人的性质要核实后才知道经济类型", "Ownership depends on the investor: to be checked"
)
_SHARES: Final = Text(
    "股份合作制：集体还是个人出资要核实",
    "Joint-stock cooperative: collective or private capital, to be checked",
)

# (words in the type, kind, ownership, outside, note); the first that fits decides, so the narrower stand above.
_TYPES: Final[tuple[tuple[str, str | None, str | None, Outside | None, Text | None], ...]] = (
    (r"民办非企业|社会服务机构", "civil_non_enterprise", None, None, None),
    (r"社会团体|社团", "social_group", None, None, None),
    (r"集体.*(分支|非法人)", "enterprise", "collective", "branch", None),
    (r"(国有|全民).*(分支|非法人)", "enterprise", "state", "branch", None),
    (r"合作社.*分支", "cooperative", None, "branch", None),
    (r"分公司|分支机构|非法人|办事处|代表处|代表机构|营业单位", "enterprise", None, "branch", None),
    (r"个体", "household", "individual", None, None),
    (r"农民专业合作|农业专业合作|专业合作社", "cooperative", None, None, None),
    (r"股份合作", "enterprise", None, None, _SHARES),
    (r"国有|全民所有", "enterprise", "state", "state", None),
    (r"集体", "enterprise", "collective", "collective", None),
    (r"外商投资企业(法人独资|投资|与内资)", "enterprise", None, None, _INVESTOR),
    (r"台港澳|港澳台|台商|港商|澳商|台资|港资", "enterprise", "hmt", None, None),
    (r"外商|中外|外国|外资", "enterprise", "foreign", None, None),
    (r"非自然人", "enterprise", None, None, _INVESTOR),
    (r"自然人|私营|民营|个人独资|普通合伙", "enterprise", "private", None, None),
    (r"有限合伙|合伙", "enterprise", None, None, _INVESTOR),
    (r"法人独资|有限责任|有限公司|股份有限|公司|上市", "enterprise", None, None, None),
    (r"^企业(法人)?$|联营", "enterprise", None, None, _INVESTOR),
)

_BRANCH_NAME: Final = re.compile(
    r"分公司$|支公司$|分行$|支行$|分理处$|营业厅$|营业所$|储蓄所$|支局$|邮政所$|办事处$|代表处$|分店$|分厂$|分社$|分院$"
    r"|(?<!总)公司.*(店|部|厅|所|站|点|厂|场|场所|车间|中心|超市|药房|宾馆|酒店|饭店|旅馆|服务区|管理处|门市|仓库|电站|广场|世界|加油站|亭|村|局)$"
    r"|(?:有限|责任|股份)公司(?!\([^()]*\)$)[^()].*(?<!公司)$"
)
_WITHIN_A_COMPANY: Final = re.compile(r"公司(?:\([^()]*\))?[^()].*$")
_NO_BRANCH: Final = re.compile(r"工会|支部|党委|团委|妇联|协会|商会|持股会|基金会|学校|合伙\)$")
_PERHAPS_A_BRANCH: Final = Text(
    "名称里公司全名后面还有字：是分支机构还是独立的单位要核实",
    "The name goes on after a company's: a branch or a unit of its own, to be checked",
)
_SUPPLY_COOPERATIVE: Final = re.compile(r"供销(合作)?(总)?社|供销合作联社")
_VILLAGE_COOPERATIVE: Final = re.compile(r"(村|社区|居)(股份)?经济(合作|联合)社")
_INTERMEDIARY: Final = re.compile(
    r"(律师|会计师|税务师|审计师?|资产评估|房地产评估|价格评估|造价|专利|商标).*事务所|职业介绍所|婚姻介绍所"
)
_COMPANY: Final = re.compile(r"公司$")
_PARTNERS: Final = re.compile(r"\(普通合伙\)$")


@dataclass(frozen=True, slots=True)
class LegalForm:
    """None = 待核. ``outside``: why it is no unit of its own among the non-public ones. ``known``: the type was understood."""

    kind: str | None = None
    ownership: str | None = None
    outside: Outside | None = None
    notes: tuple[Text, ...] = ()
    known: bool = True


def legal_form(name: str, type_: str, code: str) -> LegalForm:
    """What type, credit code (tidy, or "") and name make certain.

    >>> legal_form("某市甲乙丝织厂", "个人独资企业", "91").ownership
    'private'
    >>> legal_form("丙银行股份有限公司某市支行", "N/A", "91").outside
    'branch'
    >>> legal_form("某市丁电器有限公司", "N/A", "91").ownership is None
    True
    """
    named = re.sub(r"\s", "", narrow(name))
    typed = re.sub(r"\s", "", narrow(type_))
    given = typed.upper() not in NOT_GIVEN
    by_type = _by_type(typed) if given else None
    if by_type is None:
        by_type = LegalForm(known=not given)
    return _with_name(_with_code(by_type, code), named)


def _by_type(typed: str) -> LegalForm | None:
    for words, kind, ownership, outside, note in _TYPES:
        if re.search(words, typed):
            return LegalForm(kind, ownership, outside, (note,) if note else ())
    return None


def _with_code(form: LegalForm, code: str) -> LegalForm:
    prefix = code[:2]
    if prefix == "53":
        note = Text("基金会：单位类别要核实", "A foundation: its kind is to be chosen")
        return LegalForm(form.kind, form.ownership, form.outside, (*form.notes, note), form.known)
    kind = _KIND_OF_PREFIX.get(prefix)
    if kind is None or form.kind == kind:
        return form
    if form.kind is None:
        ownership = form.ownership or ("individual" if kind == "household" else None)
        return LegalForm(kind, ownership, form.outside, form.notes, form.known)
    note = Text(
        f"登记的类型与代码前两位“{prefix}”对不上，要核实",
        f'The type does not agree with the code\'s "{prefix}": to be checked',
    )
    return LegalForm(None, None, form.outside, (*form.notes, note), form.known)


def _with_name(form: LegalForm, name: str) -> LegalForm:
    kind, ownership, outside = form.kind, form.ownership, form.outside
    if kind is None and _COMPANY.search(name) and not form.notes:
        kind = "enterprise"
    if kind in (None, "enterprise") and _INTERMEDIARY.search(name):
        kind = "intermediary"
    if ownership is None and kind in (None, "enterprise", "cooperative"):
        if _VILLAGE_COOPERATIVE.search(name) or (
            _SUPPLY_COOPERATIVE.search(name) and not _COMPANY.search(name)
        ):
            ownership, outside = "collective", outside or "collective"
        elif kind == "enterprise" and _PARTNERS.search(name):
            ownership = "private"
    notes = form.notes
    if outside is None and kind != "household" and _BRANCH_NAME.search(name):
        if "加盟" in name:  # a franchise bears its franchiser's name and may still be a firm of its own
            notes = (
                *notes,
                Text(
                    "加盟店：是否独立登记要核实",
                    "A franchise: whether it is a firm of its own is to be checked",
                ),
            )
        elif not _NO_BRANCH.search(name):
            outside = "branch"
    elif (
        outside is None
        and kind in (None, "enterprise")
        and (after := _WITHIN_A_COMPANY.search(name))
        and not _NO_BRANCH.search(after.group(0))
    ):
        notes = (*notes, _PERHAPS_A_BRANCH)
    return LegalForm(kind, ownership, outside, notes, form.known)
