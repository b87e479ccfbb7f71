"""Files wait sealed, piece by piece, and go when their time is over."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select

from records import kept_files
from records.database import Database, Session
from records.kept_files import Kept, KeptPiece, NewFile, Purpose
from records.vault import Vault

DAY = timedelta(days=1)
_PIECES = KeptPiece.__table__  # type: ignore[attr-defined]


async def _kept(
    database: Database, vault: Vault, now: datetime, *data: bytes, is_whole: bool = True
) -> int:
    new = NewFile(Purpose.RESULT, "小周", "名单.csv", now + DAY, work=4)
    file = await database.run(kept_files.begin, vault, new, now)
    for number, one in enumerate(data):
        await database.run(kept_files.add, vault, file, number, one)
    if is_whole:
        await database.run(_whole, file, sum(map(len, data)))
    return file


def _whole(session: Session, file: int, size: int) -> None:
    kept_files.complete(session, file, size=size)


def _pieces(session: Session) -> list[bytes]:
    return list(session.execute(select(_PIECES.c.sealed)).scalars())


def _count(session: Session) -> int:
    return int(session.execute(select(func.count()).select_from(_PIECES)).scalar_one())


async def _files(database: Database, vault: Vault, now: datetime) -> list[Kept]:
    return list((await database.read(kept_files.of_work, vault, 4, now)).values())


async def test_pieces_are_sealed(database: Database, vault: Vault, now: datetime) -> None:
    file = await _kept(database, vault, now, b"13800000001")
    assert all(b"13800000001" not in piece for piece in await database.read(_pieces))
    assert await database.read(kept_files.piece, vault, file, 0) == b"13800000001"


async def test_half_a_file_is_given_to_nobody(
    database: Database, vault: Vault, now: datetime
) -> None:
    await _kept(database, vault, now, b"half", is_whole=False)
    assert await _files(database, vault, now) == []


async def test_a_file_begun_anew_takes_the_place_of_the_first(
    database: Database, vault: Vault, now: datetime
) -> None:
    await _kept(database, vault, now, b"one", b"two", is_whole=False)
    await _kept(database, vault, now, b"three")
    assert [kept.size for kept in await _files(database, vault, now)] == [5]
    assert await database.read(_count) == 1


async def test_after_a_day_it_is_gone(database: Database, vault: Vault, now: datetime) -> None:
    file = await _kept(database, vault, now, b"one")
    assert await database.read(kept_files.find, vault, file, now + DAY) is None
    assert await database.run(kept_files.prune, now + DAY) == 1
    assert await database.read(_count) == 0
