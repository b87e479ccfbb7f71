"""Every page as every post, with addresses inside and outside what they look after.

A new page is walked by itself: its right is in its line of the table, its addresses are found by
following links.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest

from bot.benching.console_world import NOW, World
from console.page import Door, Page
from console.routes import PAGES
from records import rights
from records.database import Database
from records.rights import GRANTS, Post
from records.staff_accounts import Staff, StaffRole
from records.vault import Vault
from tests.support.console import Answer, Browser, Stage, served
from tests.support.console_walk import (
    SOMEBODY,
    browser_of,
    filled,
    is_of_a_record,
    links,
    nobody_of,
    nothing_of,
    out_of_reach,
    page_of,
    walked,
)
from tests.support.marked_world import (
    FAR,
    PARTNER,
    Mark,
    Seeded,
    marked_file,
)

PHONE = re.compile(r"19900\d{6}")
SHUT = [page for page in PAGES if page.door in (Door.STAFF, Door.FRESH)]
# Of everybody: what they show is no record of anybody's place.
SHARED = ("/policies/", "/reports/new/", "/account")

OF_PEOPLE = (
    *("/people/", "/entities/", "/cases/", "/households/", "/privacy/consents/", "/shared/"),
    *("/privacy/requests/", "/imports/differences/", "/stories/"),
)
# An incident is of the whole office: exports rest in every county, and each has to know why.
OF_ALL = "/privacy/incidents"
# Forms that are read before the record is: what is typed into them.
TYPED = {
    "/inbox/{number}/decide": {"outcome": "granted"},
    "/stations/leads/{number}": {"line": "种养加工", "title": "核桃加工"},
    "/imports/differences/{number:[0-9]+}": {"word": "take"},
    "/exports/permits/{number:[0-9]+}": {"word": "yes"},
}
MARKED = (
    *OF_PEOPLE,
    "/inbox/",  # a request has an area of its own: commissioners take all of their county
    *("/staff/", "/privacy/incidents/", "/gaps/", "/events/", "/tasks/", "/courses/"),
    *("/stations/leads/", "/pointers/", "/bodies/", "/campaigns/", "/groups/", "/group-posts/"),
    *("/group-posts/pictures/", "/projects/", "/owed/", "/exports/", "/exports/permits/"),
    *("/reports/made/", "/imports/", "/imports/undo/"),
)


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


@pytest.fixture
async def marked(tmp_path: Path, vault: Vault) -> AsyncIterator[tuple[Stage, Seeded]]:
    """The console over three places whose records are told by their signs."""
    url, seeded = await marked_file(tmp_path / "marked.db", vault, NOW)
    database = Database(url)
    async with served(database, vault, NOW) as stage:
        yield stage, seeded
    await database.close()


def test_every_page_of_a_record_has_one_of_the_far_county() -> None:
    heads = {_head(page) for page in SHUT if is_of_a_record(page)}
    assert {head for head in heads if not head.startswith(SHARED)} == set(MARKED)


@pytest.mark.parametrize("post", Post)
async def test_no_page_shows_a_sign_out_of_reach(marked: tuple[Stage, Seeded], post: Post) -> None:
    stage, _ = marked
    browser, signs = await browser_of(stage, post), out_of_reach(post)
    shown = await walked(browser)
    for mark in nothing_of(post):
        for path in _probes(mark):
            shown[path] = (await browser.get(path)).text.replace(mark.phone, "")  # as typed
    told = {path: text for path, text in shown.items() if not path.startswith(OF_ALL)}
    assert [(path, one) for path, text in told.items() for one in signs if one in text] == []


@pytest.mark.parametrize("post", Post)
async def test_no_address_out_of_reach_opens(marked: tuple[Stage, Seeded], post: Post) -> None:
    stage, seeded = marked
    browser = await browser_of(stage, post)
    for mark in nobody_of(post):
        heads = seeded[mark] if mark in nothing_of(post) else set(OF_PEOPLE) & set(seeded[mark])
        for page in (one for one in SHUT if _head(one) in heads and _head(one) != OF_ALL + "/"):
            assert await _is_refused(browser, page, seeded[mark][_head(page)]), page.path


async def test_who_looks_after_a_place_sees_its_records(marked: tuple[Stage, Seeded]) -> None:
    stage, seeded = marked
    seen = set[str]()
    for name, role in ((FAR.staff, StaffRole.STAFF), (PARTNER, StaffRole.PARTNER)):
        browser = await stage.staff(name, role, FAR.home.area)
        for head in MARKED:
            path = head + seeded[FAR][head]
            text = (await browser.get(path if page_of(path) else head.rstrip("/"))).text
            seen |= {head} if FAR.person in text or FAR.thing in text else set()
    assert set(MARKED) - seen == set()


def _head(page: Page) -> str:
    return page.path.partition("{")[0]


async def _is_refused(browser: Browser, page: Page, record: str) -> bool:
    """Whether a page answers as it does for a record that is nowhere."""
    answer, nowhere = [await _asked(browser, page, one) for one in (record, "999999")]
    is_same = (answer.status, answer.text) == (nowhere.status, nowhere.text)
    return answer.status in (403, 404) or (answer.status == 409 and is_same)


async def _asked(browser: Browser, page: Page, record: str) -> Answer:
    path = _head(page) + record + re.sub(r"\{[^{}]+\}", "1", page.path.partition("}")[2])
    if page.method == "GET":
        return await browser.get(path)
    return await browser.post(path, **TYPED.get(page.path, {}))


def _probes(mark: Mark) -> list[str]:
    """Every list, asked for what lies in another place, or for somebody there."""
    lists = [page.path for page in SHUT if page.method == "GET" and not is_of_a_record(page)]
    asked = {"area": mark.home.area, "place": mark.home.town, "q": mark.phone, "words": "示范"}
    return [f"{path}?{urlencode(asked)}" for path in lists]
