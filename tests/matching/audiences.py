"""Audiences and people drawn at random, and a country of five places to say them in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random

from matching.audience import saying
from matching.audience.parsing import Place
from matching.audience.values import (
    ANY,
    All,
    Between,
    Condition,
    Day,
    Either,
    Field,
    Not,
    Someone,
)
from matching.facts import Days
from records.account_links import AccountLink
from records.assignments import Assignment
from records.consents import PUSH, Consent
from records.conversations import Conversation
from records.courses import CourseWish, Enrolment
from records.database import Session
from records.own_days import RETURN_ON
from records.people import Person
from records.person_facts import PersonFacts
from records.standings import SageTier
from records.tags import PersonTag
from records.visits import Visit

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
_PLACES = {
    "定陶": ("371703",),
    "菏泽": ("371700",),
    "湘乡": ("430381",),
    "广州": ("440100",),
    "张湾镇": ("371703104000",),
    "鼓楼": ("320106", "350102"),
}
_NAMES = {code: name for name, codes in _PLACES.items() for code in codes}
_AGO = (0, 1, 21, 22, 28, 29, 30, 31, 180, 183, 184, 365, 420)
# Fields of which one word is said at a time.
_ALONE = frozenset(
    {Field.INTENT, Field.WHERE, Field.FORM, Field.TIER, Field.PUSHES, Field.HELPER}
    | {Field.COURSE, Field.TAG, Field.SOURCE}
)
_WORDS: dict[Field, tuple[str, ...]] = {
    Field.HOME: ("371703", "371700", "430381", "371703104000"),
    Field.CITY: ("440100", "371700"),
    Field.WHERE: ("away", "returned", "stayed"),
    Field.INTENT: ("running", "ready", "thinking", "job"),
    Field.WISH: ("farming", "online", "shop"),
    Field.SKILL: ("cook", "welder", "driver"),
    Field.LACK: ("capital", "site"),
    Field.FORM: ("个体户", "公司"),
    Field.TIER: ("registered", "key"),
    Field.PUSHES: ("yes", "no"),
    Field.CHANNEL: ("telegram", "wecom_kf"),
    Field.HELPER: ("commissioner", "mentor"),
    Field.LEARN: ("ecommerce", "farming"),
    Field.COURSE: ("1", "2", ANY),
    Field.TAG: ("直播学员", "100%", "a_b"),
    Field.SOURCE: ("chat", "bulk"),
}


def places(name: str) -> Sequence[Place]:
    """The places of this country that a name means."""
    return [Place(code, name) for code in _PLACES.get(name, ())]


def a_condition(rng: Random, depth: int = 3) -> Condition:
    """Any condition, nested up to a depth."""
    if depth and rng.random() < 0.5:
        parts = tuple(a_condition(rng, depth - 1) for _ in range(rng.randint(1, 3)))
        nested: list[Condition] = [All(parts), Either(parts), Not(a_condition(rng, depth - 1))]
        return rng.choice(nested)
    if rng.random() < 0.4:
        return _a_time(rng)
    field = rng.choice(list(_WORDS))
    values = rng.sample(_WORDS[field], 1 if field in _ALONE else rng.randint(1, 2))
    return saying.has(field, values, [_NAMES[value] for value in values if value in _NAMES])


def _a_time(rng: Random) -> Between:
    """A day, from a day on, up to a day, between two; for some, whether there is a day at all."""
    day = rng.choice(list(Day))
    days = sorted(NOW.date() - timedelta(rng.choice(_AGO)) for _ in range(2))
    if day is Day.RETURN:
        days = sorted(NOW.date() + timedelta(rng.choice(_AGO)) for _ in range(2))
    ends = [(days[0], None), (None, days[0]), (days[0], days[1]), (days[0], days[0])]
    ends += [(None, None)] if day in (Day.CONTACT, Day.VISITED, Day.RETURN) else []
    return Between(day, *rng.choice(ends))


def a_someone(rng: Random) -> Someone:
    """Anybody of whom this and that is known."""
    words = {
        field: frozenset(rng.sample(some, rng.randint(0, min(2, len(some)))))
        for field, some in _WORDS.items()
    }
    return Someone(words=words, days={day: [_some_days(rng)] for day in Day if rng.random() < 0.7})


def _some_days(rng: Random) -> Days:
    first = NOW.date() + timedelta(rng.choice(_AGO) * rng.choice([-1, 1]))
    return Days(first, first + timedelta(rng.choice([0, 0, 30])))


def keep_people(session: Session, rng: Random, number: int) -> list[str]:
    """People about whom this and that is known; their ids."""
    ids = [f"p{n:03}" for n in range(number)]
    for one in ids:
        _keep(session, rng, one)
    session.flush()
    return ids


def _keep(session: Session, rng: Random, one: str) -> None:
    local = rng.random() < 0.3
    session.add(
        Person(
            id=one,
            account=rng.choice(["", f"telegram:{one}", f"wecom_kf:a/{one}"]),
            status="confirmed",
            source=rng.choice(["chat", "bulk"]),
            area="371703" if local else rng.choice(["", "371703", "371700", "371721", "430381"]),
            town=rng.choice(["", "371703104000"]) if local else "",
            village=rng.choice(["", "371703104201"]) if local else "",
            codes=_codes(rng),
            sealed=b"",
            created_at=_moment(rng),
            updated_at=NOW,
        )
    )
    _keep_more(session, rng, one)


def _keep_more(session: Session, rng: Random, one: str) -> None:
    """Rows of other tables, each now and then."""
    licensed = rng.choice([None, _moment(rng).date()])
    some = [
        AccountLink(
            account=f"telegram:x{one}", person_id=one, home="", proof="code", linked_at=NOW
        ),
        PersonFacts(
            person_id=one,
            entity_type=rng.choice([None, "个体户", "公司"]),
            registered_first=licensed and licensed - timedelta(rng.choice([0, 30])),
            registered_last=licensed,
            told_at=NOW,
        ),
        SageTier(person_id=one, tier=rng.choice(["registered", "key"]), by="a", at=NOW),
        Consent(person_id=one, kind=PUSH, given=rng.random() < 0.5, given_at=_moment(rng)),
        Consent(person_id=one, kind=PUSH, given=True, given_at=NOW, ended_at=NOW),
        Consent(person_id=one, kind="core", given=True, given_at=NOW),
        Assignment(
            person_id=one,
            help=rng.choice(["commissioner", "mentor"]),
            helper="a",
            number=1,
            why="",
            since=_moment(rng),
            until=rng.choice([None, NOW]),
        ),
        Enrolment(
            course_id=rng.choice([1, 2, 3]),
            person_id=one,
            state=rng.choice(["signed", "came", "gone"]),
            since=_moment(rng),
        ),
        CourseWish(person_id=one, topic="ecommerce", area="371703", at=NOW),
        PersonTag(person_id=one, tag=rng.choice(["直播学员", "100%", "100"]), by="a", at=NOW),
        Visit(
            person_id=one,
            helper="a",
            kind=rng.choice(["call", "no_answer"]),
            sealed=b"",
            at=_moment(rng),
        ),
        *(
            Conversation(
                key=key,
                channel="telegram",
                chat=key,
                state=b"",
                created_at=NOW,
                updated_at=_moment(rng),
            )
            for key in (f"telegram:{one}", f"telegram:x{one}")
        ),
    ]
    session.add_all([row for row in some if rng.random() < 0.5])


def _codes(rng: Random) -> dict[str, object]:
    codes: dict[str, object] = {}
    for field in (Field.WHERE, Field.INTENT):
        if rng.random() < 0.7:
            codes[field.value] = rng.choice(_WORDS[field])
    for field in (Field.WISH, Field.SKILL, Field.LACK):
        if rng.random() < 0.7:
            codes[field.value] = rng.sample(_WORDS[field], rng.randint(0, 2))
    if rng.random() < 0.7:
        codes[RETURN_ON] = (NOW.date() + timedelta(rng.choice(_AGO))).isoformat()
    if rng.random() < 0.5:
        codes["where_area"] = rng.choice(["440100", "440000", "371703", "310000"])
    return codes


def _moment(rng: Random) -> datetime:
    """Around the borders of days, months and a year."""
    days = rng.choice([0, 1, 28, 29, 30, 31, 180, 183, 184, 365])
    return NOW - timedelta(days=days, hours=rng.choice([0, 11, 18, 19, 23]))
