"""The WeCom stand-in: tokens, refusals, faults, callbacks and media behave as the real server."""

from __future__ import annotations

import asyncio
from base64 import b64decode
from collections.abc import AsyncIterator
from io import BytesIO
from random import Random
from typing import Any

import pytest
from aiohttp import ClientError, FormData

from tests.support.wecom import faults
from tests.support.wecom.caller import Caller, Receiver, receiver
from tests.support.wecom.clock import DAY
from tests.support.wecom.envelope import xml
from tests.support.wecom.seal import Seal
from tests.support.wecom.server import WeCom

_PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)

# wecom.md §1.8: Tencent's own sample, wechatpy's reply, WxJava's multi-byte text.
_KNOWN = [
    (
        ("QDG6eK", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C", "wx5823bf96d3bd56c7"),
        ("1409659589", "263014780", "63343162363434393163323436386430"),
        "1616140317555161061",
        "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ==",
        "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3",
    ),
    (
        ("pamtest", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", "wxb11529c136998cb6"),
        ("1409304348", "xxxxxx", "61616161626262626363636364646464"),
        "我是中文abcd123",
        "jn1L23DB+6ELqJ+6bruv21Y6MD7KeIfP82D6gU39rmkgczbWwt5+3bnyg5K55bgVtVzd832WzZGMhkP72vVOfg==",
        "82c962d39941aa48552f90ef55aa323dc620cc10",
    ),
]


@pytest.fixture
async def wecom() -> AsyncIterator[WeCom]:
    async with WeCom() as wecom:
        wecom.corp.member("ZhangSan")
        wecom.callbacks.habits.gap = 0.0
        yield wecom


@pytest.fixture
async def caller(wecom: WeCom) -> AsyncIterator[Caller]:
    async with Caller(wecom, "app") as caller:
        yield caller


@pytest.fixture
async def ours(wecom: WeCom) -> AsyncIterator[Receiver]:
    ours = receiver(wecom, wecom.tokens.apps["app"])
    await ours.start()
    assert await wecom.listen(ours.address, "app") == ["app"]
    yield ours
    await ours.stop()


async def _send(caller: Caller, **more: Any) -> int:
    body = {"agentid": 1_000_002, "msgtype": "text", "text": {"content": "好"}}
    return await caller.code("message/send", **{"touser": "zhangsan", **body, **more})


@pytest.mark.parametrize(("secrets", "given", "text", "encrypted", "signature"), _KNOWN)
def test_the_cipher_gives_the_known_answers(
    secrets: tuple[str, str, str],
    given: tuple[str, str, str],
    text: str,
    encrypted: str,
    signature: str,
) -> None:
    seal = Seal(*secrets, Random(1))
    assert seal.open(encrypted) == text
    assert seal.close(text, bytes.fromhex(given[2])) == encrypted
    assert seal.signature(given[0], given[1], encrypted) == signature


def test_a_message_is_padded_to_32_bytes() -> None:
    seal = Seal("t", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C", "", Random(1))
    assert [len(b64decode(seal.close("x" * n))) for n in (11, 12, 43, 44)] == [32, 64, 64, 96]


async def test_a_token_lives_two_hours_and_repeats(wecom: WeCom, caller: Caller) -> None:
    assert (await caller.get_token())["access_token"] == caller.token
    assert await _send(caller) == 0
    wecom.clock.advance(7200)
    assert await _send(caller) == 42001


async def test_a_new_token_ends_the_old_when_they_do_not_repeat(
    wecom: WeCom, caller: Caller
) -> None:
    wecom.tokens.repeats = False
    assert (await caller.get_token())["access_token"] != caller.token
    assert await _send(caller) == 40014


async def test_wrong_secrets_shut_the_address_out_for_an_hour(
    wecom: WeCom, caller: Caller
) -> None:
    wecom.tokens.wrong_most = 2
    codes = [(await caller.get_token("wrong"))["errcode"] for _ in range(2)]
    assert codes == [40001, 40001]
    assert (await caller.get_token())["errcode"] == 45009
    wecom.clock.advance(3600)
    assert (await caller.get_token())["errcode"] == 0


async def test_the_token_counts_in_the_query_only(caller: Caller) -> None:
    token, caller.token = caller.token, ""
    assert await _send(caller, access_token=token) == 41001


async def test_an_app_has_its_own_agent_and_its_own_rights(caller: Caller) -> None:
    assert await _send(caller, agentid=1_000_003) == 301002
    assert await caller.code("kf/account/list") == 48002


async def test_an_error_text_never_repeats(wecom: WeCom, caller: Caller) -> None:
    texts = {(await caller.call("message/send"))["errmsg"] for _ in range(3)}
    assert len(texts) == 3
    assert all(", from ip: " in text for text in texts)


@pytest.mark.parametrize(
    ("fault", "had_effect"),
    [
        (faults.CLOSED, False),
        (faults.CLOSED_AFTER, True),
        (faults.TIME_OUT, False),
        (faults.TIME_OUT_AFTER, True),
    ],
)
async def test_a_cut_connection_leaves_open_what_happened(
    wecom: WeCom, caller: Caller, fault: faults.Fault, had_effect: bool
) -> None:
    wecom.faults.hang = 0.01
    wecom.faults.next("message/send", fault)
    with pytest.raises(ClientError):
        await _send(caller)
    assert len(wecom.phones.of("ZhangSan")) == had_effect
    assert await _send(caller) == 0


async def test_faults_come_for_one_path_once(wecom: WeCom, caller: Caller) -> None:
    wecom.faults.next("message/send", faults.code(-1))
    wecom.faults.next("message/send", faults.code(40014), after=1)
    assert [await _send(caller) for _ in range(4)] == [-1, 0, 40014, 0]
    wecom.faults.next("message/send", faults.BAD_GATEWAY)
    answer = await caller.raw("POST", "message/send", {"access_token": caller.token}, json={})
    assert (answer.status, answer.content_type) == (502, "text/plain")


async def test_faults_by_a_die_are_the_same_again() -> None:
    runs = []
    for _ in range(2):
        async with WeCom(seed=7) as wecom, Caller(wecom, "app") as caller:
            wecom.corp.member("ZhangSan")
            wecom.faults.often("*", faults.code(45033), 0.5)
            runs.append([await _send(caller) for _ in range(20)])
    assert runs[0] == runs[1]
    assert set(runs[0]) == {0, 45033}


async def test_it_stops_and_starts_again_as_it_was(wecom: WeCom, caller: Caller) -> None:
    assert await _send(caller) == 0
    await wecom.stop()
    with pytest.raises(ClientError):
        await _send(caller)
    await wecom.start()
    assert await _send(caller) == 0
    assert len(wecom.phones.of("ZhangSan")) == 2


async def test_our_address_must_be_trusted(wecom: WeCom, caller: Caller) -> None:
    wecom.tokens.apps["app"].is_trusted = False
    assert await _send(caller) == 60020


async def test_calls_are_counted_by_the_minute(wecom: WeCom, caller: Caller) -> None:
    wecom.limits.own["menu/get"] = (2, 60)
    codes = [await caller.code("menu/get", agentid=1_000_002) for _ in range(3)]
    assert codes == [0, 0, 45009]
    wecom.clock.advance(60)
    assert await caller.code("menu/get", agentid=1_000_002) == 0


async def test_too_many_calls_at_once_are_refused(wecom: WeCom, caller: Caller) -> None:
    wecom.limits.at_once, wecom.latency = 2, (0.05, 0.05)
    codes = await asyncio.gather(*(_send(caller) for _ in range(4)))
    assert sorted(codes) == [0, 0, 45033, 45033]


async def test_a_callback_is_tried_four_times_and_then_given_up(
    wecom: WeCom, ours: Receiver
) -> None:
    ours.statuses = [500] * 9
    wecom.app.says("ZhangSan", "在吗")
    await wecom.callbacks.settled()
    assert [got["Content"] for got in ours.got] == ["在吗"] * 4
    assert wecom.callbacks.log[-1].is_given_up


async def test_an_answer_after_the_patience_counts_for_nothing(
    wecom: WeCom, ours: Receiver
) -> None:
    wecom.callbacks.habits.patience = 0.000_001
    wecom.app.says("ZhangSan", "在吗")
    await wecom.callbacks.settled()
    assert [attempt.status for attempt in wecom.callbacks.log[-1].attempts] == [0] * 4


async def test_an_answered_callback_may_come_again(wecom: WeCom, ours: Receiver) -> None:
    wecom.callbacks.habits.repeat_rate = 1.0
    number = wecom.app.says("ZhangSan", "在吗")
    await wecom.callbacks.settled()
    assert [got["MsgId"] for got in ours.got] == [str(number)] * 2


async def test_callbacks_may_overtake_each_other(wecom: WeCom, ours: Receiver) -> None:
    wecom.callbacks.habits.reorder_rate = 0.5
    said = [str(n) for n in range(20)]
    for text in said:
        wecom.app.says("ZhangSan", text)
    await wecom.callbacks.settled()
    got = [one["Content"] for one in ours.got]
    assert got != said
    assert sorted(got, key=int) == said


async def test_a_wrong_answer_fails_the_check_of_an_address(wecom: WeCom) -> None:
    ours = receiver(wecom, wecom.tokens.apps["kf"])
    await ours.start()
    assert await wecom.listen(ours.address) == ["kf"]
    await ours.stop()


def test_xml_carries_what_would_end_its_wrapping() -> None:
    assert "<a><![CDATA[x]]]]><![CDATA[>y]]></a>" in xml({"a": "x]]>y"})


async def test_a_file_goes_up_and_comes_back_for_three_days(wecom: WeCom, caller: Caller) -> None:
    form = FormData()
    form.add_field("media", _PNG, filename="码.png", content_type="image/png")
    query = {"access_token": caller.token, "type": "image"}
    answer = (await caller.raw("POST", "media/upload", query, data=form)).json()
    assert (answer["errmsg"], type(answer["created_at"])) == ("", str)
    wanted = {"access_token": caller.token, "media_id": answer["media_id"]}
    found = await caller.raw("GET", "media/get", wanted)
    assert found.body == _PNG
    wecom.clock.advance(3 * DAY)
    await caller.get_token()
    wanted["access_token"] = (await caller.get_token())["access_token"]
    late = await caller.raw("GET", "media/get", wanted)
    assert (late.status, late.json()["errcode"]) == (200, 40007)


async def test_a_piece_of_a_file_is_served(wecom: WeCom, caller: Caller) -> None:
    media_id = wecom.media.add("file", "a.bin", b"0123456789")
    query = {"access_token": caller.token, "media_id": media_id}
    found = await caller.raw("GET", "media/get", query, headers={"Range": "bytes=2-4"})
    assert (found.status, found.body) == (206, b"234")


@pytest.mark.parametrize(
    ("kind", "content", "code"),
    [
        ("voice", b"RIFF....", 40005),
        ("image", b"12345", 40006),
        ("song", _PNG, 40004),
        ("voice", b"#!AMR" + bytes(2 * 1024 * 1024), 45001),
    ],
)
async def test_bad_files_are_refused(caller: Caller, kind: str, content: bytes, code: int) -> None:
    form = FormData()
    form.add_field("media", BytesIO(content), filename="x")
    query = {"access_token": caller.token, "type": kind}
    answer = (await caller.raw("POST", "media/upload", query, data=form)).json()
    assert answer["errcode"] == code
