"""Why somebody did not get a campaign, or not yet, in words for people."""

from __future__ import annotations

from collections.abc import Mapping

from outreach.campaigns import looking
from records.feeding import HELD_IN_VAIN, STOPPED
from records.waits import Wait

_WORDS: Mapping[str, str] = {
    **looking.REASONS,
    Wait.TURN: "没轮到",
    Wait.QUEUE: "正在发",
    Wait.BEHIND: "前头还有一条给他的没到时候",
    Wait.PAUSED: "暂停着",
    Wait.CAPPED: "近来收得够多了",
    Wait.HOURS: "要等对方说的时间",
    Wait.QUIET: "夜里、除夕和初一不打扰",
    Wait.WISHED: "对方说了过些日子再发",
    Wait.WINDOW: "等对方先说话",
    STOPPED: "推送停了或到期了",
    HELD_IN_VAIN: "一直没等到对方说话",
    "unwelcome": "后来说停、不在了或没同意过收",
    "topic": "不要这类消息",
    "late": "过了时候",
    "ignored": "前两次都没回话",
    "withdrawn": "撤回了",
    "uncertain": "送没送到说不准",
    "unreadable_answer": "渠道的回话看不懂，送没送到说不准",
    "repeatable": "没等到渠道的回话，再试",
    "throttled": "渠道嫌快，慢下来再发",
    "unreachable": "连不上渠道，再试",
    "blocked_by_person": "对方把我们拉黑了",
    "refused_by_person": "对方不收",
    "bad_address": "账号不在了",
    "moved": "账号换了地方",
    "rejected": "渠道不收这段话",
    "too_long": "渠道嫌太长",
    "misconfigured": "渠道的设置不对",
    "not_now": "等对方先说话",
    "expired": "渠道给的时间过了",
    "used_up": "渠道给的条数用完了",
    "session_closed": "对话已经结束",
}


def said(code: str) -> str:
    """A reason in words; one that is new to us is the channel's."""
    return _WORDS.get(code) or (f"渠道说：{code}" if code else "")
