"""Pictures in the web chat: of staff they are kept and shown, of nobody else."""

from __future__ import annotations

import io
import uuid
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import pytest

from records import inbound, staff_accounts
from records.database import Database, Session
from records.staff_accounts import StaffRole
from records.vault import Vault
from tests.support.pictures import GIF, HUGE, JPEG, LARGE
from tests.support.web_chat import Visit, visiting

PATH = "/chat/api/pictures"


@pytest.fixture
def kind() -> str:
    """What does not touch the store need not run on both."""
    return "sqlite"


@pytest.fixture
async def visit(database: Database, vault: Vault) -> AsyncIterator[Visit]:
    async with visiting(database, vault) as visit:
        yield visit


def _hire(session: Session, visitor: str, now: datetime) -> None:
    staff_accounts.add(
        session, "王姐", role=StaffRole.MENTOR, area="371703", at=now, actor="system"
    )
    staff_accounts.bind(session, "王姐", f"webchat:{visitor}", at=now, actor="system")


@pytest.fixture
async def staff(visit: Visit, database: Database, now: datetime) -> Visit:
    await database.run(_hire, visit.visitor, now)
    return visit


async def _send(visit: Visit, content: bytes, client_id: str = "") -> tuple[int, dict[str, Any]]:
    query = {"client_id": client_id or str(uuid.uuid4())}
    async with visit.session.post(PATH, data=io.BytesIO(content), params=query) as answer:
        return answer.status, await answer.json()


async def _extras(visit: Visit, database: Database, vault: Vault) -> list[dict[str, str]]:
    rows = await database.read(inbound.history, f"webchat:{visit.visitor}", 10)
    return [vault.open(row.payload)["extra"] for row in rows]


async def test_what_staff_send_is_kept_and_shown_to_them(staff: Visit) -> None:
    assert (await _send(staff, JPEG))[0] == 202
    [line] = [one for one in await staff.history() if one["from"] == "me"]
    async with staff.session.get(line["picture"]) as answer:
        assert (answer.content_type, await answer.read()) == ("image/jpeg", JPEG)


async def test_sent_again_it_is_one(staff: Visit, database: Database, vault: Vault) -> None:
    name = str(uuid.uuid4())
    assert await _send(staff, JPEG, name) == await _send(staff, JPEG, name)
    assert len(await _extras(staff, database, vault)) == 1


async def test_of_others_it_is_not_kept(visit: Visit, database: Database, vault: Vault) -> None:
    assert (await _send(visit, JPEG))[0] == 202
    assert await _extras(visit, database, vault) == [{}]


async def test_others_do_not_see_it(staff: Visit, database: Database, vault: Vault) -> None:
    await _send(staff, JPEG)
    [extra] = await _extras(staff, database, vault)
    async with visiting(database, vault) as other:
        status, _ = await other.get(f"{PATH}/{extra['picture']}")
    assert status == 404


@pytest.mark.parametrize(
    ("content", "status"), [(LARGE, 413), (HUGE, 413), (GIF, 415), (b"", 415)]
)
async def test_what_no_channel_takes_is_refused_with_a_sentence(
    staff: Visit, content: bytes, status: int
) -> None:
    answered, said = await _send(staff, content)
    assert (answered, said["error"].endswith("。")) == (status, True)


async def test_the_page_offers_it_to_staff_alone(
    visit: Visit, database: Database, now: datetime
) -> None:
    _, before = await visit.get("/chat/api/history")
    await database.run(_hire, visit.visitor, now)
    _, after = await visit.get("/chat/api/history")
    assert ("pictures" in before, after["pictures"]) == (False, True)
