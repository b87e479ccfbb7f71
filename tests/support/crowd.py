"""Many people at once, as tests want them: in a county, confirmed or waiting for their yes."""

from __future__ import annotations

from datetime import datetime

from records import people
from records.database import Session
from records.people import Entered, Source
from records.vault import Vault


def id_of(area: str, number: int, name: str = "王某", *, is_pending: bool = False) -> str:
    """The id of one of them."""
    return f"{area}-{is_pending:d}-{_numbered(name)}-{number:05d}"


def _numbered(name: str) -> int:
    """A number that follows from a name, for an id."""
    return sum(map(ord, name)) % 10_000


_BASIS = "试〔2026〕1号"


def enter(
    session: Session,
    vault: Vault,
    now: datetime,
    area: str,
    count: int,
    name: str = "王某",
    *,
    is_pending: bool = False,
) -> None:
    """`count` people of a county; their ids and phones follow from their names."""
    for number in range(count):
        texts = {"nickname": name, "phone": f"139{number:08d}"}
        source = Source.PROXY if is_pending else Source.BULK
        people.enter(
            session,
            vault,
            id_of(area, number, name, is_pending=is_pending),
            Entered({"intent": "ready"}, texts, area, source),
            at=now,
            basis="" if is_pending else _BASIS,
        )
