"""A county full of made people for measuring campaigns: some of them are not to be written to."""

from __future__ import annotations

import random
from dataclasses import dataclass
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
FIRST_CHAT = 1_000_000
_CHUNK = 10_000
_SHARES = (40, 30, 30)  # of the waves, in percent
_AGO = timedelta(minutes=6)  # since the first was due
_HELD_OUT, _SECOND = 2, 30  # percent
_ODD = ("pending", "deceased", "withdrawn")


@dataclass(frozen=True, slots=True)
class County:
    """Where people are from, on which channel they are, and how their ids begin."""

    area: str = AREA
    channel: str = "telegram"
    head: str = "b"


async def fill(database: Database, vault: Vault, people: int, county: County = County()) -> None:
    """So many people, the same each time: one in ten is left out for some reason."""
    draw = random.Random(20_261_122)
    for start in range(0, people, _CHUNK):
        numbers = range(start, min(people, start + _CHUNK))
        await database.run(_add, [_one(n, vault, draw, county) for n in numbers])


def campaign(number: int, area: str = AREA) -> list[Any]:
    """A campaign that was submitted, for everybody, in three waves that are due.

    Everything that may be drawn by lot is: waves, the second text, who is held out.
    """
    whole = Campaign(
        id=number,
        title=f"量一量{number}",
        area=area,
        audience=AUDIENCE,
        drafted_by="bench",
        created_at=NOW,
        state=CampaignState.FREEZING.value,
        holdout=_HELD_OUT,
        second=_SECOND,
    )
    said = [
        CampaignText(campaign_id=number, variant=variant, channel="", text=TEXT, link="")
        for variant in "AB"
    ]
    waves = [
        CampaignWave(campaign_id=number, number=n, said="现在", at=NOW - _AGO / n, share=share)
        for n, share in enumerate(_SHARES, 1)
    ]
    return [whole, *said, *waves]


def add(session: Session, rows: list[Any]) -> None:
    """Keep some rows."""
    session.add_all(rows)
    session.flush()


def _one(
    number: int, vault: Vault, draw: random.Random, county: County
) -> dict[type[Any], dict[str, Any]]:
    one, chance = f"{county.head}{number:07}", draw.random()
    account = f"{county.channel}:{FIRST_CHAT + number}" if chance > 0.02 else ""
    status = draw.choice(_ODD) if 0.02 < chance < 0.05 else "confirmed"
    rows: dict[type[Any], dict[str, Any]] = {
        Person: {
            "id": one,
            "account": account,
            "entered_by": "",
            "status": status,
            "source": "chat",
            "basis": "",
            "area": county.area,
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
        unreachable = "blocked_by_person" if 0.06 < chance < 0.07 else ""
        rows[Conversation] = _talk(account, unreachable, vault.seal({}))
    if 0.07 < chance < 0.08:
        rows[PushStop] = {"target": account, "reason": "asked", "since": NOW, "until": None}
    return rows


def _talk(account: str, unreachable: str, state: bytes) -> dict[str, Any]:
    channel, chat = account.split(":")
    return {
        "key": account,
        "channel": channel,
        "chat": chat,
        "state": state,
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
