"""The one question after a request is done: how content, 1 to 5; silence is fine (S4-08)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from handlers.texts import say
from outreach.calendars import after_quiet
from records import account_links, outbox, surveys, tickets
from records.database import Session
from records.messages import Option, Priority
from records.outbox import NewOutgoing
from records.tickets import Ticket, TicketKind
from records.vault import Vault

# Who was in danger, or has lost a business, is not asked how they liked it.
_NOT_ASKED = frozenset({TicketKind.DANGER, TicketKind.CLOSED_BUSINESS})


@dataclass(frozen=True, slots=True)
class RateTicket:
    """The person says how content they are."""

    number: str
    score: int


def ask_for_rating(
    session: Session, vault: Vault, row: Ticket, account: str, now: datetime
) -> None:
    """Ask once, where an answer can come from."""
    is_spared = row.is_flagged or TicketKind(row.kind) in _NOT_ASKED or not account
    if is_spared or surveys.was_asked(session, row.number):
        return
    surveys.ask(session, row.number, row.area, now)
    channel, chat = account.split(":", 1)
    text = say("rating.ask", number=row.number)
    message = NewOutgoing(
        channel=channel,
        chat=chat,
        dedupe_key=outbox.key_about(row.number, "rating"),
        payload=outbox.sealed_content(vault, text, options=_options(row.number), kind="notice"),
        due=after_quiet(now),
        priority=Priority.BULK.value,  # nobody waits for it: it counts like all that is unasked
    )
    outbox.enqueue(session, [message])


def rate(session: Session, wish: RateTicket, account: str) -> None:
    """Only whose request it was says so, and only once."""
    row = tickets.find(session, wish.number)
    mine = {account, *account_links.connected(session, account)}
    if row is not None and row.conversation in mine:
        surveys.rate(session, row.number, wish.score)


def _options(number: str) -> tuple[Option, ...]:
    words = say("rating.scale").split("、")
    return tuple(Option(f"{n} {word}", f"打分 {number} {n}") for n, word in enumerate(words, 1))
