"""Typical cases: whose story it is, its tier and how it got there, who keeps printed copies."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, LargeBinary, func, select, update
from sqlmodel import Field, Session, SQLModel

from records import outbox
from records.people import Person
from records.scope import visible
from records.types import BigId, UtcDateTime
from records.vault import Vault

# Kinds of consent, each apart from every other (domain P-09).
CONSENT = "case"  # the story may be told
NAMED = "case_name"  # with the name


class Tier(StrEnum):
    """How far a case is; the value is what everybody calls it (domain S1-52)."""

    LEAD = "线索"
    GROWING = "培育"
    TYPICAL = "典型"


class Step(StrEnum):
    """What happened to a case."""

    MOVED = "moved"
    PROPOSED = "proposed"  # as 典型: a second person must agree
    WRITTEN = "written"
    REVIEWED = "reviewed"
    HELD_BACK = "held_back"  # the text is not published any more
    ASKED = "asked"
    ANSWERED = "answered"
    NOMINATED = "nominated"  # for a commendation


class CaseRow(SQLModel, table=True):
    """One case, called by its number («案例3»); what tells of the person is sealed."""

    __tablename__ = "typical_case"

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    person_id: str = Field(max_length=24, index=True)
    area: str = Field(max_length=12, index=True)
    trade: str = Field(default="", max_length=20)  # the category codes of projects
    year: int | None = None  # of the return
    tier: str = Field(max_length=8)
    proposed_by: str = Field(default="", max_length=40)  # as 典型, and nobody agreed yet
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    written_by: str = Field(default="", max_length=40)
    reviewed_by: str = Field(default="", max_length=40)  # "": the text is not to be published
    created_at: datetime = Field(sa_type=UtcDateTime)


class CaseStep(SQLModel, table=True):
    """One step of a case; the reason may tell of the person, so it is sealed."""

    __tablename__ = "case_step"

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    case_id: int = Field(sa_column=Column(BigId, nullable=False, index=True))
    person_id: str = Field(max_length=24, index=True)
    step: str = Field(max_length=12)
    tier: str = Field(default="", max_length=8)
    staff: str = Field(default="", max_length=40)  # "" = the person
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    at: datetime = Field(sa_type=UtcDateTime)


class CasePrint(SQLModel, table=True):
    """Who of the staff took a card out of the service; nothing of whose story it is."""

    __tablename__ = "case_print"

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    case_id: int = Field(sa_column=Column(BigId, nullable=False, index=True))
    keeper: str = Field(max_length=40)
    is_named: bool = False  # the name stands on it
    at: datetime = Field(sa_type=UtcDateTime)
    told_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # to take it back


@dataclass(frozen=True, slots=True)
class Figure:
    """Something counted, and when it was so."""

    text: str
    as_of: date


@dataclass(frozen=True, slots=True)
class Text:
    """What may be published of a case, once it is reviewed and agreed to."""

    title: str = ""
    story: str = ""
    figures: tuple[Figure, ...] = ()

    def whole(self) -> str:
        """Every word of it."""
        return "\n".join((self.title, *(figure.text for figure in self.figures), self.story))


@dataclass(frozen=True, slots=True)
class Case:
    """A case as it is read."""

    number: int
    person_id: str
    area: str
    trade: str
    year: int | None
    tier: Tier
    proposed_by: str
    written_by: str
    reviewed_by: str
    text: Text


@dataclass(frozen=True, slots=True)
class NewCase:
    """A case as it is told to us."""

    person_id: str
    area: str
    trade: str = ""
    year: int | None = None
    title: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """A step as it is read."""

    step: Step
    tier: str
    staff: str
    why: str
    at: datetime


_CASES = CaseRow.__table__  # type: ignore[attr-defined]
_STEPS = CaseStep.__table__  # type: ignore[attr-defined]
_PRINTS = CasePrint.__table__  # type: ignore[attr-defined]
_PEOPLE = Person.__table__  # type: ignore[attr-defined]


def add(session: Session, vault: Vault, new: NewCase, at: datetime) -> int:
    """Store a case as a lead; its number."""
    row = CaseRow(
        person_id=new.person_id,
        area=new.area,
        trade=new.trade,
        year=new.year,
        tier=Tier.LEAD.value,
        sealed=_seal(vault, Text(new.title)),
        created_at=at,
    )
    session.add(row)
    session.flush()
    return row.id or 0


def find(session: Session, vault: Vault, number: int, *, locks: bool = False) -> Case | None:
    """One case; `locks`: nobody else may decide on it before we are done."""
    if locks:
        session.execute(select(_CASES.c.id).where(_CASES.c.id == number).with_for_update())
    found = _read(session, vault, _CASES.c.id == number)
    return found[0] if found else None


def of_people(session: Session, vault: Vault, person_ids: Collection[str]) -> list[Case]:
    """The cases of these people."""
    return _read(session, vault, _CASES.c.person_id.in_(list(person_ids)))


def within(session: Session, vault: Vault, scope: str) -> list[Case]:
    """The cases of those whom staff of a scope may see, by number."""
    query = (
        select(_CASES)
        .join(_PEOPLE, _PEOPLE.c.id == _CASES.c.person_id)
        .where(visible(scope, _PEOPLE.c))
    )
    return [_case(row, vault) for row in session.execute(query.order_by(_CASES.c.id))]


def reviewed(session: Session, vault: Vault, area: str, most: int) -> list[Case]:
    """Typical cases with a reviewed text whose area's code begins so, the newest first."""
    mine = (_CASES.c.tier == Tier.TYPICAL.value) & (_CASES.c.reviewed_by != "")
    if area:
        mine &= _CASES.c.area.startswith(area, autoescape=True)
    query = select(_CASES).where(mine).order_by(_CASES.c.id.desc()).limit(most)
    return [_case(row, vault) for row in session.execute(query)]


def change(session: Session, number: int, **values: Any) -> None:
    """Other values of a case's columns."""
    session.execute(update(_CASES).where(_CASES.c.id == number).values(values))


def write(session: Session, vault: Vault, number: int, text: Text) -> None:
    """Another text; whoever changes it sees to it that it is reviewed again."""
    change(session, number, sealed=_seal(vault, text))


def note(
    session: Session,
    vault: Vault,
    case: Case,
    step: Step,
    *,
    staff: str,
    at: datetime,
    tier: str = "",
    why: str = "",
) -> None:
    """Add to a case's history."""
    session.add(
        CaseStep(
            case_id=case.number,
            person_id=case.person_id,
            step=step.value,
            tier=tier,
            staff=staff,
            sealed=vault.seal(why),
            at=at,
        )
    )
    session.flush()


def history(session: Session, vault: Vault, number: int) -> list[Taken]:
    """What happened to a case, the oldest first."""
    query = select(CaseStep).where(_STEPS.c.case_id == number).order_by(_STEPS.c.id)
    return [
        Taken(Step(row.step), row.tier, row.staff, vault.open(row.sealed), row.at)
        for row in session.execute(query).scalars()
    ]


def stepped(session: Session, person_id: str, step: Step) -> list[datetime]:
    """When this was done with any case of somebody, the earliest first."""
    query = select(_STEPS.c.at).where(_STEPS.c.person_id == person_id, _STEPS.c.step == step.value)
    return list(session.execute(query.order_by(_STEPS.c.id)).scalars())


def with_step(session: Session, step: Step, first: datetime, last: datetime) -> set[int]:
    """The numbers of the cases with which this was done within a time."""
    query = select(_STEPS.c.case_id).where(
        _STEPS.c.step == step.value, _STEPS.c.at >= first, _STEPS.c.at < last
    )
    return set(session.execute(query).scalars())


def recommended(session: Session, first: datetime, last: datetime) -> dict[str, int]:
    """For each area, how many cases came beyond a lead for the first time within a time."""
    found: dict[str, int] = {}
    for _, area in risen(session, first, last):
        found[area] = found.get(area, 0) + 1
    return found


def risen(session: Session, first: datetime, last: datetime) -> list[tuple[int, str]]:
    """The number and the area of each of these cases."""
    since = func.min(_STEPS.c.at)
    query = (
        select(_CASES.c.id, _CASES.c.area, since)
        .join(_STEPS, _STEPS.c.case_id == _CASES.c.id)
        .where(
            _STEPS.c.step == Step.MOVED.value,
            _STEPS.c.tier.in_((Tier.GROWING.value, Tier.TYPICAL.value)),
        )
        .group_by(_CASES.c.id, _CASES.c.area)
        .having(since >= first, since < last)
    )
    return [(row[0], row[1]) for row in session.execute(query.order_by(_CASES.c.id))]


def hand_out(session: Session, number: int, keeper: str, at: datetime, *, is_named: bool) -> None:
    """Somebody of the staff takes a card out of the service."""
    session.add(CasePrint(case_id=number, keeper=keeper, is_named=is_named, at=at))
    session.flush()


def handed_out(session: Session) -> list[CasePrint]:
    """The cards that are out, the oldest first."""
    query = select(CasePrint).where(_PRINTS.c.told_at.is_(None)).order_by(_PRINTS.c.id)
    return list(session.execute(query).scalars())


def times_out(session: Session, numbers: Sequence[int]) -> dict[int, tuple[int, datetime]]:
    """How often the card of each was taken, and when last."""
    query = (
        select(_PRINTS.c.case_id, func.count(), func.max(_PRINTS.c.at))
        .where(_PRINTS.c.case_id.in_(list(numbers)))
        .group_by(_PRINTS.c.case_id)
    )
    return {row[0]: (int(row[1]), row[2]) for row in session.execute(query)}


def called_back(session: Session, prints: Iterable[int], at: datetime) -> None:
    """The keepers of these cards were told."""
    mine = _PRINTS.c.id.in_(list(prints))
    session.execute(update(_PRINTS).where(mine).values(told_at=at))


def shown_as(number: int) -> str:
    """The name by which whatever is written to others of a case is found again."""
    return f"case-{number}"


def forget(session: Session, person_id: str) -> None:
    """Nothing of somebody's story stays in what was written to others."""
    query = select(_CASES.c.id).where(_CASES.c.person_id == person_id)
    for number in session.execute(query).scalars().all():
        outbox.erase_about(session, shown_as(number))


def hand_on(session: Session, gone: str, kept: str) -> None:
    """Two records became one: the cases of the first are the second's."""
    for table in (_CASES, _STEPS):
        session.execute(update(table).where(table.c.person_id == gone).values(person_id=kept))


def _read(session: Session, vault: Vault, wanted: Any) -> list[Case]:
    query = select(_CASES).where(wanted).order_by(_CASES.c.id)
    return [_case(row, vault) for row in session.execute(query)]


def _case(row: Any, vault: Vault) -> Case:
    words = vault.open(row.sealed)
    figures = tuple(Figure(text, date.fromisoformat(day)) for text, day in words["figures"])
    return Case(
        number=row.id,
        person_id=row.person_id,
        area=row.area,
        trade=row.trade,
        year=row.year,
        tier=Tier(row.tier),
        proposed_by=row.proposed_by,
        written_by=row.written_by,
        reviewed_by=row.reviewed_by,
        text=Text(words["title"], words["story"], figures),
    )


def _seal(vault: Vault, text: Text) -> bytes:
    figures = [[figure.text, figure.as_of.isoformat()] for figure in text.figures]
    return vault.seal({"title": text.title, "story": text.story, "figures": figures})
