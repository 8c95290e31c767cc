"""task-groups.docx: annex 2, the roster of the task groups with what each answers for."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from liangxin.files.dossier import Dossier
from liangxin.files.word import day, fill, template
from liangxin.files.word_templates import GROUPS
from liangxin.wording import Lang, Text


def write_task_groups(path: Path, dossier: Dossier, lang: Lang = "zh", templates: Path | None = None) -> None:
    title = Text("{town}推进组名单", "Task groups, {town}").fill(town=dossier.town.name).in_language(lang)
    fill(template(GROUPS, lang, templates), path, group_facts(dossier, lang), title)


def group_facts(dossier: Dossier, lang: Lang) -> dict[str, Any]:
    """What fills the places of the template. Heads and members stay empty to fill in where the town gives none."""
    rows = _rows(dossier, lang)
    total = {
        "number": "",
        "label": Text("合计", "Total").in_language(lang),
        "areas": "",
        "units": sum(row["units"] for row in rows),
        "new": sum(row["new"] for row in rows),
        "head": "",
        "members": "",
    }
    return {
        "town": dossier.town.name,
        "as_of": day(dossier.plan.as_of, lang),
        "groups": rows,
        "groups_total": total,
    }


def _rows(dossier: Dossier, lang: Lang) -> list[dict[str, Any]]:
    comma = "、" if lang == "zh" else ", "
    units = Counter(dossier.task_group_name(row) for row in dossier.in_scope)
    new = Counter(
        dossier.task_group_of_host(organization.host)
        for organization in dossier.plan.organizations
        if organization.status in ("new", "changed")
    )
    groups: list[tuple[str | None, dict[str, str]]] = [
        (
            group.name,
            {
                "label": group.name,
                "areas": _areas(dossier, group.responsible_for, lang),
                "head": group.head,
                "members": comma.join(group.members),
            },
        )
        for group in dossier.town.task_groups
    ]
    if not groups:  # the notice's nine, to be filled in
        groups = [
            (slot.label.zh, {"label": slot.label.in_language(lang), "areas": "", "head": "", "members": ""})
            for slot in dossier.policy.group_slots
        ]
    named = {name for name, _ in groups}
    nobody = Text("尚未分组", "not yet given to a group").in_language(lang)
    for name in sorted({*units, *new} - named, key=lambda name: (name is None, name or "")):
        groups.append((name, {"label": name or nobody, "areas": "", "head": "", "members": ""}))
    return [
        {"number": number, **words, "units": units[name], "new": new[name]}
        for number, (name, words) in enumerate(groups, start=1)
    ]


def _areas(dossier: Dossier, ids: tuple[str, ...], lang: Lang) -> str:
    """The names of areas; a group that has every work area of the town says so in one word."""
    work_areas = [area.id for area in dossier.town.areas if area.kind == "work_area"]
    rest = list(ids)
    names: list[str] = []
    if len(work_areas) > 1 and set(work_areas) <= set(ids):
        rest = [id for id in ids if id not in work_areas]
        names.append(Text("各工作片", "all work areas").in_language(lang))
    names += [dossier.area_name(id) or id for id in rest]
    return ("、" if lang == "zh" else ", ").join(names)
