"""Pictures that come in: fetched and kept for a post of staff, of nobody else."""

from __future__ import annotations

from datetime import datetime

import pytest

from handlers.album import PICTURE, REFUSED, Album
from handlers.state import State
from records import pictures, staff_accounts
from records.database import Database, Session
from records.messages import Inbound, InboundKind
from records.staff_accounts import StaffRole
from records.vault import Vault
from tests.support.pictures import GIF, HUGE, JPEG, LARGE, LARGEST, PNG

WRITING = State("posting", "text")
K = InboundKind


@pytest.fixture
def kind() -> str:
    """What does not touch the store need not run on both."""
    return "sqlite"


def _message(now: datetime, kind: InboundKind = K.PICTURE, *, in_group: bool = False) -> Inbound:
    extra = {"file_id": "f"}
    return Inbound("fake", "7", "m", kind, "", now, is_group=in_group, extra=extra)


def _album(database: Database, vault: Vault, now: datetime, content: bytes | None) -> Album:
    async def fetch(message: Inbound) -> bytes | None:
        return content

    return Album(database, vault, {"fake": fetch}, lambda: now)


def _hire(session: Session, now: datetime) -> None:
    staff_accounts.add(session, "王姐", role=StaffRole.MENTOR, area="", at=now, actor="system")
    staff_accounts.bind(session, "王姐", "fake:7", at=now, actor="system")


@pytest.mark.parametrize("content", [JPEG, PNG, LARGEST])
async def test_it_is_kept_and_its_address_forgotten(
    database: Database, vault: Vault, now: datetime, content: bytes
) -> None:
    kept = await _album(database, vault, now, content).kept(_message(now))
    assert list(kept.extra) == [PICTURE]
    assert await database.read(pictures.find, vault, kept.extra[PICTURE]) == content


@pytest.mark.parametrize(
    ("content", "why"),
    [(None, "away"), (GIF, "kind"), (b"", "kind"), (HUGE, "wide"), (LARGE, str(len(LARGE)))],
)
async def test_what_is_wrong_with_it_is_known(
    database: Database, vault: Vault, now: datetime, content: bytes | None, why: str
) -> None:
    kept = await _album(database, vault, now, content).kept(_message(now))
    assert kept.extra == {REFUSED: why}


async def test_fetched_twice_it_is_one(database: Database, vault: Vault, now: datetime) -> None:
    album = _album(database, vault, now, JPEG)
    assert await album.kept(_message(now)) == await album.kept(_message(now))


async def test_of_others_not_even_the_address_is_kept(
    database: Database, vault: Vault, now: datetime
) -> None:
    album, message = _album(database, vault, now, JPEG), _message(now)
    [bare] = await album.without_others([message])
    assert bare.extra == {}
    await database.run(_hire, now)
    assert await album.without_others([message]) == [message]


async def test_only_for_a_post(database: Database, vault: Vault, now: datetime) -> None:
    album = _album(database, vault, now, JPEG)
    assert album.may_keep(_message(now), WRITING)
    assert album.may_keep(_message(now, K.TEXT), WRITING)  # with words under it
    assert not album.may_keep(_message(now), State())
    assert not album.may_keep(_message(now, K.VOICE), WRITING)
    assert not album.may_keep(_message(now, in_group=True), WRITING)
