"""An import on its way: rows in batches, each stored whole with how far the import is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

from records import imports
from records.database import Session
from registry.beside import beside
from registry.columns import Labels
from registry.lists import Kind, Origin, Outcome, Refused, Stored, Terms
from registry.sheets import Book
from registry.tables import Line, Spare, Tables

BATCH = 12_000  # rows of one transaction, half a second: then others may write
_FIRST = 5_000  # rows of the first, so that storing begins; a list of so many is whole or not


class Told(NamedTuple):
    """What became of a row: where it stands, and in words why."""

    sheet: str
    line: int
    outcome: Outcome
    subject: str = ""
    remarks: tuple[str, ...] = ()


@dataclass(slots=True)
class Batch:
    """Rows that are stored together: where they stand, and for each a value or Refused.

    The last of a file has no rows: `spare` is what is to be said besides them.
    """

    places: list[tuple[str, int]] = field(default_factory=list)
    read: list[Any] = field(default_factory=list)
    spare: Spare | None = None

    @property
    def values(self) -> list[Any]:
        return [value for value in self.read if not isinstance(value, Refused)]


@dataclass(slots=True)
class Import:
    """A file of a kind, read once; the counts grow with each batch that is stored."""

    kind: Kind
    tables: Tables
    terms: Terms
    counts: Counter[Outcome] = field(default_factory=Counter)
    rows: int = 0
    spare: Spare = field(default_factory=Spare)

    def batches(self) -> Iterator[Batch]:
        """The rows that are to be taken, in order, read while those before are stored.

        It is for commands: the process is split.
        """
        for batch in beside(self.read(self.tables.lines())):
            if batch.spare is not None:
                self.spare = batch.spare
            else:
                yield batch

    def read(self, lines: Iterable[Line], most: int = BATCH) -> Iterator[Batch]:
        """Rows as values, made ready where the kind knows how; then what is said besides."""
        reader, waiting = self.kind.reader(self.terms), iter(lines)
        size = min(_FIRST, most)
        while some := list(islice(waiting, size)):
            places = [(line.sheet, line.number) for line in some]
            yield Batch(places, self._prepared([reader(line) for line in some]))
            size = min(most, size * 3 // 2)
        yield Batch(spare=self.tables.spare)

    def _prepared(self, read: list[Any]) -> list[Any]:
        if self.kind.prepare is None:
            return read
        values = [value for value in read if not isinstance(value, Refused)]
        made = iter(self.kind.prepare(values, self.terms.origin))
        return [value if isinstance(value, Refused) else next(made) for value in read]

    def store(self, session: Session, batch: Batch, origin: Origin) -> list[Told]:
        """Store a batch, and in the same transaction how far the import is."""
        imports.make_room(session)
        stored = self.kind.store(session, batch.values, origin)
        told = _told(batch, stored)
        counts = self.counts + Counter(one.outcome for one in told)
        rows = self.rows + len(told)
        imports.progress(session, origin.run_id, rows=rows, counts=_plain(counts), ended=None)
        return told

    def count(self, told: Sequence[Told]) -> None:
        """These rows are stored for good."""
        self.counts.update(one.outcome for one in told)
        self.rows += len(told)

    def end(self, session: Session, run_id: int, at: datetime) -> None:
        """The last batch is stored."""
        imports.progress(session, run_id, rows=self.rows, counts=_plain(self.counts), ended=at)


def opened(book: Book, kind: Kind, terms: Terms) -> Import:
    """A file as an import that has not begun."""
    return Import(kind, Tables(book, Labels(kind.columns, terms.wording.columns)), terms)


def _told(batch: Batch, stored: Sequence[Stored]) -> list[Told]:
    becomes = iter(stored)
    told = []
    for (sheet, line), value in zip(batch.places, batch.read, strict=True):
        if isinstance(value, Refused):
            words = tuple(map(str, value.faults))
            told.append(Told(sheet, line, Outcome.REFUSED, "", words))
        else:
            one = next(becomes)
            words = (*one.remarks, *getattr(value, "remarks", ()))
            told.append(Told(sheet, line, one.outcome, one.subject, words))
    return told


def _plain(counts: Counter[Outcome]) -> dict[str, int]:
    return {outcome.name.lower(): counts[outcome] for outcome in Outcome}
