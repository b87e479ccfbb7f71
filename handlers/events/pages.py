"""Events in words: a line of a list, one event for staff, an invitation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal

from handlers.events.seen import Detail, Invited, Outlook
from handlers.texts import say
from outreach.calendars import CHINA
from outreach.campaigns import looking
from outreach.campaigns.states import WORDS
from outreach.events.account import Fate
from outreach.events.telling import clock, when, where
from outreach.reminders import has_eve
from records import events
from records.events import Answer, Event, Guest, Signed, Task

_MOST = 12
_NAMED = 20
_WAN, _YI = 10_000, 100_000_000


def listed(found: Sequence[Event]) -> str:
    """The events of an area, for staff."""
    lines = [
        say(
            "event.line",
            number=event.number,
            day=when(event),
            title=event.told.title,
            state=_state(event),
        )
        for event in found[:_MOST]
    ]
    if len(found) > _MOST:
        lines.append(say("event.more", n=len(found) - _MOST))
    return "\n".join((*lines, say("event.how")))


def coming(event: Event, now: datetime) -> str:
    """Somebody comes; of a reminder only where one will be sent."""
    title, day, time, place = event.told.title, when(event), clock(event), where(event)
    if has_eve(event.told.starts_at.astimezone(CHINA).date(), now):
        return say("event.coming", title=title, day=day, time=time, place=place)
    return say("event.coming_soon", title=title, day=day, time=time, place=place)


def detail(one: Detail) -> str:
    """One event for staff, with what can be done next."""
    event = one.event
    lines = [
        say(
            "event.head",
            number=event.number,
            title=event.told.title,
            day=when(event),
            time=clock(event),
            place=where(event),
        ),
        _counts(event),
        *_push(one),
        *map(_invited, one.guests),
        *map(_signed, one.signed),
    ]
    if one.signed:
        lines.append(_totals(one.signed))
    lines += map(_task, one.tasks)
    if one.minutes:
        lines.append(say("event.minutes", text=one.minutes))
    return "\n".join((*lines, _next(one)))


def counted(seen: Outlook) -> str:
    """How many fit, how many would be asked, and why the others would not."""
    whole = say("event.counted", selected=seen.selected, n=seen.planned)
    left = looking.counts(seen.left_out)
    return f"{whole}{say('event.left_out', reasons=left)}" if left else whole


def mine(guest: Guest, event: Event) -> str:
    """One invitation as who is invited sees it."""
    word = {
        Answer.YES: say("event.i_come"),
        Answer.NO: say("event.i_do_not"),
        Answer.NONE: say("event.unsaid", number=event.number),
    }[guest.answer]
    return say(
        "event.mine",
        title=event.told.title,
        day=when(event),
        time=clock(event),
        place=where(event),
        word=word,
    )


def money(yuan: int) -> str:
    """A sum as papers print it: 71.15亿元, 5000万元."""
    for size, unit in ((_YI, say("event.yi")), (_WAN, say("event.wan"))):
        if yuan >= size:
            return f"{(Decimal(yuan) / size).normalize():f}{unit}"
    return say("event.yuan", n=yuan)


def names(guests: Sequence[Invited]) -> str:
    """These guests by their number on the list, and their name where it may be read."""
    if not guests:
        return say("event.nobody_waits")
    found = "、".join(f"{one.place}号{one.name}" for one in guests[:_NAMED])
    return found if len(guests) <= _NAMED else say("event.and_others", names=found)


def _state(event: Event) -> str:
    if event.is_off:
        return say("event.is_off")
    if event.came or event.walk_ins:
        return say("event.was", n=event.came + event.walk_ins)
    if event.invited_at is None:
        return say("event.not_invited")
    return say("event.so_far", invited=event.invited, yes=event.yes)


def _counts(event: Event) -> str:
    return say(
        "event.counts",
        invited=event.invited,
        yes=event.yes,
        no=event.no,
        came=event.came,
        walk_ins=event.walk_ins,
    )


def _invited(one: Invited) -> str:
    said = {Answer.YES: say("event.yes"), Answer.NO: say("event.no"), Answer.NONE: ""}
    name = one.name or say("event.elsewhere")
    phone = f" {one.phone[:3]}****{one.phone[-4:]}" if one.phone else ""
    came = "" if one.guest.came is None else say("event.has_come")
    came = say("event.absent") if one.guest.came is False else came
    fate = {
        Fate.GOT: "",
        Fate.WAITING: say("event.waits_still"),
        Fate.HALTED: say("event.was_halted"),
        Fate.UNSURE: say("event.is_unsure"),
        Fate.REFUSED: say("event.was_refused"),
    }[one.fate]
    return f"{one.place} {name}{phone}{said[one.guest.answer]}{came}{fate}"


def _push(one: Detail) -> Iterator[str]:
    """How the invitations stand, and whom they are for."""
    if one.push is None:
        return
    state = say("event.push", number=one.push.number, state=WORDS[one.push.state])
    yield _account(one, state) if one.event.invited_at and one.guests else state
    yield say("event.is_for", words=one.push.audience)


def _account(one: Detail, state: str) -> str:
    """How many of the invitations have arrived, and what became of the others."""
    found = Counter(guest.fate for guest in one.guests)
    words = {
        Fate.GOT: say("event.all_got", n=found[Fate.GOT]),
        Fate.WAITING: say("event.all_waiting", n=found[Fate.WAITING]),
        Fate.HALTED: say("event.all_halted", n=found[Fate.HALTED]),
        Fate.UNSURE: say("event.all_unsure", n=found[Fate.UNSURE]),
        Fate.REFUSED: say("event.all_refused", n=found[Fate.REFUSED]),
    }
    states = [text for fate, text in words.items() if found[fate]]
    return say("event.account", push=state, states="，".join(states))


def _signed(one: Signed) -> str:
    return say(
        "event.signed",
        number=one.number,
        project=one.project,
        firm=one.firm,
        planned=say("event.unknown") if one.planned is None else money(one.planned),
        landed=say("event.unknown") if one.landed is None else money(one.landed),
    )


def _totals(signed: Sequence[Signed]) -> str:
    found = events.totals(signed)
    return say(
        "event.totals",
        projects=found.projects,
        firms=found.firms,
        planned=money(found.planned),
        landed=money(found.landed),
    )


def _task(task: Task) -> str:
    state = (
        say("event.done")
        if task.done_at
        else say("event.due", day=f"{task.due_on.month}月{task.due_on.day}日")
    )
    return say("event.task", number=task.number, staff=task.staff, text=task.text, state=state)


def _next(one: Detail) -> str:
    event = one.event
    if one.is_asked_for:
        return say("event.waits_already", number=event.number)
    if event.invited_at is None and not event.is_off:
        return say("event.how_to_invite", number=event.number)
    return say("event.how_to_go_on", number=event.number)
