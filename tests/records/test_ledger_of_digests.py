"""A recipient whose message went inside another stands as that one does, at every moment."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import select, update

from records import digests, feeding, ledger, rationing, sending
from records.database import Database, Session
from records.ledger import Stand
from records.outbox import OutboxRow, OutboxState
from records.sending import Outcome
from tests.records.test_ledger import NOW, freeze, people

_OUTBOX = OutboxRow.__table__  # type: ignore[attr-defined]
_LATER = NOW + timedelta(days=9)
_ENDS = {  # of the message that others went in: where these stand then
    (OutboxState.SENDING, ""): (Stand.HELD, "queue"),
    (OutboxState.SENT, ""): (Stand.SENT, ""),
    (OutboxState.UNCERTAIN, "uncertain"): (Stand.UNCERTAIN, "uncertain"),
    (OutboxState.STOPPED, "uncertain"): (Stand.UNCERTAIN, "uncertain"),
    (OutboxState.FAILED, "blocked_by_person"): (Stand.UNREACHABLE, "blocked_by_person"),
    (OutboxState.FAILED, "rejected"): (Stand.FAILED, "rejected"),
    (OutboxState.STOPPED, "unwelcome"): (Stand.OPTED_OUT, "unwelcome"),
    (OutboxState.STOPPED, "campaign"): (Stand.STOPPED, "campaign"),
    (OutboxState.HELD, "not_now"): (Stand.HELD, "window"),
    (OutboxState.PAUSED, ""): (Stand.HELD, "paused"),
}


@pytest.fixture
async def fed(database: Database) -> int:
    """How many messages of campaign 1 wait in the outbox."""
    await database.run(people, Random(5))
    await database.run(freeze)
    return await database.run(feeding.feed, 1, "telegram", 1000, _LATER)


def _rows(session: Session) -> list[int]:
    return list(session.execute(select(_OUTBOX.c.id).order_by(_OUTBOX.c.id)).scalars())


def _merge(session: Session, rng: Random) -> Counter[Stand]:
    """Each row is a head or inside one of the heads, who end at random; where all stand then."""
    ids = _rows(session)
    heads = {row: rng.choice(list(_ENDS)) for row in ids[: len(ids) // 3]}
    stands: Counter[Stand] = Counter(_ENDS[end][0] for end in heads.values())
    for row, (state, failure) in heads.items():
        _set(session, row, state, failure)
    for row in ids[len(heads) :]:
        head = rng.choice(list(heads))
        _set(session, row, OutboxState.MERGED, "", str(head))
        stands[_ENDS[heads[head]][0]] += 1
    return stands


def _set(
    session: Session, row: int, state: OutboxState, failure: str = "", outer: str = ""
) -> None:
    values = {"state": state.value, "failure": failure, "outer_id": outer, "settled_at": NOW}
    session.execute(update(_OUTBOX).where(_OUTBOX.c.id == row).values(**values))


def _planned(session: Session) -> Counter[Stand]:
    """Where those stand to whom something was sent, or waits."""
    found = ledger.figures(session, 1)
    return Counter({stand: n for stand, n in found.whole.items() if n})


@pytest.mark.parametrize("seed", range(4))
async def test_whatever_became_of_the_whole_became_of_each(
    database: Database, fed: int, seed: int
) -> None:
    before = await database.read(_planned)
    stands = await database.run(_merge, Random(seed))
    after = await database.read(_planned)
    assert after.total() == before.total()
    assert stands.total() == fed
    assert (
        after - Counter({Stand.HELD: before[Stand.HELD] - fed})
        == before - Counter({Stand.HELD: before[Stand.HELD]}) + stands
    )


@pytest.mark.parametrize("end", _ENDS)
async def test_one_inside_has_the_reason_of_the_whole(
    database: Database, fed: int, end: tuple[OutboxState, str]
) -> None:
    first, second, *_ = await database.read(_rows)
    await database.run(_set, first, *end)
    await database.run(_set, second, OutboxState.MERGED, "", str(first))
    found = [one for one in await database.read(_lines) if one.settled_at]
    assert [(one.stand, one.reason) for one in found] == [_ENDS[end]] * 2


def _lines(session: Session) -> list[ledger.Line]:
    return list(ledger.lines(session, 1))


@pytest.mark.parametrize("seed", range(2))
async def test_what_is_kept_of_the_end_is_what_the_whole_came_to(
    database: Database, fed: int, seed: int
) -> None:
    await database.run(_merge, Random(seed))
    before = await database.read(_planned)
    assert await database.run(ledger.keep_all_ends, 1)
    assert await database.read(_planned) == before
    await database.run(_forget)
    assert (await database.read(_planned)) == before


def _forget(session: Session) -> None:
    """The outbox does not keep what is over."""
    over = _OUTBOX.c.state.not_in(("queued", "sending", "held", "paused", "merged"))
    session.execute(_OUTBOX.delete().where(over))
    inside = (_OUTBOX.c.state == "merged", _OUTBOX.c.outer_id.not_in(_left(session)))
    session.execute(_OUTBOX.delete().where(*inside))


def _left(session: Session) -> list[str]:
    return [str(row) for row in _rows(session)]


@pytest.mark.parametrize(
    ("state", "failure", "tries", "waits"),
    [
        (OutboxState.QUEUED, "throttled", 0, True),
        (OutboxState.QUEUED, "unreachable", 1, True),
        (OutboxState.FAILED, "rejected", 1, True),
        (OutboxState.FAILED, "blocked_by_person", 1, False),
        (OutboxState.QUEUED, "repeatable", 1, False),
        (OutboxState.UNCERTAIN, "uncertain", 1, False),
    ],
)
async def test_what_certainly_did_not_leave_lets_go_of_what_was_inside(
    database: Database, fed: int, state: OutboxState, failure: str, tries: int, waits: bool
) -> None:
    first, *_ = await database.read(_rows)
    await database.run(_inside_first)
    outcome = Outcome(first, state, NOW, failure=failure, counts=bool(tries))
    await database.run(sending.settle, [outcome])
    conversation = await database.read(_talk_of, first)
    assert await database.read(digests.is_empty, conversation, first) is waits


def _inside_first(session: Session) -> None:
    first, second, *_ = _rows(session)
    _set(session, first, OutboxState.SENDING)
    _set(session, second, OutboxState.MERGED, "", str(first))
    there = _talk_of(session, first)
    session.execute(update(_OUTBOX).where(_OUTBOX.c.id == second).values(conversation=there))


def _talk_of(session: Session, row: int) -> str:
    found = session.get(OutboxRow, row)
    assert found is not None
    return found.conversation


@pytest.mark.parametrize("passes", [True, False])
async def test_what_went_inside_one_that_did_not_arrive_is_free_where_that_may_pass(
    database: Database, fed: int, passes: bool
) -> None:
    first, second, *_ = await database.read(_rows)
    await database.run(_inside_first)
    await database.run(_set, first, OutboxState.SENT)
    await database.run(_bounce, first, passes)
    stands = await database.read(_planned)
    assert stands[Stand.FAILED] == (1 if passes else 2)
    inside = await database.read(lambda s: s.get(OutboxRow, second))
    assert inside is not None
    assert inside.state == ("queued" if passes else "merged")


def _bounce(session: Session, row: int, passes: bool) -> None:
    rationing.bounced(session, row, is_for_now=passes, word="rejected", at=NOW)


async def test_what_is_inside_goes_with_the_whole_into_another(
    database: Database, fed: int
) -> None:
    first, _, third, *_ = await database.read(_rows)
    await database.run(_inside_first)
    there = await database.read(_talk_of, first)
    await database.run(digests.hand_on, there, [first], third)
    assert await database.read(digests.is_empty, there, first)
    assert not await database.read(digests.is_empty, there, third)
