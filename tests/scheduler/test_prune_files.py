"""Files of long work do not outlive their day."""

from __future__ import annotations

from datetime import datetime, timedelta

from records import import_touches, kept_files
from records.database import Database
from records.kept_files import NewFile, Purpose
from records.vault import Vault
from scheduler.jobs import prune_files
from scheduler.means import Means
from tests.support.shipped import shipped


async def test_files_go_after_their_day(database: Database, vault: Vault, now: datetime) -> None:
    for days in (1, 3):
        until = now + timedelta(days=days)
        new = NewFile(Purpose.RESULT, "小周", "名单.csv", until)
        await database.run(kept_files.begin, vault, new, now)
    means = Means(database, vault, shipped)
    counts = await prune_files.run(means, now + timedelta(days=2))
    assert counts == {"files": 1, "work": 0, "touched": 0}


async def test_what_an_import_changed_goes_with_its_work(
    database: Database, vault: Vault, now: datetime
) -> None:
    was = {"one": {"town": "旧镇"}}
    await database.run(lambda s: import_touches.note(s, 1, new=["a" * 24], before=was, at=now))
    means = Means(database, vault, shipped)
    for days, touched in ((3 * 365, 0), (3 * 365 + 2, 2)):
        counts = await prune_files.run(means, now + timedelta(days=days))
        assert counts["touched"] == touched
    assert not await database.read(import_touches.can_take_back, 1)
