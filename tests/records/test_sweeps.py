"""Doors, drafts, grounds and standings in the store, on both kinds of database."""

from __future__ import annotations

from datetime import datetime, timedelta

from records import grounds, line_drafts, standings, sweeps
from records.database import Database, Session
from records.line_drafts import Draft
from records.standings import Tier, Word
from records.sweeps import AtDoor, DoorState, Round
from records.vault import Vault

NAMES = ("王甲", "王乙", "王丙")


def _round(session: Session, vault: Vault, now: datetime) -> Round:
    sweep = sweeps.begin(session, "430381111217", "老屋湾", staff="老谢", at=now)
    doors = [AtDoor(0, 0, name, DoorState.OPEN, f"p{name}") for name in NAMES]
    sweeps.add(session, vault, sweep, doors)
    found = sweeps.current(session, vault, "老谢")
    assert found is not None
    return found


def _noted(session: Session, vault: Vault, now: datetime) -> Round:
    found = _round(session, vault, now)
    ids = [door.id for door in found.doors]
    sweeps.note(session, ids[1:2], DoorState.REFUSED, staff="老谢", at=now)
    sweeps.note(session, ids[2:], DoorState.TALKED, staff="老谢", at=now)
    again = sweeps.current(session, vault, "老谢")
    assert again is not None
    return again


async def test_doors_keep_their_numbers_and_what_came(
    database: Database, vault: Vault, now: datetime
) -> None:
    found = await database.run(_noted, vault, now)
    assert [(d.number, d.name) for d in found.doors] == list(enumerate(NAMES, 1))
    assert [d.state.value for d in found.doors] == ["open", "refused", "talked"]


async def test_who_refused_rests_for_half_a_year(
    database: Database, vault: Vault, now: datetime
) -> None:
    await database.run(_noted, vault, now)
    people = [f"p{name}" for name in NAMES]
    soon = await database.read(sweeps.resting, people, now + timedelta(days=179))
    late = await database.read(sweeps.resting, people, now + timedelta(days=181))
    assert (list(soon), list(late)) == (["p王乙"], [])


async def test_a_new_round_ends_the_one_before(
    database: Database, vault: Vault, now: datetime
) -> None:
    first = await database.run(_round, vault, now)
    second = await database.run(_round, vault, now + timedelta(days=1))
    assert second.id != first.id
    await database.run(lambda s: sweeps.end(s, "老谢", at=now + timedelta(days=2)))
    assert await database.read(sweeps.current, vault, "老谢") is None


async def test_bare_names_of_old_rounds_are_forgotten(
    database: Database, vault: Vault, now: datetime
) -> None:
    found = await database.run(_round, vault, now)
    bare = [AtDoor(0, 0, "路人", DoorState.OPEN)]
    await database.run(sweeps.add, vault, found.id, bare)
    assert await database.run(sweeps.forget_names, now + timedelta(days=179)) == 0
    assert await database.run(sweeps.forget_names, now + timedelta(days=181)) == 1


async def test_lines_wait_thirty_days(database: Database, vault: Vault, now: datetime) -> None:
    drafts = [Draft(3, "李三 138", "老屋湾", now), Draft(8, "李四", "", now)]
    await database.run(line_drafts.keep, vault, "老谢", drafts)
    found = await database.read(line_drafts.of_staff, vault, "老谢", now)
    assert [(d.number, d.text, d.place) for d in found] == [
        (3, "李三 138", "老屋湾"),
        (8, "李四", ""),
    ]
    assert await database.run(line_drafts.expire, now + timedelta(days=29)) == 0
    assert await database.run(line_drafts.expire, now + timedelta(days=30)) == 2


async def test_the_narrowest_ground_holds(database: Database, now: datetime) -> None:
    for area in ("430300", "430381"):
        await database.run(
            lambda s, area=area: grounds.settle(s, area, f"文{area}", staff="小唐", at=now)
        )
    assert await database.read(grounds.of, ["430381", "430300"]) == "文430381"
    assert await database.read(grounds.of, ["430382", "430300"]) == "文430300"
    assert await database.read(grounds.of, ["430400"]) == ""


async def test_a_word_for_somebody_holds_for_a_year(database: Database, now: datetime) -> None:
    await database.run(lambda s: standings.vouch(s, "p1", Word.VOUCHED, by="老谢", at=now))
    soon = await database.read(standings.vouched, ["p1"], now + timedelta(days=364))
    late = await database.read(standings.vouched, ["p1"], now + timedelta(days=366))
    assert (soon["p1"].word, soon["p1"].by, late) == (Word.VOUCHED, "老谢", {})


async def test_a_tier_keeps_its_owner(database: Database, now: datetime) -> None:
    for tier, owner in ((Tier.REGISTERED, "小刘"), (Tier.KEY, "")):
        await database.run(
            lambda s, tier=tier, owner=owner: standings.place(
                s, "p1", tier, owner=owner, by="小唐", at=now
            )
        )
    (found,) = await database.read(standings.sages, Tier.KEY)
    assert (found.owner, found.contacted_at) == ("小刘", None)
