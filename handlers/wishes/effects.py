"""What is wished, made so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from handlers.texts import say
from outreach import genuine
from outreach.digests import whole
from records import account_links, caps, digests, outbox, wishes
from records.database import Session
from records.messages import Priority
from records.outbox import NewOutgoing
from records.vault import Vault
from records.wishes import Wanted


@dataclass(frozen=True, slots=True)
class KeepWishes:
    """These hold from now on for who writes from this account, those others no longer."""

    wanted: tuple[Wanted, ...] = ()
    dropped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenPush:
    """A message of theirs is shown as a whole."""

    row: int


@dataclass(frozen=True, slots=True)
class NoteWrongCode:
    """A code was asked about that is none of ours."""


def note_wrong(session: Session, account: str, now: datetime) -> None:
    """Count it, so that nobody finds a code by trying."""
    genuine.note_wrong(session, account, now)


def apply(effect: KeepWishes, session: Session, account: str, now: datetime) -> None:
    """Make it so, in the transaction of the turn; what waits is judged anew."""
    wishes.say(session, account, effect.wanted, effect.dropped, now)
    caps.look_again(session, [account, *account_links.connected(session, account)], now)


def open_push(
    effect: OpenPush, session: Session, vault: Vault, *, account: str, message: int, now: datetime
) -> None:
    """Send it again as it was: its own options come with it, and are taken as an offer is."""
    rows = digests.opened(session, account, effect.row)
    contents = [whole(vault, row.payload) for row in rows if row.payload]
    gone = {"text": say("wish.gone"), "options": [], "kind": "notice", "extra": {}}
    channel, chat = account.split(":", 1)
    outbox.enqueue(
        session,
        [
            NewOutgoing(
                channel=channel,
                chat=chat,
                dedupe_key=f"open/{message}/{effect.row}/{number}",
                payload=vault.seal(content),
                due=now,
                priority=Priority.NOTICE.value,
            )
            for number, content in enumerate(contents or [gone])
        ],
    )
