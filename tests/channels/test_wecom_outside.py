"""Our address as the console asks it: each way it can fail has its own words."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from channels.wecom.cipher import Cipher
from channels.wecom.outside import address_fault, clock_skew

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
CIPHER = Cipher("token", "a" * 43, "ww1")


@asynccontextmanager
async def _served(
    *, tls: ssl.SSLContext | None = None, body: bytes = b"", echoes: bool = False
) -> AsyncIterator[str]:
    async def answer(request: web.Request) -> web.Response:
        word = CIPHER.decrypt(request.query["echostr"]).encode() if echoes else b""
        return web.Response(body=body + word)

    server = web.Application()
    server.router.add_get("/{path:.*}", answer)
    runner = web.AppRunner(server, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls).start()
    yield f"127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


def _self_signed(folder: Path) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "guiyan.example")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name)
    builder = builder.public_key(key.public_key()).serial_number(1)
    builder = builder.not_valid_before(NOW - timedelta(days=1))
    signed = builder.not_valid_after(NOW + timedelta(days=9)).sign(key, hashes.SHA256())
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "both.pem").write_bytes(secret + signed.public_bytes(Encoding.PEM))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "both.pem")
    return context


async def test_the_word_alone_is_right() -> None:
    async with _served(echoes=True) as place:
        assert await address_fault(f"http://{place}/wecom/kf", CIPHER, NOW) == ""


@pytest.mark.parametrize("before", [b"\xef\xbb\xbf", b'"', b"\n"])
async def test_something_around_the_word_is_named(before: bytes) -> None:
    async with _served(echoes=True, body=before) as place:
        fault = await address_fault(f"http://{place}/wecom/kf", CIPHER, NOW)
    assert "byte order mark, quotes or a line end" in fault


async def test_a_certificate_that_nobody_vouches_for_is_named(tmp_path: Path) -> None:
    async with _served(tls=_self_signed(tmp_path)) as place:
        fault = await address_fault(f"https://{place}/wecom/kf", CIPHER, NOW)
    assert "its certificate is not valid" in fault


async def test_plain_http_behind_an_https_address_is_named() -> None:
    async with _served() as place:
        fault = await address_fault(f"https://{place}/wecom/kf", CIPHER, NOW)
    assert "it does not speak TLS there" in fault


async def test_no_fault_tells_the_query_or_what_came_back() -> None:
    async with _served(body="身份证号".encode()) as place:
        fault = await address_fault(f"http://{place}/wecom/kf", CIPHER, NOW)
    assert "身份证号" not in fault
    assert "echostr" not in fault


@pytest.mark.parametrize("ahead", [timedelta(hours=2), timedelta(0), timedelta(minutes=-30)])
async def test_the_clock_is_held_against_the_server_s(ahead: timedelta) -> None:
    async with _served() as place:
        skew = await clock_skew(f"http://{place}", datetime.now(UTC) + ahead)
    assert isinstance(skew, timedelta)
    assert abs(skew - ahead) < timedelta(seconds=5)
