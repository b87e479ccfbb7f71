"""The service behind nginx with TLS, as deploy/nginx has it: real requests through both."""

from __future__ import annotations

import asyncio
import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio

from tests.support.program import Program

DEPLOY = Path(__file__).parent.parent.parent / "deploy" / "nginx"
NAME = "guiyan.example"
pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(
        not (shutil.which("nginx") and shutil.which("openssl")),
        reason="nginx or openssl is not installed",
    ),
]


@dataclass
class Front:
    """What a browser reaches."""

    session: aiohttp.ClientSession
    plain: str
    service: Program


def _free() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _configured(folder: Path, upstream: str, tls: int, plain: int) -> Path:
    """Our files with this machine's ports and folders in place of the system's."""
    site = (DEPLOY / "guiyan.conf").read_text(encoding="utf-8")
    site = re.sub(r" *listen \[::\].*\n", "", site)
    site = site.replace("listen 443", f"listen 127.0.0.1:{tls}")
    site = site.replace("listen 80", f"listen 127.0.0.1:{plain}")
    site = site.replace("/etc/nginx/", f"{folder}/").replace("/var/log/nginx/", f"{folder}/")
    (folder / "site.conf").write_text(site, encoding="utf-8")
    servers = re.sub(
        r"server 127.0.0.1:8080(.*);",
        rf"server {upstream}\1; server 127.0.0.1:9\1;",  # the second is never there
        (DEPLOY / "upstream.conf").read_text(encoding="utf-8"),
    )
    (folder / "guiyan-upstream.conf").write_text(servers)
    kept = "".join(
        f"{kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"pid {folder}/pid;\nerror_log {folder}/error.log;\ndaemon off;\nuser root;\n"
        f"events {{}}\nhttp {{\n{kept}include {folder}/site.conf;\n}}\n"
    )
    return folder / "nginx.conf"


def _certified(folder: Path) -> None:
    (folder / "tls").mkdir()
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj",
         f"/CN={NAME}", "-keyout", folder / "tls" / "privkey.pem",
         "-out", folder / "tls" / "fullchain.pem"],
        check=True, capture_output=True,
    )  # fmt: skip


async def _open(port: int) -> None:
    for _ in range(100):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.05)
        else:
            writer.close()
            return
    raise RuntimeError("nginx does not listen")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def front(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Front]:
    folder = tmp_path_factory.mktemp("front")
    tls, plain = _free(), _free()
    settings = {"GUIYAN_PUBLIC_URL": f"https://{NAME}", "GUIYAN_AREAS": "定陶"}
    async with Program(folder, settings) as service:
        await service.start()
        await service.ready()
        upstream = service.address.removeprefix("http://")
        _certified(folder)
        nginx = await asyncio.create_subprocess_exec(
            "nginx", "-p", str(folder), "-c", str(_configured(folder, upstream, tls, plain))
        )
        await _open(tls)
        trust = ssl.create_default_context(cafile=str(folder / "tls" / "fullchain.pem"))
        trust.check_hostname = False
        async with aiohttp.ClientSession(
            f"https://127.0.0.1:{tls}",
            headers={"Host": NAME},
            cookie_jar=aiohttp.CookieJar(unsafe=True),
            connector=aiohttp.TCPConnector(ssl=trust),
        ) as session:
            yield Front(session, f"http://127.0.0.1:{plain}", service)
        nginx.terminate()
        await nginx.wait()


async def test_the_page_comes_with_a_secure_cookie_and_hsts(front: Front) -> None:
    async with front.session.get("/chat") as answer:
        assert answer.status == 200
        assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]
        assert answer.cookies["guiyan_visitor"]["secure"]


async def test_who_comes_without_tls_is_sent_there(front: Front) -> None:
    where = front.session.get(f"{front.plain}/chat?a=1", allow_redirects=False)
    async with where as answer:
        assert answer.status == 308
        assert answer.headers["Location"] == f"https://{NAME}/chat?a=1"


async def test_replies_leave_at_once_through_an_open_stream(front: Front) -> None:
    await (await front.session.get("/chat")).read()
    async with asyncio.timeout(20), front.session.get("/chat/api/stream") as stream:
        began = time.monotonic()
        said = front.session.post(
            "/chat/api/messages", json={"text": "个体户创业担保贷款最高多少"}
        )
        async with said as answer:
            assert answer.status == 202
        while not (await stream.content.readline()).startswith(b"data:"):
            pass
        assert time.monotonic() - began < 10
        assert not stream.content.at_eof()


async def test_a_stream_of_the_console_is_open_to_staff_alone(front: Front) -> None:
    async with front.session.get("/console/live?topic=desk", allow_redirects=False) as answer:
        assert answer.status in (303, 401, 403)


async def test_the_sign_in_comes_through(front: Front) -> None:
    async with front.session.get("/console/sign-in") as answer:
        assert answer.status == 200
        assert "密码" in await answer.text()


@pytest.mark.parametrize(
    ("path", "size"), [("/wecom/app", 2), ("/chat/api/messages", 3), ("/console/sign-in", 52)]
)
async def test_what_is_too_large_is_turned_away(front: Front, path: str, size: int) -> None:
    async with front.session.post(path, data=BytesIO(b"x" * (size << 20))) as answer:
        assert answer.status == 413


@pytest.mark.parametrize("path", ["/metrics", "/healthz", "/readyz"])
async def test_how_the_service_does_stays_inside(front: Front, path: str) -> None:
    async with front.session.get(path) as answer:
        assert answer.status == 404
        assert "guiyan_" not in await answer.text()


async def test_a_webhook_reaches_the_program(front: Front) -> None:
    async with front.session.post("/telegram/main", json={}) as answer:
        assert answer.status == 404  # the channel is off; nginx passes on what the program says
        assert "404: Not Found" in await answer.text()


async def test_a_process_that_is_back_is_asked_at_once(front: Front) -> None:
    """While others of a rolling upgrade are away; the last test: the service starts anew."""
    port = front.service.address.rpartition(":")[2]
    await front.service.stop()
    async with front.session.get("/chat") as answer:
        assert answer.status == 502
    await front.service.start("--port", port)
    async with front.session.get("/chat") as answer:
        assert answer.status == 200
