"""What must be true of what people heard, held against what was said and what was queued."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from records import inbound, outbox
from records.database import Database, Session
from records.vault import Vault
from tests.support.bot_api import BotApi

_ALL = 10**6


@dataclass(frozen=True, slots=True)
class Queued:
    """A reply as the outbox has it: how often it may have left at the most."""

    text: str
    attempts: int
    state: str = "sent"


@dataclass(frozen=True, slots=True)
class Account:
    """What became of all that was said. `broken`: the invariants that do not hold."""

    said: int
    queued: int
    heard: int
    repeated: int
    broken: tuple[str, ...]


async def quiet(database: Database, patience: float) -> bool:
    """Whether everything is answered and settled within so many seconds."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if not await database.read(_unfinished):
            return True
        await asyncio.sleep(0.2)
    return False


async def account(
    api: BotApi, database: Database, said: Mapping[int, int], vault: Vault
) -> Account:
    """Each message stored once and answered; each reply heard, in order, repeated if in doubt."""
    stored = await database.read(_stored, list(said))
    broken = [
        f"{chat} said {count}, {stored[chat]} stored"
        for chat, count in said.items()
        if stored[chat] != count
    ]
    queued = await database.read(_queued, list(said), vault)
    heard: dict[int, list[str]] = {chat: [] for chat in said}
    for one in api.sent:
        if one.chat in heard:
            heard[one.chat].append(one.text)
    for chat, count in said.items():
        broken += [f"{chat}: {row.state}" for row in queued[chat] if row.state != "sent"]
        broken += [f"{chat}: {fault}" for fault in faults(queued[chat], heard[chat])]
        if len(queued[chat]) < count:
            broken.append(f"{chat} said {count} and was answered {len(queued[chat])} times")
    total, hearings = sum(map(len, queued.values())), sum(map(len, heard.values()))
    return Account(sum(said.values()), total, hearings, hearings - total, tuple(broken))


def faults(queued: Sequence[Queued], heard: Sequence[str]) -> list[str]:
    """What one chat heard against what was queued for it, both in order.

    A text heard more often than it was queued must be one that the outbox tried as often.
    """
    wanted = [(text, list(rows)) for text, rows in groupby(queued, lambda row: row.text)]
    runs = [(text, len(list(same))) for text, same in groupby(heard)]
    if [text for text, _ in wanted] != [text for text, _ in runs]:
        return ["heard something else, or in another order"]
    found = []
    for (_, rows), (_, times) in zip(wanted, runs, strict=True):
        most = sum(row.attempts for row in rows)
        if not len(rows) <= times <= most:
            found.append(f"heard {times} times what was queued {len(rows)} and tried {most} times")
    return found


def _unfinished(session: Session) -> bool:
    return bool(inbound.open_conversations(session)) or outbox.waiting(session) > 0


def _stored(session: Session, chats: Sequence[int]) -> dict[int, int]:
    return {chat: len(inbound.history(session, _key(chat), _ALL)) for chat in chats}


def _queued(session: Session, chats: Sequence[int], vault: Vault) -> dict[int, list[Queued]]:
    return {
        chat: [
            Queued(outbox.as_outgoing(row, vault).text, row.attempts, row.state)
            for row in outbox.latest(session, _key(chat), _ALL)
        ]
        for chat in chats
    }


def _key(chat: int) -> str:
    return f"telegram:{chat}"
