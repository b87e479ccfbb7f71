"""Two processes and a server that stumbles: everything arrives once, and no limit is met."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import suppress
from functools import partial

import pytest

from channels.wecom.calls import Patience
from channels.wecom.client import Client, RobotClient
from channels.wecom.failures import Trouble, WecomError
from channels.wecom.tokens import TokenStore
from records.database import Database
from records.vault import Vault
from tests.support.wecom import faults
from tests.support.wecom.server import WeCom

SEND = "message/send"


@pytest.fixture
async def wecom() -> AsyncIterator[WeCom]:
    async with WeCom() as wecom:
        for number in range(300):
            wecom.corp.member(f"m{number}")
        yield wecom


@pytest.fixture
async def clients(
    wecom: WeCom, database: Database, database_url: str
) -> AsyncIterator[list[Client]]:
    """Two processes: each its own client and connections."""
    databases = [database, Database(database_url)]
    clients = [_client(wecom, one, f"p{n}") for n, one in enumerate(databases)]
    yield clients
    for client in clients:
        await client.close()
    await databases[1].close()


def _client(wecom: WeCom, database: Database, owner: str) -> Client:
    return Client(
        base_url=wecom.url,
        corp_id=wecom.corp.corp_id,
        secret=wecom.tokens.apps["app"].secret,
        store=TokenStore(database, Vault("a key for tests only"), owner),
        now=wecom.clock.moment,
        patience=Patience(rest=0.02),
    )


async def _say(wecom: WeCom, client: Client, member: str) -> None:
    """As the sender would: again, when it may, until it is known to have arrived."""
    body = {"touser": member, "agentid": 1_000_002, "enable_duplicate_check": 1}
    text = {"msgtype": "text", "text": {"content": member}}
    for _ in range(8):
        try:
            await client.call(SEND, {**body, **text}, may_repeat=True)
            return
        except WecomError as error:
            wait = error.as_failure().retry_after
            wecom.clock.advance(wait.total_seconds() if wait else 0)


def _has_taken(wecom: WeCom, number: int) -> bool:
    return wecom.answers[SEND, 0] >= number


def _arrived(wecom: WeCom) -> Counter[int]:
    return Counter(len(wecom.phones.texts(f"m{number}")) for number in range(300))


async def test_whatever_stumbles_each_message_arrives_once(
    wecom: WeCom, clients: list[Client]
) -> None:
    for fault in (faults.code(-1), faults.BAD_GATEWAY, faults.CLOSED_AFTER, faults.HTML):
        wecom.faults.often(SEND, fault, 0.05)
    sends = [asyncio.create_task(_say(wecom, clients[n % 2], f"m{n}")) for n in range(300)]
    for number in (20, 100, 200):
        await wecom.until(partial(_has_taken, wecom, number))
        wecom.tokens.invalidate("app")
    await asyncio.gather(*sends)
    assert _arrived(wecom) == {1: 300}
    assert 4 <= wecom.tokens.asked <= 8


async def test_what_comes_together_too_often_is_spread(
    wecom: WeCom, clients: list[Client]
) -> None:
    wecom.limits.at_once = 40
    await asyncio.gather(*(_say(wecom, clients[0], f"m{n}") for n in range(120)))
    assert _arrived(wecom) == {1: 120, 0: 180}


async def test_a_member_never_loses_a_message_silently(
    wecom: WeCom, clients: list[Client]
) -> None:
    body = {"touser": "m1", "agentid": 1_000_002, "msgtype": "text"}
    taken = 0
    for number in range(120):
        with suppress(WecomError):
            await clients[0].call(SEND, {**body, "text": {"content": str(number)}})
            taken += 1
        wecom.clock.advance(1)
    assert taken == len(wecom.phones.texts("m1")) > 40


async def test_a_robot_is_never_refused_for_its_pace(wecom: WeCom) -> None:
    key = wecom.robots.add("值班")
    client = RobotClient(base_url=wecom.url, name="duty", key=key, now=wecom.clock.moment)
    for number in range(180):
        with suppress(WecomError):
            await client.send({"msgtype": "text", "text": {"content": str(number)}})
        wecom.clock.advance(1)
    await client.close()
    assert wecom.answers["webhook/send", 45009] == 0
    assert len(wecom.phones.texts(key)) > 40


async def test_an_untrusted_address_is_told(wecom: WeCom, clients: list[Client]) -> None:
    wecom.tokens.apps["app"].is_trusted = False
    with pytest.raises(WecomError) as raised:
        await clients[0].call(SEND, {"touser": "m1"})
    assert raised.value.trouble is Trouble.CONFIGURATION
    assert "企业可信IP" in clients[0].fault()
