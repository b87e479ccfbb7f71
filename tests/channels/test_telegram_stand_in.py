"""The Bot API stand-in refuses, delays and repeats as the real server does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from itertools import pairwise
from typing import Any

import pytest
from aiohttp import ClientSession, web

from tests.support.bot_api import BotApi
from tests.support.bot_api_limits import SendLimits


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as api:
        api.chat(7)
        yield api


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    async with ClientSession() as session:
        yield session


async def _call(api: BotApi, session: ClientSession, method: str, **params: Any) -> dict[str, Any]:
    answer = await session.post(f"{api.url}/bot{api.token}/{method}", json=params)
    value: dict[str, Any] = await answer.json()
    return value


@pytest.mark.parametrize(
    ("params", "description"),
    [
        ({"text": "x" * 4097}, "message is too long"),
        ({"text": "  "}, "message text is empty"),
        ({"text": "x", "chat_id": 8}, "chat not found"),
        ({"text": "x", "message_thread_id": 5}, "message thread not found"),
        (
            {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "a"}]]}},
            "can't parse inline keyboard button: "
            "Text buttons are unallowed in the inline keyboard",
        ),
        (
            {
                "text": "x",
                "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "é" * 33}]]},
            },
            "BUTTON_DATA_INVALID",
        ),
        (
            {
                "text": "x",
                "chat_id": -5,
                "reply_markup": {"keyboard": [[{"text": "a", "request_contact": True}]]},
            },
            "phone number can be requested in private chats only",
        ),
    ],
)
async def test_a_message_is_refused(
    api: BotApi, session: ClientSession, params: dict[str, Any], description: str
) -> None:
    api.chat(-5)
    answer = await _call(api, session, "sendMessage", **{"chat_id": 7, **params})
    assert (answer["ok"], answer["description"]) == (False, f"Bad Request: {description}")
    assert api.sent == []


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/bot123:" + "A" * 35 + "/getMe", 401),
        ("/botnonsense/getMe", 404),
        ("/", 404),
    ],
)
async def test_a_wrong_token_is_refused(
    api: BotApi, session: ClientSession, path: str, status: int
) -> None:
    assert (await session.get(api.url + path)).status == status


async def test_an_unknown_method_is_not_found(api: BotApi, session: ClientSession) -> None:
    assert (await _call(api, session, "sendNothing"))["error_code"] == 404


async def test_the_second_poller_ends_the_first(api: BotApi, session: ClientSession) -> None:
    first = asyncio.create_task(_call(api, session, "getUpdates", timeout=5))
    await api.until(lambda: api.calls["getupdates"] == 1)
    second = asyncio.create_task(_call(api, session, "getUpdates", timeout=5))
    assert (await first)["error_code"] == 409
    api.say(7, "hello")
    assert len((await second)["result"]) == 1


async def test_an_offset_confirms(api: BotApi, session: ClientSession) -> None:
    ids = [api.say(7, str(n)) for n in range(3)]
    answer = await _call(api, session, "getUpdates", offset=ids[1])
    assert [update["update_id"] for update in answer["result"]] == ids[1:]
    assert (await _call(api, session, "getUpdates"))["result"] == answer["result"]


async def test_a_kind_not_asked_for_is_dropped(api: BotApi, session: ClientSession) -> None:
    await _call(api, session, "getUpdates", allowed_updates=["callback_query"])
    api.say(7, "hello")
    assert (await _call(api, session, "getUpdates"))["result"] == []


async def test_limits_refuse_and_say_how_long(api: BotApi, session: ClientSession) -> None:
    api.behaviour.limits = SendLimits(chat_burst=1)
    answers = [await _call(api, session, "sendMessage", chat_id=7, text="x") for _ in range(2)]
    assert [answer["ok"] for answer in answers] == [True, False]
    assert answers[1]["parameters"] == {"retry_after": 1}


async def test_a_webhook_gets_one_update_of_a_chat_at_a_time(api: BotApi) -> None:
    running: list[int] = []
    most = 0

    async def slow(request: web.Request) -> web.Response:
        nonlocal most
        running.append(1)
        most = max(most, len(running))
        await asyncio.sleep(0.01)
        running.pop()
        return web.Response()

    await _deliver(api, slow, [7, 7, 7])
    assert most == 1


async def test_a_webhook_that_fails_is_called_again_later_and_later(api: BotApi) -> None:
    times: list[float] = []

    async def failing(request: web.Request) -> web.Response:
        times.append(asyncio.get_running_loop().time())
        return web.Response(status=200 if len(times) == 4 else 500)

    api.updates.retry_first = 0.05
    await _deliver(api, failing, [7])
    first, _, third = (later - earlier for earlier, later in pairwise(times))
    assert third > first >= 0.05


async def test_another_process_steers_it_over_http(api: BotApi, session: ClientSession) -> None:
    await session.post(f"{api.url}/control/behave", json={"knows_everybody": True})
    ids = await (
        await session.post(f"{api.url}/control/say", json=[{"chat": 9, "text": "x"}])
    ).json()
    await _call(api, session, "sendMessage", chat_id=99, text="y")
    sent = await (await session.get(f"{api.url}/control/sent?since=0")).json()
    assert (list(api.updates.pending), [one["text"] for one in sent]) == (ids, ["y"])


async def _deliver(api: BotApi, handler: Any, chats: list[int]) -> None:
    """Let the webhook `handler` be called for a message from each chat."""
    application = web.Application()
    application.router.add_post("/", handler)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    api.set_webhook({"url": f"http://127.0.0.1:{runner.addresses[0][1]}/"})
    for chat in chats:
        api.say(chat, "hello")
    await api.until(lambda: not api.updates.pending)
    await runner.cleanup()
