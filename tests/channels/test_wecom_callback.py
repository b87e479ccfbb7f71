"""WeCom's callback address: checks answered, messages taken once, all else refused in one line."""

from __future__ import annotations

import asyncio
import gzip
import logging
import socket
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import urlencode, urlsplit

import orjson
import pytest
from aiohttp import ClientResponse
from wechatpy.crypto import WeChatCrypto

from channels.wecom.callback import BODY_BYTES, Callback, Event
from channels.wecom.cipher import Cipher
from channels.wecom.envelope import parse
from channels.wecom.refusals import Reason
from records.database import StoreUnavailable
from tests.support.wecom_callback import (
    CORP,
    KEY,
    NOW,
    PATH,
    TEXT,
    TOKEN,
    Site,
    Store,
    a_cipher,
    query,
    sealed,
    serving,
    wrapped,
)
from tests.support.wecom_vectors import VECTORS

HOUR = 3600
WORD = "1616140317555161061"
SECRETS = (TOKEN, KEY, CORP, "悄悄话", "zhangsan", "263014780", WORD)


def _of(cipher: Cipher) -> str:
    return cipher.encrypt(TEXT, timestamp="", nonce="").encrypt


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
async def site(store: Store) -> AsyncIterator[Site]:
    async with serving(store) as site:
        yield site


class Lines(logging.Handler):
    """Every line of every logger, faults and all."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(self.format(record))


@pytest.fixture(autouse=True)
def lines(caplog: pytest.LogCaptureFixture) -> Iterator[list[str]]:
    """What was logged; after each test nothing secret may be in it."""
    caplog.set_level(logging.INFO)
    handler = Lines()
    logging.getLogger().addHandler(handler)
    yield handler.said
    logging.getLogger().removeHandler(handler)
    assert not any(secret in line for line in handler.said for secret in SECRETS)


def refused(answer: ClientResponse, reason: Reason, lines: list[str], store: Store) -> bool:
    """Answered so, said so once, and nothing stored."""
    assert answer.status == reason.status
    assert lines == [f"callback refused at {PATH}: {reason.word}"]
    return store.kept == []


class TestCheck:
    async def test_the_word_comes_back_exactly_and_at_once(self, site: Site) -> None:
        began = time.monotonic()
        answer = await site.check(WORD)
        assert (answer.status, await answer.read()) == (200, WORD.encode())
        assert time.monotonic() - began < 1

    @pytest.mark.parametrize("name", ["A1", "A4"])
    async def test_a_known_one_passes(self, name: str) -> None:
        vector = VECTORS[name]
        async with serving(Store(), vector.cipher()) as site:
            params = _query_of(name) | {"echostr": vector.sealed.encrypt}
            answer = await site.session.get(site.url, params=params)
            assert await answer.read() == vector.plain.encode()

    async def test_a_plus_sign_that_became_a_space_is_put_back(self) -> None:
        vector = VECTORS["A1"]
        assert "+" in vector.sealed.encrypt
        asked = urlencode(_query_of("A1")) + "&echostr=" + vector.sealed.encrypt
        async with serving(Store(), vector.cipher()) as site:
            status, body = await _raw(
                site, f"GET {PATH}?{asked} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
            )
        assert (status, body) == (200, vector.plain.encode())

    @pytest.mark.parametrize("missing", ["msg_signature", "timestamp", "nonce", "echostr"])
    async def test_each_parameter_is_needed(
        self, site: Site, missing: str, lines: list[str], store: Store
    ) -> None:
        encrypt = sealed(WORD)
        params = {**query(encrypt), "echostr": encrypt}
        del params[missing]
        answer = await site.session.get(site.url, params=params)
        assert refused(answer, Reason.PARAMETERS, lines, store)

    async def test_a_foreign_one_is_refused(
        self, site: Site, lines: list[str], store: Store
    ) -> None:
        encrypt = sealed(WORD)
        params = {**query(encrypt), "echostr": encrypt, "msg_signature": "0" * 40}
        answer = await site.session.get(site.url, params=params)
        assert refused(answer, Reason.SIGNATURE, lines, store)
        assert await answer.read() == b""

    async def test_a_message_that_was_overheard_is_not_opened_for_anybody(
        self, site: Site, lines: list[str], store: Store
    ) -> None:
        answer = await site.check(TEXT)
        assert refused(answer, Reason.NOT_AN_ECHO, lines, store)
        assert await answer.read() == b""


class TestMessages:
    async def test_one_is_taken_and_answered_with_nothing(self, site: Site, store: Store) -> None:
        answer = await site.post(TEXT)
        assert (answer.status, await answer.read()) == (200, b"")
        [event] = store.kept
        assert (event.kind, event.sender, event.text("Content")) == ("text", "zhangsan", "悄悄话")

    async def test_one_in_json_is_taken_too(self, site: Site, store: Store) -> None:
        encrypt = sealed('{"MsgType":"text","MsgId":7}')
        body = {"tousername": CORP, "encrypt": encrypt, "agentid": "218"}
        answer = await site.session.post(site.url, params=query(encrypt), json=body)
        assert (answer.status, await answer.read()) == (200, b"")
        assert store.kept == [Event({"MsgType": "text", "MsgId": "7"})]

    async def test_one_that_another_library_sealed_is_taken(
        self, site: Site, store: Store
    ) -> None:
        body = WeChatCrypto(TOKEN, KEY, CORP).encrypt_message(TEXT, "n", str(NOW))
        encrypt = str(parse(body)["Encrypt"])
        await site.session.post(site.url, params=query(encrypt), data=body)
        assert store.kept == [Event(parse(TEXT))]

    async def test_the_body_may_come_in_chunks(self, site: Site, store: Store) -> None:
        async def pieces() -> AsyncIterator[bytes]:
            body = wrapped(encrypt)
            for at in range(0, len(body), 50):
                yield body[at : at + 50]

        encrypt = sealed(TEXT)
        answer = await site.session.post(site.url, params=query(encrypt), data=pieces())
        assert (answer.status, len(store.kept)) == (200, 1)

    async def test_a_repeat_is_taken_with_the_same_key(self, site: Site, store: Store) -> None:
        for at in (NOW, NOW, NOW + 5):
            assert (await site.post(TEXT, at)).status == 200
        assert len({event.dedupe_key() for event in store.kept}) == 1

    async def test_nothing_stored_is_asked_for_again(
        self, site: Site, store: Store, lines: list[str]
    ) -> None:
        store.failures.append(StoreUnavailable("the disk is full"))
        assert (await site.post(TEXT)).status == 503
        assert lines == [f"callback not stored at {PATH}: the disk is full"]
        assert (await site.post(TEXT)).status == 200
        assert len(store.kept) == 1


class TestPassiveReply:
    async def test_in_xml_another_library_opens_it(self, site: Site, store: Store) -> None:
        store.reply = {"MsgType": "text", "Content": "收到", "CreateTime": NOW}
        body = await (await site.post(TEXT)).text()
        outer: Any = parse(body)
        theirs = WeChatCrypto(TOKEN, KEY, CORP)
        opened = theirs.decrypt_message(
            body, outer["MsgSignature"], outer["TimeStamp"], outer["Nonce"]
        )
        assert parse(opened) == {"MsgType": "text", "Content": "收到", "CreateTime": str(NOW)}
        assert outer["TimeStamp"] == str(NOW)

    async def test_to_json_it_is_json(self, site: Site, store: Store) -> None:
        store.reply = {"msgtype": "text"}
        encrypt = sealed("{}")
        answer = await site.session.post(
            site.url, params=query(encrypt), json={"encrypt": encrypt}
        )
        outer = await answer.json()
        a_cipher().verify(
            outer["msgsignature"], str(outer["timestamp"]), outer["nonce"], outer["encrypt"]
        )
        assert orjson.loads(a_cipher().decrypt(outer["encrypt"])) == store.reply


class TestTwoPairs:
    """Token and key change in WeCom's console at a moment that is not ours."""

    async def test_either_is_believed_and_answered_with_its_own(self, store: Store) -> None:
        store.reply = {"MsgType": "text"}
        async with serving(
            store, Cipher("NewToken", "b" * 42 + "A", CORP, other=a_cipher())
        ) as site:
            outer: Any = parse(await (await site.post(TEXT)).text())
            checked = await (await site.check(WORD)).text()
        assert a_cipher().decrypt(outer["Encrypt"])
        assert (checked, len(store.kept)) == (WORD, 1)

    async def test_a_third_is_not(self, store: Store) -> None:
        other = Cipher("FormerToken", KEY, CORP)
        async with serving(store, Cipher("NewToken", KEY, CORP, other=other)) as site:
            assert ((await site.post(TEXT)).status, store.kept) == (403, [])


class TestReplays:
    @pytest.mark.parametrize("late", [0, 60, HOUR, -HOUR])
    async def test_what_was_signed_within_the_hour_is_taken(
        self, site: Site, store: Store, late: int
    ) -> None:
        assert (await site.post(TEXT, NOW - late)).status == 200

    @pytest.mark.parametrize("late", [HOUR + 1, 86_400, 10 * 365 * 86_400, -HOUR - 1])
    async def test_what_was_signed_at_another_time_is_refused(
        self, site: Site, store: Store, lines: list[str], late: int
    ) -> None:
        assert refused(await site.post(TEXT, NOW - late), Reason.STALE, lines, store)

    async def test_digits_cannot_pass_from_nonce_to_time(
        self, site: Site, store: Store, lines: list[str]
    ) -> None:
        encrypt = sealed(TEXT)
        params = query(encrypt, NOW, "3")  # sorted and joined, "1…" and "3" read "1…3"
        params |= {"timestamp": params["timestamp"] + params["nonce"], "nonce": ""}
        answer = await site.session.post(site.url, params=params, data=wrapped(encrypt))
        assert refused(answer, Reason.PARAMETERS, lines, store)


BAD_TEXTS = {
    "receiver": (_of(Cipher(TOKEN, KEY, "ww0000000000000000")), Reason.RECEIVER),
    "base64": (sealed(TEXT)[:-1] + "*", Reason.BASE64),
    "blocks": ("QUFB", Reason.BLOCKS),
    "nothing inside": (sealed(""), Reason.NOT_XML),
    "word inside": (sealed(WORD), Reason.NOT_XML),
    "bomb": (sealed('<!DOCTYPE x [<!ENTITY a "b">]><xml>&a;</xml>'), Reason.DOCTYPE),
    "deep": (sealed("<xml>" + "<a>" * 10_000), Reason.TOO_DEEP),
    "list": (sealed("[]"), Reason.NOT_JSON),
}
BAD_BODIES = {
    "empty": (b"", Reason.NOT_XML),
    "form": (b"a=b", Reason.NOT_XML),
    "clear": (TEXT.encode(), Reason.NO_CIPHERTEXT),
    "bomb": (b'<!DOCTYPE x [<!ENTITY a "b">]><xml>&a;</xml>', Reason.DOCTYPE),
    "deep": (b"<xml>" + b"<a>" * 100_000, Reason.TOO_DEEP),
    "deep json": (b'{"a":' * 100_000, Reason.NOT_JSON),
    "bytes": (b"<xml>\xff</xml>", Reason.NOT_UTF8),
    "unsigned": (wrapped("QUFB"), Reason.SIGNATURE),
}


class TestRefusals:
    @pytest.mark.parametrize(("encrypt", "reason"), BAD_TEXTS.values(), ids=BAD_TEXTS)
    async def test_what_is_wrong_under_a_right_signature(
        self, site: Site, store: Store, lines: list[str], encrypt: str, reason: Reason
    ) -> None:
        body = wrapped(encrypt)
        answer = await site.session.post(site.url, params=query(encrypt), data=body)
        assert refused(answer, reason, lines, store)

    async def test_another_key(self, site: Site, store: Store, lines: list[str]) -> None:
        encrypt = _of(Cipher(TOKEN, "a" * 43, CORP))
        body = wrapped(encrypt)
        answer = await site.session.post(site.url, params=query(encrypt), data=body)
        assert answer.status in {400, 403}  # by chance the noise may end like padding
        assert (len(lines), store.kept) == (1, [])

    @pytest.mark.parametrize(("body", "reason"), BAD_BODIES.values(), ids=BAD_BODIES)
    async def test_a_wrong_body(
        self, site: Site, store: Store, lines: list[str], body: bytes, reason: Reason
    ) -> None:
        answer = await site.session.post(site.url, params=query("x"), data=body)
        assert refused(answer, reason, lines, store)

    @pytest.mark.parametrize("place", ["msg_signature", "timestamp", "nonce"])
    @pytest.mark.parametrize("end", [0, -1])
    async def test_one_changed_character_of_the_query(
        self, site: Site, store: Store, lines: list[str], place: str, end: int
    ) -> None:
        encrypt = sealed(TEXT)
        params = query(encrypt)
        letters = list(params[place])
        letters[end] = "3" if letters[end] != "3" else "4"
        params[place] = "".join(letters)
        answer = await site.session.post(site.url, params=params, data=wrapped(encrypt))
        assert refused(answer, Reason.SIGNATURE, lines, store)

    @pytest.mark.parametrize("place", [0, 20, 63, -1])
    async def test_one_changed_byte_of_the_ciphertext(
        self, site: Site, store: Store, lines: list[str], place: int
    ) -> None:
        encrypt = sealed(TEXT)
        changed = bytearray(encrypt.encode())
        changed[place] = ord("A") if changed[place] != ord("A") else ord("B")
        body = wrapped(changed.decode())
        answer = await site.session.post(site.url, params=query(encrypt), data=body)
        assert refused(answer, Reason.SIGNATURE, lines, store)

    @pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "PROPFIND"])
    async def test_another_method(
        self, site: Site, store: Store, lines: list[str], method: str
    ) -> None:
        answer = await site.session.request(method, site.url)
        assert answer.headers["Allow"] == "GET, POST"
        assert refused(answer, Reason.METHOD, lines, store)

    @pytest.mark.parametrize(
        "changed",
        [
            {"msg_signature": ""},
            {"timestamp": ""},
            {"nonce": ""},
            {"timestamp": "now"},
            {"timestamp": "-1409659813"},
            {"timestamp": "٢٢٢٢٢٢٢٢٢٢"},
            {"timestamp": str(NOW) + "000"},
            {"timestamp": str(NOW) + "\n"},
        ],
    )
    async def test_a_parameter_that_is_none(
        self, site: Site, store: Store, lines: list[str], changed: dict[str, str]
    ) -> None:
        encrypt = sealed(TEXT)
        params = query(encrypt) | changed
        answer = await site.session.post(site.url, params=params, data=wrapped(encrypt))
        assert refused(answer, Reason.PARAMETERS, lines, store)

    async def test_a_parameter_said_twice(
        self, site: Site, store: Store, lines: list[str]
    ) -> None:
        encrypt = sealed(TEXT)
        params = [*query(encrypt).items(), ("nonce", "1")]
        answer = await site.session.post(site.url, params=params, data=wrapped(encrypt))
        assert refused(answer, Reason.PARAMETERS, lines, store)


class TestSizes:
    async def test_a_large_body_is_refused_before_it_is_sent(
        self, site: Site, store: Store, lines: list[str]
    ) -> None:
        status, _ = await _raw(site, _head("Content-Length: 1048577"))
        assert status == 413
        assert lines == [f"callback refused at {PATH}: too-large"]

    async def test_chunks_without_an_end_are_refused(
        self, site: Site, store: Store, lines: list[str]
    ) -> None:
        chunk = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
        status, _ = await _raw(site, _head("Transfer-Encoding: chunked") + chunk * 17)
        assert status == 413
        assert lines == [f"callback refused at {PATH}: too-large"]

    @pytest.mark.parametrize("packed", [gzip.compress(b" " * 20_000_000), b"no gzip at all \xff"])
    async def test_nothing_is_unpacked(
        self, site: Site, store: Store, lines: list[str], packed: bytes
    ) -> None:
        headers = {"Content-Encoding": "gzip"}
        answer = await site.session.post(site.url, params=query("x"), data=packed, headers=headers)
        assert refused(answer, Reason.NOT_UTF8, lines, store)

    async def test_a_body_that_does_not_come_is_not_waited_for(
        self, site: Site, store: Store, lines: list[str]
    ) -> None:
        status, _ = await _raw(site, _head("Content-Length: 100") + b"<xml>")
        assert (status, store.kept) == (408, [])
        assert lines == [f"callback refused at {PATH}: too-slow"]

    async def test_a_body_that_breaks_off_is_refused(
        self, site: Site, store: Store, lines: list[str]
    ) -> None:
        await _raw(site, _head("Content-Length: 100") + b"<xml>", hangs_up=True)
        await asyncio.sleep(0.1)
        assert lines == [f"callback refused at {PATH}: broken-off"]

    async def test_a_body_in_broken_chunks_is_refused(
        self, site: Site, store: Store, lines: list[str]
    ) -> None:
        status, _ = await _raw(
            site, _head("Transfer-Encoding: chunked") + b"5\r\n<xml>zz\r\nxx\r\n"
        )
        assert (status, store.kept) == (400, [])
        assert len(lines) == 1  # aiohttp's own

    async def test_the_largest_body_is_taken(self, site: Site, store: Store) -> None:
        encrypt = sealed(TEXT)
        body = wrapped(encrypt)
        padded = body.replace(b"</xml>", b" " * (BODY_BYTES - len(body)) + b"</xml>")
        answer = await site.session.post(site.url, params=query(encrypt), data=padded)
        assert (len(padded), answer.status) == (BODY_BYTES, 200)


def test_two_addresses_stand_beside_each_other() -> None:
    paths = ("/wecom/app", "/wecom/kf")
    routes = [
        route for path in paths for route in Callback(a_cipher(), path, Store().take).routes()
    ]
    assert len(routes) == 2


def _query_of(name: str) -> dict[str, str]:
    signed = VECTORS[name].sealed
    return {
        "msg_signature": signed.signature,
        "timestamp": signed.timestamp,
        "nonce": signed.nonce,
    }


def _head(header: str) -> bytes:
    return f"POST {PATH}?{urlencode(query('x'))} HTTP/1.1\r\nHost: x\r\n{header}\r\n\r\n".encode()


async def _raw(site: Site, request: bytes, *, hangs_up: bool = False) -> tuple[int, bytes]:
    """The status and body that come back for some bytes; none if we hang up."""
    address = urlsplit(site.url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    writer.write(request)
    if hangs_up:
        await writer.drain()
        writer.get_extra_info("socket").shutdown(socket.SHUT_WR)
        writer.close()
        return 0, b""
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
    body = await reader.readexactly(length)
    writer.close()
    return int(head.split()[1]), body
