"""People of lists are found again, merged by who said what, and nothing is overwritten."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, StaticPool, create_engine, select
from sqlmodel import Session, SQLModel

from records import consents, erasure, imports, people, schema
from records.consents import CORE, Said
from records.database import Database
from records.imports import DifferenceState
from records.people import Entered, Person, Source, Status
from registry.lists import Outcome, Stored
from registry.people import store, store_all
from registry.people_rows import Listed
from tests.registry.made import NOW, VAULT, listed, terms

ORIGIN = terms().origin
HOUSEHOLD = replace(ORIGIN, source=Source.HOUSEHOLD)
_TABLE = Person.__table__  # type: ignore[attr-defined]
assert schema.HEAD  # every table is known


@cache
def _engine() -> Engine:
    engine = create_engine("sqlite://", poolclass=StaticPool)
    SQLModel.metadata.create_all(engine)
    return engine


@contextmanager
def _register() -> Iterator[Session]:
    """An empty register in memory: nothing is ever committed to it."""
    with Session(_engine(), expire_on_commit=False) as session:
        yield session
        session.rollback()


@pytest.fixture
def session() -> Iterator[Session]:
    """An empty register in memory."""
    with _register() as session:
        yield session


def _held(session: Session) -> list[tuple[str, dict[str, Any]]]:
    rows = session.execute(select(Person).order_by(_TABLE.c.id)).scalars()
    return [(r.status, {**r.codes, **VAULT.open(r.sealed)}) for r in rows]


def _registered(session: Session, **texts: Any) -> None:
    said = (Said(CORE, True, NOW),)
    entered = Entered({"home_place": "430381", "hukou": "rural"}, texts, "430381", said=said)
    people.enter(session, VAULT, "self", entered, at=NOW - timedelta(1), account="telegram:1")


async def test_who_is_new_is_stored_with_ground_source_and_memory(database: Database) -> None:
    one = listed(hukou="农业", village="水府村")
    done = await database.run(store, one, ORIGIN)
    row = await database.read(lambda s: s.get(Person, one.id))
    memory = await database.read(people.memory_of, VAULT, one.id)
    assert done == Stored(Outcome.NEW, one.id)
    assert row is not None
    assert (row.status, row.source, row.basis) == ("confirmed", "bulk", "试〔2026〕1号")
    assert row.village == "430381105237"
    assert "王某一".encode() not in row.sealed
    assert {change.field: change.value for change in memory} == {**one.codes, **one.texts}


async def test_the_phone_finds_who_a_list_brought(database: Database) -> None:
    await database.run(store, listed(), ORIGIN)
    found = await database.read(people.with_phone, VAULT, ["13800000001"])
    assert found["13800000001"][0].nickname == "王某一"


async def test_what_is_known_already_only_confirms(database: Database) -> None:
    await database.run(store, listed(hukou="农业"), ORIGIN)
    again = await database.run(store, listed(2, hukou="农业"), ORIGIN)
    more = await database.run(store, listed(3, intent="有"), ORIGIN)
    assert (again.outcome, more.outcome) == (Outcome.SAME, Outcome.MERGED)


async def test_a_signature_is_a_consent_on_paper(database: Database) -> None:
    one = listed(signed="是")
    await database.run(store, one, replace(ORIGIN, basis=""))
    said = await database.read(consents.in_force, [one.id])
    assert [(s.kind, s.given, s.version) for s in said[one.id]] == [(CORE, True, "paper")]


@pytest.mark.parametrize(
    ("first", "second", "wanted"),
    [
        ({}, {}, Outcome.SAME),
        ({}, {"nickname": "王 某 一"}, Outcome.SAME),
        ({}, {"nickname": "王某二"}, Outcome.DIFFERS),  # a slip of the pen, or a brother
        ({}, {"nickname": "王师傅"}, Outcome.DIFFERS),
        ({}, {"nickname": "李四"}, Outcome.NEW),  # one phone, two people
        ({}, {"phone": "13900000009"}, Outcome.NEW),
        ({"village": "水府村"}, {"village": "水府村", "phone": "13900000009"}, Outcome.DIFFERS),
        ({"village": "水府村"}, {"village": "水府", "phone": ""}, Outcome.SAME),
        ({"village": "水府村", "phone": ""}, {"village": "水府村"}, Outcome.MERGED),
        ({"external_id": "A1"}, {"external_id": "A1", "phone": "13900000009"}, Outcome.DIFFERS),
        ({"external_id": "A1"}, {"external_id": "A2"}, Outcome.NEW),
        ({"hukou": "农业"}, {"hukou": "非农"}, Outcome.DIFFERS),
        ({"skills": "电焊、开车"}, {"skills": "开车"}, Outcome.SAME),
        ({"skills": "开车"}, {"skills": "电焊、开车"}, Outcome.DIFFERS),
    ],
)
def test_who_is_one_person_and_who_is_two(
    session: Session, first: dict[str, Any], second: dict[str, Any], wanted: Outcome
) -> None:
    done = store_all(session, [listed(1, **first), listed(2, **second)], ORIGIN)
    assert done[1].outcome is wanted


def test_namesakes_of_two_towns_are_two(session: Session) -> None:
    one = listed(1, town="棋梓镇", village="新湾", phone="")
    other = listed(2, town="东郊乡", village="新湾", phone="13900000009")
    assert [d.outcome for d in store_all(session, [one, other], ORIGIN)] == [Outcome.NEW] * 2


def test_a_list_never_overwrites_what_somebody_said_of_themselves(session: Session) -> None:
    _registered(session, nickname="王某一", phone="13800000001")
    for origin in (ORIGIN, HOUSEHOLD):
        assert store(session, listed(hukou="非农"), origin).outcome is Outcome.DIFFERS
    assert _held(session)[0][1]["hukou"] == "rural"


def test_a_sweep_comes_before_a_list_and_the_change_is_told(session: Session) -> None:
    store(session, listed(hukou="农业"), ORIGIN)
    assert store(session, listed(2, hukou="非农"), HOUSEHOLD).outcome is Outcome.MERGED
    assert _held(session)[0][1]["hukou"] == "urban"
    (told,) = imports.differences(session, VAULT, state=None)
    assert (told.old, told.new, told.state) == ("rural", "urban", DifferenceState.TAKEN)
    assert told.decided_by == imports.BY_RANK


def test_a_county_that_is_taken_brings_its_name_along(session: Session) -> None:
    store(session, listed(), ORIGIN)
    store(session, listed(2, county="定陶"), HOUSEHOLD)
    assert _held(session)[0][1]["home_place_text"] == "山东省菏泽市定陶区"


def test_who_has_left_is_not_brought_back(session: Session) -> None:
    _registered(session, nickname="王某一", phone="13800000001")
    people.set_aside(session, "self", at=NOW)
    refused = store(session, listed(), ORIGIN)
    assert (refused.outcome, "退出" in refused.remarks[0]) == (Outcome.REFUSED, True)


@pytest.mark.parametrize("phone", ["13800000001", ""])
def test_who_was_deleted_is_not_brought_back(session: Session, phone: str) -> None:
    _registered(session, nickname="王某一", phone="13800000001", home_village="水府村")
    erasure.erase(session, "self", counted=(), at=NOW)
    refused = store(session, listed(village="水府村", phone=phone), ORIGIN)
    assert (refused.outcome, "删除" in refused.remarks[0]) == (Outcome.REFUSED, True)
    assert store(session, listed(2, nickname="李四"), ORIGIN).outcome is Outcome.NEW


def test_who_never_confirmed_may_be_brought_again(session: Session) -> None:
    entered = Entered({}, {"nickname": "王某一", "phone": "13800000001"}, source=Source.PROXY)
    people.enter(session, VAULT, "left", entered, at=NOW - timedelta(40))
    erasure.erase_unconfirmed(session, NOW)
    assert store(session, listed(), ORIGIN).outcome is Outcome.NEW


def test_a_duty_confirms_what_a_relative_left(session: Session) -> None:
    entered = Entered({}, {"nickname": "王某一", "phone": "13800000001"}, source=Source.PROXY)
    people.enter(session, VAULT, "left", entered, at=NOW)
    assert store(session, listed(), ORIGIN).outcome is Outcome.MERGED
    row = session.get(Person, "left", populate_existing=True)
    assert row is not None
    assert (row.status, row.erase_at, row.basis) == (Status.CONFIRMED, None, "试〔2026〕1号")


def test_one_who_came_back_is_found_before_the_record_that_they_left(session: Session) -> None:
    _registered(session, nickname="王某一", phone="13800000001")
    people.set_aside(session, "self", at=NOW)
    said = (Said(CORE, True, NOW),)
    entered = Entered({}, {"nickname": "王某一", "phone": "13800000001"}, "430381", said=said)
    people.enter(session, VAULT, "again", entered, at=NOW, account="telegram:2")
    assert store(session, listed(), ORIGIN).subject == "again"


_CELLS = st.fixed_dictionaries(
    {
        "nickname": st.sampled_from(["王某一", "王某二", "王师傅", "李四", "赵六"]),
        "phone": st.sampled_from(["", "13800000001", "13800000002"]),
        "village": st.sampled_from(["", "水府村", "新塘村"]),
        "external_id": st.sampled_from(["", "", "A1", "A2"]),
        "hukou": st.sampled_from(["", "农业", "非农"]),
        "skills": st.sampled_from(["", "开车", "电焊、开车"]),
    }
)
_LISTS = st.lists(_CELLS, min_size=1, max_size=9)


def _people(rows: list[dict[str, Any]]) -> list[Listed]:
    known = {"village": "新塘村"}  # who cannot be told from others is no person on a list
    return [
        listed(number, **(cells if cells["phone"] or cells["external_id"] else {**cells, **known}))
        for number, cells in enumerate(rows, 1)
    ]


def _all(session: Session) -> tuple[Any, ...]:
    told = imports.differences(session, VAULT, state=None)
    memory = [
        (c.field, str(c.value))
        for who in _ids(session)
        for c in people.memory_of(session, VAULT, who)
    ]
    return _held(session), [(d.person_id, d.field, str(d.new), d.state) for d in told], memory


def _ids(session: Session) -> list[str]:
    return list(session.execute(select(_TABLE.c.id).order_by(_TABLE.c.id)).scalars())


@settings(deadline=None, max_examples=30)
@given(_LISTS, st.booleans())
def test_many_at_once_come_to_the_same_as_one_by_one(
    rows: list[dict[str, Any]], is_known: bool
) -> None:
    found = []
    for size in (1, 4, 9):
        with _register() as session:
            if is_known:
                _registered(session, nickname="王某一", phone="13800000001")
            some = _people(rows)
            done = [
                one
                for start in range(0, len(some), size)
                for one in store_all(session, some[start : start + size], ORIGIN)
            ]
            found.append((done, sorted(map(str, _all(session)))))
    assert found[0] == found[1] == found[2]


_DOUBTED = [  # who waits to be told apart from somebody who gets a number of their own after them
    {"nickname": "王某一", "phone": "13800000001", "external_id": ""},
    {"nickname": "王某二", "phone": "13800000001", "external_id": "A1"},
    {"nickname": "王某一", "phone": "13800000001", "external_id": "A2"},
]


@settings(deadline=None, max_examples=30)
@given(_LISTS)
@example([{"village": "", "hukou": "", "skills": "", **row} for row in _DOUBTED])
def test_the_same_list_again_adds_nobody_and_changes_no_value(rows: list[dict[str, Any]]) -> None:
    with _register() as session:
        store_all(session, _people(rows), ORIGIN)
        before = _held(session)
        again = store_all(session, _people(rows), replace(ORIGIN, at=NOW + timedelta(1)))
        assert Outcome.NEW not in {one.outcome for one in again}
        for (_, old), (_, new) in zip(before, _held(session), strict=True):
            assert {name: new[name] for name in old} == old
