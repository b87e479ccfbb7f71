"""What a person takes back: no answer, and gone wherever staff would see it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from handlers import desk, desk_acts
from handlers.desk import Case, Clerk
from records import conversations, inbound, outbox, staff_accounts
from records.database import Session
from records.messages import Inbound, InboundKind
from records.staff_accounts import StaffRole
from tests.support.journey import Journey

SECRET = "我在花桥村有三亩地"
STRUCK = "（已撤回）"
TALK = "fake:老王"


@pytest.fixture
async def journey(tmp_path: Path) -> AsyncIterator[Journey]:
    async with Journey(tmp_path) as journey:
        await journey.app.database.run(_bind, journey)
        yield journey


async def test_it_is_struck_out_at_the_desk_and_in_what_was_passed_on(journey: Journey) -> None:
    number = await _with_staff(journey)
    said = await _say(journey, "老王", SECRET)
    await _say(journey, "小刘", f"看 {number}")
    await _take_back(journey, said)
    assert [line.text for line in (await _case(journey, number)).lines][-1] == STRUCK
    written = await journey.app.database.read(_kept_for_staff, journey)
    assert SECRET not in written
    assert written.count(STRUCK) == 2


async def test_who_has_read_it_is_told_not_to_use_it(journey: Journey) -> None:
    await _with_staff(journey)
    said = await _say(journey, "老王", SECRET)
    await _take_back(journey, said)
    assert "撤回了，请别再用" in journey.channel.sent[-1].text
    assert journey.channel.sent[-1].chat == "小刘"
    told = len(journey.channel.sent)
    await _take_back(journey, said)
    assert len(journey.channel.sent) == told


async def test_it_is_gone_from_the_stored_rows(journey: Journey) -> None:
    await _with_staff(journey)
    said = await _say(journey, "老王", SECRET)
    await _take_back(journey, said)
    assert SECRET not in await journey.app.database.read(_kept_of_the_talk, journey)


async def test_what_led_to_a_request_is_struck_out_of_it(journey: Journey) -> None:
    said = await _say(journey, "老王", SECRET)
    number = await _asks_for_a_human(journey)
    await _take_back(journey, said)
    case = await _case(journey, number)
    assert SECRET not in str([line.text for line in case.lines])
    assert STRUCK in [line.text for line in case.lines]


async def test_the_words_that_asked_are_struck_out_as_the_subject(journey: Journey) -> None:
    said = await _say(journey, "老王", "人工")
    number = _number(journey)
    await _take_back(journey, said)
    assert (await _case(journey, number)).subject == STRUCK


async def test_a_number_left_for_a_call_is_struck_out(journey: Journey) -> None:
    for text in ("定陶一次性创业补贴给多少", "没用", "要"):
        await _say(journey, "老王", text)
    said = await _say(journey, "老王", "我的号码13900001234")
    (case,) = await journey.app.database.read(desk.list_open, journey.app.vault)
    assert "13900001234" in case.subject
    await _take_back(journey, said)
    assert (await _case(journey, case.number)).subject == STRUCK


async def test_what_is_taken_back_before_its_turn_is_not_answered(journey: Journey) -> None:
    await _with_staff(journey)
    before = len(journey.channel.sent)
    first, voice = _message(journey, "a", SECRET), _message(journey, "b", "")
    voice = replace(voice, kind=InboundKind.VOICE, extra={"file_id": "f"})
    backs = [_message(journey, f"back {m}", m, InboundKind.RECALLED) for m in ("a", "b")]
    await journey.app.door.receive([first, voice, *backs])
    await journey.quiet()
    assert len(journey.channel.sent) == before
    assert SECRET not in await journey.app.database.read(_kept_of_the_talk, journey)
    assert await journey.app.database.read(inbound.open_conversations) == []


async def test_nobody_takes_back_what_another_said(journey: Journey) -> None:
    number = await _with_staff(journey)
    said = await _say(journey, "老王", SECRET)
    await _take_back(journey, said, chat="老李")
    assert [line.text for line in (await _case(journey, number)).lines][-1] == SECRET


async def _with_staff(journey: Journey) -> str:
    number = await _asks_for_a_human(journey)
    await _say(journey, "小刘", f"回 {number} 地在哪儿")
    return number


async def _asks_for_a_human(journey: Journey) -> str:
    await _say(journey, "老王", "人工")
    return _number(journey)


def _number(journey: Journey) -> str:
    opened = next(reply.text for reply in journey.replies if "编号" in reply.text)
    return opened.partition("编号")[2][:6]


async def _say(journey: Journey, chat: str, text: str) -> str:
    """The outer id of what was said."""
    journey.chat = chat
    await journey.say(text)
    return f"{chat}-{journey._said}"


async def _take_back(journey: Journey, outer_id: str, chat: str = "老王") -> None:
    journey.chat = chat
    await journey.say(outer_id, InboundKind.RECALLED)


def _message(
    journey: Journey, outer_id: str, text: str, kind: InboundKind = InboundKind.TEXT
) -> Inbound:
    return Inbound("fake", "老王", outer_id, kind, text, journey.now, sender="老王")


async def _case(journey: Journey, number: str) -> Case:
    clerk = Clerk("terminal", "小刘")
    return await journey.app.database.run(
        lambda s: desk_acts.show(s, journey.app.vault, number, clerk=clerk, now=journey.now)
    )


def _bind(session: Session, journey: Journey) -> None:
    role, at = StaffRole.STAFF, journey.now
    staff_accounts.add(session, "小刘", role=role, area="", at=at, actor="staff:terminal")
    staff_accounts.bind(session, "小刘", "fake:小刘", at=at, actor="staff:terminal")


def _kept_for_staff(session: Session, journey: Journey) -> str:
    rows = outbox.latest(session, "fake:小刘", 50)
    return "\n".join(outbox.as_outgoing(row, journey.app.vault).text for row in rows)


def _kept_of_the_talk(session: Session, journey: Journey) -> str:
    vault = journey.app.vault
    rows = inbound.history(session, TALK, 50)
    state = conversations.load(session, [TALK])[TALK].state
    return str([vault.open(row.payload) for row in rows] + [vault.open(state)])
