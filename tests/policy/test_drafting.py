"""From a notice's text to a draft policy: what is found, what is left over, what is refused."""

from __future__ import annotations

import time
from datetime import date
from functools import cache
from typing import Any

import pytest
from tests.policy.drafting_score import NUMBERS, names, read_case, score

from liangxin.coverage import classify, count
from liangxin.findings import InputError
from liangxin.policy import Policy, check_policy_text, load_policy, parse_policy
from liangxin.policy.drafting import (
    Card,
    Draft,
    compose_policy,
    draft_policy,
    read_sentences,
    refuse_contradictions,
)
from liangxin.policy.drafting.days import read_spans
from liangxin.policy.drafting.plain import simplify
from liangxin.sample import make_town

EVERY = [name for stem in ("changle", "tuned", "held", "later", "last") for name in names(stem)]
SHORT = "到8月底，从业80人以上企业党组织覆盖率达到{}。\n2011年8月9日\n"


@cache
def drafted(name: str) -> Draft:
    return draft_policy(read_case(name)[0])


def composed(draft: Draft, *without: str) -> str:
    assert draft.heading.issued_on is not None
    chosen = [card.id for card in draft.cards if card.kind not in without]
    return compose_policy(draft, chosen, id="x-town-1", title="某通知", issued_on=draft.heading.issued_on)


@pytest.mark.parametrize("half", ["tuned", "held", "l"])
def test_precision_and_recall(half: str) -> None:
    """Numbers, thresholds, targets and days; indicators bound right. First runs, before mending: decision 0180."""
    found = score(half)
    precision, recall, facts = found.rates(*NUMBERS)
    assert facts > 50
    assert precision >= 0.95, found.wrong
    assert recall >= 0.90, found.missed
    assert found.rates("指标")[1] >= 0.70, found.missed


@pytest.mark.parametrize("name", EVERY)
def test_a_draft_passes_the_check(name: str) -> None:
    """All cards taken; then none but the targets; then all but the targets: each is a policy without errors."""
    draft = drafted(name)
    others = {card.kind for card in draft.cards}
    for without in ((), tuple(others - {"indicator"}), ("indicator",)):
        assert () == check_policy_text(composed(draft, *without)), without


@pytest.mark.parametrize("name", EVERY)
def test_every_card_stands_in_the_text(name: str) -> None:
    """A card's sentence is found at its place, word for word; so is what is left over."""
    text = read_case(name)[0]
    draft = drafted(name)
    for sentence in (*(card.sentence for card in draft.cards), *draft.remainder):
        assert sentence.text == text[sentence.start : sentence.end]
    assert draft == draft_policy(text)
    assert len(draft.cards) == len({card.id for card in draft.cards})


@cache
def ours() -> tuple[Policy, Policy]:
    """The policy drafted from our notice's text alone, and the one written by hand."""
    day = date(2011, 8, 15)
    return parse_policy(composed(drafted("changle-2011-44")), as_of=day), load_policy(
        "changle-2011-44", as_of=day
    )


TARGETS = ("1.1", "1.2", "1.3", "1.4", "1.5")


@pytest.mark.clause("1.1", "1.2", "1.3", "1.4", "1.5")
def test_our_targets(subtests: Any = None) -> None:
    """Numerators, denominators, targets and days on a made-up town equal those of the policy written by hand."""
    draft, hand = ours()
    ledger = make_town(300, seed=5).ledger
    found, expected = count(classify(ledger, draft)), count(classify(ledger, hand))
    rates = [(rate.numerator, rate.denominator, rate.unknown) for rate in found.values()]
    assert [
        (expected[id].numerator, expected[id].denominator, expected[id].unknown) for id in TARGETS
    ] == rates
    assert all(denominator > 0 for _, denominator, _ in rates)
    by_hand = [indicator for indicator in hand.indicators if indicator.id in TARGETS]
    assert [(each.target, each.due, each.role) for each in by_hand] == [
        (each.target, each.due, each.role) for each in draft.indicators
    ]


@pytest.mark.clause("2.1", "2.2", "2.3", "2.4", "2.5", "2.6", "2.7")
def test_our_forms() -> None:
    """Seven forms and the mobile branch, with conditions and limits as written by hand, under the notice's numbering."""
    draft, hand = ours()
    assert set(hand.forms) == set(draft.forms)
    for id, form in hand.forms.items():
        mine = draft.forms[id]
        assert (form.when.part, form.arrangement, form.limits, form.together) == (
            mine.when.part,
            mine.arrangement,
            mine.limits,
            mine.together,
        )
    clauses = {id: form.clause.id for id, form in draft.forms.items()}
    assert {"separate": "二1", "seconded": "二2", "park": "二3", "village": "二7"}.items() <= clauses.items()


@pytest.mark.clause("4.1")
def test_our_clears_and_groups() -> None:
    """Eight clears on the same fields; nine groups of the four lines. How many groups a line has is left open."""
    draft, hand = ours()
    assert [(each.id, each.label.zh, each.fields, each.clear.part) for each in hand.clears] == [
        (each.id, each.label.zh, each.fields, each.clear.part) for each in draft.clears
    ]
    assert len(hand.group_slots) == len(draft.group_slots) == 9
    assert {slot.line for slot in hand.group_slots} == {slot.line for slot in draft.group_slots}
    (groups,) = (card for card in drafted("changle-2011-44").cards if card.kind == "groups")
    assert groups.open


def test_our_milestones() -> None:
    """The same stages; the same days wherever the text gives one. The text gives none to survey and publicity."""
    draft, hand = ours()
    days = {each.id: (each.start, each.due) for each in draft.milestones}
    assert {each.id for each in hand.milestones} == set(days)
    unsaid = {"survey", "publicity"}
    assert {each.id: (each.start, each.due) for each in hand.milestones if each.id not in unsaid} == {
        id: day for id, day in days.items() if id not in unsaid
    }
    assert (None, None) == days["survey"] == days["publicity"]


def test_nothing_of_ours_in_the_prose() -> None:
    """A draft of another town's notice quotes that notice, and says 待定 where it has no words."""
    draft = drafted("held-1-county")
    policy = parse_policy(composed(draft), as_of=date(2021, 6, 1))
    text = read_case("held-1-county")[0]
    for id, words in policy.texts.items():
        assert words.zh == "待定" or all(each in text for each in words.zh.split("。") if each), id
    assert "云委办〔2021〕17号" == policy.style.serial
    stages = parse_policy(composed(draft), as_of=date(2022, 2, 1)).indicators[0]
    assert (0.85, date(2022, 12, 31)) == (stages.target, stages.due)


@pytest.mark.parametrize("name", ["held-1-county", "held-5-social", "later-3-bands", "last-3-street"])
def test_counts_by_it(name: str) -> None:
    """A town is classified and counted by a draft, forms that the notice does not name in its ledger too."""
    policy = parse_policy(composed(drafted(name)), as_of=date(2024, 3, 1))
    found = count(classify(make_town(60, seed=4).ledger, policy))
    assert len(policy.indicators) == len(found)
    assert "establishment" in {indicator.role for indicator in policy.indicators}


def test_only_what_is_chosen() -> None:
    """A card put aside is not in the policy; one that the draft does not have is refused."""
    draft = drafted("changle-2011-44")
    policy = parse_policy(
        compose_policy(draft, ["target_2"], id="x-1-a", title="某", issued_on=date(2011, 8, 9)),
        as_of=date(2011, 8, 15),
    )
    assert ["in_base and staff >= 80"] == [each.denominator.source for each in policy.indicators]
    assert () == policy.milestones == policy.group_slots == policy.clears
    with pytest.raises(KeyError):
        compose_policy(draft, ["target_99"], id="x-1-a", title="某", issued_on=date(2011, 8, 9))


def test_remainder() -> None:
    """A sentence with a number, a day or a duty that no card uses is listed, under a form's heading too."""
    text = (
        SHORT.format("100%") + "（一）单独组建。党支部每季度活动2次。\n每家企业应当公开承诺。\n大家辛苦了。\n"
    )
    assert ["党支部每季度活动2次。", "每家企业应当公开承诺。"] == [
        each.text for each in draft_policy(text).remainder
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "notice_empty"),
        (" \n\t\n", "notice_empty"),
        ("All enterprises with 80 staff or more shall be covered by 31 August 2011.", "notice_language"),
        (SHORT.format("100%") * 5000, "notice_long"),
        (
            "甲委〔2011〕1号\n" + SHORT.format("100%") + "乙委〔2012〕2号\n" + SHORT.format("90%"),
            "notice_several",
        ),
        ("到8月底，从业80人以上企业党组织覆盖率达到100%。", "notice_no_day"),
        ("今天天气很好，大家都来开会。\n2011年8月9日", "notice_nothing"),
    ],
)
def test_refused(text: str, code: str) -> None:
    with pytest.raises(InputError) as refused:
        draft_policy(text)
    assert [code] == [finding.code for finding in refused.value.findings]


def test_contradictions() -> None:
    """Two targets of the same units for the same day: both sentences are shown. Stages are none."""
    with pytest.raises(InputError) as refused:
        refuse_contradictions(draft_policy(SHORT.format("100%").split("\n")[0] + SHORT.format("90%")))
    (finding,) = refused.value.findings
    assert "100%" in finding.found and "90%" in finding.found
    refuse_contradictions(drafted("tuned-2-stages"))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("2021年12月31日前", [(None, "2021-12-31")]),
        ("8月底", [(None, "2020-08-31")]),
        ("9月上旬—中旬", [("2020-09-01", "2020-09-20")]),
        ("２月中下旬", [("2020-02-11", "2020-02-29")]),
        ("2021年5月至10月", [("2021-05-01", "2021-10-31")]),
        ("六月一日至九月八日", [("2020-06-01", "2020-09-08")]),
        ("二〇二一年年底前", [(None, "2021-12-31")]),
        ("截至2019年底，已达40%", []),
        ("从2021年4月起", []),
        ("每月25日前", []),
        ("2月30日", []),
    ],
)
def test_days(words: str, expected: list[tuple[str | None, str]]) -> None:
    found = [
        (str(span.start) if span.start else None, str(span.due))
        for _, _, span in read_spans(simplify(words), 2020)
    ]
    if words.endswith("日前"):
        found = [(None, due) for _, due in found]
    assert expected == found


def test_numbering() -> None:
    """The notice's own numbering, whatever signs it uses, inside a line too."""
    text = "一、目标\n（一）单建。1.甲；２．乙\n（二）联建\n二、办法\n1、丙\n1）丁"
    assert [("一", "目标"), ("一（一）", "单建。"), ("一（一）1", "甲；"), ("一（一）2", "乙"), ("一（二）", "联建"),
            ("二", "办法"), ("二1", "丙"), ("二1（1）", "丁")] == [
        (each.clause, each.text) for each in read_sentences(text)
    ]  # fmt: skip


def test_every_clear_that_is_known() -> None:
    """Each kind of clear names fields that the ledger has; one that is not known is said to be so."""
    items = (
        "企业性质",
        "经营状况",
        "职工人数",
        "业主身份",
        "党员数量",
        "隶属关系",
        "组建方向",
        "组织设置",
        "企业底数",
        "单位地址",
        "风水",
    )
    draft = draft_policy(f"做到“十一清”，即{'、'.join(f'{item}清' for item in items)}。\n2020年1月1日")
    text = composed(draft)
    assert () == check_policy_text(text)
    assert len(items) - 1 == len(parse_policy(text, as_of=date(2020, 2, 1)).clears)
    assert "“风水清”看台账哪几栏，没有认出" in text


def test_speed() -> None:
    """20 pages of 800 characters in 2 s of processor time, drafted and composed."""
    body, _ = read_case("changle-2011-44")
    long = body + "\n".join(f"{line}（续）" for line in body.splitlines()[10:50]) * 4
    long = (long + "各单位要加强领导，落实责任，按时完成任务。\n" * 800)[:16000]
    before = time.process_time()
    composed(draft_policy(long))
    assert time.process_time() - before < 2


@pytest.mark.parametrize("junk", ["企业" * 20000, "1" * 40000, "一" * 40000, "8月至" * 10000, "、" * 40000])
def test_no_text_takes_long(junk: str) -> None:
    """Whatever stands in a file, reading it ends soon."""
    before = time.process_time()
    draft_policy(f"到8月底企业党组织覆盖率达到90%。{junk}\n2020年1月1日")
    assert time.process_time() - before < 4


def cards(draft: Draft, kind: str) -> list[Card]:
    return [card for card in draft.cards if card.kind == kind]


@pytest.mark.parametrize(
    "sentence",
    [
        "截至2010年底，全镇企业党组织覆盖率为52%。",
        "全镇党员培训满意率达到98%。",
        "去年从业80人以上企业党组织覆盖率达到61%。",
        "企业党组织覆盖率提高10个百分点。",
    ],
)
def test_no_target_of_it(sentence: str) -> None:
    """Reports of the past, rates of other things and relative aims are left to the reader."""
    draft = draft_policy(SHORT.format("100%") + sentence)
    assert 1 == len(cards(draft, "indicator"))
    assert [sentence] == [each.text for each in draft.remainder]
