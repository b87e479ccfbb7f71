"""Who of the staff may write, agree to and stop campaigns, and where (domain 1.7)."""

from __future__ import annotations

from outreach.campaigns.refusing import CampaignRefused
from records import rights, staff_accounts
from records.campaigns import Campaign
from records.database import Session
from records.rights import Right
from records.scope import is_local, is_within
from records.staff_accounts import Staff


def may_run(staff: Staff, area: str, town: str = "") -> bool:
    """Whether campaigns of this place are theirs to write, pause and stop: a town's own too."""
    if not rights.may(staff, Right.CAMPAIGNS):
        return False
    return town == staff.area if is_local(staff.area) else is_within(area, staff.area)


def may_agree(staff: Staff, area: str) -> bool:
    """Whether they answer for what is sent there: the county, or who is above it."""
    return rights.may(staff, Right.APPROVE) and is_within(area, staff.area)


def is_theirs(staff: Staff, campaign: Campaign) -> bool:
    """Whether this one is: invitations are of whoever runs events of the place."""
    area, town = campaign.area, campaign.town
    if not campaign.event_id:
        return may_run(staff, area, town)
    place = town if town and is_local(staff.area) else area
    return rights.may(staff, Right.EVENTS) and is_within(place, staff.area)


def named(session: Session, name: str) -> Staff:
    """The member of staff who acts."""
    staff = staff_accounts.active(session, name)
    if staff is None:
        raise CampaignRefused(f"工作人员里没有“{name}”：guiyan staff list 可以看名单。")
    return staff


def must_run(session: Session, name: str, campaign: Campaign) -> Staff:
    """CampaignRefused unless this campaign is theirs to write, pause and stop."""
    staff = named(session, name)
    if not is_theirs(staff, campaign):
        raise CampaignRefused(
            f"群发任务{campaign.id or ''}不归{name}管：要本县（或本镇）的工作人员来做。"
        )
    return staff
