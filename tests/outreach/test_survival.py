"""One-year survival, with what nobody knows told apart."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from outreach.helping import survival
from outreach.helping.survival import Survival
from records import entities, visits
from records.database import Database, Session
from records.entities import Business, EntityState
from records.vault import Vault
from records.visits import Standing, Told, VisitKind

BEGAN = date(2025, 3, 10)


def _business(session: Session, vault: Vault, closed: date | None, seen: date | None) -> None:
    at = datetime(2025, 3, 12, tzinfo=UTC)
    state = EntityState.CLOSED if closed else EntityState.OPEN
    business = Business(area="371703", began_on=BEGAN, state=state, closed_on=closed)
    entities.open_one(session, vault, "e1", "anna", business, source="chat", at=at)
    if seen:
        told = Told(VisitKind.CALL, standing=Standing.OPEN)
        moment = datetime(seen.year, seen.month, seen.day, 4, tzinfo=UTC)
        visits.log(session, vault, "anna", told, helper="小刘", at=moment)


@pytest.mark.parametrize(
    ("closed", "seen", "fate"),
    [
        (None, date(2026, 3, 12), Survival(1, 0, 0)),
        (None, date(2026, 2, 1), Survival(1, 0, 0)),
        (None, date(2025, 9, 10), Survival(0, 0, 1)),  # half a year ago says nothing of the day
        (None, None, Survival(0, 0, 1)),
        (date(2025, 11, 1), None, Survival(0, 1, 0)),
        (date(2026, 3, 10), None, Survival(0, 1, 0)),
        (date(2026, 3, 11), None, Survival(1, 0, 0)),  # closed after its first birthday
    ],
)
async def test_what_is_known_a_year_later(
    database: Database, vault: Vault, closed: date | None, seen: date | None, fate: Survival
) -> None:
    await database.run(_business, vault, closed, seen)
    assert await database.read(survival.after_a_year, BEGAN, BEGAN) == fate


def test_the_rate_is_of_those_that_are_known() -> None:
    assert Survival(3, 1, 6).rate == 0.75
    assert Survival(0, 0, 6).rate is None
