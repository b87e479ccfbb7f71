"""Campaigns from the second look on: agreed to or sent back, halted, stopped, finished."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from aiohttp import web

from console.campaigns import finding, working
from console.campaigns.finding import TONES, on_a_page
from console.desk import Desk, Refused
from console.page import Page
from outreach.campaigns import looking, schedule, states, texts, trying
from outreach.campaigns.states import Act
from records import background
from records.background import NewWork
from records.campaigns import Campaign
from records.database import Session
from records.rights import Right

Move = Callable[[Session, int, str, datetime], None]
_CHANGED = "您看的时候它又变了：请按现在的样子再看一遍。"


async def look_through(desk: Desk) -> web.StreamResponse:
    """Everything that a second person agrees to, and the words to do it with."""
    number = desk.number("number")
    found = await desk.read(finding.seen, desk.staff, number)
    looked = await finding.look(desk, found)
    named = await desk.named(found.campaign.area, found.campaign.town)
    return desk.render(
        "campaigns/look.html",
        seen=found,
        look=looked.look,
        is_counting=looked.is_counting,
        place=named(found.campaign.town or found.campaign.area),
        words=states.WORDS,
        tones=TONES,
        steps=states.STEPS,
        reasons=looking.REASONS,
        channels=texts.CHANNELS,
        when=schedule.when,
        which=texts.which,
        evenings=schedule.OF_EVENINGS,
        fault=finding.plain(await desk.read(_fault, desk, number)),
        no_test=finding.plain(await desk.read(trying.fault, number, desk.staff.name)),
        needs_test=await desk.read(states.needs_test, found.campaign, looked.look.planned),
    )


def _fault(session: Session, desk: Desk, number: int) -> str:
    by = desk.staff.name
    return states.fault(session, Act.APPROVE, number, by, desk.now, has_looked=True)


async def approve(desk: Desk) -> web.StreamResponse:
    """Agree to exactly what was shown."""
    number = await _checked(desk)
    with on_a_page():
        await desk.write(_approve, desk, number)
    said = "同意了，到时间自己开始发。"
    return desk.go(f"/campaigns/{number}", said=said)


def _approve(session: Session, desk: Desk, number: int) -> None:
    by = desk.staff.name
    _as_seen(session, desk, number)
    states.look(session, number, by, desk.now)
    states.approve(session, number, by, desk.now)


async def refuse(desk: Desk) -> web.StreamResponse:
    """Not like this: a draft again, with the reason."""
    number, why = await _checked(desk), desk.form.get("why", "").strip()
    if not why:
        raise Refused("退回要写一句为什么，起草的人好改。")
    with on_a_page():
        await desk.write(_refuse, desk, number, why)
    return desk.go(f"/campaigns/{number}", said="退回去改了。")


def _refuse(session: Session, desk: Desk, number: int, why: str) -> None:
    _as_seen(session, desk, number)
    states.refuse(session, number, desk.staff.name, desk.now, why)


def _as_seen(session: Session, desk: Desk, number: int) -> Campaign:
    """Refused where it is not what the page showed any more."""
    campaign = finding.theirs(session, desk.staff, number)
    if campaign.digest != desk.form.get("digest", ""):
        raise Refused(_CHANGED)
    return campaign


async def pause(desk: Desk) -> web.StreamResponse:
    """Nothing more leaves until it goes on."""
    return await _moved(desk, states.pause, "暂停了，没发的都先留着。", undo="resume")


async def resume(desk: Desk) -> web.StreamResponse:
    """It goes on."""
    return await _moved(desk, states.resume, "继续发了，谁也不会收到两遍。")


async def stop(desk: Desk) -> web.StreamResponse:
    """Nothing more leaves, for good."""
    why = desk.form.get("why", "").strip()[:200]

    def stopped(session: Session, number: int, by: str, now: datetime) -> None:
        states.stop(session, number, by, now, why)

    return await _moved(desk, stopped, "停了，没发的不再发。")


async def finish(desk: Desk) -> web.StreamResponse:
    """It is over."""
    return await _moved(desk, states.finish, "结束了。")


async def _moved(desk: Desk, move: Move, said: str, undo: str = "") -> web.StreamResponse:
    number = await _checked(desk)
    with on_a_page():
        await desk.write(move, number, desk.staff.name, desk.now)
    desk.means.wake_sender()
    back = f"/campaigns/{number}/{undo}" if undo else ""
    return desk.go(f"/campaigns/{number}", said=said, undo=back)


async def take_late(desk: Desk) -> web.StreamResponse:
    """Who fits only now gets it, too: looked for in the background."""
    number = await _checked(desk)
    await desk.write(_take_late, desk, number)
    return desk.go(f"/campaigns/{number}", said="正在补后来合条件的人，几分钟以后开始发。")


def _take_late(session: Session, desk: Desk, number: int) -> None:
    work = NewWork(working.LATE, desk.staff.name, {"number": number}, desk.staff.area)
    background.add(session, desk.means.vault, work, desk.now)


async def _checked(desk: Desk) -> int:
    """The number of a campaign that is theirs."""
    number = desk.number("number")
    await desk.read(finding.theirs, desk.staff, number)
    return number


PAGES = (
    Page("GET", "/campaigns/{number}/look", look_through, Right.CAMPAIGNS),
    Page("POST", "/campaigns/{number}/approve", approve, Right.APPROVE),
    Page("POST", "/campaigns/{number}/refuse", refuse, Right.APPROVE),
    Page("POST", "/campaigns/{number}/pause", pause, Right.CAMPAIGNS),
    Page("POST", "/campaigns/{number}/resume", resume, Right.CAMPAIGNS),
    Page("POST", "/campaigns/{number}/stop", stop, Right.CAMPAIGNS),
    Page("POST", "/campaigns/{number}/finish", finish, Right.CAMPAIGNS),
    Page("POST", "/campaigns/{number}/late", take_late, Right.CAMPAIGNS),
)
