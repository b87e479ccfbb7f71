"""Cases: what gives somebody away, what is a success, what is told, who is asked how often."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from outreach.calendars import CHINA
from outreach.cases import asking, cards, moving, publishing, quota, recalling, serving, success
from outreach.cases.moving import CaseRefused
from outreach.cases.publishing import Leave
from outreach.cases.success import Doubt
from outreach.cases.traces import Held, Trace, found
from outreach.privacy import ledger
from outreach.texts import say
from records import ambassadors, cases, consents, entities, erasure, people, visits
from records import staff_accounts as staff
from records.cases import CONSENT, CaseStep, NewCase, Step, Text, Tier
from records.database import Database, Session
from records.entities import EntityState
from records.outbox import OutboxRow
from records.staff_accounts import StaffRole
from records.vault import Vault
from records.visits import Light, Standing, Told, VisitKind
from tests.support.told_case import a_business, a_lead, a_person, told_case
from tests.support.told_case import read as read_case

HELD = Held(
    names=("王建国",), places=("陈集镇王庄村", "王庄村", "陈集"), firms=("周记蘑菇", "周记")
)
SOON = Held(names=("老周",))


@pytest.mark.parametrize(
    ("text", "known", "traces"),
    [
        ("种蘑菇，三个棚，带动12人", HELD, ()),
        ("王建国种蘑菇", HELD, (Trace.NAME,)),
        ("王 建 国 种蘑菇", HELD, (Trace.NAME,)),
        ("王健国种蘑菇", HELD, (Trace.NAME,)),
        ("建国种蘑菇", HELD, (Trace.NAME,)),
        ("王老板种蘑菇", HELD, (Trace.NAME,)),
        ("老王种蘑菇", HELD, (Trace.NAME,)),
        ("王師傅種蘑菇", HELD, (Trace.NAME,)),
        ("周总种蘑菇", SOON, (Trace.NAME,)),
        ("一周能收两茬，不周到", SOON, ()),
        ("在王庄村种蘑菇", HELD, (Trace.PLACE,)),
        ("陈集的蘑菇", HELD, (Trace.PLACE,)),
        ("周记的蘑菇", HELD, (Trace.FIRM,)),
        ("电话13700009999", Held(), (Trace.NUMBER,)),
        ("电话137-0000-9999", Held(), (Trace.NUMBER,)),
        ("电话一三七零零零零九九九九", Held(), (Trace.NUMBER,)),
        ("座机0530-2198765", Held(), (Trace.NUMBER,)),
        ("编号372922199001011234", Held(), (Trace.NUMBER,)),
        ("一年卖了2000000元，2021 2022两年", Held(), ()),
        ("加微信zhou_1988", Held(), (Trace.ACCOUNT,)),
        ("抖音直播一年", Held(), ()),
    ],
)
def test_what_leads_to_somebody_is_found(
    text: str, known: Held, traces: tuple[Trace, ...]
) -> None:
    assert found(text, known, is_named=False) == traces


def test_with_their_name_only_numbers_and_accounts_are_too_much() -> None:
    text = "王建国，王庄村，周记，13700009999，微信zhou_1988"
    assert found(text, HELD, is_named=True) == (Trace.NUMBER, Trace.ACCOUNT)


@pytest.mark.parametrize(
    ("leave", "name"),
    [(Leave.NAMED, "老周"), (Leave.NAMELESS, ""), (Leave.NO, None)],
)
async def test_a_story_is_told_as_the_person_wants(
    database: Database, vault: Vault, now: datetime, leave: Leave, name: str | None
) -> None:
    def read(session: Session) -> str | None:
        story = publishing.story(session, vault, told_case(session, vault, now, leave))
        return story.name if story else None

    assert await database.run(read) == name


def _withdrawn(session: Session, vault: Vault, now: datetime) -> None:
    consents.end(session, "zhou", at=now)


def _set_aside(session: Session, vault: Vault, now: datetime) -> None:
    people.set_aside(session, "zhou", at=now)


def _dead(session: Session, vault: Vault, now: datetime) -> None:
    people.mark_deceased(session, "zhou", at=now)


def _closed(session: Session, vault: Vault, now: datetime) -> None:
    known = {"state": EntityState.CLOSED.value, "closed_on": now.date()}
    entities.change(session, vault, "firm", known, source="小陈", at=now)


def _edited(session: Session, vault: Vault, now: datetime) -> None:
    moving.write(session, vault, 1, Text("题", "另一个"), by="小陈", now=now)


def _held_back(session: Session, vault: Vault, now: datetime) -> None:
    moving.hold_back(session, vault, 1, why="错", by="小刘", now=now)


def _lowered(session: Session, vault: Vault, now: datetime) -> None:
    moving.move(session, vault, 1, Tier.GROWING, why="再看看", by="小刘", now=now)


def _erased(session: Session, vault: Vault, now: datetime) -> None:
    erasure.erase(session, "zhou", counted=(), at=now)


def _said_no(session: Session, vault: Vault, now: datetime) -> None:
    asking.answered(session, vault, "zhou", Leave.NO, channel="fake", now=now)


@pytest.mark.parametrize(
    "change",
    [_withdrawn, _set_aside, _dead, _closed, _edited, _held_back, _lowered, _erased, _said_no],
)
async def test_nothing_is_told_and_the_card_comes_back(
    database: Database, vault: Vault, now: datetime, change: object
) -> None:
    def read(session: Session) -> tuple[object, list[str]]:
        story = publishing.story(session, vault, told_case(session, vault, now, Leave.NAMED))
        assert story is not None
        cards.take(session, story, keeper="小刘", now=now)
        change(session, vault, now)  # type: ignore[operator]
        recalling.call_back(session, vault, now)
        recalling.call_back(session, vault, now)
        return publishing.numbered(session, vault, 1), _keepers(session)

    assert await database.run(read) == (None, ["小刘"])


def _keepers(session: Session) -> list[str]:
    rows = session.execute(select(OutboxRow)).scalars()
    return [row.chat for row in rows if "/back/" in row.dedupe_key]


async def test_who_takes_back_only_the_name_gets_back_the_cards_with_it(
    database: Database, vault: Vault, now: datetime
) -> None:
    def read(session: Session) -> tuple[bool, list[str]]:
        story = publishing.story(session, vault, told_case(session, vault, now, Leave.NAMED))
        assert story is not None
        cards.take(session, story, keeper="小刘", now=now)
        asking.answered(session, vault, "zhou", Leave.NAMELESS, channel="fake", now=now)
        return publishing.numbered(session, vault, 1) is not None, _keepers(session)

    assert await database.run(read) == (True, ["小刘"])


async def test_a_text_that_names_them_waits_where_they_want_no_name(
    database: Database, vault: Vault, now: datetime
) -> None:
    def write(session: Session) -> None:
        told_case(session, vault, now, Leave.NAMELESS)
        text = Text("蘑菇", "老周在王庄村的周记")
        moving.write(session, vault, 1, text, by="小陈", now=now)
        moving.review(session, vault, 1, by="小刘", now=now)

    with pytest.raises(CaseRefused, match="姓名或称呼、村镇、店名、厂名"):
        await database.run(write)


async def test_an_erased_person_takes_story_history_and_copies_along(
    database: Database, vault: Vault, now: datetime
) -> None:
    def read(session: Session) -> tuple[int, int, int]:
        told_case(session, vault, now, Leave.NAMED)
        ambassadors.ask(session, 1, "zhou", months=12, staff="小刘", at=now)
        key = f"of:{cases.shown_as(1)}:re:1:0"
        session.add(_sent(key, now))
        session.flush()
        erasure.erase(session, "zhou", counted=(), at=now)
        kept = list(session.execute(select(OutboxRow)).scalars())
        steps = list(session.execute(select(CaseStep)).scalars())
        of_them = ambassadors.of_people(session, ["zhou"])
        return len(steps), len(of_them), sum(row.dedupe_key == key for row in kept)

    assert await database.run(read) == (0, 0, 0)


def _sent(key: str, now: datetime) -> OutboxRow:
    return OutboxRow(
        channel="fake",
        chat="reader",
        conversation="fake:reader",
        dedupe_key=key,
        payload=b"",
        priority=1,
        state="sent",
        created_at=now,
        due=now,
    )


_RED = Told(VisitKind.CALL, light=Light.RED)
_SHUT = Told(VisitKind.CALL, standing=Standing.CLOSED)
_OPEN = Told(VisitKind.CALL, standing=Standing.OPEN)
_MISSED = Told(VisitKind.NO_ANSWER)


@pytest.mark.parametrize(
    ("months", "told", "doubt"),
    [
        (8, (), None),
        (2, (), Doubt.YOUNG),
        (2, (_OPEN,), None),
        (2, (_MISSED,), Doubt.YOUNG),
        (8, (_RED,), Doubt.RED),
        (8, (_RED, Told(VisitKind.CALL, light=Light.GREEN)), None),
        (8, (_SHUT,), Doubt.CLOSED),
        (None, (), Doubt.NONE),
    ],
)
async def test_success_is_a_business_that_is_alive(
    database: Database,
    vault: Vault,
    now: datetime,
    months: int | None,
    told: Iterable[Told],
    doubt: Doubt | None,
) -> None:
    def read(session: Session) -> Doubt | None:
        if months is not None:
            a_business(session, vault, now, months)
        for each in told:
            visits.log(session, vault, "zhou", each, helper="小陈", at=now)
        return success.doubt(session, vault, "zhou", now)

    assert await database.run(read) is doubt


@pytest.mark.parametrize(
    ("days", "is_asked"), [(0, False), (179, False), (181, True)], ids=["now", "later", "then"]
)
async def test_after_a_no_nobody_is_asked_for_half_a_year(
    database: Database, vault: Vault, now: datetime, days: int, is_asked: bool
) -> None:
    def read(session: Session) -> str:
        case = told_case(session, vault, now, Leave.NO)
        later = now + timedelta(days=days)
        return asking.hindrance(session, vault, case, later)

    assert (await database.run(read) == "") is is_asked


async def test_nobody_is_asked_thrice_in_a_year(
    database: Database, vault: Vault, now: datetime
) -> None:
    def read(session: Session) -> list[bool]:
        told_case(session, vault, now, Leave.NO)
        moments = [now + timedelta(days=each) for each in (200, 400, 500, 570)]
        asked = []
        for moment in moments:
            case = read_case(session, vault, 1)
            asked.append(not asking.hindrance(session, vault, case, moment))
            if asked[-1]:
                asking.ask(session, vault, case, by="小陈", now=moment)
        return asked

    assert await database.run(read) == [True, True, False, True]


async def test_by_itself_each_is_asked_once(
    database: Database, vault: Vault, now: datetime
) -> None:
    def read(session: Session) -> list[int]:
        a_person(session, vault, now)
        a_business(session, vault, now)
        number = a_lead(session, vault, now).number
        first = asking.ask_some(session, vault, now)
        moving.move(session, vault, number, Tier.GROWING, why="好", by="小陈", now=now)
        return [first, asking.ask_some(session, vault, now), asking.ask_some(session, vault, now)]

    assert await database.run(read) == [0, 1, 0]


async def test_an_ambassador_serves_until_the_term_is_over(
    database: Database, vault: Vault, now: datetime
) -> None:
    def read(session: Session) -> list[bool]:
        case = told_case(session, vault, now, Leave.NAMED)
        assert serving.hindrance(session, vault, case, now) == ""
        serving.ask(session, vault, case, months=6, by="小刘", now=now)
        serving.answered(session, vault, "zhou", says_yes=True, channel="fake", now=now)
        moments = (now, now + timedelta(days=170), now + timedelta(days=190))
        return [serving.serving(session, case, moment) is not None for moment in moments]

    assert await database.run(read) == [True, True, False]


async def test_only_the_teller_of_a_story_that_is_told_is_asked_to_serve(
    database: Database, vault: Vault, now: datetime
) -> None:
    def read(session: Session) -> str:
        case = told_case(session, vault, now, Leave.NO)
        return serving.hindrance(session, vault, case, now)

    assert "典型" in await database.run(read)


@pytest.mark.parametrize(
    ("home", "found"),
    [("371703", [1]), ("371724", [1]), ("370102", [1]), ("430381", []), ("", [1])],
)
async def test_examples_are_near(
    database: Database, vault: Vault, now: datetime, home: str, found: list[int]
) -> None:
    def read(session: Session) -> list[int]:
        told_case(session, vault, now, Leave.NAMELESS)
        stories = publishing.near(session, vault, home, frozenset(), 3)
        return [story.case.number for story in stories]

    assert await database.run(read) == found


async def test_five_a_year_are_owed_and_each_counts_once(database: Database, vault: Vault) -> None:
    def read(session: Session) -> list[tuple[int, int]]:
        at = datetime(2026, 12, 31, 23, 0, tzinfo=CHINA)
        told_case(session, vault, at, Leave.NAMED)
        years = (2025, 2026, 2027)
        found = [quota.of_year(session, ["371703"], year)[0] for year in years]
        return [(one.recommended, one.missing) for one in found]

    assert await database.run(read) == [(0, 5), (1, 4), (0, 5)]


@pytest.mark.parametrize(("month", "owing"), [(6, 0), (7, 1), (12, 1)])
async def test_counties_are_reminded_in_the_second_half_of_the_year(
    database: Database, vault: Vault, month: int, owing: int
) -> None:
    def read(session: Session) -> int:
        at = datetime(2026, month, 1, 9, 0, tzinfo=CHINA)
        for name, area in (("小刘", "371703"), ("老张", "371700")):
            staff.add(session, name, role=StaffRole.STAFF, area=area, at=at, actor="system")
        return quota.remind(session, vault, at)

    assert await database.run(read) == owing


async def test_the_card_of_the_week_goes_round(
    database: Database, vault: Vault, now: datetime
) -> None:
    def read(session: Session) -> list[int]:
        first = told_case(session, vault, now, Leave.NAMED)
        new = NewCase("zhou", "371703", "farming")
        second = moving.add(session, vault, new, by="小陈", now=now)
        cases.write(session, vault, second, first.text)
        cases.change(session, second, tier=Tier.TYPICAL.value, reviewed_by="小刘")
        taken = []
        for day in range(3):
            story = cards.of_the_week(session, vault, "371700")
            assert story is not None
            cards.take(session, story, keeper="小刘", now=now + timedelta(days=day))
            taken.append(story.case.number)
        return taken

    assert await database.run(read) == [1, 2, 1]


async def test_who_moved_it_when_and_why_is_kept(
    database: Database, vault: Vault, now: datetime
) -> None:
    def read(session: Session) -> list[tuple[Step, str, str, str]]:
        told_case(session, vault, now, Leave.NAMED)
        steps = cases.history(session, vault, 1)
        moves = [s for s in steps if s.step in (Step.MOVED, Step.PROPOSED)]
        return [(s.step, s.tier, s.staff, s.why) for s in moves]

    assert await database.run(read) == [
        (Step.MOVED, "线索", "小陈", ""),
        (Step.MOVED, "培育", "小陈", "好"),
        (Step.PROPOSED, "典型", "小陈", "好"),
        (Step.MOVED, "典型", "小刘", ""),
    ]


async def test_nobody_agrees_to_or_reviews_their_own(
    database: Database, vault: Vault, now: datetime
) -> None:
    def read(session: Session) -> list[str | None]:
        case = told_case(session, vault, now, Leave.NAMED)
        open_again = replace(case, reviewed_by="", proposed_by="小陈")
        bars = (
            moving.bar_to_agree(open_again, "小陈"),
            moving.bar_to_review(open_again, "小陈"),
            moving.bar_to_agree(open_again, "小刘"),
            moving.bar_to_review(open_again, "小刘"),
        )
        return [bar.name if bar else None for bar in bars]

    assert await database.run(read) == ["SELF", "OWN_TEXT", None, None]


async def test_the_words_that_were_agreed_to_are_kept(
    database: Database, vault: Vault, now: datetime
) -> None:
    def agreed(session: Session) -> list[str]:
        told_case(session, vault, now, Leave.NAMED)
        return [one.words for one in ledger.of_person(session, "zhou") if one.kind == CONSENT]

    words = await database.run(agreed)
    assert words == [say("case.ask")]
