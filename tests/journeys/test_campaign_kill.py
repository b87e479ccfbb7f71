"""kill -9 during a campaign: it adds up after every start, and nobody gets it twice."""

from __future__ import annotations

import asyncio
import os
import random
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from records import campaign_drafts, feeding, ledger
from records.campaigns import Campaign, CampaignState, CampaignText, CampaignWave
from records.consents import PUSH, Consent
from records.conversations import Conversation
from records.database import Database, Session
from records.ledger import Stand
from records.people import Person
from records.vault import Vault
from tests.support.bot_api import TOKEN, BotApi
from tests.support.program import Program

KILLS = int(os.environ.get("GUIYAN_TEST_KILLS", "3"))
PEOPLE = 40 + KILLS * 40
SECRET = "a key for tests only"
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
IN_DOUBT = 8  # of one sender at a kill: under way, or in its hands a tenth of a second ahead


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as api:
        api.behaviour.latency = (0.01, 0.03)
        api.behaviour.knows_everybody = True
        yield api


async def test_a_campaign_adds_up_through_kills(
    api: BotApi, database_url: str, tmp_path: Path
) -> None:
    database = Database(database_url)
    await database.run(_fill)
    moves = random.Random(7)
    async with Program(tmp_path, _settings(api, database_url)) as program:
        await _kill_while_freezing(program)
        await program.start("--only", "sender")
        await _until(database, CampaignState.SUBMITTED)
        await program.kill()
        for _ in range(KILLS):
            await program.start("--only", "sender")
            await database.run(_interfere, "resume")
            await asyncio.sleep(moves.uniform(0.5, 2.0))
            await database.run(_interfere, moves.choice(["pause", "leave", "leave"]))
            await asyncio.sleep(moves.uniform(0.0, 0.5))
            await program.kill()
            await _check_sum(database)
        await database.run(_interfere, "resume")
        await program.start("--only", "sender")
        await _until(database, CampaignState.FINISHED)
        await program.stop()
    await _check_ends(api, database)
    await database.close()


def _settings(api: BotApi, url: str) -> dict[str, str]:
    return {
        "GUIYAN_DATABASE_URL": url,
        "GUIYAN_SECRET_KEY": SECRET,
        "GUIYAN_AREAS": "定陶",
        "GUIYAN_NOW": NOW.isoformat(),
        "GUIYAN_TELEGRAM_TOKEN": TOKEN,
        "GUIYAN_TELEGRAM_BASE_URL": api.url,
    }


def _fill(session: Session) -> None:
    common: dict[str, Any] = {"created_at": NOW, "updated_at": NOW}
    sealed = Vault(SECRET).seal({})
    for number in range(PEOPLE):
        one, chat = f"p{number:04}", str(1000 + number)
        known: dict[str, Any] = {
            "account": f"telegram:{chat}",
            "status": "confirmed",
            "source": "chat",
        }
        session.add(Person(id=one, area="371703", sealed=sealed, **known, **common))
        session.add(Consent(person_id=one, kind=PUSH, given=True, given_at=NOW))
        key: dict[str, Any] = {"key": f"telegram:{chat}", "channel": "telegram", "chat": chat}
        session.add(Conversation(**key, state=sealed, **common))
    freezing = CampaignState.FREEZING.value
    told: dict[str, Any] = {
        "title": "摆摊",
        "area": "371703",
        "audience": "所有人",
        "drafted_by": "a",
    }
    session.add(Campaign(id=1, state=freezing, created_at=NOW, **told))
    session.add(CampaignText(campaign_id=1, variant="A", channel="", text="有摊位", link=""))
    session.add(CampaignWave(campaign_id=1, number=1, said="", at=NOW - timedelta(minutes=1)))


def _interfere(session: Session, what: str) -> None:
    """What staff do to it meanwhile: agree, pause, resume."""
    campaign = campaign_drafts.find(session, 1, locks=True)
    assert campaign is not None
    if campaign.state == CampaignState.SUBMITTED:
        campaign.state = CampaignState.APPROVED.value
    elif what == "pause" and campaign.state == CampaignState.RUNNING:
        campaign.state = CampaignState.PAUSED.value
        session.flush()
        feeding.pause(session, 1)
    elif what == "resume" and campaign.state == CampaignState.PAUSED:
        campaign.state = CampaignState.RUNNING.value
        session.flush()
        feeding.resume(session, 1)


def _stands(session: Session) -> Counter[Stand]:
    found: Counter[Stand] = Counter()
    for count in ledger.counts(session, 1):
        found[count.stand] += count.number
    return found


async def _check_sum(database: Database) -> None:
    campaign = await database.read(campaign_drafts.find, 1)
    assert campaign is not None
    if campaign.state != CampaignState.FREEZING:
        assert (await database.read(_stands)).total() == PEOPLE


async def _kill_while_freezing(program: Program) -> None:
    await program.start("--only", "sender")
    await asyncio.sleep(random.uniform(0.1, 2.0))
    await program.kill()


async def _until(database: Database, state: CampaignState) -> None:
    for _ in range(600):
        campaign = await database.read(campaign_drafts.find, 1)
        assert campaign is not None
        if campaign.state == state:
            return
        await asyncio.sleep(0.2)
    pytest.fail(f"not {state}: {await database.read(_stands)}")


async def _check_ends(api: BotApi, database: Database) -> None:
    got = Counter(sent.chat for sent in api.sent)
    assert max(got.values()) == 1, "nobody gets it twice"
    stands = await database.read(_stands)
    assert set(stands) <= {Stand.SENT, Stand.UNCERTAIN}
    assert stands.total() == PEOPLE, "everybody is accounted for"
    assert stands[Stand.SENT] <= len(got) <= stands.total(), "who may have it unsaid is uncertain"
    assert stands[Stand.UNCERTAIN] <= KILLS * IN_DOUBT
