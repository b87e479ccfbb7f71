"""Streams of what changes: who may not any more hears nothing more, and nobody takes them all."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import ClientResponse

from console import live
from console.guard import COOKIE
from records import console_access, staff_accounts
from records.database import Session
from records.staff_accounts import StaffRole
from tests.support.console import Browser, Stage

LONGEST = 20  # seconds


@pytest.fixture(autouse=True)
def _look_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "_WATCH", 0.1)
    monkeypatch.setattr(live, "POLL", 0.1)


@asynccontextmanager
async def _stream(browser: Browser, topic: str = "tickets") -> AsyncIterator[ClientResponse]:
    headers = {"Cookie": f"{COOKIE}={browser.token}"}
    async with browser.client.get(f"/console/live?topic={topic}", headers=headers) as response:
        yield response


def _dismiss(session: Session, stage: Stage) -> None:
    staff_accounts.disable(session, "小周", at=stage.now, actor="system")


def _move(session: Session, stage: Stage) -> None:
    role = StaffRole.STAFF
    staff_accounts.change(session, "小周", role=role, area="371702", at=stage.now, actor="system")


def _sign_out(session: Session, stage: Stage) -> None:
    console_access.end_all(session, "小周")


@pytest.mark.parametrize("work", [_dismiss, _move, _sign_out])
async def test_a_stream_ends_with_what_let_it_begin(
    stage: Stage, work: Callable[[Session, Stage], None]
) -> None:
    async with _stream(await stage.staff()) as response:
        assert (await response.content.readline()).startswith(b"retry")
        await stage.database.run(work, stage)
        await asyncio.wait_for(response.content.read(), LONGEST)


async def test_nobody_takes_the_streams_of_all(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "_MOST_OF_ONE", 1)
    mine, other = await stage.staff(), await stage.staff("小吴")
    async with _stream(mine), _stream(mine) as second, _stream(other) as third:
        assert (second.status, third.status) == (204, 200)


async def test_a_number_that_no_database_holds_is_no_topic(stage: Stage) -> None:
    async with _stream(await stage.staff(), "work:" + "9" * 38) as response:
        assert response.status == 204
