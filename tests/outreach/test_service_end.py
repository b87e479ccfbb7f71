"""The end of the service: all of it out, then all of it gone, by two people (domain P-17)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import orjson
import pytest

from outreach.privacy import service_end
from outreach.privacy.service_end import EndRefused
from records import permits
from records.consents import CORE, Said
from records.database import Database, Session
from records.people import PHONE, Entered
from records.people import enter as register
from records.permits import PermitKind
from records.schema import METADATA
from records.vault import Vault

OFFICE = "定陶区人社局"


async def _filled(database: Database, vault: Vault, now: datetime) -> None:
    def fill(session: Session) -> None:
        entered = Entered({"intent": "thinking"}, {PHONE: "13900000001"}, said=_yes(now))
        register(session, vault, "one", entered, at=now)

    await database.run(fill)


def _yes(now: datetime) -> tuple[Said, ...]:
    return (Said(CORE, True, now, "1"),)


async def _asked(database: Database, vault: Vault, now: datetime) -> int:
    def ask(session: Session) -> int:
        what = {"by": "王芳", "why": "合同到期", "what": service_end.WHAT, "at": now}
        return permits.ask(session, vault, PermitKind.WIPE, **what)  # type: ignore[arg-type]

    return await database.run(ask)


async def _agreed(database: Database, vault: Vault, now: datetime) -> int:
    number = await _asked(database, vault, now)
    await database.run(lambda s: permits.decide(s, number, by="李强", is_given=True, at=now))
    return number


async def test_only_a_wipe_is_agreed_to(database: Database, vault: Vault, now: datetime) -> None:
    def ask(session: Session) -> int:
        return permits.ask(session, vault, PermitKind.EXPORT, by="王芳", why="报表", at=now)

    number = await database.run(ask)
    with pytest.raises(EndRefused, match="does not ask for a wipe"):
        await database.run(lambda s: service_end.agree(s, number, by="李强", now=now))
    assert [one.id for one in await database.read(permits.waiting)] == [number]


async def _export(database: Database, vault: Vault, folder: Path, now: datetime) -> None:
    who = {"office": OFFICE, "by": "王芳", "now": now}
    await database.run(lambda s: service_end.export(s, vault, folder, **who))  # type: ignore[arg-type]


async def _wipe(
    database: Database, folder: Path, number: int, now: datetime, typed: str = OFFICE
) -> service_end.Wiped:
    who = {"typed": typed, "office": OFFICE, "by": "王芳", "now": now}
    return await database.run(
        lambda s: service_end.wipe(s, folder, number, **who)  # type: ignore[arg-type]
    )


def _left(session: Session) -> int:
    return sum(service_end._counts(session).values())


async def test_everything_is_written_in_plain_json(
    database: Database, vault: Vault, now: datetime, tmp_path: Path
) -> None:
    await _filled(database, vault, now)
    folder = tmp_path / "out"
    await _export(database, vault, folder, now)
    row = orjson.loads((folder / "person.jsonl").read_bytes())
    assert row["sealed"] == {PHONE: "13900000001"}
    assert row["codes"] == {"intent": "thinking"}
    assert service_end.check(folder)["person"] == 1
    assert (folder.stat().st_mode & 0o777, (folder / "person.jsonl").stat().st_mode & 0o777) == (
        0o700,
        0o600,
    )


async def test_every_table_is_there_but_the_programs_own_secrets(
    database: Database, vault: Vault, now: datetime, tmp_path: Path
) -> None:
    await _export(database, vault, tmp_path / "out", now)
    written = set(service_end.check(tmp_path / "out"))
    assert {table.name for table in METADATA.sorted_tables} - written == service_end._SECRETS


async def test_what_two_people_confirm_is_wiped_and_proved(
    database: Database, vault: Vault, now: datetime, tmp_path: Path
) -> None:
    await _filled(database, vault, now)
    number = await _agreed(database, vault, now)
    await _export(database, vault, tmp_path / "out", now)
    wiped = await _wipe(database, tmp_path / "out", number, now)
    assert wiped.rows["person"] == 1
    assert await database.read(_left) == 0
    service_end.keep_proof(tmp_path / "out", wiped)
    proof = orjson.loads((tmp_path / "out" / service_end.PROOF).read_bytes())
    assert (proof["asked_by"], proof["agreed_by"]) == ("王芳", "李强")


Spoil = Callable[[Path], object]


@pytest.mark.parametrize(
    ("typed", "spoil", "fault"),
    [
        ("定陶", lambda folder: None, "type the office's whole name"),
        (OFFICE, lambda folder: (folder / "person.jsonl").write_text("x"), "was changed"),
        (OFFICE, lambda folder: (folder / "person.jsonl").unlink(), "is missing"),
        (OFFICE, lambda folder: (folder / "manifest.json").unlink(), "export first"),
    ],
)
async def test_without_the_name_or_a_whole_export_nothing_goes(
    database: Database,
    vault: Vault,
    now: datetime,
    tmp_path: Path,
    typed: str,
    spoil: Spoil,
    fault: str,
) -> None:
    await _filled(database, vault, now)
    number = await _agreed(database, vault, now)
    await _export(database, vault, tmp_path / "out", now)
    spoil(tmp_path / "out")
    with pytest.raises(EndRefused, match=fault):
        await _wipe(database, tmp_path / "out", number, now, typed)
    assert await database.read(_left)


async def test_one_person_alone_wipes_nothing(
    database: Database, vault: Vault, now: datetime, tmp_path: Path
) -> None:
    number = await _asked(database, vault, now)
    await _export(database, vault, tmp_path / "out", now)
    with pytest.raises(EndRefused, match="another person"):
        await _wipe(database, tmp_path / "out", number, now)
    assert await database.read(_left)


async def test_what_came_after_the_export_is_not_lost(
    database: Database, vault: Vault, now: datetime, tmp_path: Path
) -> None:
    number = await _agreed(database, vault, now)
    await _export(database, vault, tmp_path / "out", now)
    await _filled(database, vault, now)
    with pytest.raises(EndRefused, match="since the export"):
        await _wipe(database, tmp_path / "out", number, now)


async def test_a_folder_with_something_in_it_is_refused(
    database: Database, vault: Vault, now: datetime, tmp_path: Path
) -> None:
    (tmp_path / "x").write_text("x")
    with pytest.raises(EndRefused, match="not empty"):
        await _export(database, vault, tmp_path, now)
