"""A picture goes with its words on every channel, as it was sent, and never without it."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

import pytest

from channels.base import FailureKind, SendFailure
from channels.merging import combiner
from channels.pictures import Pictures
from channels.telegram.channel import Telegram
from channels.wecom.client import RobotClient
from channels.wecom_kf import bodies
from channels.wecom_robot.channel import Robots
from records import outbox, pictures
from records.database import Database
from records.messages import Outgoing
from records.rationing import Part
from records.vault import Vault
from tests.support.bot_api import BotApi
from tests.support.pictures import JPEG, LARGEST, PNG
from tests.support.telegram_channel import a_channel, an_outgoing
from tests.support.wecom.server import WeCom
from tests.support.wecom_line import a_line
from tests.support.wecom_member_line import MemberLine, a_member_line

GROUP, OTHER, MEMBER = -100500, -100600, "LiSi"


@pytest.fixture
async def picture(database: Database, vault: Vault, now: datetime) -> str:
    return await database.run(pictures.keep, vault, "telegram:1", JPEG, now)


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as api:
        api.chat(GROUP), api.chat(OTHER)
        yield api


@pytest.fixture
async def telegram(api: BotApi, database: Database, vault: Vault) -> AsyncIterator[Telegram]:
    channel = a_channel(api, pictures=Pictures(database, vault))
    yield channel
    await channel.close()


@pytest.fixture
async def wecom() -> AsyncIterator[WeCom]:
    async with WeCom() as wecom:
        wecom.callbacks.habits.gap = 0.0
        wecom.corp.member(MEMBER)
        yield wecom


@pytest.fixture
async def line(wecom: WeCom, database: Database, vault: Vault) -> AsyncIterator[MemberLine]:
    async with a_member_line(wecom, database, vault) as line:
        yield line


@asynccontextmanager
async def _robots(
    wecom: WeCom, database: Database, vault: Vault
) -> AsyncIterator[tuple[Robots, str]]:
    """A robot, and the key that its group's phone is under."""
    key = wecom.robots.add("值班群")
    client = RobotClient(base_url=wecom.url, name="值班群", key=key, now=wecom.clock.moment)
    robots = Robots({"值班群": client}, Pictures(database, vault))
    yield robots, key
    await robots.close()


async def test_telegram_gets_it_above_the_words(
    api: BotApi, telegram: Telegram, picture: str
) -> None:
    await telegram.send(an_outgoing(GROUP, "招聘会", picture=picture))
    [sent] = api.sent
    assert (api.files[sent.params["photo"]], sent.text) == (JPEG, "招聘会")


async def test_the_largest_picture_arrives_everywhere(
    api: BotApi, telegram: Telegram, line: MemberLine, now: datetime
) -> None:
    database, vault = line.database, line.vault
    picture = await database.run(pictures.keep, vault, "webchat:9", LARGEST, now)
    await telegram.send(an_outgoing(GROUP, "招聘会", picture=picture))
    await line.says(MEMBER, "招聘会", extra={"picture": picture})
    assert len(line.wecom.phones.from_us(MEMBER)) == 2
    async with _robots(line.wecom, database, vault) as (robots, key):
        await robots.send(Outgoing(1, "wecom_robot", "值班群", "好", extra={"picture": picture}))
        assert len(line.wecom.robots.shown(key)) == 2


async def test_it_is_brought_to_telegram_once(
    api: BotApi, telegram: Telegram, picture: str
) -> None:
    for chat in (GROUP, OTHER, GROUP):
        await telegram.send(an_outgoing(chat, "招聘会", picture=picture))
    assert len({sent.params["photo"] for sent in api.sent}) == len(api.files) == 1


async def test_words_too_long_for_a_caption_come_after_it(
    api: BotApi, telegram: Telegram, picture: str
) -> None:
    await telegram.send(an_outgoing(GROUP, "长" * 2000, picture=picture))
    assert [sent.text for sent in api.sent] == ["", "长" * 2000]


async def test_a_picture_that_telegram_refuses_takes_its_words_with_it(
    api: BotApi, telegram: Telegram, picture: str
) -> None:
    api.fail_next("sendPhoto", 400, "Bad Request: PHOTO_INVALID_DIMENSIONS")
    with pytest.raises(SendFailure):
        await telegram.send(an_outgoing(GROUP, "招聘会", picture=picture))
    assert api.sent == []


async def test_without_the_picture_nothing_is_sent(api: BotApi, telegram: Telegram) -> None:
    with pytest.raises(SendFailure) as failure:
        await telegram.send(an_outgoing(GROUP, "招聘会", picture="gone"))
    assert (failure.value.kind, api.sent) == (FailureKind.REJECTED, [])


async def test_a_member_gets_it_before_the_words(line: MemberLine, picture: str) -> None:
    await line.says(MEMBER, "招聘会", extra={"picture": picture})
    shown = line.wecom.phones.from_us(MEMBER)
    assert [one.msgtype for one in shown] == ["image", "text"]
    assert line.wecom.corp.media.find(shown[0].body["media_id"]).content == JPEG


async def test_somebody_at_customer_service_gets_it_after_the_words(
    wecom: WeCom, database: Database, vault: Vault, picture: str
) -> None:
    async with a_line(wecom, database, vault) as line:
        customer = wecom.kf.customer()
        wecom.kf.says(customer, "在吗")
        await line.hears(1)
        message = Outgoing(
            7, "wecom_kf", line.chat(customer), "招聘会", extra={"picture": picture}
        )
        await line.channel.send(message)
        assert [one.msgtype for one in wecom.phones.from_us(customer)] == ["text", "image"]


async def test_a_robot_shows_it_and_says_the_words(
    wecom: WeCom, database: Database, vault: Vault, now: datetime
) -> None:
    picture = await database.run(pictures.keep, vault, "webchat:2", PNG, now)
    message = Outgoing(1, "wecom_robot", "值班群", "招聘会", extra={"picture": picture})
    async with _robots(wecom, database, vault) as (robots, key):
        await robots.send(message)
        image, text = wecom.robots.shown(key)
    assert base64.b64decode(image.body["base64"]) == PNG
    assert text.text == "招聘会"


def test_a_picture_costs_a_message_where_messages_are_counted(vault: Vault, now: datetime) -> None:
    sealed = outbox.sealed_content(vault, "好", extra={"picture": "p"})
    part = Part(sealed, is_reply=True, since=now)
    combined = combiner(vault, bodies.cost)([part, part], now, 5)
    assert (combined.taken, combined.cost) == (1, 2)
