"""The words of the Word templates, in both languages. {{ places }} are filled in by implementation_plan and task_groups."""

from __future__ import annotations

from typing import Final

from liangxin.wording import Text

WORDS: Final[dict[str, Text]] = {
    "letterhead": Text("{{ letterhead }}", "{{ letterhead }}"),
    "serial": Text("{{ serial }}", "{{ serial }}"),
    "plan_title": Text(
        "关于{{ town }}非公企业党建覆盖实施方案",
        "Implementation Plan for Party-building Coverage of Non-public Enterprises in {{ town }}",
    ),
    "addressees": Text("{{ addressees }}：", "To: {{ addressees }}"),
    "opening": Text(
        "根据《{{ notice_title }}》（{{ notice_serial }}）要求，在逐户调查摸底的基础上，结合我镇实际，制定本方案。",
        'This plan carries out "{{ notice_title }}" ({{ notice_serial }}) and rests on the door-to-door survey.',
    ),
    "idea_heading": Text("一、指导思想", "I. Guiding idea"),
    "idea": Text("{{ guiding_idea }}", "{{ guiding_idea }}"),
    "survey_heading": Text("二、摸底情况", "II. What the survey found"),
    "survey_base": Text(
        "截至{{ as_of }}，名册共登记各类单位{{ count.units }}家，纳入本次行动范围{{ count.in_scope }}家（其中企业{{ count.enterprises }}家）"
        "{% if count.left_out %}；另有{{ count.left_out }}家不在范围内：{{ left_out_reasons }}{% endif %}。",
        "As of {{ as_of }} the roster holds {{ count.units }} units, of which {{ count.in_scope }} are in scope ({{ count.enterprises }} enterprises)"
        "{% if count.left_out %}; {{ count.left_out }} are left out: {{ left_out_reasons }}{% endif %}.",
    ),
    "survey_now": Text(
        "范围内的单位中，有党员的{{ count.with_members }}家（其中企业{{ count.enterprises_with_members }}家），已建立或已挂靠党组织的{{ count.covered_now }}家；"
        "有党员但未建立党组织的{{ count.members_without }}家，应建未建的{{ count.should }}家。",
        "Of the units in scope {{ count.with_members }} have members ({{ count.enterprises_with_members }} enterprises) and {{ count.covered_now }} have or are"
        " affiliated with an organization; {{ count.members_without }} have members and no organization, and"
        " {{ count.should }} should have one and have none.",
    ),
    "survey_unknown": Text(
        "{% if count.unknown %}有关情况尚待核实、可能影响归类的{{ count.unknown }}家，已在名册中逐户注明，由各推进组继续核实；"
        "未核实前不按“零”或“否”计算。{% else %}各单位有关情况均已核实。{% endif %}",
        "{% if count.unknown %}For {{ count.unknown }} units facts that may matter are not yet known; the roster names"
        " them, the task groups go on checking, and until then they count as neither zero nor no."
        "{% else %}All facts that matter are known.{% endif %}",
    ),
    "targets_heading": Text("三、目标要求", "III. Targets"),
    "targets_prose": Text("{{ prose.targets }}", "{{ prose.targets }}"),
    "targets": Text(
        "完成时限为{{ target_day }}。按本方案组建后，设有目标的{{ count.targets }}项指标中可达标{{ count.targets_met }}项，详见表1。",
        "The targets are due on {{ target_day }}. With this plan {{ count.targets_met }} of {{ count.targets }} are met;"
        " see table 1.",
    ),
    "targets_caption": Text("表1　各项指标现状与目标", "Table 1. Indicators: now, planned, target"),
    "targets_note": Text(
        "注：比率下为分子/分母；“待核”为因情况未核实而暂不能确定是否计入的单位数。",
        "Under each rate numerator / denominator; not known: units that may or may not count, for want of facts.",
    ),
    "steps_heading": Text("四、推进步骤", "IV. Steps"),
    "steps": Text("各阶段工作按下列时间推进。", "The work proceeds by these dates."),
    "step_heading": Text(
        "（{{ step.number }}）{{ step.label }}（{{ step.period }}）",
        "({{ step.number }}) {{ step.label }} ({{ step.period }})",
    ),
    "step": Text("{{ step.words }}", "{{ step.words }}"),
    "plan_heading": Text("五、组建方案", "V. Establishment"),
    "plan": Text(
        "本方案共安排党组织{{ count.organizations }}个，其中新建{{ count.new }}个、调整{{ count.changed }}个、"
        "保留{{ count.existing }}个{% if count.dissolved %}，另撤销{{ count.dissolved }}个{% endif %}；"
        "实施后有党组织或挂靠党组织的单位由{{ count.covered_now }}家增加到{{ count.covered_after }}家。",
        "The plan has {{ count.organizations }} organizations: {{ count.new }} new, {{ count.changed }} changed and"
        " {{ count.existing }} kept{% if count.dissolved %}, and dissolves {{ count.dissolved }}{% endif %}. Units with"
        " or affiliated with an organization go from {{ count.covered_now }} to {{ count.covered_after }}.",
    ),
    "forms_heading": Text("（一）组建形式", "(1) By form"),
    "forms_prose": Text("{{ prose.principle }}", "{{ prose.principle }}"),
    "forms": Text("按下列形式逐户落实，详见表2。", "Each unit has one of these forms; see table 2."),
    "forms_caption": Text("表2　按组建形式", "Table 2. By form"),
    "forms_note": Text(
        "注：党组织数含保留和调整的；挂靠村（社区）党组织的，按所挂靠的党组织计数。",
        "Organizations include those kept and changed; an affiliation counts the organization it belongs to.",
    ),
    "areas_heading": Text("（二）区域分布", "(2) By area"),
    "areas": Text("各工作片任务如下。", "The work of each area is as follows."),
    "areas_caption": Text("表3　按工作片", "Table 3. By work area"),
    "areas_note": Text(
        "注：组建包括挂靠；一个党组织跨工作片的，计入主单位所在片。",
        "Covered includes affiliation; an organization across areas counts in the area of its lead unit.",
    ),
    "special_heading": Text("（三）剥离和派员帮建", "(3) Splitting off and seconding"),
    "split_off": Text(
        "已具备单独组建条件、从联合党组织中剥离的{{ count.split_off }}家，另行报批成立。",
        "{{ count.split_off }} units of joint organizations now qualify for their own and are split off.",
    ),
    "seconded": Text(
        "规模较大、正式党员只有2名而派员帮建的{{ count.seconded }}家，需选派党建工作指导员{{ count.seconded }}名，组织关系随迁。",
        "{{ count.seconded }} larger units with two full members get a seconded instructor each, whose membership relation"
        " moves in.",
    ),
    "nothing_special": Text(
        "本方案没有需要剥离单独组建或派员帮建的单位。",
        "No unit is split off and none needs a seconded instructor.",
    ),
    "open_heading": Text("（四）需要研究解决的问题", "(4) Questions to be settled"),
    "open_none": Text(
        "必须覆盖的单位均有可行的组建形式。", "Every unit that must be covered has a possible form."
    ),
    "open_some": Text(
        "下列{{ count.open_parts }}项要求本方案未能满足，涉及{{ count.open_units }}家，提请领导小组研究"
        "{% if count.open_shown < count.open_parts %}（此处列前{{ count.open_shown }}项，其余见附件3）{% endif %}：",
        "{{ count.open_parts }} requirements concerning {{ count.open_units }} units are not met by this plan and are put before the"
        " leading group{% if count.open_shown < count.open_parts %} (the first {{ count.open_shown }} here, the rest in"
        " annex 3){% endif %}:",
    ),
    "open_part": Text("{{ part.number }}．{{ part.words }}", "{{ part.number }}. {{ part.words }}"),
    "conflicts": Text(
        "规定之间或规定与条件之间有抵触、需要把握的：{{ conflicts }}。逐户情况见附件3。",
        "Contradictions between rules, or between rules and facts: {{ conflicts }}. Annex 3 names the units.",
    ),
    "support_heading": Text("六、保障措施", "VI. Support"),
    "lead_heading": Text("（一）加强领导，落实责任", "(1) Leadership"),
    "lead_prose": Text("{{ prose.responsibility }}", "{{ prose.responsibility }}"),
    "lead": Text(
        "{{ committee }}统一领导，{{ working_committee }}具体领导，{{ leading_group }}及其办公室负责日常推进；"
        "{{ count.groups }}个推进组分片包干，责任到户（名单见附件2）。",
        "{{ committee }} leads; {{ working_committee }} leads directly; {{ leading_group }} and its office run the work;"
        " {{ count.groups }} task groups each answer for their units (annex 2).",
    ),
    "procedure_heading": Text("（二）明确程序，规范组建", "(2) Procedure"),
    "procedure_prose": Text("{{ prose.procedure }}", "{{ prose.procedure }}"),
    "procedure": Text(
        "批复后由推进组指导单位按程序成立党组织；联合党组织的各单位须签订挂靠承诺书。",
        "After the reply the group guides each unit through the founding; each unit of a joint organization signs a"
        " commitment.",
    ),
    "instructors_heading": Text("（三）选配力量，扩大工作覆盖", "(3) Instructors and work coverage"),
    "instructors_prose": Text(
        "{{ prose.instructors }}{{ prose.secretaries }}", "{{ prose.instructors }} {{ prose.secretaries }}"
    ),
    "instructors": Text(
        "现有党建工作指导员{{ count.instructors }}名{% if count.seconded %}，其中{{ count.instructors_seconded }}名派员帮建"
        "{% endif %}。方案实施后未建立党组织的企业{{ count.contact_asked }}家：由指导员联系{{ count.contact_served }}家"
        "（分工见附件3“指导员联系名单”），没有指导员联系{{ count.contact_not_served }}家"
        "{% if count.contact_not_served %}，需增配指导员{% endif %}。"
        "加强群团组织建设，培养入党积极分子，开展业主培训。",
        "There are {{ count.instructors }} instructors now{% if count.seconded %}, {{ count.instructors_seconded }} of them"
        " seconded{% endif %}. Of the {{ count.contact_asked }} enterprises that have no organization with this plan,"
        " instructors contact {{ count.contact_served }} (the list by instructor is in annex 3) and"
        " {{ count.contact_not_served }} have no instructor{% if count.contact_not_served %}: more are needed{% endif %}."
        " Mass organizations, applicants in training, training of owners.",
    ),
    "publicity_heading": Text("（四）全员发动，营造氛围", "(4) Publicity"),
    "publicity": Text(
        "{{ prose.publicity }}{{ prose.owners }}{{ prose.models }}",
        "{{ prose.publicity }} {{ prose.owners }} {{ prose.models }}",
    ),
    "publicity_plain": Text(
        "面对面向业主宣传，动员党员亮明身份，宣传党员和业主典型。",
        "Talk to owners face to face, ask members to identify themselves, and make models known.",
    ),
    "annex_1": Text(
        "附件：1．{{ town }}非公有制企业党组织分布网络图", "Annexes: 1. Network chart of organizations"
    ),
    "annex_2": Text(
        "　　　2．{{ town }}非公有制企业党建工作推进组名单", "                 2. Roster of the task groups"
    ),
    "annex_3": Text(
        "　　　3．{{ town }}“两新”组织党建“一企一策”名册",
        "                 3. One measure for each unit",
    ),
    "signed": Text("{{ committee }}", "{{ committee }}"),
    "dated": Text("{{ as_of }}", "{{ as_of }}"),
    "subject_words": Text("主题词：{{ subject_words }}", "Subject words: {{ subject_words }}"),
    "copy_to": Text("抄送：{{ copy_to }}。", "Copy to: {{ copy_to }}."),
    "printed_by": Text("{{ office }}", "{{ office }}"),
    "printed_on": Text("{{ as_of }}印发", "Printed {{ as_of }}"),
    "annex_2_mark": Text("附件2", "Annex 2"),
    "groups_title": Text("{{ town }}非公有制企业党建工作推进组名单", "{{ town }}: Roster of the Task Groups"),
    "groups_note": Text(
        "注：单位数为纳入范围、由该组负责的单位；“待建”为本方案拟新建或调整、由该组落实的党组织。截至{{ as_of }}。",
        "Units: in scope and given to the group. To be set up: organizations that this plan founds or changes and the"
        " group carries out. As of {{ as_of }}.",
    ),
}

# (header, place in the row, width in mm, a number?)
INDICATOR_COLUMNS: Final = (
    (Text("指标", "Indicator"), "label", 46.0, False),
    (Text("目标", "Target"), "target", 20.0, True),
    (Text("现状", "Now"), "before", 32.0, True),
    (Text("实施后", "Planned"), "after", 32.0, True),
    (Text("实施后是否达标", "Met"), "met", 26.0, False),
)
FORM_COLUMNS: Final = (
    (Text("组建形式", "Form"), "label", 40.0, False),
    (Text("依据", "Clause"), "clause", 20.0, False),
    (Text("现有单位（家）", "Units now"), "units_now", 24.0, True),
    (Text("实施后单位（家）", "Units planned"), "units", 24.0, True),
    (Text("党组织（个）", "Organizations"), "organizations", 24.0, True),
    (Text("其中新建（个）", "of which new"), "new", 24.0, True),
)
AREA_COLUMNS: Final = (
    (Text("工作片", "Work area"), "label", 40.0, False),
    (Text("范围内（家）", "In scope"), "units", 22.0, True),
    (Text("有党员（家）", "With members"), "with_members", 22.0, True),
    (Text("现已组建（家）", "Covered now"), "covered_now", 22.0, True),
    (Text("实施后组建（家）", "Covered planned"), "covered_after", 24.0, True),
    (Text("新建党组织（个）", "New organizations"), "new", 26.0, True),
)
GROUP_COLUMNS: Final = (
    (Text("序号", "No."), "number", 12.0, True),
    (Text("推进组", "Task group"), "label", 32.0, False),
    (Text("负责区域", "Responsible for"), "areas", 36.0, False),
    (Text("单位数", "Units"), "units", 14.0, True),
    (Text("待建数", "To set up"), "new", 14.0, True),
    (Text("组长", "Head"), "head", 22.0, False),
    (Text("成员", "Members"), "members", 26.0, False),
)
