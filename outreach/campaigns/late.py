"""Late-comers: who fits the audience that was agreed to only since the freeze.

They are bound by the same approval: its words, its texts, its end, its lots. Who is on the list,
in whatever way, stays as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from outreach.calendars import after_quiet
from outreach.campaigns import freezing, own_days
from outreach.campaigns.refusing import CampaignRefused
from outreach.campaigns.schedule import LATE
from outreach.reach import Lines
from outreach.segments import Office
from records import campaign_drafts as drafts
from records import freezing as pages
from records import late_comers
from records.campaigns import Campaign, CampaignState, CampaignWave
from records.database import Database, Session
from records.freezing import Terms

_SOON = timedelta(minutes=10)  # so long nobody is fed who may turn out to be known
_OPEN = (CampaignState.APPROVED, CampaignState.RUNNING)


async def take_in(
    database: Database, office: Office, number: int, lines: Lines, now: datetime
) -> int:
    """How many came to the list of a campaign; CampaignRefused where it takes nobody more."""
    before = await database.read(late_comers.planned, number, LATE)
    terms = await database.run(_begun, office, number, lines, now)
    await freezing.write_down(database, terms, _page)
    await database.run(late_comers.leave_out_known, number, LATE)
    added = await database.read(late_comers.planned, number, LATE) - before
    await database.run(_noted, number, added, now)
    return added


async def take_in_all(database: Database, office: Office, lines: Lines, now: datetime) -> int:
    """The same for every campaign that wants it."""
    added = 0
    for number in await database.read(_wanting, now):
        added += await take_in(database, office, number, lines, now)
    return added


def _wanting(session: Session, now: datetime) -> list[int]:
    return [
        number
        for number in drafts.in_state(session, *_OPEN)
        if not _why_not(drafts.find(session, number), now)
    ]


def _why_not(campaign: Campaign | None, now: datetime) -> str:
    """Why a campaign takes nobody more, "" where it does."""
    if campaign is None:
        return "没有这个群发任务：先看一下列表里的编号。"
    if not campaign.takes_late:
        return "这个群发任务不补后来的人：起草时要加 --late yes，再提交。"
    if campaign.state not in _OPEN:
        return "只有同意了、还在发的群发任务才补人。"
    if campaign.ends_at is not None and campaign.ends_at <= now:
        return "这个群发任务的结束时间过了，不再补人。"
    return ""


def _begun(session: Session, office: Office, number: int, lines: Lines, now: datetime) -> Terms:
    """From the first person on again, with waves of their own."""
    campaign = drafts.find(session, number, locks=True)
    if fault := _why_not(campaign, now):
        raise CampaignRefused(fault)
    assert campaign is not None
    if freezing.digest_of(session, number) != campaign.digest:
        raise CampaignRefused(f"群发任务{number}和同意的不一样了，不再补人。")
    campaign.frozen_up_to = ""
    session.flush()
    waves = _waves(drafts.waves(session, number), now)
    turns = own_days.turns(waves, now + _SOON, campaign.ends_at or now)
    terms = freezing.terms(session, office, campaign, lines, now)
    return replace(terms, waves=waves, turns=turns)


def _waves(agreed: Sequence[CampaignWave], now: datetime) -> tuple[CampaignWave, ...]:
    """Those by a day of people's own as they were agreed to; the others soon, by day.

    In the same order with the same shares: everybody's lot means the same wave as before.
    """
    calendar = [wave.at for wave in agreed if not wave.day]
    soon = after_quiet(max([now + _SOON, *sorted(calendar)[:1]]))
    return tuple(
        CampaignWave(**(wave.model_dump() | {"number": LATE + wave.number}))
        if wave.day
        else CampaignWave(
            campaign_id=wave.campaign_id, number=LATE, said="", at=soon, share=wave.share
        )
        for wave in agreed
    )


def _page(session: Session, terms: Terms, many: int) -> bool:
    """One more page, unless the campaign was halted meanwhile."""
    campaign = drafts.find(session, terms.campaign, locks=True)
    return campaign is not None and campaign.state in _OPEN and pages.page(session, terms, many)


def _noted(session: Session, number: int, added: int, now: datetime) -> None:
    if added:
        drafts.step(session, number, "late", by="system", at=now, note=f"补了{added}人")
