"""Writing down who a campaign is for: page by page, so that nobody's answer waits for it.

A freeze that was killed goes on behind its last page; two that run at once write the same.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson

from outreach import caps, segments
from outreach.calendars import day_of
from outreach.campaigns import own_days
from outreach.reach import Lines
from outreach.segments import Office
from records import campaign_drafts, freezing, frozen, wishes
from records.campaigns import Campaign, CampaignState, CampaignText, CampaignWave
from records.database import Database, Session
from records.freezing import NIGHT_SHIFT, Terms
from records.frozen import Double, Manners

EVERY = ("telegram", "webchat", "wecom_kf")  # channels that carry what nobody waits for
_SAMPLE = 200
_FIRST_PAGE, _LEAST, _MOST = 2_000, 250, 10_000  # people looked at in one transaction
_PAGE_SECONDS = 0.15  # so long somebody's word may wait for a page


@dataclass(frozen=True, slots=True)
class Preview:
    """Whom a campaign would be written to, and who is left out for which reason.

    `held` are those planned who would get it later than their wave, and why; `ways` parts those
    planned by variant and channel.
    """

    selected: int
    planned: int
    held_out: int
    left_out: Mapping[str, int]
    held: Mapping[str, int]
    ways: Mapping[tuple[str, str], int]
    sample: Sequence[tuple[str, str, str]]  # some who are planned: id, variant, channel


async def freeze(
    database: Database, office: Office, number: int, lines: Lines, now: datetime
) -> bool:
    """Freeze a campaign that was submitted; False where it waits for no freeze (any more).

    AudienceFault where its audience cannot be read.
    """
    terms = await database.read(terms_of, office, number, lines, now)
    if terms is None:
        return False
    await write_down(database, terms, _page)
    for by in Double:
        await _leave_out(database, number, by)
    listed = await _listed(database, number)
    return await database.run(_finish, number, listed, now)


def terms_of(
    session: Session, office: Office, number: int, lines: Lines, now: datetime
) -> Terms | None:
    """By what a campaign is frozen; None where it is not being frozen."""
    campaign = campaign_drafts.find(session, number)
    if campaign is None or campaign.state != CampaignState.FREEZING.value:
        return None
    return terms(session, office, campaign, lines, now)


def preview(
    session: Session, office: Office, number: int, lines: Lines, now: datetime
) -> Preview | None:
    """What a freeze would come to now; None where there is no such campaign.

    What only the whole list shows, that two records are one person's, is not in it.
    """
    campaign = campaign_drafts.find(session, number)
    if campaign is None:
        return None
    return foreseen(session, terms(session, office, campaign, lines, now), lines, now)


def foreseen(session: Session, by: Terms, lines: Lines, now: datetime) -> Preview:
    """What a freeze by these terms would come to now."""
    found = frozen.outlook(session, by, manners(lines, now, by.waves))
    planned = [one for one in found if not one.reason and not one.is_held_out]
    ways: Counter[tuple[str, str]] = Counter()
    for one in planned:
        ways[one.variant, one.channel] += one.number
    return Preview(
        selected=sum(one.number for one in found),
        planned=sum(one.number for one in planned),
        held_out=sum(one.number for one in found if one.is_held_out),
        left_out=_summed((one.reason, one.number) for one in found),
        held=_summed((one.later, one.number) for one in planned),
        ways=ways,
        sample=frozen.sample(session, by, _SAMPLE),
    )


def digest_of(session: Session, number: int) -> str:
    """What a second person approves: texts, schedule, audience and the frozen list, as a code."""
    campaign = campaign_drafts.find(session, number)
    if campaign is None:
        return ""
    texts = campaign_drafts.texts(session, number)
    return digest(campaign, texts, campaign_drafts.waves(session, number))


def digest(
    campaign: Campaign, texts: Sequence[CampaignText], waves: Sequence[CampaignWave]
) -> str:
    """The same; `campaign.frozen` stands for the list, which erasures may thin out later."""
    said = {
        "campaign": [
            *(campaign.kind, campaign.topic, campaign.title, campaign.area, campaign.town),
            campaign.event_id,
            *(campaign.audience, campaign.holdout, campaign.second, campaign.takes_late),
            *(campaign.ends_at, campaign.frozen),
        ],
        "texts": [[one.variant, one.channel, one.text, one.link] for one in texts],
        "waves": [
            [one.number, one.at, one.share, one.is_evening, one.day, one.months, one.days]
            for one in waves
        ],
    }
    return hashlib.sha256(orjson.dumps(said, option=orjson.OPT_UTC_Z)).hexdigest()


def terms(
    session: Session, office: Office, campaign: Campaign, lines: Lines, now: datetime
) -> Terms:
    at_home = Office(office.places, campaign.town or campaign.area)
    audience = segments.read(session, at_home, campaign.audience, now)
    waves = tuple(campaign_drafts.waves(session, campaign.id or 0))
    return Terms(
        campaign=campaign.id or 0,
        meant=segments.meant(at_home, audience),
        served=tuple(sorted(lines.served or EVERY)),
        waves=waves,
        holdout=campaign.holdout,
        second=campaign.second,
        now=now,
        refuses=wishes.refusing(campaign.topic, now) if campaign.topic else None,
        turns=own_days.turns(waves, now, campaign.ends_at or now),
    )


def manners(lines: Lines, now: datetime, waves: Sequence[CampaignWave] = ()) -> Manners:
    """What makes people wait, as the caps and channels have it, now or when each wave begins."""
    windows = {channel: allowance.lasts for channel, allowance in lines.allowances.items()}
    hours = {one.number: _too_early(max(now, one.at), is_evening=one.is_evening) for one in waves}
    return Manners(caps.MOST, hours or {0: _too_early(now)}, windows, day_of(now))


def _too_early(at: datetime, *, is_evening: bool = False) -> tuple[str, ...]:
    """Who waits longer than those who named no hours, by what they answered."""
    shift = {"night_shift": NIGHT_SHIFT} if is_evening else {}
    moments = {said: at - shift.get(said, timedelta()) for said in caps.HOURS}
    return tuple(
        said
        for said, moment in moments.items()
        if caps.opens(moment, frozenset({said})) > caps.opens(moment)
    )


def _summed(found: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Together for each name but "", the most ahead."""
    counted: Counter[str] = Counter()
    for name, number in found:
        counted[name] += number if name else 0
    return {name: number for name, number in counted.most_common() if number}


async def write_down(
    database: Database, terms: Terms, page: Callable[[Session, Terms, int], bool]
) -> None:
    """Page by page; each as large as is soon done here and now, for others want to write, too.

    `page` writes so many people more; False when there are none left.
    """
    clock, many, is_more = asyncio.get_running_loop().time, _FIRST_PAGE, True
    while is_more:
        began = clock()
        is_more = await database.run(page, terms, many)
        many = page_after(many, clock() - began)


def page_after(many: int, seconds: float) -> int:
    """How many people come into the page after one of so many that took so long."""
    fitting = int(many * _PAGE_SECONDS / max(seconds, 0.001))
    return max(_LEAST, min(_MOST, 2 * many, fitting))


def _page(session: Session, terms: Terms, many: int) -> bool:
    """One more page, unless the campaign was taken back meanwhile."""
    campaign = campaign_drafts.find(session, terms.campaign, locks=True)
    is_freezing = campaign is not None and campaign.state == CampaignState.FREEZING.value
    return is_freezing and freezing.page(session, terms, many)


async def _leave_out(database: Database, number: int, by: Double) -> None:
    """Leave out who has a turn twice, some thousands at a time."""
    is_more = True
    while is_more:
        ids = await database.read(frozen.doubles, number, by)
        for start in range(0, len(ids), frozen.MANY):
            some = ids[start : start + frozen.MANY]
            await database.run(frozen.leave_out, number, some)
        is_more = len(ids) >= frozen.MANY


async def _listed(database: Database, number: int) -> str:
    """A code of the whole list, which is read a few thousand at a time."""
    code, after = hashlib.sha256(), ""
    while page := await database.read(frozen.page, number, after):
        code.update("".join(f"{line}\n" for _, line in page).encode())
        after = page[-1][0]
    return code.hexdigest()


def _finish(session: Session, number: int, listed: str, now: datetime) -> bool:
    """It waits for a second person now."""
    campaign = campaign_drafts.find(session, number, locks=True)
    if campaign is None or campaign.state != CampaignState.FREEZING.value:
        return False
    campaign.frozen, campaign.frozen_at = listed, now
    campaign.state = CampaignState.SUBMITTED.value
    campaign.digest = digest_of(session, number)
    session.flush()
    return True
