"""Waves by a day of each person's own: as they are said, and whom the freeze finds when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import select

from outreach.calendars import CHINA
from outreach.campaigns import drafting, late, own_words, schedule, states
from outreach.campaigns.drafting import Split
from outreach.campaigns.own_days import Own, of_wave
from outreach.campaigns.refusing import CampaignRefused
from outreach.campaigns.schedule import LATE
from records import campaign_drafts as drafts
from records.campaigns import CampaignRecipient, OwnDay, Reason
from records.database import Database, Session
from records.own_days import Due
from records.people import Person
from records.person_facts import PersonFacts
from records.vault import Vault
from tests.support import campaign_stage as stage
from tests.support.campaign_stage import FAKE, NOW, OFFICE, SECOND, WRITER

_R = CampaignRecipient.__table__.c  # type: ignore[attr-defined]
MORNING = time(9, 30)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("返乡前3天 9:30", "每人返乡前3天 09:30"),
        ("办照满6个月那天", "每人办照满6个月 09:00"),
        ("登记满30天 晚上", "每人登记满30天 晚上"),
        ("登记满30天 每人晚上", "每人登记满30天 晚上"),
        ("回来前一周晚上7点", "每人返乡前7天 19:00"),
        ("返乡3天前", "每人返乡前3天 09:00"),
        ("返乡当天", "每人返乡当天 09:00"),
        ("回老家后两天 上午10点", "每人返乡后2天 10:00"),
        ("营业执照满一年半", "每人办照满18个月 09:00"),
        ("执照满六个月前3天", "每人办照满6个月前3天 09:00"),
        ("办照半年后", "每人办照满6个月 09:00"),
        ("登记第二天", "每人登记满1天 09:00"),
        ("登记后一个半月", "每人登记满1个月后15天 09:00"),
    ],
)
def test_it_is_read_and_read_back(said: str, words: str) -> None:
    found = own_words.read(said)
    assert found is not None
    assert found.words == words
    assert own_words.read(found.words) == found


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("生日当天", "生日没有登记"),
        ("注册满30天", "登记或办照"),
        ("登记前3天", "已经过了的日子"),
        ("办照前一个月", "已经过了的日子"),
        ("返乡前几天", "前后多久"),
        ("返乡前3天 21:00", "不打扰人"),
        ("登记满30天 25:00", "没说清几点"),
        ("登记满30天早上", "没说清几点"),
        ("办照满500年", "隔得太远"),
    ],
)
def test_what_it_cannot_be_is_said_in_words(said: str, why: str) -> None:
    with pytest.raises(CampaignRefused, match=why):
        schedule.read([said], NOW)


def test_what_goes_by_the_calendar_is_left_to_it() -> None:
    assert own_words.read("腊月廿三 9:30") is None
    assert schedule.read(["腊月廿三 晚上"], NOW)[0].words.endswith("每人的晚上")


@pytest.mark.parametrize(
    ("own", "day", "at"),
    [
        (Own(OwnDay.LICENSED, 6, 0, MORNING), date(2026, 8, 31), "2027-02-28 09:30"),
        (Own(OwnDay.RETURN, 0, -3, MORNING), date(2027, 2, 8), "2027-02-05 09:30"),
        (Own(OwnDay.RETURN, 0, 0, MORNING), date(2027, 2, 6), "2027-02-07 08:30"),  # 初一
    ],
)
def test_somebodys_moment(own: Own, day: date, at: str) -> None:
    assert f"{own.due(day).at.astimezone(CHINA):%Y-%m-%d %H:%M}" == at


RULES = ["登记满30天 晚上", "返乡前3天 9:30", "办照满6个月那天", "登记满1个月", "返乡当天 晚上"]


def _tell(session: Session, rng: Random) -> None:
    """Some told us days of theirs, near and far, some nothing."""
    for row in session.execute(select(Person)).scalars():
        near = timedelta(days=rng.randrange(-20, 80))
        if rng.random() < 0.7:
            row.codes = {**row.codes, "return_on": (NOW + near).date().isoformat()}
        if rng.random() < 0.4:
            row.codes = {**row.codes, "contact_time": "night_shift"}
        row.created_at = NOW - timedelta(days=rng.randrange(0, 60), hours=rng.randrange(24))
        if rng.random() < 0.7:
            day = (NOW - timedelta(days=rng.randrange(80, 200))).date()
            session.add(PersonFacts(person_id=row.id, registered_last=day, told_at=NOW))
    session.flush()


def _days(session: Session) -> dict[str, Mapping[OwnDay, date | None]]:
    facts = {
        f.person_id: f.registered_last for f in session.execute(select(PersonFacts)).scalars()
    }
    found: dict[str, Mapping[OwnDay, date | None]] = {}
    for row in session.execute(select(Person)).scalars():
        told = row.codes.get("return_on")
        found[row.id] = {
            OwnDay.REGISTERED: row.created_at.astimezone(CHINA).date(),
            OwnDay.RETURN: date.fromisoformat(told) if told else None,
            OwnDay.LICENSED: facts.get(row.id),
        }
    return found


def _listed(session: Session, number: int) -> list[Any]:
    query = select(_R.person_id, _R.wave, _R.reason, _R.due, _R.state, _R.channel)
    return list(session.execute(query.where(_R.campaign_id == number).order_by(_R.person_id)))


def _in_memory(turn: Due | Reason, *, is_at_night: bool) -> tuple[str, datetime | None]:
    if isinstance(turn, Reason):
        return turn.value, None
    return "", turn.early if is_at_night else turn.at


async def _frozen(database: Database, vault: Vault, count: int, waves: list[str]) -> int:
    await database.run(stage.people_of, vault, count)
    await database.run(stage.staff_of)
    number = await database.run(stage.draft)
    await database.run(drafting.plan, number, waves, "2027年3月1日 20:00", WRITER, NOW)
    return int(number)


@pytest.mark.parametrize("seed", range(2))
async def test_the_freeze_finds_for_everybody_what_is_found_for_one(
    database: Database, vault: Vault, seed: int
) -> None:
    number = await _frozen(database, vault, 120, RULES)
    await database.run(_tell, Random(seed))
    await stage.frozen(database, number)
    rules = {one.number: of_wave(one) for one in await database.read(drafts.waves, number)}
    ends = (await database.read(drafting.found, number)).ends_at
    assert ends is not None
    days, nights = await database.read(_days), await database.read(_nights)
    reasons = set()
    for row in await database.read(_listed, number):
        own = rules[row.wave]
        assert own is not None
        turn = own.turn(days[row.person_id][own.own], NOW, ends)
        wanted = _in_memory(turn, is_at_night=row.person_id in nights)
        assert (row.reason, row.due) == wanted
        reasons.add(row.reason)
    assert reasons == {"", "no_day", "day_past", "day_later"}


def _nights(session: Session) -> set[str]:
    people = session.execute(select(Person)).scalars()
    return {row.id for row in people if row.codes.get("contact_time") == "night_shift"}


async def _agreed(database: Database, number: int, at: datetime = NOW) -> None:
    await stage.frozen(database, number)
    await database.run(states.tested, number, WRITER, at)
    await database.run(states.look, number, SECOND, at)
    await database.run(states.approve, number, SECOND, at)


def _comes(session: Session, who: str, day: datetime) -> None:
    row = session.get_one(Person, who)
    row.codes = {**row.codes, "return_on": day.astimezone(CHINA).date().isoformat()}
    session.flush()


async def test_who_passes_their_day_before_it_is_agreed_to_is_left_out(
    database: Database, vault: Vault
) -> None:
    number = await _frozen(database, vault, 2, ["返乡前3天 9:30"])
    await database.run(_comes, "p000", NOW + timedelta(days=4))
    await database.run(_comes, "p001", NOW + timedelta(days=9))
    await stage.frozen(database, number)
    later = NOW + timedelta(days=2)
    await database.run(states.look, number, SECOND, later)
    await database.run(states.approve, number, SECOND, later)
    listed = await database.read(_listed, number)
    assert [(row.state, row.reason) for row in listed] == [
        ("left_out", "day_past"),
        ("planned", ""),
    ]


async def test_where_every_day_is_over_nobody_can_agree(database: Database, vault: Vault) -> None:
    number = await _frozen(database, vault, 1, ["返乡前3天 9:30"])
    await database.run(_comes, "p000", NOW + timedelta(days=4))
    await stage.frozen(database, number)
    later = NOW + timedelta(days=2)
    await database.run(states.look, number, SECOND, later)
    with pytest.raises(CampaignRefused, match="日子都过了"):
        await database.run(states.approve, number, SECOND, later)


async def test_who_tells_of_their_day_later_comes_by_it(database: Database, vault: Vault) -> None:
    number = await _frozen(database, vault, 2, ["返乡前3天 9:30"])
    await database.run(drafting.split, number, Split(takes_late=True), WRITER, NOW)
    await database.run(_comes, "p000", NOW + timedelta(days=9))
    await _agreed(database, number)
    await database.run(_comes, "p001", NOW + timedelta(days=10))
    assert await late.take_in(database, OFFICE, number, FAKE, NOW) == 1
    first, second = await database.read(_listed, number)
    assert (first.wave, second.wave, second.reason) == (1, LATE + 1, "")
    assert second.due == datetime(2027, 1, 17, 9, 30, tzinfo=CHINA)


async def test_beside_a_wave_of_the_calendar_lots_stay_as_they_were(
    database: Database, vault: Vault
) -> None:
    waves = ["腊月廿三 9:30 50%", "返乡前3天 9:30 50%"]
    number = await _frozen(database, vault, 30, waves)
    await database.run(drafting.split, number, Split(takes_late=True), WRITER, NOW)
    await _agreed(database, number)
    before = await database.read(drafts.left_out, number)
    assert await late.take_in(database, OFFICE, number, FAKE, NOW) == 0
    assert await database.read(drafts.left_out, number) == before
    assert before[Reason.NO_DAY] > 5


async def test_the_rule_is_part_of_what_is_agreed_to(database: Database, vault: Vault) -> None:
    number = await _frozen(database, vault, 1, ["返乡前3天 9:30"])
    await database.run(_comes, "p000", NOW + timedelta(days=9))
    await stage.frozen(database, number)
    await database.run(_slip_in, number)
    await database.run(states.look, number, SECOND, NOW)
    with pytest.raises(CampaignRefused, match="变过"):
        await database.run(states.approve, number, SECOND, NOW)


def _slip_in(session: Session, number: int) -> None:
    drafts.waves(session, number)[0].days = -4
    session.flush()


def test_without_a_word_it_lasts_a_season_and_at_most_a_year() -> None:
    waves = schedule.read(["返乡前3天 9:30"], NOW)
    assert schedule.ends("", waves, NOW) > NOW + timedelta(days=89)
    with pytest.raises(CampaignRefused, match="最长一年"):
        schedule.ends("2028年3月1日", waves, NOW)
