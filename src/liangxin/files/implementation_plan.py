"""implementation-plan.docx: the document of clause 4.2, from the same facts as every list."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from liangxin.files import rosters
from liangxin.files.dossier import Dossier, has_members, has_organization
from liangxin.files.plan_tables import met, rate_words
from liangxin.files.word import day, filled, ordinal, period, template
from liangxin.files.word_templates import PLAN
from liangxin.wording import Lang, Text, join

if TYPE_CHECKING:
    from docx.document import Document

    from liangxin.files.papers import PdfFonts

# The policy's own prose that the document quotes (``texts:`` of the policy); a policy without one leaves it out.
PROSE: Final = (
    "targets",
    "principle",
    "responsibility",
    "procedure",
    "instructors",
    "secretaries",
    "publicity",
    "owners",
    "models",
)
# What a step of the timetable says: the policy's prose under the milestone's own id, else the words of its clause.
STEP_PROSE: Final = {  # texts of the policy that say a step, where the clause has several parts or is only a heading
    "survey": ("survey",),
    "establishment": ("establishment",),
    "work_coverage": ("work_coverage", "institutions"),
    "summary": ("summary",),
}
OPEN_PARTS_SHOWN: Final = 10  # more would drown the document; annex 3 has them all


def write_implementation_plan(
    path: Path, dossier: Dossier, lang: Lang = "zh", templates: Path | None = None
) -> None:
    _filled(dossier, lang, templates).save(str(path))


def write_implementation_plan_pdf(
    path: Path,
    dossier: Dossier,
    lang: Lang = "zh",
    templates: Path | None = None,
    fonts: PdfFonts | None = None,
) -> None:
    """The same document as PDF/A: what the template, the office's own included, makes of the facts."""
    from liangxin.files.papers import write_pdf
    from liangxin.files.papers.from_word import read_document
    from liangxin.procedure.paper import PaperKind

    policy = dossier.policy
    paper = read_document(
        _filled(dossier, lang, templates), PaperKind.IMPLEMENTATION_PLAN, policy.style.id, dossier.plan.as_of
    )
    path.write_bytes(write_pdf(paper, lang, fonts))


def _filled(dossier: Dossier, lang: Lang, templates: Path | None) -> Document:
    title = Text("关于{town}非公企业党建覆盖实施方案", "Implementation plan, {town}").fill(
        town=dossier.town.name
    )
    return filled(template(PLAN, lang, templates), plan_facts(dossier, lang), title.in_language(lang))


def plan_facts(dossier: Dossier, lang: Lang) -> dict[str, Any]:
    """What fills the places of the template (docs/documents.md lists them)."""
    policy, plan = dossier.policy, dossier.plan

    def say(text: Text) -> str:
        return text.in_language(lang)

    comma = "、" if lang == "zh" else ", "
    parts = plan.infeasible[:OPEN_PARTS_SHOWN]
    forms, areas = _form_rows(dossier, lang), _area_rows(dossier, lang)
    return {
        "town": dossier.town.name,
        "committee": say(dossier.body("committee")),
        "working_committee": say(dossier.body("working_committee")),
        "leading_group": say(dossier.body("leading_group")),
        "letterhead": say(Text("{committee}文件", "{committee}").fill(committee=dossier.body("committee"))),
        "office": say(
            Text("{committee}办公室", "Office of {committee}").fill(committee=dossier.body("committee"))
        ),
        "serial": unnumbered(policy.style.serial, plan.as_of.year),
        "addressees": say(policy.style.addressees).rstrip("：:"),
        "copy_to": comma.join(say(body) for body in policy.style.copy_to),
        "subject_words": "　".join(policy.style.subject_words),
        "notice_title": say(policy.title),
        "notice_serial": policy.style.serial,
        "guiding_idea": say(_guiding_idea(dossier)),
        "prose": {key: say(policy.texts[key]) if key in policy.texts else "" for key in PROSE},
        "as_of": day(plan.as_of, lang),
        "target_day": day(dossier.target_day, lang),
        "left_out_reasons": _left_out(dossier, lang),
        "count": _counts(dossier),
        "indicators": [
            {
                "label": say(change.label),
                "target": "—" if change.target is None else f"{change.target:.0%}",
                "before": say(rate_words(change.before, dossier.measure_of(change.id))),
                "after": say(rate_words(change.after, dossier.measure_of(change.id))),
                "met": say(met(change.after, change.target)),
            }
            for change in plan.indicators
            if change.target is not None
        ],
        "steps": _steps(dossier, lang),
        "forms": forms,
        "forms_total": _total(forms, lang, clause=""),
        "areas": areas,
        "areas_total": _total(areas, lang),
        "open_parts": [
            {"number": number, "words": say(part.text)} for number, part in enumerate(parts, start=1)
        ],
        "conflicts": _conflicts(dossier, lang),
    }


def unnumbered(serial: str, year: int) -> str:
    """The serial number of a document that has not been given one yet: 长委〔2011〕　　号.

    >>> unnumbered("长委〔2011〕44号", 2011)
    '长委〔2011〕\u3000\u3000号'
    """
    return re.sub(r"〕\s*\d+\s*号$", "〕\u3000\u3000号", re.sub(r"〔\d{4}〕", f"〔{year}〕", serial))


def _guiding_idea(dossier: Dossier) -> Text:
    policy = dossier.policy
    if "guiding_idea" in policy.texts:
        return policy.texts["guiding_idea"]
    principle = policy.clauses.get("2.0")
    if principle is not None:
        return principle.words
    return Text(
        "按照上级党组织部署，结合本地实际推进组建。",
        "As the superior organization asks, fitted to this town.",
    )


def _counts(dossier: Dossier) -> dict[str, int]:
    plan, rows = dossier.plan, dossier.in_scope
    organizations = Counter(organization.status for organization in plan.organizations)
    changes = Counter(decision.change for decision in plan.units)
    forms = Counter(decision.form for decision in plan.units)
    with_target = [change for change in plan.indicators if change.target is not None]
    return {
        "units": plan.roster.units,
        "in_scope": plan.roster.in_scope,
        "enterprises": sum(row["kind"] == "enterprise" for row in rows),
        "enterprises_with_members": sum(row["kind"] == "enterprise" and has_members(row) for row in rows),
        "left_out": plan.roster.units - plan.roster.in_scope,
        "with_members": sum(has_members(row) for row in rows),
        "covered_now": sum(has_organization(row) for row in rows),
        "covered_after": sum(decision.form != "none" for decision in plan.units),
        "none_after": forms["none"],
        "members_without": len(rosters.members_without_organization(dossier).rows),
        "should": len(rosters.should_but_not_yet(dossier).rows),
        "unknown": sum(bool(decision.unknown) for decision in plan.units),
        "targets": len(with_target),
        "targets_met": sum(
            change.after.value is not None and change.after.value >= (change.target or 0)
            for change in with_target
        ),
        "organizations": sum(organizations.values()) - organizations["dissolved"],
        "new": organizations["new"],
        "changed": organizations["changed"],
        "existing": organizations["existing"],
        "dissolved": organizations["dissolved"],
        "split_off": changes["split_off"],
        "seconded": forms["seconded"],
        "open_parts": len(plan.infeasible),
        "open_shown": min(len(plan.infeasible), OPEN_PARTS_SHOWN),
        "open_units": len({id for part in plan.infeasible for id in part.unit_ids}),
        "groups": len(dossier.town.task_groups) or len(dossier.policy.group_slots),
        "instructors": len(dossier.town.instructors),
        "instructors_seconded": sum(each.seconded_to is not None for each in plan.contacts.instructors),
        "contact_asked": plan.contacts.asked,
        "contact_served": plan.contacts.served,
        "contact_not_served": len(plan.contacts.not_served),
    }


def _left_out(dossier: Dossier, lang: Lang) -> str:
    labels = {rule.id: rule.label for rule in dossier.policy.scope}
    parts = [
        Text("{label}{count}家", "{label}: {count}").fill(label=labels.get(id, Text(id, id)), count=count)
        for id, count in dossier.plan.roster.left_out.items()
        if count
    ]
    return join(parts, "、", ", ").in_language(lang)


def _steps(dossier: Dossier, lang: Lang) -> list[dict[str, str]]:
    """Milestones in the order in which they can happen: by their days, and after what must be done before."""
    milestones = {milestone.id: milestone for milestone in dossier.policy.milestones}
    order: dict[str, tuple[date, int]] = {}

    def begins(id: str, above: tuple[str, ...] = ()) -> tuple[date, int]:
        """First possible day, and how many steps come before."""
        if id not in order:
            milestone = milestones[id]
            day_, depth = milestone.start or milestone.due or date.min, 0
            for before in milestone.predecessors:
                if before in milestones and before not in above:
                    earlier, steps = begins(before, (*above, id))
                    day_ = max(day_, milestones[before].due or earlier)
                    depth = max(depth, steps + 1)
            order[id] = (day_, depth)
        return order[id]

    rows: list[dict[str, str]] = []
    for number, milestone in enumerate(
        sorted(milestones.values(), key=lambda each: begins(each.id)), start=1
    ):
        words = dossier.policy.clauses.get(milestone.clause.id, milestone.clause).words
        said = [
            dossier.policy.texts[id] for id in STEP_PROSE.get(milestone.id, ()) if id in dossier.policy.texts
        ]
        if said:
            words = join(said, "", " ")
        rows.append(
            {
                "number": ordinal(number, lang),
                "label": milestone.label.in_language(lang),
                "period": period(milestone.start, milestone.due, lang)
                or milestone.said.in_language(lang)
                or "—",
                "words": words.in_language(lang),
            }
        )
    return rows


def _form_rows(dossier: Dossier, lang: Lang) -> list[dict[str, Any]]:
    plan = dossier.plan
    now = Counter(row["organization_form"] for row in dossier.in_scope)
    planned = Counter(decision.form for decision in plan.units)
    organizations = Counter(
        organization.form for organization in plan.organizations if organization.status != "dissolved"
    )
    new = Counter(organization.form for organization in plan.organizations if organization.status == "new")
    return [
        {
            "label": form.label.in_language(lang),
            "clause": form.clause.id,
            "units_now": now[id],
            "units": planned[id],
            "organizations": organizations[id],
            "new": new[id],
        }
        for id, form in dossier.policy.forms.items()
        if id != "none"
    ]


def _area_rows(dossier: Dossier, lang: Lang) -> list[dict[str, Any]]:
    work_areas = [area.id for area in dossier.town.areas if area.kind == "work_area"]
    by_area: dict[str | None, list[Any]] = {id: [] for id in work_areas}
    for row in dossier.in_scope:
        by_area.setdefault(row["area"], []).append(row)
    new = Counter(
        dossier.work_area_of_host(organization.host)
        for organization in dossier.plan.organizations
        if organization.status == "new"
    )
    for id in new:
        by_area.setdefault(id, [])
    unknown = Text("工作片待核", "area not yet known").in_language(lang)
    return [
        {
            "label": dossier.area_name(id) or unknown,
            "units": len(rows),
            "with_members": sum(has_members(row) for row in rows),
            "covered_now": sum(has_organization(row) for row in rows),
            "covered_after": sum(
                dossier.decisions[row["unit_id"]].form != "none"
                for row in rows
                if row["unit_id"] in dossier.decisions
            ),
            "new": new[id],
        }
        for id, rows in by_area.items()
    ]


def _total(rows: list[dict[str, Any]], lang: Lang, **fixed: str) -> dict[str, Any]:
    """The closing row: numbers are added up, the label says 合计."""
    added: dict[str, Any] = {
        name: sum(row[name] for row in rows)
        for name in (rows[0] if rows else {})
        if name not in fixed and name != "label"
    }
    return {"label": Text("合计", "Total").in_language(lang), **added, **fixed}


def _conflicts(dossier: Dossier, lang: Lang) -> str:
    """Each kind of contradiction once, by its first unit, with how many there are."""
    found: dict[str, list[Text]] = {}
    for decision in dossier.plan.units:
        for conflict in decision.conflicts:
            found.setdefault(conflict.id, []).append(conflict.text)
    said = [
        Text("{first}（同类共{count}家）", "{first} ({count} units of this kind)").fill(
            first=Text(texts[0].zh.rstrip("。"), texts[0].en.rstrip(".")), count=len(texts)
        )
        for texts in found.values()
    ]
    return join(said).in_language(lang)
