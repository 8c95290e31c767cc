"""Forms, clears, caps, instructors, task groups and bodies that a notice names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from liangxin.policy.drafting.conditions import parts_of, read_conditions, read_who
from liangxin.policy.drafting.model import BASES, Base, Card, Condition, Sentence
from liangxin.policy.drafting.phrasing import say_condition
from liangxin.policy.drafting.plain import read_number
from liangxin.registry.fields import FORMS
from liangxin.wording import Text

FORM_WORDS: Final[tuple[tuple[str, str], ...]] = (
    ("separate", r"单独组建(?!率|条件)|单独建立(?:党组织|党支部)|单独成立党|单建一批|单独建(?:一批|党)"),
    ("seconded", r"派员帮建|派员组建"),
    ("park", r"园区联建|园区统建"),
    ("industry", r"行业统建|行业联建|行业组建"),
    ("leader", r"龙头领建|龙头带建|领建一批|龙头企业带动"),
    ("zone", r"区域合建|区域联建|片区联建|楼宇联建|区域统建"),
    ("village", r"村企联建|村企共建|挂靠组建|挂靠[^,。]{0,12}组建|挂建一批"),
    ("mobile", r"流动党员党?支部"),
    ("joint", r"联合组建(?!党组织)|联建一批|联合建立一批"),
)
JOINT: Final = Text("联合组建", "joint")
_CLEARS: Final = re.compile(r"[“\"]?([一二两三四五六七八九十\d]{1,2})清[”\"]?")
_CLEAR: Final = re.compile(r"([\u4e00-\u9fff]{2,6}?)清(?=[、,;。:和\"”“]|$|[“\"])")
_CAP: Final = re.compile(
    r"(?:不超过|不得超过|不能超过|不多于|最多|控制在|限于)(?:覆盖|包含|联合)?(\d+)(家|个|户|名|人)|(\d+)(家|个|户|名|人)(?:企业|单位)?(?:以内|为限)"
)
_INSTRUCTOR: Final = re.compile(
    r"(?:每名|每位|每个|每人|[1一]名|[1一]人|人均)[^,。;]{0,16}?(?:(\d+)(?:-|—|至|到|、))?(\d+)(家|个|户)"
)
_GROUPS: Final = re.compile(r"(\d+)个[^,。;]{0,18}?(?:推进组|工作组|工作小组|推进小组|攻坚组|专班)")
_LINES: Final = re.compile(r"分([^,。;]{2,40}?)等\d+个")


def read_forms(sentences: Sequence[Sentence]) -> Iterator[Card]:
    """Each form once, at the sentence that stands for it: its heading rather than a mention."""
    seen: dict[str, Sentence] = {}
    for sentence in sentences:
        for form, words in FORM_WORDS:
            match = re.search(words, sentence.plain)
            if match is None:
                continue
            headed = sentence.heading and match.start() <= 2
            if form not in seen or (headed and not seen[form].heading):
                seen[form] = sentence
    for form, sentence in seen.items():
        label = JOINT if form == "joint" else FORMS[form]
        same = [each for each in sentences if each.clause == sentence.clause and sentence.clause]
        after = tuple(each for each in same if sentence.start < each.start < sentence.end + 400)
        yield Card(
            f"form_{form}",
            "form",
            sentence,
            label,
            open=(
                Text(
                    "条件按这种形式通常的写法，请核对",
                    "The condition is the usual one of this form; check it",
                ),
            ),
            what=form,
            also=after,
        )


def read_clears(sentences: Sequence[Sentence]) -> Iterator[Card]:
    for sentence in sentences:
        match = _CLEARS.search(sentence.plain)
        number = read_number(match[1]) if match is not None else None
        if match is None or number is None or number < 2:
            continue
        rest = sentence.plain[: match.start()] + "、" + sentence.plain[match.end() :]
        items = [re.sub(r"^.*(?:做到|达到|即|是)", "", found[1]) for found in _CLEAR.finditer(rest)]
        if len(items) != number:
            listed = re.split(r"[、和]|以及", re.split(r"[,;:。]", sentence.plain[: match.start()])[-1])
            listed = [re.sub(r"^.*(?:做到|达到|摸清|掌握)", "", each) for each in listed]
            items = listed[-number:] if len(listed) >= number and not items else items
        opened = (
            ()
            if len(items) == number
            else (
                Text(
                    f"写的是{number}清，列出的是{len(items)}项", f"It says {number}, and lists {len(items)}"
                ),
            )
        )
        yield Card(
            "clears",
            "clears",
            sentence,
            Text(f"{number}清：{'、'.join(items) or '没有列出'}", f"{number} facts to be clear"),
            "sure" if not opened else "likely",
            opened,
            number=number,
            items=tuple(items),
        )
        return


def read_caps(sentences: Sequence[Sentence]) -> Iterator[Card]:
    for sentence in sentences:
        if "指导员" in sentence.plain or "联络员" in sentence.plain:
            continue
        if not re.search(r"联合|联建|支部|党组织", sentence.plain):
            continue
        for match in _CAP.finditer(sentence.plain):
            number, unit = int(match[1] or match[3]), match[2] or match[4]
            members = unit in "名人"
            if members and "党员" not in sentence.plain[: match.end()][-14:]:
                continue
            yield Card(
                f"cap_{'members' if members else 'units'}",
                "cap",
                sentence,
                Text(f"一个党支部党员不超过{number}名", f"A branch has at most {number} members")
                if members
                else Text(
                    f"一个联合党支部不超过{number}家单位", f"A joint branch has at most {number} units"
                ),
                "sure",
                what="members" if members else "units",
                number=number,
            )


def read_instructors(sentences: Sequence[Sentence]) -> Iterator[Card]:
    for sentence in sentences:
        if "指导员" not in sentence.plain:
            continue
        for match in _INSTRUCTOR.finditer(sentence.plain):
            number = int(match[2])
            opened = (
                (
                    Text(
                        f"写的是{match[1]}至{number}家，取上限",
                        f"It says {match[1]} to {number}; the upper is taken",
                    ),
                )
                if match[1]
                else ()
            )
            yield Card(
                "instructors",
                "instructor",
                sentence,
                Text(f"一名指导员联系{number}家", f"An instructor looks after {number} units"),
                "sure",
                opened,
                number=number,
            )
            return


def read_groups(sentences: Sequence[Sentence]) -> Iterator[Card]:
    found: Card | None = None
    for sentence in sentences:
        match = _GROUPS.search(sentence.plain)
        if match is None or int(match[1]) < 2:
            continue
        listed = _LINES.search(sentence.plain)
        lines = tuple(listed[1].split("、")) if listed is not None else ()
        if found is None or (lines and not found.items):
            number = int(match[1])
            found = Card(
                "groups",
                "groups",
                sentence,
                Text(f"{number}个推进组", f"{number} task groups"),
                "sure",
                (Text("每条线几个组，通知没有写", "How many groups a line has is not said"),),
                number=number,
                items=lines,
            )
    if found is not None:
        yield found


_BODIES: Final = (
    (
        "leading_group",
        r"(?:成立|建立|组建)[^,。;]{0,24}领导小组",
        Text("成立领导小组", "A leading group is set up"),
    ),
    (
        "working_committee",
        r"(?:成立|建立|组建)[^,。;]{0,16}(?:两新[^,。;]{0,6}工委|党工委)",
        Text("成立两新党工委", "A two-new working committee is set up"),
    ),
    (
        "work_area_general_branch",
        r"(\d+)个(?:工作)?片(?:区)?党总支",
        Text("{n}个工作片党总支", "{n} general branches of work areas"),
    ),
    (
        "park_area_joint_branch",
        r"划分(?:为)?(\d+)个片[^。;]{0,8}联合党支部",
        Text("{n}个片的联合党支部", "{n} joint branches of areas"),
    ),
)


def read_bodies(sentences: Sequence[Sentence]) -> Iterator[Card]:
    for id, words, label in _BODIES:
        for sentence in sentences:
            match = re.search(words, sentence.plain)
            if match is not None:
                number = int(match[1]) if match.groups() else None
                yield Card(
                    f"body_{id}",
                    "body",
                    sentence,
                    label.fill(n=number) if number else label,
                    "sure",
                    what=id,
                    number=number,
                )
                break


_ALONE: Final = re.compile(
    r"(?:都|均|应当?|必须|要|须)?[^,。;]{0,6}单独(?:建立|组建|成立)(?:党组织|党支部|党)"
)


def read_classes(sentences: Sequence[Sentence]) -> Iterator[Card]:
    """Units asked to stand alone by size: …人以上的企业、…家以上的社团都单独建立党组织."""
    seen: set[tuple[Base, tuple[Condition, ...]]] = set()
    for sentence in sentences:
        match = _ALONE.search(sentence.plain)
        if (
            match is None
            or "%" in sentence.plain
            or re.search(r"可(?:以)?(?:将|建立)|暂不具备|不具备", sentence.plain[: match.start()])
        ):
            continue
        shared: tuple[Condition, ...] = ()
        last: Base | None = None
        for part in parts_of(sentence.plain[: match.end()]):
            kind, conditions = read_who(part, {})
            conditions = tuple(each for each in conditions if each.sign and each.field != "trade")
            if not conditions:
                conditions = shared
            if not conditions:
                continue
            shared, last = conditions, kind or last or "enterprise"
            said = [say_condition(each) for each in conditions]
            if (last, conditions) in seen:
                continue
            seen.add((last, conditions))
            yield Card(
                "",
                "class",
                sentence,
                Text(
                    f"{BASES[last].zh}（{'，'.join(each.zh for each in said)}）应单独组建",
                    f"{BASES[last].en} ({', '.join(each.en for each in said)}) stand alone",
                ),
                base=last,
                conditions=conditions,
            )


def read_thresholds(sentences: Sequence[Sentence]) -> list[tuple[Sentence, Condition]]:
    """Every threshold of the notice, used by a card or not."""
    found: list[tuple[Sentence, Condition]] = []
    for sentence in sentences:
        for _, _, condition in read_conditions(sentence.plain):
            found.append((sentence, condition))
    return found
