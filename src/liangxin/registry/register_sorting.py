"""A business-register export becomes the first survey ledger: every row gets exactly one outcome and a reason.

Order of the questions: has it a name; is it a row we have already; does it lie in another town; is it struck off or moved
away; is it a branch, state-owned or collective. What passes goes into the ledger, placed or not. A question whose answer
is not certain never puts a row out: it stays in with 待核.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from liangxin.registry import industries
from liangxin.registry.codes import ACCEPTED as ACCEPTED_CODES
from liangxin.registry.codes import Code, CodeKind, check_code
from liangxin.registry.dates import read_date
from liangxin.registry.fields import FIELDS
from liangxin.registry.gazetteer import Gazetteer, Placement, Standing
from liangxin.registry.industry_suggestion import suggest
from liangxin.registry.register_capital import ACCEPTED as ACCEPTED_CAPITAL
from liangxin.registry.register_capital import Capital, read_capital
from liangxin.registry.register_duplicates import Duplicate, find_duplicates, organization_code
from liangxin.registry.register_legal_form import ACCEPTED as ACCEPTED_TYPES
from liangxin.registry.register_legal_form import OUTSIDE, LegalForm, legal_form
from liangxin.registry.register_rows import Outcome, RegisterRow, SortedRegister, SortedRow, Unreadable
from liangxin.registry.register_state import ACCEPTED as ACCEPTED_STATES
from liangxin.registry.register_state import RegisteredState, read_state
from liangxin.registry.town import Town
from liangxin.registry.values import read_value
from liangxin.wording import Text

_NOT_GIVEN: Final = frozenset({"", "N/A", "NA", "-", "--", "—", "NULL", "暂无"})
_GONE: Final[Mapping[str, Text]] = {
    "deregistered": Text("已注销", "Deregistered"),
    "moved_out": Text("已迁出", "Moved out"),
}
_ACCEPTED_INDUSTRY: Final = Text(
    "GB/T 4754-2017 的代码或名称，如 3812、C3812、电动机制造",
    'a code or name of GB/T 4754-2017, such as 3812, C3812, "电动机制造"',
)


def sort_register(
    rows: Sequence[RegisterRow], town: Town, *, on_row: Callable[[], object] | None = None
) -> SortedRegister:
    """Sort every row of an export. ``on_row`` is called after each, to show progress.

    Raises:
        InputError: the town's areas have unknown parents or a cycle.
        RuntimeError: the outcomes do not add up to the rows (a fault of this program, never of the input).
    """
    gazetteer = Gazetteer(town, [row.text("address") for row in rows])
    duplicates = find_duplicates(rows)
    unreadable: list[Unreadable] = []
    found: list[SortedRow] = []
    taken: Counter[str] = Counter()
    for position, row in enumerate(rows):
        sorted_row = _sort(row, duplicates.get(position), gazetteer, unreadable)
        if sorted_row.unit_id:
            taken[sorted_row.unit_id] += 1
        found.append(sorted_row)
        if on_row is not None:
            on_row()
    result = SortedRegister(tuple(found), tuple(unreadable))
    if sum(result.counts().values()) != len(rows) or any(count > 1 for count in taken.values()):
        raise RuntimeError(
            f"{len(rows)} rows in, outcomes {result.counts()}, ids given twice: {taken - Counter(set(taken))}"
        )
    return result


def _sort(
    row: RegisterRow, duplicate: Duplicate | None, gazetteer: Gazetteer, unreadable: list[Unreadable]
) -> SortedRow:
    read = _Cells(row, unreadable)
    code = read.code()
    common: dict[str, Any] = {"code": code, "founded_on": read.founded_on(), "capital": read.capital()}
    if not row.text("name"):
        reason = Text("没有单位名称", "The row has no name")
        return SortedRow(row, Outcome.NAMELESS, "nameless", (reason,), **common)
    state = read.state()
    form = read.legal_form(code)
    office = code.text[2:8] if code.problem is None and code.kind is CodeKind.CREDIT_CODE else ""
    placement = gazetteer.place(row.text("address"), office)
    common["placement"] = placement
    common["notes"] = (*form.notes, *((state.note,) if state.note else ()))
    if duplicate is not None:
        return SortedRow(
            row,
            Outcome.DUPLICATE,
            duplicate.how,
            (duplicate.reason(),),
            same_as=duplicate.same_as.number,
            **common,
        )
    outside = _outside(placement, state, form)
    if outside:
        first, *_ = outside
        return SortedRow(row, Outcome.OUTSIDE, first[0], tuple(reason for _, reason in outside), **common)
    placed = placement.standing is Standing.PLACED
    notes = [*common.pop("notes")]
    if code.problem is not None and code.problem_id != "identity_number":
        notes.append(_about_code(code))
    if not placed:
        notes.append(placement.reason)
    return SortedRow(
        row,
        Outcome.PLACED if placed else Outcome.UNPLACED,
        placement.standing.value,
        (placement.reason,),
        unit_id=_unit_id(row, code),
        facts=read.facts(code, form, state, placement, notes),
        suggestion=suggest(row.text("name"), row.text("scope")),
        notes=tuple(notes),
        **common,
    )


def _outside(placement: Placement, state: RegisteredState, form: LegalForm) -> list[tuple[str, Text]]:
    """Every reason that certainly puts the row out, the first one first."""
    reasons: list[tuple[str, Text]] = []
    if placement.standing is Standing.OTHER_TOWN:
        reasons.append(("other_town", placement.reason))
    if state.state is not None and state.state in _GONE:
        reasons.append((state.state, _GONE[state.state]))
    if form.outside is not None:
        reasons.append((form.outside, OUTSIDE[form.outside]))
    if form.outside == "branch" and form.ownership in ("state", "collective"):
        reasons.append((form.ownership, OUTSIDE["state" if form.ownership == "state" else "collective"]))
    return reasons


def _unit_id(row: RegisterRow, code: Code) -> str:
    """An organization's code is its id for life, short and the same in every export; else the row of the export."""
    if code.problem is None and code.kind not in (None, CodeKind.NONE):
        return organization_code(code)
    return f"R{row.number:05d}"


def _about_code(code: Code) -> Text:
    problem = code.problem or Text("", "")
    return Text(f"代码“{code.text}”有误：{problem.zh}", f'Code "{code.text}": {problem.en}')


class _Cells:
    """Reads the cells of one row; what cannot be read is listed once and left 待核."""

    def __init__(self, row: RegisterRow, unreadable: list[Unreadable]) -> None:
        self._row = row
        self._unreadable = unreadable

    def _list(
        self, column: str, message: Text, accepted: Text | None = None, written: str | None = None
    ) -> None:
        self._unreadable.append(
            Unreadable(
                self._row.number,
                column,
                self._row.text(column) if written is None else written,
                message,
                accepted,
            )
        )

    def code(self) -> Code:
        written = self._row.text("code")
        if written.upper() in _NOT_GIVEN or written == "无":
            return Code("")
        code = check_code(written)
        if code.problem_id == "identity_number":
            self._list("code", code.problem or Text("", ""), ACCEPTED_CODES, written="（身份证号，已删去）")
            return Code("", problem=code.problem, problem_id=code.problem_id)
        if code.problem is not None:
            accepted = (
                Text(f"可能是 {code.suggestion}", f"perhaps {code.suggestion}")
                if code.suggestion
                else ACCEPTED_CODES
            )
            self._list("code", code.problem, accepted)
        return code

    def founded_on(self) -> date | None:
        written = self._row.text("founded_on")
        if written.upper() in _NOT_GIVEN:
            return None
        day = read_date(written)
        if isinstance(day, Text):
            self._list(
                "founded_on", day, Text("如 1998-07-01、1998年7月1日", 'such as 1998-07-01, "1998年7月1日"')
            )
            return None
        return day

    def capital(self) -> Capital | None:
        capital = read_capital(self._row.text("capital"))
        if isinstance(capital, Text):
            self._list("capital", capital, ACCEPTED_CAPITAL)
            return None
        return capital

    def state(self) -> RegisteredState:
        state = read_state(self._row.text("state"))
        if not state.readable:
            self._list(
                "state", Text("认不出登记状态", "The state of registration is not known"), ACCEPTED_STATES
            )
        return state

    def legal_form(self, code: Code) -> LegalForm:
        good = code.text if code.kind is CodeKind.CREDIT_CODE else ""
        form = legal_form(self._row.text("name"), self._row.text("type"), good)
        if not form.known:
            self._list("type", Text("认不出企业类型", "The type is not known"), ACCEPTED_TYPES)
        return form

    def facts(
        self,
        code: Code,
        form: LegalForm,
        state: RegisteredState,
        placement: Placement,
        notes: Sequence[Text],
    ) -> dict[str, Any]:
        """The fields of the ledger that the register makes certain; all others stay 待核."""
        found = {
            "unit_id": _unit_id(self._row, code),
            "uscc": code.text if code.problem is None and code.text else None,
            "name": self._row.text("name"),
            "kind": form.kind,
            "ownership": form.ownership,
            "state": state.state,
            "industry": self._industry(),
            "staff": self._staff(),
            "area": placement.area,
            "village": placement.village,
            "park": placement.park,
            "venue": placement.venue,
            "remark": "；".join(note.zh for note in notes) or None,
        }
        return {name: value for name, value in found.items() if value is not None}

    def _industry(self) -> str | None:
        """Only a code or a name of the standard that the register itself gives; a suggestion never gets here."""
        written = self._row.text("industry")
        if written.upper() in _NOT_GIVEN:
            return None
        code = industries.find(written)
        if code is None:
            self._list(
                "industry", Text("不是标准里的行业", "Not an industry of the standard"), _ACCEPTED_INDUSTRY
            )
        elif len(code) < 2:
            self._list(
                "industry", Text("只写到门类，太粗", "Only the section: too coarse"), _ACCEPTED_INDUSTRY
            )
        return code if code is not None and len(code) >= 2 else None

    def _staff(self) -> int | None:
        written = self._row.text("staff")
        if written.upper() in _NOT_GIVEN:
            return None
        reading = read_value(FIELDS["staff"], written)
        if reading.value is None:
            self._list(
                "staff", reading.message or Text("不是人数", "Not a number of people"), reading.accepted
            )
        value: int | None = reading.value
        return value
