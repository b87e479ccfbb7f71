"""People in the store: nothing personal readable, values remembered with their source."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from records import consents, erasure, people
from records.consents import CORE, Said
from records.database import Database, Session
from records.people import ConsentMissing, Entered, Source, Status
from records.vault import Vault

PHONE = "13900001234"


def _entered(now: datetime, *, agreed: bool = True, source: Source = Source.CHAT) -> Entered:
    return Entered(
        codes={"hukou": "rural", "skills": ["cook"]},
        texts={"nickname": "老王", "phone": PHONE, "home_village": "花桥村"},
        area="430381",
        source=source,
        said=(Said(CORE, True, now, "v1"),) if agreed else (),
    )


def _enter(session: Session, vault: Vault, now: datetime) -> None:
    entered = _entered(now)
    people.enter(session, vault, "p1", entered, at=now, account="telegram:42")
    consents.note(session, "p1", entered.said, channel="telegram")


async def test_a_person_is_found_by_account_and_phone(
    database: Database, vault: Vault, now: datetime
) -> None:
    await database.run(_enter, vault, now)
    by_account = await database.read(people.profiles_of, vault, ["telegram:42", "telegram:43"])
    by_phone = await database.read(people.with_phone, vault, [PHONE, "13900000000"])
    (profile,) = by_account["telegram:42"]
    assert by_phone == {PHONE: (profile,)}
    assert (profile.nickname, profile.phone, profile.area) == ("老王", PHONE, "430381")
    assert profile.consents_to(CORE)


async def test_nothing_personal_can_be_read_in_the_tables(
    database: Database, vault: Vault, now: datetime
) -> None:
    await database.run(_enter, vault, now)

    def everything(session: Session) -> str:
        tables = ("person", "person_change", "consent")
        rows = [session.execute(text(f"SELECT * FROM {t}")).all() for t in tables]
        return str(
            [[bytes(v) if isinstance(v, memoryview) else v for v in r] for rs in rows for r in rs]
        )

    stored = await database.read(everything)
    for secret in (PHONE, "老王", "花桥村", "老王".encode().hex()):
        assert secret not in stored


async def test_without_a_yes_nothing_is_stored(
    database: Database, vault: Vault, now: datetime
) -> None:
    with pytest.raises(ConsentMissing):
        await database.run(
            lambda s: people.enter(s, vault, "p1", _entered(now, agreed=False), at=now)
        )


async def test_a_duty_with_its_document_takes_the_place_of_a_yes(
    database: Database, vault: Vault, now: datetime
) -> None:
    entered = _entered(now, agreed=False, source=Source.HOUSEHOLD)
    await database.run(lambda s: people.enter(s, vault, "p1", entered, at=now, basis="文件一号"))
    row = await database.read(lambda s: s.get(people.Person, "p1"))
    assert row is not None
    assert (row.status, row.basis) == (Status.CONFIRMED, "文件一号")


async def test_a_correction_keeps_the_old_value_in_memory(
    database: Database, vault: Vault, now: datetime
) -> None:
    await database.run(_enter, vault, now)
    new = Entered(codes={"hukou": "urban"}, texts={"phone": None})
    later = now + timedelta(days=1)
    await database.run(lambda s: people.correct(s, vault, "p1", new, at=later))
    memory = await database.read(people.memory_of, vault, "p1")
    assert [(c.value, c.at) for c in memory if c.field == "hukou"] == [
        ("rural", now),
        ("urban", later),
    ]
    assert await database.read(people.with_phone, vault, [PHONE]) == {}


async def test_a_group_of_accounts_takes_three_statements(
    database: Database, vault: Vault, now: datetime
) -> None:
    await database.run(_enter, vault, now)
    counted: list[str] = []

    def load(session: Session) -> None:
        from sqlalchemy import event

        def count(*args: object) -> None:
            counted.append(str(args[2]))

        engine = session.connection().engine
        event.listen(engine, "before_cursor_execute", count)
        people.profiles_of(session, vault, [f"telegram:{n}" for n in range(40, 60)])
        event.remove(engine, "before_cursor_execute", count)

    await database.read(load)
    assert len(counted) == 3


async def test_who_does_not_confirm_is_erased_after_thirty_days(
    database: Database, vault: Vault, now: datetime
) -> None:
    entered = _entered(now, agreed=False, source=Source.PROXY)
    await database.run(lambda s: people.enter(s, vault, "p1", entered, at=now))
    month = timedelta(days=30)
    assert await database.run(erasure.erase_unconfirmed, now + month / 2) == 0
    assert await database.run(erasure.erase_unconfirmed, now + month) == 1
    assert await database.read(lambda s: s.get(people.Person, "p1")) is None


async def test_withdrawn_records_go_too(database: Database, vault: Vault, now: datetime) -> None:
    await database.run(_enter, vault, now)
    await database.run(lambda s: people.set_aside(s, "p1", at=now))
    assert await database.run(erasure.erase_unconfirmed, now + timedelta(days=31)) == 1


async def test_a_view_is_chosen_for_several_people(
    database: Database, vault: Vault, now: datetime
) -> None:
    await database.run(_enter, vault, now)
    await database.run(lambda s: people.choose_view(s, ["p1"], is_personal=False))
    found = await database.read(people.profiles_of, vault, ["telegram:42"])
    assert not found["telegram:42"][0].is_personal
