"""Calls go in UTF-8 with the token in the query; what goes wrong is told without secrets."""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from channels.base import FailureKind
from channels.wecom.calls import Patience
from channels.wecom.client import Client, RobotClient
from channels.wecom.failures import Trouble, WecomError
from channels.wecom.pacing import Pacing
from channels.wecom.wire import JSON_BYTES
from records.database import Database
from tests.support.scripted_wecom import (
    ADDRESS,
    CORP,
    SECRET,
    TOKEN,
    Clock,
    Raw,
    ScriptedWecom,
    a_client,
)

SEND = "kf/send_msg"
HTML = Raw(b"<html>maintenance</html>", 200, {"Content-Type": "text/html"})
BAD_GATEWAY = Raw(b"<html>502</html>", 502)
CUT = Raw()
T = Trouble


@pytest.fixture
def kind() -> str:
    """What is told here is the same on both databases."""
    return "sqlite"


@pytest.fixture
def clock(now: datetime) -> Clock:
    return Clock(now)


@pytest.fixture
async def server() -> AsyncIterator[ScriptedWecom]:
    async with ScriptedWecom() as server:
        yield server


@pytest.fixture
async def client(server: ScriptedWecom, database: Database, clock: Clock) -> AsyncIterator[Client]:
    client = a_client(server, database, clock, patience=Patience(seconds=3.0, each=1.5, rest=0.01))
    yield client
    await client.close()


@pytest.fixture
async def robot(server: ScriptedWecom, clock: Clock) -> AsyncIterator[RobotClient]:
    robot = RobotClient(base_url=server.url, name="duty", key=SECRET, now=clock)
    yield robot
    await robot.close()


async def _error(client: Client, path: str = SEND, *, may_repeat: bool = False) -> WecomError:
    with pytest.raises(WecomError) as raised:
        await client.call(path, {"text": "x"}, may_repeat=may_repeat)
    return raised.value


async def test_a_call_is_json_in_utf8_with_the_token_in_the_query(
    client: Client, server: ScriptedWecom
) -> None:
    server.script[SEND] = [{"errcode": 0, "errmsg": "", "msgid": "m1"}]
    assert (await client.call(SEND, {"text": {"content": "返乡"}}))["msgid"] == "m1"
    asked = server.asked[-1]
    assert asked.body == '{"text":{"content":"返乡"}}'.encode()
    assert asked.query["access_token"].startswith(TOKEN)
    assert (asked.method, asked.content_type) == ("POST", "application/json; charset=utf-8")


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("a\x00b\x1fc", "abc"),
        ("line\nnext\ttab", "line\nnext\ttab"),
        ("half \ud83d pair", "half  pair"),
        ("whole 😀", "whole 😀"),
        ("back\\u0041slash", "back\\u0041slash"),
    ],
)
async def test_what_the_platform_refuses_in_a_text_is_left_out(
    client: Client, server: ScriptedWecom, text: str, sent: str
) -> None:
    await client.call(SEND, {"list": [{"text": text}]})
    assert server.asked[-1].json == {"list": [{"text": sent}]}


async def test_an_odd_character_in_an_answer_loses_nothing(
    client: Client, server: ScriptedWecom
) -> None:
    server.script["kf/sync_msg"] = [Raw(b'{"errcode":0,"msg_list":["\\ud83d","\xff","good"]}')]
    answer = await client.call("kf/sync_msg", {"token": "t"})
    assert answer["msg_list"][2] == "good"


async def test_a_get_carries_its_query(client: Client, server: ScriptedWecom) -> None:
    await client.read("externalcontact/list", {"userid": "zhang san+&"})
    assert (server.asked[-1].method, server.asked[-1].query["userid"]) == ("GET", "zhang san+&")


async def test_a_post_may_carry_a_query_too(client: Client, server: ScriptedWecom) -> None:
    await client.call("menu/create", {"button": []}, query={"agentid": "7"})
    assert server.asked[-1].query["agentid"] == "7"


@pytest.mark.parametrize(
    ("bad", "trouble"),
    [
        (HTML, T.UNREADABLE),
        (BAD_GATEWAY, T.UNREADABLE),
        (Raw(b'{"errcode":0}', 500), T.UNREADABLE),
        (Raw(b"", 302, {"Location": "http://127.0.0.1:9/"}), T.UNREADABLE),
        (Raw(b""), T.UNREADABLE),
        (Raw(b"[]"), T.UNREADABLE),
        (Raw(b"{}"), T.UNREADABLE),
        (Raw(b'{"errcode":true}'), T.UNREADABLE),
        (Raw(b'{"errcode":"0"}'), T.UNREADABLE),
        (Raw(b"[" * 100_000), T.UNREADABLE),
        (Raw(b'{"errcode":0,"x":"' + b"y" * JSON_BYTES + b'"}'), T.UNREADABLE),
        (CUT, T.NO_ANSWER),
        (Raw(b"{}", delay=9), T.NO_ANSWER),
        (-1, T.BUSY),
    ],
)
async def test_a_doubtful_outcome_is_told_and_not_repeated(
    client: Client, server: ScriptedWecom, bad: int | Raw, trouble: Trouble
) -> None:
    server.script[SEND] = [bad]
    error = await _error(client)
    assert (error.trouble, error.is_doubtful, server.count(SEND)) == (trouble, True, 1)
    assert error.as_failure().kind in {FailureKind.UNCERTAIN, FailureKind.UNREADABLE_ANSWER}


@pytest.mark.parametrize("bad", [HTML, BAD_GATEWAY, CUT, -1, 45033, 41063])
async def test_what_may_be_repeated_is_repeated(
    client: Client, server: ScriptedWecom, bad: int | Raw
) -> None:
    server.script[SEND] = [bad, bad]
    assert (await client.call(SEND, {}, may_repeat=True))["errcode"] == 0
    assert server.count(SEND) == 3


@pytest.mark.parametrize("bad", [BAD_GATEWAY, CUT, -1])
async def test_three_tries_are_enough(
    client: Client, server: ScriptedWecom, bad: int | Raw
) -> None:
    server.script[SEND] = [bad] * 9
    error = await _error(client, may_repeat=True)
    assert server.count(SEND) == 3
    assert error.as_failure().kind is FailureKind.REPEATABLE


async def test_no_call_takes_longer_than_it_may(client: Client, server: ScriptedWecom) -> None:
    server.script[SEND] = [Raw(b"{}", delay=9)] * 3
    began = asyncio.get_running_loop().time()
    error = await _error(client, may_repeat=True)
    assert (error.trouble, server.count(SEND)) == (T.NO_ANSWER, 2)
    assert asyncio.get_running_loop().time() - began < 3.5


async def test_a_refusal_of_a_repetition_tells_that_the_first_may_have_arrived(
    client: Client, server: ScriptedWecom
) -> None:
    server.script[SEND] = [CUT, 40058, 40058]
    assert (await _error(client, may_repeat=True)).after_doubt
    assert not (await _error(client, may_repeat=True)).after_doubt


@pytest.mark.parametrize("code", [40003, 40058, 60140, 95001, 987654])
async def test_a_refusal_is_not_repeated(client: Client, server: ScriptedWecom, code: int) -> None:
    server.script[SEND] = [code]
    assert (await _error(client, may_repeat=True)).code == code
    assert server.count(SEND) == 1


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "http://no.such.invalid", "nonsense"])
async def test_what_never_left_is_told_apart(
    server: ScriptedWecom, database: Database, clock: Clock, url: str
) -> None:
    client = a_client(server, database, clock)
    await client.check()  # the token is there
    client._wire._base_url = url + "/"
    error = await _error(client)
    assert (error.trouble, error.is_doubtful) == (T.NOT_SENT, False)
    assert error.as_failure().kind is FailureKind.UNREACHABLE
    await client.close()


async def test_too_often_means_the_length_of_the_window(
    client: Client, server: ScriptedWecom, clock: Clock
) -> None:
    server.script[SEND] = [45009]
    assert (await _error(client)).as_failure().retry_after == timedelta(minutes=1)
    clock.turn(seconds=20)
    failure = (await _error(client)).as_failure()
    assert (failure.kind, failure.retry_after) == (FailureKind.THROTTLED, timedelta(seconds=40))
    assert server.count(SEND) == 1
    await client.call("kf/sync_msg", {"token": "t"})


async def test_what_would_be_dropped_silently_is_not_sent(
    client: Client, server: ScriptedWecom
) -> None:
    tries = [client.call("message/send", {"touser": "ZhangSan|li"}) for _ in range(30)]
    results = await asyncio.gather(*tries, return_exceptions=True)
    late = [r for r in results if isinstance(r, WecomError)]
    assert (len(late), server.count("message/send")) == (25, 5)
    assert all(error.trouble is T.TOO_FAST and error.retry_after for error in late)


async def test_clients_of_one_corp_share_the_limits(
    server: ScriptedWecom, database: Database, clock: Clock
) -> None:
    pacing = Pacing()
    one, two = (a_client(server, database, clock, pacing=pacing) for _ in range(2))
    server.script[SEND] = [45009]
    await _error(one)
    assert (await _error(two)).trouble is T.TOO_FAST
    await one.close()
    await two.close()


async def test_an_untrusted_address_is_told_until_it_is_mended(
    client: Client, server: ScriptedWecom
) -> None:
    server.script[SEND] = [60020]
    assert (await _error(client)).as_failure().kind is FailureKind.MISCONFIGURED
    assert ADDRESS in client.fault()
    await client.call(SEND, {})
    assert client.fault() == ""


async def test_an_unknown_code_is_named_once(
    client: Client, server: ScriptedWecom, caplog: pytest.LogCaptureFixture
) -> None:
    server.script[SEND] = [987654] * 3
    for _ in range(3):
        await _error(client)
    assert [record.message for record in caplog.records if "987654" in record.message] == [
        f"WeCom refuses {SEND} (code 987654): look it up at "
        "https://open.work.weixin.qq.com/devtool/query?e=987654"
    ]
    assert client.fault() == ""


@pytest.mark.parametrize("bad", [HTML, BAD_GATEWAY, CUT, 40013, 40014, 45009, 60020, 95001, -1])
async def test_nothing_secret_in_errors_and_logs(
    client: Client, server: ScriptedWecom, bad: int | Raw, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.script[SEND] = [bad, bad]
    error = await _error(client)
    logging.getLogger("test").error("failed", exc_info=error)
    told = [str(error), repr(error), caplog.text, client.fault(), *_all_of(error)]
    assert not any(secret in text for text in told for secret in (SECRET, CORP, TOKEN))


async def test_nothing_secret_when_nobody_answers(
    database: Database, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    client = a_client(ScriptedWecom.nowhere(), database, clock)
    error = await _error(client, may_repeat=True)
    told = [repr(error), caplog.text, client.fault(), repr(vars(error)), *_all_of(error)]
    assert not any(secret in text for text in told for secret in (SECRET, CORP, TOKEN))
    await client.close()


def _all_of(error: BaseException | None) -> list[str]:
    """The trace, and all that stands behind the error, shown or not."""
    told: list[str] = []
    while error is not None:
        told += [*traceback.format_exception(error), repr(error)]
        error = error.__cause__ or error.__context__
    return told


async def test_a_robot_has_its_key_and_no_token(robot: RobotClient, server: ScriptedWecom) -> None:
    await robot.send({"msgtype": "text", "text": {"content": "值班"}})
    assert [(a.path, a.query) for a in server.asked] == [("webhook/send", {"key": SECRET})]


async def test_a_robot_keeps_to_twenty_a_minute(robot: RobotClient, server: ScriptedWecom) -> None:
    body: dict[str, Any] = {"msgtype": "text"}
    results = await asyncio.gather(*(robot.send(body) for _ in range(30)), return_exceptions=True)
    assert sum(isinstance(r, WecomError) for r in results) == 30 - server.count("webhook/send")
    assert 0 < server.count("webhook/send") <= 20


async def test_a_robot_s_doubtful_send_is_never_repeated(
    robot: RobotClient, server: ScriptedWecom
) -> None:
    server.script["webhook/send"] = [CUT]
    with pytest.raises(WecomError) as raised:
        await robot.send({})
    assert (raised.value.as_failure().kind, len(server.asked)) == (FailureKind.UNCERTAIN, 1)


async def test_a_removed_robot_is_a_fault(robot: RobotClient, server: ScriptedWecom) -> None:
    server.script["webhook/send"] = [93000]
    with pytest.raises(WecomError):
        await robot.send({})
    assert "key was reset" in robot.fault()
