"""A county full of made people for measuring campaigns: some of them are not to be written to."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

from records.campaigns import Campaign, CampaignState, CampaignText, CampaignWave
from records.consents import PUSH, Consent
from records.conversations import Conversation
from records.database import Database, Session
from records.people import Person
from records.stops import PushStop
from records.vault import Vault

AREA = "371703"
NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
AUDIENCE = "所有人"
TEXT = "{称呼|老乡}，腊月廿三大集有返乡摊位，想要的回1。"
_CHUNK = 10_000
_ODD = ("pending", "deceased", "withdrawn")


async def fill(database: Database, vault: Vault, people: int) -> None:
    """So many people, the same each time: one in ten is left out for some reason."""
    draw = random.Random(20_261_122)
    for start in range(0, people, _CHUNK):
        made = [_one(n, vault, draw) for n in range(start, min(people, start + _CHUNK))]
        await database.run(_add, made)


def campaign(number: int, text: str = TEXT) -> list[Any]:
    """A campaign that was submitted, for everybody, due at once."""
    whole = Campaign(
        id=number,
        title=f"量一量{number}",
        area=AREA,
        audience=AUDIENCE,
        drafted_by="bench",
        created_at=NOW,
        state=CampaignState.FREEZING.value,
    )
    return [
        whole,
        CampaignText(campaign_id=number, variant="A", channel="", text=text, link=""),
        CampaignWave(campaign_id=number, number=1, said="现在", at=NOW - timedelta(minutes=1)),
    ]


def add(session: Session, rows: list[Any]) -> None:
    """Keep some rows."""
    session.add_all(rows)
    session.flush()


def _one(number: int, vault: Vault, draw: random.Random) -> dict[type[Any], dict[str, Any]]:
    one, chance = f"b{number:07}", draw.random()
    account = f"telegram:{1_000_000 + number}" if chance > 0.02 else ""
    status = draw.choice(_ODD) if 0.02 < chance < 0.05 else "confirmed"
    rows: dict[type[Any], dict[str, Any]] = {
        Person: {
            "id": one,
            "account": account,
            "entered_by": "",
            "status": status,
            "source": "chat",
            "basis": "",
            "area": AREA,
            "phone_print": f"{number // 2 if 0.05 < chance < 0.06 else number:064x}",
            "codes": {},
            "sealed": vault.seal({"nickname": f"乡亲{number}"}),
            "is_personal": True,
            "created_at": NOW,
            "updated_at": NOW,
        },
        Consent: {"person_id": one, "kind": PUSH, "given": draw.random() > 0.03, "given_at": NOW},
    }
    if account:
        rows[Conversation] = _talk(account, "blocked_by_person" if 0.06 < chance < 0.07 else "")
    if 0.07 < chance < 0.08:
        rows[PushStop] = {"target": account, "reason": "asked", "since": NOW, "until": None}
    return rows


def _talk(account: str, unreachable: str) -> dict[str, Any]:
    channel, chat = account.split(":")
    return {
        "key": account,
        "channel": channel,
        "chat": chat,
        "state": b"",
        "unreachable": unreachable,
        "created_at": NOW,
        "updated_at": NOW,
    }


def _add(session: Session, made: list[dict[type[Any], dict[str, Any]]]) -> None:
    models: tuple[Any, ...] = (Person, Conversation, Consent, PushStop)
    for model in models:
        rows = [one[model] for one in made if model in one]
        if rows:
            session.connection().execute(model.__table__.insert(), rows)
