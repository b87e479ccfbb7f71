"""Secrets of callbacks change while people write, two processes on PostgreSQL: nothing is lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest
from sqlalchemy import func, select

from channels.wecom.cipher import Cipher
from records.database import Database, Session
from records.inbound import InboundRow
from tests.support import database as databases
from tests.support.bot_api import TOKEN, BotApi
from tests.support.front import Front, before
from tests.support.program import Program
from tests.support.wecom.server import WeCom
from tests.support.wecom_callback import wrapped

FORMER, NEW = "former-secret", "new-secret"
PAIRS = {"former": ("FormerToken", "a" * 43), "new": ("NewToken", "b" * 42 + "A")}
TEXT = (
    "<xml><ToUserName>{corp}</ToUserName><FromUserName>zhang</FromUserName>"
    "<CreateTime>{at}</CreateTime><MsgType>text</MsgType><Content>{n}</Content>"
    "<MsgId>{n}</MsgId><AgentID>1</AgentID></xml>"
)
Settings = Mapping[str, str]


@pytest.fixture
async def store(postgres_url: str) -> AsyncIterator[str]:
    url = await databases.fresh(postgres_url)
    yield url
    await databases.drop(postgres_url, url)


@asynccontextmanager
async def _two(folder: Path, store: str, given: Settings) -> AsyncIterator[Front]:
    """Two processes that take in, and the address before them."""
    common = {"GUIYAN_DATABASE_URL": store, "GUIYAN_SECRET_KEY": "k" * 32}
    async with (
        Program(folder, {}) as one,
        Program(folder, {}) as two,
        before([one, two]) as front,
    ):
        common |= {"GUIYAN_PUBLIC_URL": front.address, "GUIYAN_AREAS": "定陶"}
        for program in front.programs:
            program.settings = {**common, **given}
            await program.start("--only", "intake")
            await program.ready()
        yield front


async def _replace(front: Front, given: Settings) -> None:
    """One after the other, as a rolling restart does."""
    for program in front.programs:
        await program.stop()
        program.settings |= given
        await program.start("--only", "intake")
        await program.ready()


def _count(session: Session) -> int:
    return int(session.execute(select(func.count()).select_from(InboundRow)).scalar_one())


async def _stored(store: str) -> int:
    database = Database(store)
    try:
        return await database.read(_count)
    finally:
        await database.close()


@asynccontextmanager
async def _people_write(say: Callable[[int], Awaitable[None]]) -> AsyncIterator[list[int]]:
    """Somebody writes all the time; what was written."""
    said: list[int] = []
    over = asyncio.Event()

    async def write() -> None:
        while not over.is_set():
            said.append(len(said) + 1)
            await say(said[-1])
            await asyncio.sleep(0.1)

    writing = asyncio.create_task(write())
    try:
        yield said
    finally:
        over.set()
        await writing


def _telegram(secret: str, other: str = "") -> dict[str, str]:
    return {
        "GUIYAN_TELEGRAM_WEBHOOK_SECRET": secret,
        "GUIYAN_TELEGRAM_WEBHOOK_SECRET_OTHER": other,
    }


async def test_the_secret_of_telegram_s_webhook_changes_unnoticed(
    tmp_path: Path, store: str
) -> None:
    async with BotApi() as api:
        api.updates.retry_first = 0.1
        settings = {"GUIYAN_TELEGRAM_TOKEN": TOKEN, "GUIYAN_TELEGRAM_BASE_URL": api.url}
        settings["GUIYAN_TELEGRAM_MODE"] = "webhook"
        async with _two(tmp_path, store, settings | _telegram(FORMER)) as front:

            async def say(number: int) -> None:
                api.say(number, "你好")

            async with _people_write(say) as said:
                for step in (_telegram(FORMER, NEW), _telegram(NEW, FORMER), _telegram(NEW)):
                    await _replace(front, step)
            await api.until(lambda: not api.updates.pending)
            assert api.updates.webhook is not None
            assert api.updates.webhook.secret == NEW
    assert front.answers[403] == 0
    assert await _stored(store) == len(said) > 30


def _wecom(pair: str, other: str = "") -> dict[str, str]:
    token, key = PAIRS[pair]
    return {
        "GUIYAN_WECOM_APP_TOKEN": token,
        "GUIYAN_WECOM_APP_AES_KEY": key,
        "GUIYAN_WECOM_APP_CALLBACK_OTHER": " ".join(PAIRS.get(other, ())),
    }


def _seconds() -> str:
    return str(int(datetime.now(UTC).timestamp()))


def _app_of(wecom: WeCom) -> dict[str, str]:
    """The settings of the self-built app, with our pair."""
    ours = ("_CORP_ID", "_BASE_URL", "_APP_")
    named = {k: v for k, v in wecom.settings().items() if any(one in k for one in ours)}
    return named | _wecom("former")


class Platform:
    """WeCom's side: signs with the pair that its console has, and repeats three times."""

    def __init__(self, address: str, corp: str) -> None:
        self.url = f"{address}/wecom/app"
        self._corp = corp
        self.pair = "former"

    async def say(self, number: int) -> None:
        text = TEXT.format(corp=self._corp, at=_seconds(), n=number)
        for _ in range(4):
            if await self._call("POST", text) == 200:
                return
            await asyncio.sleep(0.2)

    async def takes(self, pair: str) -> None:
        """What the console does when a pair is saved: it checks the address, or refuses."""
        former, self.pair = self.pair, pair
        if await self._call("GET", "1616140317555161061") != 200:
            self.pair = former

    def _cipher(self) -> Cipher:
        token, key = PAIRS[self.pair]
        return Cipher(token, key, self._corp)

    async def _call(self, method: str, text: str) -> int:
        sealed = self._cipher().encrypt(text, timestamp=_seconds(), nonce="1")
        query = {"msg_signature": sealed.signature, "timestamp": sealed.timestamp, "nonce": "1"}
        if method == "GET":
            query["echostr"] = sealed.encrypt
        async with aiohttp.request(
            method, self.url, params=query, data=wrapped(sealed.encrypt)
        ) as answer:
            return answer.status


async def test_token_and_key_of_wecom_s_callback_change_unnoticed(
    tmp_path: Path, store: str
) -> None:
    async with WeCom() as wecom, _two(tmp_path, store, _app_of(wecom)) as front:
        platform = Platform(front.address, wecom.corp.corp_id)
        async with _people_write(platform.say) as said:
            await _replace(front, _wecom("new", other="former"))
            await platform.takes("new")
            await _replace(front, _wecom("new"))
    assert platform.pair == "new"
    assert front.answers[403] == 0
    assert await _stored(store) == len(said) > 20
