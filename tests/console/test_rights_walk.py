"""Every page as every post, with addresses inside and outside what they look after.

A new page is walked by itself: its right is in its line of the table, its addresses are found by
following links.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta

import pytest

from bot.benching.console_world import NOW, World
from console.page import Door, Page
from console.routes import PAGES
from records import rights
from records.rights import GRANTS, Post
from records.staff_accounts import Staff
from tests.support.console import Browser, Stage
from tests.support.console_walk import (
    SOMEBODY,
    browser_of,
    filled,
    is_of_a_record,
    links,
    page_of,
    walked,
)

PHONE = re.compile(r"19900\d{6}")
SHUT = [page for page in PAGES if page.door in (Door.STAFF, Door.FRESH)]
# Of everybody: what they show is no record of anybody's place.
SHARED = ("/policies/", "/reports/new/", "/account")


@pytest.fixture
async def world(stage: Stage) -> Stage:
    """Two counties with people, requests, visits and businesses."""
    stage.clock[0] = NOW
    await World(stage.vault, 16).fill(stage.database, messages=16, tickets=16)
    return stage


@pytest.mark.parametrize("post", Post)
def test_somebody_of_each_post_walks(post: Post) -> None:
    role, area = SOMEBODY[post]
    assert rights.post_of(Staff("x", role, area)) is post


async def test_nobody_comes_in_without_signing_in(stage: Stage) -> None:
    browser = stage.nobody()
    for page in SHUT:
        answer = await browser.get(filled(page, ())) if page.method == "GET" else None
        answer = answer or await browser.post_bare(filled(page, ()))
        assert (answer.status, answer.path.partition("?")[0]) == (303, "/sign-in"), page.path


async def test_each_post_opens_what_is_theirs_and_nothing_else(world: Stage) -> None:
    everything = await walked(await world.staff("all", area=""))
    faults = [fault for post in Post for fault in await _faults(world, post, everything)]
    assert faults == []


async def _faults(stage: Stage, post: Post, everything: Mapping[str, str]) -> list[str]:
    """What somebody of this post could open and may not; whole phones on pages of theirs."""
    browser = await browser_of(stage, post)
    own = await walked(browser)
    forms = {link for text in everything.values() for link in links(text)}
    reached = {*own, *(link for text in own.values() for link in links(text))}
    beyond = [filled(page, [*everything, *forms]) for page in SHUT if not _is_granted(page, post)]
    elsewhere = [path for path in {*everything, *forms} - reached if _is_of_somebody(path)]
    shown = [f"{post}: a phone on {path}" for path, text in own.items() if PHONE.search(text)]
    faults = [await _opened(browser, path) for path in sorted({*beyond, *elsewhere})]
    return [*shown, *(f"{post}: {fault}" for fault in faults if fault)]


def _is_granted(page: Page, post: Post) -> bool:
    return page.right is None or post in GRANTS[page.right]


def _is_of_somebody(path: str) -> bool:
    page = page_of(path) or page_of(path, "POST")
    return page is not None and is_of_a_record(page) and not path.startswith(SHARED)


async def _opened(browser: Browser, path: str) -> str:
    """What is wrong with how an address out of reach is answered, "" for nothing."""
    for method, ask in (("GET", browser.get), ("POST", browser.post)):
        if page_of(path, method) is None:
            continue
        answer = await ask(path)
        if answer.status != 404 or PHONE.search(answer.text):
            return f"{method} {path} answered {answer.status}"
    return ""


async def test_the_walk_finds_people_and_requests(world: Stage) -> None:
    found = await walked(await world.staff("all", area=""))
    pages = {page.path for path in found if (page := page_of(path))}
    assert {"/people/{id}", "/inbox/{number}", "/staff/{name}"} <= pages


async def test_a_session_that_is_over_opens_nothing(stage: Stage) -> None:
    browser = await stage.staff()
    stage.clock[0] += timedelta(hours=13)
    for page in SHUT:
        if page.method == "GET":
            assert (await browser.get(filled(page, ()))).status == 303, page.path
