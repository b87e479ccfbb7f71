"""By which of somebody's accounts they can be written to, and how soon."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from records import account_links, conversations, inbound, people, send_budgets
from records.account_links import Link
from records.database import Session
from records.messages import Priority
from records.send_budgets import Allowance, Reach


@dataclass(frozen=True, slots=True)
class Lines:
    """The channels in service (None: all there are), and what some of their providers allow."""

    served: frozenset[str] | None = None
    allowances: Mapping[str, Allowance] = field(default_factory=dict)


ALL = Lines()


@dataclass(frozen=True, slots=True)
class Way:
    """The account to write to, "" where there is none, and how soon it arrives."""

    account: str
    reach: Reach


def ways(
    session: Session,
    accounts: Mapping[str, Sequence[str]],
    lines: Lines,
    now: datetime,
    *,
    priority: Priority = Priority.BULK,
) -> dict[str, Way]:
    """For each, the way to reach them by these accounts, of which the first is the nearest.

    The nearest if it can be written to now, else another that can; else the one that they write
    on most, where it waits for their next word.
    """
    keys = list(dict.fromkeys(key for found in accounts.values() for key in found))
    standing = _standing(session, keys, lines, priority, now)
    several = [key for found in accounts.values() if len(found) > 1 for key in found]
    heard = inbound.heard_from(session, several) if several else {}
    return {name: _way(found, standing, heard) for name, found in accounts.items()}


def circles(session: Session, keys: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Each account and the others that speak for exactly the same people (domain P-30)."""
    around = connected(session, keys)
    everyone = {key for found in around.values() for key in found}
    ids = people.on_accounts(session, [*keys, *everyone]) if everyone else {}
    return {
        key: (key, *(other for other in around[key] if ids[other] == ids[key])) for key in keys
    }


def connected(session: Session, keys: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The other accounts of the people of each account."""
    links = account_links.of(session, keys)
    return {key: _others(links, key) for key in keys}


def counted(kinds: Iterable[Reach]) -> dict[str, int]:
    """How many of each kind, of those that there are."""
    return {kind.value: number for kind, number in sorted(Counter(kinds).items())}


def _others(links: Sequence[Link], key: str) -> tuple[str, ...]:
    here = [link for link in links if key in (link.account, link.home)]
    ids = {link.person_id for link in here if link.person_id}
    homes = {link.home for link in here if not link.person_id}
    near = (
        link
        for link in links
        if link.person_id in ids or (not link.person_id and link.home in homes)
    )
    names = (name for link in near for name in (link.home, link.account))
    return tuple(name for name in dict.fromkeys(names) if name != key)


def _way(accounts: Sequence[str], standing: Mapping[str, Reach], heard: Mapping[str, int]) -> Way:
    by_use = sorted(accounts, key=lambda key: -heard.get(key, 0))
    if accounts and standing[accounts[0]] is Reach.NOW:
        return Way(accounts[0], Reach.NOW)
    for wanted, told in (
        (Reach.NOW, Reach.OTHER_CHANNEL),
        (Reach.WHEN_THEY_WRITE, Reach.WHEN_THEY_WRITE),
    ):
        found = next((key for key in by_use if standing[key] is wanted), None)
        if found is not None:
            return Way(found, told)
    return Way("", Reach.NOT_AT_ALL)


def _standing(
    session: Session, keys: Sequence[str], lines: Lines, priority: Priority, now: datetime
) -> dict[str, Reach]:
    """How each account stands by itself."""
    known = conversations.load(session, keys)
    found = {key: _alone(key, known.get(key), lines) for key in keys}
    for channel, allowance in lines.allowances.items():
        open_ones = [
            key
            for key in keys
            if key.startswith(f"{channel}:") and found[key] is not Reach.NOT_AT_ALL
        ]
        if not open_ones:
            continue
        budgets = send_budgets.reach(session, open_ones, allowance, now, priority=priority)
        found |= {k: r for k, r in budgets.items() if found[k] is Reach.NOW or r is not Reach.NOW}
    return found


def _alone(key: str, talk: conversations.Standing | None, lines: Lines) -> Reach:
    if talk is not None and (talk.is_group or talk.unreachable or talk.forget_at):
        return Reach.NOT_AT_ALL
    is_served = lines.served is None or key.split(":", 1)[0] in lines.served
    return Reach.NOW if is_served else Reach.WHEN_THEY_WRITE
