"""Who may not see a request any more: it is free again, and its cards no longer wait for them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, or_, select, update
from sqlmodel import Session

from records import tickets
from records.outbox import OutboxRow, OutboxState
from records.scope import may_see_ticket
from records.staff_accounts import Staff
from records.tickets import Ticket, TicketState

_TICKETS = Ticket.__table__  # type: ignore[attr-defined]
_OUTBOX = OutboxRow.__table__  # type: ignore[attr-defined]
_WAITING = (OutboxState.QUEUED.value, OutboxState.HELD.value)
_OF_TICKETS = ("alert:", "of:")  # keys of what tells of a request; its number follows


def hand_back(session: Session, staff: Staff, at: datetime) -> list[Ticket]:
    """Free what they looked after and may not see any more; the requests that are open again.

    `staff` are they as they are now, with the accounts that they had.
    """
    _drop_cards(session, staff, at)
    query = select(Ticket).where(
        _TICKETS.c.taken_by == staff.name, _TICKETS.c.state == TicketState.TAKEN.value
    )
    lost = [row for row in session.execute(query).scalars() if not _sees(session, staff, row)]
    for row in lost:
        row.state, row.taken_by, row.taken_at = TicketState.OPEN.value, "", None
    session.flush()
    return lost


def _drop_cards(session: Session, staff: Staff, at: datetime) -> None:
    query = select(_OUTBOX.c.id, _OUTBOX.c.dedupe_key).where(
        func.lower(_OUTBOX.c.conversation).in_([account.lower() for account in staff.accounts]),
        _OUTBOX.c.state.in_(_WAITING),
        or_(*(_OUTBOX.c.dedupe_key.startswith(head) for head in _OF_TICKETS)),
    )
    for row_id, key in session.execute(query).all():
        row = tickets.find(session, key.split(":")[1])
        if row is None or not _sees(session, staff, row):
            session.execute(
                update(_OUTBOX)
                .where(_OUTBOX.c.id == row_id, _OUTBOX.c.state.in_(_WAITING))
                .values(state=OutboxState.STOPPED.value, settled_at=at)
            )


def _sees(session: Session, staff: Staff, row: Ticket) -> bool:
    is_active = staff.until is None and staff.sees_requests
    return is_active and may_see_ticket(session, staff.area, row.person_id, row.area)
