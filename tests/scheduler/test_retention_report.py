"""Each purpose's period to the hour, and the report that the office signs (domain P-16)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from handlers import consent
from handlers.dialogue import State
from outreach.privacy import retention
from outreach.privacy.periods import BY_PURPOSE, PERIODS
from outreach.privacy.retention import RetentionRefused
from records import (
    consents,
    line_drafts,
    outbox,
    people,
    privacy_retention,
    privacy_wordings,
    sharing,
)
from records import inbound as heard
from records import tickets as requests
from records.consents import CORE, Said
from records.database import Database, Session
from records.gaps import Gap
from records.line_drafts import Draft
from records.people import Entered, Source
from records.pictures import Picture
from records.privacy_retention import Line, Purpose
from records.questions import OpenQuestion
from records.relays import RelayLine
from records.reminders import ReminderRow
from records.sweeps import Door, Sweep
from records.tickets import Author, NewTicket, TicketKind
from records.told import ToldEntry
from records.vault import Vault
from scheduler.jobs import JOBS
from scheduler.means import Means
from scheduler.runner import Runner
from tests.support.builders import a_conversation, an_inbound
from tests.support.shipped import shipped

VAULT = Vault("for tests")
START = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


async def _run(database: Database, name: str, now: datetime) -> None:
    job = next(job for job in JOBS if job.name == name)
    assert await Runner(Means(database, VAULT, shipped), now=lambda: now).by_hand(job) is not None


def _draft(session: Session) -> None:
    row = a_conversation(START)
    row.state, row.draft_until = VAULT.seal(State().as_dict()), START + 30 * DAY
    session.add(row)


def _proxy(session: Session) -> None:
    entered = Entered({}, {}, source=Source.PROXY)
    people.enter(session, VAULT, "one", entered, at=START, entered_by="fake:42")


def _registered(session: Session, intent: str = "not_returning") -> None:
    entered = Entered(codes={"intent": intent}, texts={}, said=(Said(CORE, True, START, "1"),))
    people.enter(session, VAULT, "one", entered, at=START)


def _message(session: Session) -> None:
    heard.store(session, [an_inbound(START, channel="fake")])
    heard.mark_done(session, [1], START)


def _passed_on(session: Session) -> None:
    line = RelayLine(
        person_id="one",
        helper="周敏",
        help="mentor",
        by="helper",
        arrived=True,
        sealed=VAULT.seal("x"),
        at=START,
    )
    session.add(line)


def _ticket(session: Session) -> None:
    new = NewTicket("G7K2M4", TicketKind.TALK, "想找人说说")
    requests.raise_ticket(session, VAULT, new, channel="fake", chat="42", at=START)
    requests.close(session, "G7K2M4", at=START)
    requests.add_line(session, VAULT, "G7K2M4", author=Author.PERSON, text="想问", at=START)


def _proof(session: Session) -> None:
    consents.note(session, "one", [Said(CORE, True, START, "1")], channel="fake")
    consents.end(session, "one", at=START)


def _shared(session: Session) -> None:
    wanted = sharing.Wanted("one", "定陶农商行", ("name",), "loan", 30)
    sharing.ask(session, wanted, version="1", by="小周", at=START)


def _question(session: Session) -> None:
    row = OpenQuestion(
        text="x", area="", decision="", score=0.0, reason="", entries="", asked_at=START
    )
    session.add(row)


def _gap(session: Session) -> None:
    session.add(Gap(area="", text="x", state="open", opened_at=START, last_at=START))


def _told(session: Session) -> None:
    session.add(ToldEntry(conversation="fake:42", entry="e", told_at=START))


def _picture(session: Session) -> None:
    session.add(Picture(id="p", sealed=VAULT.seal("x"), at=START))


def _line(session: Session) -> None:
    line_drafts.keep(session, VAULT, "小刘", [Draft(1, "x", "", START)])


def _door(session: Session) -> None:
    session.add(Sweep(id=1, place="p1", words="", started_at=START, started_by="小刘"))
    session.flush()
    session.add(Door(sweep_id=1, number=1, sealed=VAULT.seal("x"), state="open"))


def _forgotten(session: Session) -> None:
    row = a_conversation(START)
    row.state, row.forget_at = VAULT.seal(State().as_dict()), START + timedelta(minutes=10)
    session.add(row)


def _reminder(session: Session) -> None:
    row = ReminderRow(
        key="k",
        whom="person:one",
        kind="course",
        payload=b"",
        state="said",
        due=START,
        until=START,
        settled_at=START,
    )
    session.add(row)


@pytest.mark.parametrize(
    ("purpose", "made", "life"),
    [
        (Purpose.DRAFTS, _draft, 30 * DAY),
        (Purpose.PENDING, _proxy, 30 * DAY),
        (Purpose.NO_INTENT, _registered, 365 * DAY),
        (Purpose.MESSAGES, _message, 180 * DAY),
        (Purpose.MESSAGES, _passed_on, 180 * DAY),
        (Purpose.REQUESTS, _ticket, 180 * DAY),
        (Purpose.PROOFS, _proof, 3 * 365 * DAY),
        (Purpose.PROOFS, _shared, 3 * 365 * DAY),
        (Purpose.QUESTIONS, _question, 180 * DAY),
        (Purpose.QUESTIONS, _gap, 180 * DAY),
        (Purpose.TOLD, _told, 365 * DAY),
        (Purpose.FILES, _picture, 3 * DAY),
        (Purpose.LINES, _line, 30 * DAY),
        (Purpose.LINES, _door, 180 * DAY),
        (Purpose.DELETED, _forgotten, timedelta(minutes=10)),
        (Purpose.REMINDERS, _reminder, 180 * DAY),
    ],
)
async def test_data_goes_when_its_time_is_over_and_not_before(
    database: Database, purpose: Purpose, made: Callable[[Session], None], life: timedelta
) -> None:
    await database.run(made)
    early, late = START + life - timedelta(minutes=1), START + life + timedelta(minutes=1)
    assert (await _erased(database, purpose, early), (await _erased(database, purpose, late))) in (
        (0, 1),
        (0, 2),  # a ticket's line, and its subject
    )


async def _erased(database: Database, purpose: Purpose, now: datetime) -> int:
    """How many rows of a purpose had gone by then."""
    await _run(database, BY_PURPOSE[purpose].job, now)
    last = privacy_retention.day_of(now)
    sums = await database.read(privacy_retention.sums, last - 4000 * DAY, last)
    return sums.get(purpose, 0)


def test_each_purpose_has_a_period_and_a_job() -> None:
    assert [one.purpose for one in PERIODS] == list(Purpose)
    assert {one.job for one in PERIODS} - {""} <= {job.name for job in JOBS}


async def _report(database: Database, now: datetime) -> dict[Purpose, Line]:
    await _run(database, "retention_report", now)
    report = await database.read(
        lambda s: privacy_retention.of_day(s, privacy_retention.day_of(now))
    )
    assert report is not None
    return {line.purpose: line for line in report.lines}


async def test_a_report_says_what_is_kept_why_and_what_goes_next(database: Database) -> None:
    await database.run(_registered)
    await database.run(_ticket)
    line = (await _report(database, START + 10 * DAY))[Purpose.NO_INTENT]
    assert (line.looked_at, line.coming, line.kept) == (1, 0, {"in_touch": 1})
    lines = await _report(database, START + 364 * DAY + HOUR)
    assert lines[Purpose.NO_INTENT].coming == 1
    assert lines[Purpose.REQUESTS].coming == 1


async def test_who_goes_next_can_be_seen_by_name(database: Database) -> None:
    await database.run(_registered)
    look = retention.due_people
    assert await database.read(look, START + 300 * DAY, 9) == []
    due = await database.read(look, START + 364 * DAY + HOUR, 9)
    assert due == [(Purpose.NO_INTENT, "one")]


async def test_who_still_means_to_return_is_kept_and_counted(database: Database) -> None:
    await database.run(lambda s: _registered(s, "thinking"))
    lines = await _report(database, START + 3000 * DAY)
    assert lines[Purpose.OPEN].kept == {"intent": 1}


async def test_a_report_is_signed_when_its_day_is_over(database: Database) -> None:
    await _report(database, START)
    with pytest.raises(RetentionRefused):
        await database.run(lambda s: retention.sign(s, by="王芳", now=START))
    [signed] = await database.run(lambda s: retention.sign(s, by="王芳", now=START + DAY))
    assert signed.day == privacy_retention.day_of(START)
    [kept] = await database.read(privacy_retention.latest, 9)
    assert kept.signed_by == "王芳"
    assert retention.is_whole(kept)


async def test_what_was_changed_after_signing_shows(database: Database) -> None:
    await _report(database, START)
    await database.run(lambda s: retention.sign(s, by="王芳", now=START + DAY))
    await database.run(lambda s: privacy_retention.note(s, Purpose.TOLD, 7, at=START))
    [kept] = await database.read(privacy_retention.latest, 9)
    assert not retention.is_whole(kept)


async def test_the_wording_that_people_agree_to_is_kept(database: Database) -> None:
    await _report(database, START)
    kept = await database.read(privacy_wordings.of, [consent.version()])
    assert "退出" in kept[consent.version()].words


def test_half_a_year_is_the_same_everywhere() -> None:
    assert outbox.kept_since(START) == START - requests.TALK_LIFE
