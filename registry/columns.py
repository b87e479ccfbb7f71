"""The columns that a kind of list has, known by the labels that offices write over them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

_IN_BRACKETS = re.compile(r"[(\[【〔<].*?[)\]】〕>]")
_IDLE = re.compile(r"[\s_*:、,，。./\-—|'\"“”()\[\]【】〔〕<>?;·]")
_NUMBERED = re.compile(r"^(?:\(?\d{1,2}[.、)]|[一二三四五六七八九十]{1,2}[、.])")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name for us, its heading, other headings for it.

    `aside` says why it is never taken, `note` why it is read and not stored, where that is so.
    """

    key: str
    heading: str
    called: tuple[str, ...] = ()
    aside: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Wording:
    """What somebody has said of headings and words that we do not know (a --map file)."""

    columns: Mapping[str, str] = field(default_factory=dict)  # bare heading → key, "" = aside
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # key → word → ours


class Labels:
    """Finds the column that a heading means."""

    def __init__(self, columns: Iterable[Column], mapped: Mapping[str, str]) -> None:
        self.columns = {column.key: column for column in columns}
        self._mapped = mapped
        self._known = {
            bare(label): column
            for column in reversed(self.columns.values())
            for label in (column.heading, *column.called)
        }

    def column(self, heading: str) -> Column | None:
        """The column of this heading; None where we know none."""
        wanted = self._mapped.get(bare(heading))
        if wanted is not None:
            return self.columns.get(wanted) or Column("", heading, aside=_ON_PURPOSE)
        return next((self._known[name] for name in _forms(heading) if name in self._known), None)


_ON_PURPOSE = "对照表里写了不读"


def bare(label: str) -> str:
    """A heading or a word as it is compared: one width, no blanks, no punctuation."""
    return _IDLE.sub("", unicodedata.normalize("NFKC", label)).lower()


def _forms(heading: str) -> Iterable[str]:
    plain = unicodedata.normalize("NFKC", heading).strip()
    yield bare(plain)
    unnumbered = _NUMBERED.sub("", plain)
    yield bare(unnumbered)
    yield bare(_IN_BRACKETS.sub("", unnumbered))
