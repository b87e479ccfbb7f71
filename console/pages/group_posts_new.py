"""A post to groups as it is written: groups, words or what is ready, a picture, a preview."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from aiohttp import web

from console import post_pictures
from console.desk import Desk, NotHere, Refused
from console.forms import Filled, blank, wrong
from console.page import Page
from console.post_pictures import PictureRefused
from handlers.places import country
from handlers.posting import pages, writing
from handlers.posting.writing import Written
from outreach.groups import registry
from outreach.groups.registry import Group
from outreach.posting import checking, library, reviewing, sending
from outreach.posting.library import Ready
from outreach.posting.limits import full_groups, full_writer, left_today
from outreach.posting.sending import Draft
from records import group_posts
from records.database import Session
from records.rights import Right


@dataclass(frozen=True, slots=True)
class Desktop:
    """What a writer chooses from; `full` says why a group takes no more."""

    groups: Mapping[int, Group]
    full: Mapping[int, str]
    writer_full: str
    left: int
    ready: tuple[Ready, ...]


async def begin(desk: Desk) -> web.StreamResponse:
    """The groups that somebody keeps, and what is ready for them."""
    return await _begin(desk, blank())


async def _begin(desk: Desk, f: Filled[Any], status: int = 200) -> web.StreamResponse:
    found = await desk.read(_desktop, desk)
    return desk.render(
        "groups/write.html",
        status,
        f=f,
        found=found,
        ready=[(one.source, one.label) for one in found.ready],
        chosen=desk.lists.get("group", []),
        most=writing.MOST,
    )


def _desktop(session: Session, desk: Desk) -> Desktop:
    staff, vault, now = desk.staff, desk.means.vault, desk.now
    groups = dict(enumerate(registry.of_steward(session, vault, staff), 1))
    full = full_groups(session, [one.id for one in groups.values()], now)
    area = staff.area or next((one.area for one in groups.values() if one.area), "")
    writer = full_writer(session, staff.name, now)
    return Desktop(
        groups,
        {group: pages.why_full(one) for group, one in full.items()},
        pages.why_full(writer) if writer else "",
        left_today(session, staff.name, now),
        library.ready(session, vault, area, now, _place),
    )


def _place(code: str) -> str:
    area = country().area(code)
    return area.short if area else ""


async def write(desk: Desk) -> web.StreamResponse:
    """Look at it before it goes."""
    try:
        picture = await post_pictures.handed_in(desk)
    except PictureRefused as refusal:
        return await _without(desk, refusal)
    draft = await _written(desk, picture)
    if isinstance(draft, web.StreamResponse):
        return draft
    return desk.render("groups/preview.html", draft=draft, f=blank(dict(desk.form)))


async def _without(desk: Desk, refusal: PictureRefused) -> web.StreamResponse:
    """The form again with what was typed; the picture of before stays while it is kept."""
    try:
        kept = await post_pictures.theirs(desk, desk.form.get("picture", ""))
    except PictureRefused:
        kept = ""
    return await _begin(desk, wrong({**desk.form, "picture": kept}, picture=str(refusal)), 422)


async def send(desk: Desk) -> web.StreamResponse:
    """It goes, or a colleague is asked to read it."""
    try:
        picture = await post_pictures.theirs(desk, desk.form.get("picture", ""))
    except PictureRefused as refusal:
        return await _without(desk, refusal)
    draft = await _written(desk, picture)
    if isinstance(draft, web.StreamResponse):
        return draft
    if not await desk.write(_ask, desk, draft):
        raise Refused("别人刚发了一条，编号变了：请再点一次发送。")
    desk.means.wake_sender()
    said = "记下了，等另一位同事看过再发。" if draft.doubts else "发出去了。"
    return desk.go(f"/group-posts/{draft.number}", said=said)


async def _written(desk: Desk, picture: str) -> Draft | web.StreamResponse:
    """The post as it would go; the form again where it cannot."""
    found = await desk.read(_desktop, desk)
    text, source = _words(desk, found)
    chosen = desk.lists.get("group", [])
    groups = tuple((n, one) for n, one in found.groups.items() if str(one.id) in chosen)
    typed = {**desk.form, "picture": picture}
    if fault := _unchosen(groups, found):
        return await _begin(desk, wrong(typed, group=fault), 422)
    said = Written(text, source)
    draft, refused = await desk.read(_draft, desk, said, groups, picture)
    return await _begin(desk, wrong(typed, text=refused), 422) if refused else draft


def _words(desk: Desk, found: Desktop) -> tuple[str, str]:
    """The text, and what it was made of where it is a ready one."""
    source = desk.form.get("source", "")
    ready = next((one for one in found.ready if one.source == source), None)
    text = desk.form.get("text", "").replace("\r\n", "\n").strip()
    return (ready.text, ready.source) if ready else (text, "")


def _unchosen(groups: tuple[tuple[int, Group], ...], found: Desktop) -> str:
    if found.writer_full:
        return f"现在不能再发：{found.writer_full}。"
    if not groups:
        return "请至少选一个群"
    full = [one.name for _, one in groups if one.id in found.full]
    return f"{full[0]}现在不能再发，请去掉" if full else ""


def _draft(
    session: Session,
    desk: Desk,
    written: Written,
    groups: tuple[tuple[int, Group], ...],
    picture: str,
) -> tuple[Draft, str]:
    """The post as it would go, and why it cannot."""
    known = checking.named(session, desk.means.vault, written.text)
    found = () if written.source else _findings(desk, written.text, known)
    number = group_posts.next_number(session)
    draft = Draft(number, written.text, groups, picture, written.source)
    is_first = sending.is_first(session, desk.staff.name)
    why = writing.doubted(draft, found, is_first=is_first, is_whole=known.is_whole)
    return replace(draft, doubts=why), writing.refused(written, found)


def _findings(desk: Desk, text: str, known: checking.Named) -> tuple[checking.Finding, ...]:
    phones, hosts = (desk.means.office_phone,), desk.means.link_hosts
    return checking.check(text, known, phones=phones, but=(desk.staff.name,), hosts=hosts)


def _ask(session: Session, desk: Desk, draft: Draft) -> bool:
    vault, now = desk.means.vault, desk.now
    if not sending.ask(session, vault, draft, desk.staff, now):
        return False
    post = group_posts.find(session, vault, draft.number)
    if draft.doubts and post:
        reviewing.tell_deciders(session, vault, post, now)
    return True


async def picture(desk: Desk) -> web.StreamResponse:
    """A picture that they handed in for a post that they write."""
    try:
        number = await post_pictures.theirs(desk, desk.path("picture"))
    except PictureRefused as refusal:
        raise NotHere from refusal
    return await post_pictures.shown(desk, number)


PAGES = (
    Page("GET", "/group-posts/new", begin, Right.SEE_GROUPS),
    Page("POST", "/group-posts/new", write, Right.SEE_GROUPS, takes_files=True),
    Page("POST", "/group-posts/send", send, Right.SEE_GROUPS),
    Page("GET", "/group-posts/pictures/{picture}", picture, Right.SEE_GROUPS),
)
