"""`guiyan posts`: what is posted to groups, read by a second person, taken back."""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from bot.cli import CommandError
from bot.commands.in_store import Lines, printed
from bot.settings import Settings
from bot.wiring import App
from handlers.posting.effects import withdraw as take_back
from outreach.calendars import CHINA
from outreach.posting import reviewing, standing
from outreach.posting.telling import reached
from records import group_posts, group_register, pictures, staff_accounts
from records.database import Session
from records.group_posts import Post, PostState
from records.staff_accounts import Staff

_SHORT = 30


def list_posts(options: argparse.Namespace, settings: Settings) -> int:
    """The last posts of an area, or what waits for a second person."""

    def work(session: Session, app: App, area: str) -> Lines:
        found = group_posts.listed(session, app.vault, area)
        posts = [standing.seen(session, one, app.now()) for one in found]
        held = [one for one in posts if one.state is PostState.HELD]
        return [_line(one) for one in (held if options.held else posts)]

    return printed(options, settings, work)


def show(options: argparse.Namespace, settings: Settings) -> int:
    """One post whole."""

    def work(session: Session, app: App, area: str) -> Lines:
        post = standing.seen(session, _known(session, app, options.number), app.now())
        doubts = [f"held for: {'; '.join(post.doubts)}"] if post.doubts else []
        by = [f"decided by {post.decided_by}"] if post.decided_by else []
        why = [f"returned: {post.reason}"] if post.reason else []
        picture = _picture(session, app, post, options.picture)
        told = [*picture, *doubts, *by, *why]
        return [_line(post), post.text, *told, *_targets(session, app, post)]

    return printed(options, settings, work)


def review(options: argparse.Namespace, settings: Settings) -> int:
    """A second person lets it pass, or gives it back."""

    def work(session: Session, app: App, area: str) -> Lines:
        post, staff = _known(session, app, options.number), _staff(session, options.by)
        if not reviewing.may_decide(staff, post):
            raise CommandError(
                f"{staff.name} may not decide on post {post.number}: it takes another than who "
                "wrote it, of the staff of that county"
            )
        now, words = app.now(), options.reason
        if words is None:
            is_done = reviewing.let_pass(session, app.vault, post, staff.name, now)
        elif words.strip():
            is_done = reviewing.give_back(session, app.vault, post, staff.name, words.strip(), now)
        else:
            raise CommandError("the reason is empty: say what is to be mended")
        if not is_done:
            raise CommandError(f"post {post.number} does not wait: it is {post.state.value}")
        return [_line(standing.seen(session, _known(session, app, post.number), now))]

    return printed(options, settings, work)


def withdraw(options: argparse.Namespace, settings: Settings) -> int:
    """Take it back; what stays is said group by group."""

    def work(session: Session, app: App, area: str) -> Lines:
        post, staff = _known(session, app, options.number), _staff(session, options.by)
        if staff.name != post.staff and not reviewing.sees(staff, post):
            raise CommandError(
                f"{staff.name} may not withdraw post {post.number}: it takes who wrote it, or "
                "the staff of that county"
            )
        if post.state not in (PostState.HELD, PostState.PASSED):
            raise CommandError(f"post {post.number} is {post.state.value} already")
        after = take_back(session, app.vault, post.number, staff.name, app.now())
        return [_line(after), *_targets(session, app, after)]

    return printed(options, settings, work)


def _picture(session: Session, app: App, post: Post, file: str) -> Lines:
    """That it has a picture, which is written to a file where one is named."""
    content = pictures.find(session, app.vault, post.picture) if post.picture else None
    if file and content is None:
        raise CommandError(f"post {post.number} has no picture, or it is not kept any more")
    if not post.picture:
        return []
    if content is None:
        return ["with a picture, not kept any more"]
    if not file:
        return ["with a picture: --picture FILE writes it"]
    try:
        Path(file).write_bytes(content)
    except OSError as fault:
        raise CommandError(f"cannot write {file}: {fault.strerror}") from fault
    return [f"its picture is in {file}"]


def _line(post: Post) -> str:
    day = post.made_at.astimezone(CHINA).date().isoformat()
    counts = Counter(one.state.value for one in post.targets)
    told = "  ".join(f"{state} {count}" for state, count in counts.items())
    groups, people = reached(post)
    short = post.text.replace("\n", " ")[:_SHORT]
    return (
        f"{post.number}  {day}  {post.staff}  {post.state.value}  {told}  "
        f"reached {groups} groups, {people} people  {short}"
    )


def _targets(session: Session, app: App, post: Post) -> Lines:
    lines = []
    for one in post.targets:
        known = group_register.numbered(session, app.vault, one.group)
        name, size = known.name if known else "", "?" if one.size is None else one.size
        failure = f"  ({one.failure})" if one.failure else ""
        lines.append(
            f"{one.number}  {one.channel}  {name}  {size} people  {one.state.value}{failure}"
        )
    return lines


def _known(session: Session, app: App, number: int) -> Post:
    post = group_posts.find(session, app.vault, number)
    if post is None:
        raise CommandError(f"there is no post {number}: `guiyan posts list` shows them")
    return post


def _staff(session: Session, name: str) -> Staff:
    staff = staff_accounts.named(session, name)
    if staff.until is not None:
        raise CommandError(f"{name} is disabled: name one of the staff who is active")
    return staff
