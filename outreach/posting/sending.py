"""A post on its way: asked for, passed to the groups by what each allows, marked as pasted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from outreach import alerts
from outreach.calendars import MORNING, day_of
from outreach.cases import cards, publishing
from outreach.groups import registry
from outreach.groups.registry import Group
from outreach.posting.limits import full_groups, limits
from outreach.texts import say
from records import audit, group_posts, outbox, reminders
from records.database import Session
from records.group_posts import Post, PostState, Target, TargetState
from records.groups import WECOM
from records.messages import Option, Priority
from records.outbox import NewOutgoing
from records.reminders import Kind, Reminder
from records.staff_accounts import Staff
from records.vault import Vault

CASE = "case:"  # how the source of a case's card begins
_PICTURE = "picture"  # in a message's extras, for every channel
_GROUP = {"group": "1"}  # the channel keeps a group's pace


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody confirmed: `groups` with the numbers that they know them by."""

    number: int
    text: str
    groups: tuple[tuple[int, Group], ...]
    picture: str = ""
    source: str = ""
    doubts: tuple[str, ...] = ()  # why a second person reads it first; none: it goes at once


def doubts_of(draft: Draft, *, is_first: bool) -> tuple[str, ...]:
    """Why a second person reads it, the words themselves aside (domain M-11)."""
    found = [say("post.first")] if is_first else []
    sizes = [group.size for _, group in draft.groups]
    is_many = None in sizes or sum(filter(None, sizes)) > limits().second_person_above
    if is_many and not draft.source:  # what is ready has been read by others before
        found.append(say("post.many", most=limits().second_person_above))
    if draft.picture:  # nobody's filter reads what is written in it
        found.append(say("post.pictured"))
    return tuple(found)


def is_first(session: Session, staff: str) -> bool:
    """Whether nothing of theirs was passed by another yet, or the last was given back."""
    return group_posts.last_decided(session, staff) is not PostState.PASSED


def planned(draft: Draft, staff: Staff, now: datetime) -> Post:
    """The post as it stands when it is confirmed."""
    state = PostState.HELD if draft.doubts else PostState.PASSED
    post = Post(
        number=draft.number,
        staff=staff.name,
        area=staff.area,
        text=draft.text,
        state=state,
        made_at=now,
        picture=draft.picture,
        source=draft.source,
        doubts=draft.doubts,
        targets=tuple(_target(draft.number, n, group, now) for n, group in draft.groups),
    )
    return post if draft.doubts else as_sent(post)


def ask(session: Session, vault: Vault, draft: Draft, staff: Staff, now: datetime) -> bool:
    """Keep a post and send it, or hold it; False where its number was taken meanwhile."""
    post = planned(draft, staff, now)
    waiting = tuple(replace(one, state=TargetState.WAITING) for one in post.targets)
    post = replace(post, targets=waiting)
    if not group_posts.add(session, vault, post):
        return False
    _audit(session, "post.asked", staff.name, draft.number, now)
    if post.state is PostState.PASSED:
        send(session, vault, post, now)
    return True


def send(session: Session, vault: Vault, post: Post, now: datetime) -> Post:
    """Pass it to each group that may still have one; how its targets stand then."""
    full = full_groups(session, [one.group for one in post.targets], now, but=post.number)
    targets = [
        _sent(session, vault, post, one, now, full=one.group in full) for one in post.targets
    ]
    pasted = [one for one in targets if one.state is TargetState.PASTE]
    if pasted:
        _remind(session, vault, post, pasted, now)
    if post.source.startswith(CASE):
        number = int(post.source.removeprefix(CASE))
        story = publishing.numbered(session, vault, number)
        if story is not None:
            cards.take(session, story, keeper=post.staff, now=now)
    return replace(post, state=PostState.PASSED, targets=tuple(targets))


def as_sent(post: Post) -> Post:
    """The post as it stands once it has passed, but for groups that had enough meanwhile."""
    targets = tuple(replace(one, state=_way(one)) for one in post.targets)
    return replace(post, state=PostState.PASSED, targets=targets)


def key_of(one: Target) -> str:
    """The key of a post's message to a group."""
    return f"post/{one.post}/{one.group}"


def broadcast_of(number: int) -> str:
    """The name of the broadcast that WeCom's groups get a post by."""
    return f"post-{number}"


def mark(session: Session, post: Post, groups: Sequence[int], now: datetime) -> None:
    """The steward has pasted it into these groups."""
    for one in post.targets:
        if one.group in groups and one.state is TargetState.PASTE:
            _mark(session, one, now)
    left = [
        one for one in post.targets if one.state is TargetState.PASTE and one.group not in groups
    ]
    if not left:
        reminders.cancel(session, f"post/{post.number}/paste", now)


def paste_option(one: Target) -> Option:
    """The button by which a group is marked as done."""
    label = say("post.done_button", number=one.number)
    return Option(label, say("post.done_word", post=one.post, number=one.number))


def _target(post: int, number: int, group: Group, now: datetime) -> Target:
    chat, state = group.chat, TargetState.WAITING
    return Target(post, group.id, number, group.channel, chat, group.size, state, now)


def _sent(
    session: Session, vault: Vault, post: Post, one: Target, now: datetime, *, full: bool
) -> Target:
    if full:
        group_posts.move(session, one, TargetState.DROPPED, failure="full")
        return replace(one, state=TargetState.DROPPED, failure="full")
    state = _way(one)
    group_posts.move(session, one, state, at=now)
    if state is TargetState.LEAVING:
        picture = {_PICTURE: post.picture} if post.picture else {}
        message = NewOutgoing(
            channel=one.channel,
            chat=one.chat,
            dedupe_key=key_of(one),
            payload=outbox.sealed_content(
                vault, post.text, kind="notice", extra={**_GROUP, **picture}
            ),
            due=now,
            priority=Priority.BULK.value,
        )
        outbox.enqueue(session, [message])
    return replace(one, state=state, at=now)


def _way(one: Target) -> TargetState:
    if not one.chat:
        return TargetState.PASTE
    return TargetState.TASK if one.channel == WECOM else TargetState.LEAVING


def _mark(session: Session, one: Target, now: datetime) -> None:
    if group_posts.move(session, one, TargetState.POSTED, at=now):
        registry.posted(session, one.group, now)


def _remind(
    session: Session, vault: Vault, post: Post, pasted: Sequence[Target], now: datetime
) -> None:
    """Once, next morning."""
    morning = day_of(now) + timedelta(days=1, hours=MORNING.hour, minutes=MORNING.minute)
    numbers = "、".join(str(one.number) for one in pasted)
    reminder = Reminder(
        key=f"post/{post.number}/paste",
        whom=reminders.to_staff(post.staff),
        kind=Kind.TASK,
        due=morning,
        until=morning + timedelta(hours=10),
        text=say("post.paste_again", post=post.number, numbers=numbers),
        options=tuple(paste_option(one) for one in pasted[:5]),
    )
    reminders.plan(session, vault, reminder, now)


def tell(
    session: Session,
    vault: Vault,
    post: Post,
    text: str,
    now: datetime,
    *,
    key: str,
    picture: str = "",
) -> None:
    """Say something of a post to whoever wrote it, by day."""
    key = f"post/{post.number}/{key}"
    alerts.write_to(session, vault, post.staff, text, key=key, now=now, picture=picture)


def _audit(session: Session, act: str, who: str, number: int, now: datetime) -> None:
    actor = f"staff:{who}"[:60]
    audit.write(session, act, at=now, actor=actor, subject=f"post:{number}")
