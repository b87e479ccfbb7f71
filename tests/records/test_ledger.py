"""From the freeze to the end of a campaign everybody is counted exactly once."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from sqlalchemy import select, true, update

from records import feeding, freezing, frozen, ledger
from records.campaigns import Campaign, CampaignState, CampaignWave
from records.consents import PUSH, Consent
from records.conversations import Conversation
from records.database import Database, Session
from records.freezing import Terms
from records.ledger import Stand
from records.outbox import OutboxRow, OutboxState
from records.people import Person
from records.stops import PushStop

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
_PEOPLE = 400
_OUTBOX = OutboxRow.__table__  # type: ignore[attr-defined]
_CAMPAIGN = Campaign.__table__  # type: ignore[attr-defined]
_ENDS = [
    (OutboxState.SENT, ""),
    (OutboxState.FAILED, "blocked_by_person"),
    (OutboxState.FAILED, "rejected"),
    (OutboxState.UNCERTAIN, "uncertain"),
    (OutboxState.STOPPED, "unwelcome"),
    (OutboxState.HELD, "not_now"),
    (OutboxState.QUEUED, "capped"),
    (OutboxState.SENDING, ""),
]
_SHARES = (30, 70)
_WAVES = tuple(
    CampaignWave(campaign_id=1, number=n, said="", at=NOW + timedelta(days=n), share=share)
    for n, share in enumerate(_SHARES, 1)
)


def people(session: Session, rng: Random) -> None:
    session.add(
        Campaign(
            id=1,
            title="回家",
            area="371703",
            drafted_by="a",
            created_at=NOW,
            state=CampaignState.RUNNING,
        )
    )
    for number in range(_PEOPLE):
        _person(session, rng, f"p{number:03}")


def _person(session: Session, rng: Random, one: str) -> None:
    own = [f"telegram:{one}", f"wecom_kf:kf/{one}"]
    account = rng.choice(["", "telegram:shared", *own, *own, *own])
    session.add(
        Person(
            id=one,
            account=account,
            status=rng.choice([*["confirmed"] * 6, "pending", "deceased", "withdrawn"]),
            source="chat",
            area="371703",
            phone_print="print of two" if rng.random() < 0.1 else f"print {one}",
            sealed=b"",
            created_at=NOW,
            updated_at=NOW,
        )
    )
    if rng.random() < 0.9:
        session.add(Consent(person_id=one, kind=PUSH, given=rng.random() < 0.9, given_at=NOW))
    if account and account != "telegram:shared":
        channel, chat = account.split(":")
        blocked = "blocked_by_person" if rng.random() < 0.1 else ""
        session.add(
            Conversation(
                key=account,
                channel=channel,
                chat=chat,
                state=b"",
                unreachable=blocked,
                created_at=NOW,
                updated_at=NOW,
            )
        )
        if rng.random() < 0.1:
            session.add(PushStop(target=account, reason="asked", since=NOW))


def freeze(session: Session) -> None:
    terms = Terms(
        campaign=1,
        meant=true(),
        served=("telegram", "wecom_kf"),
        waves=_WAVES,
        holdout=10,
        second=50,
        now=NOW,
    )
    while freezing.page(session, terms, 37):
        pass
    for by in frozen.Double:
        frozen.leave_out(session, 1, frozen.doubles(session, 1, by))


def _settle_some(session: Session, rng: Random) -> None:
    for row_id in list(session.execute(select(_OUTBOX.c.id)).scalars()):
        state, failure = rng.choice(_ENDS)
        values: dict[str, object] = {"state": state.value, "failure": failure}
        if state not in (OutboxState.HELD, OutboxState.QUEUED, OutboxState.SENDING):
            values |= {"settled_at": NOW}
        session.execute(update(_OUTBOX).where(_OUTBOX.c.id == row_id).values(**values))


def _to(session: Session, state: CampaignState) -> None:
    session.execute(update(_CAMPAIGN).values(state=state.value))


def _by_stand(session: Session) -> Counter[Stand]:
    found: Counter[Stand] = Counter()
    for count in ledger.counts(session, 1):
        found[count.stand] += count.number
    return found


@pytest.mark.parametrize("seed", range(3))
async def test_everybody_is_counted_once_at_every_moment(database: Database, seed: int) -> None:
    rng = Random(seed)
    await database.run(people, rng)
    await database.run(freeze)
    frozen = await database.read(_by_stand)
    assert set(frozen) == {Stand.LEFT_OUT, Stand.HELD_OUT, Stand.HELD}
    later = NOW + timedelta(days=1)
    fed = 0
    for channel in ("telegram", "wecom_kf"):
        while number := await database.run(feeding.feed, 1, channel, 7, later):
            fed += number
    assert 0 < fed < frozen[Stand.HELD]
    await database.run(_settle_some, rng)
    settled = await database.read(_by_stand)
    assert settled.total() == frozen.total()
    assert settled[Stand.SENT]
    assert settled[Stand.UNCERTAIN]
    await database.run(feeding.pause, 1)
    await database.run(_to, CampaignState.PAUSED)
    assert (await database.read(_by_stand)).total() == frozen.total()
    await database.run(feeding.stop, 1, later)
    await database.run(_to, CampaignState.STOPPED)
    stopped = await database.read(_by_stand)
    assert stopped.total() == frozen.total()
    await database.run(ledger.keep_ends, 1)
    assert await database.read(_by_stand) == stopped
    listed = await database.read(lambda session: [one.stand for one in ledger.lines(session, 1)])
    assert Counter(listed) == stopped


async def test_nobody_is_queued_twice(database: Database) -> None:
    await database.run(people, Random(7))
    await database.run(freeze)
    later = NOW + timedelta(days=9)
    first = [await database.run(feeding.feed, 1, "telegram", 1000, later) for _ in range(2)]
    assert first[0] > 0
    assert first[1] == 0


@pytest.mark.parametrize(
    ("put_aside", "keeps_why", "why"),
    [("wished", True, "wished"), ("", True, "campaign"), ("wished", False, "campaign")],
)
async def test_at_its_end_it_is_known_for_what_somebody_waited(
    database: Database, put_aside: str, keeps_why: bool, why: str
) -> None:
    await database.run(people, Random(7))
    await database.run(freeze)
    later = NOW + timedelta(days=9)
    fed = await database.run(feeding.feed, 1, "telegram", 1000, later)
    await database.run(lambda s: s.execute(update(_OUTBOX).values(failure=put_aside)))
    await database.run(lambda s: feeding.stop(s, 1, later, keeps_why=keeps_why))
    await database.run(_to, CampaignState.FINISHED)
    stopped = {(one.stand, one.reason): one.number for one in await _counted(database)}
    assert stopped[(Stand.STOPPED, why)] >= 1 < fed


def _one_before(session: Session, due: datetime) -> None:
    """To the first of them something else is queued before, and set aside until then."""
    row = session.execute(select(_OUTBOX).order_by(_OUTBOX.c.id).limit(1)).mappings().one()
    other = {**row, "id": 0, "dedupe_key": "gap/1", "due": due, "failure": "hours"}
    session.execute(_OUTBOX.insert().values(**other))


async def test_who_waits_behind_another_message_is_told_apart(database: Database) -> None:
    await database.run(people, Random(7))
    await database.run(freeze)
    later, evening = NOW + timedelta(days=9), NOW + timedelta(days=10)
    fed = await database.run(feeding.feed, 1, "telegram", 1000, later)
    await database.run(_one_before, evening)
    waits = {one.reason: one for one in await _counted(database) if one.channel == "telegram"}
    assert (waits["behind"].number, waits["behind"].until) == (1, evening)
    assert fed > 1


async def _counted(database: Database) -> list[ledger.Count]:
    return await database.read(ledger.counts, 1)
