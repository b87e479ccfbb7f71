"""Topics of questions, month by month, on both databases."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

from outreach.reports.pictured import questions
from records.database import Database, Session
from records.gaps import Gap
from records.questions import OpenQuestion

CHINA = timezone(timedelta(hours=8))
COUNTY = "371703"
DAY = date(2026, 11, 21)


def ask(session: Session, gap: int, *moments: datetime, area: str = COUNTY) -> None:
    """One topic, asked at these moments."""
    first = moments[0]
    session.add(
        Gap(
            id=gap,
            area=area,
            text=f"问题{gap}怎么办",
            state="open",
            opened_at=first,
            last_at=first,
        )
    )
    session.add_all(
        OpenQuestion(text="问", area=area, decision="no", asked_at=at, gap=gap) for at in moments
    )
    session.flush()


def at(month: int, day: int, hour: int = 12) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=CHINA)


async def test_a_topic_is_counted_by_months_of_china(database: Database) -> None:
    await database.run(ask, 1, at(10, 31, 23), at(11, 1, 0), at(11, 20), at(5, 31, 23))
    found = await database.read(questions.topics, COUNTY, DAY)
    assert list(found.labels) == ["6月", "7月", "8月", "9月", "10月", "11月"]
    assert [(s.name, list(s.values)) for s in found.series] == [
        ("问题1怎么办", [0, 0, 0, 0, 1, 2])
    ]


async def test_only_the_five_asked_most_are_drawn(database: Database) -> None:
    for gap in range(1, 8):
        await database.run(ask, gap, *[at(11, 1)] * gap)
    found = await database.read(questions.topics, COUNTY, DAY)
    assert [one.name for one in found.series] == [f"问题{n}怎么办" for n in (7, 6, 5, 4, 3)]


async def test_questions_of_other_counties_stay_there(database: Database) -> None:
    await database.run(lambda session: ask(session, 1, at(11, 1), area="371721"))
    assert not (await database.read(questions.topics, COUNTY, DAY)).series
    assert (await database.read(questions.topics, "371700", DAY)).series
