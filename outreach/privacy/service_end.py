"""The end of the service: everything out in open formats, then everything away (domain P-17).

Two people, a typed name, and files that are whole are needed before anything goes.
"""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Table, delete, func, select, text
from sqlmodel import Session

from records import audit, permits, schema
from records.permits import Permit, PermitKind, PermitRefusal
from records.vault import Vault, VaultError

MANIFEST, PROOF = "manifest.json", "wiped.json"
WHAT = "服务结束：清空全部数据"
# Secrets of the program itself, of no use to anybody else.
_SECRETS = frozenset(
    {"access_token", "console_link", "console_login", "console_session", "link_code", "staff_code"}
)
_GROWING = frozenset({"audit", "audit_block", "permit", "job_run"})  # also after the export
_AT_ONCE = 1000
_README = """归雁 {office} 数据移交
每个 .jsonl 文件是一张表，一行一条记录，UTF-8 编码的 JSON；加密的内容已经解开。
时间是带时区的 ISO 8601。二进制内容写作 {{"base64": "…"}}。
manifest.json 列出每个文件的行数和 SHA-256，用来核对是否完整。
文件里有个人信息，请加密保存，交接后删除多余的副本。
"""


class EndRefused(Exception):
    """The service cannot be ended like this; one sentence for operators."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written."""

    tables: int
    rows: int
    digest: str  # of the manifest


@dataclass(frozen=True, slots=True)
class Wiped:
    """What is gone; `rows` by table, before."""

    rows: Mapping[str, int]
    proof: bytes

    @property
    def digest(self) -> str:
        """The proof's hash."""
        return _digest(self.proof)


def export(
    session: Session, vault: Vault, folder: Path, *, office: str, by: str, now: datetime
) -> Exported:
    """Write every table to a new folder, with a manifest of hashes."""
    if folder.exists() and any(folder.iterdir()):
        raise EndRefused(f"{folder} is not empty: name a new folder")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    audit.write(session, "service.exported", at=now, actor=audit.actor_of(by), subject=folder.name)
    listed, whole_rows = [], 0
    for table in _tables():
        rows, digest = _write(session, vault, table, folder / f"{table.name}.jsonl")
        listed.append({"file": f"{table.name}.jsonl", "rows": rows, "sha256": digest})
        whole_rows += rows
    _put(folder / "README.txt", _README.format(office=office).encode())
    whole = {"office": office, "at": now.isoformat(), "by": by, "schema": schema.HEAD}
    content = orjson.dumps({**whole, "files": listed}, option=orjson.OPT_INDENT_2)
    _put(folder / MANIFEST, content)
    return Exported(len(listed), whole_rows, _digest(content))


def check(folder: Path) -> dict[str, int]:
    """The rows of each table in an export; EndRefused where a file is missing or was changed."""
    try:
        manifest = orjson.loads((folder / MANIFEST).read_bytes())
        listed = [(str(f["file"]), int(f["rows"]), str(f["sha256"])) for f in manifest["files"]]
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise EndRefused(f"{folder} has no {MANIFEST} that can be read: export first") from fault
    for name, _, digest in listed:
        if _digest_of(folder / name) != digest:
            raise EndRefused(f"{name} in {folder} is missing or was changed: export again")
    return {name.removesuffix(".jsonl"): rows for name, rows, _ in listed}


def agree(session: Session, permit: int, *, by: str, now: datetime) -> None:
    """Another person's yes to a wipe; a request of another kind has its own rules and pages."""
    asked = session.get(Permit, permit)
    if asked is None or asked.kind != PermitKind.WIPE:
        raise EndRefused(f"request {permit} does not ask for a wipe: `guiyan privacy end ask`")
    permits.decide(session, permit, by=by, is_given=True, at=now)


def wipe(
    session: Session,
    folder: Path,
    permit: int,
    *,
    typed: str,
    office: str,
    by: str,
    now: datetime,
) -> Wiped:
    """Empty every table; `keep_proof` puts down what came of it after the commit."""
    if typed.strip() != office:
        raise EndRefused(f"type the office's whole name to confirm: --confirm {office}")
    exported = check(folder)
    _refuse_newer(session, exported)
    try:
        given = permits.use(session, permit, by=by, at=now)
    except PermitRefusal as refusal:
        raise EndRefused(
            f"request {permit} was not agreed to by another person, or is over: "
            "`guiyan privacy end ask`, then a colleague's `guiyan privacy end agree`"
        ) from refusal
    if given.kind != PermitKind.WIPE:
        raise EndRefused(f"request {permit} is about something else")
    agreed_by = given.decided_by
    before = _counts(session)
    _empty(session)
    after = _counts(session)
    if any(after.values()):
        raise EndRefused("a table could not be emptied: nothing was changed; stop the service")
    manifest = _digest_of(folder / MANIFEST)
    proof = {"office": office, "at": now.isoformat(), "asked_by": by, "agreed_by": agreed_by}
    content = orjson.dumps(
        {**proof, "manifest_sha256": manifest, "rows_before": before, "rows_after": after},
        option=orjson.OPT_INDENT_2,
    )
    return Wiped(before, content)


def keep_proof(folder: Path, wiped: Wiped) -> None:
    """Put the proof beside the export, once nothing can be undone any more."""
    _put(folder / PROOF, wiped.proof)


def _refuse_newer(session: Session, exported: Mapping[str, int]) -> None:
    """What was written since the export would be lost."""
    for name, rows in _counts(session).items():
        is_growing = name in _GROWING or name in _SECRETS
        if not is_growing and rows != exported.get(name):
            raise EndRefused(
                f"{name} has changed since the export: stop the service, export again"
            )


def _empty(session: Session) -> None:
    connection = session.connection()
    names = ", ".join(f'"{table.name}"' for table in schema.METADATA.sorted_tables)
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
        return
    connection.execute(text("PRAGMA secure_delete = ON"))
    for table in reversed(schema.METADATA.sorted_tables):
        connection.execute(delete(table))
    has_numbers = "SELECT 1 FROM sqlite_master WHERE name = 'sqlite_sequence'"
    if connection.execute(text(has_numbers)).first():
        connection.execute(text("DELETE FROM sqlite_sequence"))


def _counts(session: Session) -> dict[str, int]:
    return {
        str(table.name): int(
            session.execute(select(func.count()).select_from(table)).scalar() or 0
        )
        for table in schema.METADATA.sorted_tables
    }


def _tables() -> list[Table]:
    return [table for table in schema.METADATA.sorted_tables if table.name not in _SECRETS]


def _write(session: Session, vault: Vault, table: Table, path: Path) -> tuple[int, str]:
    """One table as a file; how many rows, and the file's hash."""
    made, rows = hashlib.sha256(), 0
    with _opened(path) as file:
        for row in _rows(session, table):
            values = {name: _plain(vault, value) for name, value in row.items()}
            line = orjson.dumps(values, default=str) + b"\n"
            made.update(line)
            file.write(line)
            rows += 1
    return rows, made.hexdigest()


def _rows(session: Session, table: Table) -> Iterator[dict[str, Any]]:
    """Every row, some at a time, whatever the table's size."""
    query = select(table).order_by(*table.primary_key.columns)
    for row in session.execute(query.execution_options(yield_per=_AT_ONCE)).mappings():
        yield dict(row)


def _plain(vault: Vault, value: Any) -> Any:
    if isinstance(value, bytes):
        try:
            return vault.open(value)
        except (VaultError, ValueError):  # never sealed
            return {"base64": base64.b64encode(value).decode()}
    return value.isoformat() if isinstance(value, date) else value


def _put(path: Path, content: bytes) -> None:
    with _opened(path) as file:
        file.write(content)


def _opened(path: Path) -> Any:
    return open(path, "wb", opener=_private)


def _private(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)


def _digest_of(path: Path) -> str:
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
