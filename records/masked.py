"""A copy of what decides about a campaign's people, masked: for a rehearsal, never to be kept.

People and accounts become numbers by lot; of names only the length stays, of what was told only
when they have time; no phone, no words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Table, insert, or_, select
from sqlmodel import Session

from records import send_budgets
from records.account_links import AccountLink
from records.campaigns import Campaign, CampaignRecipient, CampaignText, CampaignWave
from records.consents import PUSH, Consent
from records.conversations import Conversation
from records.people import NICKNAME, Person
from records.push_days import Past, PushDay
from records.send_budgets import SendBudget, Standing
from records.stops import PushStop
from records.vault import Vault, VaultError
from records.wishes import WishRow

Rows = dict[str, list[dict[str, Any]]]
Elsewhere = Callable[[Session, Sequence[str]], Mapping[str, Sequence[Past]]]

_UNNAMED = "某"
_KINDS: tuple[Any, ...] = (
    *(Campaign, CampaignText, CampaignWave, CampaignRecipient),
    *(Person, Conversation, AccountLink, Consent, PushStop, WishRow, PushDay, SendBudget),
)
_TABLES: dict[str, Table] = {kind.__name__: kind.__table__ for kind in _KINDS}


@dataclass(slots=True)
class Mask:
    """Gives each name a number, always the same one; nothing leads back without it."""

    _numbers: dict[str, str] = field(default_factory=dict)

    def person(self, name: str) -> str:
        """A person's id."""
        return self._of("p", name)

    def account(self, key: str) -> str:
        """A conversation's key: its channel is still seen."""
        return f"{key.partition(':')[0]}:{self._of('a', key)}" if key else ""

    def print(self, name: str) -> str:
        """A fingerprint."""
        return self._of("f", name) if name else ""

    def of_any(self, name: str) -> str:
        """A person, an account or a fingerprint, whichever it was met as."""
        for sign, masked in (("p", name), ("f", name)):
            if f"{sign}{masked}" in self._numbers:
                return self._numbers[f"{sign}{masked}"]
        return self.account(name)

    def _of(self, sign: str, name: str) -> str:
        return self._numbers.setdefault(f"{sign}{name}", f"{sign}{len(self._numbers):08d}")


@dataclass(frozen=True, slots=True)
class Vaults:
    """The one that names are read with, and the one of the copy."""

    ours: Vault
    copys: Vault


def meant(session: Session, is_meant: ColumnElement[bool]) -> list[str]:
    """The ids of those whom a condition means."""
    p = _TABLES["Person"].c
    return list(session.execute(select(p.id).where(is_meant).order_by(p.id)).scalars())


def listed(session: Session, number: int) -> list[str]:
    """The ids on the frozen list of a campaign."""
    r = _TABLES["CampaignRecipient"].c
    query = select(r.person_id).where(r.campaign_id == number).order_by(r.person_id)
    return list(session.execute(query).scalars())


def of_campaign(session: Session, number: int) -> Rows:
    """A campaign with its texts and waves; nobody of the staff is named."""
    found = {
        name: _rows(session, name, _TABLES[name].c.campaign_id == number)
        for name in ("CampaignText", "CampaignWave")
    }
    own = _rows(session, "Campaign", _TABLES["Campaign"].c.id == number)
    nobody = {"drafted_by": "-", "submitted_by": "", "approved_by": ""}
    return {"Campaign": [{**row, **nobody} for row in own], **found}


def of_people(
    session: Session, vaults: Vaults, mask: Mask, ids: Sequence[str], elsewhere: Elsewhere
) -> Rows:
    """Some hundred people with all that decides whether, when and where they are written to."""
    persons = _rows(session, "Person", _TABLES["Person"].c.id.in_(ids))
    links = _links(session, ids, [row["account"] for row in persons if row["account"]])
    accounts = {row["account"] for row in persons} | {row["account"] for row in links}
    keys = sorted((accounts | {row["home"] for row in links}) - {""})
    prints = [row["phone_print"] for row in persons if row["phone_print"]]
    names = [*ids, *keys]
    consents = _TABLES["Consent"].c
    agreed = (consents.person_id.in_(ids), consents.kind == PUSH)
    talks = _rows(session, "Conversation", _TABLES["Conversation"].c.key.in_(keys))
    return {
        "Person": _persons(vaults, mask, persons),
        "AccountLink": [_link(mask, row) for row in links],
        "Conversation": [_talk(mask, row) for row in talks],
        "Consent": [
            {**_whose(mask, row, "person_id"), "id": None}
            for row in _rows(session, "Consent", *agreed)
        ],
        "PushStop": [
            {**row, "target": mask.of_any(row["target"])}
            for row in _rows(
                session, "PushStop", _TABLES["PushStop"].c.target.in_([*keys, *prints])
            )
        ],
        "WishRow": [
            {**row, "who": mask.of_any(row["who"])}
            for row in _rows(session, "WishRow", _TABLES["WishRow"].c.who.in_(names))
        ],
        "PushDay": _days(session, mask, names, keys, elsewhere),
        "SendBudget": [
            {**row, "conversation": mask.account(row["conversation"]), "servicer": "", "code": ""}
            for row in _rows(session, "SendBudget", _TABLES["SendBudget"].c.conversation.in_(keys))
        ],
    }


def of_list(session: Session, mask: Mask, number: int, ids: Sequence[str]) -> Rows:
    """Their places on the frozen list of a campaign."""
    r = _TABLES["CampaignRecipient"].c
    found = _rows(session, "CampaignRecipient", r.campaign_id == number, r.person_id.in_(ids))
    return {
        "CampaignRecipient": [
            {**_whose(mask, row, "person_id"), "account": mask.account(row["account"])}
            for row in found
        ]
    }


def write(session: Session, rows: Rows) -> None:
    """Put them into the copy; what two people share only once."""
    for name, found in rows.items():
        if found:
            session.execute(insert(_TABLES[name]).prefix_with("OR IGNORE"), _alike(found))


def _alike(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Without the numbers that the copy is to give."""
    return [{k: v for k, v in row.items() if k != "id" or v is not None} for row in rows]


def _rows(session: Session, name: str, *conditions: ColumnElement[bool]) -> list[dict[str, Any]]:
    table = _TABLES[name]
    query = select(table).where(*conditions).order_by(*table.primary_key.columns)
    return [dict(row) for row in session.execute(query).mappings()]


def _links(session: Session, ids: Sequence[str], accounts: Sequence[str]) -> list[dict[str, Any]]:
    c = _TABLES["AccountLink"].c
    theirs = or_(c.person_id.in_(ids), c.account.in_(accounts), c.home.in_(accounts))
    return _rows(session, "AccountLink", theirs)


def _persons(
    vaults: Vaults, mask: Mask, rows: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    return [_person(vaults, mask, row) for row in rows]


def _person(vaults: Vaults, mask: Mask, row: Mapping[str, Any]) -> dict[str, Any]:
    told = row["codes"] or {}
    return {
        "id": mask.person(row["id"]),
        "account": mask.account(row["account"]),
        "entered_by": "",
        "status": row["status"],
        "source": row["source"],
        "basis": "",
        "area": row["area"],
        "town": row["town"],
        "village": row["village"],
        "external_id": "",
        "phone_print": mask.print(row["phone_print"]),
        "codes": {"contact_time": told["contact_time"]} if told.get("contact_time") else {},
        "sealed": vaults.copys.seal({NICKNAME: _UNNAMED * _length(vaults.ours, row["sealed"])}),
        "is_personal": row["is_personal"],
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
    }


def _length(vault: Vault, sealed: bytes) -> int:
    """Of what they are called."""
    try:
        return len(str(vault.open(sealed).get(NICKNAME) or ""))
    except VaultError:  # of a lost key: addressed as somebody without a name
        return 0


def _link(mask: Mask, row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **row,
        "account": mask.account(row["account"]),
        "home": mask.account(row["home"]),
        "person_id": mask.person(row["person_id"]) if row["person_id"] else "",
    }


def _talk(mask: Mask, row: Mapping[str, Any]) -> dict[str, Any]:
    key = mask.account(row["key"])
    return {**row, "key": key, "chat": key.partition(":")[2], "state": b"", "draft_until": None}


def _whose(mask: Mask, row: Mapping[str, Any], column: str) -> dict[str, Any]:
    return {**row, column: mask.person(row[column])}


def _days(
    session: Session,
    mask: Mask,
    names: Sequence[str],
    keys: Sequence[str],
    elsewhere: Elsewhere,
) -> list[dict[str, Any]]:
    """On which days they were written to unasked, by whichever way."""
    found = _rows(session, "PushDay", _TABLES["PushDay"].c.who.in_(names))
    days = [{**row, "who": mask.of_any(row["who"]), "key": "past"} for row in found]
    for key, past in elsewhere(session, keys).items():
        days += [
            {
                "who": mask.account(key),
                "day": one.day,
                "key": "past",
                "is_batch": one.is_batch,
                "at": one.at,
            }
            for one in past
        ]
    return days


def budgets(session: Session) -> dict[str, Standing]:
    """What each chat of the copy may still be sent."""
    keys = session.execute(select(_TABLES["SendBudget"].c.conversation)).scalars()
    return send_budgets.standings(session, list(keys))
