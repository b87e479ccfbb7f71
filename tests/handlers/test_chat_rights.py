"""What staff may write in chat is answered to those who may, and to nobody else of the staff."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import handlers
from records.rights import GRANTS, Post, Right
from records.staff_accounts import StaffRole
from tests.handlers.support.walk import Store, Walk
from tests.support.console_walk import SOMEBODY

REFERENCE = Path(handlers.__file__).parent.parent / "docs/reference/rights.md"
AREA, NEXT_AREA = "371703", "430381"
COMMANDS: dict[str, Right] = {
    "课程": Right.COURSES,
    "活动": Right.EVENTS,
    "任务": Right.TASKS,
    "述职": Right.DUTY,
    "线索 昭通老乡想回来办核桃初加工": Right.DUTY,
    "线索": Right.PROJECTS,
    "待办": Right.TICKETS,
    "有多少人 缺本钱": Right.COUNT,
    "标签 返乡 老王": Right.ENTER,
    "月报": Right.SIGN,
    "案例": Right.CASES,
    "群发审核": Right.APPROVE,
    "摸排": Right.SWEEP,
    "乡贤": Right.STANDINGS,
}
ELSEWHERE = {Right.TICKETS: {Post.PARTNER}}  # a partner reads what was shared on pages alone


def _said(post: Post, words: str) -> str:
    role, area = SOMEBODY[post]
    walk = Walk(store=Store(), chat=f"of {post}", is_new=False)
    walk.serve("甲", AREA if area == NEXT_AREA else area, role=role)
    return "\n".join(reply.text for reply in walk.say(words))


@pytest.mark.parametrize("words", COMMANDS)
def test_a_command_is_answered_to_those_who_may(words: str) -> None:
    right = COMMANDS[words]
    others = _said(Post.OPERATOR, words)
    answered = {post for post in Post if _said(post, words) != others}
    assert answered == GRANTS[right] - ELSEWHERE.get(right, set())


@pytest.mark.parametrize("words", COMMANDS)
def test_a_command_is_in_the_reference(words: str) -> None:
    line = f"| «{words}» | `{COMMANDS[words]}` |"
    assert line in REFERENCE.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("role", StaffRole)
@pytest.mark.parametrize("words", ["你好", "帮助", "开店有补贴吗"])
def test_every_role_is_answered_in_plain_words(role: StaffRole, words: str) -> None:
    walk = Walk(store=Store(), is_new=False)
    walk.serve("甲", AREA, role=role)
    said = "\n".join(reply.text for reply in walk.say(words))
    assert re.search(r"[\u4e00-\u9fff]", said)
