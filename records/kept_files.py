"""Files that wait in the database, sealed piece by piece: what was handed in, what was made."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Column, LargeBinary, delete, select, update
from sqlmodel import Field, Session, SQLModel

from records.types import BigId, UtcDateTime
from records.vault import Vault

PIECE = 256 * 1024  # bytes that are sealed together
_TOGETHER = 50  # files that one run drops: each may have hundreds of pieces


class Purpose(StrEnum):
    """What it is to its work."""

    HANDED_IN = "handed_in"
    RESULT = "result"
    REPORT = "report"  # what became of every row of a list
    FAULTY = "faulty"  # the rows that were not taken, to be mended
    SHOWN = "shown"  # what a page shows of it


class KeptFile(SQLModel, table=True):
    """One file; `sealed` is its name. Until `is_whole` nobody is given it."""

    __tablename__ = "kept_file"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    work: int = Field(default=0, sa_type=BigId, index=True)
    purpose: str = Field(max_length=10)
    by: str = Field(max_length=40)
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    size: int = Field(default=0, sa_type=BigId)
    is_whole: bool = False
    created_at: datetime = Field(sa_type=UtcDateTime)
    until: datetime = Field(sa_type=UtcDateTime, index=True)


class KeptPiece(SQLModel, table=True):
    """A piece of a file."""

    __tablename__ = "kept_piece"

    file: int = Field(sa_column=Column(BigId, primary_key=True, autoincrement=False))
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file that begins."""

    purpose: Purpose
    by: str
    name: str
    until: datetime
    work: int = 0


@dataclass(frozen=True, slots=True)
class Kept:
    """A whole file, without its content."""

    id: int
    work: int
    purpose: Purpose
    by: str
    name: str
    size: int
    created_at: datetime
    until: datetime

    @property
    def pieces(self) -> int:
        """How many pieces it has."""
        return -(-self.size // PIECE)


_FILES, _PIECES = KeptFile.__table__, KeptPiece.__table__  # type: ignore[attr-defined]


def begin(session: Session, vault: Vault, new: NewFile, at: datetime) -> int:
    """Begin a file; what its work had begun before under this purpose is dropped."""
    if new.work:
        drop(session, _of(session, new.work, new.purpose))
    row = KeptFile(
        work=new.work,
        purpose=new.purpose.value,
        by=new.by,
        sealed=vault.seal(new.name),
        created_at=at,
        until=new.until,
    )
    session.add(row)
    session.flush()
    assert row.id is not None
    return row.id


def add(session: Session, vault: Vault, file: int, number: int, data: bytes) -> None:
    """Keep a piece; all but the last have PIECE bytes."""
    session.execute(
        _PIECES.insert().values(file=file, number=number, sealed=vault.seal_bytes(data))
    )


def complete(session: Session, file: int, *, size: int, work: int | None = None) -> None:
    """It is whole; `work` may only now be known."""
    values: dict[str, object] = {"is_whole": True, "size": size}
    if work is not None:
        values["work"] = work
    session.execute(update(_FILES).where(_FILES.c.id == file).values(values))


def find(session: Session, vault: Vault, file: int, now: datetime) -> Kept | None:
    """A whole file that may still be fetched."""
    row = session.get(KeptFile, file)
    return _kept(row, vault) if row and row.is_whole and row.until > now else None


def of_work(session: Session, vault: Vault, work: int, now: datetime) -> dict[Purpose, Kept]:
    """The whole files of a piece of work that may still be fetched."""
    query = select(KeptFile).where(
        _FILES.c.work == work, _FILES.c.is_whole.is_(True), _FILES.c.until > now
    )
    found = session.execute(query.order_by(_FILES.c.id)).scalars()
    return {Purpose(row.purpose): _kept(row, vault) for row in found}


def piece(session: Session, vault: Vault, file: int, number: int) -> bytes:
    """A piece of a file; b"" where there is none."""
    query = select(_PIECES.c.sealed).where(_PIECES.c.file == file, _PIECES.c.number == number)
    sealed = session.execute(query).scalar()
    return b"" if sealed is None else vault.open_bytes(sealed)


def claim(session: Session, file: int, work: int) -> bool:
    """A file that was handed in is used by this work; False where it has been used already."""
    free = (_FILES.c.id == file) & (_FILES.c.work == 0)
    change = update(_FILES).where(free).values(work=work)
    return bool(session.connection().execute(change).rowcount)


def drop(session: Session, files: Collection[int]) -> None:
    """Nothing of these files stays."""
    session.execute(delete(_PIECES).where(_PIECES.c.file.in_(files)))
    session.execute(delete(_FILES).where(_FILES.c.id.in_(files)))


def drop_of(session: Session, work: int, purpose: Purpose) -> None:
    """A piece of work does not need these of its files any more."""
    drop(session, _of(session, work, purpose))


def prune(session: Session, now: datetime) -> int:
    """Drop files whose time is over, some at once; how many."""
    query = select(_FILES.c.id).where(_FILES.c.until <= now).limit(_TOGETHER)
    files = list(session.execute(query).scalars())
    drop(session, files)
    return len(files)


def _of(session: Session, work: int, purpose: Purpose) -> list[int]:
    query = select(_FILES.c.id).where(_FILES.c.work == work, _FILES.c.purpose == purpose.value)
    return list(session.execute(query).scalars())


def _kept(row: KeptFile, vault: Vault) -> Kept:
    assert row.id is not None
    name = str(vault.open(row.sealed))
    purpose = Purpose(row.purpose)
    return Kept(row.id, row.work, purpose, row.by, name, row.size, row.created_at, row.until)
