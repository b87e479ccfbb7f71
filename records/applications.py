"""Applications that an office decides on: submitted, papers that may follow, decided, paid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Column, LargeBinary, select, update
from sqlmodel import Field, Session, SQLModel

from records.types import UtcDateTime
from records.vault import Vault

WORKING_DAYS = 7  # from the submission to the decision (domain S4-19)


class Outcome(StrEnum):
    """What the office decided."""

    GRANTED = "granted"
    REFUSED = "refused"


class ApplicationRow(SQLModel, table=True):
    """What an application is beyond the ticket of its number."""

    __tablename__ = "application"

    number: str = Field(primary_key=True, max_length=12)
    person_id: str = Field(default="", max_length=24, index=True)
    area: str = Field(default="", max_length=12, index=True)
    submitted_at: datetime = Field(sa_type=UtcDateTime)
    papers: bytes = Field(sa_column=Column(LargeBinary, nullable=False))  # that may follow (容缺)
    papers_until: date | None = None
    papers_came_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    outcome: str = Field(default="", max_length=8)
    paid_on: date | None = None  # the day on which the person said that the money had come
    asked: int = 0  # how often they were asked whether it had
    request: str = Field(default="", max_length=12)  # the ticket that it comes from
    lent: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))


@dataclass(frozen=True, slots=True)
class Application:
    """An application, its words opened."""

    number: str
    submitted_at: datetime
    person_id: str = ""
    area: str = ""
    papers: str = ""
    papers_until: date | None = None
    papers_came_at: datetime | None = None
    decided_at: datetime | None = None
    outcome: Outcome | None = None
    paid_on: date | None = None
    asked: int = 0
    request: str = ""
    lent: int | None = None  # yuan, as staff typed it

    @property
    def lacks_papers(self) -> bool:
        """Whether something is still to be handed in."""
        return bool(self.papers) and self.papers_came_at is None


_TABLE = ApplicationRow.__table__  # type: ignore[attr-defined]


def submit(session: Session, vault: Vault, new: Application) -> None:
    """It was handed in."""
    session.add(
        ApplicationRow(
            number=new.number,
            person_id=new.person_id,
            area=new.area,
            submitted_at=new.submitted_at,
            papers=vault.seal(new.papers),
            papers_until=new.papers_until,
            request=new.request,
        )
    )
    session.flush()


def found(session: Session, vault: Vault, numbers: Sequence[str]) -> dict[str, Application]:
    """Those of these tickets that are applications."""
    query = select(ApplicationRow).where(_TABLE.c.number.in_(numbers))
    return {row.number: _opened(row, vault) for row in session.execute(query).scalars()}


def undecided(session: Session, numbers: Sequence[str]) -> set[str]:
    """Those of these tickets that are applications without a decision."""
    query = select(_TABLE.c.number).where(_TABLE.c.number.in_(numbers), _TABLE.c.outcome == "")
    return set(session.execute(query).scalars())


def papers_came(session: Session, number: str, at: datetime) -> None:
    """What was to follow is there."""
    _change(session, number, papers_came_at=at)


def decide(session: Session, number: str, outcome: Outcome, at: datetime) -> None:
    """The office has decided."""
    _change(session, number, decided_at=at, outcome=outcome.value)


def lend(session: Session, vault: Vault, number: str, yuan: int) -> None:
    """So much was lent; sealed, since it is what somebody owes."""
    _change(session, number, lent=vault.seal(yuan))


def asked(session: Session, number: str, times: int) -> None:
    """The person was asked whether the money has come, for the so manyth time."""
    _change(session, number, asked=times)


def paid(session: Session, number: str, day: date) -> None:
    """The money has come, as the person says."""
    _change(session, number, paid_on=day)


def submitted_between(
    session: Session, vault: Vault, first: datetime, last: datetime
) -> list[Application]:
    """What was handed in from a moment on and before another."""
    query = select(ApplicationRow).where(
        _TABLE.c.submitted_at >= first, _TABLE.c.submitted_at < last
    )
    rows = session.execute(query.order_by(_TABLE.c.submitted_at, _TABLE.c.number)).scalars()
    return [_opened(row, vault) for row in rows]


def hand_on(session: Session, gone: str, kept: str) -> None:
    """Two records became one: what the first applied for is the second's."""
    session.execute(update(_TABLE).where(_TABLE.c.person_id == gone).values(person_id=kept))


def _change(session: Session, number: str, **values: object) -> None:
    session.execute(update(_TABLE).where(_TABLE.c.number == number).values(values))


def _opened(row: ApplicationRow, vault: Vault) -> Application:
    return Application(
        number=row.number,
        submitted_at=row.submitted_at,
        person_id=row.person_id,
        area=row.area,
        papers=str(vault.open(row.papers)),
        papers_until=row.papers_until,
        papers_came_at=row.papers_came_at,
        decided_at=row.decided_at,
        outcome=Outcome(row.outcome) if row.outcome else None,
        paid_on=row.paid_on,
        asked=row.asked,
        request=row.request,
        lent=int(vault.open(row.lent)) if row.lent else None,
    )
