"""Several senders: a channel is one's at a time, and another's when that one dies."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from channels.base import Limits
from channels.holding import Holding
from channels.sender import Sender
from records import leases, outbox, sending
from records.database import Database
from records.outbox import OutboxState, sealed_content
from records.sending import Outcome
from records.vault import Vault
from tests.support.builders import an_outgoing
from tests.support.fake_channel import FakeChannel

LONG_AGO = -timedelta(minutes=1)


def _now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
async def shared(database: Database) -> Database:
    """A database that several processes may use."""
    if database.is_sqlite:
        pytest.skip("the embedded default has one process")
    return database


class Two:
    """Two senders, each with a wire of its own."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self.database, self.vault = database, vault
        self.wires = {name: FakeChannel() for name in ("first", "second")}
        self.first, self.second = (self.sender(name) for name in self.wires)

    def sender(self, name: str) -> Sender:
        """Another, as if it had just started."""
        wire = self.wires[name]
        return Sender(self.database, self.vault, {"fake": wire}, owner=name, now=_now)

    async def queue(self, *texts: str, chat: str = "") -> None:
        """Each to a chat of its own, or all to one group."""
        extra = {"group": "1"} if chat else {}
        rows = [
            an_outgoing(
                _now(), chat=chat or text, payload=sealed_content(self.vault, text, extra=extra)
            )
            for text in texts
        ]
        await self.database.run(outbox.enqueue, rows)

    async def dies(self, owner: str) -> None:
        """Nobody has renewed what it held for a minute."""
        await self.database.run(leases.hold, ["channel fake"], owner, LONG_AGO, _now())


@pytest.fixture
def two(shared: Database, vault: Vault) -> Two:
    return Two(shared, vault)


async def test_one_sends_and_the_other_stands_by(two: Two) -> None:
    await two.first.settled()
    await two.queue("a", "b", "c")
    await asyncio.gather(two.second.settled(), two.first.settled())
    assert (len(two.wires["first"].sent), len(two.wires["second"].sent)) == (3, 0)


async def test_what_a_dead_sender_had_claimed_goes_at_once(two: Two) -> None:
    await two.first.settled()
    await two.queue("a")
    await two.database.batch(sending.claim, sending.Claim("first", ("fake",), 5, _now()))
    await two.dies("first")
    await two.second.settled()
    assert two.wires["second"].texts == ["a"]


async def test_who_stops_leaves_the_channel_at_once(two: Two) -> None:
    await two.first.settled()
    await two.first.let_go()
    await two.queue("a")
    await _until(two.second, two.wires["second"])
    assert two.wires["second"].texts == ["a"]


async def test_who_was_frozen_does_not_think_that_it_still_holds(shared: Database) -> None:
    frozen = Holding(shared, ["fake"], "first", _now, lasts=LONG_AGO)
    assert [one.name for one in await frozen.renew()] == ["fake"]
    assert not frozen.holds("fake")


async def test_after_a_fault_of_the_store_who_had_the_channel_goes_first(two: Two) -> None:
    await two.first.settled()
    await two.dies("first")
    holding = Holding(two.database, ["fake"], "second", _now)
    holding.give_way()
    assert await holding.renew() == []
    mine = Holding(two.database, ["fake"], "first", _now, lasts=LONG_AGO)
    await mine.renew()
    mine.give_way()
    await asyncio.sleep(1.1)
    assert [one.name for one in await mine.renew()] == ["fake"]


async def test_the_word_of_who_lost_a_message_does_not_free_it(two: Two) -> None:
    await two.queue("a")
    [row] = await two.database.batch(sending.claim, sending.Claim("second", ("fake",), 5, _now()))
    again = Outcome(row.id, OutboxState.QUEUED, _now(), due=_now(), owner="first")
    await two.database.batch(sending.settle, again)
    assert await two.database.read(outbox.counts) == {"sending": 1}


async def test_a_group_hears_no_more_from_two_than_from_one(two: Two) -> None:
    for wire in two.wires.values():
        wire.limits = Limits(text_length=99, per_chat=9, per_group=1 / 3, bulk=99, burst=3)
    two.first, two.second = (two.sender(name) for name in two.wires)
    await two.queue("a", "b", "c", "d", chat="group")
    await _until(two.first, two.wires["first"], 3)
    await two.dies("first")
    await two.second.settled()
    assert (two.wires["first"].texts, two.wires["second"].texts) == (["a", "b", "c"], [])


async def _until(sender: Sender, wire: FakeChannel, count: int = 1) -> None:
    """Settle until so many went; a channel that was left rests for a second."""
    async with asyncio.timeout(10):
        while len(wire.sent) < count:
            await sender.settled()
            await asyncio.sleep(0.1)
