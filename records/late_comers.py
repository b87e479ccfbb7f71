"""Those who fit a campaign only after its freeze, and are on its list already under another id."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, func, null, or_, select, update
from sqlmodel import Session

from records.campaigns import CampaignRecipient, Reason, RecipientState
from records.people import Person

_RECIPIENTS = CampaignRecipient.__table__  # type: ignore[attr-defined]
_PEOPLE = Person.__table__  # type: ignore[attr-defined]
_HAS_TURN = (RecipientState.PLANNED.value, RecipientState.HELD_OUT.value)


def leave_out_known(session: Session, campaign: int, wave: int) -> int:
    """Of late-comers, whose waves begin at `wave`, those whom the list has by account or phone.

    Who was on the list before keeps the turn; among late-comers the first by id has it."""
    late = _RECIPIENTS.alias("late")
    mine = and_(
        late.c.campaign_id == campaign,
        late.c.wave >= wave,
        late.c.state.in_(_HAS_TURN),
    )
    is_known = or_(_same_account(late, wave), _same_phone(late, wave))
    known = select(late.c.person_id).where(mine, is_known)
    values = {
        "state": RecipientState.LEFT_OUT.value,
        "reason": Reason.DUPLICATE.value,
        "due": null(),
    }
    statement = (
        update(_RECIPIENTS)
        .where(_RECIPIENTS.c.campaign_id == campaign, _RECIPIENTS.c.person_id.in_(known))
        .values(**values)
    )
    return int(session.connection().execute(statement).rowcount)


def planned(session: Session, campaign: int, wave: int) -> int:
    """How many of the waves from this on have a turn."""
    r = _RECIPIENTS.c
    query = select(func.count()).where(
        r.campaign_id == campaign, r.wave >= wave, r.state == RecipientState.PLANNED.value
    )
    return int(session.execute(query).scalar_one())


def _ahead(late: Any, other: Any, wave: int) -> ColumnElement[bool]:
    """Whether another recipient of the campaign has the turn before this late-comer."""
    is_earlier = or_(other.c.wave < wave, other.c.person_id < late.c.person_id)
    has_it = other.c.state != RecipientState.LEFT_OUT.value
    return and_(
        other.c.campaign_id == late.c.campaign_id,
        other.c.person_id != late.c.person_id,
        has_it,
        is_earlier,
    )


def _same_account(late: Any, wave: int) -> ColumnElement[bool]:
    other = _RECIPIENTS.alias("other")
    same = other.c.account == late.c.account
    return select(other.c.person_id).where(_ahead(late, other, wave), same).exists()


def _same_phone(late: Any, wave: int) -> ColumnElement[bool]:
    other, own, theirs = (
        _RECIPIENTS.alias("by_phone"),
        _PEOPLE.alias("own"),
        _PEOPLE.alias("theirs"),
    )
    return (
        select(other.c.person_id)
        .join(theirs, theirs.c.id == other.c.person_id)
        .join(own, own.c.phone_print == theirs.c.phone_print)
        .where(_ahead(late, other, wave), own.c.id == late.c.person_id, own.c.phone_print != "")
        .exists()
    )
