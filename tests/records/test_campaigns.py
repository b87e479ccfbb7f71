"""Recipients of campaigns as they are kept."""

from __future__ import annotations

from sqlalchemy import select

from records import campaigns
from records.campaigns import CampaignRecipient, RecipientState
from records.database import Database, Session

_TABLE = CampaignRecipient.__table__  # type: ignore[attr-defined]


def _sent_to(session: Session, person_id: str) -> None:
    for number in (1, 2):
        session.add(
            CampaignRecipient(
                campaign_id=number,
                person_id=person_id,
                account="telegram:7",
                state=RecipientState.SENT,
            )
        )


def _rows(session: Session) -> list[tuple[int, str, str, str]]:
    columns = (_TABLE.c.campaign_id, _TABLE.c.person_id, _TABLE.c.account, _TABLE.c.state)
    return [tuple(row) for row in session.execute(select(*columns).order_by(_TABLE.c.campaign_id))]


async def test_who_is_forgotten_still_counts_but_is_nobody(database: Database) -> None:
    await database.run(_sent_to, "p1")
    await database.run(campaigns.forget, "p1")
    rows = await database.read(_rows)
    assert [(number, account, state) for number, _, account, state in rows] == [
        (1, "", "sent"),
        (2, "", "sent"),
    ]
    assert not any("p1" in person for _, person, _, _ in rows)
