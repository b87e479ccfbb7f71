"""Stalls of a campaign: which one somebody stands for, and what was asked there in all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from outreach.calendars import CHINA
from outreach.texts import say
from records import audit, campaign_drafts, stalls
from records.campaigns import Campaign, CampaignState
from records.database import Session
from records.scope import is_within
from records.staff_accounts import Staff
from records.stalls import Counted, Noted
from records.vault import Vault

_LATELY = timedelta(days=90)  # so long people may stand for a campaign that was begun
_GOES_OUT = frozenset(
    {
        CampaignState.APPROVED,
        CampaignState.RUNNING,
        CampaignState.PAUSED,
        CampaignState.FINISHED,
    }
)
_TOPICS = 12  # in one line of a report


def open_ones(session: Session, staff: Staff, county: str, now: datetime) -> list[Campaign]:
    """The campaigns with stalls that somebody may stand for, the newest first.

    `county` is that of staff of a town or a village, else "".
    """
    here = county or staff.area
    return [
        one
        for one in campaign_drafts.listed(session, "", with_over=True)
        if one.kit
        and CampaignState(one.state) in _GOES_OUT
        and one.created_at > now - _LATELY
        and (is_within(one.area, here) or is_within(here, one.area))
        and (not one.town or one.town == staff.area or not county)
    ]


def count(
    session: Session, vault: Vault, campaign: int, counted: Counted, *, by: str, now: datetime
) -> None:
    """Somebody at a stall counted talks."""
    stalls.add(session, vault, campaign, counted, by=by, at=now)
    _note(session, "stall.counted", campaign, by, now)


def take_back(session: Session, number: int, campaign: int, *, by: str, now: datetime) -> bool:
    """They counted wrong; whether there was such a line of theirs."""
    was_there = stalls.drop(session, number, by=by)
    if was_there:
        _note(session, "stall.taken_back", campaign, by, now)
    return was_there


def of_day(noted: Iterable[Noted], now: datetime) -> list[Noted]:
    """What was counted on the day of `now` in China."""
    today = now.astimezone(CHINA).date()
    return [one for one in noted if one.at.astimezone(CHINA).date() == today]


def lines(session: Session, vault: Vault, campaign: Campaign) -> Iterator[str]:
    """What was asked at the stalls, for a report; nothing where nobody counted.

    By place and matter, never by who stood there: nobody is ranked.
    """
    noted = stalls.of_campaign(session, vault, campaign.id or 0)
    if not noted:
        return
    yield told(noted)
    if asked := matters(noted):
        yield say("stall.asked", matters=asked)
    for one in noted:
        if one.counted.open_question:
            yield say("stall.unanswered", question=one.counted.open_question)


def told(noted: Sequence[Noted]) -> str:
    """How many in all, and where."""
    found = [one.counted for one in noted]
    places: Counter[str] = Counter()
    for one in found:
        places[one.place or say("stall.no_place")] += one.talks
    where = "、".join(f"{place}{n}人" for place, n in places.most_common())
    return say(
        "stall.total",
        talks=sum(one.talks for one in found),
        registered=sum(one.registered for one in found),
        scanned=sum(one.scanned for one in found),
        where=where,
    )


def matters(noted: Iterable[Noted]) -> str:
    """What was asked about, the most first; "" where nobody said."""
    found: Counter[str] = Counter()
    for one in noted:
        found.update(one.counted.topics)
    return "、".join(f"{topic}{n}" for topic, n in found.most_common(_TOPICS))


def _note(session: Session, act: str, campaign: int, by: str, now: datetime) -> None:
    subject = f"campaign:{campaign}"
    audit.write(session, act, at=now, actor=f"staff:{by}"[:60], subject=subject)
