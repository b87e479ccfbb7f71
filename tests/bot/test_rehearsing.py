"""A rehearsal says what a campaign will come to; it reaches nobody and keeps nothing."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.rehearsing import running
from bot.rehearsing.running import Stage
from channels.registry import channel_class
from handlers.places import country
from outreach.calendars import day_of, is_quiet
from outreach.campaigns import rehearsal, states
from outreach.campaigns.refusing import CampaignRefused
from outreach.campaigns.rehearsal import Predicted
from outreach.segments import Office
from records import campaign_drafts, schema
from records.campaigns import Campaign, CampaignState, CampaignText, CampaignWave
from records.consents import PUSH, Consent
from records.conversations import Conversation
from records.database import Database, Session
from records.masked import Vaults
from records.people import NICKNAME, Person
from records.push_days import PushDay
from records.send_budgets import SendBudget
from records.vault import Vault
from records.waits import Wait

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)  # four in the afternoon in China
MORNING = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
LAST_MINUTE = datetime(2026, 11, 23, 12, 29, tzinfo=UTC)  # before nobody is written to
NAME = "欧阳小明"
AT_HOME = pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
KINDS = ("telegram", "webchat", "wecom_kf")


class Desk:
    """A store with people, and a draft in it."""

    def __init__(self, database: Database, vault: Vault, folder: Path) -> None:
        self.database, self.vault, self.folder, self._runs = database, vault, folder, 0

    async def draft(self, *waves: datetime, ends: datetime | None = None) -> None:
        await self.database.run(_draft, waves, ends)

    async def people(self, number: int, channel: str, *, agreed: bool = True) -> list[str]:
        return await self.database.run(_people, self.vault, number, channel, agreed)

    async def keep(self, *rows: object) -> None:
        await self.database.run(_keep, rows)

    async def rehearse(self, people: int = 2_000, seed: int = 1) -> Predicted:
        self._runs += 1
        url = f"sqlite:///{self.folder / f'copy{self._runs}.db'}"
        copys, vaults = Database(url), Vaults(self.vault, Vault("of the copy"))
        office = Office(country(), "")
        try:
            cast = await self.database.read(rehearsal.cast, office, 1, people, seed, NOW)
            await schema.migrate(copys)
            await rehearsal.copy(self.database, copys, vaults, cast, NOW)
        finally:
            await copys.close()
        limits = {kind: channel_class(kind).limits for kind in KINDS}
        stage = Stage(url, vaults.copys, office.places, limits)
        return await asyncio.to_thread(running.run, stage, cast, NOW)  # it has its own loop


def _keep(session: Session, rows: tuple[object, ...]) -> None:
    session.add_all(rows)


def _draft(session: Session, waves: tuple[datetime, ...], ends: datetime | None) -> None:
    common: dict[str, Any] = {"area": "371703", "audience": "所有人", "drafted_by": "小刘"}
    state = CampaignState.DRAFT.value
    session.add(Campaign(id=1, title="摆摊", state=state, ends_at=ends, created_at=NOW, **common))
    text = "{称呼|老乡}，来摆摊。"
    session.add(CampaignText(campaign_id=1, variant="A", channel="", text=text))
    for number, at in enumerate(waves, 1):
        share = 100 // len(waves)
        session.add(CampaignWave(campaign_id=1, number=number, said="", at=at, share=share))


def _people(session: Session, vault: Vault, number: int, channel: str, agreed: bool) -> list[str]:
    ids = [f"{channel}-{'a' if agreed else 'b'}{n:04}" for n in range(number)]
    for one in ids:
        common: dict[str, Any] = {"created_at": NOW, "updated_at": NOW}
        who: dict[str, Any] = {
            "account": f"{channel}:{one}",
            "status": "confirmed",
            "source": "chat",
        }
        sealed = vault.seal({NICKNAME: NAME})
        session.add(
            Person(id=one, area="371703", sealed=sealed, phone_print=f"{one}!", **who, **common)
        )
        talk: dict[str, Any] = {
            "key": f"{channel}:{one}",
            "channel": channel,
            "chat": one,
            "state": b"",
        }
        session.add(Conversation(**talk, **common))
        if agreed:
            session.add(Consent(person_id=one, kind=PUSH, given=True, given_at=NOW))
    return ids


def _ends(found: Predicted) -> Mapping[str, int]:
    counted: Counter[str] = Counter()
    for part in found.parts:
        counted.update(part.ends)
    return counted


@pytest.fixture
def desk(database: Database, vault: Vault, tmp_path: Path) -> Desk:
    return Desk(database, vault, tmp_path)


async def test_everybody_is_told_of_once(desk: Desk) -> None:
    await desk.draft(MORNING)
    await desk.people(7, "telegram")
    await desk.people(5, "webchat", agreed=False)
    found = await desk.rehearse()
    assert _ends(found) == {"发出": 7}
    assert found.left_out == {"not_agreed": 5}


async def test_nothing_is_written(desk: Desk) -> None:
    await desk.draft(MORNING)
    await desk.people(3, "telegram")
    await desk.rehearse()
    campaign = await desk.database.read(campaign_drafts.find, 1)
    assert campaign is not None
    assert campaign.state == CampaignState.DRAFT.value
    assert await desk.database.read(campaign_drafts.left_out, 1) == {}


@AT_HOME
async def test_nobody_is_named_in_the_copy(desk: Desk) -> None:
    await desk.draft(MORNING)
    ids = await desk.people(3, "telegram")
    await desk.rehearse()
    stored = b"".join(file.read_bytes() for file in desk.folder.glob("copy1.db*"))
    assert stored
    assert not [word for word in [*ids, NAME, "小刘"] if word.encode() in stored]


@AT_HOME
async def test_the_longest_text_has_names_of_the_true_length(desk: Desk) -> None:
    await desk.draft(MORNING)
    await desk.people(2, "telegram")
    found = await desk.rehearse()
    assert found.longest["telegram", "A"].startswith("某某某某，来摆摊。")


def _second(session: Session) -> None:
    """Half of them get B; on Telegram A has its own words."""
    campaign = campaign_drafts.find(session, 1)
    assert campaign is not None
    campaign.second, common = 50, dict[str, Any](campaign_id=1)
    session.add(CampaignText(variant="B", channel="", text="{称呼|老乡}，B文字来了。", **common))
    session.add(CampaignText(variant="A", channel="telegram", text="电报专用。", **common))


@AT_HOME
async def test_the_longest_of_every_wording_is_told(desk: Desk) -> None:
    await desk.draft(MORNING)
    await desk.people(20, "telegram")
    await desk.database.run(_second)
    found = await desk.rehearse()
    assert found.longest["telegram", "A"].startswith("电报专用。")
    assert found.longest["telegram", "B"].startswith("某某某某，B文字来了。")
    said = "\n".join(rehearsal.lines(found))
    assert "Telegram文字A最长的一条" in said
    assert "靠抽签" in said


@AT_HOME
async def test_where_nothing_is_by_lot_nothing_is_said_of_lots(desk: Desk) -> None:
    await desk.draft(MORNING)
    await desk.people(2, "telegram")
    assert "抽签" not in "\n".join(rehearsal.lines(await desk.rehearse()))


@AT_HOME
async def test_the_pace_of_the_channel_is_kept(desk: Desk) -> None:
    await desk.draft(MORNING)
    await desk.people(300, "telegram")
    (part,) = (await desk.rehearse()).parts
    assert part.first is not None
    assert part.last is not None
    assert 9.5 <= (part.last - part.first).total_seconds() <= 11  # 30 a second


@AT_HOME
async def test_a_tenth_of_them_takes_as_long_as_all(desk: Desk) -> None:
    await desk.draft(MORNING)
    await desk.people(300, "telegram")
    found = await desk.rehearse(people=30)
    (part,) = found.parts
    assert part.first is not None
    assert part.last is not None
    assert 8.5 <= (part.last - part.first).total_seconds() <= 11
    assert any("约300人" in line for line in rehearsal.lines(found))


@AT_HOME
async def test_the_provider_never_asks_to_slow_down(desk: Desk) -> None:
    await desk.draft(MORNING)
    await desk.people(200, "telegram")
    assert (await desk.rehearse()).observed.throttled == 0


@AT_HOME
async def test_what_the_evening_cuts_off_goes_in_the_morning(desk: Desk) -> None:
    await desk.draft(LAST_MINUTE)
    await desk.people(2_400, "telegram")
    found = await desk.rehearse(people=80)
    (part,) = found.parts
    assert found.at_night > 0
    assert part.last is not None
    assert day_of(part.last) == day_of(LAST_MINUTE) + timedelta(days=1)
    assert not is_quiet(part.last)


@AT_HOME
async def test_who_had_enough_this_week_is_put_off(desk: Desk) -> None:
    await desk.draft(MORNING)
    one, _ = await desk.people(2, "telegram")
    days = [day_of(NOW) - timedelta(days=n) for n in range(3)]
    await desk.keep(*(PushDay(who=one, day=day, key="k", at=NOW) for day in days))
    found = await desk.rehearse()
    assert len(found.observed.delayed[Wait.CAPPED]) == 1
    assert _ends(found) == {"发出": 2}


@AT_HOME
async def test_who_has_time_by_day_is_put_off_from_the_evening(desk: Desk) -> None:
    await desk.draft(LAST_MINUTE)
    one, _ = await desk.people(2, "telegram")
    await desk.database.run(_has_time, one)
    found = await desk.rehearse()
    assert {why: len(who) for why, who in found.observed.delayed.items()} == {Wait.HOURS: 1}


def _has_time(session: Session, one: str) -> None:
    person = session.get(Person, one)
    assert person is not None
    person.codes = {"contact_time": "day"}


@AT_HOME
async def test_who_has_not_written_waits_where_the_channel_asks_for_it(desk: Desk) -> None:
    await desk.draft(MORNING)
    one, _ = await desk.people(2, "wecom_kf")
    await desk.keep(SendBudget(conversation=f"wecom_kf:{one}", opened_at=NOW, used=0))
    assert _ends(await desk.rehearse()) == {"发出": 1, "要等本人先来说话": 1}


@AT_HOME
async def test_what_does_not_fit_before_the_end_is_told(desk: Desk) -> None:
    await desk.draft(MORNING, ends=MORNING + timedelta(seconds=10))
    await desk.people(600, "telegram")
    ends = _ends(await desk.rehearse(people=60))
    assert 25 <= ends["发出"] <= 35
    assert ends["发出"] + ends["到结束还轮不到"] == 60


@AT_HOME
async def test_the_same_seed_gives_the_same_result(desk: Desk) -> None:
    await desk.draft(MORNING, MORNING + timedelta(hours=8))
    await desk.people(40, "telegram")
    first, again = await desk.rehearse(people=20, seed=3), await desk.rehearse(people=20, seed=3)
    assert list(rehearsal.lines(first)) == list(rehearsal.lines(again))


@AT_HOME
async def test_nobody_is_rehearsed_for_once_it_has_begun(desk: Desk) -> None:
    await desk.draft(MORNING)
    await desk.people(1, "telegram")
    await desk.database.run(_set, CampaignState.RUNNING)
    with pytest.raises(CampaignRefused, match=states.WORDS[CampaignState.RUNNING]):
        await desk.rehearse()


def _set(session: Session, state: CampaignState) -> None:
    campaign = campaign_drafts.find(session, 1)
    assert campaign is not None
    campaign.state = state.value
