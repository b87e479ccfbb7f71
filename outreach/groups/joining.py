"""What a channel tells of a group that the bot came into, left, or that moved."""

from __future__ import annotations

from datetime import datetime

from records import groups, staff_accounts
from records.database import Session
from records.groups import Joined
from records.messages import Inbound, InboundKind
from records.vault import Vault

TITLE, SIZE = "title", "size"  # of a JOINED notice's `extra`


def note(session: Session, vault: Vault, notice: Inbound, now: datetime) -> None:
    """Keep the register as the notice says; a new group waits until staff place it."""
    match notice.kind:
        case InboundKind.JOINED:
            groups.join(session, vault, _joined(session, notice), now)
        case InboundKind.LEFT:
            groups.leave(session, notice.channel, notice.chat, now)
        case InboundKind.MIGRATED:
            groups.move(session, notice.channel, notice.chat, notice.text)


def _joined(session: Session, notice: Inbound) -> Joined:
    account = f"{notice.channel}:{notice.sender}"
    staff = staff_accounts.who_are(session, [account]).get(account)
    size = notice.extra.get(SIZE, "")
    return Joined(
        notice.channel,
        notice.chat,
        notice.extra.get(TITLE, ""),
        int(size) if size.isdecimal() else None,
        staff.name if staff else "",
    )
