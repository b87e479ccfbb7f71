"""The keys of a store, wrapped by each secret that may open it: secrets change, the keys stay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, LargeBinary, delete, select, text
from sqlmodel import Field, Session, SQLModel

from records.database import Database
from records.key_check import try_key
from records.types import UtcDateTime
from records.vault import Vault, VaultError

_LOCK = 0x6B657973  # any number that is ours alone


class WrappedKeys(SQLModel, table=True):
    """The store's keys as one secret opens them; `holder` tells secrets apart and no more."""

    __tablename__ = "wrapped_keys"

    holder: str = Field(primary_key=True, max_length=16)
    wrapped: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    made_at: datetime = Field(sa_type=UtcDateTime)


@dataclass(frozen=True, slots=True)
class Holder:
    """A secret that opens the store, by its print."""

    name: str
    made_at: datetime


class KeyRefused(Exception):
    """A secret is not added or dropped; the message says why."""


ROWS = "SELECT holder, wrapped FROM wrapped_keys"
_TABLE = WrappedKeys.__table__  # type: ignore[attr-defined]


async def open_store(database: Database, vault: Vault, now: datetime) -> None:
    """Let the vault use the keys of a store that has its tables; the first secret makes them.

    VaultError where it was sealed with another one.
    """
    if not await database.read(unlocked, vault):
        await database.run(_begun, vault, now)


def unlocked(session: Session, vault: Vault) -> bool:
    """The same without making any; False where the store has none yet."""
    return unlock(session.connection().exec_driver_sql(ROWS).all(), vault)


def unlock(rows: Sequence[Any], vault: Vault) -> bool:
    """Use the keys among these `ROWS`; False where there are none: the first secret's hold."""
    held = {row[0]: row[1] for row in rows}
    if held and vault.holder not in held:
        raise VaultError(
            "stored data was sealed with another key: restore the former GUIYAN_SECRET_KEY, "
            "or let it add this one (`guiyan keys add`)"
        )
    vault.use(vault.unwrap(held[vault.holder]) if held else vault.first)
    return bool(held)


def holders(session: Session) -> list[Holder]:
    """The secrets that open the store, the oldest first."""
    query = select(_TABLE.c.holder, _TABLE.c.made_at).order_by(_TABLE.c.made_at, _TABLE.c.holder)
    return [Holder(*row) for row in session.execute(query)]


def add(session: Session, vault: Vault, other: Vault, now: datetime) -> None:
    """Let another secret open the store as well."""
    _alone(session)
    if any(one.name == other.holder for one in holders(session)):
        raise KeyRefused("that secret opens the store already")
    _keep(session, other.holder, other.wrap(vault.keys), now)


def drop(session: Session, vault: Vault, holder: str) -> None:
    """A former secret opens the store no more."""
    _alone(session)
    if holder == vault.holder:
        raise KeyRefused("that is the secret in use: drop it with the new one at hand")
    if all(one.name != holder for one in holders(session)):
        raise KeyRefused(f"no secret is called {holder}: `guiyan keys list` names them")
    session.execute(delete(_TABLE).where(_TABLE.c.holder == holder))


def _begun(session: Session, vault: Vault, now: datetime) -> None:
    _alone(session)
    if not unlocked(session, vault):
        try_key(session, vault)
        _keep(session, vault.holder, vault.wrap(vault.keys), now)


def _keep(session: Session, holder: str, wrapped: bytes, now: datetime) -> None:
    session.add(WrappedKeys(holder=holder, wrapped=wrapped, made_at=now))
    session.flush()


def _alone(session: Session) -> None:
    """Of two who change who may open the store, one waits for the other."""
    if session.connection().dialect.name == "postgresql":
        session.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
