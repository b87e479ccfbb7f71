"""Broadcasts: whom one is for, who is left out and why, and the tasks that it becomes."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

import orjson

from outreach.broadcast_quota import Quota, awake, over_quota
from outreach.caps import over_caps
from outreach.customers import Talks
from outreach.pushes import welcome
from outreach.texts import say
from records import customers, group_tasks, outbox, pull_cursors
from records.customers import Wanted
from records.database import Session
from records.group_tasks import GroupTask, NewTask, TargetState
from records.messages import Priority
from records.outbox import NewOutgoing
from records.vault import Vault

TEXT_BYTES = 4000
MOST_CUSTOMERS, MOST_GROUPS = 10_000, 2_000  # in one task of the platform's

_LINK_BYTES = {"title": 128, "desc": 512, "url": 2048}
_LINK_WORDS = {"title": "标题", "desc": "说明", "url": "地址"}
_IMAGE_HEADS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
_IMAGE_BYTES = 2 * 1024 * 1024
_TURN = "wecom_contact:quota"
_MANY = 500  # conversations looked up at once


class BroadcastRefused(ValueError):
    """It cannot be sent like this; one sentence that says how to mend it."""


class Kind(StrEnum):
    """To customers one by one, or into groups."""

    SINGLE = "single"
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class Content:
    """What is sent: a text, perhaps a link (title, url, desc), perhaps a picture."""

    text: str
    link: Mapping[str, str] = field(default_factory=dict)
    image_name: str = ""
    image: bytes = b""

    def check(self) -> None:
        """BroadcastRefused if the platform would refuse it."""
        if not self.text.strip():
            raise BroadcastRefused("群发没有文字：请写上要说的话。")
        if (size := len(self.text.encode())) > TEXT_BYTES:
            raise BroadcastRefused(
                f"文字太长：{size}字节，最多{TEXT_BYTES}字节（约1300个汉字），请改短。"
            )
        for name, most in _LINK_BYTES.items():
            if len(self.link.get(name, "").encode()) > most:
                raise BroadcastRefused(f"链接的{_LINK_WORDS[name]}太长：最多{most}字节。")
        if self.link and not (self.link.get("title") and _is_web(self.link.get("url", ""))):
            raise BroadcastRefused("链接要有标题和以http开头的地址。")
        if len(self.image) > _IMAGE_BYTES:
            raise BroadcastRefused("图片太大：最多2MB，请压缩后再发。")
        if self.image_name and not self.image.startswith(_IMAGE_HEADS):
            raise BroadcastRefused(
                f"{self.image_name} 不是JPG或PNG图片，平台不收，请另存一份再发。"
            )

    def sealed(self, vault: Vault) -> bytes:
        image = base64.b64encode(self.image).decode()
        return vault.seal(
            {"text": self.text, "link": dict(self.link), "name": self.image_name, "image": image}
        )


def opened(vault: Vault, sealed: bytes) -> Content:
    """The content of a task."""
    kept = vault.open(sealed)
    image = base64.b64decode(kept["image"])
    return Content(kept["text"], kept["link"], kept["name"], image)


@dataclass(frozen=True, slots=True)
class Broadcast:
    """What somebody wants sent. `key` makes asking twice harmless."""

    key: str
    kind: Kind
    content: Content
    wanted: Wanted


@dataclass(frozen=True, slots=True)
class Rules:
    """What limits every broadcast."""

    quota: Quota
    talks: Talks  # where customers may have said stop


@dataclass(frozen=True, slots=True)
class Plan:
    """Who gets it from which steward, and why the others do not."""

    lots: tuple[tuple[str, tuple[str, ...]], ...] = ()
    left_out: Mapping[str, TargetState] = field(default_factory=dict)

    @property
    def reached(self) -> int:
        return sum(len(targets) for _, targets in self.lots)


def key_of(kind: Kind, wanted: Wanted, content: Content, now: datetime) -> str:
    """A name for a broadcast that has none: the same text to the same on one day is the same."""
    said = [
        kind,
        sorted(wanted.ids),
        sorted(wanted.owners),
        sorted(wanted.areas),
        content.text,
        dict(content.link),
        hashlib.sha256(content.image).hexdigest(),
    ]
    digest = hashlib.sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest()
    return f"{now:%Y%m%d}-{digest[:8]}"


def plan(
    session: Session, vault: Vault, broadcast: Broadcast, now: datetime, rules: Rules
) -> Plan:
    """Whom it would reach, without asking for anything."""
    left_out: dict[str, TargetState] = {}
    if broadcast.kind is Kind.GROUP:
        meant = _groups(session, vault, broadcast.wanted, left_out)
    else:
        meant = _customers(session, broadcast.wanted, left_out)
        stopped = _stopped(session, vault, list(meant), rules.talks, now)
        left_out.update(dict.fromkeys(stopped, TargetState.STOPPED))
        meant = {one: steward for one, steward in meant.items() if one not in stopped}
    over = over_quota(session, rules.quota, list(meant), now)
    if broadcast.kind is Kind.SINGLE:  # M-10 counts people; a group is nobody's own
        over |= over_caps(session, list(meant), rules.talks, now)
    left_out.update(dict.fromkeys(over, TargetState.OVER_QUOTA))
    most = MOST_GROUPS if broadcast.kind is Kind.GROUP else MOST_CUSTOMERS
    by_steward: dict[str, list[str]] = {}
    for target, steward in meant.items():
        if target not in over:
            by_steward.setdefault(steward, []).append(target)
    return Plan(tuple(_lots(by_steward, most)), left_out)


def want(
    session: Session, vault: Vault, broadcast: Broadcast, now: datetime, rules: Rules
) -> list[GroupTask]:
    """Ask for it: its tasks, to be created when it is day. Known by its key, nothing is added."""
    broadcast.content.check()
    # One at a time: what another process asks for meanwhile counts against the same quotas.
    pull_cursors.hold(session, _TURN, "", until=now, now=now)
    known = group_tasks.of_broadcast(session, broadcast.key)
    if known:
        return known
    planned = plan(session, vault, broadcast, now, rules)
    group_tasks.add(session, list(_tasks(vault, broadcast, planned)), now, awake(now))
    session.flush()
    return group_tasks.of_broadcast(session, broadcast.key)


def tell_steward(session: Session, vault: Vault, task: GroupTask, now: datetime) -> None:
    """Say in the app what waits for the steward's confirmation."""
    waiting = group_tasks.counts(session, [task.id or 0])
    count = waiting.get((task.id or 0, TargetState.WAITING.value), 0)
    key = "broadcast.groups" if task.kind == Kind.GROUP else "broadcast.customers"
    text = say(key, count=count)
    message = NewOutgoing(
        channel="wecom_app",
        chat=task.steward,
        dedupe_key=f"task/{task.id}/told",
        payload=outbox.sealed_content(vault, text, kind="notice"),
        due=now,
        priority=Priority.NOTICE.value,
    )
    outbox.enqueue(session, [message])


def _groups(
    session: Session, vault: Vault, wanted: Wanted, left_out: dict[str, TargetState]
) -> dict[str, str]:
    """Group → owner."""
    found = customers.groups(session, vault, wanted)
    live = {one.chat_id: one.owner for one in found if not one.is_dismissed}
    # A dismissed group is worth a word only where somebody names it.
    for target in wanted.ids:
        if target not in live:
            left_out[target] = TargetState.GONE
    return live


def _customers(
    session: Session, wanted: Wanted, left_out: dict[str, TargetState]
) -> dict[str, str]:
    """Customer → the steward who writes: of several, whoever was added last."""
    meant: dict[str, str] = {}
    for customer, steward in customers.friends(session, wanted):
        meant.setdefault(customer, steward)
    here = {customer for customer, _ in customers.known_pairs(session, wanted.owners or None)}
    for target in wanted.ids or sorted(here):
        if target not in meant:
            left_out[target] = TargetState.NOT_FRIEND if target in here else TargetState.GONE
    return meant


def _stopped(
    session: Session, vault: Vault, found: Sequence[str], talks: Talks, now: datetime
) -> set[str]:
    """Those who said in a conversation, or with their phone, that they want no more."""
    whose = {key: customer for customer in found for key in talks(customer)}
    keys = list(whose)
    stopped: set[str] = set()
    for start in range(0, len(keys), _MANY):
        some = keys[start : start + _MANY]
        willing = welcome(session, vault, some, now)
        stopped.update(whose[key] for key in some if key not in willing)
    return stopped


def _lots(
    by_steward: Mapping[str, Sequence[str]], most: int
) -> Iterator[tuple[str, tuple[str, ...]]]:
    for steward, targets in sorted(by_steward.items()):
        for start in range(0, len(targets), most):
            yield steward, tuple(targets[start : start + most])


def _tasks(vault: Vault, broadcast: Broadcast, planned: Plan) -> Iterator[NewTask]:
    """One for each lot; who is left out stands in a task that is empty from the start."""
    common: dict[str, Any] = {
        "broadcast": broadcast.key,
        "kind": broadcast.kind.value,
        "sealed": broadcast.content.sealed(vault),
    }
    for number, (steward, targets) in enumerate(planned.lots, 1):
        key = f"{broadcast.key}/{number}"
        yield NewTask(key=key, steward=steward, targets=targets, left_out={}, **common)
    if planned.left_out or not planned.lots:
        key = f"{broadcast.key}/0"
        yield NewTask(key=key, steward="", targets=(), left_out=planned.left_out, **common)


def _is_web(url: str) -> bool:
    return url.startswith(("http://", "https://"))
