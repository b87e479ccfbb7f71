"""Work in the background, as tests have it done: at once, or by a process that is killed."""

from __future__ import annotations

from datetime import datetime

from console.means import Means
from console.work import Work, Worker
from knowledge.answer import Answerer
from outreach.reach import ALL
from records import background
from records.background import BackgroundWork
from records.database import Database
from records.vault import Vault


def means(database: Database, vault: Vault, clock: list[datetime]) -> Means:
    """What a worker is given, with a clock that tests move."""

    async def answerer() -> Answerer:
        raise NotImplementedError

    return Means(
        database=database,
        vault=vault,
        now=lambda: clock[0],
        answerer=answerer,
        lines=ALL,
        wake_sender=lambda: None,
    )


async def work(means_: Means, kinds: dict[str, Work], owner: str = "one") -> None:
    """Do what is due now."""
    worker = Worker(means_, kinds, owner)
    await worker.look()
    await worker.settled()


async def found(database: Database, number: int) -> BackgroundWork:
    """A piece of work as it stands."""
    row = await database.read(background.find, number)
    assert row is not None
    return row
