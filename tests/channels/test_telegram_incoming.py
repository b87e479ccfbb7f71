"""Messages come in by polling and by webhook, and none is confirmed before it is stored."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from io import BytesIO

import pytest
from aiohttp import ClientSession
from telegram.error import NetworkError

from channels.telegram.channel import Telegram
from channels.telegram.polling import Patience
from records.database import StoreUnavailable
from records.messages import InboundKind, Option
from tests.support.bot_api import BotApi
from tests.support.bot_api_control import press
from tests.support.telegram_channel import (
    SECRET,
    DyingDoor,
    ListDoor,
    a_channel,
    an_outgoing,
    hooked,
    polling,
)

K = InboundKind
POISON = {"message": {"message_id": 1, "text": "half a message"}}
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as api:
        api.updates.retry_first = 0.05
        yield api


@pytest.fixture
def door() -> ListDoor:
    return ListDoor()


@pytest.fixture(params=["polling", "webhook"])
async def connected(
    request: pytest.FixtureRequest, api: BotApi, door: ListDoor
) -> AsyncIterator[None]:
    """The channel takes messages in, either way."""
    async with polling(api, door) if request.param == "polling" else hooked(api, door):
        yield


@pytest.mark.usefixtures("connected")
class TestEitherWay:
    async def test_a_message_comes_in(self, api: BotApi, door: ListDoor) -> None:
        api.say(7, "最高多少？")
        [message] = await door.keeps(1)
        assert (message.chat, message.kind, message.text) == ("7", K.TEXT, "最高多少？")

    async def test_messages_keep_their_order(self, api: BotApi, door: ListDoor) -> None:
        for number in range(30):
            api.say(7, str(number))
        await door.keeps(30)
        assert door.texts == [str(number) for number in range(30)]

    async def test_what_is_stored_is_confirmed(self, api: BotApi, door: ListDoor) -> None:
        api.say(7, "最高多少？")
        await api.until(lambda: not api.updates.pending)
        assert door.texts == ["最高多少？"]

    async def test_what_cannot_be_stored_comes_again(self, api: BotApi, door: ListDoor) -> None:
        door.failures = [StoreUnavailable("the disk is full")]
        api.say(7, "最高多少？")
        await door.keeps(1)
        assert (door.texts, door.calls) == (["最高多少？"], 2)

    async def test_a_fault_behind_the_door_loses_nothing(
        self, api: BotApi, door: ListDoor
    ) -> None:
        door.failures = [ZeroDivisionError()]
        api.say(7, "最高多少？")
        await door.keeps(1)
        assert door.texts == ["最高多少？"]

    async def test_a_poison_update_holds_up_nobody(self, api: BotApi, door: ListDoor) -> None:
        api.give(POISON, is_raw=True)
        api.say(7, "最高多少？")
        await door.keeps(2, seconds=2)
        assert sorted(door.kinds) == [K.TEXT, K.UNREADABLE]
        await api.until(lambda: not api.updates.pending)

    async def test_an_update_that_comes_twice_is_handed_over_twice(
        self, api: BotApi, door: ListDoor
    ) -> None:
        api.updates.duplicate_rate = 1.0
        api.say(7, "最高多少？")
        first, second = await door.keeps(2)
        assert first == second

    async def test_a_tap_is_acknowledged(self, api: BotApi, door: ListDoor) -> None:
        channel = a_channel(api)
        api.chat(7)
        await channel.send(an_outgoing(7, "在哪？", Option("已返乡", "returned")))
        press(api, 7, "已返乡")
        await api.until(lambda: len(api.answered) == 1)
        assert (door.kinds, door.texts) == ([K.OPTION], ["returned"])
        await channel.close()

    async def test_a_stale_tap_disturbs_nobody(self, api: BotApi, door: ListDoor) -> None:
        tap = api.tap(7, api.message(7), "returned")
        api.taps.clear()
        await door.keeps(1)
        assert door.kept[0].outer_id == str(tap)

    async def test_what_is_not_for_us_is_confirmed_and_not_kept(
        self, api: BotApi, door: ListDoor
    ) -> None:
        api.say(-100500, "今天赶集吗")
        await api.until(lambda: not api.updates.pending)
        assert door.kept == []


@pytest.mark.parametrize("trouble", [StoreUnavailable("full"), NetworkError("away")])
async def test_what_is_back_is_used_again_within_seconds(trouble: Exception) -> None:
    waits: list[float] = []

    async def attempt() -> None:
        if len(waits) < 12:
            raise trouble

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    await Patience(sleep).insist(attempt)
    assert 3 < max(waits) <= 4


async def test_after_a_crash_before_storing_the_message_comes_again(api: BotApi) -> None:
    crashed, restarted = ListDoor(StoreUnavailable("gone"), StoreUnavailable("gone")), ListDoor()
    async with polling(api, crashed):
        api.say(7, "最高多少？")
        await crashed.until(lambda: crashed.calls == 1)
    async with polling(api, restarted):
        await restarted.keeps(1)
    assert (crashed.texts, restarted.texts) == ([], ["最高多少？"])


async def test_after_a_crash_before_confirming_the_message_comes_again(api: BotApi) -> None:
    crashed, restarted = DyingDoor(), ListDoor()
    api.say(7, "最高多少？")
    async with polling(api, crashed):
        await crashed.keeps(1)
    async with polling(api, restarted):
        await restarted.keeps(1)
    assert crashed.kept == restarted.kept


async def test_polling_removes_a_webhook_first(api: BotApi, door: ListDoor) -> None:
    api.set_webhook({"url": "http://127.0.0.1:1/"})
    api.say(7, "最高多少？")
    async with polling(api, door):
        await door.keeps(1)
    assert api.updates.webhook is None


async def test_after_a_quiet_week_lower_numbers_are_taken_too(api: BotApi, door: ListDoor) -> None:
    api.give({"update_id": 900, "message": api.message(7, text="before")})
    async with polling(api, door):
        await api.until(lambda: not api.updates.pending)
        api.updates.end_polls()
        await api.until(lambda: api.calls["getupdates"] >= 3)
        api.give({"update_id": 5, "message": api.message(7, text="after")})
        await door.keeps(2)
    assert door.texts == ["before", "after"]


@pytest.mark.parametrize(
    ("why", "status", "description", "line"),
    [
        (
            "another poller",
            409,
            "Conflict: terminated by other getUpdates request",
            "another program",
        ),
        ("server trouble", 502, "Bad Gateway", "Bad Gateway"),
        ("too many calls", 429, "Too Many Requests: retry after 1", ""),
    ],
)
async def test_polling_goes_on_after(
    api: BotApi,
    door: ListDoor,
    caplog: pytest.LogCaptureFixture,
    why: str,
    status: int,
    description: str,
    line: str,
) -> None:
    parameters = {"retry_after": 1} if status == 429 else {}
    api.fail_next("getUpdates", status, description, **parameters)
    async with polling(api, door):
        api.say(7, "最高多少？")
        await door.keeps(1)
    assert [line in record.message for record in caplog.records] == [True] * bool(line)


async def test_two_pollers_are_named_once(
    api: BotApi, door: ListDoor, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(2):
        api.fail_next("getUpdates", 409, "Conflict: terminated by other getUpdates request")
    async with polling(api, door) as channel:
        await api.until(lambda: "another program" in channel.fault())
        await api.until(lambda: api.calls["getupdates"] == 2)
    assert len(caplog.records) == 1


async def test_a_refused_token_ends_the_polling_with_one_line(
    api: BotApi, door: ListDoor, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    real, api.token = api.token, "110201543:" + "A" * 35
    async with polling(api, door) as channel:
        await api.until(lambda: channel.fault().startswith("the token"))
    api.token = real
    assert [r.message for r in caplog.records if r.levelno >= logging.WARNING] == [
        "telegram: the token is refused: set GUIYAN_TELEGRAM_TOKEN and start again"
    ]
    assert "110201543:" not in caplog.text


async def test_telegram_may_be_away_at_the_start(door: ListDoor) -> None:
    api = BotApi()
    await api.start()
    await api.stop()
    async with polling(api, door) as channel:
        await api.until(lambda: "ClientConnectorError" in channel.fault())
        await api.start()
        api.say(7, "最高多少？")
        await door.keeps(1)
        assert channel.fault() == ""
    await api.stop()


@pytest.mark.parametrize("headers", [{}, {SECRET_HEADER: "wrong"}, {SECRET_HEADER: "密"}], ids=str)
async def test_without_the_secret_nothing_is_read_or_stored(
    api: BotApi, door: ListDoor, headers: dict[str, str]
) -> None:
    update = {"update_id": 1, "message": api.message(7, text="最高多少？")}
    async with hooked(api, door) as url, ClientSession() as session:
        answer = await session.post(url, json=update, headers=headers)
    assert (answer.status, door.calls) == (403, 0)


@pytest.mark.parametrize(("given", "status"), [(SECRET, 200), ("other", 200), ("third", 403)])
async def test_two_secrets_are_believed_while_one_changes(
    api: BotApi, door: ListDoor, given: str, status: int
) -> None:
    update = {"update_id": 1, "message": api.message(7, text="最高多少？")}
    async with hooked(api, door, other_secret="other") as url, ClientSession() as session:
        answer = await session.post(url, json=update, headers={SECRET_HEADER: given})
    assert (answer.status, door.calls) == (status, int(status == 200))


@pytest.mark.parametrize(
    ("why", "body", "status", "stored"),
    [
        ("no JSON", b"{", 400, 0),
        ("no update", b"[]", 400, 0),
        ("no number", b'{"message": {}}', 400, 0),
        ("no sense", b'{"update_id": 5}', 200, 1),
        ("nothing", b"", 400, 0),
        ("a megabyte and a byte", b"[" + b" " * 1024**2, 413, 0),
        ("ten megabytes", b" " * 10 * 1024**2, 413, 0),
    ],
)
async def test_a_webhook_call_with(
    api: BotApi, door: ListDoor, why: str, body: bytes, status: int, stored: int
) -> None:
    async with hooked(api, door) as url, ClientSession() as session:
        answer = await session.post(url, data=BytesIO(body), headers={SECRET_HEADER: SECRET})
    assert (answer.status, door.calls) == (status, stored)


async def test_a_webhook_is_not_a_page(api: BotApi, door: ListDoor) -> None:
    async with hooked(api, door) as url, ClientSession() as session:
        assert (await session.get(url)).status == 405


async def test_a_webhook_call_is_put_off_while_nothing_can_be_stored(api: BotApi) -> None:
    door = ListDoor(StoreUnavailable("the disk is full"))
    update = {"update_id": 1, "message": api.message(7, text="最高多少？")}
    async with hooked(api, door) as url, ClientSession() as session:
        answer = await session.post(url, json=update, headers={SECRET_HEADER: SECRET})
    assert answer.status == 503


async def test_the_webhook_is_registered_with_its_secret(api: BotApi, door: ListDoor) -> None:
    async with hooked(api, door) as url:
        hook = api.updates.webhook
    assert hook is not None
    assert (hook.url, hook.secret, hook.max_connections) == (url, SECRET, 100)


def test_a_webhook_without_a_secret_is_refused(api: BotApi) -> None:
    with pytest.raises(ValueError, match="secret"):
        Telegram(
            token=api.token, base_url=api.url, mode="webhook", webhook_secret="", public_url=""
        )


@pytest.mark.parametrize(
    ("why", "status", "description", "finding"),
    [
        ("all is well", 0, "", ""),
        ("a wrong token", 401, "Unauthorized", "the token is refused"),
        ("server trouble", 502, "Bad Gateway", "Telegram cannot be reached"),
    ],
)
async def test_the_doctor_finds(
    api: BotApi, why: str, status: int, description: str, finding: str
) -> None:
    if status:
        api.fail_next("getMe", status, description)
    channel = a_channel(api)
    found = await channel.check()
    await channel.close()
    assert found.startswith(finding)
    assert bool(found) is bool(finding)


async def test_the_doctor_tells_why_a_webhook_is_not_reached(api: BotApi) -> None:
    api.updates.last_error = "Wrong response from the webhook: 403"
    channel = a_channel(api, mode="webhook", public_url="https://example.org")
    assert "https://example.org/telegram/main: Wrong response" in await channel.check()
    await channel.close()
