"""`guiyan audit`: who did what, and whether it was changed since."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest
from sqlalchemy import text

from bot.cli import main
from bot.settings import load
from bot.wiring import secret_key
from records import audit, audit_chain, schema
from records.database import Database, Session
from records.vault import Vault

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    url = f"sqlite:///{tmp_path}/trail.db"
    monkeypatch.setenv("GUIYAN_DATABASE_URL", url)
    monkeypatch.setenv("GUIYAN_SECRET_KEY", "a key for tests only, long enough")
    monkeypatch.setenv("GUIYAN_NOW", NOW.isoformat())
    asyncio.run(_keep(url))
    return url


async def _keep(url: str) -> None:
    database = Database(url)
    await schema.migrate(database)
    await database.run(_acts)
    await database.close()


def _acts(session: Session) -> None:
    yesterday = NOW - timedelta(days=1)
    audit.write(session, "person.read", at=yesterday, actor="staff:小王", subject="p1")
    audit.write(session, "ticket.taken", at=NOW, actor="staff:小李", subject="T1", reason="call")


def _change(url: str, statement: str) -> None:
    async def change() -> None:
        database = Database(url)
        await database.run(lambda session: session.connection().execute(text(statement)))
        await database.close()

    asyncio.run(change())


def test_a_whole_trail_is_said_to_be_whole(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "verify"]) == 0
    assert "the trail is whole: 2 rows in 1 blocks, head 1-" in capsys.readouterr().out


def test_the_trail_of_a_service_with_its_own_key_is_whole(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GUIYAN_SECRET_KEY")
    monkeypatch.chdir(Path(url.removeprefix("sqlite:///")).parent)
    asyncio.run(_sealed_by_the_service(url))
    assert main(["audit", "verify"]) == 0


async def _sealed_by_the_service(url: str) -> None:
    """With the key that a service makes for itself beside its file."""
    database = Database(url)
    settings = load({"GUIYAN_DATABASE_URL": url})
    await audit_chain.seal(database, Vault(secret_key(settings, database)), NOW)
    await database.close()


def test_a_changed_row_is_named(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "verify"]) == 0
    _change(url, "UPDATE audit SET subject='p2' WHERE id=1")
    assert main(["audit", "verify", "--json"]) == 1
    told = orjson.loads(capsys.readouterr().out.split("\n", 2)[2])
    assert told["faults"] == [{"kind": "row changed", "where": 1}]


def test_an_end_cut_off_shows_by_a_log(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["audit", "verify"]) == 0
    assert main(["audit", "head"]) == 0
    head = capsys.readouterr().out.splitlines()[-1]
    (tmp_path / "log").write_text(f'{{"message": "trail sealed", "head": "{head}"}}\n')
    _change(url, "DELETE FROM audit_block")
    _change(url, "DELETE FROM audit")
    assert main(["audit", "verify", "--noted", str(tmp_path / "log")]) == 1
    assert "end cut off: 1" in capsys.readouterr().out


def test_a_file_without_heads_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "log").write_text("nothing\n")
    assert main(["audit", "verify", "--noted", str(tmp_path / "log")]) == 2
    assert "no head in it" in capsys.readouterr().err


LISTED = {
    "--of p1": ["person.read"],
    "--by 小李": ["ticket.taken"],
    "--act person.": ["person.read"],
    "--since 2026-11-22": ["ticket.taken"],
    "--limit 1": ["ticket.taken"],
    "--json": ["ticket.taken", "person.read"],
}


@pytest.mark.parametrize("words", LISTED)
def test_acts_are_listed(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "list", *words.split()]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(LISTED[words])
    assert all(act in line for act, line in zip(LISTED[words], lines, strict=True))
