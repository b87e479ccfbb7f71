"""An event in words: its day, hour and place, and the invitation to it."""

from __future__ import annotations

from datetime import time

from outreach.calendars import CHINA
from outreach.texts import say
from records.events import Event
from records.messages import Option


def invitation(event: Event) -> str:
    """What is written to those who are invited."""
    told = event.told
    return say(
        "event.invite", title=told.title, day=when(event), time=clock(event), place=where(event)
    )


def ways(number: int) -> tuple[Option, ...]:
    """How an invitation to this event is answered."""
    return (
        Option(say("event.yes"), say("event.yes_word", number=number)),
        Option(say("event.no"), say("event.no_word", number=number)),
    )


def when(event: Event) -> str:
    """The day of an event as people say it."""
    here = event.told.starts_at.astimezone(CHINA)
    return f"{here.month}月{here.day}日"


def clock(event: Event) -> str:
    """The hour of an event as people say it; "" where none is known."""
    here = event.told.starts_at.astimezone(CHINA)
    if here.time() == time():
        return ""
    return f"{here.hour}点{here.minute}分" if here.minute else f"{here.hour}点"


def where(event: Event) -> str:
    """The place of an event as people say it."""
    return event.told.place or say("event.no_place")
