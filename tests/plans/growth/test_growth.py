"""The measuring of growth measures what the program does, and its page shows what was measured."""

from __future__ import annotations

import os
import re
from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest

from records import conversations, people, reminders
from records.database import Database
from records.reminders import Kind
from records.vault import Vault
from tests.plans.filling import NOW
from tests.plans.growth import page
from tests.plans.growth.__main__ import taken
from tests.plans.growth.contacts import DAYS, HAVE_A_DATE, fill_with
from tests.plans.growth.drawing import Line, Panel, picture
from tests.plans.growth.measuring import measured
from tests.plans.growth.page import MEASURES, Figures
from tests.plans.growth.world import Often, World, account

CONTACTS = 2 * DAYS * HAVE_A_DATE  # two reminders a day
RARELY = Often(lookups=3, alone=2, groups=2, together=3, pages=1, claims=2)
PAGE = "# Growth\n\n<!-- measured -->\nold\n<!-- end -->\n\nThe rest.\n"


@pytest.fixture
def world(database: Database, vault: Vault) -> World:
    return World(database, vault, CONTACTS)


async def test_the_program_knows_the_contacts(world: World) -> None:
    await fill_with(world)
    last = account(CONTACTS - 1)
    assert last in await world.database.read(conversations.load, [last])
    found = await world.database.read(people.profiles_of, world.vault, [last])
    [somebody] = found[last]
    assert somebody.consents_to("push")


async def test_as_many_are_due_each_day(world: World) -> None:
    await fill_with(world)
    for day in (NOW, NOW + timedelta(days=DAYS - 1)):
        rows = await world.database.read(lambda s, now=day: reminders.due(s, now, limit=CONTACTS))
        newest = [row for row in rows if row.due.date() == day.date()]
        assert [reminders.opened(row, world.vault).kind for row in newest] == [Kind.DEADLINE] * 2


async def test_every_round_finds_as_much_to_do(world: World) -> None:
    await fill_with(world)
    rounds = [await measured(world, number, RARELY) for number in range(2)]
    assert [one["reminders_due"] for one in rounds] == [2, 2]
    assert [one["claimed"] for one in rounds] == [100, 100]


async def test_each_row_of_the_page_is_measured_on_sqlite(tmp_path: Path) -> None:
    [line] = await taken(f"sqlite:///{tmp_path}/growth", [CONTACTS], RARELY, 1)
    told = [one.name for one in MEASURES if not one.name.endswith("_pages")]
    assert min(float(line[name]) for name in told) > 0
    assert os.listdir(tmp_path) == []


async def test_each_row_of_the_page_is_measured_on_postgresql(postgres_url: str) -> None:
    before = await _names(postgres_url)
    [line] = await taken(postgres_url, [CONTACTS], RARELY, 1)
    assert min(float(line[one.name]) for one in MEASURES) > 0
    assert await _names(postgres_url) == before


async def _names(url: str) -> set[str]:
    connection = await asyncpg.connect(url)
    rows = await connection.fetch("SELECT datname FROM pg_database")
    await connection.close()
    return {row["datname"] for row in rows}


def _line(contacts: int, value: float) -> Figures:
    same = {one.name: value for one in MEASURES}
    return {"database": "sqlite", "contacts": contacts, **same}


def test_the_page_has_the_newest_of_each_size(tmp_path: Path) -> None:
    made = tmp_path / "growth.md"
    made.write_text(PAGE, encoding="utf-8")
    page.keep(made, [_line(1_000, 7.0), _line(10, 2.0)])
    page.keep(made, [_line(1_000, 5.0)])
    text = made.read_text("utf-8")
    assert re.sub(r"measured -->.*<!--", "measured -->\nold\n<!--", text, flags=re.S) == PAGE
    assert "| SQLite | 10 | 1,000 | last ÷ first | goal |" in text
    assert "| a turn of fifty at once: processor, ms | 2 | 5 | 2.50 | ≤ 1.25 |" in text


def test_what_is_shown_is_what_was_measured() -> None:
    lines = page.kept(page.PAGE)
    assert lines
    assert page.with_tables(page.PAGE.read_text("utf-8"), lines) == page.PAGE.read_text("utf-8")
    drawn = page.PAGE.with_suffix("") / page.PICTURE
    assert drawn.read_text("utf-8") == page.drawn(lines)


def test_a_line_rises_with_its_values() -> None:
    svg = picture("x", [Panel("ms", [Line("a", [(10_000, 1.0), (1_000_000, 2.0)])])])
    assert 'points="16,70 132,34"' in svg
    assert re.findall(r">([^<>]+)</text>", svg) == ["a", "10k", "1M", "ms", "2"]
