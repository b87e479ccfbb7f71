"""Walks the console by its links, as somebody: which addresses there are for them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from html import unescape
from urllib.parse import urlsplit

from console.page import Page
from console.routes import PAGES
from records.rights import Post
from records.staff_accounts import StaffRole
from tests.support.console import Browser, Stage
from tests.support.marked_world import FAR, MARKS, NEXT_TOWN, Mark

_LINK = re.compile(r'(?:href|action)="/console(/[^"#]*)"')
_NOT_WALKED = ("/live", "/static", "/single", "/sign-", "/enter", "/factor", "/again")
_EACH = 6  # addresses of one page that are opened
COUNTY, NEXT_COUNTY, CITY = "371703", "430381", "371700"
TOWN, VILLAGE = "371703104", "371703104207"

SOMEBODY: dict[Post, tuple[StaffRole, str]] = {
    Post.CADRE: (StaffRole.CADRE, VILLAGE),
    Post.CLERK: (StaffRole.STAFF, TOWN),
    Post.COMMISSIONER: (StaffRole.COMMISSIONER, COUNTY),
    Post.MENTOR: (StaffRole.MENTOR, COUNTY),
    Post.STEWARD: (StaffRole.STEWARD, COUNTY),
    Post.HEAD: (StaffRole.HEAD, COUNTY),
    Post.COUNTY: (StaffRole.STAFF, NEXT_COUNTY),
    Post.CITY: (StaffRole.STAFF, CITY),
    Post.INSPECTOR: (StaffRole.INSPECTOR, COUNTY),
    Post.PUBLICITY: (StaffRole.PUBLICITY, COUNTY),
    Post.PARTNER: (StaffRole.PARTNER, COUNTY),
    Post.OPERATOR: (StaffRole.OPERATOR, ""),
}

# Of which places somebody of a post may read nothing, and of which nothing of people.
_NOTHING_OF: dict[Post, tuple[Mark, ...]] = {
    Post.CADRE: MARKS,
    Post.CLERK: (FAR, NEXT_TOWN),
    Post.COUNTY: MARKS,
    Post.CITY: (),
    Post.OPERATOR: MARKS,
}


def nothing_of(post: Post) -> tuple[Mark, ...]:
    """The places of which somebody of this post may read nothing;"""
    return _NOTHING_OF.get(post, (FAR,))


def nobody_of(post: Post) -> tuple[Mark, ...]:
    """The places of whose people they may read nothing."""
    return nothing_of(post) if post is Post.CLERK else MARKS


def out_of_reach(post: Post) -> set[str]:
    """The signs that somebody of this post must not read anywhere."""
    people = {one for mark in nobody_of(post) for one in (mark.person, mark.phone, mark.key)}
    return people | {mark.thing for mark in nothing_of(post)}


async def browser_of(stage: Stage, post: Post) -> Browser:
    """Somebody of this post, signed in."""
    role, area = SOMEBODY[post]
    return await stage.staff(f"walker-{post.value}", role, area)


def page_of(path: str, method: str = "GET") -> Page | None:
    """The page that serves an address."""
    bare = urlsplit(path).path
    return next(
        (p for p in PAGES if p.method == method and _pattern(p.path).fullmatch(bare)), None
    )


def _pattern(path: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)(?::([^{}]+))?\}", path)
    made = "".join(
        re.escape(part) if at % 3 == 0 else (part or "[^/]+") if at % 3 == 2 else ""
        for at, part in enumerate(parts)
    )
    return re.compile(made)


def is_of_a_record(page: Page) -> bool:
    """Whether its address names a record."""
    return "{" in page.path


async def walked(browser: Browser) -> dict[str, str]:
    """Every address that links lead to, from the first page on (of a page the first few), with
    what stands there.
    """
    waiting, found = ["/"], dict[str, str]()
    opened: dict[tuple[str, str], int] = defaultdict(int)
    while waiting:
        path = waiting.pop(0)
        page = page_of(path)
        if page is None or path in found or path.startswith(_NOT_WALKED):
            continue
        opened[(page.method, page.path)] += 1
        if opened[(page.method, page.path)] > _EACH:
            continue
        answer = await browser.get(path)
        found[path] = answer.text if answer.status == 200 else ""
        waiting += links(answer.text)
    return {path: text for path, text in found.items() if text}


def links(text: str) -> list[str]:
    """The addresses of ours on a page, those of its forms too."""
    return [unescape(found) for found in _LINK.findall(text)]


def filled(page: Page, known: Iterable[str]) -> str:
    """An address of a page: one that was found, else one of a record that may be there."""
    pattern = _pattern(page.path)
    found = (path for path in known if pattern.fullmatch(urlsplit(path).path))
    return next(found, re.sub(r"\{[^{}]+\}", "1", page.path))
