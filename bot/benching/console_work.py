"""What the offices of a county of 100,000 have done in three years, made up: beside its people."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from bot.benching.console_world import AREA, AREAS, NOW
from records.campaigns import Campaign, CampaignRecipient, CampaignText, CampaignWave
from records.cases import CaseRow, Tier
from records.courses import CourseRow, Enrolment, Outcome, Seat, Topic
from records.database import Database, Session
from records.events import EventKind, EventRow, FollowUp, Invitation
from records.group_posts import GroupPost, GroupPostTarget
from records.groups import ContactGroup, GroupKind
from records.home_stays import HomeStay
from records.imports import ImportDifference, ImportRun
from records.projects import ProjectKind, ProjectRow, ProjectState
from records.segments import Segment
from records.staff_accounts import StaffMember
from records.stations import Station
from records.vault import Vault

TOWN_CLERK, CADRE = "镇上小郑", "村里小王"
_CHUNK = 10_000
_COURSES, _IN_COURSE = 240, 60  # of a county of 100,000, over three years
_EVENTS, _AT_EVENT = 150, 120
_CAMPAIGNS = 12
_GROUPS, _POSTS = 600, 300
_CASES, _PROJECTS, _STATIONS = 400, 600, 60
_IMPORTS, _DIFFERENCES = 120, 3_000


class Work:
    """Draws the same offices' work each time; what grows with people shrinks with them."""

    def __init__(self, vault: Vault, people: int) -> None:
        self._vault = vault
        self._draw = random.Random(20_261_124)
        self.people = people

    async def fill(self, database: Database, town: str, village: str) -> None:
        """All of it, ten thousand rows a transaction."""
        await database.run(_clerks, town, village)
        makers: tuple[tuple[Any, int, Callable[[int], dict[str, Any]]], ...] = (
            (CourseRow, self._share(_COURSES), self._course),
            (Enrolment, self._share(_COURSES) * _IN_COURSE, self._enrolment),
            (EventRow, self._share(_EVENTS), self._event),
            (Invitation, self._share(_EVENTS) * _AT_EVENT, self._invitation),
            (FollowUp, self._share(_EVENTS), self._follow_up),
            (Campaign, _CAMPAIGNS, _campaign),
            (CampaignText, _CAMPAIGNS, _wording),
            (CampaignWave, _CAMPAIGNS, _wave),
            (CampaignRecipient, self.people, self._recipient),
            (ContactGroup, self._share(_GROUPS), self._group),
            (GroupPost, self._share(_POSTS), self._post),
            (GroupPostTarget, self._share(_POSTS) * 20, self._target),
            (CaseRow, self._share(_CASES), self._case),
            (ProjectRow, self._share(_PROJECTS), self._project),
            (Station, self._share(_STATIONS), _station),
            (ImportRun, self._share(_IMPORTS), self._run),
            (ImportDifference, self._share(_DIFFERENCES), self._difference),
            (Segment, 20, _segment),
            (HomeStay, self.people // 3, self._stay),
        )
        for model, count, make in makers:
            for first in range(0, count, _CHUNK):
                numbers = range(first, min(count, first + _CHUNK))
                await database.run(_stored, model, make, numbers)

    def _share(self, whole: int) -> int:
        return max(24, whole * self.people // 100_000)

    def _person(self, number: int) -> str:
        return f"c{number % self.people:07}"

    def _course(self, number: int) -> dict[str, Any]:
        starts = _day(number * 5 - 60)
        return {
            "area": _area(number),
            "title": f"示范课程{number}",
            "topic": list(Topic)[number % len(Topic)].value,
            "level": "nothing",
            "place": "县职教中心",
            "starts_on": starts,
            "ends_on": starts + timedelta(days=3),
            "seats": _IN_COURSE,
            "staff": "小周",
            "is_settled": starts < NOW.date(),
            "created_at": _at(number * 5 - 40),
        }

    def _enrolment(self, number: int) -> dict[str, Any]:
        course = number // _IN_COURSE
        is_over = _day(course * 5 - 60) < NOW.date()
        return {
            "course_id": course + 1,
            "person_id": self._person(number * 4 + course % 4),
            "state": (Seat.CAME if is_over and number % 5 else Seat.SIGNED).value,
            "since": _at(course * 5 - 30),
            "outcome": (Outcome.FOUNDED.value if number % 9 == 0 else "") if is_over else "",
        }

    def _event(self, number: int) -> dict[str, Any]:
        return {
            "kind": list(EventKind)[number % len(EventKind)].value,
            "title": f"示范活动{number}",
            "area": _area(number),
            "county": _area(number),
            "place": "县文化馆",
            "starts_at": _at(number * 7 - 30),
            "staff": "小周",
            "invited_at": _at(number * 7 - 10),
            "created_at": _at(number * 7),
        }

    def _invitation(self, number: int) -> dict[str, Any]:
        event = number // _AT_EVENT
        return {
            "event_id": event + 1,
            "person_id": self._person(number * 4 + event % 4),
            "answer": ("yes", "no", "")[number % 3],
            "came": number % 2 == 0 if event > 5 else None,
            "at": _at(event * 7 - 9),
        }

    def _follow_up(self, number: int) -> dict[str, Any]:
        return {
            "event_id": number + 1,
            "staff": f"专员{number % 40}",
            "due_on": _day(number * 7 - 45),
            "sealed": self._vault.seal({"text": "送材料", "note": ""}),
            "done_at": _at(number * 7 - 40) if number > 10 else None,
            "at": _at(number * 7 - 30),
        }

    def _recipient(self, number: int) -> dict[str, Any]:
        """Of the first, which all of the county's people are meant for."""
        return {
            "campaign_id": 1,
            "person_id": self._person(number),
            "wave": 1,
            "variant": "A",
            "channel": "telegram",
            "account": f"telegram:{7_000_000 + number}",
            "state": ("delivered", "delivered", "sent", "planned", "left_out")[number % 5],
            "reason": "not_agreed" if number % 5 == 4 else "",
            "due": _at(2),
            "settled_at": _at(1) if number % 5 < 3 else None,
        }

    def _group(self, number: int) -> dict[str, Any]:
        return {
            "channel": "wechat",
            "chat": None,
            "sealed": self._vault.seal(f"示范群{number}"),
            "kind": list(GroupKind)[number % len(GroupKind)].value,
            "area": _area(number),
            "steward": f"专员{number % 40}",
            "size": 50 + number % 400,
            "last_post_at": _at(number % 30),
            "source": "entered",
            "learnt_at": _at(600),
        }

    def _post(self, number: int) -> dict[str, Any]:
        return {
            "id": number + 1,
            "staff": "小周",
            "area": AREA,
            "sealed": self._vault.seal({"text": f"第{number}个通知", "doubts": []}),
            "state": "passed" if number > 3 else "held",
            "made_at": _at(number * 3),
            "decided_by": "小吴" if number > 3 else "",
            "decided_at": _at(number * 3) if number > 3 else None,
            "told_at": _at(number * 3) if number > 3 else None,
        }

    def _target(self, number: int) -> dict[str, Any]:
        post = number // 20
        return {
            "post_id": post + 1,
            "group_id": number % self._share(_GROUPS) + 1,
            "number": number % 20,
            "channel": "wechat",
            "chat": "",
            "size": 200,
            "state": "posted" if post > 3 else "waiting",
            "at": _at(post * 3),
        }

    def _case(self, number: int) -> dict[str, Any]:
        text = {"title": f"示范案例{number}", "story": "他回乡开了一家店。" * 20, "figures": []}
        is_typical = number % 4 == 0
        return {
            "person_id": self._person(number * 4),
            "area": _area(number),
            "trade": "shop",
            "year": 2024 + number % 3,
            "tier": (Tier.TYPICAL if is_typical else list(Tier)[number % 2]).value,
            "sealed": self._vault.seal(text),
            "written_by": "小周" if is_typical else "",
            "reviewed_by": "小吴" if is_typical else "",
            "created_at": _at(number),
        }

    def _project(self, number: int) -> dict[str, Any]:
        state = ProjectState.PUBLISHED if number % 3 else list(ProjectState)[number % 5]
        is_out = state == ProjectState.PUBLISHED
        return {
            "kind": list(ProjectKind)[number % 3].value,
            "county": _area(number),
            "title": f"示范项目{number}",
            "key": f"示范项目{number}",
            "category": "farming",
            "state": state.value,
            "provenance": "department",
            "source_dept": "县农业农村局",
            "terms": {},
            "sealed": self._vault.seal({}),
            "entered_by": "小周",
            "evidence": "",
            "published_on": _day(number) if is_out else None,
            "verified_on": _day(number % 90) if is_out else None,
            "expires_on": _day(-90) if is_out else None,
            "created_at": _at(number + 9),
            "updated_at": _at(number),
        }

    def _run(self, number: int) -> dict[str, Any]:
        return {
            "kind": "people",
            "file_print": f"{number:064}",
            "sealed": self._vault.seal(f"示范名单{number}.xlsx"),
            "staff": "小周",
            "area": AREA,
            "basis": "本人同意",
            "started_at": _at(number * 9),
            "ended_at": _at(number * 9),
            "rows_done": 800,
            "counts": {"new": 700, "same": 100},
        }

    def _difference(self, number: int) -> dict[str, Any]:
        is_open = number % 10 == 0
        return {
            "run_id": number % self._share(_IMPORTS) + 1,
            "line": number,
            "person_id": self._person(number * 4),
            "field": "where_now",
            "value_print": f"{number:064}",
            "sealed": self._vault.seal({"old": "away", "new": "returned", "also": []}),
            "source": "bulk",
            "held_source": "chat",
            "state": "open" if is_open else "taken",
            "found_at": _at(30),
            "found_by": "小周",
            "decided_at": None if is_open else _at(20),
            "decided_by": "" if is_open else "小周",
        }

    def _stay(self, number: int) -> dict[str, Any]:
        return {
            "person_id": self._person(number * 3),
            "since": _day(self._draw.randrange(30, 900)),
            "until": _day(3) if number % 6 == 0 else None,
        }


def _stored(
    session: Session,
    model: Any,
    make: Callable[[int], dict[str, Any]],
    numbers: Sequence[int],
) -> None:
    """Rows as the program makes them; the empty database numbers them from one on."""
    rows = [model(**make(number)).model_dump() for number in numbers]
    if "id" in rows[0] and rows[0]["id"] is None:
        rows = [{name: row[name] for name in row if name != "id"} for row in rows]
    session.connection().execute(model.__table__.insert(), rows)


def _clerks(session: Session, town: str, village: str) -> None:
    session.add(StaffMember(name=TOWN_CLERK, role="staff", area=town, since=NOW))
    session.add(StaffMember(name=CADRE, role="cadre", area=village, since=NOW))
    session.flush()


def _campaign(number: int) -> dict[str, Any]:
    state = ("running", "draft", "submitted", "finished")[min(number, 3)]
    is_frozen = state != "draft"
    return {
        "topic": "policy",
        "title": f"示范计划{number}",
        "goal": "请大家知道县里的创业政策",
        "area": AREA,
        "audience": "在外地想创业的" if number % 2 else "定陶",
        "state": state,
        "drafted_by": "小周",
        "submitted_by": "小周" if is_frozen else "",
        "submitted_at": _at(9) if is_frozen else None,
        "approved_by": "小吴" if state in ("running", "finished") else "",
        "approved_at": _at(8) if state in ("running", "finished") else None,
        "frozen_at": _at(9) if is_frozen else None,
        "finished_at": _at(1) if state == "finished" else None,
        "created_at": _at(10 + number),
    }


def _wording(number: int) -> dict[str, Any]:
    return {"campaign_id": number + 1, "variant": "A", "channel": "", "text": "县里有新政策。"}


def _wave(number: int) -> dict[str, Any]:
    return {"campaign_id": number + 1, "number": 1, "said": "后天上午9点", "at": _at(2)}


def _station(number: int) -> dict[str, Any]:
    return {
        "name": f"示范服务站{number}",
        "area": _area(number),
        "city": "示范市",
        "head": f"专员{number % 40}",
        "updated_at": _at(number),
    }


def _segment(number: int) -> dict[str, Any]:
    typed = ("在外地想创业的", "30天没联系过", "想做电商")[number % 3]
    return {"area": AREA, "name": f"人群{number}", "typed": typed, "by": "小周", "at": _at(number)}


def _area(number: int) -> str:
    return AREAS[number % len(AREAS)]


def _at(days: int) -> datetime:
    return NOW - timedelta(days=days)


def _day(days: int) -> date:
    return _at(days).date()
