"""One entry: how it is said, its fields, its versions; and out of service at once."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from aiohttp import web
from pydantic import Field

from console.desk import Desk, NotHere, Refused
from console.forms import Form, blank, filled
from console.page import Page
from console.pages import policy_shelf as shelf
from console.pages.policy_facts import Change, changes, facts_of
from console.pages.policy_shelf import TONES, Place
from knowledge.areas import COMMON, COUNTRY
from knowledge.exchange.values import Papers
from knowledge.previewing import told
from records import policies
from records.edit_refusals import EditRefused
from records.policies import PageVersion, Stage
from records.rights import Right


class _Withdraw(Form):
    note: str = Field(max_length=200)
    with_referring: str = ""
    seen: str


async def entry(desk: Desk) -> web.StreamResponse:
    """One entry: how it is said, its fields, its versions."""
    place = await shelf.place_of_entry(desk, desk.path("entry"))
    answerer = await desk.means.answerer()
    known = answerer.library
    versions = await desk.read(policies.versions, place.path)
    if not shelf.may_edit(desk, place.pack):
        versions = [row for row in versions if row.live_at or row.stage == Stage.WITHDRAWN]
    if place.text is None and not versions:
        raise NotHere
    papers = await asyncio.to_thread(shelf.papers_of, place)
    count, referring = await shelf.listeners(desk, place, known)
    text = place.text if place.text is not None else versions[0].text
    return desk.render(
        "policies/entry.html",
        place=place,
        facts=facts_of(text, papers),
        title=shelf.data_of(text).get("title") or place.entry,
        bot_says=await asyncio.to_thread(told, answerer, place.entry, desk.now),
        document=known.document(place.pack.code, str(shelf.data_of(text).get("source", ""))),
        versions=[(row, Stage(row.stage)) for row in versions],
        tones=TONES,
        changes=_between(versions, place.shipped, papers),
        is_theirs=shelf.may_edit(desk, place.pack),
        everywhere=(COMMON, COUNTRY),
        is_served=place.entry in known.entries,
        has_moved=_has_moved(versions, place),
        count=count,
        referring=referring,
        f=blank(),
    )


def _has_moved(versions: Sequence[PageVersion], place: Place) -> bool:
    """Whether the program has brought other words since the page in service was written."""
    front = next((row for row in versions if row.stage in policies.FRONT), None)
    now = policies.fingerprint(place.shipped) if place.shipped is not None else ""
    return front is not None and front.base != now


def _between(
    versions: Sequence[PageVersion], shipped: str | None, papers: Papers
) -> dict[int, list[Change]]:
    """What each version says otherwise than the one that was in front before it."""
    texts = {row.number: row.text for row in versions}
    found = {}
    for row in versions:
        before = texts.get(row.follows, shipped or "")
        found[row.id or 0] = changes(before, row.text, papers)
    return found


async def withdraw(desk: Desk) -> web.StreamResponse:
    """Serve it no more, at once; those who were told it are offered the correction."""
    place = await shelf.place_of_entry(desk, desk.path("entry"))
    shelf.need_edit(desk, place.pack)
    f = filled(_Withdraw, desk.form)
    if f.value is None:
        raise Refused("请写为什么撤下（200 个字以内）。")
    if f.value.seen != place.mark:
        raise Refused("这一条刚刚被同事改过，请返回刷新，看了新的再定。")
    try:
        rows = await shelf.editor(desk).withdraw(
            place.path,
            by=desk.staff.name,
            note=f.value.note,
            with_referring=bool(f.value.with_referring),
        )
    except EditRefused as fault:
        raise Refused(str(fault).split("：guiyan")[0]) from fault
    return desk.go(
        f"/policies/{place.entry}", f"撤下了 {len(rows)} 条，从下一条消息起不再这样答。"
    )


PAGES = (
    Page("GET", "/policies/{entry}", entry, Right.SEE_POLICIES),
    Page("POST", "/policies/{entry}/withdraw", withdraw, Right.POLICIES),
)
