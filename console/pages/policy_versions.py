"""One version on its way: read by a colleague, sent back or agreed to, served."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from aiohttp import web
from pydantic import Field

from console.desk import Desk, NotHere, Refused
from console.forms import Filled, Form, blank, filled
from console.page import Page
from console.pages import policy_editing as editing
from console.pages import policy_shelf as shelf
from console.pages.policy_facts import changed_lines, changes
from console.pages.policy_shelf import TONES, Place
from knowledge.editing import Faulty
from knowledge.previewing import Preview, Said, asked
from records import policies
from records.database import Session
from records.edit_refusals import EditRefused, NoSuchVersion
from records.policies import WAITING as IS_WAITING
from records.policies import PageVersion, Stage
from records.rights import Right

_EARLIER = (Stage.REPLACED, Stage.WITHDRAWN)


class _SendBack(Form):
    why: str = Field(max_length=200)


async def version(desk: Desk) -> web.StreamResponse:
    """A version on its way: its differences, its faults, how it will be said."""
    return await _version(desk)


async def _version(
    desk: Desk,
    status: int = 200,
    faults: Sequence[str] = (),
    *,
    f: Filled[_SendBack] | None = None,
) -> web.StreamResponse:
    row, place = await version_of(desk, desk.number("number"))
    known = await shelf.library(desk)
    papers = await asyncio.to_thread(shelf.papers_of, place)
    text = None if row.withdraws else row.text
    is_waiting = row.stage in IS_WAITING
    preview = await asyncio.to_thread(Preview, place.served.pages, place.path, text)
    count, _ = await shelf.listeners(desk, place, known) if place.is_entry else (0, ())
    question = desk.query.get("q", "").strip()[:200]
    area = desk.query.get("area", place.pack.code)
    return desk.render(
        "policies/version.html",
        status,
        row=row,
        stage=Stage(row.stage),
        tones=TONES,
        place=place,
        title=shelf.data_of(row.text).get("title") or row.path,
        faults=faults or (await found_faults(desk, place, text) if is_waiting else ()),
        bot_says=await asyncio.to_thread(preview.told, desk.now),
        changes=changes(place.text or "", row.text, papers) if place.is_entry else (),
        raw=None if place.is_entry else row.text,
        lines=() if place.is_entry else changed_lines(place.text or "", row.text),
        is_waiting=is_waiting,
        is_theirs=shelf.may_edit(desk, place.pack),
        is_own=row.author.strip().casefold() == desk.staff.name.strip().casefold(),
        is_late=is_waiting and await desk.read(is_behind, row.id, place.shipped),
        count=count,
        f=f or blank({"q": question, "area": area}),
        is_restorable=row.stage in _EARLIER,
        areas=[(code, pack.place.area.short) for code, pack in known.packs.items()],
        both=await ask(desk, preview, question, area) if question else None,
    )


def is_behind(session: Session, number: int, shipped: str | None) -> bool:
    """Whether other words have been served since a version was written."""
    row = policies.version(session, number)
    front = policies.front_of(session, row.path)
    base = policies.fingerprint(shipped) if shipped is not None else ""
    ended = front.ended_at if front else None
    has_moved = (front.number if front else 0) != row.follows
    return has_moved or row.base != base or bool(ended and ended > row.made_at)


async def ask(desk: Desk, preview: Preview, question: str, area: str) -> tuple[Said, Said]:
    """What the bot answers today, and with the page in place."""
    answerer = await desk.means.answerer()
    today = await asyncio.to_thread(asked, answerer, question, area, desk.now)
    then = await asyncio.to_thread(preview.asked, question, area, desk.now)
    return today, then


async def version_of(desk: Desk, number: int) -> tuple[PageVersion, Place]:
    """A version of a page of our areas; what is not public yet only for who may change it."""
    try:
        row = await desk.read(policies.version, number)
    except NoSuchVersion as fault:
        raise NotHere from fault
    place = await shelf.place_of(desk, row.path)
    if row.live_at is None and row.stage != Stage.WITHDRAWN:
        shelf.need_edit(desk, place.pack)
    return row, place


async def found_faults(desk: Desk, place: Place, text: str | None) -> list[str]:
    """What stands in the way of a version, in the words of the form."""
    faults = await asyncio.to_thread(
        shelf.editor(desk).faults_of, {place.path: text}, place.served.pages
    )
    return [_told_fault(fault.file, place, editing.spoken(fault)) for fault in faults]


def _told_fault(file: str, place: Place, said: str) -> str:
    return said if file == place.path else f"{shelf.id_of(file)}：{said}"


async def review(desk: Desk) -> web.StreamResponse:
    """Agree to a colleague's draft."""
    return await _step(desk, [desk.number("number")], "review")


async def release(desk: Desk) -> web.StreamResponse:
    """Serve it from the next message on."""
    return await _step(desk, [desk.number("number")], "release")


async def together(desk: Desk) -> web.StreamResponse:
    """Several that only fit together: reviewed, or released, at once."""
    act = desk.form.get("act", "")
    numbers = [int(one) for one in desk.lists.get("id", []) if one.isascii() and one.isdigit()]
    if act not in ("review", "release") or not numbers:
        raise Refused("请先勾选要一起办的几条。")
    return await _step(desk, numbers, act)


async def _step(desk: Desk, numbers: Sequence[int], act: str) -> web.StreamResponse:
    for number in numbers:
        _, place = await version_of(desk, number)
        shelf.need_edit(desk, place.pack)
    try:
        if act == "review":
            await shelf.editor(desk).review(*numbers, reviewer=desk.staff.name)
            said = "审过了。再按“上线”，机器人才会这样说。"
        else:
            await shelf.editor(desk).release(*numbers, by=desk.staff.name)
            said = "上线了，从下一条消息起就按它回答。"
    except Faulty as fault:
        return await _stopped(desk, numbers, [editing.spoken(each) for each in fault.faults])
    except EditRefused as fault:
        return await _stopped(desk, numbers, [str(fault)])
    return desk.go(f"/policies/versions/{numbers[0]}", said)


async def _stopped(
    desk: Desk, numbers: Sequence[int], faults: Sequence[str]
) -> web.StreamResponse:
    if len(numbers) == 1 and "number" in desk.request.match_info:
        return await _version(desk, 409, faults)
    raise Refused("没有办：" + "；".join(faults))


async def send_back(desk: Desk) -> web.StreamResponse:
    """Ask its author to write it otherwise, and say why."""
    row, place = await version_of(desk, desk.number("number"))
    shelf.need_edit(desk, place.pack)
    f = filled(_SendBack, desk.form)
    if f.value is None:
        return await _version(desk, 422, f=f)
    try:
        await shelf.editor(desk).send_back(row.id or 0, by=desk.staff.name, why=f.value.why)
    except EditRefused as fault:
        return await _version(desk, 409, [str(fault)])
    return desk.go(f"/policies/versions/{row.id}", f"退回了，{row.author}的“今天”里看得到。")


async def drop(desk: Desk) -> web.StreamResponse:
    """Nobody takes a draft further."""
    row, place = await version_of(desk, desk.number("number"))
    shelf.need_edit(desk, place.pack)
    try:
        await shelf.editor(desk).drop(row.id or 0, by=desk.staff.name)
    except EditRefused as fault:
        return await _version(desk, 409, [str(fault)])
    undo = f"/policies/versions/{row.id}/pick-up"
    return desk.go("/policies?tab=draft", "放弃了，内容还在版本里看得到。", undo)


async def pick_up(desk: Desk) -> web.StreamResponse:
    """A draft that was given up waits again."""
    row, place = await version_of(desk, desk.number("number"))
    shelf.need_edit(desk, place.pack)
    try:
        await shelf.editor(desk).pick_up(row.id or 0, by=desk.staff.name)
    except EditRefused as fault:
        return await _version(desk, 409, [str(fault)])
    return desk.go(f"/policies/versions/{row.id}", "又是草稿了。")


async def restore(desk: Desk) -> web.StreamResponse:
    """A draft with the words of an earlier version: it goes the two steps like any other."""
    row, place = await version_of(desk, desk.number("number"))
    shelf.need_edit(desk, place.pack)
    if row.stage not in _EARLIER:
        raise Refused("只有以前用过的一版才能恢复。")
    return await _drafted_anew(desk, place, row.text, f"恢复第 {row.number} 版的内容")


async def restore_shipped(desk: Desk) -> web.StreamResponse:
    """The same with the words that the program brought."""
    place = await shelf.place_of_entry(desk, desk.path("entry"))
    shelf.need_edit(desk, place.pack)
    if place.shipped is None:
        raise NotHere
    return await _drafted_anew(desk, place, place.shipped, "恢复程序自带的内容")


async def _drafted_anew(desk: Desk, place: Place, text: str, note: str) -> web.StreamResponse:
    try:
        drafted = await shelf.editor(desk).draft(
            place.path, text, author=desk.staff.name, note=note
        )
    except EditRefused as fault:
        raise Refused(str(fault)) from fault
    said = "照那一版起了草稿。同事审过、上线以后，机器人才会这样说。"
    number = drafted.version.id
    return desk.go(f"/policies/versions/{number}", said, f"/policies/versions/{number}/drop")


PAGES = (
    Page("POST", "/policies/together", together, Right.POLICIES),
    Page("GET", "/policies/versions/{number}", version, Right.SEE_POLICIES),
    Page("POST", "/policies/versions/{number}/review", review, Right.POLICIES),
    Page("POST", "/policies/versions/{number}/release", release, Right.POLICIES),
    Page("POST", "/policies/versions/{number}/send-back", send_back, Right.POLICIES),
    Page("POST", "/policies/versions/{number}/drop", drop, Right.POLICIES),
    Page("POST", "/policies/versions/{number}/pick-up", pick_up, Right.POLICIES),
    Page("POST", "/policies/versions/{number}/restore", restore, Right.POLICIES),
    Page("POST", "/policies/{entry}/restore", restore_shipped, Right.POLICIES),
)
