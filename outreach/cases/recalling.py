"""Cards that are out: whoever keeps one is told as soon as the story may not be told any more."""

from __future__ import annotations

from datetime import datetime

from outreach import alerts
from outreach.cases import publishing
from outreach.texts import say
from records import cases
from records.database import Session
from records.vault import Vault


def call_back(session: Session, vault: Vault, now: datetime) -> int:
    """Tell the keepers of cards that must not be shown any more; how many cards."""
    out = cases.handed_out(session)
    stories = {
        number: publishing.numbered(session, vault, number)
        for number in {card.case_id for card in out}
    }
    gone = []
    for card in out:
        story = stories[card.case_id]
        if story is None or (card.is_named and not story.name):
            key = f"case/{card.case_id}/back/{card.id}"
            text = say("case.back", number=card.case_id)
            alerts.write_to(session, vault, card.keeper, text, key=key, now=now)
            gone.append(card.id or 0)
    cases.called_back(session, gone, now)
    return len(gone)
