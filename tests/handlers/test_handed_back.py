"""When staff end a talk on the channel's side, one sentence says that the service hears again."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from records.database import Database
from records.messages import InboundKind
from records.vault import Vault
from tests.handlers.support.counted import Account


@pytest.fixture
async def account(database: Database, vault: Vault) -> Account:
    account = Account(database, vault, datetime.fromisoformat("2026-11-23T10:00:00+08:00"))
    await account.says("你好")
    return account


async def _ended(account: Account, *, seconds: float) -> list[str]:
    """The talk ends now; what is said while one message may follow for so long."""
    until = account.now + timedelta(seconds=30 + seconds)
    return await account.says("", kind=InboundKind.UNSTAFFED, say_until=until.isoformat())


async def test_who_was_with_staff_is_told(account: Account) -> None:
    await account.says("", kind=InboundKind.STAFFED)
    assert "接着为您服务" in "".join(await _ended(account, seconds=15))
    assert "最高10万元" in "".join(await account.says("定陶开店能贷多少钱"))


async def test_it_is_not_said_too_late(account: Account) -> None:
    await account.says("", kind=InboundKind.STAFFED)
    assert await _ended(account, seconds=-5) == []


async def test_who_left_staff_themselves_is_not_told(account: Account) -> None:
    await account.says("", kind=InboundKind.STAFFED)
    await account.says("结束")
    assert await _ended(account, seconds=15) == []
