"""乡贤通讯录: those who agreed to stand in it, with the phone only where they agreed to that."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace
from datetime import datetime

from openpyxl import Workbook

from knowledge.areas import Gazetteer
from knowledge.exchange.cells import safe
from records import audit, people, scope, standings
from records.consents import DIRECTORY, DIRECTORY_PHONE
from records.database import Session
from records.people import Profile, Status
from records.prints import VILLAGE
from records.vault import Vault
from registry.differences import said

HEADINGS = ("序号", "称呼", "家乡", "现在哪里", "行当", "电话")


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the book; the phone is whole, "" where they did not agree to it."""

    name: str
    home: str
    where: str
    trade: str
    phone: str


@dataclass(frozen=True, slots=True)
class Book:
    """Who stands in it, as they are listed and as people; and the 乡贤 who do not."""

    listed: tuple[Listed, ...] = ()
    agreed: tuple[Profile, ...] = ()
    others: tuple[Profile, ...] = ()


def read(session: Session, vault: Vault, area: str, places: Gazetteer) -> Book:
    """The book of an area; "" is everywhere."""
    every = [one.person_id for one in standings.sages(session)]
    spots = scope.spots(session, every)
    here = [id_ for id_ in every if id_ in spots and scope.may_see(area, spots[id_])]
    known = people.by_ids(session, vault, here)
    alive = [known[id_] for id_ in here if known[id_].status is Status.CONFIRMED]
    agreed = [person for person in alive if person.consents_to(DIRECTORY)]
    others = [person for person in alive if not person.consents_to(DIRECTORY)]
    return Book(
        tuple(_listed(person, places) for person in agreed),
        tuple(agreed),
        tuple(others),
    )


def masked(one: Listed) -> Listed:
    """The same with the phone as lists show it."""
    return replace(one, phone=f"{one.phone[:3]}****{one.phone[-4:]}" if one.phone else "")


def as_text(book: Sequence[Listed]) -> list[str]:
    """A line each, ready to be copied; what is not known is left out."""
    return [
        "  ".join(filter(None, (str(number), *astuple(one)))) for number, one in enumerate(book, 1)
    ]


def as_xlsx(title: str, book: Sequence[Listed]) -> bytes:
    """A workbook with the columns of the book; no cell is taken for a formula."""
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.title = "乡贤通讯录"
    sheet.append([safe(title)])
    sheet.append(list(HEADINGS))
    for number, one in enumerate(book, 1):
        sheet.append([number, *map(safe, astuple(one))])
    sheet.freeze_panes = "A3"
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def note_export(session: Session, book: Book, *, by: str, at: datetime) -> None:
    """Who took the book away, and whose lines were in it."""
    ids = [person.id for person in book.agreed]
    audit.write_all(session, "directory.exported", ids, at=at, actor=f"staff:{by}"[:60])


def _listed(person: Profile, places: Gazetteer) -> Listed:
    answers = person.answers
    area = places.area(person.area)
    trade = answers.get("biz_kind") or answers.get("want_kind")
    return Listed(
        name=person.nickname,
        home="".join((area.short if area else "", str(answers.get(VILLAGE) or ""))),
        where=str(answers.get("where_city") or ""),
        trade=said("biz_kind" if answers.get("biz_kind") else "want_kind", trade) if trade else "",
        phone=person.phone if person.consents_to(DIRECTORY_PHONE) else "",
    )
