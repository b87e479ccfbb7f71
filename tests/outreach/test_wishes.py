"""No wish is broken by any message, whoever sends it and whenever (domain M-10, P-10)."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

import pytest
from sqlmodel import select

from outreach import caps as rules
from outreach.calendars import CHINA, FESTIVALS, day_of, is_quiet
from outreach.caps import RULES, judge, opens
from outreach.pushes import a_push
from outreach.wishes import topics_of
from records import caps, erasure, outbox, people, sending, wishes
from records.account_links import AccountLink
from records.caps import CappedClaim, Known, Rules, Verdict
from records.consents import CORE, Said
from records.database import Database, Session
from records.outbox import OutboxState
from records.people import Entered, Person
from records.push_days import Past
from records.sending import Claim
from records.vault import Vault
from records.wishes import NONE, Name, Topic, Wanted, Wish, topic_name

VAULT = Vault("for tests")
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=CHINA)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
TOPICS = {
    "elig/{}": Topic.POLICY,
    "project/{}": Topic.PROJECTS,
    "gap/{}": Topic.OWN,
    "remind/event/{}/p/eve/2611240100": Topic.OWN,
    "remind/licence/p/{}": Topic.POLICY,
}


def _wish(*wanted: tuple[str, str]) -> Wish:
    rows = [wishes.WishRow(who="", name=name, value=value, said_at=NOON) for name, value in wanted]
    return wishes.together(rows)


def _past(*days_ago: int) -> tuple[Past, ...]:
    midnight = NOON.replace(hour=0)
    return tuple(Past(midnight - n * DAY, f"old/{n}", False, NOON - n * DAY) for n in days_ago)


@pytest.mark.parametrize(
    ("rate", "days_ago", "days"),
    [
        ("1/3", (), 0),
        ("1/3", (6,), 1),
        ("1/3", (7,), 0),
        ("1/3", (8, 15, 29), 1),
        ("1/1", (29,), 1),
        ("1/1", (30,), 0),
        ("9/99", (1, 2, 3), 4),
    ],
)
def test_who_wants_fewer_gets_fewer(rate: str, days_ago: tuple[int, ...], days: int) -> None:
    verdict = judge("gap/1", Known(_past(*days_ago), wish=_wish(("rate", rate))), NOON)
    morning = NOON.replace(hour=8, minute=30) + days * DAY
    assert verdict == (Verdict(wait=morning) if days else Verdict())


@pytest.mark.parametrize(
    ("name", "value", "at", "opens_at"),
    [
        ("hours", "08:30-20:00", "2026-11-24T20:10", "2026-11-25T08:30"),
        ("hours", "08:30-12:00,14:00-20:30", "2026-11-24T12:10", "2026-11-24T14:00"),
        ("hours", "14:00-20:30", "2026-11-24T09:00", "2026-11-24T14:00"),
        ("hours", "05:00-06:00", "2026-11-24T07:00", "2026-11-24T08:30"),
        ("days", "12345", "2026-11-28T12:00", "2026-11-30T08:30"),
        ("days", "67", "2026-11-24T12:00", "2026-11-28T08:30"),
    ],
)
def test_own_hours_and_days_are_kept(name: str, value: str, at: str, opens_at: str) -> None:
    found = opens(datetime.fromisoformat(f"{at}:00+08:00"), frozenset(), _wish((name, value)))
    assert found == datetime.fromisoformat(f"{opens_at}:00+08:00")


def test_what_was_said_in_chat_goes_before_what_was_answered() -> None:
    wish = _wish(("hours", "08:30-12:00"))
    assert opens(NOON - HOUR, frozenset({"evening"}), wish) == NOON - HOUR


def test_of_several_wishes_the_stricter_holds() -> None:
    one = _wish(
        ("rate", "1/8"), ("rate", "2/3"), ("hours", "08:30-12:00"), ("hours", "10:00-20:00")
    )
    assert (one.rate, one.hours) == ((1, 3), ((time(10), time(12)),))


def test_hours_that_never_meet_are_those_said_last() -> None:
    one = _wish(("hours", "08:30-10:00"), ("hours", "18:00-20:00"))
    assert one.hours == ((time(18), time(20)),)


async def _say(database: Database, account: str, *wanted: Wanted, at: datetime = NOON) -> None:
    await database.run(wishes.say, account, wanted, (), at)


async def _claimed(database: Database, now: datetime) -> list[str]:
    wish = CappedClaim(Claim("one", ("fake",), 50, now, is_quiet(now)), RULES)
    rows = await database.batch(caps.claim, wish)
    for row in rows:
        await database.batch(sending.settle, sending.Outcome(row.id, OutboxState.SENT, now))
    return sorted(row.dedupe_key for row in rows)


async def _push(database: Database, key: str, account: str = "fake:42") -> None:
    await database.run(outbox.enqueue, [a_push(VAULT, account, "有", key=key, now=NOON)])


def _link(session: Session, person: str, account: str, home: str) -> None:
    names = {"person_id": person, "account": account, "home": home, "proof": "code"}
    session.add(AccountLink(**names, linked_at=NOON))


def _register(session: Session, name: str, account: str) -> None:
    entered = Entered(codes={}, texts={}, said=(Said(CORE, True, NOON, "1"),))
    people.enter(session, VAULT, name, entered, at=NOON, account=account)


async def test_a_refused_topic_does_not_leave_and_others_do(database: Database) -> None:
    await _say(database, "fake:42", Wanted(topic_name(Topic.PROJECTS)))
    for key in ("project/1", "gap/1"):
        await _push(database, key)
    assert await _claimed(database, NOON) == ["gap/1"]
    assert await database.read(outbox.counts) == {"sent": 1, "stopped": 1}


async def test_a_wish_of_one_account_holds_on_the_linked_one(database: Database) -> None:
    await database.run(_register, "one", "fake:1")
    await database.run(_link, "one", "fake:2", "fake:1")
    await _say(database, "fake:2", Wanted(topic_name(Topic.PROJECTS)))
    await _push(database, "project/1", "fake:1")
    assert await _claimed(database, NOON) == []


async def test_a_wish_until_a_day_is_over_then(database: Database) -> None:
    await _say(database, "fake:42", Wanted(Name.PAUSE, "", NOON + 3 * DAY))
    await _push(database, "gap/1")
    assert await _claimed(database, NOON) == []
    assert await _claimed(database, NOON + 4 * DAY) == ["gap/1"]
    assert await database.run(wishes.prune, NOON + 4 * DAY) == 1


async def test_taking_a_wish_back_frees_what_waited(database: Database) -> None:
    await _say(database, "fake:42", Wanted(Name.PAUSE, "", NOON + 30 * DAY))
    await _push(database, "gap/1")
    assert await _claimed(database, NOON) == []
    await database.run(wishes.say, "fake:42", (), (Name.PAUSE,), NOON)
    await database.run(caps.look_again, ["fake:42"], NOON)
    assert await _claimed(database, NOON) == ["gap/1"]


async def test_merged_records_keep_the_stricter(database: Database) -> None:
    for name, rate in (("gone", "1/1"), ("kept", "2/8")):
        await database.run(_register, name, f"fake:{name}")
        await _say(database, f"fake:{name}", Wanted(Name.RATE, rate))
    await database.run(wishes.hand_on, "gone", "kept")
    found = await database.read(wishes.of, {"x": ["kept"]}, NOON)
    assert found["x"].rate == (1, 1)


async def test_nothing_is_left_of_who_is_erased(database: Database) -> None:
    await database.run(_register, "one", "fake:1")
    await _say(database, "fake:1", Wanted(Name.RATE, "1/1"))
    await database.run(lambda s: erasure.erase(s, "one", counted=(), at=NOON))
    assert (await database.read(wishes.of, {"x": ["one"]}, NOON))["x"] == NONE


@pytest.mark.parametrize(
    ("said_by", "is_left_out"), [("fake:1", True), ("fake:2", True), ("fake:3", False)]
)
async def test_the_freeze_leaves_out_who_refuses(
    database: Database, said_by: str, is_left_out: bool
) -> None:
    await database.run(_register, "one", "fake:1")
    await database.run(_link, "one", "fake:2", "fake:1")
    await _say(database, said_by, Wanted(topic_name(Topic.JOBS)))
    query = select(Person.id).where(wishes.refusing("jobs", NOON))
    found = await database.read(lambda s: list(s.exec(query)))
    assert found == (["one"] if is_left_out else [])


async def test_a_campaign_is_about_what_it_says(database: Database) -> None:
    keys = ["camp/9/p", "elig/1", "what/new"]
    found = await database.read(topics_of, keys)
    assert found == {"camp/9/p": Topic.OWN, "elig/1": Topic.POLICY, "what/new": Topic.OWN}


def _talks(customer: str) -> list[str]:
    return [f"wecom_kf:wk1/{customer}"]


@pytest.mark.parametrize(
    ("wanted", "over"),
    [
        (Wanted(Name.PAUSE, "", NOON + DAY), {"wm1"}),
        (Wanted(Name.PAUSE, "", NOON - DAY), set()),
        (Wanted(Name.RATE, "1/3"), set()),
    ],
)
async def test_a_steward_s_broadcast_keeps_to_wishes(
    database: Database, wanted: Wanted, over: set[str]
) -> None:
    await _say(database, "wecom_kf:wk1/wm1", wanted, at=NOON - 2 * DAY)
    found = await database.read(rules.over_caps, ["wm1", "wm2"], _talks, NOON)
    assert found == over


@dataclass(frozen=True)
class Sent:
    """What left, for whom and when."""

    account: str
    key: str
    at: datetime


_PEOPLE, _AT_ONCE = 20, 4


def _drawn_wish(draw: random.Random) -> list[Wanted]:
    begin = draw.randint(9, 17)
    wanted = [
        Wanted(Name.RATE, draw.choice(["1/3", "1/1", "2/8"])),
        Wanted(Name.HOURS, f"{begin:02}:00-{draw.randint(begin + 1, 20):02}:00"),
        Wanted(Name.DAYS, draw.choice(["12345", "67", "123456"])),
        Wanted(Name.PAUSE, "", NOON + draw.randint(1, 20) * DAY),
        *(Wanted(topic_name(t)) for t in draw.sample(wishes.REFUSABLE, 3)),
    ]
    return draw.sample(wanted, draw.randint(0, 3))


def _lived(session: Session, seed: int, own: Rules) -> tuple[list[Sent], dict[str, Wish]]:
    """Some weeks of messages to many with wishes, around a festival; all share each claim."""
    draw, sent = random.Random(seed), list[Sent]()
    accounts = [f"fake:{seed}-{n}" for n in range(_PEOPLE)]
    start = datetime.combine(draw.choice(FESTIVALS) - 10 * DAY, time(9), CHINA)
    for account in accounts:
        moved = [
            replace(w, until=start + (w.until - NOON)) if w.until else w for w in _drawn_wish(draw)
        ]
        wishes.say(session, account, moved, (), start)
    held = wishes.of(session, {a: [a] for a in accounts}, start)
    for hours in range(0, 24 * 25, 5):
        now = start + hours * HOUR
        for n, account in enumerate(draw.sample(accounts, _AT_ONCE)):
            key = draw.choice(list(TOPICS)).format(hours * _AT_ONCE + n)
            outbox.enqueue(session, [a_push(VAULT, account, "有", key=key, now=now)])
        sent += _left(session, own, now)
    return sent, held


def _left(session: Session, own: Rules, now: datetime) -> list[Sent]:
    """What leaves now."""
    claim = CappedClaim(Claim("one", ("fake",), 50, now, False), own)
    (rows,) = caps.claim(session, [claim])
    if rows:
        ends = [sending.Outcome(row.id, OutboxState.SENT, now) for row in rows]
        sending.settle(session, ends)
    return [Sent(row.conversation, row.dedupe_key, now) for row in rows]


def _broken(sent: list[Sent], held: dict[str, Wish]) -> set[str]:
    """The rules that were broken, worked out apart from the gate."""
    days: dict[str, list[datetime]] = {account: [] for account in held}
    faults: set[str] = set()
    for one in sent:
        days[one.account].append(day_of(one.at))
        wish, at = held[one.account], one.at.astimezone(CHINA)
        faults |= _too_many(days[one.account], wish)
        faults |= {"quiet"} if not time(8, 30) <= at.time() < time(20, 30) else set()
        faults |= {"festival"} if _is_festive(at) else set()
        faults |= {"hours"} if not _suits(wish, at) else set()
        faults |= {"days"} if wish.days and at.isoweekday() not in wish.days else set()
        faults |= {"pause"} if wish.pause and one.at < wish.pause else set()
        faults |= {"topic"} if _topic(one.key) in wish.refused else set()
    return faults


def _too_many(days: list[datetime], wish: Wish) -> set[str]:
    """Which caps the last of these days broke."""
    week, month = wish.rate or (3, 8)
    most = {"day": (1, 1), "week": (7, min(week, 3)), "month": (30, min(month, 8))}
    behind = [days[-1] - day for day in days]
    return {cap for cap, (n, limit) in most.items() if sum(b < n * DAY for b in behind) > limit}


def _is_festive(at: datetime) -> bool:
    first: set[date] = set(FESTIVALS)
    return at.date() in first or (at.date() + DAY in first and at.hour >= 18)


def _suits(wish: Wish, at: datetime) -> bool:
    return not wish.hours or any(a <= at.time() < b for a, b in wish.hours)


def _topic(key: str) -> Topic:
    number = next(part for part in key.split("/") if part.isdigit())
    return TOPICS[key.replace(f"/{number}", "/{}", 1)]


@pytest.mark.parametrize("seed", range(3))
async def test_no_wish_is_ever_broken(database: Database, seed: int) -> None:
    sent, held = await database.run(_lived, seed, RULES)
    assert len(sent) > 12
    assert _broken(sent, held) == set()


def _no_topics(session: Session, keys: Sequence[str]) -> dict[str, Topic]:
    return dict.fromkeys(keys, Topic.OWN)


def _without(**forgotten: None) -> Rules:
    def careless(key: str, known: Known, now: datetime) -> Verdict:
        return judge(key, replace(known, wish=replace(known.wish, **forgotten)), now)  # type: ignore[arg-type]

    return replace(RULES, judge=careless)


FAULTS = {
    "topic": replace(RULES, topics=_no_topics),
    "hours": _without(hours=None),
    "days": _without(days=None),
    "pause": _without(pause=None),
    "week": _without(rate=None),
}


@pytest.mark.parametrize("fault", sorted(FAULTS))
async def test_a_gate_that_forgets_a_wish_is_found(database: Database, fault: str) -> None:
    assert fault in _broken(*await database.run(_lived, 0, FAULTS[fault]))
