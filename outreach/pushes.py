"""Who may be written to unasked: nobody who said stop, and nobody too often (domain M-10)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from outreach.calendars import day_of, is_quiet
from records import conversations, outbox, people, stops
from records.database import Session
from records.messages import Option, Priority
from records.outbox import NewOutgoing
from records.people import Status
from records.vault import Vault

MOST = ((1, 1), (7, 3), (30, 8))  # in so many days, so many messages (domain M-10)
_LONGEST_KEY = 120


@dataclass(frozen=True, slots=True)
class Reach:
    """Who may be written to now, and who later; everybody else is not to be written to."""

    now: frozenset[str]
    later: frozenset[str]


def reach(session: Session, vault: Vault, keys: Sequence[str], now: datetime) -> Reach:
    """Which of these conversations may be written to."""
    welcome = _welcome(session, vault, list(dict.fromkeys(keys)), now)
    if is_quiet(now):
        return Reach(frozenset(), welcome)
    pushed = outbox.pushed(session, list(welcome), day_of(now) - timedelta(days=30))
    full = frozenset(key for key in welcome if _is_enough(pushed.get(key, []), now))
    return Reach(welcome - full, full)


def a_push(
    vault: Vault,
    conversation: str,
    text: str,
    *,
    key: str,
    now: datetime,
    options: Sequence[Option] = (),
) -> NewOutgoing:
    """A message that nobody waits for; `key` makes queueing it twice harmless."""
    channel, chat = conversation.split(":", 1)
    return NewOutgoing(
        channel=channel,
        chat=chat,
        dedupe_key=short(key),
        payload=outbox.sealed_content(vault, text, options=options, kind="notice"),
        due=now,
        priority=Priority.BULK.value,
    )


def _welcome(session: Session, vault: Vault, keys: list[str], now: datetime) -> frozenset[str]:
    """Those who can be reached, are no group, and have not said stop, here or for their phone."""
    known = conversations.load(session, keys)
    here = [key for key in keys if key not in known or _is_reachable(known[key])]
    profiles = people.profiles_of(session, vault, here)
    phones = {
        key: {vault.fingerprint(p.phone) for p in profiles.get(key, ()) if p.phone} for key in here
    }
    prints = {fingerprint for found in phones.values() for fingerprint in found}
    stopped = stops.stopped(session, [*here, *prints], now)
    gone = {k for k, found in profiles.items() if any(p.status == Status.DECEASED for p in found)}
    return frozenset(
        key for key in here if key not in stopped | gone and not phones[key] & stopped
    )


def _is_reachable(known: conversations.Standing) -> bool:
    return not (known.is_group or known.unreachable or known.forget_at)


def _is_enough(pushed: Sequence[datetime], now: datetime) -> bool:
    """Whether one more would be too many; the parts of one message count once."""
    days = {day_of(at) for at in pushed}
    today = day_of(now)
    return any(
        sum(today - day < timedelta(days=span) for day in days) >= most for span, most in MOST
    )


def short(key: str) -> str:
    """A key that the column holds, and that is still another for each conversation."""
    if len(key) <= _LONGEST_KEY:
        return key
    digest = hashlib.sha256(key.encode()).hexdigest()[:40]
    return f"{key[: _LONGEST_KEY - 41]}/{digest}"
