"""What an attacker tries on every page: forged forms, hostile words, ways out of the folder."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import datetime

import pytest
from aiohttp import ClientSession, DummyCookieJar

from bot.benching.console import crawled
from bot.benching.console_world import NOW, World
from console.guard import COOKIE
from console.page import Door, Page
from console.routes import PAGES
from records import people
from records.database import Database, Session
from records.people import Entered, Source
from records.vault import Vault
from tests.support.console import Browser, Stage, served

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'-alert(1)-'",
    "{{7*7}}${7*7}",
    "</title><svg onload=alert(1)>",
)
POSTS = [page for page in PAGES if page.method == "POST"]
SHUT = [page for page in PAGES if page.door in (Door.STAFF, Door.FRESH) and page.method == "GET"]


def _address(page: Page) -> str:
    return re.sub(r"\{[^}]+\}", "1", page.path)


@pytest.mark.parametrize("page", POSTS, ids=lambda p: p.path)
async def test_no_form_works_without_its_mark(stage: Stage, page: Page) -> None:
    answer = await (await stage.staff(area="")).post_bare(_address(page), csrf="forged")
    assert answer.status in (303, 403, 404, 409)
    assert answer.status != 303 or answer.path.startswith(("/again", "/factor", "/sign-in"))


@pytest.mark.parametrize("page", SHUT, ids=lambda p: p.path)
async def test_nobody_is_shown_a_page(stage: Stage, page: Page) -> None:
    answer = await stage.nobody().get(_address(page))
    assert (answer.status, answer.path.partition("?")[0]) == (303, "/sign-in")


@pytest.mark.parametrize("page", POSTS, ids=lambda p: p.path)
async def test_a_form_from_another_site_is_refused(stage: Stage, page: Page) -> None:
    browser = await stage.staff(area="")
    asked = browser.client.post(
        f"/console{_address(page)}",
        data={"csrf": browser.csrf},
        headers={"Cookie": f"{COOKIE}={browser.token}", "Sec-Fetch-Site": "cross-site"},
        allow_redirects=False,
    )
    async with asked as response:
        assert response.status in (403, 404)


async def _crawled(stage: Stage, browser: Browser) -> dict[str, str]:
    headers, root = {"Cookie": f"{COOKIE}={browser.token}"}, str(stage.client.make_url(""))
    async with ClientSession(root, headers=headers, cookie_jar=DummyCookieJar()) as client:
        found = {}
        for path in await crawled(client):
            async with client.get(path, allow_redirects=False) as response:
                found[path] = (await response.read()).decode("utf-8", "replace")
        return found


def _register(session: Session, stage: Stage) -> None:
    for number, text in enumerate(HOSTILE):
        entered = Entered(
            {"intent": "ready"},
            {
                "nickname": text,
                "skill": text,
                "home_village": text,
                "phone": f"1990000000{number}",
            },
            "371703",
            Source.COUNTER,
        )
        people.enter(session, stage.vault, f"hostile{number}", entered, at=stage.now, basis="演练")


async def test_hostile_words_are_shown_as_words_on_every_page(stage: Stage) -> None:
    stage.clock[0] = NOW
    await World(stage.vault, 20).fill(stage.database, messages=20, tickets=20)
    await stage.database.run(_register, stage)
    for path, text in (await _crawled(stage, await stage.staff())).items():
        assert not [word for word in HOSTILE if "<" in word and word in text], path


@pytest.mark.parametrize(
    "path", ["/static/../routes.py", "/static/..%2froutes.py", "/static/%2e%2e/desk.py"]
)
async def test_no_way_leads_out_of_the_folder(stage: Stage, path: str) -> None:
    answer = await (await stage.staff()).get(path)
    assert answer.status == 404
    assert "from __future__" not in answer.text


async def test_a_form_of_a_megabyte_is_refused(stage: Stage) -> None:
    browser = await stage.staff()
    answer = await browser.post("/account/password", password="x" * 1_000_000, repeated="x")
    assert answer.status == 413


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "OPTIONS"])
async def test_no_other_method_does_anything(stage: Stage, method: str) -> None:
    browser = await stage.staff()
    headers = {"Cookie": f"{COOKIE}={browser.token}"}
    async with browser.client.request(method, "/console/account", headers=headers) as response:
        assert response.status in (403, 404, 405)


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(stage: Stage) -> None:
    answer = await stage.nobody().get("/sign-in")
    given = answer.headers["Set-Cookie"]
    assert "HttpOnly" in given
    assert "SameSite=Lax" in given
    assert "Path=/console" in given


async def test_behind_https_no_cookie_goes_without_it(
    database: Database, vault: Vault, now: datetime
) -> None:
    async with served(database, vault, now, public_url="https://office.example") as stage:
        before = await stage.nobody().get("/sign-in")
        after = await (await stage.staff()).post("/account/leave-others")
        given = [one.headers["Set-Cookie"] for one in (before, after)]
    assert ["Secure" in one for one in given] == [True, True]


async def test_a_forged_host_leads_nowhere(stage: Stage) -> None:
    headers = {"Host": "evil.example"}
    asked = stage.client.get("/console/account", headers=headers, allow_redirects=False)
    async with asked as response:
        assert response.headers["Location"].startswith("/console/")


async def test_what_was_said_to_one_is_not_shown_to_another(stage: Stage) -> None:
    one, other = await stage.staff(), await stage.staff("小吴")
    await one.post("/account/leave-others")
    other.cookies["guiyan_said"] = one.cookies["guiyan_said"]
    assert "退出了" in (await one.get("/account")).words
    assert "退出了" not in (await other.get("/account")).words


FORM = "application/x-www-form-urlencoded"
GARBLED = [
    (f"{FORM}; charset=no-such", b"csrf=x"),
    (FORM, b"csrf=\xff\xfe"),
    ("multipart/form-data", b"csrf"),
    ("multipart/form-data; boundary=b", b"--b\r\nno header"),
]


@pytest.mark.parametrize(("kind", "body"), GARBLED)
async def test_a_form_that_cannot_be_read_is_refused(stage: Stage, kind: str, body: bytes) -> None:
    browser = await stage.staff()
    headers = {"Cookie": f"{COOKIE}={browser.token}", "Content-Type": kind}
    path = "/console/account/leave-others"
    async with browser.client.post(path, data=body, headers=headers) as response:
        assert response.status == 400
        assert "default-src 'none'" in response.headers["Content-Security-Policy"]


async def _in_pieces() -> AsyncIterator[bytes]:
    for _ in range(40):
        yield b"a" * 64 * 1024


async def test_a_form_without_a_length_is_cut_off(stage: Stage) -> None:
    headers = {"Content-Type": FORM}
    asked = stage.client.post("/console/sign-in", data=_in_pieces(), headers=headers)
    async with asked as response:
        assert response.status == 413
        assert "default-src 'none'" in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "path", ["/people?q=%00", "/staff/%00", "/search?q=a%00b", "/audit?actor=%00"]
)
async def test_what_no_database_keeps_is_not_there(stage: Stage, path: str) -> None:
    assert (await (await stage.staff()).get(path)).status == 404


async def test_what_no_database_keeps_is_left_out_of_forms(stage: Stage) -> None:
    answer = await (await stage.staff()).post(
        "/staff-new", name="小\0吴", role="staff", place="\0"
    )
    assert answer.status == 422
