"""Lists of parks and vacant places: what `guiyan import sites` takes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from knowledge import villages
from records import sites
from records.database import Session
from registry import days, money
from registry.cells_of_row import Row
from registry.column_files import ColumnFile, read
from registry.homes import Homes, NoHome, Written
from registry.lists import Kind, Origin, Outcome, Refused, Stored, Terms
from registry.offers import DEPT, key
from registry.tables import Line
from registry.words import Words

_NAME, _RENT, _PLACE, _LARGEST = 24, 20, 20, 10_000_000
_OFFICE = re.compile(r"0\d{2,3}[-\s]?\d{7,8}|12\d{3}|400[-\s]?\d{3}[-\s]?\d{4}")
_SAME = ("name", "kind", "fits", "town", "place", "area_m2", "vacancy", "rent", "contact", "phone")


@cache
def file() -> ColumnFile:
    """The columns of the list."""
    return read("sites.toml")


@dataclass(frozen=True, slots=True)
class Vacant:
    """A place as a list names it; `values` are columns of records/sites.py."""

    values: Mapping[str, Any]


class SitesReader:
    """Reads rows; what words and places mean is remembered from row to row."""

    def __init__(self, terms: Terms) -> None:
        self._today = terms.origin.at.date()
        self._homes = Homes(terms.places, terms.area)
        self._words = {
            key: Words(known, terms.wording.values.get(key, {}))
            for key, known in file().words.items()
        }

    def __call__(self, line: Line) -> Vacant | Refused:
        row = Row(line, file())
        if line.fault:
            row.refuse("", line.fault)
        name = row.short("name", _NAME)
        if not name:
            row.refuse("name", "没写", "双创产业园")
        values = {
            "name": name,
            "key": key(name),
            "kind": self._one(row, "kind"),
            "fits": self._one(row, "fits"),
            **self._where(row),
            "area_m2": self._count(row, "area_m2"),
            "vacancy": self._count(row, "vacancy"),
            "rent": row.short("rent", _RENT),
            "contact": self._contact(row),
            "phone": self._phone(row),
            "source_dept": row.short("source_dept", DEPT) or row.text("contact")[:DEPT],
            "verified_on": self._verified(row),
        }
        return Refused(tuple(row.faults)) if row.faults else Vacant(values)

    def _one(self, row: Row, key: str) -> str:
        said = row.text(key)
        code = self._words[key].code(said) if said else None
        if not code:
            row.refuse(key, f"“{said[:20]}”不认识，可以写：{file().examples[key]}")
        return code or ""

    def _where(self, row: Row) -> dict[str, str]:
        home = self._homes.read(Written(county=row.text("county")))
        if isinstance(home, NoHome):
            row.refuse("county", home.sentence, home.example)
            return {}
        place = row.short("town", _PLACE)
        found = villages.county(home.area).dwelling(place)
        level = "village" if found.village else "town" if found.town else "county"
        return {"county": home.area, "town": found.town, "place": place, "level": level}

    def _count(self, row: Row, key: str) -> int | None:
        said = row.text(key)
        found = money.count(said) if said else None
        if said and (found is None or found > _LARGEST):
            row.refuse(key, f"“{said[:20]}”不是数", "120")
        return found

    def _contact(self, row: Row) -> str:
        contact = row.short("contact", DEPT)
        if not contact:
            row.refuse("contact", "没写找哪个单位", "园区管委会")
        return contact

    def _phone(self, row: Row) -> str:
        """Everybody reads it, so it is an office's, never a private mobile."""
        said = row.text("phone")
        if said and not _OFFICE.fullmatch(said):
            row.refuse("phone", "这里写单位的座机，不写个人手机", "0731-12345678")
        return said

    def _verified(self, row: Row) -> date:
        said = row.text("verified_on")
        found = days.day(row.line.cell("verified_on")) if said else self._today
        if found is None or found > self._today:
            row.refuse("verified_on", f"“{said[:20]}”不对，要写过去的日子", "2026-03-01")
        return found or self._today


def store_all(session: Session, listed: Sequence[Vacant], origin: Origin) -> list[Stored]:
    """Store places, in order: the newer word on a vacancy counts, an older one changes nothing."""
    return [_store(session, one, origin) for one in listed]


def _store(session: Session, one: Vacant, origin: Origin) -> Stored:
    values = one.values
    known = next(iter(sites.by_keys(session, [values["key"]], values["county"])), None)
    if known is not None:
        is_same = all(getattr(known, name) == values[name] for name in _SAME)
        is_older = values["verified_on"] < known.verified_on
        if is_older or (is_same and values["verified_on"] == known.verified_on):
            remark = (f"比已有的{known.verified_on}旧，没有改",) if is_older else ()
            return Stored(Outcome.SAME, str(known.number), remark)
    row, is_new = sites.keep(session, values, by=f"staff:{origin.staff}", at=origin.at)
    return Stored(Outcome.NEW if is_new else Outcome.MERGED, str(row.number), (f"{row.number}号",))


SITES = Kind(
    name="sites",
    columns=file().columns,
    reader=SitesReader,
    store=store_all,
    words=file().words,
)
