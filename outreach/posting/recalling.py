"""Takes a post back as far as each channel can, and says what stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from outreach.posting.sending import broadcast_of, key_of
from records import audit, group_posts, group_register, group_tasks, outbox, pushes, reminders
from records.database import Session
from records.group_posts import Post, PostState, Target, TargetState
from records.messages import Priority
from records.outbox import NewOutgoing
from records.vault import Vault

NOT_DELETED = "not_deleted"  # the provider would not
_TELEGRAM = "telegram"
_DELETABLE = timedelta(hours=48)  # Telegram: a bot's own messages
_STOPPABLE = (TargetState.WAITING, TargetState.LEAVING, TargetState.TASK, TargetState.PASTE)


def withdraw(session: Session, vault: Vault, post: Post, by: str, now: datetime) -> Post:
    """Nothing more of it leaves; what is out is deleted where that can be done.

    `post` as `standing.seen` gives it; how it stands afterwards.
    """
    values = {"state": PostState.WITHDRAWN.value, "withdrawn_by": by}
    if post.state is not PostState.RETURNED:
        group_posts.change(session, post.number, **values)
    pushes.drop(session, f"post/{post.number}", now)
    group_tasks.ask(session, broadcast_of(post.number), now, is_cancel_asked=True)
    reminders.cancel(session, f"post/{post.number}/paste", now)
    actor = f"staff:{by}"[:60]
    audit.write(session, "post.withdrawn", at=now, actor=actor, subject=f"post:{post.number}")
    asked = {task.id for task in group_tasks.of_broadcast(session, broadcast_of(post.number))}
    targets = [_stopped(session, one, is_task=bool(asked)) for one in post.targets]
    after = replace(post, state=PostState.WITHDRAWN, targets=tuple(targets))
    return recall(session, vault, after, now)


def recall(session: Session, vault: Vault, post: Post, now: datetime) -> Post:
    """Delete what is out and can be deleted; asked twice, it is deleted once."""
    targets = [_recalled(session, vault, one, now) for one in post.targets]
    return replace(post, targets=tuple(targets))


def after(one: Target, now: datetime) -> Target:
    """How a target stands once its post is taken back, as far as that is known beforehand."""
    if one.state in _STOPPABLE:
        return replace(one, state=TargetState.DROPPED, failure="withdrawn")
    is_ours = one.channel == _TELEGRAM and not one.failure and now - one.at < _DELETABLE
    if one.state is TargetState.POSTED and is_ours:
        return replace(one, state=TargetState.RECALLING)
    return one


def key_of_deletion(one: Target) -> str:
    """The key of the message that deletes a post from a group."""
    return f"un{key_of(one)}"


def _stopped(session: Session, one: Target, *, is_task: bool) -> Target:
    """What has not left does not leave; a task that the owner may confirm just now is asked of."""
    waits = {TargetState.WAITING, TargetState.PASTE}
    if one.state is TargetState.LEAVING and _is_dropped(session, one):
        waits.add(TargetState.LEAVING)
    if one.state is TargetState.TASK and not is_task:
        waits.add(TargetState.TASK)
    if one.state not in waits:
        return one
    group_posts.move(session, one, TargetState.DROPPED, failure="withdrawn")
    return replace(one, state=TargetState.DROPPED, failure="withdrawn")


def _is_dropped(session: Session, one: Target) -> bool:
    row = group_posts.left_as(session, [key_of(one)]).get(key_of(one))
    return row is None or row.state is outbox.OutboxState.STOPPED


def _recalled(session: Session, vault: Vault, one: Target, now: datetime) -> Target:
    if one.state is not TargetState.POSTED or one.failure or one.channel != _TELEGRAM:
        return one
    row = group_posts.left_as(session, [key_of(one)]).get(key_of(one))
    if row is None or not row.outer_id or now - one.at >= _DELETABLE:
        return one
    group = group_register.numbered(session, vault, one.group)
    chat = group.chat if group is not None else one.chat
    message = NewOutgoing(
        channel=one.channel,
        chat=chat,
        dedupe_key=key_of_deletion(one),
        payload=outbox.sealed_content(
            vault, "", kind="notice", extra={"delete": row.outer_id, "group": "1"}
        ),
        due=now,
        priority=Priority.REPLY.value,
    )
    outbox.enqueue(session, [message])
    group_posts.move(session, one, TargetState.RECALLING)
    return replace(one, state=TargetState.RECALLING)
