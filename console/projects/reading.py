"""Projects in reach: a page of them, counts by state, one with its people as numbers, twins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select, true
from sqlmodel import Session

from console.desk import NotHere
from console.imports.lists import county_of
from knowledge.areas import Gazetteer
from records import projects, rights, scope
from records.project_people import Answer, ProjectAnswer, ProjectShown
from records.projects import ProjectChange, ProjectReview, ProjectRow, ProjectState
from records.rights import Right
from records.staff_accounts import Staff

PAGE = 30
_MOST_TWINS = 50
_SHORTEST = 4  # signs: a shorter title is part of many
_TABLE = ProjectRow.__table__  # type: ignore[attr-defined]
_ANSWERS, _SHOWN = ProjectAnswer.__table__, ProjectShown.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Sought:
    """What a list of projects is narrowed to; "" for anything."""

    state: str = ""
    kind: str = ""
    category: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Whole:
    """One project with all that was done to it; people as numbers."""

    row: ProjectRow
    reviews: Sequence[ProjectReview]
    changes: Sequence[ProjectChange]
    interested: int
    refused: int
    shown: int


def in_reach(session: Session, staff: Staff, gazetteer: Gazetteer) -> ColumnElement[bool]:
    """Projects of their county or counties; who only looks on sees what is published."""
    county = county_of(session, staff, gazetteer)
    is_ours = true()
    if staff.area:
        code = county.code if county else staff.area
        is_ours = _TABLE.c.county.startswith(scope.stem(code), autoescape=True)
    if rights.may(staff, Right.PROJECTS):
        return is_ours
    return and_(is_ours, _TABLE.c.state == ProjectState.PUBLISHED.value)


def page(
    session: Session, staff: Staff, gazetteer: Gazetteer, sought: Sought, before: int | None
) -> list[ProjectRow]:
    """Some of them, the newest first."""
    where = and_(in_reach(session, staff, gazetteer), _matching(sought))
    if before is not None:
        where = and_(where, _TABLE.c.id < before)
    query = select(ProjectRow).where(where).order_by(_TABLE.c.id.desc()).limit(PAGE)
    return list(session.execute(query).scalars())


def by_state(session: Session, staff: Staff, gazetteer: Gazetteer) -> dict[str, int]:
    """How many are in each state."""
    query = select(_TABLE.c.state, func.count()).where(in_reach(session, staff, gazetteer))
    return {state: int(n) for state, n in session.execute(query.group_by(_TABLE.c.state))}


def one(session: Session, staff: Staff, gazetteer: Gazetteer, number: int) -> ProjectRow:
    """The project of this number; not there where it is out of reach."""
    mine = and_(_TABLE.c.id == number, in_reach(session, staff, gazetteer))
    row: ProjectRow | None = session.execute(select(ProjectRow).where(mine)).scalars().first()
    if row is None:
        raise NotHere
    return row


def whole(session: Session, staff: Staff, gazetteer: Gazetteer, number: int) -> Whole:
    """One with its history."""
    row = one(session, staff, gazetteer, number)
    said = _answers(session, number)
    count = select(func.count()).select_from(_SHOWN).where(_SHOWN.c.project_id == number)
    return Whole(
        row,
        projects.reviews(session, number)[::-1],
        projects.changes(session, number)[::-1],
        said.get(Answer.INTERESTED.value, 0),
        said.get(Answer.REFUSED.value, 0),
        int(session.execute(count).scalar_one()),
    )


def twins(
    session: Session, staff: Staff, gazetteer: Gazetteer
) -> list[tuple[ProjectRow, ProjectRow]]:
    """Pairs of open projects of one county that may be the same: one title holds the other."""
    is_open = _TABLE.c.state != ProjectState.CLOSED.value
    where = and_(in_reach(session, staff, gazetteer), is_open)
    columns = (_TABLE.c.id, _TABLE.c.county, _TABLE.c.kind, _TABLE.c.key)
    groups: dict[tuple[str, str], list[tuple[int, str]]] = {}
    for row in session.execute(select(*columns).where(where)):
        groups.setdefault((row.county, row.kind), []).append((row.id, row.key))
    pairs = [
        (a, b)
        for some in groups.values()
        for (a, one_key), (b, other) in combinations(sorted(some), 2)
        if _are_alike(one_key, other)
    ][:_MOST_TWINS]
    return [(session.get_one(ProjectRow, a), session.get_one(ProjectRow, b)) for a, b in pairs]


def versions(changes: Sequence[ProjectChange]) -> Mapping[int, Mapping[str, Any]]:
    """How each version stood at its end, by number."""
    return {one.version: one.snapshot for one in sorted(changes, key=lambda one: one.id or 0)}


def to_review(session: Session, staff: Staff, now: datetime) -> int:
    """How many drafts wait, in the counties of those who review."""
    return _counted(session, staff, ProjectState.DRAFT)


def to_publish(session: Session, staff: Staff, now: datetime) -> int:
    """How many were reviewed and are not shown yet."""
    return _counted(session, staff, ProjectState.CHECKED)


def _counted(session: Session, staff: Staff, state: ProjectState) -> int:
    if scope.is_local(staff.area):
        return 0
    where = _TABLE.c.state == state.value
    if staff.area:
        stem = scope.stem(staff.area)
        where = and_(where, _TABLE.c.county.startswith(stem, autoescape=True))
    return int(session.execute(select(func.count()).select_from(_TABLE).where(where)).scalar_one())


def _answers(session: Session, number: int) -> dict[str, int]:
    query = select(_ANSWERS.c.answer, func.count()).where(_ANSWERS.c.project_id == number)
    return {word: int(n) for word, n in session.execute(query.group_by(_ANSWERS.c.answer))}


def _matching(sought: Sought) -> ColumnElement[bool]:
    where: ColumnElement[bool] = true()
    for name in ("state", "kind", "category"):
        if value := getattr(sought, name):
            where = and_(where, _TABLE.c[name] == value)
    if sought.words:
        where = and_(where, _TABLE.c.title.contains(sought.words, autoescape=True))
    return where


def _are_alike(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return short == long or (len(short) >= _SHORTEST and short in long)
