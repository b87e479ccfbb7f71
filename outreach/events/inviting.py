"""Invitations: a campaign that is drafted from its event, and what is said of the event later.

A campaign freezes them, is agreed to, feeds them and accounts for them like for any message to
many. Who comes is reminded, and who was asked is told when the event is off.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from matching.audience.parsing import Audience
from outreach import segments
from outreach.calendars import CHINA, after_quiet
from outreach.campaigns import drafting, freezing, states, texts
from outreach.campaigns.freezing import Preview
from outreach.campaigns.states import Act
from outreach.events import account
from outreach.events.account import Fate
from outreach.events.telling import clock, invitation, when, where
from outreach.reach import Lines
from outreach.reminders import CALLED_OFF, EVE, before
from outreach.segments import Office
from outreach.texts import say
from records import audit, campaign_drafts, events, reminders
from records.campaigns import Campaign, CampaignState, CampaignText, CampaignWave
from records.database import Session
from records.events import Answer, Event, Guest
from records.reminders import Kind, Reminder
from records.vault import Vault
from records.wishes import Topic

EVERYBODY = "所有人"
_OVER = frozenset({CampaignState.STOPPED, CampaignState.FINISHED})
_TOLD_OFF = timedelta(days=3)
_SWITCHES: Mapping[Act, Callable[[Session, int, str, datetime], None]] = {
    Act.PAUSE: states.pause,
    Act.RESUME: states.resume,
    Act.STOP: states.stop,
}


class EventRefused(Exception):
    """It cannot be done with this event; one sentence for operators."""


def outlook(
    session: Session, office: Office, event: Event, lines: Lines, now: datetime, words: str = ""
) -> tuple[Audience, Preview]:
    """Whom the event is for, or would be with these words, and what a freeze would come to now.

    AudienceFault where the words cannot be read; CampaignRefused where its text may not be sent.
    """
    draft = _draft(event, "", now)
    kept = open_campaign(session, event.number)
    draft.audience = words or (kept.audience if kept else draft.audience)
    texts.check(invitation(event))
    at_home = Office(office.places, draft.town or draft.area)
    audience = segments.read(session, at_home, draft.audience, now)
    terms = freezing.terms(session, office, draft, lines, now)
    return audience, freezing.foreseen(session, terms, lines, now)


def choose(
    session: Session, office: Office, number: int, words: str, *, by: str, now: datetime
) -> Audience:
    """Whom it is for, from now on: who agreed, or was asked to, has to be asked anew."""
    event = _not_invited(session, number, now)
    campaign = _campaign(session, event, by, now)
    return drafting.aim(session, office, campaign, words or EVERYBODY, by, now)


def ask(session: Session, number: int, *, by: str, now: datetime) -> None:
    """The invitations are to go out: their list is frozen, and agreed to as `asking` has it."""
    event = _not_invited(session, number, now)
    campaign = _campaign(session, event, by, now)
    if not campaign_drafts.texts(session, campaign):
        text = invitation(event)
        texts.check(text)
        whole = CampaignText(campaign_id=campaign, variant="A", channel="", text=text)
        campaign_drafts.put_text(session, whole)
    wave = CampaignWave(
        campaign_id=campaign, number=1, said=say("event.at_once"), at=after_quiet(now), share=100
    )
    campaign_drafts.put_waves(session, campaign, [wave])
    states.submit(session, campaign, by, now)
    _note(session, "event.asked", number, by, now)


def switch(session: Session, number: int, act: Act, *, by: str, now: datetime) -> None:
    """Invitations that are going out are paused, go on, or are stopped for good."""
    campaign = campaign_drafts.of_event(session, number)
    if campaign is None or campaign.id is None:
        raise EventRefused(f"event {number}: no invitations are going out")
    _SWITCHES[act](session, campaign.id, by, now)


def cancel(session: Session, vault: Vault, number: int, *, by: str, now: datetime) -> int:
    """It does not take place: who has the invitation and did not say no is told; how many."""
    event = still_open(session, number, now)
    told = expecting(session, number)
    events.change(session, number, is_off=True)
    reminders.cancel(session, f"event/{number}", now)
    campaign = open_campaign(session, number)
    if campaign is not None:
        states.halt(session, campaign, by, now, why=say("event.is_off"))
    text = say("event.off", title=event.told.title, day=when(event))
    for one in told:
        name = f"event/{number}/{one.person_id}{CALLED_OFF}"
        plan(session, vault, name, one.person_id, text, (now, now + _TOLD_OFF))
    _note(session, "event.off", number, by, now)
    return len(told)


def expecting(session: Session, number: int) -> list[Guest]:
    """Who may think that it takes place: said yes, or has the invitation and said nothing."""
    campaign = campaign_drafts.of_event(session, number)
    fates = account.fates(session, campaign) if campaign else {}
    return [
        one
        for one in events.guests(session, number)
        if account.expects(one.answer, fates.get(one.person_id, Fate.GOT))
    ]


def answered(
    session: Session, vault: Vault, number: int, person: str, said: Answer, now: datetime
) -> None:
    """Somebody says whether they come: who comes is reminded the day before."""
    events.answer(session, number, person, said)
    reminders.cancel(session, f"event/{number}/{person}", now)
    event = events.find(session, number)
    if event is not None and said is Answer.YES:
        remind(session, vault, event, person, now)


def remind(session: Session, vault: Vault, event: Event, person: str, now: datetime) -> None:
    """Who comes is told the day before, with where and when."""
    number = event.number
    text = say("event.eve", title=event.told.title, time=clock(event), place=where(event))
    day = event.told.starts_at.astimezone(CHINA).date()
    for moment in before(day, EVE, now):
        span = (moment.due, moment.until)
        plan(session, vault, f"event/{number}/{person}/eve", person, text, span)


def still_open(session: Session, number: int, now: datetime) -> Event:
    """An event that is still to come; EventRefused where it is not."""
    event = events.find(session, number, locks=True)
    if event is None or event.is_off or event.told.starts_at <= now:
        raise EventRefused(f"event {number} is over, off, or there is none")
    return event


def _not_invited(session: Session, number: int, now: datetime) -> Event:
    event = still_open(session, number, now)
    if event.invited_at is not None:
        raise EventRefused(f"event {number}: the invitations are out already")
    return event


def _campaign(session: Session, event: Event, by: str, now: datetime) -> int:
    """The number of the campaign that invites to an event, which is drafted if there is none."""
    known = open_campaign(session, event.number)
    if known is not None:
        return known.id or 0
    return drafting.begin(session, _draft(event, by, now), by, now)


def open_campaign(session: Session, number: int) -> Campaign | None:
    """The campaign that invites to an event, while it is not over."""
    found = campaign_drafts.of_event(session, number)
    return None if found is None or CampaignState(found.state) in _OVER else found


def _draft(event: Event, by: str, now: datetime) -> Campaign:
    told = event.told
    return Campaign(
        kind=drafting.INVITATION,
        topic=Topic.EVENTS.value,
        event_id=event.number,
        title=told.title,
        area=told.county or told.area,
        town=told.area if told.county else "",
        audience=f"现在在{told.city}" if told.city else EVERYBODY,
        state=CampaignState.DRAFT.value,
        ends_at=told.starts_at,
        drafted_by=by,
        created_at=now,
    )


def plan(
    session: Session,
    vault: Vault,
    name: str,
    person: str,
    text: str,
    span: tuple[datetime, datetime],
) -> None:
    """Something of an event is said to somebody within a time."""
    whom = reminders.to_person(person)
    reminder = Reminder(name, whom, Kind.EVENT, span[0], span[1], text)
    reminders.plan(session, vault, reminder, span[0])


def _note(session: Session, act: str, number: int, by: str, now: datetime) -> None:
    audit.write(session, act, at=now, actor=f"staff:{by}"[:60], subject=f"event:{number}")
