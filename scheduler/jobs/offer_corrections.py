"""Offers a correction to everybody who was told what has been changed or withdrawn since (J13)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

from handlers import corrections as talk
from outreach import corrections
from outreach.calendars import is_quiet
from outreach.corrections import Changes, Offer
from outreach.pushes import Reach, a_push, reach
from outreach.texts import say
from records import changed_pages, outbox, told
from records.database import Session
from records.messages import Option
from records.told import Told
from records.vault import Vault
from scheduler.means import Means

PURPOSE = "offers a correction to people who were told what has been changed or withdrawn since"
_TOGETHER = 100  # conversations in one transaction, so that nobody's turn waits for all of them


async def run(means: Means, now: datetime) -> dict[str, int]:
    """Offer it to everybody who may be written to now; a change is done when nobody waits."""
    counts = {"offered": 0, "left_out": 0, "waiting": 0}
    pages = [] if is_quiet(now) else await means.database.read(changed_pages.pending)
    if not pages:
        return counts
    await means.refresh()
    changes = Changes(pages, (await asyncio.to_thread(means.answerer)).library)
    last = ""
    while found := await means.database.read(corrections.told_of, changes, now, last, _TOGETHER):
        last = found[-1].conversation
        offers = await asyncio.to_thread(corrections.offers, found, changes)
        done = await means.database.run(_offer, means, offers, now)
        counts = {name: counts.get(name, 0) + done.get(name, 0) for name in counts | done}
    if not counts["waiting"]:
        await means.database.run(changed_pages.mark_told, pages, now)
    return counts


def _offer(
    session: Session, means: Means, offers: Sequence[Offer], now: datetime
) -> dict[str, int]:
    may = reach(session, means.vault, [o.conversation for o in offers], now, means.lines)
    welcome = [offer for offer in offers if offer.conversation in may.now]
    routed = _routed(welcome, may)
    kept = talk.offer(session, means.vault, list(routed.values()), now)
    made = [o for o in welcome if may.account(o.conversation) in kept]
    out = [o for o in offers if o.conversation not in may.now | may.later]
    messages = [
        _message(means.vault, offer, who, now)
        for who, offer in routed.items()
        if offer.conversation in kept
    ]
    outbox.enqueue(session, messages)
    # From now on they know: the next change is held against what holds today.
    told.note(session, [Told(o.conversation, d.told.entry, now) for o in made for d in o.dues])
    told.drop(session, [due.told for offer in out for due in offer.dues])
    waiting = len(offers) - len(made) - len(out)
    kinds = may.kinds(offer.conversation for offer in made)
    return {"offered": len(messages), "left_out": len(out), "waiting": waiting, **kinds}


def _routed(offers: Sequence[Offer], may: Reach) -> dict[str, Offer]:
    """One offer for each person, on the account by which they are reached."""
    found: dict[str, Offer] = {}
    for offer in offers:
        who = may.who(offer.conversation)
        before = found[who].dues if who in found else ()
        known = {due.told.entry for due in before}
        more = tuple(due for due in offer.dues if due.told.entry not in known)
        found[who] = Offer(may.account(offer.conversation), (*before, *more))
    return found


def _message(vault: Vault, offer: Offer, who: str, now: datetime) -> outbox.NewOutgoing:
    see, stop = say("changed.see"), say("answered.stop_word")
    return a_push(
        vault,
        offer.conversation,
        offer.text,
        key=f"fix/{now:%Y%m%d}/{who}",
        now=now,
        options=(Option(see, see), Option(say("answered.stop"), stop)),
    )
