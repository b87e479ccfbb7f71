"""A token is asked for once for everybody, ahead of its end, and never in a loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime

import pytest
from sqlalchemy import text

from channels.base import FailureKind
from channels.wecom.client import Client
from channels.wecom.failures import WecomError
from records.database import Database, Session
from tests.support.scripted_wecom import CORP, SECRET, TOKEN, Clock, ScriptedWecom, a_client

PATH = "kf/account/list"


@pytest.fixture
def clock(now: datetime) -> Clock:
    return Clock(now)


@pytest.fixture
async def server() -> AsyncIterator[ScriptedWecom]:
    async with ScriptedWecom() as server:
        yield server


@pytest.fixture
async def client(server: ScriptedWecom, database: Database, clock: Clock) -> AsyncIterator[Client]:
    client = a_client(server, database, clock)
    yield client
    await client.close()


@pytest.fixture
async def other(
    server: ScriptedWecom, database_url: str, database: Database, clock: Clock
) -> AsyncIterator[Client]:
    """Another process: its own client and its own connections to the database."""
    of_its_own = Database(database_url)
    client = a_client(server, of_its_own, clock, owner="another")
    yield client
    await client.close()
    await of_its_own.close()


async def _calls(count: int, *clients: Client) -> None:
    await asyncio.gather(
        *(c.call(PATH, {}, may_repeat=True) for c in clients for _ in range(count))
    )


async def test_a_thousand_calls_ask_for_one_token(client: Client, server: ScriptedWecom) -> None:
    await _calls(1000, client)
    assert (server.count("gettoken"), server.count(PATH)) == (1, 1000)


async def test_two_processes_ask_for_one_token(
    client: Client, other: Client, server: ScriptedWecom
) -> None:
    server.token_delay = 0.3
    await _calls(20, client, other)
    assert (server.count("gettoken"), server.count(PATH)) == (1, 40)


async def test_a_token_is_kept_over_a_restart(
    client: Client, other: Client, server: ScriptedWecom
) -> None:
    await _calls(1, client)
    await _calls(1, other)
    assert server.count("gettoken") == 1


async def test_a_token_is_renewed_ahead_of_its_end(
    client: Client, server: ScriptedWecom, clock: Clock
) -> None:
    await _calls(1, client)
    clock.turn(seconds=6_999)
    await _calls(5, client)
    assert server.count("gettoken") == 1
    clock.turn(seconds=2)
    await _calls(5, client)
    assert server.count("gettoken") == 2


async def test_the_same_token_with_its_last_minutes_is_no_storm(
    client: Client, server: ScriptedWecom
) -> None:
    server.repeats_token, server.expires_in = True, 100
    await _calls(50, client)
    assert server.count("gettoken") == 1


@pytest.mark.parametrize("code", [40001, 40014, 41001, 42001])
async def test_a_refused_token_is_renewed_and_the_call_repeated_once(
    client: Client, server: ScriptedWecom, code: int
) -> None:
    server.script[PATH] = [code]
    await client.call(PATH, {})
    assert (server.count("gettoken"), server.count(PATH)) == (2, 2)


async def test_a_token_refused_twice_is_not_tried_a_third_time(
    client: Client, server: ScriptedWecom
) -> None:
    server.script[PATH] = [40014, 40014]
    with pytest.raises(WecomError) as raised:
        await client.call(PATH, {}, may_repeat=True)
    assert (server.count("gettoken"), server.count(PATH)) == (2, 2)
    assert raised.value.as_failure().kind is FailureKind.MISCONFIGURED
    assert "40014" in client.fault()


@pytest.mark.parametrize("repeats_token", [False, True])
async def test_fifty_calls_with_a_dead_token_make_one_refresh(
    client: Client, server: ScriptedWecom, repeats_token: bool
) -> None:
    server.repeats_token = repeats_token
    await _calls(1, client)
    server.script[PATH] = [40014] * 50
    await _calls(50, client)
    assert (server.count("gettoken"), server.count(PATH)) == (2, 101)


async def test_two_processes_with_a_dead_token_make_one_refresh(
    client: Client, other: Client, server: ScriptedWecom
) -> None:
    await _calls(1, client, other)
    server.invalidate()
    server.token_delay = 0.3
    await _calls(25, client, other)
    assert server.count("gettoken") == 2


async def test_a_process_that_died_while_it_refreshed_is_waited_for_only_so_long(
    client: Client, other: Client, server: ScriptedWecom, clock: Clock
) -> None:
    server.token_delay = 60.0
    dying = asyncio.create_task(client.call(PATH, {}))
    await server.asked_for_token.wait()
    server.token_delay = 0.0
    clock.turn(seconds=11)
    await _calls(1, other)
    assert server.count("gettoken") == 2
    dying.cancel()


async def test_a_caller_that_gives_up_leaves_the_refresh_to_others(
    client: Client, other: Client, server: ScriptedWecom
) -> None:
    server.token_delay = 60.0
    given_up = asyncio.create_task(client.call(PATH, {}))
    await server.asked_for_token.wait()
    given_up.cancel()
    await asyncio.wait([given_up])
    server.token_delay = 0.0
    await _calls(1, other)


async def test_another_secret_has_another_token(
    client: Client, server: ScriptedWecom, database: Database, clock: Clock
) -> None:
    await _calls(1, client)
    server.secret = "reset"
    mended = a_client(server, database, clock, secret="reset")
    await _calls(1, mended)
    await mended.close()
    assert server.count("gettoken") == 2


async def test_the_table_tells_nothing(client: Client, database: Database) -> None:
    await _calls(1, client)
    found = await database.read(_everything)
    assert len(found) == 1
    assert not any(secret in repr(found) for secret in (SECRET, CORP, TOKEN))


def _everything(session: Session) -> list[object]:
    return [tuple(row) for row in session.connection().execute(text("SELECT * FROM access_token"))]
