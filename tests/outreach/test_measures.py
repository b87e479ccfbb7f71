"""Figures with their definitions: how many were asked, how many answered, what took how long."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from outreach import measures
from outreach.calendars import CHINA
from outreach.measures import Spans
from records import surveys
from records.applications import Application, Outcome
from records.database import Database, Session
from records.surveys import Awareness, Tally

COUNTY, CITY = "430381", "430300"
NOW = datetime(2026, 12, 20, 12, 0, tzinfo=CHINA)


def _of(day: int, decided: int = 0, paid: date | None = None, area: str = COUNTY) -> Application:
    """Handed in on a day of November, decided so many days later."""
    begun = datetime(2026, 11, day, 9, 0, tzinfo=CHINA)
    return Application(
        number=str(day),
        submitted_at=begun,
        area=area,
        decided_at=begun + timedelta(days=decided) if decided else None,
        outcome=Outcome.GRANTED if decided else None,
        paid_on=paid,
    )


def test_working_days_count_to_the_decision_and_late_ones_are_told() -> None:
    found = [_of(2, 7), _of(2, 14), _of(3), _of(2, 7, area="371703")]
    assert measures.decision_time(found, COUNTY, NOW) == Spans(2, 1, 7.5, 10, late=2)


def test_a_year_that_is_not_announced_is_counted_apart() -> None:
    begun = datetime(2099, 1, 4, 9, 0, tzinfo=CHINA)
    far = Application("1", begun, area=COUNTY, decided_at=begun + timedelta(days=3))
    assert measures.decision_time([far], COUNTY, NOW) == Spans(0, 0, None, None, unknown=1)


def test_payment_is_counted_in_days_from_the_submission() -> None:
    found = [_of(2, 7, date(2026, 12, 2)), _of(3, 7, date(2026, 12, 13)), _of(4, 7), _of(5)]
    assert measures.payment_time(found, CITY) == Spans(2, 1, 35.0, 40)


async def test_satisfaction_is_of_those_who_answered(database: Database) -> None:
    def work(session: Session) -> None:
        for name, score in (("A", 5), ("B", 4), ("C", 3), ("D", None), ("E", None)):
            surveys.ask(session, name, COUNTY, NOW)
            if score:
                assert surveys.rate(session, name, score)
        surveys.ask(session, "F", "371703", NOW)

    await database.run(work)
    first, last = NOW - timedelta(days=1), NOW + timedelta(days=1)
    found = await database.read(measures.satisfaction, CITY, first, last)
    assert (found.percent, found.response_percent) == (66.7, 60.0)
    assert found.tally == Tally(5, 3, 2)
    nobody = await database.read(measures.satisfaction, CITY, last, last)
    assert (nobody.percent, nobody.response_percent) == (None, None)


async def test_the_first_score_holds(database: Database) -> None:
    await database.run(surveys.ask, "A", COUNTY, NOW)
    assert [await database.run(surveys.rate, "A", score) for score in (2, 5)] == [True, False]
    assert await database.read(surveys.score_of, "A") == 2


async def test_who_knows_both_items_knows_the_policy(database: Database) -> None:
    def work(session: Session) -> None:
        told = {"a": (True, True), "b": (True, False), "c": (None, None), "d": (True, None)}
        surveys.put(
            session,
            [
                Awareness(person_id=p, year=2026, area=COUNTY, entry="e", asked_at=NOW)
                for p in told
            ],
        )
        for person, answers in told.items():
            for item, is_right in enumerate(answers, 1):
                if is_right is not None:
                    surveys.answer(session, person, 2026, item, is_right=is_right)

    await database.run(work)
    found = await database.read(measures.awareness, COUNTY, 2026)
    assert (found.percent, found.tally) == (25.0, Tally(asked=4, answered=2, good=1))
    assert await database.read(surveys.asked_in, ["a", "z"], 2026) == {"a"}
