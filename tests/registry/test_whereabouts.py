"""Where people are now: a city or a province of their words, dropped where they are no more."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select, update

from handlers.forms.form import REGISTRATION, shipped_forms
from records import people, whereabouts
from records.consents import CORE, Said
from records.database import Database, Session
from records.people import Entered, Person
from records.vault import Vault
from registry.people import store_all
from registry.whereabouts import code_of, settle, settle_more
from tests.handlers.support.talks import registered
from tests.registry.made import listed, terms

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
VAULT = Vault("for tests")
_TABLE = Person.__table__  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("广东东莞", "441900"),
        ("东莞厚街那边", "441900"),
        ("广东省广州市天河区", "440100"),
        ("浙江", "330000"),
        ("上海浦东", "310000"),
        ("仙桃", "429004"),
        ("东莞或者深圳", "440000"),
        ("河北或北京", ""),
        ("外省", ""),
        ("工地上", ""),
    ],
)
def test_words_name_a_city_or_a_province_and_nothing_finer(words: str, code: str) -> None:
    assert code_of(words) == code


def _codes(session: Session) -> list[dict[str, Any]]:
    return [dict(row[0]) for row in session.execute(select(_TABLE.c.codes).order_by(_TABLE.c.id))]


def test_who_registers_in_chat_is_found_where_they_say() -> None:
    walk = registered()
    assert walk.store.run(_codes)[0]["where_area"] == "441900"


def test_coming_home_drops_it_and_leaving_again_notes_the_new_place() -> None:
    walk = registered()
    walk.all("改在哪", "已回老家")
    assert "where_area" not in walk.store.run(_codes)[0]
    walk.all("改在哪", "还在外地", "浙江宁波")
    assert walk.store.run(_codes)[0]["where_area"] == "330200"


async def test_lists_note_it_and_what_they_mend_follows(database: Database) -> None:
    origin = terms().origin
    first = listed(1, where_city="广东东莞", where_now="在外")
    await database.run(store_all, [first], origin)
    assert (await database.read(_codes))[0]["where_area"] == "441900"


def _three(session: Session) -> None:
    for name, codes, words in (
        ("a", {"where_now": "away"}, {"where_city": "广东东莞"}),
        ("b", {"where_now": "away"}, {}),
        ("c", {"where_now": "returned"}, {"where_city": "广东东莞"}),
    ):
        entered = Entered(codes=codes, texts=words, said=(Said(CORE, True, NOW, "1"),))
        people.enter(session, VAULT, name, entered, at=NOW)


async def test_older_records_are_looked_at_once(database: Database) -> None:
    await database.run(_three)
    assert await database.run(settle_more, VAULT, "") == (2, "")
    assert await database.run(settle_more, VAULT, "") == (0, "")
    found = [codes.get("where_area") for codes in await database.read(_codes)]
    assert found == ["441900", "", None]


def _come_home(session: Session) -> None:
    session.execute(
        update(_TABLE).where(_TABLE.c.id == "a").values(codes={"where_now": "returned"})
    )
    settle(session, VAULT, "a")


async def test_who_is_at_home_is_nowhere_else(database: Database) -> None:
    await database.run(_three)
    await database.run(settle_more, VAULT, "")
    await database.run(_come_home)
    assert "where_area" not in (await database.read(_codes))[0]


def test_the_code_is_declared_where_its_words_are() -> None:
    question = shipped_forms()[REGISTRATION].question(whereabouts.WORDS)
    assert question is not None
    assert question.noted_as == whereabouts.AREA
    assert question.readers == ("county",)
