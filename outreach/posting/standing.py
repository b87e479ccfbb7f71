"""How a post stands with each group: what the outbox and WeCom say is read, and written down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from outreach import broadcasts
from outreach.broadcasts import Broadcast, BroadcastRefused, Content, Kind, Rules
from outreach.groups import registry
from outreach.posting import recalling
from outreach.posting.limits import limits
from outreach.posting.sending import broadcast_of, key_of, tell
from outreach.posting.telling import summary
from outreach.texts import say
from records import group_posts, group_tasks, pictures
from records.customers import Wanted
from records.database import Session
from records.group_posts import Left, Post, PostState, Target, TargetState
from records.group_tasks import TargetState as Came
from records.outbox import OutboxState
from records.vault import Vault

_ENDED = {
    OutboxState.SENT: TargetState.POSTED,
    OutboxState.MERGED: TargetState.POSTED,
    OutboxState.FAILED: TargetState.FAILED,
    OutboxState.UNCERTAIN: TargetState.UNCERTAIN,
    OutboxState.STOPPED: TargetState.DROPPED,
}
_CAME = {
    Came.SENT: TargetState.POSTED,
    Came.WAITING: TargetState.TASK,
    Came.UNSENT: TargetState.DROPPED,
}


def settle(
    session: Session, vault: Vault, number: int, rules: Rules | None, now: datetime
) -> None:
    """Write down what became of a post meanwhile, and tell its writer once it has left.

    `rules` are those of broadcasts; without them WeCom's groups wait.
    """
    post = group_posts.find(session, vault, number)
    if post is None:
        return
    if rules is not None and post.state is PostState.PASSED:
        _want(session, vault, post, rules, now)
    after = seen(session, post, now)
    for was, one in zip(post.targets, after.targets, strict=True):
        if one != was:
            _write(session, vault, post, was, one, now)
    if post.state is PostState.WITHDRAWN:
        recalling.recall(session, vault, after, now)
    elif post.state is PostState.PASSED:
        _tell(session, vault, after, now)
        _tell_end(session, vault, post, after, now)


def seen(session: Session, post: Post, now: datetime) -> Post:
    """The post with its targets as they stand at this moment."""
    keys = {one.group: _key(one) for one in post.targets if _key(one)}
    rows = group_posts.left_as(session, list(keys.values()))
    came = _came(session, post)
    targets = [
        _as_it_is(one, rows.get(keys.get(one.group, "")), came, now) for one in post.targets
    ]
    return replace(post, targets=tuple(targets))


def _key(one: Target) -> str:
    if one.state is TargetState.RECALLING:
        return recalling.key_of_deletion(one)
    return key_of(one) if one.state is TargetState.LEAVING else ""


def _came(session: Session, post: Post) -> Mapping[str, tuple[Came, datetime | None]]:
    if all(one.state is not TargetState.TASK for one in post.targets):
        return {}
    tasks = group_tasks.of_broadcast(session, broadcast_of(post.number))
    found = group_tasks.targets_of(session, [task.id or 0 for task in tasks])
    return {one.target: (Came(one.state), one.sent_at) for one in found}


def _as_it_is(
    one: Target,
    row: Left | None,
    came: Mapping[str, tuple[Came, datetime | None]],
    now: datetime,
) -> Target:
    if one.state is TargetState.TASK and one.chat in came:
        result, at = came[one.chat]
        return replace(
            one,
            state=_CAME.get(result, TargetState.FAILED),
            failure="" if result in (Came.SENT, Came.WAITING) else result.value,
            at=at or one.at,
        )
    if one.state is TargetState.PASTE and now - one.at > timedelta(days=limits().paste_days):
        return replace(one, state=TargetState.DROPPED, failure="not_pasted")
    if row is None or row.state not in _ENDED:
        return one
    if one.state is TargetState.RECALLING:
        is_done = row.state is OutboxState.SENT
        state = TargetState.RECALLED if is_done else TargetState.POSTED
        return replace(one, state=state, failure="" if is_done else recalling.NOT_DELETED)
    state = _ENDED[row.state]
    failure = "" if row.state is OutboxState.SENT else row.failure
    if row.state is OutboxState.MERGED:  # it went inside another message, which is not deleted
        failure = "merged"
    return replace(one, state=state, failure=failure, at=row.at or one.at)


def _write(
    session: Session, vault: Vault, post: Post, was: Target, one: Target, now: datetime
) -> None:
    if not group_posts.move(session, was, one.state, failure=one.failure[:40], at=one.at):
        return
    if one.state is TargetState.POSTED and was.state is not TargetState.RECALLING:
        registry.posted(session, one.group, one.at)
    if one.failure == recalling.NOT_DELETED:
        text = say("post.not_deleted", post=post.number, number=one.number)
        tell(session, vault, post, text, now, key=f"kept/{one.group}")


def _want(session: Session, vault: Vault, post: Post, rules: Rules, now: datetime) -> None:
    """The tasks that owners of WeCom's groups confirm; asked for twice, they are there once."""
    chats = tuple(one.chat for one in post.targets if one.state is TargetState.TASK)
    if not chats or group_tasks.of_broadcast(session, broadcast_of(post.number)):
        return
    wanted = Wanted(ids=chats)
    image = pictures.find(session, vault, post.picture) if post.picture else b""
    if image is None:
        _fail_tasks(session, post, "no_picture")
        return
    name = f"picture.{pictures.kind_of(image)}" if image else ""
    content = Content(post.text, image_name=name, image=image)
    broadcast = Broadcast(broadcast_of(post.number), Kind.GROUP, content, wanted)
    try:
        broadcasts.want(session, vault, broadcast, now, rules)
    except BroadcastRefused:  # longer than the platform takes
        _fail_tasks(session, post, "too_long")


def _fail_tasks(session: Session, post: Post, why: str) -> None:
    for one in post.targets:
        if one.state is TargetState.TASK:
            group_posts.move(session, one, TargetState.FAILED, failure=why)


def _tell(session: Session, vault: Vault, post: Post, now: datetime) -> None:
    """Once, when all has left; of what only waits to be pasted they know."""
    is_leaving = any(one.state is TargetState.LEAVING for one in post.targets)
    if post.told_at is not None or is_leaving or not group_posts.tell(session, post.number, now):
        return
    if not any(one.chat for one in post.targets):
        return
    text = say("post.result", post=post.number, summary=summary(post))
    tell(session, vault, post, text, now, key="result")


def _tell_end(session: Session, vault: Vault, was: Post, post: Post, now: datetime) -> None:
    """Once more, when the last of WeCom's groups has it or never will."""
    if post.told_at is None or not _has_task(was) or _has_task(post):
        return
    text = say("post.result", post=post.number, summary=summary(post))
    tell(session, vault, post, text, now, key="end")


def _has_task(post: Post) -> bool:
    return any(one.state is TargetState.TASK for one in post.targets)
