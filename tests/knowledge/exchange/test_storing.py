"""An import ends in drafts for a second person, or all of it live in one transaction."""

from __future__ import annotations

import tomllib
from datetime import datetime

import pytest

from knowledge.exchange.edits import Edits
from knowledge.exchange.storing import OPERATOR, Stored, store_drafts, store_live
from records import audit, policies
from records.database import Database, Session
from records.edit_refusals import EditRefused, Moved
from records.policies import PageVersion, Stage
from tests.knowledge.exchange.tables import CAP, NEW, Table, ground, held

PATH = f"dingtao/policies/{CAP}.toml"
LETTER = "dingtao/policies/dingtao-letter.toml"


def _edits() -> Edits:
    table = Table().set(CAP, "电话", "0530-1").set("dingtao-letter", "状态", "撤回")
    return held(table.set(CAP, "负责人", "区人社局就业科").add(**NEW).data)


async def _live(database: Database, edits: Edits, now: datetime, by: str = "小刘") -> Stored:
    def store(session: Session, checked: int) -> Stored:
        return store_live(session, edits, ground(), author=by, at=now, checked=checked)

    return await database.run(store, await database.read(policies.revision))


async def _drafts(database: Database, now: datetime) -> list[PageVersion]:
    edits = _edits()
    await database.run(lambda s: store_drafts(s, edits, ground(), author="小刘", at=now))
    return await database.read(policies.at_stages, Stage.DRAFT)


async def test_without_live_nothing_is_served_yet(database: Database, now: datetime) -> None:
    rows = await _drafts(database, now)
    assert sorted(row.path for row in rows) == sorted(_edits().pages)
    assert {row.author for row in rows} == {"小刘"}
    assert (await database.read(policies.served)).pages == {}


async def test_what_is_withdrawn_is_drafted_as_ended(database: Database, now: datetime) -> None:
    [letter] = [row for row in await _drafts(database, now) if row.path == LETTER]
    assert tomllib.loads(letter.text)["valid_until"] == "2026-11-20"
    assert str(letter.ends_on) == "2026-11-20"


async def test_live_serves_all_of_it_at_once(database: Database, now: datetime) -> None:
    stored = await _live(database, _edits(), now)
    served = await database.read(policies.served)
    assert served.pages == _edits().pages
    assert (len(stored.numbers), stored.withdrawn) == (2, 1)
    row = await database.read(policies.front_of, PATH)
    assert row is not None
    assert (row.reviewer, row.owner) == (OPERATOR, "区人社局就业科")


async def test_live_leaves_a_trail(database: Database, now: datetime) -> None:
    await _live(database, _edits(), now)
    [act] = await database.read(audit.of, "pages:3")
    assert (act.act, act.actor) == ("import_live", "staff:小刘")


async def test_what_somebody_released_meanwhile_stops_it_all(
    database: Database, now: datetime
) -> None:
    await _live(database, _edits(), now)
    late = held(Table().set(CAP, "电话", "0530-2").data)
    with pytest.raises(Moved):
        await database.run(
            lambda s: store_live(s, late, ground(), author="老王", at=now, checked=0)
        )
    assert 'phone = "0530-1"' in str((await database.read(policies.served)).pages[PATH])


async def test_a_refusal_leaves_nothing_half_done(database: Database, now: datetime) -> None:
    with pytest.raises(EditRefused):
        await _live(database, _edits(), now, by=OPERATOR)
    assert not await database.read(policies.at_stages, *Stage)
