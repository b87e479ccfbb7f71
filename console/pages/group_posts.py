"""Posts to groups: read by a second person, marked as pasted, taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from console import post_pictures
from console.desk import Desk, NotHere, Refused
from console.page import Page, Waiting
from handlers.posting.effects import withdraw
from outreach.posting import checking, reviewing, sending, standing
from outreach.posting.telling import reached, summary
from records import group_posts, group_register
from records.database import Session
from records.group_posts import Post, PostState, TargetState
from records.rights import Right
from records.staff_accounts import Staff
from records.vault import Vault

STATES = {
    PostState.HELD: ("等另一个人看", "warn"),
    PostState.PASSED: ("发出去了", "good"),
    PostState.RETURNED: ("退回了", "bad"),
    PostState.WITHDRAWN: ("撤回了", "plain"),
}
TARGETS = {
    TargetState.WAITING: "等审核",
    TargetState.LEAVING: "正在发",
    TargetState.TASK: "等群主在企业微信里点发送",
    TargetState.PASTE: "等人粘贴",
    TargetState.POSTED: "发到了",
    TargetState.FAILED: "没发成",
    TargetState.UNCERTAIN: "说不准，不重发",
    TargetState.DROPPED: "没发",
    TargetState.RECALLING: "正在撤回",
    TargetState.RECALLED: "撤回了",
}
_MOST = 30


@dataclass(frozen=True, slots=True)
class Listed:
    """What waits for the reader's word, what they wrote, what was posted where they look after."""

    held: tuple[Post, ...]
    posts: tuple[Post, ...]


async def posts(desk: Desk) -> web.StreamResponse:
    """The last of them."""
    found = await desk.read(_listed, desk)
    return desk.render(
        "groups/posts.html", found=found, states=STATES, reached=reached, summary=summary
    )


def _listed(session: Session, desk: Desk) -> Listed:
    staff, vault = desk.staff, desk.means.vault
    held = [one for one in group_posts.held(session, vault) if reviewing.may_decide(staff, one)]
    if reviewing.is_county(staff):
        found = group_posts.listed(session, vault, staff.area, _MOST)
    else:
        found = group_posts.of_staff(session, vault, staff.name, _MOST)
    return Listed(tuple(held), tuple(standing.seen(session, one, desk.now) for one in found))


async def post(desk: Desk) -> web.StreamResponse:
    """One post as it stands with each group."""
    found = await desk.read(_theirs, desk, desk.number("number"))
    names = await desk.read(_names, desk.means.vault, found)
    return desk.render(
        "groups/post.html",
        post=found,
        names=names,
        state=STATES[found.state],
        targets=TARGETS,
        reached=reached(found),
        may_decide=reviewing.may_decide(desk.staff, found) and found.state is PostState.HELD,
        may_withdraw=found.state in (PostState.HELD, PostState.PASSED),
        may_mark=found.staff == desk.staff.name,
        is_paste=TargetState.PASTE,
    )


async def picture(desk: Desk) -> web.StreamResponse:
    """The picture of a post, for who may see the post."""
    found = await desk.read(_theirs, desk, desk.number("number"))
    return await post_pictures.shown(desk, found.picture)


def _theirs(session: Session, desk: Desk, number: int) -> Post:
    """Who wrote it sees it, and those of the county that it was written in."""
    found = group_posts.find(session, desk.means.vault, number)
    if found is None or not (found.staff == desk.staff.name or reviewing.sees(desk.staff, found)):
        raise NotHere
    return standing.seen(session, found, desk.now)


def _names(session: Session, vault: Vault, found: Post) -> dict[int, str]:
    known = {
        one.group: group_register.numbered(session, vault, one.group) for one in found.targets
    }
    return {number: one.name for number, one in known.items() if one}


async def let_pass(desk: Desk) -> web.StreamResponse:
    """A second person has read it: it goes."""
    number = desk.number("number")
    if not await desk.write(_let_pass, desk, number):
        raise Refused("别人先看过了，刷新一下看看现在怎样。")
    desk.means.wake_sender()
    return desk.go(f"/group-posts/{number}", said="放行了。能自动发的正在发，要贴的等写的人去贴。")


def _let_pass(session: Session, desk: Desk, number: int) -> bool:
    found = _to_decide(session, desk, number)
    return reviewing.let_pass(session, desk.means.vault, found, desk.staff.name, desk.now)


async def give_back(desk: Desk) -> web.StreamResponse:
    """A second person does not let it pass, and says why."""
    number, why = desk.number("number"), desk.form.get("why", "").strip()[:200]
    await desk.read(_to_decide, desk, number)
    if not why:
        raise Refused("退回要写一句为什么，写的人好改。")
    if checking.check(why, checking.Named()):
        raise Refused("理由里不要写号码、网址和别人的账号。")
    if not await desk.write(_give_back, desk, number, why):
        raise Refused("别人先看过了，刷新一下看看现在怎样。")
    return desk.go(f"/group-posts/{number}", said="退回去了，写的人会知道为什么。")


def _give_back(session: Session, desk: Desk, number: int, why: str) -> bool:
    found = _to_decide(session, desk, number)
    return reviewing.give_back(session, desk.means.vault, found, desk.staff.name, why, desk.now)


def _to_decide(session: Session, desk: Desk, number: int) -> Post:
    found = _theirs(session, desk, number)
    if not reviewing.may_decide(desk.staff, found):
        raise NotHere
    return found


async def mark(desk: Desk) -> web.StreamResponse:
    """Who keeps the group has pasted it there."""
    number, group = desk.number("number"), desk.form.get("group", "")
    await desk.write(_mark, desk, number, group)
    return desk.go(f"/group-posts/{number}", said="记下了：已发。")


def _mark(session: Session, desk: Desk, number: int, group: str) -> None:
    found = _theirs(session, desk, number)
    if found.staff != desk.staff.name:
        raise NotHere
    waiting = [one.group for one in found.targets if one.state is TargetState.PASTE]
    if group not in map(str, waiting):
        raise Refused("这个群现在不等您粘贴，刷新一下看看。")
    sending.mark(session, found, [int(group)], desk.now)


async def take_back(desk: Desk) -> web.StreamResponse:
    """Nothing more of it leaves; what is out is deleted where that can be done."""
    number = desk.number("number")
    found = await desk.read(_theirs, desk, number)
    if found.state not in (PostState.HELD, PostState.PASSED):
        raise Refused("这一条已经撤回或者退回了。")
    after = await desk.write(withdraw, desk.means.vault, number, desk.staff.name, desk.now)
    desk.means.wake_sender()
    return desk.go(f"/group-posts/{number}", said=f"撤回了：{summary(after)}")


def to_read(session: Session, staff: Staff, now: datetime) -> int:
    """How many wait for this one's word."""
    if not reviewing.is_county(staff):
        return 0
    return group_posts.held_beside(session, staff.name, staff.area)


def to_paste(session: Session, staff: Staff, now: datetime) -> int:
    """How many this one has still to paste into a group."""
    return group_posts.to_paste(session, staff.name)


PAGES = (
    Page("GET", "/group-posts", posts, Right.SEE_GROUPS),
    Page("GET", "/group-posts/{number}/picture", picture, Right.SEE_GROUPS),
    Page("GET", "/group-posts/{number}", post, Right.SEE_GROUPS),
    Page("POST", "/group-posts/{number}/pass", let_pass, Right.GROUPS),
    Page("POST", "/group-posts/{number}/return", give_back, Right.GROUPS),
    Page("POST", "/group-posts/{number}/posted", mark, Right.SEE_GROUPS),
    Page("POST", "/group-posts/{number}/withdraw", take_back, Right.SEE_GROUPS),
)
WAITING = (
    Waiting("群消息等您看", "/group-posts", Right.GROUPS, to_read),
    Waiting("群消息等您贴到群里", "/group-posts", Right.SEE_GROUPS, to_paste),
)
