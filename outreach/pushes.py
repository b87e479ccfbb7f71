"""Who may be written to unasked: nobody who said stop, and nobody too often (domain M-10)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from outreach.calendars import day_of, is_quiet
from outreach.caps import MOST
from outreach.reach import ALL, Lines, Way, circles, connected, counted, ways
from records import outbox, people, stops
from records.database import Session
from records.messages import Option, Priority
from records.outbox import NewOutgoing
from records.people import Status
from records.vault import Vault

_LONGEST_KEY = 120


@dataclass(frozen=True, slots=True)
class Reach:
    """Who may be written to now, and who later; everybody else is not to be written to.

    `ways` tells for each by which account of theirs, `same` all that are the same person's.
    """

    now: frozenset[str]
    later: frozenset[str]
    ways: Mapping[str, Way] = field(default_factory=dict, compare=False)
    same: Mapping[str, tuple[str, ...]] = field(default_factory=dict, compare=False)

    def account(self, key: str) -> str:
        """Where to write to somebody who is known under this conversation."""
        return self.ways[key].account

    def who(self, key: str) -> str:
        """One name for the accounts of a person, so that nothing is written to two of them."""
        return min(self.same[key])

    def kinds(self, keys: Iterable[str]) -> dict[str, int]:
        """How many of these, who have several accounts, are reached in which way."""
        return counted(self.ways[key].reach for key in keys if len(self.same[key]) > 1)


def reach(
    session: Session, vault: Vault, keys: Sequence[str], now: datetime, lines: Lines = ALL
) -> Reach:
    """Which of these conversations may be written to, and by which account of the person."""
    same = circles(session, list(dict.fromkeys(keys)))
    found = ways(session, same, lines, now)
    able = [key for key in same if found[key].account]
    willing = welcome(session, vault, able, now)
    if is_quiet(now):
        return Reach(frozenset(), willing, found, same)
    everywhere = [account for key in willing for account in same[key]]
    pushed = outbox.pushed(session, everywhere, day_of(now) - timedelta(days=30))
    full = frozenset(
        key
        for key in willing
        if _is_enough([at for account in same[key] for at in pushed.get(account, [])], now)
    )
    return Reach(willing - full, full, found, same)


def a_push(
    vault: Vault,
    conversation: str,
    text: str,
    *,
    key: str,
    now: datetime,
    options: Sequence[Option] = (),
    priority: Priority = Priority.BULK,
) -> NewOutgoing:
    """A message that nobody waits for; `key` makes queueing it twice harmless."""
    channel, chat = conversation.split(":", 1)
    return NewOutgoing(
        channel=channel,
        chat=chat,
        dedupe_key=short(key),
        payload=outbox.sealed_content(vault, text, options=options, kind="notice"),
        due=now,
        priority=priority.value,
    )


def welcome(session: Session, vault: Vault, keys: Sequence[str], now: datetime) -> frozenset[str]:
    """Those who have not said stop, on whatever account or for their phone."""
    profiles = people.profiles_of(session, vault, keys)
    others = connected(session, keys)
    targets = {
        key: {
            key,
            *others[key],
            *(vault.fingerprint(p.phone) for p in profiles.get(key, ()) if p.phone),
        }
        for key in keys
    }
    stopped = stops.stopped(session, sorted(set().union(*targets.values())), now)
    gone = {k for k, found in profiles.items() if any(p.status == Status.DECEASED for p in found)}
    return frozenset(key for key in keys if key not in gone and not targets[key] & stopped)


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
