"""A cadre's paste on both kinds of database: looked at in one transaction, stored in another."""

from __future__ import annotations

from datetime import datetime

import pytest

from handlers.places import country
from records import grounds, people
from records.database import Database, Session
from records.staff_accounts import Staff, StaffRole
from records.vault import Vault
from registry import pasting
from registry.lists import Outcome
from registry.pasting import Changed, Paste, Post

VILLAGE = "430381111217"
CADRE = Staff("老谢", StaffRole.CADRE, VILLAGE)
TEXT = "老屋湾 王某 13800000000 1 1 1 2\n老屋湾 李四 1390000 1 1 1 2\n赵五 13700000000 3 农 4"


def _tried(session: Session, vault: Vault, now: datetime, text: str) -> tuple[Post, Paste]:
    post = pasting.post_of(session, vault, CADRE, country(), now)
    return post, pasting.paste(session, post, text, "ab" * 12)


async def _settled(database: Database, now: datetime) -> None:
    await database.run(lambda s: grounds.settle(s, VILLAGE, "某1号", staff="老谢", at=now))


async def test_what_was_tried_is_what_is_stored(
    database: Database, vault: Vault, now: datetime
) -> None:
    await _settled(database, now)
    post, paste = await database.read(_tried, vault, now, TEXT)
    assert (paste.count(Outcome.NEW), len(paste.faulty)) == (2, 1)
    entered = await database.run(pasting.store, post, paste)
    found = await database.read(people.by_ids, vault, [s.subject for _, s in entered])
    assert [p.nickname for p in found.values()] == ["王某", "赵五"]
    post, again = await database.read(_tried, vault, now, TEXT)
    assert (again.count(Outcome.SAME), [d.number for d in post.drafts]) == (2, [2])


async def test_what_another_stored_meanwhile_is_looked_at_again(
    database: Database, vault: Vault, now: datetime
) -> None:
    await _settled(database, now)
    first = await database.read(_tried, vault, now, TEXT)
    second = await database.read(_tried, vault, now, TEXT)
    await database.run(pasting.store, *first)
    with pytest.raises(Changed):
        await database.run(pasting.store, *second)


async def test_a_document_of_the_county_holds_for_its_villages(
    database: Database, vault: Vault, now: datetime
) -> None:
    await database.run(lambda s: grounds.settle(s, "430381", "县1号", staff="小唐", at=now))
    post, _ = await database.read(_tried, vault, now, TEXT)
    assert post.document == "县1号"
