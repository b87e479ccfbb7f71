"""A few people, businesses, requests and signings, to count by hand.

Of 371703: 甲 (ready, spoken to), 乙 (running, never spoken to), 丙 (job), 丁 (left); of 371702: 戊
(thinking, a call that nobody took). 己 has died.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from outreach.reports.periods import parse
from outreach.reports.table import Asked, Report, Row, Table, Value
from records import entities, events, people, signings, visits
from records.applications import ApplicationRow
from records.consents import CORE, Said
from records.courses import CourseRow, Enrolment
from records.database import Session
from records.entities import Business, EntityState
from records.events import EventKind, NewEvent, Signed
from records.people import Entered, Person, Source, Status
from records.signings import Payment
from records.surveys import Awareness, Rating
from records.tickets import Ticket
from records.vault import Vault
from records.visits import Light, Standing, Told, VisitKind

HERE, NEXT, CITY = "371703", "371702", "371700"
TOWN, VILLAGE = "371703103", "371703103201"
NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
_NAMES = {HERE: "定陶", NEXT: "牡丹", CITY: "菏泽", TOWN: "某镇", VILLAGE: "某村"}


def at(month: int, day: int, year: int = 2026) -> datetime:
    """Noon in China."""
    return datetime(year, month, day, 4, tzinfo=UTC)


def asked(vault: Vault, area: str, period: str, *, is_public: bool = False) -> Asked:
    """What a report is wanted of."""
    return Asked(area, parse(period), NOW, vault, lambda code: _NAMES.get(code, code), is_public)


def cells(table: Table, key: str, value: Value) -> Row:
    """The row that has this in a column."""
    return next(row for row in table.rows if row.cells.get(key) == value)


def made(session: Session, report: Report, wanted: Asked, vault: Vault) -> Table:
    """The world, and a report of it."""
    settle(session, vault)
    return report.build(session, wanted)


def settle(session: Session, vault: Vault) -> None:
    """Store the world."""
    _people(session, vault)
    _businesses(session, vault)
    _requests(session, vault)
    _signings(session)
    _courses(session)
    session.flush()


def _people(session: Session, vault: Vault) -> None:
    told: dict[str, tuple[str, dict[str, Any], str]] = {
        "a": (HERE, {"intent": "ready", "lacks": ["capital", "site"], "where_now": "away"}, "甲"),
        "b": (HERE, {"intent": "running", "where_now": "returned"}, "乙"),
        "c": (HERE, {"intent": "job", "lacks": ["capital"]}, "丙"),
        "d": (HERE, {"intent": "ready"}, "丁"),
        "e": (
            NEXT,
            {"intent": "thinking", "lacks": "capital", "capital_band": "to_50k"},
            "戊",
        ),
        "f": (HERE, {"intent": "ready"}, "己"),
    }
    said = (Said(CORE, True, at(1, 5)),)
    for person_id, (area, codes, name) in told.items():
        phone = f"138000010{ord(person_id)}"[:11]
        entered = Entered(codes, {"nickname": name, "phone": phone}, area, Source.CHAT, said)
        people.enter(session, vault, person_id, entered, at=at(1, 5))
    gone = {"d": Status.WITHDRAWN, "f": Status.DECEASED}
    for person_id, status in gone.items():
        session.get_one(Person, person_id).status = status.value
    first = session.get_one(Person, "a")
    first.town, first.village = TOWN, VILLAGE
    call = Told(VisitKind.CALL, Light.YELLOW, Standing.PREPARING)
    visits.log(session, vault, "a", call, helper="小刘", at=at(3, 1))
    visits.log(session, vault, "e", Told(VisitKind.NO_ANSWER), helper="小刘", at=at(3, 1))


def _businesses(session: Session, vault: Vault) -> None:
    known = {
        "e1": ("b", Business(area=HERE, name="面馆", began_on=date(2025, 2, 1), headcount=4)),
        "e2": ("b", Business(area=HERE, name="民宿", began_on=date(2025, 6, 1))),
        "e3": (
            "c",
            Business(
                area=HERE,
                name="网店",
                began_on=date(2025, 3, 1),
                headcount=2,
                state=EntityState.CLOSED,
                closed_on=date(2025, 9, 1),
            ),
        ),
        "e4": ("e", Business(area=NEXT, name="果园", began_on=date(2026, 4, 1), headcount=1)),
        "e5": ("e", Business(area=NEXT, name="作坊", began_on=date(2025, 12, 1))),
    }
    for number, (person, business) in known.items():
        entities.open_one(session, vault, number, person, business, source="bulk", at=at(4, 2))
    seen = Told(VisitKind.FIRM, Light.GREEN, Standing.OPEN)
    visits.log(session, vault, "b", seen, helper="小刘", at=at(5, 20))


def _requests(session: Session, vault: Vault) -> None:
    rows = (
        ("T1", "a", "callback", "money", at(10, 12), at(10, 13)),
        ("T2", "a", "callback", "", at(10, 20), at(10, 29)),
        ("T3", "b", "complaint", "", at(10, 9), at(10, 10)),
        ("T4", "", "talk", "", at(10, 30), None),
        ("T5", "e", "talk", "money", at(9, 28), at(11, 2)),
    )
    for number, person, kind, matter, opened, closed in rows:
        session.add(
            Ticket(
                number=number,
                person_id=person,
                area=NEXT if person == "e" else HERE,
                kind=kind,
                matter=matter,
                state="closed" if closed else "open",
                subject=vault.seal("x"),
                working_days=3,
                opened_at=opened,
                closed_at=closed,
            )
        )
    for number, score in (("T1", 5), ("T2", 2), ("T3", None), ("T5", 4)):
        area = NEXT if number == "T5" else HERE
        session.add(Rating(ticket=number, area=area, asked_at=at(10, 30), score=score))
    session.add(_known("a", HERE, first=True, second=True))
    session.add(_known("b", HERE, first=True, second=False))
    session.add(_known("e", NEXT))
    for number, decided, outcome, paid in (
        ("T1", at(10, 16), "granted", date(2026, 11, 1)),
        ("T2", at(11, 20), "granted", None),
        ("T3", None, "", None),
    ):
        session.add(
            ApplicationRow(
                number=number,
                person_id="a",
                area=HERE,
                submitted_at=at(10, 12),
                papers=vault.seal(""),
                decided_at=decided,
                outcome=outcome,
                paid_on=paid,
            )
        )


def _known(
    person: str, area: str, *, first: bool | None = None, second: bool | None = None
) -> Awareness:
    return Awareness(
        person_id=person,
        year=2026,
        area=area,
        entry="x",
        asked_at=at(6, 1),
        first=first,
        second=second,
    )


def _signings(session: Session) -> None:
    here = NewEvent(EventKind.SIGNING, "春季签约", HERE, at(2, 10), "小刘")
    beside = NewEvent(EventKind.SIGNING, "牡丹签约", NEXT, at(5, 10), "小王")
    first, second = (events.add(session, told, at(1, 1)) for told in (here, beside))
    rows = (
        Signed(0, first, "粉丝厂", "甲公司", 1_000_000, 200_000, "某镇", "小刘"),
        Signed(0, first, "民宿", "甲公司", 500_000, None, "某镇", "小刘"),
        Signed(0, second, "果园", "乙公司", None, None, "牡丹区", "小王"),
    )
    numbers = [signings.sign(session, row, on=date(2026, 2, 10), at=at(2, 10)) for row in rows]
    signings.pay(session, numbers[1], Payment(50_000, date(2026, 8, 1), "小刘"), at(8, 1))
    signings.pay(session, numbers[0], Payment(70_000, date(2027, 1, 4), "小刘"), at(8, 1))


def _courses(session: Session) -> None:
    for number, ends in ((1, date(2026, 3, 31)), (2, date(2026, 10, 31))):
        session.add(
            CourseRow(
                id=number,
                area=HERE,
                title=f"班{number}",
                topic="food",
                level="nothing",
                starts_on=ends,
                ends_on=ends,
                seats=9,
                created_at=at(1, 1),
            )
        )
    seats = (
        (1, "a", "came", "founded"),
        (1, "b", "came", "employed"),
        (1, "c", "came", ""),
        (1, "e", "absent", ""),
        (2, "a", "came", ""),
    )
    for course, person, state, outcome in seats:
        session.add(
            Enrolment(
                course_id=course,
                person_id=person,
                state=state,
                since=at(2, 1),
                outcome=outcome,
            )
        )
