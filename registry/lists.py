"""What an import goes by and what becomes of each row: words that all kinds of list share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from knowledge.areas import Area, Gazetteer
from records.database import Session
from records.people import Source
from records.vault import Vault
from registry.columns import Column, Wording
from registry.tables import Line
from registry.villages import Villages


class Outcome(StrEnum):
    """What became of a row; the value is what the report calls it."""

    NEW = "新存"
    MERGED = "补充"  # known, and something was added or brought up to date
    SAME = "一样"
    DIFFERS = "不一样"  # for a human to decide
    REFUSED = "没收"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where values come from: who brings them, when, on what ground.

    `basis` is the number of the document that makes it a duty, "" where everybody agreed.
    """

    vault: Vault
    staff: str
    at: datetime
    source: Source = Source.BULK
    basis: str = ""
    run_id: int = 0  # of records/imports.py; 0: no file


@dataclass(frozen=True, slots=True)
class Terms:
    """How rows are read. `area`: where everybody must be from; `token` is drawn for one import."""

    origin: Origin
    places: Gazetteer
    token: str
    area: Area | None = None
    wording: Wording = field(default_factory=Wording)
    villages: Villages = field(default_factory=Villages)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a row, under which heading, and how it would be right."""

    heading: str
    sentence: str
    example: str = ""

    def __str__(self) -> str:
        where = f"“{self.heading}”列：" if self.heading else ""
        return f"{where}{self.sentence}" + (f"，比如 {self.example}" if self.example else "")


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that is not taken, with every reason."""

    faults: tuple[Fault, ...]


class Stored(NamedTuple):
    """What became of one value that was to be stored, and what is to be said of it."""

    outcome: Outcome
    subject: str = ""  # the record's id
    remarks: tuple[str, ...] = ()


Reader = Callable[[Line], Any]  # a value for `store`, or Refused
Store = Callable[[Session, Sequence[Any], Origin], list[Stored]]
# A step from where the last one ended ("" at first): how many records changed, "" after the last.
Follow = Callable[[Session, Vault, str], tuple[int, str]]

Prepare = Callable[[Sequence[Any], Origin], list[Any]]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of list: its columns, how a row is read, and how many are stored at once.

    `store` must come to the same for many values at once as for one after the other, and for
    values that it has stored before it must say SAME: what was killed is begun again.
    `words` are the words that a column knows, by its key: a map file may add to them.
    """

    name: str
    columns: tuple[Column, ...]
    reader: Callable[[Terms], Reader]
    store: Store
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # key → word → code
    needs_basis: bool = False  # whether it holds people who must have agreed, or a duty
    prepare: Prepare | None = None  # what can be done to values before anything is asked
    follow: Follow | None = None  # what else changes in the register once a list is stored
