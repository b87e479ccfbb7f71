"""GET /chat/api/stream: each message once, in order, as it comes, and again after a break."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from channels.webchat.stream import Feed, Rhythm
from records import inbound
from records.database import Database, StoreUnavailable
from records.messages import Option, Priority
from records.vault import Vault
from tests.support.web_chat import Answer, Visit, visiting

SCRIPT = {
    "START": [Answer("您好", (Option("问政策", "policy"),))],
    "三句": [Answer("一"), Answer("二"), Answer("三", kind="answer")],
}


@pytest.fixture
async def visit(database: Database, vault: Vault) -> AsyncIterator[Visit]:
    """Somebody who has opened the page, with a server that does not dawdle."""
    rhythm = Rhythm(poll=0.1, heartbeat=0.3)
    async with visiting(database, vault, SCRIPT, rhythm=rhythm) as visit:
        yield visit


async def test_a_reply_arrives_as_the_contract_says(visit: Visit) -> None:
    async with visit.listening() as events:
        (message,) = await events.messages(1)
    assert message == {
        "id": message["id"],
        "text": "您好",
        "options": [{"label": "问政策", "value": "policy"}],
        "kind": "reply",
    }


async def test_the_first_look_at_the_chat_is_greeted_once(visit: Visit) -> None:
    for _ in range(2):
        async with visit.listening() as events:
            assert await events.texts(1) == ["您好"]
    assert visit.door.heard == [""]


async def test_who_wrote_before_is_not_greeted(visit: Visit) -> None:
    await visit.post({"text": "登记"})
    async with visit.listening() as events:
        assert await events.texts(1) == ["您说的是“登记”。"]
    assert visit.door.heard == ["登记"]


async def test_opening_the_page_alone_stores_nothing(visit: Visit, database: Database) -> None:
    await visit.session.get("/")
    assert await database.read(inbound.open_conversations) == []


async def test_all_replies_of_a_turn_arrive_in_order(visit: Visit) -> None:
    async with visit.listening("?after=0") as events:
        await visit.post({"text": "三句"})
        assert await events.texts(3) == ["一", "二", "三"]


@pytest.mark.parametrize("form", ["header", "address"])
async def test_a_break_loses_and_repeats_nothing(visit: Visit, form: str) -> None:
    await visit.post({"text": "三句"})
    async with visit.listening("?after=0") as events:
        first = (await events.messages(1))[0]["id"]
    headers = {"Last-Event-ID": str(first)} if form == "header" else {}
    async with visit.listening(f"?after={first}" if not headers else "", **headers) as events:
        assert await events.texts(2) == ["二", "三"]


@pytest.mark.parametrize("place", ["", "x", "-1", "9" * 30, "①"])
async def test_a_nonsense_place_is_the_beginning(visit: Visit, place: str) -> None:
    await visit.post({"text": "三句"})
    async with visit.listening(f"?after={place}") as events:
        assert await events.texts(3) == ["一", "二", "三"]


async def test_what_another_process_sent_arrives_too(visit: Visit) -> None:
    async with visit.listening("?after=0") as events:
        await visit.door.say(visit.visitor, Answer("从别处来"), key="far", is_near=False)
        assert await events.texts(1) == ["从别处来"]


async def test_what_was_handed_over_is_not_repeated_from_the_outbox(visit: Visit) -> None:
    async with visit.listening("?after=0") as events:
        await visit.door.say(visit.visitor, Answer("一次"), key="near")
        assert await events.texts(1) == ["一次"]
        await asyncio.sleep(0.3)
        await visit.door.say(visit.visitor, Answer("下一次"), key="next")
        assert await events.texts(1) == ["下一次"]


async def test_bulk_that_comes_late_does_not_set_the_place_back(visit: Visit) -> None:
    chat, door = visit.visitor, visit.door
    await door.queue(chat, Answer("推送"), key="bulk", priority=Priority.BULK)
    await door.queue(chat, Answer("回话"), key="reply")
    async with visit.listening("?after=0") as events:
        await events.block()
        await door.send_due(limit=1)
        await door.send_due(limit=1)
        blocks = [await events.told() for _ in range(2)]
    assert [("推送" in b["data"], "id" in b) for b in blocks] == [(False, True), (True, False)]


@pytest.mark.parametrize(("silence", "pause"), [(0, 2), (59, 2), (60, 10), (9999, 10)])
def test_a_sleeping_phone_is_looked_after_less_often(silence: float, pause: float) -> None:
    assert Rhythm().until_next_look(silence) == pause


async def test_one_visitor_does_not_hear_another(visit: Visit) -> None:
    async with visit.listening("?after=0") as events:
        await visit.door.say("0" * 32, Answer("别人的"), key="other")
        await visit.door.say(visit.visitor, Answer("自己的"), key="own")
        assert await events.texts(1) == ["自己的"]


async def test_silence_is_broken_by_signs_of_life(visit: Visit) -> None:
    async with visit.listening("?after=0") as events:
        blocks = [await events.block() for _ in range(3)]
    assert blocks == [{"retry": "2000"}, {"": ""}, {"": ""}]


async def test_the_stream_is_not_held_back_on_its_way(visit: Visit) -> None:
    async with visit.listening("?after=0") as events:
        headers = events.answer.headers
    assert headers["Content-Type"].startswith("text/event-stream")
    assert (headers["Cache-Control"], headers["X-Accel-Buffering"]) == ("no-store", "no")


async def test_five_streams_and_no_more(visit: Visit) -> None:
    answers = [await visit.session.get("/chat/api/stream?after=0") for _ in range(6)]
    assert [answer.status for answer in answers] == [200] * 5 + [429]
    assert (await answers[5].json())["error"].endswith("。")
    for answer in answers:
        answer.close()


async def test_a_stream_that_was_left_makes_room(visit: Visit) -> None:
    for _ in range(8):
        async with visit.listening("?after=0") as events:
            await events.block()
        await asyncio.sleep(0.25)


async def test_a_stranger_without_a_cookie_is_refused(visit: Visit) -> None:
    visit.session.cookie_jar.clear()
    status, answer = await visit.get("/chat/api/stream")
    assert (status, answer["error"][-1]) == (401, "。")


async def test_a_store_that_is_away_is_said_at_the_start(visit: Visit) -> None:
    visit.door.fault = StoreUnavailable("the database is locked")
    status, answer = await visit.get("/chat/api/stream")
    assert (status, answer["error"][-1]) == (503, "。")


async def test_a_stop_ends_the_streams(visit: Visit) -> None:
    async with visit.listening("?after=0") as events:
        await events.block()
        await visit.chat.stop()
        assert await events.answer.content.read() == b""
    assert (await visit.get("/chat/api/stream?after=0"))[0] == 503


async def test_what_another_process_sent_and_rang_for_comes_at_once(
    database: Database, vault: Vault
) -> None:
    seldom = Rhythm(poll=3600, idle_poll=3600, heartbeat=3600)
    async with (
        visiting(database, vault, SCRIPT, rhythm=seldom) as visit,
        visit.listening("?after=0") as events,
    ):
        await events.block()  # it has begun, and looked
        await visit.door.say(visit.visitor, Answer("别处发的"), key="k", is_near=False)
        visit.chat.look(visit.visitor)
        assert await events.texts(1) == ["别处发的"]


async def test_what_the_outbox_had_first_is_not_told_again_when_it_is_handed_over(
    visit: Visit, database: Database, vault: Vault
) -> None:
    await visit.get("/chat/api/history")
    feed = Feed(database, vault, visit.visitor, 0)
    await visit.door.say(visit.visitor, Answer("一次"), key="k", is_near=False)
    (told,) = await feed.news([])
    assert await feed.news([told]) == []
