"""The door keeps out what must never be stored, before it is stored."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlmodel import col, select

from handlers.intake import Door
from records import inbound
from records.database import Database
from records.inbound import InboundRow
from records.messages import Inbound, InboundKind
from records.vault import Vault

_STORED = select(InboundRow.outer_id).order_by(col(InboundRow.id))


async def _stored(database: Database, vault: Vault, now: datetime, text: str) -> str:
    door = Door(database, vault, now=lambda: now, wake_sender=lambda: None)
    await door.receive([Inbound("fake", "1", "m1", InboundKind.TEXT, text, now)])
    [row] = await database.read(inbound.open_messages, ["fake:1"])
    return str(vault.open(row.payload)["text"])


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("我身份证11010519491231002X", "我身份证「身份证号已隐去」"),
        ("卡号 6222 0212 3456 7890 123", "卡号 「卡号已隐去」"),
        ("6222021234567890", "「卡号已隐去」"),
        ("王某 13800000116 1 1 1 2", "王某 13800000116 1 1 1 2"),
        ("138 0000 0116 12 34 56", "138 0000 0116 12 34 56"),
        ("打13900001234", "打13900001234"),
        ("贷100000000000元", "贷100000000000元"),
    ],
)
async def test_numbers_of_papers_are_never_stored(
    database: Database, vault: Vault, now: datetime, said: str, kept: str
) -> None:
    assert await _stored(database, vault, now, said) == kept


async def test_what_comes_together_is_stored_in_its_order(
    database: Database, vault: Vault, now: datetime
) -> None:
    door = Door(database, vault, now=lambda: now, wake_sender=lambda: None)
    said = [Inbound("fake", "1", f"m{n}", InboundKind.TEXT, "在", now) for n in range(1_200)]
    assert await door.receive(said) == [True] * len(said)
    stored = await database.read(lambda session: list(session.exec(_STORED)))
    assert stored == [message.outer_id for message in said]
    read = await database.read(inbound.open_messages, ["fake:1"])
    assert [row.outer_id for row in read] == stored[: inbound.AT_ONCE]
