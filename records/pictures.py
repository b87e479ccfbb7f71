"""Pictures that staff sent for a post: sealed, kept until no group waits for them any more."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta

from sqlalchemy import Column, LargeBinary, delete, select
from sqlmodel import Field, Session, SQLModel

from records.dialect import insert_or_ignore
from records.types import UtcDateTime
from records.vault import Vault

MOST_BYTES = 2 * 1024**2  # WeCom takes no larger ones
MOST_PIXELS = 40_000_000  # what an old phone can still unfold
LIFE = timedelta(days=3)  # of what no post needs; as long as WeCom keeps what was sent
_ID = 32
_BEGINNINGS = {"jpg": b"\xff\xd8\xff", "png": b"\x89PNG\r\n\x1a\n"}
_SIZES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # marks of a JPEG that say its size


class Picture(SQLModel, table=True):
    """One picture as it was sent."""

    __tablename__ = "picture"

    id: str = Field(primary_key=True, max_length=_ID)
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    at: datetime = Field(sa_type=UtcDateTime, index=True)


_TABLE = Picture.__table__  # type: ignore[attr-defined]


def kind_of(content: bytes) -> str:
    """«jpg» or «png» by the first bytes; "" for what not every channel can show."""
    found = (kind for kind, first in _BEGINNINGS.items() if content.startswith(first))
    return next(found, "")


def keep(session: Session, vault: Vault, named: str, content: bytes, at: datetime) -> str:
    """Keep the picture of a message; its id, which nobody can guess, and the same each time."""
    row = {
        "id": number(vault, named),
        "sealed": vault.seal(base64.b64encode(content).decode()),
        "at": at,
    }
    session.connection().execute(insert_or_ignore(session, _TABLE, ["id"]), [row])
    return str(row["id"])


def number(vault: Vault, named: str) -> str:
    """The id under which the picture of a message is kept."""
    return vault.fingerprint(f"picture {named}")[:_ID]


def pixels(content: bytes) -> int:
    """How many points a picture says that it unfolds to; 0 where it does not say."""
    if kind_of(content) == "png":
        return int.from_bytes(content[16:20]) * int.from_bytes(content[20:24])
    at = 2  # behind the mark that begins a JPEG
    while content[at : at + 1] == b"\xff" and at + 9 <= len(content):
        mark, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4])
        if mark in _SIZES:
            tall, wide = content[at + 5 : at + 7], content[at + 7 : at + 9]
            return int.from_bytes(tall) * int.from_bytes(wide)
        at += 2 + length
    return 0


def find(session: Session, vault: Vault, number: str) -> bytes | None:
    """A picture; None where it is not kept any more."""
    sealed = session.execute(select(_TABLE.c.sealed).where(_TABLE.c.id == number)).scalar()
    return None if sealed is None else base64.b64decode(vault.open(sealed))


def prune(session: Session, needed: set[str], now: datetime) -> int:
    """Drop what is old and not among those that a post still needs; how many."""
    is_old = (_TABLE.c.at < now - LIFE) & _TABLE.c.id.not_in(needed)
    return int(session.connection().execute(delete(_TABLE).where(is_old)).rowcount)
