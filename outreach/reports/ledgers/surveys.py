"""满意度 and 政策知晓率 (domain 1.8): each with how many were asked and how many answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select

from outreach.reports.ledgers import places, small, spelling
from outreach.reports.ledgers.within import here, whose
from outreach.reports.periods import PeriodKind
from outreach.reports.table import Asked, Column, Listed, Report, Subject, Table, Unit, Value
from records.database import Session
from records.scope import is_local
from records.surveys import CONTENT, Awareness, Rating
from records.tickets import Ticket

_RATINGS, _KNOWN = Rating.__table__, Awareness.__table__  # type: ignore[attr-defined]
_TICKETS = Ticket.__table__  # type: ignore[attr-defined]
_FAIR = 3
_SATISFIED = (
    places.PLACE,
    Column("asked", "问了", Unit.CASES),
    Column("answered", "回答", Unit.CASES),
    Column("response", "回答率", Unit.PERCENT),
    Column("good", "打4分、5分", Unit.CASES),
    Column("satisfaction", "满意度", Unit.PERCENT),
    Column("bad", "打1分、2分", Unit.CASES),
)
_AWARE = (
    places.PLACE,
    Column("asked", "问了", Unit.PEOPLE),
    Column("answered", "两题都答", Unit.PEOPLE),
    Column("response", "回答率", Unit.PERCENT),
    Column("good", "两题都答对", Unit.PEOPLE),
    Column("awareness", "政策知晓率", Unit.PERCENT),
)
_SATISFIED_NOTES = (
    "诉求办结后问一次，1到5分。满意度＝打4分、5分的÷回答的，回答率＝回答的÷问了的。",
)
_AWARE_NOTES = ("一年问一次，两道题。政策知晓率＝两题都答对的÷问了的，没回答的按不知道算。",)


def satisfaction(session: Session, asked: Asked) -> Table:
    """How content people were who were asked in the span."""
    rows = places.rows(session, asked, satisfied, opens=("answered", "bad"))
    subtitle = f"{asked.named(asked.area)}　{asked.period.spoken}"
    table = Table("满意度", _SATISFIED, rows, _SATISFIED_NOTES, subtitle)
    return small.shown(table, asked)


def satisfied(session: Session, asked: Asked) -> Mapping[str, Value]:
    """The figures of one place."""
    score = _RATINGS.c.score
    query = select(
        func.count(),
        func.count(score),
        func.count().filter(score >= CONTENT),
        func.count().filter(score < _FAIR),
    ).where(_asked(asked))
    n, answered, good, bad = map(int, session.execute(query).one())
    return {
        "asked": n,
        "answered": answered,
        "response": spelling.percent(answered, n),
        "good": good,
        "satisfaction": spelling.percent(good, answered),
        "bad": bad,
    }


def answered(session: Session, asked: Asked) -> Listed:
    """The requests whose people gave marks."""
    return _tickets(session, asked, _RATINGS.c.score.is_not(None))


def bad(session: Session, asked: Asked) -> Listed:
    """The requests whose people were not content."""
    return _tickets(session, asked, _RATINGS.c.score < _FAIR)


def awareness(session: Session, asked: Asked) -> Table:
    """What people knew who were asked in a year."""
    rows = places.rows(session, asked, aware, opens=("asked",))
    subtitle = f"{asked.named(asked.area)}　{asked.period.spoken}"
    return small.shown(Table("政策知晓率", _AWARE, rows, _AWARE_NOTES, subtitle), asked)


def aware(session: Session, asked: Asked) -> Mapping[str, Value]:
    """The figures of one place; both items must be right."""
    first, second = _KNOWN.c.first, _KNOWN.c.second
    is_whole = first.is_not(None) & second.is_not(None)
    query = select(
        func.count(),
        func.count().filter(is_whole),
        func.count().filter(first.is_(True) & second.is_(True)),
    ).where(_quizzed(asked))
    n, whole, good = map(int, session.execute(query).one())
    return {
        "asked": n,
        "answered": whole,
        "response": spelling.percent(whole, n),
        "good": good,
        "awareness": spelling.percent(good, n),
    }


def quizzed(session: Session, asked: Asked) -> Listed:
    """Who was asked; who knew what is nobody's to list."""
    query = select(_KNOWN.c.person_id).where(_quizzed(asked)).order_by(_KNOWN.c.person_id)
    return Listed(Subject.PEOPLE, list(session.execute(query).scalars()))


def _asked(asked: Asked) -> Any:
    at = _RATINGS.c.asked_at
    span = (at >= asked.period.begin) & (at < asked.period.end)
    if not is_local(asked.area):
        return span & here(asked.area, _RATINGS.c)
    theirs = select(_TICKETS.c.number).where(whose(asked.area, _TICKETS.c))
    return span & _RATINGS.c.ticket.in_(theirs)


def _quizzed(asked: Asked) -> Any:
    return (_KNOWN.c.year == asked.period.first.year) & whose(asked.area, _KNOWN.c)


def _tickets(session: Session, asked: Asked, wanted: Any) -> Listed:
    query = select(_RATINGS.c.ticket).where(_asked(asked), wanted).order_by(_RATINGS.c.ticket)
    return Listed(Subject.TICKETS, list(session.execute(query).scalars()))


SATISFACTION = Report(
    name="satisfaction",
    title="满意度",
    about="办结后问的满意度：问了多少、回答多少、几成打4分5分",
    period=PeriodKind.QUARTER,
    build=satisfaction,
    lists={"answered": answered, "bad": bad},
)
AWARENESS = Report(
    name="awareness",
    title="政策知晓率",
    about="一年问一次的两道政策题，都答对的占多少",
    period=PeriodKind.YEAR,
    build=awareness,
    lists={"asked": quizzed},
)
