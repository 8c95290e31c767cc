"""Names and types: every message in both languages, with its place in the expression and the nearest valid name."""

from __future__ import annotations

from datetime import date

import pytest

from liangxin.policy.checking import ExpressionProblem, Scope, check
from liangxin.policy.names import Subject, ValueType

PARAMETERS = {"staff_large": 80, "half": 1.5, "count_mobile": True}
UNIT = Scope(Subject.UNIT, date(2011, 8, 15), PARAMETERS)
ORGANIZATION = Scope(Subject.ORGANIZATION, date(2011, 8, 15), PARAMETERS)


def problems(source: str, scope: Scope = UNIT, needed: ValueType | None = None) -> list[ExpressionProblem]:
    return check(source, scope, needed)[1]


@pytest.mark.parametrize(
    ("source", "column", "zh", "en", "accepted"),
    [
        (
            "staf >= 80",
            1,
            "没有叫“staf”的字段、参数或定义",
            "No field, parameter or definition is called “staf”",
            "“staff”（最接近的名称）",
        ),
        (
            "staff >= staff_larg",
            10,
            "没有叫“staff_larg”的字段、参数或定义",
            "No field, parameter or definition is called “staff_larg”",
            "“staff_large”（最接近的名称）",
        ),
        (
            "从业人 >= 80",
            1,
            "没有叫“从业人”的字段、参数或定义",
            "No field, parameter or definition is called “从业人”",
            "“从业人数”（最接近的名称）",
        ),
        (
            'kind == "enterprize"',
            9,
            "“单位类别”没有“enterprize”这个取值",
            "“Kind” has no value “enterprize”",
            "“enterprise”（最接近的名称）",
        ),
        (
            'ownership in ["private", "xyz"]',
            26,
            "“经济类型”没有“xyz”这个取值",
            "“Ownership” has no value “xyz”",
            "private、foreign、hmt、collective、state、mixed、individual",
        ),
        ("staff > union", 9, "数字不能与条件（真或假）比较", "a number cannot be compared with a condition (true or false)", None),
        ("staff > 2011-08-31", 9, "数字不能与日期比较", "a number cannot be compared with a date", None),
        ('name > "甲"', 1, "只有数字和日期能比大小，写的是文字", "Only numbers and dates have an order; this is text", None),
        ('association == "S1"', 1, "列表要用 contains 比较", "A list is compared with contains", None),
        ('name contains "S1"', 1, "这里要多个值的列表，写的是文字", "a list of values is needed here, this is text", None),
        ("staff and union", 1, "这里要条件（真或假），写的是数字", "a condition (true or false) is needed here, this is a number", None),
        ("union + 1 > 2", 1, "这里要数字，写的是条件（真或假）", "a number is needed here, this is a condition (true or false)", None),
        ("staff in [1, revenue]", 14, "in [...] 里只能写常数", "in [...] takes constants only", None),
        ("80 is known", 1, "常数总是已知的", "A constant is always known", None),
        ("add_months(surveyed_on, half) > as_of", 25, "月数、天数要写整数或参数", "Months and days are a whole number or a parameter", None),
        ("add_month(surveyed_on, 1) > as_of", 1, "没有叫“add_month”的函数", "No function is called “add_month”", "“add_months”（最接近的名称）"),
        ("max(staff) > 1", 1, "max() 要 2 个值，写了 1 个", "max() takes 2 values, 1 are given", None),
        ("org_units > 5", 1, "“org_units”是党组织的事实，这条规则看的是单位", "“org_units” is a fact of an organization; this rule is about a unit", None),
        ("work_covered", 1, "“work_covered”只能写在指标里", "“work_covered” can only be used in an indicator", None),
        ("staff >=", 9, "表达式没有写完", "The expression ends too early", "名称、数字、日期、“文字”或括号"),
        ("(staff > 1", 11, "表达式没有写完", "The expression ends too early", "“)”"),
        ("staff > 1 staff", 11, "这里不该是这个词", "This does not belong here", "and、or、比较符号，或到此结束"),
        ("staff is big", 10, "这里不该是这个词", "This does not belong here", "known 或 unknown"),
        ("staff not 3", 11, "这里不该是这个词", "This does not belong here", "in 或 between"),
        ("staff ! 3", 7, "看不懂这个符号", "This sign means nothing here", None),
        ('name == "甲', 9, "引号没有配对", "This quotation mark is not closed", None),
        ("surveyed_on > 2011-02-30", 15, "没有这一天", "There is no such day", "日期，如 2011-08-31"),
        ("((((((((((((((((((((1))))))))))))))))))))", 21, "括号套得太深，请拆成几个定义", "Nested too deeply; split it into definitions", None),
        (" + ".join(["1"] * 101), 401, "表达式太长，请拆成几个定义", "The expression is too long; split it into definitions", None),
    ],
)  # fmt: skip
def test_a_wrong_expression_is_refused(
    source: str, column: int, zh: str, en: str, accepted: str | None
) -> None:
    """One mistake, one problem: where, what in Chinese and English, and what to write instead."""
    (problem,) = problems(source)
    assert (column, zh, en) == (problem.at + 1, problem.message.zh, problem.message.en)
    assert accepted == (problem.accepted.zh if problem.accepted else None)


def test_a_condition_is_asked_for() -> None:
    """A rule's ``when`` that is a number is refused as a whole."""
    (problem,) = problems("full_members + 1", needed=ValueType.CONDITION)
    assert "这里要条件（真或假），写的是数字" == problem.message.zh
    assert "full_members + 1" == problem.found


def test_a_unit_field_in_an_organization_rule() -> None:
    """The other way round: a rule about organizations does not see a unit's fields."""
    (problem,) = problems("staff > 5", ORGANIZATION)
    assert "“staff”是单位的字段，这条规则看的是党组织" == problem.message.zh
    assert "“staff” is a field of a unit; this rule is about an organization" == problem.message.en


def test_all_mistakes_of_one_expression_at_once() -> None:
    """Three mistakes, three problems, in the order of reading."""
    found = problems('staf > 1 and kind == "x" or revenu < 2')
    assert [1, 22, 29] == [problem.at + 1 for problem in found]


@pytest.mark.parametrize(
    ("chinese", "english"),
    [
        ("从业人数 ≥ 80 且 年营业收入 ≥ 500", "staff >= 80 and revenue >= 500"),
        ("单位类别 = “企业” 或 非 工会", 'kind == "enterprise" or not union'),
        ("正式党员数 待核", "full_members is unknown"),
        ("园区 已知", "park is known"),
        ('经济类型 属于 ["私营"， "外商投资"]', 'ownership in ["private", "foreign"]'),
    ],
)
def test_chinese_words_mean_the_same(chinese: str, english: str) -> None:
    """Headers, choice words and 且 或 非 can be written as the office says them."""
    assert check(english, UNIT)[0] == check(chinese, UNIT)[0]
    assert check(chinese, UNIT)[0] is not None


def test_a_deep_but_allowed_expression_runs() -> None:
    """The longest chain that is allowed compiles and is said in words without running out of stack."""
    from liangxin.policy.expression import compiled

    for source in ("not " * 150 + "union", " + ".join(["staff"] * 99) + " > 1", "-" * 150 + "staff > 1"):
        expression = compiled(source, UNIT)
        expression.polars()
        assert "" != expression.words().zh
