"""What a turn knows of courses, events and tasks; read only where the talk is about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from handlers import hearing
from handlers.cases import seen as cases_seen
from handlers.cases.seen import Cases
from handlers.checklist.words import wish_of as checklist_wish
from handlers.courses import seen as courses_seen
from handlers.courses.seen import Courses
from handlers.courses.words import desk_wish_of, wish_of
from handlers.events import seen as events_seen
from handlers.events import words as events_words
from handlers.events.seen import Events
from handlers.identity import living
from handlers.month_figures import seen as month_figures
from handlers.month_figures.seen import MonthFigures
from handlers.sharing.words import wish_of as sharing_wish
from handlers.state import State
from handlers.stations import seen as stations_seen
from handlers.stations import words as stations_words
from handlers.stations.seen import Stations
from handlers.unit_tasks import seen as tasks_seen
from handlers.unit_tasks import words as tasks_words
from handlers.unit_tasks.seen import Tasks
from outreach.reach import ALL, Lines
from outreach.sharing import unheard
from records import checklists, rights, seen, sharing
from records.database import Session
from records.messages import Option
from records.people import Profile
from records.rights import Right
from records.sharing import Sharing
from records.staff_accounts import Staff
from records.vault import Vault

_OURS = frozenset({"courses", "welcome"})  # flows in which a bare number may be about a course


@dataclass(frozen=True, slots=True)
class Agenda:
    """Courses, events, tasks and stations as the writer may see them."""

    courses: Courses = courses_seen.NONE
    events: Events = events_seen.NONE
    tasks: Tasks = tasks_seen.NONE
    stations: Stations = stations_seen.NONE
    ticked: frozenset[str] = frozenset()  # steps of their checklist
    cases: Cases = cases_seen.NONE
    figures: MonthFigures = month_figures.NONE
    sharings: tuple[Sharing, ...] = ()  # of theirs, where the talk is about it
    unheard: frozenset[int] = frozenset()  # those whose question has not reached them


NONE = Agenda()


@dataclass(frozen=True, slots=True)
class Asking:
    """Who writes what: `texts` with the values of the options that they may pick by number."""

    texts: tuple[str, ...]
    state: State
    staff: Staff | None
    profiles: tuple[Profile, ...]
    home: str
    lines: Lines = ALL
    account: str = ""


def asking(
    texts: Sequence[str],
    offered: Sequence[Option],
    state: State,
    *,
    staff: Staff | None,
    profiles: Sequence[Profile],
    home: str,
    lines: Lines = ALL,
    account: str = "",
) -> Asking:
    """What decides on what is read."""
    # A number is read as what it picks before the flows see it.
    values = (option.value for option in offered)
    return Asking(
        (*texts, *values),
        state,
        staff,
        tuple(profiles),
        _home(state, profiles, home),
        lines,
        account,
    )


def of_talk(session: Session, vault: Vault, who: Asking, now: datetime) -> Agenda:
    """What these messages speak of; for most nothing is read."""
    if who.profiles and any(map(sharing_wish, who.texts)):
        ids = [one.id for one in living(who.profiles)]
        found = tuple(sharing.of_people(session, ids, now))
        return Agenda(sharings=found, unheard=unheard(session, found))
    told = cases_seen.of_talk(
        session,
        vault,
        who.texts,
        who.state,
        staff=who.staff,
        profiles=living(who.profiles),
        home=who.home,
        now=now,
    )
    beside = _beside_cases(session, vault, who, now)
    return beside if told is None else replace(beside, cases=told)


def _beside_cases(session: Session, vault: Vault, who: Asking, now: datetime) -> Agenda:
    texts = who.texts
    staff = who.staff
    if staff and rights.may(staff, Right.COURSES) and any(map(desk_wish_of, texts)):
        return Agenda(courses_seen.of_staff(session, vault, staff, texts, now))
    if (
        staff
        and rights.may(staff, Right.EVENTS)
        and any(events_words.desk_wish_of(t, now) for t in texts)
    ):
        mine = events_seen.of_staff(session, vault, staff, texts, now=now, lines=who.lines)
        return Agenda(events=mine)
    if staff and month_figures.may_ask(staff):
        figures = month_figures.of_staff(session, vault, staff, texts, now)
        if figures is not None:
            return Agenda(figures=figures)
    tasks = [wish for text in texts if (wish := tasks_words.wish_of(text))]
    if staff and rights.may(staff, Right.TASKS) and tasks:
        return Agenda(tasks=tasks_seen.of_staff(session, vault, staff, tasks[0], now))
    duties = [duty for text in texts if (duty := stations_words.wish_of(text))]
    if staff and rights.may(staff, Right.DUTY) and duties:
        return Agenda(stations=stations_seen.of_head(session, vault, staff, duties[0], now))
    if (
        staff
        and rights.may(staff, Right.PROJECTS)
        and any(map(stations_words.lead_wish_of, texts))
    ):
        return Agenda(stations=stations_seen.of_county(session, vault, staff))
    if who.profiles and (who.state.flow == "checklist" or any(map(checklist_wish, texts))):
        return Agenda(ticked=_ticked(session, who))
    if any(map(stations_words.wants_channels, texts)):
        return Agenda(stations=stations_seen.of_channels(session, who.home, now))
    near = [found for text in texts if (found := stations_words.near_of(text))]
    if near:
        people = living(who.profiles)
        return Agenda(stations=stations_seen.of_person(session, people, who.home, near[0]))
    if who.profiles and any(map(events_words.is_about, texts)):
        invited = _invited(session, who, now)
        if invited.mine or any(map(events_words.wish_of, texts)):
            return Agenda(_courses(session, who, now), invited)  # «不去了» may be of either
    if any(wish_of(text) for text in texts) or _may_pick(who):
        return Agenda(courses_seen.of_person(session, living(who.profiles), who.home, now))
    if who.profiles and any(map(hearing.numbers, texts)):
        return _numbered(session, vault, who, now)
    return NONE


def _courses(session: Session, who: Asking, now: datetime) -> Courses:
    if not any(map(wish_of, who.texts)):
        return courses_seen.NONE
    return courses_seen.of_person(session, living(who.profiles), who.home, now)


def _invited(session: Session, who: Asking, now: datetime) -> Events:
    last = who.state.memory.get("at")
    return events_seen.of_person(
        session, living(who.profiles), now, datetime.fromisoformat(last) if last else None
    )


def _numbered(session: Session, vault: Vault, who: Asking, now: datetime) -> Agenda:
    """A mere number of somebody who has an invitation: with the options they saw last."""
    invited = _invited(session, who, now)
    if not invited.reached:
        return NONE
    offer = seen.numbered(session, vault, who.account)
    return Agenda(events=replace(invited, numbered=offer))


def _ticked(session: Session, who: Asking) -> frozenset[str]:
    known = living(who.profiles)
    return checklists.done(session, known[0].id) if known else frozenset()


def _may_pick(who: Asking) -> bool:
    """Whether a bare number may choose from a list of ours."""
    is_ours = who.state.flow in _OURS or len(who.texts) > 1
    return is_ours and (who.state.flow == "courses" or any(map(hearing.numbers, who.texts)))


def _home(state: State, profiles: Sequence[Profile], known: str) -> str:
    homes = {profile.area for profile in profiles if profile.area}
    own = next(iter(homes)) if len(homes) == 1 else ""
    return str(state.memory.get("area", "")) or own or known
