"""What was signed, and the money that came of it: each payment with its day and who typed it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Column, func, select, update
from sqlmodel import Field, Session, SQLModel

from records import events
from records.events import Signed, Signing
from records.types import BigId, UtcDateTime


class SigningPayment(SQLModel, table=True):
    """Money that came for a signing, in yuan; less than nothing where an earlier one was wrong."""

    __tablename__ = "signing_payment"

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    signing_id: int = Field(sa_column=Column(BigId, nullable=False, index=True))
    amount: int = Field(sa_column=Column(BigId, nullable=False))
    paid_on: date
    by: str = Field(max_length=40)
    at: datetime = Field(sa_type=UtcDateTime)


@dataclass(frozen=True, slots=True)
class Payment:
    """Money that came on a day."""

    amount: int
    paid_on: date
    by: str


class SigningFault(Exception):
    """It cannot be kept like this; one sentence for operators."""


_SIGNED = Signing.__table__  # type: ignore[attr-defined]
_PAID = SigningPayment.__table__  # type: ignore[attr-defined]


def sign(session: Session, signed: Signed, *, on: date, at: datetime) -> int:
    """Store a signing, and what came with it as its first payment; its number."""
    number = events.sign(session, signed, at)
    if signed.landed:
        _note(session, number, Payment(signed.landed, on, signed.by), at)
    return number


def pay(session: Session, number: int, payment: Payment, at: datetime) -> int:
    """Money came; all that has landed by now. SigningFault where there is no such signing."""
    signed = events.signing(session, number)
    if signed is None:
        raise SigningFault(f"there is no signing {number}: `guiyan signing list` shows them")
    landed = (signed.landed or 0) + payment.amount
    if not payment.amount or landed < 0:
        raise SigningFault(f"so far {signed.landed or 0} yuan have landed: give another amount")
    _note(session, number, payment, at)
    session.execute(update(_SIGNED).where(_SIGNED.c.id == number).values(landed=landed))
    return landed


def land(session: Session, number: int, landed: int, *, by: str, on: date, at: datetime) -> None:
    """So much has landed by now, as somebody says; the difference is a payment of that day."""
    signed = events.signing(session, number)
    if signed is None:
        raise SigningFault(f"there is no signing {number}: `guiyan signing list` shows them")
    if landed != (signed.landed or 0):
        pay(session, number, Payment(landed - (signed.landed or 0), on, by), at)
    else:
        session.execute(update(_SIGNED).where(_SIGNED.c.id == number).values(landed=landed))


def payments(session: Session, numbers: Sequence[int]) -> dict[int, list[Payment]]:
    """The payments of these signings, the earliest first."""
    query = select(_PAID).where(_PAID.c.signing_id.in_(list(numbers)))
    found: dict[int, list[Payment]] = {}
    for row in session.execute(query.order_by(_PAID.c.paid_on, _PAID.c.id)):
        found.setdefault(row.signing_id, []).append(Payment(row.amount, row.paid_on, row.by))
    return found


def landed_after(session: Session, numbers: Sequence[int], day: date) -> dict[int, int]:
    """What came for each of these after a day, where anything did."""
    query = (
        select(_PAID.c.signing_id, func.sum(_PAID.c.amount))
        .where(_PAID.c.signing_id.in_(list(numbers)), _PAID.c.paid_on > day)
        .group_by(_PAID.c.signing_id)
    )
    return {row[0]: int(row[1]) for row in session.execute(query)}


def _note(session: Session, number: int, payment: Payment, at: datetime) -> None:
    session.add(
        SigningPayment(
            signing_id=number,
            amount=payment.amount,
            paid_on=payment.paid_on,
            by=payment.by[:40],
            at=at,
        )
    )
    session.flush()
