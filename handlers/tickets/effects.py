"""What turns cause in requests that go on: moved, applications, answers to our questions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from handlers.tickets import applying, joint, knowing, loans, moving, rating
from handlers.tickets.applying import (
    AcceptApplication,
    DecideApplication,
    NotePaid,
    NotePapers,
)
from handlers.tickets.joint import JoinOffices, OfficeDone
from handlers.tickets.knowing import NoteKnown
from handlers.tickets.loans import NotePrecheck
from handlers.tickets.moving import MoveTicket
from handlers.tickets.rating import RateTicket
from outreach.helping import ledger
from records.database import Session
from records.vault import Vault


@dataclass(frozen=True, slots=True)
class CloseBusiness:
    """A person says that their business is closed."""

    person_id: str


TicketEffect = (
    CloseBusiness
    | MoveTicket
    | JoinOffices
    | OfficeDone
    | AcceptApplication
    | NotePapers
    | DecideApplication
    | NotePaid
    | RateTicket
    | NoteKnown
    | NotePrecheck
)


def apply(
    effect: TicketEffect, session: Session, vault: Vault, *, account: str, now: datetime
) -> None:
    """Make it so, in the transaction of the turn; `account` is whose turn it was."""
    match effect:
        case CloseBusiness():
            ledger.close(session, vault, effect.person_id, now)
        case MoveTicket():
            moving.move(session, vault, effect, now)
        case JoinOffices():
            joint.join(session, vault, effect, now)
        case OfficeDone():
            joint.finish(session, vault, effect, now)
        case AcceptApplication():
            applying.accept(session, vault, effect, now)
        case NotePapers():
            applying.note_papers(session, vault, effect, now)
        case DecideApplication():
            applying.decide(session, vault, effect, now)
        case NotePaid():
            applying.note_paid(session, vault, effect, account, now)
        case NoteKnown():
            knowing.note(session, effect, account)
        case NotePrecheck():
            loans.note_precheck(session, vault, effect, account, now)
        case RateTicket():
            rating.rate(session, effect, account)
