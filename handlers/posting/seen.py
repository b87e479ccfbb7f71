"""What a turn knows of posts: the writer's groups and posts, ready texts, what waits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from handlers.places import country
from handlers.posting.words import Done, Return, Review, Status, Withdraw, wish_of
from handlers.state import State
from outreach.groups import registry
from outreach.groups.registry import Group
from outreach.posting import checking, library, reviewing, sending, standing
from outreach.posting.checking import Named
from outreach.posting.library import Ready
from outreach.posting.limits import Full, full_groups, full_writer, left_today
from records import group_posts, group_register
from records.database import Session
from records.group_posts import Post
from records.staff_accounts import Staff
from records.vault import Vault

FLOW = "posting"
_MINE = 30  # posts of a writer that are looked at


@dataclass(frozen=True, slots=True)
class Posting:
    """`groups` with the numbers that their steward knows them by; `named` by each text.

    `posts` are those that the turn may speak of, by number, as they stand now.
    """

    groups: Mapping[int, Group] = field(default_factory=dict)
    full: Mapping[int, Full] = field(default_factory=dict)  # by the group's id
    writer_full: Full | None = None
    left: int = 0  # posts that they may write today
    is_first: bool = False
    next_number: int = 0
    ready: tuple[Ready, ...] = ()
    named: Mapping[str, Named] = field(default_factory=dict)
    mine: tuple[Post, ...] = ()
    held: tuple[Post, ...] = ()
    posts: Mapping[int, Post] = field(default_factory=dict)
    names: Mapping[int, str] = field(default_factory=dict)  # of the groups of posts asked for
    channel: str = ""  # where they write


NONE = Posting()


def of_talk(
    session: Session,
    vault: Vault,
    staff: Staff | None,
    texts: Sequence[str],
    state: State,
    now: datetime,
    channel: str = "",
) -> Posting:
    """What these messages need; for people and for most of the staff's nothing is read."""
    if staff is None:
        return NONE
    wishes = [wish for text in texts if (wish := wish_of(text))]
    is_writing = state.flow == FLOW
    if not wishes and not is_writing:
        return NONE
    groups = dict(enumerate(registry.of_steward(session, vault, staff), 1))
    mine = [
        standing.seen(session, p, now)
        for p in group_posts.of_staff(session, vault, staff.name, _MINE)
    ]
    held = [p for p in group_posts.held(session, vault) if reviewing.sees(staff, p)]
    numbers = {
        wish.number
        for wish in wishes
        if isinstance(wish, Status | Withdraw | Review | Return) and wish.number
    } | {wish.post for wish in wishes if isinstance(wish, Done) and wish.post}
    named = [str(state.data.get("text") or ""), *texts] if is_writing else []
    posts = _posts(session, vault, staff, [*mine, *held], numbers, now)
    return Posting(
        groups=groups,
        full=full_groups(session, [one.id for one in groups.values()], now),
        writer_full=full_writer(session, staff.name, now),
        left=left_today(session, staff.name, now),
        is_first=sending.is_first(session, staff.name),
        next_number=group_posts.next_number(session),
        ready=_ready(session, vault, _area(staff, groups), now) if is_writing else (),
        named={text: checking.named(session, vault, text) for text in named if text},
        mine=tuple(mine),
        held=tuple(held),
        posts=posts,
        names=_names(session, vault, [posts[n] for n in numbers & set(posts)]),
        channel=channel,
    )


def _posts(
    session: Session,
    vault: Vault,
    staff: Staff,
    known: Sequence[Post],
    numbers: set[int],
    now: datetime,
) -> Mapping[int, Post]:
    found = {post.number: post for post in known}
    for number in numbers - set(found):
        post = group_posts.find(session, vault, number)
        if post is not None and (post.staff == staff.name or reviewing.sees(staff, post)):
            found[number] = standing.seen(session, post, now)
    return found


def _names(session: Session, vault: Vault, posts: Sequence[Post]) -> Mapping[int, str]:
    """What the groups of these posts are called now, whoever keeps them."""
    wanted = {one.group for post in posts for one in post.targets}
    found = {number: group_register.numbered(session, vault, number) for number in wanted}
    return {number: one.name for number, one in found.items() if one is not None}


def _ready(session: Session, vault: Vault, area: str, now: datetime) -> tuple[Ready, ...]:
    return library.ready(session, vault, area, now, _place)


def _place(code: str) -> str:
    area = country().area(code)
    return area.short if area else ""


def _area(staff: Staff, groups: Mapping[int, Group]) -> str:
    """Whose people the ready texts are for."""
    return staff.area or next((one.area for one in groups.values() if one.area), "")
