"""Messages that come together, of which one rests on what another does."""

from __future__ import annotations

import asyncio
from pathlib import Path

from records import campaign_drafts
from records.campaigns import CampaignState
from records.messages import Inbound, InboundKind
from tests.support.campaign_stage import NOW, SECOND, approved
from tests.support.journey import Journey


def _of_staff(number: int, text: str) -> Inbound:
    return Inbound("fake", SECOND, f"m{number}", InboundKind.TEXT, text, NOW, sequence=number)


async def _heard(journey: Journey, *texts: str) -> list[str]:
    await approved(journey.app.database, journey.app.vault)
    await journey.app.door.receive([_of_staff(*one) for one in enumerate(texts, 1)])
    async with asyncio.timeout(20):
        await journey.quiet()
    return [one.text for one in journey.channel.sent if one.chat == SECOND]


async def test_each_is_answered_by_what_it_names(tmp_path: Path) -> None:
    async with Journey(tmp_path, now=NOW) as journey:
        heard = await _heard(journey, "推送情况 1", "继续推送 1", "看推送 7")
    assert "要发60人" in heard[-3]
    assert "不能继续" in heard[-2]
    assert "7" in heard[-1]


async def test_a_word_that_rests_on_the_one_before_it_is_answered(tmp_path: Path) -> None:
    async with Journey(tmp_path, now=NOW) as journey:
        heard = await _heard(journey, "暂停推送 1", "继续推送 1", "停止推送 1", "继续推送 1")
        campaign = await journey.app.database.read(campaign_drafts.find, 1)
    assert campaign is not None
    assert campaign.state == CampaignState.STOPPED
    assert "停了就不能再发" in heard[-1]
