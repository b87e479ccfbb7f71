"""What is known of a person whose two records became one: table by table, none forgotten."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Column, Date, Integer, LargeBinary, String, Table, insert, select
from sqlalchemy.types import JSON, Boolean

from handlers.link_effects import MergeProfiles, Where, apply
from records.database import Session
from records.people import Entered
from records.reminders import ReminderRow, to_person
from records.schema import METADATA
from records.types import UtcDateTime
from tests.handlers.support.walk import Store

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
GONE, KEPT = "gone", "kept"
# Tables of people whose rows stay behind, and why.
NOT_HANDED_ON = {
    "campaign_recipient": "the sums of a campaign stay as they were; its row is nameless then",
    "consent": "the proof is of the record that it was given for; the kept one gets its own",
    "known_name": "prints of names; those of the kept one are made anew",
    "name_part": "prints of parts of names; those of the kept one are made anew",
    "import_difference": "it differed from a record that is no more; the next list is compared",
    "import_touch": "what a list changed was of a record that is no more",
    "link_code": "lives for minutes, for the record that was shown",
    "person_change": "history of the record; what the kept one takes over is noted anew",
    "sharing": "they agreed to one record being shown; for the kept one they are asked anew",
    "person_facts": "what the kept one lacks is chosen fact by fact",
}
TABLES = {table.name: table for table in METADATA.sorted_tables if "person_id" in table.c}
WORDS = {"help": "mentor", "proof": "code", "reason": "first", "kind": "call"}


def _value(column: Column[Any]) -> object:
    kinds: dict[type[Any], object] = {
        UtcDateTime: NOW,
        Date: date(2026, 11, 22),
        Boolean: False,
        JSON: [],
        LargeBinary: b"",
        Integer: 1,
        String: "x",
    }
    kind = getattr(column.type, "impl_instance", column.type)
    return next(v for k, v in kinds.items() if isinstance(column.type, k) or isinstance(kind, k))


def _add(session: Session, table: Table, **own: object) -> None:
    """A row of any table with what it must have."""
    told = [c for c in table.c if c.name != "id" or not isinstance(c.type, Integer)]
    values = {c.name: WORDS.get(c.name) or _value(c) for c in told if not c.nullable}
    session.execute(insert(table).values(values | own))


def _merge(session: Session, store: Store) -> None:
    effect = MergeProfiles(KEPT, GONE, Entered({}, {}), {})
    apply(effect, session, Where("fake:1", "fake", NOW, store.vault))


@pytest.fixture
def store() -> Store:
    """Two records of one person."""
    store = Store()
    sealed, people = store.vault.seal({}), METADATA.tables["person"]
    for id_ in (GONE, KEPT):
        own = {"id": id_, "codes": {}, "sealed": sealed, "account": f"fake:{id_}"}
        own |= {"status": "confirmed", "source": "chat"}
        store.run(lambda s, own=own: _add(s, people, **own))  # type: ignore[misc]
    return store


def _whose(store: Store, table: Table) -> list[str]:
    return store.run(lambda s: list(s.execute(select(table.c.person_id)).scalars()))


@pytest.mark.parametrize("name", sorted(TABLES.keys() - NOT_HANDED_ON.keys()))
def test_each_table_about_people_is_handed_on(store: Store, name: str) -> None:
    store.run(lambda s: _add(s, TABLES[name], person_id=GONE))
    store.run(lambda s: _merge(s, store))
    assert KEPT in _whose(store, TABLES[name])
    assert GONE not in _whose(store, TABLES[name])


@pytest.mark.parametrize("name", sorted(TABLES.keys() - NOT_HANDED_ON.keys()))
def test_what_both_records_have_is_no_hindrance(store: Store, name: str) -> None:
    is_one_for_each = "person_id" in TABLES[name].primary_key.columns
    store.run(lambda s: _add(s, TABLES[name], person_id=GONE))
    if is_one_for_each:
        store.run(lambda s: _add(s, TABLES[name], person_id=KEPT))
    store.run(lambda s: _merge(s, store))
    assert set(_whose(store, TABLES[name])) == {KEPT}


@pytest.mark.parametrize("name", sorted(NOT_HANDED_ON))
def test_what_is_not_handed_on_is_known_and_goes(store: Store, name: str) -> None:
    store.run(lambda s: _add(s, TABLES[name], person_id=GONE))
    store.run(lambda s: _merge(s, store))
    assert name == "consent" or GONE not in _whose(store, TABLES[name])


def test_what_is_due_to_the_one_is_due_to_the_other(store: Store) -> None:
    table = METADATA.tables["reminder"]
    store.run(lambda s: _add(s, table, whom=to_person(GONE)))
    store.run(lambda s: _merge(s, store))
    found = store.run(lambda s: list(s.execute(select(ReminderRow)).scalars()))
    assert [row.whom for row in found] == [to_person(KEPT)]
