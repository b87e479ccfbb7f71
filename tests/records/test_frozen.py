"""Who is on a frozen list twice is found, and written to once."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from records import frozen
from records.campaigns import CampaignRecipient, RecipientState
from records.database import Database, Session
from records.frozen import Double
from records.people import Person

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
_LEFT = RecipientState.LEFT_OUT
# id, account, phone, state
_LIST = [
    ("p1", "telegram:1", "a", RecipientState.PLANNED),
    ("p2", "telegram:1", "b", RecipientState.PLANNED),
    ("p3", "telegram:3", "a", RecipientState.HELD_OUT),
    ("p4", "telegram:1", "a", RecipientState.PLANNED),
    ("p5", "telegram:5", "", RecipientState.PLANNED),
    ("p6", "telegram:6", "", RecipientState.PLANNED),
    ("p7", "telegram:7", "b", _LEFT),
]


def _written(session: Session) -> None:
    for one, account, phone, state in _LIST:
        person = Person(
            id=one,
            status="confirmed",
            source="chat",
            phone_print=phone,
            sealed=b"",
            created_at=NOW,
            updated_at=NOW,
        )
        session.add(person)
        recipient = CampaignRecipient(campaign_id=1, person_id=one, account=account, state=state)
        session.add(recipient)


@pytest.mark.parametrize(
    ("by", "found"), [(Double.ACCOUNT, ["p2", "p4"]), (Double.PHONE, ["p3", "p4"])]
)
async def test_all_but_the_first_record_are_doubles(
    database: Database, by: Double, found: list[str]
) -> None:
    await database.run(_written)
    assert sorted(await database.read(frozen.doubles, 1, by)) == found


async def test_who_was_left_out_is_no_double_any_more(database: Database) -> None:
    await database.run(_written)
    await database.run(frozen.leave_out, 1, ["p2", "p4"])
    assert await database.read(frozen.doubles, 1, Double.ACCOUNT) == []
    assert await database.read(frozen.doubles, 1, Double.PHONE) == ["p3"]


async def test_each_line_of_a_list_has_all_that_was_frozen(database: Database) -> None:
    await database.run(_written)
    lines = await database.read(frozen.page, 1, "p5")
    assert [line.split("\t")[:3] for _, line in lines] == [
        ["p6", "planned", ""],
        ["p7", "left_out", ""],
    ]
