"""What mentors and stewards post to groups: the text, who let it pass, how each group stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, Index, LargeBinary, delete, func, select, update
from sqlmodel import Field, Session, SQLModel

from records.dialect import insert_or_ignore
from records.outbox import OutboxRow, OutboxState, kept_since
from records.scope import is_within
from records.types import BigId, UtcDateTime
from records.vault import Vault


class PostState(StrEnum):
    """Where a post stands."""

    HELD = "held"  # until a second person has read it
    PASSED = "passed"
    RETURNED = "returned"  # by the second person, with a reason
    WITHDRAWN = "withdrawn"


class TargetState(StrEnum):
    """How a post stands with one group."""

    WAITING = "waiting"  # with its post, for the second person
    LEAVING = "leaving"  # in the outbox, which knows more
    TASK = "task"  # the owner confirms it in WeCom
    PASTE = "paste"  # the steward pastes it, and says so
    POSTED = "posted"
    FAILED = "failed"
    UNCERTAIN = "uncertain"  # a crash between the provider and us: never sent again
    DROPPED = "dropped"  # never went out: returned, withdrawn, too many, not pasted in time
    RECALLING = "recalling"  # is being deleted where it was posted
    RECALLED = "recalled"


OPEN = (TargetState.LEAVING, TargetState.TASK, TargetState.PASTE, TargetState.RECALLING)
_NOT_COUNTED = (TargetState.FAILED.value, TargetState.DROPPED.value)
_LISTED = 50
_AT_ONCE = 500


class GroupPost(SQLModel, table=True):
    """One text for some groups; its number is what everybody calls it by («撤回 5»)."""

    __tablename__ = "group_post"

    id: int = Field(sa_column=Column(BigId, primary_key=True, autoincrement=False))
    staff: str = Field(max_length=40, index=True)
    area: str = Field(default="", max_length=24)  # of who wrote it
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))  # text, doubts
    picture: str = Field(default="", max_length=32)  # of records/pictures.py
    source: str = Field(default="", max_length=20)  # of the library, "" for words of their own
    state: str = Field(max_length=10, index=True)
    made_at: datetime = Field(sa_type=UtcDateTime)
    decided_by: str = Field(default="", max_length=40)  # the second person
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    reason: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))
    withdrawn_by: str = Field(default="", max_length=40)
    told_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # what came of it


class GroupPostTarget(SQLModel, table=True):
    """A post and a group, once by primary key."""

    __tablename__ = "group_post_target"
    __table_args__ = (Index("ix_group_post_target_group", "group_id", "at"),)

    post_id: int = Field(sa_column=Column(BigId, primary_key=True, autoincrement=False))
    group_id: int = Field(sa_column=Column(BigId, primary_key=True, autoincrement=False))
    number: int  # under which its steward knows the group («已发 2»)
    channel: str = Field(max_length=20)
    chat: str = Field(default="", max_length=180)
    size: int | None = None  # people, when it was chosen
    state: str = Field(max_length=10, index=True)
    failure: str = Field(default="", max_length=40)
    at: datetime = Field(sa_type=UtcDateTime)  # posted; until then: asked for


@dataclass(frozen=True, slots=True)
class Target:
    """How a post stands with one group."""

    post: int
    group: int
    number: int
    channel: str
    chat: str
    size: int | None
    state: TargetState
    at: datetime
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Post:
    """A post as it is read; `doubts` say why a second person reads it."""

    number: int
    staff: str
    area: str
    text: str
    state: PostState
    made_at: datetime
    picture: str = ""  # the id of a picture that is kept
    source: str = ""
    doubts: tuple[str, ...] = ()
    decided_by: str = ""
    reason: str = ""
    withdrawn_by: str = ""
    told_at: datetime | None = None
    targets: tuple[Target, ...] = ()


@dataclass(frozen=True, slots=True)
class Left:
    """How a message of the outbox stands."""

    state: OutboxState
    failure: str
    outer_id: str
    at: datetime | None


_POSTS = GroupPost.__table__  # type: ignore[attr-defined]
_TARGETS = GroupPostTarget.__table__  # type: ignore[attr-defined]
_OUTBOX = OutboxRow.__table__  # type: ignore[attr-defined]


def next_number(session: Session) -> int:
    """The number that the next post would have."""
    return int(session.execute(select(func.max(_POSTS.c.id))).scalar() or 0) + 1


def add(session: Session, vault: Vault, post: Post) -> bool:
    """Keep a new post with its targets; False where its number was taken meanwhile."""
    row = {
        "id": post.number,
        "staff": post.staff,
        "area": post.area,
        "sealed": vault.seal({"text": post.text, "doubts": list(post.doubts)}),
        "picture": post.picture,
        "source": post.source,
        "state": post.state.value,
        "made_at": post.made_at,
        "decided_by": "",
        "withdrawn_by": "",
    }
    new = insert_or_ignore(session, _POSTS, ["id"])
    if not session.connection().execute(new, row).rowcount:
        return False
    once = insert_or_ignore(session, _TARGETS, ["post_id", "group_id"])
    session.connection().execute(once, [_row(one) for one in post.targets])
    return True


def find(session: Session, vault: Vault, number: int) -> Post | None:
    """One post."""
    return next(iter(_read(session, vault, _POSTS.c.id == number, 1)), None)


def of_staff(session: Session, vault: Vault, staff: str, limit: int) -> list[Post]:
    """What somebody posted, the last first."""
    return _read(session, vault, _POSTS.c.staff == staff, limit)


def listed(session: Session, vault: Vault, area: str, limit: int = _LISTED) -> list[Post]:
    """What was posted within an area, the last first."""
    return [one for one in _read(session, vault, None, limit * 4) if is_within(one.area, area)][
        :limit
    ]


def held(session: Session, vault: Vault) -> list[Post]:
    """What waits for a second person, the oldest first."""
    return _read(session, vault, _POSTS.c.state == PostState.HELD.value, _LISTED)[::-1]


def held_beside(session: Session, staff: str, area: str) -> int:
    """How many wait for a second person within an area that others than this one wrote."""
    query = select(_POSTS.c.area).where(
        _POSTS.c.state == PostState.HELD.value, _POSTS.c.staff != staff
    )
    return sum(is_within(found, area) for found in session.execute(query).scalars())


def to_paste(session: Session, staff: str) -> int:
    """How many of somebody's posts wait to be pasted by them into a group."""
    query = (
        select(func.count(_POSTS.c.id.distinct()))
        .join(_TARGETS, _TARGETS.c.post_id == _POSTS.c.id)
        .where(_POSTS.c.staff == staff, _POSTS.c.state == PostState.PASSED.value)
        .where(_TARGETS.c.state == TargetState.PASTE.value)
    )
    return int(session.execute(query).scalar_one())


def unsettled(session: Session) -> list[int]:
    """The posts of which something is under way, or whose writer is not told yet."""
    is_open = _TARGETS.c.state.in_([state.value for state in OPEN])
    untold = (_POSTS.c.state == PostState.PASSED.value) & _POSTS.c.told_at.is_(None)
    query = select(_TARGETS.c.post_id).where(is_open).union(select(_POSTS.c.id).where(untold))
    return sorted(session.execute(query).scalars())


def last_decided(session: Session, staff: str) -> PostState | None:
    """What became of somebody's last post that a second person read, or withdrew; None: none."""
    query = select(_POSTS.c.state, _POSTS.c.withdrawn_by).where(
        _POSTS.c.staff == staff, _POSTS.c.decided_at.is_not(None)
    )
    row = session.execute(query.order_by(_POSTS.c.decided_at.desc()).limit(1)).first()
    if row is None:
        return None
    # Taken back by whoever wrote it, it had passed all the same.
    return PostState.PASSED if row[1] == staff else PostState(row[0])


def counted(
    session: Session, group_ids: Sequence[int], since: datetime, *, but: int = 0
) -> dict[int, list[datetime]]:
    """When these groups got posts since then, or are about to; `but` is a post not counted."""
    query = select(_TARGETS.c.group_id, _TARGETS.c.at).where(
        _TARGETS.c.group_id.in_(list(group_ids)),
        _TARGETS.c.at >= since,
        _TARGETS.c.post_id != but,
        _TARGETS.c.state.not_in(_NOT_COUNTED),
    )
    found: dict[int, list[datetime]] = {}
    for group, at in session.execute(query):
        found.setdefault(group, []).append(at)
    return found


def made_since(session: Session, staff: str, since: datetime) -> list[datetime]:
    """When somebody wrote posts since then that were not returned."""
    query = select(_POSTS.c.made_at).where(
        _POSTS.c.staff == staff,
        _POSTS.c.made_at >= since,
        _POSTS.c.state != PostState.RETURNED.value,
    )
    return list(session.execute(query).scalars())


def change(session: Session, number: int, **values: Any) -> None:
    """Note what became of a post."""
    session.execute(update(_POSTS).where(_POSTS.c.id == number).values(**values))


def decide(session: Session, number: int, state: PostState, **values: Any) -> bool:
    """A second person has read it; False where another was first."""
    is_held = (_POSTS.c.id == number) & (_POSTS.c.state == PostState.HELD.value)
    done = update(_POSTS).where(is_held).values(state=state.value, **values)
    return bool(session.connection().execute(done).rowcount)


def move(session: Session, one: Target, state: TargetState, **values: Any) -> bool:
    """A target stands otherwise from now on; False where it did not stand as we believed."""
    mine = (_TARGETS.c.post_id == one.post) & (_TARGETS.c.group_id == one.group)
    was = mine & (_TARGETS.c.state == one.state.value)
    done = update(_TARGETS).where(was).values(state=state.value, **values)
    return bool(session.connection().execute(done).rowcount)


def tell(session: Session, number: int, at: datetime) -> bool:
    """The writer is told what came of it; False where they were told before."""
    untold = (_POSTS.c.id == number) & _POSTS.c.told_at.is_(None)
    done = update(_POSTS).where(untold).values(told_at=at)
    return bool(session.connection().execute(done).rowcount)


def needed_pictures(session: Session) -> set[str]:
    """The pictures of posts that some group still waits for."""
    waits = (TargetState.WAITING.value, *(state.value for state in OPEN))
    query = select(_POSTS.c.picture).where(
        _POSTS.c.picture != "", _TARGETS.c.post_id == _POSTS.c.id, _TARGETS.c.state.in_(waits)
    )
    return set(session.execute(query.distinct()).scalars())


def prune(session: Session, now: datetime) -> int:
    """Drop posts of half a year ago of which nothing is under way; how many.

    The newest stays, whatever its age: no number is given twice.
    """
    is_open = select(_TARGETS.c.post_id).where(_TARGETS.c.state.in_([one.value for one in OPEN]))
    old = select(_POSTS.c.id).where(
        _POSTS.c.made_at < kept_since(now),
        _POSTS.c.id < next_number(session) - 1,
        _POSTS.c.id.not_in(is_open),
    )
    gone = list(session.execute(old).scalars())
    for start in range(0, len(gone), _AT_ONCE):
        some = gone[start : start + _AT_ONCE]
        session.execute(delete(_TARGETS).where(_TARGETS.c.post_id.in_(some)))
        session.execute(delete(_POSTS).where(_POSTS.c.id.in_(some)))
    return len(gone)


def left_as(session: Session, keys: Sequence[str]) -> dict[str, Left]:
    """How the messages of these keys stand in the outbox."""
    columns = (_OUTBOX.c.state, _OUTBOX.c.failure, _OUTBOX.c.outer_id, _OUTBOX.c.settled_at)
    query = select(_OUTBOX.c.dedupe_key, *columns).where(_OUTBOX.c.dedupe_key.in_(list(keys)))
    return {row[0]: Left(OutboxState(row[1]), *row[2:]) for row in session.execute(query)}


def _read(session: Session, vault: Vault, wanted: Any, limit: int) -> list[Post]:
    query = select(GroupPost).order_by(_POSTS.c.id.desc()).limit(limit)
    rows = list(session.execute(query if wanted is None else query.where(wanted)).scalars())
    targets = _targets_of(session, [row.id for row in rows])
    return [_post(row, vault, targets.get(row.id, ())) for row in rows]


def _targets_of(session: Session, numbers: Sequence[int]) -> Mapping[int, list[Target]]:
    query = select(_TARGETS).where(_TARGETS.c.post_id.in_(list(numbers)))
    found: dict[int, list[Target]] = {}
    for row in session.execute(query.order_by(_TARGETS.c.number)):
        found.setdefault(row.post_id, []).append(
            Target(
                row.post_id,
                row.group_id,
                row.number,
                row.channel,
                row.chat,
                row.size,
                TargetState(row.state),
                row.at,
                row.failure,
            )
        )
    return found


def _post(row: GroupPost, vault: Vault, targets: Sequence[Target]) -> Post:
    content = vault.open(row.sealed)
    return Post(
        number=row.id,
        staff=row.staff,
        area=row.area,
        text=content["text"],
        state=PostState(row.state),
        made_at=row.made_at,
        picture=row.picture,
        source=row.source,
        doubts=tuple(content["doubts"]),
        decided_by=row.decided_by,
        reason=vault.open(row.reason) if row.reason else "",
        withdrawn_by=row.withdrawn_by,
        told_at=row.told_at,
        targets=tuple(targets),
    )


def _row(one: Target) -> dict[str, Any]:
    return {
        "post_id": one.post,
        "group_id": one.group,
        "number": one.number,
        "channel": one.channel,
        "chat": one.chat,
        "size": one.size,
        "state": one.state.value,
        "failure": "",
        "at": one.at,
    }
