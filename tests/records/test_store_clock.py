"""All processes go by the clock of the store's server, whatever their machines' clocks say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from records.database import Database, StoreUnavailable
from records.store_clock import StoreClock, moment

HOUR = timedelta(hours=1)


@pytest.fixture
def kind() -> str:
    """An embedded database has no clock of its own."""
    return "postgresql"


@pytest.mark.parametrize("wrong", [HOUR, -HOUR])
async def test_a_wrong_machine_goes_by_the_store(database: Database, wrong: timedelta) -> None:
    clock = StoreClock(database, lambda: datetime.now(UTC) + wrong)
    before = await database.read(moment)
    await clock.look()
    assert before <= clock.now()
    await clock.look()  # what was taken for now is past
    assert clock.now() - before < HOUR / 2


async def test_between_looks_time_goes_on_steadily(database: Database, now: datetime) -> None:
    clock = StoreClock(database, lambda: now, _saying(10.0, 17.5))
    assert clock.now() == now + timedelta(seconds=7.5)


async def test_an_answer_that_was_long_under_way_moves_nothing(database: Database) -> None:
    theirs = await database.read(moment)
    clock = StoreClock(database, lambda: theirs - HOUR / 2, _saying(0.0, 0.0, 3600.0))
    await clock.look()
    assert clock.now() == theirs + HOUR / 2


async def test_a_store_that_is_away_leaves_time_as_it_was(now: datetime) -> None:
    away = Database("postgresql://nobody@127.0.0.1:1/none")
    clock = StoreClock(away, lambda: now, lambda: 0.0)
    with pytest.raises(StoreUnavailable):
        await clock.look()
    assert clock.now() == now
    await away.close()


def _saying(*told: float) -> Callable[[], float]:
    """A steady clock that says these one after another, and then goes on saying the last."""
    left = list(told)
    return lambda: left.pop(0) if len(left) > 1 else left[0]
