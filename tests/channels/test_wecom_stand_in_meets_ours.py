"""Our client, cipher and callbacks against the stand-in's own: two hands that check each other."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web

from channels.wecom.callback import Callback, Event
from channels.wecom.calls import Patience
from channels.wecom.cipher import Cipher
from channels.wecom.client import Client
from channels.wecom.envelope import Reply
from channels.wecom.media import Kind
from channels.wecom.tokens import TokenStore
from records import schema
from records.database import Database
from records.vault import Vault
from tests.support.wecom import faults
from tests.support.wecom.server import WeCom
from tests.support.wecom.tokens import App

_PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


@pytest.fixture
async def wecom() -> AsyncIterator[WeCom]:
    async with WeCom() as wecom:
        wecom.corp.member("ZhangSan")
        wecom.callbacks.habits.gap = 0.0
        yield wecom


@pytest.fixture
async def client(wecom: WeCom, tmp_path: Path) -> AsyncIterator[Client]:
    database = Database(f"sqlite:///{tmp_path}/guiyan.db")
    await schema.migrate(database)
    client = Client(
        base_url=wecom.url,
        corp_id=wecom.corp.corp_id,
        secret=wecom.tokens.apps["app"].secret,
        store=TokenStore(database, Vault("a key for tests only"), "tester"),
        now=wecom.clock.moment,
        patience=Patience(rest=0.01),
    )
    yield client
    await client.close()
    await database.close()


class Taken:
    """What our callback took."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.reply: Reply | None = None

    async def take(self, event: Event) -> Reply | None:
        self.events.append(event)
        return self.reply

    @property
    def keys(self) -> set[str]:
        return {event.dedupe_key() for event in self.events}


@asynccontextmanager
async def _serving(wecom: WeCom, app: App) -> AsyncIterator[Taken]:
    taken = Taken()
    cipher = Cipher(app.token, app.aes_key, wecom.corp.corp_id)
    callback = Callback(cipher, f"/wecom/{app.name}", taken.take, now=wecom.clock.moment)
    runner = web.AppRunner(web.Application(), access_log=None)
    runner.app.add_routes(callback.routes())
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    assert await wecom.listen(f"http://127.0.0.1:{port}", app.name) == [app.name]
    yield taken
    await runner.cleanup()


async def _send(client: Client, text: str = "好") -> None:
    body = {"touser": "zhangsan", "agentid": 1_000_002, "enable_duplicate_check": 1}
    content = {"msgtype": "text", "text": {"content": text}}
    await client.call("message/send", {**body, **content}, may_repeat=True)


async def test_a_token_that_ends_early_or_late_is_renewed(wecom: WeCom, client: Client) -> None:
    await _send(client, "一")
    wecom.tokens.invalidate("app")
    await _send(client, "二")
    wecom.clock.advance(7200)
    await _send(client, "三")
    assert wecom.phones.texts("ZhangSan") == ["一", "二", "三"]
    assert wecom.tokens.asked == 3


@pytest.mark.parametrize(
    "fault",
    [faults.code(-1), faults.BAD_GATEWAY_AFTER, faults.CLOSED_AFTER, faults.HTML, faults.CLOSED],
    ids=lambda fault: str(fault.kind.value),
)
async def test_what_goes_wrong_once_is_delivered_once(
    wecom: WeCom, client: Client, fault: faults.Fault
) -> None:
    wecom.faults.next("message/send", fault)
    await _send(client)
    assert wecom.phones.texts("ZhangSan") == ["好"]


async def test_files_go_both_ways(wecom: WeCom, client: Client) -> None:
    media_id = await client.upload(Kind.IMAGE, "二维码.png", _PNG)
    assert wecom.media.find(media_id).name == "二维码.png"
    assert (await client.download(media_id)).content == _PNG


async def test_events_arrive_and_repeats_are_known(wecom: WeCom) -> None:
    wecom.callbacks.habits.repeat_rate = 1.0
    async with _serving(wecom, wecom.tokens.apps["contact"]) as taken:
        wecom.contacts.steward("LiSi")
        customer = wecom.contacts.customer()
        chat = wecom.contacts.group("LiSi")
        wecom.contacts.befriend("LiSi", customer)
        wecom.contacts.joins(chat, customer)
        wecom.contacts.quits(chat, customer)
        await wecom.callbacks.settled()
    assert (len(taken.events), len(taken.keys)) == (8, 4)


async def test_a_text_comes_through_as_it_was_typed(wecom: WeCom) -> None:
    text = "“<b>]]>&amp;”\n😀 " + "长" * 600
    async with _serving(wecom, wecom.tokens.apps["app"]) as taken:
        wecom.app.says("ZhangSan", text)
        await wecom.callbacks.settled()
    assert [event.text("Content") for event in taken.events] == [text]


async def test_our_passive_reply_reaches_the_phone(wecom: WeCom) -> None:
    async with _serving(wecom, wecom.tokens.apps["app"]) as taken:
        taken.reply = {"MsgType": "text", "Content": "收到]]>"}
        wecom.app.says("ZhangSan", "在吗")
        await wecom.callbacks.settled()
        assert wecom.callbacks.log[-1].fault == ""
    assert wecom.phones.texts("ZhangSan") == ["收到]]>"]


async def test_an_old_envelope_is_given_up(wecom: WeCom) -> None:
    async with _serving(wecom, wecom.tokens.apps["app"]) as taken:
        wecom.callbacks.habits.skew = -timedelta(hours=2).total_seconds()
        wecom.app.says("ZhangSan", "在吗")
        await wecom.callbacks.settled()
    assert wecom.callbacks.log[-1].is_given_up
    assert not taken.events
