"""An import ends in drafts for a second person, or all of it live in one transaction."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from knowledge.editing import Editor
from knowledge.exchange.edits import Edits
from knowledge.exchange.storing import OPERATOR, as_drafts, as_live
from records import audit, page_edits, page_imports, policies
from records.database import Database
from records.edit_refusals import Moved
from records.page_edits import Page
from records.page_imports import Import
from records.policies import PageVersion, Stage
from tests.knowledge.exchange.tables import CAP, NEW, Table, ground, held

PATH = f"dingtao/policies/{CAP}.toml"
LETTER = "dingtao/policies/dingtao-letter.toml"


def _edits() -> Edits:
    table = Table().set(CAP, "电话", "0530-2111111").set("dingtao-letter", "状态", "撤回")
    return held(table.set(CAP, "负责人", "区人社局就业科").add(**NEW).data)


async def _live(database: Database, edits: Edits, now: datetime, by: str = "小刘") -> list[int]:
    checked = await database.read(policies.revision)
    brought = as_live(edits, ground(), author=by, at=now, checked=checked)
    return await database.run(page_imports.serve, brought, OPERATOR)


async def _drafts(database: Database, now: datetime) -> list[PageVersion]:
    brought = as_drafts(_edits(), ground(), author="小刘", at=now, checked=0)
    await database.run(page_imports.draft, brought)
    return await database.read(policies.at_stages, Stage.DRAFT)


async def test_without_live_nothing_is_served_yet(database: Database, now: datetime) -> None:
    rows = await _drafts(database, now)
    assert sorted(row.path for row in rows) == sorted(_edits().pages)
    assert {row.author for row in rows} == {"小刘"}
    assert (await database.read(policies.served)).pages == {}


async def test_what_is_withdrawn_is_drafted_as_it_stands_and_goes_when_it_is_released(
    database: Database, now: datetime
) -> None:
    [letter] = [row for row in await _drafts(database, now) if row.path == LETTER]
    number, week = letter.id or 0, now + timedelta(days=7)
    assert (letter.withdraws, letter.text) == (True, ground().pages[LETTER])
    editor = Editor(database, now=lambda: week)
    await editor.review(number, reviewer="老张")
    assert LETTER not in (await database.read(policies.served)).pages
    [gone] = await editor.release(number, by="老张")
    assert (gone.stage, gone.ended_at, gone.live_at) == (Stage.WITHDRAWN, week, None)
    assert (await database.read(policies.served)).pages == {LETTER: None}
    assert [act.act for act in await database.read(audit.of, f"page:{number}")][-1] == (
        "withdraw_page"
    )


async def test_the_same_import_again_keeps_one_draft(database: Database, now: datetime) -> None:
    first, later = await _drafts(database, now), now + timedelta(days=2)
    brought = as_drafts(_edits(), ground(), author="老王", at=later, checked=0)
    await database.run(lambda session: page_edits.review(session, 1, reviewer="老王", at=later))
    drafts = await database.run(page_imports.draft, brought)
    others = [row.id for row in first if row.id != 1]
    assert (drafts.new, drafts.waiting, drafts.reviewed) == ([], others, [1])
    assert len(await database.read(policies.waiting)) == len(first)


async def test_a_draft_that_can_no_longer_go_live_is_made_anew(
    database: Database, now: datetime
) -> None:
    first = await _drafts(database, now)
    await _live(database, _edits(), now + timedelta(hours=1))
    later = now + timedelta(hours=2)
    brought = as_drafts(_edits(), ground(), author="小刘", at=later, checked=1)
    drafts = await database.run(page_imports.draft, brought)
    assert (len(drafts.new), drafts.waiting) == (len(first), [])


async def test_live_serves_all_of_it_at_once(database: Database, now: datetime) -> None:
    stored = await _live(database, _edits(), now)
    served = await database.read(policies.served)
    assert (served.pages, served.revision) == (_edits().pages, 1)
    row = await database.read(policies.front_of, PATH)
    assert row is not None
    assert (row.id in stored, row.reviewer, row.owner) == (True, OPERATOR, "区人社局就业科")


async def test_live_leaves_a_trail(database: Database, now: datetime) -> None:
    stored = await _live(database, _edits(), now)
    [act] = await database.read(audit.of, "pages:3")
    assert (act.act, act.actor) == ("import_live", "staff:小刘")
    trail = await database.read(audit.with_acts, ["release_page", "withdraw_page"])
    assert len(trail) == 3
    assert {f"page:{number}" for number in stored} < {row.subject for row in trail}


async def test_an_import_without_a_name_is_the_operator_s(
    database: Database, now: datetime
) -> None:
    await _live(database, _edits(), now, by=OPERATOR)
    [act] = await database.read(audit.of, "pages:3")
    assert act.actor == "operator"


async def test_the_version_before_is_replaced_or_withdrawn(
    database: Database, now: datetime
) -> None:
    for table in (
        Table().set(CAP, "电话", "0530-2111111"),
        Table().set(CAP, "电话", "0530-2222222"),
    ):
        await _live(database, held(table.data), now)
    await _live(database, held(Table().set(CAP, "状态", "撤回").data), now)
    rows = await database.read(policies.versions, PATH)
    stages = [(row.number, row.follows, row.stage) for row in rows]
    assert stages == [(2, 1, Stage.WITHDRAWN), (1, 0, Stage.REPLACED)]
    assert (await database.read(policies.served)).pages == {PATH: None}


async def test_many_pages_are_stored_together(database: Database, now: datetime) -> None:
    text = ground().pages[PATH]
    pages = [Page(f"dingtao/policies/dingtao-x{number}.toml", text) for number in range(1200)]
    brought = Import(pages, (), "小刘", "staff:小刘", now, "", checked=0)
    for checked in (0, 1):
        again = replace(brought, checked=checked)
        assert len(set(await database.run(page_imports.serve, again, OPERATOR))) == 1200
    assert len((await database.read(policies.served)).pages) == 1200
    assert len(await database.read(policies.at_stages, Stage.REPLACED)) == 1200


@pytest.mark.parametrize("make", [as_drafts, as_live])
async def test_what_somebody_released_meanwhile_stops_it_all(
    make: Any, database: Database, now: datetime
) -> None:
    await _live(database, _edits(), now)
    late = held(Table().set(CAP, "电话", "0530-2222222").data)
    brought = make(late, ground(), author="老王", at=now, checked=0)
    with pytest.raises(Moved):
        await database.run(page_imports.draft, brought)
    with pytest.raises(Moved):
        await database.run(page_imports.serve, brought, OPERATOR)
    assert 'phone = "0530-2111111"' in str((await database.read(policies.served)).pages[PATH])
