"""People as lists bring them: many are found, entered and amended in a statement each."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, insert, select, text, update
from sqlmodel import Session

from records import consents, home_stays, prints
from records.consents import Consent
from records.dialect import insert_many, matching
from records.people import Person, PersonChange, Source, Status, held
from records.prints import Prints
from records.vault import Vault

_LOCK = 0x6C697374  # any number that is ours alone
PAPER = "paper"  # version and channel of a consent that was signed on a sheet


@dataclass(slots=True, eq=False)
class Entry:
    """A person as lists see them: what is held, and who said each value.

    `sources` names who said a value where it is not `source`.
    """

    id: str
    status: Status
    source: Source
    area: str
    codes: dict[str, Any]
    texts: dict[str, Any]
    prints: Prints
    since: datetime
    basis: str = ""
    town: str = ""
    village: str = ""
    external_id: str = ""
    sources: dict[str, Source] = field(default_factory=dict)

    @property
    def values(self) -> dict[str, Any]:
        return {**self.codes, **self.texts}


_PEOPLE = Person.__table__  # type: ignore[attr-defined]
_CHANGES = PersonChange.__table__  # type: ignore[attr-defined]
_CONSENTS = Consent.__table__  # type: ignore[attr-defined]
_AMENDED = (
    *("status", "basis", "area", "town", "village", "external_id", "phone_print", "proof_print"),
    *("home_print", "codes", "sealed", "updated_at", "erase_at"),
)


_ENTERED = ("id", "account", "entered_by", "source", "is_personal", "created_at", *_AMENDED)
_CODES = _ENTERED.index("codes")


def codes_of(row: tuple[Any, ...]) -> dict[str, Any]:
    """The codes in what `new_row` made."""
    codes: dict[str, Any] = row[_CODES]
    return codes


def one_at_a_time(session: Session) -> None:
    """Until its commit no other list is held against the register; SQLite has one writer."""
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


def found(
    session: Session,
    vault: Vault,
    *,
    phones: Collection[str],
    homes: Collection[str],
    external_ids: Collection[str],
) -> list[Entry]:
    """Everybody with one of these fingerprints or numbers."""
    ids: set[str] = set()
    wanted = {"phone_print": phones, "home_print": homes, "external_id": external_ids}
    for name, keys in wanted.items():
        ids |= matching(session, _PEOPLE.c.id, _PEOPLE.c[name], keys)
    if not ids:
        return []
    rows = session.execute(select(_PEOPLE).where(_PEOPLE.c.id.in_(ids))).all()
    sources = _sources(session, vault, list(ids))
    return [_entry(row, vault, sources.get(row.id, {})) for row in rows]


def one(session: Session, vault: Vault, person_id: str) -> Entry | None:
    """One person by id."""
    row = session.execute(select(_PEOPLE).where(_PEOPLE.c.id == person_id)).first()
    if row is None:
        return None
    return _entry(row, vault, _sources(session, vault, [person_id]).get(person_id, {}))


def new_row(one: Entry, vault: Vault, *, at: datetime) -> tuple[Any, ...]:
    """Somebody new as `enter_all` takes them."""
    return (one.id, "", "", one.source, True, one.since, *_columns(one, vault, at))


def enter_all(session: Session, rows: Sequence[tuple[Any, ...]]) -> None:
    """Store people who are new."""
    insert_many(session, _PEOPLE, _ENTERED, rows)


def note_homes(session: Session, told: Iterable[home_stays.Told], *, at: datetime) -> None:
    """Note who of those who are new is at home, and since when."""
    home_stays.note(session, told, at, are_new=True)


def amend_all(session: Session, vault: Vault, known: Sequence[Entry], *, at: datetime) -> None:
    """Store what has changed of people who were known; who was pending is so no more."""
    if not known:
        return
    change = update(_PEOPLE).where(_PEOPLE.c.id == bindparam("who"))
    given = [f"new_{name}" for name in _AMENDED]
    values: dict[str, Any] = {
        name: bindparam(new) for name, new in zip(_AMENDED, given, strict=True)
    }
    rows = [
        {"who": one.id, **dict(zip(given, _columns(one, vault, at), strict=True))} for one in known
    ]
    session.connection().execute(change.values(values), rows)
    home_stays.note(session, [_told(one) for one in known], at)


def remember(session: Session, rows: Sequence[tuple[Any, ...]]) -> None:
    """Keep in memory what was told: person, field, sealed, source, moment."""
    insert_many(session, _CHANGES, ("person_id", "field", "sealed", "source", "at"), rows)


def note_signed(session: Session, person_ids: Sequence[str], *, at: datetime) -> None:
    """Write down that they agreed on paper, unless their yes is known."""
    known = consents.in_force(session, person_ids) if person_ids else {}
    same = {"kind": consents.CORE, "given": True, "version": PAPER, "channel": PAPER}
    rows = [
        {**same, "person_id": who, "given_at": at}
        for who in dict.fromkeys(person_ids)
        if not any(said.kind == consents.CORE and said.given for said in known.get(who, ()))
    ]
    if rows:
        session.connection().execute(insert(_CONSENTS), rows)


def _told(one: Entry) -> home_stays.Told:
    return home_stays.Told(one.id, one.codes, one.texts)


def _columns(one: Entry, vault: Vault, at: datetime) -> tuple[Any, ...]:
    """The values of `_AMENDED`."""
    return (
        one.status,
        one.basis,
        one.area,
        one.town,
        one.village,
        one.external_id,
        one.prints.phone,
        one.prints.proof,
        one.prints.home,
        one.codes,
        vault.seal(one.texts),
        at,
        None,
    )


def _entry(row: Row[Any], vault: Vault, sources: Mapping[str, Source]) -> Entry:
    texts = vault.open(row.sealed)
    made = Prints(row.phone_print, row.proof_print or "", row.home_print or "")
    if row.proof_print is None or row.home_print is None:
        made = prints.of(vault, {**row.codes, **texts}, row.area)
    return Entry(
        id=row.id,
        status=Status(row.status),
        source=Source(row.source),
        area=row.area,
        codes=dict(row.codes),
        texts=texts,
        prints=made,
        since=row.created_at,
        basis=row.basis,
        town=row.town,
        village=row.village,
        external_id=row.external_id,
        sources=dict(sources),
    )


def _sources(
    session: Session, vault: Vault, person_ids: Sequence[str]
) -> dict[str, dict[str, Source]]:
    """Who said each value that is held now, by person and field."""
    query = select(_CHANGES).where(_CHANGES.c.person_id.in_(person_ids)).order_by(_CHANGES.c.id)
    said: dict[str, dict[str, Source]] = {}
    for row in session.execute(query):
        source = Source(row.source)
        said.setdefault(row.person_id, {}).update(dict.fromkeys(held(row, vault), source))
    return said
