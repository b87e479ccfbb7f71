"""How long what is kept, in the words of the office: one row for each purpose (domain P-16)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from records.privacy_retention import Purpose


@dataclass(frozen=True, slots=True)
class Period:
    """A purpose, how long its data is kept since when, and what is erased by which job."""

    purpose: Purpose
    name: str
    lasts: str
    job: str


PERIODS = (
    Period(Purpose.DRAFTS, "没填完的登记", "停下30天", "expire_drafts"),
    Period(Purpose.PENDING, "别人代留未确认的、本人退出的", "30天", "erase_unconfirmed"),
    Period(Purpose.OPEN, "还有返乡打算的登记", "打算还在就留着，本人随时可删", ""),
    Period(Purpose.NO_INTENT, "不打算返乡的登记", "最后联系满12个月", "retire_people"),
    Period(Purpose.SUPPORTED, "帮扶过的创业者", "最后服务满3年", "retire_people"),
    Period(Purpose.MESSAGES, "聊天和群消息", "办完满180天", "prune_outbox"),
    Period(Purpose.REQUESTS, "办结的工单里说的话", "办结满180天", "prune_tickets"),
    Period(Purpose.PROOFS, "同意的凭证", "结束满3年", "prune_consents"),
    Period(Purpose.QUESTIONS, "没答上的问题", "没人再问满180天", "prune_questions"),
    Period(Purpose.TOLD, "给谁讲过哪条政策", "满1年", "prune_told"),
    Period(Purpose.FILES, "没听清的语音、用过的图片", "3天", "prune_voices"),
    Period(Purpose.LINES, "没改好的摸排行、旧名单上的名字", "30天、180天", "expire_lines"),
    Period(Purpose.DELETED, "已删除的人的聊天", "回执送到后10分钟", "forget_deleted"),
    Period(Purpose.REMINDERS, "提醒过的事", "办完满180天", "prune_runs"),
)
BY_PURPOSE: Mapping[Purpose, Period] = {one.purpose: one for one in PERIODS}
WHY: Mapping[str, str] = {
    "young": "还没到期",
    "waiting": "还没办完",
    "in_force": "还在生效",
    "in_touch": "期限内联系过",
    "intent": "还有打算",
}


def kept(counts: Mapping[str, int]) -> str:
    """Why rows were kept, as the office reads it."""
    return "，".join(f"{WHY[why]}{number}" for why, number in counts.items() if number)
