"""What is held of a person beside their own answers, as they read it (domain P-12)."""

from __future__ import annotations

from datetime import date

from handlers.courses import pages as course_pages
from handlers.dialogue import Scene
from handlers.events import pages as event_pages
from handlers.forms.form import REGISTRATION, Form
from handlers.helping.holdings import Held
from handlers.helping.pages import contact, day_of, talked
from handlers.sharing.flow import line as shared_line
from handlers.texts import say
from handlers.tickets import progress
from outreach.calendars import CHINA
from outreach.helping.assigning import spoken
from records.assignments import Help
from records.courses import ACTIVE
from records.entities import Business, EntityState
from records.events import Answer
from records.holdings import Small
from records.people import Profile
from records.project_people import Answer as ToProject
from records.relays import Phone


def lines(profile: Profile, scene: Scene) -> list[str]:
    """In short: who helps and what they may, contacts, businesses, courses, events, requests.

    What can be called off or taken back says how.
    """
    found = scene.caseload.held.get(profile.id)
    helpers = [*_helpers(profile, scene), *_leaves(profile, scene)]
    if found is None:
        return helpers
    return [
        *helpers,
        *_contacts(found, scene),
        *_businesses(found, scene),
        *_courses(found),
        *_events(found, scene),
        *_requests(found, scene),
        *_projects(found),
        *_public(found, scene),
        *_surveys(found.small),
        *map(shared_line, found.shared),
    ]


def whole(profile: Profile, scene: Scene) -> list[str]:
    """All of it with what was noted and written, for a copy."""
    found = scene.caseload.held.get(profile.id)
    if found is None:
        return lines(profile, scene)
    noted = [say("held.by", told=contact(seen), name=seen.helper) for seen in found.visits]
    said = [
        say(
            "held.said",
            title=one.title,
            answer=_answer(one.answer),
            day=_day(one.at.date(), scene),
        )
        for one in found.small.said
    ]
    scores = [say("held.score", number=number, n=n) for number, n in found.small.scores]
    talk = [talked(line) for line in reversed(found.talk)]
    told = [say("held.story", text=one.text.story) for one in found.cases if one.text.story]
    return [*lines(profile, scene), *noted, *talk, *said, *scores, *told]


def _helpers(profile: Profile, scene: Scene) -> list[str]:
    assigned = scene.caseload.helpers.get(profile.id, ())
    commissioner, mentor = spoken(assigned, Help.COMMISSIONER), spoken(assigned, Help.MENTOR)
    told = [say("held.commissioner", name=commissioner)] if commissioner else []
    told += [say("held.mentor", name=mentor)] if mentor else []
    return [" ".join(told)] if told else []


def _leaves(profile: Profile, scene: Scene) -> list[str]:
    """What they allowed helpers, and how to take it back."""
    mine = [
        (helper, leave)
        for (person, helper), leave in sorted(scene.caseload.leaves.items())
        if person == profile.id
    ]
    shown = [say("held.shows", name=n) for n, leave in mine if leave.phone is Phone.YES]
    stopped = [say("held.stopped", name=n) for n, leave in mine if leave.is_stopped]
    return [*shown, *stopped]


def _contacts(found: Held, scene: Scene) -> list[str]:
    told = []
    if found.visits:
        last = found.visits[0].at.astimezone(CHINA).date()
        told.append(say("held.contacts", count=len(found.visits), day=_day(last, scene)))
    if found.due:
        told.append(say("held.due", day=_day(found.due[0].due_on, scene)))
    if found.talk:
        told.append(say("held.talk", count=len(found.talk)))
    return told


def _businesses(found: Held, scene: Scene) -> list[str]:
    form = scene.forms[REGISTRATION]
    return [_business(one, form) for one in found.businesses]


def _business(one: Business, form: Form) -> str:
    asked = form.question("biz_kind")
    choice = asked.choice(one.trade) if asked and one.trade else None
    what = one.name or (choice.label if choice else say("held.some_business"))
    since = (
        say("held.since", year=one.began_on.year, month=one.began_on.month) if one.began_on else ""
    )
    ended = say("held.ended") if one.state is EntityState.CLOSED else ""
    return say("held.business", what=what, since=since, ended=ended)


def _courses(found: Held) -> list[str]:
    told = []
    for booked, course in found.booked:
        is_open = booked.seat.value in ACTIVE
        leave = say("held.leave_course") if is_open else ""
        told.append(say("held.course", told=course_pages.standing(booked, course), leave=leave))
    if found.small.wishes:
        topics = "、".join(map(course_pages.topic_word, found.small.wishes))
        told.append(say("held.wishes", topics=topics))
    return told


def _events(found: Held, scene: Scene) -> list[str]:
    told = []
    for guest, event in found.invited:
        is_over = event.told.starts_at <= scene.now
        if not is_over:
            leave = say("held.not_coming", n=guest.event) if guest.answer is Answer.YES else ""
            told.append(say("held.event", told=event_pages.mine(guest, event), leave=leave))
        else:
            came = say("held.came") if guest.came else say("held.invited")
            day = _day(event.told.starts_at.astimezone(CHINA).date(), scene)
            told.append(say("held.past_event", day=day, title=event.told.title, came=came))
    return told


def _requests(found: Held, scene: Scene) -> list[str]:
    return [say("held.request", told=progress.line_of(one, scene.now)) for one in found.requests]


def _projects(found: Held) -> list[str]:
    told = [say("held.project", title=title) for title in found.projects]
    small = found.small
    if small.shown or small.said:
        wanted = sum(one.answer is not ToProject.REFUSED for one in small.said)
        told.append(
            say(
                "held.projects",
                shown=small.shown,
                wanted=wanted,
                not_wanted=len(small.said) - wanted,
            )
        )
    return told


def _public(found: Held, scene: Scene) -> list[str]:
    """Where others read of them: cases, the county's list of 乡贤, ambassadors."""
    told = [say("held.case", title=one.text.title or one.trade) for one in found.cases]
    serves = found.ambassador
    if serves is not None and serves.until is not None:
        told.append(say("held.ambassador", day=_day(serves.until, scene)))
    if found.is_sage:
        told.append(say("held.sage"))
    if found.tags:
        told.append(say("held.tags", tags="、".join(found.tags)))
    return told


def _surveys(small: Small) -> list[str]:
    years = "、".join(map(str, small.surveyed))
    return [say("held.surveyed", years=years)] if years else []


def _answer(answer: ToProject) -> str:
    return say("held.unwanted") if answer is ToProject.REFUSED else say("held.wanted")


def _day(day: date, scene: Scene) -> str:
    return day_of(day, scene.now.astimezone(CHINA).date())
