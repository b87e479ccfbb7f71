"""一村一清单: the people of a village with what they want, the last contact and the next step."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import datetime

from openpyxl import Workbook

from knowledge.exchange.cells import safe
from records import assignments, audit, people, tags, visits
from records.assignments import Help
from records.database import Session
from records.people import Profile, Source, Status
from records.prints import VILLAGE
from records.vault import Vault
from registry.differences import said

HEADINGS = (
    *("序号", "姓名", "电话", "村组", "现在", "想法", "想干", "最缺", "标签", "专员"),
    *("最近联系", "下一步", "来源"),
)
SOURCES = {
    Source.CHAT: "自己登记",
    Source.PROXY: "亲友代填",
    Source.HOUSEHOLD: "入户",
    Source.BULK: "名册",
    Source.COUNTER: "窗口",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One person; the phone is masked."""

    number: int
    name: str
    phone: str
    home: str
    where: str
    intent: str
    want: str
    lacks: str
    tags: str
    helper: str
    last: str
    next: str
    source: str


def rows(session: Session, vault: Vault, place: str) -> list[Row]:
    """Everybody of a village or a town who is registered."""
    ids = [id_ for id_, _ in people.at_home(session, vault, place, "", VILLAGE)]
    known = people.by_ids(session, vault, ids)
    found = [known[id_] for id_ in ids if known[id_].status is Status.CONFIRMED]
    last = visits.last_contacts(session, ids)
    helpers = assignments.of_people(session, ids)
    tagged = tags.of(session, ids)
    nexts: dict[str, str] = {}
    for due in visits.waiting(session, ids):
        nexts.setdefault(due.person_id, f"{due.due_on.isoformat()}联系")
    return [
        _row(
            number,
            person,
            tags="、".join(sorted(tagged.get(person.id, ()))),
            helper=_helper(helpers.get(person.id, ())),
            last=last.get(person.id),
            next_=nexts.get(person.id, ""),
        )
        for number, person in enumerate(found, 1)
    ]


def as_text(found: Sequence[Row]) -> list[str]:
    """A line each, what is not known left out."""
    return [
        "  ".join(filter(None, (str(row.number), *map(str, astuple(row)[1:])))) for row in found
    ]


def as_xlsx(title: str, found: Sequence[Row]) -> bytes:
    """A sheet with the columns of the list."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "一村一清单"
    sheet.append([safe(title)])
    sheet.append(list(HEADINGS))
    for row in found:
        sheet.append([row.number, *map(safe, astuple(row)[1:])])
    sheet.freeze_panes = "A3"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def note_read(session: Session, place: str, *, by: str, at: datetime) -> None:
    """Who looked at the list of a place, and when."""
    audit.write(session, "village.listed", at=at, actor=f"staff:{by}"[:60], subject=place)


def _row(
    number: int, person: Profile, *, tags: str, helper: str, last: datetime | None, next_: str
) -> Row:
    told = {name: said(name, value) for name, value in person.answers.items() if value}
    phone = person.phone
    return Row(
        number=number,
        name=person.nickname,
        phone=f"{phone[:3]}****{phone[-4:]}" if phone else "",
        home=told.get(VILLAGE, ""),
        where=told.get("where_now", ""),
        intent=told.get("intent", ""),
        want=told.get("want_kind", ""),
        lacks=told.get("lacks", ""),
        tags=tags,
        helper=helper,
        last=last.date().isoformat() if last else "",
        next=next_ or ("配专员" if not helper and _wants(person) else ""),
        source=SOURCES[person.source],
    )


def _wants(person: Profile) -> bool:
    return person.answers.get("intent") in ("running", "ready", "thinking")


def _helper(assigned: Sequence[assignments.Assigned]) -> str:
    return next((one.helper for one in assigned if one.help is Help.COMMISSIONER), "")
