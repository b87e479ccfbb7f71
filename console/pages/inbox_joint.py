"""Several offices serve one request together: they are asked, and each says when it is done."""

from __future__ import annotations

from datetime import datetime

from aiohttp import web
from pydantic import Field

from console.desk import Desk, NotHere, Refused
from console.forms import Form, filled, wrong
from console.page import Page
from console.pages.inbox_talk import page_of, read_one
from handlers import desk as counter
from handlers.desk import Case
from handlers.tickets import joint
from handlers.tickets.joint import JoinOffices, OfficeDone
from handlers.tickets.words import offices_in
from records.conversations import Overtaken
from records.database import Session
from records.rights import Right
from records.staff_accounts import Staff
from records.vault import Vault

_OVERTAKEN = "没有记：这件事刚刚已经办结，或者已经记过了。请刷新看看。"


class _Join(Form):
    offices: str = Field(max_length=180)


class _Done(Form):
    office: str = Field(max_length=20)
    note: str = Field(default="", max_length=200)


async def join(desk: Desk) -> web.StreamResponse:
    """These are asked to serve it together; the person is told once."""
    seen = await read_one(desk)
    f = filled(_Join, desk.form)
    known = joint.parts(seen.case.steps)
    asked = offices_in(f.value.offices) if f.value else ()
    new = tuple(office for office in asked if office not in known)
    if not new:
        fault = "这几家已经在会办了" if asked else "写单位的名字，几家用顿号隔开"
        return await page_of(desk, seen, wrong(f.typed, offices=fault), 422)
    await _write(desk, seen.case, JoinOffices(seen.case.number, new, desk.staff.name))
    desk.means.wake_sender()
    return desk.go(f"/inbox/{seen.case.number}", f"请了{'、'.join(new)}会办，也告诉了对方。")


async def done(desk: Desk) -> web.StreamResponse:
    """One of them has done its part."""
    seen = await read_one(desk)
    f = filled(_Done, desk.form)
    open_ones = joint.left(seen.case.steps)
    if f.value is None or f.value.office not in open_ones:
        raise Refused(_OVERTAKEN)
    office = f.value.office
    wish = OfficeDone(seen.case.number, office, f.value.note, desk.staff.name)
    await _write(desk, seen.case, wish)
    rest = [one for one in open_ones if one != office]
    more = f"还等{'、'.join(rest)}。" if rest else "几家都齐了。"
    return desk.go(f"/inbox/{seen.case.number}", f"{office}办好了，{more}")


async def _write(desk: Desk, case: Case, wish: JoinOffices | OfficeDone) -> None:
    try:
        await desk.write(_carry_out, desk.means.vault, desk.staff, case, wish, desk.now)
    except Overtaken as fault:
        raise Refused(_OVERTAKEN) from fault


def _carry_out(
    session: Session,
    vault: Vault,
    staff: Staff,
    case: Case,
    wish: JoinOffices | OfficeDone,
    now: datetime,
) -> None:
    if not counter.may_read(session, staff, case):
        raise NotHere
    if isinstance(wish, JoinOffices):
        joint.join(session, vault, wish, now)
    else:
        joint.finish(session, vault, wish, now)


PAGES = (
    Page("POST", "/inbox/{number}/join", join, Right.TICKETS),
    Page("POST", "/inbox/{number}/part-done", done, Right.TICKETS),
)
