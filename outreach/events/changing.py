"""An event is told of anew: who reckons with it hears of another time or place."""

from __future__ import annotations

from datetime import datetime

from outreach.campaigns import drafting, texts
from outreach.campaigns.drafting import Against, Wording
from outreach.campaigns.refusing import CampaignRefused
from outreach.events import inviting
from outreach.events.telling import clock, invitation, when, where
from outreach.posting.checking import Named
from outreach.reminders import CHANGED
from outreach.texts import say
from records import audit, campaign_drafts, events, reminders
from records.campaigns import CampaignState
from records.database import Session
from records.events import Answer, Event, NewEvent
from records.vault import Vault

_GOING_OUT = frozenset({CampaignState.RUNNING, CampaignState.PAUSED})


def change(
    session: Session, vault: Vault, number: int, told: NewEvent, *, by: str, now: datetime
) -> int:
    """Keep kind, title, time and place of an event that is still to come; how many are told.

    Invitations that were not sent yet get the new words, and have to be agreed to anew. While
    they are going out nothing is changed: some would be asked to the old place.
    """
    was = inviting.still_open(session, number, now)
    events.change(
        session,
        number,
        kind=told.kind.value,
        title=told.title,
        starts_at=told.starts_at,
        place=told.place,
    )
    event = inviting.still_open(session, number, now)
    _reword(session, event, by, now)
    guests = inviting.expecting(session, number)
    reminders.cancel(session, f"event/{number}", now)
    for one in guests:
        if one.answer is Answer.YES:
            inviting.remind(session, vault, event, one.person_id, now)
    audit.write(
        session, "event.changed", at=now, actor=audit.actor_of(by), subject=f"event:{number}"
    )
    if (was.told.starts_at, was.told.place) == (told.starts_at, told.place):
        return 0
    return _tell(session, vault, event, [one.person_id for one in guests], now)


def _reword(session: Session, event: Event, by: str, now: datetime) -> None:
    campaign = inviting.open_campaign(session, event.number)
    if campaign is None:
        return
    if CampaignState(campaign.state) in _GOING_OUT:
        raise CampaignRefused("邀请正在发，有人会收到旧的：等发完再改，或者先在推送那一页停下来。")
    text = invitation(event)
    texts.check(text)
    campaign.title, campaign.ends_at = event.told.title, event.told.starts_at
    if campaign_drafts.texts(session, campaign.id or 0):
        drafting.write(session, campaign.id or 0, Wording(text), Against((), Named()), by, now)


def _tell(session: Session, vault: Vault, event: Event, people: list[str], now: datetime) -> int:
    text = say(
        "event.changed",
        title=event.told.title,
        day=when(event),
        time=clock(event),
        place=where(event),
    )
    span = (now, event.told.starts_at)
    for person in people:
        name = f"event/{event.number}/{person}{CHANGED}"
        inviting.plan(session, vault, name, person, text, span)
    return len(people)
