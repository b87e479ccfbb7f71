"""Owners are warned of each entry and day once, before the day comes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from knowledge.expiry import Reason, due
from records import audit
from records.database import Database
from records.vault import Vault
from scheduler.jobs import policy_expiry
from scheduler.means import Means
from tests.support.shipped import shipped

ENTRY = "national-loan-cap-individual"
REVIEW = date(2027, 1, 27)  # of this entry, as its file says
BEFORE = datetime(2026, 12, 28, 4, 0, tzinfo=UTC)  # thirty days earlier


def _means(database: Database) -> Means:
    return Means(database, Vault("for tests"), shipped)


async def test_an_entry_is_warned_of_once(database: Database) -> None:
    counts = await policy_expiry.run(_means(database), BEFORE)
    assert counts["warned"] == counts["due"] > 0
    again = await policy_expiry.run(_means(database), BEFORE + timedelta(days=1))
    assert (again["warned"], again["due"] >= counts["due"]) == (again["due"] - counts["due"], True)


async def test_the_warning_says_which_entry_and_day(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    await policy_expiry.run(_means(database), BEFORE)
    facts = {(r.__dict__.get("entry"), r.__dict__.get("day")) for r in caplog.records}
    assert (ENTRY, str(REVIEW)) in facts
    acts = [row.act for row in await database.read(audit.of, f"entry:{ENTRY}")]
    assert acts == [f"warn_review_{REVIEW}"]


@pytest.mark.parametrize(("early", "is_due"), [(31, False), (30, True), (0, True), (-5, True)])
def test_a_review_is_due_from_thirty_days_before(early: int, is_due: bool) -> None:
    entries = [shipped().library.entries[ENTRY]]
    found = due(entries, REVIEW - timedelta(days=early))
    assert [(each.day, each.reason) for each in found] == [(REVIEW, Reason.REVIEW)] * is_due
