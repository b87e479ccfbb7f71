"""What a registered person told about their business: the facts that policies are held against."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Field, Session, SQLModel

from records.types import UtcDateTime

_BAR = "|"
_PLAIN = (
    *("is_returnee", "first_registration", "entity_type", "headcount_incl_founder"),
    *("contracts_1y", "contracts_signed", "social_insurance", "loan_kind"),
)


class PersonFacts(SQLModel, table=True):
    """The attributes of domain 7.2, one column each; None where nothing is known.

    `titles`, `no_titles` and `unsure` hold words between bars: "|雁归宜昌项目|荆楚归雁项目|".
    """

    __tablename__ = "person_facts"

    person_id: str = Field(primary_key=True, max_length=24)
    is_returnee: bool | None = None
    first_registration: bool | None = None
    entity_type: str | None = Field(default=None, max_length=12)
    registered_first: date | None = None  # the licence's day, or the first it can have been
    registered_last: date | None = None
    headcount_incl_founder: int | None = None
    contracts_1y: int | None = None
    contracts_signed: bool | None = None
    social_insurance: str | None = Field(default=None, max_length=12)
    loan_kind: str | None = Field(default=None, max_length=12)
    titles: str = Field(default="", max_length=300)
    no_titles: str = Field(default="", max_length=300)
    unsure: str = Field(default="", max_length=200)
    told_at: datetime = Field(sa_type=UtcDateTime)


_TABLE = PersonFacts.__table__  # type: ignore[attr-defined]
_LISTS = {"titles": "recognised_as", "no_titles": "not_recognised_as", "unsure": "unsure"}
_ROOM = {column: _TABLE.c[column].type.length for column in _LISTS}


def keep(session: Session, person_id: str, answers: Mapping[str, Any], *, at: datetime) -> None:
    """Keep what was told, over what was told before; an attribute with None is taken back.

    `answers` are JSON values as a self-check keeps them: a licence's day as two dates, titles and
    `unsure` as lists.
    """
    row = session.get(PersonFacts, person_id) or PersonFacts(person_id=person_id, told_at=at)
    row.told_at = at
    for attr in _PLAIN:
        if attr in answers:
            setattr(row, attr, answers[attr])
    if "registered_on" in answers:
        days = answers["registered_on"] or (None, None)
        row.registered_first, row.registered_last = map(_day, days)
    _keep_titles(row, answers)
    row.unsure = _barred("unsure", _unsure(row, answers))
    session.add(row)
    session.flush()


def of(session: Session, person_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """What is held of each, in the form in which it was told; who told nothing is not there."""
    query = select(PersonFacts).where(_TABLE.c.person_id.in_(person_ids))
    return {row.person_id: _answers(row) for row in session.execute(query).scalars()}


def _keep_titles(row: PersonFacts, answers: Mapping[str, Any]) -> None:
    """Who tells of one title says nothing of the others told before."""
    held = answers.get("recognised_as") or ()
    lacked = answers.get("not_recognised_as") or ()
    before, without = _words(row.titles), _words(row.no_titles)
    if answers.get("recognised_as", ()) is None:
        before, without = [], []
    row.titles = _barred("titles", [*held, *(t for t in before if t not in lacked)])
    row.no_titles = _barred("no_titles", [*lacked, *(t for t in without if t not in held)])


def _unsure(row: PersonFacts, answers: Mapping[str, Any]) -> list[str]:
    """Who tells at last is unsure no more."""
    told = {attr for attr in answers if attr != "unsure"}
    unsure = [attr for attr in _words(row.unsure) if attr not in told]
    return [*unsure, *(answers.get("unsure") or ())]


def _answers(row: PersonFacts) -> dict[str, Any]:
    found = {attr: getattr(row, attr) for attr in _PLAIN}
    if row.registered_first and row.registered_last:
        days = (row.registered_first, row.registered_last)
        found["registered_on"] = [day.isoformat() for day in days]
    found |= {attr: _words(getattr(row, column)) or None for column, attr in _LISTS.items()}
    return {attr: value for attr, value in found.items() if value is not None}


def _words(barred: str) -> list[str]:
    return [word for word in barred.split(_BAR) if word]


def _barred(column: str, words: Iterable[str]) -> str:
    """The words between bars, as many as there is room for: the rest is asked for again."""
    found = ""
    for word in dict.fromkeys(words):
        longer = f"{found or _BAR}{word}{_BAR}"
        if _BAR not in word and len(longer) <= _ROOM[column]:
            found = longer
    return found


def _day(day: str | None) -> date | None:
    return date.fromisoformat(day) if day else None
