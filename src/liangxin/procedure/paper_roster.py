"""The roster of units 名册, and the commitment 挂靠党支部承诺书 that each attached unit signs. Members are counts, never names."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from liangxin.procedure.matter import Matter, RosterLine
from liangxin.procedure.paper import Annex, Block, Column, Paper, PaperKind, Paragraph, Signatures, Table
from liangxin.procedure.paper_office import Office
from liangxin.procedure.paper_words import counted, day_words, same, sentence
from liangxin.wording import Text

_DASH = same("—")


def members(lines: Sequence[RosterLine]) -> Text:
    """正式党员4名、预备党员1名; units whose count is 待核 are said beside the sum, not taken for zero."""
    full = sum(line.full_members or 0 for line in lines)
    probationary = sum(line.probationary_members or 0 for line in lines)
    unknown = sum(line.full_members is None for line in lines)
    words = Text("正式党员{full}名", "full members: {full}")
    if probationary:
        words = Text(
            "正式党员{full}名、预备党员{probationary}名",
            "full members: {full}, probationary: {probationary}",
        )
    said = words.fill(full=full, probationary=probationary)
    if not unknown:
        return said
    if unknown == len(lines):
        return Text("正式党员数待核", "full members: to verify")
    return Text("{said}（另有{unknown}家待核）", "{said} (units to verify: {unknown})").fill(
        said=said, unknown=unknown
    )


def roster_table(matter: Matter, on: date) -> Table:
    """One line a unit. 主单位 and 挂靠 are marked, and the day of the commitment, where there are such units."""
    lines = matter.roster
    attached = {line.unit for line in matter.attached()}
    marked = bool(attached) or any(line.host for line in lines)
    columns = [
        Column(Text("序号", "No."), 14, number=True),
        Column(Text("单位名称", "Unit"), 54 if marked else 92),
        Column(Text("正式党员", "Full members"), 21 if marked else 25, number=True),
        Column(Text("预备党员", "On probation"), 21 if marked else 25, number=True),
    ]
    if marked:
        columns += [
            Column(Text("单位性质", "Part"), 21),
            Column(Text("承诺书日期", "Commitment"), 25),
        ]
    rows: list[tuple[Text, ...]] = []
    for number, line in enumerate(lines, start=1):
        row = [same(number), same(line.name), counted(line.full_members), counted(line.probationary_members)]
        if marked:
            part = Text("主单位", "lead") if line.host else Text("挂靠", "attached")
            row += [
                part if line.host or line.unit in attached else _DASH,
                _DASH if line.commitment_on is None else _short(line.commitment_on),
            ]
        rows.append(tuple(row))
    return Table(tuple(columns), tuple(rows), total=_total(lines, len(columns)), note=roster_note(lines, on))


def _total(lines: Sequence[RosterLine], columns: int) -> tuple[Text, ...]:
    unit_count = Text("合计{count}家", "in all: {count}").fill(count=len(lines))
    full, probationary = (
        sum_of([getattr(line, field) for line in lines]) for field in ("full_members", "probationary_members")
    )
    return (same(""), unit_count, full, probationary, *([same("")] * (columns - 4)))


def sum_of(counts: Sequence[int | None]) -> Text:
    """The sum of those known; 待核 where none is."""
    known = [count for count in counts if count is not None]
    return counted(sum(known) if known else None)


def _short(day: date) -> Text:
    """2011.8.9, for a narrow column."""
    return Text(f"{day.year}.{day.month}.{day.day}", day.isoformat())


def roster_note(lines: Sequence[RosterLine], on: date) -> Text:
    """Of which day the counts are, and what 待核 is."""
    said = [
        Text("党员数截至{day}，只列人数。", "Members as of {day}, in counts only.").fill(day=day_words(on))
    ]
    if any(None in (line.full_members, line.probationary_members) for line in lines):
        said.append(
            Text("“待核”表示尚未核实，不计入合计。", "“To verify” is not yet known and not in the total.")
        )
    return sentence(said)


def roster_annex(matter: Matter, title: Text, on: date, number: str = "") -> Annex:
    """``number``: of the annex, where there are several."""
    mark = Text("附件{number}", "Annex {number}").fill(number=number)
    return Annex(Text(mark.zh, mark.en.strip()), title, (roster_table(matter, on),))


def roster(matter: Matter, title: Text, office: Office, on: date) -> Paper:
    """The roster as a document of its own, with the places for who filled it in and who checked it."""
    town = Text("填报单位：{town}", "Reported by: {town}").fill(town=office.group(matter.task_group))
    return Paper(
        PaperKind.ROSTER,
        title,
        (
            Paragraph(
                Text("{town}　　填报日期：{day}", "{town}; {day}").fill(town=town, day=day_words(on)),
                indented=False,
            ),
            roster_table(matter, on),
            Signatures(
                (
                    Text("填表人：", "Filled in by:"),
                    Text("审核人：", "Checked by:"),
                    Text("（盖章）", "(seal)"),
                )
            ),
        ),
        office.style.id,
    )


def commitments(matter: Matter, name: Text, office: Office, on: date) -> Paper | None:
    """A commitment for each attached unit, one page each; None where no unit attaches."""
    lines = matter.attached()
    if not lines:
        return None
    title = Text("挂靠党支部承诺书", "Commitment to attach")
    first, *more = (_commitment(line, matter, name, office) for line in lines)
    return Paper(
        PaperKind.COMMITMENT,
        title,
        first,
        office.style.id,
        annexes=tuple(Annex(same(""), title, blocks) for blocks in more),
        facts={"organization": name, "day": day_words(on)},
    )


def _commitment(line: RosterLine, matter: Matter, name: Text, office: Office) -> tuple[Block, ...]:
    signed = line.commitment_on
    day = day_words(signed) if signed is not None else Text("　　　年　　月　　日", "____-__-__")
    host = next((each for each in matter.roster if each.host and each.unit != line.unit), None)
    why = (
        Text(
            "现有{members}，不具备单独成立党支部的条件，",
            "{members}, too few for a branch of its own",
        )
        if line.full_members is not None and line.full_members < 3
        else Text("现有{members}，", "{members}")
    )
    comes = Text(
        "{unit}{why}自愿挂靠{name}{host}。现郑重承诺：",
        "{unit} ({why}) attaches to {name}{host} of its own will. It undertakes:",
    ).fill(
        unit=line.name,
        why=why.fill(members=members([line])),
        name=name,
        host=Text("", "")
        if host is None
        else Text("（主单位：{host}）", " (lead unit: {host})").fill(host=host.name),
    )
    promises = (
        Text(
            "支持{name}依照党章开展工作，支持本单位党员参加党的组织生活。",
            "to support the work of {name} under the Party constitution, and its members in taking part.",
        ).fill(name=name),
        Text(
            "为党组织活动提供必要的时间、场所和经费。",
            "to give the time, the premises and the funds that the organization's work needs.",
        ),
        Text(
            "如实提供单位和党员情况，有变动及时报告。",
            "to give true figures of the unit and its members, and to report changes at once.",
        ),
        Text(
            "具备单独组建条件时，及时提出申请，从联合党组织剥离。"
            if len(matter.roster) > 1
            else "具备单独组建条件时，及时提出申请，单独成立党组织。",
            "to apply for an organization of its own as soon as it qualifies.",
        ),
    )
    return (
        Paragraph(Text("{committee}：", "To {committee}:").fill(committee=office.committee), indented=False),
        Paragraph(comes),
        *(
            Paragraph(Text(f"{number}. {promise.zh}", f"{number}. {promise.en}"))
            for number, promise in enumerate(promises, start=1)
        ),
        Signatures(
            (
                Text("单位（盖章）：", "Unit (seal):"),
                Text("负责人（签字）：", "For the unit (signature):"),
                Text("日期：{day}", "Date: {day}").fill(day=day),
            )
        ),
    )
