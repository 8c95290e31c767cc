"""What each address of the API does, in both languages: the line that its description shows. A test asks for every one."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from liangxin.wording import Text

TITLES: Final = MappingProxyType(
    {
        "GET /towns": Text("我有角色的镇", "Towns in which you hold a role"),
        "GET areas": Text("区域", "Areas"),
        "GET jobs": Text("我的任务", "Your jobs"),
        "GET jobs/{pk}": Text("一个任务做到哪里", "How far a job is"),
        "POST jobs/{pk}/cancel": Text("取消任务", "Cancel a job"),
        "GET feeds/ledger.csv": Text("台账 CSV", "Ledger as CSV"),
        "GET feeds/ledger.parquet": Text("台账 Parquet", "Ledger as Parquet"),
        "GET feeds/units.geojson": Text("单位位置 GeoJSON", "Units with a position as GeoJSON"),
        "GET feeds/areas.geojson": Text("区域边界 GeoJSON", "Areas with boundaries as GeoJSON"),
        "GET indicators": Text("各项指标", "Every rate"),
        "GET indicators/{indicator}/{part}": Text("一个数字后面的单位", "Units behind a number"),
        "GET overview/by/{part}": Text("按片、组、类别的目标", "Targets by area, group or kind"),
        "GET overview/blocked": Text("卡在哪里", "What is blocked"),
        "GET overview/trend": Text("每天的走势", "Trend by day"),
        "GET overview/since-yesterday": Text("昨天8点以来的变化", "Changes since yesterday 08:00"),
        "GET overview/progress.docx": Text("进度表 Word", "Progress as Word"),
        "GET overview/monthly.{ending}": Text("月报", "Monthly report"),
        "GET overview/summary.{ending}": Text("总结报告", "Summary report"),
        "GET units": Text("单位名单", "List of units"),
        "GET units/{unit_id}": Text("一家单位", "One unit"),
        "PATCH units/{unit_id}": Text("修改一家单位，登记走访", "Change a unit, record a visit"),
        "GET changes": Text("修改记录", "Changes"),
        "GET changes/{pk}": Text("一批修改", "One change set"),
        "POST changes/{pk}/undo": Text("撤销一批修改", "Undo a change set"),
        "GET units/{unit_id}/explanation": Text("每条规则怎么说，为什么", "What each rule says, and why"),
        "GET units/{unit_id}/history": Text("一家单位的修改经过", "History of a unit"),
        "POST units-bulk": Text("批量修改一栏", "Change one field of many units"),
        "POST units-paste": Text("从 Excel 粘贴", "Paste from Excel"),
        "GET saved-lists": Text("常用筛选", "Saved lists"),
        "POST saved-lists": Text("保存筛选", "Save a list"),
        "DELETE saved-lists/{pk}": Text("删去筛选", "Drop a saved list"),
        "GET units-places": Text("各地有多少单位", "Units by place"),
        "GET imports": Text("导入记录", "Earlier imports"),
        "POST imports": Text("送一份名单，先试算", "Send a list and try it"),
        "GET imports/{pk}": Text("一次导入的试算和进展", "Trial and state of an import"),
        "POST imports/{pk}/columns": Text("说明表头是哪一栏", "Say what a header means"),
        "POST imports/{pk}/start": Text("开始导入", "Start an import"),
        "GET imports/{pk}/workbook.xlsx": Text("带错误信息的原表", "The workbook with its errors"),
        "GET duplicates": Text("可能是同一家的单位", "Units that may be one"),
        "POST duplicates": Text("合并，或判定不是同一家", "Merge, or set apart"),
        "GET organizations": Text("某一天的党组织树", "Tree of a day"),
        "GET organizations/{organization}": Text("一个党组织和它的经过", "One organization with its history"),
        "GET organizations-changed": Text("两天之间的变动", "What changed between two days"),
        "GET organizations-network.pdf": Text("附件1：网络图 PDF", "Annex 1: network chart as PDF"),
        "GET organization-operations": Text("可以办理哪些变动", "What can be done to organizations"),
        "POST organization-operations": Text("办理已预览的变动", "Do what was previewed"),
        "POST organization-operations/preview": Text("预览变动", "Preview an operation"),
        "GET organization-framework": Text("第三部分还缺哪些", "What section 3 still asks for"),
        "POST organization-framework": Text(
            "设立第三部分的组织体系", "Set up the organizations of section 3"
        ),
        "GET organizations-out-of-step": Text(
            "台账和党组织树不一致的单位", "Units of which ledger and tree differ"
        ),
        "POST organizations-out-of-step": Text("按台账补记党组织", "Enter what the ledger says"),
        "GET plans": Text("方案列表", "Plans"),
        "POST plans": Text("开始测算", "Start a run"),
        "GET plans/published": Text("建议方案", "The published plan"),
        "GET plans/{number}": Text("方案里的单位", "Units of a plan"),
        "GET plans/{number}/job": Text("测算到哪里", "How far a run is"),
        "POST plans/{number}/cancel": Text("取消测算", "Cancel a run"),
        "POST plans/{number}/publish": Text("定为建议方案", "Publish a plan"),
        "GET plans/{number}/figures": Text("方案达到什么、做不到什么", "What a plan reaches and what not"),
        "GET plans/{number}/units/{unit_id}/places": Text("一家单位可以放在哪里", "Where a unit could go"),
        "POST plans/{number}/trial": Text("试一次调整", "Try a move"),
        "GET plans/{number}/pins": Text("草稿里的指定", "Pins of the draft"),
        "POST plans/{number}/pins": Text("记入草稿", "Keep a pin"),
        "DELETE plans/{number}/pins/{pk}": Text("去掉一条指定", "Drop a pin"),
        "GET plans-compared": Text("比较两个方案", "Compare two plans"),
        "POST what-if": Text("改一个数试试", "What if a number were another"),
        "GET documents": Text("可以导出的名册和文书", "Lists and documents"),
        "GET documents/files/{document}.{kind}": Text("导出一份", "One file"),
        "POST documents/all": Text("全套打包", "The whole set"),
        "GET documents/exports": Text("导出记录", "Exports"),
        "GET documents/exports/{pk}": Text("取后台做好的文件", "A file that a job made"),
        "GET holders": Text("职务人员", "Office holders"),
        "GET holders-of/{kind}/{of}": Text("一个单位或党组织的职务人员", "Office holders of one"),
        "POST holders-of/{kind}/{of}": Text("登记职务人员", "Enter an office holder"),
        "POST holders/{pk}/end": Text("不再任职", "End an office"),
        "POST holders/{pk}/show": Text("查看全部，写明用途", "In full, for a reason"),
        "POST holders-export": Text("导出姓名和电话", "Export names and telephones"),
        "GET policy": Text("每条规则和现在的数", "Every rule with its numbers"),
        "GET settings": Text("镇的设置", "Settings of a town"),
        "PUT settings/names": Text("改名称", "Change names"),
        "PUT settings/policy": Text("换政策", "Choose the policy"),
        "GET settings/sections/{section}": Text("区域、协会或推进组", "Areas, associations or task groups"),
        "PUT settings/sections/{section}": Text(
            "保存区域、协会或推进组", "Save areas, associations or task groups"
        ),
        "GET settings/town-file": Text("镇的资料文件", "The town file"),
        "PUT settings/town-file": Text("更换镇的资料文件", "Replace the town file"),
        "POST settings/boundaries": Text("导入边界", "Import boundaries"),
        "GET people": Text("人员和角色", "People and roles"),
        "POST people": Text("开账号", "Open an account"),
        "POST people/{pk}/password": Text("新密码", "New password"),
        "DELETE people/{pk}/second-step": Text("关掉两步验证", "Take off the second step"),
        "POST people/{pk}/close": Text("停用账号", "Close an account"),
        "POST people/{pk}/reopen": Text("恢复账号", "Reopen an account"),
        "POST people/{pk}/roles": Text("加一个角色", "Grant a role"),
        "DELETE roles/{pk}": Text("去掉角色", "End a role"),
        "GET audit": Text("审计记录", "Audit log"),
        "GET audit.csv": Text("审计记录 CSV", "Audit log as CSV"),
        "POST audit/anchor": Text("签名的锚点", "A signed anchor"),
        "GET closing": Text("行动结束到哪一步", "How far the end of the drive is"),
        "POST closing/term": Text("保存期限", "Term of personal data"),
        "POST closing/end": Text("结束行动", "End the drive"),
        "POST closing/package": Text("移交包", "Hand-over package"),
        "POST closing/ask": Text("申请清除", "Ask for the purge"),
        "POST closing/withdraw": Text("撤回申请", "Withdraw the purge"),
        "POST closing/purge": Text("第二人确认清除", "Confirm the purge"),
        "GET closing/proof": Text("清除证明", "Proof of purge"),
        "GET cases": Text("事项", "Cases"),
        "POST cases": Text("拟写请示", "Draw up a request"),
        "GET cases/{pk}": Text("一个事项", "One case"),
        "POST cases-together": Text("几个事项一起办", "Several cases at once"),
        "POST cases/{pk}/acts": Text("办理一个事项", "Act on a case"),
        "GET cases/{pk}/options": Text("现在能办什么", "What can be done now"),
        "POST cases/{pk}/revise": Text("报送前修改", "Revise before sending"),
        "GET plan-cases": Text("方案里可以报送的部分", "Parts of the plan to send"),
        "POST plan-cases": Text("报送方案", "Send parts of the plan"),
        "GET cases/{pk}/foundings": Text("批准的方案要成立哪些", "Organizations of an approved plan"),
        "POST cases/{pk}/foundings": Text("拟写成立请示", "Draw up their requests"),
        "GET cases/{pk}/papers/{file}.{ending}": Text("文书 Word 或 PDF", "A document as Word or PDF"),
        "GET cases/{pk}/evidence/{file}": Text("佐证材料", "A file of evidence"),
        "GET stand-ins": Text("委托", "Stand-ins"),
        "POST stand-ins": Text("委托他人代办", "Let somebody stand in"),
        "POST stand-ins/{pk}/end": Text("收回委托", "End a stand-in"),
        "GET numbers": Text("文号登记簿", "Register of numbers"),
        "POST numbers/open": Text("开登记簿", "Open a register"),
        "POST numbers/reserve": Text("预留文号", "Reserve a number"),
        "POST numbers/{pk}/void": Text("作废文号", "Void a number"),
    }
)
"""By method and the address below the town."""
TAGS: Final = MappingProxyType(
    {
        "towns": Text("镇、任务和推送", "towns, jobs, feeds"),
        "overview": Text("总览", "overview"),
        "units": Text("单位", "units"),
        "imports": Text("导入", "imports"),
        "organizations": Text("党组织", "organizations"),
        "plans": Text("方案", "plans"),
        "documents": Text("名册文书", "documents"),
        "holders": Text("职务人员", "office holders"),
        "policy": Text("政策", "policy"),
        "settings": Text("设置", "settings"),
        "people": Text("人员", "people"),
        "audit": Text("审计", "audit"),
        "closing": Text("行动结束", "end of the drive"),
        "cases": Text("办理", "procedures"),
        "numbers": Text("文号", "numbers"),
    }
)


def key_of(method: str, path: str) -> str:
    """``GET``, ``/api/v1/towns/{town}/units`` → ``GET units``."""
    below = path.partition("{town}/")[2]
    return f"{method.upper()} {below or '/towns'}"


def both(text: Text) -> str:
    return f"{text.zh} / {text.en}"
