"""The way of a project: reviewed by another, verified again, paused when nobody did."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from matching.codes import Category
from outreach.projects import keeping, upkeep
from outreach.projects.keeping import QUESTIONS, Form, ProjectRefusal
from records import projects
from records.database import Database, Session
from records.projects import ProjectKind, ProjectState, Provenance
from records.vault import Vault
from registry.offers import Offer, Owned

GOOD = Form(dict.fromkeys(QUESTIONS, 2))
ENDS = date(2027, 12, 31)


def _enter(session: Session, vault: Vault, now: datetime, **changes: object) -> int:
    offer = Offer(
        kind=ProjectKind.PROJECT,
        title="林下养鸡",
        category=Category.FARMING,
        county="371703",
        source_dept="县农业农村局",
        risk_line="鸡瘟来了亏得快",
        expires_on=ENDS,
    )
    entered = Owned(offer, Provenance.DEPARTMENT).entered()
    row = projects.add(session, vault, entered, by="staff:小李", at=now)
    for name, value in changes.items():
        setattr(row, name, value)
    return row.number


def _published(session: Session, vault: Vault, now: datetime) -> int:
    number = _enter(session, vault, now)
    keeping.review(session, number, GOOD, by="staff:老张", now=now)
    keeping.publish(session, number, by="staff:老张", now=now)
    return number


async def test_who_entered_it_does_not_review_it(
    database: Database, vault: Vault, now: datetime
) -> None:
    number = await database.run(_enter, vault, now)
    with pytest.raises(ProjectRefusal, match="same person"):
        await database.run(lambda s: keeping.review(s, number, GOOD, by="staff:小李", now=now))


async def test_reviewed_and_published_it_says_who_vouches(
    database: Database, vault: Vault, now: datetime
) -> None:
    number = await database.run(_published, vault, now)
    row = await database.read(keeping.get, number)
    assert (row.state, row.evidence) == (ProjectState.PUBLISHED.value, "expert_reviewed")
    acts = [one.act for one in await database.read(projects.changes, number)]
    assert acts == ["entered", "checked", "published"]


@pytest.mark.parametrize("question", keeping.HARD)
async def test_a_form_with_a_hard_no_sends_it_back(
    database: Database, vault: Vault, now: datetime, question: str
) -> None:
    number = await database.run(_enter, vault, now)
    form = Form({**GOOD.marks, question: 0})
    assert not await database.run(
        lambda s: keeping.review(s, number, form, by="staff:老张", now=now)
    )
    assert (await database.read(keeping.get, number)).state == ProjectState.DRAFT.value


@pytest.mark.parametrize("act", [keeping.publish, keeping.verify])
async def test_a_draft_is_neither_published_nor_verified(
    database: Database, vault: Vault, now: datetime, act: object
) -> None:
    number = await database.run(_enter, vault, now)
    with pytest.raises(ProjectRefusal):
        await database.run(lambda s: act(s, number, by="staff:老张", now=now))  # type: ignore[operator]


async def test_an_incomplete_one_does_not_pass(
    database: Database, vault: Vault, now: datetime
) -> None:
    number = await database.run(lambda s: _enter(s, vault, now, expires_on=None))
    with pytest.raises(ProjectRefusal, match="有效期"):
        await database.run(lambda s: keeping.review(s, number, GOOD, by="staff:老张", now=now))


@pytest.mark.parametrize(("days", "state"), [(180, "published"), (181, "paused")])
async def test_after_180_days_unverified_it_pauses(
    database: Database, vault: Vault, now: datetime, days: int, state: str
) -> None:
    number = await database.run(_published, vault, now)
    await database.run(upkeep.look_after, vault, now + timedelta(days))
    assert (await database.read(keeping.get, number)).state == state


@pytest.mark.parametrize(("days", "soon"), [(165, 0), (166, 1), (180, 1)])
async def test_staff_are_warned_two_weeks_before(
    database: Database, vault: Vault, now: datetime, days: int, soon: int
) -> None:
    await database.run(_published, vault, now)
    found = await database.run(upkeep.look_after, vault, now + timedelta(days))
    assert found == {"paused": 0, "soon": soon}


async def test_verified_again_it_goes_on(database: Database, vault: Vault, now: datetime) -> None:
    number, later = await database.run(_published, vault, now), now + timedelta(200)
    await database.run(upkeep.look_after, vault, later)
    await database.run(lambda s: keeping.verify(s, number, by="staff:老张", now=later))
    await database.run(lambda s: keeping.publish(s, number, by="staff:老张", now=later))
    assert (await database.read(keeping.get, number)).state == "published"


async def test_an_edit_makes_a_version_that_is_reviewed_again(
    database: Database, vault: Vault, now: datetime
) -> None:
    number = await database.run(_published, vault, now)
    values = {"title": "林下养鸭", "slots": 3}
    await database.run(lambda s: keeping.edit(s, number, values, by="staff:小李", now=now))
    row = await database.read(keeping.get, number)
    assert (row.version, row.state, row.evidence) == (2, "draft", "dept_supplied")
    before = (await database.read(projects.changes, number))[0]
    assert before.snapshot["title"] == "林下养鸡"
