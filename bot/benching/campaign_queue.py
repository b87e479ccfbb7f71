"""How fast a frozen campaign is queued, beside the bare statement that writes the same rows."""

from __future__ import annotations

import time
from collections.abc import Awaitable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from bot.benching.campaign_drain import begin_anew
from bot.benching.campaign_world import NOW
from records import feeding
from records.database import Database, Session

GOAL = 0.8
_PORTION = 5_000
_PLANNED = "campaign_id = 1 AND state = 'planned' AND channel = 'telegram'"
_BARE = (
    "INSERT INTO outbox (channel, chat, conversation, dedupe_key, payload, priority, state, due,"
    " attempts, claimed_by, failure, outer_id, created_at, counted)"
    " SELECT channel, substr(account, 10), account, 'bare/1/' || person_id, {empty}, 9, 'queued',"
    f" due, 0, '', '', '', due, 0 FROM campaign_recipient WHERE {_PLANNED}"
)
_OF_PORTION = " AND (due, person_id) > ('{0}', '{1}') AND (due, person_id) <= ('{2}', '{3}')"
_PLACES = (
    "SELECT CAST(due AS TEXT), person_id FROM campaign_recipient"
    f" WHERE {_PLANNED} ORDER BY due, person_id"
)

Place = tuple[str, str]  # due and person


@dataclass(slots=True)
class _Clock:
    """Adds up what some pieces of work take: seconds, and those of this process's processor."""

    rows: int = 0
    seconds: float = 0.0
    used: float = 0.0

    async def take(self, work: Awaitable[int]) -> None:
        began, used = time.perf_counter(), time.process_time()
        self.rows += await work
        self.seconds += time.perf_counter() - began
        self.used += time.process_time() - used

    def rate(self) -> float:
        return self.rows / self.seconds


async def measure(database: Database) -> dict[str, Any]:
    """Portion by portion in turn, for the machine is not alike all the time; then all at once.

    The bare statement is told where each portion ends. It writes the same rows in the same order
    and as many in a transaction, with the same indexes; but no turn is looked up, nothing that is
    there already is left alone, and no cursor is moved.
    """
    ours, bare, whole = _Clock(), _Clock(), _Clock()
    empty, first = ("x''", "") if database.is_sqlite else ("''::bytea", "-infinity")
    statement = _BARE.format(empty=empty)
    places = [(first, ""), *await database.read(_places)]
    for number, (after, last) in enumerate(pairwise(places)):
        portion = statement + _OF_PORTION.format(*after, *last)
        if number % 2:
            await bare.take(database.run(_written, portion))
        await ours.take(database.run(feeding.feed, 1, "telegram", _PORTION, NOW))
        if not number % 2:
            await bare.take(database.run(_written, portion))
    await database.run(begin_anew)
    await whole.take(database.run(_written, statement))
    await database.run(begin_anew)
    return {
        "rows": ours.rows,
        "a_second": round(ours.rate()),
        "bare_insert_select_a_second": round(bare.rate()),
        "ratio": round(ours.rate() / bare.rate(), 2),
        "ratio_goal": GOAL,
        "ratio_by_processor_of_ours": round(bare.used / ours.used, 2),
        "all_in_one_bare_statement_a_second": round(whole.rate()),
    }


def _places(session: Session) -> list[Place]:
    """The last of each portion."""
    rows = [(due, one) for due, one in session.connection().exec_driver_sql(_PLACES)]
    last = rows[-1:] if len(rows) % _PORTION else []
    return [*rows[_PORTION - 1 :: _PORTION], *last]


def _written(session: Session, statement: str) -> int:
    return int(session.connection().exec_driver_sql(statement).rowcount)
