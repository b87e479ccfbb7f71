"""A campaign from the kit to its figures in the real program: web page, Telegram, 微信."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import aiohttp
from sqlalchemy import select

from bot.lifecycle import Running
from bot.settings import load
from bot.wiring import App, build, lines_of
from outreach.calendars import CHINA
from outreach.campaigns import drafting, effect, states
from outreach.campaigns.drafting import New
from outreach.campaigns.kits import loading
from outreach.campaigns.looking import House
from records import campaign_drafts, consents, ledger, people
from records.campaigns import CampaignState
from records.consents import CORE, PUSH, Said
from records.conversations import Conversation
from records.database import Session
from records.ledger import Stand
from records.people import Entered
from records.vault import Vault
from tests.support import campaign_stage as stage
from tests.support.bot_api import TOKEN, BotApi
from tests.support.campaign_stage import HOSTS, OFFICE, SECOND, WRITER
from tests.support.wecom.clock import Clock
from tests.support.wecom.phones import By
from tests.support.wecom.server import WeCom

PATIENCE = 60.0
OURS = "核对这条"  # stands in every message to many
_TALKS = Conversation.__table__  # type: ignore[attr-defined]
TELLS = 11  # who writes on Telegram


class Season:
    """The running program, the wires' other ends, and the people there."""

    def __init__(self, app: App, api: BotApi, wecom: WeCom, page: Page, customer: str) -> None:
        self.app, self.api, self.wecom, self.page, self.customer = app, api, wecom, page, customer

    async def got(self) -> Counter[str]:
        """How many messages of the campaign each channel's person has."""
        shown = self.wecom.kf.shown(self.customer)
        return Counter(
            telegram=sum(OURS in one.text for one in self.api.sent),
            webchat=sum(OURS in text for text in await self.page.heard()),
            wecom_kf=sum(one.by is By.US and OURS in str(one.body) for one in shown),
        )

    async def wrote(self) -> int:
        """How many of those written to have answered, as the effect counts them."""
        read = self.app.database.read
        found = await read(effect.measure, await read(drafting.found, 1), 14, self.app.now())
        assert found is not None
        return found.written.wrote

    async def stands(self) -> Counter[Stand]:
        found: Counter[Stand] = Counter()
        for one in await self.app.database.read(ledger.counts, 1):
            found[one.stand] += one.number
        return found


class Page:
    """A visitor of the web page."""

    def __init__(self, session: aiohttp.ClientSession, address: str) -> None:
        self._session, self._address = session, address

    async def say(self, text: str) -> None:
        """Write, and wait for the answer."""
        await (await self._session.get(f"{self._address}/chat")).read()
        before = len(await self.heard())
        await self._session.post(f"{self._address}/chat/api/messages", json={"text": text})
        await _until(lambda: self._has_more(before))

    async def _has_more(self, before: int) -> bool:
        return len(await self.heard()) > before

    async def heard(self) -> list[str]:
        """All that was written to them."""
        answer = await self._session.get(f"{self._address}/chat/api/history")
        found = (await answer.json())["messages"]
        return [str(one["text"]) for one in found if one["from"] == "bot"]


async def _until(happened: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not await happened():  # noqa: ASYNC110
            await asyncio.sleep(0.1)


@asynccontextmanager
async def _season(folder: Path) -> AsyncIterator[Season]:
    start = datetime(2026, 12, 1, 9, 0, tzinfo=CHINA)
    begun = time.monotonic()

    def now() -> datetime:
        return start + timedelta(seconds=time.monotonic() - begun)

    async with (
        BotApi() as api,
        WeCom(seed=7, clock=Clock(now)) as wecom,
        aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session,
    ):
        app = build(load(_settings(folder, api, wecom)), now=wecom.clock.moment)
        running = Running(app)
        try:
            await running.start("127.0.0.1", 0)
            await wecom.listen(running.address, "kf")
            season = Season(app, api, wecom, Page(session, running.address), wecom.kf.customer())
            await _greeted(season)
            yield season
        finally:
            await running.stop()


def _settings(folder: Path, api: BotApi, wecom: WeCom) -> dict[str, str]:
    return {
        **wecom.settings(),
        "GUIYAN_DATABASE_URL": f"sqlite:///{folder / 'season.db'}",
        "GUIYAN_TELEGRAM_TOKEN": TOKEN,
        "GUIYAN_TELEGRAM_BASE_URL": api.url,
        "GUIYAN_AREAS": "定陶",
    }


async def _greeted(season: Season) -> None:
    """Each has written once, is registered, and agreed to be written to."""
    season.api.say(TELLS, "你好")
    season.wecom.kf.says(season.customer, "你好")
    await season.page.say("你好")
    await _until(lambda: _answered(season))
    app = season.app
    await app.database.run(_registered, app.vault, app.now())
    await app.database.run(stage.staff_of, app.now())


async def _answered(season: Season) -> bool:
    shown = season.wecom.kf.shown(season.customer)
    return bool(season.api.sent) and any(one.by is By.US for one in shown)


def _registered(session: Session, vault: Vault, now: datetime) -> None:
    said = (Said(CORE, True, now, "1"), Said(PUSH, True, now, "1"))
    keys = session.execute(select(_TALKS.c.key).order_by(_TALKS.c.key)).scalars()
    for number, key in enumerate(list(keys)):
        entered = Entered(codes={"where_now": "away"}, texts={}, area="371703", said=said)
        people.enter(session, vault, f"someone{number}", entered, at=now, account=key)
        consents.note(session, f"someone{number}", said, channel=key.partition(":")[0])


async def _agreed(season: Season) -> None:
    """From the kit to the word of a second person."""
    app = season.app
    house = House(OFFICE, lines_of(app.channels))
    new = New("温暖回家路", "371703", kit="温暖回家路")
    number, _ = await app.database.run(loading.begin, house, new, HOSTS, WRITER, app.now())
    waves = ("明天 9:30 50%", "后天 8:40 50%")
    await app.database.run(drafting.plan, number, waves, "", WRITER, app.now())
    await app.database.run(drafting.split, number, drafting.Split(holdout=0), WRITER, app.now())
    await app.database.run(states.submit, number, WRITER, app.now())
    await _until(lambda: _is(season, CampaignState.SUBMITTED))
    for step in (states.look, states.approve):
        await app.database.run(step, number, SECOND, app.now())


async def _is(season: Season, state: CampaignState) -> bool:
    campaign = await season.app.database.read(campaign_drafts.find, 1)
    return campaign is not None and campaign.state == state.value


async def _have(season: Season, number: int) -> bool:
    return sum((await season.got()).values()) >= number


def _to(season: Season, day: int, hour: int, minute: int) -> None:
    """The clock goes on to there."""
    at = datetime(2026, 12, day, hour, minute, tzinfo=CHINA)
    season.wecom.clock.advance((at - season.app.now()).total_seconds())


async def test_each_has_it_once_on_their_channel_and_it_adds_up(tmp_path: Path) -> None:
    async with _season(tmp_path) as season:
        await _agreed(season)
        assert (await season.stands())[Stand.HELD] == 3
        _to(season, 2, 9, 29)
        await asyncio.sleep(3)
        assert not await _have(season, 1)
        _to(season, 2, 9, 31)
        await asyncio.sleep(5)
        first = await season.got()
        _to(season, 3, 8, 41)
        await _until(lambda: _have(season, 3))
        await _until(lambda: _is(season, CampaignState.FINISHED))
        assert first < await season.got() == Counter(telegram=1, webchat=1, wecom_kf=1)
        assert await season.stands() == {Stand.SENT: 3}
        assert await season.wrote() == 0
        before = len(season.api.sent)
        season.api.say(TELLS, "真的吗")
        await season.api.sent_count(before + 1, PATIENCE)
        assert await season.wrote() == 1
        season.wecom.kf.says(season.customer, "怎么报名")
        await season.page.say("在哪摆摊")
        await _until(lambda: _have_written(season, 3))


async def _have_written(season: Season, number: int) -> bool:
    return await season.wrote() == number


async def test_who_says_stop_before_it_gets_none(tmp_path: Path) -> None:
    async with _season(tmp_path) as season:
        await _agreed(season)
        before = len(season.api.sent)
        season.api.say(TELLS, "停")
        await season.api.sent_count(before + 1, PATIENCE)
        _to(season, 2, 9, 31)
        await asyncio.sleep(4)
        _to(season, 3, 8, 41)
        await _until(lambda: _is(season, CampaignState.FINISHED))
        assert (await season.got())["telegram"] == 0
        assert await season.stands() == {Stand.SENT: 2, Stand.OPTED_OUT: 1}
