"""Stops hold at once, for accounts and for phones, and are lifted only by the person."""

from __future__ import annotations

from datetime import datetime, timedelta

from records import stops
from records.database import Database, Session
from records.stops import StopReason

ACCOUNT, PHONE = "telegram:42", "a fingerprint"
YEAR = timedelta(days=365)


def _stop(session: Session, now: datetime, until: datetime | None = None) -> None:
    reason = StopReason.NOT_RETURNING if until else StopReason.ASKED
    stops.stop(session, [ACCOUNT, PHONE, ""], reason=reason, since=now, until=until)


async def test_a_stop_holds_at_once(database: Database, now: datetime) -> None:
    await database.run(_stop, now)
    found = await database.read(stops.stopped, [ACCOUNT, PHONE, "telegram:43"], now)
    assert found == {ACCOUNT, PHONE}


async def test_a_term_ends(database: Database, now: datetime) -> None:
    await database.run(_stop, now, now + YEAR)
    assert await database.read(stops.stopped, [ACCOUNT], now + YEAR / 2) == {ACCOUNT}
    assert await database.read(stops.stopped, [ACCOUNT], now + YEAR) == set()


async def test_a_term_never_shortens_a_stop_for_good(database: Database, now: datetime) -> None:
    await database.run(_stop, now)
    await database.run(_stop, now, now + YEAR)
    assert await database.read(stops.stopped, [ACCOUNT], now + 2 * YEAR) == {ACCOUNT}


async def test_the_person_lifts_it(database: Database, now: datetime) -> None:
    await database.run(_stop, now)
    await database.run(stops.allow, [ACCOUNT])
    assert await database.read(stops.stopped, [ACCOUNT, PHONE], now) == {PHONE}
