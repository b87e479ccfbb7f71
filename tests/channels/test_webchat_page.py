"""The page's files as they go over the wire, and the page for browsers without scripts."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest

from records.database import Database, StoreUnavailable
from records.messages import Option
from records.vault import Vault
from tests.support.web_chat import Answer, Visit, visiting

SCRIPT = {
    "登记": [Answer("您家在哪里？", (Option("<定陶>", 'a"b'),))],
    'a"b': [Answer("记下了")],
}


@pytest.fixture
def kind() -> str:
    """What does not touch the store need not run on both."""
    return "sqlite"


@pytest.fixture
async def visit(database: Database, vault: Vault) -> AsyncIterator[Visit]:
    """Somebody who has opened the page."""
    async with visiting(database, vault, SCRIPT) as visit:
        yield visit


async def page(visit: Visit, path: str = "/chat") -> str:
    """A page's HTML."""
    async with visit.session.get(path) as answer:
        assert answer.status == 200
        return await answer.text()


def parts(html: str) -> list[str]:
    """What the page loads."""
    return re.findall(r'(?:href|src)="(/chat/[^"#]+\.[^"]+)"', html)


async def test_both_addresses_show_the_page(visit: Visit) -> None:
    assert await page(visit, "/") == await page(visit, "/chat")


async def test_everything_comes_from_here_and_weighs_little(visit: Visit) -> None:
    html = await page(visit)
    assert "//" not in "".join(parts(html))
    weights = [len(html.encode())]
    for path in parts(html):
        async with visit.session.get(path) as answer:
            weights.append(len(await answer.read()))
    assert len(weights) == 5
    assert sum(weights) < 40_000


@pytest.mark.parametrize("path", ["/", "/chat", "/chat?nojs=1", "/chat/chat.js", "/chat/chat.css"])
async def test_every_answer_carries_its_guards(visit: Visit, path: str) -> None:
    async with visit.session.get(path) as answer:
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"


async def test_no_script_or_style_stands_in_the_page(visit: Visit) -> None:
    for path in ("/chat", "/chat?nojs=1"):
        html = await page(visit, path)
        assert not re.search(r"<style|<script(?! src)|\son\w+=|\sstyle=", html)


async def test_files_go_out_compressed_to_who_can_read_it(visit: Visit) -> None:
    for encoding, expected in (("gzip, br", "gzip"), ("identity", None)):
        headers = {"Accept-Encoding": encoding}
        async with visit.session.get("/chat/chat.js", headers=headers) as answer:
            assert answer.headers.get("Content-Encoding") == expected


async def test_a_phone_keeps_the_parts_for_a_year_and_asks_for_the_page(visit: Visit) -> None:
    script = next(path for path in parts(await page(visit)) if "chat.js" in path)
    async with visit.session.get(script) as answer:
        assert "max-age=31536000" in answer.headers["Cache-Control"]
    async with visit.session.get("/chat") as answer:
        assert answer.headers["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("path", ["/chat", "/chat/chat.css"])
async def test_what_has_not_changed_is_not_sent_again(visit: Visit, path: str) -> None:
    async with visit.session.get(path) as answer:
        known = {"If-None-Match": answer.headers["ETag"]}
    async with visit.session.get(path, headers=known) as answer:
        assert (answer.status, await answer.read()) == (304, b"")


async def test_no_other_file_can_be_read(visit: Visit) -> None:
    for path in ("/chat/index.html", "/chat/..%2fchannel.py", "/chat/plain.html"):
        async with visit.session.get(path) as answer:
            assert answer.status == 404


async def test_without_scripts_there_is_a_way(visit: Visit) -> None:
    html = await page(visit)
    assert '<noscript><meta http-equiv="refresh" content="0;url=/chat?nojs=1">' in html
    assert '<form method="post" action="/chat/say">' in await page(visit, "/chat?nojs=1")


async def test_the_plain_form_shows_question_and_answer(visit: Visit) -> None:
    async with visit.session.post("/chat/say", data={"text": "养羊"}) as answer:
        assert (answer.status, answer.url.query_string) == (200, "nojs=1")
        html = await answer.text()
    assert html.index("养羊</p>") < html.index("您说的是“养羊”。")


async def test_the_plain_page_offers_options_as_buttons(visit: Visit) -> None:
    async with visit.session.post("/chat/say", data={"text": "登记"}) as answer:
        assert 'name="option" value="a&quot;b">&lt;定陶&gt;</button>' in await answer.text()
    async with visit.session.post("/chat/say", data={"option": 'a"b'}) as answer:
        assert "记下了" in await answer.text()


async def test_markup_stays_text(visit: Visit) -> None:
    async with visit.session.post("/chat/say", data={"text": "<script>"}) as answer:
        html = await answer.text()
    assert "&lt;script&gt;" in html
    assert "<script>" not in html


@pytest.mark.parametrize(
    ("data", "status"), [({"text": " "}, 400), ({}, 400), ({"text": "贷" * 8001}, 413)]
)
async def test_the_plain_page_says_what_is_wrong(
    visit: Visit, data: dict[str, str], status: int
) -> None:
    async with visit.session.post("/chat/say", data=data) as answer:
        assert answer.status == status
        assert re.search(r'role="alert">[^<]+。</p>', await answer.text())


async def test_a_form_on_another_site_is_refused(visit: Visit) -> None:
    headers = {"Origin": "https://elsewhere.example"}
    async with visit.session.post("/chat/say", data={"text": "好"}, headers=headers) as answer:
        assert (answer.status, visit.door.heard) == (403, [])


async def test_a_store_that_is_away_gets_a_page_with_a_sentence(visit: Visit) -> None:
    visit.door.fault = StoreUnavailable("the database is locked")
    async with visit.session.post("/chat/say", data={"text": "好"}) as answer:
        assert (answer.status, "系统正忙" in await answer.text()) == (503, True)
