"""The made-up people: a living county in each staff chat, never beside real ones, gone at once."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from records import assignments, courses, people, staff_accounts, tickets, visits
from records.database import Session
from records.erasure import FormerPerson
from records.made_up import BASIS
from records.people import Entered, Person, Source
from registry import demo_people
from tests.handlers.support.walk import Store, Walk

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


@pytest.fixture
def store() -> Store:
    """A database with the made-up people."""
    store = Store()
    loaded = store.run(lambda s: demo_people.load(s, store.vault, NOW))
    assert (loaded.people, loaded.is_real) == (8, False)
    return store


def _people(session: Session) -> list[Person]:
    return list(session.execute(select(Person)).scalars())


def test_none_of_them_can_be_taken_for_a_real_one(store: Store) -> None:
    rows = store.run(_people)
    told = [store.vault.open(row.sealed) for row in rows]
    assert {row.basis for row in rows} == {BASIS}
    assert all(one["nickname"].startswith("示范") for one in told)
    assert not any(re.match(r"1[3-9]", one["phone"]) for one in told)
    assert all(one.name.startswith("示范") for one in store.run(staff_accounts.everybody))


def test_a_second_time_changes_nothing(store: Store) -> None:
    again = store.run(lambda s: demo_people.load(s, store.vault, NOW))
    assert again == demo_people.LoadedPeople()


def test_they_are_never_put_beside_somebody_real() -> None:
    store = Store()
    real = Entered({}, {"nickname": "老王"}, "430381", Source.BULK)
    store.run(lambda s: people.enter(s, store.vault, "real", real, at=NOW, basis="文号"))
    loaded = store.run(lambda s: demo_people.load(s, store.vault, NOW))
    assert loaded.is_real
    assert len(store.run(_people)) == 1


@pytest.mark.parametrize(
    ("name", "said", "told"),
    [
        ("示范专员", "今天", "示范乙"),
        ("示范专员", "我的人", "示范甲"),
        ("示范县里", "乡贤", "示范戊 重点"),
        ("示范县里", "待办", "等人回电话"),
        ("示范村干部", "信誉 示范甲 可推荐", "记下了：示范甲"),
    ],
)
def test_each_of_the_staff_finds_something(store: Store, name: str, said: str, told: str) -> None:
    walk = Walk(store=store, chat=name, is_new=False, now=NOW)
    bind = staff_accounts.bind
    store.run(lambda s: bind(s, name, walk.account, at=NOW, actor="system"))
    walk.say(said)
    assert told in walk.said()


def test_one_command_takes_them_away_and_no_total_knows_of_them(store: Store) -> None:
    assert store.run(lambda s: demo_people.remove(s, NOW)) == 8
    assert store.run(_people) == []
    assert store.run(staff_accounts.everybody) == []
    assert store.run(lambda s: tickets.list_open(s)) == []
    assert store.run(lambda s: visits.waiting(s, ["demo-01"])) == []
    assert store.run(lambda s: assignments.of_helper(s, "示范专员")) == []
    assert store.run(lambda s: courses.open_for(s, "430381", NOW.date())) == []
    assert store.run(lambda s: list(s.execute(select(FormerPerson)).scalars())) == []


def test_they_can_come_back(store: Store) -> None:
    store.run(lambda s: demo_people.remove(s, NOW))
    loaded = store.run(lambda s: demo_people.load(s, store.vault, NOW))
    assert loaded.people == 8


def test_it_is_said_when_somebody_else_has_come_beside_them(store: Store) -> None:
    real = Entered({}, {"nickname": "老王"}, "430381", Source.BULK)
    store.run(lambda s: people.enter(s, store.vault, "real", real, at=NOW, basis="文号"))
    assert store.run(lambda s: demo_people.load(s, store.vault, NOW)).is_mixed
    store.run(lambda s: demo_people.remove(s, NOW))
    assert [row.id for row in store.run(_people)] == ["real"]
