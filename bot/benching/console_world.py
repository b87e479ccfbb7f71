"""Two counties at work for some years, made up, to measure the staff's pages on."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from handlers.state import State
from records import prints
from records.assignments import Assignment
from records.audit import AuditRow
from records.consents import CORE, PUSH, Consent
from records.conversations import Conversation
from records.database import Database, Session
from records.entities import Entity
from records.inbound import InboundRow
from records.outbox import OutboxRow
from records.people import Person
from records.prints import NICKNAME, PHONE
from records.staff_accounts import StaffMember
from records.tickets import Ticket, TicketLine
from records.vault import Vault
from records.visits import Visit
from registry.villages import Villages

AREA = "371703"
AREAS = (AREA, "371703", "430381", "371721")  # half of all at home in the one that is looked at
NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
_CHUNK = 10_000
_YEARS = 3
_HELPERS = 40
_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许"
_GIVEN = ("示范甲", "示范乙", "示范丙", "示范丁", "示范戊", "示范己")
_INTENTS = ("running", "ready", "thinking", "thinking", "job", "not_returning")
_WHERE = ("away", "away", "away", "returned", "stayed")
_HUKOU = ("rural", "rural", "rural", "urban", "unsure")
_LACKS = ("capital", "skill", "site", "sales", "paperwork", "people")
_TRADES = ("farming", "shop", "workshop", "online", "tourism", "services")
_KINDS = ("talk", "callback", "home", "complaint")
_MATTERS = ("skills", "loan", "licence", "school", "other")


class World:
    """Draws the same counties each time."""

    def __init__(self, vault: Vault, people: int) -> None:
        self._vault = vault
        self._draw = random.Random(20_261_123)
        self.people = people
        self._homes = {area: _homes(area) for area in set(AREAS)}
        self._said = [vault.seal(f"想问第{n}件事") for n in range(50)]
        self._sent = [
            vault.seal({"text": f"第{n}句回话", "options": [], "kind": "reply"}) for n in range(50)
        ]
        self._heard = [
            vault.seal({"kind": "text", "text": f"第{n}句话", "extra": {}}) for n in range(50)
        ]
        self._state = vault.seal(State().as_dict())
        self._named = [vault.seal({"name": f"示范商店{n}", "credit_code": ""}) for n in range(50)]

    async def fill(self, database: Database, *, messages: int, tickets: int) -> None:
        """Everything, ten thousand rows a transaction."""
        await database.run(_staff)
        for first in range(0, self.people, _CHUNK):
            await database.run(self._people, range(first, min(self.people, first + _CHUNK)))
        for first in range(0, tickets, _CHUNK):
            await database.run(self._tickets, range(first, min(tickets, first + _CHUNK)))
        for first in range(0, messages // 2, _CHUNK):
            numbers = range(first, min(messages // 2, first + _CHUNK))
            await database.run(self._messages, numbers)

    def homes(self, area: str) -> list[tuple[str, str]]:
        """The towns and villages of an area in which its people live."""
        return self._homes[area]

    def _people(self, session: Session, numbers: Sequence[int]) -> None:
        made = [self._person(number) for number in numbers]
        _store(session, Person, [one for one, _ in made])
        _store(session, Conversation, [_talk(one, self._state) for one, _ in made])
        _store(session, Consent, [row for one, _ in made for row in _consents(one)])
        _store(session, Assignment, [_helped(one, n) for one, n in made if n % 3 == 0])
        _store(session, Visit, [self._visit(one, n) for one, n in made if n % 2 == 0])
        _store(session, Entity, [self._entity(one, n) for one, n in made if n % 5 == 0])
        _store(session, AuditRow, [_read(one, n) for one, n in made])

    def _person(self, number: int) -> tuple[dict[str, Any], int]:
        draw, vault = self._draw, self._vault
        area = AREAS[number % len(AREAS)]
        town, village = draw.choice(self._homes[area])
        name = draw.choice(_SURNAMES) + draw.choice(_GIVEN)
        phone = f"19900{number:06}"
        told = {NICKNAME: name, PHONE: phone, prints.VILLAGE: village}
        found, at = prints.of(vault, told, area), _ago(draw)
        row = {
            "id": f"c{number:07}",
            "account": f"telegram:{7_000_000 + number}",
            "entered_by": "",
            "status": "confirmed" if number % 20 else "pending",
            "source": draw.choice(("chat", "household", "bulk", "counter")),
            "basis": "",
            "area": area,
            "town": town,
            "village": village,
            "external_id": "",
            "phone_print": found.phone,
            "proof_print": found.proof,
            "home_print": found.home,
            "codes": self._codes(),
            "sealed": vault.seal({NICKNAME: name, PHONE: phone}),
            "is_personal": True,
            "created_at": at,
            "updated_at": at,
            "erase_at": None,
        }
        return row, number

    def _codes(self) -> dict[str, Any]:
        draw = self._draw
        return {
            "intent": draw.choice(_INTENTS),
            "where_now": draw.choice(_WHERE),
            "away_half_year": draw.choice(("half_year", "half_year", "less", "none")),
            "hukou": draw.choice(_HUKOU),
            "lacks": draw.sample(_LACKS, 2),
            "want_kind": [draw.choice(_TRADES)],
        }

    def _visit(self, person: dict[str, Any], number: int) -> dict[str, Any]:
        return {
            "person_id": person["id"],
            "helper": f"专员{number % _HELPERS}",
            "kind": "call",
            "light": self._draw.choice(("green", "yellow", "red", "")),
            "standing": "",
            "gifts": [],
            "minutes": 10,
            "sealed": self._said[number % 50],
            "at": _ago(self._draw),
        }

    def _entity(self, person: dict[str, Any], number: int) -> dict[str, Any]:
        began = date(2023, 1, 1) + timedelta(days=self._draw.randrange(1400))
        return {
            "id": f"e{number:07}",
            "person_id": person["id"],
            **{name: person[name] for name in ("area", "town", "village")},
            "trade": self._draw.choice(_TRADES),
            "form": "个体户",
            "sealed": self._named[number % 50],
            "code_print": "",
            "began_on": began,
            "licensed_on": began,
            "headcount": self._draw.randrange(1, 12),
            "state": "open" if number % 7 else "closed",
            "closed_on": None if number % 7 else date(2026, 6, 1),
            "source": "bulk",
            "external_id": "",
            "created_at": person["created_at"],
            "updated_at": person["created_at"],
        }

    def _tickets(self, session: Session, numbers: Sequence[int]) -> None:
        made = [self._ticket(number) for number in numbers]
        _store(session, Ticket, made)
        _store(session, TicketLine, [row for one in made for row in self._lines(one)])

    def _ticket(self, number: int) -> dict[str, Any]:
        draw = self._draw
        opened = _ago(draw)
        is_open = number % 25 == 0
        who = draw.randrange(self.people)
        return {
            "number": f"T{number:05}",
            "conversation": f"telegram:{7_000_000 + who}",
            "channel": "telegram",
            "chat": str(7_000_000 + who),
            "person_id": f"c{who:07}",
            "area": AREAS[who % len(AREAS)],
            "kind": draw.choice(_KINDS),
            "state": "open" if is_open else "closed",
            "is_live": False,
            "is_flagged": number % 500 == 0,
            "subject": self._said[number % 50],
            "working_days": 3,
            "matter": draw.choice(_MATTERS),
            "level": draw.choice(("village", "town", "county", "county")),
            "starts_at": None,
            "taken_by": "" if is_open else f"专员{number % _HELPERS}",
            "opened_at": opened,
            "taken_at": None if is_open else opened + timedelta(hours=3),
            "closed_at": None if is_open else opened + timedelta(days=draw.randrange(1, 9)),
        }

    def _lines(self, ticket: dict[str, Any]) -> Iterator[dict[str, Any]]:
        for turn, author in enumerate(("person", "bot", "staff")):
            at = ticket["opened_at"] + timedelta(minutes=turn)
            yield {
                "ticket": ticket["number"],
                "author": author,
                "sealed": self._said[turn],
                "at": at,
                "message_id": None,
            }

    def _messages(self, session: Session, numbers: Sequence[int]) -> None:
        _store(session, InboundRow, [self._inbound(number) for number in numbers])
        _store(session, OutboxRow, [self._outgoing(number) for number in numbers])

    def _inbound(self, number: int) -> dict[str, Any]:
        at, chat = _ago(self._draw), 7_000_000 + number % self.people
        return {
            "channel": "telegram",
            "outer_id": f"m{number}",
            "conversation": f"telegram:{chat}",
            "sequence": number,
            "payload": self._heard[number % 50],
            "file": None,
            "sent_at": at,
            "received_at": at,
            "done_at": at,
            "fault": "",
        }

    def _outgoing(self, number: int) -> dict[str, Any]:
        at, chat = _ago(self._draw), 7_000_000 + number % self.people
        return {
            "channel": "telegram",
            "chat": str(chat),
            "conversation": f"telegram:{chat}",
            "dedupe_key": f"bench/{number}",
            "payload": self._sent[number % 50],
            "priority": 0,
            "state": "sent",
            "due": at,
            "attempts": 1,
            "claimed_by": "",
            "claimed_at": at,
            "settled_at": at,
            "failure": "",
            "outer_id": f"o{number}",
            "created_at": at,
            "counted": 1,
        }


def _homes(area: str) -> list[tuple[str, str]]:
    county = Villages().county(area)
    found = [(town.id, home.id) for town in county.towns() for home in county.villages(town.id)]
    return found or [("", "")]


def _ago(draw: random.Random) -> datetime:
    return NOW - timedelta(minutes=draw.randrange(_YEARS * 365 * 24 * 60))


def _talk(person: dict[str, Any], state: bytes) -> dict[str, Any]:
    channel, chat = person["account"].split(":")
    at = person["created_at"]
    return {
        "key": person["account"],
        "channel": channel,
        "chat": chat,
        "state": state,
        "unreachable": "",
        "created_at": at,
        "updated_at": at,
    }


def _consents(person: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for kind in (CORE, PUSH):
        yield {
            "person_id": person["id"],
            "kind": kind,
            "given": True,
            "version": "1",
            "channel": "telegram",
            "given_at": person["created_at"],
            "ended_at": None,
        }


def _helped(person: dict[str, Any], number: int) -> dict[str, Any]:
    return {
        "person_id": person["id"],
        "help": "commissioner",
        "helper": f"专员{number % _HELPERS}",
        "number": number // _HELPERS + 1,
        "why": "registered",
        "since": person["created_at"],
        "until": None,
    }


def _read(person: dict[str, Any], number: int) -> dict[str, Any]:
    return {
        "at": person["created_at"],
        "actor": f"staff:专员{number % _HELPERS}",
        "act": "person.read",
        "subject": person["id"],
        "receipt": "",
    }


def _staff(session: Session) -> None:
    names = [("小周", "staff", AREA), ("小吴", "staff", "371700")]
    names += [(f"专员{n}", "commissioner", AREA) for n in range(_HELPERS)]
    for name, role, area in names:
        session.add(StaffMember(name=name, role=role, area=area, since=NOW))
    session.flush()


def _store(session: Session, model: Any, rows: list[dict[str, Any]]) -> None:
    if rows:
        session.connection().execute(model.__table__.insert(), rows)
