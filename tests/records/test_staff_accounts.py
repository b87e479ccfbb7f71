"""Who works here, and which accounts speak for them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from records import audit, staff_accounts
from records.database import Database, Session
from records.staff_accounts import Staff, StaffRefusal, StaffRole
from records.vault import Vault

CODE = "YG23456789"


async def _add(database: Database, name: str, now: datetime, area: str = "") -> None:
    def work(session: Session) -> None:
        role = StaffRole.STAFF
        staff_accounts.add(session, name, role=role, area=area, at=now, actor="staff:terminal")

    await database.run(work)


async def _bind(database: Database, name: str, account: str, now: datetime) -> None:
    def work(session: Session) -> None:
        staff_accounts.bind(session, name, account, at=now, actor="staff:terminal")

    await database.run(work)


async def _disable(database: Database, name: str, now: datetime) -> None:
    def work(session: Session) -> None:
        staff_accounts.disable(session, name, at=now, actor="staff:terminal")

    await database.run(work)


async def _offer(database: Database, vault: Vault, code: str, now: datetime) -> None:
    def work(session: Session) -> None:
        staff_accounts.offer(session, vault, "小刘", code, at=now, actor="staff:terminal")

    await database.run(work)


async def _redeem(database: Database, vault: Vault, account: str, at: datetime) -> bool:
    def work(session: Session) -> bool:
        return staff_accounts.redeem(session, vault, CODE, account, at=at)

    return await database.run(work)


async def test_a_userid_is_the_same_in_any_case(database: Database, now: datetime) -> None:
    await _add(database, "小刘", now, "371703")
    await _bind(database, "小刘", staff_accounts.wecom_account("LiuYang"), now)
    found = await database.read(staff_accounts.who_are, ["wecom_app:LIUYANG", "webchat:liuyang"])
    assert found == {"wecom_app:LIUYANG": Staff("小刘", StaffRole.STAFF, "371703")}


async def test_an_account_speaks_for_one_only(database: Database, now: datetime) -> None:
    await _add(database, "小刘", now)
    await _add(database, "老张", now)
    await _bind(database, "小刘", "telegram:7", now)
    with pytest.raises(StaffRefusal, match="speaks for 小刘"):
        await _bind(database, "老张", "telegram:7", now)


async def test_who_is_disabled_loses_accounts_and_codes_and_may_come_back(
    database: Database, vault: Vault, now: datetime
) -> None:
    await _add(database, "小刘", now)
    await _bind(database, "小刘", "telegram:7", now)
    await _offer(database, vault, CODE, now)
    await _disable(database, "小刘", now)
    assert await database.read(staff_accounts.who_are, ["telegram:7"]) == {}
    assert not await _redeem(database, vault, "telegram:7", now)
    await _add(database, "小刘", now)
    assert [s.accounts for s in await database.read(staff_accounts.everybody)] == [()]


@pytest.mark.parametrize(("hours", "is_good"), [(23, True), (25, False)])
async def test_a_code_is_good_for_a_day_and_once(
    database: Database, vault: Vault, now: datetime, hours: int, is_good: bool
) -> None:
    await _add(database, "小刘", now)
    await _offer(database, vault, CODE, now)
    later = now + timedelta(hours=hours)
    assert await _redeem(database, vault, "telegram:7", later) is is_good
    assert not await _redeem(database, vault, "telegram:8", later)


async def test_a_new_code_voids_the_one_before(
    database: Database, vault: Vault, now: datetime
) -> None:
    await _add(database, "小刘", now)
    await _offer(database, vault, CODE, now)
    await _offer(database, vault, "YG99999999", now)
    assert not await _redeem(database, vault, "telegram:7", now)


async def test_each_change_leaves_a_trace(database: Database, now: datetime) -> None:
    await _add(database, "小刘", now)
    await _bind(database, "小刘", "telegram:7", now)
    await _disable(database, "小刘", now)
    acts = [row.act for row in await database.read(audit.of, "小刘")]
    assert acts == ["staff.added", "staff.bound", "staff.disabled"]
