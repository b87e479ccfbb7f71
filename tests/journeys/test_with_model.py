"""The whole program with a language model beside it: nobody waits for another's advice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from records.messages import Inbound, InboundKind
from tests.support.journey import Journey
from tests.support.model_api import ModelApi, last

VAGUE = "家里想弄个事政策上有没有照应"  # our own search is in doubt about it
PLAIN = "定陶个体户贷款最高多少"


@pytest.fixture
async def api() -> AsyncIterator[ModelApi]:
    async with ModelApi() as api:
        yield api


@pytest.fixture
async def journey(api: ModelApi, tmp_path: Path) -> AsyncIterator[Journey]:
    settings = {"GUIYAN_MODEL_URL": api.url, "GUIYAN_MODEL_NAME": "m", "GUIYAN_MODEL_TIMEOUT": "1"}
    async with Journey(tmp_path, settings=settings) as journey:
        await journey.say("我是定陶的")
        yield journey


def message(journey: Journey, chat: str, number: int, text: str) -> Inbound:
    """What somebody writes."""
    journey.now += timedelta(seconds=1)
    return Inbound(
        channel="fake",
        chat=chat,
        outer_id=f"{chat}-m{number}",
        kind=InboundKind.TEXT,
        text=text,
        sent_at=journey.now,
        sender=chat,
        sequence=100 + number,
    )


async def told(journey: Journey, text: str) -> str:
    """What is said to a message."""
    return "\n".join(reply.text for reply in await journey.say(text))


async def test_the_entry_that_the_model_points_to_is_told(journey: Journey, api: ModelApi) -> None:
    api.choose = last
    answer = await told(journey, VAGUE)
    wanted = api.heard[-1]["entries"][-1]
    assert wanted["answer"][:10] in answer
    assert "依据：菏定政办发〔2017〕38号" in answer


async def test_the_talk_goes_on_from_what_was_told(journey: Journey, api: ModelApi) -> None:
    api.choose = last
    await journey.say(VAGUE)
    assert "菏泽市定陶区返乡创业工作推进方案" in await told(journey, "依据呢")


async def test_a_model_that_hangs_leaves_our_own_answer(journey: Journey, api: ModelApi) -> None:
    await journey.say(VAGUE)
    own = await told(journey, VAGUE)
    api.delay = 30
    assert await told(journey, VAGUE) == own


async def test_others_do_not_wait_for_one_who_does(journey: Journey, api: ModelApi) -> None:
    api.delay = 0.6
    await journey.app.door.receive([message(journey, "somebody", 1, VAGUE)])
    await asyncio.sleep(0.1)
    await journey.app.door.receive([message(journey, "another", 1, PLAIN)])
    await journey.quiet()
    chats = [sent.chat for sent in journey.channel.sent]
    assert chats.index("another") < len(chats) - 1 - chats[::-1].index("somebody")


async def test_one_s_own_messages_are_answered_in_order(journey: Journey, api: ModelApi) -> None:
    api.delay = 0.4
    await journey.app.door.receive([message(journey, "somebody", 1, VAGUE)])
    await asyncio.sleep(0.1)
    before = len(journey.channel.sent)
    await journey.app.door.receive([message(journey, "somebody", 2, PLAIN)])
    await journey.quiet()
    answers = "\n".join(sent.text for sent in journey.channel.sent[before:])
    assert answers.index("扶持政策") < answers.index("个体的，创业担保贷款最高10万元")


async def test_no_answer_of_a_form_is_sent_to_the_model(journey: Journey, api: ModelApi) -> None:
    for said in ("登记", "同意", "陈集镇", VAGUE, "老王 13900001234"):
        await journey.say(said)
    assert api.heard == []


async def test_nothing_said_to_staff_is_sent_to_the_model(journey: Journey, api: ModelApi) -> None:
    await journey.say("人工")
    await journey.say(VAGUE)
    assert api.heard == []
