"""What goes out to Telegram: texts, keyboards, topics, and each way in which it can fail."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from telegram.error import TimedOut

from channels.base import FailureKind, SendFailure
from channels.telegram.channel import Telegram
from channels.telegram.client import Client
from channels.telegram.failures import as_failure
from channels.telegram.keyboard import CONTACT_LABEL
from channels.telegram.request import AiohttpRequest
from channels.telegram.sending import Deliveries
from records.messages import Option
from tests.support.bot_api import TOKEN, BotApi
from tests.support.bot_api_control import press
from tests.support.telegram_channel import ListDoor, a_channel, an_outgoing, polling

K = FailureKind
PERSON, GROUP = 7, -100500
YES, NO = Option("是", "yes"), Option("不是", "no")


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as api:
        api.chat(PERSON)
        api.chat(GROUP).threads.update({77: True, 78: False})
        yield api


@pytest.fixture
async def channel(api: BotApi) -> AsyncIterator[Telegram]:
    channel = a_channel(api)
    yield channel
    await channel.close()


async def _failure(channel: Telegram, chat: int = PERSON, text: str = "您好") -> SendFailure:
    with pytest.raises(SendFailure) as caught:
        await channel.send(an_outgoing(chat, text))
    return caught.value


async def _failure_at(url: str) -> SendFailure:
    channel = Telegram(token=TOKEN, base_url=url, mode="polling", webhook_secret="", public_url="")
    try:
        return await _failure(channel)
    finally:
        await channel.close()


async def test_a_text_goes_as_it_is(api: BotApi, channel: Telegram) -> None:
    text = "最高10万元 <b>*_1.5_*</b> & [x](y) 👩‍🌾"
    receipt = await channel.send(an_outgoing(PERSON, text))
    assert (api.sent[0].text, str(api.sent[0].message_id)) == (text, receipt.outer_id)
    assert "parse_mode" not in api.sent[0].params


async def test_a_message_is_deleted_and_twice_is_once(api: BotApi, channel: Telegram) -> None:
    number = (await channel.send(an_outgoing(GROUP, "招聘会"))).outer_id
    for _ in range(2):
        await channel.send(an_outgoing(GROUP, "", delete=number))
    assert (api.sent, api.calls["deletemessage"]) == ([], 2)


async def test_what_may_not_be_deleted_has_failed(api: BotApi, channel: Telegram) -> None:
    api.fail_next("deleteMessage", 400, "Bad Request: message can't be deleted")
    with pytest.raises(SendFailure) as caught:
        await channel.send(an_outgoing(GROUP, "", delete="1"))
    assert caught.value.kind is K.REJECTED


async def test_links_are_not_unfolded(api: BotApi, channel: Telegram) -> None:
    await channel.send(an_outgoing(PERSON, "https://example.org"))
    assert api.sent[0].params["link_preview_options"] == {"is_disabled": True}


@pytest.mark.parametrize(
    ("labels", "rows"),
    [
        ("是 不是", ["是 不是"]),
        ("已返乡 准备返乡 不返乡", ["已返乡 准备返乡", "不返乡"]),
        ("是 想先了解一下政策", ["是", "想先了解一下政策"]),
    ],
)
async def test_short_options_share_a_row(
    api: BotApi, channel: Telegram, labels: str, rows: list[str]
) -> None:
    options = [Option(label, label) for label in labels.split()]
    await channel.send(an_outgoing(PERSON, "在哪？", *options))
    assert [" ".join(b["text"] for b in row) for row in api.sent[0].rows] == rows


@pytest.mark.parametrize(
    ("value", "comes_back"),
    [
        ("returned", "returned"),
        ("返" * 21, "返" * 21),
        ("返" * 22, "已返乡"),
        ("", "已返乡"),
        ("#0", "已返乡"),
    ],
    ids=["short", "63 bytes", "66 bytes", "empty", "like a reference"],
)
async def test_a_pressed_option_comes_back(
    api: BotApi, channel: Telegram, value: str, comes_back: str
) -> None:
    door = ListDoor()
    await channel.send(an_outgoing(PERSON, "在哪？", NO, Option("已返乡", value)))
    async with polling(api, door):
        press(api, PERSON, "已返乡")
        await door.keeps(1)
    assert door.texts == [comes_back]


async def test_more_options_than_telegram_takes_are_left_out(
    api: BotApi, channel: Telegram
) -> None:
    await channel.send(
        an_outgoing(PERSON, "哪里？", *[Option(str(n), str(n)) for n in range(120)])
    )
    assert len(api.sent[0].labels) == 100


async def test_a_long_text_goes_in_parts_with_the_options_last(
    api: BotApi, channel: Telegram
) -> None:
    text = "\n".join(["政策" * 50 + "。"] * 100)
    await channel.send(an_outgoing(PERSON, text, YES, NO))
    assert "\n".join(sent.text for sent in api.sent) == text
    assert [sent.labels for sent in api.sent] == [[], [], ["是", "不是"]]


async def test_the_contact_button_is_shown_in_private(api: BotApi, channel: Telegram) -> None:
    await channel.send(an_outgoing(PERSON, "您的手机号？", NO, wants_contact="1"))
    assert api.sent[0].rows[0] == [{"text": CONTACT_LABEL, "request_contact": True}]
    assert api.sent[0].labels == [CONTACT_LABEL, "不是"]


async def test_the_contact_button_goes_away_with_the_next_message(
    api: BotApi, channel: Telegram
) -> None:
    await channel.send(an_outgoing(PERSON, "记下了。"))
    assert api.sent[0].markup == {"remove_keyboard": True}


@pytest.mark.parametrize(("options", "labels"), [((), []), ((YES, NO), ["是", "不是"])])
async def test_groups_never_see_a_contact_button(
    api: BotApi, channel: Telegram, options: tuple[Option, ...], labels: list[str]
) -> None:
    await channel.send(an_outgoing(GROUP, "您的手机号？", *options, wants_contact="1"))
    assert (api.sent[0].labels, "keyboard" in api.sent[0].markup) == (labels, False)


@pytest.mark.parametrize(
    ("why", "thread", "arrives_in"),
    [("open", "77", 77), ("closed", "78", None), ("deleted", "99", None)],
)
async def test_an_answer_goes_to_its_topic_while_that_is(
    api: BotApi, channel: Telegram, why: str, thread: str, arrives_in: int | None
) -> None:
    await channel.send(an_outgoing(GROUP, "最高10万元。", thread=thread))
    assert [sent.params.get("message_thread_id") for sent in api.sent] == [arrives_in]


@pytest.mark.parametrize(
    ("description", "texts"),
    [
        ("can't parse reply keyboard markup JSON object", ["在哪？\n是\n不是"]),
        ("BUTTON_DATA_INVALID", ["在哪？\n是\n不是"]),
        ("message is too long", ["在哪？\n是\n不是"]),
    ],
)
async def test_what_is_refused_is_sent_once_more_in_plain(
    api: BotApi, channel: Telegram, description: str, texts: list[str]
) -> None:
    api.fail_next("sendMessage", 400, f"Bad Request: {description}")
    await channel.send(an_outgoing(PERSON, "在哪？", YES, NO))
    assert [sent.text for sent in api.sent] == texts


async def test_what_is_too_long_for_this_server_is_split_once_more(
    api: BotApi, channel: Telegram
) -> None:
    api.fail_next("sendMessage", 400, "Bad Request: message is too long")
    await channel.send(an_outgoing(PERSON, "政策。" * 1000))
    assert [len(sent.text) for sent in api.sent] == [2046, 954]


ANSWERS = [
    (429, "Too Many Requests: retry after 9", K.THROTTLED),
    (403, "Forbidden: bot was blocked by the user", K.BLOCKED_BY_PERSON),
    (403, "Forbidden: user is deactivated", K.BLOCKED_BY_PERSON),
    (403, "Forbidden: bot was kicked from the supergroup chat", K.BLOCKED_BY_PERSON),
    (403, "Forbidden: bot is not a member of the channel chat", K.BLOCKED_BY_PERSON),
    (403, "Forbidden: bot can't initiate conversation with a user", K.BLOCKED_BY_PERSON),
    (400, "Bad Request: chat not found", K.BAD_ADDRESS),
    (400, "Bad Request: PEER_ID_INVALID", K.BAD_ADDRESS),
    (400, "Bad Request: message text is empty", K.REJECTED),
    (400, "Bad Request: something new", K.REJECTED),
    (400, "Bad Request: not enough rights to send text messages to the chat", K.MISCONFIGURED),
    (400, "Bad Request: need administrator rights in the channel chat", K.MISCONFIGURED),
    (400, "Bad Request: TOPIC_CLOSED", K.MISCONFIGURED),
    (401, "Unauthorized", K.MISCONFIGURED),
    (404, "Not Found", K.MISCONFIGURED),
    (409, "Conflict", K.UNCERTAIN),
    (500, "Internal Server Error", K.UNCERTAIN),
    (502, "Bad Gateway", K.UNCERTAIN),
]


@pytest.mark.parametrize(("status", "description", "kind"), ANSWERS)
async def test_an_error_of_telegram_has_its_kind(
    api: BotApi, channel: Telegram, status: int, description: str, kind: FailureKind
) -> None:
    api.fail_next("sendMessage", status, description)
    assert (await _failure(channel)).kind is kind
    assert api.calls["sendmessage"] == 1


@pytest.mark.parametrize(
    ("description", "kind"),
    [("can't parse entities", K.REJECTED), ("message is too long", K.TOO_LONG)],
)
async def test_what_is_refused_in_plain_too_is_given_up(
    api: BotApi, channel: Telegram, description: str, kind: FailureKind
) -> None:
    for _ in range(2):
        api.fail_next("sendMessage", 400, f"Bad Request: {description}")
    assert (await _failure(channel)).kind is kind


@pytest.mark.parametrize(
    "description",
    ["message is not modified", "message to edit not found", "query is too old"],
)
async def test_what_is_done_already_is_a_success(
    api: BotApi, channel: Telegram, description: str
) -> None:
    api.fail_next("sendMessage", 400, f"Bad Request: {description}")
    assert (await channel.send(an_outgoing(PERSON))).outer_id == ""


async def test_being_asked_to_slow_down_says_how_long(api: BotApi, channel: Telegram) -> None:
    api.fail_next("sendMessage", 429, "Too Many Requests: retry after 9", retry_after=9)
    assert (await _failure(channel)).retry_after == timedelta(seconds=9)


async def test_a_group_that_moved_says_where(api: BotApi, channel: Telegram) -> None:
    api.migrate(GROUP, -100600)
    failure = await _failure(channel, GROUP)
    assert (failure.kind, failure.moved_to) == (K.MOVED, "-100600")


async def test_a_chat_that_never_wrote_is_a_bad_address(channel: Telegram) -> None:
    assert (await _failure(channel, 999)).kind is K.BAD_ADDRESS


async def test_a_refused_connection_is_certainly_not_sent(api: BotApi, channel: Telegram) -> None:
    await api.stop()
    assert (await _failure(channel)).kind is K.UNREACHABLE


async def test_a_server_without_a_name_is_certainly_not_sent() -> None:
    assert (await _failure_at("http://no-such-host.invalid")).kind is K.UNREACHABLE


def test_a_call_without_an_answer_in_time_may_have_been_sent() -> None:
    assert as_failure(TimedOut()).kind is K.UNCERTAIN


async def test_a_cut_connection_may_have_been_sent(api: BotApi, channel: Telegram) -> None:
    api.behaviour.reset_rate = 1.0
    assert (await _failure(channel)).kind is K.UNCERTAIN
    assert len(api.sent) == 1


@pytest.mark.parametrize(
    ("why", "answer", "kind"),
    [
        ("no JSON", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", K.UNREADABLE_ANSWER),
        ("a proxy's 403", b"HTTP/1.1 403 No\r\nContent-Length: 2\r\n\r\nno", K.UNREADABLE_ANSWER),
        ("a proxy's 404", b"HTTP/1.1 404 No\r\nContent-Length: 2\r\n\r\nno", K.UNREADABLE_ANSWER),
        ("no HTTP", b"SSH-2.0\r\n\r\n", K.UNCERTAIN),
        ("half an answer", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{", K.UNCERTAIN),
    ],
)
async def test_who_is_not_telegram_decides_nothing(
    why: str, answer: bytes, kind: FailureKind
) -> None:
    async def reply(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(65536)
        writer.write(answer)
        writer.close()

    async with await asyncio.start_server(reply, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        assert (await _failure_at(f"http://127.0.0.1:{port}")).kind is kind


async def test_a_repeated_long_message_goes_on_where_it_stopped(
    api: BotApi, channel: Telegram
) -> None:
    message = an_outgoing(PERSON, "\n".join(["政策" * 50 + "。"] * 100), YES, NO)
    api.fail_next("sendMessage", 500, "Internal Server Error", after=2)
    with pytest.raises(SendFailure):
        await channel.send(message)
    await channel.send(message)
    assert len(api.sent) == 3


async def test_parts_that_take_too_long_together_go_on_later(api: BotApi) -> None:
    request = AiohttpRequest()
    deliveries = Deliveries(Client(TOKEN, api.url, request), seconds=0.5)
    message = an_outgoing(PERSON, "".join(f"第{number}条。" for number in range(2000)))
    api.behaviour.latency = (0.2, 0.2)
    with pytest.raises(SendFailure, match="uncertain"):
        await deliveries.deliver(message)
    api.behaviour.latency = (0, 0)
    await deliveries.deliver(message)
    assert "".join(dict.fromkeys(sent.text for sent in api.sent)) == message.text
    await request.shutdown()


@pytest.mark.parametrize(("status", "description", "kind"), ANSWERS)
async def test_a_failure_tells_neither_token_nor_text(
    api: BotApi, channel: Telegram, status: int, description: str, kind: FailureKind
) -> None:
    api.fail_next("sendMessage", status, f'{description}: "13000000000 想贷款" at 3')
    failure = await _failure(channel, text="13000000000 想贷款")
    assert "1300" not in str(failure)
    assert "想" not in str(failure)
    assert api.token not in str(failure)


def test_the_token_is_not_in_what_a_channel_shows(api: BotApi, channel: Telegram) -> None:
    assert api.token.split(":")[1] not in f"{channel!r} {vars(channel)!r}"
