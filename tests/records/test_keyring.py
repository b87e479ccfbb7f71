"""The store's keys stay; the secrets that open it come and go."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import select

from records import audit, audit_chain, audit_check, keyring
from records.conversations import Conversation
from records.database import Database, Session
from records.keyring import KeyRefused
from records.vault import Vault, VaultError

FIRST, NEXT = "the first secret of this store", "the secret that comes next"


@pytest.fixture
async def first(database: Database, now: datetime) -> Vault:
    """The vault of a store that has just begun."""
    return await opened(database, FIRST, now)


async def opened(database: Database, secret: str, now: datetime) -> Vault:
    vault = Vault(secret, is_closed=True)
    await keyring.open_store(database, vault, now)
    return vault


async def names(database: Database) -> list[str]:
    return [one.name for one in await database.read(keyring.holders)]


def test_nothing_is_sealed_before_the_store_is_open() -> None:
    vault = Vault(FIRST, is_closed=True)
    for use in (vault.seal, vault.fingerprint, lambda text: vault.open(text.encode())):
        with pytest.raises(VaultError, match="opened first"):
            use("老周")


async def test_a_store_begins_with_the_keys_that_its_secret_always_made(first: Vault) -> None:
    assert Vault(FIRST).open(first.seal("老周")) == "老周"
    assert Vault(FIRST).fingerprint("老周") == first.fingerprint("老周")


async def test_another_secret_does_not_open_it(
    database: Database, first: Vault, now: datetime
) -> None:
    with pytest.raises(VaultError, match="guiyan keys add"):
        await opened(database, NEXT, now)
    assert await names(database) == [first.holder]


async def test_a_store_from_before_is_taken_over_by_its_own_secret_only(
    database: Database, now: datetime
) -> None:
    await database.run(_talked, Vault(FIRST), now)
    with pytest.raises(VaultError, match="another key"):
        await opened(database, NEXT, now)
    assert await names(database) == []
    assert (await opened(database, FIRST, now)).open(Vault(FIRST).seal(1)) == 1


def _talked(session: Session, vault: Vault, now: datetime) -> None:
    talk = Conversation(
        key="t:1", channel="t", chat="1", state=vault.seal({}), created_at=now, updated_at=now
    )
    session.add(talk)


async def test_a_secret_that_was_added_finds_and_opens_what_the_first_sealed(
    database: Database, first: Vault, now: datetime
) -> None:
    await database.run(keyring.add, first, Vault(NEXT), now)
    second = await opened(database, NEXT, now)
    assert second.open(first.seal("老周")) == "老周"
    assert second.fingerprint("13800000000") == first.fingerprint("13800000000")


async def test_a_secret_that_was_dropped_opens_it_no_more(
    database: Database, first: Vault, now: datetime
) -> None:
    await database.run(keyring.add, first, Vault(NEXT), now)
    second = await opened(database, NEXT, now)
    await database.run(keyring.drop, second, first.holder)
    with pytest.raises(VaultError, match="another key"):
        await opened(database, FIRST, now)
    assert (await opened(database, NEXT, now)).open(first.seal(1)) == 1


async def test_the_one_in_use_is_not_dropped(database: Database, first: Vault) -> None:
    with pytest.raises(KeyRefused, match="in use"):
        await database.run(keyring.drop, first, first.holder)
    with pytest.raises(KeyRefused, match="keys list"):
        await database.run(keyring.drop, first, "0123456789abcdef")


async def test_a_secret_is_added_once(database: Database, first: Vault, now: datetime) -> None:
    await database.run(keyring.add, first, Vault(NEXT), now)
    with pytest.raises(KeyRefused, match="already"):
        await database.run(keyring.add, first, Vault(NEXT), now)


async def test_changed_keys_are_noticed(database: Database, first: Vault, now: datetime) -> None:
    await database.run(keyring.add, first, Vault(NEXT), now)
    await database.run(_swapped)
    with pytest.raises(VaultError, match="changed"):
        await opened(database, NEXT, now)


def _swapped(session: Session) -> None:
    one, other = session.execute(select(keyring.WrappedKeys)).scalars()
    one.wrapped, other.wrapped = other.wrapped, one.wrapped


async def test_the_trail_is_whole_after_a_change_of_secret(
    database: Database, first: Vault, now: datetime
) -> None:
    await database.run(lambda s: audit.write(s, "x", at=now, sealed=first.seal("why")))
    await audit_chain.seal(database, first, now)
    noted = (await database.read(audit_chain.head)).words
    await database.run(keyring.add, first, Vault(NEXT), now)
    second = await opened(database, NEXT, now)
    await database.run(keyring.drop, second, first.holder)
    assert (await audit_check.check(database, second, now, noted=[noted])).is_whole
