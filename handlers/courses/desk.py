"""Courses for staff in one line: the list, who takes part, who came, a phase that is done."""

from __future__ import annotations

from handlers import frames
from handlers.courses import pages
from handlers.courses.effects import FinishPhase, MarkAttendance, ReadRoster
from handlers.courses.seen import Member
from handlers.courses.words import Attendance, DeskWish, Finish, Roster, desk_wish_of
from handlers.dialogue import Reply, Scene, State, Turn
from handlers.human_help import TYPED
from handlers.texts import say
from outreach.courses.attending import due_dates, phase_word
from outreach.courses.booking import spoken, today_of
from records import rights, scope
from records.courses import Course
from records.messages import Inbound
from records.rights import Right


class CourseDesk:
    """课程, 课程 3, 到课 3 缺 2、5, 做完 课3 孵化 of staff."""

    name = "course_desk"

    def takes(self, message: Inbound, state: State, scene: Scene) -> bool:
        staff = scene.counter.staff
        return (
            staff is not None and rights.may(staff, Right.COURSES) and _wish(message) is not None
        )

    def advance(self, message: Inbound, state: State, scene: Scene) -> Turn:
        wish, left = _wish(message), frames.leave(state)
        courses = scene.agenda.courses
        if not isinstance(wish, Roster | Attendance | Finish):
            return Turn((), left)
        if not wish.number:
            text = pages.listed(courses.listed) if courses.listed else say("course.no_list")
            return Turn((Reply(text, kind="staff"),), left)
        course = courses.known.get(wish.number)
        if course is None:
            return _said(say("course.not_yours", number=wish.number), left)
        members = courses.rosters.get(wish.number, ())
        return _about(wish, course, members, left, scene)


def _wish(message: Inbound) -> DeskWish | None:
    return desk_wish_of(message.extra.get(TYPED) or message.text)


def _about(
    wish: DeskWish, course: Course, members: tuple[Member, ...], state: State, scene: Scene
) -> Turn:
    staff = scene.counter.staff
    by = staff.name if staff else ""
    match wish:
        case Roster():
            text = pages.roster(course, members)
            return Turn((Reply(text, kind="staff"),), state, (ReadRoster(course.number, by),))
        case Attendance():
            return _marked(wish, course, members, state, scene, by)
        case Finish() if staff and scope.is_local(staff.area):  # the county runs it
            return _said(say("course.not_yours", number=course.number), state)
        case Finish():
            return _finished(wish, course, state, by)


def _marked(
    wish: Attendance,
    course: Course,
    members: tuple[Member, ...],
    state: State,
    scene: Scene,
    by: str,
) -> Turn:
    first = course.told.starts_on
    if today_of(scene.now) < first:
        return _said(say("course.too_early", number=course.number, day=spoken(first)), state)
    unknown = [place for place in wish.places if not 1 <= place <= len(members)]
    if unknown or not members:
        named = "、".join(map(str, unknown)) or "1"
        text = say("course.no_place_of", places=named, n=len(members), number=course.number)
        return _said(text, state)
    came = [m for m in members if (m.place in wish.places) is not wish.is_all_but]
    absent = [m for m in members if m not in came]
    effect = MarkAttendance(
        course,
        tuple(m.booked.person_id for m in came),
        tuple(m.booked.person_id for m in absent),
        by,
    )
    text = say("course.marked", number=course.number, came=len(came), absent=len(absent))
    return Turn((Reply(text, kind="notice"),), state, (effect,))


def _finished(wish: Finish, course: Course, state: State, by: str) -> Turn:
    if wish.phase not in due_dates(course):
        return _said(say("course.no_phases", number=course.number), state)
    text = say("course.phase_done", number=course.number, phase=phase_word(wish.phase))
    effect = FinishPhase(course, wish.phase, by)
    return Turn((Reply(text, kind="notice"),), state, (effect,))


def _said(text: str, state: State) -> Turn:
    return Turn((Reply(text, kind="notice"),), state)
