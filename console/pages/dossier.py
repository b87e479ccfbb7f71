"""One person's file: all that is held, who has read it; a phone in full once, after a reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from aiohttp import web

from console.desk import Desk, Refused
from console.dossier import reading
from console.dossier.reading import File
from console.dossier.words import KINDS, LIGHTS, REASONS, STANDINGS, WHYS
from console.forms import Filled, Form, blank, filled
from console.look import masked_name, masked_phone
from console.page import Page
from console.pages.people import STATUSES
from console.trail_words import reason_of, words_of
from handlers import by_staff
from handlers.courses.pages import standing
from handlers.texts import table
from handlers.tickets import progress
from outreach.courses.booking import today_of
from outreach.events.telling import when
from records import audit
from records.assignments import Help
from records.database import Session
from records.prints import NICKNAME, PHONE
from records.rights import Right
from records.visits import Gift
from registry.differences import said
from registry.village_list import SOURCES


class Reveal(Form):
    """Why somebody wants to see a whole phone."""

    why: Literal["call_back", "check", "visit", "danger"]


async def dossier(desk: Desk) -> web.StreamResponse:
    """The whole file; reading it is in the trail."""
    person_id = await desk.person(desk.path("id"))
    await desk.note("dossier.read", person_id)
    return await page(desk, person_id)


async def page(
    desk: Desk,
    person_id: str,
    *,
    f: Filled[Any] | None = None,
    is_whole: bool = False,
    status: int = 200,
) -> web.Response:
    """The file as a page; `f` is a form on it that was wrong."""
    found = await desk.read(reading.file_of, desk.means.vault, desk.staff, person_id, desk.now)
    named = await desk.named(found.profile.area, found.spot.town, found.spot.village)
    return desk.render(
        "dossier/page.html",
        status,
        f=f or blank(),
        file=found,
        one=found.profile,
        is_whole=is_whole and found.shows_phone,
        home=_home(found, named),
        **_words(desk),
    )


def _words(desk: Desk) -> Mapping[str, Any]:
    return {
        "statuses": STATUSES,
        "sources": SOURCES,
        "reasons": list(REASONS.items()),
        "kinds": KINDS,
        "lights": LIGHTS,
        "standings": STANDINGS,
        "whys": WHYS,
        "act_of": words_of,
        "reason_of": reason_of,
        "gifts": [gift.value for gift in Gift],
        "worded": said,
        "agreed_to": table("words")["consents"],
        "channels": {**table("words")["channels"], by_staff.COUNTER: "窗口", "terminal": "终端"},
        "shown": _shown,
        "standing": standing,
        "line_of": progress.line_of,
        "when": when,
        "today": today_of(desk.now),
        "helps": [(Help.COMMISSIONER, "专员"), (Help.MENTOR, "导师")],
        "is_field": not desk.may(Right.ENTITIES),
    }


def _home(found: File, named: Any) -> str:
    spot = found.spot
    place = spot.village or spot.town or spot.area
    return named(place) if place else "老家还不清楚"


def _shown(name: str, value: object) -> str:
    """A value of the memory in words."""
    question = by_staff.form().question(name)
    if value is None or question is None:
        return "（空）"
    if name == PHONE:
        return masked_phone(str(value))
    if name == NICKNAME:
        return masked_name(str(value))
    return reading.shown(question, {name: value}) or str(value)


async def reveal(desk: Desk) -> web.StreamResponse:
    """The file once with the whole number."""
    person_id = await desk.person(desk.path("id"))
    f = filled(Reveal, desk.form)
    if f.value is None:
        raise Refused("请选一个看电话的原因。")
    found = await desk.read(reading.file_of, desk.means.vault, desk.staff, person_id, desk.now)
    if not found.shows_phone:
        raise Refused("对方还没有同意把电话给您。")
    await desk.write(_note_reveal, person_id, f.value.why, desk)
    return await page(desk, person_id, is_whole=True)


def _note_reveal(session: Session, person_id: str, why: str, desk: Desk) -> None:
    audit.write(
        session, "person.revealed", at=desk.now, actor=desk.actor, subject=person_id, reason=why
    )


async def messages(desk: Desk) -> web.StreamResponse:
    """What was sent to them, in words; reading that is in the trail by itself."""
    person_id = await desk.person(desk.path("id"))
    await desk.note("person.messages_read", person_id)
    found = await desk.read(reading.messages, desk.means.vault, person_id)
    return desk.render("dossier/messages.html", person_id=person_id, rows=found, states=_STATES)


_STATES = {
    "queued": "等着发",
    "leased": "正在发",
    "sent": "发了",
    "failed": "没发成",
    "held": "等时间发",
    "paused": "停着",
    "dropped": "不发了",
    "unsure": "不知到没到",
}
PAGES = (
    Page("GET", "/people/{id}", dossier, Right.PEOPLE),
    Page("POST", "/people/{id}/reveal", reveal, Right.REVEAL),
    Page("GET", "/people/{id}/messages", messages, Right.TICKETS),
)
