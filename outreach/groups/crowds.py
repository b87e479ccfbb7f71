"""What a channel says of a group when it is asked: its name and how many are in it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

from records import groups
from records.database import Database, Session
from records.groups import Joined
from records.vault import Vault

_PORTION = 100


@dataclass(frozen=True, slots=True)
class Crowd:
    """A group as it is now, counted as its channel counts; nothing is set where it is silent."""

    name: str = ""
    size: int | None = None
    is_gone: bool = False  # we are not in it any more
    moved_to: str = ""  # its new address


UNKNOWN = Crowd()
Ask = Callable[[str, str], Awaitable[Crowd]]  # channel, address


@runtime_checkable
class Counting(Protocol):
    """A channel that can be asked for a group."""

    async def crowd(self, chat: str) -> Crowd:
        """The group at an address. Never raises: what cannot be known is left out."""
        ...


async def silent(channel: str, chat: str) -> Crowd:
    """No channel can be asked."""
    return UNKNOWN


async def measure_all(database: Database, vault: Vault, ask: Ask, now: datetime) -> dict[str, int]:
    """Ask for every group that the bot is in, one after the other; what became of them."""
    counts = {"measured": 0, "gone": 0, "silent": 0}
    after = 0
    while found := await database.read(groups.to_measure, after, _PORTION):
        for number, channel, chat in found:
            crowd = await ask(channel, chat)
            word = await database.run(_note, vault, Joined(channel, chat, crowd.name), crowd, now)
            counts[word] += 1
            after = number
    return counts


def _note(session: Session, vault: Vault, one: Joined, crowd: Crowd, now: datetime) -> str:
    if crowd.is_gone:
        groups.leave(session, one.channel, one.chat, now)
        return "gone"
    chat = crowd.moved_to or one.chat
    if crowd.moved_to:
        groups.move(session, one.channel, one.chat, crowd.moved_to)
    if crowd.size is None:
        return "silent"
    groups.measure(session, vault, Joined(one.channel, chat, crowd.name, crowd.size))
    return "measured"
