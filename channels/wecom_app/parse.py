"""What a member wrote, tapped or opened in the app → a message of ours; no I/O.

Events and fields: developer.work.weixin.qq.com, pages 90239 and 90240. In cards with ticks the
platform's own sample writes OpitonIds, others OptionIds: both are read.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import orjson

from channels.plain_text import plain_text
from channels.wecom.callback import Event
from channels.wecom.envelope import Value
from channels.wecom.keys import joined, value_of
from outreach.calendars import CHINA
from records.messages import Inbound, InboundKind

KIND = "wecom_app"

_SYSTEM = "sys"
_CARDS = frozenset({"template_card_event", "template_card_menu_event"})
_OPENINGS = frozenset({"enter_agent", "subscribe"})
_FILES = {"image": InboundKind.PICTURE, "voice": InboundKind.VOICE}
_LISTS, _IDS = ("optionids", "opitonids"), ("optionid", "opitonid")


def parse(event: Event, now: datetime) -> Inbound | None:
    """What an event says; None where it is nothing to us; UNREADABLE where it has no sense."""
    if not event.sender or event.sender.lower() == _SYSTEM:
        return None
    if event.kind == "event":
        return _done(event, now)
    return _said(event, now)


def is_tap(event: Event) -> bool:
    """Whether something on a card was tapped, which is then to be greyed."""
    return event.event in _CARDS


def chosen(event: Event) -> list[str]:
    """The values of what was tapped on a card: of the ticked options, else of the button."""
    ticked = [
        value_of(key)
        for item in _below(event.values("SelectedItems"), ("selecteditem",))
        for ids in _below([item], _LISTS)
        for key in _texts(_below([ids], _IDS))
    ]
    tapped = ticked or [value_of(event.text("EventKey"))]
    return [value for value in tapped if value]


def _done(event: Event, now: datetime) -> Inbound | None:
    if event.event in _OPENINGS:
        return _opened(event, now)
    if event.event == "unsubscribe":
        return _inbound(event, InboundKind.BLOCKED, "", now)
    if event.event == "click":
        return _inbound(event, InboundKind.TEXT, plain_text(event.text("EventKey")), now)
    if is_tap(event):
        value = joined(chosen(event))
        return _inbound(event, InboundKind.OPTION, value, now) if value else None
    return None


def _opened(event: Event, now: datetime) -> Inbound:
    """Each opening of the app is told to us: whoever opened it today has been greeted today."""
    day = (event.sent_at or now).astimezone(CHINA).date()
    name = f"enter:{event.sender.lower()}:{day}"
    return _inbound(event, InboundKind.START, "", now, outer_id=name)


def _said(event: Event, now: datetime) -> Inbound:
    if event.kind == "text" and event.text("Content"):
        return _inbound(event, InboundKind.TEXT, plain_text(event.text("Content")), now)
    if event.kind in _FILES and event.text("MediaId"):
        extra = {"file_id": event.text("MediaId")}
        return _inbound(event, _FILES[event.kind], "", now, extra=extra)
    if event.kind == "location" and event.text("Label"):
        return _inbound(event, InboundKind.TEXT, plain_text(event.text("Label")), now)
    if event.kind in {"", "text", *_FILES}:
        whole = orjson.dumps(event.fields).decode()
        return _inbound(event, InboundKind.UNREADABLE, whole, now)
    return _inbound(event, InboundKind.OTHER, "", now)


def _inbound(
    event: Event,
    kind: InboundKind,
    text: str,
    now: datetime,
    *,
    outer_id: str = "",
    extra: dict[str, str] | None = None,
) -> Inbound:
    at = event.sent_at or now
    return Inbound(
        channel=KIND,
        chat=event.sender,
        outer_id=outer_id or event.dedupe_key(),
        kind=kind,
        text=text,
        sent_at=at,
        sender=event.sender,
        sequence=int(at.timestamp()),
        extra=extra or {},
    )


def _below(values: Iterable[Value], names: Iterable[str]) -> list[Value]:
    """All that stands under one of these names, in whatever case; lists are taken apart."""
    found: list[Value] = []
    for value in values:
        for name, inner in value.items() if isinstance(value, dict) else ():
            if name.lower() in names:
                found += inner if isinstance(inner, list) else [inner]
    return found


def _texts(values: Iterable[Value]) -> list[str]:
    return [value for value in values if isinstance(value, str)]
