"""The whole trail is checked, beside the pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from console.work import Task
from records import audit_chain, audit_check

VERIFY = "verify"
_TOLD = 20  # faults that are shown
_WORDS = {
    "person.read": "看了档案",
    "person.seen": "在名单里看到",
    "person.revealed": "看了完整号码",
    "person.saved": "登记",
    "person.corrected": "改了资料",
    "person.amended": "导入时补了资料",
    "person.listed": "导入名单",
    "person.merged": "合并了两份资料",
    "person.erased": "删除了资料",
    "import.undone": "退回了一次导入",
    "import.person_removed": "退回导入时删掉",
    "import.person_set_back": "退回导入时改回",
    "share.asked": "问本人能不能给合作单位看",
    "share.answered": "本人答了能不能给合作单位看",
    "share.ended": "停止给合作单位看",
    "share.read": "合作单位看了",
    "share.denied": "合作单位想看没看成",
    "share.replied": "合作单位回了话",
    "person.expired": "到期删除",
    "person.retired": "久未联系，删除",
    "person.tagged": "加了标签",
    "person.untagged": "去了标签",
    "dossier.read": "看了服务档案",
    "case.read": "看了典型案例",
    "ticket.opened": "提了诉求",
    "ticket.read": "看了诉求",
    "ticket.revealed": "看了诉求里的号码",
    "ticket.taken": "接了诉求",
    "ticket.answered": "回了诉求",
    "ticket.closed": "办结诉求",
    "ticket.moved": "转了诉求",
    "ticket.put_back": "放回诉求",
    "ticket.to_bot": "让小助手接着答",
    "ticket.reopened": "重新打开诉求",
    "send_back_page": "退回条目草稿",
    "pick_up_page": "捡回条目草稿",
    "ticket.handed_back": "退回诉求",
    "helper.assigned": "安排了服务专员或导师",
    "helper.changed": "换了服务专员或导师",
    "visit.logged": "记了回访",
    "village.listed": "看了村里名单",
    "directory.exported": "导出通讯录",
    "export.taken": "取走导出文件",
    "report.exported": "导出报表",
    "list.imported": "导入了名单",
    "permit.asked": "申请",
    "permit.given": "批准申请",
    "permit.refused": "没有批准申请",
    "permit.used": "用了批准",
    "staff.added": "加了同事",
    "staff.changed": "改了同事的身份",
    "staff.disabled": "停用同事",
    "staff.bound": "绑定聊天账号",
    "staff.code_given": "给了绑定码",
    "console.signed_in": "登录",
    "console.signed_out": "退出登录",
    "console.locked": "密码错太多，锁住",
    "console.password": "换了密码",
    "console.link_given": "给了登录链接",
    "trail.read": "查了操作记录",
    "trail.checked": "核对操作记录",
}


def words_of(act: str) -> str:
    """An act as staff read it; by its own name where it has no other."""
    return _WORDS.get(act, act)


async def verify(task: Task) -> Mapping[str, Any]:
    """Seal what is new, then hold every row against its seal."""
    means = task.means
    now = means.now()
    await audit_chain.seal(means.database, means.vault, now)
    last = (await task.read(audit_chain.head)).number

    async def tell(number: int) -> None:
        await task.tell(number, last)

    found = await audit_check.check(means.database, means.vault, now, tell=tell)
    return {
        "rows": found.rows,
        "blocks": found.blocks,
        "unsealed": found.unsealed,
        "count": found.count,
        "head": found.head.words,
        "faults": [[one.kind.value, one.where] for one in found.faults[:_TOLD]],
    }
