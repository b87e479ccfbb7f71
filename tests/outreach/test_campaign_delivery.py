"""From the freeze to the last message: fed, worded when they leave, paused, stopped, finished."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from channels.sender import Sender
from knowledge.areas import Gazetteer
from outreach.campaigns import drafting, feeding, freezing, proof, telling
from outreach.campaigns.feeding import Feeder
from outreach.campaigns.schedule import spoken
from outreach.campaigns.wording import Wording
from outreach.reach import Lines
from outreach.segments import Office
from outreach.texts import say
from records import campaign_drafts, ledger, outbox
from records import feeding as fed
from records.campaigns import Campaign, CampaignState, CampaignText, CampaignWave
from records.consents import PUSH, Consent
from records.conversations import Conversation
from records.database import Database, Session
from records.ledger import Stand
from records.outbox import OutboxRow
from records.people import Person
from records.vault import Vault
from records.wishes import Topic, WishRow
from scheduler.jobs import prune_outbox
from tests.support.fake_channel import FakeChannel

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
PEOPLE = 30
LINES = Lines(frozenset({"fake"}))
OFFICE = Office(Gazetteer(), "371703")
_OUTBOX = OutboxRow.__table__  # type: ignore[attr-defined]


class Clock:
    def __init__(self) -> None:
        self.time = NOW

    def __call__(self) -> datetime:
        return self.time


def _world(session: Session, vault: Vault, text: str = "{称呼|老乡}，摆摊报名开始了。") -> None:
    session.add(_campaign())
    session.add(CampaignText(campaign_id=1, variant="A", channel="", text=text, link=""))
    session.add(CampaignWave(campaign_id=1, number=1, said="明天 9:30", at=NOW))
    for number in range(PEOPLE):
        _person(session, vault, f"p{number:03}", "" if number % 2 else f"名{number}")


def _campaign() -> Campaign:
    return Campaign(
        id=1,
        title="摆摊",
        area="371703",
        audience="所有人",
        drafted_by="a",
        created_at=NOW,
        state=CampaignState.FREEZING,
    )


def _person(session: Session, vault: Vault, one: str, name: str) -> None:
    common: dict[str, Any] = {"created_at": NOW, "updated_at": NOW}
    sealed = vault.seal({"nickname": name} if name else {})
    known: dict[str, Any] = {
        "account": f"fake:{one}",
        "status": "confirmed",
        "source": "chat",
        "sealed": sealed,
    }
    session.add(Person(id=one, area="371703", **known, **common))
    session.add(Consent(person_id=one, kind=PUSH, given=True, given_at=NOW))
    key: dict[str, Any] = {"key": f"fake:{one}", "channel": "fake", "chat": one}
    session.add(Conversation(**key, state=b"", **common))


class House:
    """A feeder and a sender over one database."""

    def __init__(self, database: Database, vault: Vault, clock: Clock) -> None:
        self.database, self.channel, self.clock = database, FakeChannel(), clock
        word = Wording(vault).worded
        channels = {"fake": self.channel}
        self.sender = Sender(database, vault, channels, owner="a", now=clock, word=word)
        self.feeder = Feeder(
            database, vault, LINES, {"fake": 5}, places=_places, now=clock, wake=self.sender.wake
        )

    async def stands(self) -> Counter[Stand]:
        found: Counter[Stand] = Counter()
        for count in await self.database.read(ledger.counts, 1):
            found[count.stand] += count.number
        return found

    async def to(self, state: CampaignState) -> None:
        await self.database.run(_to, state)


async def _places() -> Gazetteer:
    return Gazetteer()


def _to(session: Session, state: CampaignState) -> None:
    campaign = campaign_drafts.find(session, 1)
    assert campaign is not None
    campaign.state = state.value


@pytest.fixture
async def house(database: Database, vault: Vault) -> House:
    house = House(database, vault, Clock())
    await database.run(_world, vault)
    assert await freezing.freeze(database, OFFICE, 1, LINES, NOW)
    await house.to(CampaignState.APPROVED)
    return house


async def test_everybody_gets_it_in_their_own_words(house: House) -> None:
    for _ in range(3):
        await house.feeder.round()
        await house.sender.settled()
    foot = f"\n{say('campaign.foot')}"
    assert len(house.channel.sent) == PEOPLE
    assert f"名0，摆摊报名开始了。{foot}" in house.channel.texts
    assert f"老乡，摆摊报名开始了。{foot}" in house.channel.texts
    assert await house.stands() == {Stand.SENT: PEOPLE}


async def test_what_was_said_can_be_read_again(house: House, vault: Vault) -> None:
    await house.feeder.round()
    await house.sender.settled()
    one = house.channel.sent[0]
    rows = await house.database.read(outbox.latest, one.conversation, 5)
    assert [outbox.as_outgoing(row, vault).text for row in rows] == [one.text]


async def test_a_portion_waits_and_not_the_whole(house: House) -> None:
    assert await house.feeder.round() == feeding.ahead(5) < PEOPLE


async def test_what_is_paused_leaves_only_when_resumed(house: House) -> None:
    await house.feeder.round()
    await house.to(CampaignState.PAUSED)  # what waits is stopped at the gate
    await house.sender.settled()
    assert house.channel.sent == []
    assert await house.stands() == {Stand.HELD: PEOPLE}
    await house.to(CampaignState.RUNNING)
    await house.database.run(fed.resume, 1)
    await house.sender.settled()
    assert len(house.channel.sent) == feeding.ahead(5)


async def test_what_is_stopped_never_leaves(house: House) -> None:
    await house.feeder.round()
    await house.to(CampaignState.STOPPED)
    await house.sender.settled()
    assert house.channel.sent == []
    assert await house.stands() == {Stand.STOPPED: PEOPLE}


async def test_a_changed_text_is_not_sent(house: House) -> None:
    text = CampaignText(campaign_id=1, variant="A", channel="", text="别的话", link="")
    await house.database.run(campaign_drafts.put_text, text)
    assert await house.feeder.round() == 0
    campaign = await house.database.read(campaign_drafts.find, 1)
    assert campaign is not None
    assert campaign.state == CampaignState.DRAFT


async def test_it_is_finished_when_everybody_has_it(house: House) -> None:
    for _ in range(12):
        await house.feeder.round()
        await house.sender.settled()
    campaign = await house.database.read(campaign_drafts.find, 1)
    assert campaign is not None
    assert campaign.state == CampaignState.FINISHED
    assert await house.stands() == {Stand.SENT: PEOPLE}


async def test_a_second_campaign_of_the_day_is_held(house: House, vault: Vault) -> None:
    await house.feeder.round()
    await house.sender.settled()
    first = len(house.channel.sent)
    await house.database.run(_again)
    assert await freezing.freeze(house.database, OFFICE, 2, LINES, NOW)
    await house.database.run(_approve, 2)
    for _ in range(3):
        await house.feeder.round()
        await house.sender.settled()
    assert first < len(house.channel.sent) == PEOPLE


def _again(session: Session) -> None:
    second = _campaign()
    second.id = 2
    session.add(second)
    session.add(CampaignText(campaign_id=2, variant="A", channel="", text="再说一次", link=""))
    session.add(CampaignWave(campaign_id=2, number=1, said="", at=NOW + timedelta(seconds=0)))


def _approve(session: Session, number: int) -> None:
    campaign = campaign_drafts.find(session, number)
    assert campaign is not None
    campaign.state = CampaignState.APPROVED.value


def test_shares_go_by_weight() -> None:
    running = [fed.Running(1, 1), fed.Running(2, 3)]
    assert feeding.shares(10, running) == [2, 8]
    assert feeding.shares(1, running) == [0, 1]


@pytest.mark.parametrize("name", ["proof.csv", "proof.xlsx"])
async def test_the_proof_has_a_line_for_everybody(house: House, tmp_path: Path, name: str) -> None:
    await house.feeder.round()
    await house.sender.settled()
    path = tmp_path / name
    assert await house.database.read(proof.write, 1, path) == PEOPLE


async def test_the_proof_names_nobody(house: House, tmp_path: Path) -> None:
    await house.database.read(proof.write, 1, tmp_path / "proof.csv")
    text = (tmp_path / "proof.csv").read_text("utf-8-sig")
    assert "p001" not in text
    assert "名0" not in text
    assert f"等着发,{PEOPLE}" in text


@pytest.mark.parametrize(
    ("why", "words"),
    [
        ("capped", "近来收得够多了"),
        ("hours", "要等对方说的时间"),
        ("quiet", "夜里、除夕和初一不打扰"),
        ("wished", "对方说了过些日子再发"),
    ],
)
async def test_each_reason_to_wait_is_told_apart(
    house: House, tmp_path: Path, why: str, words: str
) -> None:
    later = NOW + timedelta(days=2)
    await house.database.run(_put_aside, why, later)
    told = await house.database.read(_standing)
    assert f"还没发：{words}1人，最晚到{spoken(later)}。" in told
    await house.database.read(proof.write, 1, tmp_path / "proof.csv")
    lines = (tmp_path / "proof.csv").read_text("utf-8-sig").splitlines()
    assert [one for one in lines if f",{words}," in one and one.endswith(f",{why}")]


def _put_aside(session: Session, why: str, until: datetime) -> None:
    fed.feed(session, 1, "fake", 1, NOW + timedelta(days=9))
    session.execute(update(_OUTBOX).values(failure=why, due=until))


def _standing(session: Session) -> list[str]:
    return telling.standing(session, drafting.found(session, 1))


async def test_the_ledger_keeps_what_the_outbox_forgets(house: House) -> None:
    await house.feeder.round()
    await house.sender.settled()
    before = await house.stands()
    later = NOW + timedelta(days=200)
    dropped = await house.database.run(prune_outbox.run, later)
    assert dropped["dropped"] == before[Stand.SENT] > 0
    assert await house.stands() == before


def _about_training(session: Session) -> None:
    campaign = _campaign()
    campaign.id, campaign.topic = 9, Topic.TRAINING.value
    session.add(campaign)
    session.add(CampaignWave(campaign_id=9, number=1, said="明天 9:30", at=NOW))
    session.add(WishRow(who="fake:p003", name=f"topic:{Topic.TRAINING.value}", said_at=NOW))


async def test_who_wants_nothing_of_a_topic_is_left_out(house: House) -> None:
    database = house.database
    await database.run(_about_training)
    assert await freezing.freeze(database, OFFICE, 9, LINES, NOW)
    lines = await database.read(lambda session: list(ledger.lines(session, 9)))
    out = [(one.person_id, one.reason) for one in lines if one.stand is Stand.LEFT_OUT]
    assert out == [("p003", "topic")]
