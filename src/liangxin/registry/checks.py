"""Checks across the fields of one unit and across units: what the cells say together that cannot be, or looks wrong.

Each check is a condition over the whole frame that is true where something is wrong; a fact not yet known makes no
condition true (Kleene logic), so an incomplete ledger is not accused of anything.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from liangxin.findings import Finding, Severity
from liangxin.registry import industries, private
from liangxin.registry.coordinates import position_findings
from liangxin.registry.duplicates import find_duplicates
from liangxin.registry.places import Places
from liangxin.registry.town import Town
from liangxin.registry.unit_finding import UnitFinding
from liangxin.wording import Text

if TYPE_CHECKING:
    import polars as pl

CLOSED_STATES: Final = ("deregistered", "moved_out", "not_found", "shell")
_PREFIX_OF_KIND: Final = {
    "household": ("92",),
    "cooperative": ("93",),
    "social_group": ("51",),
    "civil_non_enterprise": ("52",),
    "enterprise": ("91",),
}
_RICH: Final = 10_000  # 万元: from 100 million yuan on, revenue a head is looked at
_RICH_PER_HEAD: Final = 2_000  # 万元: 20 million yuan a head is rather yuan written under 万元
_POOR_FROM: Final = 50  # staff from which revenue is looked at for being too low
_POOR_PER_HEAD: Final = 0.2  # 万元: 2,000 yuan a head and year is rather 亿元 written under 万元
_CROWD: Final = 10_000  # staff that hardly any enterprise of a town has


@dataclass(frozen=True, slots=True)
class Check:
    """``wrong``: true where the cells contradict each other. ``field``: the cell that is shown; ``values`` go in the message."""

    id: str
    field: str
    wrong: Callable[[], pl.Expr]
    message: Text
    severity: Severity = Severity.ERROR
    values: tuple[str, ...] = ()


def _col(name: str) -> pl.Expr:
    import polars as pl

    return pl.col(name)


def _members() -> pl.Expr:
    """Full and probationary members; the known ones alone are a lower limit when the other is not known."""
    return _col("full_members").fill_null(0) + _col("probationary_members").fill_null(0)


def _organized() -> pl.Expr:
    return _col("organization_form") != "none"


def _wrong_prefix() -> pl.Expr:
    import polars as pl

    prefix = _col("uscc").str.slice(0, 2)
    is_credit_code = _col("uscc").str.len_chars() == 18
    return is_credit_code & pl.any_horizontal(
        *[
            (_col("kind") == kind) & ~prefix.is_in(list(accepted))
            for kind, accepted in _PREFIX_OF_KIND.items()
        ]
    )


CHECKS: Final[tuple[Check, ...]] = (
    Check(
        "missing_name",
        "name",
        lambda: _col("name").is_null(),
        Text("没有单位名称", "The unit has no name"),
    ),
    Check(
        "graduates_exceed_mobile",
        "graduate_mobile_members",
        lambda: _col("graduate_mobile_members") > _col("mobile_members"),
        Text(
            "大学生流动党员（{graduate_mobile_members}）多于流动党员（{mobile_members}）",
            "More graduate mobile members ({graduate_mobile_members}) than mobile members ({mobile_members})",
        ),
        values=("graduate_mobile_members", "mobile_members"),
    ),
    Check(
        "secretary_not_member",
        "owner_is_secretary",
        lambda: _col("owner_is_secretary") & (_col("owner_identity") != "member"),
        Text("业主不是中共党员，不能兼任书记", "The owner is not a Party member and cannot be secretary"),
    ),
    Check(
        "none_with_organization",
        "organization_form",
        lambda: (_col("organization_form") == "none") & _col("organization_id").is_not_null(),
        Text("组建形式写“未建”，却写了所属党组织", 'The form says "none", yet an organization is named'),
    ),
    Check(
        "form_without_organization",
        "organization_form",
        lambda: _organized() & _col("organization_id").is_null(),
        Text("写了组建形式，没有写所属党组织", "A form is given but no organization is named"),
        Severity.WARNING,
    ),
    Check(
        "organization_without_form",
        "organization_id",
        lambda: _col("organization_id").is_not_null() & _col("organization_form").is_null(),
        Text("写了所属党组织，没有写组建形式", "An organization is named but no form is given"),
        Severity.WARNING,
    ),
    Check(
        "separate_below_three",
        "full_members",
        lambda: (_col("organization_form") == "separate") & (_col("full_members") < 3),
        Text(
            "单独组建的，正式党员应有3名以上，现有{full_members}名",
            "A separate organization needs at least 3 full members; there are {full_members}",
        ),
        Severity.WARNING,
        ("full_members",),
    ),
    Check(
        "members_exceed_staff",
        "full_members",
        lambda: _members() > _col("staff"),
        Text("党员多于从业人员（{staff}）", "More members than staff ({staff})"),
        Severity.WARNING,
        ("staff",),
    ),
    Check(
        "full_time_exceed_staff",
        "full_time_staff",
        lambda: _col("full_time_staff") > _col("staff"),
        Text(
            "专职工作人员（{full_time_staff}）多于从业人员（{staff}）",
            "More full-time staff ({full_time_staff}) than staff ({staff})",
        ),
        Severity.WARNING,
        ("full_time_staff", "staff"),
    ),
    Check(
        "revenue_in_yuan",
        "revenue",
        lambda: (_col("revenue") >= _RICH) & (_col("revenue") > _RICH_PER_HEAD * _col("staff")),
        Text("人均营业收入过高，是不是把元写成了万元", "Very high revenue a head: was it written in yuan?"),
        Severity.WARNING,
    ),
    Check(
        "revenue_too_low",
        "revenue",
        lambda: (
            (_col("staff") >= _POOR_FROM)
            & (_col("revenue") > 0)
            & (_col("revenue") < _POOR_PER_HEAD * _col("staff"))
        ),
        Text(
            "从业{staff}人，营业收入过低，是不是把亿元写成了万元",
            "Very low revenue for {staff} staff: was it written in 100 million yuan?",
        ),
        Severity.WARNING,
        ("staff",),
    ),
    Check(
        "very_many_staff",
        "staff",
        lambda: _col("staff") >= _CROWD,
        Text("从业人数很多，请核对是不是多写了位数", "Very many staff: is there a digit too many?"),
        Severity.WARNING,
    ),
    Check(
        "closed_with_organization",
        "state",
        lambda: _col("state").is_in(list(CLOSED_STATES)) & _organized(),
        Text(
            "单位已不经营，还有党组织：组织要撤销或划转",
            "The unit is gone but has an organization: dissolve or transfer it",
        ),
        Severity.WARNING,
    ),
    Check(
        "kind_against_code",
        "kind",
        _wrong_prefix,
        Text(
            "单位类别与信用代码前两位（{prefix}）不符",
            "The kind does not agree with the code's prefix ({prefix})",
        ),
        Severity.WARNING,
        ("prefix",),
    ),
    Check(
        "half_position",
        "lon",
        lambda: _col("lon").is_null() ^ _col("lat").is_null(),
        Text("经度和纬度要么都填，要么都不填", "Give both longitude and latitude, or neither"),
        Severity.WARNING,
    ),
)


def check_units(frame: pl.DataFrame, town: Town | None = None) -> list[UnitFinding]:
    """Everything that the units' facts say against each other, for a frame of ``ledger_schema()``.

    References should be resolved already when ``town`` is given (see ``resolve_references``).
    """
    found = list(_by_unit(frame))
    found += _repeated(
        frame, "unit_id", "double_id", Text("编号与第{rows}行重复", "The same number as in row {rows}")
    )
    found += _repeated(
        frame,
        "uscc",
        "double_code",
        Text(
            "信用代码与第{rows}行重复，同一家单位只能算一次",
            "The same code as in row {rows}; a unit counts once",
        ),
    )
    found += _similar(frame)
    found += _industries(frame)
    found += _identity_numbers(frame)
    found += _garbled_names(frame)
    if town is not None:
        found += _contradicting_places(frame, town)
        found += position_findings(frame, town)
    return found


def _by_unit(frame: pl.DataFrame) -> Iterator[UnitFinding]:
    import polars as pl

    facts = frame.with_columns(pl.col("uscc").str.slice(0, 2).alias("prefix"))
    flags = facts.select(check.wrong().fill_null(False).alias(check.id) for check in CHECKS)
    for check in CHECKS:
        units = flags[check.id].arg_true()
        if units.is_empty():
            continue
        values = facts.select(check.values)[units].rows(named=True) if check.values else [{}] * len(units)
        for unit, known in zip(units.to_list(), values, strict=True):
            message = check.message.fill(**known) if known else check.message
            yield UnitFinding(
                unit, Finding(check.id, message, severity=check.severity, column_of=check.field)
            )


def _repeated(frame: pl.DataFrame, field: str, code: str, message: Text) -> Iterator[UnitFinding]:

    column = frame[field]
    again = column.is_duplicated() & column.is_not_null()
    if field == "uscc":
        again &= ~column.str.starts_with("无").fill_null(False)
    if not again.any():
        return
    groups: dict[str, list[int]] = defaultdict(list)
    units = again.arg_true()
    for unit, value in zip(units.to_list(), column.gather(units).to_list(), strict=True):
        groups[value].append(unit)
    for value, same in groups.items():
        for unit in same:
            others = tuple(other for other in same[:12] if other != unit)
            yield UnitFinding(unit, Finding(code, message, found=value, column_of=field), others)


def _similar(frame: pl.DataFrame) -> Iterator[UnitFinding]:
    pairs = find_duplicates(frame).filter(_col("reason") != "code")
    for unit, other, reason, score in pairs.select("other", "unit", "reason", "score").iter_rows():
        why = Text("名称和地点", "name and place") if reason == "name_and_place" else Text("名称", "name")
        yield UnitFinding(
            unit,
            Finding(
                "possible_duplicate",
                Text(
                    f"可能与第{{rows}}行是同一家（{why.zh}相近，{score:.0%}）",
                    f"Perhaps the same unit as row {{rows}} (similar {why.en}, {score:.0%})",
                ),
                severity=Severity.WARNING,
                column_of="name",
            ),
            (other,),
        )


def _industries(frame: pl.DataFrame) -> Iterator[UnitFinding]:
    """Codes that GB/T 4754 does not have."""
    column = frame["industry"]
    unknown = [code for code in column.drop_nulls().unique().to_list() if not industries.exists(code)]
    if not unknown:
        return
    for unit in column.is_in(unknown).fill_null(False).arg_true().to_list():
        yield UnitFinding(
            unit,
            Finding(
                "unknown_industry",
                Text("国民经济行业分类里没有这个代码", "GB/T 4754 has no such code"),
                found=str(column[unit]),
                severity=Severity.WARNING,
                column_of="industry",
            ),
        )


_UNIT_NUMBERS: Final = frozenset({"unit_id", "leader_unit_id", "chain_unit_ids"})


def _identity_numbers(frame: pl.DataFrame) -> Iterator[UnitFinding]:
    """Identity numbers in any text of a unit. The code's own column is left to its reading, which knows them.

    A unit's number may be its registration number of 15 digits, whose check digit tells it from a person's.
    """
    import polars as pl

    texts = [name for name, dtype in frame.schema.items() if dtype == pl.String and name != "uscc"]
    lists = [name for name, dtype in frame.schema.items() if dtype == pl.List(pl.String)]
    joined = frame.select(*texts, *(pl.col(name).list.join(";") for name in lists))
    # Only texts with enough digits are read one by one: nearly none.
    numbered = joined.select(pl.all().str.count_matches(r"\p{Nd}").fill_null(0) >= 15)
    for name in joined.columns:
        for unit in numbered[name].arg_true().to_list():
            words = joined[name][unit]
            if name in _UNIT_NUMBERS and not any(private.in_code(part) for part in words.split(";")):
                continue
            for finding in private.findings({name: words}):
                yield UnitFinding(unit, finding)


def _garbled_names(frame: pl.DataFrame) -> Iterator[UnitFinding]:
    """Names whose bytes were read in the wrong encoding: 鏂板鍗曚綅 is 新增单位."""
    for unit, name in enumerate(frame["name"].to_list()):
        if name is None or len(name) < _SHORTEST_GARBLED or name.isascii():
            continue
        meant = _in_utf8(name)
        if meant is not None:
            yield UnitFinding(
                unit,
                Finding(
                    "garbled",
                    Text(
                        f"像乱码，原文可能是“{meant}”。请重新填写",
                        f'This looks garbled; it may have been "{meant}". Type it again',
                    ),
                    found=name,
                    column_of="name",
                ),
            )


_SHORTEST_GARBLED: Final = 3


def _in_utf8(name: str) -> str | None:
    """What a name says when its bytes, taken for GB18030, are read as the UTF-8 they were."""
    try:
        meant = name.encode("gb18030").decode()
    except UnicodeError:
        return None
    return (
        meant
        if all("\u4e00" <= character <= "\u9fff" or character.isascii() for character in meant)
        else None
    )


def _contradicting_places(frame: pl.DataFrame, town: Town) -> Iterator[UnitFinding]:
    """A village, park or venue that lies in another work area than the one filled in."""
    import polars as pl

    places = Places.of(town)
    names = {area.id: area.name for area in town.areas}
    above = {area_id: places.work_area(area_id) for area_id in places.areas}
    for name in ("village", "park", "venue"):
        of_place = frame[name].replace_strict(above, default=None, return_dtype=pl.String)
        for unit in (of_place != frame["area"]).fill_null(False).arg_true().to_list():
            held = names.get(of_place[unit], of_place[unit])
            yield UnitFinding(
                unit,
                Finding(
                    "place_in_other_area",
                    Text(
                        f"它属于“{held}”，与所填工作片不同",
                        f'It belongs to "{held}", not the work area given',
                    ),
                    found=names.get(frame[name][unit], ""),
                    severity=Severity.WARNING,
                    column_of=name,
                ),
            )
