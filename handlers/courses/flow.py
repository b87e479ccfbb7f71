"""培训 and 报名: what there is, a seat or a place in the queue, calling off, what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from handlers import commands, frames, services
from handlers.choices import Choice, by_number, by_word
from handlers.commands import Command
from handlers.courses import pages
from handlers.courses.effects import CourseEffect, Join, Leave, TellOutcome, WishCourse
from handlers.courses.words import Came, Learn, Listing, Move, Step, Wish, wish_of
from handlers.dialogue import Reply, Scene, State, Turn
from handlers.identity import by, chosen, listed, living
from handlers.policy_answer import home_of
from handlers.prompts import ask
from handlers.texts import say
from records.courses import ACTIVE, Booked, Course, Seat
from records.messages import Inbound
from records.people import Profile

LIST, ONE, WHO, WHICH = "course_list", "course", "course_who", "course_which"
FLOW = "courses"
_PAGE = 3  # courses at once: with the next page and the papers five options
_MORE, _PAPERS, _JOIN, _OTHERS = "more", "papers", "join", "others"


class TakingCourses:
    """培训, 报名 课3, 不去了, 我的报名, 想学电商; the answers to what we asked about a course."""

    name = FLOW

    def takes(self, message: Inbound, state: State, scene: Scene) -> bool:
        if message.is_group:
            return False
        wish = wish_of(message.text)
        if isinstance(wish, Came) or (isinstance(wish, Move) and wish.number):
            return True
        if frames.is_asking(state):
            return False
        if wish is not None:
            return _is_for_us(wish, scene)
        return state.flow == FLOW and _is_reply(message.text, state, scene)

    def advance(self, message: Inbound, state: State, scene: Scene) -> Turn:
        wish = wish_of(message.text)
        match wish:
            case Listing.OPEN:
                return _open(frames.leave(state), scene, 0)
            case Listing.MINE:
                return _mine(frames.leave(state), scene)
            case Move():
                return _moved(wish, frames.leave(state), scene)
            case Came():
                return _came(wish, frames.leave(state), scene)
            case Learn():
                return _learn(wish, frames.leave(state), scene)
            case _:
                return _replied(message.text, state, scene)


def _is_for_us(wish: Wish, scene: Scene) -> bool:
    """Whether there is anything to say; else what the papers say of training is told."""
    courses = scene.agenda.courses
    if wish is Listing.OPEN:
        return bool(courses.open)
    if isinstance(wish, Move):
        return bool(courses.active())
    return bool(living(scene.profiles))


def _is_reply(text: str, state: State, scene: Scene) -> bool:
    choices = _choices(state, scene)
    if commands.of(text) is Command.BACK:
        return True
    return bool(by_number(text, choices).codes or by_word(text, choices))


def _choices(state: State, scene: Scene) -> tuple[Choice, ...]:
    """What the question that is open may be answered with."""
    match state.step:
        case "course_list":
            return _list_choices(scene, int(state.data.get("page", 0)))
        case "course":
            return _one_choices()
        case "course_who":
            return listed(living(scene.profiles))
        case _:
            return tuple(_booked_choice(one, scene) for one in scene.agenda.courses.active())


def _one_choices() -> tuple[Choice, ...]:
    return (Choice(_JOIN, say("course.join")), Choice(_OTHERS, say("course.others")))


def _list_choices(scene: Scene, page: int) -> tuple[Choice, ...]:
    found = scene.agenda.courses.open
    shown = found[page * _PAGE : (page + 1) * _PAGE]
    choices = [Choice(str(course.number), pages.label(course)) for course in shown]
    if len(found) > (page + 1) * _PAGE:
        choices.append(Choice(_MORE, say("course.more_option")))
    return (*choices, Choice(_PAPERS, say("course.papers")))


def _booked_choice(one: Booked, scene: Scene) -> Choice:
    course = scene.agenda.courses.known[one.course]
    profile = by(scene.profiles, one.person_id)
    several = len({each.person_id for each in scene.agenda.courses.active()}) > 1
    who = f"{profile.nickname} " if several and profile is not None else ""
    return Choice(f"{one.course} {one.person_id}", f"{who}{course.told.title}")


def _open(state: State, scene: Scene, page: int) -> Turn:
    courses = scene.agenda.courses
    if not courses.open:
        return services.shown(Command.TRAINING, state, scene)
    area = scene.places.area(home_of(state, scene))
    text = say("course.open", area=area.short if area else "")
    reply = ask(text, _list_choices(scene, page), key=LIST, page=page, kind="reply")
    return Turn((reply,), frames.enter(state, FLOW, LIST, page=page))


def _shown(course: Course, state: State) -> Turn:
    reply = ask(pages.detail(course), _one_choices(), key=ONE, kind="reply")
    return Turn((reply,), frames.enter(state, FLOW, ONE, course=course.number))


def _replied(text: str, state: State, scene: Scene) -> Turn:
    left = frames.leave(state)
    choices = _choices(state, scene)
    codes = by_number(text, choices).codes or by_word(text, choices)
    if not codes:
        return Turn((Reply(say("course.closed")),), left)
    code = codes[0]
    if state.step == WHO:
        person = chosen(text, living(scene.profiles))
        course = scene.agenda.courses.numbered(int(state.data["course"]))
        return _joined(course, person, left, scene.now) if person and course else _gone(left)
    if state.step == WHICH:
        named, _, person_id = code.partition(" ")
        return _left(int(named), person_id, left, scene)
    if code == _MORE:
        return _open(left, scene, int(state.data.get("page", 0)) + 1)
    if code == _PAPERS:
        return services.shown(Command.TRAINING, left, scene)
    if code == _OTHERS:
        return _open(left, scene, 0)
    number = int(state.data["course"]) if code == _JOIN else int(code)
    course = scene.agenda.courses.numbered(number)
    if course is None:
        return _gone(left)
    return _wanted(course, left, scene) if code == _JOIN else _shown(course, left)


def _moved(wish: Move, state: State, scene: Scene) -> Turn:
    courses = scene.agenda.courses
    if not wish.number:
        return _leaving(courses.active(), state, scene)
    course = courses.numbered(wish.number)
    mine = [one for one in courses.booked if one.course == wish.number]
    if wish.step in (Step.REFUSE, Step.LEAVE):
        held = next((one for one in mine if one.seat.value in ACTIVE), None)
        if held is None:
            return _refused(course, state, scene)
        return _left(held.course, held.person_id, state, scene)
    if course is None and not living(scene.profiles):
        return _register(wish.number, state)
    if course is None:
        return _gone(state)
    offered = next((one for one in mine if one.seat is Seat.OFFERED), None)
    person = by(living(scene.profiles), offered.person_id) if offered else None
    if offered is not None and person is not None:
        return _taken(course, offered, person, state, scene)
    return _wanted(course, state, scene)


def _refused(course: Course | None, state: State, scene: Scene) -> Turn:
    """They were told of a course and do not want it."""
    people = living(scene.profiles)
    effects = (Leave(course.number, people[0].id),) if course and people else ()
    return Turn((Reply(say("course.not_now"), kind="notice"),), state, effects)


def _wanted(course: Course, state: State, scene: Scene) -> Turn:
    people = living(scene.profiles)
    if not people:
        return _register(course.number, state)
    if len(people) == 1:
        return _joined_or_known(course, people[0], state, scene)
    reply = ask(say("course.who"), listed(people), key=WHO, kind="reply")
    return Turn((reply,), frames.enter(state, FLOW, WHO, course=course.number))


def _register(number: int, state: State) -> Turn:
    return Turn((Reply(say("course.register", number=number)),), state)


def _joined_or_known(course: Course, person: Profile, state: State, scene: Scene) -> Turn:
    held = [
        one
        for one in scene.agenda.courses.booked
        if (one.course, one.person_id) == (course.number, person.id) and one.seat.value in ACTIVE
    ]
    if held:
        return Turn((Reply(pages.standing(held[0], course)),), state)
    return _joined(course, person, state, scene.now)


def _joined(course: Course, person: Profile, state: State, now: datetime) -> Turn:
    told = course.told
    if course.free:
        text = pages.joined(course, now)
        effect = Join(course.number, person.id, Seat.SIGNED)
    else:
        text = say("course.queued", title=told.title, n=course.waiting + 1)
        effect = Join(course.number, person.id, Seat.WAITING)
    return Turn((Reply(text, kind="notice"),), state, (effect,))


def _taken(course: Course, offered: Booked, person: Profile, state: State, scene: Scene) -> Turn:
    """The seat that came free; where they were too slow, the queue again."""
    if offered.offered_until is None or offered.offered_until <= scene.now:
        return Turn((Reply(say("course.too_late")),), state)
    text = pages.joined(course, scene.now)
    effect = Join(course.number, person.id, Seat.SIGNED, is_offer=True)
    return Turn((Reply(text, kind="notice"),), state, (effect,))


def _leaving(active: Sequence[Booked], state: State, scene: Scene) -> Turn:
    if len(active) == 1:
        return _left(active[0].course, active[0].person_id, state, scene)
    choices = tuple(_booked_choice(one, scene) for one in active)
    reply = ask(say("course.which"), choices, key=WHICH, kind="reply")
    return Turn((reply,), frames.enter(state, FLOW, WHICH))


def _left(number: int, person_id: str, state: State, scene: Scene) -> Turn:
    course = scene.agenda.courses.known.get(number)
    if course is None:
        return _gone(state)
    text = say("course.left", title=course.told.title, day=pages.day_word(course))
    return Turn((Reply(text, kind="notice"),), state, (Leave(number, person_id),))


def _mine(state: State, scene: Scene) -> Turn:
    courses = scene.agenda.courses
    lines = [pages.standing(one, courses.known[one.course]) for one in courses.booked]
    text = "\n".join(lines[-3:]) if lines else say("course.none_of_mine")
    return Turn((Reply(text, kind="notice"),), state)


def _learn(wish: Learn, state: State, scene: Scene) -> Turn:
    word = pages.topic_word(wish.topic)
    effects: list[CourseEffect] = [
        WishCourse(person.id, wish.topic, person.area or home_of(state, scene))
        for person in living(scene.profiles)[:1]
    ]
    fitting = [c for c in scene.agenda.courses.open if c.told.topic is wish.topic]
    if fitting:
        turn = _shown(fitting[0], state)
        return Turn(turn.replies, turn.state, tuple(effects))
    reply = Reply(say("course.wish_kept", topic=word), kind="notice")
    return Turn((reply,), state, tuple(effects))


def _came(wish: Came, state: State, scene: Scene) -> Turn:
    mine = [
        one
        for one in scene.agenda.courses.booked
        if one.course == wish.number and one.seat is Seat.CAME
    ]
    if not mine:
        return _gone(state)
    effects = (TellOutcome(wish.number, mine[0].person_id, wish.outcome),)
    return Turn((Reply(say("course.thanks"), kind="notice"),), state, effects)


def _gone(state: State) -> Turn:
    return Turn((Reply(say("course.gone")),), state)
