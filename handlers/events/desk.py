"""Events for staff and heads of stations, each step in one line (domain J8)."""

from __future__ import annotations

from handlers import frames
from handlers.dialogue import Reply, Scene, State, Turn
from handlers.effects import Effect
from handlers.events import pages, switching
from handlers.events.effects import (
    AddEvent,
    AddFollowUp,
    AddSigning,
    CallOffEvent,
    FinishFollowUp,
    KeepMinutes,
    LandMoney,
    MarkGuests,
    ReadGuests,
)
from handlers.events.seen import Detail
from handlers.events.words import (
    Came,
    Choose,
    DeskWish,
    Done,
    Follow,
    Invite,
    Land,
    Look,
    Minutes,
    Off,
    Plan,
    Sign,
    Switch,
    desk_wish_of,
)
from handlers.human_help import TYPED
from handlers.texts import say
from outreach.calendars import CHINA
from outreach.events.account import expects
from outreach.events.following import last_day
from records import rights
from records.events import NewEvent, Signed, Task
from records.messages import Inbound
from records.rights import Right
from records.staff_accounts import Staff

_ME = frozenset({"我", "自己", "本人"})
_LONGEST = 500  # characters of minutes
_DETAILS = 200  # of a follow-up


class EventDesk:
    """活动, 办活动 …, 请人 3, 到会 3 …, 签约 3 …, 跟进 3 …, 做完 跟7."""

    name = "event_desk"

    def takes(self, message: Inbound, state: State, scene: Scene) -> bool:
        staff = scene.counter.staff
        is_ours = staff is not None and rights.may(staff, Right.EVENTS)
        return is_ours and _wish(message, scene) is not None

    def advance(self, message: Inbound, state: State, scene: Scene) -> Turn:
        wish, staff, left = _wish(message, scene), scene.counter.staff, frames.leave(state)
        if wish is None or staff is None:
            return Turn((), left)
        text, effects = _done(wish, staff, scene)
        kind = "staff" if isinstance(wish, Look) else "notice"
        return Turn((Reply(text, kind=kind),), left, effects)


_Done = tuple[str, tuple[Effect, ...]]


def _wish(message: Inbound, scene: Scene) -> DeskWish | None:
    return desk_wish_of(message.extra.get(TYPED) or message.text, scene.now)


def _done(wish: DeskWish, staff: Staff, scene: Scene) -> _Done:
    events = scene.agenda.events
    if isinstance(wish, Plan):
        return _planned(wish, staff, scene)
    if isinstance(wish, Look) and not wish.number:
        found = tuple(events.known.values())
        return (pages.listed(found) if found else say("event.none")), ()
    if isinstance(wish, Land | Done):
        return _of_a_number(wish, staff, tuple(events.details.values()))
    one = events.details.get(wish.number)
    if one is None:
        return say("event.not_yours", number=wish.number), ()
    return _about(wish, one, staff, scene)


def _about(wish: DeskWish, one: Detail, staff: Staff, scene: Scene) -> _Done:
    number, by = one.event.number, staff.name
    match wish:
        case Look():
            return pages.detail(one), (ReadGuests(number, by),)
        case Choose():
            return switching.chosen(wish, one, staff, scene)
        case Switch():
            return switching.switched(wish, one, staff)
        case Invite():
            return switching.invited(wish, one, staff, scene)
        case Off():
            if one.event.is_off:
                return say("event.off_already", number=number), ()
            if one.event.told.starts_at <= scene.now:
                return say("event.has_been", number=number), ()
            told = sum(expects(guest.guest.answer, guest.fate) for guest in one.guests)
            return say("event.called_off", number=number, n=told), (CallOffEvent(number, by),)
        case Came():
            return _came(wish, one, staff, scene)
        case Minutes():
            text = wish.text[:_LONGEST]
            return say("event.minutes_kept", number=number), (KeepMinutes(number, text, by),)
        case Sign():
            return _signed(wish, staff)
        case Follow():
            return _followed(wish, one, staff, scene)
        case _:
            return "", ()


def _planned(wish: Plan, staff: Staff, scene: Scene) -> _Done:
    if wish.fault == "long":
        return say("event.too_long"), ()
    if wish.fault == "past":
        return say("event.past"), ()
    if wish.fault or wish.starts_at is None:
        return say("event.no_day"), ()
    told = NewEvent(
        kind=wish.kind,
        title=wish.title,
        area=staff.area,
        starts_at=wish.starts_at,
        staff=staff.name,
        place=wish.place,
        city=wish.city,
        venue=wish.venue,
        county=scene.agenda.events.county,
    )
    here = wish.starts_at.astimezone(CHINA)
    text = say("event.planned", title=wish.title, day=f"{here.month}月{here.day}日")
    return text, (AddEvent(told),)


def _came(wish: Came, one: Detail, staff: Staff, scene: Scene) -> _Done:
    event, guests = one.event, one.guests
    if scene.now.astimezone(CHINA).date() < event.told.starts_at.astimezone(CHINA).date():
        return say("event.too_early", number=event.number), ()
    unknown = [place for place in wish.places if not 1 <= place <= len(guests)]
    if unknown:
        places = "、".join(map(str, unknown))
        return say("event.no_place_of", places=places, n=len(guests), number=event.number), ()
    came = [g for g in guests if (g.place in wish.places) is not wish.is_all_but]
    absent = [g for g in guests if g not in came]
    effect = MarkGuests(
        event.number,
        tuple(g.guest.person_id for g in came),
        tuple(g.guest.person_id for g in absent),
        wish.walk_ins,
        staff.name,
    )
    text = say("event.marked", number=event.number, came=len(came), others=wish.walk_ins)
    return text, (effect,)


def _signed(wish: Sign, staff: Staff) -> _Done:
    signed = Signed(0, wish.number, wish.project, wish.firm, wish.planned, wish.landed)
    planned = say("event.unknown") if wish.planned is None else pages.money(wish.planned)
    landed = say("event.unknown") if wish.landed is None else pages.money(wish.landed)
    text = say(
        "event.signing_kept",
        project=wish.project,
        firm=wish.firm,
        planned=planned,
        landed=landed,
        number=wish.number,
    )
    return text, (AddSigning(signed, staff.name),)


def _followed(wish: Follow, one: Detail, staff: Staff, scene: Scene) -> _Done:
    who = staff.name if wish.staff in _ME else wish.staff
    last = last_day(one.event)
    today = scene.now.astimezone(CHINA).date()
    due = wish.due_on or max(last, today)
    if who not in scene.agenda.events.colleagues:
        return say("event.no_colleague", name=wish.staff), ()
    if due < today or due > max(last, today):
        return say("event.seven_days", day=f"{last.month}月{last.day}日"), ()
    task = Task(0, one.event.number, who, due, wish.text[:_DETAILS])
    text = say("event.task_kept", name=who, day=f"{due.month}月{due.day}日")
    return text, (AddFollowUp(task, staff.name),)


def _of_a_number(wish: Land | Done, staff: Staff, details: tuple[Detail, ...]) -> _Done:
    if isinstance(wish, Land):
        signed = [s for one in details for s in one.signed if s.number == wish.signing]
        if not signed:
            return say("event.no_signing", number=wish.signing), ()
        text = say("event.landed", number=wish.signing, landed=pages.money(wish.landed))
        return text, (LandMoney(wish.signing, wish.landed, staff.name),)
    tasks = [task for one in details for task in one.tasks if task.number == wish.task]
    if not tasks:
        return say("event.no_task", number=wish.task), ()
    note = wish.note[:_DETAILS]
    return say("event.task_done", number=wish.task), (FinishFollowUp(tasks[0], note, staff.name),)
