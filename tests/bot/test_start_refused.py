"""A start that is refused leaves everything as it was: nothing is sent, nothing is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from sqlmodel import select

from bot.lifecycle import Running
from bot.settings import load
from bot.wiring import App, build
from records import outbox
from records.database import Session
from records.outbox import OutboxRow
from records.vault import Vault, VaultError
from tests.support.builders import a_conversation, an_outgoing

_OURS = "the key that everything was sealed with"


def _app(folder: Path, key: str) -> App:
    given = {"GUIYAN_DATABASE_URL": f"sqlite:///{folder}/guiyan.db", "GUIYAN_SECRET_KEY": key}
    return build(load(given))


def _store(session: Session, vault: Vault, now: datetime) -> None:
    talk = a_conversation(now, chat="1", channel="webchat")
    talk.state = vault.seal({"flow": "x"})
    session.add(talk)
    content = outbox.sealed_content(vault, "您好", kind="answer")
    outbox.enqueue(session, [replace(an_outgoing(now, payload=content), channel="webchat")])


def _states(session: Session) -> list[str]:
    return [row.state for row in session.execute(select(OutboxRow)).scalars()]


async def test_with_another_key_what_waits_goes_on_waiting(tmp_path: Path) -> None:
    app = _app(tmp_path, _OURS)
    await app.open()
    await app.database.run(_store, app.vault, app.now())
    await app.database.close()
    wrong = Running(_app(tmp_path, "another key, as long as it must be"))
    with pytest.raises(VaultError):
        await wrong.start("127.0.0.1", 0)
    await wrong.stop()
    again = _app(tmp_path, _OURS)
    assert await again.database.read(_states) == ["queued"]
    await again.database.close()
