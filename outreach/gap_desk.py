"""What editors do with gaps, in the chat's words or on a page: read, close, join; with a trail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select

from knowledge.answer import Answerer
from knowledge.candidates import Candidate
from knowledge.quoting import one_line, parted, unmasked
from knowledge.shelf import Library
from records import audit, gaps, scope
from records.database import Session
from records.gaps import Closing, Gap, GapState, Wording

_TABLE = Gap.__table__  # type: ignore[attr-defined]
REASONS = {"unanswered": "没答上", "doubtful": "没把握", "useless": "说没用"}
STATES = {"open": "待办", "answered": "已答", "dismissed": "不办"}
_NEAREST = 5  # entries shown beside a gap


@dataclass(frozen=True, slots=True)
class Place:
    """Where a gap stands in the list: what is asked most first."""

    asked: int
    last_at: datetime
    number: int

    def __str__(self) -> str:
        return f"{self.asked}_{self.last_at.isoformat()}_{self.number}"

    @classmethod
    def read(cls, text: str) -> Place:
        """The place that an address names; ValueError for none."""
        asked, last_at, number = text.split("_")
        moment = datetime.fromisoformat(last_at)
        if moment.tzinfo is None:
            raise ValueError(text)
        return cls(int(asked), moment, int(number))


def page(
    session: Session, area: str, state: GapState, *, after: Place | None = None, limit: int = 30
) -> tuple[list[Gap], Place | None]:
    """Some gaps of an area, what is asked most first, and where the next page begins."""
    query = select(Gap).where(_TABLE.c.state == state.value, _of(area))
    if after is not None:
        same = _TABLE.c.asked == after.asked
        older = or_(
            _TABLE.c.last_at < after.last_at,
            and_(_TABLE.c.last_at == after.last_at, _TABLE.c.id > after.number),
        )
        query = query.where(or_(_TABLE.c.asked < after.asked, and_(same, older)))
    ordered = query.order_by(_TABLE.c.asked.desc(), _TABLE.c.last_at.desc(), _TABLE.c.id)
    rows = list(session.execute(ordered.limit(limit + 1)).scalars())
    last = rows[limit - 1] if len(rows) > limit else None
    return rows[:limit], Place(last.asked, last.last_at, last.id or 0) if last else None


def counts(session: Session, area: str) -> dict[GapState, int]:
    """How many gaps of an area stand where."""
    query = select(_TABLE.c.state, func.count()).where(_of(area)).group_by(_TABLE.c.state)
    found = {row[0]: int(row[1]) for row in session.execute(query)}
    return {state: found.get(state.value, 0) for state in GapState}


def is_of(gap: Gap, area: str) -> bool:
    """Whether a gap is an area's, or of those who did not say where they are at home."""
    return scope.is_within(gap.area, area)


def _of(area: str) -> ColumnElement[bool]:
    return scope.visible(area, _TABLE.c)


def with_wordings(session: Session, number: int) -> tuple[Gap, list[Wording]]:
    """A gap and how it was asked; NoSuchGap where there is none."""
    gap = gaps.get(session, number)
    return gap, gaps.wordings(session, [number])[number]


def close(session: Session, number: int, closing: Closing) -> None:
    """An open gap is answered or dismissed; NoSuchGap where it is open no more."""
    gaps.close(session, number, closing)
    note(session, f"{closing.state.value}_gap", number, closing.by, closing.at)


def note(session: Session, act: str, number: int, by: str, at: datetime) -> None:
    """Put into the trail what an editor did with a gap."""
    audit.write(session, act, at=at, actor=audit.actor_of(by), subject=f"gap:{number}")


def question(text: str, library: Library) -> str:
    """As it was asked; what it went on with stands behind it."""
    matter, asked = parted(text, {entry.matter for entry in library.entries.values()})
    shown = one_line(unmasked(asked)) or "（只有个人信息）"
    return f"{shown}（接着“{matter}”问的）" if matter else shown


def place(code: str, library: Library) -> str:
    """The area of a gap, as people call it."""
    pack = library.packs.get(code)
    area = pack.place.area if pack else library.areas.resolve(code) if code else None
    return area.short if area else "没说是哪里"


def nearest(gap: Gap, answerer: Answerer, now: datetime) -> Sequence[Candidate]:
    """The entries that come nearest to its question."""
    reading = answerer.reading(gap.text, area=gap.area or None, now=now)
    return [ranked.candidate for ranked in reading.ranked[:_NEAREST]]
