"""Files are checked before they leave, uploaded once in three days, and not believed blindly."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import Message

import pytest

from channels.wecom.client import Client
from channels.wecom.failures import Trouble, WecomError
from channels.wecom.media import Kind, good_until
from records.database import Database
from tests.support.scripted_wecom import Asked, Clock, Raw, ScriptedWecom, a_client

PNG = b"\x89PNG\r\n\x1a\n" + b"picture"
JPG = b"\xff\xd8\xff\xe0" + b"picture"
AMR = b"#!AMR\n" + b"voice"
MP4 = b"\x00\x00\x00\x18ftypmp42" + b"film"
MB = 1024**2
UPLOAD, GET = "media/upload", "media/get"


@pytest.fixture
def kind() -> str:
    """What is told here is the same on both databases."""
    return "sqlite"


@pytest.fixture
def clock(now: datetime) -> Clock:
    return Clock(now)


@pytest.fixture
async def server(now: datetime) -> AsyncIterator[ScriptedWecom]:
    async with ScriptedWecom() as server:
        made = str(int(now.timestamp()))
        server.script[UPLOAD] = [
            {"errcode": 0, "type": "file", "media_id": f"M{n}", "created_at": made}
            for n in range(4)
        ]
        yield server


@pytest.fixture
async def client(server: ScriptedWecom, database: Database, clock: Clock) -> AsyncIterator[Client]:
    client = a_client(server, database, clock)
    yield client
    await client.close()


def _part(asked: Asked) -> Message:
    head = f"Content-Type: {asked.content_type}\r\n\r\n".encode()
    parts = message_from_bytes(head + asked.body).get_payload()
    assert isinstance(parts, list)
    (part,) = parts
    assert isinstance(part, Message)
    return part


@pytest.mark.parametrize(
    ("sort", "name", "content", "content_type"),
    [
        (Kind.IMAGE, "a.png", PNG, "image/png"),
        (Kind.IMAGE, "a.jpg", JPG, "image/jpeg"),
        (Kind.VOICE, "a.amr", AMR, "audio/amr"),
        (Kind.VIDEO, "a.mp4", MP4, "video/mp4"),
        (Kind.FILE, "a.pdf", b"%PDF-1.7\r\n--", "application/octet-stream"),
    ],
)
async def test_a_file_arrives_as_it_is(
    client: Client, server: ScriptedWecom, sort: Kind, name: str, content: bytes, content_type: str
) -> None:
    assert await client.upload(sort, name, content) == "M0"
    part = _part(server.asked[-1])
    assert part.get_payload(decode=True) == content
    assert (part.get_content_type(), server.asked[-1].query["type"]) == (content_type, sort.value)
    assert f'name="media"; filename="{name}"; filelength={len(content)}' in str(part)


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("郸城县 补贴.pdf", "郸城县 补贴.pdf"),
        ('a"b\r\nX-Evil: 1.pdf', "abX-Evil: 1.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\papers\\a.pdf", "a.pdf"),
        ("", "file"),
        ("字" * 100 + ".xlsx", "字" * 38 + ".xlsx"),
    ],
)
async def test_a_name_goes_as_raw_utf8(
    client: Client, server: ScriptedWecom, name: str, sent: str
) -> None:
    await client.upload(Kind.FILE, name, b"content")
    assert f'; filename="{sent}"; '.encode() in server.asked[-1].body
    assert b"filename*" not in server.asked[-1].body


@pytest.mark.parametrize(
    ("sort", "content", "code"),
    [
        (Kind.FILE, b"", 40006),
        (Kind.FILE, b"12345", 40006),
        (Kind.FILE, b"x" * (20 * MB + 1), 40006),
        (Kind.IMAGE, PNG + b"x" * 2 * MB, 40006),
        (Kind.VOICE, AMR + b"x" * 2 * MB, 40006),
        (Kind.VIDEO, MP4 + b"x" * 10 * MB, 40006),
        (Kind.IMAGE, b"GIF89a....", 40004),
        (Kind.VOICE, b"ID3 mp3 ....", 40004),
        (Kind.VIDEO, b"RIFF....AVI ", 40004),
    ],
)
async def test_what_would_be_refused_is_not_sent(
    client: Client, server: ScriptedWecom, sort: Kind, content: bytes, code: int
) -> None:
    with pytest.raises(WecomError) as raised:
        await client.upload(sort, "a", content)
    assert (raised.value.code, raised.value.trouble) == (code, Trouble.MEDIA)
    assert server.asked == []


async def test_a_file_is_uploaded_once_while_its_id_is_good(
    client: Client, server: ScriptedWecom, clock: Clock
) -> None:
    assert [await client.upload(Kind.FILE, "a", b"content") for _ in range(2)] == ["M0", "M0"]
    clock.turn(hours=70)
    assert await client.upload(Kind.FILE, "a", b"content") == "M0"
    clock.turn(hours=1)
    assert await client.upload(Kind.FILE, "a", b"content") == "M1"


async def test_another_name_or_content_is_another_file(client: Client) -> None:
    files = [("a", b"content"), ("b", b"content"), ("a", b"another")]
    assert [await client.upload(Kind.FILE, *file) for file in files] == ["M0", "M1", "M2"]


async def test_a_refused_id_is_forgotten(client: Client) -> None:
    client.forget(await client.upload(Kind.FILE, "a", b"content"))
    assert await client.upload(Kind.FILE, "a", b"content") == "M1"


async def test_an_upload_without_an_id_is_no_upload(client: Client, server: ScriptedWecom) -> None:
    server.script[UPLOAD] = [{"errcode": 0}]
    with pytest.raises(WecomError) as raised:
        await client.upload(Kind.FILE, "a", b"content")
    assert raised.value.trouble is Trouble.UNREADABLE


async def test_a_failed_upload_is_repeated(client: Client, server: ScriptedWecom) -> None:
    server.script[UPLOAD].insert(0, Raw())
    assert await client.upload(Kind.FILE, "a", b"content") == "M0"


def _file(content: bytes, name: str, content_type: str = "audio/amr") -> Raw:
    disposition = f'attachment; filename="{name}"'
    return Raw(content, 200, {"Content-Disposition": disposition, "Content-Type": content_type})


async def test_a_download_has_name_type_and_content(client: Client, server: ScriptedWecom) -> None:
    server.script[GET] = [_file(AMR, "语音.amr")]
    media = await client.download("M9")
    assert (media.name, media.content_type, media.content) == ("语音.amr", "audio/amr", AMR)
    assert server.asked[-1].query["media_id"] == "M9"


async def test_a_file_of_json_is_a_file(client: Client, server: ScriptedWecom) -> None:
    server.script[GET] = [_file(b'{"errcode":40007}', "a.json", "application/json")]
    assert (await client.download("M9")).content == b'{"errcode":40007}'


async def test_a_name_from_outside_is_only_a_name(client: Client, server: ScriptedWecom) -> None:
    server.script[GET] = [_file(AMR, "../../../etc/cron.d/x")]
    assert (await client.download("M9")).name == "x"


async def test_an_error_with_status_200_is_an_error(client: Client, server: ScriptedWecom) -> None:
    server.script[GET] = [40007]
    with pytest.raises(WecomError) as raised:
        await client.download("M9")
    assert (raised.value.code, raised.value.trouble) == (40007, Trouble.MEDIA)


async def test_a_dead_token_on_a_download_is_renewed(
    client: Client, server: ScriptedWecom
) -> None:
    server.script[GET] = [42001, _file(AMR, "a.amr")]
    assert (await client.download("M9")).content == AMR


@pytest.mark.parametrize(
    "bad",
    [Raw(b"<html>", 200), _file(b"x" * 101, "big"), Raw(b'{"errcode":0}'), Raw(b"x", 206)],
)
async def test_what_is_no_file_or_too_big_is_not_taken(
    client: Client, server: ScriptedWecom, bad: Raw
) -> None:
    server.script[GET] = [bad] * 3
    with pytest.raises(WecomError) as raised:
        await client.download("M9", most_bytes=100)
    assert raised.value.trouble is Trouble.UNREADABLE


def test_an_id_is_good_for_three_days_less_an_hour(now: datetime) -> None:
    made = int((now - timedelta(hours=1)).timestamp())
    assert good_until({"created_at": str(made)}, now) == now + timedelta(hours=70)


@pytest.mark.parametrize("said", [None, "", "soon", "-1", "9" * 30, "99999999999"])
def test_a_strange_moment_is_now(now: datetime, said: object) -> None:
    assert good_until({"created_at": said}, now) == now + timedelta(hours=71)
