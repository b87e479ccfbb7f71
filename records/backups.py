"""Back-ups of an embedded database: one file each, whole and proved, or not there at all."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import sqlite3
import sys
import tarfile
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import orjson

from records import key_check, keyring
from records.vault import Vault, VaultError

DATABASE, MANIFEST = "guiyan.db", "manifest.json"
_FORMAT = 1
_PAGES = 2000  # of the database between two words on how far it is
_WORK = ".guiyan-part-"  # what a killed one leaves is swept away by the next
_KEY_PRINT = "the key of a back-up"

Tell = Callable[[str], None]


class BackupFault(Exception):
    """It cannot be done; one sentence that says what to do, and nothing was changed."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a back-up holds, and what it needs; `key` is a print of the key, never the key."""

    made_at: datetime
    program: str
    schema: str
    rows: Mapping[str, int]  # by table
    sha256: str  # of the database
    key: str


def make(
    source: Path, target: Path, vault: Vault, *, program: str, now: datetime, tell: Tell
) -> Manifest:
    """Write what is stored at this moment to a new file, while others read and write on."""
    if target.exists():
        raise BackupFault(f"{target} is there already: name another file, none is overwritten")
    with plain_faults(target.parent), work_folder(target.parent) as work:
        copy, draft = work / DATABASE, work / "draft.tar"
        rows = _copied(source, copy, tell)
        tell("checking the copy")
        check(copy, rows, vault)
        made = Manifest(now, program, schema_of(copy), rows, digest_of(copy), key_print(vault))
        _pack(draft, copy, made)
        tell("reading it back")
        if read(draft) != made or _digest_inside(draft) != made.sha256:
            raise BackupFault(f"{target} does not read back as it was written: try another disk")
        os.rename(draft, target)
        sync(target.parent)
    return made


def read(file: Path) -> Manifest:
    """What a back-up says of itself; BackupFault where the file is none."""
    try:
        with tarfile.open(file, "r:") as tar:
            found = orjson.loads(_member(tar, MANIFEST).read())
        if found.pop("format") != _FORMAT:
            raise BackupFault(f"{file} was made by a newer program: update the program first")
        return Manifest(**{**found, "made_at": datetime.fromisoformat(found["made_at"])})
    except OSError as fault:
        raise BackupFault(f"{file} cannot be read ({fault.strerror})") from fault
    except (tarfile.TarError, KeyError, ValueError, TypeError, AttributeError) as fault:
        raise BackupFault(f"{file} is no back-up of `guiyan backup`, or was cut short") from fault


def unpack(file: Path, found: Manifest, target: Path) -> None:
    """Bring the database out of a back-up; BackupFault where a byte of it was changed."""
    try:
        with tarfile.open(file, "r:") as tar, open(target, "wb", opener=_private) as out:
            shutil.copyfileobj(_member(tar, DATABASE), out, 1 << 20)
    except (tarfile.TarError, KeyError) as fault:
        raise BackupFault(f"{file} was cut short: take another back-up") from fault
    if digest_of(target) != found.sha256:
        raise BackupFault(f"{file} was changed or is damaged: take another back-up")


def check(database: Path, rows: Mapping[str, int], vault: Vault) -> None:
    """Whether a copy is sound, has every row, and opens with the key."""
    with closing(sqlite3.connect(database)) as connection:
        if connection.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise BackupFault("the database is damaged inside: take the last good back-up")
        if (found := _counts(connection)) != dict(rows):
            different = sorted(name for name in rows if found.get(name) != rows[name])
            raise BackupFault(f"rows are missing in the copy ({', '.join(different)}): try again")
        try:
            _unlock(connection, vault)
            key_check.open_some(lambda query: connection.execute(query).fetchone(), vault)
        except VaultError as fault:
            raise BackupFault(str(fault)) from fault


def opens(database: Path, found: Manifest, vault: Vault) -> bool:
    """Whether the secret at hand is one that opened the store when the back-up was made."""
    with closing(sqlite3.connect(database)) as connection, suppress(VaultError):
        _unlock(connection, vault)
        return found.key == key_print(vault)
    return False


def key_print(vault: Vault) -> str:
    """What tells two keys apart, and helps nobody to find one."""
    return vault.fingerprint(_KEY_PRINT)[:32]


def _unlock(connection: sqlite3.Connection, vault: Vault) -> None:
    """Use the keys of a copy; one of an older schema has none of its own."""
    tables = connection.execute("SELECT name FROM sqlite_master WHERE name = 'wrapped_keys'")
    rows = connection.execute(keyring.ROWS).fetchall() if tables.fetchone() else []
    keyring.unlock(rows, vault)


def schema_of(database: Path) -> str:
    """The version of its tables."""
    with closing(sqlite3.connect(database)) as connection:
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(row[0])


@contextmanager
def work_folder(parent: Path) -> Iterator[Path]:
    """A folder for what is not whole yet, on the disk that it will be on; one at a time."""
    with _held(parent):
        for left in parent.glob(f"{_WORK}*"):
            shutil.rmtree(left)
        work = Path(tempfile.mkdtemp(prefix=_WORK, dir=parent))
        try:
            yield work
        finally:
            shutil.rmtree(work)


@contextmanager
def plain_faults(folder: Path) -> Iterator[None]:
    """Faults of the disk and of SQLite as a sentence."""
    try:
        yield
    except OSError as fault:
        raise BackupFault(f"{folder}: {fault.strerror}: nothing was changed") from fault
    except sqlite3.Error as fault:
        raise BackupFault(f"{folder}: SQLite says «{fault}»: nothing was changed") from fault


def digest_of(file: Path) -> str:
    """The SHA-256 of a file."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def sync(path: Path) -> None:
    """Have what was written to a file, or to a folder's list, on the disk."""
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _copied(source: Path, target: Path, tell: Tell) -> dict[str, int]:
    """Copy one moment of a database in use; the rows that it had at that moment."""

    def told(_status: int, left: int, whole: int) -> None:
        tell(f"copied {whole - left} of {whole} pages")

    live = sqlite3.connect(source, timeout=5, isolation_level=None)
    with closing(live), closing(sqlite3.connect(target)) as copy:
        # Within a transaction that reads, writers go on and the copy need not begin again.
        live.execute("BEGIN")
        rows = _counts(live)
        live.backup(copy, pages=_PAGES, progress=told)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it
    sync(target)
    return rows


def _counts(connection: sqlite3.Connection) -> dict[str, int]:
    query = "SELECT name FROM sqlite_master WHERE type='table' AND name NOT LIKE 'sqlite_%'"
    names = [str(row[0]) for row in connection.execute(query)]
    return {
        name: int(connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0])
        for name in sorted(names)
    }


def _pack(draft: Path, copy: Path, made: Manifest) -> None:
    told = {"format": _FORMAT, **{name: getattr(made, name) for name in Manifest.__slots__}}
    content = orjson.dumps(
        told | {"made_at": made.made_at.isoformat()}, option=orjson.OPT_INDENT_2
    )
    with open(draft, "wb", opener=_private) as file:
        with tarfile.open(fileobj=file, mode="w") as tar:
            head = tarfile.TarInfo(MANIFEST)
            head.size, head.mode, head.mtime = len(content), 0o600, int(made.made_at.timestamp())
            tar.addfile(head, io.BytesIO(content))
            body = tarfile.TarInfo(DATABASE)
            body.size, body.mode, body.mtime = copy.stat().st_size, 0o600, head.mtime
            with copy.open("rb") as database:
                tar.addfile(body, database)
        file.flush()
        os.fsync(file.fileno())


def _member(tar: tarfile.TarFile, name: str) -> io.BufferedIOBase:
    found = tar.extractfile(name)
    if found is None:
        raise KeyError(name)
    return found  # type: ignore[return-value]


def _digest_inside(file: Path) -> str:
    made = hashlib.sha256()
    with tarfile.open(file, "r:") as tar:
        content = _member(tar, DATABASE)
        while part := content.read(1 << 20):
            made.update(part)
    return made.hexdigest()


def _private(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """One at a time in a folder; the system lets go with the process."""
    number = os.open(folder, os.O_RDONLY)
    try:
        if sys.platform != "win32":
            import fcntl

            try:
                fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as fault:
                raise BackupFault(f"another back-up is under way in {folder}: wait") from fault
        yield
    finally:
        os.close(number)
