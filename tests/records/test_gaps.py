"""Gaps count their questions, are merged and closed; who asked is forgotten when it is over."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from records import gaps, questions
from records.database import Database, Session
from records.gaps import Closing, Gap, GapState, NoSuchGap
from records.questions import Asked, OpenQuestion, Reason

HALF_A_YEAR = timedelta(days=181)


def _ask(
    session: Session, at: datetime, text: str = "有托育补贴吗", reason: Reason = Reason.UNANSWERED
) -> None:
    asked = Asked(text, "430381", "unknown", 0.1, at, reason, ("a", "b"), "fake:42")
    questions.note(session, asked)


def _all_in_one(session: Session) -> int:
    first, *rest = gaps.ungrouped(session, 99)
    number = gaps.open_new(session, first, "430300")
    for wording in rest:
        gaps.join(session, number, wording)
    return number


async def _gap(database: Database, now: datetime, *reasons: Reason) -> int:
    for minutes, reason in enumerate(reasons or (Reason.UNANSWERED,)):
        await database.run(_ask, now + timedelta(minutes=minutes), f"问法{minutes}", reason)
    return await database.run(_all_in_one)


def _closing(now: datetime, state: GapState = GapState.ANSWERED) -> Closing:
    return Closing(state, by="小刘", at=now, entry="x-1")


async def test_a_gap_knows_how_often_and_why_it_was_asked(
    database: Database, now: datetime
) -> None:
    number = await _gap(database, now, Reason.UNANSWERED, Reason.USELESS, Reason.USELESS)
    gap = await database.read(gaps.get, number)
    assert (gap.area, gap.text, gap.asked) == ("430300", "问法0", 3)
    assert gap.reasons == {"unanswered": 1, "useless": 2}
    assert (gap.opened_at, gap.last_at) == (now, now + timedelta(minutes=2))


async def test_its_wordings_are_kept_with_what_they_were_answered(
    database: Database, now: datetime
) -> None:
    number = await _gap(database, now)
    [wording] = (await database.read(gaps.wordings, [number]))[number]
    assert (wording.text, wording.entries, wording.area) == ("问法0", ("a", "b"), "430381")


async def test_what_is_asked_most_is_listed_first(database: Database, now: datetime) -> None:
    rare = await _gap(database, now)
    often = await _gap(database, now, Reason.UNANSWERED, Reason.DOUBTFUL)
    listed = await database.read(gaps.listed, GapState.OPEN)
    assert [gap.id for gap in listed] == [often, rare]
    assert await database.read(gaps.listed, GapState.OPEN, ["371703"]) == []


async def test_two_gaps_of_one_meaning_become_one(database: Database, now: datetime) -> None:
    one = await _gap(database, now, Reason.UNANSWERED, Reason.USELESS)
    other = await _gap(database, now, Reason.USELESS)
    await database.run(gaps.merge, one, other)
    kept = await database.read(gaps.get, other)
    assert (kept.asked, kept.reasons) == (3, {"unanswered": 1, "useless": 2})
    assert len((await database.read(gaps.wordings, [other]))[other]) == 3
    with pytest.raises(NoSuchGap):
        await database.read(gaps.get, one)


async def test_only_an_open_gap_is_closed_merged_or_joined(
    database: Database, now: datetime
) -> None:
    number, other = await _gap(database, now), await _gap(database, now)
    await database.run(gaps.close, number, _closing(now))
    for work in (
        lambda s: gaps.close(s, number, _closing(now)),
        lambda s: gaps.merge(s, number, other),
        lambda s: gaps.merge(s, other, number),
    ):
        with pytest.raises(NoSuchGap):
            await database.run(work)


async def test_who_asked_what_is_dismissed_is_forgotten(database: Database, now: datetime) -> None:
    number = await _gap(database, now)
    await database.run(gaps.close, number, _closing(now, GapState.DISMISSED))
    assert await database.read(_conversations) == [""]
    assert await database.read(gaps.askers, 9) == []


async def test_askers_wait_until_their_gap_is_answered(database: Database, now: datetime) -> None:
    number = await _gap(database, now)
    assert await database.read(gaps.askers, 9) == []
    await database.run(gaps.close, number, _closing(now))
    [asker] = await database.read(gaps.askers, 9)
    assert (asker.conversation, asker.entry, asker.gap) == ("fake:42", "x-1", number)
    await database.run(gaps.forget_asker, number, "fake:42")
    assert await database.read(gaps.askers, 9) == []


async def test_a_question_that_means_something_else_is_grouped_anew(
    database: Database, now: datetime
) -> None:
    number = await _gap(database, now, Reason.UNANSWERED, Reason.USELESS)
    wordings = (await database.read(gaps.wordings, [number]))[number]
    await database.run(gaps.release, number, wordings[1:])
    gap = await database.read(gaps.get, number)
    assert (gap.asked, gap.reasons) == (1, {"unanswered": 1, "useless": 0})
    assert [w.id for w in await database.read(gaps.ungrouped, 9)] == [wordings[1].id]


async def test_half_a_year_after_the_last_question_nothing_is_left(
    database: Database, now: datetime
) -> None:
    await _gap(database, now - HALF_A_YEAR)
    await _gap(database, now)
    assert await database.run(gaps.prune, now) == 1
    assert await database.run(questions.prune, now) == 1
    assert len(await database.read(_conversations)) == 1


async def test_who_is_erased_leaves_questions_that_name_nobody(
    database: Database, now: datetime
) -> None:
    await _gap(database, now)
    await database.run(questions.forget_asker, "fake:42")
    assert await database.read(_conversations) == [""]
    assert len(await database.read(gaps.listed, GapState.OPEN)) == 1


def test_a_gap_has_no_column_for_who_asked() -> None:
    assert not {name for name in Gap.model_fields if "conversation" in name or "person" in name}


def _conversations(session: Session) -> list[str]:
    table = OpenQuestion.__table__  # type: ignore[attr-defined]
    return list(session.execute(table.select().with_only_columns(table.c.conversation)).scalars())
