"""A human decides what lists and the register do not agree on; who and when is kept."""

from __future__ import annotations

import pytest

from records import audit, imports, people
from records.database import Database, Session
from records.imports import Difference, DifferenceState
from records.people import Person
from registry import differences
from registry.differences import DecisionRefused
from registry.lists import Outcome
from registry.people import store
from tests.registry.made import NOW, VAULT, listed, terms

ORIGIN = terms().origin


def _open(session: Session) -> list[Difference]:
    return imports.differences(session, VAULT)


def _take(session: Session, number: int) -> None:
    differences.take(session, VAULT, number, by="老张", at=NOW)


def _keep(session: Session, number: int) -> None:
    differences.keep(session, VAULT, number, by="老张", at=NOW)


async def _differ(database: Database, *second: str, **cells: str) -> Difference:
    await database.run(store, listed(hukou="农业", village="水府村"), ORIGIN)
    await database.run(store, listed(2, **cells), ORIGIN)
    (found,) = await database.read(_open)
    return found


async def test_a_value_that_is_taken_is_held_and_remembered(database: Database) -> None:
    found = await _differ(database, hukou="非农")
    await database.run(_take, found.id)
    row = await database.read(lambda s: s.get(Person, found.person_id))
    memory = await database.read(people.memory_of, VAULT, found.person_id)
    assert row is not None
    assert (row.codes["hukou"], row.village) == ("urban", "430381105237")
    assert (memory[-1].field, memory[-1].value) == ("hukou", "urban")
    decided = await database.read(lambda s: imports.differences(s, VAULT, state=None))
    assert (decided[0].state, decided[0].decided_by) == (DifferenceState.TAKEN, "老张")
    acts = await database.read(audit.of, found.person_id)
    assert (acts[-1].act, acts[-1].actor) == ("difference.taken", "staff:老张")


async def test_a_value_that_is_not_taken_is_not_asked_about_again(database: Database) -> None:
    found = await _differ(database, hukou="非农")
    await database.run(_keep, found.id)
    again = await database.run(store, listed(3, hukou="非农"), ORIGIN)
    assert again.outcome is Outcome.SAME
    assert await database.read(_open) == []


async def test_a_new_phone_that_is_taken_finds_the_person(database: Database) -> None:
    await database.run(store, listed(external_id="A1"), ORIGIN)
    await database.run(store, listed(2, external_id="A1", phone="13900000009"), ORIGIN)
    (found,) = await database.read(_open)
    await database.run(_take, found.id)
    known = await database.read(people.with_phone, VAULT, ["13900000009", "13800000001"])
    assert list(known) == ["13900000009"]


async def test_one_person_under_two_names_is_merged_and_the_name_is_asked(
    database: Database,
) -> None:
    found = await _differ(database, nickname="王某二", intent="有")
    await database.run(_take, found.id)
    row = await database.read(lambda s: s.get(Person, found.person_id))
    assert row is not None
    assert row.codes["intent"] == "thinking"
    assert [one.field for one in await database.read(_open)] == ["nickname"]
    again = await database.run(store, listed(3, nickname="王某二", intent="有"), ORIGIN)
    assert again.subject == found.person_id


async def test_somebody_else_is_stored_and_known_from_then_on(database: Database) -> None:
    found = await _differ(database, nickname="王某二")
    await database.run(_keep, found.id)
    known = await database.read(people.with_phone, VAULT, ["13800000001"])
    assert [one.nickname for one in known["13800000001"]] == ["王某一", "王某二"]
    again = await database.run(store, listed(3, nickname="王某二"), ORIGIN)
    assert again.outcome is Outcome.SAME


async def test_what_is_decided_or_gone_cannot_be_decided(database: Database) -> None:
    found = await _differ(database, hukou="非农")
    await database.run(_keep, found.id)
    for number, said in ((found.id, "已经定过了（老张）"), (99, "没有编号 99")):
        with pytest.raises(DecisionRefused, match=said):
            await database.run(_take, number)


async def test_who_left_is_not_decided_about(database: Database) -> None:
    found = await _differ(database, hukou="非农")
    await database.run(lambda s: people.set_aside(s, found.person_id, at=NOW))
    with pytest.raises(DecisionRefused, match="已经退出"):
        await database.run(_take, found.id)


def test_values_are_said_in_the_words_of_the_table() -> None:
    assert differences.said("lacks", ["capital", "site"]) == "本钱、场地"
    assert differences.said("hukou", None) == "（空）"
    assert differences.called("home_village") == "村"
