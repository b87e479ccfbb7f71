"""Lists of courses: what `guiyan import courses` takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache

from records import courses
from records.courses import Level, NewCourse, Topic
from records.database import Session
from registry import days
from registry.cells_of_row import Row
from registry.column_files import ColumnFile, read
from registry.homes import Homes, NoHome, Written
from registry.lists import Kind, Origin, Outcome, Refused, Stored, Terms
from registry.tables import Line
from registry.words import Words

TITLE, PLACE, HOURS, STAFF = 20, 30, 10, 40  # characters
MOST_SEATS = 2_000
_ID = 64
_FAR = 366  # days that a course lasts at most


@cache
def file() -> ColumnFile:
    """The columns of the list."""
    return read("courses.toml")


@cache
def topic_words() -> Mapping[str, Topic]:
    """What people and offices call the topics."""
    return {word: Topic(code) for word, code in file().words["topic"].items()}


class CoursesReader:
    """Reads rows; what words and places mean is remembered from row to row."""

    def __init__(self, terms: Terms) -> None:
        self._homes = Homes(terms.places, terms.area)
        self._words = {
            key: Words(known, terms.wording.values.get(key, {}))
            for key, known in file().words.items()
        }

    def __call__(self, line: Line) -> NewCourse | Refused:
        row = Row(line, file())
        if line.fault:
            row.refuse("", line.fault)
            return Refused(tuple(row.faults))
        starts_on, ends_on = self._days(row)
        told = NewCourse(
            title=row.short("title", TITLE),
            topic=Topic(self._word(row, "topic") or self._guessed(row)),
            level=Level(self._word(row, "level") or Level.NOTHING),
            area=self._area(row),
            starts_on=starts_on,
            ends_on=ends_on,
            seats=_seats(row),
            place=row.short("place", PLACE),
            hours=row.short("hours", HOURS),
            staff=row.short("staff", STAFF),
            is_programme=self._word(row, "programme") == "yes",
            external_id=row.short("external_id", _ID),
        )
        if not told.title and not any(f.heading == "名称" for f in row.faults):
            row.refuse("title", "没写是什么班", "电商直播入门")
        return Refused(tuple(row.faults)) if row.faults else told

    def _word(self, row: Row, key: str) -> str:
        said = row.text(key)
        code = self._words[key].code(said) if said else ""
        if code is None:
            row.refuse(key, f"“{said[:20]}”不认识，可以写：{file().examples[key]}")
        return code or ""

    def _guessed(self, row: Row) -> str:
        """What the title itself says of the topic."""
        title = row.text("title")
        named = (w for w in sorted(topic_words(), key=len, reverse=True) if w in title)
        return topic_words().get(next(named, ""), Topic.OTHER)

    def _area(self, row: Row) -> str:
        home = self._homes.read(Written(county=row.text("county")))
        if isinstance(home, NoHome):
            row.refuse("county", home.sentence, home.example)
            return ""
        return home.area

    def _days(self, row: Row) -> tuple[date, date]:
        first, last = _day(row, "starts_on"), _day(row, "ends_on")
        if first is None:
            row.refuse("starts_on", "没写哪天开课，或者看不出是哪天", "2026年12月1日")
            return date.min, date.min
        last = last or first
        if not 0 <= (last - first).days <= _FAR:
            row.refuse("ends_on", "结课要在开课以后、一年以内", "2026年12月5日")
        return first, last


def _day(row: Row, key: str) -> date | None:
    if not row.text(key):
        return None
    found = days.exact(row.line.cell(key))
    if found is None:
        row.refuse(key, f"“{row.text(key)[:20]}”看不出是哪天", "2026年12月1日")
    return found


def _seats(row: Row) -> int:
    said = row.text("seats").removesuffix("人").removesuffix("名").strip()
    if not said.isdecimal() or not 0 < int(said[:9]) <= MOST_SEATS:
        row.refuse("seats", f"要写收多少人，1到{MOST_SEATS}", "30")
        return 0
    return int(said)


def store_all(session: Session, found: Sequence[NewCourse], origin: Origin) -> list[Stored]:
    """Store courses in order; one that is known is brought up to date."""
    return [_stored(session, told, origin) for told in found]


def _stored(session: Session, told: NewCourse, origin: Origin) -> Stored:
    by_id = courses.by_external_ids(session, [told.external_id]).get(told.external_id)
    known = by_id or courses.alike(session, told)
    if known is None:
        return Stored(Outcome.NEW, str(courses.add(session, told, origin.at)))
    if known.told == told:
        return Stored(Outcome.SAME, str(known.number))
    if told.seats < known.taken:
        remark = f"已经报了{known.taken}人，名额少于这个数，超出的不会取消"
        courses.change(session, known.number, told)
        return Stored(Outcome.MERGED, str(known.number), (remark,))
    courses.change(session, known.number, told)
    return Stored(Outcome.MERGED, str(known.number))


COURSES = Kind(
    name="courses",
    columns=file().columns,
    reader=CoursesReader,
    store=store_all,
    words=file().words,
)
