"""Two transactions that want the same rows: in one order, and once more where that fails."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, text, update

from records import outbox, sending
from records.database import Database, Session
from records.messages import Priority
from records.outbox import OutboxRow, OutboxState
from records.sending import Claim, Outcome
from tests.support.builders import an_outgoing

_TABLE = OutboxRow.__table__  # type: ignore[attr-defined]
pytestmark = pytest.mark.parametrize("kind", ["postgresql"])


@pytest.fixture
async def others(database_url: str) -> AsyncIterator[tuple[Database, Database]]:
    """Two more processes' worth."""
    first, second = Database(database_url), Database(database_url)
    yield first, second
    await first.close()
    await second.close()


@pytest.fixture
async def claimed(database: Database, now: datetime) -> tuple[int, int]:
    """Two messages that are being sent, a push and a reply; the first was changed last."""
    push = an_outgoing(now, chat="1", priority=Priority.BULK)
    await database.run(outbox.enqueue, [push, an_outgoing(now, chat="2")])
    rows = await database.batch(sending.claim, Claim("dead", ("fake",), 9, now))
    first, second = sorted(row.id for row in rows)
    await database.run(_touch, first)
    return first, second


def _touch(session: Session, row: int) -> None:
    session.execute(update(_TABLE).where(_TABLE.c.id == row).values(attempts=0))


def _hold(session: Session, row: int) -> None:
    session.execute(select(_TABLE.c.id).where(_TABLE.c.id == row).with_for_update())
    session.execute(text("SELECT pg_sleep(1.5)"))


def _is_free(session: Session, row: int) -> bool:
    wish = select(_TABLE.c.id).where(_TABLE.c.id == row).with_for_update(skip_locked=True)
    return session.execute(wish).first() is not None


def _settles(session: Session, ids: tuple[int, int], now: datetime) -> None:
    sending.settle(session, [Outcome(each, OutboxState.SENT, now) for each in reversed(ids)])


def _frees(session: Session, ids: tuple[int, int], now: datetime) -> None:
    later = now + timedelta(minutes=1)
    sending.requeue_stale(session, ["fake"], before=None, now=later, owner="next")


@pytest.mark.parametrize("work", [_settles, _frees])
async def test_the_first_is_taken_before_the_second(
    database: Database,
    others: tuple[Database, Database],
    claimed: tuple[int, int],
    now: datetime,
    work: Callable[[Session, tuple[int, int], datetime], None],
) -> None:
    holding = asyncio.create_task(others[0].run(_hold, claimed[0]))
    await asyncio.sleep(0.3)
    working = asyncio.create_task(others[1].run(work, claimed, now))
    await asyncio.sleep(0.5)
    assert await database.run(_is_free, claimed[1])
    await asyncio.gather(holding, working)


def _one_then_the_other(session: Session, one: int, other: int) -> None:
    _touch(session, one)
    session.execute(text("SELECT pg_sleep(0.3)"))
    _touch(session, other)


async def test_who_was_undone_for_the_other_does_it_again(
    others: tuple[Database, Database], claimed: tuple[int, int], caplog: pytest.LogCaptureFixture
) -> None:
    first, second = claimed
    await asyncio.gather(
        others[0].run(_one_then_the_other, first, second),
        others[1].run(_one_then_the_other, second, first),
    )
    assert "stood in each other's way" in caplog.text
