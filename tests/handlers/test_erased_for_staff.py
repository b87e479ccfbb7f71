"""What a person said to staff is gone from staff's chats too, once the person is deleted."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from records import outbox, staff_accounts
from records.database import Session
from records.messages import InboundKind
from records.staff_accounts import StaffRole
from tests.support.journey import Journey

NAME, PHONE = "王大锤", "13799990001"
SECRET = "我在花桥村有三亩地"


@pytest.fixture
async def journey(tmp_path: Path) -> AsyncIterator[Journey]:
    async with Journey(tmp_path) as journey:
        await journey.app.database.run(_bind, journey)
        yield journey


async def test_what_was_shown_and_passed_on_is_erased_with_the_person(journey: Journey) -> None:
    await _say(journey, "老王", "人工")
    opened = next(reply.text for reply in journey.replies if "编号" in reply.text)
    number = opened.partition("编号")[2][:6]
    await _say(journey, "小刘", f"回 {number} 地在哪儿")
    await _say(journey, "老王", SECRET)
    await _say(journey, "小刘", f"看 {number}")
    told = [message.text for message in journey.channel.sent if message.chat == "小刘"]
    assert sum(SECRET in text for text in told) == 2
    for text in ("删除", "删除", "确认删除"):
        await _say(journey, "老王", text)
    assert SECRET not in await journey.app.database.read(_kept_for_staff, journey)


async def test_what_a_helper_looked_up_and_noted_is_erased_with_the_person(
    journey: Journey,
) -> None:
    registered = f"登记 1 定陶冉堌镇赵庄村 在苏州干活 2 1 1 2 1 8 1 {NAME} {PHONE} 1 1 1 1"
    for text in registered.split():
        await _say(journey, "老王", text)
    for text in ("看1号", "回访 1号 绿 肯干", "撤回", f"给{NAME} 明天打给您"):
        await _say(journey, "小刘", text)
    assert PHONE in await journey.app.database.read(_kept_for_staff, journey)
    for text in ("删除", PHONE[-4:]):
        await _say(journey, "老王", text)
    kept = await journey.app.database.read(_kept_for_staff, journey)
    assert NAME not in kept
    assert PHONE not in kept


async def _say(journey: Journey, chat: str, text: str) -> None:
    journey.chat = chat
    await journey.say(text, InboundKind.TEXT)


def _bind(session: Session, journey: Journey) -> None:
    role, at = StaffRole.COMMISSIONER, journey.now
    staff_accounts.add(session, "小刘", role=role, area="371703", at=at, actor="staff:terminal")
    staff_accounts.bind(session, "小刘", "fake:小刘", at=at, actor="staff:terminal")


def _kept_for_staff(session: Session, journey: Journey) -> str:
    rows = outbox.latest(session, "fake:小刘", 50)
    return "\n".join(outbox.as_outgoing(row, journey.app.vault).text for row in rows)
