"""Serial numbers: read and written, and a register in which no number is left out and none is used twice."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from liangxin.findings import InputError
from liangxin.procedure import Register, Serial, SerialState, parse_serial
from liangxin.procedure.serial import SerialLine

DAY = date(2011, 8, 9)


@pytest.mark.clause("A3")
@pytest.mark.parametrize(
    "written",
    [
        "长委〔2011〕44号",
        "长委[2011]44号",
        "长委（2011）44号",
        " 长委 〔2011〕 44 号 ",
        "长委【2011】44号",
        "长委［2011］44号",
    ],
)
def test_a_number_is_read_as_people_write_it(written: str) -> None:
    """Other brackets and spaces are read; it is written with 〔〕."""
    assert "长委〔2011〕44号" == parse_serial(written).text


@pytest.mark.parametrize(
    "written",
    [
        "",
        "44",
        "长委44号",
        "长委〔2011〕044号",
        "长委〔11〕44号",
        "〔2011〕44号",
        "长委〔2011〕44",
        "长委〔2011〕0号",
        "长委〔2011〕第44号",
    ],
)
def test_anything_else_is_refused(written: str) -> None:
    """What was found and what is accepted are said."""
    with pytest.raises(InputError) as refused:
        parse_serial(written)
    (finding,) = refused.value.findings
    assert (written, "如 长委〔2011〕44号") == (finding.found, finding.accepted and finding.accepted.zh)


@given(st.text("长委组办发两新工", min_size=1, max_size=6), st.integers(1949, 2100), st.integers(1, 9999))
def test_written_and_read_back(body: str, year: int, number: int) -> None:
    """The same number."""
    serial = Serial(body, year, number)
    assert serial == parse_serial(serial.text)


@pytest.mark.clause("A3")
def test_reserved_numbers_are_kept() -> None:
    """45 is kept for the reply that is being printed; 46 goes out before it; then 45 is issued and nothing is missing."""
    register, first = Register("长委", 2011, first=44).issue(DAY, case="c1", what="通知")
    register, kept = register.reserve(DAY, what="批复")
    register, third = register.issue(DAY, case="c2", what="批复")
    register, same = register.issue(DAY, case="c3", what="批复", number=45)
    assert [44, 45, 46, 45] == [each.number for each in (first, kept, third, same)]
    assert [SerialState.ISSUED] * 3 == [line.state for line in register.lines]
    assert "长委〔2011〕47号" == register.next.text


@pytest.mark.parametrize(
    ("number", "code", "said"),
    [
        (44, "serial.taken", "长委〔2011〕44号已于2011-08-09发出，不能再用"),
        (46, "serial.taken", "长委〔2011〕46号已作废，不再使用"),
        (49, "serial.not_next", "发文号要连续，不能跳号"),
        (43, "serial.not_next", "发文号要连续，不能跳号"),
    ],
)
def test_numbers_that_are_not_given(number: int, code: str, said: str) -> None:
    """Issued, void, beyond the next, before the first."""
    register, _ = Register("长委", 2011, first=44).issue(DAY, case="c1", what="通知")
    register, _ = register.reserve(DAY, what="批复")
    register, _ = register.reserve(DAY, what="误印")
    register = register.void(46, DAY, reason="误印")
    with pytest.raises(InputError) as refused:
        register.issue(DAY, case="c2", what="批复", number=number)
    (finding,) = refused.value.findings
    assert (code, said) == (finding.code, finding.message.zh)


def test_only_reserved_numbers_are_voided() -> None:
    """An issued document is annulled by a later one; a number not used yet is not voided."""
    register, _ = Register("长委", 2011).issue(DAY, case="c1", what="通知")
    for number in (1, 2):
        with pytest.raises(InputError):
            register.void(number, DAY, reason="误")
    register, kept = register.reserve(DAY, what="批复")
    with pytest.raises(InputError, match="作废要写明理由"):
        register.void(kept.number, DAY, reason="")


def test_a_register_is_of_one_year() -> None:
    """A document of 2012 has a number of 2012."""
    with pytest.raises(InputError, match="这是2011年的发文登记，文件日期却是2012-01-01"):
        Register("长委", 2011).issue(date(2012, 1, 1), case="c1", what="通知")


def test_a_register_with_a_gap_is_refused() -> None:
    """Also when it is read back from where it is kept."""
    lines = tuple(SerialLine(number, SerialState.ISSUED, DAY) for number in (1, 3))
    with pytest.raises(InputError, match="不连续"):
        Register("长委", 2011, lines=lines)


class RegisterMachine(RuleBasedStateMachine):
    """Any sequence of reserving, issuing and voiding."""

    def __init__(self) -> None:
        super().__init__()
        self.register = Register("长委", 2011, first=44)
        self.issued: list[int] = []

    @rule()
    def reserve(self) -> None:
        self.register, _ = self.register.reserve(DAY, what="批复")

    @rule(number=st.one_of(st.none(), st.integers(40, 60)))
    def issue(self, number: int | None) -> None:
        possible = not self.register.refusals(DAY, number)
        try:
            self.register, serial = self.register.issue(DAY, case="c", what="批复", number=number)
        except InputError:
            assert not possible
        else:
            assert possible
            self.issued.append(serial.number)

    @rule(number=st.integers(40, 60))
    def void(self, number: int) -> None:
        line = self.register.line(number)
        try:
            self.register = self.register.void(number, DAY, reason="误")
        except InputError:
            assert line is None or line.state is not SerialState.RESERVED

    @invariant()
    def no_gap_and_none_twice(self) -> None:
        numbers = [line.number for line in self.register.lines]
        assert list(range(44, 44 + len(numbers))) == numbers
        assert len(self.issued) == len(set(self.issued))
        assert set(self.issued) == {
            line.number for line in self.register.lines if line.state is SerialState.ISSUED
        }


TestRegister = RegisterMachine.TestCase
