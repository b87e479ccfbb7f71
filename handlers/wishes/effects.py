"""What is wished, made so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from handlers.texts import say
from outreach import genuine
from outreach.digests import OPEN, whole
from outreach.genuine import WHOLE
from records import account_links, caps, digests, outbox, wishes
from records.database import Session
from records.merged import Content
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
    """A message of theirs is shown as a whole; 0: again what came with it, a line each.

    `line`: of what came with it this line, counted from 1, as a whole.
    """

    row: int
    line: int = 0


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
    channel, chat = account.split(":", 1)
    row = _row_of(session, vault, account, effect.line) or effect.row
    contents = _shown(session, vault, account, row)
    gone = {"text": say("wish.gone"), "options": [], "kind": "notice", "extra": {}}
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


def _row_of(session: Session, vault: Vault, account: str, line: int) -> int:
    """The message behind a line of the last digest; 0 where there is no such line."""
    digest = _last_digest(session, vault, account) if line else None
    values = [value for _, value in digest["options"]] if digest else []
    return int(values[line - 1].removeprefix(OPEN)) if 0 < line <= len(values) else 0


def _shown(session: Session, vault: Vault, account: str, row: int) -> list[Content]:
    """A message with its later parts, of which the last leads back to what came with it."""
    digest = _last_digest(session, vault, account)
    if row == 0:
        return [digest] if digest else []
    rows = digests.opened(session, account, row)
    contents = [whole(vault, each.payload) for each in rows if each.payload]
    if contents and digest and [f"{OPEN} {row}"] in [o[1:] for o in digest["options"]]:
        others = [say("digest.others")] * 2
        contents[-1] = {**contents[-1], "options": [*contents[-1]["options"], others]}
    return contents


def _last_digest(session: Session, vault: Vault, account: str) -> Content | None:
    """The last message with a line for each of several."""
    for row in digests.last_with_others(session, account):
        content: Content = vault.open(row.payload)
        if WHOLE in content:
            return {name: part for name, part in content.items() if name != WHOLE}
    return None
