"""The program's hot calls on the two tables of messages, as they are made on tables this large."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any

from sqlmodel import Session

from records import feeding, inbound, outbox, seen, sending, vitals
from records.messages import Priority
from records.sending import Claim, Outcome
from records.vault import Vault
from tests.plans.filling import GROUP, NOW, conversation
from tests.support.builders import an_inbound, an_outgoing

Call = Callable[[Session], Any]
_MANY = 100  # conversations that are asked about together


@dataclass(frozen=True, slots=True)
class World:
    """Tables with so many rows, and who is asked about."""

    rows: int

    @property
    def person(self) -> str:
        """Somebody whose newest message is open."""
        return conversation(self.rows - 1, self.rows)

    @property
    def people(self) -> list[str]:
        """A hundred of them at the most."""
        many = min(_MANY, self.rows // _MANY // 20)  # of few, whole tables are rightly read
        return [conversation(self.rows - number, self.rows) for number in range(1, many + 1)]

    @property
    def newest(self) -> list[int]:
        """The ids of twenty rows that wait."""
        return list(range(self.rows - 19, self.rows + 1))


def most(call: str, rows: int) -> int:
    """How many rows a statement of a call may touch in a table of so many."""
    if call.endswith(".prune"):
        return rows // 150  # a day's, of half a year
    if call == "vitals.refusals":
        return 20_001  # the newest, among which it looks for failures
    return max(2_000, rows // 1_000)  # as many as wait, or as one group has written


def calls(world: World) -> Mapping[str, Call]:
    """Each call by its name."""
    return {**_heard(world), **_sent(world), **_sender(world), **_watched(world), **_daily()}


def _daily() -> dict[str, Call]:
    return {
        "inbound.prune": partial(inbound.prune, now=NOW),
        "outbox.prune": partial(outbox.prune, now=NOW),
    }


def _heard(world: World) -> dict[str, Call]:
    whose, several, ids = world.person, world.people, world.newest
    new = [an_inbound(NOW, chat=str(number)) for number in range(20)]
    again = [replace(new[0], outer_id=f"outer-{world.rows // 2}")]
    return {
        "inbound.store, new": partial(inbound.store, messages=new),
        "inbound.store, known": partial(inbound.store, messages=again),
        "inbound.ids": partial(inbound.ids, known=[("telegram", "outer-7")]),
        "inbound.open_messages": partial(inbound.open_messages, conversations=several),
        "inbound.open_messages, a group": partial(inbound.open_messages, conversations=[GROUP]),
        "inbound.open_conversations": inbound.open_conversations,
        "inbound.open_conversations, before": partial(inbound.open_conversations, before=NOW),
        "inbound.mark_done": partial(inbound.mark_done, ids=ids, at=NOW),
        "inbound.find": partial(
            inbound.find, channel="telegram", conversation=whose, outer_id="outer-7"
        ),
        "inbound.forget_files": partial(inbound.forget_files, now=NOW),
        "inbound.history": partial(inbound.history, conversation=whose, limit=50),
        "inbound.history, a group": partial(inbound.history, conversation=GROUP, limit=50),
        "inbound.heard_from": partial(inbound.heard_from, conversations=several),
        "inbound.last_heard": partial(inbound.last_heard, conversations=several),
        "inbound.erase": partial(inbound.erase, conversation=whose),
    }


def _sent(world: World) -> dict[str, Call]:
    whose, several, middle = world.person, world.people, world.rows // 2
    new = [an_outgoing(NOW, chat=str(number), key=f"new:{number}") for number in range(20)]
    keys = [f"re:{number}:0" for number in range(middle, middle + 100)]
    month = NOW - timedelta(days=30)
    return {
        "outbox.enqueue": partial(outbox.enqueue, messages=new),
        "outbox.known": partial(outbox.known, dedupe_keys=keys),
        "outbox.about": partial(outbox.about, number="1500"),
        "outbox.erase_about": partial(outbox.erase_about, number="1500"),
        "outbox.after": partial(outbox.after, conversation=whose, last_id=middle, limit=50),
        "outbox.latest": partial(outbox.latest, conversation=whose, limit=50),
        "outbox.latest, a group": partial(outbox.latest, conversation=GROUP, limit=50),
        "outbox.pushed": partial(outbox.pushed, conversations=several, since=month),
        "outbox.leaving": partial(outbox.leaving, conversations=several),
        "outbox.waiting": outbox.waiting,
        "outbox.end_address": partial(
            outbox.end_address, conversation=whose, failure="blocked_by_person", at=NOW
        ),
        "outbox.move_address": partial(
            outbox.move_address, channel="telegram", chat=whose.partition(":")[2], new_chat="-2"
        ),
        "outbox.erase": partial(outbox.erase, conversation=whose),
        "seen.lately": partial(seen.lately, vault=Vault("no key of it"), moments={whose: NOW}),
    }


def _sender(world: World) -> dict[str, Call]:
    claim = Claim("one", ("telegram", "wecom_kf"), 50, NOW)
    pushes = replace(claim, first=Priority.NEWS)
    ended = [Outcome(number, outbox.OutboxState.SENT, NOW) for number in world.newest]
    stale = partial(sending.requeue_stale, channels=["telegram"], now=NOW)
    return {
        "sending.claim": partial(sending.claim, claims=[claim]),
        "sending.claim, nobody waits for": partial(sending.claim, claims=[pushes]),
        "sending.settle": partial(sending.settle, outcomes=ended),
        "sending.give_back": partial(sending.give_back, ids=world.newest),
        "sending.lately": partial(sending.lately, conversation=world.person, since=NOW),
        "sending.requeue_stale": partial(stale, before=NOW),
        "feeding.waiting": partial(feeding.waiting, channel="telegram", now=NOW),
    }


def _watched(world: World) -> dict[str, Call]:
    return {
        "vitals.waiting": vitals.waiting,
        "vitals.watched": vitals.watched,
        "vitals.unanswered": vitals.unanswered,
        "vitals.overdue": partial(vitals.overdue, now=NOW),
        "vitals.refusals": partial(vitals.refusals, now=NOW),
    }
