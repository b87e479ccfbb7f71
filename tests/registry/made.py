"""Lists made by hand, and the register that they are held against."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from typing import Any

import openpyxl

from knowledge.areas import Gazetteer
from knowledge.exchange.cells import cell_of
from knowledge.library import load_library
from records.people import Source
from records.vault import Vault
from registry.lists import Origin, Refused, Terms
from registry.people_rows import Listed, PeopleReader
from registry.sheets import Book
from registry.tables import Line

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
VAULT = Vault("a key for tests only")
GOOD = {"nickname": "王某一", "phone": "13800000001", "county": "湘乡市"}


def xlsx(*rows: list[Any], sheet: str = "花名册") -> tuple[openpyxl.Workbook, Any]:
    """A workbook with a sheet of these rows."""
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = sheet
    for row in rows:
        page.append(row)
    return book, page


def saved(book: openpyxl.Workbook) -> bytes:
    """The bytes of a workbook."""
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def texts(book: Book) -> list[list[str]]:
    """The texts of every row of every sheet."""
    return [[c.text for c in row.cells.values()] for s in book.sheets for row in s.rows()]


@cache
def places() -> Gazetteer:
    """The areas of the shipped packs."""
    return load_library().areas


def terms(
    basis: str = "试〔2026〕1号",
    source: Source = Source.BULK,
    token: str = "a" * 24,
    area: str = "",
) -> Terms:
    """What an import of the tests goes by."""
    origin = Origin(VAULT, "小刘", NOW, source, basis)
    return Terms(origin, places(), token, places().resolve(area) if area else None)


def read(reader: PeopleReader, **cells: Any) -> Listed | Refused:
    """A row of these cells, read."""
    line = Line("", 2, {key: cell_of(value) for key, value in cells.items() if value != ""})
    found: Listed | Refused = reader(line)
    return found


def listed(number: int = 1, **cells: Any) -> Listed:
    """A person with these cells besides name, phone and county."""
    reader = PeopleReader(terms(token=f"{number:017d}"))
    found = read(reader, **{**GOOD, **cells})
    assert isinstance(found, Listed), found
    return found
