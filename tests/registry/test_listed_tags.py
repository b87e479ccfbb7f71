"""The tags of a list: put, taken away with a minus, shown, and read back from our own list."""

from __future__ import annotations

import pytest

from records import audit, tags
from records.database import Database, Session
from records.imports import differences
from registry import village_list
from registry.differences import take
from registry.lists import Outcome, Stored
from registry.people import preview, store
from registry.people_columns import columns
from tests.registry.made import NOW, VAULT, listed, terms

ORIGIN = terms().origin


def _store(session: Session, number: int, said: str) -> Stored:
    return store(session, listed(number, tags=said), ORIGIN)


async def _held(database: Database, who: str) -> frozenset[str]:
    return (await database.read(tags.of, [who])).get(who, frozenset())


@pytest.mark.parametrize(
    ("said", "put", "taken"),
    [
        ("直播学员", ("直播学员",), ()),
        ("直播学员、摊位老乡，直播学员", ("直播学员", "摊位老乡"), ()),
        ("直播 学员;-老名单；－旧 标签", ("直播学员",), ("老名单", "旧标签")),
        ("去掉老名单", (), ("老名单",)),
        ("-", (), ()),
        ("", (), ()),
    ],
)
def test_tags_are_read_from_one_cell(
    said: str, put: tuple[str, ...], taken: tuple[str, ...]
) -> None:
    found = listed(tags=said)
    assert (found.tags, found.untags) == (put, taken)


@pytest.mark.parametrize("said", ["低保户", "编号123456", "太" * 21, "甲且乙"])
def test_what_may_be_no_tag_is_left_and_named(said: str) -> None:
    found = listed(tags=f"{said}、直播学员")
    assert found.tags == ("直播学员",)
    assert len(found.remarks) == 1
    assert "“标签”列" in found.remarks[0]


async def test_tags_come_with_somebody_new_and_are_added_to_who_is_known(
    database: Database,
) -> None:
    new = await database.run(_store, 1, "直播学员")
    more = await database.run(_store, 2, "摊位老乡")
    assert (new.outcome, new.remarks) == (Outcome.NEW, ("加了标签“直播学员”",))
    assert (more.outcome, more.remarks) == (Outcome.MERGED, ("加了标签“摊位老乡”",))
    assert more.subject == new.subject
    assert await _held(database, new.subject) == {"直播学员", "摊位老乡"}
    acts = [one.act for one in await database.read(audit.of, new.subject)]
    assert acts.count("person.tagged") == 2


async def test_a_minus_takes_away_and_nothing_leaves_them(database: Database) -> None:
    new = await database.run(_store, 1, "直播学员、摊位老乡")
    same = await database.run(_store, 2, "")
    less = await database.run(_store, 3, "-直播学员、-没有过")
    again = await database.run(_store, 4, "摊位老乡、-直播学员")
    assert [one.outcome for one in (same, less, again)] == [
        Outcome.SAME,
        Outcome.MERGED,
        Outcome.SAME,
    ]
    assert less.remarks == ("去掉标签“直播学员”",)
    assert await _held(database, new.subject) == {"摊位老乡"}


async def test_a_trial_says_the_same_and_writes_nothing(database: Database) -> None:
    await database.run(_store, 1, "直播学员")
    wanted = [listed(2, tags="摊位老乡、-直播学员")]
    (seen,) = await database.read(preview, wanted, ORIGIN)
    (known,) = await database.read(lambda s: list(tags.counts(s)))
    assert seen.remarks == ("加了标签“摊位老乡”", "去掉标签“直播学员”")
    assert known == "直播学员"


async def test_who_is_found_to_be_the_same_gets_the_tags_then(database: Database) -> None:
    cells = {"nickname": "王某", "tags": "摊位老乡、-直播学员"}
    new = await database.run(_store, 1, "直播学员")
    asked = await database.run(store, listed(2, **cells), ORIGIN)
    assert asked.outcome is Outcome.DIFFERS
    assert await _held(database, new.subject) == {"直播学员"}
    (one,) = await database.read(lambda s: differences(s, VAULT))
    await database.run(lambda s: take(s, VAULT, one.id, by="老张", at=NOW))
    assert await _held(database, new.subject) == {"摊位老乡"}


async def test_our_own_list_is_read_back_as_it_was_written(database: Database) -> None:
    one = listed(tags="直播学员、摊位老乡", village="水府村")
    new = await database.run(store, one, ORIGIN)
    (row,) = await database.read(village_list.rows, VAULT, "430381105237")
    called = {column.heading for column in columns()}
    assert (row.phone, row.tags) == ("138****0001", "摊位老乡、直播学员")
    assert "标签" in called & set(village_list.HEADINGS)
    cells = {"phone": row.phone, "village": row.home, "nickname": row.name, "tags": row.tags}
    back = await database.run(store, listed(2, **cells), ORIGIN)
    assert (back.outcome, back.subject) == (Outcome.SAME, new.subject)
