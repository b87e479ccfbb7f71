"""A second person reads a post before it leaves: passed, or given back with a reason."""

from __future__ import annotations

from datetime import datetime

from outreach import alerts
from outreach.posting import sending
from outreach.posting.sending import paste_option, tell
from outreach.posting.telling import summary
from outreach.texts import say
from records import audit, group_posts, rights, staff_accounts
from records.database import Session
from records.group_posts import Post, PostState, TargetState
from records.rights import Right
from records.scope import is_within
from records.staff_accounts import Staff
from records.vault import Vault


def is_county(staff: Staff) -> bool:
    """Whether somebody may read what others post: staff of a county or wider."""
    return rights.may(staff, Right.APPROVE)


def may_decide(staff: Staff, post: Post) -> bool:
    """Whether a post is theirs to decide; nobody decides on their own."""
    return sees(staff, post) and staff.name != post.staff


def sees(staff: Staff, post: Post) -> bool:
    """Whether a post was written within their area."""
    return is_county(staff) and is_within(post.area, staff.area)


def tell_deciders(session: Session, vault: Vault, post: Post, now: datetime) -> None:
    """Those who may decide learn that something waits."""
    text = say("post.to_review", post=post.number, name=post.staff, count=len(post.targets))
    for staff in staff_accounts.everybody(session):
        if may_decide(staff, post):
            key = f"post/{post.number}/review/{staff.name}"
            alerts.write_to(session, vault, staff.name, text, key=key, now=now)


def let_pass(session: Session, vault: Vault, post: Post, by: str, now: datetime) -> bool:
    """It leaves, and its writer learns of it; False where another decided meanwhile."""
    values = {"decided_by": by, "decided_at": now}
    if not group_posts.decide(session, post.number, PostState.PASSED, **values):
        return False
    _audit(session, "post.passed", by, post, now)
    after = sending.send(session, vault, post, now)
    pasted = [one for one in after.targets if one.state is TargetState.PASTE]
    told = say("post.passed", post=post.number, summary=summary(after))
    options = tuple(paste_option(one) for one in pasted[:5])
    text = f"{told}\n{say('post.copy_below')}" if pasted else told
    key = f"post/{post.number}/passed"
    alerts.write_to(session, vault, post.staff, text, key=key, now=now, options=options)
    if pasted:
        tell(session, vault, post, post.text, now, key="copy", picture=post.picture)
    return True


def give_back(
    session: Session, vault: Vault, post: Post, by: str, reason: str, now: datetime
) -> bool:
    """It does not leave, and its writer learns why; False where another decided meanwhile."""
    values = {"decided_by": by, "decided_at": now, "reason": vault.seal(reason)}
    if not group_posts.decide(session, post.number, PostState.RETURNED, **values):
        return False
    for one in post.targets:
        group_posts.move(session, one, TargetState.DROPPED, failure="returned")
    _audit(session, "post.returned", by, post, now)
    text = say("post.returned", post=post.number, reason=reason)
    tell(session, vault, post, text, now, key="returned")
    return True


def _audit(session: Session, act: str, by: str, post: Post, now: datetime) -> None:
    actor = f"staff:{by}"[:60]
    audit.write(session, act, at=now, actor=actor, subject=f"post:{post.number}")
