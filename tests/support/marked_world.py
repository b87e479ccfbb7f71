"""Records of three places whose words begin with signs that are in no text of ours.

A name is masked behind its first sign, so the sign itself tells whose name a page shows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from console.exports.asking import EXPORT
from console.imports import undoing
from console.imports.doing import IMPORT
from console.reports.making import REPORT
from outreach.reports.notices.registry import find
from outreach.reports.periods import parse
from outreach.reports.places import namer
from outreach.reports.versions import noting, schedule
from outreach.reports.versions.schedule import Owed
from records import (
    assignments,
    background,
    bodies,
    campaign_drafts,
    cases,
    courses,
    events,
    gaps,
    group_posts,
    groups,
    imports,
    incidents,
    permits,
    pictures,
    pointers,
    privacy_requests,
    projects,
    segments,
    sharing,
    signings,
    staff_accounts,
    stations,
    sweeps,
    tags,
    tickets,
    unit_tasks,
    visits,
)
from records.assignments import Help, Why
from records.background import NewWork
from records.bodies import Body, BodyKind
from records.campaigns import Campaign, CampaignText
from records.cases import NewCase
from records.courses import Level, NewCourse, Seat, Topic
from records.database import Database, Session
from records.entities import Entity
from records.events import EventKind, NewEvent, Signed, Task
from records.gaps import Wording
from records.group_posts import Post, PostState, Target, TargetState
from records.groups import GroupKind, GroupSource
from records.imports import Opening
from records.incidents import Unit
from records.people import Person
from records.permits import PermitKind
from records.pointers import Pointer, PointerKind
from records.prints import NICKNAME, PHONE
from records.privacy_requests import RequestKind
from records.projects import Entered, ProjectKind, Provenance
from records.scope import Spot
from records.segments import Saved
from records.sharing import Wanted
from records.staff_accounts import StaffRole
from records.stations import Listed
from records.sweeps import AtDoor
from records.tickets import Author, NewTicket, TicketKind
from records.unit_tasks import NewTask
from records.vault import Vault
from records.visits import Told, VisitKind
from tests.support import database as databases


@dataclass(frozen=True, slots=True)
class Mark:
    """A place: the sign of its people and the sign of its things."""

    person: str
    thing: str
    home: Spot
    phone: str

    @property
    def key(self) -> str:
        return f"m{self.home.village}"

    @property
    def staff(self) -> str:
        """Who works there and looks after all of it."""
        return f"{self.thing}同事"


FAR = Mark("龘", "靐", Spot("371721", "371721100", "371721100001"), "19900999991")
NEXT_TOWN = Mark("齾", "爨", Spot("371703", "371703105", "371703105200"), "19900999992")
NEXT_VILLAGE = Mark("鱻", "麤", Spot("371703", "371703104", "371703104001"), "19900999993")
MARKS = (FAR, NEXT_TOWN, NEXT_VILLAGE)
HELPER, MENTOR, PARTNER = "靐专员", "靐导师", "靐银行"  # of the far county

Addresses = dict[str, str]  # how an address of a page begins, and the record in it
Seeded = Mapping[Mark, Addresses]


def seed(session: Session, vault: Vault, now: datetime) -> dict[Mark, Addresses]:
    """One of everything in the far county, and what towns and villages have in the near ones."""
    return {mark: _Place(session, vault, now, mark).fill() for mark in MARKS}


_kept: list[tuple[bytes, Seeded]] = []  # the filled file, once it has been made


async def marked_file(path: Path, vault: Vault, now: datetime) -> tuple[str, Seeded]:
    """A database with the three places at `path`: its address, and what is in it."""
    if not _kept:
        _kept.append(await _filled(path, vault, now))
    _write(path, _kept[0][0])
    return f"sqlite:///{path}", _kept[0][1]


async def _filled(path: Path, vault: Vault, now: datetime) -> tuple[bytes, Seeded]:
    database = Database(await databases.fresh_file(path))
    seeded = await database.run(seed, vault, now)
    await database.close()
    return _read(path), seeded


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def _read(path: Path) -> bytes:
    return path.read_bytes()


class _Place:
    def __init__(self, session: Session, vault: Vault, now: datetime, mark: Mark) -> None:
        self._session, self._vault, self._now, self._mark = session, vault, now, mark
        self._area = mark.home.area if mark is FAR else mark.home.town
        self._all: Addresses = {}

    def fill(self) -> Addresses:
        self._staff()
        self._person()
        self._request()
        self._door_to_door()
        if self._mark is FAR:
            self._helped()
            self._enquiries()
        if self._mark is not NEXT_VILLAGE:
            self._happenings()
            self._written()
            self._offered()
            self._made()
        return self._all

    def _staff(self) -> None:
        self._join(self._mark.staff, StaffRole.STAFF)
        if self._mark is FAR:
            self._join(HELPER, StaffRole.COMMISSIONER)
            self._join(MENTOR, StaffRole.MENTOR)
            self._join(PARTNER, StaffRole.PARTNER)
        self._all["/staff/"] = self._mark.staff

    def _join(self, name: str, role: StaffRole) -> None:
        at, by = self._now, "staff:terminal"
        staff_accounts.add(self._session, name, role=role, area=self._area, at=at, actor=by)

    def _person(self) -> None:
        mark, vault, now = self._mark, self._vault, self._now
        home = {name: getattr(mark.home, name) for name in ("area", "town", "village")}
        person = Person(
            id=mark.key,
            account=f"telegram:9{mark.home.village}",
            status="confirmed",
            source="counter",
            codes={"intent": "ready", "where_now": "away"},
            sealed=vault.seal({NICKNAME: f"{mark.person}示范", PHONE: mark.phone}),
            phone_print=vault.fingerprint(mark.phone),
            created_at=now,
            updated_at=now,
            **home,
        )
        self._session.add(person)
        self._session.flush()
        shop = Entity(
            id=f"e{mark.home.village}",
            person_id=mark.key,
            sealed=vault.seal({"name": f"{mark.person}店", "credit_code": ""}),
            trade="shop",
            form="个体户",
            source="counter",
            created_at=now,
            updated_at=now,
            **home,
        )
        self._session.add(shop)
        self._session.flush()
        told = Told(VisitKind.CALL, note=f"{mark.person}说的")
        visits.log(self._session, vault, mark.key, told, helper=mark.staff, at=now)
        tags.put(self._session, [mark.key], f"{mark.person}标签", by=mark.staff, at=now)
        story = NewCase(mark.key, mark.home.area, title=f"{mark.person}回乡")
        case = cases.add(self._session, vault, story, now)
        named = {"/people/": mark.key, "/entities/": shop.id, "/cases/": case}
        self._all |= {
            **{key: str(value) for key, value in named.items()},
            "/stories/": str(case),
            "/privacy/consents/": mark.key,
        }

    def _request(self) -> None:
        mark, session, vault, now = self._mark, self._session, self._vault, self._now
        number, chat = f"T9{mark.home.village[-6:]}", f"9{mark.home.village}"
        new = NewTicket(
            number, TicketKind.TALK, f"{mark.thing}想问", mark.home.area, person_id=mark.key
        )
        tickets.raise_ticket(session, vault, new, channel="telegram", chat=chat, at=now)
        said = f"{mark.thing}说的话"
        tickets.add_line(session, vault, number, author=Author.PERSON, text=said, at=now)
        self._all["/inbox/"] = number

    def _door_to_door(self) -> None:
        mark, session = self._mark, self._session
        sweep = sweeps.begin(session, mark.home.village, "", staff=mark.staff, at=self._now)
        door = AtDoor(0, 0, f"{mark.person}家", sweeps.DoorState.OPEN, mark.key)
        sweeps.add(session, self._vault, sweep, [door])
        self._all["/households/"] = mark.home.village

    def _helped(self) -> None:
        mark, session, now = self._mark, self._session, self._now
        for name, what in ((HELPER, Help.COMMISSIONER), (MENTOR, Help.MENTOR)):
            assignments.assign(session, mark.key, name, what, why=Why.BY_STAFF, at=now)
        wanted = Wanted(mark.key, PARTNER, ("name", "plan"), f"{mark.person}要贷款", 30)
        number = sharing.ask(session, wanted, version="1", by=mark.staff, at=now)
        sharing.answer(session, number, is_given=True, channel="telegram", at=now)
        self._all["/shared/"] = str(number)

    def _enquiries(self) -> None:
        mark, session, vault, now = self._mark, self._session, self._vault, self._now
        asked = NewTicket("T9900001", TicketKind.TALK, f"{mark.person}要查", mark.home.area)
        tickets.raise_ticket(session, vault, asked, channel="", chat="", at=now)
        kind = RequestKind.ACCESS
        privacy_requests.sort(session, vault, "T9900001", kind, way="counter", by=mark.staff)
        told = {"what": f"{mark.thing}丢了纸"}
        lost = incidents.open_one(
            session, vault, told, unit=Unit.STATE, is_drill=True, by=mark.staff, at=now
        )
        incidents.freeze(session, lost, is_frozen=False)
        first = Wording(0, None, mark.home.area, f"{mark.thing}怎么办", "unknown", (), now)
        gap = gaps.open_new(session, first, mark.home.area)
        self._all |= {"/privacy/requests/": "T9900001", "/privacy/incidents/": str(lost)}
        self._all["/gaps/"] = str(gap)

    def _happenings(self) -> None:
        mark, session, vault, now = self._mark, self._session, self._vault, self._now
        county, soon = mark.home.area, now + timedelta(days=9)
        day, word = soon.date(), mark.thing
        town = county if self._area != county else ""
        event = NewEvent(
            next(iter(EventKind)), f"{word}会", self._area, soon, mark.staff, county=town
        )
        met = events.add(session, event, now)
        events.invite(session, met, [mark.key], now)
        events.keep_minutes(session, vault, met, f"{word}纪要")
        events.follow(session, vault, Task(0, met, mark.staff, day, f"{word}后续"), now)
        signed = Signed(0, met, f"{word}签约", f"{word}公司", 100, None, by=mark.staff)
        signings.sign(session, signed, on=now.date(), at=now)
        task = NewTask(f"{word}任务", self._area, now.date(), due_on=day, staff=mark.staff)
        self._all |= {"/events/": str(met)}
        self._all["/tasks/"] = str(unit_tasks.add(session, task, now))
        if mark is FAR:
            self._of_the_county(day)

    def _of_the_county(self, day: date) -> None:
        mark, session, now = self._mark, self._session, self._now
        area, word = mark.home.area, mark.thing
        told = NewCourse(
            f"{word}课", Topic.ECOMMERCE, Level.NOTHING, area, day, day, 30, staff=mark.staff
        )
        course = courses.add(session, told, now)
        courses.put(session, course, mark.key, Seat.SIGNED, now)
        stations.put(session, Listed(f"{word}站", area, "昆明", head=mark.staff), now)
        lead = stations.bring(session, self._vault, mark.staff, f"{word}线索", now, area=area)
        pointer = Pointer(PointerKind.PAPER, f"{word}报", area, checked_on=now.date())
        body = Body(BodyKind.LEADING, f"{word}专班", area, members=((mark.staff, "组长"),))
        self._all |= {"/courses/": str(course), "/stations/leads/": str(lead)}
        self._all["/pointers/"] = str(pointers.put(session, pointer, by=mark.staff, at=now))
        self._all["/bodies/"] = str(bodies.add(session, body, by=mark.staff, at=now))

    def _written(self) -> None:
        mark, session, vault, now = self._mark, self._session, self._vault, self._now
        area, by, word = mark.home.area, mark.staff, mark.thing
        town = mark.home.town if self._area != area else ""
        new = Campaign(title=f"{word}群发", area=area, town=town, drafted_by=by, created_at=now)
        campaign = campaign_drafts.add(session, new)
        text = CampaignText(campaign_id=campaign, variant="A", channel="", text=f"{word}正文")
        campaign_drafts.put_text(session, text)
        segments.save(session, Saved(self._area, f"{word}人群", f"{word}想开店", by, now))
        group = groups.add(
            session,
            vault,
            f"{word}群",
            area=area,
            town=town,
            kind=GroupKind.CITY.value,
            source=GroupSource.ENTERED.value,
            steward=by,
            learnt_at=now,
        )
        number = group_posts.next_number(session)
        aim = Target(number, group, 1, "", "", None, TargetState.WAITING, now)
        words = f"{word}消息"
        post = Post(number, by, self._area, words, PostState.HELD, now, targets=(aim,))
        group_posts.add(session, vault, post)
        self._all |= {"/campaigns/": str(campaign), "/groups/": str(group)}
        self._all["/group-posts/"] = str(number)

    def _offered(self) -> None:
        mark, session, vault, now = self._mark, self._session, self._vault, self._now
        new = Entered(
            kind=ProjectKind.PROJECT,
            county=mark.home.area,
            title=f"{mark.thing}项目",
            key=f"{mark.thing}项目",
            category="services",
            provenance=Provenance.PERSON,
            source_dept=f"{mark.thing}商务局",
            terms={},
            slots=1,
            evidence="",
            expires_on=None,
            person_id=mark.key,
            owner={"name": f"{mark.person}业主", "phone": mark.phone},
        )
        if mark is FAR:
            row = projects.add(session, vault, new, by=mark.staff, at=now)
            self._all["/projects/"] = str(row.id)

    def _made(self) -> None:
        mark, session, vault, now = self._mark, self._session, self._vault, self._now
        county = mark.home.area
        self._paper()
        run, _ = imports.begin(
            session,
            vault,
            Opening("people", mark.key, f"{mark.thing}名单", mark.staff, area=county),
            now,
        )
        imports.note(session, [self._difference(run)])
        differing = imports.differences(session, vault, person_ids=[mark.key])[0].id
        self._all["/imports/differences/"] = str(differing)
        begun = {"/exports/": EXPORT, "/reports/made/": REPORT, "/imports/": IMPORT}
        wish = permits.ask(
            session,
            vault,
            PermitKind.LIST,
            by=mark.staff,
            why=f"{mark.thing}理由",
            area=self._area,
            at=now,
        )
        self._all["/exports/permits/"] = str(wish)
        picture = b"\x89PNG\r\n\x1a\n" + bytes(20)
        named = f"{mark.staff}:picture"
        self._all["/group-posts/pictures/"] = pictures.keep(session, vault, named, picture, now)
        for path, kind in (begun | {"/imports/undo/": undoing.LOOK}).items():
            asked = {"what": "people", "name": f"{mark.thing}名单"}
            new = NewWork(kind, mark.staff, asked, area=county, is_held=True)
            self._all[path] = str(background.add(session, vault, new, now))

    def _paper(self) -> None:
        mark, session, vault, now = self._mark, self._session, self._vault, self._now
        paper = find("month_county" if mark is FAR else "month_town")
        by = staff_accounts.active(session, mark.staff)
        assert paper is not None
        assert by is not None
        owed = Owed(paper, self._area, parse("2026-11"))
        made = schedule.draft(session, vault, owed, namer(session), now)
        noting.remark(session, vault, made, f"{mark.thing}批注", by=by, now=now)
        self._all["/owed/"] = str(made.number)

    def _difference(self, run: int) -> dict[str, object]:
        mark = self._mark
        return {
            "run_id": run,
            "line": 1,
            "person_id": mark.key,
            "field": "village_words",
            "value_print": "x",
            "sealed": self._vault.seal(
                {"old": f"{mark.person}旧", "new": f"{mark.person}新", "also": {}}
            ),
            "source": "bulk",
            "held_source": "chat",
            "state": "open",
            "found_at": self._now,
            "found_by": mark.staff,
        }
