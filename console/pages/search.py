"""One field for everything: names, phones, numbers, titles; only what this reader may know."""

from __future__ import annotations

import unicodedata

from aiohttp import web

from console import searching
from console.desk import Desk
from console.page import Page
from console.searching import Asked, Hit
from records import audit
from records.database import Session
from records.name_parts import LEAST
from records.people import Profile
from records.rights import Right

_LONGEST = 60


async def search(desk: Desk) -> web.StreamResponse:
    """What is found, by kind; whose names are shown is in the trail."""
    words = _plain(desk.query.get("q", ""))
    if len(words) < LEAST:
        return desk.render(
            "search.html", words=words, people=(), named=str, found=(), is_short=True
        )
    asked = Asked(desk.means.vault, desk.staff, desk.now, words, await desk.gazetteer())
    people, found = await desk.read(_found, asked)
    if people:
        await desk.write(_note, [one.id for one in people], desk)
    known = (await desk.means.answerer()).library.entries.values()
    found.append(("政策", searching.entries(known, asked)))
    paths = {resource.canonical for resource in desk.request.app.router.resources()}
    return desk.render(
        "search.html",
        words=words,
        people=people,
        named=await desk.named(*(one.area for one in people)),
        found=[(title, hits, _is_there(hits, paths)) for title, hits in found if hits],
        is_short=False,
    )


def _found(session: Session, asked: Asked) -> tuple[list[Profile], list[tuple[str, list[Hit]]]]:
    people = searching.persons(session, asked)
    return people, [(title, look(session, asked)) for title, look in searching.KINDS]


def _note(session: Session, ids: list[str], desk: Desk) -> None:
    audit.write_all(session, "person.seen", ids, at=desk.now, actor=desk.actor[:60])


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split())[:_LONGEST]


def _is_there(hits: list[Hit], paths: set[str]) -> bool:
    """Whether the pages that the hits lead to are among ours."""
    stem = hits[0].path.split("/")[1]
    return any(path.removeprefix("/console").split("/")[1:2] == [stem] for path in paths)


PAGES = (Page("GET", "/search", search, Right.CONSOLE),)
