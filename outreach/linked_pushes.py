"""One message for many, of whom some can be reached by several accounts: each gets it once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from outreach import reach
from outreach.reach import Lines, Way
from records import account_links, outbox, people, pushes, stops
from records.database import Session
from records.messages import Priority
from records.outbox import NewOutgoing
from records.pushes import Push
from records.send_budgets import Reach


def queue(
    session: Session, ids: Sequence[str], push: Push, lines: Lines, now: datetime
) -> dict[str, int]:
    """Queue it for these people; how many were told, and how those with several accounts stand."""
    accounts = _accounts(session, ids)
    told = pushes.queue(session, [each for each in ids if each not in accounts], push, now)
    wanting = pushes.wanting(session, list(accounts), now)
    welcome = _welcome(session, {i: a for i, a in accounts.items() if i in wanting}, now)
    found = reach.ways(session, _alone(session, welcome), lines, now)
    told += _enqueue(session, found, accounts, push)
    kinds = reach.counted(way.reach for way in found.values())
    return {"told": told, **kinds}


def _accounts(session: Session, ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The accounts of those who have several, where they are registered first."""
    found: dict[str, tuple[str, ...]] = {}
    for link in account_links.of_people(session, ids):
        found[link.person_id] = (*found.get(link.person_id, (link.home,)), link.account)
    return found


def _welcome(
    session: Session, accounts: Mapping[str, Sequence[str]], now: datetime
) -> dict[str, Sequence[str]]:
    """Those who said stop on none of their accounts."""
    everywhere = [key for found in accounts.values() for key in found]
    stopped = stops.stopped(session, everywhere, now) if everywhere else set()
    return {each: found for each, found in accounts.items() if not stopped.intersection(found)}


def _alone(session: Session, accounts: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """Only accounts on which nobody else would read it (domain P-30)."""
    everywhere = [key for found in accounts.values() for key in found]
    ids = people.on_accounts(session, everywhere) if everywhere else {}
    return {
        each: tuple(key for key in found if ids[key] == {each}) for each, found in accounts.items()
    }


def _enqueue(
    session: Session,
    found: Mapping[str, Way],
    accounts: Mapping[str, Sequence[str]],
    push: Push,
) -> int:
    reachable = {f"{push.key}/{i}": i for i, w in found.items() if w.reach is not Reach.NOT_AT_ALL}
    new = {key: i for key, i in reachable.items() if key not in outbox.known(session, reachable)}
    pushed = pushes.pushed_to(session, [a for i in new.values() for a in accounts[i]], push)
    messages = []
    for key, person_id in new.items():
        channel, chat = found[person_id].account.split(":", 1)
        due = pushes.due_of(push, [one for one in pushed if one.account in accounts[person_id]])
        bulk = Priority.BULK.value
        messages.append(NewOutgoing(channel, chat, key, push.payload, due, bulk))
    outbox.enqueue(session, messages)
    return len(messages)
