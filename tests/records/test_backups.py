"""One file that is whole and proved, or no file."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from records import audit, backups, restoring, schema
from records.backups import BackupFault, Manifest
from records.database import Database
from records.restoring import Left
from records.vault import Vault
from tests.support import database as databases


@pytest.fixture
async def live(tmp_path: Path, vault: Vault) -> Path:
    """A database in which one person has spoken."""
    path = tmp_path / "live" / "guiyan.db"
    await databases.fresh_file(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE noted (n INTEGER PRIMARY KEY, twin INTEGER)")
        connection.commit()
    return path


Make = Callable[..., Manifest]


@pytest.fixture
def make(live: Path, vault: Vault, now: datetime) -> Make:
    def made(target: Path, tell: backups.Tell = lambda words: None) -> Manifest:
        return backups.make(live, target, vault, program="1", now=now, tell=tell)

    return made


def _write(live: Path, first: int, count: int) -> None:
    with closing(sqlite3.connect(live, timeout=20)) as connection:
        for n in range(first, first + count):
            connection.execute("INSERT INTO noted (twin) VALUES (?)", (n,))
            connection.execute("INSERT INTO noted (twin) VALUES (?)", (n,))
            connection.commit()


def _write_then(begun: threading.Event, live: Path) -> None:
    begun.wait()
    _write(live, 400, 300)


def test_it_holds_what_is_still_in_the_log(tmp_path: Path, live: Path, make: Make) -> None:
    with closing(sqlite3.connect(live)) as connection:
        connection.execute("INSERT INTO noted (twin) VALUES (1)")
        connection.commit()
        assert live.with_name("guiyan.db-wal").stat().st_size > 0
        assert make(tmp_path / "b.tar").rows["noted"] == 1


def test_only_its_owner_may_read_it(tmp_path: Path, make: Make) -> None:
    make(tmp_path / "b.tar")
    assert (tmp_path / "b.tar").stat().st_mode & 0o777 == 0o600


def test_it_never_holds_the_key(tmp_path: Path, make: Make) -> None:
    made = make(tmp_path / "b.tar")
    assert b"a key for tests only" not in (tmp_path / "b.tar").read_bytes()
    assert made.key == backups.key_print(Vault("a key for tests only"))
    assert made.key != backups.key_print(Vault("another"))


def test_none_is_overwritten(tmp_path: Path, make: Make) -> None:
    make(tmp_path / "b.tar")
    before = (tmp_path / "b.tar").read_bytes()
    with pytest.raises(BackupFault, match="there already"):
        make(tmp_path / "b.tar")
    assert (tmp_path / "b.tar").read_bytes() == before


def test_one_that_is_made_under_writes_is_of_one_moment(
    tmp_path: Path, live: Path, make: Make, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    _write(live, 0, 400)
    monkeypatch.setattr(backups, "_PAGES", 5)
    begun = threading.Event()
    writer = threading.Thread(target=_write_then, args=(begun, live))
    writer.start()
    made = make(tmp_path / "b.tar", lambda words: begun.set())
    writer.join()
    target = tmp_path / "out.db"
    backups.unpack(tmp_path / "b.tar", made, target)
    backups.check(target, made.rows, vault)
    assert made.rows["noted"] == 800  # what came while it was copied belongs to the next
    assert made.rows["noted"] % 2 == 0


@pytest.mark.parametrize("at", [0.1, 0.5, 0.9])
def test_a_changed_byte_is_noticed(tmp_path: Path, make: Make, vault: Vault, at: float) -> None:
    make(file := tmp_path / "b.tar")
    content = bytearray(file.read_bytes())
    content[int(len(content) * at)] ^= 1
    file.write_bytes(content)
    with pytest.raises(BackupFault, match="damaged"):
        restoring.bring_out(file, vault, tmp_path)


@pytest.mark.parametrize("size", [0, 300, 5_000, 200_000])
def test_one_that_was_cut_short_is_noticed(
    tmp_path: Path, make: Make, vault: Vault, size: int
) -> None:
    make(file := tmp_path / "b.tar")
    file.write_bytes(file.read_bytes()[:size])
    with pytest.raises(BackupFault, match=r"cut short|damaged"):
        restoring.bring_out(file, vault, tmp_path)


def test_another_key_is_named_before_anything_is_done(tmp_path: Path, make: Make) -> None:
    make(tmp_path / "b.tar")
    with pytest.raises(BackupFault, match="another key"):
        restoring.bring_out(tmp_path / "b.tar", Vault("another"), tmp_path)


def test_a_newer_schema_wants_a_newer_program(
    tmp_path: Path, live: Path, make: Make, vault: Vault
) -> None:
    with closing(sqlite3.connect(live)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    make(tmp_path / "b.tar")
    with pytest.raises(BackupFault, match=f"knows {schema.HEAD}"):
        restoring.bring_out(tmp_path / "b.tar", vault, tmp_path)


def test_a_damaged_database_is_no_back_up(tmp_path: Path, live: Path, make: Make) -> None:
    _write(live, 0, 2000)
    with closing(sqlite3.connect(live)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = bytearray(live.read_bytes())
    content[-20_000:] = b"\xff" * 20_000
    live.write_bytes(content)
    with pytest.raises(BackupFault):
        make(tmp_path / "b.tar")
    assert list(tmp_path.glob("*.tar")) == []


def test_an_old_log_never_meets_the_new_database(tmp_path: Path, live: Path) -> None:
    _write(live, 0, 10)
    open_one = sqlite3.connect(live)
    open_one.execute("SELECT * FROM noted").fetchone()
    (fresh := tmp_path / "fresh.db").write_bytes(b"")
    restoring.put(fresh, live, live.with_name("old.db"))
    open_one.close()
    assert not live.with_name("guiyan.db-wal").exists()
    with closing(sqlite3.connect(live.with_name("old.db"))) as old:
        assert old.execute("SELECT count(*) FROM noted").fetchone() == (20,)


async def test_the_trail_of_another_database_says_who_left(live: Path, now: datetime) -> None:
    database = Database(f"sqlite:///{live}")
    for act in ("person.erased", "person.read"):
        await database.run(lambda s, a=act: audit.write(s, a, at=now, subject="p", receipt="R"))
    await database.close()
    assert restoring.left_in(live) == [Left("person.erased", "p", now, "R")]
