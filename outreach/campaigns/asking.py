"""What follows a freeze: a second person is asked, or a few invitations go out without one."""

from __future__ import annotations

from datetime import datetime

from outreach import alerts
from outreach.campaigns import drafting, rights, states
from outreach.texts import say
from records import campaign_drafts as drafts
from records import staff_accounts
from records.campaigns import Campaign, CampaignState
from records.database import Session
from records.vault import Vault


def ask_a_second(session: Session, vault: Vault, number: int, now: datetime) -> int:
    """Tell those who may agree that it waits for them, once for each list; to how many.

    An invitation to few needs nobody else (domain M-11): who asked for it has seen its words and
    its count. One to nobody is told to them, and is a draft again.
    """
    campaign = drafting.found(session, number, locks=True)
    if campaign.state != CampaignState.SUBMITTED.value:
        return 0
    count = drafts.planned(session, number)
    if campaign.event_id and count <= states.MANY:
        _settle(session, vault, campaign, count, now)
        return 0
    return _tell(session, vault, campaign, _text(campaign, count), now)


def _settle(session: Session, vault: Vault, campaign: Campaign, count: int, now: datetime) -> None:
    by = campaign.submitted_by
    if count:
        states.agreed(session, campaign, by, now, say("event.few", most=states.MANY))
        return
    key = f"campaign/nobody/{campaign.id}/{campaign.digest[:12]}"
    states.send_back(session, campaign, by, now, say("event.nobody_is_left"))
    text = say("event.nobody_told", number=campaign.event_id)
    alerts.write_to(session, vault, by, text, key=key, now=now)


def _text(campaign: Campaign, count: int) -> str:
    name, title = campaign.submitted_by, campaign.title
    if campaign.event_id:
        return say("event.agree", name=name, count=count, number=campaign.event_id, title=title)
    return say("campaign.for_second", name=name, number=campaign.id, title=title, count=count)


def _tell(session: Session, vault: Vault, campaign: Campaign, text: str, now: datetime) -> int:
    number, told = campaign.id or 0, 0
    authors = states.authors(session, number)
    for staff in staff_accounts.everybody(session):
        if rights.may_agree(staff, campaign.area) and staff.name not in authors:
            key = f"campaign/ask/{number}/{campaign.digest[:12]}/{staff.name}"
            alerts.write_to(session, vault, staff.name, text, key=key, now=now)
            told += bool(staff.accounts)
    return told
