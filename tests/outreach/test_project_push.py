"""Projects come unasked to whom they fit and who agreed: in two weeks one, none twice, why."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from handlers.places import country
from matching.codes import Evidence
from outreach.projects import keeping
from outreach.projects.pushing import push
from records import consents, outbox, people, project_people, projects, stops, unasked
from records.consents import CORE, PUSH, Said
from records.database import Database, Session
from records.outbox import OutboxRow
from records.people import Entered
from records.project_people import Answer, ProjectShown
from records.projects import ProjectRow
from records.stops import StopReason
from records.vault import Vault
from tests.support.builders import a_conversation
from tests.support.library import stock

EVENING = datetime(2026, 11, 22, 10, 1, tzinfo=UTC)  # six in China
DAY, DINGTAO = timedelta(days=1), "371703"
SEWS = {"want_kind": ["workshop"], "skills": ["sewing"], "lacks": ["sales"]}


def _register(
    session: Session, vault: Vault, chat: str, codes: Mapping[str, Any], *, agreed: bool = True
) -> None:
    said = [Said(CORE, True, EVENING, "1")] + ([Said(PUSH, True, EVENING, "1")] if agreed else [])
    session.add(a_conversation(EVENING, chat=chat))
    entered = Entered(codes=codes, texts={}, area=DINGTAO, said=tuple(said))
    people.enter(session, vault, chat, entered, at=EVENING, account=f"fake:{chat}")
    consents.note(session, chat, said, channel="fake")


@pytest.fixture
async def library(database: Database, vault: Vault) -> Database:
    """Projects in every county, and somebody of Dingtao who sews."""
    await database.run(stock, vault, EVENING - DAY)
    await database.run(_register, vault, "1", SEWS)
    return database


async def _push(database: Database, vault: Vault, at: datetime) -> int:
    return (await push(database, vault, country(), at))["told"]


def _queued(session: Session, vault: Vault) -> list[str]:
    rows = session.execute(select(OutboxRow)).scalars()
    return [str(vault.open(row.payload)["text"]) for row in rows]


async def test_the_card_says_what_why_what_to_mind_and_who_says_so(
    library: Database, vault: Vault
) -> None:
    assert await _push(library, vault, EVENING) == 1
    (text,) = await library.read(_queued, vault)
    for part in ("缝纫来料加工点", "推荐给您因为：①您想干办厂来料加工", "要注意", "核实"):
        assert part in text
    assert len(text) <= 90


async def test_the_reasons_are_kept_with_what_was_shown(library: Database, vault: Vault) -> None:
    await _push(library, vault, EVENING)
    shown = (await library.read(lambda s: list(s.execute(select(ProjectShown)).scalars())))[0]
    assert (shown.person_id, shown.way) == ("1", "push")
    assert [reason["field"] for reason in shown.reasons] == ["seeker.wants", "seeker.skills"]


async def test_nothing_more_for_two_weeks_and_then_another(
    library: Database, vault: Vault
) -> None:
    codes = {**SEWS, "want_kind": ["workshop", "online"], "skills": ["sewing", "online"]}
    await library.run(_register, vault, "2", codes)
    told = [await _push(library, vault, EVENING + n * DAY) for n in range(15)]
    assert (sum(told[:14]), told[0], told[14]) == (2, 2, 1)
    seen = await library.read(project_people.pushed, ["2"])
    assert len({project for project, _ in seen["2"]}) == 2


def _stop(session: Session, vault: Vault) -> None:
    stops.stop(session, ["fake:1"], reason=StopReason.ASKED, since=EVENING)


def _withdraw(session: Session, vault: Vault) -> None:
    unasked.withdraw(session, vault, "fake:1", EVENING)
    people.set_aside(session, "1", at=EVENING)


def _look_away(session: Session, vault: Vault) -> None:
    people.choose_view(session, ["1"], is_personal=False)


def _share(session: Session, vault: Vault) -> None:
    entered = Entered(codes={}, texts={}, area=DINGTAO, said=(Said(CORE, True, EVENING, "1"),))
    people.enter(session, vault, "other", entered, at=EVENING, account="fake:1")


def _unverified(session: Session, vault: Vault) -> None:
    session.execute(update(ProjectRow).values(evidence=Evidence.UNVERIFIED.value))


def _stale(session: Session, vault: Vault) -> None:
    session.execute(update(ProjectRow).values(verified_on=(EVENING - 181 * DAY).date()))


def _refuse_the_line(session: Session, vault: Vault) -> None:
    for number in (1, 2):
        project_people.answer(
            session, "1", number, Answer.REFUSED, category="workshop", at=EVENING - DAY
        )


@pytest.mark.parametrize(
    "change", [_stop, _withdraw, _look_away, _share, _unverified, _stale, _refuse_the_line]
)
async def test_nobody_is_told_who_or_what_may_not(
    library: Database, vault: Vault, change: Any
) -> None:
    await library.run(change, vault)
    assert await _push(library, vault, EVENING) == 0


async def test_without_consent_there_is_nothing(library: Database, vault: Vault) -> None:
    await library.run(lambda s: _register(s, vault, "3", SEWS, agreed=False))
    assert await _push(library, vault, EVENING) == 1


async def test_by_night_nothing_is_queued(library: Database, vault: Vault) -> None:
    assert await _push(library, vault, EVENING + timedelta(hours=4)) == 0


async def test_what_is_paused_meanwhile_is_not_sent(library: Database, vault: Vault) -> None:
    await _push(library, vault, EVENING)

    def pause(session: Session) -> list[str]:
        number = next(
            row.number
            for row in projects.within(session, [DINGTAO])
            if row.title == "缝纫来料加工点"
        )
        keeping.pause(session, number, by="staff:甲", now=EVENING, note="订单断了")
        return [row.state for row in session.execute(select(OutboxRow)).scalars()]

    assert await library.run(pause) == [outbox.OutboxState.STOPPED.value]


async def test_a_project_is_shown_to_no_more_than_its_cap(library: Database, vault: Vault) -> None:
    for number in range(40):
        await library.run(_register, vault, f"x{number}", SEWS)
    await library.run(
        lambda s: s.execute(update(ProjectRow).values(slots=1)) and None  # the cap is 20
    )
    assert await _push(library, vault, EVENING) == 20
