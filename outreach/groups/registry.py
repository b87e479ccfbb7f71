"""The groups that somebody keeps and may post to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from records import group_register, groups
from records.database import Session
from records.group_register import GroupState, Known
from records.groups import GroupKind
from records.staff_accounts import Staff
from records.vault import Vault


@dataclass(frozen=True, slots=True)
class Group:
    """A group as its steward sees it: its people are only counted; None where nobody did.

    `chat` is "" where the steward pastes (`is_copy_ready`).
    """

    id: int
    name: str
    kind: GroupKind
    channel: str
    chat: str
    size: int | None
    last_post_at: datetime | None
    is_copy_ready: bool
    city: str = ""
    area: str = ""


def of_steward(session: Session, vault: Vault, staff: Staff) -> list[Group]:
    """The groups that are placed, and that this member of staff keeps."""
    found = group_register.kept_by(session, vault, staff.name)
    return [_group(one, one.kind) for one in found if one.kind and one.state is GroupState.LIVE]


def posted(session: Session, group_id: int, at: datetime) -> None:
    """Something was posted to a group, by whatever way."""
    groups.posted(session, group_id, at)


def _group(one: Known, kind: GroupKind) -> Group:
    return Group(
        id=one.id,
        name=one.name,
        kind=kind,
        channel=one.channel,
        chat=one.chat,
        size=one.size,
        last_post_at=one.last_post_at,
        is_copy_ready=one.is_copy_ready,
        city=one.city,
        area=one.area,
    )
