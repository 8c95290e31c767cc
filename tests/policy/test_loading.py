"""Loading: every refusal with its words and place, all at once; overlays and what a policy is based on."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from tests.policy.writing import HEAD, county

from liangxin.findings import Finding, InputError
from liangxin.policy import Library, available, check_policy, load_policy, parse_policy, read_policy

DAY = date(2021, 6, 1)


def refused(path: Path) -> Finding:
    """The one thing that is wrong with a policy, on any day."""
    (finding,) = check_policy(path)
    return finding


@pytest.mark.parametrize("id", [policy.id for policy in available()])
def test_our_own_policies_have_no_errors(id: str) -> None:
    """All four load clean on every date on which something changes."""
    assert () == check_policy(id)


def test_the_policies_that_come_with_the_program() -> None:
    """The notice, the overlays, and two made-up examples that say so in their title."""
    listed = {policy.id: policy for policy in available()}
    assert ["branch-regulations-2018", "distance-only"] == [
        id for id, policy in listed.items() if policy.is_overlay
    ]
    examples = [policy for id, policy in listed.items() if id.startswith("example-")]
    assert 2 == len(examples)
    assert all("示例（虚构）" in policy.title.zh for policy in examples)
    assert all("made up" in policy.title.en for policy in examples)


@pytest.mark.parametrize(
    ("lines", "line", "column", "zh", "en", "accepted"),
    [
        ("titel: x\n", 6, 1, "“titel”不是这里能写的项", "“titel” is not a key that belongs here", "“title”（最接近的名称）"),
        ("replace: [clases]\n", 6, 11, "“replace”没有“clases”这一项", "“clases” is not one of “replace”", "“classes”（最接近的名称）"),
        ("forms:\n  prak: {}\n", 7, 3, "台账里没有组建形式“prak”", "The ledger has no form “prak”", "“park”（最接近的名称）"),
        ("forms:\n  park: {together: parc}\n", 7, 20, "“together”没有“parc”这一项", "“parc” is not one of “together”", "“park”（最接近的名称）"),
        ("forms:\n  park: {limits: {max_units: joint_max}}\n", 7, 30, "“parameters”没有“joint_max”这一项", "“joint_max” is not one of “parameters”", "“joint_max_units”（最接近的名称）"),
        ("forms:\n  park: {limits: {max_unit: 5}}\n", 7, 19, "“max_unit”不是这里能写的项", "“max_unit” is not a key that belongs here", "“max_units”（最接近的名称）"),
        ("forms:\n  park: {is_organization: 是}\n", 7, 27, "“is_organization”只能写 true 或 false", "“is_organization” is true or false", None),
        ("forms:\n  park: 5\n", 7, 9, "“park”下面要写“名称: 内容”", "“park” must hold “name: content”", None),
        ("classes:\n  big: {label: {zh: 大, en: big}, clause: '1.8', when: staff > 1}\n", 7, 42, "“clauses”里没有条款“1.8”", "“clauses” has no clause “1.8”", "“1.5”（最接近的名称）"),
        ("classes:\n  big: {label: {zh: 大, en: big}, clause: '1.1', when: staff}\n", 7, 55, "这里要条件（真或假），写的是数字", "a condition (true or false) is needed here, this is a number", None),
        ("classes:\n  big: {label: {zh: 大, en: big}, clause: '1.1', when: staff > 1, requird: true}\n", 7, 66, "“requird”不是这里能写的项", "“requird” is not a key that belongs here", "“required”（最接近的名称）"),
        ("classes:\n  big: {label: [大], clause: '1.1', when: staff > 1}\n", 7, 16, "“label”要写文字，至少有中文", "“label” needs words, in Chinese at least", "{zh: 中文, en: 英文}，或只写中文"),
        ("classes:\n  big: {label: {en: big}, clause: '1.1', when: staff > 1}\n", 7, 16, "“label”缺少“zh”", "“label” lacks “zh”", None),
        ("classes:\n  big: {label: {zh: 大, en: b}, clause: '1.1'}\n", 7, 8, "“classes.big”缺少“when”", "“classes.big” lacks “when”", None),
        ("definitions:\n  staff: {label: {zh: 大, en: b}, is: revenue}\n", 7, 3, "“staff”是字段名或语言用词，请换一个名称", "“staff” is a field or a word of the language; choose another name", None),
        ("definitions:\n  2d: {label: {zh: 大, en: b}, is: revenue}\n", 7, 3, "“2d”不能作名称：只用字母、汉字、数字和下划线，不以数字开头", "“2d” cannot be a name: letters, digits and underscores, not beginning with a digit", None),
        ("definitions:\n  staff_80: {label: {zh: 大, en: b}, is: revenue > 1}\n", 7, 3, "“staff_80”在“classes”里已经用过", "“staff_80” is already used in “classes”", None),
        ("definitions:\n  a: {label: {zh: 甲, en: a}, is: b + 1}\n  b: {label: {zh: 乙, en: b}, is: a + 1}\n", 7, 34, "定义互相引用，成了圈：a → b → a", "Definitions refer to each other in a circle: a → b → a", None),
        ("indicators:\n  '1.4': {target: 35}\n", 7, 19, "目标要在 0 到 100% 之间", "A target lies between 0 and 100%", "35%"),
        ("indicators:\n  '1.1': {role: work_coverage}\n", 0, 0, "只能有一项指标的 role 是“work_coverage”", "Only one indicator can have the role “work_coverage”", None),
        ("indicators:\n  '1.4': {target: 多}\n", 7, 19, "“target”要写数字", "“target” must be a number", None),
        ("indicators:\n  '1.4': {due: 2011-02-30}\n", 7, 16, "“due”要写日期，而且确有这一天", "“due” must be a date that exists", "如 2011-08-31"),
        ("indicators:\n  '1.4': {forms: park}\n", 7, 18, "“forms”要写成列表：[甲, 乙]", "“forms” must be a list: [a, b]", None),
        ("indicators:\n  '1.4': {from: 2021-1-32}\n", 7, 17, "“from”要写日期，而且确有这一天", "“from” must be a date that exists", "如 2011-08-31"),
        ("indicators:\n  '1.4': {from: 2021-01-01, to: 2020-01-01}\n", 7, 29, "结束日期早于开始日期", "The last day comes before the first", None),
        ("clears:\n  staff: {fields: [staf]}\n", 7, 20, "“fields”没有“staf”这一项", "“staf” is not one of “fields”", "“staff”（最接近的名称）"),
        ("clears:\n  staff: {only_where: {revenue: union}}\n", 7, 24, "“revenue”不在这一项的 fields 里", "“revenue” is not among the fields of this item", "staff"),
        ("conflicts:\n  split_off: {message: {zh: '{nam}', en: '{name}'}}\n", 7, 29, "句子里的“{nam}”不是可用的名称", "“{nam}” in the sentence is not a known name", "“name”（最接近的名称）"),
        ("conflicts:\n  split_off: {message: {zh: '{name', en: '{name}'}}\n", 7, 29, "花括号没有配对", "A curly bracket is not closed", None),
        ("milestones:\n  plan: {predecessors: [surveys]}\n", 7, 25, "“milestones”没有“surveys”这一项", "“surveys” is not one of “milestones”", "“survey”（最接近的名称）"),
        ("milestones:\n  leading_group: {predecessors: [survey]}\n", 0, 0, "“milestones”里前后成了圈：leading_group → survey → leading_group", "“milestones” goes round in a circle: leading_group → survey → leading_group", None),
        ("milestones:\n  work_coverage: {start: 2011-08-01, due: 2011-08-05}\n", 0, 0, "“work_coverage”的期限 2011-08-05 早于它的前置事项“instructors”的期限 2011-08-20", "“work_coverage” falls due on 2011-08-05, before “instructors”, which must be done first, on 2011-08-20", None),
        ("milestones:\n  survey: {due: 2011-07-01}\n", 7, 12, "“survey”的期限早于开始日期", "“survey” falls due before it starts", None),
        ("bodies:\n  leading_group: {parent: comittee}\n", 7, 27, "“bodies”没有“comittee”这一项", "“comittee” is not one of “bodies”", "“committee”（最接近的名称）"),
        ("bodies:\n  committee: {parent: leading_group}\n", 0, 0, "“bodies”里前后成了圈：committee → leading_group → committee", "“bodies” goes round in a circle: committee → leading_group → committee", None),
        ("parameters:\n  staff_large: {values: [{value: 100, source: 例}]}\n", 7, 26, "“parameters.staff_large.values”缺少“from”", "“parameters.staff_large.values” lacks “from”", None),
        ("parameters:\n  staff_large: {values: 100}\n", 7, 25, "“values”要写成列表，每个值有 from、value、source", "“values” must be a list; every value has from, value and source", None),
        ("parameters:\n  reply_months: {values: [{from: 2021-01-01, value: 一, source: 例}]}\n", 7, 26, "同一参数的各个值要同类", "The values of one parameter must be of one type", None),
        ("planning:\n  per_unit: {prak: 1}\n", 7, 14, "台账里没有组建形式“prak”", "The ledger has no form “prak”", "“park”（最接近的名称）"),
        ("based_on: changle-2011-44\n", 6, 1, "“based_on”写了两次，第一次在第3行", "“based_on” is written twice, first on line 3", None),
        ("overlays: [branch-regulation-2018]\n", 6, 12, "没有编号为“branch-regulation-2018”的政策", "There is no policy with the id “branch-regulation-2018”", "“branch-regulations-2018”（最接近的名称）"),
        ("overlays: [example-two-years]\n", 6, 12, "“example-two-years”不是叠加规则，不能叠加在别的通知上", "“example-two-years” is not an overlay and cannot be laid over another notice", None),
    ],
)  # fmt: skip
def test_a_wrong_policy_is_refused(
    tmp_path: Path, lines: str, line: int, column: int, zh: str, en: str, accepted: str | None
) -> None:
    """One mistake, one finding: line, column, words in both languages, what to write instead (line 0: in our own file)."""
    findings = check_policy(county(tmp_path, lines))
    assert (zh, en) in [(finding.message.zh, finding.message.en) for finding in findings]
    finding = next(finding for finding in findings if finding.message.zh == zh)
    assert accepted == (finding.accepted.zh if finding.accepted else None)
    if line:
        assert (line, column) == (finding.place.line, finding.place.offset)


def test_all_errors_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    """Five mistakes in five sections: five findings, by line and column."""
    path = county(
        tmp_path,
        "definitions:\n"
        "  x: {label: {zh: 甲, en: x}, is: staf + 1}\n"
        "classes:\n"
        "  big:\n"
        "    label: {zh: 大, en: big}\n"
        "    clause: '9.9'\n"
        "    when: >-\n"
        '      kind == "enterprize" and\n'
        "      revenu > 1\n"
        "indicators:\n"
        "  '1.4': {target: 35}\n",
    )
    assert [(7, 34), (11, 13), (13, 15), (14, 7), (16, 19)] == [
        (finding.place.line, finding.place.offset) for finding in check_policy(path)
    ]


def test_a_broken_definition_is_reported_once(tmp_path: Path) -> None:
    """Rules that use a broken definition add no errors of their own."""
    path = county(
        tmp_path,
        "definitions:\n"
        "  x: {label: {zh: 甲, en: x}, is: staf + 1}\n"
        "  y: {label: {zh: 乙, en: y}, is: x + 1}\n"
        "size_lists:\n"
        "  big: {label: {zh: 大, en: big}, clause: '1.1', when: y > 3}\n",
    )
    assert "没有叫“staf”的字段、参数或定义" == refused(path).message.zh


def test_definitions_that_multiply_are_refused(tmp_path: Path) -> None:
    """Twenty definitions, each twice the one before: refused, not run out of memory."""
    lines = "definitions:\n  d0: {label: {zh: 甲, en: d}, is: staff}\n" + "".join(
        f"  d{n}: {{label: {{zh: 甲, en: d}}, is: d{n - 1} + d{n - 1}}}\n" for n in range(1, 20)
    )
    finding = refused(county(tmp_path, lines))
    assert "policy_size" == finding.code
    assert "“d10”层层引用，展开后太大" == finding.message.zh


@pytest.mark.parametrize("written", [list, lambda lines: list(reversed(list(lines)))])
def test_definitions_on_definitions_on_definitions(tmp_path: Path, written: Callable[..., list[str]]) -> None:
    """A tower of 1,500, written upward or downward, is refused with a sentence."""
    tower = (f"  d{n}: {{label: {{zh: 甲, en: d}}, is: d{n - 1} + 1}}\n" for n in range(1, 1500))
    lines = "definitions:\n  d0: {label: {zh: 甲, en: d}, is: staff}\n" + "".join(written(tower))
    codes = {finding.code for finding in check_policy(county(tmp_path, lines))}
    assert {"policy_size"} == codes


def test_an_unknown_policy() -> None:
    """The nearest id is suggested; a missing file is said to be a file."""
    with pytest.raises(InputError) as unknown:
        load_policy("changle-2011-4", as_of=DAY)
    (finding,) = unknown.value.findings
    assert "没有编号为“changle-2011-4”的政策" == finding.message.zh
    assert "There is no policy with the id “changle-2011-4”" == finding.message.en
    assert "“changle-2011-44”（最接近的名称）" == finding.accepted.zh
    with pytest.raises(InputError) as missing:
        read_policy("我县.yaml", as_of=DAY)
    assert "找不到政策文件“我县.yaml”" == missing.value.findings[0].message.zh


def test_an_overlay_alone() -> None:
    """An overlay is not a notice: one message shows how to use it, and nothing else is called missing."""
    with pytest.raises(InputError) as refused_:
        load_policy("branch-regulations-2018", as_of=DAY)
    assert [finding.message.zh for finding in refused_.value.findings] == [
        "“branch-regulations-2018”是叠加规则，要叠加在一个通知上用，例如“changle-2011-44+branch-regulations-2018”"
    ]


def test_a_file_that_is_not_utf8(tmp_path: Path) -> None:
    """A file saved in GB18030 is refused with a sentence, not a traceback."""
    path = tmp_path / "县.yaml"
    path.write_bytes(HEAD.replace("a county", "某县").encode("gb18030"))
    assert "文件不是 UTF-8 编码，请另存为 UTF-8 后再用" == refused(path).message.zh


def test_a_file_of_another_format(tmp_path: Path) -> None:
    """The format is named, and what it should be."""
    path = tmp_path / "县.yaml"
    path.write_text(HEAD.replace("policy/1", "town/1"), encoding="utf-8")
    finding = refused(path)
    assert ("不认识这个格式", "liangxin.town/1") == (finding.message.zh, finding.found)
    assert "liangxin.policy/1" == finding.accepted.zh


def test_based_on_in_a_circle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two files based on each other."""
    monkeypatch.chdir(tmp_path)
    for one, other in (("a.yaml", "b.yaml"), ("b.yaml", "a.yaml")):
        Path(one).write_text(HEAD.replace("changle-2011-44", other), encoding="utf-8")
    assert "based_on 成了圈：a.yaml → b.yaml → a.yaml" in [f.message.zh for f in check_policy("a.yaml")]


def test_an_empty_policy_says_all_that_is_missing(tmp_path: Path) -> None:
    """Not based on anything: every section that a policy needs is named."""
    path = tmp_path / "empty.yaml"
    path.write_text("format: liangxin.policy/1\n", encoding="utf-8")
    missing = {finding.message.zh for finding in check_policy(path)}
    needed = [
        "id",
        "title",
        "clauses",
        "scope",
        "classes",
        "statuses",
        "indicators",
        "forms",
        "haves",
        "style",
    ]
    assert {f"缺少“{key}”" for key in needed} <= missing


def test_overlays_can_be_named_in_three_ways(tmp_path: Path) -> None:
    """With “+”, by argument, or in the file itself; the policy that comes out is the same."""
    day = date(2019, 1, 1)
    joined = load_policy("changle-2011-44+branch-regulations-2018", as_of=day)
    given = load_policy("changle-2011-44", as_of=day, overlays=["branch-regulations-2018"])
    declared = read_policy(county(tmp_path, "overlays: [branch-regulations-2018]\n"), as_of=day)
    assert joined == given
    assert ("branch-regulations-2018",) == joined.overlays == declared.overlays
    assert joined.forms == declared.forms


def test_a_notice_keeps_its_name_under_an_overlay() -> None:
    """Plans, documents and comparisons name the notice; the overlay is named beside it."""
    alone = load_policy("changle-2011-44", as_of=date(2019, 1, 1))
    laid = load_policy("changle-2011-44+branch-regulations-2018", as_of=date(2019, 1, 1))
    assert (laid.id, laid.title, laid.issued_on) == (alone.id, alone.title, alone.issued_on)
    assert laid.id == "changle-2011-44"
    assert laid.forms != alone.forms or laid.conflicts != alone.conflicts


def test_a_policy_can_be_sent_to_another_process() -> None:
    """Rules are pickled for the fleet's workers and compare equal afterwards."""
    policy = load_policy("changle-2011-44", as_of=DAY)
    assert policy == pickle.loads(pickle.dumps(policy))


def test_an_id_is_never_a_path(tmp_path: Path) -> None:
    """What a site is given as a policy's name opens no file, as a notice or as an overlay."""
    path = county(tmp_path, "")
    for name, overlays in ((str(path), ()), ("changle-2011-44", (str(path),))):
        with pytest.raises(InputError) as refusal:
            load_policy(name, as_of=DAY, overlays=overlays)
        assert ["policy_unknown"] == [finding.code for finding in refusal.value.findings]
    hidden = HEAD.replace("changle-2011-44", str(path))
    with pytest.raises(InputError) as refusal:
        parse_policy(hidden, as_of=DAY)
    assert "policy_unknown" in [finding.code for finding in refusal.value.findings]


def test_a_text_is_the_same_policy_as_its_file(tmp_path: Path) -> None:
    """As text, as bytes with a byte order mark, as a file, and out of a library of texts that were brought."""
    path = county(tmp_path, "overlays: [branch-regulations-2018]\n")
    text = path.read_text(encoding="utf-8")
    read = read_policy(path, as_of=DAY)
    assert (
        read == parse_policy(text, as_of=DAY) == parse_policy(b"\xef\xbb\xbf" + path.read_bytes(), as_of=DAY)
    )
    assert read == load_policy(read.id, as_of=DAY, library=Library({read.id: text}))


def test_a_text_based_on_a_brought_one() -> None:
    """A county's policy for its towns: theirs is based on it; based on itself, it is refused."""
    base = HEAD.replace("id: county", "id: base-county") if "id: county" in HEAD else HEAD
    own = parse_policy(base, as_of=DAY)
    town = base.replace(own.id, "our-town").replace("based_on: changle-2011-44", f"based_on: {own.id}")
    library = Library({own.id: base})
    assert "our-town" == parse_policy(town, as_of=DAY, library=library).id
    circle = Library({own.id: base.replace("changle-2011-44", own.id)})
    with pytest.raises(InputError) as refusal:
        load_policy(own.id, as_of=DAY, library=circle)
    assert "policy_circle" in [finding.code for finding in refusal.value.findings]


def test_other_values_are_another_policy() -> None:
    """A what-if is a value: the policy itself stays, the copy differs in that number and in what the rules make of it."""
    policy = load_policy("changle-2011-44+branch-regulations-2018", as_of=date(2019, 1, 1))
    other = policy.with_values({"staff_large": 60})
    assert (80.0, 60.0) == (policy.parameter("staff_large"), other.parameter("staff_large"))
    assert policy.overlays == other.overlays
    rule, changed = (next(each for each in one.classes if each.id == "staff_80") for one in (policy, other))
    assert rule.when.words() != changed.when.words()
    assert policy == policy.with_values({})
    assert policy.classes == other.with_values({"staff_large": 80}).classes
    with pytest.raises(KeyError, match="staff_larg"):
        policy.with_values({"staff_larg": 60})


def test_a_value_that_the_rules_cannot_hold() -> None:
    """Refused as a policy with that value written into it would be."""
    with pytest.raises(InputError):
        load_policy("changle-2011-44", as_of=DAY).with_values({"staff_large": True})
