"""What is done with posts, made so in the transaction of the turn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from outreach.posting import recalling, reviewing, sending, standing
from outreach.posting.sending import Draft
from outreach.posting.telling import summary
from outreach.texts import say as written
from records import group_posts
from records.conversations import Overtaken
from records.database import Session
from records.group_posts import Post
from records.staff_accounts import Staff
from records.vault import Vault


@dataclass(frozen=True, slots=True)
class AskPost:
    """A post is confirmed by who wrote it."""

    draft: Draft
    staff: Staff


@dataclass(frozen=True, slots=True)
class MarkPasted:
    """The steward has pasted posts into groups: post → groups."""

    done: tuple[tuple[int, tuple[int, ...]], ...]


@dataclass(frozen=True, slots=True)
class WithdrawPost:
    """A post is taken back as far as that can be done."""

    number: int
    by: str


@dataclass(frozen=True, slots=True)
class PassPost:
    """A second person lets a post pass."""

    number: int
    by: str


@dataclass(frozen=True, slots=True)
class ReturnPost:
    """A second person gives a post back."""

    number: int
    reason: str
    by: str


PostEffect = AskPost | MarkPasted | WithdrawPost | PassPost | ReturnPost


def apply(effect: PostEffect, session: Session, vault: Vault, now: datetime) -> None:
    """Make it so; Overtaken where things stand otherwise than the turn believed."""
    match effect:
        case AskPost():
            _ask(effect, session, vault, now)
        case MarkPasted():
            for number, groups in effect.done:
                sending.mark(session, _known(session, vault, number), groups, now)
        case WithdrawPost():
            withdraw(session, vault, effect.number, effect.by, now)
        case PassPost():
            post = _known(session, vault, effect.number)
            _sure(reviewing.let_pass(session, vault, post, effect.by, now))
        case ReturnPost():
            post = _known(session, vault, effect.number)
            _sure(reviewing.give_back(session, vault, post, effect.by, effect.reason, now))


def withdraw(session: Session, vault: Vault, number: int, by: str, now: datetime) -> Post:
    """Take a post back; whoever wrote it learns of it where another did."""
    post = standing.seen(session, _known(session, vault, number), now)
    after = recalling.withdraw(session, vault, post, by, now)
    if by != post.staff:
        text = written("post.withdrawn_by", post=number, name=by, summary=summary(after))
        sending.tell(session, vault, post, text, now, key="withdrawn")
    return after


def _ask(effect: AskPost, session: Session, vault: Vault, now: datetime) -> None:
    _sure(sending.ask(session, vault, effect.draft, effect.staff, now))
    post = _known(session, vault, effect.draft.number)
    if effect.draft.doubts:
        reviewing.tell_deciders(session, vault, post, now)


def _known(session: Session, vault: Vault, number: int) -> Post:
    post = group_posts.find(session, vault, number)
    if post is None:
        raise Overtaken
    return post


def _sure(is_done: bool) -> None:
    if not is_done:
        raise Overtaken
