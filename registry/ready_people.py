"""People of a list made ready: fingerprints and sealed rows, as far as nobody need be asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import orjson

from records import listed_people, prints
from records.listed_people import Entry
from records.people import ALL, Source, Status
from records.prints import Prints
from registry.lists import Origin
from registry.people_rows import Listed
from registry.whereabouts import settled


class Ready(NamedTuple):
    """One person as they are stored if they are new; `packed` is all that the list said.

    Whoever makes these may be another process: they are small to send.
    """

    id: str
    phone_print: str
    proof_print: str
    home_print: str
    keys: tuple[str, ...]
    external_id: str
    is_signed: bool
    has_tags: bool
    row: tuple[Any, ...]
    memory: tuple[Any, ...]
    packed: bytes
    remarks: tuple[str, ...]

    @property
    def prints(self) -> Prints:
        """What they are found by."""
        return Prints(self.phone_print, self.proof_print, self.home_print)

    @property
    def listed(self) -> Listed:
        """What the list said."""
        *values, tags, untags, remarks = orjson.loads(self.packed)
        return Listed._make((*values, tuple(tags), tuple(untags), tuple(remarks)))


def ready(listed: Sequence[Listed], origin: Origin) -> list[Ready]:
    """The people of a list, ready to be stored."""
    return [_ready(one, origin) for one in listed]


def keys(made: Prints, external_id: str) -> tuple[str, ...]:
    """What somebody is looked for by, as far as it is known."""
    number = f"#{external_id}" if external_id else ""
    return tuple(key for key in (number, made.phone, made.home) if key)


def as_new(one: Listed, made: Prints, origin: Origin) -> Entry:
    """Somebody whom the register does not know."""
    return Entry(
        id=one.id,
        status=Status.CONFIRMED,
        source=origin.source,
        area=one.area,
        codes=settled(one.codes, one.texts),
        texts=one.texts,
        prints=made,
        since=origin.at,
        basis=origin.basis,
        town=one.town,
        village=one.village,
        external_id=one.external_id,
    )


def remembered(
    entry: Entry, origin: Origin, source: Source, values: dict[str, Any]
) -> tuple[Any, ...]:
    """A row of the memory: what a list has told of somebody."""
    return entry.id, ALL, origin.vault.seal(values), source, origin.at


def _ready(one: Listed, origin: Origin) -> Ready:
    made = prints.of(origin.vault, one.texts, one.area)
    entry = as_new(one, made, origin)
    return Ready(
        one.id,
        *made,
        keys(made, one.external_id),
        one.external_id,
        one.is_signed,
        bool(one.tags or one.untags),
        listed_people.new_row(entry, origin.vault, at=origin.at),
        remembered(entry, origin, origin.source, {**one.codes, **one.texts}),
        orjson.dumps(tuple(one)),
        one.remarks,
    )
