"""Counts that pages share: made once, waited for as long as a page has patience."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from aiohttp.test_utils import make_mocked_request

from console.desk import Desk
from console.lately import Lately
from records.staff_accounts import Staff, StaffRole
from tests.support.console import Stage


@pytest.fixture
def desk(stage: Stage) -> Desk:
    staff = Staff("小周", StaffRole.STAFF, "371703")
    return Desk(make_mocked_request("GET", "/"), stage.means, stage.now, staff)


class Slow:
    """A count that ends when it is told to."""

    def __init__(self) -> None:
        self.times, self.may_end = 0, asyncio.Event()

    async def __call__(self) -> int:
        self.times += 1
        await self.may_end.wait()
        return 60


async def test_who_does_not_wait_finds_it_later(desk: Desk) -> None:
    lately, slow = Lately(timedelta(minutes=1)), Slow()
    assert await lately.soon(desk, "k", slow, 0) is None
    assert lately.is_making(lambda key: key == "k")
    slow.may_end.set()
    assert (await lately.get(desk, "k", slow)).value == 60
    assert not lately.is_making(lambda key: key == "k")
    assert slow.times == 1


async def test_what_failed_is_made_anew(desk: Desk) -> None:
    lately, slow = Lately(timedelta(minutes=1)), Slow()

    async def fails() -> int:
        raise ValueError("wrong")

    with pytest.raises(ValueError, match="wrong"):
        await lately.get(desk, "k", fails)
    slow.may_end.set()
    assert (await lately.get(desk, "k", slow)).value == 60
