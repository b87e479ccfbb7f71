"""What people asked and could not be answered: most asked first, until it is closed."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from aiohttp import web
from pydantic import Field

from console.desk import Desk, NotHere, Refused
from console.forms import Filled, Form, blank, filled, wrong
from console.page import Page, Waiting
from console.pages import policy_shelf as shelf
from knowledge.answer import Answer, Answerer
from knowledge.candidates import Candidate
from outreach import gap_desk
from outreach.calendars import CHINA
from outreach.gap_desk import Place
from records import gaps as records_gaps
from records import scope
from records.database import Session
from records.gaps import Closing, Gap, GapState, NoSuchGap, Wording
from records.rights import Right
from records.staff_accounts import Staff
from registry import villages

_SHOWN = 60  # wordings on a page
_LABELS = {
    GapState.OPEN: "没答上的",
    GapState.ANSWERED: "已经能答了",
    GapState.DISMISSED: "不归我们答",
}


class _Answered(Form):
    entry: str = Field(max_length=120)


class _Dismissed(Form):
    note: str = Field(max_length=300)


class _Merged(Form):
    into: int


async def listed(desk: Desk) -> web.StreamResponse:
    """The gaps by state."""
    try:
        state = GapState(desk.query.get("state") or GapState.OPEN)
        after = Place.read(desk.query["after"]) if desk.query.get("after") else None
    except ValueError as fault:
        raise NotHere from fault
    rows, following, counts = await desk.read(_listed, desk.staff, state, after)
    library = await shelf.library(desk)
    return desk.render(
        "gaps/list.html",
        state=state,
        at=f"/gaps?state={state.value}",
        tabs=[(f"/gaps?state={one.value}", _LABELS[one], counts[one]) for one in GapState],
        rows=[
            (gap, gap_desk.question(gap.text, library), gap_desk.place(gap.area, library))
            for gap in rows
        ],
        reasons=_reasons,
        older=_address(state, following) if following else "",
    )


def _address(state: GapState, following: Place) -> str:
    return f"/console/gaps?{urlencode({'state': state.value, 'after': str(following)})}"


def _reasons(gap: Gap) -> str:
    told = (f"{gap_desk.REASONS.get(name, name)} {n}" for name, n in gap.reasons.items() if n)
    return "、".join(told)


def _listed(
    session: Session, staff: Staff, state: GapState, after: Place | None
) -> tuple[list[Gap], Place | None, dict[GapState, int]]:
    area = _area(session, staff)
    rows, following = gap_desk.page(session, area, state, after=after)
    return rows, following, gap_desk.counts(session, area)


def _area(session: Session, staff: Staff) -> str:
    """Whose gaps are theirs: papers are of counties, so a town's staff see their county's."""
    if not scope.is_local(staff.area):
        return staff.area
    return villages.county_of(session, staff.area) or staff.area[:6]


async def one(desk: Desk) -> web.StreamResponse:
    """One gap: how it was asked, what comes nearest, how it would be answered now."""
    return await _one(desk, blank())


async def _one(desk: Desk, f: Filled[Any], status: int = 200) -> web.StreamResponse:
    gap, wordings, others = await desk.read(_seen, desk.staff, desk.number("number"))
    answerer = await desk.means.answerer()
    library = answerer.library
    near, answer = await asyncio.to_thread(_thought, gap, answerer, desk.now)
    pack = library.packs.get(gap.area)
    theirs = {code for code, one in library.packs.items() if shelf.may_edit(desk, one)}

    def shown(text: str) -> str:
        return gap_desk.question(text, library)

    return desk.render(
        "gaps/one.html",
        status,
        f=f,
        gap=gap,
        state=_LABELS[GapState(gap.state)],
        is_open=gap.state == GapState.OPEN,
        place=gap_desk.place(gap.area, library),
        question=shown(gap.text),
        wordings=[(shown(w.text), w) for w in wordings[-_SHOWN:]],
        hidden_count=max(0, len(wordings) - _SHOWN),
        reasons=_reasons(gap),
        reason_words=gap_desk.REASONS,
        near=near,
        answer=answer,
        others=[(row.id, f"{row.id}　{shown(row.text)}（{row.asked} 次）") for row in others],
        drafts_in=pack.folder if pack and pack.code in theirs else "",
        theirs=theirs,
    )


def _seen(session: Session, staff: Staff, number: int) -> tuple[Gap, list[Wording], list[Gap]]:
    """A gap in reach with how it was asked, and those that it may be joined to."""
    gap = _in_reach(session, staff, number)
    wordings = records_gaps.wordings(session, [number])[number]
    near, _ = gap_desk.page(session, _area(session, staff), GapState.OPEN, limit=50)
    return gap, wordings, [row for row in near if row.id != number and row.area == gap.area]


def _in_reach(session: Session, staff: Staff, number: int) -> Gap:
    try:
        gap = records_gaps.get(session, number)
    except NoSuchGap as fault:
        raise NotHere from fault
    if not gap_desk.is_of(gap, _area(session, staff)):
        raise NotHere
    return gap


def _thought(gap: Gap, answerer: Answerer, now: datetime) -> tuple[list[Candidate], Answer]:
    near = gap_desk.nearest(gap, answerer, now)
    return list(near), answerer.answer(gap.text, area=gap.area or None, now=now)


async def answered(desk: Desk) -> web.StreamResponse:
    """An entry in service closes it; who asked gets the answer by day."""
    f = filled(_Answered, desk.form)
    if f.value is None:
        return await _one(desk, f, 422)
    found = (await shelf.library(desk)).entries.get(f.value.entry)
    if found is None or not found.is_served(desk.now.astimezone(CHINA).date()):
        fault = "现在没有这个编号的条目在用。先让它上线，再来这里"
        return await _one(desk, wrong(f.typed, entry=fault), 422)
    closing = Closing(GapState.ANSWERED, by=desk.staff.name, at=desk.now, entry=found.id)
    return await _closed(desk, closing, "记下了。问过的人白天会收到答案。")


async def dismissed(desk: Desk) -> web.StreamResponse:
    """There is nothing for us to answer."""
    f = filled(_Dismissed, desk.form)
    if f.value is None:
        return await _one(desk, f, 422)
    closing = Closing(GapState.DISMISSED, by=desk.staff.name, at=desk.now, note=f.value.note)
    return await _closed(desk, closing, "记下了，不再列在这里。")


async def _closed(desk: Desk, closing: Closing, said: str) -> web.StreamResponse:
    try:
        await desk.write(_close, desk.staff, desk.number("number"), closing)
    except NoSuchGap as fault:
        raise Refused("没有办：同事刚刚已经处理了这一条。") from fault
    return desk.go("/gaps", said)


def _close(session: Session, staff: Staff, number: int, closing: Closing) -> None:
    _in_reach(session, staff, number)
    gap_desk.close(session, number, closing)


async def merged(desk: Desk) -> web.StreamResponse:
    """Two of one area mean the same."""
    f = filled(_Merged, desk.form)
    if f.value is None:
        return await _one(desk, f, 422)
    try:
        await desk.write(_merge, desk.staff, desk.number("number"), f.value.into, desk.now)
    except NoSuchGap as fault:
        raise Refused("没有并：其中一条同事刚刚已经处理了。") from fault
    return desk.go(f"/gaps/{f.value.into}", "并到这一条了。")


def _merge(session: Session, staff: Staff, number: int, into: int, now: datetime) -> None:
    gone, kept = _in_reach(session, staff, number), _in_reach(session, staff, into)
    if number == into or gone.area != kept.area:
        raise Refused("要并到同一个地区的另一条。")
    records_gaps.merge(session, number, into)
    gap_desk.note(session, "merged_gap", into, staff.name, now)


def _waiting(session: Session, staff: Staff, _now: datetime) -> int:
    return gap_desk.counts(session, _area(session, staff))[GapState.OPEN]


PAGES = (
    Page("GET", "/gaps", listed, Right.GAPS, menu="gaps"),
    Page("GET", "/gaps/{number}", one, Right.GAPS),
    Page("POST", "/gaps/{number}/answered", answered, Right.GAPS),
    Page("POST", "/gaps/{number}/dismiss", dismissed, Right.GAPS),
    Page("POST", "/gaps/{number}/merge", merged, Right.GAPS),
)
WAITING = (Waiting("没答上的问题", "/gaps", Right.GAPS, _waiting),)
