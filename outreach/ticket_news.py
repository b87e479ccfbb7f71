"""What a person is told of their requests as these go on; by day, where they asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from outreach.calendars import after_quiet
from outreach.pushes import short
from records import outbox
from records.database import Session
from records.messages import Option, Priority
from records.outbox import NewOutgoing
from records.tickets import Ticket
from records.vault import Vault


def tell(
    session: Session,
    vault: Vault,
    row: Ticket,
    text: str,
    *,
    key: str,
    now: datetime,
    options: Sequence[Option] = (),
) -> None:
    """Tell them once for each key; nothing where there is no chat to tell them in."""
    if not row.conversation:
        return
    message = NewOutgoing(
        channel=row.channel,
        chat=row.chat,
        dedupe_key=outbox.key_about(row.number, short(f"news/{row.number}/{key}")),
        payload=outbox.sealed_content(vault, text, options=options, kind="notice"),
        due=after_quiet(now),
        priority=Priority.NEWS.value,
    )
    outbox.enqueue(session, [message])
