"""Courses: what there is, made, changed and called off; who has a seat, waits, came, works."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Any, TypeVar

from aiohttp import web
from pydantic import Field, model_validator
from sqlalchemy import select

from console.desk import Desk, NotHere, Refused
from console.forms import Filled, Form, blank, filled, wrong
from console.look import masked_name, masked_phone
from console.page import Page
from handlers.courses import pages as words
from handlers.courses.seen import ROSTERED
from outreach.courses import attending, booking
from outreach.courses.attending import Phase, Rate
from outreach.courses.booking import CourseRefused, today_of
from records import audit, courses, people, rights, scope
from records.courses import Booked, Course, Level, NewCourse, Outcome, Seat, Topic
from records.database import Session
from records.people import Person
from records.rights import Right
from records.staff_accounts import Staff
from records.vault import Vault
from registry import naming, villages
from registry.naming import NoSuchPlace

T = TypeVar("T")
_TOPICS = [(topic.value, words.topic_word(topic)) for topic in Topic]
_LEVELS = [(level.value, words.level_word(level)) for level in Level]
SEATS = {
    Seat.SIGNED: "报了名",
    Seat.WAITING: "候补",
    Seat.OFFERED: "有空位，等他答复",
    Seat.GONE: "退了",
    Seat.LAPSED: "没答复，轮过了",
    Seat.CAME: "来了",
    Seat.ABSENT: "没来",
}
_QUEUED = (Seat.WAITING, Seat.OFFERED)
OUTCOMES = {Outcome.FOUNDED: "自己开了", Outcome.EMPLOYED: "上班了", Outcome.NEITHER: "都没有"}
_PAST = timedelta(days=120)
_SHOWN = 100  # of the roster on one page, and of the queue
_PEOPLE = Person.__table__  # type: ignore[attr-defined]


class _Told(Form):
    """A course as it is typed."""

    title: Annotated[str, Field(max_length=60)]
    topic: Topic
    level: Level
    area: Annotated[str, Field(max_length=40)]
    starts_on: date
    ends_on: date
    hours: Annotated[str, Field(max_length=20)] = ""
    seats: Annotated[int, Field(ge=1, le=2000)]
    place: Annotated[str, Field(max_length=80)] = ""
    staff: Annotated[str, Field(max_length=40)] = ""
    programme: str = ""

    @model_validator(mode="after")
    def _in_order(self) -> _Told:
        if self.ends_on < self.starts_on:
            raise ValueError("结束的日子不能早于开始的日子")
        return self


@dataclass(frozen=True, slots=True)
class Row:
    """Somebody in a course, as this reader may know them; `person` "" where not in reach."""

    booked: Booked
    person: str
    name: str
    phone: str


@dataclass(frozen=True, slots=True)
class Seen:
    """A course with who has a seat, and who waits for one."""

    course: Course
    rows: tuple[Row, ...]
    queue: tuple[Row, ...]
    may_change: bool
    first: int  # how many of the roster stand on the pages before
    has_more: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """The courses of an area with what people want to learn, and what came of this year's."""

    courses: tuple[Course, ...]
    demand: dict[str, tuple[int, int]]
    rate: Rate


async def listed(desk: Desk) -> web.StreamResponse:
    """What there is."""
    is_all = desk.query.get("all") == "yes"
    found = await desk.read(_listed, desk.staff, is_all, desk.now)
    named = await desk.named(*(one.told.area for one in found.courses))
    return desk.render(
        "courses/list.html",
        found=found,
        is_all=is_all,
        named=named,
        topic_word=words.topic_word,
        topics=dict(_TOPICS),
        today=today_of(desk.now),
        may_make=desk.may(Right.IMPORT),
    )


def _listed(session: Session, staff: Staff, is_all: bool, now: datetime) -> Listed:
    area, today = _county(session, staff), today_of(now)
    since = date(today.year - 3, 1, 1) if is_all else today - _PAST
    year = (date(today.year, 1, 1), date(today.year, 12, 31))
    return Listed(
        tuple(courses.of_staff(session, area, since)),
        courses.demand(session, area),
        attending.rate(session, area, *year),
    )


def _county(session: Session, staff: Staff) -> str:
    """The area whose courses they know: of a town's staff, their county."""
    return villages.county_of(session, staff.area) if scope.is_local(staff.area) else staff.area


async def one(desk: Desk) -> web.StreamResponse:
    """One course with its people."""
    seen = await _seen(desk)
    await desk.note("course.roster_read", f"course:{seen.course.number}")
    named = await desk.named(seen.course.told.area)
    return desk.render(
        "courses/course.html",
        seen=seen,
        course=seen.course,
        told=seen.course.told,
        named=named,
        seats=SEATS,
        shown=_SHOWN,
        outcomes=OUTCOMES,
        topic=words.topic_word(seen.course.told.topic),
        level=words.level_word(seen.course.told.level),
        phases=attending.due_dates(seen.course),
        phase_word=attending.phase_word,
        has_begun=today_of(desk.now) >= seen.course.told.starts_on,
    )


async def _seen(desk: Desk) -> Seen:
    number, first = desk.number("number"), _first(desk)
    seen = await desk.read(_look, desk.means.vault, desk.staff, number, first, desk.now)
    if seen is None:
        raise NotHere
    return seen


def _first(desk: Desk) -> int:
    """After how many of the roster the page begins."""
    text = desk.form.get("first") or desk.query.get("first", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def _look(
    session: Session, vault: Vault, staff: Staff, number: int, first: int, now: datetime
) -> Seen | None:
    course, area = courses.find(session, number), _county(session, staff)
    if course is None or not scope.is_within(course.told.area, area):
        return None
    booked = courses.of_course(session, number)
    held = [one for one in booked if one.seat in ROSTERED]
    if scope.is_local(staff.area):  # a town's list is of its own people alone
        near = _near(session, staff, [one.person_id for one in held], now)
        held = [one for one in held if one.person_id in near]
    page = held[first : first + _SHOWN]
    queue = [one for one in booked if one.seat in _QUEUED][:_SHOWN]
    rows = _rows(session, vault, staff, [*page, *queue], now)
    may_change = rights.may(staff, Right.IMPORT) and scope.is_within(course.told.area, staff.area)
    has_more = len(held) > first + _SHOWN
    return Seen(course, rows[: len(page)], rows[len(page) :], may_change, first, has_more)


def _rows(
    session: Session, vault: Vault, staff: Staff, booked: list[Booked], now: datetime
) -> tuple[Row, ...]:
    near = _near(session, staff, [one.person_id for one in booked], now)
    known = people.by_ids(session, vault, sorted(near))

    def row(one: Booked) -> Row:
        if one.person_id not in known:
            return Row(one, "", "", "")
        profile = known[one.person_id]
        return Row(one, profile.id, masked_name(profile.nickname), masked_phone(profile.phone))

    return tuple(map(row, booked))


def _near(session: Session, staff: Staff, ids: list[str], now: datetime) -> set[str]:
    """Those of these whom this reader may know."""
    query = select(_PEOPLE.c.id).where(_PEOPLE.c.id.in_(ids), rights.reach(session, staff, now))
    return set(session.execute(query).scalars())


async def new(desk: Desk) -> web.StreamResponse:
    """An empty form."""
    return await _form(desk, blank(), None)


async def _form(
    desk: Desk, f: Filled[Any], course: Course | None, status: int = 200
) -> web.StreamResponse:
    named = await desk.named(course.told.area if course else desk.staff.area)
    return desk.render(
        "courses/form.html",
        status,
        f=f,
        course=course,
        told=course.told if course else None,
        area=named(course.told.area if course else desk.staff.area),
        topics=_TOPICS,
        levels=_LEVELS,
    )


async def make(desk: Desk) -> web.StreamResponse:
    """A course that is new."""
    told = await _told(desk, None)
    if isinstance(told, web.StreamResponse):
        return told
    number = await desk.write(_make, desk.means.vault, told, desk.staff.name, desk.now)
    return desk.go(f"/courses/{number}", "开好了，想学这个的人会收到消息。")


def _make(session: Session, vault: Vault, told: NewCourse, by: str, now: datetime) -> int:
    number = courses.add(session, told, now)
    attending.settle(session, vault, number, now)
    _note(session, "course.added", number, by, now)
    return number


async def edit(desk: Desk) -> web.StreamResponse:
    """The form as the course is."""
    return await _form(desk, blank(), (await _mine(desk)).course)


async def change(desk: Desk) -> web.StreamResponse:
    """The course is told of anew."""
    course = (await _mine(desk)).course
    told = await _told(desk, course)
    if isinstance(told, web.StreamResponse):
        return told
    if course.is_off:
        raise Refused("这个班已经取消了，不能再改。")
    by, vault = desk.staff.name, desk.means.vault
    heard = await desk.write(_change, vault, course.number, told, by, desk.now)
    said = f"，会告诉报了名和候补的{heard}个人" if heard else ""
    return desk.go(f"/courses/{course.number}", f"改好了{said}。")


def _change(
    session: Session, vault: Vault, number: int, told: NewCourse, by: str, now: datetime
) -> int:
    courses.change(session, number, told)
    _note(session, "course.changed", number, by, now)
    return attending.settle(session, vault, number, now)


async def _told(desk: Desk, course: Course | None) -> NewCourse | web.StreamResponse:
    """What was typed; the form again where it cannot be so."""
    f = filled(_Told, desk.form)
    if f.value is None:
        return await _form(desk, f, course, 422)
    told = f.value
    try:
        area = await desk.read(_place, told.area, await desk.gazetteer())
    except NoSuchPlace:
        return await _form(desk, wrong(f.typed, area="没有这个县，请写县名"), course, 422)
    if scope.is_local(area) or not area or not scope.is_within(area, desk.staff.area):
        return await _form(desk, wrong(f.typed, area="请写您负责的县"), course, 422)
    return NewCourse(
        title=told.title,
        topic=told.topic,
        level=told.level,
        area=area,
        starts_on=told.starts_on,
        ends_on=told.ends_on,
        seats=told.seats,
        place=told.place,
        hours=told.hours,
        staff=told.staff or desk.staff.name,
        is_programme=bool(told.programme),
        external_id=course.told.external_id if course else "",
    )


def _place(session: Session, text: str, gazetteer: Any) -> str:
    return naming.code_of(text, gazetteer, villages.known(session))


async def cancel(desk: Desk) -> web.StreamResponse:
    """It does not take place."""
    number = (await _mine(desk)).course.number
    told = await _do(desk, _cancel, number)
    return desk.go(f"/courses/{number}", f"取消了，会告诉报了名和候补的{told}个人。")


async def attendance(desk: Desk) -> web.StreamResponse:
    """Who came; who is listed and not ticked did not."""
    seen = await _seen(desk)
    if today_of(desk.now) < seen.course.told.starts_on:
        raise Refused("还没开班，开班那天起才能签到。")
    ids = [row.person for row in seen.rows if row.person]
    came = [one for one in desk.lists.get("came", ()) if one in ids]
    absent = [one for one in ids if one not in came]
    await _do(desk, _mark, seen.course, came, absent)
    return _back(desk, seen, f"这一页记下了：来了{len(came)}人，没来{len(absent)}人。")


async def outcome(desk: Desk) -> web.StreamResponse:
    """What came of it for somebody, as they told staff."""
    seen = await _seen(desk)
    person = _of(seen, desk.form.get("person", ""))
    try:
        what = Outcome(desk.form.get("outcome", ""))
    except ValueError as fault:
        raise Refused("请选一个结果。") from fault
    await _do(desk, _outcome, seen.course.number, person, what)
    return _back(desk, seen, f"记下了：{OUTCOMES[what]}。")


async def leave(desk: Desk) -> web.StreamResponse:
    """Somebody does not come; whoever waits is next."""
    seen = await _seen(desk)
    person = _of(seen, desk.form.get("person", ""))
    await _do(desk, _leave, seen.course.number, person)
    return _back(desk, seen, "退了，空出来的名额给下一位候补。")


def _back(desk: Desk, seen: Seen, said: str) -> web.StreamResponse:
    """To the same page of the roster."""
    page = f"?first={seen.first}" if seen.first else ""
    return desk.go(f"/courses/{seen.course.number}{page}", said)


async def phase(desk: Desk) -> web.StreamResponse:
    """A phase of a programme is done."""
    seen = await _mine(desk)
    try:
        done = Phase(desk.form.get("phase", ""))
    except ValueError as fault:
        raise Refused("没有这个阶段。") from fault
    if done not in attending.due_dates(seen.course):
        raise Refused("这个班不分阶段。")
    await _do(desk, _finish, seen.course, done)
    return desk.go(f"/courses/{seen.course.number}", "这个阶段办完了，不再提醒。")


async def _mine(desk: Desk) -> Seen:
    """A course that they may change."""
    seen = await _seen(desk)
    if not seen.may_change:
        raise NotHere
    return seen


def _of(seen: Seen, person: str) -> str:
    if not person or person not in {row.person for row in (*seen.rows, *seen.queue)}:
        raise NotHere
    return person


async def _do(desk: Desk, work: Callable[..., T], *args: object) -> T:
    try:
        return await desk.write(work, desk, *args)
    except CourseRefused as refusal:
        raise Refused("这个班已经变了，刷新页面看看。") from refusal


def _cancel(session: Session, desk: Desk, number: int) -> int:
    _note(session, "course.off", number, desk.staff.name, desk.now)
    return booking.cancel(session, desk.means.vault, number, desk.now)


def _mark(
    session: Session, desk: Desk, course: Course, came: list[str], absent: list[str]
) -> None:
    by, now = desk.staff.name, desk.now
    attending.mark(session, desk.means.vault, course, came=came, absent=absent, by=by, now=now)


def _outcome(session: Session, desk: Desk, number: int, person: str, what: Outcome) -> None:
    courses.tell_outcome(session, number, person, what, desk.now)
    _note(session, "course.outcome", number, desk.staff.name, desk.now)


def _leave(session: Session, desk: Desk, number: int, person: str) -> None:
    booking.call_off(session, desk.means.vault, number, person, desk.now)
    _note(session, "course.left", number, desk.staff.name, desk.now)


def _finish(session: Session, desk: Desk, course: Course, done: Phase) -> None:
    attending.finish(session, course, done, by=desk.staff.name, now=desk.now)


def _note(session: Session, act: str, number: int, by: str, now: datetime) -> None:
    audit.write(session, act, at=now, actor=audit.actor_of(by), subject=f"course:{number}")


PAGES = (
    Page("GET", "/courses", listed, Right.COURSES, menu="courses"),
    Page("GET", "/courses/new", new, Right.IMPORT),
    Page("POST", "/courses/new", make, Right.IMPORT),
    Page("GET", "/courses/{number}", one, Right.COURSES),
    Page("GET", "/courses/{number}/edit", edit, Right.IMPORT),
    Page("POST", "/courses/{number}/edit", change, Right.IMPORT),
    Page("POST", "/courses/{number}/cancel", cancel, Right.IMPORT),
    Page("POST", "/courses/{number}/attendance", attendance, Right.COURSES),
    Page("POST", "/courses/{number}/outcome", outcome, Right.COURSES),
    Page("POST", "/courses/{number}/leave", leave, Right.COURSES),
    Page("POST", "/courses/{number}/phase", phase, Right.IMPORT),
)
