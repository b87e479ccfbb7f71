"""Money of signings: it comes in steps, the sum is what has landed, mistakes are mended."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from records import events, signings
from records.database import Database, Session
from records.events import EventKind, NewEvent, Signed
from records.signings import Payment, SigningFault

DAY = date(2026, 11, 1)


def _signed(session: Session, now: datetime, landed: int | None = None) -> int:
    told = NewEvent(EventKind.SIGNING, "签约会", "371703", now, "小刘")
    event = events.add(session, told, now)
    new = Signed(0, event, "粉丝厂", "甲公司", 1_000_000, landed, party="某镇", by="小刘")
    return signings.sign(session, new, on=DAY, at=now)


def _steps(session: Session, now: datetime) -> tuple[int, list[int], int | None]:
    number = _signed(session, now, 100)
    signings.pay(session, number, Payment(50, date(2026, 12, 1), "小刘"), now)
    total = signings.pay(session, number, Payment(-20, date(2026, 12, 2), "小李"), now)
    amounts = [one.amount for one in signings.payments(session, [number])[number]]
    signed = events.signing(session, number)
    return total, amounts, signed.landed if signed else None


async def test_what_landed_is_the_sum_of_its_payments(database: Database, now: datetime) -> None:
    assert await database.run(_steps, now) == (130, [100, 50, -20], 130)


def _landed(session: Session, now: datetime) -> tuple[list[int], dict[int, int]]:
    number = _signed(session, now)
    signings.land(session, number, 300, by="小刘", on=DAY, at=now)
    signings.land(session, number, 300, by="小刘", on=DAY, at=now)
    signings.land(session, number, 500, by="小刘", on=date(2027, 1, 5), at=now)
    amounts = [one.amount for one in signings.payments(session, [number])[number]]
    return amounts, signings.landed_after(session, [number], date(2026, 12, 31))


async def test_a_total_that_is_told_is_a_payment_of_the_rest(
    database: Database, now: datetime
) -> None:
    assert await database.run(_landed, now) == ([300, 200], {1: 200})


@pytest.mark.parametrize("amount", [0, -101])
async def test_less_than_nothing_never_lands(
    database: Database, now: datetime, amount: int
) -> None:
    number = await database.run(_signed, now, 100)
    with pytest.raises(SigningFault, match="100 yuan have landed"):
        await database.run(signings.pay, number, Payment(amount, DAY, "小刘"), now)


async def test_nothing_is_paid_for_what_nobody_signed(database: Database, now: datetime) -> None:
    with pytest.raises(SigningFault, match="no signing 7"):
        await database.run(signings.pay, 7, Payment(1, DAY, "小刘"), now)
