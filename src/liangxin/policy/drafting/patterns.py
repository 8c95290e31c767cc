"""What a form, a clear, a line of task groups and a stretch of prose usually looks like in a policy."""

from __future__ import annotations

from typing import Final

_LIMITS: Final = (
    "limits: {min_units: 2, max_units: joint_max_units, min_full_members: joint_members, max_members: branch_max_members, "
    "host_min_full_members: host_members, other_max_full_members: 2}"
)


def _joint(together: str, where: str) -> tuple[str, ...]:
    return (
        f"when: forming_members < min_full_members and {where}",
        f"host_when: forming_members >= host_members and forming_members < min_full_members and {where}",
        "arrangement: joint",
        f"together: {together}",
        "is_organization: true",
        _LIMITS,
    )


FORMS: Final[dict[str, tuple[str, ...]]] = {
    "separate": (
        "when: three_full and (not require_mature_conditions or conditions_mature)",
        "arrangement: separate",
        "is_organization: true",
        "limits: {max_units: 1, min_full_members: min_full_members}",
    ),
    "seconded": (
        "when: forming_members == seconded_members and staff >= seconded_staff",
        "arrangement: separate",
        "is_organization: true",
        "limits: {max_units: 1}",
    ),
    "park": _joint("park", "park is known"),
    "industry": _joint("association", "association is known"),
    "leader": (
        "when: forming_members < min_full_members and area is known or leader_host",
        "host_when: leader_host",
        "arrangement: joint",
        "together: leader",
        "is_organization: true",
        _LIMITS,
    ),
    "zone": _joint("territory", "park is unknown and (venue is known or village is known)"),
    "village": (
        "when: forming_members < min_full_members and village is known",
        "arrangement: affiliation",
        "together: village",
        "is_organization: false",
        "limits: {other_max_full_members: 2}",
    ),
    "mobile": (
        "when: mobile_members >= mobile_branch_members",
        "arrangement: separate",
        "is_organization: true",
        "limits: {max_units: 1}",
    ),
}
"""Lines of a form by its id. Thresholds are parameters, whose values the notice gives."""
JOINT_FORMS: Final = ("park", "industry", "leader", "zone")

_BUSINESS: Final = 'kind in ["enterprise", "household", "cooperative"]'
CLEARS: Final[tuple[tuple[str, str, tuple[str, ...]], ...]] = (
    (r"性质|类型", "nature", ("fields: [kind, ownership]", f"only_where: {{ownership: '{_BUSINESS}'}}")),
    (r"经营|生产", "business", ("fields: [state, revenue]", f"only_where: {{revenue: '{_BUSINESS}'}}")),
    (r"职工|从业|员工|用工", "staff", ("fields: [staff]",)),
    (
        r"业主|负责人|出资人|经营者",
        "owner",
        (
            "fields: [owner_identity]",
            'when: kind is unknown or kind in ["enterprise", "household", "cooperative", "intermediary"]',
        ),
    ),
    (r"党员", "members", ("fields: [full_members, probationary_members]",)),
    (
        r"隶属|归属",
        "affiliation",
        ("fields: [area, superior_id]", 'only_where: {superior_id: organization_form != "none"}'),
    ),
    (
        r"方向|意愿|对策|条件",
        "direction",
        ("fields: [intended_form]", 'when: organization_form is unknown or organization_form == "none"'),
    ),
    (
        r"组织",
        "organization",
        (
            "fields: [organization_form, organization_id]",
            'only_where: {organization_id: organization_form != "none"}',
        ),
    ),
    (r"底数|企业情况|单位情况|基本情况|数量", "state", ("fields: [kind, state]",)),
    (r"地址|位置|分布", "place", ("fields: [area]",)),
)
"""(words, id, lines): the first that fits and is not taken."""

OTHER_LINE: Final = "economic"
LINES: Final = (
    (r"农村|片区|村", "rural"),
    (r"社会组织", "social"),
    (r"个私|个体|劳协", "self_employed"),
    (r"经济|企业|园区", "economic"),
)

TEXTS: Final[dict[str, str]] = {
    "guiding_idea": r"^(?:根据|为|按照|以).{12,}",
    "targets": "",
    "principle": r"为重点|为依托|为主要形式|原则",
    "four_principles": r"行业相近|地域相邻|就近",
    "structure": r"以块为主|管理体系|统一领导",
    "survey": r"摸底|调查|走访|排查",
    "one_measure_each": r"一企一策|一社一策|一企一",
    "establishment": r"新组建|集中组建|组建党组织",
    "work_coverage": r"工作覆盖",
    "institutions": r"规章制度|机制|规范",
    "instructors": r"指导员",
    "secretaries": r"书记人选|党组织书记|副书记",
    "summary": r"总结|验收",
    "responsibility": r"责任|领导小组",
    "procedure": r"审批|批复|报批",
    "publicity": r"宣传|氛围",
    "owners": r"业主|出资人|负责人",
    "models": r"典型|示范|亮明身份",
}
"""Prose that documents quote, by id, and the words of a sentence that fits."""
