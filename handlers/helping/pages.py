"""What helpers read: their lists, a dossier, and what was taken down."""

from __future__ import annotations

from datetime import date

from handlers import places
from handlers.forms import course
from handlers.forms.form import REGISTRATION, Form, Forms
from handlers.helping.caseload import Caseload, Dossier
from handlers.helping.words import Entry, Listing
from handlers.texts import say
from outreach.calendars import CHINA
from outreach.helping.relaying import shows_phone
from records.assignments import Help
from records.people import Source
from records.relays import By, Line
from records.visits import Light, Seen, Standing, Told, VisitKind

_MOST = 20  # lines of a list
_SHOWN = (
    *("intent", "biz_kind", "biz_months", "biz_licence", "want_kind", "skills", "lacks"),
    *("contact_time", "where_now", "return_period"),
)


def name_of(dossier: Dossier) -> str:
    """What they are called."""
    return dossier.profile.nickname or say("helping.nameless")


def listing(which: Listing, caseload: Caseload, forms: Forms, today: date) -> str:
    """Those to be called today, the most overdue first; or everybody."""
    found = list(caseload.dossiers)
    if not found:
        return say("helping.none")
    if which is Listing.TODAY:
        found = [one for one in found if one.number in caseload.due]
        found.sort(key=lambda one: (one.next.due_on if one.next else today, one.number))
    if not found:
        return say("helping.nobody_today")
    head = say("helping.everybody", count=len(found))
    if which is Listing.TODAY:
        head = say("helping.today", count=len(found))
    lines = [_line(one, forms[REGISTRATION], today) for one in found[:_MOST]]
    left = len(found) - len(lines)
    return "\n".join((head, *lines, *([say("helping.more", count=left)] if left else [])))


def dossier(one: Dossier, forms: Forms, today: date) -> str:
    """One person whole: what they said, who else helps, what was done, what comes."""
    profile, form = one.profile, forms[REGISTRATION]
    place = profile.answers.get("home_village") or ""
    head = say(
        "helping.head",
        number=one.number,
        name=name_of(one),
        phone=_phone(one),
        place=f"{places.named(profile.area)}{place}",
    )
    others = [_other(one, other.help, other.helper) for other in one.others]
    done = [say("helping.last"), *(contact(seen) for seen in one.visits)] if one.visits else []
    talk = [say("helping.talk"), *map(talked, reversed(one.talk))] if one.talk else []
    coming = [say("helping.upcoming", day=day_of(one.next.due_on, today))] if one.next else []
    how = say("helping.how_to_log", number=one.number)
    lines = (head + _source(profile.source), *_said(one, form), *filter(None, others))
    return "\n".join((*lines, *done, *talk, *coming, how))


def logged(one: Dossier, entry: Entry, today: date) -> str:
    """What was taken down, said back."""
    next_on = say("helping.next_on", day=day_of(entry.next_on, today)) if entry.next_on else ""
    if entry.told.kind is VisitKind.NO_ANSWER:
        again = next_on or say("helping.tomorrow")
        return say("helping.no_answer", number=one.number, name=name_of(one), next=again)
    return say(
        "helping.logged",
        number=one.number,
        name=name_of(one),
        told=_words(entry.told),
        next=next_on,
    )


def day_of(day: date, today: date) -> str:
    """A day as people say it, with the year where it is another."""
    spoken = f"{day.month}月{day.day}日"
    return spoken if day.year == today.year else f"{day.year}年{spoken}"


def _phone(one: Dossier) -> str:
    """Whole for the commissioner alone; a mentor sees it once both agreed (domain 1.7)."""
    phone = one.profile.phone
    if not phone:
        return say("helping.no_phone")
    return phone if shows_phone(one.assigned, one.leave) else f"{phone[:3]}****{phone[-4:]}"


def _line(one: Dossier, form: Form, today: date) -> str:
    asked = form.question("intent")
    intent = course.shown(asked, one.profile.answers) if asked else ""
    return say(
        "helping.line",
        number=one.number,
        name=name_of(one),
        intent=intent,
        next=_next(one, today),
    )


def _next(one: Dossier, today: date) -> str:
    if one.next is None:
        return ""
    day = day_of(one.next.due_on, today)
    is_late = one.next.due_on < today
    return say("helping.late", day=day) if is_late else say("helping.next", day=day)


def _said(one: Dossier, form: Form) -> list[str]:
    asked = [q for q in form.questions if q.id in _SHOWN]
    answers = course.live(form, one.profile.answers)
    told = [(q.label, course.shown(q, answers)) for q in asked]
    return [say("helping.told", label=label, value=value) for label, value in told if value]


def _other(one: Dossier, help: Help, helper: str) -> str:
    if helper == one.assigned.helper:
        return ""
    is_mentor = help is Help.MENTOR
    role = say("helping.mentor") if is_mentor else say("helping.commissioner")
    return say("helping.others", role=role, name=helper)


def _source(source: Source) -> str:
    hows = {
        Source.PROXY: say("helping.by_others"),
        Source.HOUSEHOLD: say("helping.by_sweep"),
        Source.BULK: say("helping.by_list"),
    }
    return say("helping.source", how=hows[source]) if source in hows else ""


def contact(seen: Seen) -> str:
    """One contact on a line, with what was noted."""
    day = seen.at.astimezone(CHINA)
    rest = _words(seen.told, is_bare=True)
    note = seen.told.note
    return say(
        "helping.visit",
        day=f"{day.month}月{day.day}日",
        kind=_kind(seen.told.kind),
        rest="".join(f"，{part}" for part in (rest, note) if part),
    )


def talked(line: Line) -> str:
    """One line of a talk between a person and a helper."""
    day = line.at.astimezone(CHINA)
    who = line.helper if line.by is By.HELPER else say("helping.person")
    return say("helping.said", day=f"{day.month}月{day.day}日", who=who, text=line.text)


def _words(told: Told, *, is_bare: bool = False) -> str:
    """What was told, as words; with its kind in front unless `is_bare`."""
    gifts = "、".join(gift.value for gift in told.gifts)
    words = (
        "" if is_bare else _kind(told.kind),
        _standing(told.standing) if told.standing else "",
        _light(told.light) if told.light else "",
        say("helping.gifts", gifts=gifts) if gifts else "",
        say("helping.minutes", n=told.minutes) if told.minutes else "",
        "" if is_bare else told.note,
    )
    return "，".join(word for word in words if word)


def _kind(kind: VisitKind) -> str:
    return {
        VisitKind.CALL: say("helping.call"),
        VisitKind.KNOCK: say("helping.knock"),
        VisitKind.FIRM: say("helping.firm"),
        VisitKind.GUIDANCE: say("helping.guidance"),
        VisitKind.NO_ANSWER: say("helping.unanswered"),
    }[kind]


def _standing(standing: Standing) -> str:
    return {
        Standing.OPEN: say("helping.open"),
        Standing.PREPARING: say("helping.preparing"),
        Standing.CLOSED: say("helping.closed"),
        Standing.UNKNOWN: say("helping.unsure"),
    }[standing]


def _light(light: Light) -> str:
    return {
        Light.GREEN: say("helping.green"),
        Light.YELLOW: say("helping.yellow"),
        Light.RED: say("helping.red"),
    }[light]
