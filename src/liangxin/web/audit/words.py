"""What events are called, in both languages. An action that has no words here is shown by its code; a test asks for them."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from liangxin.wording import Text

ACTIONS: Final = MappingProxyType(
    {
        "units.edit": Text("修改单位", "edited units"),
        "units.bulk": Text("批量修改单位", "edited units in bulk"),
        "units.paste": Text("粘贴修改单位", "edited units by pasting"),
        "units.import": Text("导入单位", "imported units"),
        "units.visit": Text("登记走访", "recorded visits"),
        "units.undo": Text("撤销修改", "undid a change"),
        "units.merge": Text("合并单位", "merged units"),
        "duplicates.apart": Text("判定不是同一家", "set two units apart"),
        "import.receive": Text("上传名单", "uploaded a list"),
        "import.columns": Text("指定栏目", "mapped columns"),
        "import.errors": Text("下载错误清单", "downloaded the list of errors"),
        "organizations.perform": Text("调整党组织", "changed organizations"),
        "plan.start": Text("启动测算", "started a plan run"),
        "plan.pin": Text("指定单位去向", "pinned units"),
        "plan.unpin": Text("取消指定", "removed a pin"),
        "plan.publish": Text("发布方案", "published a plan"),
        "case.start": Text("发起事项", "began a case"),
        "case.act": Text("办理事项", "dealt with a case"),
        "case.delegate": Text("委托代办全部事项", "let somebody stand in"),
        "case.delegate_end": Text("收回委托", "ended a standing in"),
        "case.evidence": Text("打开佐证材料", "opened evidence"),
        "case.paper": Text("打开公文", "opened an official document"),
        "serial.open": Text("开设发文登记", "opened a register of numbers"),
        "serial.reserve": Text("预留发文字号", "reserved a serial number"),
        "serial.void": Text("作废发文字号", "voided a serial number"),
        "document.export": Text("导出文件", "exported a file"),
        "document.download": Text("下载已生成的文件", "downloaded a file made before"),
        "town.add": Text("新建镇", "added a town"),
        "town.file": Text("更换镇的资料", "replaced the town file"),
        "town.boundaries": Text("导入区域边界", "imported boundaries"),
        "town.policy": Text("更换政策", "changed the policy"),
        "account.add": Text("开设账号", "opened an account"),
        "account.close": Text("停用账号", "closed an account"),
        "account.reopen": Text("恢复账号", "reopened an account"),
        "account.sign_in": Text("登录", "signed in"),
        "account.sign_out": Text("退出", "signed out"),
        "account.failed": Text("登录失败", "failed to sign in"),
        "account.locked": Text("连续输错，暂时锁定", "was locked after wrong passwords"),
        "account.password": Text("修改密码", "changed the password"),
        "account.two_step_on": Text("开启两步验证", "turned two-step sign-in on"),
        "account.two_step_off": Text("关闭两步验证", "turned two-step sign-in off"),
        "role.grant": Text("授予角色", "granted a role"),
        "role.revoke": Text("收回角色", "took a role away"),
        "token.make": Text("新建接口令牌", "made an API token"),
        "token.revoke": Text("停用接口令牌", "revoked an API token"),
        "audit.export": Text("导出审计记录", "exported the audit log"),
        "audit.anchor": Text("生成审计锚点", "made an audit anchor"),
        "holder.add": Text("登记职务人员", "entered an office holder"),
        "holder.end": Text("删除职务人员", "removed an office holder"),
        "holder.show": Text("查看职务人员全部信息", "saw an office holder in full"),
        "holder.export": Text("导出职务人员", "exported office holders"),
        "holder.rotate": Text("更换个人信息密钥", "changed the key of personal data"),
        "closing.term": Text("更改个人信息保存期限", "changed the term of personal data"),
        "closing.end": Text("结束行动", "ended the drive"),
        "closing.package": Text("生成移交包", "made the hand-over package"),
        "purge.ask": Text("申请清除个人信息", "asked for the purge of personal data"),
        "purge.withdraw": Text("撤回清除申请", "withdrew the purge"),
        "purge.confirm": Text("确认并清除个人信息", "confirmed and purged personal data"),
        "purge.proof": Text("签发清除证明", "signed the proof of purge"),
        "site.backup": Text("备份全站", "backed the site up"),
        "site.restore": Text("恢复全站", "restored the site"),
    }
)

OBJECTS: Final = MappingProxyType(
    {
        "change_set": Text("变更批次", "change set"),
        "unit": Text("单位", "unit"),
        "import": Text("导入", "import"),
        "operations": Text("党组织变动", "operations"),
        "organization": Text("党组织", "organization"),
        "plan": Text("方案", "plan"),
        "export": Text("导出", "export"),
        "document": Text("文书", "document"),
        "case": Text("事项", "case"),
        "serial": Text("发文字号", "serial number"),
        "town": Text("镇", "town"),
        "account": Text("账号", "account"),
        "token": Text("接口令牌", "API token"),
        "audit": Text("审计记录", "audit log"),
        "backup": Text("备份", "backup"),
        "restore": Text("恢复", "restore"),
    }
)

# What stands in ``detail``, as the page says it.
FACTS: Final = MappingProxyType(
    {
        "units": Text("单位数", "units"),
        "rows": Text("行数", "rows"),
        "fields": Text("栏目", "fields"),
        "kept": Text("保留未动", "left as they were"),
        "file": Text("文件", "file"),
        "size": Text("字节", "bytes"),
        "document": Text("文书", "document"),
        "filter": Text("筛选", "filter"),
        "numbers": Text("记录号", "entry numbers"),
        "kinds": Text("变动种类", "kinds"),
        "kind": Text("种类", "kind"),
        "policy": Text("政策", "policy"),
        "overlays": Text("叠加规则", "overlays"),
        "areas": Text("区域", "areas"),
        "added": Text("新增", "added"),
        "role": Text("角色", "role"),
        "task_group": Text("推进组", "task group"),
        "address": Text("来源地址", "address"),
        "known": Text("账号存在", "account exists"),
        "with": Text("另一家", "the other unit"),
        "columns": Text("栏目数", "columns"),
        "events": Text("事件数", "events"),
        "sha256": Text("内容指纹", "fingerprint"),
        "act": Text("办法", "act"),
        "step": Text("环节", "step"),
        "serial": Text("发文字号", "serial number"),
        "entries": Text("变动笔数", "entries"),
        "journal": Text("变动记录至", "journal up to"),
        "plan": Text("方案", "plan"),
        "version": Text("版本", "version"),
        "day": Text("日期", "day"),
        "seq": Text("序号", "number"),
        "backup": Text("备份编号", "backup"),
        "months": Text("月数", "months"),
        "counts": Text("各类数量", "numbers by class"),
    }
)

# Kinds of operations of the tree, by the name that the journal gives them.
KINDS: Final = MappingProxyType(
    {
        "Record": Text("原有", "recorded"),
        "Found": Text("成立", "founded"),
        "Attach": Text("挂靠", "attached"),
        "Release": Text("脱离", "released"),
        "SplitOff": Text("剥离", "split off"),
        "Upgrade": Text("升格", "upgraded"),
        "Adjust": Text("调整", "adjusted"),
        "Merge": Text("合并", "merged"),
        "Dissolve": Text("撤销", "dissolved"),
        "Transfer": Text("调整隶属", "transferred"),
        "Annul": Text("撤回", "annulled"),
    }
)
