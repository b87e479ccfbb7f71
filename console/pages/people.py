"""The people in reach: a list by filters, or by a sentence in the language of audiences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from aiohttp import web

from console.desk import Desk, NotHere
from console.forms import blank, wrong
from console.page import Page
from knowledge.areas import Gazetteer
from knowledge.villages import Level
from matching.audience.parsing import AudienceFault
from matching.codes import Lack
from outreach import people_lists, segments
from outreach.people_lists import CONTACTS, COUNTED, NOBODY, After, Listed, Wanted
from outreach.reports.pictured.people import STEPS
from outreach.segments import Office
from records import audit, scope, staff_accounts
from records.database import Session
from records.people import Source, Status
from records.rights import Right
from records.staff_accounts import Staff, StaffRole
from registry import villages
from registry.differences import said
from registry.village_list import SOURCES

INTENTS = ("running", "ready", "thinking", "job", "not_returning")
STATUSES = {
    Status.CONFIRMED: "已登记",
    Status.PENDING: "等本人同意",
    Status.WITHDRAWN: "已退出",
    Status.DECEASED: "已故",
}
_CONTACTS = {
    "never": "从没联系过",
    "week": "7天没联系",
    "month": "30天没联系",
    "quarter": "90天没联系",
}
_STEPS = [(str(at), title) for at, (title, _) in enumerate(STEPS)]
_LONGEST, _MOST_PLACES = 200, 150


@dataclass(frozen=True, slots=True)
class Found:
    """What a page of the list shows."""

    listed: Listed
    places: Sequence[tuple[str, str]]
    helpers: Sequence[str]
    spoken: str = ""  # how the sentence was understood
    fault: str = ""


async def people(desk: Desk) -> web.StreamResponse:
    """The list; reading it is in the trail."""
    wanted, words = _wanted(desk.query), desk.query.get("words", "").strip()[:_LONGEST]
    gazetteer = await desk.gazetteer()
    found = await desk.read(_found, desk, gazetteer, wanted, words, _after(desk.query))
    if found.listed.lines:
        await desk.write(_note, [line.profile.id for line in found.listed.lines], desk)
    codes = {
        c for line in found.listed.lines for c in (line.profile.area, line.town, line.village)
    }
    asked = {key: text for key, text in desk.query.items() if key != "after" and text}
    typed = dict(desk.query)
    return desk.render(
        "people/list.html",
        f=wrong(typed, words=found.fault) if found.fault else blank(typed),
        found=found,
        count=_count(found.listed.count),
        named=await desk.named(*codes),
        options=_options(found),
        city=(await desk.named(wanted.city))(wanted.city),
        statuses=STATUSES,
        sources=SOURCES,
        worded=said,
        is_city=not desk.may(Right.REVEAL),
        older=_address(asked, found.listed.next) if found.listed.next else "",
        first=_address(asked) if desk.query.get("after") else "",
        again=f"/console/people?{urlencode(asked)}" if asked else "",
    )


def _address(asked: Mapping[str, str], after: After | None = None) -> str:
    more = {"after": str(after)} if after else {}
    return f"/console/people?{urlencode({**asked, **more})}"


def _count(count: int) -> str:
    return f"{COUNTED}多" if count > COUNTED else str(count)


def _options(found: Found) -> dict[str, list[tuple[str, str]]]:
    return {
        "place": list(found.places),
        "intent": [(code, said("intent", code)) for code in INTENTS],
        "lack": [(lack.value, said("lacks", lack.value)) for lack in Lack],
        "status": [(status.value, word) for status, word in STATUSES.items()],
        "source": [(source.value, SOURCES[source]) for source in Source],
        "helper": [(NOBODY, "还没有专员"), *((name, name) for name in found.helpers)],
        "contact": list(_CONTACTS.items()),
        "step": _STEPS,
    }


def _wanted(query: Mapping[str, str]) -> Wanted:
    """Filters as the address has them; what is none of them is not there."""

    def one(name: str, among: Sequence[str]) -> str:
        value = query.get(name, "")
        if value and value not in among:
            raise NotHere
        return value

    return Wanted(
        place=query.get("place", "")[:24],
        intent=one("intent", INTENTS),
        lack=one("lack", [each.value for each in Lack]),
        status=one("status", [each.value for each in Status]),
        source=one("source", [each.value for each in Source]),
        helper=query.get("helper", "")[:40],
        contact=one("contact", list(CONTACTS)),
        is_vouched=query.get("vouched") == "yes",
        step=one("step", [step for step, _ in _STEPS]),
        city=query.get("city", "")[:6],
    )


def _after(query: Mapping[str, str]) -> After | None:
    if not query.get("after"):
        return None
    try:
        return After.read(query["after"])
    except ValueError as fault:
        raise NotHere from fault


def _found(
    session: Session,
    desk: Desk,
    gazetteer: Gazetteer,
    wanted: Wanted,
    words: str,
    after: After | None,
) -> Found:
    spoken = fault = ""
    if words:
        try:
            audience = segments.read(session, Office(gazetteer, desk.staff.area), words, desk.now)
            wanted, spoken = replace(wanted, typed=audience.condition), audience.spoken
        except AudienceFault as trouble:
            fault = str(trouble)
    listed = people_lists.page(
        session, desk.means.vault, desk.staff, wanted, now=desk.now, after=after
    )
    if fault:
        listed = Listed((), 0)
    helpers = _helpers(session, desk.staff)
    return Found(
        listed, _places(session, desk.staff, gazetteer, wanted.place), helpers, spoken, fault
    )


def _helpers(session: Session, staff: Staff) -> list[str]:
    """The commissioners of the area, those of the whole county for a town."""
    area = villages.county_of(session, staff.area) if scope.is_local(staff.area) else staff.area
    return sorted(
        one.name
        for one in staff_accounts.everybody(session)
        if one.role is StaffRole.COMMISSIONER and scope.is_within(_county(session, one), area)
    )


def _county(session: Session, staff: Staff) -> str:
    return villages.county_of(session, staff.area) if scope.is_local(staff.area) else staff.area


def _places(
    session: Session, staff: Staff, gazetteer: Gazetteer, chosen: str
) -> list[tuple[str, str]]:
    """Below what they look after: counties, or towns and of the chosen one its villages."""
    own = staff.area
    if not own or (own.endswith("00") and not scope.is_local(own)):
        found = (gazetteer.area(code) for code in gazetteer.codes() if scope.is_within(code, own))
        counties = [one for one in found if one and one.level == "county"]
        return [(one.code, one.name) for one in counties[:_MOST_PLACES]]
    county = villages.county_of(session, own)
    known = villages.known(session, [county]).county(county)
    towns = [] if scope.is_local(own) else [(one.id, one.name) for one in known.towns()]
    around = chosen if scope.is_local(chosen) and not scope.is_local(own) else own
    place = known.places.get(around)
    town = place.parent if place and place.level is Level.VILLAGE else around
    below = [(one.id, f"　{one.name}" if towns else one.name) for one in known.villages(town)]
    return [
        *(each for each in towns if each[0] <= town),
        *below,
        *(e for e in towns if e[0] > town),
    ]


def _note(session: Session, ids: Sequence[str], desk: Desk) -> None:
    audit.write_all(session, "person.seen", ids, at=desk.now, actor=desk.actor[:60])


PAGES = (Page("GET", "/people", people, Right.PEOPLE, menu="people"),)
