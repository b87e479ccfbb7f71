"""Which words of a campaign its recipients get, and what they are called in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session

from records.campaigns import Campaign, CampaignRecipient, RecipientState
from records.feeding import PREFIX
from records.outbox import OutboxRow, OutboxState
from records.people import NICKNAME, Person
from records.vault import Vault

_PEOPLE = Person.__table__  # type: ignore[attr-defined]
_CAMPAIGNS = Campaign.__table__  # type: ignore[attr-defined]
_RECIPIENTS = CampaignRecipient.__table__  # type: ignore[attr-defined]
_OUTBOX = OutboxRow.__table__  # type: ignore[attr-defined]
_REACHED = tuple(
    state.value
    for state in (RecipientState.SENT, RecipientState.DELIVERED, RecipientState.UNCERTAIN)
)
_LEFT = (OutboxState.SENT.value, OutboxState.MERGED.value, OutboxState.UNCERTAIN.value)


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody by name and home; "" what is not known."""

    nickname: str
    area: str
    town: str


def named(session: Session, vault: Vault, ids: Sequence[str]) -> dict[str, Named]:
    """These people; VaultError where one is sealed with another key."""
    p = _PEOPLE.c
    rows = session.execute(select(p.id, p.sealed, p.area, p.town).where(p.id.in_(ids)))
    return {
        row.id: Named(str(vault.open(row.sealed).get(NICKNAME) or ""), row.area, row.town)
        for row in rows
    }


def digest(session: Session, campaign: int) -> str:
    """What was agreed to of a campaign."""
    query = select(_CAMPAIGNS.c.digest).where(_CAMPAIGNS.c.id == campaign)
    return str(session.execute(query).scalar() or "")


def variants(session: Session, campaign: int, ids: Sequence[str]) -> dict[str, str]:
    """The wording that each of these gets; who is erased is missing."""
    r = _RECIPIENTS.c
    query = select(r.person_id, r.variant).where(r.campaign_id == campaign, r.person_id.in_(ids))
    return {row[0]: row[1] for row in session.execute(query)}


def told(session: Session, accounts: Sequence[str], campaign: int) -> list[OutboxRow]:
    """What these got of a campaign, by itself or inside another message; oldest first."""
    is_of_it = _OUTBOX.c.dedupe_key.startswith(f"{PREFIX}{campaign}/", autoescape=True)
    query = select(OutboxRow).where(
        _OUTBOX.c.conversation.in_(accounts),
        is_of_it,
        _OUTBOX.c.state.in_(_LEFT),
        _OUTBOX.c.payload != b"",
    )
    return list(session.execute(query.order_by(_OUTBOX.c.id)).scalars())


def anybody_told(session: Session, campaign: int) -> bool:
    """Whether any message of a campaign left."""
    r, o = _RECIPIENTS.c, _OUTBOX.c
    is_of_it = o.dedupe_key.startswith(f"{PREFIX}{campaign}/", autoescape=True)
    queries = (
        select(o.id).where(is_of_it, o.state.in_(_LEFT)).limit(1),
        select(r.person_id).where(r.campaign_id == campaign, r.state.in_(_REACHED)).limit(1),
    )
    return any(session.execute(query).first() is not None for query in queries)


def by_account(session: Session, campaign: int) -> dict[str, str]:
    """The wording that goes to each account."""
    query = select(_RECIPIENTS.c.account, _RECIPIENTS.c.variant)
    rows = session.execute(query.where(_RECIPIENTS.c.campaign_id == campaign))
    return {account: variant for account, variant in rows if account}
