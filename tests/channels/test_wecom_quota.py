"""Quotas of broadcasts on the stand-in: counted before the platform has anything to refuse."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime

import pytest

from outreach.broadcast_quota import Quota
from outreach.broadcasts import Kind
from records.database import Database
from records.vault import Vault
from tests.support.wecom import group_send as theirs
from tests.support.wecom.clock import DAY, MINUTE
from tests.support.wecom.server import WeCom
from tests.support.wecom_contacts import MORNING, Office, a_clock, a_friend, a_group, confirm


@pytest.fixture
async def wecom() -> AsyncIterator[WeCom]:
    async with WeCom(clock=a_clock()) as wecom:
        wecom.contacts.steward("LiSi")
        yield wecom


@pytest.fixture
async def office(wecom: WeCom, database: Database, vault: Vault) -> AsyncIterator[Office]:
    office = Office(wecom, database, vault)
    yield office
    await office.channel.close()


async def test_whom_the_platform_calls_full_is_left_out_until_the_month_ends(
    office: Office,
) -> None:
    friend = await a_friend(office)
    office.wecom.contacts.sends.spend(friend, 30)
    await office.wants(friend, kind=Kind.SINGLE)
    await office.works()
    confirm(office)
    await office.works(10 * MINUTE)
    await office.wants(friend, kind=Kind.SINGLE, key="again")
    assert await office.outcomes("again") == {friend: "over_quota"}
    office.wecom.clock.advance(9 * DAY)
    await office.wants(friend, kind=Kind.SINGLE, key="december")
    assert await office.outcomes("december") == {friend: "waiting"}


@pytest.mark.parametrize("kind", ["sqlite"])  # long; the other tests run on both
@pytest.mark.parametrize(
    ("quota", "sent"), [(Quota.MONTH, 31), (Quota.WEEK, 5 * 7), (Quota.DAY, 31)]
)
async def test_a_month_of_broadcasts_never_exceeds_the_quota(
    wecom: WeCom, database: Database, vault: Vault, quota: Quota, sent: int
) -> None:
    wecom.clock.advance(
        (datetime(2026, 12, 1, 9, tzinfo=MORNING.tzinfo) - MORNING).total_seconds()
    )
    wecom.contacts.sends.quota = theirs.Quota[quota.name]
    wecom.tokens.lifetime = 90 * DAY
    office = Office(wecom, database, vault, quota)
    group = await a_group(office)
    for day in range(31):
        for which in ("morning", "noon"):
            await office.wants(group, key=f"{day}/{which}")
        await office.works(2 * MINUTE)
        if day % 5 < 3:  # the steward sees to it now and then
            confirm(office)
        await office.works(DAY - 2 * MINUTE)
    arrived = len(wecom.phones.texts(group))
    assert wecom.contacts.sends.over_quota() == 0
    assert sent / 2 < arrived <= sent
    await office.channel.close()
