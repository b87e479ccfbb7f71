"""Events and answers of 客户联系 → what they say, or nothing where they make no sense."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from channels.wecom.callback import Event
from records.contact_changes import CUSTOMER, GROUP, TAGS
from records.customer_tags import Tag
from records.customers import Contact, Group, Member
from records.group_tasks import Result, TargetState

KIND = "wecom_contact"
WELCOME_LIFE = timedelta(seconds=20)

_ID_LENGTH, _CODE_LENGTH = 80, 256
_STAFF = 1  # of a group's members
_STATES = {1: TargetState.SENT, 2: TargetState.NOT_FRIEND, 3: TargetState.FULL}
_ADDED = {"add_external_contact", "add_half_external_contact"}
_CUSTOMER_LEFT = "del_follow_user"
_MALFORMED = (LookupError, TypeError, ValueError, OverflowError, OSError, AttributeError)

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """What an event tells. It only says what to read anew: so repeats and disorder do no harm."""

    kind: str
    id: str
    at: datetime
    change: str
    steward: str = ""
    state: str = ""
    code: str = ""
    version: str = ""  # of a group's members, after this change

    @property
    def is_added(self) -> bool:
        return self.change in _ADDED

    @property
    def is_left(self) -> bool:
        return self.change == _CUSTOMER_LEFT

    @property
    def is_dismissed(self) -> bool:
        return self.kind == GROUP and self.change == "dismiss"


def told(event: Event, now: datetime) -> Told | None:
    """What an event tells us; None if nothing."""
    at, change = event.sent_at or now, event.text("ChangeType").lower()
    if max(len(event.text(name)) for name in ("ExternalUserID", "UserID", "ChatId")) > _ID_LENGTH:
        return None
    match event.event:
        case "change_external_contact" if event.text("ExternalUserID"):
            return Told(
                CUSTOMER,
                event.text("ExternalUserID"),
                at,
                change,
                steward=event.text("UserID"),
                state=event.text("State")[:120],
                code=_code(event),
            )
        case "change_external_chat" if event.text("ChatId"):
            version = event.text("CurMemVer")
            return Told(GROUP, event.text("ChatId"), at, change, version=version)
        case "change_external_tag":
            return Told(TAGS, "all", at, change)
    return None


def contact(external: Any, follow: Any) -> Contact | None:
    """A customer as one steward has it."""
    try:
        return Contact(
            external_id=_string(external["external_userid"]),
            steward=_string(follow["userid"]),
            added_at=_moment(follow["createtime"]),
            state=str(follow.get("state") or "")[:120],
            tags=tuple(_tag_ids(follow)),
            name=str(external.get("name") or ""),
            remark=str(follow.get("remark") or ""),
        )
    except _MALFORMED:
        return None


def group(answer: Json) -> Group | None:
    """A group with its members."""
    try:
        found = answer["group_chat"]
        return Group(
            chat_id=_string(found["chat_id"]),
            owner=_string(found["owner"]),
            name=str(found.get("name") or ""),
            created_at=_moment(found["create_time"]),
            version=str(found.get("member_version") or ""),
            members=tuple(_member(one) for one in found.get("member_list") or []),
        )
    except _MALFORMED:
        return None


def tags(answer: Json) -> list[Tag] | None:
    """All tags of an answer that lists groups of them, or one group; None if it makes no sense.

    Not some of them: whoever is told all that there are, takes the others for deleted.
    """
    listed = answer.get("tag_group") or []
    groups = listed if isinstance(listed, list) else [listed]
    try:
        return list(_tags(groups))
    except _MALFORMED:
        return None


def result(row: Any, now: datetime) -> Result | None:
    """What became of one customer or group; None while nothing has."""
    try:
        state = _STATES.get(int(row["status"]))
        if state is None:
            return None
        target = _string(row.get("external_userid") or row.get("chat_id"))
        sent = row.get("send_time")
        return Result(target, state, _moment(sent) if sent else now)
    except _MALFORMED:
        return None


def moment(value: Any) -> datetime | None:
    """Seconds since 1970."""
    try:
        return _moment(value)
    except _MALFORMED:
        return None


def _code(event: Event) -> str:
    code = event.text("WelcomeCode")
    return code if len(code) <= _CODE_LENGTH else ""


def _tag_ids(follow: Json) -> Iterator[str]:
    """Named `tags` where one customer is read, `tag_id` where many are."""
    yield from (str(tag) for tag in follow.get("tag_id") or [])
    yield from (str(t["tag_id"]) for t in follow.get("tags") or [] if t.get("tag_id"))


def _tags(groups: list[Any]) -> Iterator[Tag]:
    for found in groups:
        for one in found.get("tag") or []:
            if not (one.get("deleted") or found.get("deleted")):
                yield Tag(str(one["id"]), str(found["group_name"])[:80], str(one["name"])[:80])


def _member(one: Json) -> Member:
    return Member(
        _string(one["userid"]), int(one["type"]) == _STAFF, _moment(one.get("join_time") or 0)
    )


def _moment(seconds: Any) -> datetime:
    return datetime.fromtimestamp(int(seconds), UTC)


def _string(value: Any) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= _ID_LENGTH:
        raise TypeError("an id was expected")
    return value
