"""Fingerprints of the parts of people's names, by which staff find them; read by nobody.

A part has two signs or more: of single ones a thief could count how frequent each is, and knows
how frequent surnames are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, delete, select
from sqlmodel import Field, Session, SQLModel

from records.dialect import insert_many
from records.people import Person
from records.prints import plain
from records.vault import Vault

LEAST = 2  # signs of a part
_MOST = 12  # signs of a name that are looked at
_LENGTH = 24  # of the 64 of a fingerprint


class NamePart(SQLModel, table=True):
    """One part of a person's name; it goes with the person."""

    __tablename__ = "name_part"

    person_id: str = Field(primary_key=True, max_length=24)
    part_print: str = Field(primary_key=True, max_length=24, index=True)


_TABLE = NamePart.__table__  # type: ignore[attr-defined]
_PEOPLE = Person.__table__  # type: ignore[attr-defined]


def keep(session: Session, vault: Vault, names: Mapping[str, str]) -> None:
    """These people are called so: instead of what was kept of them."""
    session.execute(delete(_TABLE).where(_TABLE.c.person_id.in_(list(names))))
    rows = [(person, print_of(vault, part)) for person in names for part in parts(names[person])]
    if rows:
        insert_many(session, _TABLE, ("person_id", "part_print"), rows)


def holds(vault: Vault, said: str) -> ColumnElement[bool]:
    """People in whose name this stands, as a condition on the table of people."""
    found = select(_TABLE.c.person_id).where(_TABLE.c.part_print == print_of(vault, said))
    return _PEOPLE.c.id.in_(found)  # type: ignore[no-any-return]


def parts(name: str) -> Sequence[str]:
    """Everything of two signs or more that stands in a name, each once."""
    signs = plain(name)[:_MOST]
    ends = range(LEAST, len(signs) + 1)
    return list(dict.fromkeys(signs[i:end] for end in ends for i in range(end - LEAST + 1)))


def print_of(vault: Vault, part: str) -> str:
    """The fingerprint of a part."""
    return vault.fingerprint(f"name part/{plain(part)[:_MOST]}")[:_LENGTH]
