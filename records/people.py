"""People who registered: coded answers in the clear for counting, words and numbers sealed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BindParameter,
    Column,
    Index,
    LargeBinary,
    Row,
    bindparam,
    func,
    or_,
    select,
    union,
    union_all,
)
from sqlmodel import Field, Session, SQLModel

from records import consents, home_stays, person_facts, prints
from records.account_links import AccountLink
from records.consents import Said
from records.prints import LAST as LAST
from records.prints import NICKNAME as NICKNAME
from records.prints import PHONE as PHONE
from records.prints import plain as plain
from records.types import BigId, Json, UtcDateTime
from records.vault import Vault

PENDING_LIFE = timedelta(days=30)  # domain P-29: unconfirmed, a proxy's entry is erased
_LOOKED_AT = 5_000  # people of a place whose words are opened at once
ALL = ""  # the field of a memory that holds every value at once, as a list brought them


class Source(StrEnum):
    """How a value came to us."""

    CHAT = "chat"
    PROXY = "proxy"  # left by a relative or friend
    HOUSEHOLD = "household"  # a cadre went from door to door
    BULK = "bulk"  # another office's list
    COUNTER = "counter"


class Status(StrEnum):
    """Where a registration stands."""

    CONFIRMED = "confirmed"
    PENDING = "pending"  # waits for the person's own yes
    WITHDRAWN = "withdrawn"  # kept, not used; erased when `erase_at` comes
    DECEASED = "deceased"


class ConsentMissing(Exception):
    """Something personal was to be stored without the consent that it needs."""


class Person(SQLModel, table=True):
    """One registered person. `codes` holds answers by option, `sealed` what was said in words."""

    __table_args__ = (
        Index("ix_person_updated", "updated_at", "id"),
        Index("ix_person_placed", "area", "village", "town", "status"),  # counted by village
    )

    id: str = Field(primary_key=True, max_length=24)
    account: str = Field(default="", max_length=200, index=True)  # a conversation's key
    entered_by: str = Field(default="", max_length=200, index=True)  # for someone else
    status: str = Field(max_length=12)
    source: str = Field(max_length=12)
    basis: str = Field(default="", max_length=80)  # the document, where duty and not consent is it
    area: str = Field(default="", max_length=12, index=True)
    town: str = Field(  # ids of records/places.py, "" where not known
        default="", max_length=24, index=True, sa_column_kwargs={"server_default": ""}
    )
    village: str = Field(
        default="", max_length=24, index=True, sa_column_kwargs={"server_default": ""}
    )
    external_id: str = Field(  # the number that another system keeps them by
        default="", max_length=64, index=True, sa_column_kwargs={"server_default": ""}
    )
    phone_print: str = Field(default="", max_length=64, index=True)
    # Of the end of the phone and the name together; None where it is yet to be made.
    proof_print: str | None = Field(default=None, max_length=64, index=True)
    home_print: str | None = Field(default=None, max_length=64, index=True)  # of name and village
    codes: dict[str, Any] = Field(default_factory=dict, sa_column=Column(Json, nullable=False))
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    is_personal: bool = True  # False: wants to see only what everybody sees (domain P-10)
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)
    erase_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)


class PersonChange(SQLModel, table=True):
    """One value that a field took, with where it came from: the record's memory."""

    __tablename__ = "person_change"

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    person_id: str = Field(max_length=24, index=True)
    field: str = Field(max_length=40)
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    source: str = Field(max_length=12)
    at: datetime = Field(sa_type=UtcDateTime)


@dataclass(frozen=True, slots=True)
class Profile:
    """A registered person as a turn may know them, opened."""

    id: str
    account: str
    status: Status
    source: Source
    area: str
    answers: Mapping[str, Any]
    said: tuple[Said, ...] = ()
    is_personal: bool = True
    told: Mapping[str, Any] = field(default_factory=dict)  # of their business, in self-checks

    @property
    def nickname(self) -> str:
        return str(self.answers.get(NICKNAME) or "")

    @property
    def phone(self) -> str:
        return str(self.answers.get(PHONE) or "")

    def consents_to(self, kind: str) -> bool:
        """Whether the person's last word on this was yes."""
        return any(answer.kind == kind and answer.given for answer in self.said)


@dataclass(frozen=True, slots=True)
class Entered:
    """What was entered about a person: `codes` by option, `texts` in words.

    `needs` names the consent that a field must not be stored without (domain P-05).
    """

    codes: Mapping[str, Any]
    texts: Mapping[str, Any]
    area: str = ""
    source: Source = Source.CHAT
    said: tuple[Said, ...] = ()
    needs: Mapping[str, str] = field(default_factory=dict)

    def values(self) -> dict[str, Any]:
        """Every field with its value."""
        return {**self.codes, **self.texts}


@dataclass(frozen=True, slots=True)
class Change:
    """A value as the record's memory holds it."""

    field: str
    value: Any
    source: Source
    at: datetime
    number: int = 0  # of the row, which counts up


_TABLE = Person.__table__  # type: ignore[attr-defined]
_LINKS = AccountLink.__table__  # type: ignore[attr-defined]
_KEYS: BindParameter[list[str]] = bindparam("keys", expanding=True)
_SEEN = union_all(
    select(_TABLE, _TABLE.c.account.label("found_by")).where(_TABLE.c.account.in_(_KEYS)),
    select(_TABLE, _LINKS.c.account.label("found_by"))
    .join(_LINKS, _LINKS.c.person_id == _TABLE.c.id)
    .where(_LINKS.c.account.in_(_KEYS)),
).subquery()
_BY = {
    name: select(_TABLE, _TABLE.c[name].label("found_by"))
    .where(_TABLE.c[name].in_(_KEYS))
    .order_by(_TABLE.c.created_at, _TABLE.c.id)
    for name in ("id", "phone_print", "proof_print")
} | {"account": select(_SEEN).order_by(_SEEN.c.created_at, _SEEN.c.id)}
_CHANGES = PersonChange.__table__  # type: ignore[attr-defined]


def profiles_of(
    session: Session, vault: Vault, accounts: Sequence[str]
) -> dict[str, tuple[Profile, ...]]:
    """Who is registered under each account or has it linked, oldest first."""
    return _profiles(session, vault, "account", {account: account for account in accounts})


def by_ids(session: Session, vault: Vault, person_ids: Sequence[str]) -> dict[str, Profile]:
    """These people, whatever they are registered under."""
    found = _profiles(session, vault, "id", {person_id: person_id for person_id in person_ids})
    return {person_id: profiles[0] for person_id, profiles in found.items()}


def with_phone(
    session: Session, vault: Vault, phones: Sequence[str]
) -> dict[str, tuple[Profile, ...]]:
    """Who is registered with each of these numbers, under whatever account."""
    prints = {vault.fingerprint(phone): phone for phone in phones}
    return _profiles(session, vault, "phone_print", prints)


def with_proof(
    session: Session, vault: Vault, proofs: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], tuple[Profile, ...]]:
    """Who is registered with the end of each phone and this name, under whatever account."""
    made = {prints.proof(vault, last, plain(name)): (last, name) for last, name in proofs}
    found = _profiles(session, vault, "proof_print", {key: key for key in made})
    return {made[key]: profiles for key, profiles in found.items()}


def with_prints(session: Session, vault: Vault, *, phone: str, home: str) -> list[Profile]:
    """Who is registered with this phone, or this name in this village; nobody who left."""
    named = (("phone_print", phone), ("home_print", home))
    alike = [_TABLE.c[name] == key for name, key in named if key]
    query = select(_TABLE.c.id).where(or_(*alike), _TABLE.c.status != Status.WITHDRAWN.value)
    ids = list(session.execute(query).scalars()) if alike else []
    return list(by_ids(session, vault, ids).values())


def print_proofs(session: Session, vault: Vault, limit: int) -> int:
    """Make some of the fingerprints that are yet to be made; how many."""
    unmade = or_(_TABLE.c.proof_print.is_(None), _TABLE.c.home_print.is_(None))
    rows = list(
        session.execute(select(Person).where(unmade).order_by(_TABLE.c.id).limit(limit)).scalars()
    )
    for row in rows:
        _print(row, vault, {**row.codes, **vault.open(row.sealed)})
    session.flush()
    return len(rows)


def opened(
    row: Person | Row[Any],
    vault: Vault,
    said: tuple[Said, ...] = (),
    told: Mapping[str, Any] | None = None,
) -> Profile:
    """A row as a value, its words opened."""
    return Profile(
        id=row.id,
        account=row.account,
        status=Status(row.status),
        source=Source(row.source),
        area=row.area,
        answers={**row.codes, **vault.open(row.sealed)},
        said=said,
        is_personal=row.is_personal,
        told=told or {},
    )


def enter(
    session: Session,
    vault: Vault,
    person_id: str,
    entered: Entered,
    *,
    at: datetime,
    account: str = "",
    entered_by: str = "",
    basis: str = "",
) -> None:
    """Store a person who is new. Without the person's own yes or a duty they stay pending."""
    is_agreed = any(said.kind == consents.CORE and said.given for said in entered.said)
    is_pending = entered.source is Source.PROXY
    if not (is_agreed or is_pending or basis):
        raise ConsentMissing(consents.CORE)
    _refuse_unconsented(entered, ())
    row = Person(
        id=person_id,
        account=account,
        entered_by=entered_by,
        status=Status.PENDING if is_pending else Status.CONFIRMED,
        source=entered.source,
        basis=basis,
        area=entered.area,
        codes=dict(entered.codes),
        sealed=vault.seal(dict(entered.texts)),
        created_at=at,
        updated_at=at,
        erase_at=at + PENDING_LIFE if is_pending else None,
    )
    _print(row, vault, entered.values())
    session.add(row)
    session.flush()
    told = home_stays.Told(person_id, entered.codes, entered.texts)
    home_stays.note(session, [told], at, are_new=True)
    _remember(session, vault, person_id, entered.values(), source=entered.source, at=at)


def correct(
    session: Session, vault: Vault, person_id: str, entered: Entered, *, at: datetime
) -> None:
    """Change what is held of a person; None takes a value away. The old value stays in memory."""
    row = _row(session, person_id)
    known = consents.in_force(session, [person_id]).get(person_id, ())
    _refuse_unconsented(entered, known)
    texts = vault.open(row.sealed)
    changed = _different({**row.codes, **texts}, entered.values())
    row.codes = _merged(row.codes, entered.codes)
    texts = _merged(texts, entered.texts)
    row.sealed = vault.seal(texts)
    row.area = entered.area or row.area
    _print(row, vault, {**row.codes, **texts})
    row.updated_at = at
    session.flush()
    home_stays.note(session, [home_stays.Told(person_id, entered.codes, entered.texts)], at)
    _remember(session, vault, person_id, changed, source=entered.source, at=at)


def adopt(session: Session, person_id: str, *, account: str, at: datetime) -> None:
    """A record that others entered becomes the person's own, under their account.

    Whoever comes back after leaving keeps the account that the others are linked to.
    """
    row = _row(session, person_id)
    row.account, row.entered_by = row.account or account, ""
    row.status, row.erase_at, row.updated_at = Status.CONFIRMED.value, None, at
    session.flush()


def set_aside(session: Session, person_id: str, *, at: datetime) -> None:
    """Consent is withdrawn: nothing is done with the record any more, and it goes in 30 days."""
    row = _row(session, person_id)
    row.status, row.erase_at, row.updated_at = Status.WITHDRAWN.value, at + PENDING_LIFE, at
    session.flush()


def told_at(session: Session, person_ids: Sequence[str]) -> dict[str, datetime]:
    """When something was last told of each of these."""
    query = select(_TABLE.c.id, _TABLE.c.updated_at).where(_TABLE.c.id.in_(person_ids))
    return {row[0]: row[1] for row in session.execute(query)}


def mark_deceased(session: Session, person_id: str, *, at: datetime) -> None:
    """Somebody has died: nothing is done with the record any more (domain P-25)."""
    row = _row(session, person_id)
    row.status, row.erase_at, row.updated_at = Status.DECEASED.value, None, at
    session.flush()


def mark_alive(session: Session, person_id: str, *, at: datetime) -> None:
    """It was a mistake that somebody was said to have died."""
    row = _row(session, person_id)
    if row.status == Status.DECEASED:
        row.status, row.updated_at = Status.CONFIRMED.value, at
        session.flush()


def at_home(
    session: Session, vault: Vault, place: str, words: str, field: str
) -> list[tuple[str, str]]:
    """Those who live in a town, a village or a county, by id and name; of a hamlet only those
    whose `field` names it.
    """
    here = or_(_TABLE.c.village == place, _TABLE.c.town == place)
    if words:
        here = or_(here, (_TABLE.c.area == place) & (_TABLE.c.village == ""))
    alive = _TABLE.c.status.in_((Status.CONFIRMED.value, Status.PENDING.value))
    rows = session.execute(
        select(_TABLE.c.id, _TABLE.c.sealed)
        .where(here, alive)
        .order_by(_TABLE.c.created_at, _TABLE.c.id)
        .limit(_LOOKED_AT)
    )
    told = [(row.id, vault.open(row.sealed)) for row in rows]
    return [
        (id_, str(said.get(NICKNAME) or ""))
        for id_, said in told
        if not words or words in str(said.get(field) or "")
    ]


def move(session: Session, person_id: str, account: str, *, at: datetime) -> None:
    """The person is registered under another account of theirs from now on."""
    row = _row(session, person_id)
    row.account, row.updated_at = account, at
    session.flush()


def on_accounts(session: Session, accounts: Sequence[str]) -> dict[str, frozenset[str]]:
    """The ids of those whom each of these accounts speaks for."""
    seen = union(
        select(_TABLE.c.account, _TABLE.c.id).where(_TABLE.c.account.in_(accounts)),
        select(_LINKS.c.account, _LINKS.c.person_id).where(
            _LINKS.c.account.in_(accounts), _LINKS.c.person_id != ""
        ),
    )
    found: dict[str, set[str]] = {account: set() for account in accounts}
    for account, person_id in session.execute(seen):
        found[account].add(person_id)
    return {account: frozenset(ids) for account, ids in found.items()}


def account_of(session: Session, person_id: str) -> str:
    """The account that a person is registered under; "" where there is none."""
    query = select(_TABLE.c.account).where(_TABLE.c.id == person_id)
    return str(session.execute(query).scalar() or "")


def choose_view(session: Session, person_ids: Iterable[str], *, is_personal: bool) -> None:
    """Whether lists for these people may look at who they are."""
    for person_id in person_ids:
        _row(session, person_id).is_personal = is_personal
    session.flush()


def memory_of(session: Session, vault: Vault, person_id: str) -> list[Change]:
    """Every value that was ever held, oldest first, with its source."""
    query = select(PersonChange).where(_CHANGES.c.person_id == person_id).order_by(_CHANGES.c.id)
    return [
        Change(name, value, Source(row.source), row.at, row.id or 0)
        for row in session.execute(query).scalars()
        for name, value in held(row, vault).items()
    ]


def last_change(session: Session, person_id: str) -> int:
    """The number of the newest row of somebody's memory; 0 where there is none."""
    query = select(func.max(_CHANGES.c.id)).where(_CHANGES.c.person_id == person_id)
    return int(session.execute(query).scalar() or 0)


def change_after(session: Session, person_id: str, number: int) -> int:
    """The number of the row after this one; 0 where there is none."""
    mine = (_CHANGES.c.person_id == person_id) & (_CHANGES.c.id > number)
    return int(session.execute(select(func.min(_CHANGES.c.id)).where(mine)).scalar() or 0)


def held(row: PersonChange | Row[Any], vault: Vault) -> dict[str, Any]:
    """The values, by field, that one row of the memory holds."""
    value = vault.open(row.sealed)
    return value if row.field == ALL else {row.field: value}


def _profiles(
    session: Session, vault: Vault, column: str, wanted: Mapping[str, str]
) -> dict[str, tuple[Profile, ...]]:
    keys = [key for key in wanted if key]
    rows = session.connection().execute(_BY[column], {"keys": keys}).all() if keys else []
    ids = list(dict.fromkeys(row.id for row in rows))
    said = consents.in_force(session, ids) if rows else {}
    told = person_facts.of(session, ids) if rows else {}
    found: dict[str, tuple[Profile, ...]] = {}
    for row in rows:
        key = wanted[row.found_by]
        profile = opened(row, vault, said.get(row.id, ()), told.get(row.id))
        found[key] = (*found.get(key, ()), profile)
    return found


def _row(session: Session, person_id: str) -> Person:
    return session.get_one(Person, person_id)


def _print(row: Person, vault: Vault, values: Mapping[str, Any]) -> None:
    made = prints.of(vault, values, row.area)
    row.phone_print, row.proof_print, row.home_print = made.phone, made.proof, made.home


def _refuse_unconsented(entered: Entered, known: tuple[Said, ...]) -> None:
    given = {said.kind for said in (*known, *entered.said) if said.given}
    held = {name for name, value in entered.values().items() if value is not None}
    for name, kind in entered.needs.items():
        if name in held and kind not in given:
            raise ConsentMissing(kind)


def _merged(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    both = {**old, **new}
    return {name: value for name, value in both.items() if value is not None}


def _different(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in new.items() if value != old.get(name)}


def _remember(
    session: Session,
    vault: Vault,
    person_id: str,
    values: Mapping[str, Any],
    *,
    source: Source,
    at: datetime,
) -> None:
    session.add_all(
        PersonChange(
            person_id=person_id, field=name, sealed=vault.seal(value), source=source, at=at
        )
        for name, value in values.items()
    )
    session.flush()
